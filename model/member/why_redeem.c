// Why a redemption was refused: what the reward asks for, and what it met.
#include "model/member/why_redeem.h"

#include "model/engine/decimal.h"
#include "model/engine/standing.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void balance_tell(const struct programme *programme, const struct member_state *state, int reward,
	int64_t units, char out[WHY_REDEEM_SIZE])
{
	const struct currency *currency = &programme->currencies[programme->rewards[reward].currency];
	char cost[DECIMAL_SIZE], balance[DECIMAL_SIZE], missing[DECIMAL_SIZE];
	int64_t seen = standing_balance(state, programme->rewards[reward].currency), wanted;
	if (__builtin_mul_overflow(standing_reward_cost(programme, state, reward), units, &wanted) ||
		wanted - (wide_t)seen > INT64_MAX)
		return;
	decimal_format(wanted, currency->decimals, cost);
	decimal_format(seen, currency->decimals, balance);
	decimal_format(wanted - seen, currency->decimals, missing);
	snprintf(out, WHY_REDEEM_SIZE, "it cost %s %.60s, the balance was %s: %s too few", cost,
		currency->name, balance, missing);
}

static void tier_tell(const struct programme *programme, const struct member_state *state,
	const struct reward *reward, char out[WHY_REDEEM_SIZE])
{
	const struct ladder *ladder = &programme->ladders[reward->ladder];
	char wanted[WHY_REDEEM_SIZE / 2] = "";
	for (int i = 0; i < ladder->tier_count; i++)
		if (reward->tiers[i])
			snprintf(wanted + strlen(wanted), sizeof wanted - strlen(wanted), "%s%.60s",
				*wanted ? ", " : "", ladder->tiers[i].name);
	snprintf(out, WHY_REDEEM_SIZE, "it is for %s, the tier was %.60s", wanted,
		ladder->tiers[standing_tier(programme, state, reward->ladder).tier].name);
}

static void year_tell(const struct member_state *state, int index, const struct reward *reward, int64_t units,
	char out[WHY_REDEEM_SIZE])
{
	const struct reward_state *used = &state->rewards[index];
	int year = day_split(state->day).year;
	snprintf(out, WHY_REDEEM_SIZE,
		"%" PRId64 " a year, %" PRId64 " were redeemed in %d, and %" PRId64 " asked for",
		reward->max_per_year, used->redeemed_year == year ? used->redeemed : 0, year, units);
}

static void once_tell(const struct reward *reward, int64_t units, char out[WHY_REDEEM_SIZE])
{
	char least[24] = "1", most[24] = "any number";
	if (reward->min_per_txn > 0)
		snprintf(least, sizeof least, "%" PRId64, reward->min_per_txn);
	if (reward->max_per_txn > 0)
		snprintf(most, sizeof most, "%" PRId64, reward->max_per_txn);
	snprintf(out, WHY_REDEEM_SIZE, "from %s to %s at once, %" PRId64 " were asked for", least, most,
		units);
}

static void basket_tell(const struct reward *reward, int64_t basket, char out[WHY_REDEEM_SIZE])
{
	char wanted[DECIMAL_SIZE], seen[DECIMAL_SIZE];
	snprintf(out, WHY_REDEEM_SIZE, "it wants a basket of %s, and this was of %s",
		decimal_format(reward->min_basket, 2, wanted), decimal_format(basket, 2, seen));
}

static void offered_tell(const struct reward *reward, day_t day, char out[WHY_REDEEM_SIZE])
{
	char window[OFFERED_SIZE], asked[DAY_SIZE];
	snprintf(out, WHY_REDEEM_SIZE, "it is offered %s, and was asked for on %s",
		reward_offered_text(reward, window), day_format(day, asked));
}

const char *why_redeem_text(const struct programme *programme, const struct member_state *state,
	const struct event *event, enum refusal refusal, char out[WHY_REDEEM_SIZE])
{
	int index = event->type == EVENT_REDEEM ? programme_reward(programme, event->reward) : -1;
	*out = '\0';
	if (index < 0)
		return out;
	const struct reward *reward = &programme->rewards[index];
	if (refusal == REFUSAL_NOT_OFFERED)
		offered_tell(reward, event->day, out);
	else if (refusal == REFUSAL_BALANCE)
		balance_tell(programme, state, index, event->units, out);
	else if (refusal == REFUSAL_TIER)
		tier_tell(programme, state, reward, out);
	else if (refusal == REFUSAL_PER_YEAR)
		year_tell(state, index, reward, event->units, out);
	else if (refusal == REFUSAL_PER_TXN)
		once_tell(reward, event->units, out);
	else if (refusal == REFUSAL_BASKET)
		basket_tell(reward, event->basket_minor, out);
	return out;
}
