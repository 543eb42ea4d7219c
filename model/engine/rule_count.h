// How often and how much an earn rule has awarded in a period: what limits and caps look at. Private to
// model/engine/.
#ifndef ENGINE_RULE_COUNT_H
#define ENGINE_RULE_COUNT_H
#include "model/engine/run.h"

// In the period that holds the day rated on: standing awards, those with that multiplier applied, and what
// they come to. `rule` is an index in the version that rates.
int64_t rule_count_awards(const struct run *, int rule);
int64_t rule_count_multiplied(const struct run *, int rule, int multiplier);
int64_t rule_count_quantity(const struct run *, int rule);

// An award is made on the day rated on.
void rule_count_add(struct run *, int rule, int64_t quantity, unsigned multipliers);

// That much of an award made on that day is taken back; the award says what stood before.
void rule_count_take(struct run *, const struct standing_award *, int64_t quantity, day_t day);
#endif
