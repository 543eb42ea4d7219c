// Payouts and auto-issues: what is issued by itself against a balance (FORMAT sections 10.3, 10.5).
#include "model/engine/counter.h"
#include "model/engine/lot.h"
#include "model/engine/payout.h"
#include "model/engine/reward.h"
#include "model/engine/standing.h"

static bool falls_on(const struct payout *payout, day_t day)
{
	struct day_parts parts = day_split(day);
	for (int i = 0; i < payout->on_count; i++)
		if (payout->on[i].month == parts.month && payout->on[i].day == parts.day)
			return true;
	return false;
}

static int64_t payout_quantity(
	const struct payout *payout, const struct member_state *state, day_t earned_before)
{
	int64_t sum = lot_sum(state, payout->currency, earned_before);
	if (sum < payout->min)
		return 0;
	return payout->step > 0 ? sum - sum % payout->step : sum;
}

static void payout_pay(struct run *run, int index)
{
	const struct payout *payout = &run->programme->payouts[index];
	day_t earned_before = payout->prev_year ? day_year_start(run->state->day) : DAY_NONE;
	int64_t quantity = payout_quantity(payout, run->state, earned_before);
	if (quantity == 0 || !reward_is_offered(&run->programme->rewards[payout->reward], run->state->day))
		return;
	struct movement movement = {
		.kind = ENTRY_PAID_OUT,
		.currency = payout->currency,
		.source = index,
		.tier = -1,
	};
	int64_t cents = decimal_power(2 - run->programme->currencies[payout->currency].decimals);
	struct issue issue = {
		.reward = payout->reward,
		.route = ISSUED_PAID_OUT,
		.source = index,
		.units = 1,
		.value_minor = run_multiply(run, quantity, cents),
		.cost = quantity,
		.entry = lot_consume(run, &movement, quantity, earned_before),
	};
	reward_issue(run, &issue);
}

void payouts_open(struct run *run)
{
	for (int i = 0; i < run->programme->payout_count; i++)
		if (falls_on(&run->programme->payouts[i], run->state->day))
			payout_pay(run, i);
}

// How many more the cap of the period lets through.
static int64_t cap_units(
	const struct auto_issue *rule, const struct counter *issued, int64_t value, day_t day)
{
	if (rule->cap.max == 0 || value == 0)
		return INT64_MAX;
	int64_t left = rule->cap.max - counter_value(issued, rule->cap.period, day);
	return left > 0 ? left / value : 0;
}

// As many at once as one by one would come to: each is the same debit, and the order of consumption does not
// change.
static void auto_issue_units(struct run *run, int index, int64_t units)
{
	const struct auto_issue *rule = &run->programme->autos[index];
	int64_t value = run->programme->rewards[rule->reward].value;
	struct movement movement = {
		.kind = ENTRY_AUTO_ISSUED,
		.currency = rule->currency,
		.source = index,
		.tier = -1,
	};
	struct issue issue = {
		.reward = rule->reward,
		.route = ISSUED_AUTO,
		.source = index,
		.units = units,
		.value_minor = value,
		.cost = rule->cost,
		.entry = lot_consume(run, &movement, units * rule->cost, DAY_NONE),
	};
	if (rule->cap.max > 0)
		counter_add(run, &run->state->autos[index], rule->cap.period, run->state->day,
			run_multiply(run, units, value));
	reward_issue(run, &issue);
}

void autos_issue(struct run *run)
{
	for (int i = 0; i < run->programme->auto_count; i++) {
		const struct auto_issue *rule = &run->programme->autos[i];
		const struct reward *reward = &run->programme->rewards[rule->reward];
		if (!reward_is_offered(reward, run->state->day))
			continue;
		int64_t affordable = standing_balance(run->state, rule->currency) / rule->cost;
		int64_t allowed = cap_units(rule, &run->state->autos[i], reward->value, run->state->day);
		int64_t units = affordable < allowed ? affordable : allowed;
		if (units > 0)
			auto_issue_units(run, i, units);
	}
}

day_t payouts_next_due(const struct programme *programme, const struct member_state *state)
{
	day_t due = DAY_NONE;
	for (int i = 0; i < programme->payout_count; i++) {
		const struct payout *payout = &programme->payouts[i];
		for (int j = 0; state->currencies[payout->currency].open > 0 && j < payout->on_count; j++) {
			day_t day = day_next_anniversary(state->day, payout->on[j]);
			if (day < due)
				due = day;
		}
	}
	return due;
}

day_t autos_next_due(const struct programme *programme, const struct member_state *state)
{
	day_t due = DAY_NONE;
	for (int i = 0; i < programme->auto_count; i++) {
		const struct auto_issue *rule = &programme->autos[i];
		if (standing_balance(state, rule->currency) < rule->cost)
			continue;
		const struct reward *reward = &programme->rewards[rule->reward];
		bool held_back = cap_units(rule, &state->autos[i], reward->value, state->day) == 0;
		day_t day = held_back ? period_next(rule->cap.period, state->day) : state->day + 1;
		day = reward_next_offered(reward, day);
		if (day < due)
			due = day;
	}
	return due;
}
