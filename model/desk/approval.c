// Statements about what waits for a second person: events above a limit, versions of the programme.
#include "model/desk/approval.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// Both have the same columns, in the order of the queue: time, member, place within both.
#define EVENTS(after, order)                                                                                 \
	"SELECT a.requested_at, a.member_id,"                                                                \
	" hashtextextended(a.source || ' ' || a.external_id, 0) AS place, a.type::text AS type, a.why,"      \
	" a.requested_by, a.source, a.external_id, a.body::text AS body, a.activity_on,"                     \
	" encode(a.request_hash, 'hex') AS hash, a.requested_by = session_user AS mine,"                     \
	" a.body->>'amount' AS amount, a.body->>'currency' AS currency, a.body->>'reason' AS reason,"        \
	" a.body->>'case_no' AS case_no FROM loyalty.approval a WHERE a.decision IS NULL"                    \
	" AND (a.requested_at, a.member_id, hashtextextended(a.source || ' ' || a.external_id, 0)) " after   \
	" ($1::timestamptz, $2::bigint, $3::bigint)"                                                         \
	" ORDER BY a.requested_at " order ", a.member_id " order ", place " order " LIMIT $4"
#define VERSIONS(after)                                                                                      \
	"SELECT v.submitted_at AS requested_at, 0::bigint AS member_id, v.version_no::bigint AS place,"      \
	" 'programme' AS type, 'a version of the programme always needs a second person' AS why,"            \
	" v.submitter AS requested_by, '' AS source, v.version_no::text AS external_id, v.code AS body,"     \
	" v.effective_from AS activity_on, encode(v.sha256, 'hex') AS hash,"                                 \
	" session_user IN (v.author, v.submitter) AS mine, NULL AS amount, NULL AS currency,"                \
	" NULL AS reason, NULL AS case_no FROM loyalty.programme_version v WHERE v.state = 'submitted'"      \
	" AND (v.submitted_at, 0, v.version_no::bigint) " after " ($1::timestamptz, $2::bigint, $3::bigint)"

// Columns are read by their places in approval_row_read().
#define PAGE(from, order, number, name, join)                                                                \
	"SELECT x.member_id, " number ", extract(epoch FROM now() - x.requested_at)::bigint, " name ","      \
	" x.type, x.why, x.requested_by, coalesce(s.name, x.requested_by), x.source, x.external_id, x.body," \
	" x.activity_on, x.hash, x.mine, x.requested_at::text, x.place, x.amount, x.currency, x.reason,"     \
	" x.case_no FROM (SELECT * FROM (" from ") q ORDER BY requested_at " order ", member_id " order      \
	", place " order " LIMIT $4) x " join " LEFT JOIN loyalty.staff s ON s.login = x.requested_by"       \
	" ORDER BY x.requested_at, x.member_id, x.place"
#define ALL_PAGE(after, order)                                                                               \
	PAGE("(" EVENTS(after, order) ") UNION ALL " VERSIONS(after), order, "m.number",                     \
		"btrim(m.given_name || ' ' || m.family_name)",                                               \
		"LEFT JOIN loyalty.member m ON m.member_id = x.member_id")
#define VERSION_PAGE(after, order) PAGE(VERSIONS(after), order, "NULL", "NULL", "")

static const char *const pages[2][PAGE_KINDS] = {
	[APPROVALS_ALL] = {[PAGE_FIRST] = ALL_PAGE(">", "ASC"),
		[PAGE_LAST] = ALL_PAGE("<", "DESC"),
		[PAGE_AFTER] = ALL_PAGE(">", "ASC"),
		[PAGE_BEFORE] = ALL_PAGE("<", "DESC"),
		[PAGE_FROM] = ALL_PAGE(">=", "ASC")},
	[APPROVALS_OF_VERSIONS] = {[PAGE_FIRST] = VERSION_PAGE(">", "ASC"),
		[PAGE_LAST] = VERSION_PAGE("<", "DESC"),
		[PAGE_AFTER] = VERSION_PAGE(">", "ASC"),
		[PAGE_BEFORE] = VERSION_PAGE("<", "DESC"),
		[PAGE_FROM] = VERSION_PAGE(">=", "ASC")},
};

// Keys read "2026-11-22 02:13:57.123456+00|1234|-77": time, member, hash of the event's own key; of a version
// 0 and its number.
void approval_list(struct ask *ask, const struct page *page, enum approval_scope scope)
{
	bool is_last = page->from == PAGE_LAST;
	const char *at = is_last ? "infinity" : "-infinity";
	size_t length = strlen(at);
	int64_t member_id = 0, place = 0;
	if (page->from >= PAGE_AFTER) {
		size_t found = strcspn(page->key, "|");
		if (found < ASK_SHORT &&
			sscanf(page->key + found, "|%" SCNd64 "|%" SCNd64, &member_id, &place) == 2) {
			at = page->key;
			length = found;
		}
	}
	ask_init(ask, pages[scope][page->from]);
	ask_short(ask, at, length);
	ask_number(ask, member_id);
	ask_number(ask, place);
	ask_number(ask, page->rows);
}

void approval_row_read(const struct result *r, int row, struct approval_row *a)
{
	*a = (struct approval_row){
		.member_id = result_int64(r, row, 0),
		.number = result_int64(r, row, 1),
		.age_s = result_int64(r, row, 2),
		.member = result_text(r, row, 3),
		.type = result_text(r, row, 4),
		.why = result_text(r, row, 5),
		.requested_by = result_text(r, row, 6),
		.requester = result_text(r, row, 7),
		.source = result_text(r, row, 8),
		.external_id = result_text(r, row, 9),
		.body = result_text(r, row, 10),
		.activity_on = result_text(r, row, 11),
		.hash = result_text(r, row, 12),
		.is_mine = result_bool(r, row, 13),
		.amount = result_text(r, row, 16),
		.currency = result_text(r, row, 17),
		.reason = result_text(r, row, 18),
		.case_no = result_text(r, row, 19),
	};
	a->version_no = a->member_id == 0 ? (int)result_int64(r, row, 15) : 0;
	snprintf(a->key, sizeof a->key, "%s|%" PRId64 "|%s", result_text(r, row, 14), a->member_id,
		result_text(r, row, 15));
}

void approval_decide(struct ask *ask, const struct approval_decision *d)
{
	ask_init(ask, "SELECT loyalty.approval_decide($1, $2, $3, decode($4, 'hex'), $5, $6)");
	ask_number(ask, d->member_id);
	ask_text(ask, d->source);
	ask_text(ask, d->external_id);
	ask_text(ask, d->hash);
	ask_text(ask, d->is_approved ? "approved" : "refused");
	ask_text(ask, d->reason);
}
