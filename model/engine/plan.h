// Plans: subscription, renewal, cancellation, use (FORMAT sections 9.3, 10.4). Private to model/engine/.
#ifndef ENGINE_PLAN_H
#define ENGINE_PLAN_H
#include "model/engine/run.h"

enum refusal plan_test(const struct run *);
void plan_subscribe(struct run *);
void plan_use(struct run *);
void plan_cancel(struct run *);

void plans_open(struct run *);
day_t plans_next_due(const struct programme *, const struct member_state *);
#endif
