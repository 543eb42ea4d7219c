// Rewards: issue and redemption (FORMAT sections 3.6, 9.3, 10.1).
#include "model/engine/accrue.h"
#include "model/engine/lot.h"
#include "model/engine/payment.h"
#include "model/engine/reward.h"
#include "model/engine/standing.h"

#define BASKET_MAX INT64_C(10000000000)

static day_t expiry_of_reward(const struct validity *validity, day_t day)
{
	switch (validity->kind) {
	case VALID_DAYS:
		return day + validity->count;
	case VALID_MONTHS:
		return day_add_months(day, validity->count);
	case VALID_MONTH_END:
		return day_add_months(day_month_start(day), 1);
	case VALID_UNTIL_DATE:
		return day_anniversary(day, validity->date, validity->years);
	default:
		return DAY_NONE;
	}
}

void reward_issue(struct run *run, const struct issue *issue)
{
	struct postings *postings = run->postings;
	struct reward_state *reward = &run->state->rewards[issue->reward];
	const struct validity *validity = issue->validity;
	if (validity == NULL || validity->kind == VALID_UNSAID)
		validity = &run->programme->rewards[issue->reward].validity;
	reward->last_expires = expiry_of_reward(validity, run->state->day);
	run_add(run, &reward->issued, issue->units);
	run_add(run, &reward->value_minor, run_multiply(run, issue->units, issue->value_minor));
	ARRAY_RESERVE(postings->issued_rewards, postings->issued_reward_capacity,
		postings->issued_reward_count + 1);
	postings->issued_rewards[postings->issued_reward_count++] = (struct issued_reward){
		.reward = issue->reward,
		.route = issue->route,
		.source = issue->source,
		.serial = run->state->reward_serial + 1,
		.units = issue->units,
		.value_minor = issue->value_minor,
		.cost = issue->cost,
		.entry = issue->entry,
		.day = run->state->day,
		.expires = reward->last_expires,
		.seq = run->seq,
	};
	payment_keep(run, issue);
	run_add(run, &run->state->reward_serial, issue->units);
}

static bool tier_is_listed(const struct run *run, const struct reward *reward)
{
	return reward->tiers == NULL ||
	       reward->tiers[standing_tier(run->programme, run->state, reward->ladder).tier];
}

static int64_t redeemed_this_year(const struct run *run, int reward)
{
	const struct reward_state *state = &run->state->rewards[reward];
	return state->redeemed_year == day_split(run->state->day).year ? state->redeemed : 0;
}

enum refusal redeem_test(const struct run *run)
{
	const struct event *event = run->event;
	int index = programme_reward(run->programme, event->reward);
	if (index < 0 || run->programme->rewards[index].cost == 0)
		return REFUSAL_REWARD;
	const struct reward *reward = &run->programme->rewards[index];
	if (!reward_is_offered(reward, run->state->day))
		return REFUSAL_NOT_OFFERED;
	if (event->units < 1 || event->units > QUANTITY_MAX)
		return REFUSAL_AMOUNT;
	if (event->basket_minor < 0 || event->basket_minor > BASKET_MAX)
		return REFUSAL_AMOUNT;
	if (reward->max_per_year > 0 && redeemed_this_year(run, index) + event->units > reward->max_per_year)
		return REFUSAL_PER_YEAR;
	if (reward->max_per_txn > 0 && event->units > reward->max_per_txn)
		return REFUSAL_PER_TXN;
	if (event->units < reward->min_per_txn)
		return REFUSAL_PER_TXN;
	if (event->basket_minor < reward->min_basket)
		return REFUSAL_BASKET;
	if (!tier_is_listed(run, reward))
		return REFUSAL_TIER;
	wide_t cost = (wide_t)standing_reward_cost(run->programme, run->state, index) * event->units;
	return standing_balance(run->state, reward->currency) < cost ? REFUSAL_BALANCE : REFUSAL_NONE;
}

static void redemption_count(struct run *run, int reward)
{
	struct reward_state *state = &run->state->rewards[reward];
	state->redeemed = redeemed_this_year(run, reward) + run->event->units;
	state->redeemed_year = day_split(run->state->day).year;
}

static void convert(struct run *run, int index, int64_t quantity)
{
	struct movement movement = {
		.kind = ENTRY_CONVERTED,
		.currency = run->programme->rewards[index].into,
		.source = index,
		.tier = -1,
	};
	lot_credit(run, &movement, quantity);
}

void redeem(struct run *run)
{
	int index = programme_reward(run->programme, run->event->reward);
	const struct reward *reward = &run->programme->rewards[index];
	bool is_transfer = reward->kind == REWARD_PARTNER_TRANSFER;
	int64_t units = run->event->units, cost = standing_reward_cost(run->programme, run->state, index);
	struct movement movement = {
		.kind = ENTRY_REDEEMED,
		.currency = reward->currency,
		.source = index,
		.tier = -1,
	};
	struct issue issue = {
		.reward = index,
		.route = ISSUED_REDEEMED,
		.source = -1,
		.units = is_transfer ? 1 : units,
		.value_minor = reward->value,
		.cost = is_transfer ? cost * units : cost,
		.redeemed = units,
		.gives = is_transfer ? run_multiply(run, reward->gives, units) : 0,
		.entry = cost > 0 ? lot_consume(run, &movement, cost * units, DAY_NONE) : -1,
	};
	if (issue.gives > 0)
		convert(run, index, issue.gives);
	redemption_count(run, index);
	activity_clock(run, ACTIVE_REDEEM, reward->currency);
	activity_extend(run, ACTIVE_REDEEM, reward->currency);
	reward_issue(run, &issue);
}

// What a partner counts is converted and not issued: it cannot be given.
enum refusal reward_grant_test(const struct run *run)
{
	int index = programme_reward(run->programme, run->event->reward);
	if (index < 0 || run->programme->rewards[index].kind == REWARD_PARTNER_TRANSFER)
		return REFUSAL_REWARD;
	if (!reward_is_offered(&run->programme->rewards[index], run->state->day))
		return REFUSAL_NOT_OFFERED;
	return run->event->units < 1 || run->event->units > QUANTITY_MAX ? REFUSAL_AMOUNT : REFUSAL_NONE;
}

void reward_grant(struct run *run)
{
	int index = programme_reward(run->programme, run->event->reward);
	struct issue issue = {
		.reward = index,
		.route = ISSUED_GRANTED,
		.source = -1,
		.units = run->event->units,
		.value_minor = run->programme->rewards[index].value,
		.entry = -1,
	};
	reward_issue(run, &issue);
}
