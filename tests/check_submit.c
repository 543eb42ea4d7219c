// What a hostile or an unlucky sender can do to the journal: ways around limits, days to come, keys used
// twice, others' imports.
#include "tests/database.h"
#include "tests/spine.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct session *root;

static void setup(void)
{
	root = spine_begin("check_submit", "starbucks_us_2026");
	database_run(root, "SELECT loyalty.enrol_member('test', 'enrol', 'Ayşe', 'Yılmaz', NULL, NULL, NULL, "
			   "NULL, '', '', '', NULL)");
}

static void teardown(void)
{
	session_close(root);
}

#define SUBMIT(what, type, key, day, body)                                                                   \
	"SELECT " what " FROM loyalty.submit_event(1, '" type "', 'test', '" key "', " day ", '" body "')"
#define STATUS(type, key, day, body) SUBMIT("status", type, key, day, body)

START_TEST(lines_are_counted_as_they_are_rated)
{
	struct session *deniz = database_login("deniz");
	ck_assert_str_eq(
		database_refusal(deniz, STATUS("purchase", "a", "NULL",
						"{\"amount\": 1, \"lines\": [{\"amount\": 9000000}]}")),
		"LY002");
	ck_assert_str_eq(
		database_text(deniz, STATUS("purchase", "b", "NULL", "{\"lines\": [{\"amount\": 20001}]}")),
		"waiting");
	ck_assert_str_eq(
		database_text(deniz, STATUS("purchase", "c", "NULL",
					     "{\"lines\": [{\"amount\": 20001}, {\"amount\": -20001}]}")),
		"waiting");
	ck_assert_str_eq(
		database_text(deniz, STATUS("adjust", "d", "NULL",
					     "{\"currency\": \"STAR\", \"amount\": -9223372036854775808}")),
		"waiting");
	ck_assert_int_eq(
		database_number(root, "SELECT count(*) FROM loyalty.journal WHERE type <> 'enrol'"), 0);
	session_close(deniz);
}
END_TEST

START_TEST(an_older_view_does_not_hide_what_counts)
{
	struct session *deniz = database_login("deniz");
	database_run(deniz, "BEGIN ISOLATION LEVEL REPEATABLE READ");
	ck_assert_str_eq(database_refusal(deniz,
				 STATUS("adjust", "a", "NULL", "{\"currency\": \"STAR\", \"amount\": 100}")),
		"LY002");
	session_close(deniz);
}
END_TEST

// A day that has not come would expire what the member has, and endless ones would keep the worker for ever.
START_TEST(nobody_sends_what_has_not_happened)
{
	static const char *const days[] = {
		"'infinity'", "'-infinity'", "'1899-12-31'", "'250000-01-01'", "loyalty.business_day() + 2"};
	char sql[300];
	struct session *deniz = database_login("deniz"), *till = database_login("kasa");
	for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
		snprintf(sql, sizeof sql,
			"SELECT loyalty.submit_event(1, 'redeem', 'test', 'k', %s, '{\"reward\": "
			"\"mod25\"}')",
			days[i]);
		ck_assert_str_eq(database_refusal(deniz, sql), "LY002");
		ck_assert_str_eq(database_refusal(till, sql), "LY002");
	}
	ck_assert_str_eq(
		database_refusal(deniz, STATUS("session_end", "b", "loyalty.business_day() + 1", "{}")),
		"LY002");
	ck_assert_str_eq(database_text(till, STATUS("session_end", "b", "loyalty.business_day() + 1", "{}")),
		"pending");
	ck_assert_str_eq(database_refusal(till, "SELECT loyalty.enrol_member('t', 'e', 'A', 'B', NULL, NULL, "
						"NULL, NULL, '', '', '', NULL, '-infinity')"),
		"LY002");
	session_close(till);
	session_close(deniz);
}
END_TEST

#define SUBMIT_LATE(key, type, day, happened)                                                                \
	"SELECT loyalty.submit_event(1, '" type "', 'test', '" key "', " day                                 \
	", jsonb_build_object('activity_date', " happened "))"

// The enrolment was two days ago. An activity date that is the date says nothing; sent again it is the same
// event.
START_TEST(what_comes_late_has_two_dates)
{
	struct session *till = database_login("kasa");
	database_run(root, "UPDATE loyalty.member SET enrolled_on = loyalty.business_day() - 2");
	ck_assert_str_eq(
		database_refusal(till, SUBMIT_LATE("a", "purchase", "NULL", "loyalty.business_day() + 1")),
		"LY002");
	ck_assert_str_eq(database_refusal(till, SUBMIT_LATE("a", "purchase", "loyalty.business_day() - 2",
							"loyalty.business_day() - 1")),
		"LY002");
	ck_assert_str_eq(
		database_refusal(till, SUBMIT_LATE("a", "purchase", "NULL", "loyalty.business_day() - 3")),
		"LY002");
	ck_assert_str_eq(
		database_refusal(till, SUBMIT_LATE("a", "session_end", "NULL", "loyalty.business_day() - 1")),
		"LY002");
	ck_assert_str_eq(
		database_refusal(till, SUBMIT_LATE("a", "purchase", "NULL", "'2026-02-30'")), "LY002");
	ck_assert_int_eq(
		database_number(root, "SELECT count(*) FROM loyalty.journal WHERE type <> 'enrol'"), 0);
	for (int i = 0; i < 2; i++) {
		database_run(till, SUBMIT_LATE("a", "purchase", "NULL", "loyalty.business_day() - 2"));
		database_run(till, SUBMIT_LATE("b", "activity", "NULL", "loyalty.business_day()"));
	}
	ck_assert_str_eq(
		database_text(root, "SELECT string_agg(concat_ws(' ', external_id, loyalty.business_day() - "
				    "activity_on, activity_on - happened_on), ',' ORDER BY seq) "
				    "FROM loyalty.journal WHERE type <> 'enrol'"),
		"a 0 2,b 0");
	ck_assert_str_eq(
		database_refusal(till, SUBMIT_LATE("a", "purchase", "NULL", "loyalty.business_day() - 1")),
		"LY003");
	session_close(till);
}
END_TEST

START_TEST(an_event_is_no_bag_for_anything)
{
	char sql[70000] = "SELECT loyalty.submit_event(1, 'purchase', 'test', 'k', NULL, '{\"amount\": 1, "
			  "\"category\": \"";
	struct session *till = database_login("kasa");
	size_t used = strlen(sql);
	memset(sql + used, 'x', 66000);
	strcpy(sql + used + 66000, "\"}')");
	ck_assert_str_eq(database_refusal(till, sql), "LY002");
	ck_assert_str_eq(database_refusal(till, STATUS("purchase", "a", "NULL",
							"{\"amount\": 1, \"flags\": [\"a\\u001fb\"]}")),
		"LY002");
	ck_assert_str_eq(
		database_refusal(till, STATUS("purchase", "a", "NULL", "{\"amount\": 1.5}")), "LY002");
	ck_assert_str_eq(database_refusal(till, STATUS("purchase", "a", "NULL", "[1]")), "LY002");
	ck_assert_str_eq(database_refusal(till, STATUS("purchase", "a", "NULL", "{\"lines\": 7}")), "LY002");
	session_close(till);
}
END_TEST

#define BIG "{\"currency\": \"STAR\", \"amount\": 90000}"
START_TEST(a_key_that_waits_is_one_request_too)
{
	struct session *deniz = database_login("deniz"), *suzan = database_login("suzan"),
		       *murat = database_login("murat");
	ck_assert_str_eq(
		database_text(deniz, STATUS("adjust", "a", "loyalty.business_day() - 1", BIG)), "waiting");
	ck_assert_str_eq(database_text(deniz, STATUS("adjust", "a", "NULL", BIG)), "waiting");
	ck_assert_str_eq(database_refusal(suzan,
				 STATUS("adjust", "a", "NULL", "{\"currency\": \"STAR\", \"amount\": 5}")),
		"LY003");
	int64_t seq = database_number(murat, "SELECT loyalty.approval_decide(1, 'test', 'a', request_hash, "
					     "'approved', '') FROM loyalty.approval");
	ck_assert_int_eq(
		database_number(deniz, SUBMIT("seq", "adjust", "a", "loyalty.business_day() - 1", BIG)), seq);
	ck_assert_int_eq(database_number(deniz, SUBMIT("seq", "adjust", "a", "NULL", BIG)), seq);
	ck_assert_int_eq(
		database_number(root, "SELECT count(*) FROM loyalty.journal WHERE type = 'adjust'"), 1);
	session_close(murat);
	session_close(suzan);
	session_close(deniz);
}
END_TEST

// What a second session answers that sends while the first has not yet committed: as a child process, which
// says so by its status.
static pid_t child_expect(const char *login, const char *sql, const char *refusal)
{
	pid_t child = fork();
	if (child != 0)
		return child;
	struct error error = {0};
	char conninfo[64];
	snprintf(conninfo, sizeof conninfo, "user=%s", login);
	struct session *session = session_open(conninfo, "check", &error);
	struct result *result = session ? session_query(session, sql, NULL, 0, &error) : NULL;
	_exit(session && (refusal ? !result && strcmp(error.sqlstate, refusal) == 0 : result != NULL) ? 0
												      : 1);
}

static void child_wait_for_lock(void)
{
	while (database_number(root, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
				     "AND datname = current_database()") == 0)
		database_run(root, "SELECT pg_stat_clear_snapshot()");
}

static void twice_at_once(const char *first, const char *second, const char *refusal)
{
	int status = -1;
	struct session *till = database_login("kasa");
	database_run(till, "BEGIN");
	database_run(till, first);
	pid_t child = child_expect("ada", second, refusal);
	child_wait_for_lock();
	database_run(till, "COMMIT");
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	session_close(till);
}

START_TEST(one_key_twice_at_the_same_moment)
{
	twice_at_once(STATUS("purchase", "a", "NULL", "{\"amount\": 100}"),
		STATUS("purchase", "a", "NULL", "{\"amount\": 100}"), NULL);
	twice_at_once(STATUS("purchase", "b", "NULL", "{\"amount\": 100}"),
		STATUS("purchase", "b", "NULL", "{\"amount\": 101}"), "LY003");
	ck_assert_int_eq(
		database_number(root, "SELECT count(*) FROM loyalty.journal WHERE type = 'purchase'"), 2);
}
END_TEST

#define ENROL(source, key, name)                                                                             \
	"SELECT member_id FROM loyalty.enrol_member('" source "', '" key "', '" name                         \
	"', 'Öz', NULL, NULL, NULL, NULL, '', '', '', NULL)"
START_TEST(one_enrolment_twice)
{
	twice_at_once(ENROL("till", "a", "Can"), ENROL("till", "a", "Can"), NULL);
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.member"), 2);
	ck_assert_str_eq(database_refusal(root, ENROL("till", "a", "Cem")), "LY003");
	ck_assert_int_ne(database_number(root, ENROL("till b", "c", "Ece")),
		database_number(root, ENROL("till", "b c", "Ece")));
}
END_TEST

#define STAGE(columns, values)                                                                               \
	"INSERT INTO loyalty.import_event (import_no, line_no, member, source, external_id, type, "          \
	"activity_on, amount" columns                                                                        \
	") VALUES (1, 2, '1000001', 'x', 'x', 'purchase', '2026-03-11', 100" values ")"
START_TEST(nobody_puts_lines_into_anothers_import)
{
	struct session *ada = database_login("ada"), *till = database_login("kasa");
	database_run(ada, "SELECT loyalty.import_start('events', 'a.csv')");
	ck_assert_str_eq(database_refusal(till, STAGE(", seq", ", 9223372036854775807")), "42501");
	ck_assert_str_eq(database_refusal(till, STAGE(", by_login", ", 'ada'")), "42501");
	database_run(till, STAGE("", ""));
	ck_assert_str_eq(database_refusal(ada, "SELECT loyalty.import_events(1, 1, 9)"), "LY001");
	ck_assert_str_eq(database_refusal(till, "SELECT loyalty.import_events(1, 1, 9)"), "LY004");
	ck_assert_int_eq(
		database_number(root, "SELECT count(*) FROM loyalty.journal WHERE type <> 'enrol'"), 0);
	session_close(till);
	session_close(ada);
}
END_TEST

START_TEST(an_import_takes_nothing_that_has_not_happened)
{
	struct session *ada = database_login("ada");
	database_run(ada, "SELECT loyalty.import_start('events', 'a.csv')");
	database_run(ada, STAGE("", ""));
	database_run(ada, "INSERT INTO loyalty.import_event (import_no, line_no, member, source, "
			  "external_id, type, activity_on, amount) "
			  "VALUES (1, 3, '1000001', 'x', 'y', 'purchase', loyalty.business_day() + 2, 100), "
			  "(1, 4, '1000001', 'x', 'z', 'purchase', 'infinity', 100)");
	ck_assert_str_eq(
		database_text(ada,
			"SELECT concat_ws(' ', taken, known, rejected) FROM loyalty.import_events(1, 1, 9)"),
		"1 0 2");
	ck_assert_str_eq(database_text(ada, "SELECT reason FROM loyalty.import_reject WHERE line_no = 4"),
		"date: an event cannot happen on infinity");
	session_close(ada);
}
END_TEST

Suite *submit_suite(void);
Suite *submit_suite(void)
{
	Suite *suite = suite_create("submit");
	TCase *cases = tcase_create("submit");
	tcase_set_timeout(cases, 120);
	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_add_test(cases, lines_are_counted_as_they_are_rated);
	tcase_add_test(cases, an_older_view_does_not_hide_what_counts);
	tcase_add_test(cases, nobody_sends_what_has_not_happened);
	tcase_add_test(cases, what_comes_late_has_two_dates);
	tcase_add_test(cases, an_event_is_no_bag_for_anything);
	tcase_add_test(cases, a_key_that_waits_is_one_request_too);
	tcase_add_test(cases, one_key_twice_at_the_same_moment);
	tcase_add_test(cases, one_enrolment_twice);
	tcase_add_test(cases, nobody_puts_lines_into_anothers_import);
	tcase_add_test(cases, an_import_takes_nothing_that_has_not_happened);
	suite_add_tcase(suite, cases);
	return suite;
}
