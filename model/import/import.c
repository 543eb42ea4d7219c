// Takes CSV files of members and events into the journal, of codes into a pool, of answers into surveys: checked by line,
// in chunks, safe to run twice.
#include "db/clock.h"
#include "model/import/import.h"
#include "model/import/import_reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TAKE(what) "SELECT taken, known, rejected FROM loyalty.import_" what "($1::bigint, $2::bigint, $3::bigint)"

static const struct import_kind_of {
	const char *name;
	const struct import_column *columns;
	const char *copy, *take; // SQL
	bool (*read)(struct reader *reader, const struct csv *csv);
} KINDS[IMPORT_KINDS] = {
	[IMPORT_MEMBERS] = {"members", MEMBER_COLUMNS, MEMBER_COPY, TAKE("members"), member_read},
	[IMPORT_EVENTS] = {"events", EVENT_COLUMNS, EVENT_COPY, TAKE("events"), event_read},
	[IMPORT_CODES] = {"codes", CODE_COLUMNS, CODE_COPY, TAKE("codes"), code_read},
	[IMPORT_RESPONSES] = {"responses", RESPONSE_COLUMNS, RESPONSE_COPY, TAKE("responses"), response_read},
};

// Blanks around a value mean nothing; the field's text is the reader's own to cut.
const char *reader_value(const struct reader *reader, const struct csv *csv, int column)
{
	int place = reader->places[column];
	if (place < 0)
		return "";
	char *text = (char *)csv->fields[place];
	text += strspn(text, " \t");
	size_t length = strlen(text);
	while (length && (text[length - 1] == ' ' || text[length - 1] == '\t'))
		text[--length] = '\0';
	return text;
}

bool reader_complain(struct reader *reader, int column, const char *why, ...)
{
	char text[120];
	va_list values;
	va_start(values, why);
	vsnprintf(text, sizeof text, why, values);
	va_end(values);
	snprintf(reader->problem, sizeof reader->problem, "%s: %s", reader->columns[column].name, text);
	return false;
}

void reader_reject(struct reader *reader, int64_t line, const char *reason, const char *raw, size_t length,
	bool is_whole)
{
	const struct import *import = reader->import;
	pthread_mutex_lock(reader->reject_mutex);
	import->reject(import->payload, line, reason, raw, length, is_whole);
	pthread_mutex_unlock(reader->reject_mutex);
}

bool reader_is_tag(const char *text)
{
	size_t length = strlen(text);
	return length >= 1 && length <= 64;
}

bool reader_flags(const char *value, char *out, size_t size)
{
	size_t used = 0;
	*out = '\0';
	for (const char *at = value; *value; at += strcspn(at, "|") + 1) {
		size_t length = strcspn(at, "|");
		if (length < 1 || length > 64 || used + 2 * length + 5 > size)
			return false;
		out[used] = used ? ',' : '{';
		out[used + 1] = '"';
		used += 2;
		for (size_t i = 0; i < length; i++) {
			if (at[i] == '"' || at[i] == '\\')
				out[used++] = '\\';
			out[used++] = at[i];
		}
		out[used++] = '"';
		if (!at[length])
			break;
	}
	memcpy(out + used, used ? "}" : "", used ? 2 : 1);
	return true;
}

static int column_find(const struct reader *reader, const char *name)
{
	for (int column = 0; reader->columns[column].name; column++)
		if (strcmp(reader->columns[column].name, name) == 0)
			return column;
	return -1;
}

static bool header_refuse(struct error *error, const char *why, const char *name, const char *todo)
{
	return error_set(error, ERROR_FAILED, "the header of the file", todo, "%s \"%.80s\"", why, name);
}

// Another delimiter in a header of one column tells what is wrong.
static bool delimiter_check(const struct csv *csv, struct error *error)
{
	static const char others[] = ";\t|,";
	char todo[sizeof error->todo];
	for (const char *other = others; *other; other++) {
		if (csv->count != 1 || !strchr(csv->fields[0], *other))
			continue;
		snprintf(todo, sizeof todo, "give --delimiter '%s'",
			*other == '\t' ? "\\t" : (char[]){*other, '\0'});
		return error_set(error, ERROR_FAILED, "the header of the file", todo,
			"it has one column; the delimiter seems to be %s",
			*other == '\t' ? "a tab" : (char[]){*other, '\0'});
	}
	return true;
}

// The first two columns of a file of rejects tell only where and why, so that it can be mended and taken as
// it is.
static bool is_remark(const char *name)
{
	return strcmp(name, "line") == 0 || strcmp(name, "reason") == 0;
}

static bool header_match(struct reader *reader, const struct csv *csv, struct error *error)
{
	for (int i = 0; i < READER_COLUMNS; i++)
		reader->places[i] = -1;
	reader->field_count = csv->count;
	for (int i = 0; i < csv->count; i++) {
		int column = column_find(reader, csv->fields[i]);
		if (column < 0 && is_remark(csv->fields[i]))
			continue;
		if (column < 0)
			return header_refuse(error, "there is no column", csv->fields[i],
				"loyalty import --help lists the columns");
		if (reader->places[column] >= 0)
			return header_refuse(error, "there twice is", csv->fields[i], "remove one of them");
		reader->places[column] = i;
	}
	for (int column = 0; reader->columns[column].name; column++)
		if (reader->columns[column].required ==
				(reader->columns == EVENT_COLUMNS ? EVENT_COLUMNS[0].required : 1) &&
			reader->places[column] < 0)
			return header_refuse(error, "missing is the column", reader->columns[column].name,
				"loyalty import --help lists the columns");
	return true;
}

// What is wrong with a first line that no UTF-8 file begins with.
static const char *encoding_todo(const char *problem)
{
	if (strstr(problem, "NUL"))
		return "it seems to be UTF-16; make it UTF-8: iconv -f UTF-16 -t UTF-8 FILE >NEW";
	return strstr(problem, "UTF-8") ? "make it UTF-8, from what it is: iconv -f ISO-8859-1 -t UTF-8 FILE >NEW" : "";
}

static bool header_read(struct reader *reader, struct error *error)
{
	struct csv *csv = reader->import->csv;
	int got = csv_next(csv, error);
	if (got < 0)
		return false;
	if (got == 0)
		return error_set(error, ERROR_FAILED, "the file is empty", "its first line names the columns",
			"%s", "");
	if (csv->problem[0])
		return error_set(error, ERROR_FAILED, "the header of the file", encoding_todo(csv->problem), "%s",
			csv->problem);
	if (!delimiter_check(csv, error) || !header_match(reader, csv, error))
		return false;
	if (reader->import->header)
		reader->import->header(reader->import->payload, csv->raw, csv->raw_length);
	return true;
}

bool import_pending(struct session *session, int64_t *events, struct error *error)
{
	return session_number(session, "SELECT count(*) FROM loyalty.inbox", NULL, 0, events, error);
}

bool import_posted(struct session *session, int64_t *events, struct error *error)
{
	return session_number(
		session, "SELECT sum(posted)::bigint FROM loyalty.worker_heartbeat", NULL, 0, events, error);
}

bool import_today(struct session *session, int64_t *today, struct error *error)
{
	return session_number(
		session, "SELECT loyalty.business_day() - '2000-01-01'::date", NULL, 0, today, error);
}

// Today and the currencies, as the programme has them.
static bool programme_ask(struct reader *reader, struct error *error)
{
	struct session *session = reader->import->sessions[0];
	int64_t today;
	if (!import_today(session, &today, error))
		return false;
	reader->today = (day_t)today;
	struct result *result = session_query(session,
		"SELECT code, decimals FROM loyalty.currency ORDER BY currency_id LIMIT 32", NULL, 0, error);
	if (!result)
		return false;
	reader->currency_count = result_rows(result);
	for (int i = 0; i < reader->currency_count; i++) {
		snprintf(reader->currencies[i].code, sizeof reader->currencies[i].code, "%.39s",
			result_text(result, i, 0));
		reader->currencies[i].decimals = (int)result_int64(result, i, 1);
	}
	result_free(result);
	return true;
}

static bool begin(const struct import *import, int64_t *import_no, struct error *error)
{
	const char *values[] = {KINDS[import->kind].name, import->file_name};
	return (!import->dry_run || session_begin(import->sessions[0], error)) &&
	       session_number(import->sessions[0], "SELECT loyalty.import_start($1, $2)", values, 2,
		       import_no, error);
}

static bool finish(const struct import *import, int64_t import_no, struct error *error)
{
	char number[24];
	const char *values[] = {number};
	if (import->dry_run)
		return session_rollback(import->sessions[0], error);
	snprintf(number, sizeof number, "%lld", (long long)import_no);
	return session_execute(
		import->sessions[0], "SELECT loyalty.import_finish($1::bigint)", values, 1, error);
}

static void totals_sum(const struct reader *reader, struct import_totals *totals)
{
	totals->taken = totals->known = 0;
	totals->rejected = reader->rejected;
	for (int i = 0; i < reader->lane_count; i++) {
		struct lane *lane = &reader->lanes[i];
		pthread_mutex_lock(&lane->mutex);
		totals->taken += lane->totals.taken;
		totals->known += lane->totals.known;
		totals->rejected += lane->totals.rejected;
		pthread_mutex_unlock(&lane->mutex);
	}
}

// Whether the import is to stop; asks now and then only.
static bool is_stopped(const struct reader *reader, struct import_totals *totals, int64_t *last)
{
	const struct import *import = reader->import;
	int64_t now = totals->lines % 256 == 0 && import->progress ? clock_ms() : *last;
	if (now - *last < 100)
		return false;
	*last = now;
	totals_sum(reader, totals);
	totals->is_stopped = import->progress(import->payload, totals);
	return totals->is_stopped;
}

static bool record_take(struct reader *reader, const struct csv *csv)
{
	char reason[80];
	if (csv->problem[0] || csv->count != reader->field_count) {
		snprintf(reason, sizeof reason, "%d fields instead of %d", csv->count, reader->field_count);
		reader_reject(reader, csv->line, csv->problem[0] ? csv->problem : reason, csv->raw,
			csv->raw_length, false);
		reader->rejected++;
		return reader->import->kind != IMPORT_EVENTS || event_close(reader);
	}
	return KINDS[reader->import->kind].read(reader, csv);
}

static bool records_take(struct reader *reader, struct import_totals *totals, struct error *error)
{
	struct csv *csv = reader->import->csv;
	int64_t last = clock_ms();
	int got = 1;
	while (!is_stopped(reader, totals, &last) && (got = csv_next(csv, error)) > 0) {
		totals->lines++;
		if (!record_take(reader, csv))
			return error_set(error, ERROR_FAILED, "out of memory", "", "%s", "");
	}
	return got >= 0 &&
	       (totals->is_stopped || reader->import->kind != IMPORT_EVENTS || event_close(reader));
}

static bool lanes_start(struct reader *reader, int64_t import_no, struct error *error)
{
	const struct import *import = reader->import;
	bool is_single = import->kind != IMPORT_EVENTS || import->dry_run;
	int wanted = is_single ? 1 : import->session_count;
	for (; reader->lane_count < wanted; reader->lane_count++) {
		struct lane *lane = &reader->lanes[reader->lane_count];
		*lane = (struct lane){.import = import,
			.import_no = import_no,
			.session = import->sessions[reader->lane_count],
			.reject_mutex = reader->reject_mutex,
			.copy = KINDS[import->kind].copy,
			.take = KINDS[import->kind].take};
		if (!lane_start(lane, error))
			return false;
	}
	return true;
}

// What went wrong in a lane is the reason for whatever else did.
static bool lanes_finish(
	struct reader *reader, const struct import_totals *totals, bool is_good, struct error *error)
{
	bool is_dropped = !is_good || totals->is_stopped;
	for (int i = 0; i < reader->lane_count; i++)
		lane_end(&reader->lanes[i], is_dropped);
	for (int i = 0; i < reader->lane_count; i++) {
		struct lane *lane = &reader->lanes[i];
		if (!lane_finish(lane)) {
			*error = lane->error;
			is_good = false;
		}
	}
	return is_good;
}

static void reader_free(struct reader *reader)
{
	free(reader->event.texts);
	copy_text_free(&reader->event.categories);
	copy_text_free(&reader->event.raws);
	free(reader);
}

static bool file_take(struct reader *reader, struct import_totals *totals, struct error *error)
{
	int64_t import_no;
	if (!begin(reader->import, &import_no, error))
		return false;
	bool is_good = lanes_start(reader, import_no, error) && records_take(reader, totals, error);
	is_good = lanes_finish(reader, totals, is_good, error);
	totals->taken = totals->known = 0;
	totals->rejected = reader->rejected;
	for (int i = 0; i < reader->lane_count; i++) {
		totals->taken += reader->lanes[i].totals.taken;
		totals->known += reader->lanes[i].totals.known;
		totals->rejected += reader->lanes[i].totals.rejected;
	}
	if (is_good)
		return finish(reader->import, import_no, error);
	if (reader->import->dry_run)
		session_rollback(reader->import->sessions[0], NULL);
	return false;
}

bool import_run(const struct import *import, struct import_totals *totals, struct error *error)
{
	struct lane lanes[IMPORT_SESSIONS];
	pthread_mutex_t reject_mutex = PTHREAD_MUTEX_INITIALIZER;
	struct reader *reader = calloc(1, sizeof *reader);
	*totals = (struct import_totals){0};
	if (!reader)
		return error_set(error, ERROR_FAILED, "out of memory", "", "%s", "");
	reader->import = import;
	reader->columns = KINDS[import->kind].columns;
	reader->lanes = lanes;
	reader->reject_mutex = &reject_mutex;
	bool is_good = header_read(reader, error) && programme_ask(reader, error) &&
		       file_take(reader, totals, error);
	reader_free(reader);
	return is_good;
}
