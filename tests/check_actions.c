// The table of actions: each is reached by a plain key on its screens, no two of a screen by the same one, each is a verb outside the screens
// or says why not, and says what takes it back.
#include "app/verb.h"
#include "screens/action_script.h"
#include "screens/desk.h"
#include <check.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *actions_suite(void);

static void start(void)
{
	char why[160];
	actions_add(desk_actions, DESK_ACTION_COUNT);
	ck_assert_msg(actions_init(why, sizeof why), "%s", why);
}

// Typed on any keyboard, without Ctrl, Alt or a function key.
static bool is_plain(uint32_t key)
{
	return (key >= ' ' && key < 0x7f) || key == NAMED_ENTER || key == NAMED_TAB || key == NAMED_ESCAPE;
}

static bool has_plain_key(int action)
{
	uint32_t keys[ACTION_KEYS_MAX];
	int count = action_keys(action, keys);
	for (int i = 0; i < count; i++)
		if (is_plain(keys[i]))
			return true;
	return false;
}

START_TEST(every_action_has_a_plain_key)
{
	// What these do has a plain way of its own: Esc, q or the command by its name.
	static const int otherwise[] = {ACTION_PREVIOUS_PANE, ACTION_PAGE_DOWN, ACTION_PAGE_UP, ACTION_INTERRUPT, ACTION_REDRAW, ACTION_SUSPEND, ACTION_SAVE};
	for (int action = action_next(ACTION_NONE); action; action = action_next(action)) {
		bool is_otherwise = false;
		for (size_t i = 0; i < sizeof otherwise / sizeof *otherwise; i++)
			is_otherwise |= otherwise[i] == action;
		ck_assert_msg(is_otherwise || has_plain_key(action), "%s has no plain key", action_info(action)->name);
		ck_assert_int_eq(action_by_name(action_info(action)->name), action); // so that ":name" reaches it
	}
}
END_TEST

// Screens with their own keys, the places that are reached from everywhere, and the toolkit: one meaning a key.
START_TEST(no_two_actions_of_a_screen_share_a_key)
{
	for (const struct screen_ops *const *screen = desk_screens; *screen; screen++) {
		int first, second;
		uint32_t key;
		char name[KEY_NAME_MAX];
		if (actions_conflict((*screen)->actions, &first, &second, &key))
			ck_abort_msg("%s: %s and %s both want %s", (*screen)->name, action_info(first)->name, action_info(second)->name, key_label(key, name));
	}
}
END_TEST

static int definitions_in(const char *path)
{
	char line[1000], text[80];
	int count = 0;
	FILE *file = fopen(path, "r");
	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof line, file))
		count += sscanf(line, "const struct screen_ops %79[a-z_] = {", text) == 1;
	fclose(file);
	return count;
}

START_TEST(every_screen_stands_in_the_list)
{
	static const char *const folders[] = {"screens/*.c", "screens/[!u]*/*.c"};
	int defined = 0, listed = 0;
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		glob_t found;
		ck_assert_int_eq(glob(folders[i], 0, NULL, &found), 0);
		for (size_t n = 0; n < found.gl_pathc; n++)
			defined += definitions_in(found.gl_pathv[n]);
		globfree(&found);
	}
	while (desk_screens[listed])
		listed++;
	ck_assert_int_eq(defined, listed);
}
END_TEST

static bool is_verb(const char *name, size_t length)
{
	for (const struct verb *verb = VERBS; verb->name; verb++)
		if (strlen(verb->name) == length && strncmp(verb->name, name, length) == 0)
			return true;
	return false;
}

static void expect_verbs(const char *action, const char *names)
{
	for (const char *name = names; *name; name += strcspn(name, "|"), name += *name == '|') {
		size_t length = strcspn(name, "|");
		ck_assert_msg(is_verb(name, length), "%s: there is no verb \"%.*s\"", action, (int)length, name);
	}
}

START_TEST(every_action_is_a_verb_or_says_why_not)
{
	for (int i = 0; i < DESK_ACTION_COUNT; i++) {
		const struct action_script *script = &desk_scripts[i];
		const char *name = desk_actions[i].name;
		ck_assert_msg(!script->verb != !script->no_verb, "%s needs a line in screens/action_script.c: its verb, or why it has none", name);
		if (script->verb)
			expect_verbs(name, script->verb);
	}
}
END_TEST

// What is dangerous, or changes anything, is taken back or says why not; what takes it back is there.
START_TEST(every_action_tells_what_takes_it_back)
{
	for (int i = 0; i < DESK_ACTION_COUNT; i++) {
		const struct action_script *script = &desk_scripts[i];
		const char *name = desk_actions[i].name;
		ck_assert_msg(!script->back || !script->no_back, "%s is taken back, and is not", name);
		ck_assert_msg(!(desk_actions[i].flags & ACTION_DANGER) || script->back || script->no_back, "%s is dangerous: what takes it back?", name);
		ck_assert_msg(!script->back || action_by_name(script->back) || is_verb(script->back, strlen(script->back)),
			"%s: nothing is called \"%s\"", name, script->back);
	}
}
END_TEST

Suite *actions_suite(void)
{
	Suite *suite = suite_create("actions");
	TCase *tests = tcase_create("actions");
	tcase_add_checked_fixture(tests, start, NULL);
	tcase_add_test(tests, every_action_has_a_plain_key);
	tcase_add_test(tests, no_two_actions_of_a_screen_share_a_key);
	tcase_add_test(tests, every_screen_stands_in_the_list);
	tcase_add_test(tests, every_action_is_a_verb_or_says_why_not);
	tcase_add_test(tests, every_action_tells_what_takes_it_back);
	suite_add_tcase(suite, tests);
	return suite;
}
