// The verb campaign verify: works out every decision of a campaign once more.
#include "app/campaign.h"
#include "app/output.h"
#include "model/campaign/campaign_verify.h"

#include <inttypes.h>
#include <stdio.h>

static void proof_print(
	const struct arguments *arguments, const struct campaign_proof *proof, int campaign_no)
{
	const struct campaign_reasons *reasons = &proof->reasons;
	if (result_rows(proof->breaches) > 0)
		output_table(stdout, arguments->format, proof->breaches);
	if (proof->first_member)
		printf("member id %" PRId64 ", instance %" PRId64
		       ": the seed that is shown gives something else\n",
			proof->first_member, proof->first_instance);
	for (int i = 0; i < reasons->breach_count; i++)
		printf("member id %" PRId64 ", instance %" PRId64 ": %s\n", reasons->breaches[i].member_id,
			reasons->breaches[i].instance, reasons->breaches[i].detail);
	if (reasons->unread[0])
		printf("why its decisions were made is not looked at: %s\n", reasons->unread);
	printf("campaign %d: %" PRId64 " decisions, %" PRId64 " broken", campaign_no, proof->decisions,
		proof->broken);
	if (proof->derived > 0)
		printf("; %" PRId64 " worked out here from the seed that is shown\n", proof->derived);
	else
		printf("; worked out by the database, as the seed is not shown before the end\n");
}

int campaign_verify_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct campaign_line line;
	struct campaign_proof proof = {.breaches = NULL};
	int campaign_no;
	if (!campaign_name_read(arguments->operands[0], &campaign_no, &error))
		return verb_failed(&error);
	struct session *session = verb_session(arguments, &error);
	struct result *result = session ? campaign_fetch(session, campaign_no, &line, &error) : NULL;
	bool is_good = result && campaign_verify(&proof, session, campaign_no, &error);
	if (is_good)
		proof_print(arguments, &proof, campaign_no);
	bool is_broken = proof.broken > 0;
	campaign_proof_free(&proof);
	result_free(result);
	session_close(session);
	return is_good ? is_broken : verb_failed(&error);
}
