// What points are worth in money to the house that owes them.
#include "model/liability.h"

#include "model/engine/decimal.h"
#include "model/engine/standing.h"

struct worth { // so much money for so many points
	int64_t value_minor, points;
};

static void better(struct worth *best, int64_t value_minor, int64_t points)
{
	if (points > 0 && (best->points == 0 ||
				  (wide_t)value_minor * best->points > (wide_t)best->value_minor * points))
		*best = (struct worth){value_minor, points};
}

// Whether it can still be had that day or later.
static bool may_come(const struct reward *reward, day_t day)
{
	return reward_next_offered(reward, day) != DAY_NONE;
}

// Payouts give a unit of money for a unit of the currency (FORMAT section 10.3).
static struct worth without_rewards(const struct programme *programme, int currency, day_t day)
{
	enum { MINOR = 100 };
	struct worth best = {0};
	for (int i = 0; i < programme->payout_count; i++)
		if (programme->payouts[i].currency == currency &&
			may_come(&programme->rewards[programme->payouts[i].reward], day))
			better(&best, MINOR, decimal_power(programme->currencies[currency].decimals));
	for (int i = 0; i < programme->auto_count; i++) {
		const struct auto_issue *rule = &programme->autos[i];
		const struct reward *reward = &programme->rewards[rule->reward];
		if (rule->currency == currency && may_come(reward, day))
			better(&best, reward->value, rule->cost);
	}
	return best;
}

bool liability_is_valued(const struct programme *programme, int currency)
{
	bool is_valued = without_rewards(programme, currency, INT32_MIN).value_minor > 0;
	for (int i = 0; i < programme->reward_count; i++)
		is_valued |= programme->rewards[i].currency == currency && programme->rewards[i].cost > 0 &&
			     programme->rewards[i].value > 0;
	return is_valued;
}

// The tier held on the reward's ladder; of nobody (state NULL) the lowest.
static int tier_of(
	const struct programme *programme, const struct member_state *state, const struct reward *reward)
{
	bool is_tiered = reward->tiers || reward->discount_pct;
	return state && is_tiered ? standing_tier(programme, state, reward->ladder).tier : 0;
}

static struct worth worth_to(
	const struct programme *programme, const struct member_state *state, int currency, day_t day)
{
	struct worth best = without_rewards(programme, currency, day);
	for (int i = 0; i < programme->reward_count; i++) {
		const struct reward *reward = &programme->rewards[i];
		int tier = tier_of(programme, state, reward);
		if (reward->currency == currency && reward->value > 0 && may_come(reward, day) &&
			(reward->tiers == NULL || reward->tiers[tier]))
			better(&best, reward->value, standing_reward_cost_at(reward, tier));
	}
	return best;
}

int64_t liability_of(const struct programme *programme, const struct member_state *state, int currency)
{
	int64_t balance = standing_balance(state, currency);
	if (balance <= 0)
		return 0;
	struct worth best = worth_to(programme, state, currency, state->day);
	if (best.points == 0)
		return 0;
	wide_t money = (wide_t)balance * best.value_minor / best.points;
	return money > INT64_MAX ? INT64_MAX : (int64_t)money;
}

double liability_point(const struct programme *programme, int currency, day_t day)
{
	struct worth best = worth_to(programme, NULL, currency, day);
	return best.points == 0 ? 0 : (double)best.value_minor / (double)best.points;
}
