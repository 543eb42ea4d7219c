// Brings chunks of rows into staging and from there into the journal, beside the reading of the file.
#include "model/import/import_lane.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool copy_text_grow(struct copy_text *bytes, size_t more)
{
	if (bytes->length + more <= bytes->size)
		return true;
	size_t size = (bytes->length + more) * 2 + 4096;
	char *at = realloc(bytes->at, size);
	if (!at) {
		bytes->failed = true;
		return false;
	}
	bytes->at = at;
	bytes->size = size;
	return true;
}

void copy_text_add(struct copy_text *bytes, const char *text, size_t length)
{
	if (!copy_text_grow(bytes, length))
		return;
	memcpy(bytes->at + bytes->length, text, length);
	bytes->length += length;
}

void copy_text_add_string(struct copy_text *bytes, const char *text)
{
	copy_text_add(bytes, text, strlen(text));
}

void copy_text_add_number(struct copy_text *bytes, int64_t number)
{
	char digits[24], *at = digits + sizeof digits;
	uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;
	do
		*--at = (char)('0' + left % 10);
	while (left /= 10);
	if (number < 0)
		*--at = '-';
	copy_text_add(bytes, at, (size_t)(digits + sizeof digits - at));
}

void copy_text_add_value(struct copy_text *bytes, const char *text)
{
	if (!*text) {
		copy_text_add(bytes, "\t\\N", 3);
		return;
	}
	size_t length = strlen(text);
	if (!copy_text_grow(bytes, 1 + 2 * length))
		return;
	char *out = bytes->at + bytes->length;
	*out++ = '\t';
	for (; *text; text++) {
		char byte = *text;
		if (byte == '\\' || byte == '\t' || byte == '\n' || byte == '\r') {
			*out++ = '\\';
			byte = byte == '\t' ? 't' : byte == '\n' ? 'n' : byte == '\r' ? 'r' : '\\';
		}
		*out++ = byte;
	}
	bytes->length = (size_t)(out - bytes->at);
}

void copy_text_free(struct copy_text *bytes)
{
	free(bytes->at);
	*bytes = (struct copy_text){0};
}

void chunk_add_record(struct chunk *chunk, int64_t row, int64_t line, const char *raw, size_t length)
{
	if (chunk->record_count == chunk->record_size) {
		int size = chunk->record_size * 2 + 1024;
		struct chunk_record *records = realloc(chunk->records, (size_t)size * sizeof *records);
		if (!records) {
			chunk->raws.failed = true;
			return;
		}
		chunk->records = records;
		chunk->record_size = size;
	}
	chunk->records[chunk->record_count++] = (struct chunk_record){row, line, chunk->raws.length, length};
	copy_text_add(&chunk->raws, raw, length);
}

void chunk_clear(struct chunk *chunk)
{
	chunk->rows.length = chunk->raws.length = 0;
	chunk->record_count = chunk->row_count = 0;
}

void chunk_free(struct chunk *chunk)
{
	copy_text_free(&chunk->rows);
	copy_text_free(&chunk->raws);
	free(chunk->records);
	*chunk = (struct chunk){0};
}

static bool rows_give(void *payload, const char **data, size_t *length, struct error *error)
{
	enum { PIECE = 1 << 16 };
	struct copy_text *left = payload;
	(void)error;
	*data = left->at;
	*length = left->length < PIECE ? left->length : PIECE;
	left->at += *length;
	left->length -= *length;
	return true;
}

static int record_compare(const void *row, const void *record)
{
	int64_t a = *(const int64_t *)row, b = ((const struct chunk_record *)record)->row;
	return (a > b) - (a < b);
}

// All records of the event that staging knows by that line. Rejects of other lanes are found in none of ours.
static void row_reject(const struct lane *lane, int64_t row, const char *reason)
{
	const struct chunk *chunk = &lane->working;
	const struct import *import = lane->import;
	const struct chunk_record *end = chunk->records + chunk->record_count;
	const struct chunk_record *r = bsearch(
		&row, chunk->records, (size_t)chunk->record_count, sizeof *chunk->records, record_compare);
	while (r && r > chunk->records && r[-1].row == row)
		r--;
	for (; r && r < end && r->row == row; r++)
		import->reject(import->payload, r->line, reason, chunk->raws.at + r->offset, r->length, true);
}

static bool rejects_fetch(struct lane *lane, const char *const *range, struct error *error)
{
	struct result *result = session_query(lane->session,
		"SELECT r.line_no, r.reason FROM loyalty.import_reject r WHERE r.import_no = $1::bigint AND r.line_no "
		"BETWEEN $2::bigint AND $3::bigint ORDER BY r.line_no",
		range, 3, error);
	if (!result)
		return false;
	pthread_mutex_lock(lane->reject_mutex);
	for (int row = 0; row < result_rows(result); row++)
		row_reject(lane, result_int64(result, row, 0), result_text(result, row, 1));
	pthread_mutex_unlock(lane->reject_mutex);
	result_free(result);
	return true;
}

static bool chunk_move(struct lane *lane, struct error *error)
{
	struct chunk *chunk = &lane->working;
	struct copy_text left = chunk->rows;
	char numbers[3][24];
	const char *range[] = {numbers[0], numbers[1], numbers[2]};
	snprintf(numbers[0], sizeof numbers[0], "%" PRId64, lane->import_no);
	snprintf(numbers[1], sizeof numbers[1], "%" PRId64, chunk->records[0].row);
	snprintf(numbers[2], sizeof numbers[2], "%" PRId64, chunk->records[chunk->record_count - 1].row);
	if (!session_copy_in(lane->session, lane->copy, rows_give, &left, NULL, error))
		return false;
	struct result *result = session_query(lane->session, lane->take, range, 3, error);
	if (!result)
		return false;
	int64_t rejected = result_int64(result, 0, 2);
	pthread_mutex_lock(&lane->mutex);
	lane->totals.taken += result_int64(result, 0, 0);
	lane->totals.known += result_int64(result, 0, 1);
	lane->totals.rejected += rejected;
	pthread_mutex_unlock(&lane->mutex);
	result_free(result);
	return rejected == 0 || rejects_fetch(lane, range, error);
}

// A dry run's one transaction is begun and rolled back by import_run().
static bool chunk_take(struct lane *lane, struct error *error)
{
	if (lane->working.rows.failed || lane->working.raws.failed)
		return error_set(error, ERROR_FAILED, "out of memory", "use a smaller import_chunk", "%s", "");
	if (lane->import->dry_run)
		return chunk_move(lane, error);
	// Only the commit that ends the import waits for the disk: it takes all those before it along.
	if (!session_begin(lane->session, error) ||
		!session_script(lane->session, "SET LOCAL synchronous_commit = off", error))
		return false;
	if (chunk_move(lane, error))
		return session_commit(lane->session, error);
	session_rollback(lane->session, NULL);
	return false;
}

static void *lane_main(void *payload)
{
	struct lane *lane = payload;
	pthread_mutex_lock(&lane->mutex);
	for (;;) {
		while (!lane->has_work && !lane->is_closing)
			pthread_cond_wait(&lane->changed, &lane->mutex);
		if (!lane->has_work)
			break;
		pthread_mutex_unlock(&lane->mutex);
		bool is_good = chunk_take(lane, &lane->error);
		pthread_mutex_lock(&lane->mutex);
		chunk_clear(&lane->working);
		lane->has_work = false;
		lane->has_failed |= !is_good;
		pthread_cond_broadcast(&lane->changed);
	}
	pthread_mutex_unlock(&lane->mutex);
	return NULL;
}

bool lane_start(struct lane *lane, struct error *error)
{
	pthread_mutex_init(&lane->mutex, NULL);
	pthread_cond_init(&lane->changed, NULL);
	int code = pthread_create(&lane->thread, NULL, lane_main, lane);
	return code == 0 || error_set(error, ERROR_FAILED, "no thread could be started", "", "%s", strerror(code));
}

bool lane_is_full(const struct lane *lane)
{
	enum { FIRST = 5000 };
	int chunk = lane->import->chunk;
	return lane->filling.row_count >= (lane->is_begun || chunk < FIRST ? chunk : FIRST);
}

bool lane_send(struct lane *lane)
{
	lane->is_begun = true;
	pthread_mutex_lock(&lane->mutex);
	while (lane->has_work)
		pthread_cond_wait(&lane->changed, &lane->mutex);
	if (lane->filling.row_count && !lane->has_failed) {
		struct chunk empty = lane->working;
		lane->working = lane->filling;
		lane->filling = empty;
		lane->has_work = true;
		pthread_cond_broadcast(&lane->changed);
	}
	bool is_good = !lane->has_failed;
	pthread_mutex_unlock(&lane->mutex);
	return is_good;
}

void lane_end(struct lane *lane, bool is_dropped)
{
	if (!is_dropped)
		lane_send(lane);
	pthread_mutex_lock(&lane->mutex);
	lane->is_closing = true;
	pthread_cond_broadcast(&lane->changed);
	pthread_mutex_unlock(&lane->mutex);
}

bool lane_finish(struct lane *lane)
{
	pthread_join(lane->thread, NULL);
	pthread_cond_destroy(&lane->changed);
	pthread_mutex_destroy(&lane->mutex);
	chunk_free(&lane->filling);
	chunk_free(&lane->working);
	return !lane->has_failed;
}
