// Purchases that came in for nobody, and the members who claim them.
#include "model/member/claim.h"

void claim_submit(struct ask *ask, int64_t member_id, const char *receipt, int64_t amount_minor)
{
	ask_init(ask, "SELECT loyalty.claim($1, $2, $3)");
	ask_number(ask, member_id);
	ask_text(ask, receipt);
	ask_number(ask, amount_minor);
}

void claim_submit_named(struct ask *ask, const char *member, const char *receipt, int64_t amount_minor)
{
	ask_init(ask, "SELECT loyalty.claim(loyalty.member_of($1), $2, $3)");
	ask_text(ask, member);
	ask_text(ask, receipt);
	ask_number(ask, amount_minor);
}

void claim_list(struct ask *ask)
{
	ask_init(ask, "SELECT u.day, u.source, u.receipt, u.named, u.type, round(u.amount / 100.0, 2) AS amount, u.can_be_claimed "
		      "FROM loyalty.unmatched_list(1000) u");
}

void claim_window(struct ask *ask, const char *days)
{
	ask_init(ask, "SELECT loyalty.claim_window_set($1::int)");
	ask_text(ask, days);
}
