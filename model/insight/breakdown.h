// Figures that are no single number: sizes of tiers and movement between them, the grid of recency, frequency
// and money, and what became of the points of each month of issue.
#ifndef MODEL_INSIGHT_BREAKDOWN_H
#define MODEL_INSIGHT_BREAKDOWN_H
#include "db/result.h"
#include "model/ask.h"
#include "model/insight/behaviour.h"
#include "model/insight/grid.h"
#include <stdint.h>

// A row a tier of the first ladder, the lowest first.
struct tier_size {
	int tier_id;
	const char *code; // borrowed from the result
	int64_t members;
	int64_t up, down; // into it, over the last twelve months and so far
};
void tier_sizes_ask(struct ask *ask);
void tier_sizes_row(struct tier_size *size, const struct result *result, int row);

// A row a tier of the first ladder and month of the last thirteen: members who came into it, new ones too.
struct tier_arrival {
	int tier_id;
	month_t month;
	int64_t members;
};
void tier_arrivals_ask(struct ask *ask);
void tier_arrival_row(struct tier_arrival *arrival, const struct result *result, int row);

// A row a month of the last thirteen: members who went up and down, on any ladder.
struct tier_movement {
	month_t month;
	int64_t up, down;
};
void tier_movement_ask(struct ask *ask);
void tier_movement_row(struct tier_movement *movement, const struct result *result, int row);

// The newest grid: customers of twelve months by score of recency and frequency, 1 to 5; money is summed.
struct customer_grid {
	char as_of[12]; // "": none was counted yet
	int64_t members[GRID_SCORES][GRID_SCORES],
		spend[GRID_SCORES][GRID_SCORES]; // [recency - 1][frequency - 1]
	int64_t by_money[GRID_SCORES], total;
};
void customer_grid_ask(struct ask *ask);
void customer_grid_take(struct customer_grid *grid, const struct result *result);

// A row a month of issue of the currency that members spend, the oldest first, in units of 10^-decimals.
struct cohort {
	month_t month;
	int64_t granted, redeemed, expired, returned, moved, open;
};
void cohorts_ask(struct ask *ask);
void cohort_row(struct cohort *cohort, const struct result *result, int row);
#endif
