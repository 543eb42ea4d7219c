// What is done for a member on the Member screen: goodwill, taking back, sending points, households,
// redeeming.
#include "tests/database.h"
#include "tests/tui/house.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Member n of the house has two purchases of n * $10, so member 12 has 240 STAR, all as a green member.
enum { MEMBER = 12 };

static void open_house(void)
{
	house_open("deeds");
}

// --- Goodwill.

START_TEST(goodwill_is_given_and_taken_back)
{
	house_worker_start();
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "p50.25\rStars were missing\r\r\r");
	house_waits(vt, "Done: 50.25 STAR goodwill; balance 290.25 STAR");
	house_waits(vt, "+50.25 STAR");
	house_shows(vt, "goodwill: Stars were missing (Deni");
	ck_assert_int_eq(house_points(MEMBER), 29025);
	house_keys(vt, "u");
	house_shows(vt, "Take the goodwill back?");
	house_keys(vt, "\r"); // the stray Enter does nothing
	ck_assert_int_eq(house_points(MEMBER), 29025);
	house_keys(vt, "u\033[D\r");
	house_waits(vt, "taken back; balance 240 STAR");
	ck_assert_int_eq(house_points(MEMBER), 24000);
	house_keys(vt, "u");
	house_shows(vt, "no goodwill was given here");
	vt_close(vt);
	house_worker_stop();
}
END_TEST

START_TEST(goodwill_above_the_limit_waits)
{
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "p251\rA lot\r\r\r");
	house_shows(vt, "251 STAR goodwill waits for approval: more");
	house_waits(vt, "waits for approval");
	house_waits(vt, "waiting");
	ck_assert_int_eq(
		house_number(
			"SELECT count(*) FROM loyalty.approval WHERE member_id = 12 AND decision IS NULL"),
		1);
	ck_assert_int_eq(house_points(MEMBER), 24000);
	vt_close(vt);
}
END_TEST

static const struct {
	const char *keys, *shows;
} wrong[] = {
	{"p\rreason\r\r\r", "must not be empty"},
	{"p0\rreason\r\r\r", "above 0"},
	{"p-5\rreason\r\r\r", "above 0"},
	{"p5.123\rreason\r\r\r", "above 0"},
	{"pfive\rreason\r\r\r", "above 0"},
	{"p99999999999999999999\rreason\r\r\r", "above 0"},
	{"p5\r\r\r\r", "must not be empty"},
	{"p5\rreason\rx\r\r", "a case of this member"},
};

START_TEST(wrong_goodwill_is_not_sent)
{
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);

	house_keys(vt, wrong[_i].keys);
	house_shows(vt, wrong[_i].shows);
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.journal WHERE type = 'adjust'"), 0);
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.approval"), 0);
	vt_close(vt);
}
END_TEST

// Without a worker the event stays pending, and says so; once one comes, the outcome is told by itself.
START_TEST(the_outcome_comes_by_itself)
{
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "p5\rSorry\r\r\r");
	house_shows(vt, "Sent: 5 STAR goodwill; not posted yet");
	house_waits(vt, "pending");
	house_work();
	house_waits(vt, "Done: 5 STAR goodwill; balance 245 STAR");
	house_waits(vt, "+5 STAR");
	vt_close(vt);
}
END_TEST

// --- Taking back.

START_TEST(a_purchase_is_taken_back_whole)
{
	house_worker_start();
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "x\rCup was broken\r\r");
	house_shows(vt, "$120.00 of purchase p2-12 is taken back");
	house_shows(vt, "All 120 STAR");
	house_keys(vt, "\r"); // No has the focus
	ck_assert_int_eq(house_points(MEMBER), 24000);
	house_keys(vt, "\r");
	house_keys(vt, "\033[D\r");
	house_waits(vt, "Done: $120.00 of p2-12 taken back, -120 STAR; balance 120 STAR");
	ck_assert_int_eq(house_points(MEMBER), 12000);
	house_waits(vt, "return: Cup was broken");
	house_keys(vt, "3");
	house_keys(vt, "x\rAgain\r\r");
	house_shows(vt, "p2-12 was taken back already");
	vt_close(vt);
	house_worker_stop();
}
END_TEST

START_TEST(a_purchase_is_taken_back_in_part)
{
	house_worker_start();
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "3");
	house_keys(vt, "x500\rToo much\r\r");
	house_shows(vt, "At most $120.00 is left");
	house_keys(vt, "\t\02520.50\r\r\r");
	house_shows(vt, "$20.50 of purchase p2-12");
	house_keys(vt, "\033[D\r");
	house_waits(vt, "Done: $20.50 of p2-12 taken back");
	ck_assert_int_eq(house_points(MEMBER), 24000 - 2050);
	house_waits(vt, "$20.50");
	vt_close(vt);
	house_worker_stop();
}
END_TEST

START_TEST(only_purchases_are_taken_back)
{
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "Gx");
	house_shows(vt, "only a purchase can be taken back");
	vt_close(vt);
}
END_TEST

// A receipt that looks like another event's number must not take that event back.
START_TEST(receipts_like_numbers_do_not_mislead)
{
	char sql[300];

	int64_t seq = house_number(
		"SELECT seq FROM loyalty.journal WHERE member_id = 12 AND external_id = 'p1-12'");
	snprintf(sql, sizeof sql,
		"SELECT loyalty.submit_event(12, 'purchase', 'shop', '%lld', NULL, '{\"amount\": 500}')",
		(long long)seq);
	house_sql(NULL, sql);
	house_worker_start();
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);
	house_waits(vt, "245 STAR");
	house_keys(vt, "3G");
	house_keys(vt, "x\rCheck\r\r");
	house_shows(vt, "$120.00 of purchase p1-12");
	house_keys(vt, "\033[D\r");
	house_waits(vt, "Done: $120.00 of p1-12 taken back");
	ck_assert_int_eq(house_points(MEMBER), 12500);
	vt_close(vt);
	house_worker_stop();
}
END_TEST

// --- Sending points.

static void allow_transfers(void)
{
	house_sql(NULL, "UPDATE loyalty.programme_version SET document = E'format = 2;\n' || "
			"replace(replace(document, "
			"'negative = true;', 'negative = true; transfers = { min = 10; };'), "
			"'ladder = \"level\"; unless_tier = [\"gold\", \"reserve\"];', '')");
}

START_TEST(points_are_sent_to_another_member)
{
	allow_transfers();
	house_worker_start();
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "t1000013\r50.5\r\rfor her birthday\r\r");
	house_shows(vt, "50.50 STAR go to member 1000013,");
	house_keys(vt, "\r"); // the stray Enter does nothing
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.journal WHERE type = 'transfer'"), 0);
	house_keys(vt, "\r");
	house_shows(vt, "50.50 STAR go to member 1000013,");
	house_keys(vt, "\033[D\r");
	house_waits(vt, "Done: 50.50 STAR sent to 1000013");
	house_waits(vt, "sent to 1000013: for her birthday");
	ck_assert_int_eq(house_points(MEMBER), 18950);
	vt_close(vt);
	vt = house_member("deniz", MEMBER + 1, 24, 80);
	house_waits(vt, "received from 1000012: for her");
	house_waits(vt, "310.50 STAR");
	vt_close(vt);
	house_worker_stop();
}
END_TEST

static const struct {
	const char *keys, *shows;
} unsent[] = {
	{"t1000013\r0\r\r\r\r", "above 0"},
	{"t1000012\r50\r\r\r\r", "giver and receiver are the same member"},
};

START_TEST(wrong_receivers_get_nothing)
{
	allow_transfers();
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);

	house_keys(vt, unsent[_i].keys);
	house_waits(vt, unsent[_i].shows);
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.journal WHERE type = 'transfer'"), 0);
	vt_close(vt);
}
END_TEST

START_TEST(a_household_shows_who_belongs_to_it)
{
	allow_transfers();
	house_sql("deniz", "SELECT loyalty.household_create(12, 'Lovelace', 50)");
	house_sql("deniz", "SELECT loyalty.household_add((SELECT member_id FROM loyalty.member WHERE family_name = 'Lovelace' "
			   "AND given_name = ''), 13, 'child', 100, NULL)");
	house_sql(NULL, "SELECT loyalty.submit_event(12, 'purchase', 'till', 'shared', NULL, '{\"amount\": 1000}')");
	house_work();
	struct vt *vt = house_member("deniz", MEMBER, 24, 100);

	house_shows(vt, ": 5 STAR");
	house_keys(vt, "o");
	house_shows(vt, ", Lovelace: 5 STAR");
	house_shows(vt, "1000012 Ada Lovelace: head, shares 50 %, may redeem");
	house_shows(vt, "1000013 Grace Hopper: child, shares 100 %, may not");
	house_keys(vt, "G\r"); // the last line: somebody joins
	house_shows(vt, "A member joins");
	house_keys(vt, "1000014\r\r\r\r");
	house_waits(vt, "The household is changed");
	house_keys(vt, "o");
	house_waits(vt, "1000014 Alan Turing: adult");
	house_keys(vt, "jj\r"); // the child leaves
	house_shows(vt, "In the household");
	house_keys(vt, "\033[C\033[C\r\r\r\r");
	house_waits(vt, "The household is changed");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.household_member WHERE member_id IN (12, 14)"), 2);
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.household_member"), 2);
	vt_close(vt);
	vt = house_member("deniz", 15, 24, 100);
	house_keys(vt, "o");
	house_shows(vt, "No household");
	house_keys(vt, "\033[D\r");
	house_shows(vt, "Open a household");
	house_keys(vt, "\r\r\r");
	house_waits(vt, "The household is changed");
	vt_close(vt);
}
END_TEST

START_TEST(points_stay_where_the_programme_keeps_them)
{
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "t");
	house_shows(vt, "this programme keeps points with the member");
	vt_close(vt);
}
END_TEST

// --- Redeeming.

START_TEST(a_reward_is_redeemed)
{
	house_worker_start();
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "d");
	house_shows(vt, "drink200");
	house_shows(vt, "60 short"); // food300
	house_keys(vt, "jjj\r");
	house_shows(vt, "drink200 costs 200 STAR; 40 STAR stay");
	house_keys(vt, "\033[D\r");
	house_waits(vt, "Done: drink200 redeemed; balance 40 STAR");
	ck_assert_int_eq(house_points(MEMBER), 4000);
	house_keys(vt, "4");
	house_waits(vt, "$10.00 issued");
	vt_close(vt);
	house_worker_stop();
}
END_TEST

START_TEST(several_units_are_redeemed_at_once)
{
	house_worker_start();
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "d");
	house_shows(vt, "up to 9"); // mod25, of 240
	house_keys(vt, "\r");
	house_shows(vt, "How many");
	house_keys(vt, "\02510\023");
	house_shows(vt, "a number from 1 to 9");
	house_keys(vt, "\0253\023");
	house_shows(vt, "3 mod25 cost 75 STAR (25 STAR each); 165 STAR stay");
	house_keys(vt, "\033[D\r");
	house_waits(vt, "Done: 3 mod25 redeemed; balance 165 STAR");
	house_hides(vt, "How many");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.issued_reward WHERE member_id = 12"), 3);
	vt_close(vt);
	house_worker_stop();
}
END_TEST

static struct vt *open_redeemed(void)
{
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "djjj\r");
	house_shows(vt, "drink200 costs 200 STAR");
	house_keys(vt, "\033[D\r");
	house_waits(vt, "Done: drink200 redeemed");
	house_keys(vt, "4");
	house_waits(vt, "$10.00 issued");
	return vt;
}

START_TEST(a_reward_is_reserved_and_used)
{
	house_worker_start();
	struct vt *vt = open_redeemed();

	house_keys(vt, "v");
	house_shows(vt, "Nobody else can use drink200");
	house_keys(vt, "\033[D\r");
	house_waits(vt, "drink200 is reserved until");
	house_keys(vt, "v");
	house_waits(vt, "Release the reward?");
	house_keys(vt, "\033[D\r");
	house_waits(vt, "drink200 is free again");
	house_keys(vt, "s4\023");
	house_waits(vt, "Used: drink200; left of it: $6");
	house_keys(vt, "s7\023");
	house_waits(vt, "only 6.00 is left of this reward");
	house_keys(vt, "\033");
	house_waits(vt, "Close without saving?");
	house_keys(vt, "\033[D\r");
	house_waits(vt, "4 Rewards");
	house_keys(vt, "x\033[D\r");
	house_waits(vt, "4.00 of it has been used");
	house_keys(vt, "s\023");
	house_waits(vt, "redeemed  ");
	house_keys(vt, "s");
	house_waits(vt, "only a reward that is issued or reserved");
	ck_assert_int_eq(
		house_number("SELECT count(*) FROM loyalty.audit_log WHERE action LIKE 'reward.%'"), 4);
	vt_close(vt);
	house_worker_stop();
}
END_TEST

START_TEST(a_code_leads_to_its_member)
{
	house_worker_start();
	struct vt *vt = open_redeemed();
	char code[40];

	struct session *root = database_session("");
	snprintf(code, sizeof code, "%s",
		database_text(root, "SELECT lower(code) FROM loyalty.issued_reward"));
	session_close(root);
	house_keys(vt, "V");
	house_waits(vt, "The selected reward");
	house_waits(vt, "no limit");
	house_keys(vt, "oNOBODY\023");
	house_waits(vt, "There is no issued reward with this code");
	for (int i = 0; i < 6; i++)
		house_keys(vt, "\177");
	house_keys(vt, code);
	house_keys(vt, "\023");
	house_waits(vt, "1000012");
	house_waits(vt, "$10.00 issued"); // selected on the tab Rewards
	vt_close(vt);
	vt = house_screens("deniz", NULL, 24, 80);
	house_keys(vt, "/");
	house_keys(vt, code);
	house_shows(vt, "1000012");
	house_keys(vt, "\r");
	house_waits(vt, "$10.00 issued");
	house_keys(vt, "s");
	house_shows(vt, "Use the reward");
	vt_close(vt);
	house_worker_stop();
}
END_TEST

START_TEST(a_reward_is_cancelled)
{
	house_worker_start();
	struct vt *vt = open_redeemed();

	house_keys(vt, "x");
	house_shows(vt, "is void at once");
	house_keys(vt, "\033[D\r");
	house_waits(vt, "Done: drink200 cancelled, +200 STAR; balance 240 STAR");
	house_waits(vt, "cancelled ");
	ck_assert_int_eq(house_points(MEMBER), 24000);
	vt_close(vt);
	house_worker_stop();
}
END_TEST

START_TEST(too_few_points_redeem_nothing)
{
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "djjjj\r");
	house_shows(vt, "food300 cannot be redeemed: the points do not suffice");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.journal WHERE type = 'redeem'"), 0);
	vt_close(vt);
}
END_TEST

// The points go between the choice and the posting: the programme denies it, and the person reads why.
START_TEST(a_denial_tells_its_reason)
{
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "djjj\r");
	house_sql("bora",
		"SELECT loyalty.submit_event(12, 'redeem', 'test', 'r1', NULL, '{\"reward\": \"brew100\"}')");
	house_work();
	house_keys(vt, "\033[D\r");
	house_work();
	house_waits(vt, "Denied: drink200 redeemed");
	house_shows(vt, "the points do not suffice");
	house_waits(vt, "denied");
	ck_assert_int_eq(house_points(MEMBER), 14000);
	vt_close(vt);
}
END_TEST

Suite *deeds_suite(void);
Suite *deeds_suite(void)
{
	Suite *suite = suite_create("deeds");
	TCase *deeds = tcase_create("deeds");

	tcase_add_test(deeds, goodwill_is_given_and_taken_back);
	tcase_add_test(deeds, goodwill_above_the_limit_waits);
	tcase_add_loop_test(deeds, wrong_goodwill_is_not_sent, 0, sizeof wrong / sizeof wrong[0]);
	tcase_add_test(deeds, points_are_sent_to_another_member);
	tcase_add_loop_test(deeds, wrong_receivers_get_nothing, 0, sizeof unsent / sizeof unsent[0]);
	tcase_add_test(deeds, a_household_shows_who_belongs_to_it);
	tcase_add_test(deeds, points_stay_where_the_programme_keeps_them);
	tcase_add_test(deeds, the_outcome_comes_by_itself);
	tcase_add_test(deeds, a_purchase_is_taken_back_whole);
	tcase_add_test(deeds, a_purchase_is_taken_back_in_part);
	tcase_add_test(deeds, only_purchases_are_taken_back);
	tcase_add_test(deeds, receipts_like_numbers_do_not_mislead);
	tcase_add_test(deeds, a_reward_is_redeemed);
	tcase_add_test(deeds, several_units_are_redeemed_at_once);
	tcase_add_test(deeds, a_reward_is_reserved_and_used);
	tcase_add_test(deeds, a_reward_is_cancelled);
	tcase_add_test(deeds, a_code_leads_to_its_member);
	tcase_add_test(deeds, too_few_points_redeem_nothing);
	tcase_add_test(deeds, a_denial_tells_its_reason);
	tcase_add_checked_fixture(deeds, open_house, NULL);
	tcase_set_timeout(deeds, 60);
	suite_add_tcase(suite, deeds);
	return suite;
}
