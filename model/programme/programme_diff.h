// What one programme document says otherwise than another: setting by setting, by what things are called.
#ifndef MODEL_PROGRAMME_DIFF_H
#define MODEL_PROGRAMME_DIFF_H
#include "db/error.h"
#include "model/engine/arena.h"
#include <stdbool.h>
#include <stddef.h>

enum diff_kind { DIFF_ADDED, DIFF_REMOVED, DIFF_CHANGED, DIFF_ORDER };

// Elements of lists are found by their code, id or date, wherever they stand:
// "ladders.rewards.tiers.gold.at". A list whose common elements stand in another order is a change of its
// own, as order has effects.
struct diff_change {
	enum diff_kind kind;
	const char *path;
	const char *was, *is; // in one line; "" where there is none. DIFF_ORDER: what the elements are called
	int was_line, is_line; // of the documents; 0 where there is none
};

struct programme_diff {
	struct diff_change
		*changes; // in the order of the new document, what was removed from a group behind it
	int count, capacity;
	struct arena arena; // owns the texts
};

struct diff_side {
	const char *name; // what error lines call it
	const char *text;
	size_t length;
};

const char *diff_kind_name(enum diff_kind kind); // "added", "removed", "changed", "order"

// False: one of them is no document at all; nothing is to be freed then.
bool programme_diff_take(struct programme_diff *diff, const struct diff_side *old,
	const struct diff_side *new, struct error *error);
void programme_diff_free(struct programme_diff *diff);
#endif
