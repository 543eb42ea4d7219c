// What points are worth in money to the house that owes them.
#ifndef MODEL_LIABILITY_H
#define MODEL_LIABILITY_H
#include "model/engine/programme.h"
#include "model/engine/state.h"
#include <stdbool.h>
#include <stdint.h>

// Whether anything can be had for the currency: a reward bought, a payout, an automatic issue.
bool liability_is_valued(const struct programme *programme, int currency);
// The most that the member can have for the balance, at the tier held: minor units, cut off; 0 without a
// balance. Points that do not reach a whole reward count for their part of it, and nothing is taken off for
// points that are never used. What is not offered any more counts for nothing, what will be for all of it.
int64_t liability_of(const struct programme *programme, const struct member_state *state, int currency);
// The same for a unit of 10^-decimals of the currency in the hand of whoever holds the lowest tiers: minor
// units of money, not cut off; 0: nothing can be had for it.
double liability_point(const struct programme *programme, int currency, day_t day);
#endif
