// Everything of ours that reads bytes of unknown origin, as functions that any bytes may be given to. `make
// fuzz` looks for bytes that break one; tests/check_fuzz.c gives them those that are kept in
// tests/fuzz/corpus.
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H
#include "model/segment/condition.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Each reads the bytes, or refuses them, and nothing else; whatever else happens ends the process.
void fuzz_programme(const uint8_t *data, size_t size);
void fuzz_scenario(const uint8_t *data, size_t size);
void fuzz_csv(const uint8_t *data, size_t size);
void fuzz_decimal(const uint8_t *data, size_t size);
void fuzz_day(const uint8_t *data, size_t size);
void fuzz_condition(const uint8_t *data, size_t size);

// Names for conditions: two currencies and ladders, one or more of everything else.
extern const struct condition_names fuzz_names;

#define FUZZ_HOLDS(condition) fuzz_hold(condition, #condition, __FILE__, __LINE__)
void fuzz_hold(bool holds, const char *condition, const char *file, int line);

// The bytes as a string that ends where they do; to be freed.
char *fuzz_text(const uint8_t *data, size_t size);
#endif
