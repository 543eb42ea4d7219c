// Postings and standings as text, so that two lives can be compared and a difference be read.
#ifndef TESTS_ENGINE_TEXT_H
#define TESTS_ENGINE_TEXT_H
#include "model/engine/engine.h"

// All that was posted, and why not. To be freed.
char *postings_text(const struct postings *, enum refusal);

// Everything that a caller keeps of a member: memory, open lots, debts. To be freed.
char *state_text(const struct programme *, const struct member_state *);

// A number that hardly two different lists of entries have in common.
int64_t entries_sum(const struct postings *);
#endif
