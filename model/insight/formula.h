// The formulas of the figures: pure arithmetic, each with the numbers it was checked against in
// tests/check_formula.c.
#ifndef MODEL_INSIGHT_FORMULA_H
#define MODEL_INSIGHT_FORMULA_H
#include <stdint.h>

// Shares are 0 to 1. FORMULA_NONE (not a number) is what cannot be told: nothing over nothing, or a part not
// known; it goes through every formula.
#define FORMULA_NONE __builtin_nan("")
int formula_is_none(double value);

// part / whole.
double formula_share(double part, double whole);

// Of S members at the start, E at the end of which N are new: (E - N) / S. What churned is the rest of it,
// and never (S - E) / S, which falls below zero where members join.
double formula_retention(double start, double end, double joined);
double formula_churn(double start, double end, double joined);

// Customer lifetime value. Simple: order value x orders a year x years x margin. By retention: what a
// customer brings a year / (1 - r), as a customer stays 1 / (1 - r) years; discounted with the interest i a
// year, the first payment now: m (1 + i) / (1 + i - r).
double formula_clv_simple(double order_value, double frequency, double years, double margin);
double formula_lifetime(double retention);
double formula_clv_retained(double yearly, double retention);
double formula_clv_discounted(double yearly, double retention, double interest);

// Breakage: of what was issued, what is not spent; what has expired; and what has expired or will never be
// used, of the open points that share.
double formula_breakage_simple(double issued, double redeemed);
double formula_breakage_realised(double issued, double expired);
double formula_breakage_ultimate(double issued, double expired, double open, double never_used);

// What open points will cost, at so much a point.
double formula_liability(double open, double never_used, double point_cost);

// IFRS 15: the part of a price that goes to points, by the prices at which goods and points would sell alone;
// and of that, what has become revenue when so many points were used of so many expected to be.
double formula_points_price(double price, double goods_alone, double points_alone);
double formula_points_revenue(double points_price, double used, double expected);

// What a unit of money spent brings back: points for it x the value of one.
double formula_reward_rate(double points, double point_value);
// How much more whoever comes back spends than who is here for the first time.
double formula_uplift(double returning, double first_time);
#endif
