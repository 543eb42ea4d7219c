// The screen of one case, beyond answering: drafts that outlive the screen, others who are here, details changed by two at once, macros, checklists,
// merging and following.
#include "tests/tui/house.h"
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

Suite *case_screens_suite(void);

static struct vt *vt, *other;

static void start(void)
{
	house_open("house_case_screens");
	house_case(1, "Stars missing", "Where are my stars?");
}

// At the case of that title, among all that are open.
static struct vt *open_case(const char *login, const char *title)
{
	struct vt *opened = house_screens(login, NULL, 24, 100);
	house_keys(opened, "C");
	house_keys(opened, "4");
	house_keys(opened, "/");
	vt_send(opened, title);
	house_keys(opened, "\r");
	house_keys(opened, "\r");
	house_shows(opened, "Case ──");
	house_shows(opened, title);
	return opened;
}

START_TEST(a_killed_screen_costs_no_text)
{
	vt = open_case("deniz", "Stars missing");
	house_keys(vt, "i");
	house_keys(vt, "Till 4 was down\rsince noon");
	ck_assert_int_eq(kill(vt->pid, SIGKILL), 0);
	house_leave(vt);
	vt = open_case("deniz", "Stars missing");
	house_shows(vt, "INTERNAL note");
	house_shows(vt, "since noon");
	house_shows(vt, "is here again");
	house_keys(vt, ".");
	house_keys(vt, "\023");
	house_shows(vt, "INTERNAL NOTE: Deniz Kaya");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.case_article WHERE body = E'Till 4 was down\\nsince noon.'"), 1);
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.case_draft"), 0);
}
END_TEST

START_TEST(a_draft_thrown_away_is_gone)
{
	vt = open_case("deniz", "Stars missing");
	house_keys(vt, "e");
	house_keys(vt, "Dear");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.case_draft WHERE body = 'Dear'"), 1);
	house_keys(vt, "\033");
	house_keys(vt, "j");
	house_keys(vt, "\r");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.case_draft"), 0);
	house_keys(vt, "\033");
	house_keys(vt, "\r");
	house_hides(vt, "is here again");
}
END_TEST

START_TEST(others_are_seen_come_write_and_go)
{
	vt = open_case("deniz", "Stars missing");
	house_hides(vt, "also here");
	other = open_case("bora", "Stars missing");
	house_shows(other, "also here: Deniz Kaya");
	house_waits(vt, "also here: Bora Aksoy");
	house_keys(other, "e");
	house_waits(vt, "Bora Aksoy writes");
	ck_assert_int_eq(kill(other->pid, SIGKILL), 0);
	house_leave(other);
	while (house_number("SELECT count(*) FROM pg_stat_activity WHERE usename = 'bora'"))
		;
	house_keys(vt, "r");
	house_hides(vt, "also here");
}
END_TEST

// One changes title and priority, the other title and tags: the priority stays, both titles are shown, the second saving decides.
START_TEST(details_that_two_change_are_shown_side_by_side)
{
	vt = open_case("deniz", "Stars missing");
	house_keys(vt, "d");
	house_shows(vt, "Details of the case");
	house_keys(vt, " of Monday");
	house_keys(vt, "\t\t\t");
	house_keys(vt, "vip");
	house_sql("bora", "SELECT loyalty.case_edit(1, 1, NULL, 'Stars of Ayse', 'high', NULL, NULL)");
	house_keys(vt, "\023");
	house_shows(vt, "now \"Stars of Ayse\" (was \"Stars missing\")");
	house_shows(vt, "now \"high\" (was \"normal\")");
	house_shows(vt, "Stars missing of Monday");
	house_shows(vt, "vip");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.member_case WHERE title = 'Stars of Ayse' AND tags = '{}'"), 1);
	house_keys(vt, "\023");
	house_shows(vt, "[vip]");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.member_case WHERE title = 'Stars missing of Monday' AND tags = '{vip}' AND priority = 1"), 1);
}
END_TEST

START_TEST(a_case_waits_until_a_date)
{
	vt = open_case("deniz", "Stars missing");
	house_keys(vt, "W");
	house_keys(vt, "2020-01-01\r");
	house_shows(vt, "a time that is to come");
	house_keys(vt, "W");
	house_keys(vt, "2999-01-01\r");
	house_shows(vt, "waiting until 2999-01-01");
}
END_TEST

START_TEST(a_macro_is_run_and_the_next_case_opened)
{
	house_case(2, "Second", "And mine?");
	vt = open_case("deniz", "Stars missing");
	house_keys(vt, "X");
	house_shows(vt, "Run which macro?");
	house_shows(vt, "Say that we look into it");
	house_keys(vt, "k\r"); // the first of two
	house_shows(vt, "1000002/1");
	house_shows(vt, "And mine?");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.member_case c JOIN loyalty.case_article a USING (member_id, case_no)"
				      " WHERE c.state = 'resolved' AND a.kind = 'to_member' AND a.body LIKE 'Dear Ayşe,%Deniz Kaya'"), 1);
}
END_TEST

START_TEST(a_canned_text_is_changed_before_it_is_sent)
{
	vt = open_case("deniz", "Stars missing");
	house_keys(vt, "z");
	house_shows(vt, "Answer with");
	house_keys(vt, "\r");
	house_shows(vt, "Answer to the member");
	house_keys(vt, "!");
	house_keys(vt, "\023");
	house_shows(vt, "Answer sent");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.case_article WHERE body LIKE 'Dear Ayşe,%Deniz Kaya!'"), 1);
}
END_TEST

START_TEST(what_is_not_done_is_told_when_resolving)
{
	house_sql("mona", "SELECT loyalty.case_check_set('desk', '{Receipt seen,Called back}')");
	vt = open_case("deniz", "Stars missing");
	house_shows(vt, "to do: Receipt seen; Called back");
	house_keys(vt, "c");
	house_keys(vt, "\r");
	house_shows(vt, "to do: Called back");
	house_keys(vt, "R");
	house_shows(vt, "Not done yet: Called back");
	house_keys(vt, "late posting\tk");
	house_keys(vt, "\023");
	house_shows(vt, "resolved by deniz");
}
END_TEST

START_TEST(cases_are_merged_split_and_linked)
{
	house_case(1, "Again", "Still no stars");
	house_case(2, "Theirs", "Hello");
	vt = open_case("deniz", "Again");
	house_keys(vt, "=");
	house_keys(vt, "\r");
	house_shows(vt, "Merge it into which case?");
	house_keys(vt, "\r");
	house_shows(vt, "merged into 1000001/1");
	house_keys(vt, "\033");
	house_keys(vt, "\033");
	house_leave(vt);
	vt = open_case("deniz", "Stars missing");
	house_shows(vt, "Still no stars");
	house_shows(vt, "merged here 1000001/2 Again");
	house_keys(vt, "=jjj\r");
	house_keys(vt, "1000002/1\r");
	house_shows(vt, "linked 1000002/1 Theirs");
	house_keys(vt, "=jj\r");
	house_keys(vt, "Apart\r");
	house_shows(vt, "Done");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.member_case WHERE title = 'Apart'"), 1);
}
END_TEST

START_TEST(a_followed_case_tells)
{
	vt = open_case("deniz", "Stars missing");
	house_keys(vt, "+");
	house_shows(vt, "followed");
	house_sql("bora", "SELECT loyalty.case_write(1, 1, gen_random_uuid(), 'internal', 'Done')");
	house_waits(vt, "1 message");
	house_keys(vt, "+");
	house_hides(vt, " followed ");
}
END_TEST

Suite *case_screens_suite(void)
{
	Suite *suite = suite_create("case_screens");
	TCase *tests = tcase_create("case_screens");
	tcase_add_checked_fixture(tests, start, house_close);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, a_killed_screen_costs_no_text);
	tcase_add_test(tests, a_draft_thrown_away_is_gone);
	tcase_add_test(tests, others_are_seen_come_write_and_go);
	tcase_add_test(tests, details_that_two_change_are_shown_side_by_side);
	tcase_add_test(tests, a_case_waits_until_a_date);
	tcase_add_test(tests, a_macro_is_run_and_the_next_case_opened);
	tcase_add_test(tests, a_canned_text_is_changed_before_it_is_sent);
	tcase_add_test(tests, what_is_not_done_is_told_when_resolving);
	tcase_add_test(tests, cases_are_merged_split_and_linked);
	tcase_add_test(tests, a_followed_case_tells);
	suite_add_tcase(suite, tests);
	return suite;
}
