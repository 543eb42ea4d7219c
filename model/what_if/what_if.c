// What a draft of the programme would change: starting, watching and cancelling it from outside.
#include "db/clock.h"
#include "model/what_if/what_if.h"

#include "model/what_if/what_if_run.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

void what_if_release(struct what_if *what_if)
{
	pthread_mutex_lock(&what_if->mutex);
	bool is_last = --what_if->holders == 0;
	pthread_mutex_unlock(&what_if->mutex);
	if (!is_last)
		return;
	what_if_result_free(what_if->result);
	programme_free(what_if->draft);
	pthread_mutex_destroy(&what_if->mutex);
	close(what_if->news);
	free(what_if);
}

// Runs beside everything else and goes by itself. Signals are left to the program's own threads.
static bool thread_start(struct what_if *what_if, void *(*run)(void *), struct error *error)
{
	pthread_t thread;
	sigset_t all, before;
	sigfillset(&all);
	pthread_mutex_lock(&what_if->mutex);
	what_if->holders++;
	pthread_mutex_unlock(&what_if->mutex);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int code = pthread_create(&thread, NULL, run, what_if);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (code == 0) {
		pthread_detach(thread);
		return true;
	}
	what_if_release(what_if);
	return error_set(error, ERROR_FAILED, "no what-if can be started", "", "%s", strerror(code));
}

static struct programme *draft_read(
	const struct what_if_request *request, struct document_errors *errors, struct error *error)
{
	char line[512] = "out of memory";
	struct programme *draft = programme_read(request->name, request->text, request->length, errors);
	if (draft)
		return draft;
	if (errors->count > 0)
		document_error_line(&errors->errors[0], line, sizeof line);
	error_set(error, ERROR_FAILED, "the draft cannot be tried", "mend its document",
		"%d mistakes, the first: %s", errors->count, line);
	return NULL;
}

struct what_if *what_if_start(
	const struct what_if_request *request, struct document_errors *errors, struct error *error)
{
	struct programme *draft = draft_read(request, errors, error);
	if (!draft)
		return NULL;
	struct what_if *what_if = calloc(1, sizeof *what_if);
	int news = what_if ? eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) : -1;
	if (news < 0) {
		error_set(error, ERROR_FAILED, "no what-if can be started", "", "%s", strerror(errno));
		programme_free(draft);
		free(what_if);
		return NULL;
	}
	*what_if = (struct what_if){.request = *request,
		.draft = draft,
		.started_ms = clock_ms(),
		.news = news,
		.holders = 1};
	what_if->request.name = what_if->request.text = NULL;
	pthread_mutex_init(&what_if->mutex, NULL);
	if (thread_start(what_if, what_if_run, error))
		return what_if;
	what_if_release(what_if);
	return NULL;
}

// The server may take its time to be told, so nobody waits for it. A session is closed only under the mutex.
static void *cancel_tell(void *payload)
{
	struct what_if *what_if = payload;
	pthread_mutex_lock(&what_if->mutex);
	for (int i = 0; i < JUDGES_MAX; i++)
		if (what_if->sessions[i])
			session_cancel(what_if->sessions[i]);
	pthread_mutex_unlock(&what_if->mutex);
	what_if_release(what_if);
	return NULL;
}

void what_if_cancel(struct what_if *what_if)
{
	// Without a thread for it the judges still see the flag, after what the server is at.
	if (!atomic_exchange(&what_if->is_cancelled, true))
		thread_start(what_if, cancel_tell, NULL);
}

void what_if_free(struct what_if *what_if)
{
	if (!what_if)
		return;
	what_if_cancel(what_if);
	what_if_release(what_if);
}

static bool has_ended(const struct what_if_progress *progress)
{
	return progress->stage >= WHAT_IF_DONE;
}

bool what_if_look(struct what_if *what_if, struct what_if_progress *progress)
{
	uint64_t news;
	ssize_t ignored = read(what_if->news, &news, sizeof news);
	(void)ignored;
	pthread_mutex_lock(&what_if->mutex);
	if (!has_ended(&what_if->progress))
		what_if->progress.elapsed_ms = clock_ms() - what_if->started_ms;
	*progress = what_if->progress;
	pthread_mutex_unlock(&what_if->mutex);
	return !has_ended(progress);
}

int what_if_descriptor(const struct what_if *what_if)
{
	return what_if->news;
}

bool what_if_wait(struct what_if *what_if, int timeout_ms, struct what_if_progress *progress)
{
	struct pollfd descriptor = {.fd = what_if->news, .events = POLLIN};
	poll(&descriptor, 1, timeout_ms);
	return what_if_look(what_if, progress);
}

struct what_if_result *what_if_take(struct what_if *what_if)
{
	pthread_mutex_lock(&what_if->mutex);
	struct what_if_result *result = what_if->result;
	what_if->result = NULL;
	pthread_mutex_unlock(&what_if->mutex);
	return result;
}

static void news_tell(struct what_if *what_if)
{
	const uint64_t one = 1;
	ssize_t ignored = write(what_if->news, &one, sizeof one);
	(void)ignored;
}

void what_if_tell_stage(struct what_if *what_if, enum what_if_stage stage, int64_t total)
{
	pthread_mutex_lock(&what_if->mutex);
	what_if->progress.stage = stage;
	what_if->progress.done = 0;
	what_if->progress.total = total;
	pthread_mutex_unlock(&what_if->mutex);
	news_tell(what_if);
}

void what_if_tell_done(struct what_if *what_if, int64_t ids)
{
	pthread_mutex_lock(&what_if->mutex);
	what_if->progress.done += ids;
	pthread_mutex_unlock(&what_if->mutex);
	news_tell(what_if);
}

void what_if_tell_result(struct what_if *what_if, struct what_if_result *result)
{
	pthread_mutex_lock(&what_if->mutex);
	what_if_result_free(what_if->result);
	what_if->result = result;
	if (!result->is_exact && what_if->progress.estimate_ms == 0)
		what_if->progress.estimate_ms = clock_ms() - what_if->started_ms;
	pthread_mutex_unlock(&what_if->mutex);
	news_tell(what_if);
}

void what_if_tell_end(struct what_if *what_if, const struct error *error)
{
	bool is_cancelled = atomic_load(&what_if->is_cancelled);
	pthread_mutex_lock(&what_if->mutex);
	what_if->progress.elapsed_ms = clock_ms() - what_if->started_ms;
	what_if->progress.stage = error->kind == ERROR_NONE ? WHAT_IF_DONE
				  : is_cancelled            ? WHAT_IF_CANCELLED
							    : WHAT_IF_FAILED;
	what_if->progress.error = *error;
	pthread_mutex_unlock(&what_if->mutex);
	news_tell(what_if);
}

static bool transaction_begin(struct session *session, const char *snapshot, struct error *error)
{
	char sql[240];
	snprintf(sql, sizeof sql,
		"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; %s%s%s SET LOCAL jit = off; "
		"SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL work_mem = '32MB'",
		snapshot ? "SET TRANSACTION SNAPSHOT '" : "", snapshot ? snapshot : "", snapshot ? "';" : "");
	return session_script(session, sql, error);
}

struct session *what_if_session(struct what_if *what_if, int place, const char *snapshot, struct error *error)
{
	struct session *session = what_if->request.open(what_if->request.payload, error);
	if (!session)
		return NULL;
	pthread_mutex_lock(&what_if->mutex);
	what_if->sessions[place] = session;
	pthread_mutex_unlock(&what_if->mutex);
	if (transaction_begin(session, snapshot, error))
		return session;
	what_if_session_close(what_if, place);
	return NULL;
}

void what_if_session_close(struct what_if *what_if, int place)
{
	pthread_mutex_lock(&what_if->mutex);
	struct session *session = what_if->sessions[place];
	what_if->sessions[place] = NULL;
	pthread_mutex_unlock(&what_if->mutex);
	session_close(session);
}
