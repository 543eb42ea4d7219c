// The replay: a member's journal runs through the engine once more, and what comes out is compared with the
// tables.
#ifndef MODEL_REPLAY_H
#define MODEL_REPLAY_H
#include "db/error.h"
#include "db/session.h"
#include "model/posting/member_run.h"
#include "model/programme/rulebook.h"
#include "model/proof/breach.h"
#include <stdbool.h>
#include <stdint.h>

enum replay_source {
	REPLAY_STANDING,
	REPLAY_JOURNAL,
	REPLAY_PENDING,
	REPLAY_ENTRY,
	REPLAY_LOT,
	REPLAY_LOT_USE,
	REPLAY_TIER,
	REPLAY_REWARD,
	REPLAY_CHARGE,
	REPLAY_VERIFICATION,
	REPLAY_SOURCES
};

// What an entry is compared by; REPLAY_ENTRY_COLUMN_COUNT of them.
#define REPLAY_ENTRY_COLUMNS                                                                                 \
	"member_id, entry_no, seq, amount, balance_after, activity_on, currency_id, account_id, rule_id, "   \
	"tier_id, multipliers, factor, of_seq"
enum { REPLAY_ENTRY_COLUMN_COUNT = 13, REPLAY_COMPARED = 16 }; // at most so many columns are compared

// Members with ids from `from` to `to`: all that stand there, or those named, ids rising.
struct replay_slice {
	int64_t from, to;
	const int64_t *member_ids;
	int count;
	bool is_all; // none stand there but those named
	const struct result
		*entries; // of all who stand there: REPLAY_ENTRY_COLUMNS and maybe more, by the first two
};

// Where an event of the journal was processed: at its own seq, or after a higher one.
struct replay_place {
	int64_t place, revision, seq;
	int row; // of the journal's result
	bool is_late;
};

struct replay {
	const struct rulebook *rulebook; // borrowed
	struct member_run run;
	struct result *results[REPLAY_SOURCES]; // but for the entries, which are the slice's
	const struct result *entries;
	bool is_day[REPLAY_SOURCES][REPLAY_COMPARED]; // whether the column is a date
	int rows[REPLAY_SOURCES];                     // where the member at hand begins
	struct replay_place *places;                  // of the member at hand
	int place_capacity;
	struct arena arena;
	struct bytes memory;
	int64_t member_id; // at hand
	breach_listener *listener;
	void *payload;
};

void replay_init(
	struct replay *replay, const struct rulebook *rulebook, breach_listener *listener, void *payload);
void replay_free(struct replay *replay);
// Replays the named members in one look at the tables: call it inside a REPEATABLE READ transaction; cheapest
// with enable_sort off, as what is read is ordered by the tables' keys.
bool replay_members(struct replay *replay, struct session *session, const struct replay_slice *slice,
	struct error *error);
#endif
