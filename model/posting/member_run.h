// One member's way through the engine, from version to version of the programme, and the rows it leaves.
#ifndef MODEL_MEMBER_RUN_H
#define MODEL_MEMBER_RUN_H
#include "model/engine/engine.h"
#include "model/posting/journal.h"
#include "model/posting/posting_rows.h"
#include "model/programme/rulebook.h"
#include <stdbool.h>

// Used for one member after the other: begin, hand in what is known, then events and days. The version in
// force changes by itself on its day: the days before it are opened under the old one.
struct member_run {
	const struct rulebook *rulebook; // borrowed
	struct member_state *states;     // one a version, empty but for the one in use
	int version;                     // the index in use, -1 before the first event of the member
	bool keeps_originals;
	bool is_forked; // the version before the one in use has the member too, as if it went on
	struct postings postings;
	struct posting_rows rows; // of everything since begin; the caller may read, not change
	struct bytes memory;      // for the way from version to version
};

void member_run_init(struct member_run *run, const struct rulebook *rulebook);
void member_run_free(struct member_run *run);
// The next member, of whom nothing is known yet. With keeps_originals, returns find what this run itself has
// seen.
void member_run_begin(struct member_run *run, bool keeps_originals);
// What was saved, before anything else is handed in. False: the bytes are no memory, or of a version that is
// not there.
bool member_run_remember(struct member_run *run, int version_no, const void *memory, size_t length);

// After the member's first event or memory; NULL before.
struct member_state *member_run_state(struct member_run *run);
const struct rulebook_version *member_run_version(const struct member_run *run);

// As the engine's, with rows added. giver: as journal_event has it (posting_rows_add).
enum refusal member_run_apply(
	struct member_run *run, const struct event *event, int giver, struct trace *trace);
enum refusal member_run_advance(struct member_run *run, day_t day, struct trace *trace);
// An event as it was processed then: on the day the member had come to, where that was noted.
enum refusal member_run_replay(struct member_run *run, const struct journal_event *event);
// On to the first day of the newest version, and what would have become of the member on that day without it:
// *without, which stays the run's until the next begin. The rows are those with it.
enum refusal member_run_fork(struct member_run *run, const struct member_state **without);
// The first day after the member's that could change anything, be it that a new version begins; DAY_NONE:
// none.
day_t member_run_next_due(const struct member_run *run);
#endif
