// The CSV reader: what RFC 4180 allows, what files really hold, and what is wrong with them.
#include "model/import/csv.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct text {
	const char *at;
	size_t left, piece; // at most so many bytes at a time
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

// All records as one line each: "1:a|b" with the line number, or "2:!problem".
static const char *read_all(const char *input, size_t length, size_t piece)
{
	static char out[8192];
	struct text text = {input, length, piece};
	struct error error = {0};
	struct csv csv;
	size_t used = 0;
	out[0] = '\0';
	ck_assert(csv_init(&csv, ',', text_give, &text));
	while (csv_next(&csv, &error) == 1) {
		used += (size_t)snprintf(out + used, sizeof out - used, "%lld:%s%s", (long long)csv.line,
			csv.problem[0] ? "!" : "", csv.problem);
		for (int i = 0; i < csv.count && !csv.problem[0]; i++)
			used += (size_t)snprintf(out + used, sizeof out - used, "%s%s", i ? "|" : "", csv.fields[i]);
		used += (size_t)snprintf(out + used, sizeof out - used, ";");
	}
	ck_assert_int_eq(error.kind, ERROR_NONE);
	csv_free(&csv);
	return out;
}

#define INPUT(text) text, sizeof text - 1

static const struct {
	const char *input;
	size_t length;
	const char *records;
} EXPECTED[] = {
	{INPUT(""), ""},
	{INPUT("\n\r\n\n"), ""},
	{INPUT("a,b\n1,2\n"), "1:a|b;2:1|2;"},
	{INPUT("a,b\r\n1,2"), "1:a|b;2:1|2;"},
	{INPUT("\xef\xbb\xbf" "a\n"), "1:a;"},
	{INPUT("a,,\n,\n"), "1:a||;2:|;"},
	{INPUT("\"a,b\",\"say \"\"hi\"\"\"\n"), "1:a,b|say \"hi\";"},
	{INPUT("\"two\nlines\",x\ny\n"), "1:two\nlines|x;3:y;"},
	{INPUT("\"two\r\nlines\"\r\ny\r\n"), "1:two\r\nlines;3:y;"},
	{INPUT("\"\",\"\"\n"), "1:|;"},
	{INPUT("a\n\n\nb\n"), "1:a;4:b;"},
	{INPUT("a\rb,c\n"), "1:a\rb|c;"},
	{INPUT("a\r"), "1:a;"},
	{INPUT("a\n\r"), "1:a;"},
	{INPUT("\"a\"\rb\nc\n"), "1:!text after the closing quote of a field;2:c;"},
	{INPUT("x\n\"a\"b,c\nd\n"), "1:x;2:!text after the closing quote of a field;3:d;"},
	{INPUT("x\na\"b,c\nd\n"), "1:x;2:!a quote inside a field that is not quoted;3:d;"},
	{INPUT("x\n\"open,\nd\ne\n"), "1:x;2:!a quoted field is not closed;3:d;4:e;"},
	{INPUT("x\na\0b\nd\n"), "1:x;2:!a NUL byte;3:d;"},
	{INPUT("x\nok,\xff\nd\n"), "1:x;2:!field 2 is not UTF-8;3:d;"},
	{INPUT("\xc0\x80\n\xed\xa0\x80\n\xf4\x90\x80\x80\n"),
		"1:!field 1 is not UTF-8;2:!field 1 is not UTF-8;3:!field 1 is not UTF-8;"},
	{INPUT("Ay\xc5\x9f" "e,\xe5\xa4\xa7\xe8\xbc\x94\n"), "1:Ay\xc5\x9f" "e|\xe5\xa4\xa7\xe8\xbc\x94;"},
};

START_TEST(reads_records)
{
	for (size_t piece = 1; piece <= 4096; piece *= 4)
		ck_assert_str_eq(read_all(EXPECTED[_i].input, EXPECTED[_i].length, piece), EXPECTED[_i].records);
}
END_TEST

START_TEST(too_long_and_too_many)
{
	char *input = malloc(1 << 20);
	memset(input, 'x', 1 << 20);
	memcpy(input, "a\n", 2);
	memcpy(input + 30000, "\nb\n", 3);
	ck_assert_str_eq(read_all(input, 30003, 4096), "1:a;2:!a field is too long;3:b;");
	for (int i = 2; i < 200; i++)
		input[i] = ',';
	memcpy(input + 200, "\nb\n", 3);
	ck_assert_str_eq(read_all(input, 203, 4096), "1:a;2:!too many fields;3:b;");
	free(input);
}
END_TEST

// A line without end is given up in pieces, in flat memory, and reading goes on after it.
START_TEST(a_line_without_end)
{
	size_t size = 3 * CSV_RECORD_LENGTH;
	char *input = malloc(size);
	memset(input, 'x', size);
	memcpy(input + size - 3, "\nb\n", 3);
	const char *records = read_all(input, size, 100000);
	ck_assert_msg(strncmp(records, "1:!", 3) == 0, "%s", records);
	ck_assert_msg(strcmp(records + strlen(records) - 3, ":b;") == 0, "%s", records);
	free(input);
}
END_TEST

START_TEST(keeps_the_record_as_it_stood)
{
	struct text text = {INPUT("\"a\"\"b\",\"c\nd\"\r\nnext\n"), 5};
	struct error error;
	struct csv csv;
	ck_assert(csv_init(&csv, ',', text_give, &text));
	ck_assert_int_eq(csv_next(&csv, &error), 1);
	ck_assert_uint_eq(csv.raw_length, strlen("\"a\"\"b\",\"c\nd\""));
	ck_assert_mem_eq(csv.raw, "\"a\"\"b\",\"c\nd\"", csv.raw_length);
	ck_assert_int_eq(csv_next(&csv, &error), 1);
	ck_assert_str_eq(csv.fields[0], "next");
	ck_assert_int_eq(csv_next(&csv, &error), 0);
	csv_free(&csv);
}
END_TEST

static void field_write(FILE *out, const char *text, unsigned quoting)
{
	if (!strpbrk(text, ",\"\n\r") && quoting) {
		fputs(text, out);
		return;
	}
	fputc('"', out);
	for (; *text; text++)
		fputs(*text == '"' ? "\"\"" : (char[]){*text, '\0'}, out);
	fputc('"', out);
}

// Whatever is written by the rules is read back, however it is cut.
START_TEST(reads_back_what_was_written)
{
	static const char alphabet[] = "ab,\"\n\r ;";
	const char *given = getenv("SEED");
	unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL), state = seed;
	for (int round = 0; round < 2000; round++) {
		char fields[6][12], expected[256] = "1:", *input;
		size_t length;
		int count = 1 + rand_r(&state) % 6;
		FILE *out = open_memstream(&input, &length);
		for (int i = 0; i < count; i++) {
			int size = rand_r(&state) % 10 + (count == 1);
			for (int j = 0; j < size; j++)
				fields[i][j] = alphabet[rand_r(&state) % (int)(sizeof alphabet - 1)];
			fields[i][size] = '\0';
			fputs(i ? "," : "", out);
			field_write(out, fields[i], (unsigned)rand_r(&state) % 2);
			strcat(strcat(expected, i ? "|" : ""), fields[i]);
		}
		fputs(rand_r(&state) % 2 ? "\r\n" : "\n", out);
		fclose(out);
		const char *records = read_all(input, length, 1 + (size_t)rand_r(&state) % 9);
		ck_assert_msg(strcmp(records, strcat(expected, ";")) == 0,
			"seed %u, round %d: SEED=%u CK_RUN_SUITE=csv build/check\n%s\n%s", seed, round, seed, records, expected);
		free(input);
	}
}
END_TEST

static bool never(void *payload, char *buffer, size_t size, size_t *got, struct error *error)
{
	(void)payload, (void)buffer, (void)size, (void)got;
	return error_set(error, ERROR_FAILED, "the file cannot be read", "", "test");
}

START_TEST(a_source_that_fails)
{
	struct error error;
	struct csv csv;
	ck_assert(csv_init(&csv, ',', never, NULL));
	ck_assert_int_eq(csv_next(&csv, &error), -1);
	ck_assert_str_eq(error.why, "test");
	csv_free(&csv);
}
END_TEST

Suite *csv_suite(void);

Suite *csv_suite(void)
{
	Suite *suite = suite_create("csv");
	TCase *tcase = tcase_create("csv");
	tcase_add_loop_test(tcase, reads_records, 0, sizeof EXPECTED / sizeof *EXPECTED);
	tcase_add_test(tcase, too_long_and_too_many);
	tcase_add_test(tcase, a_line_without_end);
	tcase_add_test(tcase, keeps_the_record_as_it_stood);
	tcase_add_test(tcase, reads_back_what_was_written);
	tcase_add_test(tcase, a_source_that_fails);
	suite_add_tcase(suite, tcase);
	return suite;
}
