// The figures managers steer by: one table says of each what it is, over what window and population, and how
// it is reckoned.
#include "model/insight/figure.h"

#include "model/amount.h"
#include "model/insight/formula.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static double members(const struct figure_sums *s)
{
	return (double)s->members;
}

static double joined(const struct figure_sums *s)
{
	return (double)s->joined;
}

static double active_3(const struct figure_sums *s)
{
	return formula_share((double)s->active_3, (double)s->members);
}

static double active_12(const struct figure_sums *s)
{
	return formula_share((double)s->active_12, (double)s->members);
}

// Who is active now and was not before has joined the active ones.
static double retention(const struct figure_sums *s)
{
	return formula_retention((double)s->start, (double)s->active_12, (double)(s->active_12 - s->stayed));
}

static double churn(const struct figure_sums *s)
{
	return formula_churn((double)s->start, (double)s->active_12, (double)(s->active_12 - s->stayed));
}

static double repeat(const struct figure_sums *s)
{
	return formula_share((double)s->repeaters, (double)s->buyers);
}

static double frequency(const struct figure_sums *s)
{
	return formula_share((double)s->orders, (double)s->buyers);
}

static double order_value(const struct figure_sums *s)
{
	return formula_share((double)s->revenue, (double)s->orders);
}

static double customer_revenue(const struct figure_sums *s)
{
	return formula_share((double)s->revenue, (double)s->buyers);
}

static double clv_simple(const struct figure_sums *s)
{
	return formula_clv_simple(order_value(s), frequency(s), s->years, s->margin);
}

static double clv_retained(const struct figure_sums *s)
{
	return formula_clv_retained(customer_revenue(s) * s->margin, retention(s));
}

static double clv_discounted(const struct figure_sums *s)
{
	return formula_clv_discounted(customer_revenue(s) * s->margin, retention(s), s->discount);
}

static double participation(const struct figure_sums *s)
{
	return formula_share((double)s->sales_orders, (double)s->sales);
}

static double redemption(const struct figure_sums *s)
{
	return formula_share((double)s->redeemed, (double)s->issued);
}

static double redeemers(const struct figure_sums *s)
{
	return formula_share((double)s->redeemers, (double)s->members);
}

static double breakage_simple(const struct figure_sums *s)
{
	return formula_breakage_simple((double)s->issued_all, (double)s->redeemed_all);
}

static double breakage_realised(const struct figure_sums *s)
{
	return formula_breakage_realised((double)s->issued_all, (double)s->expired_all);
}

static double breakage_ultimate(const struct figure_sums *s)
{
	return formula_breakage_ultimate(
		(double)s->issued_all, (double)s->expired_all, (double)s->open, s->never_used);
}

static double open_points(const struct figure_sums *s)
{
	return (double)s->open;
}

static double liability_gross(const struct figure_sums *s)
{
	return formula_liability((double)s->open, 0, s->point_cost);
}

static double liability(const struct figure_sums *s)
{
	return formula_liability((double)s->open, s->never_used, s->point_cost);
}

static double save_rate(const struct figure_sums *s)
{
	return formula_share((double)s->kept, (double)(s->kept + s->lost));
}

#define YEAR "the twelve months that end with the month"
#define EVER "from the beginning to the end of the month"
#define PERSONS "members who are people and neither closed, merged nor erased"
#define USES(setting) (1u << SETTING_##setting)
#define POINT_COST_MISSING                                                                                   \
	"no reward on offer gives money for these points, so say what one costs: loyalty insight set "       \
	"point_cost 0.02 (money)"
#define SET_MARGIN "say what is left of a sale: loyalty insight set margin 30 (per cent)"

const struct figure FIGURE[FIGURES] = {
	[FIGURE_MEMBERS] = {"members", "Members", "Everyone enrolled by the end of the month.", "enrolments",
		EVER, PERSONS, NULL, UNIT_COUNT, 1, DRILL_MEMBERS, members},
	[FIGURE_JOINED] = {"joined", "New members", "Everyone enrolled in the month.", "enrolments",
		"the month", PERSONS, NULL, UNIT_COUNT, 1, DRILL_JOINED, joined},
	[FIGURE_ACTIVE_3] = {"active-3", "Active rate, 3 months",
		"Members who bought, did something that earns, or redeemed, of all members.",
		"active members / members; a window of three calendar months stands for 90 days",
		"the three months that end with the month", PERSONS, NULL, UNIT_SHARE, 1, DRILL_ACTIVE_3,
		active_3},
	[FIGURE_ACTIVE_12] = {"active-12", "Active rate, 12 months",
		"Members who bought, did something that earns, or redeemed, of all members.",
		"active members / members", YEAR, PERSONS, NULL, UNIT_SHARE, 1, DRILL_ACTIVE_12, active_12},
	[FIGURE_RETENTION] = {"retention", "Retention rate",
		"Of the members active in the twelve months before, those active in these twelve months too.",
		"(E - N) / S: active at the end, less those who were not before, of those before", YEAR,
		PERSONS " and were active in the twelve months before", NULL, UNIT_SHARE, 1, DRILL_STAYED,
		retention},
	[FIGURE_CHURN] = {"churn", "Churn rate",
		"Of the members active in the twelve months before, those not active in these twelve months.",
		"1 - retention; (S - E) / S would be wrong, as members join", YEAR,
		PERSONS " and were active in the twelve months before", NULL, UNIT_SHARE, -1, DRILL_LOST,
		churn},
	[FIGURE_REPEAT] = {"repeat", "Repeat purchase rate",
		"Of the members who bought, those who bought twice or more.",
		"customers with 2 orders / with 1", YEAR, PERSONS " and bought", NULL, UNIT_SHARE, 1,
		DRILL_REPEATERS, repeat},
	[FIGURE_FREQUENCY] = {"frequency", "Purchase frequency", "Purchases of a member who bought.",
		"orders / customers", YEAR, PERSONS " and bought", NULL, UNIT_RATIO, 1, DRILL_BUYERS,
		frequency},
	[FIGURE_ORDER_VALUE] = {"order-value", "Average order value",
		"Money of a purchase, less what was returned of it.", "revenue / orders", YEAR,
		"purchases of members who are people", NULL, UNIT_MONEY, 1, DRILL_BUYERS, order_value},
	[FIGURE_CUSTOMER_REVENUE] = {"customer-revenue", "Revenue per customer",
		"Money of all purchases of a member who bought, less what was returned.",
		"revenue / customers", YEAR, PERSONS " and bought", NULL, UNIT_MONEY, 1, DRILL_BUYERS,
		customer_revenue},
	[FIGURE_CLV_SIMPLE] = {"clv", "Lifetime value, simple",
		"Average order value x purchase frequency x years x margin.",
		"the years and the margin are the house's own word", YEAR, PERSONS " and bought",
		"say both: loyalty insight set margin 30 (per cent), loyalty insight set years 3", UNIT_MONEY,
		1, DRILL_BUYERS, clv_simple, USES(MARGIN) | USES(YEARS)},
	[FIGURE_CLV_RETAINED] = {"clv-retention", "Lifetime value by retention",
		"What a customer leaves in a year, m, for as long as the retention rate r lets it last: m / "
		"(1 - r).",
		"m = revenue per customer x margin; a customer stays 1 / (1 - r) years", YEAR,
		PERSONS " and bought", SET_MARGIN, UNIT_MONEY, 1, DRILL_BUYERS, clv_retained,
		USES(MARGIN)},
	[FIGURE_CLV_DISCOUNTED] = {"clv-discounted", "Lifetime value, discounted",
		"The same with interest i, the first year's money now: m (1 + i) / (1 + i - r).",
		"m = revenue per customer x margin; the interest is the house's own word", YEAR,
		PERSONS " and bought",
		"say both: loyalty insight set margin 30, loyalty insight set discount 10 (per cent)",
		UNIT_MONEY, 1, DRILL_BUYERS, clv_discounted, USES(MARGIN) | USES(DISCOUNT)},
	[FIGURE_PARTICIPATION] = {"participation", "Participation rate", "Sales to members, of all sales.",
		"purchases with a member / all sales, over the months whose sales were told", YEAR,
		"all sales of the house", "tell all sales of a month: loyalty insight sales 2026-10 120000",
		UNIT_SHARE, 1, DRILL_BUYERS, participation},
	[FIGURE_REDEMPTION] = {"redemption", "Redemption rate",
		"Points spent, of the points issued less what was taken back.", "points redeemed / issued",
		YEAR, "points of the currency that members spend", NULL, UNIT_SHARE, 1, DRILL_REDEEMERS,
		redemption},
	[FIGURE_REDEEMERS] = {"redeemers", "Members who redeem", "Members who redeemed, of all members.",
		"redeemers / members", YEAR, PERSONS, NULL, UNIT_SHARE, 1, DRILL_REDEEMERS, redeemers},
	[FIGURE_BREAKAGE_SIMPLE] = {"breakage", "Breakage, simple",
		"Points not spent, of the points issued: open ones count, so it is the most that breakage "
		"can be.",
		"(issued - redeemed) / issued", EVER, "points of the currency that members spend", NULL,
		UNIT_SHARE, 0, DRILL_BALANCE, breakage_simple},
	[FIGURE_BREAKAGE_REALISED] = {"breakage-realised", "Breakage, realised",
		"Points that expired, of the points issued.", "expired / issued", EVER,
		"points of the currency that members spend", NULL, UNIT_SHARE, 0, DRILL_EXPIRED,
		breakage_realised},
	[FIGURE_BREAKAGE_ULTIMATE] = {"breakage-ultimate", "Breakage, ultimate",
		"Points that expired, and open ones that will never be used, of the points issued.",
		"(expired + open x share never used) / issued; the share is what months of issue that are "
		"used up came to, "
		"unless the house says it",
		EVER, "points of the currency that members spend",
		"say what share is never used: loyalty insight set never_used 30 (per cent)", UNIT_SHARE, 0,
		DRILL_BALANCE, breakage_ultimate, USES(NEVER_USED)},
	[FIGURE_OPEN] = {"open", "Outstanding points", "Points that members have.", "sum of all entries",
		EVER, "points of the currency that members spend", NULL, UNIT_POINTS, 0, DRILL_BALANCE,
		open_points},
	[FIGURE_LIABILITY_GROSS] = {"liability-gross", "Points liability, gross",
		"What outstanding points will cost if all are used.",
		"open x cost of a point; the cost is what the rewards on offer to everyone give for it at most, as "
		"what-if reckons it, unless the house says it",
		EVER, "points of the currency that members spend", POINT_COST_MISSING, UNIT_MONEY, 0, DRILL_BALANCE,
		liability_gross, USES(POINT_COST)},
	[FIGURE_LIABILITY] = {"liability", "Points liability",
		"What outstanding points will cost, less those that will never be used.",
		"open x (1 - share never used) x cost of a point; share and cost are measured unless the house says "
		"them",
		EVER, "points of the currency that members spend",
		"say what share is never used: loyalty insight set never_used 30 (per cent); or what a point costs: "
		"loyalty insight set point_cost 0.02 (money)",
		UNIT_MONEY, 0, DRILL_BALANCE, liability, USES(NEVER_USED) | USES(POINT_COST)},
	[FIGURE_SAVE_RATE] = {"save-rate", "Save rate",
		"Members at risk who stayed, of those whose cases were resolved.",
		"cases resolved as kept / kept and lost", YEAR,
		"cases of members at risk, by the day they were resolved", NULL, UNIT_SHARE, 1, DRILL_CASES,
		save_rate},
};

const struct figure *figure_find(const char *code)
{
	for (int i = 0; i < FIGURES; i++)
		if (strcmp(FIGURE[i].code, code) == 0)
			return &FIGURE[i];
	return NULL;
}

const char *figure_text(
	const struct figure *figure, double value, const char *money, int decimals, char out[FIGURE_TEXT])
{
	if (formula_is_none(value)) {
		snprintf(out, FIGURE_TEXT, "not known");
		return out;
	}
	switch (figure->unit) {
	case UNIT_SHARE:
		snprintf(out, FIGURE_TEXT, "%.1f %%", value * 100);
		return out;
	case UNIT_RATIO:
		snprintf(out, FIGURE_TEXT, "%.2f", value);
		return out;
	case UNIT_MONEY:
		return amount_money(out, llround(value), money, AMOUNT_FIXED);
	case UNIT_POINTS:
		return amount_points(out, llround(value), decimals, AMOUNT_PLAIN);
	case UNIT_COUNT:
		break;
	}
	return amount_points(out, llround(value), 0, AMOUNT_PLAIN);
}

static const char *setting_text(
	enum setting setting, const struct figure_sums *sums, const char *money, int decimals, char out[64])
{
	char worth[AMOUNT_SIZE];
	const double values[SETTINGS] = {[SETTING_MARGIN] = sums->margin,
		[SETTING_YEARS] = sums->years,
		[SETTING_DISCOUNT] = sums->discount,
		[SETTING_NEVER_USED] = sums->never_used,
		[SETTING_POINT_COST] = sums->point_cost * pow(10, decimals)};
	if (formula_is_none(values[setting]))
		snprintf(out, 64, "%s not known", setting_names[setting]);
	else if (setting == SETTING_POINT_COST)
		snprintf(out, 64, "100 points cost %s",
			amount_money(worth, llround(100 * values[setting]), money, AMOUNT_FIXED));
	else if (setting == SETTING_YEARS)
		snprintf(out, 64, "%.4g years", values[setting]);
	else
		snprintf(out, 64, "%s %.4g %%", setting == SETTING_NEVER_USED ? "never used" : setting_names[setting],
			values[setting] * 100);
	return out;
}

const char *figure_uses_text(const struct figure *figure, const struct figure_sums *sums, const char *money,
	int decimals, char out[FIGURE_USES])
{
	size_t used = 0;
	char text[64];
	out[0] = '\0';
	for (enum setting setting = 0; setting < SETTINGS && used < FIGURE_USES; setting++)
		if (figure->uses & 1u << setting)
			used += (size_t)snprintf(out + used, FIGURE_USES - used, "%s%s", used ? ", " : "",
				setting_text(setting, sums, money, decimals, text));
	return out;
}

const char *figure_change(const struct figure *figure, double now, double was, char out[FIGURE_TEXT])
{
	out[0] = '\0';
	if (figure->unit == UNIT_SHARE && !formula_is_none(now - was))
		snprintf(out, FIGURE_TEXT, "%+.1f pp", (now - was) * 100);
	else if (figure->unit != UNIT_SHARE && !formula_is_none(now - was) && was > 0)
		snprintf(out, FIGURE_TEXT, "%+.1f %%", (now / was - 1) * 100);
	return out;
}

int figure_verdict(const struct figure *figure, double now, double was)
{
	int sign = now > was ? 1 : now < was ? -1 : 0; // not a number: neither
	return sign * figure->direction;
}
