// Intervals against what their authors printed, and against what must hold for any of them.
#include "model/statistics.h"

#include <check.h>
#include <math.h>

// Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
static const struct {
	int64_t k, n;
	double low, high;
} scores[] = {
	{81, 263, 0.2553, 0.3662},
	{15, 148, 0.0624, 0.1605},
	{0, 20, 0.0000, 0.1611},
	{1, 29, 0.0061, 0.1718},
};

START_TEST(a_proportion_has_wilsons_interval)
{
	struct interval i = proportion(scores[_i].k, scores[_i].n);
	ck_assert_double_eq_tol(i.value, (double)scores[_i].k / (double)scores[_i].n, 1e-12);
	ck_assert_double_eq_tol(i.low, scores[_i].low, 5e-5);
	ck_assert_double_eq_tol(i.high, scores[_i].high, 5e-5);
}
END_TEST

// Newcombe 1998, Statistics in Medicine 17:873, table II, method 10.
static const struct {
	int64_t k1, n1, k2, n2;
	double low, high;
} differences[] = {
	{56, 70, 48, 80, 0.0524, 0.3339},
	{9, 10, 3, 10, 0.1705, 0.8090},
	{6, 7, 2, 7, 0.0582, 0.8062},
	{5, 56, 0, 29, -0.0381, 0.1926},
	{0, 10, 0, 20, -0.1611, 0.2775},
	{0, 10, 0, 10, -0.2775, 0.2775},
	{10, 10, 0, 20, 0.6791, 1.0000},
	{10, 10, 0, 10, 0.6075, 1.0000},
};

START_TEST(two_proportions_have_newcombes_interval)
{
	struct interval i = proportion_difference(
		differences[_i].k1, differences[_i].n1, differences[_i].k2, differences[_i].n2);
	struct interval back = proportion_difference(
		differences[_i].k2, differences[_i].n2, differences[_i].k1, differences[_i].n1);
	ck_assert_double_eq_tol(i.low, differences[_i].low, 5e-5);
	ck_assert_double_eq_tol(i.high, differences[_i].high, 5e-5);
	ck_assert_double_eq_tol(back.low, -i.high, 1e-12);
	ck_assert_double_eq_tol(back.high, -i.low, 1e-12);
	ck_assert_int_eq(interval_tells(&i), differences[_i].low > 0);
}
END_TEST

static const struct {
	double p, freedom, t;
} quantiles[] = {
	{0.975, 1, 12.7062},
	{0.975, 2, 4.30265},
	{0.975, 10, 2.22814},
	{0.975, 30, 2.04227},
	{0.975, 120, 1.97993},
	{0.95, 5, 2.01505},
	{0.995, 9, 3.24984},
	{0.975, 1e9, 1.95996},
	{0.6, 1, 0.324920},
};

START_TEST(students_t_is_that_of_the_tables)
{
	ck_assert_double_eq_tol(student_quantile(quantiles[_i].p, quantiles[_i].freedom), quantiles[_i].t,
		quantiles[_i].t * 1e-5);
}
END_TEST

// Means 20.8 and 23.0, variances 7.9 and 3.8, fifteen each: 24.9 degrees of freedom, t = -2.46.
START_TEST(two_means_have_welchs_interval)
{
	const struct sample_mean a = {15, 20.8, 7.9}, b = {15, 23.0, 3.8};
	struct interval i = mean_difference(&a, &b);
	ck_assert_double_eq_tol(i.value, -2.2, 1e-12);
	ck_assert_double_eq_tol((i.high - i.low) / 2, sqrt(11.7 / 15) * 2.0597, 5e-4);
	ck_assert(interval_tells(&i));
	const struct sample_mean still = {40, 5, 0};
	i = mean_difference(&still, &still);
	ck_assert_double_eq(i.low, 0);
	ck_assert_double_eq(i.high, 0);
	ck_assert(!interval_tells(&i));
}
END_TEST

START_TEST(a_mean_has_students_interval)
{
	const struct sample_mean sample = {9, 100, 81};
	struct interval i = mean_interval(&sample);
	ck_assert_double_eq_tol(i.high - i.value, 3 * 2.306004, 1e-4);
	ck_assert_double_eq_tol(i.value - i.low, 3 * 2.306004, 1e-4);
}
END_TEST

START_TEST(tails_are_those_of_the_normal)
{
	ck_assert_double_eq_tol(normal_both_tails(NORMAL_95), 0.05, 1e-12);
	ck_assert_double_eq_tol(normal_both_tails(-1.72), 0.0854, 5e-5);
	ck_assert_double_eq_tol(normal_both_tails(0), 1, 1e-12);
}
END_TEST

// Ninety-five of a hundred intervals hold the truth, as far as ten thousand trials of a small sample can
// tell.
START_TEST(the_interval_covers_what_is_true)
{
	unsigned long long state = 88172645463325252ULL;
	int held = 0;
	for (int trial = 0; trial < 10000; trial++) {
		int64_t k[2] = {0, 0};
		for (int i = 0; i < 160; i++) {
			state ^= state << 13;
			state ^= state >> 7;
			state ^= state << 17;
			k[i & 1] += (double)(state >> 11) / 9007199254740992.0 < (i & 1 ? 0.3 : 0.2);
		}
		struct interval i = proportion_difference(k[1], 80, k[0], 80);
		held += i.low <= 0.1 && 0.1 <= i.high;
	}
	ck_assert_int_gt(held, 9400);
	ck_assert_int_lt(held, 9650);
}
END_TEST

Suite *statistics_suite(void);

Suite *statistics_suite(void)
{
	Suite *suite = suite_create("statistics");
	TCase *cases = tcase_create("statistics");
	tcase_add_loop_test(cases, a_proportion_has_wilsons_interval, 0, sizeof scores / sizeof *scores);
	tcase_add_loop_test(
		cases, two_proportions_have_newcombes_interval, 0, sizeof differences / sizeof *differences);
	tcase_add_loop_test(cases, students_t_is_that_of_the_tables, 0, sizeof quantiles / sizeof *quantiles);
	tcase_add_test(cases, two_means_have_welchs_interval);
	tcase_add_test(cases, a_mean_has_students_interval);
	tcase_add_test(cases, tails_are_those_of_the_normal);
	tcase_add_test(cases, the_interval_covers_what_is_true);
	suite_add_tcase(suite, cases);
	return suite;
}
