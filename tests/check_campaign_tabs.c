// What the screen of a campaign shows beside its rules: the dry run on all members, and how it has run.
#include "tests/campaigns.h"
#include "tests/tui/house.h"
#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *campaign_tabs_suite(void);

static struct vt *vt;

// Everybody wins, once, on the first day; on the others they come in vain.
static const char SURE[] =
	"campaign = { code = \"sure\"; name = \"Sure\"; start = \"2020-01-01\"; end = \"2199-12-31\"; "
	"trigger = { on = \"schedule\"; every = \"day\"; }; currency = \"STAR\"; prizes = ( { id = \"p\"; "
	"chance = 100; points = 2; cost = \"1.50\"; } ); budget = { points = 100; }; limits = { member = ( { count = 1; per = \"ever\"; } ); }; };";

// Ten days to come.
static void try_it(const char *shows)
{
	house_keys(vt, "w");
	house_shows(vt, "Try it on all members");
	house_keys(vt, " \r\02510\r\r");
	house_waits(vt, shows);
}

static void build(void)
{
	house_open("campaign_tabs");
	house_work();
	ck_assert_str_eq(campaigns_try_save("max", SURE, NULL), "");
}

static void open_campaign(const char *login, int rows, int columns)
{
	vt = house_screens(login, NULL, rows, columns);
	house_keys(vt, "P");
	house_waits(vt, "Sure");
	house_keys(vt, "G\r");
	house_waits(vt, "campaign 1, ");
}

START_TEST(a_dry_run_tells_who_and_what)
{
	open_campaign("max", 24, 80);
	house_keys(vt, "3");
	house_shows(vt, "Not tried yet");
	try_it("Tried on all members");
	house_shows(vt, "as it will run then");
	house_shows(vt, "240, 240 in the audience, of 24 members");
	house_shows(vt, "in the cooldown, ");
	house_shows(vt, "24 to 24 members: 48 STAR, $36.00");
	house_shows(vt, "Of these    24 p");
	house_shows(vt, "would be used up about");
	house_shows(vt, "none of these members anything");
	house_shows(vt, "The largest receivers");
	house_shows(vt, "1000001   Ay");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.campaign_grant"), 0);
	house_keys(vt, "j\r");
	house_waits(vt, "1 Timeline");
	house_shows(vt, "1000002");
	house_keys(vt, "\033");
	house_shows(vt, "3 Dry run");
	house_leave(vt);
}
END_TEST

START_TEST(it_tries_what_is_not_saved)
{
	open_campaign("max", 30, 120);
	try_it("24 to 24 members");
	house_keys(vt, "1");
	house_keys(vt, "gj\r\025Surer\r");
	house_shows(vt, "CHANGED, not saved");
	house_keys(vt, "3");
	house_shows(vt, "BEFORE YOUR LAST CHANGE");
	try_it("Tried on all members (w: again)");
	house_shows(vt, "24 to 24 members");
	house_leave(vt);
}
END_TEST

START_TEST(days_to_come_may_be_unknown)
{
	static const char until[] = "trigger = { on = \"return\"; days = 60; }";
	char document[1000];
	snprintf(document, sizeof document, "%s",
		campaigns_change(SURE, "trigger = { on = \"schedule\"; every = \"day\"; }", until));
	ck_assert_str_eq(
		campaigns_try_save("max", campaigns_change(document, "sure", "back"), NULL), "");
	vt = house_screens("max", NULL, 24, 80);
	house_keys(vt, "P");
	house_waits(vt, "on return");
	house_keys(vt, "\r");
	house_waits(vt, "campaign 2, ");
	house_keys(vt, "w");
	house_keys(vt, "\033");
	try_it("Failed: nobody knows yet what will trigger it");
	house_keys(vt, "w");
	house_keys(vt, "\r\0250\r");
	house_shows(vt, "1 to 1000");
	house_leave(vt);
}
END_TEST

// It runs for a minute: keys go on meanwhile, and Esc ends it on the server.
START_TEST(it_is_cancelled_while_keys_go_on)
{
	static const char asleep[] = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND "
				     "query LIKE '%due_schedule%'";
	house_sql(NULL, "ALTER FUNCTION loyalty.due_schedule(date, date, bigint, int, text, date) RENAME TO due_kept");
	house_sql(NULL,
		"CREATE FUNCTION loyalty.due_schedule(date, date, bigint, int, text, date) RETURNS TABLE "
		"(member_id bigint, instance bigint, on_day date) LANGUAGE sql SECURITY DEFINER AS "
		"'SELECT 1::bigint, 1::bigint, current_date FROM pg_sleep(60)'");
	open_campaign("max", 24, 80);
	house_keys(vt, "w");
	vt_send(vt, " \r\r\r");
	while (house_number(asleep) == 0)
		ck_assert(vt_pump(vt, 10) || !vt_has_ended(vt));
	vt_send(vt, "2");
	house_waits(vt, "What was done");
	vt_send(vt, "3");
	house_waits(vt, "Esc cancels");
	vt_send(vt, "\033");
	house_waits(vt, "Cancelled before all members were tried.");
	while (house_number(asleep) > 0)
		ck_assert(vt_pump(vt, 10) || !vt_has_ended(vt));
	house_leave(vt);
	house_sql(NULL, "DROP FUNCTION loyalty.due_schedule(date, date, bigint, int, text, date)");
	house_sql(NULL, "ALTER FUNCTION loyalty.due_kept(date, date, bigint, int, text, date) RENAME TO due_schedule");
}
END_TEST

START_TEST(support_tries_nothing)
{
	open_campaign("deniz", 24, 80);
	house_keys(vt, "w");
	house_shows(vt, "that is for marketing, managers");
	house_keys(vt, "4");
	house_keys(vt, "o");
	house_shows(vt, "that is for marketing, managers");
	house_leave(vt);
}
END_TEST

START_TEST(what_was_done_is_told_with_its_reason)
{
	ck_assert_str_eq(campaigns_try_submit("max", 1), "");
	ck_assert_str_eq(campaigns_try_approve("mona", 1), "");
	house_sql("mona", "SELECT loyalty.campaign_move(1, 'pause', 'too many calls')");
	open_campaign("deniz", 24, 80);
	house_keys(vt, "2");
	house_waits(vt, "paused by mona: too many calls");
	house_shows(vt, "revision 1 approved by mona");
	house_shows(vt, "revision 1 submitted by max");
	house_shows(vt, "written by max");
	house_keys(vt, "G");
	house_shows(vt, "campaign has ended the seed is shown");
	house_leave(vt);
	house_sql("mona", "SELECT loyalty.campaign_move(1, 'resume', NULL)");
	house_work();
	open_campaign("max", 24, 80);
	house_keys(vt, "2");
	house_waits(vt, "began by itself");
	house_leave(vt);
	ck_assert_int_eq(house_number("SELECT grants FROM loyalty.campaign WHERE campaign_no = 1"), 24);
}
END_TEST

Suite *campaign_tabs_suite(void)
{
	Suite *suite = suite_create("campaign_tabs");
	TCase *tcase = tcase_create("tabs");
	tcase_add_unchecked_fixture(tcase, build, NULL);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, a_dry_run_tells_who_and_what);
	tcase_add_test(tcase, it_tries_what_is_not_saved);
	tcase_add_test(tcase, days_to_come_may_be_unknown);
	tcase_add_test(tcase, it_is_cancelled_while_keys_go_on);
	tcase_add_test(tcase, support_tries_nothing);
	tcase_add_test(tcase, what_was_done_is_told_with_its_reason);
	suite_add_tcase(suite, tcase);
	return suite;
}
