// Cases in the database: sent twice is once, two people get two cases, nobody overwrites unseen, counters equal a recount.
#include "tests/database.h"

#include <check.h>
#include <stdio.h>

Suite *desk_functions_suite(void);

static struct session *root, *deniz, *suzan;

static void open_house(void)
{
	root = database_migrated("check_desk_functions");
	database_run(root, "SELECT loyalty.programme_load('t', 'Test', 'USD', 'UTC', 'a document', '2020-01-01',"
			   " '{\"currencies\": [], \"ladders\": [], \"rules\": [], \"rewards\": []}')");
	database_staff(root);
	database_run(root, "SELECT * FROM loyalty.enrol_member('test', 'a', 'Ayşe', 'Yılmaz', NULL, NULL, NULL, NULL, '', 'tr', '', NULL)");
	deniz = database_login("deniz");
	suzan = database_login("suzan");
}

static void close_house(void)
{
	session_close(suzan);
	session_close(deniz);
	session_close(root);
}

#define OPEN(key) \
	"SELECT loyalty.case_open(1, '00000000-0000-4000-8000-00000000000" key "', 'Stars missing', 'phone', 2, 'from_member', 'Where?')"
#define WRITE(key, kind) \
	"SELECT loyalty.case_write(1, 1, '00000000-0000-4000-8000-0000000000f" key "', '" kind "', 'Text')"

static void expect_counters_equal_a_recount(void)
{
	ck_assert_str_eq(database_text(root, "SELECT string_agg(detail, '; ' ORDER BY detail) FROM loyalty.case_broken()"), "");
}

START_TEST(sent_twice_is_once)
{
	ck_assert_str_eq(database_text(deniz, OPEN("1")), "1");
	ck_assert_str_eq(database_text(deniz, OPEN("1")), "1");
	ck_assert_str_eq(database_text(deniz, OPEN("2")), "2");
	ck_assert_str_eq(database_text(deniz, WRITE("1", "to_member")), "2");
	ck_assert_str_eq(database_text(deniz, WRITE("1", "to_member")), "2");
	ck_assert_str_eq(database_text(deniz, "SELECT loyalty.case_assign(1, 1, 2, 'deniz')"), "3");
	ck_assert_str_eq(database_text(deniz, "SELECT loyalty.case_assign(1, 1, 2, 'deniz')"), "3");
	ck_assert_str_eq(database_text(deniz, "SELECT loyalty.case_resolve(1, 1, 3, 'stars missing', 'kept')"), "4");
	ck_assert_str_eq(database_text(deniz, "SELECT loyalty.case_resolve(1, 1, 3, 'stars missing', 'kept')"), "4");
	ck_assert_str_eq(database_text(root, "SELECT count(*) FROM loyalty.case_article"), "3");
	expect_counters_equal_a_recount();
}
END_TEST

START_TEST(two_people_take_two_cases)
{
	database_run(deniz, OPEN("1"));
	database_run(deniz, OPEN("2"));
	ck_assert_str_eq(database_text(deniz, "SELECT case_no FROM loyalty.case_take_next()"), "1");
	ck_assert_str_eq(database_text(suzan, "SELECT case_no FROM loyalty.case_take_next()"), "2");
	ck_assert_str_eq(database_text(suzan, "SELECT case_no FROM loyalty.case_take_next()"), "");
	ck_assert_str_eq(database_text(root, "SELECT string_agg(owner || state, ' ' ORDER BY case_no) FROM loyalty.member_case"), "denizopen suzanopen");
	expect_counters_equal_a_recount();
}
END_TEST

START_TEST(nobody_overwrites_unseen)
{
	database_run(deniz, OPEN("1"));
	database_run(suzan, "SELECT loyalty.case_assign(1, 1, 1, 'suzan')");
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.case_assign(1, 1, 1, 'deniz')"), "LY020");
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.case_resolve(1, 1, 1, 'x', 'kept')"), "LY020");
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.case_set_state(1, 1, 1, 'waiting_member')"), "LY020");
}
END_TEST

START_TEST(a_case_ends_with_cause_and_outcome)
{
	database_run(deniz, OPEN("1"));
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.case_resolve(1, 1, 1, ' ', 'kept')"), "LY002");
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.case_resolve(1, 1, 1, 'cause', 'happy')"), "LY002");
	database_run(deniz, "SELECT loyalty.case_resolve(1, 1, 1, 'cause', 'lost')");
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.case_assign(1, 1, 2, 'suzan')"), "LY021");
	database_run(deniz, "SELECT loyalty.case_set_state(1, 1, 2, 'open')");
	ck_assert_str_eq(database_text(root, "SELECT state || coalesce(cause, '-') FROM loyalty.member_case"), "open-");
	expect_counters_equal_a_recount();
}
END_TEST

START_TEST(marketing_does_not_work_on_cases)
{
	struct session *elif = database_login("elif");
	ck_assert_str_eq(database_refusal(elif, OPEN("1")), "42501");
	session_close(elif);
}
END_TEST

Suite *desk_functions_suite(void)
{
	Suite *suite = suite_create("desk_functions");
	TCase *tcase = tcase_create("cases");
	tcase_add_checked_fixture(tcase, open_house, close_house);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, sent_twice_is_once);
	tcase_add_test(tcase, two_people_take_two_cases);
	tcase_add_test(tcase, nobody_overwrites_unseen);
	tcase_add_test(tcase, a_case_ends_with_cause_and_outcome);
	tcase_add_test(tcase, marketing_does_not_work_on_cases);
	suite_add_tcase(suite, tcase);
	return suite;
}
