// Conditions of earn rules, multipliers and benefits (FORMAT section 3.5). Private to model/engine/.
#ifndef ENGINE_CONDITION_H
#define ENGINE_CONDITION_H
#include "model/engine/run.h"

// Whether the event or the member carries the flag.
bool flag_carried(const struct run *, const char *flag);

// min_amount x tolerance, exactly; no min_amount is always reached.
bool amount_reaches(const struct condition *, int64_t basis);

// The key of the first condition that does not hold for the run's event, NULL if all hold.
const char *condition_failing(const struct run *, const struct condition *, int64_t basis);

// What that condition asked for and what it met, as text for a trace.
void condition_explain(const struct run *, const struct condition *, int64_t basis, struct trace_rule *);
#endif
