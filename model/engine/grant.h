// Grants of dates and plan months (FORMAT section 10.2). Private to model/engine/.
#ifndef ENGINE_GRANT_H
#define ENGINE_GRANT_H
#include "model/engine/run.h"

// The grants that fall on the day that is being opened, in order, with a settle after each.
void grants_open(struct run *);

// The plan_month grants of the month that begins with a subscription.
void grants_subscribe(struct run *, int plan);

// The next day after today on which one may fall, DAY_NONE: none.
day_t grants_next_due(const struct programme *, const struct member_state *);
#endif
