// A member's memory as bytes: what the engine must remember beside lots and debt, and nothing that has had
// its effect.
#include "model/engine/memory.h"
#include <string.h>
#include "model/engine/counter.h"
#include "model/engine/wire.h"

#define VERSION 1
#define VERSION_SEGMENTS 2    // and the section of what is verified: only where something is
#define VERSION_MULTIPLIERS 3 // and that of multipliers given, likewise

static void put_tier(struct bytes *out, const struct ladder *ladder, int tier)
{
	put_text(out, tier > 0 ? ladder->tiers[tier].code : "");
}

static void put_member(const struct programme *programme, const struct member_state *state, struct bytes *out)
{
	put_byte(out, (uint8_t)(state->enrolled | state->is_pool << 1 | (state->merged_into != 0) << 2));
	if (state->merged_into != 0)
		put_number(out, state->merged_into);
	put_day(out, state->enrolled_on);
	put_day(out, state->born);
	put_day(out, state->day);
	put_number(out, state->flag_count);
	for (int i = 0; i < state->flag_count; i++)
		put_text(out, state->flags[i]);
	put_number(out, state->last_ordinal);
	put_number(out, state->lot_serial);
	put_number(out, state->reward_serial);
	put_text(out, state->last_charge_plan >= 0 ? programme->plans[state->last_charge_plan].code : "");
	put_day(out, state->last_charge_day);
	put_number(out, state->last_charge_minor);
}

// A section lists the objects of which there is something to remember, each by its code, and ends with an
// empty one.
static void put_section_end(struct bytes *out)
{
	put_text(out, "");
}

static void put_currencies(
	const struct programme *programme, const struct member_state *state, struct bytes *out)
{
	for (int i = 0; i < programme->currency_count; i++) {
		const struct currency_state *c = &state->currencies[i];
		if (c->expired == 0 && c->clock == DAY_NONE)
			continue;
		put_text(out, programme->currencies[i].code);
		put_number(out, c->expired);
		put_day(out, c->clock);
	}
	put_section_end(out);
}

static void put_windows(const struct ladder *ladder, const struct ladder_state *state, struct bytes *out)
{
	int count = 0;
	for (int i = 0; i < state->window_count; i++)
		count += state->windows[i].sum != 0 || state->windows[i].high != 0;
	put_number(out, count);
	for (int i = 0; i < state->window_count; i++) {
		const struct window_state *window = &state->windows[i];
		if (window->sum == 0 && window->high == 0)
			continue;
		put_number(out, window->number);
		put_number(out, window->sum);
		put_tier(out, ladder, window->high);
	}
}

static void put_days(const struct ladder_state *state, struct bytes *out)
{
	int count = 0;
	day_t previous = 0;
	for (int i = 0; i < state->day_count; i++)
		count += state->days[i].sum != 0;
	put_number(out, count);
	for (int i = 0; i < state->day_count; i++) {
		if (state->days[i].sum == 0)
			continue;
		put_number(out, (int64_t)state->days[i].day - previous);
		put_number(out, state->days[i].sum);
		previous = state->days[i].day;
	}
}

static void put_ladders(
	const struct programme *programme, const struct member_state *state, struct bytes *out)
{
	for (int i = 0; i < programme->ladder_count; i++) {
		const struct ladder *ladder = &programme->ladders[i];
		const struct ladder_state *own = &state->ladders[i];
		put_text(out, ladder->code);
		put_windows(ladder, own, out);
		put_days(own, out);
		put_tier(out, ladder, own->own_tier);
		put_day(out, own->own_start);
		put_day(out, own->own_until);
		put_number(out, own->own_ordinal);
		put_number(out, own->own_start_later);
		put_tier(out, ladder, own->told_tier);
		put_day(out, own->told_until);
	}
	put_section_end(out);
}

// A counter of a period that is over counts no more.
static int64_t counter_now(const struct counter *counter, enum period period, day_t today)
{
	return today == DAY_NONE ? 0 : counter_value(counter, period, today);
}

static void put_multipliers(
	const struct earn_rule *rule, const struct rule_state *state, day_t today, struct bytes *out)
{
	for (int i = 0; i < rule->multiplier_count; i++) {
		int64_t applied =
			counter_now(&state->multiplied[i], rule->multipliers[i].limit.period, today);
		if (rule->multipliers[i].limit.count == 0 || applied == 0)
			continue;
		put_text(out, rule->multipliers[i].id);
		put_number(out, applied);
	}
	put_section_end(out);
}

static bool rule_counts(const struct earn_rule *rule, const struct rule_state *state, day_t today)
{
	bool counts = rule->limit.count > 0 && counter_now(&state->awards, rule->limit.period, today) != 0;
	counts |= rule->cap.max > 0 && counter_now(&state->quantity, rule->cap.period, today) != 0;
	for (int i = 0; i < rule->multiplier_count; i++)
		counts |= rule->multipliers[i].limit.count > 0 &&
			  counter_now(&state->multiplied[i], rule->multipliers[i].limit.period, today) != 0;
	return counts;
}

static void put_rules(const struct programme *programme, const struct member_state *state, struct bytes *out)
{
	for (int i = 0; i < programme->earn_count; i++) {
		const struct earn_rule *rule = &programme->earn[i];
		const struct rule_state *counters = &state->rules[i];
		if (!rule_counts(rule, counters, state->day))
			continue;
		put_text(out, rule->id);
		put_number(out, rule->limit.count > 0
					? counter_now(&counters->awards, rule->limit.period, state->day)
					: 0);
		put_number(out, rule->cap.max > 0
					? counter_now(&counters->quantity, rule->cap.period, state->day)
					: 0);
		put_multipliers(rule, counters, state->day, out);
	}
	put_section_end(out);
}

static void put_plans(const struct programme *programme, const struct member_state *state, struct bytes *out)
{
	for (int i = 0; i < programme->plan_count; i++) {
		const struct plan_state *plan = &state->plans[i];
		if (plan->start == DAY_NONE)
			continue;
		put_text(out, programme->plans[i].code);
		put_day(out, plan->start);
		put_day(out, plan->until);
		put_number(out, plan->paid_periods);
		put_byte(out, (uint8_t)(plan->cancelled | plan->used << 1));
		put_number(out, plan->last_price_minor);
		put_number(out, plan->charged_minor);
	}
	put_section_end(out);
}

static void put_rewards(
	const struct programme *programme, const struct member_state *state, struct bytes *out)
{
	for (int i = 0; i < programme->reward_count; i++) {
		const struct reward_state *reward = &state->rewards[i];
		if (reward->issued == 0)
			continue;
		bool counts = state->day != DAY_NONE && reward->redeemed_year == day_split(state->day).year;
		put_text(out, programme->rewards[i].code);
		put_number(out, reward->issued);
		put_number(out, reward->value_minor);
		put_day(out, reward->last_expires);
		put_number(out, counts ? reward->redeemed : 0);
	}
	put_section_end(out);
}

static void put_autos(const struct programme *programme, const struct member_state *state, struct bytes *out)
{
	for (int i = 0; i < programme->auto_count; i++) {
		const struct auto_issue *rule = &programme->autos[i];
		int64_t value = counter_now(&state->autos[i], rule->cap.period, state->day);
		if (rule->cap.max == 0 || value == 0)
			continue;
		put_text(out, rule->id);
		put_number(out, value);
	}
	put_section_end(out);
}

static void put_tier_grants(
	const struct programme *programme, const struct member_state *state, struct bytes *out)
{
	for (int i = 0; i < state->tier_grant_count; i++) {
		const struct tier_grant *grant = &state->tier_grants[i];
		put_text(out, programme->ladders[grant->ladder].code);
		put_tier(out, &programme->ladders[grant->ladder], grant->tier);
		put_day(out, grant->day);
		put_day(out, grant->until);
	}
	put_section_end(out);
}

static bool is_any_verified(const struct programme *programme, const struct member_state *state)
{
	for (int i = 0; i < programme->segment_count; i++)
		if (state->segments[i].seq != 0)
			return true;
	return false;
}

static void put_segments(
	const struct programme *programme, const struct member_state *state, struct bytes *out)
{
	for (int i = 0; i < programme->segment_count; i++) {
		if (state->segments[i].seq == 0)
			continue;
		put_text(out, programme->segments[i].code);
		put_number(out, state->segments[i].seq);
		put_day(out, state->segments[i].until);
	}
	put_section_end(out);
}

static void put_multiplier_grants(
	const struct programme *programme, const struct member_state *state, struct bytes *out)
{
	for (int i = 0; i < state->multiplier_grant_count; i++) {
		const struct multiplier_grant *grant = &state->multiplier_grants[i];
		put_text(out, programme->currencies[grant->currency].code);
		put_number(out, grant->factor);
		put_day(out, grant->day);
		put_day(out, grant->until);
	}
	put_section_end(out);
}

bool memory_encode(const struct programme *programme, const struct member_state *state, struct bytes *out)
{
	out->length = 0;
	if (state->is_unusable)
		return false;
	bool has_multipliers = state->multiplier_grant_count > 0;
	bool has_segments = has_multipliers || is_any_verified(programme, state);
	put_byte(out, has_multipliers ? VERSION_MULTIPLIERS : has_segments ? VERSION_SEGMENTS : VERSION);
	put_member(programme, state, out);
	put_currencies(programme, state, out);
	put_ladders(programme, state, out);
	put_rules(programme, state, out);
	put_plans(programme, state, out);
	put_rewards(programme, state, out);
	put_autos(programme, state, out);
	put_tier_grants(programme, state, out);
	if (has_segments)
		put_segments(programme, state, out);
	if (has_multipliers)
		put_multiplier_grants(programme, state, out);
	return true;
}
