// Asks the server to cancel what runs: with libpq 17 by polling, before that from a thread, as PQcancel()
// waits.
#include "db/cancel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#ifdef LIBPQ_HAS_ASYNC_CANCEL

struct cancel {
	PGcancelConn *pg;
	short events;
	bool is_done;
};

struct cancel *cancel_start(PGconn *pg)
{
	struct cancel *cancel = calloc(1, sizeof *cancel);
	if (!cancel)
		return NULL;
	cancel->pg = PQcancelCreate(pg);
	cancel->events = POLLOUT;
	if (cancel->pg && PQcancelStart(cancel->pg))
		return cancel;
	cancel_free(cancel);
	return NULL;
}

struct pollfd cancel_poll(const struct cancel *cancel)
{
	return (struct pollfd){.fd = PQcancelSocket(cancel->pg), .events = cancel->events};
}

bool cancel_step(struct cancel *cancel)
{
	struct pollfd descriptor = cancel_poll(cancel);
	if (cancel->is_done || poll(&descriptor, 1, 0) <= 0)
		return cancel->is_done;
	switch (PQcancelPoll(cancel->pg)) {
	case PGRES_POLLING_READING:
		cancel->events = POLLIN;
		break;
	case PGRES_POLLING_WRITING:
		cancel->events = POLLOUT;
		break;
	default:
		cancel->is_done = true;
	}
	return cancel->is_done;
}

void cancel_free(struct cancel *cancel)
{
	if (!cancel)
		return;
	PQcancelFinish(cancel->pg);
	free(cancel);
}

#else

// Shared by its owner and the thread; whoever lets go last frees it.
struct cancel {
	PGcancel *pg;
	int done; // eventfd: readable once PQcancel() has come back
	atomic_int holders;
};

void cancel_free(struct cancel *cancel)
{
	if (!cancel || atomic_fetch_sub(&cancel->holders, 1) > 1)
		return;
	PQfreeCancel(cancel->pg);
	close(cancel->done);
	free(cancel);
}

static void *cancel_thread(void *payload)
{
	struct cancel *cancel = payload;
	char ignored[256];
	PQcancel(cancel->pg, ignored, sizeof ignored);
	eventfd_write(cancel->done, 1);
	cancel_free(cancel);
	return NULL;
}

static bool thread_start(struct cancel *cancel)
{
	pthread_attr_t attributes;
	pthread_t thread;
	if (pthread_attr_init(&attributes) != 0)
		return false;
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attributes, 128 * 1024);
	bool is_started = pthread_create(&thread, &attributes, cancel_thread, cancel) == 0;
	pthread_attr_destroy(&attributes);
	return is_started;
}

struct cancel *cancel_start(PGconn *pg)
{
	struct cancel *cancel = calloc(1, sizeof *cancel);
	if (!cancel)
		return NULL;
	cancel->pg = PQgetCancel(pg);
	cancel->done = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	atomic_store(&cancel->holders, 2);
	if (cancel->pg && cancel->done >= 0 && thread_start(cancel))
		return cancel;
	atomic_store(&cancel->holders, 1);
	cancel_free(cancel);
	return NULL;
}

struct pollfd cancel_poll(const struct cancel *cancel)
{
	return (struct pollfd){.fd = cancel->done, .events = POLLIN};
}

bool cancel_step(struct cancel *cancel)
{
	struct pollfd descriptor = cancel_poll(cancel);
	return poll(&descriptor, 1, 0) > 0;
}

#endif
