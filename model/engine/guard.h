// The guard before libconfig: finds in the raw text what libconfig 1.5 would misread in silence (X1 to X6).
#ifndef ENGINE_GUARD_H
#define ENGINE_GUARD_H
#include <stdbool.h>
#include <stddef.h>
#include "model/engine/document_error.h"

struct guard {
	int *value_lines; // the line of each scalar value, in the order of the text
	int value_count, value_capacity;
};

// Scans `length` bytes; `file` is what error lines call it. False, with every trap in errors, if the text is
// refused.
bool guard_scan(
	struct guard *, const char *file, const char *text, size_t length, struct document_errors *errors);
void guard_free(struct guard *);
#endif
