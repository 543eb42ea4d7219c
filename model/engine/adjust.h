// Adjustments by hand, tiers granted by hand, ends of sessions (FORMAT section 9). Private to model/engine/.
#ifndef ENGINE_ADJUST_H
#define ENGINE_ADJUST_H
#include "model/engine/run.h"

enum refusal adjust_test(const struct run *);
void adjust(struct run *);

enum refusal tier_grant_test(const struct run *);
void tier_grant_apply(struct run *);

void session_end(struct run *);

// The event's amount in units of the currency, if it has no more decimals than that.
wide_t adjust_quantity(const struct event *, const struct currency *);
// Whether it is above 0 or below, not too much and not too fine for the currency.
bool adjust_amount_fits(const struct event *, const struct currency *);
#endif
