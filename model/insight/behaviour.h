// What a member did, month by month, as it counts in the sums of the months: pure arithmetic.
#ifndef MODEL_INSIGHT_BEHAVIOUR_H
#define MODEL_INSIGHT_BEHAVIOUR_H
#include "model/engine/day.h"
#include <stdbool.h>
#include <stdint.h>

// Months are counted from January 2000 = 0, as loyalty.month_of() does.
typedef int month_t;
month_t month_of(day_t day);

struct deed_month {
	month_t month;
	int64_t orders, spend, redemptions; // spend in minor units, less what was returned of these orders
};

// A member's months in which something was done, rising. Lives as long as whoever filled it.
struct behaviour {
	bool is_counted; // a person in the programme; else nothing counts
	month_t joined;
	const struct deed_month *months;
	int count;
};

// What a month's sums hold; the twelve and three month windows end with the month. As table insight_month.
enum measure {
	MEASURE_JOINED,
	MEASURE_ACTIVE_3,
	MEASURE_ACTIVE_12,
	MEASURE_STAYED_12,
	MEASURE_BUYERS_12,
	MEASURE_REPEATERS_12,
	MEASURE_REDEEMERS_12,
	MEASURE_ORDERS,
	MEASURE_REVENUE,
	MEASURES
};

enum { WINDOW_LONG = 12, WINDOW_SHORT = 3 };

// Sums of months first .. first + count - 1. Grows as months are added to.
struct month_sums {
	month_t first;
	int count;
	int64_t (*at)[MEASURES];
};
void month_sums_free(struct month_sums *sums);
// All zero again; keeps the memory.
void month_sums_clear(struct month_sums *sums);

// Adds what the member counts for, sign 1, or takes it away, -1. A deed counts in the windows of the months
// after it too: sums reach eleven months past the last one. False: out of memory.
bool behaviour_count(struct month_sums *sums, const struct behaviour *behaviour, int sign);
#endif
