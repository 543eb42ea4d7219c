// A member's memory read back: checked byte by byte, objects found by their codes, unknown ones passed over.
#include <stdlib.h>
#include <string.h>
#include "model/engine/counter.h"
#include "model/engine/memory.h"
#include "model/engine/past.h"
#include "model/engine/window.h"
#include "model/engine/wire.h"

#define VERSION 1
#define VERSION_SEGMENTS 2
#define VERSION_MULTIPLIERS 3
#define GRANTED_LEAST 101 // factors given, in hundredths
#define GRANTED_MOST 1000
#define TAG_SIZE 65
#define WINDOW_NUMBER_MAX 120000

static bool section_next(struct cursor *cursor, char code[CODE_SIZE])
{
	get_text(cursor, code, CODE_SIZE);
	return code[0] != '\0';
}

static int get_tier(struct cursor *cursor, const struct ladder *ladder)
{
	char code[CODE_SIZE];
	get_text(cursor, code, sizeof code);
	int tier = ladder != NULL && code[0] != '\0' ? programme_tier(ladder, code) : 0;
	return tier > 0 ? tier : 0;
}

static void get_flags(struct cursor *cursor, struct member_state *state)
{
	int count = (int)get_number_in(cursor, 0, cursor->end - cursor->at), capacity = 0;
	ARRAY_RESERVE(state->flags, capacity, count);
	for (int i = 0; i < count && !cursor->is_broken; i++) {
		char *flag = NULL;
		int room = 0;
		ARRAY_RESERVE(flag, room, TAG_SIZE);
		get_text(cursor, flag, TAG_SIZE);
		state->flags[state->flag_count++] = flag;
	}
}

static void get_member(struct cursor *cursor, const struct programme *programme, struct member_state *state)
{
	char plan[CODE_SIZE];
	uint8_t enrolled = get_byte(cursor);
	state->enrolled = enrolled & 1;
	state->is_pool = enrolled >> 1 & 1;
	state->merged_into = enrolled >> 2 & 1 ? get_number_in(cursor, 1, INT64_MAX) : 0;
	state->enrolled_on = get_day(cursor);
	state->born = get_day(cursor);
	state->day = get_day(cursor);
	get_flags(cursor, state);
	state->last_ordinal = get_number_in(cursor, 0, INT64_MAX);
	state->lot_serial = get_number_in(cursor, 0, INT64_MAX);
	state->reward_serial = get_number_in(cursor, 0, INT64_MAX);
	get_text(cursor, plan, sizeof plan);
	state->last_charge_plan = programme_plan(programme, plan);
	state->last_charge_day = get_day(cursor);
	state->last_charge_minor = get_number(cursor);
	if (state->enrolled && (state->enrolled_on == DAY_NONE || state->day == DAY_NONE))
		cursor->is_broken = true;
}

static void get_currencies(
	struct cursor *cursor, const struct programme *programme, struct member_state *state)
{
	char code[CODE_SIZE];
	while (section_next(cursor, code)) {
		struct currency_state unknown = {0};
		int index = programme_currency(programme, code);
		struct currency_state *c = index >= 0 ? &state->currencies[index] : &unknown;
		c->expired = get_number_in(cursor, 0, INT64_MAX);
		c->clock = get_day(cursor);
	}
}

static void get_windows(struct cursor *cursor, const struct ladder *ladder, const struct member_state *member,
	struct ladder_state *state)
{
	int count = (int)get_number_in(cursor, 0, cursor->end - cursor->at);
	ARRAY_RESERVE(state->windows, state->window_capacity, count);
	for (int i = 0; i < count && !cursor->is_broken; i++) {
		struct window_state *window = &state->windows[state->window_count++];
		window->number = (int)get_number_in(cursor, 0, WINDOW_NUMBER_MAX);
		window->sum = get_number(cursor);
		window->high = get_tier(cursor, ladder);
		window->until =
			ladder != NULL ? window_validity_end(ladder, member, window->number) : DAY_NONE;
	}
}

static void get_days(struct cursor *cursor, struct ladder_state *state)
{
	int count = (int)get_number_in(cursor, 0, cursor->end - cursor->at);
	int64_t day = 0;
	ARRAY_RESERVE(state->days, state->day_capacity, count);
	for (int i = 0; i < count && !cursor->is_broken; i++) {
		day += get_number_in(cursor, INT32_MIN / 2, INT32_MAX / 2);
		if (day < INT32_MIN / 2 || day > INT32_MAX / 2)
			cursor->is_broken = true;
		struct metric_day read = {(day_t)day, get_number(cursor)};
		state->days[state->day_count++] = read;
		state->negative_days += read.sum < 0;
		cursor->is_broken |= !decimal_add(&state->day_sum, read.sum);
	}
}

static void get_ladder(struct cursor *cursor, const struct ladder *ladder, const struct member_state *member,
	struct ladder_state *state)
{
	get_windows(cursor, ladder, member, state);
	get_days(cursor, state);
	state->own_tier = get_tier(cursor, ladder);
	state->own_start = get_day(cursor);
	state->own_until = get_day(cursor);
	state->own_ordinal = get_number(cursor);
	state->own_start_later = get_number(cursor);
	state->told_tier = get_tier(cursor, ladder);
	state->told_until = get_day(cursor);
}

static void get_ladders(struct cursor *cursor, const struct programme *programme, struct member_state *state)
{
	char code[CODE_SIZE];
	while (section_next(cursor, code)) {
		struct ladder_state unknown = {0};
		int index = programme_ladder(programme, code);
		if (index >= 0)
			get_ladder(cursor, &programme->ladders[index], state, &state->ladders[index]);
		else
			get_ladder(cursor, NULL, state, &unknown);
		free(unknown.windows);
		free(unknown.days);
	}
}

static struct counter counter_of(int64_t value, enum period period, day_t today)
{
	return (struct counter){.start = value != 0 ? period_start(period, today) : DAY_NONE, .value = value};
}

static void get_multipliers(
	struct cursor *cursor, const struct earn_rule *rule, struct rule_state *state, day_t today)
{
	char id[CODE_SIZE];
	while (section_next(cursor, id)) {
		int64_t applied = get_number(cursor);
		for (int i = 0; rule != NULL && i < rule->multiplier_count; i++)
			if (strcmp(rule->multipliers[i].id, id) == 0)
				state->multiplied[i] =
					counter_of(applied, rule->multipliers[i].limit.period, today);
	}
}

static void get_rules(struct cursor *cursor, const struct programme *programme, struct member_state *state)
{
	char id[CODE_SIZE];
	while (section_next(cursor, id)) {
		struct rule_state unknown = {0};
		int index = programme_earn_rule(programme, id);
		const struct earn_rule *rule = index >= 0 ? &programme->earn[index] : NULL;
		struct rule_state *counters = index >= 0 ? &state->rules[index] : &unknown;
		int64_t awards = get_number(cursor), quantity = get_number(cursor);
		if (rule != NULL) {
			counters->awards = counter_of(awards, rule->limit.period, state->day);
			counters->quantity = counter_of(quantity, rule->cap.period, state->day);
		}
		get_multipliers(cursor, rule, counters, state->day);
	}
}

static void get_plans(struct cursor *cursor, const struct programme *programme, struct member_state *state)
{
	char code[CODE_SIZE];
	while (section_next(cursor, code)) {
		struct plan_state unknown = {0};
		int index = programme_plan(programme, code);
		struct plan_state *plan = index >= 0 ? &state->plans[index] : &unknown;
		plan->start = get_day(cursor);
		plan->until = get_day(cursor);
		plan->paid_periods = (int)get_number_in(cursor, 0, INT32_MAX);
		uint8_t bits = get_byte(cursor);
		plan->cancelled = (bits & 1) != 0;
		plan->used = (bits & 2) != 0;
		plan->last_price_minor = get_number(cursor);
		plan->charged_minor = get_number(cursor);
	}
}

static void get_rewards(struct cursor *cursor, const struct programme *programme, struct member_state *state)
{
	char code[CODE_SIZE];
	while (section_next(cursor, code)) {
		struct reward_state unknown = {0};
		int index = programme_reward(programme, code);
		struct reward_state *reward = index >= 0 ? &state->rewards[index] : &unknown;
		reward->issued = get_number_in(cursor, 0, INT64_MAX);
		reward->value_minor = get_number_in(cursor, 0, INT64_MAX);
		reward->last_expires = get_day(cursor);
		reward->redeemed = get_number_in(cursor, 0, INT64_MAX);
		if (reward->redeemed > 0 && state->day != DAY_NONE)
			reward->redeemed_year = day_split(state->day).year;
	}
}

static void get_autos(struct cursor *cursor, const struct programme *programme, struct member_state *state)
{
	char id[CODE_SIZE];
	while (section_next(cursor, id)) {
		int64_t value = get_number(cursor);
		for (int i = 0; i < programme->auto_count; i++)
			if (strcmp(programme->autos[i].id, id) == 0)
				state->autos[i] =
					counter_of(value, programme->autos[i].cap.period, state->day);
	}
}

static void get_tier_grants(
	struct cursor *cursor, const struct programme *programme, struct member_state *state)
{
	char code[CODE_SIZE];
	while (section_next(cursor, code)) {
		int ladder = programme_ladder(programme, code);
		struct tier_grant grant = {.ladder = ladder};
		grant.tier = get_tier(cursor, ladder >= 0 ? &programme->ladders[ladder] : NULL);
		grant.day = get_day(cursor);
		grant.until = get_day(cursor);
		if (ladder < 0)
			continue;
		ARRAY_RESERVE(state->tier_grants, state->tier_grant_capacity, state->tier_grant_count + 1);
		state->tier_grants[state->tier_grant_count++] = grant;
	}
}

static void get_segments(struct cursor *cursor, const struct programme *programme, struct member_state *state)
{
	char code[CODE_SIZE];
	while (section_next(cursor, code)) {
		struct segment_state unknown;
		int index = programme_segment(programme, code);
		struct segment_state *segment = index >= 0 ? &state->segments[index] : &unknown;
		segment->seq = get_number_in(cursor, 1, INT64_MAX);
		segment->until = get_day(cursor);
	}
}

static void get_multiplier_grants(
	struct cursor *cursor, const struct programme *programme, struct member_state *state)
{
	char code[CODE_SIZE];
	while (section_next(cursor, code)) {
		struct multiplier_grant grant = {.currency = programme_currency(programme, code)};
		grant.factor = get_number_in(cursor, GRANTED_LEAST, GRANTED_MOST);
		grant.day = get_day(cursor);
		grant.until = get_day(cursor);
		if (grant.currency < 0)
			continue;
		ARRAY_RESERVE(state->multiplier_grants, state->multiplier_grant_capacity,
			state->multiplier_grant_count + 1);
		state->multiplier_grants[state->multiplier_grant_count++] = grant;
	}
}

bool memory_decode(
	const struct programme *programme, const uint8_t *data, size_t length, struct member_state *state)
{
	struct cursor cursor = {.at = data, .end = data + length};
	state->past->is_partial = true;
	uint8_t version = get_byte(&cursor);
	if (version < VERSION || version > VERSION_MULTIPLIERS)
		return false;
	get_member(&cursor, programme, state);
	get_currencies(&cursor, programme, state);
	get_ladders(&cursor, programme, state);
	get_rules(&cursor, programme, state);
	get_plans(&cursor, programme, state);
	get_rewards(&cursor, programme, state);
	get_autos(&cursor, programme, state);
	get_tier_grants(&cursor, programme, state);
	if (version >= VERSION_SEGMENTS)
		get_segments(&cursor, programme, state);
	if (version >= VERSION_MULTIPLIERS)
		get_multiplier_grants(&cursor, programme, state);
	if (!cursor.is_broken && cursor.at == cursor.end)
		return true;
	state_reset(state);
	return false;
}
