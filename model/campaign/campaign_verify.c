// The proof of a campaign: every draw worked out once more from the seed, by the database and, once the seed
// is shown, by this program; and why each was won or not, from the decisions before it.
#include "model/campaign/campaign_verify.h"

#include "model/campaign/campaign_decisions.h"
#include "model/campaign/campaign_draw.h"
#include "model/campaign/campaign_life.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

// A page of decisions with what the ticket has to lie between: the chances up to the prize drawn, none for a
// hold-out.
static const char DECISIONS_SQL[] =
	"WITH prize AS (SELECT r.revision_no, z->>'code' AS code, sum((z->>'chance')::int) OVER w - "
	"(z->>'chance')::int AS low, "
	"sum((z->>'chance')::int) OVER w AS high FROM loyalty.campaign_revision r, "
	"jsonb_array_elements(r.projection->'prizes') "
	"WITH ORDINALITY t (z, n) WHERE r.campaign_no = $1::int WINDOW w AS (PARTITION BY r.revision_no "
	"ORDER BY n)) "
	"SELECT g.decision_no, g.revision_no, g.member_id, g.instance, g.ticket, coalesce(z.low, 0)::int, "
	"coalesce(z.high, 1000000)::int "
	"FROM loyalty.campaign_grant g LEFT JOIN prize z ON z.revision_no = g.revision_no AND z.code = "
	"g.drawn "
	"WHERE g.campaign_no = $1::int AND g.decision_no > $2::bigint ORDER BY g.decision_no LIMIT $3::int";

enum column { DECISION_NO, REVISION_NO, MEMBER_ID, INSTANCE, TICKET, LOW, HIGH };

// All draws of a campaign under its seed.
struct derivation {
	struct campaign_proof *proof;
	struct campaign_draw draw;
	int campaign_no;
};

static void decision_derive(void *payload, const struct result *result, int row)
{
	struct derivation *derivation = payload;
	struct campaign_proof *proof = derivation->proof;
	int64_t member_id = result_int64(result, row, MEMBER_ID),
		instance = result_int64(result, row, INSTANCE);
	int ticket = campaign_draw_ticket(&derivation->draw, derivation->campaign_no,
		(int)result_int64(result, row, REVISION_NO), member_id, instance);
	proof->derived++;
	if (ticket == result_int64(result, row, TICKET) && ticket >= result_int64(result, row, LOW) &&
		ticket < result_int64(result, row, HIGH))
		return;
	proof->broken++;
	if (proof->first_member == 0) {
		proof->first_member = member_id;
		proof->first_instance = instance;
	}
}

static bool decisions_derive(
	struct derivation *derivation, struct session *session, struct error *error)
{
	return decisions_each(session, DECISIONS_SQL, derivation->campaign_no, decision_derive, derivation, error) &&
	       (!derivation->draw.has_failed || error_set(error, ERROR_FAILED, "verifying the campaign", "",
							"the library of digests does not work"));
}

static bool seed_derive(
	struct campaign_proof *proof, struct session *session, int campaign_no, struct error *error)
{
	struct ask ask;
	uint8_t seed[CAMPAIGN_DRAW_SEED];
	struct derivation derivation = {.proof = proof, .campaign_no = campaign_no};
	bool is_good = true;
	campaign_seed(&ask, campaign_no);
	struct result *shown = ask_session(session, &ask, error);
	if (!shown)
		return false;
	if (result_rows(shown) > 0 && campaign_draw_seed_read(result_text(shown, 0, 0), seed)) {
		campaign_draw_init(&derivation.draw, seed);
		is_good = decisions_derive(&derivation, session, error);
		campaign_draw_free(&derivation.draw);
	}
	result_free(shown);
	return is_good;
}

bool campaign_verify(
	struct campaign_proof *proof, struct session *session, int campaign_no, struct error *error)
{
	char number[12];
	*proof = (struct campaign_proof){.decisions = 0};
	snprintf(number, sizeof number, "%d", campaign_no);
	struct result *count = session_ask(session, error,
		"SELECT count(*) FROM loyalty.campaign_grant g WHERE g.campaign_no = $1::int", 1, number);
	if (!count)
		return false;
	proof->decisions = result_int64(count, 0, 0);
	result_free(count);
	proof->breaches =
		session_ask(session, error, "SELECT * FROM loyalty.campaign_broken($1::int)", 1, number);
	if (!proof->breaches)
		return false;
	if (!campaign_reasons_check(&proof->reasons, session, campaign_no, error))
		return false;
	proof->broken = result_rows(proof->breaches) + proof->reasons.broken;
	return seed_derive(proof, session, campaign_no, error);
}

void campaign_proof_free(struct campaign_proof *proof)
{
	result_free(proof->breaches);
	proof->breaches = NULL;
}
