// Where a member stands: read access to a state for screens, checks and reports.
#include "model/engine/ladder.h"
#include "model/engine/lot_queue.h"
#include "model/engine/rolling.h"
#include "model/engine/standing.h"
#include "model/engine/window.h"

#define PERCENT_ALL 10000

int64_t standing_balance(const struct member_state *state, int currency)
{
	return state->currencies[currency].open - state->currencies[currency].debt;
}

struct next_expiry standing_next_expiry(
	const struct programme *programme, const struct member_state *state, int currency)
{
	const struct expiry *expiry = &programme->currencies[currency].expiry;
	const struct currency_state *c = &state->currencies[currency];
	const struct lot *lot = lot_queue_at(state, currency, 0);
	struct next_expiry next = {.day = lot != NULL ? lot->expires : DAY_NONE};
	if (expiry->policy == EXPIRY_INACTIVITY && c->clock != DAY_NONE && c->open > 0) {
		day_t over = day_add_months(c->clock, expiry->months);
		if (over <= next.day)
			return (struct next_expiry){over, c->open};
	}
	for (int place = 1; lot != NULL && lot->expires == next.day && next.day != DAY_NONE; place++) {
		next.quantity += lot->remaining;
		lot = lot_queue_at(state, currency, place);
	}
	return next;
}

struct tier_in_force standing_tier(
	const struct programme *programme, const struct member_state *state, int ladder)
{
	(void)programme;
	return ladder_in_force(state, ladder);
}

int standing_tier_of_points(const struct programme *programme, const struct member_state *state, int ladder)
{
	(void)programme;
	return ladder_of_points(state, ladder);
}

int64_t standing_metric(const struct programme *programme, const struct member_state *state, int ladder)
{
	const struct ladder *rules = &programme->ladders[ladder];
	if (!state->enrolled)
		return 0;
	if (rules->window == WINDOW_ROLLING)
		return rolling_metric(state, ladder);
	return window_metric(state, ladder, window_number(rules, state, state->day));
}

void standing_window(const struct programme *programme, const struct member_state *state, int ladder,
	day_t *start, day_t *end)
{
	const struct ladder *rules = &programme->ladders[ladder];
	*start = *end = DAY_NONE;
	if (!state->enrolled)
		return;
	if (rules->window == WINDOW_ROLLING) {
		*start = rolling_first_day(rules, state->day);
		*end = state->day + 1;
		return;
	}
	int number = window_number(rules, state, state->day);
	*start = window_start(rules, state, number);
	*end = window_end(rules, state, number);
}

struct next_tier standing_next_tier(
	const struct programme *programme, const struct member_state *state, int ladder)
{
	const struct ladder *rules = &programme->ladders[ladder];
	struct next_tier next = {.tier = standing_tier(programme, state, ladder).tier + 1};
	if (next.tier == rules->tier_count) {
		next.tier = -1;
		return next;
	}
	day_t start, end;
	standing_window(programme, state, ladder, &start, &end);
	next.at = window_threshold(&rules->tiers[next.tier], start);
	int64_t missing = next.at - standing_metric(programme, state, ladder);
	next.missing = missing > 0 ? missing : 0;
	return next;
}

bool standing_verified(const struct member_state *state, int segment)
{
	return state->segments[segment].seq != 0 && state->day < state->segments[segment].until;
}

bool standing_plan_active(const struct member_state *state, int plan)
{
	const struct plan_state *p = &state->plans[plan];
	return p->start != DAY_NONE && p->start <= state->day && state->day < p->until;
}

int64_t standing_reward_cost_at(const struct reward *reward, int tier)
{
	if (reward->cost == 0)
		return -1;
	if (reward->discount_pct == NULL)
		return reward->cost;
	return (int64_t)decimal_divide((wide_t)reward->cost * (PERCENT_ALL - reward->discount_pct[tier]), PERCENT_ALL, ROUND_HALF_UP);
}

int64_t standing_reward_cost(const struct programme *programme, const struct member_state *state, int reward)
{
	const struct reward *rules = &programme->rewards[reward];
	return standing_reward_cost_at(rules, rules->discount_pct ? standing_tier(programme, state, rules->ladder).tier : 0);
}

static int64_t lesser(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t standing_reward_most(const struct programme *programme, const struct member_state *state, int reward)
{
	const struct reward *rules = &programme->rewards[reward];
	const struct reward_state *used = &state->rewards[reward];
	int64_t cost = standing_reward_cost(programme, state, reward), most = QUANTITY_MAX;
	if (cost < 0 || !reward_is_offered(rules, state->day) ||
		(rules->tiers && !rules->tiers[standing_tier(programme, state, rules->ladder).tier]))
		return 0;
	if (cost > 0)
		most = lesser(most, standing_balance(state, rules->currency) / cost);
	if (rules->max_per_txn > 0)
		most = lesser(most, rules->max_per_txn);
	if (rules->max_per_year > 0)
		most = lesser(most, rules->max_per_year - (used->redeemed_year == day_split(state->day).year ? used->redeemed : 0));
	return most > 0 && most >= rules->min_per_txn ? most : 0;
}
