// The members behind a figure, as a list that is read page by page.
#include "model/insight/drill.h"

#include <stdio.h>

// $1 to $3: how the page is read, $4: the number; n.now is the running month.
#define LAST_MONTH "i.months[cardinality(i.months)]"
#define COUNTED "i.is_counted AND "
// Breaks are those of the newest grid, against which recency counts from its day.
#define BREAKS(axis)                                                                                         \
	"(SELECT b.breaks FROM loyalty.insight_break b WHERE b.axis = '" axis                                \
	"' ORDER BY b.as_of DESC LIMIT 1)"
#define GRID_DAY "(SELECT max(b.as_of) FROM loyalty.insight_break b WHERE b.axis = 'money')"

#define SPENT                                                                                                \
	"(SELECT c.currency_id FROM loyalty.currency c ORDER BY c.kind <> 'redeemable', c.currency_id "      \
	"LIMIT 1)"
#define MOVED(way)                                                                                           \
	"EXISTS (SELECT FROM loyalty.member_tier c JOIN loyalty.tier t ON t.tier_id = c.tier_id "            \
	"JOIN loyalty.tier w ON w.tier_id = c.was_tier_id WHERE c.member_id = i.member_id "                  \
	"AND c.since >= loyalty.month_day(n.now - 11) AND w.rank " way " t.rank)"

// A page, whichever end it is read from: the rows that come back first are those nearest to its key.
#define ONE_WAY(condition, way)                                                                              \
	"SELECT * FROM (SELECT i.member_id, m.number, y.orders, y.spend, btrim(m.given_name || ' ' || "      \
	"m.family_name), coalesce(t.code, ''), coalesce(i.last_purchase_on::text, '') "                      \
	"FROM (SELECT loyalty.month_of(loyalty.business_day()) AS now, $4::int AS number OFFSET 0) n "       \
	"CROSS JOIN loyalty.insight_member i JOIN loyalty.member m USING (member_id) "                       \
	"LEFT JOIN loyalty.tier t ON t.tier_id = i.tier_id "                                                 \
	"CROSS JOIN LATERAL loyalty.insight_year(i.months, i.orders, i.spend, n.now) y WHERE " condition     \
	" AND i.member_id > CASE $1 WHEN 'after' THEN $2::bigint WHEN 'from' THEN $2::bigint - 1 ELSE 0 END " \
	"AND i.member_id < CASE $1 WHEN 'before' THEN $2::bigint ELSE 9223372036854775807 END "              \
	"ORDER BY i.member_id" way " LIMIT $3::int) x ORDER BY member_id"
#define PAGE_SQL(condition) {ONE_WAY(condition, ""), ONE_WAY(condition, " DESC")}

static const struct {
	const char *words, *sql[2]; // from the first on, from the last back
} DRILL[DRILLS] = {
	[DRILL_NONE] = {"", PAGE_SQL("false")},
	[DRILL_MEMBERS] = {"all members", PAGE_SQL("i.is_counted")},
	[DRILL_JOINED] = {"enrolled this month", PAGE_SQL(COUNTED "i.joined = n.now")},
	[DRILL_ACTIVE_3] = {"active in the last three months", PAGE_SQL(COUNTED LAST_MONTH " > n.now - 3")},
	[DRILL_ACTIVE_12] = {"active in the last twelve months",
		PAGE_SQL(COUNTED LAST_MONTH " > n.now - 12")},
	[DRILL_STAYED] = {"active in the twelve months before, and since",
		PAGE_SQL(COUNTED LAST_MONTH " > n.now - 12 AND EXISTS (SELECT FROM unnest(i.months) u "
					    "WHERE u > n.now - 24 AND u <= n.now - 12)")},
	[DRILL_LOST] = {"active in the twelve months before, and not since",
		PAGE_SQL(COUNTED LAST_MONTH " > n.now - 24 AND " LAST_MONTH " <= n.now - 12")},
	[DRILL_BUYERS] = {"bought in the last twelve months", PAGE_SQL(COUNTED "y.orders >= 1")},
	[DRILL_REPEATERS] = {"bought twice or more in the last twelve months",
		PAGE_SQL(COUNTED "y.orders >= 2")},
	[DRILL_REDEEMERS] = {"redeemed in the last twelve months",
		PAGE_SQL(COUNTED "EXISTS (SELECT FROM unnest(i.months, i.redemptions) u (month, n) "
				 "WHERE u.month > n.now - 12 AND u.n > 0)")},
	[DRILL_BALANCE] = {"have points to spend",
		PAGE_SQL("EXISTS (SELECT FROM loyalty.balance b WHERE b.member_id = i.member_id AND b.points "
			 "> 0 AND b.currency_id = " SPENT ")")},
	[DRILL_EXPIRED] = {"had points that expired",
		PAGE_SQL("EXISTS (SELECT FROM loyalty.ledger_entry e WHERE e.member_id = i.member_id AND "
			 "e.account_id = 3 AND e.currency_id = " SPENT ")")},
	[DRILL_CASES] = {"at risk, and their case was resolved in the last twelve months",
		PAGE_SQL("EXISTS (SELECT FROM loyalty.member_case c WHERE c.member_id = i.member_id "
			 "AND c.outcome IN ('kept', 'lost') AND c.resolved_at >= loyalty.month_day(n.now - "
			 "11))")},
	[DRILL_CELL] = {"customers of the cell",
		PAGE_SQL(COUNTED "y.orders > 0 AND loyalty.insight_cell(greatest(" GRID_DAY
				 " - i.last_purchase_on, 0)::bigint, y.orders, "
				 "loyalty.insight_money(y.spend), " BREAKS("recency") ", " BREAKS(
					 "frequency") ", " BREAKS("money") ") / 10 = n.number")},
	[DRILL_TIER] = {"members of the tier", PAGE_SQL(COUNTED "i.tier_id = n.number")},
	[DRILL_UP] = {"moved up in the last twelve months, on any ladder", PAGE_SQL(COUNTED MOVED("<"))},
	[DRILL_DOWN] = {"moved down in the last twelve months, on any ladder", PAGE_SQL(COUNTED MOVED(">"))},
	[DRILL_ISSUED] = {"were issued points in the month",
		PAGE_SQL("EXISTS (SELECT FROM loyalty.lot l WHERE l.member_id = i.member_id AND l.currency_id = " SPENT
			 " AND l.earned_on >= loyalty.month_day(n.number) AND l.earned_on < "
			 "loyalty.month_day(n.number + 1))")},
};

const char *drill_words(enum drill drill)
{
	return DRILL[drill].words;
}

void drill_ask(struct ask *ask, const struct drill_of *of, const struct page *page)
{
	ask_init(ask, DRILL[of->drill].sql[page->from == PAGE_LAST || page->from == PAGE_BEFORE]);
	page_ask(ask, page);
	ask_number(ask, of->number);
}

void drill_row_read(struct drill_row *line, const struct result *result, int row)
{
	*line = (struct drill_row){.member_id = result_int64(result, row, 0),
		.number = result_int64(result, row, 1),
		.orders = result_int64(result, row, 2),
		.spend = result_int64(result, row, 3),
		.name = result_text(result, row, 4),
		.tier = result_text(result, row, 5),
		.last_purchase = result_text(result, row, 6)};
}
