// What a condition means, told clause by clause, and how many members each clause leaves, counted while one
// types.
#ifndef SCREENS_CONDITION_COUNT_H
#define SCREENS_CONDITION_COUNT_H
#include "model/segment/audience.h"
#include "screens/desk.h"
#include "screens/ui/detail.h"

// An estimate at once, then each clause exactly. What an older text asked for ends on the server too: so
// nothing else of the screen's may be under way that must not end.
struct condition_count {
	int tag; // of its requests: the estimate, and with the next number the exact counts
	bool is_due; // the text changed: begin anew before the next frame, once however many keys came
	int64_t turn; // answers to older turns are of no use
	bool has_estimate, has_steps;
	struct audience_estimate estimate;
	int64_t steps[CONDITION_CLAUSES_MAX + 1]; // who is meant at all, then after each clause
	struct detail words;
};

void condition_count_init(struct condition_count *count, struct screen *s, int tag);
void condition_count_free(struct condition_count *count);

// The words of the condition now, and its numbers as they come. NULL: there is nothing that can be counted.
void condition_count_begin(
	struct screen *s, struct condition_count *count, const struct member_condition *condition);
// An answer to one of its two tags. True: it is known exactly from now on.
bool condition_count_take(struct screen *s, struct condition_count *count,
	const struct member_condition *condition, const struct desk_news *news);

// The members that are left in the end, as far as it is known; -1: not at all yet.
int64_t condition_count_members(const struct condition_count *count, const struct member_condition *condition);
#endif
