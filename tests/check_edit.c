// The line editor and the text area: clusters, limits, undo, paste.
#include "screens/ui/edit.h"
#include "screens/ui/text_area.h"

#include <check.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static struct edit e;

static void start(void)
{
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	ck_assert(edit_init(&e, NULL, 200, false));
}

static void finish(void)
{
	edit_free(&e);
}

static void type(const char *text)
{
	ck_assert(edit_paste(&e, text, strlen(text)));
}

START_TEST(types_what_libform_corrupts)
{
	static const uint32_t typed[] = {'e', 0x301, 'x', 0x131, 0x6f22, 0x1f469, 0x200d, 0x1f467};

	for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++)
		ck_assert(edit_insert(&e, typed[i]));
	ck_assert_str_eq(e.text, "e\xcc\x81xı漢\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7");
	edit_backspace(&e); // the family is one
	ck_assert_str_eq(e.text, "e\xcc\x81xı漢");
}
END_TEST

START_TEST(moves_by_clusters)
{
	type("e\xcc\x81漢x");
	edit_left(&e);
	edit_left(&e);
	ck_assert_uint_eq(e.at, 3);
	edit_left(&e);
	ck_assert_uint_eq(e.at, 0);
	edit_left(&e);
	ck_assert_uint_eq(e.at, 0);
	edit_right(&e);
	ck_assert_uint_eq(e.at, 3);
	ck_assert(edit_delete(&e));
	ck_assert_str_eq(e.text, "e\xcc\x81x");
	edit_line_end(&e);
	ck_assert(!edit_delete(&e));
	edit_right(&e);
	ck_assert_uint_eq(e.at, e.length);
}
END_TEST

START_TEST(refuses_controls)
{
	static const uint32_t refused[] = {1, 27, 0x7f, 0x9b, 0x202e, 0x2066};

	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
		ck_assert(!edit_insert(&e, refused[i]));
	ck_assert_uint_eq(e.length, 0);
	type("a\033[31mb\r\nc\td");
	ck_assert_str_eq(e.text, "a[31mb c d");
}
END_TEST

START_TEST(keeps_to_its_limit)
{
	struct edit small;

	ck_assert(edit_init(&small, NULL, 4, false));
	ck_assert(!edit_paste(&small, "漢字", 6));
	ck_assert_str_eq(small.text, "漢");
	ck_assert(edit_insert(&small, 'x'));
	ck_assert(!edit_insert(&small, 'y'));
	ck_assert_str_eq(small.text, "漢x");
	edit_free(&small);
}
END_TEST

START_TEST(kills_words_and_lines)
{
	type("one two  three");
	ck_assert(edit_kill_word(&e));
	ck_assert_str_eq(e.text, "one two  ");
	edit_word_left(&e);
	ck_assert_uint_eq(e.at, 4);
	ck_assert(edit_kill_end(&e));
	ck_assert_str_eq(e.text, "one ");
	ck_assert(edit_kill_start(&e));
	ck_assert_str_eq(e.text, "");
	ck_assert(!edit_kill_start(&e));
}
END_TEST

START_TEST(undoes)
{
	for (const char *at = "one"; *at; at++)
		edit_insert(&e, (uint32_t)*at);
	type(" two");
	edit_kill_start(&e);
	ck_assert(edit_undo(&e));
	ck_assert_str_eq(e.text, "one two");
	ck_assert(edit_undo(&e));
	ck_assert_str_eq(e.text, "one");
	ck_assert(edit_undo(&e)); // the typed word at once
	ck_assert_str_eq(e.text, "");
	ck_assert(!edit_undo(&e));
	for (int i = 0; i < 100; i++)
		type("x");
	for (int i = 0; i < EDIT_UNDO_MAX; i++)
		ck_assert(edit_undo(&e));
	ck_assert(!edit_undo(&e));
	ck_assert(edit_insert(&e, 'y')); // the text taken back can grow again
}
END_TEST

static void press(struct text_area *t, uint32_t key)
{
	ck_assert(text_area_input(t, &(struct input){.kind = INPUT_KEY, .key = key}));
}

START_TEST(area_moves_between_wrapped_lines)
{
	struct text_area t;

	ck_assert(text_area_init(&t, "one two three\nfour", 1000));
	text_area_layout(&t, (struct area){0, 0, 3, 9}); // lines of 8: "one two", "three", "four"
	press(&t, NAMED_HOME);
	press(&t, NAMED_UP);
	ck_assert_uint_eq(t.edit.at, 8);
	press(&t, NAMED_END);
	press(&t, NAMED_DOWN);
	ck_assert_uint_eq(t.edit.at, 18); // column 5 of "four" is its end
	press(&t, NAMED_ENTER);
	press(&t, 'x');
	ck_assert_str_eq(t.edit.text, "one two three\nfour\nx");
	text_area_layout(&t, (struct area){0, 0, 3, 9});
	ck_assert_int_eq(t.top, 1);
	press(&t, NAMED_PAGE_UP);
	press(&t, NAMED_UP);
	ck_assert_uint_eq(t.edit.at, 0);
	text_area_free(&t);
}
END_TEST

START_TEST(area_takes_a_paste_with_newlines)
{
	struct text_area t;

	ck_assert(text_area_init(&t, NULL, 10));
	ck_assert(text_area_input(
		&t, &(struct input){.kind = INPUT_PASTE, .text = "a\r\nb\rc\nq", .bytes = 8}));
	ck_assert_str_eq(t.edit.text, "a\nb\nc\nq");
	ck_assert(!text_area_input(&t, &(struct input){.kind = INPUT_KEY, .key = NAMED_TAB}));
	ck_assert(!text_area_input(&t, &(struct input){.kind = INPUT_KEY, .key = NAMED_ESCAPE}));
	text_area_free(&t);
}
END_TEST

Suite *edit_suite(void);
Suite *edit_suite(void)
{
	Suite *suite = suite_create("edit");
	TCase *cases = tcase_create("edit");

	tcase_add_checked_fixture(cases, start, finish);
	tcase_add_test(cases, types_what_libform_corrupts);
	tcase_add_test(cases, moves_by_clusters);
	tcase_add_test(cases, refuses_controls);
	tcase_add_test(cases, keeps_to_its_limit);
	tcase_add_test(cases, kills_words_and_lines);
	tcase_add_test(cases, undoes);
	tcase_add_test(cases, area_moves_between_wrapped_lines);
	tcase_add_test(cases, area_takes_a_paste_with_newlines);
	suite_add_tcase(suite, cases);
	return suite;
}
