// Who comes to a campaign: the one statement that finds the instances of its trigger, for the run and for the
// dry run.
#ifndef MODEL_CAMPAIGN_FIND_H
#define MODEL_CAMPAIGN_FIND_H
#include "db/error.h"
#include "db/session.h"
#include "model/campaign/campaign.h"
#include "model/campaign/campaign_decide.h"
#include "model/segment/compile.h"

struct finder {
	char *sql;
	struct condition_sql audience; // its values are borrowed by every look
	struct result *result;         // of the last look; candidates live in it and in gifts
	day_t *gifts;
	int gift_capacity;
};

// audience: as frozen. reach: CONDITION_FEW where a look asks for some thousand instances, CONDITION_MANY
// where for most members. False: error tells why; either way finder_free() is due.
bool finder_init(struct finder *finder, const struct campaign *campaign, int campaign_no,
	const char *audience, const struct condition_names *names, enum condition_reach reach,
	struct error *error);
void finder_free(struct finder *finder);

// Instances on days `from` to `to` (both included) of members above `after`, in order of member, then day; at
// most `limit` of them, whether in the audience, as it is on `today`, or not.
struct look {
	day_t from, to, today;
	int64_t after;
	int64_t cooldown_days; // so far back before `from` gifts of other campaigns matter
	int limit;
};
// Returns how many there are, -1 on error.
int finder_look(struct finder *finder, struct session *session, const struct look *look, struct error *error);

struct found {
	struct candidate candidate; // valid until the next look, or found_read()
	bool is_in;                 // in the audience
	bool is_decided;            // before
};
struct found found_read(struct finder *finder, int row);
#endif
