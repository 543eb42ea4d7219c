// The rows, or the error, that the database answered to one statement, whether they came as text or in
// binary.
#ifndef DB_RESULT_H
#define DB_RESULT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Whoever is given a result by a return value owns it and frees it. A result in the hands of a callback is
// borrowed for the call; result_keep() makes it the callback's own. Texts live as long as their result.
struct result;

#define RESULT_DAY_NONE INT32_MAX // infinity, and NULL

int result_rows(const struct result *result);
int result_columns(const struct result *result);
const char *result_column_name(const struct result *result, int column);
// The column of that name, or -1.
int result_column(const struct result *result, const char *name);

bool result_is_null(const struct result *result, int row, int column);
// The value as text, "" for NULL. Only for results that came as text, and for text and bytes in binary ones.
const char *result_text(const struct result *result, int row, int column);
// Length of result_text() in bytes.
size_t result_length(const struct result *result, int row, int column);
// Any integer type, 0 for NULL; a boolean counts as 1 and 0. A text that is no integer gives 0.
int64_t result_int64(const struct result *result, int row, int column);
// float8, float4 and numeric sent as text, 0 for NULL.
double result_double(const struct result *result, int row, int column);
bool result_is_bool(const struct result *result, int column);
// false for NULL.
bool result_bool(const struct result *result, int row, int column);
// A date as days since 2000-01-01; RESULT_DAY_NONE for infinity and NULL, INT32_MIN for -infinity.
int32_t result_day(const struct result *result, int row, int column);

// Rows that INSERT, UPDATE, DELETE, MERGE or COPY touched, or SELECT returned; 0 for other commands.
int64_t result_affected(const struct result *result);

// Whether the statement did its work. Where not, the texts tell why; all are "" where there is nothing to
// tell.
bool result_good(const struct result *result);
const char *result_sqlstate(const struct result *result);
const char *result_message(const struct result *result);
const char *result_detail(const struct result *result);
const char *result_hint(const struct result *result);

// Takes *from, which becomes NULL, out of a callback's hands: the caller frees it.
struct result *result_keep(struct result **from);
// NULL is fine.
void result_free(struct result *result);
#endif
