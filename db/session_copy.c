// COPY over a session: rows from a callback into a table, and from a query to a callback.
#include "db/libpq.h"

#include <string.h>

// Reads what is left of the answer; the first bad result counts.
static struct result *drain(struct session *session, PGresult *first, struct error *error)
{
	PGconn *pg = session_pg(session);
	PGresult *kept = first ? first : PQgetResult(pg);
	for (PGresult *next; (next = PQgetResult(pg)) != NULL;) {
		if (!kept || result_good(result_of(kept))) {
			PQclear(kept);
			kept = next;
		} else {
			PQclear(next);
		}
	}
	return session_judge(session, kept, error);
}

static bool copy_start(struct session *session, const char *sql, ExecStatusType wanted, struct error *error)
{
	PGconn *pg = session_pg(session);
	if (!session_is_alive(session))
		return failure_of_link(error, pg, false);
	PGresult *result = PQexecParams(pg, sql, 0, NULL, NULL, NULL, NULL, 0);
	ExecStatusType status = PQresultStatus(result);
	if (status == wanted) {
		PQclear(result);
		return true;
	}
	if (status != PGRES_FATAL_ERROR) {
		PQclear(result);
		return error_set(error, ERROR_USAGE, "not a COPY of that direction", "", "%s", sql);
	}
	return session_judge(session, result, error) != NULL;
}

bool session_copy_in(struct session *session, const char *sql, session_copy_source *source, void *payload,
	int64_t *rows, struct error *error)
{
	PGconn *pg = session_pg(session);
	const char *data = NULL;
	size_t length = 0;
	struct error own = {0};
	bool is_given = true;
	if (!copy_start(session, sql, PGRES_COPY_IN, error))
		return false;
	while ((is_given = source(payload, &data, &length, &own)) && length > 0)
		if (PQputCopyData(pg, data, (int)length) != 1)
			break;
	PQputCopyEnd(pg, is_given ? NULL : "broken off");
	struct result *result = drain(session, NULL, error);
	if (result && rows)
		*rows = result_affected(result);
	bool is_good = result != NULL && is_given;
	result_free(result);
	if (!is_given && error)
		*error = own;
	return is_good;
}

bool session_copy_out(
	struct session *session, const char *sql, session_copy_sink *sink, void *payload, struct error *error)
{
	PGconn *pg = session_pg(session);
	struct error own = {0};
	bool is_taken = true;
	char *row = NULL;
	int length;
	if (!copy_start(session, sql, PGRES_COPY_OUT, error))
		return false;
	while ((length = PQgetCopyData(pg, &row, 0)) > 0) {
		bool was_taken = is_taken;
		if (is_taken)
			is_taken = sink(payload, row, (size_t)length, &own);
		PQfreemem(row);
		if (was_taken && !is_taken)
			session_cancel(session);
	}
	struct result *result = drain(session, NULL, error);
	bool is_good = result != NULL && is_taken;
	result_free(result);
	if (!is_taken && error)
		*error = own;
	return is_good;
}
