// Any bytes as comma separated values: the same records whether they come at once or in pieces, and none
// beyond its limits. The first two bytes choose the delimiter and the size of the pieces.
#include "model/import/csv.h"
#include "tests/fuzz/fuzz.h"
#include <stdlib.h>
#include <string.h>

struct text {
	const char *at;
	size_t left, piece;
};

static bool text_give(void *payload, char *buffer, size_t size, size_t *got, struct error *error)
{
	struct text *text = payload;
	(void)error;
	*got = text->left < size ? text->left : size;
	*got = text->piece < *got ? text->piece : *got;
	memcpy(buffer, text->at, *got);
	text->at += *got;
	text->left -= *got;
	return true;
}

static void record_hold(const struct csv *csv, int64_t line_before, size_t size)
{
	FUZZ_HOLDS(csv->line > line_before);
	FUZZ_HOLDS(csv->raw_length <= size);
	FUZZ_HOLDS(csv->problem[0] != '\0' || (csv->count > 0 && csv->count <= CSV_FIELDS));
	for (int i = 0; csv->problem[0] == '\0' && i < csv->count; i++)
		FUZZ_HOLDS(strlen(csv->fields[i]) <= CSV_FIELD_LENGTH);
}

static void same_hold(const struct csv *whole, const struct csv *pieces)
{
	FUZZ_HOLDS(whole->line == pieces->line);
	FUZZ_HOLDS(whole->raw_length == pieces->raw_length);
	FUZZ_HOLDS(memcmp(whole->raw, pieces->raw, whole->raw_length) == 0);
	FUZZ_HOLDS(strcmp(whole->problem, pieces->problem) == 0);
	for (int i = 0; whole->problem[0] == '\0' && i < whole->count; i++)
		FUZZ_HOLDS(i < pieces->count && strcmp(whole->fields[i], pieces->fields[i]) == 0);
}

void fuzz_csv(const uint8_t *data, size_t size)
{
	static const char delimiters[] = ",;\t|";
	struct csv whole, pieces;
	struct error error = {0};
	if (size < 2)
		return;
	struct text at_once = {(const char *)data + 2, size - 2, size};
	struct text in_pieces = {at_once.at, at_once.left, 1u + data[1]};
	char delimiter = delimiters[data[0] % 4];
	FUZZ_HOLDS(csv_init(&whole, delimiter, text_give, &at_once));
	FUZZ_HOLDS(csv_init(&pieces, delimiter, text_give, &in_pieces));
	for (int64_t line = 0; csv_next(&whole, &error) == 1; line = whole.line) {
		record_hold(&whole, line, size);
		FUZZ_HOLDS(csv_next(&pieces, &error) == 1);
		same_hold(&whole, &pieces);
	}
	FUZZ_HOLDS(csv_next(&pieces, &error) == 0 && at_once.left == 0);
	csv_free(&whole);
	csv_free(&pieces);
}
