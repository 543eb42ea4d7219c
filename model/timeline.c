// The timeline: everything about one member in one list, newest first, whatever table it stands in.
#include "model/timeline.h"

#include <stdlib.h>

static const char *const filters[TIMELINE_FILTERS] = { "everything", "purchases", "points", "status", "rewards", "cases" };

const char *timeline_filter_name(enum timeline_filter filter)
{
	return filters[filter];
}

// Every branch gives: day, at (the moment, for the order within a day), seq, kind, id, family (for the filter), what, name,
// object, reason, person, amount, quantity, result, result_reason, points, currency_id. What a date did comes first on its
// day: its moment is midnight. A member's history is small beside the tables, so its branches are read whole and cut then.
#define TIMELINE_THINGS                                                                                                \
	"WITH zone AS (SELECT coalesce((SELECT p.timezone FROM loyalty.programme p), 'UTC') AS name),"                                             \
	" entry AS MATERIALIZED (SELECT e.seq, e.entry_no, e.activity_on, e.amount, e.currency_id, e.account_id, e.rule_id" \
	"   FROM loyalty.ledger_entry e WHERE e.member_id = $2::bigint),"                                                \
	" points AS (SELECT DISTINCT ON (x.seq) x.seq, x.currency_id, x.points FROM (SELECT e.seq, e.currency_id, sum(e.amount) AS" \
	"   points FROM entry e WHERE e.seq <> 0 GROUP BY 1, 2) x JOIN loyalty.currency c USING (currency_id)"          \
	"   ORDER BY x.seq, c.kind <> 'redeemable', x.currency_id),"                                                     \
	" thing AS ("                                                                                                    \
	"SELECT j.activity_on AS day, j.submitted_at AS at, j.seq, 0 AS kind, j.seq AS id,"                              \
	"   CASE WHEN j.type IN ('purchase', 'partner', 'return') THEN 'purchases' WHEN j.type IN ('tier_grant', 'enrol', 'subscribe'," \
	"     'cancel_plan') THEN 'status' WHEN j.type = 'redeem' THEN 'rewards' ELSE 'points' END AS family,"           \
	"   j.type::text AS what, j.external_id AS name, coalesce(j.object, '') AS object, coalesce(j.reason, '') AS reason," \
	"   j.submitted_by::text AS person, coalesce(j.amount, (SELECT sum(a) FROM unnest(j.line_amount) a)::bigint) AS amount," \
	"   j.quantity, CASE WHEN i.seq IS NOT NULL THEN 'pending' WHEN o.result <> 'accepted' THEN o.result ELSE '' END AS result," \
	"   coalesce(o.reason, '') AS result_reason, p.points, p.currency_id"                                            \
	"  FROM loyalty.journal j LEFT JOIN points p ON p.seq = j.seq"                                                   \
	"  LEFT JOIN loyalty.outcome o ON o.member_id = j.member_id AND o.seq = j.seq"                                   \
	"  LEFT JOIN loyalty.inbox i ON i.bucket = loyalty.bucket_of(j.member_id) AND i.member_id = j.member_id AND i.seq = j.seq" \
	"  WHERE j.member_id = $2::bigint"                                                                               \
	" UNION ALL SELECT e.activity_on, e.activity_on::timestamp AT TIME ZONE z.name, 0, 1, max(e.entry_no), 'points', a.code," \
	"   coalesce(r.code, ''), '', '', '', NULL, NULL, '', '', sum(e.amount), e.currency_id"                         \
	"  FROM entry e CROSS JOIN zone z JOIN loyalty.account a USING (account_id) LEFT JOIN loyalty.rule r USING (rule_id)" \
	"  WHERE e.seq = 0 GROUP BY e.activity_on, z.name, a.code, r.code, e.currency_id"                                \
	" UNION ALL SELECT t.since, coalesce(j.submitted_at, t.since::timestamp AT TIME ZONE z.name), t.seq, 2, t.change_no, 'status'," \
	"   l.code, n.code, w.code, coalesce(t.until_on::text, ''), '', NULL, sign(n.rank - w.rank)::bigint, '', '', NULL, NULL" \
	"  FROM loyalty.member_tier t CROSS JOIN zone z JOIN loyalty.ladder l USING (ladder_id) JOIN loyalty.tier n ON n.tier_id = t.tier_id" \
	"  JOIN loyalty.tier w ON w.tier_id = t.was_tier_id LEFT JOIN loyalty.journal j ON j.member_id = t.member_id AND j.seq = t.seq" \
	"  WHERE t.member_id = $2::bigint"                                                                               \
	" UNION ALL SELECT w.issued_on, coalesce(j.submitted_at, w.issued_on::timestamp AT TIME ZONE z.name), w.seq, 3, min(w.reward_no)," \
	"   'rewards', r.name, '', r.code, coalesce(w.expires_on::text, ''), '', w.value_minor, count(*), '', '', NULL, NULL" \
	"  FROM loyalty.issued_reward w CROSS JOIN zone z JOIN loyalty.reward r USING (reward_id)"                       \
	"  LEFT JOIN loyalty.journal j ON j.member_id = w.member_id AND j.seq = w.seq"                                   \
	"  WHERE w.member_id = $2::bigint AND j.type IS DISTINCT FROM 'redeem'"                                          \
	"  GROUP BY w.issued_on, j.submitted_at, z.name, w.seq, r.name, r.code, w.expires_on, w.value_minor"             \
	" UNION ALL SELECT (c.opened_at AT TIME ZONE z.name)::date, c.opened_at, 0, 4, c.case_no, 'cases', c.state, c.title, '', ''," \
	"   coalesce(c.owner, '')::text, NULL, NULL, '', '', NULL, NULL"                                                 \
	"  FROM loyalty.member_case c CROSS JOIN zone z WHERE c.member_id = $2::bigint"                                  \
	" UNION ALL SELECT (c.resolved_at AT TIME ZONE z.name)::date, c.resolved_at, 0, 5, c.case_no, 'cases', c.state, c.title," \
	"   coalesce(c.outcome, ''), coalesce(c.cause, ''), coalesce(c.resolved_by, '')::text, NULL, NULL, '', '', NULL, NULL" \
	"  FROM loyalty.member_case c CROSS JOIN zone z WHERE c.member_id = $2::bigint AND c.resolved_at IS NOT NULL"    \
	" UNION ALL SELECT (a.requested_at AT TIME ZONE z.name)::date, a.requested_at, 0, 6, (extract(epoch FROM a.requested_at) * 1000000)::bigint," \
	"   'points', a.type::text, a.external_id, coalesce(a.body->>'currency', a.body->>'reward', ''), coalesce(a.body->>'reason', '')," \
	"   a.requested_by::text, (a.body->>'amount')::bigint, NULL, CASE WHEN a.decision IS NULL THEN 'waiting' ELSE a.decision END," \
	"   coalesce(a.decision_reason, a.why), NULL, NULL"                                                              \
	"  FROM loyalty.approval a CROSS JOIN zone z WHERE a.member_id = $2::bigint AND a.decision IS DISTINCT FROM 'approved')," \
	" line AS (SELECT t.*, (extract(epoch FROM t.at) * 1000000)::bigint AS moment,"                                  \
	"   CASE WHEN (t.at AT TIME ZONE z.name)::date = t.day AND t.kind IN (0, 4, 5, 6)"                               \
	"     THEN to_char(t.at AT TIME ZONE z.name, 'HH24:MI') ELSE '' END AS clock"                                    \
	"  FROM thing t CROSS JOIN zone z WHERE $3 = '' OR t.family = $3)"

#define TIMELINE_ORDER(d) "day " d ", moment " d ", seq " d ", kind " d ", id " d
#define TIMELINE_KEY "((k.k)[1]::date, (k.k)[2]::bigint, (k.k)[3]::bigint, (k.k)[4]::int, (k.k)[5]::bigint)"

// Columns are read by their places in timeline_row_read(). __extension__: longer than ISO C promises for a literal.
#define TIMELINE(where, inwards)                                                                                       \
	__extension__ TIMELINE_THINGS " SELECT concat_ws(' ', day, moment, seq, kind, id), day, clock, kind, id, seq, what, name, object, reason," \
			" person, amount, quantity, result, result_reason, points, currency_id"                          \
			" FROM (SELECT l.* FROM line l" where " ORDER BY " TIMELINE_ORDER(inwards) " LIMIT $1::int) x"  \
			" ORDER BY " TIMELINE_ORDER("DESC")
#define BESIDE_KEY(compare)                                                                                            \
	" CROSS JOIN (SELECT string_to_array($4, ' ') AS k) k WHERE (l.day, l.moment, l.seq, l.kind, l.id) " compare " " TIMELINE_KEY

static const char *const timeline_sql[PAGE_KINDS] = {
	[PAGE_FIRST] = TIMELINE("", "DESC"),
	[PAGE_LAST] = TIMELINE("", "ASC"),
	[PAGE_AFTER] = TIMELINE(BESIDE_KEY("<"), "DESC"),
	[PAGE_BEFORE] = TIMELINE(BESIDE_KEY(">"), "ASC"),
	[PAGE_FROM] = TIMELINE(BESIDE_KEY("<="), "DESC"),
};

void timeline_list(struct ask *ask, int64_t member_id, enum timeline_filter filter, const struct page *page)
{
	ask_init(ask, timeline_sql[page->from]);
	ask_number(ask, page->rows);
	ask_number(ask, member_id);
	ask_text(ask, filter == TIMELINE_ALL ? "" : filters[filter]);
	if (page->from != PAGE_FIRST && page->from != PAGE_LAST)
		ask_text(ask, page->key);
}

void timeline_row_read(const struct result *result, int row, struct timeline_row *line)
{
	*line = (struct timeline_row){
		.key = result_text(result, row, 0),
		.day = result_text(result, row, 1),
		.clock = result_text(result, row, 2),
		.kind = (enum timeline_kind)result_int64(result, row, 3),
		.id = result_int64(result, row, 4),
		.seq = result_int64(result, row, 5),
		.what = result_text(result, row, 6),
		.name = result_text(result, row, 7),
		.object = result_text(result, row, 8),
		.reason = result_text(result, row, 9),
		.person = result_text(result, row, 10),
		.has_amount = !result_is_null(result, row, 11),
		.amount = result_int64(result, row, 11),
		.quantity = result_int64(result, row, 12),
		.result = result_text(result, row, 13),
		.result_reason = result_text(result, row, 14),
		.has_points = !result_is_null(result, row, 15),
		.points = result_int64(result, row, 15),
		.currency_id = (int)result_int64(result, row, 16),
	};
}
