// Binary columns and pipelines: what goes out comes back, in one piece or not at all.
#include "db/wire.h"
#include "tests/database.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct session *session;
static struct error error;

static void setup(void)
{
	session = database_session("dbname=postgres");
	database_run(session,
		"CREATE TEMPORARY TABLE lot (lot_id bigint PRIMARY KEY, kind smallint, count int, day date, "
		"at timestamptz, good boolean, note text, hash bytea, key uuid)");
}

static void teardown(void)
{
	session_close(session);
}

static void expect(bool is_good)
{
	char line[800];
	ck_assert_msg(is_good, "%s", error_line(&error, line, sizeof line));
}

static const char INSERT[] =
	"INSERT INTO lot SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING lot_id";

static const enum wire_type COLUMNS[] = {
	WIRE_INT8, WIRE_INT2, WIRE_INT4, WIRE_DATE, WIRE_MOMENT, WIRE_BOOL, WIRE_TEXT, WIRE_BYTEA, WIRE_UUID};

// Bytes that would need care as text.
static const char NASTY[16] = "\\,{}\"'\0\xff NULL";

static int64_t value_of(enum wire_type type, int row)
{
	switch (type) {
	case WIRE_INT8:
		return INT64_MIN + row;
	case WIRE_INT2:
		return -row;
	case WIRE_BOOL:
		return row % 2;
	case WIRE_DATE:
		return row == 1 ? INT32_MAX : row * 1000 - 50000;
	default:
		return row * 70000 - 7;
	}
}

// Row 3 is NULL but for its key; texts and bytes hold what needs care as text.
static void fill(struct query *query, int rows)
{
	query_clear(query);
	for (size_t c = 0; c < sizeof COLUMNS / sizeof *COLUMNS; c++) {
		struct parameter *array = query_array(query, COLUMNS[c]);
		for (int row = 0; row < rows; row++)
			if (row == 3 && c > 0)
				array_null(array);
			else if (COLUMNS[c] == WIRE_TEXT)
				array_text(array, row == 4 ? "" : "{\"\u0130\\,NULL\"}");
			else if (COLUMNS[c] == WIRE_BYTEA || COLUMNS[c] == WIRE_UUID)
				array_bytes(array, NASTY, sizeof NASTY);
			else
				array_int(array, value_of(COLUMNS[c], row));
		ck_assert_int_eq(array_count(array), rows);
	}
}

static void send_and_read(struct query *query, struct result **result)
{
	expect(pipeline_send(session, query, &error));
	expect(pipeline_sync(session, &error));
	expect(pipeline_results(session, result, 1, &error));
}

static void compare_row(const struct result *result, int row)
{
	for (int c = 0; c < (int)(sizeof COLUMNS / sizeof *COLUMNS); c++) {
		ck_assert_int_eq(result_is_null(result, row, c), row == 3 && c > 0);
		if (result_is_null(result, row, c))
			ck_assert_ptr_null(result_bytes(result, row, c));
		else if (COLUMNS[c] == WIRE_DATE)
			ck_assert_int_eq(result_day(result, row, c), value_of(COLUMNS[c], row));
		else if (COLUMNS[c] == WIRE_TEXT)
			ck_assert_str_eq(result_text(result, row, c), row == 4 ? "" : "{\"\u0130\\,NULL\"}");
		else if (COLUMNS[c] == WIRE_BYTEA || COLUMNS[c] == WIRE_UUID)
			ck_assert_mem_eq(result_bytes(result, row, c), NASTY, sizeof NASTY);
		else
			ck_assert_int_eq(result_int64(result, row, c), value_of(COLUMNS[c], row));
	}
}

START_TEST(columns_come_back)
{
	enum { ROWS = 40 };
	struct query insert, select;
	struct result *result;
	query_init(&insert, "insert", INSERT);
	query_init(&select, "select", "SELECT * FROM lot ORDER BY lot_id");
	fill(&insert, ROWS);
	send_and_read(&insert, &result);
	ck_assert_int_eq(result_affected(result), ROWS);
	result_free(result);
	send_and_read(&select, &result);
	ck_assert_int_eq(result_rows(result), ROWS);
	for (int row = 0; row < ROWS; row++)
		compare_row(result, row);
	result_free(result);
	query_free(&insert);
	query_free(&select);
}
END_TEST

START_TEST(an_empty_column_is_no_row)
{
	struct query insert;
	struct result *result;
	query_init(&insert, "insert", INSERT);
	fill(&insert, 0);
	send_and_read(&insert, &result);
	ck_assert_int_eq(result_rows(result), 0);
	result_free(result);
	query_free(&insert);
}
END_TEST

START_TEST(scalars_and_nulls)
{
	struct query query;
	struct result *result;
	query_init(&query, "scalars", "SELECT $1 + 1, $2, $3 IS NULL, length($4), $5, $6::text::float8, $7");
	for (int round = 0; round < 2; round++) {
		query_clear(&query);
		query_int(&query, WIRE_INT8, INT64_MAX - 1);
		query_text(&query, round ? "text" : NULL);
		query_null(&query, WIRE_DATE);
		query_bytes(&query, WIRE_BYTEA, "\0\0", 2);
		query_int(&query, WIRE_BOOL, round);
		query_text(&query, "0.5");
		query_text(&query, "");
		send_and_read(&query, &result);
		ck_assert_int_eq(result_int64(result, 0, 0), INT64_MAX);
		ck_assert_int_eq(result_is_null(result, 0, 1), !round);
		ck_assert(result_bool(result, 0, 2));
		ck_assert_int_eq(result_int64(result, 0, 3), 2);
		ck_assert_int_eq(result_bool(result, 0, 4), round);
		ck_assert_double_eq(result_double(result, 0, 5), 0.5);
		ck_assert(!result_is_null(result, 0, 6));
		result_free(result);
	}
	query_free(&query);
}
END_TEST

START_TEST(arrays_come_apart)
{
	struct query query;
	struct result *result;
	const char *data;
	size_t length;
	int64_t number, sum = 0;
	query_init(&query, "arrays",
		"SELECT '{1,NULL,-3}'::int8[], '{a,NULL,\"\"}'::text[], '{}'::int8[], NULL::int8[], "
		"'{{1,2},{3,4}}'::int2[]");
	send_and_read(&query, &result);
	struct elements elements = result_elements(result, 0, 0);
	while (elements_next_int(&elements, &number))
		sum = sum * 10 + number;
	ck_assert_int_eq(sum, 97);
	elements = result_elements(result, 0, 1);
	ck_assert(elements_next(&elements, &data, &length) && length == 1 && *data == 'a');
	ck_assert(elements_next(&elements, &data, &length) && !data);
	ck_assert(elements_next(&elements, &data, &length) && data && length == 0);
	ck_assert(!elements_next(&elements, &data, &length));
	elements = result_elements(result, 0, 2);
	ck_assert(!elements_next_int(&elements, &number));
	elements = result_elements(result, 0, 3);
	ck_assert(!elements_next_int(&elements, &number));
	elements = result_elements(result, 0, 4);
	for (sum = 0; elements_next_int(&elements, &number);)
		sum += number;
	ck_assert_int_eq(sum, 10);
	result_free(result);
	query_free(&query);
}
END_TEST

// A pipeline fails whole: what went before the bad statement is undone, what comes after is skipped, its
// prepared statements are known or not as the server has it, and the session goes on.
START_TEST(a_failed_pipeline_leaves_nothing)
{
	struct query insert, bad, late;
	struct result *results[3];
	query_init(&insert, "insert", "INSERT INTO lot (lot_id) SELECT unnest($1)");
	query_init(&bad, "bad", "SELECT 1 / $1");
	query_init(&late, "late", "SELECT 7::bigint");
	array_int(query_array(&insert, WIRE_INT8), 1);
	query_int(&bad, WIRE_INT8, 0);
	for (int round = 0; round < 4; round++) {
		bool with_begin = round % 2;
		if (with_begin)
			expect(pipeline_command(session, "BEGIN", &error));
		expect(pipeline_send(session, &insert, &error));
		expect(pipeline_send(session, &bad, &error));
		expect(pipeline_send(session, &late, &error));
		if (with_begin)
			expect(pipeline_command(session, "COMMIT", &error));
		expect(pipeline_sync(session, &error));
		ck_assert(!pipeline_results(session, results, 3, &error));
		ck_assert_str_eq(error.sqlstate, "22012");
		ck_assert_ptr_null(results[0]);
		ck_assert_int_eq(database_number(session, "SELECT count(*) FROM lot"), 0);
	}
	send_and_read(&late, results);
	ck_assert_int_eq(result_int64(results[0], 0, 0), 7);
	result_free(results[0]);
	query_free(&insert);
	query_free(&bad);
}
END_TEST

START_TEST(results_stand_in_order)
{
	struct query insert, count;
	struct result *results[4];
	query_init(&insert, "insert", "INSERT INTO lot (lot_id) SELECT unnest($1)");
	query_init(&count, "count", "SELECT count(*) FROM lot");
	for (int round = 1; round <= 3; round++) {
		query_clear(&insert);
		array_int(query_array(&insert, WIRE_INT8), round);
		expect(pipeline_command(session, "BEGIN", &error));
		expect(pipeline_send(session, &insert, &error));
		expect(pipeline_send(session, &count, &error));
		expect(pipeline_command(session, "COMMIT", &error));
		expect(pipeline_sync(session, &error));
		query_clear(&insert); // its values are already on their way
		expect(pipeline_results(session, results, 4, &error));
		ck_assert_int_eq(result_affected(results[1]), 1);
		ck_assert_int_eq(result_int64(results[2], 0, 0), round);
		for (int i = 0; i < 4; i++)
			result_free(results[i]);
	}
	query_free(&insert);
}
END_TEST

// A parameter that ran out of memory stops the pipeline, whatever was sent before.
START_TEST(a_pipeline_that_breaks_undoes_what_was_sent)
{
	struct query insert, broken;
	query_init(&insert, "insert", "INSERT INTO lot (lot_id) SELECT unnest($1)");
	query_init(&broken, "broken", "SELECT $1");
	array_int(query_array(&insert, WIRE_INT8), 1);
	query_text(&broken, "x");
	broken.failed = true;
	expect(pipeline_send(session, &insert, &error));
	ck_assert(!pipeline_send(session, &broken, &error));
	ck_assert_str_eq(error.what, "out of memory");
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM lot"), 0);
	expect(pipeline_send(session, &insert, &error));
	expect(pipeline_sync(session, &error));
	expect(pipeline_results(session, NULL, 0, &error));
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM lot"), 1);
	query_free(&insert);
	query_free(&broken);
}
END_TEST

START_TEST(a_new_session_prepares_anew)
{
	struct query query;
	struct result *result;
	query_init(&query, "again", "SELECT 5::int");
	for (int round = 0; round < 3; round++) {
		send_and_read(&query, &result);
		ck_assert_int_eq(result_int64(result, 0, 0), 5);
		result_free(result);
		session_close(session);
		session = database_session("dbname=postgres");
	}
}
END_TEST

START_TEST(a_dead_link_is_in_doubt)
{
	struct query query, die;
	query_init(&query, "five", "SELECT 5::int");
	query_init(&die, "die", "SELECT pg_terminate_backend(pg_backend_pid())");
	expect(pipeline_send(session, &query, &error));
	expect(pipeline_send(session, &die, &error));
	expect(pipeline_send(session, &query, &error));
	expect(pipeline_sync(session, &error));
	ck_assert(!pipeline_results(session, NULL, 0, &error));
	ck_assert_int_eq(error.kind, ERROR_IN_DOUBT);
	ck_assert(!pipeline_send(session, &query, &error));
	ck_assert_int_eq(error.kind, ERROR_UNREACHABLE);
	session_close(session);
	session = database_session("dbname=postgres");
	expect(pipeline_send(session, &query, &error));
	expect(pipeline_sync(session, &error));
	expect(pipeline_results(session, NULL, 0, &error));
}
END_TEST

// More than the sockets hold in either direction, so that neither side may wait for the other.
START_TEST(large_columns_do_not_lock_up)
{
	enum { ROWS = 300000 };
	struct query echo;
	struct result *results[2];
	int64_t number, sum = 0;
	query_init(&echo, "echo", "SELECT $1");
	struct parameter *array = query_array(&echo, WIRE_INT8);
	for (int i = 0; i < ROWS; i++)
		array_int(array, i);
	expect(pipeline_send(session, &echo, &error));
	expect(pipeline_send(session, &echo, &error));
	expect(pipeline_sync(session, &error));
	expect(pipeline_results(session, results, 2, &error));
	struct elements elements = result_elements(results[1], 0, 0);
	while (elements_next_int(&elements, &number))
		sum += number;
	ck_assert_int_eq(sum, (int64_t)ROWS * (ROWS - 1) / 2);
	result_free(results[0]);
	result_free(results[1]);
	query_free(&echo);
}
END_TEST

Suite *wire_suite(void);

Suite *wire_suite(void)
{
	Suite *suite = suite_create("wire");
	TCase *tcase = tcase_create("wire");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, columns_come_back);
	tcase_add_test(tcase, an_empty_column_is_no_row);
	tcase_add_test(tcase, scalars_and_nulls);
	tcase_add_test(tcase, arrays_come_apart);
	tcase_add_test(tcase, a_failed_pipeline_leaves_nothing);
	tcase_add_test(tcase, results_stand_in_order);
	tcase_add_test(tcase, a_pipeline_that_breaks_undoes_what_was_sent);
	tcase_add_test(tcase, a_new_session_prepares_anew);
	tcase_add_test(tcase, a_dead_link_is_in_doubt);
	tcase_add_test(tcase, large_columns_do_not_lock_up);
	suite_add_tcase(suite, tcase);
	return suite;
}
