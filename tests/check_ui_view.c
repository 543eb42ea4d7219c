// The toolkit through a real pseudo-terminal: where one is, what one waits for, and text of every kind.
#include "tests/tui/toolkit.h"

#include <check.h>

// Orientation.

START_TEST(orientation_title)
{
	sampler_shows("Sample");
	sampler_shows("deniz@demo support");
	sampler_shows("test");
	sampler_close();
	sampler_open("--production", NULL, 24, 80);
	ck_assert(vt_wait_text(sampler, "PRODUCTION"));
	sampler_shows("READ-ONLY");
	int row, column;
	ck_assert(vt_find(sampler, "PRODUCTION", &row, &column));
	VTermScreenCell cell = vt_cell(sampler, row, column);
	ck_assert(VTERM_COLOR_IS_INDEXED(&cell.bg));
	ck_assert_int_eq(cell.bg.indexed.idx, 160);
}
END_TEST

START_TEST(orientation_position)
{
	sampler_keys("G40k");
	sampler_shows("row 960 of 1,000");
}
END_TEST

START_TEST(orientation_cursor_on_the_row)
{
	int row, column;

	sampler_keys("jjj");
	vt_cursor(sampler, &row, &column);
	ck_assert_int_eq(row, 5);
	ck_assert_int_eq(column, 0);
	ck_assert(!sampler->cursor);
	sampler_keys("e");
	vt_cursor(sampler, &row, &column);
	ck_assert(sampler->cursor);
	ck_assert_int_eq(row, 3);
	ck_assert_int_eq(column, 22 + 4);
}
END_TEST

START_TEST(orientation_refresh_keeps_the_row)
{
	sampler_keys("100j\022");
	sampler_shows("row 101");
	sampler_keys(":rows 50\r");
	sampler_shows("row 50 of 50");
	sampler_keys(":rows 0\r");
	sampler_shows("There are no rows");
	sampler_keys("jkGg \r/x\r");
	sampler_keys(":rows 9\r");
	sampler_shows("of 9");
}
END_TEST

// Waiting.

START_TEST(waiting_shows_and_cancels)
{
	vt_send(sampler, "s");
	ck_assert(vt_wait_text(sampler, "loading slowly, 0 s  Esc cancels"));
	vt_send(sampler, "jjj"); // nothing blocks
	ck_assert(vt_wait_text(sampler, "0000003"));
	sampler_keys("\033");
	sampler_shows("Cancelled: loading slowly");
	sampler_shows("row 4");
}
END_TEST

START_TEST(waiting_counts_seconds)
{
	vt_send(sampler, "s");
	ck_assert(vt_wait_text(sampler, "loading slowly, 1 s"));
	sampler_keys("\003"); // Ctrl-C cancels too, and does not leave
	sampler_shows("Cancelled");
}
END_TEST

START_TEST(waiting_page_down_held)
{
	sampler_keys(":hold on\r");
	for (int i = 0; i < 30; i++)
		vt_key(sampler, VTERM_KEY_PAGEDOWN);
	vt_send(sampler, ":asked\r");
	ck_assert(vt_wait_text(sampler, "asked 2,"));
	vt_send(sampler, ":hold off\r");
	ck_assert(vt_sync(sampler));
	sampler_shows("row 571");
}
END_TEST

// Text.

START_TEST(text_cells)
{
	VTermScreenCell cell = vt_cell(sampler, 4, 10);

	ck_assert_int_eq(cell.chars[0], 0x6f22);
	ck_assert_int_eq(cell.width, 2);
	cell = vt_cell(sampler, 5, 10);
	ck_assert_int_eq(cell.chars[0], 'e');
	ck_assert_int_eq(cell.chars[1], 0x301);
	ck_assert_int_eq(vt_cell(sampler, 5, 11).chars[0], 't');
	sampler_shows("bad �[31mred�[0m �� bytes");
	sampler_shows("override zero");
	sampler_shows("long name that goes on and on until no column can e…");
	// Whatever stands in a name, the column behind it stays where it is.
	for (int row = 2; row < 20; row++)
		ck_assert(vt_cell(sampler, row, 63).chars[0] == 'g' ||
			  vt_cell(sampler, row, 63).chars[0] == 'o');
}
END_TEST

START_TEST(text_area_wraps_and_moves)
{
	sampler_keys("p2");
	for (int i = 0; i < 30; i++)
		vt_send(sampler, " word");
	sampler_keys("");
	int row, column, start;
	ck_assert(vt_find(sampler, "second", &start, NULL));
	vt_cursor(sampler, &row, &column);
	ck_assert_int_eq(row, start + 1);
	vt_key(sampler, VTERM_KEY_UP);
	sampler_keys("");
	vt_cursor(sampler, &row, &column);
	ck_assert_int_eq(row, start);
}
END_TEST

START_TEST(text_ascii)
{
	sampler_close();
	sampler_open("--ascii", NULL, 24, 80);
	ck_assert(vt_wait_text(sampler, "row 1"));
	sampler_shows("until no column can e~");
	sampler_keys("v");
	sampler_shows("+-");
	sampler_hides("─");
	sampler_keys("\033p");
	sampler_shows("Sample > panes");
	sampler_shows("##########..........");
}
END_TEST

Suite *ui_view_suite(void);
Suite *ui_view_suite(void)
{
	static const TTest *const *const tests[] = {
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
	return sampler_suite("ui_view", tests, sizeof tests / sizeof tests[0]);
}
