// A random life while it is lived: the programme, the member, what was posted; and which life it is, so that
// one that breaks something can be lived again.
#ifndef TESTS_ENGINE_LIFE_H
#define TESTS_ENGINE_LIFE_H
#include "tests/engine_random.h"
#include <check.h>

enum { LIFE_EVENTS = 200, LIFE_LADDERS = 16 };

struct life {
	const struct programme *programme;
	struct life_event *events; // LIFE_EVENTS
	struct member_state state; // keeps originals
	struct postings postings;
};

// The seed of a suite's nth life: from ENGINE_SEED, or else from the one given.
const char *life_first_seed(const char *otherwise);
uint64_t life_seed(const char *otherwise, int life);

// The programmes take turns. Mixed: every second life is lived under one of the synthetic programmes, whose
// rules meet most often.
const struct programme *life_programme(int life);
const struct programme *life_programme_mixed(int life);

void life_begin(struct life *, const struct programme *, uint64_t seed);
void life_end(struct life *);

// Applies the event, after forgetting what was posted before it.
enum refusal life_apply(struct life *, const struct event *);

// As ck_assert_msg: but Check writes down every assertion that it passes, which takes longer than to live.
#define LIFE_HOLDS(condition, ...)                                                                           \
	do {                                                                                                 \
		if (!(condition))                                                                            \
			ck_abort_msg(__VA_ARGS__);                                                           \
	} while (0)

#define LIFE_TELL "programme %s, life %d, event %d (run again: ENGINE_SEED=%s CK_RUN_SUITE=%s build/check)"
#endif
