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

// Neri and Schneider, "Euclidean affine functions and their application to calendar algorithms" (2022): two
// products in place of most divisions, since an event looks at dates dozens of times. Years begin in March here
// too, and the eras are counted from so early that no day is negative. 2^32 / 2939745 is 1461; 65536 / 2141 is
// 153 / 5, the mean length of a month.
struct day_parts day_split(day_t d)
{
	enum { ERAS_BEFORE = 82 };
	uint32_t quarters = 4 * ((uint32_t)d + DAYS_TO_EPOCH + ERAS_BEFORE * DAYS_IN_ERA) + 3;
	uint32_t century = quarters / DAYS_IN_ERA;
	uint64_t years = UINT64_C(2939745) * (quarters % DAYS_IN_ERA | 3);
	uint32_t day_of_year = (uint32_t)years / 2939745 / 4;
	uint32_t months = 2141 * day_of_year + 197913;
	bool is_next_year = day_of_year >= 306;
	return (struct day_parts){
		.year = (int)(100 * century + (uint32_t)(years >> 32)) - ERAS_BEFORE * 400 + is_next_year,
		.month = (int)(months >> 16) - (is_next_year ? 12 : 0),
		.day = (int)((months & 0xFFFF) / 2141) + 1,
	};
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
