// Turns what PostgreSQL and libpq say about a failure into what, why and what to do.
#include "db/libpq.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const struct failure {
	const char *sqlstate; // or its beginning; the first that fits counts
	enum error_kind kind;
	const char *
		what; // NULL: the database's own message, its DETAIL being the reason and its HINT what to do
	const char *todo;
} FAILURES[] = {
	{"LY", ERROR_REFUSED, NULL, ""},
	{"P0001", ERROR_REFUSED, NULL, ""},
	{"42501", ERROR_REFUSED, "you may not do this", "ask whoever manages the staff for the right"},
	{"23", ERROR_REFUSED, "a rule of the database forbids it", ""},
	{"22", ERROR_REFUSED, "a value is not possible", ""},
	{"57014", ERROR_CANCELLED, "the statement was stopped", ""},
	{"57P03", ERROR_UNREACHABLE, "the database is not ready", "try again in a moment"},
	{"57P04", ERROR_UNREACHABLE, "the database was dropped", ""},
	{"57P", ERROR_UNREACHABLE, "the server ended the connection", "try again in a moment"},
	{"08", ERROR_UNREACHABLE, "the connection failed", "try again in a moment"},
	{"28", ERROR_UNREACHABLE, "the database refused the login",
		"check user and password: PGUSER, ~/.pgpass, pg_service.conf"},
	{"3D000", ERROR_UNREACHABLE, "there is no such database",
		"check PGDATABASE and pg_service.conf, or create it with createdb"},
	{"53300", ERROR_UNREACHABLE, "the database has no connection left", "try again in a moment"},
	{"53100", ERROR_FAILED, "the server's disk is full", "tell whoever runs the database"},
	{"53", ERROR_FAILED, "the server has run out of something", "tell whoever runs the database"},
	{"55P03", ERROR_FAILED, "somebody else is at work on it", "try again in a moment"},
	{"40", ERROR_FAILED, "somebody else changed the same rows", "try again"},
	{"25006", ERROR_FAILED, "this server only reads", "connect with target_session_attrs=read-write"},
	{"42P01", ERROR_FAILED, "the database lacks what this program expects", "run loyalty migrate"},
	{"42703", ERROR_FAILED, "the database lacks what this program expects", "run loyalty migrate"},
	{"42883", ERROR_FAILED, "the database lacks what this program expects", "run loyalty migrate"},
	{"3F000", ERROR_FAILED, "the database lacks what this program expects", "run loyalty migrate"},
	{"", ERROR_FAILED, "the database could not do it", ""},
};

static const struct failure *failure_find(const char *sqlstate)
{
	const struct failure *f = FAILURES;
	while (strncmp(sqlstate, f->sqlstate, strlen(f->sqlstate)) != 0)
		f++;
	return f;
}

bool failure_ends_link(const char *sqlstate)
{
	return strncmp(sqlstate, "57P", 3) == 0 || strncmp(sqlstate, "08", 2) == 0;
}

static const char *field(const PGresult *pg, int code)
{
	const char *text = PQresultErrorField(pg, code);
	return text ? text : "";
}

bool failure_of_memory(struct error *error)
{
	return error_set(error, ERROR_FAILED, "out of memory", "", "%s", "");
}

static void fill_own_words(struct error *error, const PGresult *pg)
{
	neutral_text(error->what, sizeof error->what, field(pg, PG_DIAG_MESSAGE_PRIMARY));
	neutral_text(error->why, sizeof error->why, field(pg, PG_DIAG_MESSAGE_DETAIL));
	neutral_text(error->todo, sizeof error->todo, field(pg, PG_DIAG_MESSAGE_HINT));
	neutral_text(error->field, sizeof error->field, field(pg, PG_DIAG_COLUMN_NAME));
}

bool failure_of_result(struct error *error, const PGresult *pg)
{
	if (!error)
		return false;
	const char *sqlstate = field(pg, PG_DIAG_SQLSTATE);
	const struct failure *f = failure_find(sqlstate);
	const char *hint = field(pg, PG_DIAG_MESSAGE_HINT);
	const char *detail = field(pg, PG_DIAG_MESSAGE_DETAIL);
	char why[640];
	error_set(error, f->kind, f->what, *hint && !*f->todo ? "" : f->todo, "%s", "");
	snprintf(error->sqlstate, sizeof error->sqlstate, "%s", sqlstate);
	if (!f->what) {
		fill_own_words(error, pg);
		return false;
	}
	if (PQresultErrorField(pg, PG_DIAG_MESSAGE_PRIMARY))
		snprintf(why, sizeof why, "%s%s%s", field(pg, PG_DIAG_MESSAGE_PRIMARY), *detail ? ": " : "",
			detail);
	else
		snprintf(why, sizeof why, "%s", PQresultErrorMessage(pg));
	neutral_text(error->why, sizeof error->why, why);
	if (*hint && !*f->todo)
		neutral_text(error->todo, sizeof error->todo, hint);
	return false;
}

// "... FATAL:  28P01: password authentication failed": where the code begins, or NULL.
static const char *find_sqlstate(const char *line)
{
	for (const char *at = strstr(line, ":  "); at; at = strstr(at + 3, ":  ")) {
		int length = 0;
		while (length < 5 &&
			(isdigit((unsigned char)at[3 + length]) || isupper((unsigned char)at[3 + length])))
			length++;
		if (length == 5 && at[8] == ':')
			return at + 3;
	}
	return NULL;
}

// libpq explains at length; the first line says it. The code in a verbose message is taken out of it into
// code.
static bool fill_line(struct error *error, const char *text, char code[6])
{
	char line[512];
	snprintf(line, sizeof line, "%.*s", (int)strcspn(text, "\n"), text);
	char *sqlstate = (char *)find_sqlstate(line);
	if (sqlstate) {
		snprintf(code, 6, "%.5s", sqlstate);
		memmove(sqlstate, sqlstate + 7, strlen(sqlstate + 7) + 1);
	}
	neutral_text(error->why, sizeof error->why, line);
	return sqlstate != NULL;
}

bool failure_of_link(struct error *error, PGconn *pg, bool in_doubt)
{
	if (!error)
		return false;
	if (in_doubt)
		error_set(error, ERROR_IN_DOUBT, "the connection was lost before the answer came",
			"look whether it was done before you do it again", "%s", "");
	else
		error_set(error, ERROR_UNREACHABLE, "the connection was lost", "try again in a moment", "%s",
			"");
	fill_line(error, PQerrorMessage(pg), error->sqlstate);
	return false;
}

// Of several hosts the last one tried speaks.
static const char *last_host(const char *message)
{
	const char *from = message;
	for (const char *at = message; at; at = strchr(at, '\n')) {
		at += *at == '\n';
		if (strncmp(at, "connection to", strlen("connection to")) == 0)
			from = at;
	}
	return from;
}

bool failure_of_connect(struct error *error, PGconn *pg)
{
	if (!pg)
		return failure_of_memory(error);
	if (!error)
		return false;
	struct error line = {0};
	char code[6] = "08001";
	bool has_code = fill_line(&line, last_host(PQerrorMessage(pg)), code);
	const struct failure *f = failure_find(code);
	if (PQconnectionNeedsPassword(pg)) {
		snprintf(code, sizeof code, "28P01");
		error_set(error, ERROR_UNREACHABLE, "the database wants a password", "put it into ~/.pgpass",
			"%s", line.why);
	} else if (has_code) {
		error_set(error, ERROR_UNREACHABLE, f->what ? f->what : "no connection", f->todo, "%s",
			line.why);
	} else {
		error_set(error, ERROR_UNREACHABLE, "no connection to the database",
			"check that PostgreSQL runs and that PGHOST, PGPORT or PGSERVICE lead to it", "%s",
			line.why);
	}
	snprintf(error->sqlstate, sizeof error->sqlstate, "%s", code);
	return false;
}
