// Rows of a query as a binary COPY brings them.
#include "db/copy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// PostgreSQL's manual, COPY, "Binary Format".
static const char SIGNATURE[] = "PGCOPY\n\377\r\n";
enum { SIGNATURE_SIZE = 11, HEADER_SIZE = SIGNATURE_SIZE + 8, END_OF_DATA = -1 };

struct reader {
	copy_taker *taker;
	void *payload;
	int columns;
	bool is_begun;
};

static int64_t number_at(const char *data, int width)
{
	uint64_t number = (data[0] & 0x80) ? UINT64_MAX : 0;
	for (int i = 0; i < width; i++)
		number = number << 8 | (uint8_t)data[i];
	return (int64_t)number;
}

static bool broken(struct error *error)
{
	return error_set(error, ERROR_FAILED, "rows cannot be read", "",
		"the server sent no binary COPY of version 1");
}

// The header comes together with the first row.
static bool header_skip(struct reader *reader, const char **at, const char *end)
{
	if (reader->is_begun)
		return true;
	if (end - *at < HEADER_SIZE || memcmp(*at, SIGNATURE, SIGNATURE_SIZE) != 0)
		return false;
	int64_t extension = number_at(*at + SIGNATURE_SIZE + 4, 4);
	*at += HEADER_SIZE;
	reader->is_begun = extension >= 0 && extension <= end - *at;
	*at += reader->is_begun ? extension : 0;
	return reader->is_begun;
}

static bool fields_read(const char *at, const char *end, int count, struct copy_value *values)
{
	for (int i = 0; i < count; i++) {
		if (end - at < 4)
			return false;
		int64_t length = number_at(at, 4);
		at += 4;
		if (length > end - at)
			return false;
		values[i] = (struct copy_value){length < 0 ? NULL : at, length < 0 ? 0 : (int)length};
		at += values[i].length;
	}
	return at == end;
}

// Each message of the server is one row.
static bool row_take(void *payload, const char *data, size_t length, struct error *error)
{
	struct reader *reader = payload;
	const char *at = data, *end = data + length;
	struct copy_value values[COPY_COLUMNS];
	if (!header_skip(reader, &at, end))
		return broken(error);
	if (at == end)
		return true;
	int64_t fields = end - at >= 2 ? number_at(at, 2) : 0;
	if (fields == END_OF_DATA)
		return true;
	if (fields != reader->columns || !fields_read(at + 2, end, reader->columns, values))
		return broken(error);
	return reader->taker(reader->payload, values, error);
}

bool copy_rows(struct session *session, const char *query, int columns, copy_taker *taker, void *payload,
	struct error *error)
{
	struct reader reader = {.taker = taker, .payload = payload, .columns = columns};
	char *sql = NULL;
	if (columns > COPY_COLUMNS)
		return error_set(error, ERROR_USAGE, "too many columns", "", "%d, of at most %d", columns,
			COPY_COLUMNS);
	if (asprintf(&sql, "COPY (%s) TO STDOUT (FORMAT binary)", query) < 0)
		return error_set(error, ERROR_FAILED, "rows cannot be read", "", "out of memory");
	bool is_good = session_copy_out(session, sql, row_take, &reader, error);
	free(sql);
	return is_good;
}

int64_t copy_int(const struct copy_value *value, int64_t otherwise)
{
	return value->data && value->length > 0 ? number_at(value->data, value->length) : otherwise;
}
