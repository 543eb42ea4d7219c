// Reads the two groups of a campaign and holds them against each other.
#include "model/campaign/campaign_results.h"
#include "model/survey/nps.h"

#include <math.h>
#include <stddef.h>

void campaign_results_ask(struct ask *ask, int campaign_no, int days)
{
	ask_init(ask, "SELECT * FROM loyalty.campaign_results($1::int, $2::int)");
	ask_number(ask, campaign_no);
	ask_number(ask, days);
}

static int64_t number_of(const struct result *result, int row, const char *column)
{
	return result_int64(result, row, result_column(result, column));
}

static double amount_of(const struct result *result, int row, const char *column)
{
	return result_double(result, row, result_column(result, column));
}

static struct results_group group_read(const struct result *result, int row)
{
	int64_t over = number_of(result, row, "over");
	return (struct results_group){
		.members = number_of(result, row, "members"),
		.over = over,
		.buyers = number_of(result, row, "buyers"),
		.cases = number_of(result, row, "cases"),
		.opt_outs = number_of(result, row, "opt_outs"),
		.purchases = {over, amount_of(result, row, "purchases_mean"),
			amount_of(result, row, "purchases_variance")},
		.spent = {over, amount_of(result, row, "spent_mean"),
			amount_of(result, row, "spent_variance")},
		.minor = number_of(result, row, "minor"),
		.points = number_of(result, row, "points"),
		.promoters = number_of(result, row, "promoters"),
		.passives = number_of(result, row, "passives"),
		.detractors = number_of(result, row, "detractors"),
	};
}

void campaign_results_take(struct campaign_results *results, const struct result *result)
{
	*results = (struct campaign_results){.received = {.members = 0}};
	for (int row = 0; row < result_rows(result); row++) {
		struct results_group group = group_read(result, row);
		if (result_bool(result, row, result_column(result, "is_held_out")))
			results->held_out = group;
		else
			results->received = group;
	}
}

void campaign_comeback_ask(struct ask *ask, int campaign_no, int days)
{
	ask_init(ask, "SELECT is_held_out, day, members FROM loyalty.campaign_comeback($1::int, $2::int)");
	ask_number(ask, campaign_no);
	ask_number(ask, days);
}

void campaign_comeback_take(
	const struct result *result, bool is_held_out, int days, int64_t members[RESULTS_DAYS_MOST + 1])
{
	for (int day = 0; day <= days; day++)
		members[day] = 0;
	for (int row = 0; row < result_rows(result); row++) {
		int64_t day = result_int64(result, row, 1);
		if (result_bool(result, row, 0) == is_held_out && day >= 1 && day <= days)
			members[day] = result_int64(result, row, 2);
	}
	for (int day = 1; day <= days; day++)
		members[day] += members[day - 1];
}

// The members of a group of whom a share speaks.
static int64_t count_of(const struct results_group *group, enum results_figure figure)
{
	switch (figure) {
	case FIGURE_BOUGHT:
		return group->buyers;
	case FIGURE_CASES:
		return group->cases;
	case FIGURE_OPT_OUTS:
		return group->opt_outs;
	default:
		return 0;
	}
}

static struct score score_here(const struct results_group *group)
{
	struct answers answers = {
		.of = {[0] = group->detractors, [7] = group->passives, [10] = group->promoters}};
	return score_of(SURVEY_NPS, &answers);
}

static int64_t size_of(const struct results_group *group, enum results_figure figure)
{
	return figure == FIGURE_NPS ? group->promoters + group->passives + group->detractors : group->over;
}

static double value_of(const struct results_group *group, enum results_figure figure)
{
	switch (figure) {
	case FIGURE_PURCHASES:
		return group->purchases.mean;
	case FIGURE_SPENT:
		return group->spent.mean;
	case FIGURE_NPS:
		return score_here(group).value;
	default:
		return (double)count_of(group, figure) / (double)group->over;
	}
}

static struct interval difference_of(
	const struct results_group *a, const struct results_group *b, enum results_figure figure)
{
	struct score now, before;
	struct score_change change;
	switch (figure) {
	case FIGURE_PURCHASES:
		return mean_difference(&a->purchases, &b->purchases);
	case FIGURE_SPENT:
		return mean_difference(&a->spent, &b->spent);
	case FIGURE_NPS:
		now = score_here(a);
		before = score_here(b);
		change = score_change(&now, &before);
		return (struct interval){.value = change.value,
			.low = change.value - change.margin,
			.high = change.value + change.margin};
	default:
		return proportion_difference(count_of(a, figure), a->over, count_of(b, figure), b->over);
	}
}

struct results_comparison results_compare(const struct campaign_results *results, enum results_figure figure)
{
	const struct results_group *a = &results->received, *b = &results->held_out;
	struct results_comparison compared = {
		.received_n = size_of(a, figure), .held_out_n = size_of(b, figure), .change = NAN};
	compared.is_received_known = compared.received_n >= SAMPLE_LEAST;
	compared.is_held_out_known = compared.held_out_n >= SAMPLE_LEAST;
	compared.is_known = compared.is_received_known && compared.is_held_out_known;
	if (compared.is_received_known)
		compared.received = value_of(a, figure);
	if (compared.is_held_out_known)
		compared.held_out = value_of(b, figure);
	if (compared.is_known) {
		compared.difference = difference_of(a, b, figure);
		compared.tells = interval_tells(&compared.difference);
	}
	if (compared.is_known && compared.held_out > 0 && figure != FIGURE_NPS)
		compared.change = compared.difference.value / compared.held_out;
	return compared;
}

bool results_cost(const struct campaign_results *results, struct interval *minor)
{
	struct results_comparison purchases = results_compare(results, FIGURE_PURCHASES);
	if (!purchases.is_known || purchases.difference.low <= 0)
		return false;
	double each = (double)results->received.minor / (double)results->received.over;
	*minor = (struct interval){.value = each / purchases.difference.value,
		.low = each / purchases.difference.high,
		.high = each / purchases.difference.low};
	return true;
}
