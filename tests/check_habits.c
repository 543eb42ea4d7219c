// Habits on the real screens: every action by a plain key, help that tells the truth, reasons, badges,
// completion.
#include "screens/actions.h"
#include "screens/desk.h"
#include "screens/member/member.h"
#include "tests/tui/places.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *habits_suite(void);

static struct vt *vt;

static void build_house(void)
{
	places_open_house("house_habits");
}

static void start(void)
{
	vt = NULL;
}

static void finish(void)
{
	if (vt)
		vt_close(vt);
}

static const struct {
	const struct screen_ops *ops;
	enum place_number place;
} screens[] = {{&members_screen, PLACE_MEMBERS}, {&member_screen, PLACE_TIMELINE}, {&why_screen, PLACE_WHY},
	{&cases_screen, PLACE_CASES}, {&case_screen, PLACE_CASE}, {&approvals_screen, PLACE_APPROVALS},
	{&inbox_screen, PLACE_INBOX}, {&work_figures_screen, PLACE_WORK_FIGURES}, {&audit_screen, PLACE_AUDIT_LOG}, {&settings_screen, PLACE_SETTINGS},
	{&version_screen, PLACE_VERSION},
	{&health_screen, PLACE_HEALTH}, {&rewards_screen, PLACE_CATALOGUE}, {&tiers_screen, PLACE_TIERS}, {&surveys_screen, PLACE_SURVEYS}, {&compare_screen, PLACE_COMPARE}, {&largest_screen, PLACE_LARGEST}, {&campaigns_screen, PLACE_CAMPAIGNS},
	{&campaign_screen, PLACE_CAMPAIGN}};
enum { SCREENS = sizeof screens / sizeof screens[0] };

// A key that every keyboard types: no Ctrl, Alt or function key.
static char plain_key(int action)
{
	uint32_t keys[ACTION_KEYS_MAX];
	int count = action_keys(action, keys);

	for (int i = 0; i < count; i++)
		if ((keys[i] >= ' ' && keys[i] < 0x7f) || keys[i] == NAMED_ENTER)
			return keys[i] == NAMED_ENTER ? '\r' : (char)keys[i];
	return 0;
}

// Each own action of each screen has a plain key, and the key does something or tells why it cannot.
START_TEST(every_action_by_a_plain_key)
{
	char why[100], unknown[40];

	actions_add(desk_actions, DESK_ACTION_COUNT);
	ck_assert(actions_init(why, sizeof why));
	for (const int *action = screens[_i].ops->actions; *action; action++) {
		char key[2] = {plain_key(*action), 0};
		ck_assert_msg(key[0], "%s has no plain key on %s", action_info(*action)->name,
			screens[_i].ops->name);
		vt = place_open(&places[screens[_i].place], 24, 80);
		house_keys(vt, key);
		snprintf(unknown, sizeof unknown, "The key %s does nothing", key);
		house_hides(vt, unknown);
		snprintf(unknown, sizeof unknown, "%s does nothing here", action_info(*action)->name);
		house_hides(vt, unknown);
		vt_close(vt);
		vt = NULL;
	}
}
END_TEST

// ? lists every action of the screen with its line of help.
// For a manager: what is of others' roles is not there.
START_TEST(help_lists_what_works_here)
{
	const unsigned manager = ACTION_FOR(DESK_MAY_LOOK | DESK_MAY_SERVE | DESK_MAY_DECIDE);
	vt = place_open(&places[screens[_i].place], 60, 130);
	house_keys(vt, "?");
	for (const int *action = screens[_i].ops->actions; *action; action++) {
		const struct action_info *info =
			*action >= ACTION_OWN ? &desk_actions[*action - ACTION_OWN] : NULL;
		if (info && (info->flags < ACTION_FOR(1) || info->flags & manager))
			house_shows(vt, info->help);
		else if (info)
			house_hides(vt, info->help);
	}
	house_keys(vt, "\033");
	house_shows(vt, places[screens[_i].place].shows);
}
END_TEST

// The keys at the foot of the screen stand two blanks apart.
static bool names_a_key_twice(const char *bar)
{
	char copy[400], *rest;
	snprintf(copy, sizeof copy, "%s", bar);
	for (char *key = strtok_r(copy, " ", &rest); key; key = strtok_r(NULL, " ", &rest)) {
		const char *first = strstr(bar, key);
		if (strchr(key, ':') && strstr(first + strlen(key), key))
			return true;
	}
	return false;
}

START_TEST(unknown_keys_name_the_help)
{
	vt = place_open(&places[screens[_i].place], 24, 120);
	ck_assert_msg(!names_a_key_twice(vt_row(vt, 23)), "%s", vt_row(vt, 23));
	house_keys(vt, "Z");
	house_shows(vt, "The key Z does nothing here; ? shows the keys");
	ck_assert_ptr_nonnull(strstr(vt_row(vt, 23), "?:help"));
	house_shows(vt, "mona@house_habits manager");
}
END_TEST

START_TEST(commands_are_completed)
{
	vt = place_open(&places[PLACE_MEMBERS], 24, 80);
	house_keys(vt, ":appr\t");
	house_shows(vt, ":approv");
	house_keys(vt, "\025approvals\r");
	house_shows(vt, "+900 STAR");
	house_keys(vt, ":nonsense\r");
	house_shows(vt, "No command is called \"nonsense\"");
}
END_TEST

START_TEST(disabled_actions_say_why)
{
	vt = place_open(&places[PLACE_TIMELINE], 24, 80);
	house_keys(vt, "x");
	house_shows(vt, "only a purchase can be taken back");
	house_keys(vt, "u");
	house_shows(vt, "no goodwill was given here");
	house_keys(vt, "C");
	house_keys(vt, "5"); // none is resolved
	house_keys(vt, "t");
	house_shows(vt, "no case is selected");
}
END_TEST

START_TEST(read_only_refuses_every_write)
{
	static const struct {
		enum place_number place;
		const char *key;
	} writes[] = {{PLACE_TIMELINE, "c"}, {PLACE_TIMELINE, "p"}, {PLACE_TIMELINE, "d"},
		{PLACE_MEMBERS, "e"}, {PLACE_CASES, "n"}, {PLACE_CASES, "t"}, {PLACE_CASE, "e"},
		{PLACE_CASE, "i"}, {PLACE_CASE, "p"}, {PLACE_CASE, "R"}};

	for (size_t i = 0; i < sizeof writes / sizeof *writes; i++) {
		vt = house_screens("mona", "--read-only", 24, 80);
		house_shows(vt, "READ-ONLY");
		place_go(vt, &places[writes[i].place]);
		house_keys(vt, writes[i].key);
		if (!vt_find(vt, "nothing can be changed", NULL, NULL)) {
			vt_print(vt);
			ck_abort_msg("%s at %s was not refused", writes[i].key, places[writes[i].place].name);
		}
		vt_close(vt);
		vt = NULL;
	}
}
END_TEST

Suite *habits_suite(void)
{
	Suite *suite = suite_create("habits");
	TCase *tests = tcase_create("habits");

	tcase_set_timeout(tests, 120);
	tcase_add_unchecked_fixture(tests, build_house, NULL);
	tcase_add_checked_fixture(tests, start, finish);
	tcase_add_loop_test(tests, every_action_by_a_plain_key, 0, SCREENS);
	tcase_add_loop_test(tests, help_lists_what_works_here, 0, SCREENS);
	tcase_add_loop_test(tests, unknown_keys_name_the_help, 0, SCREENS);
	tcase_add_test(tests, commands_are_completed);
	tcase_add_test(tests, disabled_actions_say_why);
	tcase_add_test(tests, read_only_refuses_every_write);
	suite_add_tcase(suite, tests);
	return suite;
}
