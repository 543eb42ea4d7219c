// Random lives of a member under a programme: events that make its rules meet, from a seed.
#ifndef TESTS_ENGINE_RANDOM_H
#define TESTS_ENGINE_RANDOM_H
#include "model/engine/engine.h"

struct random {
	uint64_t state;
};

uint64_t random_next(struct random *);
int random_below(struct random *, int limit); // 0..limit-1

struct life_event {
	struct event event;
	struct event_line lines[4];
	const char *flags[3];
	struct event_lot lots[3];
};

// Events in order of seq (their numbers from 1), the first an enrolment; days mostly go forward, and some
// events come late.
// Texts are borrowed from the programme.
struct life_event *life_make(const struct programme *, uint64_t seed, int count);
#endif
