// The worker: two lanes over the inbox, heartbeats, and a new connection whenever one is lost.
#include "model/worker.h"

#include "model/heartbeat.h"
#include "model/lane.h"
#include "model/verify.h"
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	IDLE_MS = 1000, // a poll for what nobody told
	SHARED_MS = 10, // while another lane has what is left
	RETRY_MS_MAX = 5000,
	HELPED_BUCKETS = 4, // with bulk, that are worth a second lane
};

// A second lane over a session of its own, in a thread of its own, while there is much to post: the server
// works on its batch while the first lane thinks, and on the first one's while it does. The buckets' locks
// keep the two apart.
struct helper {
	struct lane lane;
	pthread_t thread;
	bool is_started;
	atomic_bool is_done;
	bool has_failed; // then nobody helps until the first lane has to connect again
};

struct worker {
	const struct worker_options *options;
	struct lane lane;
	struct helper helper;
	struct heartbeat heartbeat;
	struct light_proof proof;
	int retry_ms;
	char said[800]; // the last error told
};

// Once, however often it comes again before there is a connection.
static void say_error(struct worker *worker, const struct error *error)
{
	char line[sizeof worker->said];
	error_line(error, line, sizeof line);
	if (worker->options->say && strcmp(line, worker->said) != 0)
		worker->options->say(worker->options->payload, line);
	strcpy(worker->said, line);
}

static void *helper_run(void *payload)
{
	struct helper *helper = payload;
	struct lane *lane = &helper->lane;
	struct error error = {0};
	bool is_busy = true, is_good = lane_is_open(lane) || lane_open(lane, &error);
	while (is_good && is_busy && !*lane->options->stop) {
		is_busy = false;
		is_good = lane_survey(lane, &error) && lane_bulk(lane, &is_busy, &error);
	}
	if (!is_good) {
		helper->has_failed = true;
		lane_close(lane);
	}
	atomic_store(&helper->is_done, true);
	return NULL;
}

// Signals are for the first lane, which sleeps.
static void helper_start(struct worker *worker)
{
	struct helper *helper = &worker->helper;
	int buckets = 0;
	sigset_t all, before;
	for (int bucket = 0; bucket < BATCH_BUCKETS; bucket++)
		buckets += worker->lane.survey.bulk[bucket];
	if (helper->is_started || helper->has_failed || buckets < HELPED_BUCKETS)
		return;
	atomic_store(&helper->is_done, false);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	helper->is_started = pthread_create(&helper->thread, NULL, helper_run, helper) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

// Takes what a helper that has ended did to the report.
static void helper_join(struct worker *worker, bool must_wait)
{
	struct helper *helper = &worker->helper;
	if (!helper->is_started || (!must_wait && !atomic_load(&helper->is_done)))
		return;
	pthread_join(helper->thread, NULL);
	helper->is_started = false;
	worker->lane.report.posted += helper->lane.report.posted;
	worker->lane.report.failed += helper->lane.report.failed;
	helper->lane.report = (struct worker_report){0};
}

static bool connect_worker(struct worker *worker, struct error *error)
{
	worker->helper.has_failed = false;
	return lane_open(&worker->lane, error) &&
	       session_listen(worker->lane.session, "loyalty_journal", error) &&
	       session_listen(worker->lane.session, "loyalty_programme", error);
}

static bool work(struct worker *worker, bool *is_busy, struct error *error)
{
	struct lane *lane = &worker->lane;
	*is_busy = false;
	if (!lane_survey(lane, error) || !lane_waiting(lane, is_busy, error))
		return false;
	if (worker->options->waiting_only)
		return true;
	helper_join(worker, false);
	helper_start(worker);
	return lane_bulk(lane, is_busy, error) && lane_due(lane, is_busy, error);
}

static bool beat(struct worker *worker, bool is_busy, struct error *error)
{
	worker->heartbeat.posted = worker->lane.report.posted;
	worker->heartbeat.failed = worker->lane.report.failed;
	worker->heartbeat.batch_ms = worker->lane.batch_ms;
	return heartbeat_send(
		&worker->heartbeat, worker->lane.session, is_busy ? "posting" : "waiting for events", error);
}

// Nothing to do: until somebody notifies, or a second has gone by.
static bool rest(struct worker *worker, struct error *error)
{
	struct lane *lane = &worker->lane;
	struct notification notification;
	bool is_shared = lane->survey.has_bulk && !worker->options->waiting_only;
	if (!worker->options->once && !worker->options->waiting_only && !is_shared &&
		!light_proof_step(&worker->proof, lane->session, lane->rulebook, error))
		return false;
	int got = session_wait(lane->session, is_shared ? SHARED_MS : IDLE_MS, &notification, error);
	while (got > 0) // one look answers for all that came together
		got = session_wait(lane->session, 0, &notification, error);
	return got >= 0;
}

static bool work_until_stopped(struct worker *worker, struct error *error)
{
	while (!*worker->options->stop) {
		bool is_busy;
		if (!work(worker, &is_busy, error) || !beat(worker, is_busy, error))
			return false;
		worker->retry_ms = 0;
		worker->said[0] = '\0';
		if (is_busy)
			continue;
		if (worker->options->once && (worker->options->waiting_only || !worker->lane.survey.has_bulk))
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
		bool is_connected = lane_is_open(&worker->lane) || connect_worker(worker, &why);
		was_connected |= is_connected;
		if (is_connected && work_until_stopped(worker, &why))
			return true;
		if (!is_passing(worker, &why, was_connected)) {
			*error = why;
			return false;
		}
		say_error(worker, &why);
		lane_close(&worker->lane);
		back_off(worker);
	}
	return true;
}

bool worker_run(const struct worker_options *options, struct worker_report *report, struct error *error)
{
	struct worker worker = {.options = options};
	int turn = (int)getpid();
	lane_init(&worker.lane, options, turn);
	lane_init(&worker.helper.lane, options, turn + BATCH_BUCKETS / 2);
	heartbeat_init(&worker.heartbeat, options->version);
	bool is_good = run_and_reconnect(&worker, error);
	helper_join(&worker, true);
	if (lane_is_open(&worker.lane))
		heartbeat_stop(&worker.heartbeat, worker.lane.session);
	*report = worker.lane.report;
	lane_free(&worker.lane);
	lane_free(&worker.helper.lane);
	return is_good;
}
