// The timeline: everything about one member in one list, newest first, whatever table it stands in.
#include "model/timeline.h"

static const char *const filters[TIMELINE_FILTERS] = {
	"everything", "purchases", "points", "status", "rewards", "cases"};

const char *timeline_filter_name(enum timeline_filter filter)
{
	return filters[filter];
}

// A page is cut from narrow rows first - day, moment, seq, kind, id, family (for the filter) - whatever table
// they are of; only what is on the page is read whole then. Of journal and ledger, which may be long, the
// narrow row is all that is read of the rest; the other branches bring their few rows whole: two numbers,
// four texts, amount, quantity, person, result and why, points, currency. What a date did comes first on its
// day: its moment is midnight. Numbers of tiers, rewards, rules and accounts are told by the facts.
// clang-format off
#define MIDNIGHT(day) "(" day "::timestamp AT TIME ZONE (SELECT z.name FROM zone z))"
#define LOCAL(moment) "(" moment " AT TIME ZONE (SELECT z.name FROM zone z))"
#define OF_MEMBER(alias) " WHERE " alias ".member_id = $2::bigint"

#define EVENTS \
	"SELECT j.activity_on AS day, j.submitted_at AS at, j.seq, 0 AS kind, j.seq AS id," \
	" CASE WHEN j.type IN ('purchase', 'partner', 'return') THEN 'purchases' WHEN j.type =" \
	" 'redeem' THEN 'rewards'" \
	" WHEN j.type IN ('tier_grant', 'enrol', 'subscribe', 'cancel_plan') THEN 'status' ELSE" \
	" 'points' END AS family," \
	" NULL::bigint AS n1, NULL::bigint AS n2, '' AS what, '' AS name, '' AS object, '' AS reason," \
	" NULL::bigint AS amount, NULL::bigint AS quantity, '' AS person, '' AS result, '' AS why," \
	" NULL::numeric AS points, NULL::smallint AS currency_id FROM loyalty.journal j" OF_MEMBER("j")
#define DATES \
	"SELECT e.activity_on, " MIDNIGHT("e.activity_on") ", 0, 1, max(e.entry_no), 'points'," \
	" e.account_id, e.rule_id, '', '', '', '', NULL, NULL, '', '', '', sum(e.amount), e.currency_id" \
	" FROM loyalty.ledger_entry e" OF_MEMBER("e") " AND e.seq = 0" \
	" GROUP BY e.activity_on, e.account_id, e.rule_id, e.currency_id"
#define TIERS \
	"SELECT t.since, coalesce(j.submitted_at, " MIDNIGHT("t.since") "), t.seq, 2, t.change_no," \
	" 'status'," \
	" t.tier_id, t.was_tier_id, '', '', '', coalesce(t.until_on::text, ''), NULL, NULL, '', ''," \
	" '', NULL, NULL" \
	" FROM loyalty.member_tier t LEFT JOIN loyalty.journal j ON j.member_id = t.member_id AND" \
	" j.seq = t.seq" \
	OF_MEMBER("t")
#define REWARDS \
	"SELECT w.issued_on, coalesce(j.submitted_at, " MIDNIGHT("w.issued_on") "), w.seq, 3," \
	" min(w.reward_no), 'rewards'," \
	" w.reward_id, 0, '', '', '', coalesce(w.expires_on::text, ''), w.value_minor, count(*), ''," \
	" '', '', NULL, NULL" \
	" FROM loyalty.issued_reward w LEFT JOIN loyalty.journal j ON j.member_id = w.member_id AND" \
	" j.seq = w.seq" \
	OF_MEMBER("w") " AND j.type IS DISTINCT FROM 'redeem'" \
	" GROUP BY w.issued_on, j.submitted_at, w.seq, w.reward_id, w.expires_on, w.value_minor"
#define CASES_OPENED \
	"SELECT " LOCAL("c.opened_at") "::date, c.opened_at, 0, 4, c.case_no, 'cases', 0, 0," \
	" c.state, c.title, '', ''," \
	" NULL, NULL, coalesce(c.owner, '')::text, '', '', NULL, NULL FROM loyalty.member_case" \
	" c" OF_MEMBER("c")
#define CASES_ENDED \
	"SELECT " LOCAL("c.resolved_at") "::date, c.resolved_at, 0, 5, c.case_no, 'cases', 0, 0," \
	" c.state, c.title," \
	" coalesce(c.outcome, ''), coalesce(c.cause, ''), NULL, NULL, coalesce(c.resolved_by," \
	" '')::text, '', ''," \
	" NULL, NULL FROM loyalty.member_case c" OF_MEMBER("c") " AND c.resolved_at IS NOT NULL"
#define REQUESTS \
	"SELECT " LOCAL("a.requested_at") "::date, a.requested_at, 0, 6," \
	" (extract(epoch FROM a.requested_at) * 1000000)::bigint, 'points', 0, 0, a.type::text," \
	" a.external_id," \
	" coalesce(a.body->>'currency', a.body->>'reward', ''), coalesce(a.body->>'reason', '')," \
	" (a.body->>'amount')::bigint, NULL, a.requested_by::text, coalesce(a.decision, 'waiting')," \
	" coalesce(a.decision_reason, a.why), NULL, NULL FROM loyalty.approval a" OF_MEMBER("a") \
	" AND a.decision IS DISTINCT FROM 'approved'"

#define UNION " UNION ALL "
#define LINES \
	"WITH zone AS (SELECT coalesce((SELECT p.timezone FROM loyalty.programme p), 'UTC') AS" \
	" name), thing AS (" \
	EVENTS UNION DATES UNION TIERS UNION REWARDS UNION CASES_OPENED UNION CASES_ENDED UNION REQUESTS "), line AS (" \
	"SELECT t.*, (extract(epoch FROM t.at) * 1000000)::bigint AS moment FROM thing t WHERE $3 =" \
	" '' OR t.family = $3)"

#define ORDER(d) "day " d ", moment " d ", seq " d ", kind " d ", id " d
#define BESIDE_KEY(compare) \
	" CROSS JOIN (SELECT string_to_array($4, ' ') AS k) k WHERE (l.day, l.moment, l.seq, l.kind," \
	" l.id) " compare \
	" ((k.k)[1]::date, (k.k)[2]::bigint, (k.k)[3]::bigint, (k.k)[4]::int, (k.k)[5]::bigint)"

// Points of an event: of the currency that members spend, where it moved that.
#define POINTS \
	"points AS (SELECT DISTINCT ON (x.seq) x.seq, x.currency_id, x.points FROM (" \
	"SELECT e.seq, e.currency_id, sum(e.amount) AS points FROM loyalty.ledger_entry e" OF_MEMBER("e") \
	" AND e.seq <> 0 AND e.seq IN (SELECT g.seq FROM page g WHERE g.kind = 0) GROUP BY 1, 2) x" \
	" JOIN loyalty.currency c USING (currency_id) ORDER BY x.seq, c.kind <> 'redeemable', x.currency_id)"

// Columns are read by their places in timeline_row_read().
#define WHOLE \
	" SELECT concat_ws(' ', g.day, g.moment, g.seq, g.kind, g.id), g.day, CASE WHEN" \
	" " LOCAL("g.at") "::date = g.day" \
	" AND g.kind IN (0, 4, 5, 6) THEN to_char(" LOCAL("g.at") ", 'HH24:MI') END, g.kind, g.id, g.seq," \
	" coalesce(j.type::text, g.what), coalesce(j.external_id, g.name), coalesce(j.object, g.object)," \
	" coalesce(j.reason, g.reason), coalesce(j.submitted_by::text, g.person)," \
	" coalesce(j.amount, (SELECT sum(a) FROM unnest(j.line_amount) a)::bigint, g.amount)," \
	" coalesce(j.quantity, g.quantity), CASE WHEN i.seq IS NOT NULL THEN 'pending'" \
	" WHEN o.result <> 'accepted' THEN o.result ELSE g.result END, coalesce(o.reason, g.why)," \
	" coalesce(p.points, g.points), coalesce(p.currency_id, g.currency_id), g.n1, g.n2 FROM page g" \
	" LEFT JOIN loyalty.journal j ON g.kind = 0 AND j.member_id = $2::bigint AND j.seq = g.seq" \
	" LEFT JOIN loyalty.outcome o ON o.member_id = $2::bigint AND o.seq = j.seq" \
	" LEFT JOIN loyalty.inbox i ON i.bucket = loyalty.bucket_of($2::bigint) AND i.member_id =" \
	" $2::bigint" \
	" AND i.seq = j.seq LEFT JOIN points p ON p.seq = j.seq" \
	" ORDER BY g.day DESC, g.moment DESC, g.seq DESC, g.kind DESC, g.id DESC"

// __extension__: longer than ISO C promises for a literal.
#define TIMELINE(where, inwards) \
	__extension__ LINES ", page AS MATERIALIZED (SELECT l.* FROM line l" where " ORDER BY" \
	" " ORDER(inwards) \
	" LIMIT $1::int), " POINTS WHOLE
	// clang-format on

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
		.of = (int)result_int64(result, row, 17),
		.was = (int)result_int64(result, row, 18),
	};
}
