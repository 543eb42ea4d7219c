// The worker: two lanes over the inbox, heartbeats, and a new connection whenever one is lost.
#include "db/clock.h"
#include "model/posting/worker.h"

#include "model/campaign/campaign_run.h"
#include "model/desk/case_clock.h"
#include "model/insight/keeper.h"
#include "model/posting/heartbeat.h"
#include "model/posting/lane.h"
#include "model/proof/verify.h"
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	IDLE_MS = 1000, // a poll for what nobody told
	SHARED_MS = 10, // while another lane has what is left
	RETRY_MS_MAX = 5000,
	HELPED_BUCKETS = 4, // with bulk, that are worth a second lane
};

static const char JOURNAL_CHANNEL[] = "loyalty_journal";

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
	struct mailer mailer;
	struct case_clock case_clock;
	struct campaign_runner campaigns;
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
	       session_listen(worker->lane.session, JOURNAL_CHANNEL, error) &&
	       session_listen(worker->lane.session, "loyalty_programme", error);
}

// Campaigns decide by what is posted: when the day has been opened for everybody, and nothing else is to do.
static bool campaigns_run(struct worker *worker, bool *is_busy, struct error *error)
{
	const struct survey *survey = &worker->lane.survey;
	bool once = worker->options->once;
	if (*is_busy || survey->has_bulk || survey->is_importing || (!once && survey->processed_on < survey->day))
		return true;
	return campaign_step(&worker->campaigns, worker->lane.session, survey->day, once, is_busy, error);
}

static bool work(struct worker *worker, bool *is_busy, struct error *error)
{
	struct lane *lane = &worker->lane;
	*is_busy = false;
	if (!lane_survey(lane, error) ||
		!lane_waiting(lane, lane->survey.waiting, lane->survey.waiting_count, is_busy, error))
		return false;
	if (worker->options->waiting_only)
		return true;
	helper_join(worker, false);
	helper_start(worker);
	return lane_bulk(lane, is_busy, error) && lane_due(lane, is_busy, error) &&
	       case_clock_step(&worker->case_clock, lane->session, is_busy, error) &&
	       campaigns_run(worker, is_busy, error);
}

static const char *doing_word(const struct worker *worker, bool is_busy)
{
	if (worker->lane.is_opening)
		return "advancing members due";
	return is_busy ? "posting" : "waiting for events";
}

static bool beat(struct worker *worker, bool is_busy, struct error *error)
{
	worker->heartbeat.posted = worker->lane.report.posted;
	worker->heartbeat.failed = worker->lane.report.failed;
	worker->heartbeat.batch_ms = worker->lane.batch_ms;
	return heartbeat_send(
		&worker->heartbeat, worker->lane.session, doing_word(worker, is_busy), error);
}

// Members whose events were told of, and whether there was other news, which a survey looks into.
struct told {
	int64_t members[WAITING_MEMBERS];
	int count;
	bool has_other;
};

static void told_add(struct told *told, const struct notification *news)
{
	char *end;
	int64_t member_id = strtoll(news->text, &end, 10);
	bool is_member = strcmp(news->channel, JOURNAL_CHANNEL) == 0 && end > news->text && !*end;
	for (int i = 0; i < told->count; i++)
		if (is_member && told->members[i] == member_id)
			return;
	if (is_member && told->count < WAITING_MEMBERS)
		told->members[told->count++] = member_id;
	else
		told->has_other = true;
}

// Until somebody notifies, or that time has come; everything that came together.
static bool listen(struct worker *worker, int64_t until_ms, struct told *told, struct error *error)
{
	struct notification news;
	int64_t left = until_ms - clock_ms();
	int got = session_wait(worker->lane.session, left > 0 ? (int)left : 0, &news, error);
	*told = (struct told){.count = 0};
	while (got > 0) {
		told_add(told, &news);
		got = session_wait(worker->lane.session, 0, &news, error);
	}
	return got >= 0;
}

// Nothing to do: until there is news, or a second has gone by. What people wait for and is told of by name is
// posted right here, without a look at anything else.
static bool rest(struct worker *worker, struct error *error)
{
	struct lane *lane = &worker->lane;
	bool is_shared = lane->survey.has_bulk && !worker->options->waiting_only;
	if (!worker->options->once && !worker->options->waiting_only && !is_shared &&
		!light_proof_step(&worker->proof, lane->session, lane->rulebook, error))
		return false;
	int64_t until_ms = clock_ms() + (is_shared ? SHARED_MS : IDLE_MS);
	struct told told;
	bool is_busy = false;
	do {
		if (!listen(worker, until_ms, &told, error) ||
			!lane_waiting(lane, told.members, told.count, &is_busy, error))
			return false;
	} while (told.count > 0 && !told.has_other && clock_ms() < until_ms && !*worker->options->stop);
	return true;
}

static bool keeps_figures(const struct worker_options *options)
{
	return !options->waiting_only && !options->no_figures;
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
			return !keeps_figures(worker->options) ||
			       keeper_once(worker->lane.session, worker->lane.survey.day, worker->options->reports,
				       worker->options->stop, error);
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

// What is to be done once ends with the mail that is due; a worker that stays has a thread for it.
static bool mail_once(struct worker *worker, struct error *error)
{
	const struct worker_options *options = worker->options;
	return !options->once || options->waiting_only ||
	       mailer_drain(&worker->mailer, worker->lane.session, error);
}

static bool run_and_reconnect(struct worker *worker, struct error *error)
{
	bool was_connected = false;
	while (!*worker->options->stop) {
		struct error why = {0};
		bool is_connected = lane_is_open(&worker->lane) || connect_worker(worker, &why);
		was_connected |= is_connected;
		if (is_connected && work_until_stopped(worker, &why) && mail_once(worker, &why))
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
	struct worker worker = {.options = options,
		.mailer = {.settings = &options->mail,
			.open = options->open,
			.say = options->say,
			.payload = options->payload,
			.stop = options->stop}};
	if (!mailer_init(&worker.mailer, error))
		return false;
	int turn = (int)getpid();
	lane_init(&worker.lane, options, turn);
	lane_init(&worker.helper.lane, options, turn + BATCH_BUCKETS / 2);
	campaign_runner_init(&worker.campaigns, options->batch);
	heartbeat_init(&worker.heartbeat, options->version);
	worker.heartbeat.sends_mail = mail_is_set(&options->mail) && !options->waiting_only;
	if (!options->once && !options->waiting_only)
		mailer_start(&worker.mailer);
	struct keeper *keeper = options->once || !keeps_figures(options)
					? NULL
					: keeper_start(options->open, options->payload, options->as_of, options->reports);
	bool is_good = run_and_reconnect(&worker, error);
	keeper_stop(keeper);
	helper_join(&worker, true);
	mailer_join(&worker.mailer);
	if (lane_is_open(&worker.lane))
		heartbeat_stop(&worker.heartbeat, worker.lane.session);
	*report = worker.lane.report;
	report->sent = worker.mailer.sent;
	mailer_free(&worker.mailer);
	lane_free(&worker.lane);
	lane_free(&worker.helper.lane);
	campaign_runner_free(&worker.campaigns);
	return is_good;
}
