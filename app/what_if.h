// Prints the result of a what-if.
#ifndef APP_WHAT_IF_H
#define APP_WHAT_IF_H
#include "app/verb.h"
#include "model/what_if/what_if.h"

// name: what the draft is called. elapsed_ms: what it took so far.
void what_if_print(
	enum format format, const char *name, const struct what_if_result *result, int64_t elapsed_ms);

// The same as JSON and CSV: one figure after the other.
void what_if_print_json(const char *name, const struct what_if_result *result);
void what_if_print_csv(const struct what_if_result *result);
#endif
