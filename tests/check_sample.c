// Drawing without putting back: a permutation is one, every number is drawn as often, and the intervals hold
// the truth.
#include "model/what_if/sample.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *sample_suite(void);

static uint64_t seed_of_run(void)
{
	const char *text = getenv("LOYALTY_SEED");
	uint64_t seed = text ? strtoull(text, NULL, 10) : 20261122;
	printf("sample: LOYALTY_SEED=%" PRIu64 " CK_RUN_SUITE=sample\n", seed);
	return seed;
}

START_TEST(every_number_is_drawn_once)
{
	static const uint64_t sizes[] = {1, 2, 3, 4, 5, 17, 1000, 4096, 4097, 100000};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct draw draw;
		char *is_drawn = calloc(sizes[i], 1);
		draw_init(&draw, sizes[i], 7);
		for (uint64_t place = 0; place < sizes[i]; place++) {
			uint64_t number = draw_at(&draw, place);
			ck_assert_uint_lt(number, sizes[i]);
			ck_assert(!is_drawn[number]);
			is_drawn[number] = 1;
		}
		free(is_drawn);
	}
}
END_TEST

// Over many seeds each number, and each pair of neighbours, is among the first tenth as often as it should
// be.
START_TEST(no_number_is_drawn_more_often)
{
	enum { SIZE = 500, DRAWN = 50, SEEDS = 4000 };
	static int alone[SIZE], together[SIZE];
	uint64_t seed = seed_of_run();
	memset(alone, 0, sizeof alone);
	memset(together, 0, sizeof together);
	for (uint64_t s = 0; s < SEEDS; s++) {
		struct draw draw;
		char is_drawn[SIZE + 1] = {0};
		draw_init(&draw, SIZE, seed + s);
		for (uint64_t place = 0; place < DRAWN; place++)
			is_drawn[draw_at(&draw, place)] = 1;
		for (int i = 0; i < SIZE; i++) {
			alone[i] += is_drawn[i];
			together[i] += is_drawn[i] && is_drawn[i + 1];
		}
	}
	double pairs = 0;
	for (int i = 0; i < SIZE; i++) {
		ck_assert_int_gt(alone[i], 400 - 6 * 19); // binomial(4000, 0.1): 400, deviation 19
		ck_assert_int_lt(alone[i], 400 + 6 * 19);
		pairs += together[i];
	}
	double expected = SEEDS * (SIZE - 1) * 0.1 * 49.0 / 499;
	ck_assert(pairs > 0.97 * expected && pairs < 1.03 * expected);
}
END_TEST

START_TEST(intervals_known_by_hand)
{
	struct interval all = interval_of_count(10, 10, 4);
	ck_assert_int_eq(all.low, 4);
	ck_assert_int_eq(all.high, 4);
	// 1 drawn of 10, marked: k of 10 gives it with chance k/10, which must be above 0.025.
	struct interval one = interval_of_count(10, 1, 1);
	ck_assert_int_eq(one.low, 1);
	ck_assert_int_eq(one.high, 10);
	// None of 5 drawn from 20: with k marked the chance is C(20-k, 5) / C(20, 5): 0.030 for 9, 0.016
	// for 10.
	struct interval none = interval_of_count(20, 5, 0);
	ck_assert_int_eq(none.low, 0);
	ck_assert_int_eq(none.high, 9);
	// Large numbers: 300 of 10,000 drawn from a million, 3 %: the binomial interval is 2.67 % to 3.35 %.
	struct interval large = interval_of_count(1000000, 10000, 300);
	ck_assert(large.low > 26600 && large.low < 26950 && large.high > 33200 && large.high < 33700);
}
END_TEST

// The truth lies within the interval in at least 95 % of the draws: so in 93 % of some thousand, whatever the
// chance.
START_TEST(counts_are_within_their_interval)
{
	enum { SIZE = 3000, TIMES = 600 };
	static const int marks[] = {0, 1, 4, 30, 400, 1500, 2999, 3000}, samples[] = {30, 300, 2000};
	uint64_t seed = seed_of_run();
	for (size_t m = 0; m < sizeof marks / sizeof *marks; m++)
		for (size_t n = 0; n < 3; n++) {
			int held = 0;
			for (uint64_t t = 0; t < TIMES; t++) {
				struct draw draw;
				int64_t found = 0;
				draw_init(&draw, SIZE, seed + t);
				for (uint64_t place = 0; place < (uint64_t)samples[n]; place++)
					found += draw_at(&draw, place) < (uint64_t)marks[m];
				struct interval interval = interval_of_count(SIZE, samples[n], found);
				held += interval.low <= marks[m] && marks[m] <= interval.high;
			}
			ck_assert_msg(held >= TIMES * 93 / 100, "%d marks, %d drawn: %d of %d", marks[m],
				samples[n], held, TIMES);
		}
}
END_TEST

START_TEST(sums_are_within_their_interval)
{
	enum { SIZE = 3000, DRAWN = 300, TIMES = 1000 };
	uint64_t seed = seed_of_run();
	int64_t truth = 0;
	int held = 0, vague = 0;
	for (int64_t i = 0; i < SIZE; i++)
		truth += i % 3 == 0 ? i : -(i % 7);
	for (uint64_t t = 0; t < TIMES; t++) {
		struct draw draw;
		struct sum sum = {0};
		draw_init(&draw, SIZE, seed + t);
		for (uint64_t place = 0; place < DRAWN; place++) {
			int64_t i = (int64_t)draw_at(&draw, place);
			sum_add(&sum, i % 3 == 0 ? i : -(i % 7));
		}
		struct interval interval = interval_of_sum(&sum, SIZE, DRAWN);
		held += interval.low <= truth && truth <= interval.high;
		vague += sum_is_vague(&sum, SIZE, DRAWN);
	}
	ck_assert_int_ge(held, TIMES * 93 / 100);
	ck_assert_int_le(held, TIMES * 98 / 100); // and it is not wide for nothing
	ck_assert_int_eq(vague, 0);
	struct sum few = {0};
	sum_add(&few, 1000000);
	ck_assert(sum_is_vague(&few, SIZE, DRAWN));
	ck_assert(!sum_is_vague(&few, 1, 1));
	ck_assert_int_eq(sum_estimate(&few, 1, 1), 1000000);
	ck_assert_int_eq(sum_estimate(&few, 30, 10), 3000000);
}
END_TEST

Suite *sample_suite(void)
{
	Suite *suite = suite_create("sample");
	TCase *drawing = tcase_create("drawing");
	tcase_add_test(drawing, every_number_is_drawn_once);
	tcase_add_test(drawing, no_number_is_drawn_more_often);
	tcase_add_test(drawing, intervals_known_by_hand);
	tcase_add_test(drawing, counts_are_within_their_interval);
	tcase_add_test(drawing, sums_are_within_their_interval);
	suite_add_tcase(suite, drawing);
	return suite;
}
