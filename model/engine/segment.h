// Verified segments: verification, its end, and who is in one (FORMAT section 16). Private to model/engine/.
#ifndef ENGINE_SEGMENT_H
#define ENGINE_SEGMENT_H
#include "model/engine/run.h"

enum refusal verify_test(const struct run *);
void verify(struct run *);

enum refusal unverify_test(const struct run *);
void unverify(struct run *);

// Ends what lasted until the day that opens.
void segments_open(struct run *);
day_t segments_next_due(const struct programme *, const struct member_state *);

// Whether a verification is in force on the day that the run rates as of; `segment` is one of run_rules().
bool segment_holds(const struct run *, int segment);

// The same of the current day, for both segments that may be asked for.
bool membership_holds(const struct member_state *, const struct membership *);

// "Student until 2027-03-01", or the name alone where there is no end.
void segment_explain(const struct run *, int segment, char *out, size_t size);
#endif
