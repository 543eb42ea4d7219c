// One call of the engine while it runs: what every part of it works on. Private to model/engine/.
#ifndef ENGINE_RUN_H
#define ENGINE_RUN_H
#include "model/engine/event.h"
#include "model/engine/postings.h"
#include "model/engine/state.h"
#include "model/engine/trace.h"

#define HUNDREDTHS 100
#define FACTOR_ONE INT64_C(10000000000) // factors in 10^-10
#define QUANTITY_MAX INT64_C(100000000)

// Journal places to ordinals: room for the grants of the days opened between two events.
#define ORDINAL_SHIFT 16

struct run {
	const struct programme *programme;
	struct member_state *state;
	struct postings *postings;
	struct trace *trace;       // NULL: not wanted
	const struct event *event; // NULL while a day opens
	int64_t seq;               // of the event, 0 while a day opens
	int64_t ordinal;           // of what is posted now
	const int *held;           // the tier held before the event, one a ladder
	bool overflow;             // something did not fit 64 bit: all is to be thrown away

	// A late event, once it is accepted, is rated by `then`, the version in force on its activity day;
	// indexes of earn rules, and of what rules name, are then those of `then`.
	bool is_late;
	const struct programme *then;
};

struct lot_key { // a lot's place in the order of consumption
	day_t expires, earned;
	int64_t serial;
	int index;
};

struct dated_post { // to a metric
	day_t day;
	int64_t ordinal;
	int64_t sum; // of all up to it, in hundredths
};

struct scratch {
	struct lot_key *keys;
	int key_capacity;
	int64_t *taken; // by a return, one a line
	int taken_capacity;
	int *held; // one a ladder
	int held_capacity;
	int *touched; // indexes of the lots changed since the caller last saved
	int touched_count, touched_capacity;
	int spent_count; // used-up lots that were saved and are still there
	struct dated_post *posts; // of the ladder that a late event posts to
	int post_capacity;
	int *moved;      // where lots_compact puts each lot
	int moved_capacity;
};

// The version whose earn rules rate, and the day they rate as of.
static inline const struct programme *run_rules(const struct run *run)
{
	return run->is_late ? run->then : run->programme;
}

static inline day_t run_rated_on(const struct run *run)
{
	return run->is_late ? run->event->activity_day : run->state->day;
}

static inline void run_add(struct run *run, int64_t *sum, int64_t quantity)
{
	if (!decimal_add(sum, quantity))
		run->overflow = true;
}

// The product, or an overflow of the run.
static inline int64_t run_multiply(struct run *run, int64_t a, int64_t b)
{
	int64_t product = 0;
	if (__builtin_mul_overflow(a, b, &product))
		run->overflow = true;
	return product;
}
#endif
