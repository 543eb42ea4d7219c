// The plot of a line with its band, cell by cell.
#include "screens/ui/plot.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *plot_suite(void);

// The cells as text: braille as its hexadecimal number, the band alone as "::", nothing as "..".
static const char *drawn(const struct plot *plot, int height, int width)
{
	static char text[4096];
	struct plot_cell *cells = calloc((size_t)height * (size_t)width, sizeof *cells);
	size_t used = 0;
	ck_assert_ptr_nonnull(cells);
	plot_cells(plot, height, width, cells);
	for (int i = 0; i < height * width; i++) {
		const struct plot_cell *cell = &cells[i];
		if (cell->dots)
			used += (size_t)snprintf(text + used, sizeof text - used, "%02x", cell->dots);
		else
			used += (size_t)snprintf(text + used, sizeof text - used, "%s", cell->in_band ? "::" : "..");
		if ((i + 1) % width == 0)
			used += (size_t)snprintf(text + used, sizeof text - used, "\n");
	}
	free(cells);
	return text;
}

static struct plot plot_of(const struct plot_point *points, int count)
{
	return (struct plot){.points = points, .count = count, .least = -100, .most = 100, .selected = -1};
}

START_TEST(a_rising_line_goes_from_corner_to_corner)
{
	static const struct plot_point points[] = {{0, 0, 0, false}, {70, 70, 70, false}};
	struct plot plot = plot_of(points, 2);
	double bottom, top;
	plot_scale(&plot, &bottom, &top);
	ck_assert_double_eq(bottom, 0);
	ck_assert_double_eq(top, 70);
	static const struct plot_point whole[] = {{0, 0, 0, false}, {100, 100, 100, false}};
	plot = plot_of(whole, 2);
	ck_assert_str_eq(drawn(&plot, 2, 3), "..a003\n7001..\n");
}
END_TEST

START_TEST(the_band_is_where_the_interval_is)
{
	static const struct plot_point points[] = {{50, 0, 100, false}, {50, 0, 100, false}};
	struct plot plot = plot_of(points, 2);
	ck_assert_str_eq(drawn(&plot, 3, 3), "::::::\n242404\n::::::\n");
	static const struct plot_point narrow[] = {{50, 40, 60, false}, {50, 0, 100, false}};
	plot = plot_of(narrow, 2);
	ck_assert_str_eq(drawn(&plot, 3, 5), "..::::::::\n2424242404\n..::::::::\n");
}
END_TEST

START_TEST(a_missing_point_leaves_a_gap)
{
	static const struct plot_point points[] = {{0, 0, 0, false}, {.is_missing = true}, {100, 100, 100, false}};
	struct plot plot = plot_of(points, 3);
	ck_assert_str_eq(drawn(&plot, 1, 5), "40......01\n");
	static const struct plot_point lone[] = {{.is_missing = true}, {.is_missing = true}};
	plot = plot_of(lone, 2);
	ck_assert_str_eq(drawn(&plot, 1, 3), "......\n");
	plot = plot_of(NULL, 0);
	ck_assert_str_eq(drawn(&plot, 1, 2), "....\n");
}
END_TEST

START_TEST(what_there_is_no_room_for_is_the_oldest)
{
	struct plot_point points[10];
	for (int i = 0; i < 10; i++)
		points[i] = (struct plot_point){i < 6 ? -100 : 10, i < 6 ? -100 : 0, i < 6 ? -100 : 20, false};
	struct plot plot = plot_of(points, 10);
	ck_assert_int_eq(plot_first(&plot, 4), 6);
	ck_assert_int_eq(plot_first(&plot, 20), 0);
	ck_assert_int_eq(plot_column(&plot, 4, 6), 0);
	ck_assert_int_eq(plot_column(&plot, 4, 9), 3);
	ck_assert_int_eq(plot_column(&plot, 19, 9), 18);
	drawn(&plot, 2, 4); // and nothing is drawn outside
}
END_TEST

START_TEST(the_scale_holds_all_and_goes_no_further_than_values_can)
{
	static const struct plot_point alike[] = {{100, 100, 100, false}, {100, 100, 100, false}};
	struct plot plot = plot_of(alike, 2);
	double bottom, top;
	plot_scale(&plot, &bottom, &top);
	ck_assert_double_eq(top, 100);
	ck_assert_double_lt(bottom, 100);
	static const struct plot_point fine[] = {{4.11, 4.02, 4.2, false}};
	plot = plot_of(fine, 1);
	plot_scale(&plot, &bottom, &top);
	ck_assert_double_le(bottom, 4.02);
	ck_assert_double_ge(top, 4.2);
	ck_assert_double_lt(top - bottom, 0.5);
}
END_TEST

Suite *plot_suite(void)
{
	const TTest *const tests[] = {a_rising_line_goes_from_corner_to_corner, the_band_is_where_the_interval_is, a_missing_point_leaves_a_gap,
		what_there_is_no_room_for_is_the_oldest, the_scale_holds_all_and_goes_no_further_than_values_can};
	Suite *suite = suite_create("plot");
	TCase *tcase = tcase_create("cells");
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
