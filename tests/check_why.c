// What screens tell of a member beyond rows: why something was posted, and where the member stands.
#include "model/member/standing_view.h"
#include "model/member/why.h"
#include "model/programme/rulebook.h"
#include "tests/database.h"
#include "tests/spine.h"
#include "tests/story.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static struct session *session;

static void setup(void)
{
	session = story_begin("check_why");
}

static void teardown(void)
{
	story_end();
}

static struct result *results[4];

static void asks_run(const struct ask *asks, int count)
{
	struct error error = {0};
	for (int i = 0; i < count; i++) {
		results[i] = session_query(session, asks[i].sql, asks[i].values, asks[i].count, &error);
		ck_assert_msg(results[i] != NULL, "%s", error.why);
	}
}

static void asks_free(int count)
{
	for (int i = 0; i < count; i++)
		result_free(results[i]);
}

// All lines of a why, joined. Static buffer.
static const char *why_text(int64_t member_id, int64_t seq, int64_t entry_no)
{
	static char text[8000];
	struct error error = {0};
	struct ask asks[WHY_STATEMENTS];
	struct why why;
	struct rulebook *rulebook = rulebook_load(session, &error);
	why_ask(asks, member_id, seq);
	asks_run(asks, WHY_STATEMENTS);
	ck_assert_msg(why_take(&why, rulebook, results, seq, entry_no, &error), "%s", error.why);
	size_t used = 0;
	text[0] = '\0';
	for (int i = 0; i < why.count; i++)
		used += (size_t)snprintf(text + used, sizeof text - used, "%s\n", why.lines[i]);
	why_free(&why);
	asks_free(WHY_STATEMENTS);
	rulebook_free(rulebook);
	return text;
}

static void expect_said(const char *text, const char *wanted)
{
	ck_assert_msg(strstr(text, wanted) != NULL, "nothing says \"%s\" in:\n%s", wanted, text);
}

START_TEST(everything_can_be_explained)
{
	int64_t member_id = story_enrol("1");
	int64_t purchase = story_buy(member_id, "a", 1, 50150);
	int64_t redemption = story_redeem(member_id, "b", 2, "mod25");
	int64_t back = story_return(member_id, "d", 3, purchase, 10000);
	story_redeem(member_id, "c", 4, "food300");
	int64_t denied = story_redeem(member_id, "e", 4, "merch400");
	spine_work(0, day_make(2028, 1, 1));
	int64_t pending = story_buy(member_id, "f", 700, 100);
	expect_said(why_text(member_id, purchase, 0), "base: 501.5 at 1 per 1");
	expect_said(why_text(member_id, purchase, 0), "tier changes from green to gold");
	expect_said(why_text(member_id, redemption, 0), "25 from lot 1");
	expect_said(why_text(member_id, denied, 0), "denied (balance)");
	expect_said(why_text(member_id, denied, 0), "it cost 400 STAR, the balance was ");
	expect_said(why_text(member_id, back, 0), "taken back with the return");
	expect_said(why_text(member_id, pending, 0), "waits to be posted");
	int64_t late = story_buy_late(member_id, "g", 700, 2, 1000);
	spine_work(0, day_make(2028, 3, 1));
	expect_said(why_text(member_id, late, 0), "purchase of 2026-03-12");
	expect_said(why_text(member_id, late, 0), "it came late and is posted on 2028-02-08");
	expect_said(why_text(member_id, late, 0), "on 2026-03-12: gold");
	expect_said(why_text(member_id, late, 0), "as of 2026-03-12");
	int64_t expiry = story_number("SELECT coalesce(max(entry_no), 0) FROM loyalty.ledger_entry WHERE "
				      "member_id = MEMBER AND seq = 0",
		member_id);
	ck_assert_int_gt(expiry, 0);
	expect_said(why_text(member_id, 0, expiry), "no event: the day");
	expect_said(why_text(member_id, 0, 1), "base: 501.5");
	story_prove();
}
END_TEST

static void setup_windows(void)
{
	session = spine_begin("check_why", "generic_windows");
}

static void teardown_windows(void)
{
	session_close(session);
}

static int64_t redeem_mug(int64_t member_id, const char *external_id, day_t day)
{
	struct event event;
	event_init(&event, EVENT_REDEEM, 1, day);
	event.reward = "mug";
	return spine_event(session, member_id, external_id, &event);
}

START_TEST(a_redemption_outside_its_days_is_explained)
{
	struct event event;
	int64_t member_id = spine_member(session, "1");
	event_init(&event, EVENT_ENROL, 1, day_make(2025, 11, 1));
	spine_event(session, member_id, "enrol", &event);
	event_init(&event, EVENT_PURCHASE, 1, day_make(2025, 11, 1));
	event.amount_minor = 100000;
	spine_event(session, member_id, "a", &event);
	int64_t early = redeem_mug(member_id, "b", day_make(2025, 11, 30));
	redeem_mug(member_id, "c", day_make(2025, 12, 24));
	redeem_mug(member_id, "d", day_make(2025, 12, 24));
	int64_t often = redeem_mug(member_id, "e", day_make(2025, 12, 24));
	spine_work(0, day_make(2026, 1, 1));
	expect_said(why_text(member_id, early, 0), "denied (not_offered)");
	expect_said(why_text(member_id, early, 0),
		"it is offered from 2025-12-01 to 2025-12-24, and was asked for on 2025-11-30");
	expect_said(why_text(member_id, often, 0), "2 a year, 2 were redeemed in 2025, and 1 asked for");
	ck_assert_str_eq(
		database_text(session, "SELECT string_agg(concat_ws(' ', code, first_day, last_day), "
				       "'; ' ORDER BY code) FROM loyalty.reward WHERE code IN "
				       "('mug', 'tote', 'cup', 'card')"),
		"card 2026-01-01; cup 2025-03-31; mug 2025-12-01 2025-12-24; tote 2025-06-01");
	struct verify_report report = spine_verify(session, 100, true);
	ck_assert_int_eq(report.broken, 0);
}
END_TEST

static void today_is(const char *day)
{
	char sql[200];
	snprintf(sql, sizeof sql,
		"CREATE OR REPLACE FUNCTION loyalty.business_day() RETURNS date LANGUAGE sql STABLE AS "
		"$$ SELECT date '%s' $$",
		day);
	database_run(session, sql);
}

START_TEST(the_header_card_tells_where_a_member_stands)
{
	struct error error = {0};
	struct ask asks[1];
	struct standing_view view;
	struct rulebook *rulebook = rulebook_load(session, &error);
	int64_t member_id = story_enrol("1"), fresh = spine_member(session, "2");
	story_buy(member_id, "a", 1, 40000);
	spine_work(0, FIRST_DAY + 1);
	today_is("2026-03-20");
	standing_ask(asks, member_id);
	asks_run(asks, 1);
	ck_assert_msg(standing_take(&view, rulebook, results[0], &error), "%s", error.why);
	asks_free(1);
	ck_assert(view.is_enrolled && !view.is_unposted);
	ck_assert_int_eq(view.day, day_make(2026, 3, 20));
	ck_assert_str_eq(view.points[0].code, "STAR");
	ck_assert_int_eq(view.points[0].points, 40000);
	ck_assert_int_eq(view.points[0].expires, 40000);
	ck_assert_int_eq(view.points[0].expires_on, day_make(2026, 10, 1));
	ck_assert_str_eq(view.statuses[0].tier, "green");
	ck_assert_str_eq(view.statuses[0].next_tier, "gold");
	ck_assert_int_eq(view.statuses[0].missing, 10000);
	ck_assert_int_eq(view.statuses[0].percent, 80);
	standing_view_free(&view);
	standing_ask(asks, fresh);
	asks_run(asks, 1);
	ck_assert(standing_take(&view, rulebook, results[0], &error));
	ck_assert(!view.is_enrolled);
	standing_view_free(&view);
	asks_free(1);
	rulebook_free(rulebook);
}
END_TEST

Suite *why_suite(void);
Suite *why_suite(void)
{
	Suite *suite = suite_create("why");
	TCase *telling = tcase_create("telling");
	tcase_add_checked_fixture(telling, setup, teardown);
	tcase_set_timeout(telling, 120);
	tcase_add_test(telling, everything_can_be_explained);
	tcase_add_test(telling, the_header_card_tells_where_a_member_stands);
	suite_add_tcase(suite, telling);
	TCase *windows = tcase_create("windows");
	tcase_add_checked_fixture(windows, setup_windows, teardown_windows);
	tcase_set_timeout(windows, 120);
	tcase_add_test(windows, a_redemption_outside_its_days_is_explained);
	suite_add_tcase(suite, windows);
	return suite;
}
