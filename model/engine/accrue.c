// Accrual: extension, earn rules in order, activity clocks (FORMAT sections 6.2, 7.1, 8.4).
#include "model/engine/accrue.h"
#include "model/engine/award.h"
#include "model/engine/condition.h"
#include "model/engine/counter.h"
#include "model/engine/ladder.h"
#include "model/engine/lines.h"
#include "model/engine/lot.h"
#include "model/engine/original.h"

struct accrual {
	enum earn_event on;
	struct lines lines;
	struct kept_original *kept; // NULL: not to be returned, or not remembered
};

static enum activity_kind activity_of(enum earn_event on)
{
	switch (on) {
	case EARN_PURCHASE:
		return ACTIVE_PURCHASE;
	case EARN_PARTNER:
		return ACTIVE_PARTNER;
	case EARN_ACTIVITY:
		return ACTIVE_ACTIVITY;
	default:
		return 0;
	}
}

void clock_move(struct run *run, int currency)
{
	if (run->programme->currencies[currency].expiry.policy == EXPIRY_INACTIVITY)
		run->state->currencies[currency].clock = run->state->day;
}

static bool extends_by_activity(const struct extension *extend, const struct event *event)
{
	return event->type == EVENT_ACTIVITY && tags_have(&extend->activities, event->activity) &&
	       event->amount_minor >= extend->min_amount;
}

void activity_extend(struct run *run, enum activity_kind kind, int currency)
{
	for (int i = 0; i < run->programme->currency_count; i++) {
		const struct extension *extend = &run->programme->currencies[i].expiry.extend;
		if (extend->months == 0 || (currency >= 0 && currency != i))
			continue;
		if ((extend->on & kind) != 0 || extends_by_activity(extend, run->event))
			lot_extend(run, i);
	}
}

void activity_clock(struct run *run, enum activity_kind kind, int currency)
{
	for (int i = 0; i < run->programme->currency_count; i++)
		if ((run->programme->currencies[i].expiry.activity_on & kind) != 0 &&
			(currency < 0 || currency == i))
			clock_move(run, i);
}

static struct trace_rule *record_add(struct run *run, int rule, int64_t basis)
{
	struct trace *trace = run->trace;
	if (trace == NULL)
		return NULL;
	ARRAY_RESERVE(trace->rules, trace->capacity, trace->count + 1);
	struct trace_rule *record = &trace->rules[trace->count++];
	*record = (struct trace_rule){.rule = rule, .tier = -1, .basis_minor = basis, .cap_left = -1};
	return record;
}

// Steps 1 and 2: whether the rule is rated at all.
static bool rule_considered(
	struct run *run, int index, const struct accrual *accrual, int64_t basis, struct trace_rule *record)
{
	const struct earn_rule *rule = &run->programme->earn[index];
	bool needs_basis = accrual->on == EARN_PURCHASE || accrual->on == EARN_PARTNER;
	const char *failing = condition_failing(run, &rule->when, basis);
	enum trace_outcome outcome = TRACE_AWARDED;
	if (needs_basis && basis <= 0)
		outcome = TRACE_NO_BASIS;
	else if (failing != NULL)
		outcome = TRACE_CONDITION;
	else if (rule->limit.count > 0 && counter_value(&run->state->rules[index].awards, rule->limit.period,
						  run->state->day) >= rule->limit.count)
		outcome = TRACE_LIMIT;
	if (record != NULL) {
		record->outcome = outcome;
		record->condition = outcome == TRACE_CONDITION ? failing : NULL;
		if (outcome == TRACE_CONDITION)
			condition_explain(run, &rule->when, basis, record);
	}
	return outcome == TRACE_AWARDED;
}

// Step 6.
static int64_t cap_apply(const struct run *run, int index, int64_t quantity, struct trace_rule *record)
{
	const struct earn_rule *rule = &run->programme->earn[index];
	if (rule->cap.max == 0)
		return quantity;
	int64_t left = rule->cap.max -
		       counter_value(&run->state->rules[index].quantity, rule->cap.period, run->state->day);
	if (left < 0)
		left = 0;
	if (record != NULL && quantity > left)
		record->cap_left = left;
	return quantity < left ? quantity : left;
}

static void counters_add(struct run *run, int index, int64_t quantity, unsigned multipliers)
{
	const struct earn_rule *rule = &run->programme->earn[index];
	struct rule_state *counters = &run->state->rules[index];
	day_t day = run->state->day;
	if (rule->limit.count > 0)
		counter_add(run, &counters->awards, rule->limit.period, day, 1);
	if (rule->cap.max > 0)
		counter_add(run, &counters->quantity, rule->cap.period, day, quantity);
	for (int i = 0; i < rule->multiplier_count; i++)
		if ((multipliers & 1u << i) != 0 && rule->multipliers[i].limit.count > 0)
			counter_add(run, &counters->multiplied[i], rule->multipliers[i].limit.period, day, 1);
}

// Step 7.
static void award_post(struct run *run, const struct standing_award *award, struct kept_original *kept)
{
	int currency = run->programme->earn[award->rule].award.currency;
	struct movement movement = {
		.kind = ENTRY_ACCRUED,
		.currency = currency,
		.source = award->rule,
		.tier = award->tier,
		.factor = award->factor,
		.multipliers = award->multipliers,
	};
	counters_add(run, award->rule, award->quantity, award->multipliers);
	if (kept != NULL)
		original_award(kept, award);
	ladder_post(run, METRIC_CURRENCY, currency, award->quantity, run->state->day, run->ordinal);
	lot_credit(run, &movement, award->quantity);
	clock_move(run, currency);
}

static void rule_apply(struct run *run, int index, const struct accrual *accrual)
{
	const struct earn_rule *rule = &run->programme->earn[index];
	int64_t basis = lines_basis(
		accrual->lines.lines, accrual->lines.count, &rule->when.categories, &rule->when.excluded);
	struct trace_rule *record = record_add(run, index, basis);
	if (!rule_considered(run, index, accrual, basis, record))
		return;
	unsigned multipliers = award_multipliers(run, index, basis);
	struct rating rating = {
		.basis = basis,
		.quantity = run->event->quantity,
		.tier = rule->award.kind == AWARD_BY_TIER ? run->held[rule->award.ladder] : -1,
		.factor = award_factor(rule, multipliers),
	};
	int64_t rounded = award_quantity(run, rule, &rating, record);
	int64_t quantity = cap_apply(run, index, rounded, record);
	if (record != NULL) {
		record->multipliers = multipliers;
		record->awarded = quantity;
		if (quantity == 0)
			record->outcome = rounded == 0 ? TRACE_ZERO : TRACE_CAP;
	}
	struct standing_award award = {
		.rule = index,
		.quantity = quantity,
		.tier = rating.tier,
		.factor = rating.factor,
		.multipliers = multipliers,
	};
	if (quantity == INT64_MAX)
		run->overflow = true;
	else if (quantity > 0)
		award_post(run, &award, accrual->kept);
}

void accrue(struct run *run, enum earn_event on)
{
	struct accrual accrual = {.on = on};
	enum activity_kind kind = activity_of(on);
	lines_of(&accrual.lines, run->event);
	if (on == EARN_PURCHASE || on == EARN_PARTNER)
		accrual.kept = original_keep(run->state, run->event);
	if (kind != 0)
		activity_extend(run, kind, -1);
	for (int i = 0; i < run->programme->earn_count; i++)
		if (run->programme->earn[i].on == on)
			rule_apply(run, i, &accrual);
	if (accrual.kept != NULL)
		accrual.kept->last_lot = run->state->lot_serial;
	if (kind != 0)
		activity_clock(run, kind, -1);
}
