// Rolling ladders: sums by day, own status, review (FORMAT sections 7.3 and 7.4). Private to model/engine/.
#ifndef ENGINE_ROLLING_H
#define ENGINE_ROLLING_H
#include "model/engine/run.h"

// Posts to the metric; hundredths.
void rolling_post(struct run *, int ladder, day_t day, int64_t ordinal, int64_t quantity);

// Adds to the sum of a day, which is part of posting; hundredths.
void rolling_day_add(struct run *, int ladder, day_t day, int64_t quantity);

// The first day whose postings are in the window of that day.
day_t rolling_first_day(const struct ladder *, day_t today);

// The sum of the days in the window today.
int64_t rolling_metric(const struct member_state *, int ladder);

void rolling_upgrade(struct run *, int ladder);
void rolling_review(struct run *, int ladder);

// The next day after today on which a negative sum leaves the window, DAY_NONE: none.
day_t rolling_next_rise(const struct member_state *, int ladder);

// Forgets days that count neither for the window nor for the review.
void rolling_prune(struct member_state *, int ladder);
#endif
