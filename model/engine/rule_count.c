// How often and how much an earn rule has awarded in a period: in counters for the current day's period,
// which is all that ordinary events ask for; for late ones from the past.
#include "model/engine/award.h"
#include "model/engine/counter.h"
#include "model/engine/past.h"
#include "model/engine/rule_count.h"

int64_t rule_count_awards(const struct run *run, int index)
{
	const struct earn_rule *rule = &run_rules(run)->earn[index];
	if (run->is_late)
		return past_awards(run->state, rule->id, NULL, rule->limit.period, run_rated_on(run));
	return counter_value(&run->state->rules[index].awards, rule->limit.period, run->state->day);
}

int64_t rule_count_multiplied(const struct run *run, int index, int m)
{
	const struct earn_rule *rule = &run_rules(run)->earn[index];
	enum period period = rule->multipliers[m].limit.period;
	if (run->is_late)
		return past_awards(run->state, rule->id, rule->multipliers[m].id, period, run_rated_on(run));
	return counter_value(&run->state->rules[index].multiplied[m], period, run->state->day);
}

int64_t rule_count_quantity(const struct run *run, int index)
{
	const struct earn_rule *rule = &run_rules(run)->earn[index];
	if (run->is_late)
		return past_quantity(run->state, rule->id, rule->cap.period, run_rated_on(run));
	return counter_value(&run->state->rules[index].quantity, rule->cap.period, run->state->day);
}

// Counters know the current day's period only: an award of a period that is over is for the past to tell.
static void count(struct run *run, struct counter *counter, enum period period, int64_t quantity)
{
	day_t day = run_rated_on(run);
	if (!run->is_late || period_start(period, day) == period_start(period, run->state->day))
		counter_add(run, counter, period, day, quantity);
}

void rule_count_add(struct run *run, int index, int64_t quantity, unsigned multipliers)
{
	const struct earn_rule *rated_by = &run_rules(run)->earn[index];
	int today = run->is_late ? programme_earn_rule(run->programme, rated_by->id) : index;
	if (today < 0)
		return;
	const struct earn_rule *rule = &run->programme->earn[today];
	struct rule_state *counters = &run->state->rules[today];
	if (rule->limit.count > 0)
		count(run, &counters->awards, rule->limit.period, 1);
	if (rule->cap.max > 0)
		count(run, &counters->quantity, rule->cap.period, quantity);
	for (int i = 0; multipliers != 0 && i < rule->multiplier_count; i++)
		if (rule->multipliers[i].limit.count > 0 &&
			award_is_multiplied(rated_by, multipliers, rule->multipliers[i].id))
			count(run, &counters->multiplied[i], rule->multipliers[i].limit.period, 1);
}

void rule_count_take(struct run *run, const struct standing_award *award, int64_t quantity, day_t day)
{
	const struct earn_rule *rule = &run->programme->earn[award->rule];
	struct rule_state *counters = &run->state->rules[award->rule];
	counter_take(&counters->quantity, rule->cap.period, day, quantity);
	if (award->quantity > quantity)
		return;
	counter_take(&counters->awards, rule->limit.period, day, 1);
	for (int i = 0; i < rule->multiplier_count; i++)
		if ((award->multipliers & 1u << i) != 0)
			counter_take(&counters->multiplied[i], rule->multipliers[i].limit.period, day, 1);
}
