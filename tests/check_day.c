// Calendar days: against the C library's own calendar, and the clamping of months.
#include "model/engine/day.h"
#include <check.h>
#include <time.h>

START_TEST(every_day_of_three_centuries_splits_and_joins)
{
	const time_t epoch = 946684800; // 2000-01-01
	for (day_t d = day_make(1900, 1, 1); d <= day_make(2199, 12, 31); d++) {
		time_t moment = epoch + (time_t)d * 86400;
		struct tm tm;
		char text[DAY_SIZE], expected[DAY_SIZE];
		day_t read;
		gmtime_r(&moment, &tm);
		strftime(expected, sizeof expected, "%Y-%m-%d", &tm);
		ck_assert_str_eq(day_format(d, text), expected);
		ck_assert(day_parse(text, &read) && read == d);
		ck_assert_int_eq(day_week_start(d), d - (tm.tm_wday + 6) % 7);
		ck_assert_int_eq(day_month_start(d), d - tm.tm_mday + 1);
		ck_assert_int_eq(day_year_start(d), d - tm.tm_yday);
	}
}
END_TEST

static const struct {
	const char *day;
	int months;
	const char *expected;
} additions[] = {
	{"2026-01-31", 1, "2026-02-28"},
	{"2026-01-31", 2, "2026-03-31"},
	{"2024-01-31", 1, "2024-02-29"},
	{"2024-02-29", 12, "2025-02-28"},
	{"2024-02-29", 48, "2028-02-29"},
	{"2026-03-31", -1, "2026-02-28"},
	{"2026-12-15", 1, "2027-01-15"},
	{"2026-01-15", -1, "2025-12-15"},
	{"2026-08-31", 6, "2027-02-28"},
	{"1900-01-01", 0, "1900-01-01"},
	{"2026-01-01", 1000000, "none"},
};

START_TEST(months_are_clamped)
{
	day_t d;
	char text[DAY_SIZE];
	ck_assert(day_parse(additions[_i].day, &d));
	ck_assert_str_eq(day_format(day_add_months(d, additions[_i].months), text), additions[_i].expected);
}
END_TEST

static const char *const wrong[] = {"", "2026-2-01", "2026-02-30", "2025-02-29", "1899-12-31", "2200-01-01",
	"2026-13-01", "2026-00-10", "2026-01-00", "2026-01-01 ", "20260101", "2026/01/01", "+026-01-01"};

START_TEST(what_is_no_day_is_refused)
{
	day_t d = 42;
	ck_assert(!day_parse(wrong[_i], &d));
	ck_assert_int_eq(d, 42);
}
END_TEST

START_TEST(anniversaries_come_after_the_day)
{
	struct month_day new_year = {1, 1};
	day_t d = day_make(2026, 1, 1);
	ck_assert_int_eq(day_next_anniversary(d, new_year), day_make(2027, 1, 1));
	ck_assert_int_eq(day_next_anniversary(d - 1, new_year), d);
	ck_assert_int_eq(day_anniversary(d, new_year, 0), day_make(2027, 1, 1));
	ck_assert_int_eq(day_anniversary(d, new_year, 2), day_make(2028, 1, 1));
	ck_assert_int_eq(day_add_months(DAY_NONE, 5), DAY_NONE);
}
END_TEST

Suite *day_suite(void);

Suite *day_suite(void)
{
	Suite *suite = suite_create("day");
	TCase *cases = tcase_create("day");
	tcase_add_test(cases, every_day_of_three_centuries_splits_and_joins);
	tcase_add_loop_test(cases, months_are_clamped, 0, sizeof additions / sizeof *additions);
	tcase_add_loop_test(cases, what_is_no_day_is_refused, 0, sizeof wrong / sizeof *wrong);
	tcase_add_test(cases, anniversaries_come_after_the_day);
	suite_add_tcase(suite, cases);
	return suite;
}
