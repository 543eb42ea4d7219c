// Accrual: extension, earn rules in order, activity clocks (FORMAT sections 6.2, 7.1, 8.4).
#include "model/engine/accrue.h"
#include "model/engine/award.h"
#include "model/engine/condition.h"
#include "model/engine/ladder.h"
#include "model/engine/late.h"
#include "model/engine/lines.h"
#include "model/engine/lot.h"
#include "model/engine/multiplier.h"
#include "model/engine/original.h"
#include "model/engine/past.h"
#include "model/engine/rule_count.h"

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
	day_t *clock = &run->state->currencies[currency].clock, day = run_rated_on(run);
	if (run->programme->currencies[currency].expiry.policy == EXPIRY_INACTIVITY &&
		(*clock == DAY_NONE || *clock < day))
		*clock = day;
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
	const struct earn_rule *rule = &run_rules(run)->earn[index];
	bool needs_basis = accrual->on == EARN_PURCHASE || accrual->on == EARN_PARTNER;
	const char *failing = condition_failing(run, &rule->when, basis);
	enum trace_outcome outcome = TRACE_AWARDED;
	if (needs_basis && basis <= 0)
		outcome = TRACE_NO_BASIS;
	else if (failing != NULL)
		outcome = TRACE_CONDITION;
	else if (rule->limit.count > 0 && rule_count_awards(run, index) >= rule->limit.count)
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
	const struct earn_rule *rule = &run_rules(run)->earn[index];
	if (rule->cap.max == 0)
		return quantity;
	int64_t left = rule->cap.max - rule_count_quantity(run, index);
	if (left < 0)
		left = 0;
	if (record != NULL && quantity > left)
		record->cap_left = left;
	return quantity < left ? quantity : left;
}

// Step 7. The award names its rule as the version that rates does, the currency as today's does.
static void award_post(struct run *run, const struct standing_award *award, struct kept_original *kept)
{
	const struct earn_rule *rule = &run_rules(run)->earn[award->rule];
	int currency = late_currency(run, rule->award.currency);
	struct movement movement = {
		.kind = ENTRY_ACCRUED,
		.currency = currency,
		.source = award->rule,
		.tier = award->tier,
		.factor = award->factor,
		.multipliers = award->multipliers,
	};
	rule_count_add(run, award->rule, award->quantity, award->multipliers);
	past_note_award(run, rule, award->quantity, award->multipliers);
	if (kept != NULL)
		late_original_award(run, kept, award);
	ladder_post(run, METRIC_CURRENCY, currency, award->quantity, run_rated_on(run), run->ordinal);
	lot_credit(run, &movement, award->quantity);
	clock_move(run, currency);
}

static void rule_apply(struct run *run, int index, const struct accrual *accrual)
{
	const struct earn_rule *rule = &run_rules(run)->earn[index];
	int64_t basis = lines_basis(
		accrual->lines.lines, accrual->lines.count, &rule->when.categories, &rule->when.excluded);
	struct trace_rule *record = record_add(run, index, basis);
	if (!rule_considered(run, index, accrual, basis, record) ||
		late_currency(run, rule->award.currency) < 0)
		return;
	unsigned multipliers = award_multipliers(run, index, basis);
	int64_t granted = multiplier_granted(run, rule);
	struct rating rating = {
		.basis = basis,
		.quantity = run->event->quantity,
		.tier = rule->award.kind == AWARD_BY_TIER ? run->held[rule->award.ladder] : -1,
		.factor = award_factor(rule, multipliers) / MULTIPLIER_ONE * granted,
	};
	int64_t rounded = award_quantity(run, rule, &rating, record);
	int64_t quantity = cap_apply(run, index, rounded, record);
	if (record != NULL) {
		record->multipliers = multipliers;
		record->is_granted = granted != MULTIPLIER_ONE;
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
	for (int i = 0; i < run_rules(run)->earn_count; i++)
		if (run_rules(run)->earn[i].on == on)
			rule_apply(run, i, &accrual);
	if (accrual.kept != NULL)
		accrual.kept->last_lot = run->state->lot_serial;
	if (kind != 0)
		activity_clock(run, kind, -1);
}
