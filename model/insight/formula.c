// The formulas of the figures: pure arithmetic, each with the numbers it was checked against in
// tests/check_formula.c.
#include "model/insight/formula.h"

#include <math.h>

int formula_is_none(double value)
{
	return isnan(value);
}

double formula_share(double part, double whole)
{
	return whole > 0 ? part / whole : FORMULA_NONE;
}

double formula_retention(double start, double end, double joined)
{
	return formula_share(end - joined, start);
}

double formula_churn(double start, double end, double joined)
{
	return 1 - formula_retention(start, end, joined);
}

double formula_clv_simple(double order_value, double frequency, double years, double margin)
{
	return order_value * frequency * years * margin;
}

double formula_lifetime(double retention)
{
	return retention < 1 ? 1 / (1 - retention) : FORMULA_NONE;
}

double formula_clv_retained(double yearly, double retention)
{
	return yearly * formula_lifetime(retention);
}

double formula_clv_discounted(double yearly, double retention, double interest)
{
	return formula_share(yearly * (1 + interest), 1 + interest - retention);
}

double formula_breakage_simple(double issued, double redeemed)
{
	return formula_share(issued - redeemed, issued);
}

double formula_breakage_realised(double issued, double expired)
{
	return formula_share(expired, issued);
}

double formula_breakage_ultimate(double issued, double expired, double open, double never_used)
{
	return formula_share(expired + open * never_used, issued);
}

double formula_liability(double open, double never_used, double point_cost)
{
	return open * (1 - never_used) * point_cost;
}

double formula_points_price(double price, double goods_alone, double points_alone)
{
	return price * formula_share(points_alone, goods_alone + points_alone);
}

double formula_points_revenue(double points_price, double used, double expected)
{
	return points_price * formula_share(used, expected);
}

double formula_reward_rate(double points, double point_value)
{
	return points * point_value;
}

double formula_uplift(double returning, double first_time)
{
	return formula_share(returning, first_time) - 1;
}
