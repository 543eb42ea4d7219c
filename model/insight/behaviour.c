// What a member did, month by month, as it counts in the sums of the months: pure arithmetic.
#include "model/insight/behaviour.h"

#include <stdlib.h>
#include <string.h>

month_t month_of(day_t day)
{
	struct day_parts parts = day_split(day);
	return (parts.year - 2000) * 12 + parts.month - 1;
}

void month_sums_free(struct month_sums *sums)
{
	free(sums->at);
	*sums = (struct month_sums){0};
}

void month_sums_clear(struct month_sums *sums)
{
	if (sums->at)
		memset(sums->at, 0, (size_t)sums->count * sizeof *sums->at);
}

// Makes room for these months, at either end.
static bool month_sums_reach(struct month_sums *sums, month_t from, month_t to)
{
	month_t first = sums->count && sums->first < from ? sums->first : from;
	month_t last = sums->count && sums->first + sums->count - 1 > to ? sums->first + sums->count - 1 : to;
	if (sums->count && first == sums->first && last - first + 1 == sums->count)
		return true;
	int64_t(*at)[MEASURES] = calloc((size_t)(last - first + 1), sizeof *at);
	if (!at)
		return false;
	if (sums->count)
		memcpy(at + (sums->first - first), sums->at, (size_t)sums->count * sizeof *at);
	free(sums->at);
	*sums = (struct month_sums){.first = first, .count = last - first + 1, .at = at};
	return true;
}

// What was done in a window of so many months that ends with that one.
struct window_sum {
	int months; // with a deed
	int64_t orders, redemptions;
};

static struct window_sum window_sum(const struct behaviour *behaviour, month_t end, int length)
{
	struct window_sum sum = {0};
	for (int i = 0; i < behaviour->count; i++) {
		const struct deed_month *deed = &behaviour->months[i];
		if (deed->month > end - length && deed->month <= end) {
			sum.months++;
			sum.orders += deed->orders;
			sum.redemptions += deed->redemptions;
		}
	}
	return sum;
}

static void windows_count(int64_t *sums, const struct behaviour *behaviour, month_t month, int sign)
{
	struct window_sum year = window_sum(behaviour, month, WINDOW_LONG);
	struct window_sum before = window_sum(behaviour, month - WINDOW_LONG, WINDOW_LONG);
	struct window_sum quarter = window_sum(behaviour, month, WINDOW_SHORT);
	sums[MEASURE_ACTIVE_3] += sign * (quarter.months > 0);
	sums[MEASURE_ACTIVE_12] += sign * (year.months > 0);
	sums[MEASURE_STAYED_12] += sign * (year.months > 0 && before.months > 0);
	sums[MEASURE_BUYERS_12] += sign * (year.orders >= 1);
	sums[MEASURE_REPEATERS_12] += sign * (year.orders >= 2);
	sums[MEASURE_REDEEMERS_12] += sign * (year.redemptions > 0);
}

bool behaviour_count(struct month_sums *sums, const struct behaviour *behaviour, int sign)
{
	if (!behaviour->is_counted)
		return true;
	month_t from = behaviour->joined, to = behaviour->joined;
	if (behaviour->count) {
		month_t first = behaviour->months[0].month;
		from = first < from ? first : from;
		to = behaviour->months[behaviour->count - 1].month + WINDOW_LONG - 1;
		to = to < behaviour->joined ? behaviour->joined : to;
	}
	if (!month_sums_reach(sums, from, to))
		return false;
	sums->at[behaviour->joined - sums->first][MEASURE_JOINED] += sign;
	for (int i = 0; i < behaviour->count; i++) {
		const struct deed_month *deed = &behaviour->months[i];
		int64_t *own = sums->at[deed->month - sums->first];
		own[MEASURE_ORDERS] += sign * deed->orders;
		own[MEASURE_REVENUE] += sign * deed->spend;
	}
	if (behaviour->count)
		for (month_t month = behaviour->months[0].month; month <= to; month++)
			windows_count(sums->at[month - sums->first], behaviour, month, sign);
	return true;
}
