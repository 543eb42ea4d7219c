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

// Payouts give a unit of money for a unit of the currency (FORMAT section 10.3).
static struct worth without_rewards(const struct programme *programme, int currency)
{
	enum { MINOR = 100 };
	struct worth best = {0};
	for (int i = 0; i < programme->payout_count; i++)
		if (programme->payouts[i].currency == currency)
			better(&best, MINOR, decimal_power(programme->currencies[currency].decimals));
	for (int i = 0; i < programme->auto_count; i++)
		if (programme->autos[i].currency == currency)
			better(&best, programme->rewards[programme->autos[i].reward].value,
				programme->autos[i].cost);
	return best;
}

bool liability_is_valued(const struct programme *programme, int currency)
{
	bool is_valued = without_rewards(programme, currency).value_minor > 0;
	for (int i = 0; i < programme->reward_count; i++)
		is_valued |= programme->rewards[i].currency == currency && programme->rewards[i].cost > 0 &&
			     programme->rewards[i].value > 0;
	return is_valued;
}

static bool may_have(
	const struct programme *programme, const struct member_state *state, const struct reward *reward)
{
	return reward->tiers == NULL || reward->tiers[standing_tier(programme, state, reward->ladder).tier];
}

int64_t liability_of(const struct programme *programme, const struct member_state *state, int currency)
{
	int64_t balance = standing_balance(state, currency);
	if (balance <= 0)
		return 0;
	struct worth best = without_rewards(programme, currency);
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
