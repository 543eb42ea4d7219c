// Where a member stands: read access to a state for screens, checks and reports. Nothing here changes
// anything.
#ifndef ENGINE_STANDING_H
#define ENGINE_STANDING_H
#include "model/engine/state.h"

int64_t standing_balance(const struct member_state *, int currency);

struct next_expiry {
	day_t day; // DAY_NONE: nothing will expire by date
	int64_t quantity;
};
// The earliest expiry and all that goes on that day (the whole balance for an inactivity policy).
struct next_expiry standing_next_expiry(const struct programme *, const struct member_state *, int currency);

// Whether the member is verified as one of the segment on the current day; until when is in the state.
bool standing_verified(const struct member_state *, int segment);

struct tier_in_force {
	int tier;    // index; 0 is the base tier
	day_t until; // DAY_NONE: no end, or base
};
struct tier_in_force standing_tier(const struct programme *, const struct member_state *, int ladder);

// The tier that the points alone reach today, by the thresholds of windows that start today: what would be
// left without tiers by hand and without what was reached and is kept.
int standing_tier_of_points(const struct programme *, const struct member_state *, int ladder);

// The metric of the current window (carry included) or of the rolling window, in hundredths; 0 before
// enrolment.
int64_t standing_metric(const struct programme *, const struct member_state *, int ladder);

struct next_tier {
	int tier;        // the tier above the one in force, -1: there is none
	int64_t at;      // its threshold in the current window, hundredths
	int64_t missing; // hundredths still to go
};
struct next_tier standing_next_tier(const struct programme *, const struct member_state *, int ladder);

// First day of the current window and the first after it (DAY_NONE: no end). A rolling window's last day is
// today.
void standing_window(
	const struct programme *, const struct member_state *, int ladder, day_t *start, day_t *end);

bool standing_plan_active(const struct member_state *, int plan);

// What the plan will charge next, and when; day DAY_NONE: nothing, as it is not active or ends.
struct next_charge {
	day_t day;
	int64_t amount_minor;
};
struct next_charge standing_next_charge(const struct programme *, const struct member_state *, int plan);

// What one unit of the reward costs this member today (after the tier's discount); -1: it cannot be redeemed.
int64_t standing_reward_cost(const struct programme *, const struct member_state *, int reward);
// The same for whoever holds that tier of the reward's ladder.
int64_t standing_reward_cost_at(const struct reward *reward, int tier);

// How many units of the reward the member may redeem at once today, by its window, limits, tier and balance;
// 0: none, or fewer than at least have to be.
int64_t standing_reward_most(const struct programme *, const struct member_state *, int reward);
#endif
