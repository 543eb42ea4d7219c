// The timeline: everything about one member in one list, newest first, whatever table it stands in.
#ifndef MODEL_TIMELINE_H
#define MODEL_TIMELINE_H
#include "db/result.h"
#include "model/ask.h"
#include "model/engine/day.h"
#include "model/page.h"
#include <stdbool.h>
#include <stdint.h>

// What a person may want to see alone.
enum timeline_filter {
	TIMELINE_ALL,
	TIMELINE_PURCHASES,
	TIMELINE_POINTS,
	TIMELINE_STATUS,
	TIMELINE_REWARDS,
	TIMELINE_CASES,
	TIMELINE_NOTES,
	TIMELINE_CAMPAIGNS,
	TIMELINE_MESSAGES,
	TIMELINE_FILTERS
};
const char *timeline_filter_name(enum timeline_filter filter); // "everything", "purchases", ...

void timeline_list(struct ask *ask, int64_t member_id, enum timeline_filter filter, const struct page *page);

enum timeline_kind {
	TIMELINE_EVENT, // of the journal; id is its seq
	TIMELINE_DATE,  // what a date did to the points: expiry, grant, payout; id is the last entry's number
	TIMELINE_TIER,  // a change of tier; id is its number
	TIMELINE_REWARD,      // rewards issued without being asked for; id is the first one's number
	TIMELINE_CASE_OPENED, // id is the case's number
	TIMELINE_CASE_ENDED,
	TIMELINE_REQUEST, // waits for a second person, or was refused by one
	TIMELINE_VERIFICATION, // ended by itself; id is its event
	TIMELINE_MERGED,       // another member came into this one; name is its number, id is its id
	TIMELINE_PARTED,       // and left again
	TIMELINE_NOTE,         // name is its text
	TIMELINE_CHANGE,       // of what the member is called or reached by; what: of which, name: what was before
	TIMELINE_NO_PRIZE, // a campaign gave nothing; of: its number, name: what it is called, object: the outcome
	TIMELINE_MESSAGE,  // id is its number, what its state, name its subject, object its purpose
	TIMELINE_KINDS
};

// Texts are borrowed from the result, "" where there is nothing to tell.
struct timeline_row {
	const char *key;   // for struct page
	const char *day;   // it counts for, "2026-11-19"
	const char *clock; // "14:02" when it was written down on that day, else ""
	enum timeline_kind kind;
	int64_t id, seq;    // seq: the event behind it, 0: none
	int of, was;        // numbers: account and rule of what a date did, tier and the one before, reward, segment,
			    // campaign that an event is of, 0: none
	const char *what;   // type of event, state of the case
	const char *name;   // external id, title; until when a member is verified
	const char *object; // reward, currency, activity; outcome of the case
	const char *reason; // of the event; cause of the case; "until" of a tier, "expires" of a reward
	const char *person; // of an event of a campaign: the prize, and what brought the member's turn
	bool has_amount;
	int64_t amount; // minor units of money, or units of the currency
	int64_t quantity;
	const char *result; // pending, denied, failed, cancelled, waiting, refused; "": went through
	const char *result_reason;
	bool has_points;
	int64_t points; // of currency_id
	int currency_id;
};
void timeline_row_read(const struct result *result, int row, struct timeline_row *line);
#endif
