// Statements about what waits for a second person.
#include "model/approval.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define APPROVAL_PAGE(after, order)                                                                          \
	"SELECT x.member_id, m.number, x.age_s, btrim(m.given_name || ' ' || m.family_name), x.type, "       \
	"x.why, x.requested_by,"                                                                             \
	" coalesce(s.name, x.requested_by), x.source, x.external_id, x.body, x.activity_on, x.hash, x.mine," \
	" x.requested_at::text, x.place, x.amount, x.currency, x.reason, x.case_no FROM ("                   \
	"SELECT a.member_id, a.type, a.why, a.requested_by, a.source, a.external_id, a.body::text AS body, " \
	"a.activity_on,"                                                                                     \
	" encode(a.request_hash, 'hex') AS hash, a.requested_by = session_user AS mine, a.requested_at,"     \
	" extract(epoch FROM now() - a.requested_at)::bigint AS age_s,"                                      \
	" a.body->>'amount' AS amount, a.body->>'currency' AS currency, a.body->>'reason' AS reason,"        \
	" a.body->>'case_no' AS case_no, hashtextextended(a.source || ' ' || a.external_id, 0) AS place"     \
	" FROM loyalty.approval a WHERE a.decision IS NULL"                                                  \
	" AND (a.requested_at, a.member_id, hashtextextended(a.source || ' ' || a.external_id, 0)) " after   \
	" ($1::timestamptz, $2::bigint, $3::bigint)"                                                         \
	" ORDER BY a.requested_at " order ", a.member_id " order ", place " order " LIMIT $4"                \
	") x JOIN loyalty.member m ON m.member_id = x.member_id LEFT JOIN loyalty.staff s ON s.login = "     \
	"x.requested_by"                                                                                     \
	" ORDER BY x.requested_at, x.member_id, x.place"

static const char *const pages[PAGE_KINDS] = {
	[PAGE_FIRST] = APPROVAL_PAGE(">", "ASC"),
	[PAGE_LAST] = APPROVAL_PAGE("<", "DESC"),
	[PAGE_AFTER] = APPROVAL_PAGE(">", "ASC"),
	[PAGE_BEFORE] = APPROVAL_PAGE("<", "DESC"),
	[PAGE_FROM] = APPROVAL_PAGE(">=", "ASC"),
};

// Keys read "2026-11-22 02:13:57.123456+00|1234|-77": time, member, hash of the event's own key.
void approval_list(struct ask *ask, const struct page *page)
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
	ask_init(ask, pages[page->from]);
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
