// Calendar days as plain integers: no clock, no time zone, no locale.
#ifndef ENGINE_DAY_H
#define ENGINE_DAY_H
#include <stdbool.h>
#include <stdint.h>

// Days since 2000-01-01, PostgreSQL's date epoch, so that its binary dates pass through unchanged.
typedef int32_t day_t;

#define DAY_NONE INT32_MAX // no day: never, no end; PostgreSQL's 'infinity'. Later than every day.
#define DAY_SIZE 11        // a printed day and its NUL

struct day_parts {
	int year, month, day; // month 1..12, day 1..31
};

struct month_day { // a day that exists every year
	int month, day;
};

day_t day_make(int year, int month, int day);
struct day_parts day_split(day_t d);

// Reads exactly "YYYY-MM-DD", a real day of the years 1900 to 2199. False leaves *d alone.
bool day_parse(const char *text, day_t *d);

// Writes "YYYY-MM-DD", or "none" for DAY_NONE, into out[DAY_SIZE]; returns out.
const char *day_format(day_t d, char *out);

int day_days_in_month(int year, int month);

// The same day of the month n months later (n may be negative), or that month's last day if it is shorter.
// DAY_NONE stays DAY_NONE; what would lie past the year 9999 becomes DAY_NONE.
day_t day_add_months(day_t d, int64_t n);

day_t day_month_start(day_t d);
day_t day_year_start(day_t d);
day_t day_week_start(day_t d); // its Monday (ISO 8601)

// That month and day in d's year + years; a year later if that is not after d.
day_t day_anniversary(day_t d, struct month_day anniversary, int years);

// The first day after d that is that month and day.
day_t day_next_anniversary(day_t d, struct month_day anniversary);
#endif
