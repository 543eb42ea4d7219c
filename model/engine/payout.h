// Payouts and auto-issues: what is issued by itself against a balance (FORMAT sections 10.3, 10.5). Private
// to model/engine/.
#ifndef ENGINE_PAYOUT_H
#define ENGINE_PAYOUT_H
#include "model/engine/run.h"

void payouts_open(struct run *);
void autos_issue(struct run *);

// The next day after today on which one could do something, DAY_NONE: none.
day_t payouts_next_due(const struct programme *, const struct member_state *);
day_t autos_next_due(const struct programme *, const struct member_state *);
#endif
