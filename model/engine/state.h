// A member's standing as the engine keeps it: lots and debt (the ledger part) and memory (all the rest).
#ifndef ENGINE_STATE_H
#define ENGINE_STATE_H
#include <stddef.h>
#include "model/engine/event.h"
#include "model/engine/postings.h"
#include "model/engine/programme.h"

struct lot {
	int currency;
	int source_rule; // earn rule that credited it, -1: none (grant, adjustment)
	int64_t serial;  // the member's lots are numbered from 1 in order of credit
	int64_t seq;     // the event that credited it, 0: a day
	int64_t granted, remaining;
	day_t earned, expires; // expires DAY_NONE: never, as long as nothing changes that
	bool is_new;           // credited since the caller last cleared it
	bool is_changed;       // remaining or expires differ from what the caller handed in
};

struct currency_state {
	int64_t open;    // sum of the lots' remaining; never non-zero together with debt
	int64_t debt;    // >= 0; balance = open - debt
	int64_t expired; // total ever expired
	day_t clock;     // last activity, DAY_NONE: stopped
};

struct counter {     // of standing awards, their quantity or issued value, in one period
	day_t start; // the period's first day, DAY_NONE: never used
	int64_t value;
};

struct rule_state {
	struct counter awards;   // for the rule's limit
	struct counter quantity; // for its cap
	struct counter multiplied[MULTIPLIERS_MAX];
};

struct window_state {
	int number;  // 0 is the window of enrolment
	int high;    // highest tier reached at any settle during it
	int64_t sum; // of its postings in hundredths, without carry
	day_t until; // until when what is earned in it is valid, DAY_NONE: no end
};

struct metric_day {
	day_t day;
	int64_t sum; // hundredths
};

struct ladder_state {
	struct window_state *windows; // by rising number; only those that still have an effect
	int window_count, window_capacity;
	struct metric_day
		*days; // rolling: by rising day; only those that still count for the window or the review
	int day_count, day_capacity;
	int64_t day_sum;   // of all `days`
	int negative_days; // of them with a sum below 0
	int own_tier;      // rolling: own status, 0: none
	day_t own_start, own_until;
	int64_t own_ordinal;
	int64_t own_start_later; // postings of own_start with an ordinal above own_ordinal, hundredths
	int told_tier;           // the tier in force last told by a tier_change, and its until
	day_t told_until;
};

struct plan_state {
	day_t start, until; // until DAY_NONE: no end; start DAY_NONE: never subscribed
	int paid_periods;
	bool cancelled, used;
	int64_t last_price_minor;
	int64_t charged_minor; // ever, less refunds
};

struct reward_state {
	int64_t issued, value_minor; // ever, by any route
	day_t last_expires;          // of the one issued last
	int redeemed_year;
	int64_t redeemed; // units redeemed in redeemed_year
};

struct segment_state { // of a verification that has not ended
	int64_t seq;   // of the event that verified it; 0: it is not verified
	day_t until;   // DAY_NONE: no end
};

struct tier_grant {
	int ladder, tier;
	day_t day, until;
};

struct multiplier_grant { // awards of purchases in that currency
	int currency;
	int64_t factor; // hundredths
	day_t day, until;
};

// What a return must know of the purchase or partner event it takes back: handed in with state_add_original
// before the return is applied, or kept by the state itself (state_init: keep_originals).
struct standing_award {
	int rule;         // earn rule; its currency is the award's
	int64_t quantity; // still standing: ACCRUED less REVERSED entries
	int tier;         // as in its entry
	int64_t factor;
	unsigned multipliers;
};

struct expired_quantity {
	int currency;
	int64_t quantity; // of the event's lots: lost to EXPIRED entries, less what UNEXPIRED entries gave
			  // back
};

struct original {
	int64_t seq;
	day_t day;                      // it happened on
	enum event_type type;           // EVENT_PURCHASE or EVENT_PARTNER
	const struct event_line *lines; // amount_minor is what returns have left of the line
	const struct standing_award
		*awards; // in order of the earn rules; those fully reversed may be left out
	const struct expired_quantity *expired;
	int line_count, award_count, expired_count;
};

// What a cancellation must know of the rewards that were issued together, by one debit or for nothing: handed
// in with state_add_payment before one of them is cancelled, or kept by the state itself. Of a debit for several
// rewards each was paid by a part of as many points, in the order of their numbers and of the lots' serials.
struct lot_share {
	struct lot lot; // as it is, or as it was when it was used up; remaining does not matter
	int64_t amount; // that the debit took of it
};

struct payment {
	int64_t serial, units; // the issued rewards serial .. serial + units - 1
	int64_t seq;           // the event that issued them, 0: a day
	int64_t cost;          // of one; 0: free, and then without lots
	int64_t value_minor;   // of one
	int64_t redeemed;      // of one: units of the redemption, 1 unless it went to a partner
	int64_t gave;          // of a transfer to a partner: of its currency, 0: none
	int gave_currency;     // -1
	int reward;            // -1: the programme has it no more
	int source;            // index of the payout or auto-issue, -1
	int currency;
	enum issue_route route;
	day_t day;
	const struct lot_share *lots; // in order of serial
	const int64_t *cancelled;     // which of them are
	int lot_count, cancelled_count;
};

// Everything is read by anyone and written by the engine only, but for the flags of lots.
struct member_state {
	bool is_unusable; // after REFUSAL_OVERFLOW, until state_reset
	bool enrolled;
	bool is_pool; // the account of a household
	int64_t merged_into; // number of the member that all goes on to; 0: not merged
	day_t enrolled_on, born; // DAY_NONE: not known
	day_t day;               // the current day; DAY_NONE before the first event
	char **flags;            // the member's
	int flag_count;
	int64_t last_ordinal;
	int64_t lot_serial, reward_serial; // given out so far
	int last_charge_plan;              // -1: none yet
	day_t last_charge_day;
	int64_t last_charge_minor;

	struct lot *lots; // in order of serial
	int lot_count, lot_capacity;
	struct currency_state *currencies; // one a currency, ladder, ... of the programme
	struct ladder_state *ladders;
	struct rule_state *rules;
	struct plan_state *plans;
	struct reward_state *rewards;
	struct counter *autos; // auto-issued value
	struct segment_state *segments;
	struct tier_grant *tier_grants;
	int tier_grant_count, tier_grant_capacity;
	struct multiplier_grant *multiplier_grants;
	int multiplier_grant_count, multiplier_grant_capacity;

	const struct programme *programme; // borrowed; must outlive the state
	bool keep_originals;
	struct originals *originals; // the engine's own
	struct past *past;           // the engine's own
	struct lot_queue *queues;    // the engine's own; one a currency
	struct scratch *scratch;     // the engine's own
};

// A member of whom nothing is known yet. With keep_originals the state remembers every purchase and partner
// event for later returns (rehearse, replay); without, the caller hands originals in. With keep_originals,
// and if it has seen the member's events from the first one on, it also knows the past that late events need;
// a state that was read from bytes does not.
void state_init(struct member_state *, const struct programme *, bool keep_originals);
void state_free(struct member_state *);

// Empties it for the next member, keeping the memory it has.
void state_reset(struct member_state *);

// The ledger part, as loaded: after memory_decode, in order of serial. A lot's flags are kept.
void state_add_lot(struct member_state *, const struct lot *);
void state_set_debt(struct member_state *, int currency, int64_t debt);

// Copies what it is given. Adding the same seq again replaces it.
void state_add_original(struct member_state *, const struct original *);

// The same of a payment, after the lots; adding it again adds what is cancelled.
void state_add_payment(struct member_state *, const struct payment *);

// Once the caller has saved what changed: clears the lots' flags, drops used-up lots now and then, and,
// unless the state keeps them, forgets the originals. Its cost is that of what changed.
void state_saved(struct member_state *);
#endif
