// Ladders: posting to their metrics, the status in force, settling (FORMAT section 7.5). Private to
// model/engine/.
#ifndef ENGINE_LADDER_H
#define ENGINE_LADDER_H
#include "model/engine/run.h"
#include "model/engine/standing.h"

// Counts a quantity for every ladder with that metric: in units of the currency, minor units of spend, or
// visits.
void ladder_post(struct run *, enum metric_kind, int currency, int64_t quantity, day_t day, int64_t ordinal);

struct tier_in_force ladder_in_force(const struct member_state *, int ladder);

// The tier that the points alone reach, by the thresholds of windows that start today.
int ladder_of_points(const struct member_state *, int ladder);
// Records the tier that the window's metric reaches, if it is the highest yet.
void ladder_mark(struct run *, int ladder, int window);

void ladder_review(struct run *);
void ladder_settle(struct run *);
void ladder_prune(struct member_state *);

// The first day after today on which the status in force or a rolling status could change.
day_t ladder_next_due(const struct member_state *, int ladder);
#endif
