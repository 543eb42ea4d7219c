// Figures that are no single number: sizes of tiers and movement between them, the grid of recency, frequency
// and money, and what became of the points of each month of issue.
#include "model/insight/breakdown.h"

#include <stdio.h>

void tier_sizes_ask(struct ask *ask)
{
	ask_init(ask,
		"SELECT t.tier_id, t.code, coalesce((SELECT sum(s.members) FROM loyalty.insight_size s "
		"WHERE s.tier_id = t.tier_id), 0)::bigint, coalesce(sum(m.members) FILTER (WHERE w.rank < "
		"t.rank), 0)::bigint, "
		"coalesce(sum(m.members) FILTER (WHERE w.rank > t.rank), 0)::bigint FROM loyalty.tier t "
		"LEFT JOIN loyalty.insight_tier m ON m.tier_id = t.tier_id AND m.month > "
		"loyalty.month_of(loyalty.business_day()) - 12 "
		"LEFT JOIN loyalty.tier w ON w.tier_id = m.was_tier_id "
		"WHERE t.ladder_id = (SELECT min(l.ladder_id) FROM loyalty.ladder l) GROUP BY t.tier_id, "
		"t.code, t.rank ORDER BY t.rank");
}

void tier_sizes_row(struct tier_size *size, const struct result *result, int row)
{
	*size = (struct tier_size){.tier_id = (int)result_int64(result, row, 0),
		.code = result_text(result, row, 1),
		.members = result_int64(result, row, 2),
		.up = result_int64(result, row, 3),
		.down = result_int64(result, row, 4)};
}

void tier_arrivals_ask(struct ask *ask)
{
	ask_init(ask, "SELECT t.tier_id, m.month, sum(m.members)::bigint FROM loyalty.insight_tier m "
		      "JOIN loyalty.tier t USING (tier_id) WHERE m.month > "
		      "loyalty.month_of(loyalty.business_day()) - 13 "
		      "AND t.ladder_id = (SELECT min(l.ladder_id) FROM loyalty.ladder l) GROUP BY 1, 2");
}

void tier_arrival_row(struct tier_arrival *arrival, const struct result *result, int row)
{
	*arrival = (struct tier_arrival){.tier_id = (int)result_int64(result, row, 0),
		.month = (month_t)result_int64(result, row, 1),
		.members = result_int64(result, row, 2)};
}

void tier_movement_ask(struct ask *ask)
{
	ask_init(ask, "SELECT g.month, coalesce(sum(m.members) FILTER (WHERE w.rank < t.rank), 0)::bigint, "
		      "coalesce(sum(m.members) FILTER (WHERE w.rank > t.rank), 0)::bigint "
		      "FROM (SELECT generate_series(n - 12, n) AS month FROM "
		      "loyalty.month_of(loyalty.business_day()) n) g "
		      "LEFT JOIN loyalty.insight_tier m ON m.month = g.month LEFT JOIN loyalty.tier t ON "
		      "t.tier_id = m.tier_id "
		      "LEFT JOIN loyalty.tier w ON w.tier_id = m.was_tier_id GROUP BY 1 ORDER BY 1");
}

void tier_movement_row(struct tier_movement *movement, const struct result *result, int row)
{
	*movement = (struct tier_movement){.month = (month_t)result_int64(result, row, 0),
		.up = result_int64(result, row, 1),
		.down = result_int64(result, row, 2)};
}

void customer_grid_ask(struct ask *ask)
{
	ask_init(ask, "SELECT g.as_of, g.cell, sum(g.members)::bigint, sum(g.spend)::bigint FROM "
		      "loyalty.insight_grid g "
		      "WHERE g.as_of = (SELECT max(j.as_of) FROM loyalty.insight_job j WHERE j.kind = 'grid' "
		      "AND j.ended_at IS NOT NULL) "
		      "GROUP BY 1, 2");
}

void customer_grid_take(struct customer_grid *grid, const struct result *result)
{
	*grid = (struct customer_grid){.as_of = ""};
	for (int row = 0; row < result_rows(result); row++) {
		int cell = (int)result_int64(result, row, 1), recency = cell / 100 - 1,
		    frequency = cell / 10 % 10 - 1, money = cell % 10 - 1;
		int64_t members = result_int64(result, row, 2);
		if (recency < 0 || recency >= GRID_SCORES || frequency < 0 || frequency >= GRID_SCORES ||
			money < 0 || money >= GRID_SCORES)
			continue;
		snprintf(grid->as_of, sizeof grid->as_of, "%s", result_text(result, row, 0));
		grid->members[recency][frequency] += members;
		grid->spend[recency][frequency] += result_int64(result, row, 3);
		grid->by_money[money] += members;
		grid->total += members;
	}
}

void cohorts_ask(struct ask *ask)
{
	ask_init(ask, "SELECT month, sum(granted)::bigint, sum(redeemed)::bigint, sum(expired)::bigint, "
		      "sum(returned)::bigint, "
		      "sum(moved)::bigint FROM loyalty.insight_cohort WHERE currency_id = (SELECT "
		      "c.currency_id FROM loyalty.currency c "
		      "ORDER BY c.kind <> 'redeemable', c.currency_id LIMIT 1) GROUP BY 1 ORDER BY 1");
}

void cohort_row(struct cohort *cohort, const struct result *result, int row)
{
	*cohort = (struct cohort){.month = (month_t)result_int64(result, row, 0),
		.granted = result_int64(result, row, 1),
		.redeemed = result_int64(result, row, 2),
		.expired = result_int64(result, row, 3),
		.returned = result_int64(result, row, 4),
		.moved = result_int64(result, row, 5)};
	cohort->open =
		cohort->granted - cohort->redeemed - cohort->expired - cohort->returned - cohort->moved;
}
