// The rules engine: a pure function from (programme, member's state, event or day) to postings and the new
// state. No clock, no locale, no floating point. Same input, same bytes out. Normative:
// db/programmes/FORMAT.md.
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H
#include "model/engine/event.h"
#include "model/engine/memory.h"
#include "model/engine/postings.h"
#include "model/engine/programme.h"
#include "model/engine/standing.h"
#include "model/engine/state.h"
#include "model/engine/trace.h"

// Opens the days up to the event's, then applies it. Postings and trace (may be NULL) are appended to. On a
// refusal other than REFUSAL_OVERFLOW the days are opened all the same (but for REFUSAL_DATE), and nothing
// else is changed.
enum refusal engine_apply(const struct programme *, struct member_state *, const struct event *,
	struct postings *, struct trace *);

// The same for an event whose activity day may be another than its day: `then` is the version in force on
// that day, which rates it. The state must know its past (state_init), else REFUSAL_NO_PAST. engine_apply is
// enough where there is but one version.
enum refusal engine_apply_late(const struct programme *, const struct programme *then, struct member_state *,
	const struct event *, struct postings *, struct trace *);

// Opens every day after the current one up to `day`; skips those that cannot change anything. A day not after
// the current one does nothing. REFUSAL_NONE or REFUSAL_OVERFLOW.
enum refusal engine_advance(
	const struct programme *, struct member_state *, day_t day, struct postings *, struct trace *);

// Opens that day, which must lie after the current one, whether anything is due on it or not: the first day
// of another programme, whose rules may give at once what the old ones did not. REFUSAL_NONE or
// REFUSAL_OVERFLOW.
enum refusal engine_open(
	const struct programme *, struct member_state *, day_t day, struct postings *, struct trace *);

// The first day after the current one whose opening could change anything; it may be early, never late.
// DAY_NONE: none.
day_t engine_next_due(const struct programme *, const struct member_state *);
#endif
