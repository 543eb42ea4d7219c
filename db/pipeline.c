// Pipelines of prepared statements: many go out, one sync, all answers come back in one round trip.
#include "db/libpq.h"
#include "db/wire.h"

#include <stdlib.h>
#include <string.h>

enum { PARAMETERS = 64 };

static bool step_add(struct pipeline *pipeline, struct query *prepares)
{
	if (pipeline->count == pipeline->size) {
		int size = pipeline->size ? 2 * pipeline->size : 16;
		struct pipeline_step *grown = realloc(pipeline->steps, (size_t)size * sizeof *grown);
		if (!grown)
			return false;
		pipeline->steps = grown;
		pipeline->size = size;
	}
	pipeline->steps[pipeline->count++] = (struct pipeline_step){.prepares = prepares};
	return true;
}

// What was to be prepared by a pipeline that failed is not, unless its turn had come; results tell that
// later.
static void steps_forget(struct pipeline *pipeline)
{
	for (int i = 0; i < pipeline->count; i++)
		if (pipeline->steps[i].prepares)
			pipeline->steps[i].prepares->prepared_in = 0;
	pipeline->count = 0;
}

// A pipeline that cannot be completed must not take effect in parts: a statement that fails before the sync
// undoes what went before it.
static bool pipeline_break(struct session *session, struct error *error)
{
	PGconn *pg = session_pg(session);
	struct error ignored, kept = error ? *error : (struct error){0};
	if (PQpipelineStatus(pg) == PQ_PIPELINE_OFF)
		return false;
	if (step_add(session_pipeline(session), NULL) &&
		PQsendQueryParams(pg, "broken off", 0, NULL, NULL, NULL, NULL, 1) &&
		pipeline_sync(session, &ignored))
		pipeline_results(session, NULL, 0, &ignored);
	if (error)
		*error = kept;
	return false;
}

static bool pipeline_enter(struct session *session, struct error *error)
{
	PGconn *pg = session_pg(session);
	if (!session_is_alive(session) || !PQenterPipelineMode(pg)) {
		steps_forget(session_pipeline(session));
		return failure_of_link(error, pg, false);
	}
	return true;
}

static bool link_lost(struct session *session, struct error *error)
{
	steps_forget(session_pipeline(session));
	return failure_of_link(error, session_pg(session), true);
}

static bool send_prepare(struct session *session, struct query *query, struct error *error)
{
	Oid types[PARAMETERS];
	if (query->prepared_in == session_serial(session))
		return true;
	for (int i = 0; i < query->count; i++)
		types[i] = parameter_type(query->parameters[i]);
	if (!step_add(session_pipeline(session), query))
		return failure_of_memory(error) || pipeline_break(session, error);
	if (!PQsendPrepare(session_pg(session), query->name, query->sql, query->count, types))
		return link_lost(session, error);
	query->prepared_in = session_serial(session);
	return true;
}

static bool is_complete(const struct query *query, struct error *error)
{
	bool failed = query->failed;
	if (query->count > PARAMETERS)
		return error_set(error, ERROR_USAGE, query->name, "", "%d parameters, of at most %d",
			query->count, PARAMETERS);
	for (int i = 0; i < query->count; i++)
		failed |= query->parameters[i]->data.failed;
	return !failed || failure_of_memory(error);
}

bool pipeline_send(struct session *session, struct query *query, struct error *error)
{
	const char *values[PARAMETERS];
	int lengths[PARAMETERS], formats[PARAMETERS];
	if (!pipeline_enter(session, error))
		return false;
	if (!is_complete(query, error))
		return pipeline_break(session, error);
	if (!send_prepare(session, query, error))
		return false;
	for (int i = 0; i < query->count; i++) {
		values[i] = parameter_value(query->parameters[i], &lengths[i]);
		formats[i] = 1;
	}
	if (!step_add(session_pipeline(session), NULL))
		return failure_of_memory(error) || pipeline_break(session, error);
	return PQsendQueryPrepared(
		       session_pg(session), query->name, query->count, values, lengths, formats, 1) ||
	       link_lost(session, error);
}

bool pipeline_command(struct session *session, const char *sql, struct error *error)
{
	if (!pipeline_enter(session, error))
		return false;
	if (!step_add(session_pipeline(session), NULL))
		return failure_of_memory(error) || pipeline_break(session, error);
	return PQsendQueryParams(session_pg(session), sql, 0, NULL, NULL, NULL, NULL, 1) ||
	       link_lost(session, error);
}

bool pipeline_sync(struct session *session, struct error *error)
{
	if (!pipeline_enter(session, error))
		return false;
	return PQpipelineSync(session_pg(session)) == 1 || link_lost(session, error);
}

// The answer to one step, and the NULL that ends it. Only the first failure fills error: what follows it is
// skipped.
static struct result *step_read(
	struct session *session, struct pipeline_step *step, bool *is_good, struct error *error)
{
	PGresult *pg = PQgetResult(session_pg(session));
	bool is_skipped = PQresultStatus(pg) == PGRES_PIPELINE_ABORTED;
	bool was_good = *is_good;
	struct result *result = NULL;
	if (is_skipped)
		PQclear(pg);
	else
		result = session_judge(session, pg, was_good ? error : NULL);
	if (!result)
		*is_good = false;
	if (!result && step->prepares)
		step->prepares->prepared_in = 0;
	if (pg)
		PQclear(PQgetResult(session_pg(session)));
	return result;
}

// Leaves the pipeline behind; a transaction that a failed pipeline left open is of no use to anybody.
static bool pipeline_leave(struct session *session, bool is_good, struct error *error)
{
	PGconn *pg = session_pg(session);
	session_pipeline(session)->count = 0;
	PGresult *sync = PQgetResult(pg);
	bool is_synced = PQresultStatus(sync) == PGRES_PIPELINE_SYNC;
	PQclear(sync);
	if (!is_synced || !PQexitPipelineMode(pg))
		return is_good ? failure_of_link(error, pg, true) : false;
	if (!is_good)
		session_rollback(session, NULL);
	return is_good;
}

bool pipeline_results(struct session *session, struct result **results, int count, struct error *error)
{
	struct pipeline *pipeline = session_pipeline(session);
	bool is_good = true;
	int place = 0;
	for (int i = 0; results && i < count; i++)
		results[i] = NULL;
	for (int i = 0; i < pipeline->count; i++) {
		struct result *result = step_read(session, &pipeline->steps[i], &is_good, error);
		if (!pipeline->steps[i].prepares && results && place < count)
			results[place++] = result;
		else
			result_free(result);
	}
	is_good = pipeline_leave(session, is_good, error);
	for (int i = 0; !is_good && i < place; i++)
		result_free(result_keep(&results[i]));
	return is_good;
}
