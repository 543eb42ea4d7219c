// What loyalty.entry_broken() looks for, of rows that are at hand: a slice that is replayed whole has read
// them all.
#ifndef MODEL_ENTRY_CHECK_H
#define MODEL_ENTRY_CHECK_H
#include "db/result.h"
#include "model/proof/breach.h"

// Borrowed results, each with the member first and in the order of its key. Of the same members all.
struct entry_rows {
	const struct result *standings;       // member_id, entries
	const struct result *balances;        // member_id, currency_id, points
	const struct result *entries;         // REPLAY_ENTRY_COLUMNS
	const struct result *journal;         // member_id, seq
	const struct result *lots, *lot_uses; // as the replay reads them
};

// Tells the listener of each invariant that does not hold.
void entry_check(const struct entry_rows *rows, breach_listener *listener, void *payload);
#endif
