// Rows of a query as a binary COPY brings them: the quickest way to look at very many, one at a time.
#ifndef DB_COPY_H
#define DB_COPY_H
#include "db/error.h"
#include "db/session.h"
#include <stdbool.h>
#include <stdint.h>

enum { COPY_COLUMNS = 16 };

// A field, borrowed for the call; data NULL: SQL's NULL.
struct copy_value {
	const char *data;
	int length;
};
// Takes a row; false, with *error filled, breaks the COPY off, on the server too.
typedef bool copy_taker(void *payload, const struct copy_value *values, struct error *error);
// The query has no parameters and that many columns, at most COPY_COLUMNS.
bool copy_rows(struct session *session, const char *query, int columns, copy_taker *taker, void *payload,
	struct error *error);
// Any integer type and boolean; dates as days since 2000-01-01. NULL is `otherwise`.
int64_t copy_int(const struct copy_value *value, int64_t otherwise);
#endif
