// The journal's rows as events of the engine, and a member's events in the order they were processed in.
#ifndef MODEL_JOURNAL_H
#define MODEL_JOURNAL_H
#include "db/result.h"
#include "model/engine/arena.h"
#include "model/engine/event.h"
#include "model/programme/rulebook.h"
#include <stdbool.h>
#include <stdint.h>

// journal_event.giver; the numbers are those of enum account.
#define JOURNAL_GIVER                                                                                         \
	"CASE WHEN j.lane = 0 THEN 6 WHEN starts_with(j.source, 'campaign:') THEN 1000 + substr(j.source, 10)::int ELSE 5 END"

// The columns journal_read() needs, of a journal row named j, first in the select list, in text or binary
// alike.
#define JOURNAL_COLUMNS                                                                                      \
	"j.member_id, j.seq, j.type, j.activity_on, j.happened_on, j.amount, "                         \
	"array_to_string(j.line_category, E'\\x1f', ''), array_to_string(j.line_amount, E'\\x1f', '0'), "    \
	"j.category, j.quantity, j.basket, j.of_seq, j.object, j.tier, j.until_on, j.qualifying, j.born, "   \
	"j.tender, j.channel, array_to_string(j.flags, E'\\x1f', ''), " JOURNAL_GIVER ", j.other_number, "        \
	"array_to_string(j.lot_amount, E'\\x1f'), array_to_string(j.lot_earned_on, E'\\x1f'), "           \
	"array_to_string(j.lot_expires_on, E'\\x1f', ''), j.active_on, j.source"
enum { JOURNAL_COLUMN_COUNT = 27 };

// What the worker noted about an event that did not simply go through; read from the columns after
// JOURNAL_COLUMNS.
#define JOURNAL_OUTCOME_COLUMNS "o.result, o.reason, o.after_seq, o.processed_on, o.detail"

struct journal_event {
	int64_t member_id;
	struct event event;
	int giver; // the account that an adjustment upwards comes from: adjusted, goodwill where staff gave it, or a campaign's
	int64_t other_number; // transfer, merge: the receiver's; receive: the giver's
	const char *result; // "accepted", "denied", "failed", "cancelled", "pending"
	const char *reason; // why denied or failed; "" else
	const char *detail; // of a failure
	int64_t after_seq;  // processed after this higher event, 0: in its place
	day_t processed_on; // the member's day at that moment, where it was noted; else DAY_NONE
};

// Whether the engine saw it: it was accepted or denied.
bool journal_was_processed(const struct journal_event *event);

// Reads a row. Texts are borrowed from the result and the arena. The rulebook gives an adjustment its
// decimals. False: an event of a type this program does not know.
bool journal_read(struct journal_event *event, const struct result *result, int row,
	const struct rulebook *rulebook, struct arena *arena);
// The same, and the outcome's columns.
bool journal_read_processed(struct journal_event *event, const struct result *result, int row,
	const struct rulebook *rulebook, struct arena *arena);

// The days a row was posted on and, if that was earlier, happened on (else DAY_NONE), without the rest of it.
void journal_days(const struct result *result, int row, day_t *posted, day_t *happened);

// What a member's events came to, besides rows: as in table standing. Days are those on which things happened;
// DAY_NONE: nothing of that kind was accepted yet.
struct journal_tally {
	int64_t last_seq, events, purchases;
	day_t last_activity_on, last_purchase_on;
};
void journal_tally_add(struct journal_tally *tally, const struct event *event, bool is_accepted);

// To order a journal `j` with its outcome `o` as it was processed.
#define JOURNAL_PROCESSED_ORDER "coalesce(o.after_seq, j.seq), o.after_seq IS NOT NULL, o.revision, j.seq"

// "enrol", "purchase" ... have the same names in database and engine.
#endif
