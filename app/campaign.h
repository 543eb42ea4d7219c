// What the verbs about campaigns share.
#ifndef APP_CAMPAIGN_H
#define APP_CAMPAIGN_H
#include "app/verb.h"
#include "db/session.h"
#include "model/campaign/campaign_life.h"
#include <stdbool.h>

// Reads the number of a campaign; false with an error of kind USAGE.
bool campaign_name_read(const char *text, int *campaign_no, struct error *error);
// The campaign with its newest document; texts live in the result returned. NULL: there is none.
struct result *campaign_fetch(
	struct session *session, int campaign_no, struct campaign_line *line, struct error *error);
// Whether anybody is in the audience; *members: how many. An audience of nobody is refused on its setting.
bool campaign_audience_check(struct session *session, const struct campaign *campaign,
	const struct condition_names *names, int64_t *members, struct error *error);
#endif
