// The worked numbers of scores: margins, samples, comparisons, small groups, indices.
#include "model/survey/nps.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

Suite *nps_suite(void);

// An nps of so many promoters, passives and detractors, spread over the scores of each class.
static struct answers nps_answers(int64_t promoters, int64_t passives, int64_t detractors)
{
	struct answers answers = {0};
	answers.of[10] = promoters / 2;
	answers.of[9] = promoters - promoters / 2;
	answers.of[8] = passives / 3;
	answers.of[7] = passives - passives / 3;
	answers.of[0] = detractors / 4;
	answers.of[6] = detractors - detractors / 4;
	return answers;
}

static struct score nps(int64_t promoters, int64_t passives, int64_t detractors)
{
	struct answers answers = nps_answers(promoters, passives, detractors);
	return score_of(SURVEY_NPS, &answers);
}

static void shows(double value, int decimals, const char *expected)
{
	char text[64];
	snprintf(text, sizeof text, "%.*f", decimals, value);
	ck_assert_str_eq(text, expected);
}

START_TEST(the_score_is_promoters_less_detractors)
{
	struct score score = nps(102, 63, 35);
	char text[SCORE_TEXT];
	ck_assert_int_eq(score.n, 200);
	shows(score.value, 1, "33.5");
	ck_assert_str_eq(score_text(SURVEY_NPS, score.value, text), "33.5");
	struct answers answers = nps_answers(102, 63, 35);
	ck_assert_int_eq(answers_in_class(&answers, SURVEY_NPS, ANSWER_PROMOTER), 102);
	ck_assert_int_eq(answers_in_class(&answers, SURVEY_NPS, ANSWER_PASSIVE), 63);
	ck_assert_int_eq(answers_in_class(&answers, SURVEY_NPS, ANSWER_DETRACTOR), 35);
}
END_TEST

START_TEST(the_margin_is_the_published_one)
{
	struct score score = nps(102, 63, 35);
	struct interval interval = score_interval(&score);
	shows(137 / 200.0, 3, "0.685");
	shows(score.value / 100 * score.value / 100, 6, "0.112225");
	shows(score.variance / 1e4, 6, "0.572775");
	shows(score_error(&score), 4, "5.3515");
	shows(score_margin(&score), 1, "10.5");
	shows(interval.low, 1, "23.0");
	shows(interval.high, 1, "44.0");
	shows(score_margin(&score) * sqrt(200.0 / 199.0), 3, "10.515"); // of a sample of n - 1
	// All alike: one third detractors, half promoters, one sixth passives have a variance of 5/9.
	struct score thirds = nps(300, 200, 100);
	ck_assert_double_eq_tol(thirds.variance / 1e4, 5.0 / 9.0, 1e-12);
}
END_TEST

START_TEST(so_many_answers_are_needed)
{
	struct score score = nps(50, 30, 20);
	ck_assert_int_eq(score_needed(score.variance, 5), 938);
	ck_assert_int_eq(score_needed(1e4, 5), 1537);
}
END_TEST

START_TEST(two_waves_are_compared_by_z)
{
	struct score now = nps(102, 63, 35), before = nps(90, 60, 50);
	struct score_change change = score_change(&now, &before);
	shows(before.value, 1, "20.0");
	shows(change.value, 1, "13.5");
	shows(hypot(score_error(&now), score_error(&before)), 2, "7.85");
	shows(change.z, 2, "1.72");
	shows(change.p, 3, "0.086");
	shows(change.margin, 1, "15.4");
	ck_assert(!change.is_told);
	struct score many = nps(1020, 630, 350), fewer = nps(900, 600, 500);
	ck_assert(score_change(&many, &fewer).is_told);
	struct score all = nps(50, 0, 0);
	ck_assert(!score_change(&all, &all).is_told);
}
END_TEST

START_TEST(small_samples_are_adjusted)
{
	struct score score = nps(10, 0, 0);
	struct interval interval = score_adjusted(&score);
	ck_assert_double_eq(score_margin(&score), 0);
	shows(interval.value, 1, "76.9");
	shows(interval.value - interval.low, 1, "29.4");
	shows(interval.low, 1, "47.5");
	shows(interval.high, 0, "100");
	ck_assert_double_eq(score_interval(&score).low, interval.low);
	ck_assert(score_is_suppressed(&score));
	score = nps(29, 0, 0);
	ck_assert(score_is_suppressed(&score));
	score = nps(10, 10, 10);
	ck_assert(!score_is_suppressed(&score));
}
END_TEST

START_TEST(a_large_part_of_all_is_surer)
{
	struct score score = nps(102, 63, 35);
	shows(score_margin_of(&score, 1000) / score_margin(&score), 3, "0.895");
	shows(score_margin_of(&score, 1000), 1, "9.4");
	ck_assert_double_eq(score_margin_of(&score, 200), 0);
}
END_TEST

START_TEST(a_part_is_held_against_the_rest)
{
	struct answers whole = nps_answers(600, 200, 200), part = nps_answers(40, 20, 40);
	struct answers rest = answers_rest(&whole, &part);
	struct score of_part = score_of(SURVEY_NPS, &part), of_rest = score_of(SURVEY_NPS, &rest);
	struct score_change change = score_change(&of_part, &of_rest);
	ck_assert_int_eq(of_rest.n, 900);
	shows(of_part.value, 1, "0.0");
	shows(of_rest.value, 1, "44.4");
	ck_assert(change.is_told && change.value < 0);
}
END_TEST

// Answers of a cli, each the sum of three questions.
static struct score cli(const int *sums, int count)
{
	struct answers answers = {0};
	for (int i = 0; i < count; i++)
		answers.of[sums[i]]++;
	return score_of(SURVEY_CLI, &answers);
}

START_TEST(the_index_is_of_complete_answers)
{
	const int members[] = {6 + 5 + 4, 5 + 6 + 6, 2 + 2 + 1};
	struct score score = cli(members, 3);
	shows(score.value, 2, "4.11");
	shows(score_index(&score), 1, "62.2");
	ck_assert_int_eq(score.n, 3); // a fourth who left a question out is not in it
	char text[SCORE_TEXT];
	ck_assert_str_eq(score_text(SURVEY_CLI, score.value, text), "4.11");
}
END_TEST

// Three questions, whose means are 6, 7 and 8; and what an index would be if a fourth member's two answers counted too, in three ways that differ: which is
// why only complete answers do.
START_TEST(an_index_is_the_mean_of_its_questions)
{
	const int members[] = {6 + 7 + 8};
	struct score score = cli(members, 1);
	shows(score.value, 0, "7");
	double of_members = (5.0 + 17.0 / 3 + 5.0 / 3 + 3.5) / 4;
	double of_questions = ((6 + 5 + 2 + 3) / 4.0 + (5 + 6 + 2 + 4) / 4.0 + (4 + 6 + 1) / 3.0) / 3;
	double pooled = (15 + 17 + 5 + 7) / 11.0;
	shows(of_members, 3, "3.958");
	shows(of_questions, 3, "3.972");
	shows(pooled, 3, "4.000");
	const int complete[] = {6 + 5 + 4, 5 + 6 + 6, 2 + 2 + 1};
	score = cli(complete, 3);
	shows(score.value, 2, "4.11");
}
END_TEST

START_TEST(other_scores_are_a_share_and_a_mean)
{
	struct answers answers = {.of = {[1] = 5, [2] = 5, [3] = 10, [4] = 50, [5] = 30}};
	struct score csat = score_of(SURVEY_CSAT, &answers), ces = score_of(SURVEY_CES, &answers);
	shows(csat.value, 1, "80.0");
	shows(score_margin(&csat), 2, "7.84");
	shows(ces.value, 2, "3.95");
	ck_assert_int_eq(survey_kind_of("csat"), SURVEY_CSAT);
	ck_assert_int_eq(survey_kind_of("stars"), SURVEY_KINDS);
}
END_TEST

START_TEST(nobody_gives_no_score)
{
	struct score score = nps(0, 0, 0);
	ck_assert_int_eq(score.n, 0);
	ck_assert(score_is_suppressed(&score));
	ck_assert_double_lt(response_rate(0, 0), 0);
	shows(response_rate(200, 950), 1, "21.1");
	char text[SCORE_TEXT];
	ck_assert_str_eq(score_text(SURVEY_NPS, -0.04, text), "0.0");
}
END_TEST

Suite *nps_suite(void)
{
	const TTest *const tests[] = {the_score_is_promoters_less_detractors, the_margin_is_the_published_one,
		so_many_answers_are_needed, two_waves_are_compared_by_z, small_samples_are_adjusted,
		a_large_part_of_all_is_surer, a_part_is_held_against_the_rest, the_index_is_of_complete_answers, an_index_is_the_mean_of_its_questions,
		other_scores_are_a_share_and_a_mean, nobody_gives_no_score};
	Suite *suite = suite_create("nps");
	TCase *tcase = tcase_create("scores");
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
