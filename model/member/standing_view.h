// Where a member stands: points and when they expire, tier, what is missing to the next, and the rewards that
// the points buy.
#ifndef MODEL_STANDING_VIEW_H
#define MODEL_STANDING_VIEW_H
#include "db/error.h"
#include "model/ask.h"
#include "model/engine/day.h"
#include "model/programme/rulebook.h"
#include <stdbool.h>
#include <stdint.h>

struct member_run;

// Texts are borrowed from the rulebook. Points are in units of 10^-decimals.
struct standing_points {
	const char *code, *name;
	int currency_id, decimals;
	int64_t points;   // below zero: debt
	day_t expires_on; // the next expiry, DAY_NONE: none
	int64_t expires;  // how many go then
};

struct standing_status {
	const char *code, *name; // of the ladder
	const char *tier, *tier_name;
	int tier_id;
	day_t until;                            // DAY_NONE: no end
	int64_t metric;                         // hundredths, of points, visits or money
	bool is_money;                          // metric counts money: hundredths are minor units
	const char *next_tier, *next_tier_name; // NULL: there is none above
	int64_t next_at, missing;               // hundredths of the metric
	int percent;                            // of the way to next_at, 0..100
};

struct standing_reward {
	const char *code;
	int currency_id, decimals;
	int64_t cost, most; // of one unit for this member; how many at once, 0: none
	int64_t least;      // at once, if any; 1 or more
	int64_t gives;      // of one unit, of a partner's currency; 0: it is none that goes to a partner
	int into_id;        // that currency
	int64_t min_basket; // minor units of the purchase it is used in; 0: none is needed
	const struct reward *rules;
	bool is_offered; // on the view's day
};

struct standing_segment {
	const char *code, *name;
	int months, days; // how long a verification lasts; both 0: until it is ended
	bool is_verified;
	day_t until; // where it is; DAY_NONE: no end
};

struct standing_plan { // that is active
	const char *code, *name;
	day_t until;        // DAY_NONE: no end
	day_t charged_on;   // when it is charged next, DAY_NONE: it ends
	int64_t next_minor; // what then
};

struct standing_view {
	bool is_enrolled; // false: no event of the member was processed yet, and there is nothing below
	day_t day;       // what the figures are as of: today, wherever the worker is
	bool is_unposted; // a date has changed them, and a worker has yet to post it: entries do not show it
	struct standing_points *points; // one a currency
	int points_count;
	struct standing_status *statuses; // one a ladder
	int status_count;
	struct standing_reward *rewards; // those that points buy
	int reward_count;
	struct standing_segment *segments; // one a segment of the programme
	int segment_count;
	struct standing_plan *plans;
	int plan_count;
};

// The statement that brings it, and the reading of its result (borrowed). No I/O inside. The rulebook must
// outlive the view. A view is to be freed after true.
void standing_ask(struct ask *ask, int64_t member_id);
bool standing_take(struct standing_view *view, const struct rulebook *rulebook, const struct result *result,
	struct error *error);
void standing_view_free(struct standing_view *view);

// The member as saved, into an initialised run, to ask the engine other things. Not *is_known: nothing was
// processed, and the run is empty.
bool standing_remember(
	struct member_run *run, const struct result *result, bool *is_known, struct error *error);
#endif
