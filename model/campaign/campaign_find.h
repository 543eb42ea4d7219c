// Who comes to a campaign: the one statement that finds the instances of its trigger, for the run and for the
// dry run.
#ifndef MODEL_CAMPAIGN_FIND_H
#define MODEL_CAMPAIGN_FIND_H
#include "db/error.h"
#include "db/session.h"
#include "model/campaign/campaign.h"
#include "model/campaign/campaign_decide.h"

struct finder {
	char *sql;
	struct result *result; // of the last look; candidates live in it and in gifts
	day_t *gifts;
	int gift_capacity;
};

// False: error tells why; either way finder_free() is due.
bool finder_init(
	struct finder *finder, const struct campaign *campaign, int campaign_no, struct error *error);
void finder_free(struct finder *finder);

// At most `limit` instances on those days (both included) of members above that one, in order of member, then
// day; whether in the audience or not. Returns how many, -1 on error.
int finder_look(struct finder *finder, struct session *session, day_t from, day_t to, int64_t after,
	int limit, struct error *error);

struct found {
	struct candidate candidate; // valid until the next look, or found_read()
	bool is_in;                 // in the audience
	bool is_decided;            // before
};
struct found found_read(struct finder *finder, int row);
#endif
