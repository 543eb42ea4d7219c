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
#endif
