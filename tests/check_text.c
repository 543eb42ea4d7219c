// Cells of hostile text: width, neutralising, clipping, clusters, wrapping, finding.
#include "screens/ui/text.h"

#include <check.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void use_utf8(void)
{
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
}

static const struct {
	const char *text;
	int width;
} widths[] = {
	{"", 0}, {"abc", 3}, {"Ayşe Yılmaz", 11}, {"İğüşöç", 6}, {"漢字", 4},
	{"e\xcc\x81x", 2}, // combining acute
	{"\xcc\x81x", 2},  // a mark without a base
	{"a\xe2\x80\x8b\xe2\x80\x8d\xef\xbb\xbf"
	 "b",
		2}, // zero width space, joiner, BOM
	{"\xe2\x80\xae"
	 "abc\xe2\x81\xa6",
		3},        // bidi override and isolate
	{"a\033[31mb", 7}, // ESC shown as one replacement
	{"\xc2\x9b"
	 "31m",
		4},                       // C1 CSI
	{"\xff\xfe", 2}, {"\xe6\xbc", 1}, // cut off: one character
	{"\xc0\xaf", 2},                  // overlong
	{"\xed\xa0\x80", 1},              // a surrogate
	{"\xf4\x90\x80\x80", 1},          // beyond Unicode
	{"a\tb\nc", 5}, {"\xd9\x85\xd8\xad", 2},
	{"\xe2\x9d\xa4\xef\xb8\x8f", 1}, // heart and variation selector
};

START_TEST(widths_of_hostile_text)
{
	ck_assert_int_eq(text_width(widths[_i].text), widths[_i].width);
}
END_TEST

START_TEST(cells_hold_no_control)
{
	const char *at = "x\033]52;c;\a\xc2\x9d\xe2\x80\xae\x7f", *end = at + strlen(at);
	struct text_cell cell;

	while (text_next_cell(&at, end, &cell))
		for (const wchar_t *ch = cell.chars; *ch; ch++) {
			ck_assert(*ch >= ' ' && *ch != 0x7f && !(*ch >= 0x80 && *ch < 0xa0));
			ck_assert(!(*ch >= 0x202a && *ch <= 0x202e));
		}
	ck_assert_ptr_eq(at, end);
}
END_TEST

START_TEST(ten_thousand_marks_stay_in_their_cell)
{
	char *text = malloc(20002), *put = text;
	struct text_cell cell;

	*put++ = 'a';
	for (int i = 0; i < 10000; i++) {
		*put++ = (char)0xcc;
		*put++ = (char)0x81;
	}
	*put = 0;
	const char *at = text, *end = put;
	ck_assert(text_next_cell(&at, end, &cell));
	ck_assert_ptr_eq(at, end);
	ck_assert_int_eq(cell.width, 1);
	ck_assert_uint_eq(wcslen(cell.chars), 1 + TEXT_MARKS_MAX);
	ck_assert_int_eq(text_width(text), 1);
	free(text);
}
END_TEST

START_TEST(clips_at_cell_borders)
{
	const char *wide = "a漢字";

	ck_assert_uint_eq(text_fit(wide, strlen(wide), 0), 0);
	ck_assert_uint_eq(text_fit(wide, strlen(wide), 1), 1);
	ck_assert_uint_eq(text_fit(wide, strlen(wide), 2), 1); // half a wide character is none
	ck_assert_uint_eq(text_fit(wide, strlen(wide), 3), 4);
	ck_assert_uint_eq(text_fit(wide, strlen(wide), 99), strlen(wide));
	const char *marked = "e\xcc\x81x";
	ck_assert_uint_eq(text_fit(marked, strlen(marked), 1), 3); // the mark goes with its base
}
END_TEST

START_TEST(decodes_what_it_encodes)
{
	char bytes[4];

	for (uint32_t ch = 1; ch <= 0x10ffff; ch++) {
		size_t length = text_encode(ch, bytes);
		const char *at = bytes;
		uint32_t back = text_decode(&at, bytes + length);
		bool surrogate = ch >= 0xd800 && ch <= 0xdfff;
		if (back != (surrogate ? TEXT_REPLACEMENT : ch) || at != bytes + length)
			ck_abort_msg("U+%04X came back as U+%04X", ch, back);
	}
	ck_assert_uint_eq(text_encode(0x110000, bytes), 3);
}
END_TEST

START_TEST(clusters)
{
	const char *family = "a\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7"
			     "b"; // woman, joiner, girl
	size_t length = strlen(family);

	ck_assert_uint_eq(text_cluster_after(family, length, 0), 1);
	ck_assert_uint_eq(text_cluster_after(family, length, 1), length - 1);
	ck_assert_uint_eq(text_cluster_before(family, length, length - 1), 1);
	ck_assert_uint_eq(text_cluster_before(family, length, length), length - 1);
	ck_assert_uint_eq(text_cluster_before(family, length, 0), 0);
	const char *lines = "e\xcc\x81\n\xcc\x81x";
	ck_assert_uint_eq(text_cluster_after(lines, strlen(lines), 3), 4); // no mark joins a newline
}
END_TEST

static void wraps(const char *text, int width, const char *expected)
{
	char all[256] = "";
	size_t length = strlen(text), at = 0;

	while (at < length) {
		size_t next = 0, bytes = text_wrap(text + at, length - at, width, &next);
		strcat(all, "|");
		strncat(all, text + at, bytes);
		ck_assert_uint_gt(next, 0);
		ck_assert_int_le(text_width_n(text + at, bytes), width < 2 ? 2 : width);
		at += next;
	}
	ck_assert_str_eq(all, expected);
}

START_TEST(wraps_at_blanks)
{
	wraps("one two three", 7, "|one two|three");
	wraps("one two three", 8, "|one two |three");
	wraps("onetwothree", 4, "|onet|woth|ree");
	wraps("a\n\nb", 5, "|a||b");
	wraps("漢字漢字", 3, "|漢|字|漢|字");
	wraps("漢字", 1, "|漢|字");
	wraps("word    gap", 5, "|word |  gap");
}
END_TEST

START_TEST(finds_with_smart_case)
{
	size_t at, bytes;

	ck_assert(text_find("Ayşe Yılmaz", "ay", &at, &bytes));
	ck_assert_uint_eq(at, 0);
	ck_assert(text_find("Ayşe Yılmaz", "Yıl", &at, &bytes));
	ck_assert_uint_eq(at, 6);
	ck_assert_uint_eq(bytes, 4);
	ck_assert(!text_find("Ayşe yılmaz", "Yıl", &at, &bytes)); // a capital minds capitals
	ck_assert(!text_find("abc", "abcd", &at, &bytes));
	ck_assert(!text_find("abc", "", &at, &bytes));
}
END_TEST

// Any bytes: every step takes some, widths add up, clipping never exceeds its width.
START_TEST(survives_random_bytes)
{
	const char *given = getenv("CHECK_SEED");
	unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
	char text[65];

	srand(seed);
	for (int round = 0; round < 20000; round++) {
		size_t length = (size_t)rand() % 64;
		for (size_t i = 0; i < length; i++)
			text[i] = (char)(rand() % 3 ? 0x80 + rand() % 128 : 1 + rand() % 127);
		text[length] = 0;
		int room = rand() % 20;
		size_t fits = text_fit(text, length, room), next = 0;
		if (text_width_n(text, fits) > room ||
			(length && !(text_wrap(text, length, 1 + room, &next), next)))
			ck_abort_msg(
				"broken; run again with CHECK_SEED=%u CK_RUN_SUITE=text build/check", seed);
		size_t at = 0;
		while (at < length) {
			size_t after = text_cluster_after(text, length, at);
			if (after <= at || text_cluster_before(text, length, after) > at)
				ck_abort_msg("clusters; run again with CHECK_SEED=%u CK_RUN_SUITE=text "
					     "build/check",
					seed);
			at = after;
		}
	}
}
END_TEST

Suite *text_suite(void);
Suite *text_suite(void)
{
	Suite *suite = suite_create("text");
	TCase *cases = tcase_create("text");

	tcase_add_checked_fixture(cases, use_utf8, NULL);
	tcase_add_loop_test(cases, widths_of_hostile_text, 0, sizeof widths / sizeof widths[0]);
	tcase_add_test(cases, cells_hold_no_control);
	tcase_add_test(cases, ten_thousand_marks_stay_in_their_cell);
	tcase_add_test(cases, clips_at_cell_borders);
	tcase_add_test(cases, decodes_what_it_encodes);
	tcase_add_test(cases, clusters);
	tcase_add_test(cases, wraps_at_blanks);
	tcase_add_test(cases, finds_with_smart_case);
	tcase_add_test(cases, survives_random_bytes);
	suite_add_tcase(suite, cases);
	return suite;
}
