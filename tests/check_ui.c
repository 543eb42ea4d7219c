// The toolkit through a real pseudo-terminal, as a person meets it: its keys, each box of the checklist of
// habits its own test.
#include "tests/tui/toolkit.h"

#include <check.h>
#include <string.h>
#include <sys/wait.h>

START_TEST(keys_move)
{
	sampler_keys("jjj");
	sampler_shows("row 4");
	vt_key(sampler, VTERM_KEY_DOWN);
	vt_key(sampler, VTERM_KEY_UP);
	vt_key(sampler, VTERM_KEY_DOWN);
	sampler_keys("k");
	sampler_shows("row 4");
	sampler_keys("G");
	sampler_shows("row 1,000 of 1,000");
	sampler_keys("g");
	sampler_shows("row 1");
	vt_key(sampler, VTERM_KEY_END);
	sampler_keys("");
	sampler_shows("row 1,000 of 1,000");
	vt_key(sampler, VTERM_KEY_HOME);
	sampler_keys("");
	sampler_shows("row 1 of");
	sampler_keys("\004");
	sampler_shows("row 11");
	sampler_keys("\025");
	sampler_shows("row 1 of");
	sampler_keys("\006");
	sampler_shows("row 20");
	vt_key(sampler, VTERM_KEY_PAGEDOWN);
	sampler_keys("");
	sampler_shows("row 39");
	sampler_keys("\002\002");
	sampler_shows("row 1 of");
}
END_TEST

START_TEST(keys_counts)
{
	sampler_keys("5j");
	sampler_shows("row 6");
	sampler_keys("300j");
	sampler_shows("row 306");
	sampler_keys("99999k");
	sampler_shows("row 1 of");
}
END_TEST

START_TEST(keys_500_at_once)
{
	char many[501];

	memset(many, 'j', 500);
	many[500] = 0;
	sampler_keys(many);
	sampler_shows("row 501");
}
END_TEST

START_TEST(keys_open_and_copy)
{
	sampler_keys("jj\r");
	sampler_shows("echo: 0000002");
	sampler_keys("y");
	ck_assert_str_eq(sampler->osc, "52;c;MDAwMDAwMg==");
	sampler_shows("Copied 0000002");
}
END_TEST

START_TEST(keys_mark)
{
	sampler_keys("  ");
	sampler_shows("2 marked");
	ck_assert_int_eq(vt_cell(sampler, 2, 0).chars[0], '*');
	sampler_keys("\033");
	sampler_hides("marked");
}
END_TEST

START_TEST(keys_search)
{
	sampler_keys("/漢字");
	sampler_shows("Search: 漢字");
	sampler_shows("Sample /漢字"); // seen in the title
	sampler_keys("\r");
	sampler_hides("Search: ");
	sampler_shows("row 3 of");
	sampler_keys("n");
	sampler_shows("row 11");
	sampler_keys("N");
	sampler_shows("row 3");
	sampler_keys("/ayşe\r");
	sampler_keys("NN");
	sampler_shows("Search went round");
	sampler_keys("\033");
	sampler_hides("Sample /");
	sampler_keys("n");
	sampler_shows("Nothing is searched for");
}
END_TEST

START_TEST(keys_search_highlights)
{
	int row, column;

	sampler_keys("/Yılmaz\r");
	ck_assert(vt_find(sampler, "0000008", &row, NULL));
	ck_assert(vt_find(sampler, "Yılmaz", NULL, &column));
	ck_assert(vt_cell(sampler, row, 15).attrs.underline);
	ck_assert(!vt_cell(sampler, row, 11).attrs.underline);
}
END_TEST

START_TEST(keys_commands)
{
	sampler_keys(":fir");
	sampler_shows(":fir");
	sampler_keys("\t");
	sampler_shows(":first");
	sampler_keys("\r");
	sampler_keys(":down 7\r");
	sampler_shows("row 8");
	sampler_keys(":help\r");
	sampler_shows("sample: A list to try");
	sampler_keys(":q\r");
	sampler_shows("row 8");
	sampler_keys(":nonsense\r");
	sampler_shows("No command is called \"nonsense\"");
	sampler_keys(":"); // history
	vt_key(sampler, VTERM_KEY_UP);
	vt_key(sampler, VTERM_KEY_UP);
	vt_key(sampler, VTERM_KEY_UP);
	sampler_keys("");
	ck_assert_str_eq(vt_row(sampler, 22), ":help");
	sampler_keys("\033");
	ck_assert_str_ne(vt_row(sampler, 22), ":help");
}
END_TEST

START_TEST(keys_prompt_edits_utf8)
{
	sampler_keys(":şğ 漢\x7fx");
	sampler_shows(":şğ x");
	sampler_keys("\x7f\x7f\x7f\x7f\x7f"); // one more than there is: leaves
	ck_assert_str_eq(vt_row(sampler, 22) + strspn(vt_row(sampler, 22), " "), "row 1 of 1,000");
}
END_TEST

START_TEST(keys_escape_never_quits)
{
	sampler_keys("\033\033\033");
	sampler_shows("leaves the program");
	sampler_keys("j");
	sampler_shows("row 2");
}
END_TEST

START_TEST(keys_q_closes_then_leaves)
{
	sampler_keys("p");
	sampler_shows("Sample › panes");
	sampler_keys("q");
	sampler_hides("› panes");
	sampler_leaves_tidily("q", 0);
}
END_TEST

START_TEST(keys_quit)
{
	sampler_keys("p");
	sampler_leaves_tidily("Q", 0);
}
END_TEST

START_TEST(keys_quit_by_command)
{
	sampler_leaves_tidily(":qa\r", 0);
}
END_TEST

START_TEST(keys_interrupt_leaves)
{
	sampler_keys(":");
	sampler_keys("\003"); // first the prompt
	sampler_shows("row 1");
	sampler_leaves_tidily("\003", 0);
}
END_TEST

START_TEST(keys_redraw)
{
	sampler_keys("j");
	long before = sampler->bytes;
	sampler_keys("\014");
	ck_assert_int_gt(sampler->bytes - before, 1000);
	sampler_shows("row 2");
}
END_TEST

START_TEST(keys_help)
{
	sampler_keys("?");
	sampler_shows("Sample › help");
	sampler_shows("Open the form  (:form)");
	sampler_shows("e, E"); // the keys as set, not the default
	sampler_keys("/compl\r");
	sampler_shows("In a prompt: complete");
	sampler_keys("\033\033");
	sampler_hides("› help");
	vt_key(sampler, VTERM_KEY_FUNCTION(1));
	sampler_keys("");
	sampler_shows("Sample › help");
}
END_TEST

START_TEST(keys_unknown_names_help)
{
	sampler_keys("Z");
	sampler_shows("The key Z does nothing here; ? shows the keys");
	vt_send(sampler, "\033[1;5C");
	sampler_keys("");
	sampler_shows("This key is not known");
	sampler_shows("row 1");
}
END_TEST

START_TEST(keys_disabled_says_why)
{
	sampler_keys("x");
	sampler_shows("refused: a manager has to approve it first");
}
END_TEST

START_TEST(keys_bar)
{
	sampler_shows("?:help  e:edit  v:revoke  c:choose  s:slow");
	sampler_keys("v");
	sampler_hides("e:edit");
}
END_TEST

START_TEST(keys_conflict_is_reported)
{
	sampler_close();
	sampler_open("--clash", NULL, 24, 80);
	ck_assert(vt_wait_exit(sampler));
	ck_assert_int_eq(WEXITSTATUS(sampler->status), 1);
	sampler_shows("the key v means");
	sampler_shows("both form and revoke");
	ck_assert(!sampler->altscreen);
}
END_TEST

START_TEST(keys_tabs)
{
	sampler_keys("p2");
	sampler_shows("first line");
	vt_send(sampler, "\033");
	sampler_keys("");
	sampler_keys("p3");
	sampler_hides("first line");
	sampler_keys("1");
	sampler_shows("50 %");
	sampler_keys("\t\t\t");
	sampler_shows("50 %");
}
END_TEST

START_TEST(keys_f_keys_of_both_kinds)
{
	sampler_keys("\033OP");
	sampler_shows("help");
	sampler_keys("q\033[11~");
	sampler_shows("help");
	sampler_keys("q\033[[A");
	sampler_shows("help");
	sampler_keys("q\033[H\033[B\033OB");
	sampler_shows("row 3");
}
END_TEST

START_TEST(keys_mouse)
{
	ck_assert_int_eq(sampler->mouse, 0);
	sampler_keys("M");
	ck_assert_int_ne(sampler->mouse, 0);
	sampler_shows("Shift-drag");
	vterm_mouse_move(sampler->term, 5, 10, VTERM_MOD_NONE);
	vterm_mouse_button(sampler->term, 1, true, VTERM_MOD_NONE);
	vterm_mouse_button(sampler->term, 1, false, VTERM_MOD_NONE);
	sampler_keys("");
	sampler_shows("row 4");
	vterm_mouse_button(sampler->term, 1, true, VTERM_MOD_NONE);
	vterm_mouse_button(sampler->term, 1, false, VTERM_MOD_NONE);
	sampler_keys("");
	sampler_shows("echo: 0000003");
	vterm_mouse_button(sampler->term, 5, true, VTERM_MOD_NONE);
	sampler_keys("");
	sampler_shows("row 7");
	sampler_keys("M");
	ck_assert_int_eq(sampler->mouse, 0);
}
END_TEST

Suite *ui_suite(void);
Suite *ui_suite(void)
{
	static const TTest *const *const tests[] = {
		&keys_move,
		&keys_counts,
		&keys_500_at_once,
		&keys_open_and_copy,
		&keys_mark,
		&keys_search,
		&keys_search_highlights,
		&keys_commands,
		&keys_prompt_edits_utf8,
		&keys_escape_never_quits,
		&keys_q_closes_then_leaves,
		&keys_quit,
		&keys_quit_by_command,
		&keys_interrupt_leaves,
		&keys_redraw,
		&keys_help,
		&keys_unknown_names_help,
		&keys_disabled_says_why,
		&keys_bar,
		&keys_conflict_is_reported,
		&keys_tabs,
		&keys_f_keys_of_both_kinds,
		&keys_mouse,
	};
	return sampler_suite("ui", tests, sizeof tests / sizeof tests[0]);
}
