// The habits that every screen keeps, box by box, and the test that holds each: a box without a test, or a test that is gone, is told.
#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

Suite *checklist_suite(void);

static const struct {
	const char *group, *box, *suite, *test;
} boxes[] = {
	{"keys", "j/k, g/G, half pages, pages, Space, Enter, Tab and those of htop", "keys", "the_habitual_keys"},
	{"keys", "counts", "ui", "keys_counts"},
	{"keys", "? F1, / F3, n N, F5, F6, F9, F10", "ui", "keys_f_keys_of_both_kinds"},
	{"keys", ": with completion and history", "habits", "commands_are_completed"},
	{"keys", "Esc never quits", "ui", "keys_escape_never_quits"},
	{"keys", "q closes, at the root it asks if work is pending", "ui", "keys_q_closes_then_leaves"},
	{"keys", "Q and :qa leave", "ui", "keys_quit_by_command"},
	{"keys", "C-l draws anew", "ui", "keys_redraw"},
	{"keys", "no danger behind Ctrl", "keys", "every_action_has_a_plain_way"},
	{"keys", "every action without Ctrl, Alt, F keys or mouse", "actions", "every_action_has_a_plain_key"},
	{"keys", "every action of every screen, tried", "habits", "every_action_by_a_plain_key"},
	{"keys", "rebindable, several keys, unbindable", "keys", "keys_can_be_changed"},
	{"keys", "conflicts are told at start", "ui", "keys_conflict_is_reported"},
	{"keys", "no two meanings of a key on one screen", "actions", "no_two_actions_of_a_screen_share_a_key"},
	{"discoverability", "the bar: keys of this context", "ui", "keys_bar"},
	{"discoverability", "? is made from the table", "habits", "help_lists_what_works_here"},
	{"discoverability", "an unknown key names the help", "habits", "unknown_keys_name_the_help"},
	{"discoverability", "what cannot be done says why", "habits", "disabled_actions_say_why"},
	{"search", "incremental, wraps with a notice", "ui", "keys_search"},
	{"search", "highlights", "ui", "keys_search_highlights"},
	{"search", "smart case", "text", "finds_with_smart_case"},
	{"search", "the filter stands in the title, Esc clears it", "cases", "a_filter_becomes_a_queue"},
	{"orientation", "breadcrumb, user, role, database", "ui_view", "orientation_title"},
	{"orientation", "the environment by colour and word", "desk", "an_environment_is_seen"},
	{"orientation", "read-only is seen and kept", "habits", "read_only_refuses_every_write"},
	{"orientation", "row 41 of many", "ui_view", "orientation_position"},
	{"waiting", "nothing blocks", "alive", "keys_echo_whatever_happens"},
	{"waiting", "spinner with seconds and Esc", "ui_view", "waiting_counts_seconds"},
	{"waiting", "first rows at once", "desk", "draws_before_the_database_answers"},
	{"waiting", "cancel cancels on the server", "alive", "escape_cancels_on_the_server"},
	{"waiting", "the selection stays after a refresh", "ui_view", "orientation_refresh_keeps_the_row"},
	{"danger", "one question, No is the default", "ui_forms", "danger_no_is_the_default"},
	{"danger", "what cannot be undone is typed", "ui_forms", "danger_typed"},
	{"danger", "bulk shows which and how many first", "desk_screens", "all_of_a_queue_needs_the_number_typed"},
	{"danger", "undo where the domain permits", "actions", "every_action_tells_what_takes_it_back"},
	{"danger", "undo of goodwill", "deeds", "goodwill_is_given_and_taken_back"},
	{"danger", "undo of many", "desk_screens", "marked_cases_are_changed_and_taken_back"},
	{"forms", "a paste goes in whole, a newline does not submit", "ui_forms", "paste_goes_into_the_field_whole"},
	{"forms", "errors beside the field", "ui_forms", "form_shows_errors_beside_fields"},
	{"forms", "unsaved work is asked for", "ui_forms", "form_asks_before_losing"},
	{"forms", "two who edit at once", "case_screens", "details_that_two_change_are_shown_side_by_side"},
	{"copy", "y copies, through tmux and screen too", "terminal_kinds", "clipboard_through_multiplexers"},
	{"copy", "y says so", "ui", "keys_open_and_copy"},
	{"copy", "a list goes into a file, neutral for spreadsheets", "hostile", "csv_is_neutral_on_a_terminal_only"},
	{"mouse", "off by default, toggled, clicks and wheel", "ui", "keys_mouse"},
	{"terminal", "80x24 and any other size", "torture", "every_place_in_every_size"},
	{"terminal", "too small says so and keeps its state", "terminal", "too_small_says_so_and_keeps_its_state"},
	{"terminal", "resized under dialogs and prompts", "terminal", "resizes_under_everything"},
	{"terminal", "C-z and back", "terminal", "ctrl_z_and_back"},
	{"terminal", "hang-up and closed terminal", "terminal", "closed_terminal_without_hangup_signal"},
	{"terminal", "faults and signals leave it tidy", "terminal", "faults_end_it_tidily"},
	{"terminal", "vt100, linux, xterm, tmux, screen", "terminal_kinds", "every_kind_of_terminal"},
	{"terminal", "the same for the program at every place", "torture", "every_kind_of_terminal"},
	{"colour", "NO_COLOR, empty NO_COLOR", "terminal_kinds", "empty_no_color_means_nothing"},
	{"colour", "--no-color, light theme", "terminal_kinds", "options_and_themes"},
	{"colour", "mono: no meaning by colour alone", "terminal_kinds", "selection_is_seen_without_colours"},
	{"colour", "8, 16 and 256 colours", "terminal_kinds", "as_many_colours_as_there_are"},
	{"text", "by cells, clipped at their borders", "text", "clips_at_cell_borders"},
	{"text", "control, C1 and overrides replaced", "text", "cells_hold_no_control"},
	{"text", "hostile text at every place", "hostile", "every_place_holds_it"},
	{"text", "NFD, CJK, emoji, right to left", "text", "widths_of_hostile_text"},
	{"text", "plain lines", "ui_view", "text_ascii"},
	{"escape", "a lone Esc at once", "keys", "a_lone_escape_is_an_escape"},
	{"accessibility", "the cursor stands on the row", "ui_view", "orientation_cursor_on_the_row"},
	{"accessibility", "nothing is drawn while idle", "terminal_kinds", "idle_neither_wakes_nor_writes"},
	{"accessibility", "a plain command for every action", "actions", "every_action_is_a_verb_or_says_why_not"},
	{"process", "--help, --version", "cli", "help_and_version"},
	{"process", "manual page and completion", "cli", "manual_and_completion"},
	{"process", "--config, --check-config, where it is searched", "cli", "configuration_is_searched"},
	{"process", "exit statuses, what, why, what to do", "cli", "wrong_use"},
	{"process", "3: the database cannot be reached", "cli", "database_that_cannot_be_reached"},
	{"process", "no screens without a terminal", "cli", "screens_without_a_terminal"},
	{"process", "history in its folder", "terminal", "history_outlives_the_session"},
};
enum { BOXES = sizeof boxes / sizeof boxes[0] };

static bool stands_in(const char *path, const char *test)
{
	char line[1000], wanted[120];
	bool is_there = false;
	FILE *file = fopen(path, "r");
	ck_assert_msg(file != NULL, "there is no %s", path);
	snprintf(wanted, sizeof wanted, "START_TEST(%s)", test);
	while (!is_there && fgets(line, sizeof line, file))
		is_there = strncmp(line, wanted, strlen(wanted)) == 0;
	fclose(file);
	return is_there;
}

START_TEST(every_box_has_its_test)
{
	for (int i = 0; i < BOXES; i++) {
		char path[120];
		snprintf(path, sizeof path, "tests/check_%s.c", boxes[i].suite);
		ck_assert_msg(stands_in(path, boxes[i].test), "%s: %s: %s has no test %s", boxes[i].group, boxes[i].box, path, boxes[i].test);
	}
}
END_TEST

START_TEST(every_group_has_a_box)
{
	static const char *const groups[] = {"keys", "discoverability", "search", "orientation", "waiting", "danger", "forms", "copy", "mouse", "terminal",
		"colour", "text", "escape", "accessibility", "process"};
	for (size_t group = 0; group < sizeof groups / sizeof *groups; group++) {
		int count = 0;
		for (int i = 0; i < BOXES; i++)
			count += strcmp(boxes[i].group, groups[group]) == 0;
		ck_assert_msg(count > 0, "no box of %s", groups[group]);
	}
}
END_TEST

Suite *checklist_suite(void)
{
	Suite *suite = suite_create("checklist");
	TCase *tests = tcase_create("checklist");
	tcase_add_test(tests, every_box_has_its_test);
	tcase_add_test(tests, every_group_has_a_box);
	suite_add_tcase(suite, tests);
	return suite;
}
