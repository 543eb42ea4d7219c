// The Member screen through a terminal: card, tabs, why, who a member is, cases, and news by themselves.
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
	house_open("member");
}

// --- Reading.

START_TEST(the_card_tells_where_the_member_stands)
{
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);

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
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);
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
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);

	house_keys(vt, tabs[_i].key);
	house_shows(vt, tabs[_i].title);
	house_shows(vt, tabs[_i].shows);
	house_hides(vt, "8 Audit");
	vt_close(vt);
}
END_TEST

START_TEST(what_the_house_declared_is_seen_and_changed)
{
	house_sql("ana", "SELECT loyalty.attribute_declare('shoe', 'number', 'Shoe size', 1, NULL, NULL, NULL), "
			 "loyalty.attribute_declare('diet', 'choice', 'Diet', NULL, '{vegan,any}', NULL, NULL)");
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "7");
	house_shows(vt, "Shoe size");
	house_shows(vt, "not known");
	house_keys(vt, "\r");
	house_shows(vt, "Change the member");
	house_shows(vt, "< (none) >");
	house_keys(vt, "\r\r\r\r\r41.25\rv\rg\r\r\r2099-12-31\rtold us\r\r");
	house_shows(vt, "Shoe size: a number with at most 1 decimals");
	house_keys(vt, "\033[Z\033[Z\033[Z\033[Z\033[Z\033[Z\033[Z\025" "41\023");
	house_shows(vt, "Changed; what was before is kept");
	house_shows(vt, "vegan");
	house_shows(vt, "41");
	house_shows(vt, "given until 2099-12-31");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.member_consent WHERE source = 'told us'"), 1);
	vt_close(vt);
}
END_TEST

START_TEST(managers_see_the_audit)
{
	struct vt *vt = house_member("mona", MEMBER, 24, 80);

	house_keys(vt, "8");
	house_shows(vt, "member.read");
	house_shows(vt, "mona");
	vt_close(vt);
}
END_TEST

START_TEST(why_tells_the_rules)
{
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);

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

// From the why of a purchase to a deed about it, by f: the form is of the member's screen, and says what
// about.
START_TEST(why_leads_to_what_puts_it_right)
{
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);

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
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);

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
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);
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

// --- Who they are.

START_TEST(members_are_merged_and_parted)
{
	house_worker_start();
	struct vt *vt = house_member("mona", MEMBER + 1, 24, 100);

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
	vt = house_member("mona", MEMBER + 1, 24, 100); // its number leads to the other
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
	house_worker_stop();
	house_work();
	ck_assert_int_eq(house_points(MEMBER + 1), 26000);
}
END_TEST

START_TEST(a_member_is_changed_and_noted)
{
	struct vt *vt = house_member("deniz", MEMBER, 24, 100);

	house_keys(vt, "e\r\177\177\177\177\177\177\177\177Byron\r\r\r\r\r\r\r\rmarried\r\r");
	house_waits(vt, "Changed; what was before is kept");
	house_shows(vt, "1000012  Ada Byron");
	house_waits(vt, "family name changed, was Lovelace: married");
	house_keys(vt, "+call after six, as the line at home is taken by the children until then and nobody hears it\r\r");
	house_waits(vt, "note: call after six");
	house_hides(vt, "nobody hears it");
	house_keys(vt, "g\r");
	house_shows(vt, "nobody hears it (Deniz");
	house_keys(vt, "\r");
	house_hides(vt, "nobody hears it");
	house_keys(vt, "@2026-01-01\r\r");
	house_waits(vt, "1000012 Ada Lovelace");
	house_keys(vt, "\r");
	house_keys(vt, "bR9\r10\r\r");
	house_waits(vt, "no purchase with that receipt");
	house_sql("ana",
		"SELECT loyalty.unmatched_keep('X1', 'purchase', 'till', 'R9', NULL, '{\"amount\": 1000}')");
	house_keys(vt, "\023");
	house_waits(vt, "Claimed; the worker posts it");
	house_waits(vt, "purchase R9");
	vt_close(vt);
}
END_TEST

START_TEST(a_blocked_member_spends_nothing)
{
	struct vt *vt = house_member("mona", MEMBER, 24, 80);

	house_keys(vt, "!\r\r");
	house_shows(vt, "must not be empty");
	house_keys(vt, "card stolen\r\r");
	house_waits(vt, "status changed, was active: card s");
	house_shows(vt, "Lovelace blocked");
	house_keys(vt, "d");
	house_shows(vt, "the member is blocked and spends nothing");
	house_keys(vt, "!found\r\r");
	house_waits(vt, "status changed, was blocked: found");
	house_keys(vt, "d");
	house_shows(vt, "Redeem");
	vt_close(vt);
}
END_TEST

START_TEST(a_member_is_erased)
{
	struct vt *vt = house_member("mona", MEMBER, 24, 100);

	house_keys(vt, "Xasked by letter\r\r");
	house_waits(vt, "Type the number to go on");
	house_keys(vt, "1000013\t\r"); // of another one
	house_shows(vt, "Erase the member?");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.erasure"), 0);
	house_keys(vt, "\033");
	house_keys(vt, "\r");
	house_waits(vt, "Type the number to go on");
	house_keys(vt, "1000012\t\r");
	house_waits(vt, "Its ledger is unchanged: 2 entries");
	house_keys(vt, "\r");
	house_waits(vt, "1000012  erased");
	house_hides(vt, "Lovelace");
	vt_close(vt);
	vt = house_screens("deniz", NULL, 24, 100);
	house_keys(vt, "/Lovelace\r");
	house_hides(vt, "1000012");
	vt_close(vt);
}
END_TEST

// --- Cases.

START_TEST(a_case_is_opened)
{
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);

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

	house_worker_start();
	struct vt *one = house_member("deniz", MEMBER, 24, 80), *two = house_member("bora", MEMBER, 24, 80);
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
	house_worker_stop();
}
END_TEST

START_TEST(a_decision_appears)
{
	house_worker_start();
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "p300\rBig sorry\r\r\r");
	house_waits(vt, "waits for approval");
	house_sql("mona", "SELECT loyalty.approval_decide(a.member_id, a.source, a.external_id, "
			  "a.request_hash, 'approved', 'fine')"
			  " FROM loyalty.approval a");
	house_waits(vt, "+300 STAR");
	house_waits(vt, "540 STAR");
	vt_close(vt);
	house_worker_stop();
}
END_TEST

// --- Trouble.

START_TEST(a_killed_session_costs_nothing)
{
	house_worker_start();
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);

	house_keys(vt, "p25\rTyped before");
	house_sql(NULL, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'deniz'");
	house_keys(vt, " and after\r\r\r");
	house_waits(vt, "Done: 25 STAR goodwill; balance 265 STAR");
	house_waits(vt, "goodwill: Typed before and after");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.journal WHERE type = 'adjust'"), 1);
	vt_close(vt);
	house_worker_stop();
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
	ck_assert_int_eq(house_points(MEMBER), 24100);
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
	struct vt *vt = house_member("deniz", MEMBER, 24, 80);
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
	struct vt *vt = house_member("deniz", MEMBER, sizes[_i].rows, sizes[_i].columns);

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
	TCase *looking = tcase_create("look"), *reading = tcase_create("read"), *people = tcase_create("people"),
	      *news = tcase_create("news");

	tcase_add_test(looking, the_card_tells_where_the_member_stands);
	tcase_add_loop_test(looking, every_tab_shows_its_books, 0, sizeof tabs / sizeof tabs[0]);
	tcase_add_test(looking, managers_see_the_audit);
	tcase_add_test(looking, why_tells_the_rules);
	tcase_add_test(looking, the_timeline_can_be_narrowed);
	tcase_add_loop_test(looking, every_size_works, 0, sizeof sizes / sizeof sizes[0]);
	tcase_add_test(reading, opening_a_member_is_logged_once);
	tcase_add_test(reading, what_the_house_declared_is_seen_and_changed);
	tcase_add_test(reading, why_leads_to_what_puts_it_right);
	tcase_add_test(reading, a_long_timeline_pages);
	tcase_add_test(reading, hostile_text_stays_text);
	tcase_add_test(people, members_are_merged_and_parted);
	tcase_add_test(people, a_member_is_changed_and_noted);
	tcase_add_test(people, a_blocked_member_spends_nothing);
	tcase_add_test(people, a_member_is_erased);
	tcase_add_test(people, a_case_is_opened);
	tcase_add_test(news, two_terminals_see_the_same);
	tcase_add_test(news, a_decision_appears);
	tcase_add_test(news, a_killed_session_costs_nothing);
	tcase_add_test(news, read_only_reads);
	tcase_add_test(news, one_key_is_one_event);
	tcase_add_unchecked_fixture(looking, open_house, NULL); // one house for all who write nothing
	for (TCase *const *at = (TCase *const[]){looking, reading, people, news, NULL}; *at; at++) {
		if (*at != looking)
			tcase_add_checked_fixture(*at, open_house, NULL);
		tcase_set_timeout(*at, 60);
		suite_add_tcase(suite, *at);
	}
	return suite;
}
