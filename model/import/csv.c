// Reads comma separated values (RFC 4180) as a stream, and says of each record what is wrong with it and where.
#include "db/text.h"
#include "model/import/csv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER = 1 << 20 };

bool csv_init(struct csv *csv, char delimiter, csv_source *source, void *payload)
{
	*csv = (struct csv){.delimiter = delimiter, .source = source, .payload = payload, .next_line = 1};
	csv->buffer = malloc(BUFFER);
	csv->work = malloc(CSV_RECORD_LENGTH + 1);
	return csv->buffer && csv->work;
}

void csv_free(struct csv *csv)
{
	free(csv->buffer);
	free(csv->work);
	*csv = (struct csv){0};
}

bool csv_from_descriptor(void *payload, char *buffer, size_t size, size_t *got, struct error *error)
{
	ssize_t length;
	do
		length = read(*(int *)payload, buffer, size);
	while (length < 0 && errno == EINTR);
	*got = length > 0 ? (size_t)length : 0;
	return length >= 0 || error_set(error, ERROR_FAILED, "the file cannot be read", "", "%s", strerror(errno));
}

// So that the longest record stands in the buffer whole, or all that is left of the input.
static bool fill(struct csv *csv, struct error *error)
{
	if (csv->is_ended || csv->end - csv->start > CSV_RECORD_LENGTH)
		return true;
	memmove(csv->buffer, csv->buffer + csv->start, csv->end - csv->start);
	csv->end -= csv->start;
	csv->start = 0;
	while (csv->end < BUFFER && !csv->is_ended) {
		size_t got;
		if (!csv->source(csv->payload, csv->buffer + csv->end, BUFFER - csv->end, &got, error))
			return false;
		csv->end += got;
		csv->is_ended = got == 0;
	}
	return true;
}

static void mark_pass(struct csv *csv)
{
	if (csv->next_line == 1 && csv->end - csv->start >= 3 &&
		memcmp(csv->buffer + csv->start, "\xef\xbb\xbf", 3) == 0)
		csv->start += 3;
}

// A lone CR ends a line where the input ends too; elsewhere it is text.
static bool is_line_end(const struct csv *csv, const char *at)
{
	return *at == '\n' || (*at == '\r' && (at + 1 == csv->buffer + csv->end || at[1] == '\n'));
}

static void empty_lines_pass(struct csv *csv)
{
	for (; csv->start < csv->end && is_line_end(csv, csv->buffer + csv->start); csv->next_line++) {
		csv->start += csv->buffer[csv->start] == '\r';
		csv->start += csv->start < csv->end;
	}
}

// A record being taken apart.
struct scan {
	const char *at, *end; // of the input
	char *out;            // into work
	char *field;          // where the present field begins
	int64_t lines;        // line ends passed
	bool has_high;        // a byte beyond ASCII was seen
};

static bool complain(struct csv *csv, const char *problem)
{
	snprintf(csv->problem, sizeof csv->problem, "%s", problem);
	return false;
}

// The rest of a quoted field, from after its opening quote to after its closing one.
static bool quoted_scan(struct csv *csv, struct scan *scan)
{
	for (; scan->at < scan->end; scan->at++) {
		char byte = *scan->at;
		if (byte == '"') {
			if (scan->at + 1 >= scan->end || scan->at[1] != '"') {
				scan->at++;
				return true;
			}
			scan->at++;
		}
		if (byte == '\n')
			scan->lines++;
		if (byte == '\0')
			return complain(csv, "a NUL byte");
		scan->has_high |= byte < 0;
		*scan->out++ = byte;
	}
	return complain(csv, "a quoted field is not closed");
}

static bool plain_scan(struct csv *csv, struct scan *scan)
{
	for (; scan->at < scan->end; scan->at++) {
		char byte = *scan->at;
		if (byte == csv->delimiter || is_line_end(csv, scan->at))
			return true;
		if (byte == '"')
			return complain(csv, "a quote inside a field that is not quoted");
		if (byte == '\0')
			return complain(csv, "a NUL byte");
		scan->has_high |= byte < 0;
		*scan->out++ = byte;
	}
	bool is_last = csv->is_ended && scan->end == csv->buffer + csv->end;
	return is_last || complain(csv, "the line is too long");
}

// Whether the field just read is followed by another one.
static bool field_end(struct csv *csv, struct scan *scan, bool *has_more)
{
	*has_more = scan->at < scan->end && *scan->at == csv->delimiter;
	if (!*has_more && scan->at < scan->end && !is_line_end(csv, scan->at))
		return complain(csv, "text after the closing quote of a field");
	if (scan->out - scan->field > CSV_FIELD_LENGTH)
		return complain(csv, "a field is too long");
	*scan->out++ = '\0';
	csv->fields[csv->count++] = scan->field;
	scan->field = scan->out;
	scan->at += *has_more;
	return true;
}

static bool record_scan(struct csv *csv, struct scan *scan)
{
	for (bool has_more = true; has_more;) {
		if (csv->count == CSV_FIELDS)
			return complain(csv, "too many fields");
		bool is_quoted = scan->at < scan->end && *scan->at == '"';
		scan->at += is_quoted;
		if (!(is_quoted ? quoted_scan(csv, scan) : plain_scan(csv, scan)) || !field_end(csv, scan, &has_more))
			return false;
	}
	return true;
}

static bool is_utf8(const char *text)
{
	uint32_t point;
	while (*text) {
		int length = *text > 0 ? 1 : utf8_decode((const unsigned char *)text, &point);
		if (length == 0)
			return false;
		text += length;
	}
	return true;
}

static void record_check(struct csv *csv)
{
	for (int i = 0; i < csv->count; i++)
		if (!is_utf8(csv->fields[i])) {
			snprintf(csv->problem, sizeof csv->problem, "field %d is not UTF-8", i + 1);
			return;
		}
}

// A bad record ends with its first line, so that a quote left open does not swallow the file.
static void record_close(struct csv *csv, const struct scan *scan)
{
	const char *from = csv->buffer + csv->start, *end = scan->at;
	if (csv->problem[0]) {
		end = memchr(from, '\n', (size_t)(scan->end - from));
		if (!end)
			end = scan->end;
	}
	csv->raw = from;
	csv->raw_length = (size_t)(end - from);
	csv->start += csv->raw_length;
	if (!csv->problem[0] && end < scan->end && *end == '\r')
		csv->start++;
	if (csv->start < csv->end && csv->buffer[csv->start] == '\n')
		csv->start++;
	if (csv->raw_length && from[csv->raw_length - 1] == '\r')
		csv->raw_length--;
	csv->next_line += 1 + (csv->problem[0] ? 0 : scan->lines);
}

int csv_next(struct csv *csv, struct error *error)
{
	size_t seen;
	do {
		if (!fill(csv, error))
			return -1;
		mark_pass(csv);
		seen = csv->start;
		empty_lines_pass(csv);
	} while (csv->start > seen);
	if (csv->start == csv->end)
		return 0;
	const char *from = csv->buffer + csv->start;
	size_t length = csv->end - csv->start;
	struct scan scan = {.at = from, .end = from + (length < CSV_RECORD_LENGTH ? length : CSV_RECORD_LENGTH)};
	scan.out = scan.field = csv->work;
	csv->count = 0;
	csv->problem[0] = '\0';
	csv->line = csv->next_line;
	if (record_scan(csv, &scan) && scan.has_high)
		record_check(csv);
	record_close(csv, &scan);
	return 1;
}
