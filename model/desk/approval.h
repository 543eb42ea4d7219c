// What waits for a second person: who asks for what, why it waits, what it would do; and deciding on it.
#ifndef MODEL_APPROVAL_H
#define MODEL_APPROVAL_H
#include "db/result.h"
#include "model/ask.h"
#include "model/page.h"
#include <stdbool.h>
#include <stdint.h>

enum { APPROVAL_KEY = 96 };
// All but events are documents of the house and have no member: activity_on is the day from which they are to hold,
// body what they are about. Each is decided on where it stands: model/programme/programme_version.h,
// model/campaign/campaign_life.h, model/partner/partner.h (hash is the partner's code, object_no the price).
enum approval_kind { APPROVAL_EVENT, APPROVAL_VERSION, APPROVAL_CAMPAIGN, APPROVAL_PRICE, APPROVAL_KINDS };

// Texts are borrowed from the result.
struct approval_row {
	enum approval_kind kind;
	int object_no;                    // of a document: version, campaign, price
	int64_t member_id, number, age_s; // 0, 0 of a document
	const char *member, *type, *why, *requested_by, *requester, *source, *external_id, *body,
		*activity_on, *hash;
	const char *amount, *currency, *reason, *case_no; // of the event, as text; "" where it has none
	bool is_mine;                                     // nobody decides on what they asked for themself
	char key[APPROVAL_KEY];
};
// The oldest first. Support sees no prices, marketing no members.
enum approval_scope { APPROVALS_OF_SUPPORT, APPROVALS_ALL, APPROVALS_OF_DOCUMENTS, APPROVAL_SCOPES };
void approval_list(struct ask *ask, const struct page *page, enum approval_scope scope);
void approval_row_read(const struct result *result, int row, struct approval_row *out);

// What an event would do, a row each: what of whom, as it is, as it would be; "trouble" last, where it could not be approved.
// Previewing a merge reads personal data, which is written down.
void approval_effect(struct ask *ask, int64_t member_id, const char *source, const char *external_id);

// What the decision is about, as it was shown: hash is of that request. Texts are borrowed until sent.
struct approval_decision {
	int64_t member_id;
	const char *source, *external_id, *hash;
	bool is_approved;
	const char *reason;
};
// SQLSTATEs: LY010 somebody was faster, LY012 your own, LY013 not what was shown.
void approval_decide(struct ask *ask, const struct approval_decision *decision);
#endif
