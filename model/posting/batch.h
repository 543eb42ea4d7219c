// A batch: events claimed from the inbox, or members whose day has come, and what the engine makes of them.
// One transaction.
#ifndef MODEL_BATCH_H
#define MODEL_BATCH_H
#include "db/error.h"
#include "db/session.h"
#include "db/wire.h"
#include "model/insight/sums.h"
#include "model/posting/journal.h"
#include "model/posting/member_run.h"
#include "model/programme/rulebook.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// claim, load, run, save: each does one round trip, run none; what people wait for is loaded with its claim.
// From claim to save is one transaction; when any of them says false, the transaction has been rolled back or
// the link is gone, and the events are pending again.
enum { BATCH_BUCKETS = 16 }; // as loyalty.bucket_of() has it

enum { NO_FIGURES = -1 };

struct batch_event {
	struct journal_event journal;
	const char *fault, *fault_detail; // it is to be set aside with this; NULL: it is not
	bool is_return, is_cancel; // of a purchase, of a reward
	bool is_transfer; // or a merge: to another member
	bool is_accepted; // known once the member has been run
};

struct batch_member {
	int64_t member_id;
	int first, count;        // its events
	int standing, debt, lot; // its first rows among those loaded, -1: none
	int original, award, expired, payment, past, receiver, figures;
	int figures_bucket; // in which this batch may write figures; NO_FIGURES: the keeper has them, or is to have them
	bool has_return, has_cancel, has_late;
};

// The statements of a save, one a table.
enum save_target {
	SAVE_ENTRY,
	SAVE_PARTNER,
	SAVE_LOT,
	SAVE_LOT_CHANGE,
	SAVE_LOT_USE,
	SAVE_BALANCE,
	SAVE_TIER,
	SAVE_REWARD,
	SAVE_SETTLE,
	SAVE_CHARGE,
	SAVE_DUES,
	SAVE_SENT,
	SAVE_SHARE,
	SAVE_VERIFICATION,
	SAVE_VERIFICATION_END,
	SAVE_OUTCOME,
	SAVE_DUE,
	SAVE_DUE_NEVER,
	SAVE_NIGHT,
	SAVE_STANDING,
	SAVE_BEHIND,
	SAVE_FIGURES,
	SAVE_DEEDS,
	SAVE_MERGED,
	SAVE_OPENED,
	SAVE_NOTICE,
	SAVE_TARGETS
};

enum load_source {
	LOAD_STANDING,
	LOAD_DEBT,
	LOAD_LOT,
	LOAD_ORIGINAL, // these three only where there are returns
	LOAD_AWARD,
	LOAD_EXPIRED,
	LOAD_PAYMENT, // only where rewards are cancelled
	LOAD_PAST,    // only where something comes late: all that was processed before
	LOAD_RECEIVER, // only where something is transferred: whom it can reach
	LOAD_FIGURES,  // only of members whose figures are the batch's to keep
	LOAD_SOURCES
};

// What a round through the members due has come to in a bucket, by day, then id.
struct due_place {
	day_t day;
	int64_t member_id;
};

enum claim_lane { CLAIM_WAITING, CLAIM_BULK, CLAIM_DUE, CLAIM_LANES };

struct batch {
	const struct rulebook *rulebook; // borrowed
	struct member_run run;
	struct batch_event *events;   // in order of member, then seq
	struct batch_member *members; // in order of their ids
	int event_count, event_capacity, member_count, member_capacity;
	int64_t posted_at; // microseconds since 2000-01-01 UTC: when the transaction began
	day_t advance_to;  // CLAIM_DUE: the business day
	day_t night_on;    // the business day that is being opened, for its count; DAY_NONE: none is
	int advanced;      // CLAIM_DUE: members for whom a date did something
	bool is_outdated;  // other versions are approved than the rulebook has: it is empty, to be claimed anew
	day_t opened_on, opened_before; // the latest day any member was brought to: with this batch, and before
	int set_aside;     // events with a fault
	struct query claim[CLAIM_LANES], load[LOAD_SOURCES], save[SAVE_TARGETS];
	struct sums sums; // what it adds to the figures
	struct result *claimed, *loaded[LOAD_SOURCES];
	struct arena arena;
	struct bytes memory;
};

void batch_init(struct batch *batch, const struct rulebook *rulebook);
void batch_free(struct batch *batch);
// Another rulebook from now on. A batch never posts by rules that are not the database's: from claim to commit
// no version can be approved or retired (RULEBOOK_HOLD_SQL), and a claim whose stamp is not the rulebook's is empty.
void batch_use(struct batch *batch, const struct rulebook *rulebook);

// At most `limit` pending events of a bucket, of members after that one. A bucket another worker has gives
// none.
bool batch_claim(struct batch *batch, struct session *session, int bucket, int64_t after_member, int limit,
	struct error *error);
// All pending events, at most `limit`, of these members, each named once. Waits for buckets another worker
// has.
bool batch_claim_waiting(struct batch *batch, struct session *session, const int64_t *members, int count,
	int limit, struct error *error);
// At most `limit` members for whom a date up to `day` changes something and who have no event pending, of these
// buckets, in this order, behind the places, which move on. Buckets another worker has give none.
bool batch_claim_due(struct batch *batch, struct session *session, day_t day, const int *buckets, int count,
	struct due_place places[BATCH_BUCKETS], int limit, struct error *error);
bool batch_load(struct batch *batch, struct session *session, struct error *error);
// The parts of load that a claim of known members uses: sends what asks where they stand, without a sync, and
// takes the answers.
enum { LOAD_KNOWN = LOAD_ORIGINAL }; // sources that need the members only
bool load_send(
	struct batch *batch, struct session *session, const int64_t *members, int count, struct error *error);
void load_take(struct batch *batch, struct result **results);
bool batch_run(struct batch *batch, struct error *error);
bool batch_save(struct batch *batch, struct session *session, struct error *error);

// What opens the transaction: BEGIN. A weak symbol, so that a test can put a fault in its place and see that
// it is found.
const char *batch_begin_command(void);

// Whether the event is one of the member's in this batch.
bool batch_has_event(const struct batch *batch, const struct batch_member *member, int64_t seq);

// Ends the transaction of a claim that found nothing.
bool batch_drop(struct batch *batch, struct session *session, struct error *error);

// Hands the engine what was loaded of the purchases the member's returns take back.
void batch_originals_add(struct batch *batch, const struct batch_member *member);

// Hands it what was loaded of the rewards the member's events cancel.
void batch_payments_add(struct batch *batch, const struct batch_member *member);

// Asks who can receive what the batch's transfers send; false: it has none. And tells the events, once that is known.
bool batch_receivers_ask(struct batch *batch);
void batch_receivers_tell(struct batch *batch);
// The member's row of those to whom this event is sent: its number; 0 if the batch has no such event.
int64_t batch_receiver_of(const struct batch *batch, const struct batch_member *member, int64_t seq);

// Lives the member's journal once more, after member_run_begin and in place of member_run_remember; the rows it leaves
// are none of the batch's. False: it does not lead to where the member stands.
bool batch_relive(struct batch *batch, const struct batch_member *member);

// Asks what the figures have of the members whose figures are the batch's to keep.
void figures_ask(struct batch *batch);
// Adds what the member's rows and events change in the figures; tier_id: of the first ladder, 0: none. *is_behind: that
// takes a look at more than the batch has, and is the keeper's. False: out of memory.
bool figures_add(struct batch *batch, const struct batch_member *member, int tier_id, bool *is_behind);
// What the figures have of a member from now on; deed: the month that changed, at that place (from 1), NULL: none.
struct deed_month;
void save_figures(struct batch *batch, int64_t member_id, int tier_id, day_t last_purchase, const struct deed_month *deed,
	int place);

// The parts of save that run uses: a member's rows, an outcome.
void save_begin(struct batch *batch);
bool save_member(struct batch *batch, const struct batch_member *member, const struct journal_tally *tally,
	struct error *error);
void save_outcome(struct batch *batch, int64_t member_id, int64_t seq, const char *result, const char *reason,
	const char *detail, int64_t after_seq, int64_t revision, day_t processed_on);
// What became of an event, for the stock, the codes and the memberships that hang on it.
void save_processed(struct batch *batch, const struct journal_event *event, bool is_accepted);
// The day that next changes something. DAY_NONE: none, or, is_set_aside, one that cannot be opened, which
// stays as infinity.
void save_due(struct batch *batch, int64_t member_id, day_t due_on, bool is_set_aside);
// The night has one member less to advance.
void save_advanced(struct batch *batch, int64_t member_id);

// The columns of LOAD_STANDING.
enum standing_column {
	STANDING_MEMBER_ID,
	STANDING_REVISION,
	STANDING_ENTRIES,
	STANDING_HEAD,
	STANDING_LAST_SEQ,
	STANDING_EVENTS,
	STANDING_VERSION,
	STANDING_TIER_CHANGES,
	STANDING_CHARGES,
	STANDING_LAST_ACTIVITY,
	STANDING_LAST_PURCHASE,
	STANDING_PURCHASES,
	STANDING_MEMORY,
	STANDING_DUE_ON,
	STANDING_PROCESSED_ON,
	STANDING_POOL_SHARE,
	STANDING_LOTS,
};
#endif
