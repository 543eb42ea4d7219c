// One asynchronous libpq connection.
#include "db/clock.h"
#include "db/link.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BACKOFF_FIRST_MS = 100, BACKOFF_LAST_MS = 5000, STEADY_MS = 1000 };

bool link_init(struct link *link, const char *conninfo, const char *application_name, int connect_ms)
{
	*link = (struct link){
		.conninfo = strdup(conninfo ? conninfo : ""),
		.application_name = strdup(application_name ? application_name : "loyalty"),
		.connect_ms = connect_ms,
		.backoff_ms = BACKOFF_FIRST_MS,
		.due_ms = clock_ms(),
		.seed = (unsigned)clock_ms() ^ (unsigned)getpid() << 16,
	};
	return link->conninfo && link->application_name;
}

static void results_clear(struct link *link)
{
	for (int i = 0; i < REQUEST_STATEMENTS; i++)
		result_free(result_keep(&link->results[i]));
	link->place = 0;
}

void link_free(struct link *link)
{
	results_clear(link);
	PQfinish(link->pg);
	free(link->conninfo);
	free(link->application_name);
	free(link->password);
	*link = (struct link){0};
}

// A quarter of the time is left to chance, lest everybody comes back to a restarted server at once.
static int with_jitter(struct link *link, int ms)
{
	link->seed = link->seed * 1103515245U + 12345U;
	return ms - (int)((link->seed >> 16) % (unsigned)(ms / 4 + 1));
}

void link_drop(struct link *link)
{
	if (link->pg && link->error.kind == ERROR_NONE)
		failure_of_link(&link->error, link->pg, false);
	results_clear(link);
	PQfinish(link->pg);
	link->pg = NULL;
	link->state = CONNECTION_DOWN;
	link->is_flushing = link->is_broken = false;
	if (link->up_ms && clock_ms() - link->up_ms > STEADY_MS)
		link->backoff_ms = BACKOFF_FIRST_MS;
	link->up_ms = 0;
	link->due_ms = clock_ms() + with_jitter(link, link->backoff_ms);
	link->backoff_ms = link->backoff_ms * 2 > BACKOFF_LAST_MS ? BACKOFF_LAST_MS : link->backoff_ms * 2;
}

static enum link_event fail_connect(struct link *link)
{
	failure_of_connect(&link->error, link->pg);
	link->needs_password =
		link->pg &&
		(PQconnectionNeedsPassword(link->pg) ||
			(PQconnectionUsedPassword(link->pg) && strcmp(link->error.sqlstate, "28P01") == 0));
	link_drop(link);
	return LINK_QUIET;
}

static enum link_event start_connect(struct link *link)
{
	link->pg = libpq_connect_start(link->conninfo, link->application_name, link->password, &link->notice);
	if (!link->pg || PQstatus(link->pg) == CONNECTION_BAD)
		return fail_connect(link);
	link->state = CONNECTION_CONNECTING;
	link->events = POLLOUT;
	link->due_ms = clock_ms() + link->connect_ms;
	return LINK_QUIET;
}

static enum link_event finish_connect(struct link *link)
{
	if (PQsetnonblocking(link->pg, 1) != 0)
		return fail_connect(link);
	link->state = CONNECTION_READY;
	link->events = POLLIN;
	link->up_ms = clock_ms();
	link->error = (struct error){0};
	return LINK_CONNECTED;
}

static enum link_event step_connect(struct link *link)
{
	struct pollfd descriptor = {.fd = PQsocket(link->pg), .events = link->events};
	if (clock_ms() >= link->due_ms) {
		error_set(&link->error, ERROR_UNREACHABLE, "no connection to the database",
			"look whether it is overloaded or stopped", "the server did not answer in time");
		link_drop(link);
		return LINK_QUIET;
	}
	if (poll(&descriptor, 1, 0) <= 0)
		return LINK_QUIET;
	switch (PQconnectPoll(link->pg)) {
	case PGRES_POLLING_READING:
		link->events = POLLIN;
		return LINK_QUIET;
	case PGRES_POLLING_WRITING:
		link->events = POLLOUT;
		return LINK_QUIET;
	case PGRES_POLLING_OK:
		return finish_connect(link);
	default:
		return fail_connect(link);
	}
}

static enum link_event lose(struct link *link)
{
	link->error = (struct error){0};
	link_drop(link);
	return LINK_LOST;
}

static void flush(struct link *link)
{
	int left = PQflush(link->pg);
	if (left < 0)
		link->is_broken = true;
	link->is_flushing = left == 1;
	link->events = (short)(POLLIN | (link->is_flushing ? POLLOUT : 0));
}

static enum link_event finish_answer(struct link *link)
{
	if (link->is_pipeline && !PQexitPipelineMode(link->pg))
		return lose(link);
	link->state = CONNECTION_READY;
	return LINK_ANSWERED;
}

// Keeps a result in its statement's place; of the statements after a failed one nothing is kept.
static void keep_result(struct link *link, PGresult *pg)
{
	struct result *result = result_of(pg);
	if (PQresultStatus(pg) == PGRES_PIPELINE_ABORTED || link->place >= REQUEST_STATEMENTS) {
		PQclear(pg);
		return;
	}
	if (!result_good(result) && link->error.kind == ERROR_NONE)
		failure_of_result(&link->error, pg);
	result_free(link->results[link->place]);
	link->results[link->place] = result;
}

// Each statement's results end with a NULL; a pipeline ends with the answer to its sync, a single statement
// with its NULL.
static enum link_event read_results(struct link *link)
{
	while (!PQisBusy(link->pg)) {
		PGresult *pg = PQgetResult(link->pg);
		const char *sqlstate = pg ? PQresultErrorField(pg, PG_DIAG_SQLSTATE) : NULL;
		ExecStatusType status = PQresultStatus(pg);
		if (PQstatus(link->pg) == CONNECTION_BAD || (sqlstate && failure_ends_link(sqlstate)) ||
			status == PGRES_COPY_IN || status == PGRES_COPY_OUT) {
			PQclear(pg);
			return lose(link);
		}
		if (pg && status != PGRES_PIPELINE_SYNC) {
			keep_result(link, pg);
			continue;
		}
		PQclear(pg);
		if (pg || !link->is_pipeline)
			return finish_answer(link);
		if (++link->place == link->early && link->error.kind == ERROR_NONE)
			return LINK_EARLY;
	}
	return LINK_QUIET;
}

enum link_event link_step(struct link *link)
{
	switch (link->state) {
	case CONNECTION_DOWN:
		if (link->needs_password || clock_ms() < link->due_ms)
			return LINK_QUIET;
		return start_connect(link);
	case CONNECTION_CONNECTING:
		return step_connect(link);
	case CONNECTION_READY:
	case CONNECTION_BUSY:
		break;
	}
	if (link->is_broken || !PQconsumeInput(link->pg))
		return lose(link);
	if (link->is_flushing)
		flush(link);
	if (link->state == CONNECTION_BUSY)
		return read_results(link);
	return LINK_QUIET;
}

static bool send_statement(struct link *link, const struct statement *s)
{
	return PQsendQueryParams(link->pg, s->sql, s->count, NULL, s->values, NULL, NULL, 0) == 1;
}

// One statement alone goes without a pipeline: it saves the entering, the sync and their answers. For an early
// answer the server is told to send what it has before it ends the transaction at the sync.
void link_send(struct link *link, const struct statement *statements, int count, bool is_early)
{
	results_clear(link);
	link->error = (struct error){0};
	link->state = CONNECTION_BUSY;
	link->is_pipeline = count > 1 || is_early;
	link->early = is_early ? count : 0;
	bool is_sent = !link->is_pipeline || PQenterPipelineMode(link->pg);
	for (int i = 0; is_sent && i < count; i++)
		is_sent = send_statement(link, &statements[i]);
	if (is_sent && is_early)
		is_sent = PQsendFlushRequest(link->pg) == 1;
	if (is_sent && link->is_pipeline)
		is_sent = PQpipelineSync(link->pg) == 1;
	link->is_broken = !is_sent;
	if (is_sent)
		flush(link);
}

bool link_password(struct link *link, const char *password)
{
	char *copy = strdup(password);
	if (!copy)
		return false;
	free(link->password);
	link->password = copy;
	if (link->needs_password)
		link->due_ms = clock_ms();
	link->needs_password = false;
	return true;
}

int link_timeout_ms(const struct link *link)
{
	bool is_timed = (link->state == CONNECTION_DOWN && !link->needs_password) ||
			link->state == CONNECTION_CONNECTING;
	if (link->is_broken)
		return 0;
	if (!is_timed)
		return -1;
	int64_t left = link->due_ms - clock_ms();
	return left < 0 ? 0 : (int)left;
}

bool link_poll(const struct link *link, struct pollfd *descriptor)
{
	if (!link->pg)
		return false;
	*descriptor = (struct pollfd){.fd = PQsocket(link->pg), .events = link->events};
	return true;
}
