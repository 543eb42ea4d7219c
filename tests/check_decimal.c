// Exact decimals: text both ways, and every way of rounding.
#include "model/engine/decimal.h"
#include <check.h>

static const struct {
	int64_t units;
	int decimals;
	const char *text;
} printed[] = {
	{570, 2, "5.7"},
	{-2500, 2, "-25"},
	{0, 2, "0"},
	{5, 2, "0.05"},
	{-5, 1, "-0.5"},
	{100, 0, "100"},
	{1000, 3, "1"},
	{123456, 4, "12.3456"},
	{INT64_MAX, 2, "92233720368547758.07"},
	{INT64_MIN, 0, "-9223372036854775808"},
};

START_TEST(numbers_print_shortest)
{
	char text[DECIMAL_SIZE];
	ck_assert_str_eq(decimal_format(printed[_i].units, printed[_i].decimals, text), printed[_i].text);
}
END_TEST

static const struct {
	const char *text;
	int64_t units;
	int decimals;
} read[] = {
	{"0", 0, 0},
	{"-0", 0, 0},
	{"12.50", 1250, 2},
	{"007.5", 75, 1},
	{"-0.0001", -1, 4},
	{"999999999999.999999", 999999999999999999, 6},
};

START_TEST(numbers_are_read_as_written)
{
	int64_t units;
	int decimals;
	ck_assert(decimal_parse(read[_i].text, &units, &decimals));
	ck_assert_int_eq(units, read[_i].units);
	ck_assert_int_eq(decimals, read[_i].decimals);
}
END_TEST

static const char *const wrong[] = {"", "-", ".5", "5.", "+5", "1e3", "1,5", " 1", "1 ", "1.2.3", "--1",
	"0x1", "1234567890123", "1.1234567"};

START_TEST(what_is_no_number_is_refused)
{
	int64_t units;
	int decimals;
	ck_assert(!decimal_parse(wrong[_i], &units, &decimals));
}
END_TEST

static const struct {
	int64_t numerator, denominator, floor, half_up, half_even, ceil;
} divisions[] = {
	{0, 7, 0, 0, 0, 0},
	{7, 7, 1, 1, 1, 1},
	{1, 2, 0, 1, 0, 1},
	{3, 2, 1, 2, 2, 2},
	{5, 2, 2, 3, 2, 3},
	{1, 3, 0, 0, 0, 1},
	{2, 3, 0, 1, 1, 1},
	{475 * 12, 1000, 5, 6, 6, 6},
	{249999, 100000, 2, 2, 2, 3},
	{250001, 100000, 2, 3, 3, 3},
};

START_TEST(division_rounds_once)
{
	int64_t n = divisions[_i].numerator, d = divisions[_i].denominator;
	ck_assert(decimal_divide(n, d, ROUND_FLOOR) == divisions[_i].floor);
	ck_assert(decimal_divide(n, d, ROUND_HALF_UP) == divisions[_i].half_up);
	ck_assert(decimal_divide(n, d, ROUND_HALF_EVEN) == divisions[_i].half_even);
	ck_assert(decimal_divide(n, d, ROUND_CEIL) == divisions[_i].ceil);
}
END_TEST

START_TEST(sums_never_wrap)
{
	int64_t sum = INT64_MAX - 1;
	ck_assert(decimal_add(&sum, 1));
	ck_assert(!decimal_add(&sum, 1));
	ck_assert_int_eq(sum, INT64_MAX);
	ck_assert_int_eq(decimal_power(18), 1000000000000000000);
}
END_TEST

Suite *decimal_suite(void);

Suite *decimal_suite(void)
{
	Suite *suite = suite_create("decimal");
	TCase *cases = tcase_create("decimal");
	tcase_add_loop_test(cases, numbers_print_shortest, 0, sizeof printed / sizeof *printed);
	tcase_add_loop_test(cases, numbers_are_read_as_written, 0, sizeof read / sizeof *read);
	tcase_add_loop_test(cases, what_is_no_number_is_refused, 0, sizeof wrong / sizeof *wrong);
	tcase_add_loop_test(cases, division_rounds_once, 0, sizeof divisions / sizeof *divisions);
	tcase_add_test(cases, sums_never_wrap);
	suite_add_tcase(suite, cases);
	return suite;
}
