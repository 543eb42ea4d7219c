// The figures managers steer by: one table says of each what it is, over what window and population, and how
// it is reckoned.
#ifndef MODEL_INSIGHT_FIGURE_H
#define MODEL_INSIGHT_FIGURE_H
#include "model/insight/behaviour.h"
#include "model/insight/setting.h"
#include <stddef.h>
#include <stdint.h>

// What figures are made of, as of the end of a month; sums over the twelve months that end with it unless
// said. Money in minor units, points in units of 10^-decimals.
struct figure_sums {
	int64_t members, joined;     // all so far; in the month
	int64_t active_3, active_12; // members who did something, in three and twelve months
	int64_t start, stayed;       // active in the twelve months before; and in these
	int64_t buyers, repeaters, redeemers;
	int64_t orders, revenue;
	int64_t issued, redeemed;                            // points
	int64_t issued_all, redeemed_all, expired_all, open; // since the beginning
	int64_t kept, lost;                                  // cases of members at risk
	int64_t sales, sales_orders;         // all sales, and members', of the months whose sales were told
	double margin, discount, never_used; // shares; FORMULA_NONE: not known
	double years, point_cost;            // point_cost: money in minor units for a unit of points
};

enum figure_unit { UNIT_COUNT, UNIT_SHARE, UNIT_RATIO, UNIT_MONEY, UNIT_POINTS };

// Which members stand behind a figure, as list_ask() in model/insight/drill.h takes it; DRILL_NONE: no list.
enum drill {
	DRILL_NONE,
	DRILL_MEMBERS,
	DRILL_JOINED,
	DRILL_ACTIVE_3,
	DRILL_ACTIVE_12,
	DRILL_STAYED,
	DRILL_LOST,
	DRILL_BUYERS,
	DRILL_REPEATERS,
	DRILL_REDEEMERS,
	DRILL_BALANCE,
	DRILL_EXPIRED,
	DRILL_CASES,
	DRILL_CELL, // of the grid
	DRILL_TIER,
	DRILL_UP, // moved up or down between tiers
	DRILL_DOWN,
	DRILL_ISSUED, // have points of a month of issue
	DRILLS
};

struct figure {
	const char *code, *name;
	const char *definition; // in words
	const char *source;     // where the definition comes from, or what it is reckoned from
	const char *window, *population;
	const char *missing; // what to do where it cannot be told; NULL: nothing but time
	enum figure_unit unit;
	int direction; // 1: more is better, -1: less is, 0: neither
	enum drill drill;
	double (*value)(const struct figure_sums *sums);
	unsigned uses; // 1u << setting of each that it is reckoned with
};

enum {
	FIGURE_MEMBERS,
	FIGURE_JOINED,
	FIGURE_ACTIVE_3,
	FIGURE_ACTIVE_12,
	FIGURE_RETENTION,
	FIGURE_CHURN,
	FIGURE_REPEAT,
	FIGURE_FREQUENCY,
	FIGURE_ORDER_VALUE,
	FIGURE_CUSTOMER_REVENUE,
	FIGURE_CLV_SIMPLE,
	FIGURE_CLV_RETAINED,
	FIGURE_CLV_DISCOUNTED,
	FIGURE_PARTICIPATION,
	FIGURE_REDEMPTION,
	FIGURE_REDEEMERS,
	FIGURE_BREAKAGE_SIMPLE,
	FIGURE_BREAKAGE_REALISED,
	FIGURE_BREAKAGE_ULTIMATE,
	FIGURE_OPEN,
	FIGURE_LIABILITY_GROSS,
	FIGURE_LIABILITY,
	FIGURE_SAVE_RATE,
	FIGURES
};
extern const struct figure FIGURE[FIGURES];

// NULL where there is none of that code.
const struct figure *figure_find(const char *code);

// As people read it: "85.0 %", "1.54", "$54.00", "1,240", "not known". money as in amount_money(); decimals
// of the points' currency. Returns out.
enum { FIGURE_TEXT = 48 };
const char *figure_text(
	const struct figure *figure, double value, const char *money, int decimals, char out[FIGURE_TEXT]);
// What it is reckoned with: "margin 30 %, 3 years"; "" where it needs nothing that the house says.
enum { FIGURE_USES = 160 };
const char *figure_uses_text(const struct figure *figure, const struct figure_sums *sums, const char *money,
	int decimals, char out[FIGURE_USES]);
// How it changed: of shares in percentage points ("+2.1 pp"), else in per cent ("+4.0 %"); "" where one is
// not known.
const char *figure_change(const struct figure *figure, double now, double was, char out[FIGURE_TEXT]);
// 1: for the better, -1: for the worse, 0: neither.
int figure_verdict(const struct figure *figure, double now, double was);
#endif
