// What is different with events that come late (FORMAT section 15): rated as of the day they happened on,
// posted today. Private to model/engine/. They need the past of the state (past.h).
#ifndef ENGINE_LATE_H
#define ENGINE_LATE_H
#include "model/engine/original.h"
#include "model/engine/run.h"

// Whether the event's activity day, if it has one, is possible.
bool late_day_is_possible(const struct run *);

// The tier in force of every ladder of the version that rates, at the end of the activity day; into the
// state's scratch.
const int *late_tiers_hold(const struct run *);

// Today's index of a currency of the version that rates; -1: there is no such currency any more.
int late_currency(const struct run *, int currency);

// Remembers an award for returns, by today's version; one whose rule is no more cannot be rated again and
// stays with the member.
void late_original_award(const struct run *, struct kept_original *, const struct standing_award *);

// The expiry that a lot of today's `currency`, credited on the activity day, would have today; it may have
// gone by.
day_t late_expiry(const struct run *, int currency);

// After the effects of an event: expires what it credited if its expiry has gone by, and gives tiers that
// would have been reached. Does nothing for an event that is not late.
void late_settle(struct run *);
#endif
