// The screens around cases: one's inbox, changes of many with their undo, work figures, the audit log.
#include "tests/tui/house.h"
#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *desk_screens_suite(void);

static struct vt *vt;

static void start(void)
{
	house_open("house_desk_screens");
	house_case(1, "Alpha", "a");
	house_case(2, "Beta", "b");
	house_case(3, "Gamma", "c");
}

static struct vt *open_at(const char *login, const char *key)
{
	struct vt *opened = house_screens(login, NULL, 24, 100);
	house_keys(opened, key);
	return opened;
}

START_TEST(the_inbox_tells_and_leads)
{
	vt = open_at("deniz", "B");
	house_shows(vt, "You were told nothing yet");
	house_sql("bora", "SELECT loyalty.case_write(2, 1, gen_random_uuid(), 'internal', 'What says @deniz?')");
	house_waits(vt, "mentioned");
	house_waits(vt, "message");
	house_shows(vt, "Bora Aksoy");
	house_keys(vt, "\r");
	house_shows(vt, "What says @deniz?");
	house_keys(vt, "\033");
	house_shows(vt, "Inbox");
	house_waits(vt, "house_desk_screens"); // the badge is gone with what was read
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.desk_inbox WHERE login = 'deniz' AND read_at IS NULL"), 0);
	house_sql("bora", "SELECT loyalty.case_assign(3, 1, NULL, 'deniz')");
	house_waits(vt, "assigned");
	house_keys(vt, "a");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.desk_inbox WHERE login = 'deniz' AND read_at IS NULL"), 0);
}
END_TEST

START_TEST(marked_cases_are_changed_and_taken_back)
{
	vt = open_at("deniz", "C");
	house_keys(vt, "4");
	house_keys(vt, " "); // marks and goes down
	house_keys(vt, "G ");
	house_keys(vt, "b");
	house_shows(vt, "What to do to 2 marked cases?");
	house_keys(vt, "jjj\r");
	house_keys(vt, "vip\r");
	house_shows(vt, "2 marked cases. A worker does it");
	house_shows(vt, "1000001/1  Alpha");
	house_shows(vt, "1000003/1  Gamma");
	house_hides(vt, "1000002/1  Beta");
	house_keys(vt, "y");
	house_shows(vt, "Job 1 waits for a worker");
	house_work();
	house_waits(vt, "Done: 2 of 2 cases");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.member_case WHERE tags = '{vip}'"), 2);
	house_keys(vt, "u");
	house_work();
	house_waits(vt, "Taken back: 2 of 2");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.member_case WHERE tags = '{vip}'"), 0);
}
END_TEST

START_TEST(all_of_a_queue_needs_the_number_typed)
{
	vt = open_at("deniz", "C");
	house_keys(vt, "b");
	house_shows(vt, "There is no case here");
	house_keys(vt, "2");
	house_keys(vt, "b");
	house_shows(vt, "What to do to 3 cases, all of the queue?");
	house_keys(vt, "G\r");
	house_keys(vt, "kept late posting\r");
	house_shows(vt, "3 cases, all of the filter");
	house_shows(vt, "1000002/1  Beta");
	house_keys(vt, "3\t\r");
	house_shows(vt, "waits for a worker");
	house_work();
	house_waits(vt, "Done: 3 of 3 cases");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.member_case WHERE state = 'resolved' AND cause = 'late posting' AND resolved_by = 'deniz'"), 3);
}
END_TEST

START_TEST(work_figures_come_with_their_definitions)
{
	vt = open_at("mona", "Y");
	house_shows(vt, "No case was resolved in this period");
	house_sql("deniz", "SELECT loyalty.case_resolve(1, 1, NULL, 'x', 'kept'), loyalty.case_resolve(2, 1, NULL, 'x', 'lost')");
	house_sql("bora", "SELECT loyalty.case_resolve(3, 1, NULL, 'x', 'not_at_risk')");
	house_keys(vt, "r");
	house_shows(vt, "all");
	house_shows(vt, "50.0");
	house_keys(vt, "3");
	house_shows(vt, "deniz");
	house_shows(vt, "bora");
	house_shows(vt, "first-contact resolution");
	house_keys(vt, "f2020-01-01 2020-01-31\r");
	house_shows(vt, "Work figures: 2020-01-01 to 2020-01-31");
	house_shows(vt, "No case was resolved");
	house_keys(vt, "fyesterday\r");
	house_shows(vt, "Two days, as");
	house_leave(vt);
	vt = open_at("deniz", "Y");
	house_hides(vt, "What the figures are");
}
END_TEST

START_TEST(the_audit_log_is_filtered_and_proved)
{
	house_sql("bora", "SELECT * FROM loyalty.member_open(5)");
	vt = open_at("mona", "#");
	house_shows(vt, "member.read");
	house_shows(vt, "The line");
	house_keys(vt, "flogin=bora reads\r");
	house_shows(vt, "Audit: login=bora reads");
	house_shows(vt, "1000005");
	house_hides(vt, "event.submit");
	house_keys(vt, "\033");
	house_shows(vt, "event.submit");
	house_keys(vt, "fcolour\r");
	house_shows(vt, "The filter knows login=");
	house_keys(vt, "c");
	house_shows(vt, "Whole: no line");
	house_sql(NULL, "UPDATE loyalty.audit_log SET login = 'eve' WHERE member_id = 5 AND audit_no = 1");
	house_keys(vt, "c");
	house_shows(vt, "BROKEN: 1");
	house_keys(vt, "\r");
	house_shows(vt, "1000005");
}
END_TEST

Suite *desk_screens_suite(void)
{
	Suite *suite = suite_create("desk_screens");
	TCase *tests = tcase_create("desk_screens");
	tcase_add_checked_fixture(tests, start, house_close);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, the_inbox_tells_and_leads);
	tcase_add_test(tests, marked_cases_are_changed_and_taken_back);
	tcase_add_test(tests, all_of_a_queue_needs_the_number_typed);
	tcase_add_test(tests, work_figures_come_with_their_definitions);
	tcase_add_test(tests, the_audit_log_is_filtered_and_proved);
	suite_add_tcase(suite, tests);
	return suite;
}
