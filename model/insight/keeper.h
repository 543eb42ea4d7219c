// The keeper of the figures: counts, beside a worker's posting, what batches left to it, over a session of its
// own, so that nobody who waits for points waits for figures.
#ifndef MODEL_INSIGHT_KEEPER_H
#define MODEL_INSIGHT_KEEPER_H
#include "db/error.h"
#include "db/session.h"
#include "model/engine/day.h"
#include <signal.h>
#include <stdbool.h>

struct keeper;

// Starts it; it looks once a second whether anybody is behind. open is called from its thread. reports is the
// folder for scheduled reports, NULL or "" for none; borrowed. NULL: there is no thread to be had, and figures
// wait for another worker.
struct keeper *keeper_start(struct session *(*open)(void *payload, struct error *error), void *payload,
	day_t as_of, const char *reports);
// Finishes the transaction in hand and ends it. NULL is fine.
void keeper_stop(struct keeper *keeper);

// All there is to do now, over the caller's session, which must not be in a transaction: members that are
// behind, the jobs that are open, that of the day before `day` among them, and reports that are due. Stops
// early when *stop is set.
bool keeper_once(struct session *session, day_t day, const char *reports, const volatile sig_atomic_t *stop,
	struct error *error);
#endif
