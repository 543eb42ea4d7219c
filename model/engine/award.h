// The arithmetic of an award: rate, factor, rounding, cap of the event (FORMAT section 6.2, steps 3 to 5).
// Private to model/engine/.
#ifndef ENGINE_AWARD_H
#define ENGINE_AWARD_H
#include "model/engine/run.h"

struct rating { // what an award is worked out from
	int64_t basis, quantity;
	int tier; // held before the event, in the award's ladder; -1 where the award has none
	int64_t factor;
};

// Steps 4 and 5: the quantity after rounding and cap_per_event; INT64_MAX if it does not fit, as the cap of
// the period may still bring it down. The steps are noted in the record, if there is one.
int64_t award_quantity(
	const struct run *, const struct earn_rule *, const struct rating *, struct trace_rule *);

// Step 3: the multipliers that apply, as a set, and their combined factor.
unsigned award_multipliers(const struct run *, int rule, int64_t basis);
int64_t award_factor(const struct earn_rule *, unsigned multipliers);

// Whether the rule's multiplier with that id is in the set.
bool award_is_multiplied(const struct earn_rule *, unsigned multipliers, const char *id);
#endif
