// PostgreSQL's binary formats and pipelines, for the worker: whole columns go out and come back in one round
// trip.
#ifndef DB_WIRE_H
#define DB_WIRE_H
#include "db/error.h"
#include "db/result.h"
#include "db/session.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Memory that runs out while values are added is remembered and reported by pipeline_send(), so that filling
// needs no checks.

enum wire_type {
	WIRE_BOOL,
	WIRE_INT2,
	WIRE_INT4,
	WIRE_INT8,
	WIRE_DATE,   // days since 2000-01-01; INT32_MAX is infinity
	WIRE_MOMENT, // timestamptz: microseconds since 2000-01-01 00:00 UTC; INT64_MAX is infinity
	WIRE_TEXT,
	WIRE_BYTEA,
	WIRE_UUID, // 16 bytes
};

// A growing run of bytes.
struct wire_bytes {
	char *at;
	size_t length, size;
	bool failed; // out of memory: what was added since is lost
};
void wire_bytes_add(struct wire_bytes *bytes, const void *data, size_t length);
// Big endian; width 1, 2, 4 or 8.
void wire_bytes_add_int(struct wire_bytes *bytes, int64_t value, int width);
void wire_bytes_clear(struct wire_bytes *bytes); // keeps the memory
void wire_bytes_free(struct wire_bytes *bytes);

// A parameter: one value, or an array for `INSERT ... SELECT * FROM unnest($1, $2, ...)`.
struct parameter;
void array_int(struct parameter *array, int64_t value);     // integer types, bool, date, moment
void array_text(struct parameter *array, const char *text); // NULL adds NULL
void array_bytes(struct parameter *array, const void *data, size_t length);
void array_null(struct parameter *array);
int array_count(const struct parameter *array);

// A statement and its parameters. The name is what the server knows the prepared statement by: in one session
// one struct query a name, with one SQL text and parameters always of the same types in the same order. It is
// prepared with its first use, in the same round trip. Reuse: query_clear(), then add the parameters again.
struct query {
	const char *name; // borrowed, as is sql
	const char *sql;
	struct parameter **parameters;
	int count, size;
	uint64_t prepared_in; // the session that has it prepared
	bool failed;
};
void query_init(struct query *query, const char *name, const char *sql);
void query_clear(struct query *query); // keeps the memory
void query_free(struct query *query);
void query_int(struct query *query, enum wire_type type, int64_t value);
void query_text(struct query *query, const char *text); // NULL is NULL
void query_bytes(struct query *query, enum wire_type type, const void *data, size_t length);
void query_null(struct query *query, enum wire_type type);
// An empty array of that type, to be filled with array_...(); never NULL; valid until query_clear().
struct parameter *query_array(struct query *query, enum wire_type type);

// A pipeline: any number of pipeline_send(), then one pipeline_sync(), then pipeline_results(). What is sent
// up to the sync is one implicit transaction unless it says BEGIN and COMMIT; after a failed statement the
// server skips the rest, and the transaction is rolled back here. Between sync and results the caller may
// compute, and fill its queries again, while the server is at work; no session_...() call in between. After
// false the pipeline is over and nothing of it stays; the link is usable again unless error says IN_DOUBT or
// UNREACHABLE.
bool pipeline_send(struct session *session, struct query *query, struct error *error);
// A statement without parameters and without rows: BEGIN, COMMIT.
bool pipeline_command(struct session *session, const char *sql, struct error *error);
bool pipeline_sync(struct session *session, struct error *error);
// Waits. results (NULL: none wanted) has a place for each statement sent, in order; they become the caller's.
// On false all are NULL, and error tells of the first statement that failed.
bool pipeline_results(struct session *session, struct result **results, int count, struct error *error);

// Arrays in binary results, element by element. A NULL column gives no elements.
struct elements {
	const char *at, *end;
	int left; // elements still to come
};
struct elements result_elements(const struct result *result, int row, int column);
// The next element: false after the last. *data is NULL for a NULL element; borrowed from the result, no NUL
// after it.
bool elements_next(struct elements *elements, const char **data, size_t *length);
// The next element of an integer array; NULL counts as 0.
bool elements_next_int(struct elements *elements, int64_t *value);
// Bytes of a binary field (result_length() of them), NULL for NULL.
const void *result_bytes(const struct result *result, int row, int column);
#endif
