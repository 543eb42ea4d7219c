// Counters of one period: what limits and caps look at.
#include "model/engine/counter.h"

day_t period_start(enum period period, day_t day)
{
	switch (period) {
	case PERIOD_DAY:
		return day;
	case PERIOD_WEEK:
		return day_week_start(day);
	case PERIOD_MONTH:
		return day_month_start(day);
	case PERIOD_YEAR:
		return day_year_start(day);
	default:
		return 0;
	}
}

day_t period_next(enum period period, day_t day)
{
	day_t start = period_start(period, day);
	switch (period) {
	case PERIOD_DAY:
		return start + 1;
	case PERIOD_WEEK:
		return start + 7;
	case PERIOD_MONTH:
		return day_add_months(start, 1);
	case PERIOD_YEAR:
		return day_add_months(start, 12);
	default:
		return DAY_NONE;
	}
}

int64_t counter_value(const struct counter *counter, enum period period, day_t day)
{
	return counter->start == period_start(period, day) ? counter->value : 0;
}

void counter_add(struct run *run, struct counter *counter, enum period period, day_t day, int64_t quantity)
{
	day_t start = period_start(period, day);
	if (counter->start != start)
		*counter = (struct counter){.start = start};
	run_add(run, &counter->value, quantity);
}

void counter_take(struct counter *counter, enum period period, day_t day, int64_t quantity)
{
	if (counter->start == period_start(period, day))
		counter->value -= quantity;
}
