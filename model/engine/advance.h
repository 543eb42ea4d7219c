// Opening days one by one or by leaps: both must come to the same, which is how engine_next_due is proved.
// Private to model/engine/ and its tests.
#ifndef ENGINE_ADVANCE_H
#define ENGINE_ADVANCE_H
#include "model/engine/engine.h"

// The next day after the current one to be opened.
typedef day_t next_due(const struct programme *, const struct member_state *);

// engine_advance with another idea of which days are to be opened.
enum refusal advance_to(const struct programme *, struct member_state *, day_t day, struct postings *,
	struct trace *, next_due *);

// Every single day, as the format tells it.
day_t advance_every_day(const struct programme *, const struct member_state *);
#endif
