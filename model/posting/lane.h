// One session's way from the inbox to the ledger: looks for work, claims batches, posts them.
#ifndef MODEL_LANE_H
#define MODEL_LANE_H
#include "model/posting/batch.h"
#include "model/posting/worker.h"

enum { WAITING_MEMBERS = 50 }; // posted in one transaction
#define LANE_ANNOUNCED_ALL INT64_MAX

// What there is to do, of one look at the database.
struct survey {
	int64_t waiting[WAITING_MEMBERS]; // members for whom somebody waits
	int waiting_count;
	bool bulk[BATCH_BUCKETS]; // until the round through that bucket has ended
	bool has_bulk;            // at the last look for it
	day_t day, processed_on;  // the business day, and the last whose due members were all advanced
	bool is_importing;
};

// A night: the opening of the days of members who are due, in rounds through their buckets.
struct night {
	struct due_place places[BATCH_BUCKETS]; // this round has come to
	day_t day;                              // of the round
	unsigned buckets;                       // bit b: this round goes on in bucket b
	int limit;                              // of a batch, so that it takes no longer than somebody may wait
	int64_t began_ms, told_ms;              // since this lane is at it; when the progress was last told
};

struct lane {
	const struct worker_options *options; // borrowed
	struct session *session;
	struct rulebook *rulebook;
	struct batch batch;
	struct survey survey;
	struct query look; // the survey's statement: prepared, as people wait for it
	struct worker_report report;
	int64_t after[BATCH_BUCKETS]; // the member this round has come to, so that members take turns
	int64_t announced; // members up to this id are due on the first day of a version to come; LANE_ANNOUNCED_ALL
	int wanted, limit; // limit falls while a batch fails, down to the one event that is to blame
	int failures;      // of one event alone
	bool is_opening;   // the last look for members due has found some
	bool is_retrying;  // the last batch failed and is to be tried again, smaller
	int64_t waited_ms; // when somebody last waited
	int batch_ms;      // how long the last batch took
	int turn;
	struct night night;
};

void lane_init(struct lane *lane, const struct worker_options *options, int turn);
void lane_free(struct lane *lane);
// Opens its session and reads the programme.
bool lane_open(struct lane *lane, struct error *error);
bool lane_is_open(const struct lane *lane);
void lane_close(struct lane *lane); // the session only; lane_open() again

// Fills lane->survey, and reads the programme again when there is another version.
bool lane_survey(struct lane *lane, struct error *error);
// Each posts and sets *is_busy when there was something: all events of members for whom somebody waits; of
// what the survey has found, one batch of bulk, and one batch of members whose day has come. They leave
// *is_busy alone when there was nothing.
bool lane_waiting(struct lane *lane, const int64_t *members, int count, bool *is_busy, struct error *error);
bool lane_bulk(struct lane *lane, bool *is_busy, struct error *error);
bool lane_due(struct lane *lane, bool *is_busy, struct error *error);

// The part of each that lane.c and lane_due.c share: after the claim, everything up to the commit, or nothing.
// *done: members the batch had.
bool lane_post(struct lane *lane, bool is_claimed, int *done, struct error *error);
void night_init(struct night *night);
#endif
