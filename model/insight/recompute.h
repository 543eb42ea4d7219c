// All figures counted anew, from outside: asking for it, and how far the job is.
#ifndef MODEL_INSIGHT_RECOMPUTE_H
#define MODEL_INSIGHT_RECOMPUTE_H
#include "db/result.h"
#include "model/ask.h"
#include <stdbool.h>
#include <stdint.h>

// The answer is the number of the job, a new one or that which does it already.
void recompute_ask(struct ask *ask);

struct recompute_state {
	int64_t done, parts;
	int64_t members; // counted so far
	int64_t workers; // that could do it: alive within the last quarter of a minute
	bool is_over;
};

void recompute_look(struct ask *ask, const char *job_no);
void recompute_state_read(struct recompute_state *state, const struct result *result);
#endif
