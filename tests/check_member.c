// The Member screen through a terminal: card, tabs, why, goodwill, taking back, redeeming, cases, and news by
// themselves.
#include "tests/database.h"
#include "tests/tui/house.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// Member n of the house has two purchases of n * $10, so member 12 has 240 STAR, all as a green member.
enum { MEMBER = 12 };

static pid_t worker;

static void open_house(void)
{
	house_open("member");
}

// The program's worker beside the screens, as in real life.
static void start_worker(void)
{
	worker = fork();
	ck_assert_int_ge(worker, 0);
	if (worker)
		return;
	execl(getenv("LOYALTY"), "loyalty", "worker", NULL);
	_exit(127);
}

static void stop_worker(void)
{
	if (worker > 0) {
		kill(worker, SIGTERM);
		waitpid(worker, NULL, 0);
	}
	worker = 0;
}

static struct vt *open_member(const char *login, int number, int rows, int columns)
{
	struct vt *vt = house_screens(login, NULL, rows, columns);
	char keys[32];

	snprintf(keys, sizeof keys, "/%d\r", HOUSE_FIRST_NUMBER + number - 1);
	house_keys(vt, keys);
	house_shows(vt, "1 Timeline");
	return vt;
}

static int64_t points_of(int member)
{
	char sql[120];

	snprintf(sql, sizeof sql,
		"SELECT points FROM loyalty.balance WHERE member_id = %d AND currency_id = 1", member);
	return house_number(sql);
}

// --- Reading.

START_TEST(the_card_tells_where_the_member_stands)
{
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);

	house_shows(vt, "1000012  Ada Lovelace");
	house_shows(vt, "240 STAR (240 expire ");
	house_shows(vt, "green");
	house_shows(vt, "260 to gold");
	house_shows(vt, "48 %");
	house_shows(vt, "last purchase today");
	house_shows(vt, "born 1990-05-17");
	house_shows(vt, "m12@example.org");
	house_shows(vt, "card 60001000012");
	house_shows(vt, "row 1 of 3");
	vt_close(vt);
}
END_TEST

START_TEST(opening_a_member_is_logged_once)
{
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);
	const char *reads =
		"SELECT count(*) FROM loyalty.audit_log WHERE member_id = 12 AND action = 'member.read'"
		" AND login = 'deniz'";

	house_keys(vt, "r23456"); // each waits for what was asked before to have ended
	ck_assert_int_eq(house_number(reads), 1);
	vt_close(vt);
}
END_TEST

static const struct {
	const char *key, *title, *shows;
} tabs[] = {
	{"1", "When", "purchase p1-12"},
	{"2", "Balance", "240.00"},
	{"3", "Receipt", "$120.00"},
	{"4", "Reward", "No reward was issued yet"},
	{"5", "Owner", "No case yet"},
	{"6", "Earned", "120.00 STAR"},
};

START_TEST(every_tab_shows_its_books)
{
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);

	house_keys(vt, tabs[_i].key);
	house_shows(vt, tabs[_i].title);
	house_shows(vt, tabs[_i].shows);
	house_hides(vt, "7 Audit");
	vt_close(vt);
}
END_TEST

START_TEST(managers_see_the_audit)
{
	struct vt *vt = open_member("mona", MEMBER, 24, 80);

	house_keys(vt, "7");
	house_shows(vt, "member.read");
	house_shows(vt, "mona");
	vt_close(vt);
}
END_TEST

START_TEST(why_tells_the_rules)
{
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "w");
	house_shows(vt, "base: ");
	house_shows(vt, "120");
	house_shows(vt, "green");
	house_keys(vt, "\033");
	house_shows(vt, "1 Timeline");
	house_keys(vt, "2w");
	house_shows(vt, "base: ");
	vt_close(vt);
}
END_TEST

// From the why of a purchase to a deed about it, by f: the form is of the member's screen, and says what about.
START_TEST(why_leads_to_what_puts_it_right)
{
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "wf");
	house_shows(vt, "Take the purchase back");
	house_keys(vt, "\r");
	house_shows(vt, "Goodwill");
	house_shows(vt, "purchase p2-12");
	house_keys(vt, "\033");
	house_shows(vt, "1 Timeline");
	house_keys(vt, "wfjj\r");
	house_shows(vt, "all that is left of the purchase");
	house_keys(vt, "\033");
	house_keys(vt, "Gwf");
	house_shows(vt, "Open a case about it");
	house_hides(vt, "Take the purchase back");
	house_keys(vt, "j\r");
	house_shows(vt, "enrolled");
	house_shows(vt, "Came by");
	vt_close(vt);
}
END_TEST

START_TEST(the_timeline_can_be_narrowed)
{
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);

	house_shows(vt, "enrolled");
	house_keys(vt, "fj\r");
	house_shows(vt, "purchases only");
	house_hides(vt, "enrolled");
	house_shows(vt, "purchase p2-12");
	vt_close(vt);
}
END_TEST

// Long histories page by key, to the last row and back.
START_TEST(a_long_timeline_pages)
{
	house_sql(NULL, "UPDATE loyalty.role_limit SET per_event = NULL, per_member_day = NULL, "
			"per_person_day = NULL");
	house_sql(NULL,
		"SELECT loyalty.submit_event(12, 'purchase', 'many', 'x' || i, NULL, '{\"amount\": 100}', 1)"
		" FROM generate_series(1, 700) i");
	house_work();
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);
	house_shows(vt, "purchase x700");
	house_keys(vt, "G");
	house_shows(vt, "enrolled");
	for (int i = 0; i < 60; i++)
		house_keys(vt, "\002");
	house_shows(vt, "purchase x700");
	house_keys(vt, "2G");
	house_shows(vt, "p1-12");
	house_shows(vt, "120.00");
	house_keys(vt, "g");
	house_shows(vt, "1,028.00"); // gold from 500 on, at 1.2
	vt_close(vt);
}
END_TEST

// --- Goodwill.

START_TEST(goodwill_is_given_and_taken_back)
{
	start_worker();
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "p50.25\rStars were missing\r\r\r");
	house_waits(vt, "Done: 50.25 STAR goodwill; balance 290.25 STAR");
	house_waits(vt, "+50.25 STAR");
	house_shows(vt, "goodwill: Stars were missing (Deni");
	ck_assert_int_eq(points_of(MEMBER), 29025);
	house_keys(vt, "u");
	house_shows(vt, "Take the goodwill back?");
	house_keys(vt, "\r"); // the stray Enter does nothing
	ck_assert_int_eq(points_of(MEMBER), 29025);
	house_keys(vt, "u\033[D\r");
	house_waits(vt, "taken back; balance 240 STAR");
	ck_assert_int_eq(points_of(MEMBER), 24000);
	house_keys(vt, "u");
	house_shows(vt, "no goodwill was given here");
	vt_close(vt);
	stop_worker();
}
END_TEST

START_TEST(goodwill_above_the_limit_waits)
{
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "p251\rA lot\r\r\r");
	house_shows(vt, "251 STAR goodwill waits for approval: more");
	house_waits(vt, "waits for approval");
	house_waits(vt, "waiting");
	ck_assert_int_eq(
		house_number(
			"SELECT count(*) FROM loyalty.approval WHERE member_id = 12 AND decision IS NULL"),
		1);
	ck_assert_int_eq(points_of(MEMBER), 24000);
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
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);

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
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);

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
	start_worker();
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "x\rCup was broken\r\r");
	house_shows(vt, "$120.00 of purchase p2-12 is taken back");
	house_shows(vt, "All 120 STAR");
	house_keys(vt, "\r"); // No has the focus
	ck_assert_int_eq(points_of(MEMBER), 24000);
	house_keys(vt, "\r");
	house_keys(vt, "\033[D\r");
	house_waits(vt, "Done: $120.00 of p2-12 taken back, -120 STAR; balance 120 STAR");
	ck_assert_int_eq(points_of(MEMBER), 12000);
	house_waits(vt, "return: Cup was broken");
	house_keys(vt, "3");
	house_keys(vt, "x\rAgain\r\r");
	house_shows(vt, "p2-12 was taken back already");
	vt_close(vt);
	stop_worker();
}
END_TEST

START_TEST(a_purchase_is_taken_back_in_part)
{
	start_worker();
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "3");
	house_keys(vt, "x500\rToo much\r\r");
	house_shows(vt, "At most $120.00 is left");
	house_keys(vt, "\t\02520.50\r\r\r");
	house_shows(vt, "$20.50 of purchase p2-12");
	house_keys(vt, "\033[D\r");
	house_waits(vt, "Done: $20.50 of p2-12 taken back");
	ck_assert_int_eq(points_of(MEMBER), 24000 - 2050);
	house_waits(vt, "$20.50");
	vt_close(vt);
	stop_worker();
}
END_TEST

START_TEST(only_purchases_are_taken_back)
{
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);

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
	start_worker();
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);
	house_waits(vt, "245 STAR");
	house_keys(vt, "3G");
	house_keys(vt, "x\rCheck\r\r");
	house_shows(vt, "$120.00 of purchase p1-12");
	house_keys(vt, "\033[D\r");
	house_waits(vt, "Done: $120.00 of p1-12 taken back");
	ck_assert_int_eq(points_of(MEMBER), 12500);
	vt_close(vt);
	stop_worker();
}
END_TEST

// --- Sending points.

static void allow_transfers(void)
{
	house_sql(NULL, "UPDATE loyalty.programme_version SET document = E'format = 2;\n' || replace(replace(document, "
			"'negative = true;', 'negative = true; transfers = { min = 10; };'), "
			"'ladder = \"level\"; unless_tier = [\"gold\", \"reserve\"];', '')");
}

START_TEST(points_are_sent_to_another_member)
{
	allow_transfers();
	start_worker();
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "t1000013\r50.5\r\rfor her birthday\r\r");
	house_shows(vt, "50.50 STAR go to member 1000013,");
	house_keys(vt, "\r"); // the stray Enter does nothing
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.journal WHERE type = 'transfer'"), 0);
	house_keys(vt, "\r");
	house_shows(vt, "50.50 STAR go to member 1000013,");
	house_keys(vt, "\033[D\r");
	house_waits(vt, "Done: 50.50 STAR sent to 1000013");
	house_waits(vt, "sent to 1000013: for her birthday");
	ck_assert_int_eq(points_of(MEMBER), 18950);
	vt_close(vt);
	vt = open_member("deniz", MEMBER + 1, 24, 80);
	house_waits(vt, "received from 1000012: for her");
	house_waits(vt, "310.50 STAR");
	vt_close(vt);
	stop_worker();
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
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);

	house_keys(vt, unsent[_i].keys);
	house_waits(vt, unsent[_i].shows);
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.journal WHERE type = 'transfer'"), 0);
	vt_close(vt);
}
END_TEST

START_TEST(members_are_merged_and_parted)
{
	start_worker();
	struct vt *vt = open_member("mona", MEMBER + 1, 24, 100);

	house_keys(vt, "m1000013\r\r\r");
	house_waits(vt, "it is the same member");
	house_keys(vt, "\177\177\177\177\177\177\1771000012\rthe same person\r\r");
	house_waits(vt, "1000012 Ada Lovelace, born");
	house_shows(vt, "260 STAR in");
	house_keys(vt, "\r"); // the stray Enter does nothing
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.journal WHERE type = 'merge'"), 0);
	house_keys(vt, "\r");
	house_waits(vt, "1000012 Ada Lovelace, born");
	house_keys(vt, "\033[D\r");
	house_waits(vt, "Done: merged into 1000012");
	house_waits(vt, "merged into 1000012: the same person");
	house_keys(vt, "p");
	house_waits(vt, "was merged into another one: do it there");
	vt_close(vt);
	vt = open_member("mona", MEMBER + 1, 24, 100); // its number leads to the other
	house_waits(vt, "500 STAR");
	house_waits(vt, "member 1000013 was merged into this one");
	house_keys(vt, "j\r"); // whose line, below that of the points, opens it
	house_waits(vt, "merged into 1000012");
	house_keys(vt, "m");
	house_waits(vt, "what is still there comes back");
	house_keys(vt, "\033[D\r");
	house_waits(vt, "Done: parted from 1000012");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.member WHERE status = 'merged'"), 0);
	vt_close(vt);
	stop_worker();
	house_work();
	ck_assert_int_eq(points_of(MEMBER + 1), 26000);
}
END_TEST

START_TEST(a_member_is_changed_and_noted)
{
	struct vt *vt = open_member("deniz", MEMBER, 24, 100);

	house_keys(vt, "e\r\177\177\177\177\177\177\177\177Byron\r\r\r\rmarried\r\r");
	house_waits(vt, "Changed; what was before is kept");
	house_shows(vt, "1000012  Ada Byron");
	house_waits(vt, "family name changed, was Lovelace: married");
	house_keys(vt, "+call after six\r\r");
	house_waits(vt, "note: call after six (");
	house_keys(vt, "@2026-01-01\r\r");
	house_waits(vt, "1000012 Ada Lovelace");
	house_keys(vt, "\r");
	house_keys(vt, "bR9\r10\r\r");
	house_waits(vt, "no purchase with that receipt");
	house_sql("ana", "SELECT loyalty.unmatched_keep('X1', 'purchase', 'till', 'R9', NULL, '{\"amount\": 1000}')");
	house_keys(vt, "\023");
	house_waits(vt, "Claimed; the worker posts it");
	house_waits(vt, "purchase R9");
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
	struct vt *vt = open_member("deniz", MEMBER, 24, 100);

	house_shows(vt, ": 5 STAR");
	house_keys(vt, "o");
	house_shows(vt, ", Lovelace");
	house_shows(vt, "It has 5 STAR.");
	house_shows(vt, "1000012 Ada Lovelace: head, shares 50 %, may redeem");
	house_shows(vt, "1000013 Grace Hopper: child, shares 100 %, may not");
	vt_close(vt);
	vt = open_member("deniz", 14, 24, 100);
	house_keys(vt, "o");
	house_shows(vt, "No household;");
	vt_close(vt);
}
END_TEST

START_TEST(points_stay_where_the_programme_keeps_them)
{
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "t");
	house_shows(vt, "this programme keeps points with the member");
	vt_close(vt);
}
END_TEST

// --- Redeeming.

START_TEST(a_reward_is_redeemed)
{
	start_worker();
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "d");
	house_shows(vt, "drink200");
	house_shows(vt, "60 short"); // food300
	house_keys(vt, "jjj\r");
	house_shows(vt, "drink200 costs 200 STAR; 40 STAR stay");
	house_keys(vt, "\033[D\r");
	house_waits(vt, "Done: drink200 redeemed; balance 40 STAR");
	ck_assert_int_eq(points_of(MEMBER), 4000);
	house_keys(vt, "4");
	house_waits(vt, "$10.00 issued");
	vt_close(vt);
	stop_worker();
}
END_TEST

START_TEST(several_units_are_redeemed_at_once)
{
	start_worker();
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);

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
	stop_worker();
}
END_TEST

static struct vt *open_redeemed(void)
{
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);

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
	start_worker();
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
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.audit_log WHERE action LIKE 'reward.%'"), 4);
	vt_close(vt);
	stop_worker();
}
END_TEST

START_TEST(a_code_leads_to_its_member)
{
	start_worker();
	struct vt *vt = open_redeemed();
	char code[40];

	struct session *root = database_session("");
	snprintf(code, sizeof code, "%s", database_text(root, "SELECT lower(code) FROM loyalty.issued_reward"));
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
	stop_worker();
}
END_TEST

START_TEST(a_reward_is_cancelled)
{
	start_worker();
	struct vt *vt = open_redeemed();

	house_keys(vt, "x");
	house_shows(vt, "is void at once");
	house_keys(vt, "\033[D\r");
	house_waits(vt, "Done: drink200 cancelled, +200 STAR; balance 240 STAR");
	house_waits(vt, "cancelled ");
	ck_assert_int_eq(points_of(MEMBER), 24000);
	vt_close(vt);
	stop_worker();
}
END_TEST

START_TEST(too_few_points_redeem_nothing)
{
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "djjjj\r");
	house_shows(vt, "food300 cannot be redeemed: the points do not suffice");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.journal WHERE type = 'redeem'"), 0);
	vt_close(vt);
}
END_TEST

// The points go between the choice and the posting: the programme denies it, and the person reads why.
START_TEST(a_denial_tells_its_reason)
{
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "djjj\r");
	house_sql("bora",
		"SELECT loyalty.submit_event(12, 'redeem', 'test', 'r1', NULL, '{\"reward\": \"brew100\"}')");
	house_work();
	house_keys(vt, "\033[D\r");
	house_work();
	house_waits(vt, "Denied: drink200 redeemed");
	house_shows(vt, "the points do not suffice");
	house_waits(vt, "denied");
	ck_assert_int_eq(points_of(MEMBER), 14000);
	vt_close(vt);
}
END_TEST

// --- Cases.

START_TEST(a_case_is_opened)
{
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "cStars are missing\r\r\r\rThey say two cups were not counted.\023");
	house_waits(vt, "two cups were not counted");
	ck_assert_int_eq(
		house_number(
			"SELECT count(*) FROM loyalty.member_case WHERE member_id = 12 AND priority = 2"),
		1);
	house_keys(vt, "\033");
	house_waits(vt, "1 open case");
	house_shows(vt, "case 1: Stars are missing");
	house_keys(vt, "5");
	house_shows(vt, "nobody");
	house_keys(vt, "\r");
	house_shows(vt, "two cups were not counted");
	vt_close(vt);
}
END_TEST

// --- News.

// Two people look at one member: what one gives, the other sees, with the row they had selected still
// selected.
START_TEST(two_terminals_see_the_same)
{
	int row, column;

	start_worker();
	struct vt *one = open_member("deniz", MEMBER, 24, 80), *two = open_member("bora", MEMBER, 24, 80);
	house_keys(two, "G");
	vt_cursor(two, &row, &column);
	ck_assert_ptr_nonnull(strstr(vt_row(two, row), "enrolled"));
	house_keys(one, "p10\rSorry\r\r\r");
	house_waits(one, "Done: 10 STAR goodwill");
	house_waits(two, "goodwill: Sorry (Deniz Kaya)");
	house_waits(two, "250 STAR");
	house_keys(two, "");
	vt_cursor(two, &row, &column);
	ck_assert_ptr_nonnull(strstr(vt_row(two, row), "enrolled"));
	vt_close(one);
	vt_close(two);
	stop_worker();
}
END_TEST

START_TEST(a_decision_appears)
{
	start_worker();
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "p300\rBig sorry\r\r\r");
	house_waits(vt, "waits for approval");
	house_sql("mona", "SELECT loyalty.approval_decide(a.member_id, a.source, a.external_id, "
			  "a.request_hash, 'approved', 'fine')"
			  " FROM loyalty.approval a");
	house_waits(vt, "+300 STAR");
	house_waits(vt, "540 STAR");
	vt_close(vt);
	stop_worker();
}
END_TEST

// --- Trouble.

START_TEST(a_killed_session_costs_nothing)
{
	start_worker();
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "p25\rTyped before");
	house_sql(NULL, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'deniz'");
	house_keys(vt, " and after\r\r\r");
	house_waits(vt, "Done: 25 STAR goodwill; balance 265 STAR");
	house_waits(vt, "goodwill: Typed before and after");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.journal WHERE type = 'adjust'"), 1);
	vt_close(vt);
	stop_worker();
}
END_TEST

// Whoever may only read sees the member, is written down as a reader, and changes nothing.
START_TEST(read_only_reads)
{
	struct vt *vt = house_screens("deniz", "--read-only", 24, 80);

	house_keys(vt, "/1000012\r");
	house_shows(vt, "240 STAR");
	house_shows(vt, "purchase p2-12");
	house_keys(vt, "2"); // waits for what was asked before to have ended
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.audit_log WHERE action = 'member.read' "
				      "AND login = 'deniz'"),
		1);
	house_keys(vt, "p");
	house_shows(vt, "nothing can be changed");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.journal WHERE type = 'adjust'"), 0);
	vt_close(vt);
}
END_TEST

// Two requests under one key are one event: an answer that got lost is asked for again.
START_TEST(one_key_is_one_event)
{
	static const char give[] = "SELECT loyalty.submit_event(12, 'adjust', 'desk', 'one key', NULL, "
				   "'{\"currency\":\"STAR\",\"amount\":100}')";

	house_sql("deniz", give);
	house_sql("deniz", give);
	house_work();
	ck_assert_int_eq(points_of(MEMBER), 24100);
}
END_TEST

// --- Text, sizes.

START_TEST(hostile_text_stays_text)
{
	house_sql("bora", "SELECT loyalty.submit_event(12, 'adjust', 'test', 'h1', NULL, "
			  "jsonb_build_object('currency', 'STAR',"
			  " 'amount', 100, 'reason', E'\\u001b[2J\\u001b[31mboo \\u202e' || "
			  "repeat(U&'\\0301', 9000)))");
	house_work();
	struct vt *vt = open_member("deniz", MEMBER, 24, 80);
	house_shows(vt, "boo");
	house_shows(vt, "+1 STAR");
	house_shows(vt, "row 1 of 4");
	ck_assert(!vt_wrote(vt, "\033[2J\033[31m"));
	ck_assert(!vt_wrote(vt, "\342\200\256"));
	house_keys(vt, "2");
	house_shows(vt, "+1.00 STAR");
	house_keys(vt, "w");
	vt_close(vt);
}
END_TEST

static const struct {
	int rows, columns;
} sizes[] = {{10, 60}, {24, 80}, {50, 200}};

START_TEST(every_size_works)
{
	struct vt *vt = open_member("deniz", MEMBER, sizes[_i].rows, sizes[_i].columns);

	house_shows(vt, "Ada Lovelace");
	house_shows(vt, "240 STAR");
	house_shows(vt, "purchase p2-12");
	house_keys(vt, "p");
	house_shows(vt, "Points");
	house_keys(vt, "7\rFor size\r\r\r");
	house_shows(vt, "not posted yet");
	vt_resize(vt, 5, 20);
	house_keys(vt, "");
	vt_resize(vt, 24, 80);
	house_keys(vt, "");
	house_shows(vt, "goodwill: For size");
	vt_close(vt);
}
END_TEST

Suite *member_suite(void);
Suite *member_suite(void)
{
	Suite *suite = suite_create("member");
	TCase *reading = tcase_create("read"), *deeds = tcase_create("deeds"), *news = tcase_create("news");
	TCase *people = tcase_create("people");

	tcase_add_test(reading, the_card_tells_where_the_member_stands);
	tcase_add_test(reading, opening_a_member_is_logged_once);
	tcase_add_loop_test(reading, every_tab_shows_its_books, 0, sizeof tabs / sizeof tabs[0]);
	tcase_add_test(reading, managers_see_the_audit);
	tcase_add_test(reading, why_tells_the_rules);
	tcase_add_test(reading, why_leads_to_what_puts_it_right);
	tcase_add_test(reading, the_timeline_can_be_narrowed);
	tcase_add_test(reading, a_long_timeline_pages);
	tcase_add_test(reading, hostile_text_stays_text);
	tcase_add_loop_test(reading, every_size_works, 0, sizeof sizes / sizeof sizes[0]);
	tcase_add_test(deeds, goodwill_is_given_and_taken_back);
	tcase_add_test(deeds, goodwill_above_the_limit_waits);
	tcase_add_loop_test(deeds, wrong_goodwill_is_not_sent, 0, sizeof wrong / sizeof wrong[0]);
	tcase_add_test(deeds, points_are_sent_to_another_member);
	tcase_add_loop_test(deeds, wrong_receivers_get_nothing, 0, sizeof unsent / sizeof unsent[0]);
	tcase_add_test(people, members_are_merged_and_parted);
	tcase_add_test(people, a_member_is_changed_and_noted);
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
	tcase_add_test(deeds, a_case_is_opened);
	tcase_add_test(news, two_terminals_see_the_same);
	tcase_add_test(news, a_decision_appears);
	tcase_add_test(news, a_killed_session_costs_nothing);
	tcase_add_test(news, read_only_reads);
	tcase_add_test(news, one_key_is_one_event);
	for (TCase *const *at = (TCase *const[]){reading, deeds, people, news, NULL}; *at; at++) {
		tcase_add_checked_fixture(*at, open_house, NULL);
		tcase_set_timeout(*at, 60);
		suite_add_tcase(suite, *at);
	}
	return suite;
}
