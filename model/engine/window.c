// Windows of the year, month, membership_year and lifetime ladders: bounds, metric with carry, tier earned.
#include "model/engine/window.h"

static int year_of_window(const struct ladder *ladder, day_t day)
{
	struct day_parts parts = day_split(day);
	bool before_start =
		parts.month < ladder->window_start.month ||
		(parts.month == ladder->window_start.month && parts.day < ladder->window_start.day);
	return parts.year - before_start;
}

static int month_number(day_t day)
{
	struct day_parts parts = day_split(day);
	return parts.year * 12 + parts.month - 1;
}

static int membership_year(day_t enrolled, day_t day)
{
	int years = day_split(day).year - day_split(enrolled).year;
	return years - (day_add_months(enrolled, 12 * (int64_t)years) > day);
}

int window_number(const struct ladder *ladder, const struct member_state *state, day_t day)
{
	switch (ladder->window) {
	case WINDOW_YEAR:
		return year_of_window(ladder, day) - year_of_window(ladder, state->enrolled_on);
	case WINDOW_MONTH:
		return month_number(day) - month_number(state->enrolled_on);
	case WINDOW_MEMBERSHIP_YEAR:
		return membership_year(state->enrolled_on, day);
	default:
		return 0;
	}
}

day_t window_start(const struct ladder *ladder, const struct member_state *state, int number)
{
	switch (ladder->window) {
	case WINDOW_YEAR:
		return day_make(year_of_window(ladder, state->enrolled_on) + number,
			ladder->window_start.month, ladder->window_start.day);
	case WINDOW_MONTH:
		return day_add_months(day_month_start(state->enrolled_on), number);
	case WINDOW_MEMBERSHIP_YEAR:
		return day_add_months(state->enrolled_on, 12 * (int64_t)number);
	default:
		return state->enrolled_on;
	}
}

day_t window_end(const struct ladder *ladder, const struct member_state *state, int number)
{
	return ladder->window == WINDOW_LIFETIME ? DAY_NONE : window_start(ladder, state, number + 1);
}

day_t window_validity_end(const struct ladder *ladder, const struct member_state *state, int number)
{
	return day_add_months(window_end(ladder, state, number), ladder->extra_months);
}

int64_t window_threshold(const struct tier *tier, day_t start)
{
	int64_t at = tier->at;
	for (int i = 0; i < tier->version_count && tier->versions[i].from <= start; i++)
		at = tier->versions[i].at;
	return at;
}

int window_tier_reached(const struct ladder *ladder, day_t start, int64_t metric)
{
	for (int tier = ladder->tier_count - 1; tier > 0; tier--)
		if (metric >= window_threshold(&ladder->tiers[tier], start))
			return tier;
	return 0;
}

// The first record with that number or a later one.
static int record_find(const struct ladder_state *windows, int number)
{
	int i = windows->window_count;
	while (i > 0 && windows->windows[i - 1].number >= number)
		i--;
	return i;
}

static int64_t carry_out(const struct ladder *ladder, day_t start, int64_t metric)
{
	int tier = window_tier_reached(ladder, start, metric);
	return tier > 0 ? metric - window_threshold(&ladder->tiers[tier], start) : 0;
}

// What the windows before carry into this one: from record to record, and through windows without one while
// something is carried.
static int64_t window_carry(const struct member_state *state, int ladder_index, int number)
{
	const struct ladder *ladder = &state->programme->ladders[ladder_index];
	const struct ladder_state *windows = &state->ladders[ladder_index];
	int64_t carry = 0;
	int at = 0;
	for (int i = 0; ladder->rollover;) {
		if (carry == 0 && i < windows->window_count)
			at = windows->windows[i].number;
		if (at >= number || (carry == 0 && i == windows->window_count))
			break;
		int64_t metric = carry;
		if (i < windows->window_count && windows->windows[i].number == at)
			metric += windows->windows[i++].sum;
		carry = carry_out(ladder, window_start(ladder, state, at), metric);
		at++;
	}
	return carry;
}

int64_t window_metric(const struct member_state *state, int ladder, int number)
{
	const struct ladder_state *windows = &state->ladders[ladder];
	int i = record_find(windows, number);
	bool recorded = i < windows->window_count && windows->windows[i].number == number;
	return window_carry(state, ladder, number) + (recorded ? windows->windows[i].sum : 0);
}

int window_high(const struct ladder_state *windows, int number)
{
	int i = record_find(windows, number);
	return i < windows->window_count && windows->windows[i].number == number ? windows->windows[i].high
										 : 0;
}

int window_tier_earned(const struct member_state *state, int ladder_index, int number)
{
	const struct ladder *ladder = &state->programme->ladders[ladder_index];
	bool present = ladder->returns == RETURNS_REVOKE;
	if (ladder->returns == RETURNS_AT_WINDOW_END)
		present = window_end(ladder, state, number) <= state->day;
	if (!present)
		return window_high(&state->ladders[ladder_index], number);
	return window_tier_reached(
		ladder, window_start(ladder, state, number), window_metric(state, ladder_index, number));
}

struct window_state *window_touch(struct member_state *state, int ladder_index, int number)
{
	struct ladder_state *windows = &state->ladders[ladder_index];
	int i = record_find(windows, number);
	if (i < windows->window_count && windows->windows[i].number == number)
		return &windows->windows[i];
	ARRAY_RESERVE(windows->windows, windows->window_capacity, windows->window_count + 1);
	for (int j = windows->window_count++; j > i; j--)
		windows->windows[j] = windows->windows[j - 1];
	windows->windows[i] = (struct window_state){
		.number = number,
		.until = window_validity_end(&state->programme->ladders[ladder_index], state, number),
	};
	return &windows->windows[i];
}

// A ladder with rollover keeps all: what was earned years ago may still be carried.
void window_prune(struct member_state *state, int ladder_index)
{
	const struct ladder *ladder = &state->programme->ladders[ladder_index];
	struct ladder_state *windows = &state->ladders[ladder_index];
	int over = 0;
	while (!ladder->rollover && over < windows->window_count &&
		windows->windows[over].until <= state->day)
		over++;
	if (over == 0)
		return;
	windows->window_count -= over;
	for (int i = 0; i < windows->window_count; i++)
		windows->windows[i] = windows->windows[i + over];
}
