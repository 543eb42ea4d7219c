// Why each decision of a campaign was what it was, worked out once more from the decisions before it.
#ifndef MODEL_CAMPAIGN_REASONS_H
#define MODEL_CAMPAIGN_REASONS_H
#include "db/error.h"
#include "db/session.h"
#include "model/campaign/campaign.h"
#include <stdbool.h>
#include <stdint.h>

enum { REASONS_BREACHES = 20, REASONS_DETAIL = 200 };

// A decision that does not follow: "says budget, but small follows from the decisions before it".
struct reasons_breach {
	int64_t member_id, instance;
	char detail[REASONS_DETAIL];
};

// Tickets and hold-outs are taken as they stand: whoever has the seed proves those. A cooldown of the house
// may be any that it has had; that a reward had run out is the word of its stock, which others use up too.
struct campaign_reasons {
	int64_t derived, broken;
	struct reasons_breach breaches[REASONS_BREACHES]; // the first of them
	int breach_count;
	char unread[REASONS_DETAIL]; // why decisions of a revision are not looked at; "": all are
};

// In the order they were made: limits, cooldown, stock, budget and its pace, of awards and of those that were
// none. False: error tells why.
bool campaign_reasons_check(
	struct campaign_reasons *history, struct session *session, int campaign_no, struct error *error);
#endif
