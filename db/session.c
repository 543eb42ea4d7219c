// A connection used by one command after the other, each waiting for its answer.
#include "db/clock.h"
#include "db/libpq.h"
#include "db/session.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECT_MS = 10000, VALUES = 64 };

const char SESSION_READ_ONLY[] = "SET default_transaction_read_only = on";

struct session {
	PGconn *pg;
	PGcancel *cancel;
	uint64_t serial;
	struct notice notice;
	struct pipeline pipeline;
};

PGconn *session_pg(struct session *session)
{
	return session->pg;
}

uint64_t session_serial(const struct session *session)
{
	return session->serial;
}

struct pipeline *session_pipeline(struct session *session)
{
	return &session->pipeline;
}

static int connect_timeout_ms(PGconn *pg)
{
	int ms = CONNECT_MS;
	PQconninfoOption *options = PQconninfo(pg);
	for (PQconninfoOption *o = options; o && o->keyword; o++)
		if (strcmp(o->keyword, "connect_timeout") == 0 && o->val && atoi(o->val) > 0)
			ms = atoi(o->val) * 1000;
	PQconninfoFree(options);
	return ms;
}

// libpq's own waiting would let a server that takes connections but never answers hold us for ever.
static bool connect_wait(PGconn *pg, struct error *error)
{
	int64_t until = clock_ms() + connect_timeout_ms(pg);
	PostgresPollingStatusType status = PGRES_POLLING_WRITING;
	while (status != PGRES_POLLING_OK) {
		if (status == PGRES_POLLING_FAILED)
			return failure_of_connect(error, pg);
		int64_t left = until - clock_ms();
		if (left <= 0)
			return error_set(error, ERROR_UNREACHABLE, "no connection to the database",
				"look whether it is overloaded or stopped",
				"the server did not answer in time");
		short events = status == PGRES_POLLING_READING ? POLLIN : POLLOUT;
		struct pollfd descriptor = {.fd = PQsocket(pg), .events = events};
		int ready = poll(&descriptor, 1, (int)left);
		if (ready < 0 && errno != EINTR)
			return error_set(error, ERROR_FAILED, "poll", "", "%s", strerror(errno));
		if (ready > 0)
			status = PQconnectPoll(pg);
	}
	return true;
}

static bool session_connect(
	struct session *session, const char *conninfo, const char *application_name, struct error *error)
{
	session->pg = libpq_connect_start(conninfo, application_name, NULL, &session->notice);
	if (!session->pg || PQstatus(session->pg) == CONNECTION_BAD)
		return failure_of_connect(error, session->pg);
	if (!connect_wait(session->pg, error))
		return false;
	session->cancel = PQgetCancel(session->pg);
	return libpq_has_iso_dates(session->pg) || session_script(session, LIBPQ_SET_ISO_DATES, error);
}

struct session *session_open(const char *conninfo, const char *application_name, struct error *error)
{
	static atomic_uint_fast64_t last_serial;
	struct session *session = calloc(1, sizeof *session);
	if (!session) {
		failure_of_memory(error);
		return NULL;
	}
	session->serial = atomic_fetch_add(&last_serial, 1) + 1;
	if (session_connect(session, conninfo, application_name, error))
		return session;
	session_close(session);
	return NULL;
}

void session_close(struct session *session)
{
	if (!session)
		return;
	PQfreeCancel(session->cancel);
	PQfinish(session->pg);
	free(session->pipeline.steps);
	free(session);
}

bool session_is_alive(const struct session *session)
{
	return PQstatus(session->pg) == CONNECTION_OK;
}

int session_descriptor(const struct session *session)
{
	return PQsocket(session->pg);
}

const char *session_notice(const struct session *session)
{
	return session->notice.text;
}

struct result *session_judge(struct session *session, PGresult *pg, struct error *error)
{
	struct result *result = result_of(pg);
	if (pg && result_good(result))
		return result;
	if (!pg || PQstatus(session->pg) == CONNECTION_BAD || failure_ends_link(result_sqlstate(result)))
		failure_of_link(error, session->pg, true);
	else
		failure_of_result(error, pg);
	PQclear(pg);
	return NULL;
}

static struct result *query(struct session *session, const char *sql, const char *const *values, int count,
	bool is_binary, struct error *error)
{
	if (!session_is_alive(session)) {
		failure_of_link(error, session->pg, false);
		return NULL;
	}
	PGresult *pg = PQexecParams(session->pg, sql, count, NULL, values, NULL, NULL, is_binary);
	return session_judge(session, pg, error);
}

struct result *session_query(
	struct session *session, const char *sql, const char *const *values, int count, struct error *error)
{
	return query(session, sql, values, count, false, error);
}

struct result *session_query_binary(
	struct session *session, const char *sql, const char *const *values, int count, struct error *error)
{
	return query(session, sql, values, count, true, error);
}

struct result *session_ask(struct session *session, struct error *error, const char *sql, int count, ...)
{
	const char *values[VALUES];
	va_list arguments;
	if (count > VALUES) {
		error_set(error, ERROR_USAGE, "too many values", "", "%d, of at most %d", count, VALUES);
		return NULL;
	}
	va_start(arguments, count);
	for (int i = 0; i < count; i++)
		values[i] = va_arg(arguments, const char *);
	va_end(arguments);
	return session_query(session, sql, values, count, error);
}

bool session_execute(
	struct session *session, const char *sql, const char *const *values, int count, struct error *error)
{
	struct result *result = session_query(session, sql, values, count, error);
	result_free(result);
	return result != NULL;
}

bool session_number(struct session *session, const char *sql, const char *const *values, int count,
	int64_t *number, struct error *error)
{
	struct result *result = session_query(session, sql, values, count, error);
	if (!result)
		return false;
	*number = result_rows(result) ? result_int64(result, 0, 0) : 0;
	result_free(result);
	return true;
}

// The server tells the place as a count of characters; a person looks for a line.
static void name_line(struct error *error, const char *sql, const PGresult *pg)
{
	const char *position = PQresultErrorField(pg, PG_DIAG_STATEMENT_POSITION);
	long characters = position ? strtol(position, NULL, 10) - 1 : -1;
	if (!error || characters < 0)
		return;
	int line = 1;
	for (; *sql && characters > 0; sql++) {
		line += *sql == '\n';
		characters -= (sql[1] & 0xc0) != 0x80; // not at the bytes that continue a character
	}
	size_t used = strlen(error->why);
	snprintf(error->why + used, sizeof error->why - used, " (line %d)", line);
}

bool session_script(struct session *session, const char *sql, struct error *error)
{
	if (!session_is_alive(session))
		return failure_of_link(error, session->pg, false);
	PGresult *pg = PQexec(session->pg, sql);
	if (pg && PQresultStatus(pg) == PGRES_FATAL_ERROR && PQstatus(session->pg) == CONNECTION_OK) {
		failure_of_result(error, pg);
		name_line(error, sql, pg);
		PQclear(pg);
		return false;
	}
	struct result *result = session_judge(session, pg, error);
	result_free(result);
	return result != NULL;
}

bool session_begin(struct session *session, struct error *error)
{
	return session_execute(session, "BEGIN", NULL, 0, error);
}

bool session_commit(struct session *session, struct error *error)
{
	struct result *result = session_query(session, "COMMIT", NULL, 0, error);
	if (!result)
		return false;
	bool is_committed = strcmp(PQcmdStatus(result_pg(result)), "ROLLBACK") != 0;
	result_free(result);
	if (!is_committed)
		return error_set(error, ERROR_FAILED, "nothing was saved", "",
			"a statement of the transaction had failed");
	return true;
}

bool session_rollback(struct session *session, struct error *error)
{
	if (!session_is_alive(session) || PQtransactionStatus(session->pg) == PQTRANS_IDLE)
		return true;
	return session_execute(session, "ROLLBACK", NULL, 0, error);
}

void session_cancel(struct session *session)
{
	char ignored[256];
	int kept = errno;
	if (session->cancel)
		PQcancel(session->cancel, ignored, sizeof ignored);
	errno = kept;
}

bool session_listen(struct session *session, const char *channel, struct error *error)
{
	char sql[160];
	char *quoted = PQescapeIdentifier(session->pg, channel, strlen(channel));
	if (!quoted)
		return failure_of_memory(error);
	snprintf(sql, sizeof sql, "LISTEN %s", quoted);
	PQfreemem(quoted);
	return session_script(session, sql, error);
}

static bool take_notification(struct session *session, struct notification *notification)
{
	PGnotify *notify = PQnotifies(session->pg);
	if (!notify)
		return false;
	snprintf(notification->channel, sizeof notification->channel, "%s", notify->relname);
	snprintf(notification->text, sizeof notification->text, "%s", notify->extra);
	PQfreemem(notify);
	return true;
}

int session_wait(
	struct session *session, int timeout_ms, struct notification *notification, struct error *error)
{
	int64_t until = clock_ms() + timeout_ms;
	while (!take_notification(session, notification)) {
		int64_t left = timeout_ms < 0 ? -1 : until - clock_ms();
		if (timeout_ms >= 0 && left < 0)
			left = 0;
		struct pollfd descriptor = {.fd = PQsocket(session->pg), .events = POLLIN};
		int ready = session_is_alive(session) ? poll(&descriptor, 1, (int)left) : 0;
		if (ready > 0 ? !PQconsumeInput(session->pg) : !session_is_alive(session)) {
			failure_of_link(error, session->pg, false);
			return -1;
		}
		if (ready <= 0)
			return 0;
	}
	return 1;
}
