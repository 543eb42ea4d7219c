// Migrations: once each, in order, whole or not at all, and told apart when database and program do not
// match.
#include "db/migrate.h"
#include "tests/database.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SQL(at, sql)                                                                                         \
	{                                                                                                    \
		.path = "db/schema/" at, .text = sql                                                         \
	}
#define CLUSTER_TEXT                                                                                         \
	"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'loyalty_owner') THEN "             \
	"CREATE ROLE loyalty_owner LOGIN; END IF; "                                                          \
	"EXECUTE format('GRANT CREATE ON DATABASE %I TO loyalty_owner', current_database()); END $$; "       \
	"CREATE SCHEMA IF NOT EXISTS loyalty AUTHORIZATION loyalty_owner"
#define CLUSTER SQL("0000_cluster.sql", CLUSTER_TEXT)
#define MEMBER SQL("0001_member.sql", "CREATE TABLE loyalty.member (member_id bigint); SELECT 1")
#define LOT SQL("0002_lot.sql", "CREATE TABLE loyalty.lot (lot_id bigint)")
#define END                                                                                                  \
	{                                                                                                    \
		.path = NULL                                                                                 \
	}

static const struct embedded_file FIRST[] = {CLUSTER, MEMBER, END};
static const struct embedded_file BOTH[] = {
	CLUSTER, MEMBER, LOT, SQL("readme.txt", "no migration"), SQL("0003_note.md", "nor this"), END};
static const struct embedded_file CHANGED[] = {
	CLUSTER, SQL("0001_member.sql", "CREATE TABLE loyalty.member (member_id int)"), LOT, END};
static const struct embedded_file BROKEN[] = {CLUSTER, MEMBER,
	SQL("0002_lot.sql",
		"CREATE TABLE loyalty.lot (lot_id bigint);\nCREATE TABLE loyalty.lot (lot_id bigint)"),
	END};

static struct session *session;
static struct error error;
static char reported[200];

static void setup(void)
{
	database_fresh("check_migrate");
	session = database_session(NULL);
	reported[0] = '\0';
}

static void teardown(void)
{
	session_close(session);
}

static void report(void *payload, int version, const char *name)
{
	size_t used = strlen(reported);
	ck_assert_ptr_eq(payload, &error);
	snprintf(reported + used, sizeof reported - used, "%d:%s ", version, name);
}

static bool run(const struct embedded_file *files)
{
	return migrate_run(session, files, report, &error, &error);
}

static void expect_run(const struct embedded_file *files)
{
	char line[800];
	bool is_good = run(files);
	ck_assert_msg(is_good, "%s", error_line(&error, line, sizeof line));
}

static enum migrate_state state_of(const struct embedded_file *files, struct migrate_status *status)
{
	char line[800];
	bool is_good = migrate_state(session, files, status, &error);
	ck_assert_msg(is_good, "%s", error_line(&error, line, sizeof line));
	return status->state;
}

START_TEST(goes_from_missing_to_current)
{
	struct migrate_status status;
	ck_assert_int_eq(state_of(BOTH, &status), MIGRATE_MISSING);
	ck_assert(!migrate_complain(&status, &error));
	ck_assert_str_eq(error.todo, "run loyalty migrate");
	expect_run(FIRST);
	ck_assert_str_eq(reported, "0:0000_cluster 1:0001_member ");
	ck_assert_int_eq(state_of(FIRST, &status), MIGRATE_CURRENT);
	ck_assert_int_eq(state_of(BOTH, &status), MIGRATE_OLDER);
	ck_assert_int_eq(status.applied, 1);
	ck_assert_int_eq(status.known, 2);
	reported[0] = '\0';
	expect_run(BOTH);
	ck_assert_str_eq(reported, "2:0002_lot ");
	ck_assert_int_eq(state_of(BOTH, &status), MIGRATE_CURRENT);
	ck_assert(migrate_complain(&status, &error));
	expect_run(BOTH);
	ck_assert_str_eq(reported, "2:0002_lot ");
	ck_assert_int_eq(database_number(session, MIGRATE_APPLIED_SQL), 2);
	ck_assert_int_eq(
		database_number(session, "SELECT count(*) FROM pg_tables WHERE schemaname IN "
					 "('loyalty', 'migration') AND tableowner = 'loyalty_owner'"),
		3);
}
END_TEST

START_TEST(newer_and_changed_are_refused)
{
	struct migrate_status status;
	expect_run(BOTH);
	ck_assert_int_eq(state_of(FIRST, &status), MIGRATE_NEWER);
	ck_assert(!run(FIRST));
	ck_assert_str_eq(error.what, "the database is newer than this program");
	ck_assert_int_eq(state_of(CHANGED, &status), MIGRATE_CHANGED);
	ck_assert_int_eq(status.differs, 1);
	ck_assert(!run(CHANGED));
	ck_assert_msg(strstr(error.why, "0001") != NULL, "%s", error.why);
}
END_TEST

START_TEST(a_failed_one_leaves_nothing_half_done)
{
	struct migrate_status status;
	ck_assert(!run(BROKEN));
	ck_assert_str_eq(error.what, "migration 0002_lot was not applied");
	ck_assert_str_eq(error.sqlstate, "42P07");
	ck_assert_int_eq(
		database_number(session, "SELECT count(*) FROM pg_tables WHERE tablename = 'lot'"), 0);
	ck_assert_int_eq(state_of(BOTH, &status), MIGRATE_OLDER);
	expect_run(BOTH);
}
END_TEST

START_TEST(a_held_table_is_not_waited_for_long)
{
	static const struct embedded_file alter[] = {
		CLUSTER, MEMBER, SQL("0002_name.sql", "ALTER TABLE loyalty.member ADD name text"), END};
	struct session *other = database_session(NULL);
	expect_run(FIRST);
	database_run(other, "BEGIN; LOCK TABLE loyalty.member");
	ck_assert(!run(alter));
	ck_assert_str_eq(error.sqlstate, "55P03");
	database_run(other, "COMMIT");
	expect_run(alter);
	session_close(other);
}
END_TEST

// Both start from nothing; each migration is done by one of them.
START_TEST(two_at_once)
{
	enum { DEPLOYERS = 4 };
	for (int i = 0; i < DEPLOYERS; i++)
		if (fork() == 0) {
			struct error why;
			struct session *own = session_open(NULL, NULL, &why);
			bool is_good = own && migrate_run(own, BOTH, NULL, NULL, &why);
			if (!is_good)
				fprintf(stderr, "%s: %s\n", why.what, why.why);
			session_close(own);
			_exit(is_good ? 0 : 1);
		}
	for (int i = 0; i < DEPLOYERS; i++) {
		int status;
		ck_assert_int_gt(wait(&status), 0);
		ck_assert_int_eq(status, 0);
	}
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM migration.applied"), 3);
}
END_TEST

START_TEST(who_is_no_superuser_needs_one_first)
{
	struct session *other;
	struct migrate_status status;
	database_run(session,
		"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'check_deployer') THEN "
		"CREATE ROLE check_deployer LOGIN; END IF; END $$");
	other = database_session("user=check_deployer");
	ck_assert(!migrate_run(other, BOTH, NULL, NULL, &error));
	ck_assert_int_eq(error.kind, ERROR_REFUSED);
	ck_assert_str_eq(error.what, "a superuser has to prepare the database first");
	database_run(session, CLUSTER_TEXT);
	database_run(session, "GRANT loyalty_owner TO check_deployer");
	ck_assert(migrate_run(other, BOTH, NULL, NULL, &error));
	ck_assert_int_eq(state_of(BOTH, &status), MIGRATE_CURRENT);
	session_close(other);
}
END_TEST

Suite *migrate_suite(void);

Suite *migrate_suite(void)
{
	Suite *suite = suite_create("migrate");
	TCase *tcase = tcase_create("migrate");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, goes_from_missing_to_current);
	tcase_add_test(tcase, newer_and_changed_are_refused);
	tcase_add_test(tcase, a_failed_one_leaves_nothing_half_done);
	tcase_add_test(tcase, a_held_table_is_not_waited_for_long);
	tcase_add_test(tcase, two_at_once);
	tcase_add_test(tcase, who_is_no_superuser_needs_one_first);
	suite_add_tcase(suite, tcase);
	return suite;
}
