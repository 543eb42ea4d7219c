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

static bool may_have(
	const struct programme *programme, const struct member_state *state, const struct reward *reward)
{
	return may_come(reward, state->day) &&
	       (reward->tiers == NULL || reward->tiers[standing_tier(programme, state, reward->ladder).tier]);
}

int64_t liability_of(const struct programme *programme, const struct member_state *state, int currency)
{
	int64_t balance = standing_balance(state, currency);
	if (balance <= 0)
		return 0;
	struct worth best = without_rewards(programme, currency, state->day);
	for (int i = 0; i < programme->reward_count; i++) {
		const struct reward *reward = &programme->rewards[i];
		if (reward->currency == currency && reward->value > 0 && may_have(programme, state, reward))
			better(&best, reward->value, standing_reward_cost(programme, state, i));
	}
	if (best.points == 0)
		return 0;
	wide_t money = (wide_t)balance * best.value_minor / best.points;
	return money > INT64_MAX ? INT64_MAX : (int64_t)money;
}
