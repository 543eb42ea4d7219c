// The worker's run of campaigns, piece by piece: finds who comes, decides, and writes decisions and events
// down in one transaction.
#ifndef MODEL_CAMPAIGN_RUN_H
#define MODEL_CAMPAIGN_RUN_H
#include "db/error.h"
#include "db/session.h"
#include "db/wire.h"
#include "model/campaign/campaign_decide.h"
#include "model/campaign/campaign_find.h"
#include <stdbool.h>
#include <stdint.h>

// Any number of workers may step at once: one has the turn, the others find nothing to do. Killed at any
// moment, a piece was written whole or not at all, and is found again.
struct campaign_runner {
	struct campaign campaign;     // as last read: of ...
	int campaign_no, revision_no; // 0: none yet
	struct finder finder;
	struct query post;
	char since[40];  // with `once`: when this run began, so that it ends; "" else
	int64_t granted; // since the runner began
	int piece;       // instances looked at in one transaction
};

void campaign_runner_init(struct campaign_runner *runner, int piece); // piece 0: 5000
void campaign_runner_free(struct campaign_runner *runner);

// One piece of what is to do up to the business day, in a transaction of its own. Sets *is_busy when there
// was one. once: each campaign is passed once, however long it takes. A campaign that cannot be run is paused
// with the reason; false: the link or the server does not work.
bool campaign_step(struct campaign_runner *runner, struct session *session, day_t today, bool once,
	bool *is_busy, struct error *error);
#endif
