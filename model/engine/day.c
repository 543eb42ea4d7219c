// Calendar days as plain integers: the proleptic Gregorian calendar, counted from 2000-01-01.
#include "model/engine/day.h"
#include <string.h>

#define YEAR_LAST 9999
#define DAYS_TO_EPOCH 730425 // from 0000-03-01 to 2000-01-01
#define DAYS_IN_ERA 146097   // 400 years

// Counts in years that begin in March, so that the leap day is the last of its year.
day_t day_make(int year, int month, int day)
{
	int y = year - (month <= 2);
	int era = (y >= 0 ? y : y - 399) / 400;
	int year_of_era = y - era * 400;
	int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * DAYS_IN_ERA + day_of_era - DAYS_TO_EPOCH;
}

struct day_parts day_split(day_t d)
{
	int z = d + DAYS_TO_EPOCH;
	int era = (z >= 0 ? z : z - (DAYS_IN_ERA - 1)) / DAYS_IN_ERA;
	int day_of_era = z - era * DAYS_IN_ERA;
	int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int month_from_march = (5 * day_of_year + 2) / 153;
	struct day_parts parts = {
		.day = day_of_year - (153 * month_from_march + 2) / 5 + 1,
		.month = month_from_march + (month_from_march < 10 ? 3 : -9),
	};
	parts.year = year_of_era + era * 400 + (parts.month <= 2);
	return parts;
}

int day_days_in_month(int year, int month)
{
	static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return days[month - 1] + (month == 2 && leap);
}

static int digits_read(const char *text, int count)
{
	int value = 0;
	for (int i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

bool day_parse(const char *text, day_t *d)
{
	if (strnlen(text, DAY_SIZE) != DAY_SIZE - 1 || text[4] != '-' || text[7] != '-')
		return false;
	int year = digits_read(text, 4), month = digits_read(text + 5, 2), day = digits_read(text + 8, 2);
	if (year < 1900 || year > 2199 || month < 1 || month > 12)
		return false;
	if (day < 1 || day > day_days_in_month(year, month))
		return false;
	*d = day_make(year, month, day);
	return true;
}

static char *digits_write(char *out, int value, int count)
{
	for (int i = count - 1; i >= 0; i--, value /= 10)
		out[i] = (char)('0' + value % 10);
	return out + count;
}

const char *day_format(day_t d, char *out)
{
	if (d == DAY_NONE)
		return strcpy(out, "none");
	struct day_parts parts = day_split(d);
	char *end = digits_write(out, parts.year, 4);
	*end++ = '-';
	end = digits_write(end, parts.month, 2);
	*end++ = '-';
	*digits_write(end, parts.day, 2) = '\0';
	return out;
}

day_t day_add_months(day_t d, int64_t n)
{
	if (d == DAY_NONE)
		return DAY_NONE;
	struct day_parts parts = day_split(d);
	int64_t months = (int64_t)parts.year * 12 + parts.month - 1 + n;
	if (months < 0 || months / 12 > YEAR_LAST)
		return DAY_NONE;
	int year = (int)(months / 12), month = (int)(months % 12) + 1;
	int last = day_days_in_month(year, month);
	return day_make(year, month, parts.day < last ? parts.day : last);
}

day_t day_month_start(day_t d)
{
	return d - day_split(d).day + 1;
}

day_t day_year_start(day_t d)
{
	return day_make(day_split(d).year, 1, 1);
}

day_t day_week_start(day_t d)
{
	int weekday = (int)(((int64_t)d + 5) % 7); // 2000-01-01 was a Saturday
	return d - (weekday < 0 ? weekday + 7 : weekday);
}

day_t day_anniversary(day_t d, struct month_day anniversary, int years)
{
	int year = day_split(d).year + years;
	day_t next = day_make(year, anniversary.month, anniversary.day);
	return next > d ? next : day_make(year + 1, anniversary.month, anniversary.day);
}

day_t day_next_anniversary(day_t d, struct month_day anniversary)
{
	return day_anniversary(d, anniversary, 0);
}
