// Threads that work beside what draws.
#include "model/background.h"

#include "db/clock.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct background {
	struct background_task task;
	atomic_bool is_cancelled;
	int64_t started_ms;
	int news; // eventfd
	pthread_mutex_t mutex; // of all below
	int holders;
	struct session *session; // closed only under the mutex
	struct background_progress progress;
};

static void release(struct background *b)
{
	pthread_mutex_lock(&b->mutex);
	bool is_last = --b->holders == 0;
	pthread_mutex_unlock(&b->mutex);
	if (!is_last)
		return;
	if (b->task.free)
		b->task.free(b->task.work);
	pthread_mutex_destroy(&b->mutex);
	close(b->news);
	free(b);
}

static void news_tell(struct background *b)
{
	const uint64_t one = 1;
	ssize_t ignored = write(b->news, &one, sizeof one);
	(void)ignored;
}

// Goes by itself; signals are left to the program's own threads.
static bool thread_start(struct background *b, void *(*run)(void *), struct error *error)
{
	pthread_t thread;
	sigset_t all, before;
	sigfillset(&all);
	pthread_mutex_lock(&b->mutex);
	b->holders++;
	pthread_mutex_unlock(&b->mutex);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int code = pthread_create(&thread, NULL, run, b);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (code == 0) {
		pthread_detach(thread);
		return true;
	}
	pthread_mutex_lock(&b->mutex);
	b->holders--;
	pthread_mutex_unlock(&b->mutex);
	return error_set(error, ERROR_FAILED, "nothing can be started beside the screens", "", "%s", strerror(code));
}

static struct session *session_take(struct background *b, struct error *error)
{
	struct session *session = b->task.open(b->task.open_payload, error);
	pthread_mutex_lock(&b->mutex);
	b->session = session;
	pthread_mutex_unlock(&b->mutex);
	return session;
}

static void session_give(struct background *b)
{
	pthread_mutex_lock(&b->mutex);
	struct session *session = b->session;
	b->session = NULL;
	pthread_mutex_unlock(&b->mutex);
	session_close(session);
}

static void end_tell(struct background *b, bool is_done, const struct error *error)
{
	bool is_cancelled = atomic_load(&b->is_cancelled);
	pthread_mutex_lock(&b->mutex);
	b->progress.elapsed_ms = clock_ms() - b->started_ms;
	b->progress.stage = is_done	 ? BACKGROUND_DONE
			    : is_cancelled ? BACKGROUND_CANCELLED
					   : BACKGROUND_FAILED;
	b->progress.error = *error;
	pthread_mutex_unlock(&b->mutex);
	news_tell(b);
}

static void *work(void *payload)
{
	struct background *b = payload;
	struct error error = {0};
	struct session *session = session_take(b, &error);
	bool is_done = session && !background_is_cancelled(b) && b->task.run(b, session, b->task.work, &error);
	session_give(b);
	end_tell(b, is_done, &error);
	release(b);
	return NULL;
}

struct background *background_start(const struct background_task *task, struct error *error)
{
	struct background *b = calloc(1, sizeof *b);
	int news = b ? eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) : -1;
	if (news < 0) {
		error_set(error, ERROR_FAILED, "nothing can be started beside the screens", "", "%s",
			strerror(errno));
		free(b);
		return NULL;
	}
	*b = (struct background){.task = *task, .started_ms = clock_ms(), .news = news, .holders = 1};
	pthread_mutex_init(&b->mutex, NULL);
	if (thread_start(b, work, error))
		return b;
	b->task.free = NULL;
	release(b);
	return NULL;
}

// The server may take its time to be told, so nobody waits for it.
static void *cancel_tell(void *payload)
{
	struct background *b = payload;
	pthread_mutex_lock(&b->mutex);
	if (b->session)
		session_cancel(b->session);
	pthread_mutex_unlock(&b->mutex);
	release(b);
	return NULL;
}

void background_cancel(struct background *b)
{
	struct error ignored; // without a thread for it the work sees the flag, after what the server is at
	if (!atomic_exchange(&b->is_cancelled, true))
		thread_start(b, cancel_tell, &ignored);
}

void background_free(struct background *b)
{
	if (!b)
		return;
	pthread_mutex_lock(&b->mutex);
	bool goes_on = b->progress.stage == BACKGROUND_RUNS;
	pthread_mutex_unlock(&b->mutex);
	if (goes_on)
		background_cancel(b);
	release(b);
}

bool background_look(struct background *b, struct background_progress *progress)
{
	uint64_t news;
	ssize_t ignored = read(b->news, &news, sizeof news);
	(void)ignored;
	pthread_mutex_lock(&b->mutex);
	if (b->progress.stage == BACKGROUND_RUNS)
		b->progress.elapsed_ms = clock_ms() - b->started_ms;
	*progress = b->progress;
	pthread_mutex_unlock(&b->mutex);
	return progress->stage == BACKGROUND_RUNS;
}

int background_descriptor(const struct background *b)
{
	return b->news;
}

void background_tell(struct background *b, int64_t done, int64_t total)
{
	pthread_mutex_lock(&b->mutex);
	b->progress.done = done;
	b->progress.total = total;
	pthread_mutex_unlock(&b->mutex);
	news_tell(b);
}

bool background_is_cancelled(const struct background *b)
{
	return atomic_load(&b->is_cancelled);
}
