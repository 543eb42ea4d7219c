// Statements about what waits for a second person: events above a limit, and documents of the house: versions
// of the programme, campaigns, prices of partners.
#include "model/desk/approval.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// All have the same columns, in the order of the queue: time, member (0 of a document), place. A place is
// beyond those of the other kinds of documents.
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
#define CAMPAIGN_PLACES "1000000"
#define PRICE_PLACES "2000000000::bigint"
#define DOCUMENT(after, type, why, time, place, author, name, body, day, hash, mine, from)                   \
	"SELECT " time " AS requested_at, 0::bigint AS member_id, (" place ")::bigint AS place, '" type      \
	"' AS type, '" why "' AS why, " author " AS requested_by, '' AS source, " name                       \
	" AS external_id, " body " AS body, " day " AS activity_on, " hash " AS hash, " mine                 \
	" AS mine, NULL AS amount,"                                                                          \
	" NULL AS currency, NULL AS reason, NULL AS case_no FROM " from " AND (" time ", 0, (" place         \
	")::bigint) " after " ($1::timestamptz, $2::bigint, $3::bigint)"
#define VERSIONS(after)                                                                                      \
	DOCUMENT(after, "programme", "a version of the programme always needs a second person",              \
		"v.submitted_at", "v.version_no", "v.submitter", "v.version_no::text", "v.code",             \
		"v.effective_from", "encode(v.sha256, 'hex')", "session_user IN (v.author, v.submitter)",    \
		"loyalty.programme_version v WHERE v.state = 'submitted'")
#define CAMPAIGNS(after)                                                                                     \
	DOCUMENT(after, "campaign", "a campaign always needs a second person", "r.submitted_at",             \
		CAMPAIGN_PLACES " + r.campaign_no", "r.submitter", "r.campaign_no::text",                    \
		"c.name || ', revision ' || r.revision_no", "(r.projection->>'starts_on')::date",            \
		"encode(r.sha256, 'hex')", "session_user IN (r.author, r.submitter)",                        \
		"loyalty.campaign_revision r JOIN loyalty.campaign c USING (campaign_no)"                    \
		" WHERE r.state = 'submitted'")
#define PRICES(after)                                                                                        \
	DOCUMENT(after, "price", "a price agreed with a partner always needs a second person",               \
		"p.written_at", PRICE_PLACES " + abs(hashtext(p.partner))", "p.author", "p.price_no::text",  \
		"p.partner || ': ' || coalesce('issued ' || trim_scale(p.issued), 'issued as before')"       \
		" || ', ' || coalesce('sent ' || trim_scale(p.sent), 'sent as before')",                     \
		"p.from_on", "p.partner", "p.author = session_user",                                         \
		"loyalty.partner_price p WHERE p.state = 'waiting'")
#define OPEN_TO_ALL(after) VERSIONS(after) " UNION ALL " CAMPAIGNS(after)
#define DOCUMENTS(after) OPEN_TO_ALL(after) " UNION ALL " PRICES(after)

// Columns are read by their places in approval_row_read().
#define PAGE(from, order, number, name, join)                                                                \
	"SELECT x.member_id, " number ", extract(epoch FROM now() - x.requested_at)::bigint, " name ","      \
	" x.type, x.why, x.requested_by, coalesce(s.name, x.requested_by), x.source, x.external_id, x.body," \
	" x.activity_on, x.hash, x.mine, x.requested_at::text, x.place, x.amount, x.currency, x.reason,"     \
	" x.case_no FROM (SELECT * FROM (" from ") q ORDER BY requested_at " order ", member_id " order      \
	", place " order " LIMIT $4) x " join " LEFT JOIN loyalty.staff s ON s.login = x.requested_by"       \
	" ORDER BY x.requested_at, x.member_id, x.place"
#define MEMBER_PAGE(documents, after, order)                                                                 \
	PAGE("(" EVENTS(after, order) ") UNION ALL " documents(after), order, "m.number",                    \
		"btrim(m.given_name || ' ' || m.family_name)",                                               \
		"LEFT JOIN loyalty.member m ON m.member_id = x.member_id")
#define SERVE_PAGE(after, order) MEMBER_PAGE(OPEN_TO_ALL, after, order)
#define DECIDE_PAGE(after, order) MEMBER_PAGE(DOCUMENTS, after, order)
#define DRAFT_PAGE(after, order) PAGE(DOCUMENTS(after), order, "NULL", "NULL", "")
#define PAGES(page)                                                                                          \
	{                                                                                                    \
		[PAGE_FIRST] = page(">", "ASC"), [PAGE_LAST] = page("<", "DESC"),                            \
		[PAGE_AFTER] = page(">", "ASC"), [PAGE_BEFORE] = page("<", "DESC"),                          \
		[PAGE_FROM] = page(">=", "ASC"),                                                             \
	}

static const char *const pages[APPROVAL_SCOPES][PAGE_KINDS] = {
	[APPROVALS_OF_SUPPORT] = PAGES(SERVE_PAGE),
	[APPROVALS_ALL] = PAGES(DECIDE_PAGE),
	[APPROVALS_OF_DOCUMENTS] = PAGES(DRAFT_PAGE),
};

// Keys read "2026-11-22 02:13:57.123456+00|1234|-77": time, member, hash of the event's own key; of a
// document 0 and its place.
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

static const char *const kinds[APPROVAL_KINDS] = {
	[APPROVAL_VERSION] = "programme", [APPROVAL_CAMPAIGN] = "campaign", [APPROVAL_PRICE] = "price"};

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
	for (enum approval_kind kind = APPROVAL_EVENT; kind < APPROVAL_KINDS && a->member_id == 0; kind++)
		if (kinds[kind] && strcmp(kinds[kind], a->type) == 0) {
			a->kind = kind;
			a->object_no = atoi(a->external_id);
		}
	snprintf(a->key, sizeof a->key, "%s|%" PRId64 "|%s", result_text(r, row, 14), a->member_id,
		result_text(r, row, 15));
}

void approval_effect(struct ask *ask, int64_t member_id, const char *source, const char *external_id)
{
	ask_init(ask, "SELECT e.what, e.has, e.becomes FROM loyalty.approval_effect($1, $2, $3) e");
	ask_number(ask, member_id);
	ask_text(ask, source);
	ask_text(ask, external_id);
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
