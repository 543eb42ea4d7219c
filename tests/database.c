// Fresh databases on the private cluster that the environment leads to.
#include "tests/database.h"

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
