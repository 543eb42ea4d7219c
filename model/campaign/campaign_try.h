// The dry run of a campaign: whom it would have surprised in days gone by, or will in days to come, and what
// that costs. It writes nothing.
#ifndef MODEL_CAMPAIGN_TRY_H
#define MODEL_CAMPAIGN_TRY_H
#include "db/error.h"
#include "db/session.h"
#include "model/background.h"
#include "model/campaign/campaign_decide.h"
#include "model/campaign/campaign_find.h"
#include <stdbool.h>
#include <stdint.h>

// The whole membership, by the statement and the decisions of the real run; only the seed is another, of the
// dry run's own: the real one would tell who is going to win. So members and sums are those to expect, not
// those to come.
enum { TRY_LARGEST = 20, TRY_SAMPLE = 10 };

struct try_options {
	int campaign_no, revision_no; // 0: not stored yet
	day_t from, to;               // both included
	bool is_past; // as if it had run then: with whole budget and stock, by nobody's earlier gifts from it
	day_t today;
	int house_hold_out; // parts per million
	int64_t cooldown_days;
	int64_t spent_points, spent_minor; // what it has spent, unless is_past
	const int64_t *left;               // by prize, unless is_past; NULL: its whole stock
	struct background *background;     // is told how far it is, and ends it; NULL: nobody does
};

struct try_receiver {
	int64_t member_id;
	int64_t grants, points, minor;
};

struct campaign_try {
	int64_t instances; // of the trigger
	int64_t in_audience;
	int64_t members; // with at least one of these
	int64_t outcomes[OUTCOMES];
	int64_t *prizes; // grants by prize
	int64_t points, minor;
	int64_t receivers;
	day_t exhausted_on; // DAY_NONE: never in these days
	const char *exhausted_why;
	struct try_receiver largest[TRY_LARGEST], sample[TRY_SAMPLE];
	int largest_count, sample_count;
	int64_t *receiver_ids; // all of them, rising
};

// False: error tells why; either way campaign_try_free() is due. Triggers that are no calendar's tell nothing
// about days to come.
bool campaign_try(struct campaign_try *result, struct session *session, const struct campaign *campaign,
	const struct condition_names *names, const struct try_options *options, struct error *error);
void campaign_try_free(struct campaign_try *result);

// How many of the receivers other campaigns gave something in the 90 days up to today: columns campaign,
// code, name, members.
struct result *campaign_overlap(struct session *session, const struct campaign_try *result, int campaign_no,
	day_t today, struct error *error);
#endif
