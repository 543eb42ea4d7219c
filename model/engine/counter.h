// Counters of one period: what limits and caps look at. Only the period of the current day matters, since
// days never go back. Private to model/engine/.
#ifndef ENGINE_COUNTER_H
#define ENGINE_COUNTER_H
#include "model/engine/run.h"

day_t period_start(enum period, day_t day);
day_t period_next(enum period, day_t day); // the first day of the next one, DAY_NONE for a lifetime

int64_t counter_value(const struct counter *, enum period, day_t day);

// Adds what stands from `day` on; takes back what stood from that day, if that is still the counter's period.
void counter_add(struct run *, struct counter *, enum period, day_t day, int64_t quantity);
void counter_take(struct counter *, enum period, day_t day, int64_t quantity);
#endif
