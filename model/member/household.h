// Households: one account, the pool, that members put a share of what they earn into and redeem from.
#ifndef MODEL_HOUSEHOLD_H
#define MODEL_HOUSEHOLD_H
#include "model/ask.h"

// What a member is in a household. Of a change, what is NULL stays.
struct household_terms {
	const char *role;       // "head", "adult", "child"
	const char *percent;    // of what the member earns, "0" to "100"
	const char *may_redeem; // "true", "false"; NULL for a new member: all but children may
};

// Members and households are named by number or card. Texts are borrowed until it is sent.
void household_create(
	struct ask *ask, const char *head, const char *name, const char *percent); // one row: its number
void household_add(
	struct ask *ask, const char *household, const char *member, const struct household_terms *terms);
void household_set(struct ask *ask, const char *member, const struct household_terms *terms);
void household_remove(struct ask *ask, const char *member);
void household_close(struct ask *ask, const char *household);
// A row each who belongs to the household that the member belongs to, or that it is; none: there is none.
void household_show(struct ask *ask, const char *member);
// The same of a member by id.
void household_of(struct ask *ask, int64_t member_id);

// What household_show() and household_of() answer. Texts are borrowed from the result.
struct household_row {
	int64_t household, member; // numbers; member 0: a closed household has none
	const char *name, *points, *member_name, *role;
	const char *closed_on; // "": it is open
	int percent;
	bool may_redeem;
};
void household_row_read(const struct result *result, int row, struct household_row *line);
#endif
