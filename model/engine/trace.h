// Why an event gave what it gave: one record for each rule that was considered, to be shown as text.
#ifndef ENGINE_TRACE_H
#define ENGINE_TRACE_H
#include "model/engine/programme.h"

enum trace_outcome {
	TRACE_AWARDED,
	TRACE_CONDITION, // a condition failed
	TRACE_NO_BASIS,  // nothing eligible was bought
	TRACE_LIMIT,     // awarded often enough in the period
	TRACE_ZERO,      // rated, and rounded to nothing
	TRACE_CAP,       // the cap of the period was full
};

struct trace_rule {
	int rule; // earn rule
	enum trace_outcome outcome;
	const char *condition;     // key of the condition that failed: "min_amount", "tier", ...; else NULL
	char wanted[96], seen[96]; // what it asked for and what it met
	int64_t basis_minor, quantity; // what was rated
	int64_t rate;                  // 10^-4 (rate, by_tier)
	int tier;                      // rated, -1
	int64_t factor;                // 10^-10
	unsigned multipliers;          // applied
	bool is_granted;               // and one that was given to the member
	wide_t numerator,
		denominator;   // the exact value before rounding, in units of the currency's smallest part
	int64_t rounded;       // after rounding
	int64_t cap_per_event; // 0: none, or not reached
	int64_t cap_left;      // -1: none, or not reached
	int64_t awarded;
};

// Filled by engine_apply when it is given one (NULL costs nothing), emptied by the caller with trace_reset.
struct trace {
	struct trace_rule *rules;
	int count, capacity;
	const struct programme *then; // of a late event: the version that rated it, and the day it did so as
	day_t as_of;                  // of; else NULL and DAY_NONE
};

void trace_init(struct trace *);
void trace_reset(struct trace *);
void trace_free(struct trace *);
void trace_as_of(struct trace *, const struct programme *then, day_t activity_day);

// Plain text, a line or more a rule, each ending in a newline: "base: 4.75 EUR at 1.2 a 100 = 5.7, rounded
// down: +5.7 STAR". Of a late event the first line says as of which day. Written through `put`.
void trace_print(
	const struct programme *, const struct trace *, void (*put)(void *, const char *line), void *);
#endif
