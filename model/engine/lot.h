// Lots and debt: credit, consumption, expiry, reversal, extension, exemption (FORMAT section 8). Private to
// model/engine/. Every movement of a balance is an entry made here.
#ifndef ENGINE_LOT_H
#define ENGINE_LOT_H
#include "model/engine/run.h"

struct movement { // what an entry says beside its amount
	enum entry_kind kind;
	int currency;
	int source;
	int64_t of_seq;
	int tier;
	int64_t factor;
	unsigned multipliers;
};

// Quantity > 0: pays debt, then becomes a lot. Starts a stopped activity clock.
void lot_credit(struct run *, const struct movement *, int64_t quantity);

// What another member sent: a lot as old and with the expiry as it was there, after debt is paid.
// `clock` starts a stopped activity clock.
void lot_receive(struct run *, const struct movement *, const struct event_lot *, day_t clock);

// Quantity > 0, from lots earned before `earned_before` (DAY_NONE: all), in the order of consumption; what
// lots cannot meet becomes debt. Returns the entry's index.
int lot_consume(struct run *, const struct movement *, int64_t quantity, day_t earned_before);

// The same, first from lots which that event credited, then from all.
void lot_consume_of(struct run *, const struct movement *, int64_t quantity, int64_t seq);

// What lots hold that this event credited.
int64_t lot_sum_of(const struct member_state *, int currency, int64_t seq);

// What lots earned before that day hold.
int64_t lot_sum(const struct member_state *, int currency, day_t earned_before);

// Section 8.3: quantity > 0 of what the original credited.
struct kept_original;
void lot_reverse(struct run *, const struct movement *, int64_t quantity, struct kept_original *);

// A cancelled reward's part of its payment goes back to the lots it came from, or pays debt first, of the oldest
// of them. Starts a stopped activity clock.
struct payment;
void lot_give_back(struct run *, const struct movement *, const struct payment *, int64_t reward_no);

// Quantity > 0, first from lots which that event credited (0: none), then from all in the order of consumption, then debt;
// what may not become debt is written off.
void lot_take_back(struct run *, const struct movement *, int64_t quantity, int64_t seq);

// The lot with that serial, NULL if the state has dropped it.
struct lot *lot_known(const struct member_state *, int64_t serial);

// Lots of the currency with an expiry on or before `day` (DAY_NONE: all lots, also those without) expire;
// lot_expire_own: those among them that this event has credited.
void lot_expire(struct run *, int currency, day_t day);
void lot_expire_own(struct run *, int currency, day_t day);

// The expiry of a lot credited on that day; DAY_NONE: none.
day_t lot_expiry(const struct expiry *, day_t day);

// Section 8.4 for one currency.
void lot_extend(struct run *, int currency);

// Section 7.5 (2): lots of currencies with unless_tier lose or regain their expiry.
void lot_exempt(struct run *);
#endif
