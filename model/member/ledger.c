// What stands in a member's books: ledger entries with running balance, open lots, purchases, issued rewards,
// audit lines.
#include "model/member/ledger.h"

// clang-format off
#define ZONE "coalesce((SELECT p.timezone FROM loyalty.programme p), 'UTC')"
#define MOMENT(column) "to_char(" column " AT TIME ZONE " ZONE ", 'YYYY-MM-DD HH24:MI')"

// A list of one member by a number that falls: the page is cut on the primary key first and joined then.
#define CUT(select, table, number, compare, inwards, joins) \
	select " FROM (SELECT * FROM " table " x WHERE x.member_id = $2::bigint" compare \
	" ORDER BY x." number " " inwards " LIMIT $1::int) x" joins " ORDER BY x." number " DESC"
#define BESIDE(number, compare) " AND x." number " " compare " $3::bigint"
#define PAGES(select, table, number, joins) { \
	[PAGE_FIRST] = CUT(select, table, number, "", "DESC", joins), \
	[PAGE_LAST] = CUT(select, table, number, "", "ASC", joins), \
	[PAGE_AFTER] = CUT(select, table, number, BESIDE(number, "<"), "DESC", joins), \
	[PAGE_BEFORE] = CUT(select, table, number, BESIDE(number, ">"), "ASC", joins), \
	[PAGE_FROM] = CUT(select, table, number, BESIDE(number, "<="), "DESC", joins), \
}

// The same together with those of the members merged into this one, which come last; the key is "own member number".
#define CUT_OF(select, table, number, compare, inwards, joins) \
	select ", concat_ws(' ', x.own, x.member_id, x." number "), CASE x.own WHEN 0 THEN x.member_id ELSE 0 END," \
	" CASE x.own WHEN 0 THEN (SELECT m.number FROM loyalty.member m WHERE m.member_id = x.member_id) ELSE 0 END FROM (SELECT * FROM (" \
	"SELECT 1 AS own, t.* FROM " table " t WHERE t.member_id = $2::bigint UNION ALL SELECT 0, t.* FROM loyalty.member_merge g" \
	" JOIN " table " t ON t.member_id = g.member_id WHERE g.target_id = $2::bigint AND g.ended_at IS NULL) x" compare \
	" ORDER BY x.own " inwards ", x.member_id " inwards ", x." number " " inwards " LIMIT $1::int) x" joins \
	" ORDER BY x.own DESC, x.member_id DESC, x." number " DESC"
#define BESIDE_OF(number, compare) \
	" WHERE (x.own, x.member_id, x." number ") " compare " (split_part($3, ' ', 1)::int, split_part($3, ' ', 2)::bigint, split_part($3, ' ', 3)::bigint)"
#define PAGES_OF(select, table, number, joins) { \
	[PAGE_FIRST] = CUT_OF(select, table, number, "", "DESC", joins), \
	[PAGE_LAST] = CUT_OF(select, table, number, "", "ASC", joins), \
	[PAGE_AFTER] = CUT_OF(select, table, number, BESIDE_OF(number, "<"), "DESC", joins), \
	[PAGE_BEFORE] = CUT_OF(select, table, number, BESIDE_OF(number, ">"), "ASC", joins), \
	[PAGE_FROM] = CUT_OF(select, table, number, BESIDE_OF(number, "<="), "DESC", joins), \
}
// clang-format on

static void list(struct ask *ask, const char *const *sql, int64_t member_id, const struct page *page)
{
	ask_init(ask, sql[page->from]);
	ask_number(ask, page->rows);
	ask_number(ask, member_id);
	if (page->from != PAGE_FIRST && page->from != PAGE_LAST)
		ask_text(ask, page->key);
}

// --- Entries.

// clang-format off
static const char *const ledger_sql[PAGE_KINDS] = PAGES(
	"SELECT x.entry_no, x.seq, x.of_seq, " MOMENT("x.posted_at") ", x.activity_on, x.currency_id, x.amount,"
	" x.balance_after, a.code, r.code, j.type, j.external_id, j.reason, j.submitted_by",
	"loyalty.ledger_entry", "entry_no",
	" JOIN loyalty.account a USING (account_id) LEFT JOIN loyalty.rule r USING (rule_id)"
	" LEFT JOIN loyalty.journal j ON j.member_id = x.member_id AND j.seq = x.seq");
// clang-format on

void ledger_list(struct ask *ask, int64_t member_id, const struct page *page)
{
	list(ask, ledger_sql, member_id, page);
}

void ledger_row_read(const struct result *result, int row, struct ledger_row *entry)
{
	*entry = (struct ledger_row){
		.entry_no = result_int64(result, row, 0),
		.seq = result_int64(result, row, 1),
		.of_seq = result_int64(result, row, 2),
		.posted_at = result_text(result, row, 3),
		.activity_on = result_day(result, row, 4),
		.currency_id = (int)result_int64(result, row, 5),
		.amount = result_int64(result, row, 6),
		.balance_after = result_int64(result, row, 7),
		.account = result_text(result, row, 8),
		.rule = result_text(result, row, 9),
		.event = result_text(result, row, 10),
		.external_id = result_text(result, row, 11),
		.reason = result_text(result, row, 12),
		.person = result_text(result, row, 13),
	};
}

// --- Lots: in the order of use, so the key is what orders them.

// clang-format off
#define LOTS(compare, inwards) \
	"SELECT concat_ws(' ', x.day, x.earned_on, x.lot_no), x.lot_no, x.seq, x.granted, x.remaining," \
	" x.earned_on, x.expires_on, x.currency_id, j.type, j.external_id FROM (SELECT y.* FROM (" \
	"SELECT l.*, coalesce(l.expires_on, 'infinity') AS day FROM loyalty.lot l" \
	" WHERE l.member_id = $2::bigint AND l.remaining > 0 AND l.lot_no >=" \
	" (SELECT s.first_open_lot FROM loyalty.standing s WHERE s.member_id = $2::bigint)) y" compare \
	" ORDER BY y.day " inwards ", y.earned_on " inwards ", y.lot_no " inwards " LIMIT $1::int) x" \
	" LEFT JOIN loyalty.journal j ON j.member_id = x.member_id AND j.seq = x.seq" \
	" ORDER BY x.day, x.earned_on, x.lot_no"
#define BESIDE_LOT(compare) \
	" CROSS JOIN (SELECT string_to_array($3, ' ') AS k) k WHERE (y.day, y.earned_on, y.lot_no) " compare \
	" ((k.k)[1]::date, (k.k)[2]::date, (k.k)[3]::bigint)"
// clang-format on

static const char *const lot_sql[PAGE_KINDS] = {
	[PAGE_FIRST] = LOTS("", "ASC"),
	[PAGE_LAST] = LOTS("", "DESC"),
	[PAGE_AFTER] = LOTS(BESIDE_LOT(">"), "ASC"),
	[PAGE_BEFORE] = LOTS(BESIDE_LOT("<"), "DESC"),
	[PAGE_FROM] = LOTS(BESIDE_LOT(">="), "ASC"),
};

void lot_list(struct ask *ask, int64_t member_id, const struct page *page)
{
	list(ask, lot_sql, member_id, page);
}

void lot_row_read(const struct result *result, int row, struct lot_row *lot)
{
	*lot = (struct lot_row){
		.key = result_text(result, row, 0),
		.lot_no = result_int64(result, row, 1),
		.seq = result_int64(result, row, 2),
		.granted = result_int64(result, row, 3),
		.remaining = result_int64(result, row, 4),
		.earned_on = result_day(result, row, 5),
		.expires_on = result_day(result, row, 6),
		.currency_id = (int)result_int64(result, row, 7),
		.event = result_text(result, row, 8),
		.external_id = result_text(result, row, 9),
	};
}

// --- Purchases. What was returned and what points stand are sums over the member's own rows, of those on the
// page alone.

// clang-format off
#define PURCHASES(compare, inwards) \
	"WITH x AS MATERIALIZED (SELECT j.seq, j.activity_on, j.external_id, j.source, j.type, j.channel, j.amount," \
	" j.line_amount FROM loyalty.journal j WHERE j.member_id = $2::bigint" \
	" AND j.type IN ('purchase', 'partner')" compare " ORDER BY j.seq " inwards " LIMIT $1::int)," \
	" back AS (SELECT j.of_seq, sum(coalesce(j.amount, (SELECT sum(a) FROM unnest(j.line_amount) a), 0)) AS amount" \
	" FROM loyalty.journal j LEFT JOIN loyalty.outcome o ON o.member_id = j.member_id AND o.seq = j.seq" \
	" WHERE j.member_id = $2::bigint AND j.type = 'return' AND j.of_seq IN (SELECT x.seq FROM x)" \
	" AND coalesce(o.result, 'accepted') = 'accepted' GROUP BY 1)," \
	" points AS (SELECT DISTINCT ON (e.seq) e.seq, e.currency_id, e.points FROM (" \
	"SELECT coalesce(nullif(e.of_seq, 0), e.seq) AS seq, e.currency_id, sum(e.amount) AS points" \
	" FROM loyalty.ledger_entry e WHERE e.member_id = $2::bigint" \
	" AND coalesce(nullif(e.of_seq, 0), e.seq) IN (SELECT x.seq FROM x) GROUP BY 1, 2) e" \
	" JOIN loyalty.currency c USING (currency_id) ORDER BY e.seq, c.kind <> 'redeemable', e.currency_id)" \
	" SELECT x.seq, x.activity_on, x.external_id, x.source, x.type, x.channel," \
	" coalesce(x.amount, (SELECT sum(a) FROM unnest(x.line_amount) a), 0), b.amount, p.points, p.currency_id," \
	" CASE WHEN i.seq IS NOT NULL THEN 'pending' WHEN o.result <> 'accepted' THEN o.result ELSE '' END, o.reason" \
	" FROM x LEFT JOIN back b ON b.of_seq = x.seq LEFT JOIN points p ON p.seq = x.seq" \
	" LEFT JOIN loyalty.outcome o ON o.member_id = $2::bigint AND o.seq = x.seq LEFT JOIN loyalty.inbox i" \
	" ON i.bucket = loyalty.bucket_of($2::bigint) AND i.member_id = $2::bigint AND i.seq = x.seq" \
	" ORDER BY x.seq DESC"
// clang-format on

static const char *const purchase_sql[PAGE_KINDS] = {
	[PAGE_FIRST] = PURCHASES("", "DESC"),
	[PAGE_LAST] = PURCHASES("", "ASC"),
	[PAGE_AFTER] = PURCHASES(" AND j.seq < $3::bigint", "DESC"),
	[PAGE_BEFORE] = PURCHASES(" AND j.seq > $3::bigint", "ASC"),
	[PAGE_FROM] = PURCHASES(" AND j.seq <= $3::bigint", "DESC"),
};

void purchase_list(struct ask *ask, int64_t member_id, const struct page *page)
{
	list(ask, purchase_sql, member_id, page);
}

void purchase_row_read(const struct result *result, int row, struct purchase_row *purchase)
{
	*purchase = (struct purchase_row){
		.seq = result_int64(result, row, 0),
		.activity_on = result_day(result, row, 1),
		.external_id = result_text(result, row, 2),
		.source = result_text(result, row, 3),
		.type = result_text(result, row, 4),
		.channel = result_text(result, row, 5),
		.amount_minor = result_int64(result, row, 6),
		.returned_minor = result_int64(result, row, 7),
		.has_points = !result_is_null(result, row, 8),
		.points = result_int64(result, row, 8),
		.currency_id = (int)result_int64(result, row, 9),
		.result = result_text(result, row, 10),
		.result_reason = result_text(result, row, 11),
	};
}

// --- Rewards, cases, audit.

// clang-format off
static const char *const issued_sql[PAGE_KINDS] = PAGES_OF(
	"SELECT x.reward_no, x.seq, x.value_minor, r.code, r.name, s.state, j.type, x.issued_on, x.expires_on, x.used_minor, x.code",
	"loyalty.issued_reward", "reward_no",
	" JOIN loyalty.reward r USING (reward_id)"
	" CROSS JOIN LATERAL (SELECT loyalty.reward_state(i) AS state FROM loyalty.issued_reward i"
	" WHERE i.member_id = x.member_id AND i.reward_no = x.reward_no) s"
	" LEFT JOIN loyalty.journal j ON j.member_id = x.member_id AND j.seq = x.seq");

static const char *const case_sql[PAGE_KINDS] = PAGES_OF(
	"SELECT x.case_no, x.priority, x.title, x.state, x.owner, " MOMENT("x.opened_at") ", " MOMENT("x.due_at")
	", x.due_at < now() AND x.is_working",
	"loyalty.member_case", "case_no", "");

static const char *const audit_sql[PAGE_KINDS] = PAGES(
	"SELECT x.audit_no, " MOMENT("x.at") ", x.login, x.application, host(x.client), x.action, x.object",
	"loyalty.audit_log", "audit_no", "");
// clang-format on

void issued_list(struct ask *ask, int64_t member_id, const struct page *page)
{
	list(ask, issued_sql, member_id, page);
}

void issued_row_read(const struct result *result, int row, struct issued_row *issued)
{
	*issued = (struct issued_row){
		.reward_no = result_int64(result, row, 0),
		.seq = result_int64(result, row, 1),
		.value_minor = result_int64(result, row, 2),
		.code = result_text(result, row, 3),
		.name = result_text(result, row, 4),
		.state = result_text(result, row, 5),
		.event = result_text(result, row, 6),
		.issued_on = result_day(result, row, 7),
		.expires_on = result_day(result, row, 8),
		.used_minor = result_int64(result, row, 9),
		.voucher = result_text(result, row, 10),
		.key = result_text(result, row, 11),
		.owner_id = result_int64(result, row, 12),
		.owner_number = result_int64(result, row, 13),
	};
}

void member_case_list(struct ask *ask, int64_t member_id, const struct page *page)
{
	list(ask, case_sql, member_id, page);
}

void member_case_read(const struct result *result, int row, struct member_case_row *line)
{
	*line = (struct member_case_row){
		.case_no = (int)result_int64(result, row, 0),
		.priority = (int)result_int64(result, row, 1),
		.title = result_text(result, row, 2),
		.state = result_text(result, row, 3),
		.owner = result_text(result, row, 4),
		.opened_at = result_text(result, row, 5),
		.due_at = result_text(result, row, 6),
		.is_late = result_bool(result, row, 7),
		.key = result_text(result, row, 8),
		.owner_id = result_int64(result, row, 9),
		.owner_number = result_int64(result, row, 10),
	};
}

void audit_list(struct ask *ask, int64_t member_id, const struct page *page)
{
	list(ask, audit_sql, member_id, page);
}

void audit_row_read(const struct result *result, int row, struct audit_row *line)
{
	*line = (struct audit_row){
		.audit_no = result_int64(result, row, 0),
		.at = result_text(result, row, 1),
		.person = result_text(result, row, 2),
		.application = result_text(result, row, 3),
		.client = result_text(result, row, 4),
		.action = result_text(result, row, 5),
		.object = result_text(result, row, 6),
	};
}
