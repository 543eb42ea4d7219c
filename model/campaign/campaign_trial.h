// A whole dry run over one session: reads what a document is held against, tries it on everybody, and finds out
// who the receivers are and what other campaigns gave them.
#ifndef MODEL_CAMPAIGN_TRIAL_H
#define MODEL_CAMPAIGN_TRIAL_H
#include "model/campaign/campaign_try.h"

enum { TRIAL_DAYS = 30, TRIAL_DAYS_MOST = 1000 };

// Everything is borrowed for the call.
struct trial_request {
	int campaign_no, revision_no;      // 0: not stored yet
	const char *name, *text;           // of the document: what error lines call it, and itself
	size_t length;
	int64_t spent_points, spent_minor; // what the campaign has spent so far
	bool is_past;                      // the last `days` days, else those to come
	int days;                          // 1 to TRIAL_DAYS_MOST
	struct background *background;     // as of try_options
};

struct campaign_trial {
	struct campaign_house house;
	struct campaign campaign;
	struct try_options options;
	struct campaign_try result;
	// A row a receiver, in the order of result.largest and result.sample: member (its number), name, grants,
	// points, money. NULL where nobody receives anything, like ...
	struct result *largest, *sample;
	struct result *overlap; // ... campaign_overlap()
	bool is_read;
};

// In one snapshot, read only. False: error tells why; either way campaign_trial_free() is due.
bool campaign_trial(struct campaign_trial *trial, struct session *session, const struct trial_request *request,
	struct error *error);
void campaign_trial_free(struct campaign_trial *trial);

// The first day on which the budget would be used up if days went on as those of the trial, beginning with the
// campaign's first day or today; DAY_NONE: not before the campaign ends, or there is none. `budget` and
// `spent` of points or of money, `used` by the trial.
day_t campaign_trial_lasts(const struct campaign_trial *trial, int64_t budget, int64_t spent, int64_t used);
#endif
