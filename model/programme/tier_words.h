// What a change of a ladder means for members, in sentences that a member would understand.
#ifndef MODEL_TIER_WORDS_H
#define MODEL_TIER_WORDS_H
#include "model/engine/programme.h"
#include "model/programme/tier_table.h"

struct tier_change_words {
	const struct programme *before, *after; // in force now, and the new one; each with the ladder
	const struct tier_table *table_before, *table_after;
	day_t from; // the first day of the new rules
};

// One sentence a line, what happens to present members at the end: follows from how the engine takes a member
// from one version into the next. The caller frees it; NULL: out of memory.
char *tier_words(const struct tier_change_words *change);

// "1 January 2027". Returns out.
enum { DAY_WORDS = 24 };
const char *day_words(day_t day, char out[DAY_WORDS]);
#endif
