// The screens of the figures: what managers see, pin and follow to the members, and that others do not get
// there.
#include "tests/tui/house.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *insights_suite(void);

static void setup(void)
{
	house_open("insights");
	house_work();
}

START_TEST(a_manager_reads_pins_and_follows_figures)
{
	struct vt *vt = house_screens("mona", NULL, 24, 80);
	house_keys(vt, "F");
	house_shows(vt, "Members");
	house_shows(vt, "Retention rate");
	house_shows(vt, "Everyone enrolled by the end of the month.");
	house_keys(vt, "pbefore spring\r");
	house_waits(vt, "baseline before spring of");
	house_shows(vt, "+0.0 %");
	house_keys(vt, "\r");
	house_shows(vt, "Members: all members");
	house_shows(vt, "1000001");
	house_keys(vt, "\r");
	house_shows(vt, "Timeline");
	house_leave(vt);
	ck_assert_int_eq(
		house_number("SELECT count(*) FROM loyalty.insight_baseline WHERE name = 'before spring'"),
		1);
}
END_TEST

// What somebody else posts moves the figures that are open.
START_TEST(open_figures_move_by_themselves)
{
	struct vt *vt = house_screens("mona", NULL, 40, 100);
	house_keys(vt, "F");
	house_shows(vt, "Average order value");
	house_hides(vt, "$9,999.00");
	house_sql(NULL, "UPDATE loyalty.insight_month SET revenue = 0, orders = 0; UPDATE "
			"loyalty.insight_month SET revenue = 999900, "
			"orders = 1 WHERE (month, bucket) = (SELECT month, min(bucket) FROM "
			"loyalty.insight_month WHERE month = "
			"loyalty.month_of(loyalty.business_day()) GROUP BY 1); SELECT "
			"pg_notify('loyalty_member', '1')");
	house_waits(vt, "$9,999.00");
	house_leave(vt);
}
END_TEST

START_TEST(the_grid_leads_to_who_is_in_a_cell)
{
	struct vt *vt = house_screens("nora", "--ascii", 24, 80);
	house_keys(vt, "Fx");
	house_shows(vt, "24 customers of the last twelve months");
	house_shows(vt, "5 just now");
	house_keys(vt, "\r");
	house_shows(vt, "Recency 5, frequency 1");
	house_shows(vt, "Nobody.");
	house_keys(vt, "\033");
	house_keys(vt, "jjjj\r");
	house_shows(vt, "Recency 1, frequency 1");
	house_shows(vt, "1000001");
	house_leave(vt);
}
END_TEST

START_TEST(support_does_not_get_there)
{
	struct vt *vt = house_screens("deniz", NULL, 24, 80);
	house_keys(vt, "F");
	house_hides(vt, "Retention");
	house_leave(vt);
}
END_TEST

START_TEST(a_reader_pins_nothing)
{
	struct vt *vt = house_screens("mona", "--read-only", 24, 80);
	house_keys(vt, "Fp");
	house_hides(vt, "Pin these figures");
	house_leave(vt);
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.insight_baseline"), 0);
}
END_TEST

Suite *insights_suite(void)
{
	Suite *suite = suite_create("insights");
	TCase *screens = tcase_create("screens");
	tcase_add_checked_fixture(screens, setup, house_close);
	tcase_set_timeout(screens, 60);
	tcase_add_test(screens, a_manager_reads_pins_and_follows_figures);
	tcase_add_test(screens, open_figures_move_by_themselves);
	tcase_add_test(screens, the_grid_leads_to_who_is_in_a_cell);
	tcase_add_test(screens, support_does_not_get_there);
	tcase_add_test(screens, a_reader_pins_nothing);
	suite_add_tcase(suite, screens);
	return suite;
}
