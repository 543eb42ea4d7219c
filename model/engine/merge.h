// Two memberships become one (FORMAT section 21): what the merged member has goes on to the other. Private to
// model/engine/.
#ifndef ENGINE_MERGE_H
#define ENGINE_MERGE_H
#include "model/engine/run.h"

enum refusal merge_test(const struct run *);
void merge(struct run *);

enum refusal unmerge_test(const struct run *);
void unmerge(struct run *);

// Whether a merged member still takes events of that type: those that give points or take them back do.
bool merged_takes(enum event_type);

// After any event of a merged member: all open lots, with their dates, and all debt are sent on.
void merged_pass_on(struct run *);
#endif
