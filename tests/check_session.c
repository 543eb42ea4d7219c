// The blocking session: values, rows, errors by SQLSTATE, transactions, COPY, notifications, cancelling.
#include "db/libpq.h"
#include "db/session.h"
#include "tests/database.h"

#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct session *session;
static struct error error;

static void setup(void)
{
	session = database_session("dbname=postgres");
	database_run(
		session, "CREATE TEMPORARY TABLE lot (lot_id int PRIMARY KEY, points bigint, note text)");
}

static void teardown(void)
{
	session_close(session);
}

START_TEST(values_are_data)
{
	const char *name = "Robert'); DROP TABLE member; -- \\ $1";
	struct result *result = session_ask(
		session, &error, "SELECT $1::text, $2::text, $3::bigint + 1", 3, name, NULL, "41");
	ck_assert_ptr_nonnull(result);
	ck_assert_int_eq(result_rows(result), 1);
	ck_assert_str_eq(result_text(result, 0, 0), name);
	ck_assert(result_is_null(result, 0, 1));
	ck_assert_str_eq(result_text(result, 0, 1), "");
	ck_assert_int_eq(result_int64(result, 0, 2), 42);
	result_free(result);
}
END_TEST

// PostgreSQL's own count of days is the judge, over leap years, centuries and both ends of its calendar.
START_TEST(days_count_from_2000)
{
	struct result *result = session_ask(session, &error,
		"SELECT d, d - date '2000-01-01' FROM (SELECT date '4713-01-01 BC' + n * 997 AS d "
		"FROM generate_series(0, 4000) n UNION ALL SELECT unnest('{2000-01-01,2000-02-29,1900-02-28,"
		"1900-03-01,2100-03-01,0001-12-31 BC,0001-01-01,5874897-12-31}'::date[])) days",
		0);
	ck_assert_ptr_nonnull(result);
	for (int row = 0; row < result_rows(result); row++)
		ck_assert_msg(result_day(result, row, 0) == result_int64(result, row, 1), "%s",
			result_text(result, row, 0));
	result_free(result);
	result = session_ask(session, &error, "SELECT date 'infinity', date '-infinity', NULL::date", 0);
	ck_assert_int_eq(result_day(result, 0, 0), RESULT_DAY_NONE);
	ck_assert_int_eq(result_day(result, 0, 1), INT32_MIN);
	ck_assert_int_eq(result_day(result, 0, 2), RESULT_DAY_NONE);
	result_free(result);
}
END_TEST

START_TEST(dates_are_iso_whatever_the_role_likes)
{
	setenv("PGDATESTYLE", "German, DMY", 1);
	struct session *german = database_session("dbname=postgres");
	struct result *result = session_ask(german, &error, "SELECT date '2026-11-22'", 0);
	ck_assert_str_eq(result_text(result, 0, 0), "2026-11-22");
	result_free(result);
	session_close(german);
}
END_TEST

START_TEST(scalars_and_names)
{
	struct result *result = session_ask(session, &error,
		"SELECT true AS yes, false AS no, 2.5::float8 AS half, -7::smallint AS small", 0);
	ck_assert(result_bool(result, 0, result_column(result, "yes")));
	ck_assert(!result_bool(result, 0, result_column(result, "no")));
	ck_assert_double_eq(result_double(result, 0, result_column(result, "half")), 2.5);
	ck_assert_int_eq(result_int64(result, 0, result_column(result, "small")), -7);
	ck_assert_int_eq(result_column(result, "none"), -1);
	ck_assert_str_eq(result_column_name(result, 3), "small");
	result_free(result);
}
END_TEST

static const struct {
	const char *sql;
	enum error_kind kind;
	const char *sqlstate, *what, *todo;
} REFUSALS[] = {
	{"DO $$ BEGIN RAISE EXCEPTION 'credit above your limit' USING ERRCODE = 'LY007', DETAIL = 'limit "
	 "500', "
	 "HINT = 'ask a manager'; END $$",
		ERROR_REFUSED, "LY007", "credit above your limit", "ask a manager"},
	{"DO $$ BEGIN RAISE insufficient_privilege; END $$", ERROR_REFUSED, "42501", "you may not do this",
		"ask whoever manages the staff for the right"},
	{"INSERT INTO lot VALUES (1), (1)", ERROR_REFUSED, "23505", "a rule of the database forbids it", ""},
	{"SELECT 9223372036854775807 + 1", ERROR_REFUSED, "22003", "a value is not possible", ""},
	{"SELECT * FROM nowhere", ERROR_FAILED, "42P01", "the database lacks what this program expects",
		"run loyalty migrate"},
	{"SELEKT", ERROR_FAILED, "42601", "the database could not do it", ""},
	{"DO $$ BEGIN RAISE serialization_failure; END $$", ERROR_FAILED, "40001",
		"somebody else changed the same rows", "try again"},
};

START_TEST(errors_follow_sqlstate)
{
	ck_assert(!session_execute(session, REFUSALS[_i].sql, NULL, 0, &error));
	ck_assert_int_eq(error.kind, REFUSALS[_i].kind);
	ck_assert_str_eq(error.sqlstate, REFUSALS[_i].sqlstate);
	ck_assert_str_eq(error.what, REFUSALS[_i].what);
	ck_assert_str_eq(error.todo, REFUSALS[_i].todo);
	ck_assert_msg(error.why[0] != '\0', "no reason given");
	ck_assert(session_is_alive(session));
}
END_TEST

START_TEST(error_texts_are_harmless)
{
	char out[64], tiny[6];
	ck_assert_str_eq(neutral_text(out, sizeof out, "a\x1b[2Jb\n\tc\xff\xc0\x80\u202e\u0130\n"),
		"a\uFFFD[2Jb  c\uFFFD\uFFFD\uFFFD\uFFFD\u0130");
	ck_assert_str_eq(neutral_text(tiny, sizeof tiny, "abcd\u0130"), "abcd");
	ck_assert(!session_execute(session,
		"DO $$ BEGIN RAISE EXCEPTION E'\\x1b]0;title\\x07' USING ERRCODE = 'LY001'; END $$", NULL, 0,
		&error));
	ck_assert_str_eq(error.what, "\uFFFD]0;title\uFFFD");
}
END_TEST

START_TEST(scripts_name_the_line)
{
	ck_assert(
		!session_script(session, "SELECT 1;\n-- \u0130\u0131\u015f\nSELECT 2;\nSELEKT 3;\n", &error));
	ck_assert_msg(strstr(error.why, "(line 4)") != NULL, "%s", error.why);
}
END_TEST

START_TEST(notices_stay_off_the_screen)
{
	database_run(session, "DO $$ BEGIN RAISE NOTICE 'lots are %', 3; END $$");
	ck_assert_str_eq(session_notice(session), "lots are 3");
}
END_TEST

START_TEST(commit_after_failure_saves_nothing)
{
	ck_assert(session_begin(session, &error));
	database_run(session, "INSERT INTO lot VALUES (1)");
	ck_assert(!session_execute(session, "INSERT INTO lot VALUES (1)", NULL, 0, &error));
	ck_assert(!session_commit(session, &error));
	ck_assert_str_eq(error.what, "nothing was saved");
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM lot"), 0);
	ck_assert(session_begin(session, &error));
	database_run(session, "INSERT INTO lot VALUES (1)");
	ck_assert(session_commit(session, &error));
	ck_assert(session_rollback(session, &error)); // nothing to roll back
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM lot"), 1);
}
END_TEST

START_TEST(unreachable_says_what_to_do)
{
	ck_assert_ptr_null(session_open("host=/nonexistent", NULL, &error));
	ck_assert_int_eq(error.kind, ERROR_UNREACHABLE);
	ck_assert_str_eq(error.what, "no connection to the database");
	ck_assert_msg(error.todo[0] != '\0', "nothing to do");
	ck_assert_ptr_null(session_open("dbname=nowhere", NULL, &error));
	ck_assert_int_eq(error.kind, ERROR_UNREACHABLE);
	ck_assert_str_eq(error.sqlstate, "3D000");
	ck_assert_msg(
		strstr(error.why, "3D000") == NULL && strstr(error.why, "nowhere") != NULL, "%s", error.why);
	ck_assert_ptr_null(session_open("dbname=postgres user=nobody_known", NULL, &error));
	ck_assert_str_eq(error.what, "the database refused the login");
}
END_TEST

START_TEST(killed_session_is_in_doubt)
{
	ck_assert(
		!session_execute(session, "SELECT pg_terminate_backend(pg_backend_pid())", NULL, 0, &error));
	ck_assert_int_eq(error.kind, ERROR_IN_DOUBT);
	ck_assert(!session_is_alive(session));
	ck_assert(!session_execute(session, "SELECT 1", NULL, 0, &error));
	ck_assert_int_eq(error.kind, ERROR_UNREACHABLE);
}
END_TEST

struct rows {
	int count, limit;
	char text[64];
	int64_t sum;
};

static bool give_row(void *payload, const char **data, size_t *length, struct error *why)
{
	struct rows *rows = payload;
	*length = 0;
	if (rows->count == rows->limit)
		return rows->limit < 100 || error_set(why, ERROR_FAILED, "row 100 is bad", "", "%s", "");
	*data = rows->text;
	*length =
		(size_t)snprintf(rows->text, sizeof rows->text, "%d\t%d\tx\n", rows->count, rows->count * 2);
	rows->count++;
	return true;
}

static bool take_row(void *payload, const char *data, size_t length, struct error *why)
{
	struct rows *rows = payload;
	ck_assert_int_eq(data[length - 1], '\n');
	rows->sum += strtoll(data, NULL, 10);
	return ++rows->count < rows->limit || error_set(why, ERROR_FAILED, "that is enough", "", "%s", "");
}

START_TEST(copy_goes_both_ways)
{
	struct rows in = {.limit = 99}, out = {.limit = 1000};
	int64_t rows = 0;
	ck_assert(session_copy_in(session, "COPY lot FROM STDIN", give_row, &in, &rows, &error));
	ck_assert_int_eq(rows, 99);
	ck_assert_int_eq(rows, database_number(session, "SELECT count(*) FROM lot"));
	ck_assert(
		session_copy_out(session, "COPY (SELECT points FROM lot) TO STDOUT", take_row, &out, &error));
	ck_assert_int_eq(out.sum, database_number(session, "SELECT sum(points) FROM lot"));
}
END_TEST

START_TEST(copy_breaks_off_whole)
{
	struct rows in = {.limit = 100}, out = {.limit = 5};
	ck_assert(!session_copy_in(session, "COPY lot FROM STDIN", give_row, &in, NULL, &error));
	ck_assert_str_eq(error.what, "row 100 is bad");
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM lot"), 0);
	ck_assert(!session_copy_out(
		session, "COPY (SELECT generate_series(1, 10000000)) TO STDOUT", take_row, &out, &error));
	ck_assert_str_eq(error.what, "that is enough");
	ck_assert_int_eq(out.count, 5);
	ck_assert(!session_copy_in(session, "COPY nowhere FROM STDIN", give_row, &in, NULL, &error));
	ck_assert_str_eq(error.sqlstate, "42P01");
	ck_assert_int_eq(database_number(session, "SELECT 1"), 1);
}
END_TEST

START_TEST(notifications_arrive)
{
	struct session *other = database_session("dbname=postgres");
	struct notification notification;
	ck_assert(session_listen(session, "Member \"x\"", &error));
	ck_assert_int_eq(session_wait(session, 0, &notification, &error), 0);
	database_run(other, "SELECT pg_notify('Member \"x\"', '4711')");
	ck_assert_int_eq(session_wait(session, 10000, &notification, &error), 1);
	ck_assert_str_eq(notification.channel, "Member \"x\"");
	ck_assert_str_eq(notification.text, "4711");
	session_close(other);
}
END_TEST

static void *cancel_when_running(void *unused)
{
	struct session *other = database_session("dbname=postgres");
	while (!database_number(other,
		"SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(60%'"
		" AND state = 'active'"))
		;
	session_close(other);
	session_cancel(session);
	return unused;
}

START_TEST(cancel_stops_a_statement)
{
	pthread_t thread;
	pthread_create(&thread, NULL, cancel_when_running, NULL);
	ck_assert(!session_execute(session, "SELECT pg_sleep(60)", NULL, 0, &error));
	pthread_join(thread, NULL);
	ck_assert_int_eq(error.kind, ERROR_CANCELLED);
	ck_assert_str_eq(error.sqlstate, "57014");
	ck_assert(session_is_alive(session));
}
END_TEST

Suite *session_suite(void);

Suite *session_suite(void)
{
	Suite *suite = suite_create("session");
	TCase *tcase = tcase_create("session");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, values_are_data);
	tcase_add_test(tcase, days_count_from_2000);
	tcase_add_test(tcase, dates_are_iso_whatever_the_role_likes);
	tcase_add_test(tcase, scalars_and_names);
	tcase_add_loop_test(tcase, errors_follow_sqlstate, 0, (int)(sizeof REFUSALS / sizeof *REFUSALS));
	tcase_add_test(tcase, error_texts_are_harmless);
	tcase_add_test(tcase, scripts_name_the_line);
	tcase_add_test(tcase, notices_stay_off_the_screen);
	tcase_add_test(tcase, commit_after_failure_saves_nothing);
	tcase_add_test(tcase, unreachable_says_what_to_do);
	tcase_add_test(tcase, killed_session_is_in_doubt);
	tcase_add_test(tcase, copy_goes_both_ways);
	tcase_add_test(tcase, copy_breaks_off_whole);
	tcase_add_test(tcase, notifications_arrive);
	tcase_add_test(tcase, cancel_stops_a_statement);
	suite_add_tcase(suite, tcase);
	return suite;
}
