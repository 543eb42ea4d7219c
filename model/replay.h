// The replay: a member's journal runs through the engine once more, and what comes out is compared with the
// tables.
#ifndef MODEL_REPLAY_H
#define MODEL_REPLAY_H
#include "db/error.h"
#include "db/session.h"
#include "model/breach.h"
#include "model/member_run.h"
#include "model/rulebook.h"
#include <stdbool.h>
#include <stdint.h>

enum replay_source {
	REPLAY_STANDING,
	REPLAY_JOURNAL,
	REPLAY_ENTRY,
	REPLAY_LOT,
	REPLAY_LOT_USE,
	REPLAY_TIER,
	REPLAY_REWARD,
	REPLAY_CHARGE,
	REPLAY_SOURCES
};

struct replay {
	const struct rulebook *rulebook; // borrowed
	struct member_run run;
	struct result *results[REPLAY_SOURCES];
	int rows[REPLAY_SOURCES]; // where the member at hand begins
	struct arena arena;
	struct bytes memory;
	int64_t member_id; // at hand
	breach_listener *listener;
	void *payload;
};

void replay_init(
	struct replay *replay, const struct rulebook *rulebook, breach_listener *listener, void *payload);
void replay_free(struct replay *replay);
// Replays those members, ids rising, in one look at the tables: call it inside a REPEATABLE READ transaction.
bool replay_members(struct replay *replay, struct session *session, const int64_t *member_ids, int count,
	struct error *error);
#endif
