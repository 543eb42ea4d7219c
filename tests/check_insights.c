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

// What a worker posts moves the figures that are open, once it has counted it.
START_TEST(open_figures_move_by_themselves)
{
	struct vt *vt = house_screens("mona", NULL, 40, 100);
	house_keys(vt, "F");
	house_shows(vt, "Average order value");
	house_hides(vt, "$147.96");
	house_worker_start();
	house_sql(NULL, "SELECT loyalty.submit_event(1, 'purchase', 'test', 'dear', NULL, '{\"amount\": 125000}')");
	house_waits(vt, "$147.96");
	house_worker_stop();
	house_leave(vt);
}
END_TEST

// A point costs what rewards give for it, until the house says something else, on the screen.
START_TEST(the_house_says_what_no_ledger_knows)
{
	struct vt *vt = house_screens("mona", NULL, 50, 100);
	house_keys(vt, "F");
	house_shows(vt, "Lifetime value, simple");
	house_shows(vt, "Points liability, gross");
	int64_t cents = house_number("SELECT sum(points) * 6 / 100 FROM loyalty.balance WHERE currency_id = 1");
	char gross[40], dear[40];
	snprintf(gross, sizeof gross, "$%d.%02d", (int)(cents / 100), (int)(cents % 100));
	snprintf(dear, sizeof dear, "$%d.%02d", (int)(cents * 2 / 100), (int)(cents * 2 % 100));
	house_shows(vt, gross);
	house_keys(vt, "s");
	house_shows(vt, "What no ledger knows");
	house_keys(vt, "30\t3\t\t\t0,12\t2026-13\t");
	house_shows(vt, "a month is YYYY-MM");
	house_keys(vt, "\023");
	house_shows(vt, "What no ledger knows");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.insight_setting"), 0);
	house_keys(vt, "\033");
	house_keys(vt, "y");
	house_keys(vt, "s30\t3\t\t\t0,12\023");
	house_waits(vt, dear);
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.insight_setting WHERE (name, value) IN (('margin', 30), ('years', 3), "
				      "('point_cost', 0.12)) AND set_by = 'mona'"),
		3);
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.audit_log WHERE action = 'insight.set' AND login = 'mona'"), 3);
	house_keys(vt, "s500\023");
	house_shows(vt, "margin cannot be");
	house_keys(vt, "\033");
	house_keys(vt, "y");
	house_leave(vt);
}
END_TEST

START_TEST(points_of_a_month_lead_to_who_got_them)
{
	struct vt *vt = house_screens("mona", NULL, 24, 80);
	house_keys(vt, "Fb");
	house_shows(vt, "Issued in");
	house_shows(vt, "0.0 %");
	house_keys(vt, "\r");
	house_shows(vt, "were issued points in the month");
	house_shows(vt, "1000001");
	house_leave(vt);
}
END_TEST

// Movement has a trend and its members, as a tier has.
START_TEST(movement_between_tiers_leads_to_who_moved)
{
	struct vt *vt = house_screens("mona", NULL, 50, 100);
	house_keys(vt, "F");
	house_shows(vt, "Moved down a tier");
	house_keys(vt, "G");
	house_shows(vt, "Changes of tier over the last twelve months");
	house_keys(vt, "\r");
	house_shows(vt, "moved down in the last twelve months, on any ladder");
	house_keys(vt, "\033");
	house_keys(vt, "kk");
	house_shows(vt, "came from below");
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
	tcase_add_test(screens, the_house_says_what_no_ledger_knows);
	tcase_add_test(screens, points_of_a_month_lead_to_who_got_them);
	tcase_add_test(screens, movement_between_tiers_leads_to_who_moved);
	tcase_add_test(screens, the_grid_leads_to_who_is_in_a_cell);
	tcase_add_test(screens, support_does_not_get_there);
	tcase_add_test(screens, a_reader_pins_nothing);
	suite_add_tcase(suite, screens);
	return suite;
}
