// Amounts as people read and type them: grouping, decimals, signs, and every edge of the integers.
#include "model/amount.h"

#include <check.h>
#include <stdlib.h>

static const struct {
	int64_t points;
	int decimals;
	unsigned style;
	const char *text;
} points_texts[] = {
	{0, 0, AMOUNT_PLAIN, "0"},
	{0, 2, AMOUNT_FIXED, "0.00"},
	{7, 2, AMOUNT_PLAIN, "0.07"},
	{-7, 2, AMOUNT_PLAIN, "-0.07"},
	{999, 0, AMOUNT_PLAIN, "999"},
	{1240, 0, AMOUNT_PLAIN, "1,240"},
	{124000, 2, AMOUNT_PLAIN, "1,240"},
	{124000, 2, AMOUNT_FIXED, "1,240.00"},
	{5052, 2, AMOUNT_SIGNED, "+50.52"},
	{-1234567, 0, AMOUNT_SIGNED, "-1,234,567"},
	{0, 0, AMOUNT_SIGNED, "0"},
	{INT64_MAX, 0, AMOUNT_PLAIN, "9,223,372,036,854,775,807"},
	{INT64_MIN, 0, AMOUNT_PLAIN, "-9,223,372,036,854,775,808"},
	{INT64_MIN, 6, AMOUNT_PLAIN, "-9,223,372,036,854.775808"},
};

START_TEST(points_read_well)
{
	char out[AMOUNT_SIZE];

	ck_assert_str_eq(amount_points(out, points_texts[_i].points, points_texts[_i].decimals,
				 points_texts[_i].style),
		points_texts[_i].text);
}
END_TEST

START_TEST(money_reads_well)
{
	char out[AMOUNT_SIZE];

	ck_assert_str_eq(amount_money(out, 4210, "USD", AMOUNT_PLAIN), "$42.10");
	ck_assert_str_eq(amount_money(out, -104210, "USD", AMOUNT_PLAIN), "-$1,042.10");
	ck_assert_str_eq(amount_money(out, 4210, "EUR", AMOUNT_PLAIN), "42.10 EUR");
	ck_assert_str_eq(amount_money(out, 4210, "EUR", AMOUNT_SIGNED), "+42.10 EUR");
	ck_assert_str_eq(amount_money(out, 4210, "JPY", AMOUNT_PLAIN), "4,210 JPY");
	ck_assert_str_eq(amount_money(out, 4210, "KWD", AMOUNT_PLAIN), "4.210 KWD");
	ck_assert_str_eq(amount_money(out, 5, "", AMOUNT_PLAIN), "0.05");
}
END_TEST

static const struct {
	const char *text;
	int decimals;
	bool good;
	int64_t amount;
} typed[] = {
	{"50", 0, true, 50},
	{" 50 ", 2, true, 5000},
	{"+50.5", 2, true, 5050},
	{"-50.05", 2, true, -5005},
	{"1,240", 0, true, 1240},
	{"1 240.00", 2, true, 124000},
	{"10000000000", 0, true, 10000000000},
	{"10000000000.01", 2, false, 0},
	{"10000000001", 0, false, 0},
	{"99999999999999999999", 0, false, 0},
	{"50.505", 2, false, 0},
	{"50.5", 0, false, 0},
	{"50.", 2, false, 0},
	{".5", 2, false, 0},
	{"", 0, false, 0},
	{"-", 0, false, 0},
	{"5x", 0, false, 0},
	{"0x10", 0, false, 0},
	{"1e3", 0, false, 0},
};

START_TEST(typed_amounts_are_exact)
{
	int64_t amount = 0;

	ck_assert_msg(amount_parse(typed[_i].text, typed[_i].decimals, &amount) == typed[_i].good, "\"%s\"",
		typed[_i].text);
	ck_assert_int_eq(amount, typed[_i].amount);
}
END_TEST

// What is written can be read again, for any amount that may be typed.
START_TEST(what_is_written_reads_back)
{
	unsigned seed = 20000101u + (unsigned)_i;
	char out[AMOUNT_SIZE];
	int64_t back;

	srandom(seed);
	for (int i = 0; i < 2000; i++) {
		int decimals = (int)(random() % 7);
		int64_t amount = ((int64_t)random() << 2 ^ random()) * (random() % 2 ? 1 : -1);
		ck_assert_msg(
			amount_parse(amount_points(out, amount, decimals, AMOUNT_PLAIN), decimals, &back) &&
				back == amount,
			"seed %u: %lld with %d decimals is \"%s\"", seed, (long long)amount, decimals, out);
	}
}
END_TEST

Suite *amount_suite(void);
Suite *amount_suite(void)
{
	Suite *suite = suite_create("amount");
	TCase *amounts = tcase_create("amounts");

	tcase_add_loop_test(amounts, points_read_well, 0, sizeof points_texts / sizeof points_texts[0]);
	tcase_add_test(amounts, money_reads_well);
	tcase_add_loop_test(amounts, typed_amounts_are_exact, 0, sizeof typed / sizeof typed[0]);
	tcase_add_loop_test(amounts, what_is_written_reads_back, 0, 5);
	suite_add_tcase(suite, amounts);
	return suite;
}
