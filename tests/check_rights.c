// Rights: the whole matrix roles × tables × columns × functions against the list we mean, and what a login may do with psql alone.
#include "tests/database.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// One line an object and right, naming the roles that hold it; columns are named where it is not on the whole table.
static const char MATRIX[] =
	"WITH who (role) AS (VALUES ('public'), ('loyalty_support'), ('loyalty_marketing'), ('loyalty_manager'), ('loyalty_admin'),"
	"  ('loyalty_worker'), ('loyalty_pos'), ('loyalty_web')),"
	" object AS (SELECT c.oid, n.nspname || '.' || c.relname AS name, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
	"  WHERE n.nspname IN ('loyalty', 'dist', 'migration') AND c.relkind IN ('r', 'p', 'v', 'S')),"
	" held AS ("
	"  SELECT CASE relkind WHEN 'S' THEN 'sequence ' ELSE 'table ' END || name AS object, role, p AS what FROM object, who,"
	"         unnest(CASE relkind WHEN 'S' THEN ARRAY['USAGE', 'UPDATE', 'SELECT']"
	"                ELSE ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'] END) p"
	"   WHERE CASE relkind WHEN 'S' THEN has_sequence_privilege(role, oid, p) ELSE has_table_privilege(role, oid, p) END"
	"  UNION ALL"
	"  SELECT 'table ' || name, role, p || '(' || string_agg(a.attname, ', ' ORDER BY a.attnum) || ')' FROM object JOIN pg_attribute a"
	"      ON a.attrelid = oid AND a.attnum > 0 AND NOT a.attisdropped, who, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) p"
	"   WHERE relkind <> 'S' AND has_column_privilege(role, oid, a.attnum, p) AND NOT has_table_privilege(role, oid, p) GROUP BY name, role, p"
	"  UNION ALL"
	"  SELECT 'function ' || p.oid::regprocedure, role, 'EXECUTE' FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace, who"
	"   WHERE n.nspname IN ('loyalty', 'dist', 'migration') AND has_function_privilege(role, p.oid, 'EXECUTE')"
	"  UNION ALL"
	"  SELECT 'schema ' || n.nspname, role, p FROM pg_namespace n, who, unnest(ARRAY['USAGE', 'CREATE']) p"
	"   WHERE n.nspname IN ('loyalty', 'dist', 'migration', 'public') AND has_schema_privilege(role, n.oid, p)"
	"  UNION ALL"
	"  SELECT 'database', role, p FROM who, unnest(ARRAY['CONNECT', 'TEMPORARY', 'CREATE']) p WHERE has_database_privilege(role, current_database(), p))"
	" SELECT object || ' ' || what || ': ' || string_agg(replace(role, 'loyalty_', ''), ' ' ORDER BY role COLLATE \"C\") FROM held"
	" GROUP BY object, what ORDER BY object COLLATE \"C\", what COLLATE \"C\"";

#define EXPECTED_FILE "tests/rights_expected.txt"
#define ACTUAL_FILE "build/rights_actual.txt"

static char *read_whole(const char *path)
{
	FILE *file = fopen(path, "r");
	ck_assert_msg(file != NULL, "cannot read %s", path);
	char *text = calloc(1, 1 << 20);
	size_t length = fread(text, 1, (1 << 20) - 1, file);
	text[length] = '\0';
	fclose(file);
	return text;
}

// What stands in the matrix and not in the list was granted by accident; what is missing was lost.
START_TEST(matrix_is_the_expected_one)
{
	struct session *session = database_migrated("check_rights");
	struct error error = {0};
	struct result *result = session_query(session, MATRIX, NULL, 0, &error);
	ck_assert_msg(result != NULL, "%s", error.why);
	char *expected = read_whole(EXPECTED_FILE), *rest = expected;
	FILE *actual = fopen(ACTUAL_FILE, "w");
	int wrong = 0;
	for (int row = 0; row < result_rows(result); row++) {
		const char *line = result_text(result, row, 0);
		if (actual)
			fprintf(actual, "%s\n", line);
		char *want = strsep(&rest, "\n");
		if (!wrong && (!want || strcmp(want, line) != 0)) {
			fprintf(stderr, "rights: line %d: expected \"%s\", is \"%s\" (all of it: " ACTUAL_FILE ")\n", row + 1,
				want ? want : "", line);
			wrong++;
		}
	}
	if (actual)
		fclose(actual);
	ck_assert_int_eq(wrong, 0);
	ck_assert_msg(!rest || *rest == '\0', "expected and not there: %.80s", rest);
	result_free(result);
	free(expected);
	session_close(session);
}
END_TEST

// The rules that let the same migrations run on a distributed engine (no row: none is broken).
START_TEST(schema_lint_finds_nothing)
{
	struct session *session = database_migrated("check_rights");
	char *lint = read_whole("tests/lint.sql");
	struct error error = {0};
	struct result *result = session_query(session, lint, NULL, 0, &error);
	ck_assert_msg(result != NULL, "%s", error.why);
	for (int row = 0; row < result_rows(result); row++)
		fprintf(stderr, "lint: %s: %s\n", result_text(result, row, 0), result_text(result, row, 1));
	ck_assert_int_eq(result_rows(result), 0);
	result_free(result);
	free(lint);
	session_close(session);
}
END_TEST

// The lint must see a fault of each kind, or its silence means nothing.
START_TEST(schema_lint_sees_planted_faults)
{
	static const char *const fault[] = {
		"CREATE TABLE loyalty.stray (member_id bigint PRIMARY KEY)",
		"CREATE UNIQUE INDEX planted ON loyalty.member (number)",
		"CREATE FUNCTION loyalty.planted() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
		"CREATE TABLE loyalty.stray (member_id bigint, note_id bigint GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (member_id, note_id));"
		"SELECT dist.distribute('loyalty.stray', 'member_id', 'loyalty.member')",
		"CREATE FUNCTION loyalty.planted() RETURNS void LANGUAGE sql AS 'UPDATE loyalty.member_case SET changed_at = clock_timestamp()'",
	};
	struct session *session = database_migrated("check_rights");
	char *lint = read_whole("tests/lint.sql");
	for (size_t i = 0; i < sizeof fault / sizeof *fault; i++) {
		struct error error = {0};
		ck_assert(session_begin(session, &error));
		ck_assert_msg(session_script(session, fault[i], &error), "%s: %s", fault[i], error.why);
		struct result *result = session_query(session, lint, NULL, 0, &error);
		ck_assert_msg(result != NULL, "%s", error.why);
		ck_assert_msg(result_rows(result) > 0, "the lint misses: %s", fault[i]);
		result_free(result);
		ck_assert(session_rollback(session, &error));
	}
	free(lint);
	session_close(session);
}
END_TEST

static void enrol_somebody(struct session *session)
{
	database_run(session, "SELECT * FROM loyalty.enrol_member('test', 'a', 'Ayşe', 'Yılmaz', '1990-06-15', 'ayse@example.org', '+905321112233',"
			      " '63351234', 'İzmir', 'tr', 'phone', NULL)");
}

static void make_house(struct session **root)
{
	*root = database_migrated("check_rights");
	database_run(*root, "SELECT loyalty.programme_load('t', 'Test', 'USD', 'UTC', 'a document', '2020-01-01', '{\"currencies\":"
		"[{\"code\": \"STAR\", \"kind\": \"redeemable\", \"decimals\": 2}], \"ladders\": [], \"rules\": [], \"rewards\": []}')");
	database_staff(*root);
	enrol_somebody(*root);
}

#define ADJUST(id, amount) \
	"SELECT status FROM loyalty.submit_event(1, 'adjust', 'staff', '" id "', NULL, '{\"currency\": \"STAR\", \"amount\": " amount "}')"

// A support login with psql: 250 points for one member a day, in any number of pieces, and not one more.
START_TEST(support_cannot_credit_beyond_its_limit)
{
	struct session *root, *deniz;
	make_house(&root);
	deniz = database_login("deniz");
	ck_assert_str_eq(database_text(deniz, ADJUST("a", "20000")), "pending");
	ck_assert_str_eq(database_text(deniz, ADJUST("b", "5000")), "pending");
	ck_assert_str_eq(database_text(deniz, ADJUST("c", "1")), "waiting");
	ck_assert_str_eq(database_text(deniz, ADJUST("d", "-1")), "waiting");
	ck_assert_str_eq(database_text(deniz, ADJUST("e", "99999999")), "waiting");
	ck_assert_str_eq(database_text(deniz, "SELECT status FROM loyalty.submit_event(1, 'activity', 'pos', 'f', NULL, "
					      "'{\"activity\": \"reload\", \"amount\": 900000}')"), "waiting");
	ck_assert_str_eq(database_text(deniz, "SELECT status FROM loyalty.submit_event(1, 'purchase', 'pos', 'g', NULL, '{\"amount\": 20001}', 1)"),
		"waiting");
	ck_assert_str_eq(database_text(root, "SELECT sum(amount) FROM loyalty.journal WHERE type <> 'enrol'"), "25000");
	session_close(deniz);
	session_close(root);
}
END_TEST

// Bulk lane and other sources must not be a way around the day's limit.
START_TEST(no_lane_or_source_escapes_the_limit)
{
	struct session *root, *deniz;
	make_house(&root);
	deniz = database_login("deniz");
	ck_assert_str_eq(database_text(deniz, "SELECT status FROM loyalty.submit_event(1, 'adjust', 'pos', 'x1', NULL, "
		"'{\"currency\": \"STAR\", \"amount\": 25000}', 1)"), "pending");
	ck_assert_str_eq(database_text(deniz, "SELECT status FROM loyalty.submit_event(1, 'adjust', 'shop', 'x2', NULL, "
		"'{\"currency\": \"STAR\", \"amount\": 25000}', 1)"), "waiting");
	session_close(deniz);
	session_close(root);
}
END_TEST

START_TEST(one_never_approves_ones_own)
{
	struct session *root, *murat, *ada;
	make_house(&root);
	murat = database_login("murat");
	ada = database_login("ada");
	ck_assert_str_eq(database_text(murat, ADJUST("big", "9900000")), "waiting");
#define DECIDE "SELECT loyalty.approval_decide(1, 'staff', 'big', request_hash, 'approved', 'ok') FROM loyalty.approval"
	ck_assert_str_eq(database_refusal(murat, DECIDE), "LY012");
	ck_assert_str_eq(database_refusal(ada, "SELECT loyalty.approval_decide(1, 'staff', 'big', 'x', 'approved', 'ok')"), "LY013");
	ck_assert_str_ne(database_text(ada, DECIDE), "");
	ck_assert_str_eq(database_refusal(ada, DECIDE), "LY010");
	ck_assert_str_eq(database_text(root, "SELECT submitted_by || ' ' || approved_by FROM loyalty.journal WHERE external_id = 'big'"), "murat ada");
	session_close(ada);
	session_close(murat);
	session_close(root);
}
END_TEST

START_TEST(history_and_personal_data_are_out_of_reach)
{
	static const char *const attempt[] = {
		"INSERT INTO loyalty.ledger_entry SELECT * FROM loyalty.ledger_entry", "UPDATE loyalty.balance SET points = 1",
		"DELETE FROM loyalty.journal", "TRUNCATE loyalty.audit_log", "SELECT born FROM loyalty.member", "SELECT * FROM loyalty.member_identifier",
		"SELECT born FROM loyalty.journal", "SELECT loyalty.staff_add('eve', 'Eve', 'admin')", "CREATE TABLE loyalty.mine (a int)",
		"CREATE TABLE public.mine (a int)", "CREATE TEMP TABLE mine (a int)", "SELECT loyalty.audit_write(1, 'x', 'y', NULL)",
		"SELECT dist.make_login('eve', 'admin')", "SET ROLE loyalty_owner", "SELECT loyalty.journal_add(NULL)",
	};
	struct session *root, *deniz;
	make_house(&root);
	deniz = database_login("deniz");
	for (size_t i = 0; i < sizeof attempt / sizeof *attempt; i++)
		ck_assert_str_eq(database_refusal(deniz, attempt[i]), "42501");
	session_close(deniz);
	session_close(root);
}
END_TEST

START_TEST(a_read_of_personal_data_is_written_down)
{
	struct session *root, *deniz;
	make_house(&root);
	deniz = database_login("deniz");
	ck_assert_str_eq(database_text(deniz, "SELECT email FROM loyalty.member_open(1)"), "ayse@example.org");
	ck_assert_str_eq(database_text(root, "SELECT login || ' ' || action FROM loyalty.audit_log WHERE member_id = 1 ORDER BY audit_no DESC LIMIT 1"),
		"deniz member.read");
	ck_assert_str_eq(database_text(root, "SELECT count(*) FROM (SELECT hash = loyalty.audit_hash(lag(hash, 1, '\\x') OVER (ORDER BY audit_no), "
		"member_id, audit_no, at, login, application, client, action, object, changed) AS good FROM loyalty.audit_log WHERE member_id = 1) x "
		"WHERE NOT good"), "0");
	session_close(deniz);
	session_close(root);
}
END_TEST

START_TEST(who_leaves_can_do_nothing)
{
	struct session *root, *deniz;
	make_house(&root);
	deniz = database_login("deniz");
	database_run(root, "SELECT loyalty.staff_disable('deniz')");
	ck_assert_str_eq(database_refusal(deniz, ADJUST("late", "100")), "42501");
	session_close(deniz);
	session_close(root);
}
END_TEST

START_TEST(one_key_is_one_event)
{
	struct session *root, *deniz;
	make_house(&root);
	deniz = database_login("deniz");
	ck_assert_str_eq(database_text(deniz, ADJUST("k", "100")), "pending");
	ck_assert_str_eq(database_text(deniz, ADJUST("k", "100")), "pending");
	ck_assert_str_eq(database_refusal(deniz, ADJUST("k", "200")), "LY003");
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.submit_event(1, 'adjust', 'staff', 'u', NULL, '{\"amont\": 1}')"), "LY002");
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.submit_event(1, 'adjust', 'staff', 'u', NULL, '{\"amount\": 99999999999999999999}')"),
		"LY002");
	ck_assert_str_eq(database_text(root, "SELECT count(*) FROM loyalty.journal WHERE type = 'adjust'"), "1");
	session_close(deniz);
	session_close(root);
}
END_TEST

Suite *rights_suite(void);

Suite *rights_suite(void)
{
	Suite *suite = suite_create("rights");
	TCase *matrix = tcase_create("matrix"), *people = tcase_create("people");
	tcase_set_timeout(matrix, 60);
	tcase_set_timeout(people, 60);
	tcase_add_test(matrix, matrix_is_the_expected_one);
	tcase_add_test(matrix, schema_lint_finds_nothing);
	tcase_add_test(matrix, schema_lint_sees_planted_faults);
	tcase_add_test(people, support_cannot_credit_beyond_its_limit);
	tcase_add_test(people, no_lane_or_source_escapes_the_limit);
	tcase_add_test(people, one_never_approves_ones_own);
	tcase_add_test(people, history_and_personal_data_are_out_of_reach);
	tcase_add_test(people, a_read_of_personal_data_is_written_down);
	tcase_add_test(people, who_leaves_can_do_nothing);
	tcase_add_test(people, one_key_is_one_event);
	suite_add_tcase(suite, matrix);
	suite_add_tcase(suite, people);
	return suite;
}
