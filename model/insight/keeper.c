// The keeper of the figures: beside a worker's posting, over a session of its own, so that nobody who waits
// for points waits for figures.
#include "model/insight/keeper.h"

#include "model/insight/job.h"
#include "model/report/job.h"
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { LOOK_S = 1, RETRY_S = 5 };

struct keeper {
	struct session *(*open)(void *payload, struct error *error);
	void *payload;
	day_t as_of;
	const char *reports;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t told;
	volatile sig_atomic_t is_over;
	day_t planned; // the last day whose jobs were written down
};

// What posts is prepared for once and must not look for another plan as tables grow; the rest is asked
// rarely.
static const char SESSION_SQL[] = "SET enable_seqscan = off; SET jit = off; SET lock_timeout = 0";

static bool day_read(struct session *session, day_t as_of, day_t *day, struct error *error)
{
	int64_t number = 0;
	if (as_of != DAY_NONE) {
		*day = as_of;
		return true;
	}
	bool is_good = session_number(
		session, "SELECT loyalty.business_day() - date '2000-01-01'", NULL, 0, &number, error);
	*day = (day_t)number;
	return is_good;
}

// One look. *is_busy: there was something, so another look is due at once.
static bool keep(struct fold *fold, day_t as_of, const char *reports, day_t *planned,
	const volatile sig_atomic_t *stop, bool *is_busy, struct error *error)
{
	static const char MOVED_SQL[] = "SELECT pg_notify('loyalty_insight', '')";
	int64_t members;
	day_t day;
	*is_busy = false;
	if (!fold_due(fold, stop, &members, error) || !day_read(fold->session, as_of, &day, error))
		return false;
	if (day != *planned && !job_plan(fold->session, day, error))
		return false;
	*planned = day;
	if (!*stop && !job_step(fold, is_busy, error))
		return false;
	if ((members > 0 || *is_busy) && !session_execute(fold->session, MOVED_SQL, NULL, 0, error))
		return false;
	return *stop || *is_busy || report_jobs_run(fold->session, reports, error);
}

bool keeper_once(struct session *session, day_t day, const char *reports, const volatile sig_atomic_t *stop,
	struct error *error)
{
	struct fold fold;
	day_t planned = DAY_NONE;
	bool is_busy = true, is_good = true;
	fold_init(&fold);
	fold.session = session;
	while (is_good && is_busy && !*stop)
		is_good = keep(&fold, day, reports, &planned, stop, &is_busy, error);
	fold_free(&fold);
	return is_good;
}

// Until told to stop, or so many seconds have gone by.
static void rest(struct keeper *keeper, int seconds)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += seconds;
	pthread_mutex_lock(&keeper->lock);
	while (!keeper->is_over && pthread_cond_timedwait(&keeper->told, &keeper->lock, &until) == 0)
		;
	pthread_mutex_unlock(&keeper->lock);
}

// The posting beside it tells of a database that is gone; figures come again with the connection.
static void work(struct keeper *keeper, struct fold *fold)
{
	struct error error = {0};
	bool is_busy = false, is_good = fold->session && session_is_alive(fold->session);
	if (!is_good) {
		session_close(fold->session);
		fold->session = keeper->open(keeper->payload, &error);
		is_good = fold->session && session_script(fold->session, SESSION_SQL, &error);
	}
	is_good = is_good && keep(fold, keeper->as_of, keeper->reports, &keeper->planned, &keeper->is_over,
				     &is_busy, &error);
	if (!is_good && fold->session && session_is_alive(fold->session))
		session_rollback(fold->session, NULL);
	if (!is_busy)
		rest(keeper, is_good ? LOOK_S : RETRY_S);
}

static void *keeper_run(void *payload)
{
	struct keeper *keeper = payload;
	struct fold fold;
	fold_init(&fold);
	while (!keeper->is_over)
		work(keeper, &fold);
	session_close(fold.session);
	fold_free(&fold);
	return NULL;
}

struct keeper *keeper_start(struct session *(*open)(void *payload, struct error *error), void *payload,
	day_t as_of, const char *reports)
{
	struct keeper *keeper = calloc(1, sizeof *keeper);
	sigset_t all, before;
	if (!keeper)
		return NULL;
	*keeper = (struct keeper){.open = open,
		.payload = payload,
		.as_of = as_of,
		.reports = reports,
		.planned = DAY_NONE,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.told = PTHREAD_COND_INITIALIZER};
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before); // signals are for the one that posts
	bool is_started = pthread_create(&keeper->thread, NULL, keeper_run, keeper) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (is_started)
		return keeper;
	free(keeper);
	return NULL;
}

void keeper_stop(struct keeper *keeper)
{
	if (!keeper)
		return;
	pthread_mutex_lock(&keeper->lock);
	keeper->is_over = 1;
	pthread_cond_signal(&keeper->told);
	pthread_mutex_unlock(&keeper->lock);
	pthread_join(keeper->thread, NULL);
	free(keeper);
}
