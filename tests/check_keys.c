// Bytes to keys, and keys to actions: split characters, lone Esc, pastes, bindings, conflicts.
#include "screens/ui/action.h"
#include "screens/ui/keys.h"

#include <check.h>
#include <curses.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct keys keys;
static char got[4096]; // what came out, "j Esc F5 <paste> ..."

static void start(void)
{
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	keys = (struct keys){0};
	got[0] = 0;
}

static void finish(void)
{
	keys_free(&keys);
}

static void collect(void)
{
	struct input input;
	char name[KEY_NAME_MAX], text[64] = "";

	while (keys_next(&keys, &input)) {
		switch (input.kind) {
		case INPUT_KEY:
			snprintf(text, sizeof text, "%s", key_label(input.key, name));
			break;
		case INPUT_PASTE:
			snprintf(text, sizeof text, "<%.*s>", (int)input.bytes, input.text);
			break;
		case INPUT_SYNC:
			snprintf(text, sizeof text, "sync");
			break;
		case INPUT_UNKNOWN:
			snprintf(text, sizeof text, "unknown");
			break;
		case INPUT_MOUSE:
			snprintf(text, sizeof text, "mouse");
		}
		if (strlen(got) + strlen(text) + 2 < sizeof got)
			snprintf(got + strlen(got), sizeof got - strlen(got), "%s%s", *got ? " " : "", text);
	}
}

static void feed(const char *bytes, int64_t now)
{
	for (; *bytes; bytes++) {
		keys_feed(&keys, (unsigned char)*bytes, now);
		collect();
	}
}

static void code(int value, int64_t now)
{
	keys_feed(&keys, value, now);
	collect();
}

static void flush(int64_t now)
{
	keys_flush(&keys, now);
	collect();
}

START_TEST(characters_split_anywhere_arrive_whole)
{
	feed("\xe6", 1);
	flush(1);
	feed("\xbc", 500);
	flush(500);
	feed("\xa2z", 900);
	ck_assert_str_eq(got, "漢 z");
}
END_TEST

START_TEST(invalid_bytes_swallow_nothing)
{
	feed("a\xff"
	     "b\xe6"
	     "c",
		1);
	ck_assert_str_eq(got, "a � b � c");
}
END_TEST

START_TEST(three_thousand_split_characters)
{
	int count = 0;
	struct input input;

	for (int i = 0; i < 3000; i++)
		for (const char *byte = "漢"; *byte; byte++) {
			keys_feed(&keys, (unsigned char)*byte, i);
			keys_flush(&keys, i);
			while (keys_next(&keys, &input))
				count += input.key == 0x6f22;
		}
	ck_assert_int_eq(count, 3000);
}
END_TEST

START_TEST(a_lone_escape_is_an_escape)
{
	feed("\033", 1);
	ck_assert_str_eq(got, "");
	flush(1);
	ck_assert_str_eq(got, "Esc");
	feed("j", 2);
	ck_assert_str_eq(got, "Esc j");
}
END_TEST

START_TEST(escape_then_sync_is_both)
{
	feed("\033", 1);
	code(keys_code_sync(), 1);
	ck_assert_str_eq(got, "Esc sync");
}
END_TEST

START_TEST(a_split_arrow_is_harmless)
{
	feed("\033", 1);
	flush(26);
	feed("OB", 60);
	feed("j", 61);
	ck_assert_str_eq(got, "Esc unknown j");
	feed("\033[", 1000);
	flush(1000);
	feed("1;5Cq", 1060);
	ck_assert_str_eq(got, "Esc unknown j unknown q");
}
END_TEST

START_TEST(typed_later_they_are_letters)
{
	feed("\033", 1);
	flush(1);
	feed("OQ", 600);
	ck_assert_str_eq(got, "Esc O Q");
}
END_TEST

START_TEST(named_keys)
{
	static const int codes[] = {KEY_DOWN, KEY_NPAGE, KEY_F(5), KEY_BTAB, KEY_HOME, KEY_END, KEY_DC};

	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		code(codes[i], 1);
	feed("\r\n\t\x7f\x08\x12 ", 1);
	ck_assert_str_eq(
		got, "Down PgDn F5 S-Tab Home End Delete Enter Enter Tab Backspace Backspace C-r Space");
}
END_TEST

START_TEST(a_paste_is_one_input)
{
	code(keys_code_paste_begin(), 1);
	feed("q\nQ\033[A:qa", 1);
	code(KEY_UP, 1);
	ck_assert_str_eq(got, "");
	code(keys_code_paste_end(), 2);
	ck_assert_str_eq(got, "<q\nQ\033[A:qa>");
}
END_TEST

START_TEST(a_paste_without_end_ends)
{
	code(keys_code_paste_begin(), 1);
	feed("lost", 1);
	flush(500);
	ck_assert_str_eq(got, "");
	ck_assert_int_eq(keys_wait_ms(&keys, 501), 500);
	flush(1001);
	ck_assert_str_eq(got, "<lost>");
	ck_assert_int_eq(keys_wait_ms(&keys, 1001), -1);
}
END_TEST

START_TEST(a_paste_has_a_limit)
{
	struct input input;

	code(keys_code_paste_begin(), 1);
	for (int i = 0; i < PASTE_BYTES_MAX + 1000; i++)
		keys_feed(&keys, 'x', 1);
	keys_feed(&keys, keys_code_paste_end(), 1);
	ck_assert(keys_next(&keys, &input));
	ck_assert_uint_eq(input.bytes, PASTE_BYTES_MAX);
}
END_TEST

START_TEST(names_read_back)
{
	static const char *const names[] = {
		"j", "C-r", "F1", "F12", "PgDn", "Space", "Esc", "S-Tab", "ş", "?", ":"};
	char name[KEY_NAME_MAX];
	uint32_t key;

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		ck_assert(key_parse(names[i], strlen(names[i]), &key));
		ck_assert_str_eq(key_label(key, name), names[i]);
	}
	ck_assert(!key_parse("F13", 3, &key));
	ck_assert(!key_parse("Hyper-x", 7, &key));
	ck_assert(!key_parse("", 0, &key));
}
END_TEST

START_TEST(random_bytes_and_codes)
{
	const char *given = getenv("CHECK_SEED");
	unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
	struct input input;
	long fed = 0, came = 0;

	printf("keys: CHECK_SEED=%u CK_RUN_SUITE=keys build/check\n", seed);
	srand(seed);
	for (; fed < 300000; fed++) {
		keys_feed(&keys, rand() % 8 ? rand() % 256 : 256 + rand() % (KEY_MAX - 250), fed);
		while (keys_next(&keys, &input))
			came++;
		if (rand() % 16 == 0)
			keys_flush(&keys, fed);
	}
	ck_assert_int_gt(came, 1000);
	keys_feed(&keys, keys_code_paste_end(), fed);
	keys_flush(&keys, fed + 5000);
	while (keys_next(&keys, &input))
		;
	keys_feed(&keys, 'j', fed + 10000);
	keys_feed(&keys, 'j', fed + 10000);
	ck_assert(keys_next(&keys, &input));
	ck_assert_uint_eq(input.key, 'j');
}
END_TEST

enum { ACTION_WHY = ACTION_OWN, ACTION_TAKE, ACTION_ODD };
static const struct action_info own[] = {
	{"why", "w", "why", "Own", "Tell why", 0},
	{"take", "t F7", "take", "Own", "Take the case", 0},
	{"odd", "g", NULL, "Own", "Wants a key of the toolkit", 0},
};
static const int own_fine[] = {ACTION_WHY, ACTION_TAKE, ACTION_NONE};
static const int own_odd[] = {ACTION_WHY, ACTION_ODD, ACTION_NONE};

static void start_actions(void)
{
	char why[160];

	actions_add(own, 3);
	ck_assert(actions_init(why, sizeof why));
}

START_TEST(defaults_do_not_conflict)
{
	int first, second;
	uint32_t key;

	ck_assert(!actions_conflict(NULL, &first, &second, &key));
	ck_assert(!actions_conflict(own_fine, &first, &second, &key));
	ck_assert(actions_conflict(own_odd, &first, &second, &key));
	ck_assert_int_eq(key, 'g');
	ck_assert(first == ACTION_ODD || second == ACTION_ODD);
}
END_TEST

START_TEST(keys_can_be_changed)
{
	char why[160], text[64];
	int first, second;
	uint32_t key;

	ck_assert(actions_set_keys(&(struct key_setting){"down", "F8 ş"}, why, sizeof why));
	ck_assert_int_eq(action_lookup(NULL, 0x15f), ACTION_DOWN);
	ck_assert_int_eq(action_lookup(NULL, 'j'), ACTION_NONE);
	ck_assert_str_eq(action_key_text(ACTION_DOWN, text, sizeof text), "F8, ş");
	ck_assert(actions_set_keys(&(struct key_setting){"why", ""}, why, sizeof why));
	ck_assert_int_eq(action_lookup(own_fine, 'w'), ACTION_NONE);
	ck_assert(actions_set_keys(&(struct key_setting){"take", "F8"}, why, sizeof why));
	ck_assert(actions_conflict(own_fine, &first, &second, &key));
	ck_assert_uint_eq(key, NAMED_F1 + 7);
	ck_assert(!actions_set_keys(&(struct key_setting){"nothing", "x"}, why, sizeof why));
	ck_assert_ptr_nonnull(strstr(why, "nothing"));
	ck_assert(!actions_set_keys(&(struct key_setting){"down", "Wrong"}, why, sizeof why));
	ck_assert_int_eq(action_lookup(NULL, 0x15f), ACTION_DOWN); // a wrong setting changes nothing
}
END_TEST

// What UI.md asks of the default keys: all reachable without Ctrl, Alt or F keys, and no danger behind Ctrl.
START_TEST(every_action_has_a_plain_way)
{
	uint32_t bound[ACTION_KEYS_MAX];

	for (int action = action_next(ACTION_NONE); action; action = action_next(action)) {
		int count = action_keys(action, bound);
		const struct action_info *info = action_info(action);
		ck_assert_ptr_nonnull(info->help);
		ck_assert_ptr_nonnull(info->group);
		ck_assert_int_eq(action_by_name(info->name), action); // so that ":name" reaches it
		for (int i = 0; i < count; i++)
			ck_assert(!(info->flags & ACTION_DANGER) || bound[i] >= ' ');
	}
}
END_TEST

static const struct {
	const char *key;
	int action;
} expected[] = {
	{"j", ACTION_DOWN},
	{"Down", ACTION_DOWN},
	{"k", ACTION_UP},
	{"Up", ACTION_UP},
	{"h", ACTION_LEFT},
	{"Left", ACTION_LEFT},
	{"l", ACTION_RIGHT},
	{"Right", ACTION_RIGHT},
	{"g", ACTION_FIRST},
	{"Home", ACTION_FIRST},
	{"G", ACTION_LAST},
	{"End", ACTION_LAST},
	{"C-d", ACTION_HALF_DOWN},
	{"C-u", ACTION_HALF_UP},
	{"C-f", ACTION_PAGE_DOWN},
	{"PgDn", ACTION_PAGE_DOWN},
	{"C-b", ACTION_PAGE_UP},
	{"PgUp", ACTION_PAGE_UP},
	{"Space", ACTION_MARK},
	{"Enter", ACTION_OPEN},
	{"Tab", ACTION_NEXT_PANE},
	{"S-Tab", ACTION_PREVIOUS_PANE},
	{"F1", ACTION_HELP},
	{"?", ACTION_HELP},
	{"F3", ACTION_SEARCH},
	{"/", ACTION_SEARCH},
	{"n", ACTION_NEXT_FOUND},
	{"N", ACTION_PREVIOUS_FOUND},
	{"F5", ACTION_REFRESH},
	{"C-r", ACTION_REFRESH},
	{"F6", ACTION_SORT},
	{">", ACTION_SORT},
	{"F9", ACTION_COMMAND},
	{"F10", ACTION_CLOSE},
	{"q", ACTION_CLOSE},
	{":", ACTION_COMMAND},
	{"Esc", ACTION_BACK},
	{"Q", ACTION_QUIT},
	{"C-l", ACTION_REDRAW},
	{"y", ACTION_COPY},
};

START_TEST(the_habitual_keys)
{
	uint32_t key;

	ck_assert(key_parse(expected[_i].key, strlen(expected[_i].key), &key));
	ck_assert_int_eq(action_lookup(NULL, key), expected[_i].action);
}
END_TEST

Suite *keys_suite(void);
Suite *keys_suite(void)
{
	Suite *suite = suite_create("keys");
	TCase *cases = tcase_create("keys"), *actions = tcase_create("actions");

	tcase_add_checked_fixture(cases, start, finish);
	tcase_add_test(cases, characters_split_anywhere_arrive_whole);
	tcase_add_test(cases, invalid_bytes_swallow_nothing);
	tcase_add_test(cases, three_thousand_split_characters);
	tcase_add_test(cases, a_lone_escape_is_an_escape);
	tcase_add_test(cases, escape_then_sync_is_both);
	tcase_add_test(cases, a_split_arrow_is_harmless);
	tcase_add_test(cases, typed_later_they_are_letters);
	tcase_add_test(cases, named_keys);
	tcase_add_test(cases, a_paste_is_one_input);
	tcase_add_test(cases, a_paste_without_end_ends);
	tcase_add_test(cases, a_paste_has_a_limit);
	tcase_add_test(cases, names_read_back);
	tcase_add_test(cases, random_bytes_and_codes);
	suite_add_tcase(suite, cases);
	tcase_add_checked_fixture(actions, start_actions, NULL);
	tcase_add_test(actions, defaults_do_not_conflict);
	tcase_add_test(actions, keys_can_be_changed);
	tcase_add_test(actions, every_action_has_a_plain_way);
	tcase_add_loop_test(actions, the_habitual_keys, 0, sizeof expected / sizeof expected[0]);
	suite_add_tcase(suite, actions);
	return suite;
}
