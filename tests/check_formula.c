// The worked numbers of every figure, as they are printed where the figure is defined.
#include "model/insight/figure.h"
#include "model/insight/formula.h"
#include "model/insight/grid.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

Suite *formula_suite(void);

enum { ISSUED = 1000000, REDEEMED = 620000, EXPIRED = 180000, OPEN = 200000 };

// 100,000 for goods and 10,000 points, each worth 1 alone and 95 of 100 expected to be used.
static double points_price(void)
{
	return formula_points_price(100000, 100000, 9500);
}

// So many of 9,500 expected at first; then so many in all of 9,700.
static double first_revenue(void)
{
	return formula_points_revenue(points_price(), 4500, 9500);
}

static double later_revenue(void)
{
	return formula_points_revenue(points_price(), 8500, 9700);
}

struct worked {
	const char *what;
	double value;
	const char *printed;
};

static void worked_all(struct worked *all, int *count)
{
	double yearly = 54 * 1.54 * 0.30;
	const struct worked table[] = {
		{"retention rate, %", 100 * formula_retention(1000, 1080, 230), "85"},
		{"churn rate, %", 100 * formula_churn(1000, 1080, 230), "15"},
		{"repeat purchase rate, %", 100 * formula_share(270, 1000), "27"},
		{"purchase frequency", formula_share(1540, 1000), "1.54"},
		{"average order value", formula_share(83160, 1540), "54.00"},
		{"revenue per customer", formula_share(83160, 1000), "83.16"},
		{"lifetime value, revenue", formula_clv_simple(70, 3, 3, 1), "630"},
		{"lifetime value, simple", formula_clv_simple(70, 3, 3, 0.30), "189"},
		{"what a customer leaves a year", yearly, "24.948"},
		{"lifetime value by retention", formula_clv_retained(yearly, 0.85), "166.32"},
		{"lifetime value, discounted", formula_clv_discounted(yearly, 0.85, 0.10), "109.77"},
		{"lifetime at a retention of 0.8, years", formula_lifetime(0.8), "5"},
		{"participation rate, %", 100 * formula_share(640000, 1000000), "64"},
		{"active rate, %", 100 * formula_share(9250000, 25000000), "37"},
		{"redemption rate, %", 100 * formula_share(REDEEMED, ISSUED), "62"},
		{"breakage, simple, %", 100 * formula_breakage_simple(ISSUED, REDEEMED), "38"},
		{"breakage, realised, %", 100 * formula_breakage_realised(ISSUED, EXPIRED), "18"},
		{"breakage, ultimate, %", 100 * formula_breakage_ultimate(ISSUED, EXPIRED, OPEN, 0.30), "24"},
		{"liability", formula_liability(OPEN, 0.30, 0.02), "2800"},
		{"liability, gross", formula_liability(OPEN, 0, 0.02), "4000"},
		{"points' part of the price", points_price(), "8676"},
		{"goods' part of the price", 100000 - points_price(), "91324"},
		{"revenue of 4,500 of 9,500 points", first_revenue(), "4110"},
		{"left of it", points_price() - first_revenue(), "4566"},
		{"revenue of 8,500 of 9,700 points", later_revenue() - first_revenue(), "3493"},
		{"left of that", points_price() - later_revenue(), "1073"},
		{"points' part at 97 % expected", formula_points_price(100000, 100000, 9700), "8842"},
		{"revenue of that",
			formula_points_revenue(formula_points_price(100000, 100000, 9700), 4500, 9700),
			"4102"},
		{"reward rate of 60 Stars for 2 dollars, %", 100 * formula_reward_rate(1, 2.0 / 60), "3.33"},
		{"the same for 1.2 Stars a dollar, %", 100 * formula_reward_rate(1.2, 2.0 / 60), "4.0"},
		{"the same for 1.7 Stars a dollar, %", 100 * formula_reward_rate(1.7, 2.0 / 60), "5.67"},
		{"reward rate of 10 dollars for 500 points, %", 100 * formula_reward_rate(1, 10.0 / 500),
			"2"},
		{"reward rate of 5 dollars for 175 points, %", 100 * formula_reward_rate(1, 5.0 / 175), "2.86"},
		{"reward rate of 5 dollars for 100 points, %", 100 * formula_reward_rate(1, 5.0 / 100), "5"},
		{"the same for 2 points a dollar, %", 100 * formula_reward_rate(2, 5.0 / 100), "10"},
		{"reward rate of 10 dollars for 100 points, %", 100 * formula_reward_rate(1, 10.0 / 100), "10"},
		{"reward rate of 5 pounds for 500 points, 10 a pound, %", 100 * formula_reward_rate(10, 5.0 / 500), "10"},
		{"reward rate of 5 dollars for 4,500 points, 10 a dollar, %", 100 * formula_reward_rate(10, 5.0 / 4500),
			"1.11"},
		{"save rate, %", 100 * formula_share(140, 200), "70"},
		{"uplift of returning customers, %", 100 * formula_uplift(66.80, 40.00), "67"},
	};
	memcpy(all, table, sizeof table);
	*count = (int)(sizeof table / sizeof *table);
}

START_TEST(worked_numbers_come_out_as_printed)
{
	struct worked all[64];
	int count;
	worked_all(all, &count);
	for (int i = 0; i < count; i++) {
		char text[64];
		const char *point = strchr(all[i].printed, '.');
		snprintf(text, sizeof text, "%.*f", point ? (int)strlen(point + 1) : 0, all[i].value);
		ck_assert_msg(strcmp(text, all[i].printed) == 0, "%s: %s is printed, it comes out as %s",
			all[i].what, all[i].printed, text);
	}
}
END_TEST

// (S - E) / S of the same numbers is -8 %: nonsense where members join.
START_TEST(churn_is_not_the_difference_of_counts)
{
	ck_assert_double_eq_tol((1000.0 - 1080) / 1000, -0.08, 1e-12);
	ck_assert_double_ge(formula_churn(1000, 1080, 230), 0);
}
END_TEST

START_TEST(what_is_not_known_stays_unknown)
{
	struct figure_sums sums = {.margin = FORMULA_NONE,
		.years = FORMULA_NONE,
		.discount = FORMULA_NONE,
		.never_used = FORMULA_NONE,
		.point_cost = FORMULA_NONE};
	char text[FIGURE_TEXT];
	for (int i = 0; i < FIGURES; i++) {
		double value = FIGURE[i].value(&sums);
		bool is_count = FIGURE[i].unit == UNIT_COUNT || FIGURE[i].unit == UNIT_POINTS;
		ck_assert_msg(formula_is_none(value) == !is_count, "%s of nothing", FIGURE[i].code);
		figure_text(&FIGURE[i], value, "USD", 2, text);
		ck_assert_str_eq(text, is_count ? "0" : "not known");
		ck_assert_str_eq(figure_change(&FIGURE[i], value, FORMULA_NONE, text), "");
		ck_assert_int_eq(figure_verdict(&FIGURE[i], value, FORMULA_NONE), 0);
	}
}
END_TEST

// A year in which the numbers above are the sums.
START_TEST(figures_are_the_formulas_of_their_sums)
{
	const struct figure_sums sums = {.members = 25000000,
		.active_3 = 9250000,
		.active_12 = 1080,
		.start = 1000,
		.stayed = 850,
		.buyers = 1000,
		.repeaters = 270,
		.orders = 1540,
		.revenue = 8316000,
		.issued = ISSUED,
		.redeemed = REDEEMED,
		.issued_all = ISSUED,
		.redeemed_all = REDEEMED,
		.expired_all = EXPIRED,
		.open = OPEN,
		.kept = 140,
		.lost = 60,
		.sales = 1000000,
		.sales_orders = 640000,
		.margin = 0.30,
		.years = 3,
		.discount = 0.10,
		.never_used = 0.30,
		.point_cost = 2};
	static const struct {
		int figure;
		const char *text;
	} shown[] = {
		{FIGURE_MEMBERS, "25,000,000"},
		{FIGURE_ACTIVE_3, "37.0 %"},
		{FIGURE_RETENTION, "85.0 %"},
		{FIGURE_CHURN, "15.0 %"},
		{FIGURE_REPEAT, "27.0 %"},
		{FIGURE_FREQUENCY, "1.54"},
		{FIGURE_ORDER_VALUE, "$54.00"},
		{FIGURE_CUSTOMER_REVENUE, "$83.16"},
		{FIGURE_CLV_SIMPLE, "$74.84"},
		{FIGURE_CLV_RETAINED, "$166.32"},
		{FIGURE_CLV_DISCOUNTED, "$109.77"},
		{FIGURE_PARTICIPATION, "64.0 %"},
		{FIGURE_REDEMPTION, "62.0 %"},
		{FIGURE_BREAKAGE_SIMPLE, "38.0 %"},
		{FIGURE_BREAKAGE_REALISED, "18.0 %"},
		{FIGURE_BREAKAGE_ULTIMATE, "24.0 %"},
		{FIGURE_OPEN, "200,000"},
		{FIGURE_LIABILITY_GROSS, "$4,000.00"},
		{FIGURE_LIABILITY, "$2,800.00"},
		{FIGURE_SAVE_RATE, "70.0 %"},
	};
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
		char text[FIGURE_TEXT];
		const struct figure *figure = &FIGURE[shown[i].figure];
		figure_text(figure, figure->value(&sums), "USD", 0, text);
		ck_assert_msg(strcmp(text, shown[i].text) == 0, "%s: %s expected, it is %s", figure->code,
			shown[i].text, text);
	}
}
END_TEST

START_TEST(every_figure_is_declared_whole)
{
	for (int i = 0; i < FIGURES; i++) {
		const struct figure *figure = &FIGURE[i];
		ck_assert_msg(figure->code && figure->name && figure->definition && figure->source &&
				      figure->window && figure->population && figure->value,
			"figure %d", i);
		ck_assert_ptr_eq(figure_find(figure->code), figure);
	}
	ck_assert_ptr_null(figure_find("no-such-figure"));
}
END_TEST

START_TEST(change_is_told_in_points_of_per_cent_or_in_per_cent)
{
	char text[FIGURE_TEXT];
	ck_assert_str_eq(figure_change(&FIGURE[FIGURE_CHURN], 0.15, 0.125, text), "+2.5 pp");
	ck_assert_str_eq(figure_change(&FIGURE[FIGURE_ORDER_VALUE], 5400, 6000, text), "-10.0 %");
	ck_assert_int_eq(figure_verdict(&FIGURE[FIGURE_CHURN], 0.15, 0.125), -1);
	ck_assert_int_eq(figure_verdict(&FIGURE[FIGURE_RETENTION], 0.85, 0.80), 1);
	ck_assert_int_eq(figure_verdict(&FIGURE[FIGURE_OPEN], 2, 1), 0);
}
END_TEST

// --- The grid: what scores alike is alike, where ntile() would give ten members with
// frequencies 1,1,1,1,1,1,2,2,5,5 the scores 1,1,2,2,3,3,4,4,5,5.

START_TEST(who_is_alike_scores_alike)
{
	const struct grid_value values[] = {{1, 6}, {2, 2}, {5, 2}};
	static const int scores[] = {1, 4, 5};
	int64_t breaks[GRID_BREAKS], worse = 0;
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(grid_score(worse, 10), scores[i]);
		worse += values[i].members;
	}
	grid_breaks(values, 3, INT64_MAX, breaks);
	const int64_t expected[GRID_BREAKS] = {2, 2, 2, 5};
	for (int i = 0; i < GRID_BREAKS; i++)
		ck_assert_int_eq(breaks[i], expected[i]);
}
END_TEST

static int score_of(const struct grid_value *worst_first, int count, int64_t value)
{
	int64_t worse = 0, n = 0;
	for (int i = 0; i < count; i++)
		n += worst_first[i].members;
	for (int i = 0; i < count && worst_first[i].value != value; i++)
		worse += worst_first[i].members;
	return grid_score(worse, n);
}

// Ten customers: 3 days, 12 orders and 900 of money is 555; 60, 4 and 260 is 333; 400 days and 1 order is
// 111.
START_TEST(ten_customers_score_as_printed)
{
	const struct grid_value recency[] = {
		{400, 1}, {300, 1}, {200, 1}, {120, 1}, {60, 1}, {45, 1}, {30, 1}, {14, 1}, {7, 1}, {3, 1}};
	const struct grid_value frequency[] = {{1, 3}, {2, 1}, {4, 2}, {6, 1}, {8, 1}, {10, 1}, {12, 1}};
	const struct grid_value money[] = {{20, 1}, {40, 1}, {80, 1}, {150, 1}, {260, 1}, {300, 1}, {400, 1},
		{600, 1}, {700, 1}, {900, 1}};
	ck_assert_int_eq(
		score_of(recency, 10, 3) * 100 + score_of(frequency, 7, 12) * 10 + score_of(money, 10, 900),
		555);
	ck_assert_int_eq(
		score_of(recency, 10, 60) * 100 + score_of(frequency, 7, 4) * 10 + score_of(money, 10, 260),
		333);
	ck_assert_int_eq(
		score_of(recency, 10, 400) * 100 + score_of(frequency, 7, 1) * 10 + score_of(money, 10, 20),
		111);
}
END_TEST

START_TEST(nobody_and_one_alone_have_a_score)
{
	int64_t breaks[GRID_BREAKS];
	grid_breaks(NULL, 0, INT64_MAX, breaks);
	ck_assert_int_eq(breaks[0], INT64_MAX);
	ck_assert_int_eq(grid_score(0, 1), 1);
	ck_assert_int_eq(grid_score(0, 0), 1);
}
END_TEST

// --- What a member counts for.

static const int64_t *at(const struct month_sums *sums, month_t month)
{
	ck_assert(month >= sums->first && month < sums->first + sums->count);
	return sums->at[month - sums->first];
}

START_TEST(a_deed_counts_in_the_windows_to_come)
{
	const struct deed_month months[] = {{100, 2, 5000, 0}, {113, 1, 900, 1}};
	const struct behaviour member = {.is_counted = true, .joined = 99, .months = months, .count = 2};
	struct month_sums sums = {0};
	ck_assert(behaviour_count(&sums, &member, 1));
	ck_assert_int_eq(at(&sums, 99)[MEASURE_JOINED], 1);
	ck_assert_int_eq(at(&sums, 100)[MEASURE_REPEATERS_12], 1);
	ck_assert_int_eq(at(&sums, 100)[MEASURE_REVENUE], 5000);
	ck_assert_int_eq(at(&sums, 102)[MEASURE_ACTIVE_3], 1);
	ck_assert_int_eq(at(&sums, 103)[MEASURE_ACTIVE_3], 0);
	ck_assert_int_eq(at(&sums, 111)[MEASURE_ACTIVE_12], 1);
	ck_assert_int_eq(at(&sums, 112)[MEASURE_ACTIVE_12], 0);
	ck_assert_int_eq(at(&sums, 113)[MEASURE_STAYED_12], 1);
	ck_assert_int_eq(at(&sums, 113)[MEASURE_REPEATERS_12], 0);
	ck_assert_int_eq(at(&sums, 113)[MEASURE_REDEEMERS_12], 1);
	ck_assert_int_eq(at(&sums, 123)[MEASURE_STAYED_12], 1);
	ck_assert_int_eq(at(&sums, 124)[MEASURE_STAYED_12], 0);
	ck_assert_int_eq(at(&sums, 124)[MEASURE_BUYERS_12], 1);
	month_sums_free(&sums);
}
END_TEST

START_TEST(what_is_taken_away_leaves_nothing)
{
	const struct deed_month months[] = {{100, 2, 5000, 0}, {140, 1, 900, 1}};
	const struct behaviour member = {.is_counted = true, .joined = 120, .months = months, .count = 2};
	const struct behaviour gone = {.joined = 1, .months = months, .count = 2};
	struct month_sums sums = {0};
	ck_assert(behaviour_count(&sums, &member, 1) && behaviour_count(&sums, &gone, 1) &&
		  behaviour_count(&sums, &member, -1));
	for (int m = 0; m < sums.count; m++)
		for (int i = 0; i < MEASURES; i++)
			ck_assert_int_eq(sums.at[m][i], 0);
	ck_assert_int_eq(sums.first, 100);
	month_sums_free(&sums);
}
END_TEST

Suite *formula_suite(void)
{
	Suite *suite = suite_create("formula");
	TCase *formulas = tcase_create("formulas"), *members = tcase_create("members");
	tcase_add_test(formulas, worked_numbers_come_out_as_printed);
	tcase_add_test(formulas, churn_is_not_the_difference_of_counts);
	tcase_add_test(formulas, what_is_not_known_stays_unknown);
	tcase_add_test(formulas, figures_are_the_formulas_of_their_sums);
	tcase_add_test(formulas, every_figure_is_declared_whole);
	tcase_add_test(formulas, change_is_told_in_points_of_per_cent_or_in_per_cent);
	suite_add_tcase(suite, formulas);
	tcase_add_test(members, who_is_alike_scores_alike);
	tcase_add_test(members, ten_customers_score_as_printed);
	tcase_add_test(members, nobody_and_one_alone_have_a_score);
	tcase_add_test(members, a_deed_counts_in_the_windows_to_come);
	tcase_add_test(members, what_is_taken_away_leaves_nothing);
	suite_add_tcase(suite, members);
	return suite;
}
