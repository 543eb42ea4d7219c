// Something that happened to a member, as the journal and the scenario documents tell it (FORMAT section 11).
#ifndef ENGINE_EVENT_H
#define ENGINE_EVENT_H
#include <stdbool.h>
#include <stdint.h>
#include "model/engine/day.h"

enum event_type {
	EVENT_ENROL,
	EVENT_PURCHASE,
	EVENT_PARTNER,
	EVENT_ACTIVITY,
	EVENT_RETURN,
	EVENT_REDEEM,
	EVENT_ADJUST,
	EVENT_SUBSCRIBE,
	EVENT_USE_BENEFIT,
	EVENT_CANCEL_PLAN,
	EVENT_TIER_GRANT,
	EVENT_SESSION_END,
	EVENT_QUOTE,
	EVENT_CANCEL_REWARD, // this and those after it: since format 2 of scenarios
	EVENT_VERIFY,
	EVENT_UNVERIFY,
	EVENT_TRANSFER,      // to another member
	EVENT_RECEIVE,       // what another member's transfer sent; written by whoever posts that
	EVENT_MERGE,         // into another member
	EVENT_UNMERGE,
	EVENT_REWARD_GRANT,  // for nothing: a campaign's prize
	EVENT_MULTIPLIER_GRANT, // purchases earn more for a time: likewise
	EVENT_TYPE_COUNT
};

struct event_line {
	const char *category; // NULL: "general"
	int64_t amount_minor;
};

struct event_lot { // points that another member had, as they left
	int64_t amount; // in units of 10^-decimals
	int decimals;
	day_t earned, expires; // expires DAY_NONE: never, by itself
};

// Set up with event_init, which gives every field the default of the format. All texts and arrays are
// borrowed for the call. Objects are named by code: an unknown one is a refusal, not an error.
struct event {
	int64_t seq; // its place in the journal, > 0 and below 2^47; names the event for returns
	day_t day;
	day_t activity_day; // purchase, partner, activity: the earlier day it happened on; DAY_NONE: `day`
	enum event_type type;
	bool duplicate; // its external id belongs to an accepted event (whoever keeps the ids knows)

	// enrol
	day_t born; // DAY_NONE: not given
	bool is_pool; // the account of a household, which is no person

	// purchase, partner, activity, quote, return: `lines`, or, without any, one line of `amount_minor`
	// and `category`. A return with lines takes them back by category; a return without takes
	// amount_minor, first line first.
	const struct event_line *lines;
	int line_count;
	int64_t amount_minor;
	const char *category; // NULL: "general"

	const char *tender, *channel;
	const char *const *flags; // enrol: the member's, for good; else this event's
	int flag_count;
	const char *partner, *activity;
	int64_t quantity; // activity: 1

	int64_t of_seq; // return: seq of the original; 0: unknown. receive: of what is owed, whose lots pay first

	const char *reward; // redeem, reward_grant
	int64_t units;      // 1
	int64_t basket_minor;

	int64_t reward_no; // cancel_reward: the member's issued rewards are numbered from 1

	const char *currency; // adjust, transfer, receive, multiplier_grant
	int64_t amount;       // adjust, signed; transfer; multiplier_grant, the factor: in units of 10^-amount_decimals
	int amount_decimals;  // as written, 0..6
	bool qualifying;

	bool at_most; // transfer, by a household: what is left of the amount, first of the lots of of_seq
	bool only_of;                 // transfer, at_most: of the lots of of_seq and no others
	bool receiver_gone;           // transfer, merge: to no member any more (whoever knows members knows)
	int64_t into;                 // merge: the other member's number
	const struct event_lot *lots; // receive; an amount below 0 is what a merged member owes
	int lot_count;
	day_t active_on; // receive: the giver's clock, DAY_NONE: stopped

	const char *plan; // subscribe, cancel_plan; use_benefit: may be NULL

	const char *ladder, *tier; // tier_grant
	bool ends;                 // tier_grant: ends one that was granted with this ladder, tier and until
	day_t until;               // tier_grant, multiplier_grant; verify: DAY_NONE: as long as the segment says

	const char *segment; // verify, unverify
};

void event_init(struct event *, enum event_type, int64_t seq, day_t);

// The day it happened on; and whether that lies before the day it is posted on.
day_t event_activity_day(const struct event *);
bool event_is_late(const struct event *);

// Whether events of that type may have an activity_day of their own.
bool event_type_may_be_late(enum event_type);

// "purchase", "tier_grant" ...; event_type_find gives false for a word that is none.
const char *event_type_name(enum event_type);
bool event_type_find(const char *name, enum event_type *);

// Why an event is refused (FORMAT section 9.2), in no particular order.
enum refusal {
	REFUSAL_NONE, // accepted
	REFUSAL_DATE,
	REFUSAL_DUPLICATE,
	REFUSAL_ACTIVITY_DATE,
	REFUSAL_ENROLLED,
	REFUSAL_BORN,
	REFUSAL_NOT_ENROLLED,
	REFUSAL_AMOUNT,
	REFUSAL_ORIGINAL,
	REFUSAL_OVER_RETURN,
	REFUSAL_REWARD,
	REFUSAL_NOT_OFFERED,
	REFUSAL_CANCELLED,
	REFUSAL_PER_YEAR,
	REFUSAL_PER_TXN,
	REFUSAL_BASKET,
	REFUSAL_TIER,
	REFUSAL_BALANCE,
	REFUSAL_CURRENCY,
	REFUSAL_PLAN,
	REFUSAL_PLAN_ACTIVE,
	REFUSAL_PLAN_INACTIVE,
	REFUSAL_LADDER,
	REFUSAL_UNTIL,
	REFUSAL_SEGMENT,
	REFUSAL_NOT_VERIFIED,
	REFUSAL_NOT_TRANSFERABLE,
	REFUSAL_MINIMUM,
	REFUSAL_RECEIVER,
	REFUSAL_DEBT,
	REFUSAL_MERGED,
	REFUSAL_NOT_MERGED,
	REFUSAL_OVERFLOW, // no reason of the format: a quantity would not fit 64 bit. The member's state and
			  // the postings are then half changed and must be thrown away.
	REFUSAL_NO_PAST,  // no reason of the format: a late event met a state that does not know the member's
			  // past (state_init). The state and the postings must be thrown away.
	REFUSAL_COUNT
};

// The word of the format: "none", "over_return" ...
const char *refusal_name(enum refusal);
#endif
