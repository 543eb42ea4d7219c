// The toolkit through a real pseudo-terminal, as a person meets it: UI habits, each box of the checklist its
// own test.
#include "tests/tui/vt.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct vt *vt;

// The sampler lies beside the test runner.
static const char *sampler(void)
{
	static char path[4096];
	ssize_t length = readlink("/proc/self/exe", path, sizeof path - 16);

	ck_assert_int_gt(length, 0);
	path[length] = 0;
	strcpy(strrchr(path, '/') + 1, "sampler");
	return path;
}

static void open_with(const char *option, const char *const *environment, int rows, int columns)
{
	char path[4096], argument[64];

	snprintf(path, sizeof path, "%s", sampler());
	snprintf(argument, sizeof argument, "%s", option ? option : "");
	vt = vt_open((char *[]){path, option ? argument : NULL, NULL}, environment, rows, columns);
}

static void start(void)
{
	open_with(NULL, NULL, 24, 80);
	ck_assert(vt_wait_text(vt, "row 1"));
	ck_assert(vt_sync(vt));
}

static void finish(void)
{
	vt_close(vt);
}

static void keys(const char *text)
{
	vt_send(vt, text);
	ck_assert(vt_sync(vt));
}

static void shows(const char *text)
{
	if (!vt_find(vt, text, NULL, NULL)) {
		vt_print(vt);
		ck_abort_msg("\"%s\" is not on the screen", text);
	}
}

static void hides(const char *text)
{
	if (vt_find(vt, text, NULL, NULL)) {
		vt_print(vt);
		ck_abort_msg("\"%s\" is on the screen", text);
	}
}

static void leaves_tidily(const char *how, int status)
{
	vt_send(vt, how);
	ck_assert(vt_wait_exit(vt));
	ck_assert_int_eq(WEXITSTATUS(vt->status), status);
	ck_assert(WIFEXITED(vt->status));
	ck_assert(vt_tidy(vt));
}

// Keys.

START_TEST(keys_move)
{
	keys("jjj");
	shows("row 4");
	vt_key(vt, VTERM_KEY_DOWN);
	vt_key(vt, VTERM_KEY_UP);
	vt_key(vt, VTERM_KEY_DOWN);
	keys("k");
	shows("row 4");
	keys("G");
	shows("row 1,000 of 1,000");
	keys("g");
	shows("row 1");
	vt_key(vt, VTERM_KEY_END);
	keys("");
	shows("row 1,000 of 1,000");
	vt_key(vt, VTERM_KEY_HOME);
	keys("");
	shows("row 1 of");
	keys("\004");
	shows("row 11");
	keys("\025");
	shows("row 1 of");
	keys("\006");
	shows("row 20");
	vt_key(vt, VTERM_KEY_PAGEDOWN);
	keys("");
	shows("row 39");
	keys("\002\002");
	shows("row 1 of");
}
END_TEST

START_TEST(keys_counts)
{
	keys("5j");
	shows("row 6");
	keys("300j");
	shows("row 306");
	keys("99999k");
	shows("row 1 of");
}
END_TEST

START_TEST(keys_500_at_once)
{
	char many[501];

	memset(many, 'j', 500);
	many[500] = 0;
	keys(many);
	shows("row 501");
}
END_TEST

START_TEST(keys_open_and_copy)
{
	keys("jj\r");
	shows("echo: 0000002");
	keys("y");
	ck_assert_str_eq(vt->osc, "52;c;MDAwMDAwMg==");
	shows("Copied 0000002");
}
END_TEST

START_TEST(keys_mark)
{
	keys("  ");
	shows("2 marked");
	ck_assert_int_eq(vt_cell(vt, 2, 0).chars[0], '*');
	keys("\033");
	hides("marked");
}
END_TEST

START_TEST(keys_search)
{
	keys("/漢字");
	shows("Search: 漢字");
	shows("Sample /漢字"); // seen in the title
	keys("\r");
	hides("Search: ");
	shows("row 3 of");
	keys("n");
	shows("row 11");
	keys("N");
	shows("row 3");
	keys("/ayşe\r");
	keys("NN");
	shows("Search went round");
	keys("\033");
	hides("Sample /");
	keys("n");
	shows("Nothing is searched for");
}
END_TEST

START_TEST(keys_search_highlights)
{
	int row, column;

	keys("/Yılmaz\r");
	ck_assert(vt_find(vt, "0000008", &row, NULL));
	ck_assert(vt_find(vt, "Yılmaz", NULL, &column));
	ck_assert(vt_cell(vt, row, 15).attrs.underline);
	ck_assert(!vt_cell(vt, row, 11).attrs.underline);
}
END_TEST

START_TEST(keys_commands)
{
	keys(":fir");
	shows(":fir");
	keys("\t");
	shows(":first");
	keys("\r");
	keys(":down 7\r");
	shows("row 8");
	keys(":help\r");
	shows("sample: A list to try");
	keys(":q\r");
	shows("row 8");
	keys(":nonsense\r");
	shows("No command is called \"nonsense\"");
	keys(":"); // history
	vt_key(vt, VTERM_KEY_UP);
	vt_key(vt, VTERM_KEY_UP);
	vt_key(vt, VTERM_KEY_UP);
	keys("");
	ck_assert_str_eq(vt_row(vt, 22), ":help");
	keys("\033");
	ck_assert_str_ne(vt_row(vt, 22), ":help");
}
END_TEST

START_TEST(keys_prompt_edits_utf8)
{
	keys(":şğ 漢\x7fx");
	shows(":şğ x");
	keys("\x7f\x7f\x7f\x7f\x7f"); // one more than there is: leaves
	ck_assert_str_eq(vt_row(vt, 22) + strspn(vt_row(vt, 22), " "), "row 1 of 1,000");
}
END_TEST

START_TEST(keys_escape_never_quits)
{
	keys("\033\033\033");
	shows("leaves the program");
	keys("j");
	shows("row 2");
}
END_TEST

START_TEST(keys_q_closes_then_leaves)
{
	keys("p");
	shows("Sample › panes");
	keys("q");
	hides("› panes");
	leaves_tidily("q", 0);
}
END_TEST

START_TEST(keys_quit)
{
	keys("p");
	leaves_tidily("Q", 0);
}
END_TEST

START_TEST(keys_quit_by_command)
{
	leaves_tidily(":qa\r", 0);
}
END_TEST

START_TEST(keys_interrupt_leaves)
{
	keys(":");
	keys("\003"); // first the prompt
	shows("row 1");
	leaves_tidily("\003", 0);
}
END_TEST

START_TEST(keys_redraw)
{
	keys("j");
	long before = vt->bytes;
	keys("\014");
	ck_assert_int_gt(vt->bytes - before, 1000);
	shows("row 2");
}
END_TEST

START_TEST(keys_help)
{
	keys("?");
	shows("Sample › help");
	shows("Open the form  (:form)");
	shows("e, E"); // the keys as set, not the default
	keys("/compl\r");
	shows("In a prompt: complete");
	keys("\033\033");
	hides("› help");
	vt_key(vt, VTERM_KEY_FUNCTION(1));
	keys("");
	shows("Sample › help");
}
END_TEST

START_TEST(keys_unknown_names_help)
{
	keys("Z");
	shows("The key Z does nothing here; ? shows the keys");
	vt_send(vt, "\033[1;5C");
	keys("");
	shows("This key is not known");
	shows("row 1");
}
END_TEST

START_TEST(keys_disabled_says_why)
{
	keys("x");
	shows("refused: a manager has to approve it first");
}
END_TEST

START_TEST(keys_bar)
{
	shows("?:help  e:edit  v:revoke  c:choose  s:slow");
	keys("v");
	hides("e:edit");
}
END_TEST

START_TEST(keys_conflict_is_reported)
{
	finish();
	open_with("--clash", NULL, 24, 80);
	ck_assert(vt_wait_exit(vt));
	ck_assert_int_eq(WEXITSTATUS(vt->status), 1);
	shows("the key v means");
	shows("both form and revoke");
	ck_assert(!vt->altscreen);
}
END_TEST

START_TEST(keys_tabs)
{
	keys("p2");
	shows("first line");
	vt_send(vt, "\033");
	keys("");
	keys("p3");
	hides("first line");
	keys("1");
	shows("50 %");
	keys("\t\t\t");
	shows("50 %");
}
END_TEST

START_TEST(keys_f_keys_of_both_kinds)
{
	keys("\033OP");
	shows("help");
	keys("q\033[11~");
	shows("help");
	keys("q\033[[A");
	shows("help");
	keys("q\033[H\033[B\033OB");
	shows("row 3");
}
END_TEST

START_TEST(keys_mouse)
{
	ck_assert_int_eq(vt->mouse, 0);
	keys("M");
	ck_assert_int_ne(vt->mouse, 0);
	shows("Shift-drag");
	vterm_mouse_move(vt->term, 5, 10, VTERM_MOD_NONE);
	vterm_mouse_button(vt->term, 1, true, VTERM_MOD_NONE);
	vterm_mouse_button(vt->term, 1, false, VTERM_MOD_NONE);
	keys("");
	shows("row 4");
	vterm_mouse_button(vt->term, 1, true, VTERM_MOD_NONE);
	vterm_mouse_button(vt->term, 1, false, VTERM_MOD_NONE);
	keys("");
	shows("echo: 0000003");
	vterm_mouse_button(vt->term, 5, true, VTERM_MOD_NONE);
	keys("");
	shows("row 7");
	keys("M");
	ck_assert_int_eq(vt->mouse, 0);
}
END_TEST

// Danger and forms.

START_TEST(danger_no_is_the_default)
{
	keys("v");
	shows("Revoke 1,250 points from 3 members");
	keys("\r");
	hides("Revoke 1,250");
	hides("echo: revoked");
	keys("v");
	vt_key(vt, VTERM_KEY_LEFT);
	keys("\r");
	shows("echo: revoked");
}
END_TEST

START_TEST(danger_yes_by_letter_and_escape)
{
	keys("v\033");
	hides("Revoke 1,250");
	keys("vn");
	hides("echo: revoked");
	keys("vy");
	shows("echo: revoked");
}
END_TEST

START_TEST(danger_typed)
{
	keys("W\t\r");
	shows("Type wipe it first");
	hides("echo: revoked");
	keys("wipe it\r");
	shows("echo: revoked");
}
END_TEST

START_TEST(dialog_chooses)
{
	keys("cj\r");
	shows("echo: violet");
	keys("c\033");
	shows("echo: violet");
	keys("i");
	shows("In two lines.");
	keys("\r");
	hides("In two lines.");
}
END_TEST

START_TEST(form_saves)
{
	keys("e");
	shows("Sample › Edit row");
	keys(" Y\ta@b\t2020-02-29\t12.50\tv\ttwo\nlines\t\r");
	shows("echo: saved <Ayşe Y> <a@b> <violet> <9 bytes>");
}
END_TEST

START_TEST(form_shows_errors_beside_fields)
{
	keys("e\tnot an address\t2021-02-29\tmany\t");
	shows("has no @");
	shows("there is no such day");
	shows("write a number");
	vt_key(vt, VTERM_KEY_FUNCTION(2));
	keys("");
	shows("E-mail: has no @");
	hides("echo: saved");
}
END_TEST

START_TEST(form_refusal_keeps_what_was_typed)
{
	keys("e\025taken\023");
	shows("is taken");
	shows("Edit row");
	keys("\025free\023");
	shows("echo: saved <free>");
}
END_TEST

START_TEST(form_asks_before_losing)
{
	keys("e\033");
	hides("Edit row"); // nothing changed, nothing asked
	keys("ex");
	int row;
	ck_assert(vt_find(vt, "Name", &row, NULL));
	ck_assert_int_eq(vt_cell(vt, row, 0).chars[0], '*');
	keys("\033");
	shows("Not saved: Edit row");
	keys("\r");
	shows("Ayşex");
	keys("\033y");
	hides("Edit row");
}
END_TEST

START_TEST(form_quit_asks_too)
{
	keys("ex\003");
	shows("Leave without saving?");
	keys("\033");
	shows("Ayşex");
}
END_TEST

START_TEST(paste_goes_into_the_field_whole)
{
	keys("e\025\033[200~pasted\nq Q :qa\r\033[201~");
	shows("pasted q Q :qa");
	shows("Edit row");
}
END_TEST

START_TEST(paste_is_no_command)
{
	keys("\033[200~Q\033[201~");
	shows("Nothing here takes pasted text");
	keys("j");
	shows("row 2");
}
END_TEST

START_TEST(paste_keeps_newlines_in_a_text)
{
	keys("p2\033[200~\none\ntwo\033[201~");
	shows("one");
	shows("second");
	int one, two;
	ck_assert(vt_find(vt, "one", &one, NULL));
	ck_assert(vt_find(vt, "two", &two, NULL));
	ck_assert_int_eq(two, one + 1);
}
END_TEST

// Orientation.

START_TEST(orientation_title)
{
	shows("Sample");
	shows("deniz@demo support");
	shows("test");
	finish();
	open_with("--production", NULL, 24, 80);
	ck_assert(vt_wait_text(vt, "PRODUCTION"));
	shows("READ-ONLY");
	int row, column;
	ck_assert(vt_find(vt, "PRODUCTION", &row, &column));
	VTermScreenCell cell = vt_cell(vt, row, column);
	ck_assert(VTERM_COLOR_IS_INDEXED(&cell.bg));
	ck_assert_int_eq(cell.bg.indexed.idx, 160);
}
END_TEST

START_TEST(orientation_position)
{
	keys("G40k");
	shows("row 960 of 1,000");
}
END_TEST

START_TEST(orientation_cursor_on_the_row)
{
	int row, column;

	keys("jjj");
	vt_cursor(vt, &row, &column);
	ck_assert_int_eq(row, 5);
	ck_assert_int_eq(column, 0);
	ck_assert(!vt->cursor);
	keys("e");
	vt_cursor(vt, &row, &column);
	ck_assert(vt->cursor);
	ck_assert_int_eq(row, 3);
	ck_assert_int_eq(column, 22 + 4);
}
END_TEST

START_TEST(orientation_refresh_keeps_the_row)
{
	keys("100j\022");
	shows("row 101");
	keys(":rows 50\r");
	shows("row 50 of 50");
	keys(":rows 0\r");
	shows("There are no rows");
	keys("jkGg \r/x\r");
	keys(":rows 9\r");
	shows("of 9");
}
END_TEST

// Waiting.

START_TEST(waiting_shows_and_cancels)
{
	vt_send(vt, "s");
	ck_assert(vt_wait_text(vt, "loading slowly, 0 s  Esc cancels"));
	vt_send(vt, "jjj"); // nothing blocks
	ck_assert(vt_wait_text(vt, "0000003"));
	keys("\033");
	shows("Cancelled: loading slowly");
	shows("row 4");
}
END_TEST

START_TEST(waiting_counts_seconds)
{
	vt_send(vt, "s");
	ck_assert(vt_wait_text(vt, "loading slowly, 1 s"));
	keys("\003"); // Ctrl-C cancels too, and does not leave
	shows("Cancelled");
}
END_TEST

START_TEST(waiting_page_down_held)
{
	keys(":hold on\r");
	for (int i = 0; i < 30; i++)
		vt_key(vt, VTERM_KEY_PAGEDOWN);
	vt_send(vt, ":asked\r");
	ck_assert(vt_wait_text(vt, "asked 2,"));
	vt_send(vt, ":hold off\r");
	ck_assert(vt_sync(vt));
	shows("row 571");
}
END_TEST

// Text.

START_TEST(text_cells)
{
	VTermScreenCell cell = vt_cell(vt, 4, 10);

	ck_assert_int_eq(cell.chars[0], 0x6f22);
	ck_assert_int_eq(cell.width, 2);
	cell = vt_cell(vt, 5, 10);
	ck_assert_int_eq(cell.chars[0], 'e');
	ck_assert_int_eq(cell.chars[1], 0x301);
	ck_assert_int_eq(vt_cell(vt, 5, 11).chars[0], 't');
	shows("bad �[31mred�[0m �� bytes");
	shows("override zero");
	shows("long name that goes on and on until no column can e…");
	// Whatever stands in a name, the column behind it stays where it is.
	for (int row = 2; row < 20; row++)
		ck_assert(vt_cell(vt, row, 63).chars[0] == 'g' || vt_cell(vt, row, 63).chars[0] == 'o');
}
END_TEST

START_TEST(text_area_wraps_and_moves)
{
	keys("p2");
	for (int i = 0; i < 30; i++)
		vt_send(vt, " word");
	keys("");
	int row, column, start;
	ck_assert(vt_find(vt, "second", &start, NULL));
	vt_cursor(vt, &row, &column);
	ck_assert_int_eq(row, start + 1);
	vt_key(vt, VTERM_KEY_UP);
	keys("");
	vt_cursor(vt, &row, &column);
	ck_assert_int_eq(row, start);
}
END_TEST

START_TEST(text_ascii)
{
	finish();
	open_with("--ascii", NULL, 24, 80);
	ck_assert(vt_wait_text(vt, "row 1"));
	shows("until no column can e~");
	keys("v");
	shows("+-");
	hides("─");
	keys("\033p");
	shows("Sample > panes");
	shows("##########..........");
}
END_TEST

static void add(TCase *cases, const TTest *test)
{
	tcase_add_test(cases, test);
}

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
		&danger_no_is_the_default,
		&danger_yes_by_letter_and_escape,
		&danger_typed,
		&dialog_chooses,
		&form_saves,
		&form_shows_errors_beside_fields,
		&form_refusal_keeps_what_was_typed,
		&form_asks_before_losing,
		&form_quit_asks_too,
		&paste_goes_into_the_field_whole,
		&paste_is_no_command,
		&paste_keeps_newlines_in_a_text,
		&orientation_title,
		&orientation_position,
		&orientation_cursor_on_the_row,
		&orientation_refresh_keeps_the_row,
		&waiting_shows_and_cancels,
		&waiting_counts_seconds,
		&waiting_page_down_held,
		&text_cells,
		&text_area_wraps_and_moves,
		&text_ascii,
	};
	Suite *suite = suite_create("ui");
	TCase *cases = tcase_create("habits");

	tcase_set_timeout(cases, 60);
	tcase_add_checked_fixture(cases, start, finish);
	for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)
		add(cases, *tests[i]);
	suite_add_tcase(suite, cases);
	return suite;
}
