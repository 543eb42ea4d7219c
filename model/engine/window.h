// Windows of the year, month, membership_year and lifetime ladders (FORMAT section 7.2). Private to
// model/engine/. A window is named by its number: 0 is the one that holds the day of enrolment.
#ifndef ENGINE_WINDOW_H
#define ENGINE_WINDOW_H
#include "model/engine/state.h"

int window_number(const struct ladder *, const struct member_state *, day_t day);
day_t window_start(const struct ladder *, const struct member_state *, int number);
day_t window_end(const struct ladder *, const struct member_state *, int number);

// The first day on which a status earned in that window no longer holds; DAY_NONE: no end.
day_t window_validity_end(const struct ladder *, const struct member_state *, int number);

// In hundredths, for the windows that start that day.
int64_t window_threshold(const struct tier *, day_t window_start);

// The metric with carry, in hundredths, and the tier it reaches.
int64_t window_metric(const struct member_state *, int ladder, int number);
int window_tier_reached(const struct ladder *, day_t window_start, int64_t metric);

// The tier earned in that window as it stands today.
int window_tier_earned(const struct member_state *, int ladder, int number);

// The window's record, made if there is none; and the highest tier recorded for it.
struct window_state *window_touch(struct member_state *, int ladder, int number);
int window_high(const struct ladder_state *, int number);

// Forgets windows that can have no effect any more.
void window_prune(struct member_state *, int ladder);
#endif
