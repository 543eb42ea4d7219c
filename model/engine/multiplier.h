// Multipliers given to one member for a time (FORMAT section 23). Private to model/engine/.
#ifndef ENGINE_MULTIPLIER_H
#define ENGINE_MULTIPLIER_H
#include "model/engine/run.h"

enum { MULTIPLIER_ONE = 100 }; // given factors are in hundredths

enum refusal multiplier_grant_test(const struct run *);
void multiplier_grant(struct run *);

// The highest factor in force that the rule's awards are multiplied by, as of the day that the run rates as
// of; MULTIPLIER_ONE: none. `rule` is one of run_rules().
int64_t multiplier_granted(const struct run *, const struct earn_rule *rule);

// Forgets those that are over.
void multipliers_prune(struct member_state *);
#endif
