// The worker: claims batches of events, runs the engine over them, posts what it answers; opens the days of
// members that are due.
#include "model/worker.h"

#include "model/batch.h"
#include "model/heartbeat.h"
#include "model/verify.h"
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	BATCH_DEFAULT = 2000, // a commit costs as much as a hundred events
	BATCH_QUICK = 500,    // while people wait, as the one who comes next waits for the batch in hand
	QUICK_MS = 10000,     // how long after the last of them
	IDLE_MS = 1000,       // a poll for what nobody told
	RETRY_MS_MAX = 5000,
	ALONE_TRIES = 3, // of an event that the database refuses, before it is set aside
};

// What there is to do, of one look at the database.
struct survey {
	bool waiting[BATCH_BUCKETS];
	bool bulk[BATCH_BUCKETS]; // until the round through that bucket has ended
	bool has_bulk;            // at the last look for it
	day_t day, processed_on;  // the business day, and the last whose due members were all advanced
	bool is_importing;
};

struct worker {
	const struct worker_options *options;
	struct worker_report *report;
	struct session *session;
	struct rulebook *rulebook;
	struct batch batch;
	struct heartbeat heartbeat;
	struct survey survey;
	int64_t after[BATCH_BUCKETS]; // the member this round has come to, so that members take turns
	int wanted, limit; // limit falls while a batch fails, down to the one event that is to blame
	int failures, retry_ms;
	int64_t waited_ms; // when somebody last waited
	int turn;
	struct light_proof proof;
};

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void say(const struct worker *worker, const char *line)
{
	if (worker->options->say)
		worker->options->say(worker->options->payload, line);
}

static void say_error(const struct worker *worker, const struct error *error)
{
	char line[800];
	say(worker, error_line(error, line, sizeof line));
}

static bool rulebook_renew(struct worker *worker, struct error *error)
{
	struct rulebook *fresh = rulebook_load(worker->session, error);
	if (!fresh)
		return false;
	if (worker->rulebook)
		batch_use(&worker->batch, fresh);
	else
		batch_init(&worker->batch, fresh);
	rulebook_free(worker->rulebook);
	worker->rulebook = fresh;
	return true;
}

static bool connect_worker(struct worker *worker, struct error *error)
{
	worker->session = worker->options->open(worker->options->payload, error);
	return worker->session &&
	       session_script(worker->session,
		       "SET plan_cache_mode = force_generic_plan; SET lock_timeout = 0", error) &&
	       session_listen(worker->session, "loyalty_journal", error) &&
	       session_listen(worker->session, "loyalty_programme", error) && rulebook_renew(worker, error);
}

static bool is_in_round(const struct survey *survey)
{
	for (int bucket = 0; bucket < BATCH_BUCKETS; bucket++)
		if (survey->bulk[bucket])
			return true;
	return false;
}

// Bulk is looked for between rounds only: in the midst of one the look would pass over all that the round has
// deleted, once a batch.
static bool survey_take(struct worker *worker, struct error *error)
{
	static const char SQL[] =
		"SELECT EXISTS (SELECT FROM loyalty.inbox i WHERE i.bucket = b::smallint AND i.lane = 0), "
		"$1::boolean AND EXISTS (SELECT FROM loyalty.inbox i WHERE i.bucket = "
		"b::smallint), " RULEBOOK_STAMP_SQL ", loyalty.business_day(), "
		"(SELECT p.processed_on FROM loyalty.programme p), EXISTS (SELECT FROM loyalty.import m "
		"WHERE m.finished_at IS NULL AND m.started_at > now() - interval '1 day') "
		"FROM generate_series(0, 15) b ORDER BY b";
	struct survey *survey = &worker->survey;
	bool is_look = !is_in_round(survey);
	struct result *result =
		session_query(worker->session, SQL, (const char *[]){is_look ? "true" : "false"}, 1, error);
	if (!result)
		return false;
	for (int bucket = 0; bucket < BATCH_BUCKETS; bucket++) {
		survey->waiting[bucket] = result_bool(result, bucket, 0);
		survey->bulk[bucket] |= result_bool(result, bucket, 1);
	}
	if (is_look)
		survey->has_bulk = is_in_round(survey);
	bool is_current = result_int64(result, 0, 2) == worker->rulebook->stamp;
	survey->day = worker->options->as_of != DAY_NONE ? worker->options->as_of : result_day(result, 0, 3);
	survey->processed_on = result_day(result, 0, 4);
	survey->is_importing = result_bool(result, 0, 5);
	result_free(result);
	return is_current || rulebook_renew(worker, error);
}

// Whether an error speaks of the data it was given, so that the events may be to blame.
static bool is_of_data(const struct error *error)
{
	return strncmp(error->sqlstate, "22", 2) == 0 || strncmp(error->sqlstate, "23", 2) == 0 ||
	       !error->sqlstate[0] || strcmp(error->sqlstate, "LY020") == 0;
}

static bool event_set_aside(struct worker *worker, const struct journal_event *event, const struct error *why,
	struct error *error)
{
	char member[24], seq[24], detail[800];
	snprintf(member, sizeof member, "%lld", (long long)event->member_id);
	snprintf(seq, sizeof seq, "%lld", (long long)event->event.seq);
	const char *values[] = {member, seq, error_line(why, detail, sizeof detail)};
	worker->report->failed++;
	return session_execute(worker->session,
		"WITH gone AS (DELETE FROM loyalty.inbox i WHERE i.bucket = loyalty.bucket_of($1::bigint) "
		"AND i.member_id = $1::bigint "
		"AND i.seq = $2::bigint RETURNING i.member_id, i.seq) INSERT INTO loyalty.outcome "
		"(member_id, seq, result, reason, "
		"detail, attempts) SELECT g.member_id, g.seq, 'failed', 'database', $3, 3 FROM gone g",
		values, 3, error);
}

// A failed batch is tried again in halves; an event that fails alone, three times, is set aside with its
// error. An error that does not speak of data (no disk, no locks, no link) is no event's fault: it is
// reported and waited for.
static bool retreat(struct worker *worker, struct error *error)
{
	struct error why = *error;
	const struct batch *batch = &worker->batch;
	if (!session_is_alive(worker->session) || !is_of_data(&why) || batch->event_count == 0)
		return false;
	worker->failures++;
	worker->limit = batch->event_count > 1 ? (batch->event_count + 1) / 2 : 1;
	if (batch->event_count > 1) {
		worker->failures = 0;
		return session_rollback(worker->session, error);
	}
	if (worker->failures < ALONE_TRIES)
		return session_rollback(worker->session, error);
	worker->failures = 0;
	say_error(worker, &why);
	return session_rollback(worker->session, error) &&
	       event_set_aside(worker, &batch->events[0].journal, &why, error);
}

// After the claim: everything up to the commit, or nothing. *done: events or members the batch had.
static bool batch_finish(struct worker *worker, bool is_claimed, int *done, struct error *error)
{
	struct batch *batch = &worker->batch;
	int64_t start = now_ms();
	*done = batch->member_count;
	if (is_claimed && batch->member_count == 0)
		return batch_drop(batch, worker->session, error);
	if (!is_claimed || !batch_load(batch, worker->session, error) || !batch_run(batch, error) ||
		!batch_save(batch, worker->session, error))
		return retreat(worker, error);
	worker->failures = 0;
	worker->retry_ms = 0;
	worker->limit = worker->limit * 2 < worker->wanted ? worker->limit * 2 : worker->wanted;
	worker->report->posted += batch->event_count - batch->set_aside;
	worker->report->failed += batch->set_aside;
	worker->heartbeat.batch_ms = (int)(now_ms() - start);
	return true;
}

static bool waiting_work(struct worker *worker, bool *is_busy, struct error *error)
{
	for (int bucket = 0; bucket < BATCH_BUCKETS; bucket++) {
		int done;
		if (!worker->survey.waiting[bucket])
			continue;
		bool is_claimed =
			batch_claim_waiting(&worker->batch, worker->session, bucket, worker->limit, error);
		if (!batch_finish(worker, is_claimed, &done, error))
			return false;
		worker->waited_ms = now_ms();
		*is_busy |= done > 0;
	}
	return true;
}

static int bulk_limit(const struct worker *worker)
{
	bool is_quick = worker->waited_ms != 0 && now_ms() - worker->waited_ms < QUICK_MS;
	return is_quick && worker->limit > BATCH_QUICK ? BATCH_QUICK : worker->limit;
}

// One batch of the next bucket that has work and that no other worker has.
static bool bulk_work(struct worker *worker, bool *is_busy, struct error *error)
{
	for (int i = 0; i < BATCH_BUCKETS; i++) {
		int bucket = worker->turn = (worker->turn + 1) % BATCH_BUCKETS, done;
		if (!worker->survey.bulk[bucket])
			continue;
		struct batch *batch = &worker->batch;
		int limit = bulk_limit(worker);
		bool is_claimed =
			batch_claim(batch, worker->session, bucket, worker->after[bucket], limit, error);
		if (!batch_finish(worker, is_claimed, &done, error))
			return false;
		bool is_full = batch->event_count == limit;
		bool was_in_midst = worker->after[bucket] != 0;
		worker->after[bucket] = is_full ? batch->members[batch->member_count - 1].member_id : 0;
		worker->survey.bulk[bucket] = is_full;
		*is_busy |= done > 0 || was_in_midst;
		if (done > 0)
			return true;
	}
	return true;
}

static bool is_day_closed(struct worker *worker, struct error *error)
{
	char day[DAY_SIZE];
	const char *values[] = {day_format(worker->survey.day, day)};
	return session_execute(worker->session,
		"UPDATE loyalty.programme SET processed_on = $1::date WHERE processed_on < $1::date AND NOT "
		"EXISTS "
		"(SELECT FROM loyalty.member_due d WHERE d.due_on <= $1::date)",
		values, 1, error);
}

static bool due_work(struct worker *worker, bool *is_busy, struct error *error)
{
	const struct survey *survey = &worker->survey;
	bool is_time = worker->options->once ? !survey->has_bulk
					     : survey->processed_on < survey->day && !survey->is_importing;
	int done;
	if (!is_time)
		return true;
	bool is_claimed =
		batch_claim_due(&worker->batch, worker->session, survey->day, worker->wanted, error);
	if (!batch_finish(worker, is_claimed, &done, error))
		return false;
	worker->report->advanced += done;
	*is_busy |= done > 0;
	return done > 0 || is_day_closed(worker, error);
}

static bool work(struct worker *worker, bool *is_busy, struct error *error)
{
	*is_busy = false;
	if (!survey_take(worker, error) || !waiting_work(worker, is_busy, error))
		return false;
	if (worker->options->waiting_only)
		return true;
	return bulk_work(worker, is_busy, error) && due_work(worker, is_busy, error);
}

static bool beat(struct worker *worker, bool is_busy, struct error *error)
{
	worker->heartbeat.posted = worker->report->posted;
	worker->heartbeat.failed = worker->report->failed;
	return heartbeat_send(
		&worker->heartbeat, worker->session, is_busy ? "posting" : "waiting for events", error);
}

// Nothing to do: until somebody notifies, or a second has gone by.
static bool rest(struct worker *worker, struct error *error)
{
	struct notification notification;
	if (!worker->options->once && !worker->options->waiting_only &&
		!light_proof_step(&worker->proof, worker->session, worker->rulebook, error))
		return false;
	int got = session_wait(worker->session, IDLE_MS, &notification, error);
	while (got > 0) // one look answers for all that came together
		got = session_wait(worker->session, 0, &notification, error);
	return got >= 0;
}

static bool work_until_stopped(struct worker *worker, struct error *error)
{
	while (!*worker->options->stop) {
		bool is_busy;
		if (!work(worker, &is_busy, error) || !beat(worker, is_busy, error))
			return false;
		if (is_busy)
			continue;
		bool is_done =
			worker->options->once && !(worker->survey.has_bulk && !worker->options->waiting_only);
		if (is_done)
			return true;
		if (!rest(worker, error))
			return false;
	}
	return true;
}

// Waits before the next try, longer each time; a signal cuts it short.
static void back_off(struct worker *worker)
{
	worker->retry_ms = worker->retry_ms ? worker->retry_ms * 2 : 100;
	if (worker->retry_ms > RETRY_MS_MAX)
		worker->retry_ms = RETRY_MS_MAX;
	if (!*worker->options->stop)
		poll(NULL, 0, worker->retry_ms);
}

// What waiting may mend: a server that restarts, a full disk, a lock, a programme not yet loaded.
static bool is_passing(const struct worker *worker, const struct error *error, bool was_connected)
{
	if (worker->options->once && !was_connected)
		return false;
	if (error->kind == ERROR_UNREACHABLE || error->kind == ERROR_IN_DOUBT)
		return true;
	return !worker->options->once &&
	       (strncmp(error->sqlstate, "53", 2) == 0 || strncmp(error->sqlstate, "57", 2) == 0 ||
		       strncmp(error->sqlstate, "40", 2) == 0 || strncmp(error->sqlstate, "55", 2) == 0);
}

static bool run_and_reconnect(struct worker *worker, struct error *error)
{
	bool was_connected = false;
	while (!*worker->options->stop) {
		struct error why = {0};
		bool is_connected = (worker->session && session_is_alive(worker->session)) ||
				    connect_worker(worker, &why);
		was_connected |= is_connected;
		if (is_connected && work_until_stopped(worker, &why))
			return true;
		if (!is_passing(worker, &why, was_connected)) {
			*error = why;
			return false;
		}
		say_error(worker, &why);
		session_close(worker->session);
		worker->session = NULL;
		back_off(worker);
	}
	return true;
}

bool worker_run(const struct worker_options *options, struct worker_report *report, struct error *error)
{
	struct worker worker = {.options = options,
		.report = report,
		.wanted = options->batch > 0 ? options->batch : BATCH_DEFAULT,
		.turn = (int)getpid() % BATCH_BUCKETS};
	*report = (struct worker_report){0};
	worker.limit = worker.wanted;
	heartbeat_init(&worker.heartbeat, options->version);
	bool is_good = run_and_reconnect(&worker, error);
	if (worker.session && session_is_alive(worker.session))
		heartbeat_stop(&worker.heartbeat, worker.session);
	session_close(worker.session);
	if (worker.rulebook)
		batch_free(&worker.batch);
	rulebook_free(worker.rulebook);
	return is_good;
}
