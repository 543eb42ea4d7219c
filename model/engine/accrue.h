// Accrual: extension, earn rules in order, activity clocks (FORMAT sections 6.2, 7.1, 8.4). Private to
// model/engine/.
#ifndef ENGINE_ACCRUE_H
#define ENGINE_ACCRUE_H
#include "model/engine/run.h"

void accrue(struct run *, enum earn_event);

// Extends lots and moves the clock of every currency that such an activity touches (a redemption: of
// `currency` only).
void activity_extend(struct run *, enum activity_kind, int currency);
void activity_clock(struct run *, enum activity_kind, int currency);

// The clock of a currency with inactivity, moved to today.
void clock_move(struct run *, int currency);
#endif
