// Any bytes as a date: what is read is printed as it was written, and its neighbours are the days beside it.
#include "model/engine/day.h"
#include "tests/fuzz/fuzz.h"
#include <stdlib.h>
#include <string.h>

static void day_hold(const char *text, day_t day)
{
	char printed[DAY_SIZE];
	struct day_parts parts = day_split(day);
	FUZZ_HOLDS(strcmp(day_format(day, printed), text) == 0);
	FUZZ_HOLDS(day_make(parts.year, parts.month, parts.day) == day);
	FUZZ_HOLDS(parts.day <= day_days_in_month(parts.year, parts.month));
	FUZZ_HOLDS(day_month_start(day) == day - parts.day + 1);
	FUZZ_HOLDS(day_week_start(day) <= day && day_week_start(day) > day - 7);
	FUZZ_HOLDS(day_year_start(day) <= day && day_year_start(day) > day - 366);
	FUZZ_HOLDS(day_split(day_add_months(day, 12)).month == parts.month);
	FUZZ_HOLDS(day_add_months(day, 1) > day && day_add_months(day, 1) <= day + 31);
}

void fuzz_day(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	day_t untouched = -1, day = untouched;
	if (day_parse(text, &day))
		day_hold(text, day);
	else
		FUZZ_HOLDS(day == untouched);
	free(text);
}
