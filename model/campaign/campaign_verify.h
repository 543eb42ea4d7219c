// The proof of a campaign: every draw worked out once more from the seed, by the database and, once the seed
// is shown, by this program; and why each was won or not, from the decisions before it.
#ifndef MODEL_CAMPAIGN_VERIFY_H
#define MODEL_CAMPAIGN_VERIFY_H
#include "db/error.h"
#include "db/session.h"
#include "model/campaign/campaign.h"
#include "model/campaign/campaign_reasons.h"
#include <stdbool.h>
#include <stdint.h>

struct campaign_proof {
	int64_t decisions; // that the database has worked out
	int64_t derived;   // of these, here, by the seed that is shown; 0: it is not yet
	int64_t broken;
	struct result *breaches; // what the database found: columns member_id, instance, invariant, detail
	struct campaign_reasons reasons;
	int64_t first_member, first_instance; // of the first that is wrong here, 0: none
};

// False: error tells why; either way campaign_proof_free() is due.
bool campaign_verify(
	struct campaign_proof *proof, struct session *session, int campaign_no, struct error *error);
void campaign_proof_free(struct campaign_proof *proof);
#endif
