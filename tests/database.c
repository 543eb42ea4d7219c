// Fresh databases on the private cluster that the environment leads to.
#include "tests/database.h"

#include "db/migrate.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

static void expect(bool is_good, const struct error *error)
{
	char line[800];
	ck_assert_msg(is_good, "%s", error_line(error, line, sizeof line));
}

void database_fresh(const char *name)
{
	char sql[200];
	struct session *session = database_session("dbname=postgres");
	snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s WITH (FORCE)", name);
	database_run(session, sql);
	snprintf(sql, sizeof sql, "CREATE DATABASE %s", name);
	database_run(session, sql);
	session_close(session);
	setenv("PGDATABASE", name, 1);
}

struct session *database_session(const char *conninfo)
{
	struct error error = {0};
	struct session *session = session_open(conninfo, "loyalty check", &error);
	expect(session != NULL, &error);
	return session;
}

void database_run(struct session *session, const char *sql)
{
	struct error error = {0};
	bool is_good = session_script(session, sql, &error);
	expect(is_good, &error);
}

int64_t database_number(struct session *session, const char *sql)
{
	struct error error = {0};
	int64_t number = 0;
	bool is_good = session_number(session, sql, NULL, 0, &number, &error);
	expect(is_good, &error);
	return number;
}

const char *database_text(struct session *session, const char *sql)
{
	static char text[4096];
	struct error error = {0};
	struct result *result = session_query(session, sql, NULL, 0, &error);
	expect(result != NULL, &error);
	snprintf(text, sizeof text, "%s", result_rows(result) ? result_text(result, 0, 0) : "");
	result_free(result);
	return text;
}

const char *database_refusal(struct session *session, const char *sql)
{
	static char sqlstate[6];
	struct error error = {0};
	struct result *result = session_query(session, sql, NULL, 0, &error);
	ck_assert_msg(result == NULL, "not refused: %s", sql);
	snprintf(sqlstate, sizeof sqlstate, "%s", error.sqlstate);
	return sqlstate;
}

struct session *database_login(const char *login)
{
	char conninfo[64];
	snprintf(conninfo, sizeof conninfo, "user=%s", login);
	return database_session(conninfo);
}

#define TEMPLATE "loyalty_template"
// Rights on a database itself are not copied with it.
#define RIGHTS                                                                                               \
	"REVOKE ALL ON DATABASE %s FROM PUBLIC; GRANT CONNECT ON DATABASE %s TO loyalty_support, "       \
	"loyalty_marketing, loyalty_manager, loyalty_admin, loyalty_worker, loyalty_pos, loyalty_web, loyalty_owner"

static void migrate_template(void)
{
	struct error error = {0};
	struct session *session = database_session("dbname=" TEMPLATE);
	bool is_good = migrate_run(session, NULL, NULL, NULL, &error);
	expect(is_good, &error);
	session_close(session);
}

// Tests may run side by side: whoever holds the lock makes the template, the others wait for it.
static void make_template(struct session *session)
{
	database_number(session, "SELECT 1 FROM pg_advisory_lock(4711)");
	if (!database_number(session, "SELECT count(*) FROM pg_database WHERE datname = '" TEMPLATE "' AND datistemplate")) {
		database_run(session, "DROP DATABASE IF EXISTS " TEMPLATE);
		database_run(session, "CREATE DATABASE " TEMPLATE);
		migrate_template();
		database_run(session, "ALTER DATABASE " TEMPLATE " WITH is_template true allow_connections false");
	}
	database_number(session, "SELECT 1 FROM pg_advisory_unlock(4711)");
}

struct session *database_migrated(const char *name)
{
	char sql[400];
	struct session *session = database_session("dbname=postgres");
	make_template(session);
	snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s WITH (FORCE)", name);
	database_run(session, sql);
	snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE " TEMPLATE " STRATEGY file_copy", name);
	database_run(session, sql);
	snprintf(sql, sizeof sql, RIGHTS, name, name);
	database_run(session, sql);
	session_close(session);
	setenv("PGDATABASE", name, 1);
	return database_session(NULL);
}

void database_staff(struct session *session)
{
	static const struct {
		const char *login, *name, *role;
	} staff[] = {{"deniz", "Deniz Aydın", "support"}, {"suzan", "Suzan Öz", "support"},
		{"elif", "Elif Kaya", "marketing"}, {"murat", "Murat Şen", "manager"}, {"ada", "Ada Işık", "admin"},
		{"isci", "Worker", "worker"}, {"kasa", "Till 1", "pos"}};
	for (size_t i = 0; i < sizeof staff / sizeof *staff; i++) {
		const char *values[] = {staff[i].login, staff[i].name, staff[i].role};
		struct error error = {0};
		bool is_good = session_execute(session, "SELECT loyalty.staff_add($1, $2, $3)", values, 3, &error);
		expect(is_good, &error);
	}
}
