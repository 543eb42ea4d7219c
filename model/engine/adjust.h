// Adjustments by hand, tiers granted by hand, ends of sessions (FORMAT section 9). Private to model/engine/.
#ifndef ENGINE_ADJUST_H
#define ENGINE_ADJUST_H
#include "model/engine/run.h"

enum refusal adjust_test(const struct run *);
void adjust(struct run *);

enum refusal tier_grant_test(const struct run *);
void tier_grant_apply(struct run *);

void session_end(struct run *);
#endif
