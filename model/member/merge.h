// Two memberships of one person: what would move, merging them, and parting them again.
#ifndef MODEL_MERGE_H
#define MODEL_MERGE_H
#include "db/result.h"
#include "model/ask.h"
#include <stdint.h>

// What becomes of what the source has, a row each: what, has, becomes. A last row "trouble" tells why they cannot be
// merged. The reading is written into the audit log. Members are named by number or card.
void merge_preview(struct ask *ask, const char *source, const char *target);
void merge_preview_of(struct ask *ask, int64_t source_id, const char *target);

struct merge_line {
	const char *what, *has, *becomes; // borrowed from the result
};
void merge_line_read(const struct result *result, int row, struct merge_line *line);
// The trouble, "": there is none.
const char *merge_trouble(const struct result *result);

// Both submit an event and answer one row for action_outcome_read(). The key as in model/member/action.h.
struct merge_wish {
	const char *key;
	int64_t source_id;
	const char *target; // number or card; NULL: part them
	const char *reason; // "": none
};
void merge_submit(struct ask *ask, const struct merge_wish *wish);

// The member of that number itself, be it merged: one row with its id, NULL: there is none.
void merge_source(struct ask *ask, const char *number);
#endif
