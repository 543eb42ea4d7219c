// The triggers of campaigns: which settings it takes and where its instances come from.
#ifndef MODEL_CAMPAIGN_TRIGGER_H
#define MODEL_CAMPAIGN_TRIGGER_H
#include "model/campaign/campaign.h"

enum { TRIGGER_SETTINGS = 2 };

struct trigger_form {
	const char *needs[TRIGGER_SETTINGS], *takes[TRIGGER_SETTINGS]; // settings beside "on"; NULL: no more
	// A day's instances do not change any more once it has begun. Of others the last days are looked at
	// again, since what happened on them may be told late.
	bool is_calendar;
	// The database's function that finds instances: arguments from, to, after_member, limit, then those
	// that trigger_arguments() writes.
	const char *function;
};

// A new trigger is a line here, its function in the database and, if it needs one, a setting in
// campaign_form.c.
extern const struct trigger_form TRIGGERS[TRIGGER_KINDS];
extern const char *const trigger_words[TRIGGER_KINDS + 1]; // by kind; ends with NULL

// The last arguments of the function, as SQL literals (", 'feb28'"); "" for none. Returns out.
enum { TRIGGER_ARGUMENTS = 160 };
const char *trigger_arguments(const struct campaign_trigger *trigger, int campaign_no, day_t starts_on,
	char out[TRIGGER_ARGUMENTS]);
#endif
