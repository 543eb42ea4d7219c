// What the engine answers: entries, lots used, tier changes, rewards issued, plan charges, verifications and
// points sent, in the order they arose.
#ifndef ENGINE_POSTINGS_H
#define ENGINE_POSTINGS_H
#include <stdbool.h>
#include <stdint.h>
#include "model/engine/day.h"
#include "model/engine/decimal.h"

// Why a balance moved; it says which list of the programme `source` indexes and which programme account is
// the other side of the transfer.
enum entry_kind {
	ENTRY_ACCRUED,     // + by an earn rule; source: earn. The entry is the award's record.
	ENTRY_REVERSED,    // - what a return takes back of an award; source: earn; of_seq and factor are the
			   // original's
	ENTRY_GRANTED,     // + by a grant; source: grants
	ENTRY_ADJUSTED,    // either sign; no source
	ENTRY_REDEEMED,    // - for a reward; source: rewards
	ENTRY_PAID_OUT,    // - by a payout; source: payouts
	ENTRY_AUTO_ISSUED, // - by an auto-issue; source: autos
	ENTRY_EXPIRED,     // - a lot's day came, an inactive balance, or the end of a session; no source
	ENTRY_UNEXPIRED,   // + follows ENTRY_REVERSED: that part had expired already and is not taken twice;
			   // source: earn
	ENTRY_WRITTEN_OFF, // + follows ENTRY_REVERSED: that part could not be met and may not become debt;
			   // source: earn
	ENTRY_UNREDEEMED,  // + a cancelled reward's cost, back to the lots that paid; source: rewards, -1: not
			   // there any more
	ENTRY_UNPAID_OUT,  // + the same of a payout; source: payouts, -1
	ENTRY_UNAUTO_ISSUED, // + the same of an auto-issue; source: autos, -1
	ENTRY_TRANSFERRED, // - to another member, + the debt of a merged member; no source
	ENTRY_RECEIVED,    // + from another member, - what a merged member owed; no source
	ENTRY_CONVERTED,   // + of a partner's currency, for a redemption; source: rewards
	ENTRY_UNCONVERTED, // - the same, taken back with it when it is cancelled; no source
	ENTRY_KIND_COUNT
};

// "accrued", "written off" ...
const char *entry_kind_name(enum entry_kind);

// One movement of one currency of the member. For every currency, at every moment, the sum of all entries
// ever posted is the balance (open lots less debt); an award's standing quantity is the sum of its ACCRUED
// and REVERSED entries.
struct entry {
	enum entry_kind kind;
	int currency;
	int source; // index in the list the kind names, -1; of ACCRUED with is_late, in the version of the
		    // activity date
	int64_t amount;  // signed, never 0
	int64_t balance; // after it
	day_t day;
	int64_t seq;          // the event that caused it, 0: the day itself
	int64_t of_seq;       // REVERSED, UNEXPIRED, WRITTEN_OFF, UN...: the original event; else 0
	int64_t lot;          // serial of the lot a credit left, 0: none (all of it paid debt)
	int tier;             // ACCRUED, REVERSED with an award by tier: the tier rated, index; else -1
	int64_t factor;       // ACCRUED, REVERSED: the combined factor in 10^-10; else 0
	unsigned multipliers; // ACCRUED, REVERSED: the multipliers applied, bit i = the rule's multiplier i
	bool is_late;         // ACCRUED: by a late event, so that source and tier are of that version
};

// Which lot paid for a debit. Of an UNEXPIRED entry there are none: it gives back what expiry took.
struct lot_use {
	int entry;       // index in postings.entries
	int64_t lot;     // serial
	int64_t lot_seq; // the event that credited the lot, 0: a day
	int64_t amount;  // > 0; below 0: given back
};

struct tier_change { // the tier in force, or only until when, is another than before
	int ladder;
	int from, to;     // indexes; equal when only `until` moved
	day_t day, until; // until DAY_NONE: no end
	int64_t seq;      // the event that caused it, 0: the day itself
};

enum issue_route { ISSUED_REDEEMED, ISSUED_GRANTED, ISSUED_PAID_OUT, ISSUED_AUTO };

struct issued_reward {
	int reward;
	enum issue_route route;
	int source;          // index of the grant, payout or auto-issue, -1 for a redemption or an event
	int64_t serial;      // of the first of them; the member's issued rewards are numbered from 1
	int64_t units;       // how many alike were issued
	int64_t value_minor; // of one
	int64_t cost;        // of one, in the entry's currency; 0: free
	int entry;           // index of the debit in postings.entries, -1: none
	day_t day, expires;  // expires DAY_NONE: never
	int64_t seq;         // the event that caused it, 0: the day itself
};

struct plan_charge {
	int plan;
	day_t day;
	int64_t amount_minor; // negative: refunded
	bool renewal;
	int64_t seq; // the event that caused it, 0: the day itself
};

struct segment_change { // a member was verified as one of a segment, or that ended
	int segment;
	int64_t verified; // seq of the event that verified it
	bool is_end;
	day_t day, until; // until of an end: until when it would have lasted; DAY_NONE: no end
	int64_t seq;      // the event that caused it, 0: the day itself
};

// What a transfer or a merged member's event took of lots of one day and expiry: what the receiver's event is made of.
struct sent_lot {
	int currency;
	int64_t amount;   // below 0: owed
	int64_t receiver; // number of the member that a merged one goes on to; 0: the event names it
	day_t earned, expires;
	day_t active_on; // the giver's clock, DAY_NONE: stopped
	day_t day;
	int64_t seq;
};

// Filled by the engine, emptied by the caller with postings_reset, which keeps the memory.
struct postings {
	struct entry *entries;
	struct lot_use *lot_uses;
	struct tier_change *tier_changes;
	struct issued_reward *issued_rewards;
	struct plan_charge *plan_charges;
	struct segment_change *segment_changes;
	struct sent_lot *sent_lots;
	int entry_count, lot_use_count, tier_change_count, issued_reward_count, plan_charge_count,
		segment_change_count, sent_lot_count;
	int entry_capacity, lot_use_capacity, tier_change_capacity, issued_reward_capacity,
		plan_charge_capacity, segment_change_capacity, sent_lot_capacity;
	bool quoted;         // an accepted quote
	int64_t quote_minor; // its outcome
};

void postings_init(struct postings *);
void postings_reset(struct postings *);
void postings_free(struct postings *);
#endif
