// Who a member is and how they are reached: likely duplicates, changes with their past, notes; the record of it all:
// as of a past day, exported, erased.
#ifndef MODEL_IDENTITY_H
#define MODEL_IDENTITY_H
#include "db/result.h"
#include "model/ask.h"
#include "model/member/member.h"
#include <stdint.h>

// Members who may be the person of that form, surest first: a row each for duplicate_row_read(). At most ten.
void duplicate_list(struct ask *ask, const struct member_new *person);
struct duplicate_row {
	int64_t member_id, number;
	const char *name, *born, *why; // borrowed from the result
};
void duplicate_row_read(const struct result *result, int row, struct duplicate_row *duplicate);

// The verbs' tables; members are named by number or card.
void duplicates_of(struct ask *ask, const char *member); // number, name, born, why
void past_of(struct ask *ask, const char *member);       // kind, value, is_blocked, until, by_login, reason

// One change. kind: email, phone, card, given_name, family_name, or an attribute's code. old: which card, NULL where there is one. A blocked
// card is nobody's from then on.
struct identity_change {
	const char *member, *kind, *value, *old, *reason;
	bool is_blocked;
};
void identity_change(struct ask *ask, const struct identity_change *change);

// Several at once; NULL: stays as it is. Who it is then is read anew by a second statement of the caller's.
struct identity_edit {
	int64_t member_id;
	const char *given_name, *family_name, *email, *phone, *card, *old_card, *reason;
	const char *own; // a JSON object: attributes and consents by their codes, "until" the last day of these; NULL: none
};
void identity_edit(struct ask *ask, const struct identity_edit *edit);

// Blocks the member, who then spends nothing, or lets them spend again.
void identity_block(struct ask *ask, const char *member, bool is_blocked, const char *reason);
void identity_block_id(struct ask *ask, int64_t member_id, bool is_blocked, const char *reason);

// Answers the note's number.
void note_add(struct ask *ask, const char *member, const char *body);
void note_add_to(struct ask *ask, int64_t member_id, const char *body);

// What was at the end of a past day, YYYY-MM-DD: rows of what and was.
void record_as_of(struct ask *ask, const char *member, const char *day);
void record_as_of_id(struct ask *ask, int64_t member_id, const char *day);
// Everything that is kept, as one JSON text.
void record_export(struct ask *ask, const char *member);
// Takes away who the member is, for good. typed: the number once more. Answers the receipt: number, erased_at, by,
// entries, balances, head.
void record_erase(struct ask *ask, const char *number, const char *typed, const char *reason);
#endif
