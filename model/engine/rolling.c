// Rolling ladders: sums by day, own status, review (FORMAT sections 7.3 and 7.4).
#include "model/engine/rolling.h"
#include <string.h>
#include "model/engine/past.h"
#include "model/engine/window.h"

static void day_add(struct run *run, struct ladder_state *own, struct metric_day *day, int64_t quantity)
{
	own->negative_days -= day->sum < 0;
	run_add(run, &day->sum, quantity);
	run_add(run, &own->day_sum, quantity);
	own->negative_days += day->sum < 0;
}

void rolling_post(struct run *run, int ladder, day_t day, int64_t ordinal, int64_t quantity)
{
	struct ladder_state *own = &run->state->ladders[ladder];
	past_note_post(run->state, ladder, day, ordinal, quantity);
	if (own->own_tier > 0 && day == own->own_start && ordinal > own->own_ordinal)
		run_add(run, &own->own_start_later, quantity);
	rolling_day_add(run, ladder, day, quantity);
}

void rolling_day_add(struct run *run, int ladder, day_t day, int64_t quantity)
{
	struct ladder_state *own = &run->state->ladders[ladder];
	int i = own->day_count;
	while (i > 0 && own->days[i - 1].day > day)
		i--;
	if (i > 0 && own->days[i - 1].day == day) {
		day_add(run, own, &own->days[i - 1], quantity);
		return;
	}
	ARRAY_RESERVE(own->days, own->day_capacity, own->day_count + 1);
	memmove(&own->days[i + 1], &own->days[i], (size_t)(own->day_count++ - i) * sizeof *own->days);
	own->days[i] = (struct metric_day){.day = day};
	day_add(run, own, &own->days[i], quantity);
}

// The first day of the month that is so many months back is before, on or after it as that month and today's
// are long: a day beyond the end of today's month is clamped to that end.
day_t rolling_first_day(const struct ladder *ladder, day_t today)
{
	struct day_parts parts = day_split(today);
	day_t month = day_add_months(today - parts.day + 1, -(int64_t)ladder->window_months);
	if (month == DAY_NONE)
		return INT32_MIN;
	day_t next_month = day_add_months(month, 1);
	bool has_next_day = parts.day < next_month - month;
	return has_next_day && parts.day < day_days_in_month(parts.year, parts.month) ? month + parts.day
										      : next_month;
}

int64_t rolling_metric(const struct member_state *state, int ladder)
{
	const struct ladder_state *own = &state->ladders[ladder];
	if (own->day_count == 0)
		return 0;
	day_t first = rolling_first_day(&state->programme->ladders[ladder], state->day);
	int64_t sum = own->day_sum;
	for (int i = 0; i < own->day_count && own->days[i].day < first; i++)
		sum -= own->days[i].sum;
	return sum;
}

static void status_set(struct run *run, int ladder, int tier, day_t start)
{
	struct ladder_state *own = &run->state->ladders[ladder];
	own->own_tier = tier;
	own->own_start = tier > 0 ? start : DAY_NONE;
	own->own_until = day_add_months(own->own_start, run->programme->ladders[ladder].validity_months);
	own->own_ordinal = tier > 0 ? run->state->last_ordinal : 0;
	own->own_start_later = 0;
	past_note_status(run->state, ladder);
}

void rolling_upgrade(struct run *run, int ladder)
{
	int reached = window_tier_reached(
		&run->programme->ladders[ladder], run->state->day, rolling_metric(run->state, ladder));
	if (reached > run->state->ladders[ladder].own_tier)
		status_set(run, ladder, reached, run->state->day);
}

void rolling_review(struct run *run, int ladder)
{
	const struct ladder *rules = &run->programme->ladders[ladder];
	const struct ladder_state *own = &run->state->ladders[ladder];
	if (own->own_tier == 0 || own->own_until != run->state->day)
		return;
	int64_t sum = own->own_start_later;
	for (int i = own->day_count - 1; i >= 0 && own->days[i].day > own->own_start; i--)
		if (own->days[i].day < own->own_until)
			sum += own->days[i].sum;
	int tier = window_tier_reached(rules, run->state->day, sum);
	if (tier > own->own_tier)
		tier = own->own_tier;
	if (rules->one_down && tier < own->own_tier - 1)
		tier = own->own_tier - 1;
	status_set(run, ladder, tier, own->own_until);
}

day_t rolling_next_rise(const struct member_state *state, int ladder)
{
	const struct ladder_state *own = &state->ladders[ladder];
	int months = state->programme->ladders[ladder].window_months;
	for (int i = 0; own->negative_days > 0 && i < own->day_count; i++) {
		if (own->days[i].sum >= 0)
			continue;
		day_t leaves = day_add_months(own->days[i].day, months);
		if (leaves > state->day)
			return leaves;
	}
	return DAY_NONE;
}

void rolling_prune(struct member_state *state, int ladder)
{
	struct ladder_state *own = &state->ladders[ladder];
	int months = state->programme->ladders[ladder].window_months;
	int over = 0;
	for (; over < own->day_count; over++) {
		day_t day = own->days[over].day;
		if (day_add_months(day, months) > state->day || (own->own_tier > 0 && day > own->own_start))
			break;
		own->day_sum -= own->days[over].sum;
		own->negative_days -= own->days[over].sum < 0;
	}
	if (over == 0)
		return;
	own->day_count -= over;
	memmove(own->days, own->days + over, (size_t)own->day_count * sizeof *own->days);
}
