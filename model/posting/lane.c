// One session's way from the inbox to the ledger: looks for work, claims batches, posts them.
#include "db/clock.h"
#include "model/posting/lane.h"

#include <stdio.h>
#include <string.h>

enum {
	BATCH_DEFAULT = 2000,   // a commit costs as much as a hundred events
	BATCH_QUICK = 500,      // while people wait, as the one who comes next waits for the batch in hand
	QUICK_MS = 10000,       // how long after the last of them
	ALONE_TRIES = 3,        // of an event that the database refuses, before it is set aside
};

_Static_assert((int)WAITING_MEMBERS == 50, "the survey's LIMIT");

static const char LOOK_SQL[] =
	"SELECT ARRAY(SELECT DISTINCT ON (w.bucket, w.member_id) w.member_id FROM loyalty.inbox w "
	"WHERE w.lane = 0 ORDER BY w.bucket, w.member_id LIMIT 50), $1::boolean AND (SELECT true "
	"FROM loyalty.inbox i WHERE i.bucket = b::smallint AND i.lane = 1 LIMIT 1) IS NOT "
	"NULL, " RULEBOOK_STAMP_SQL ", loyalty.business_day(), "
	"(SELECT p.processed_on FROM loyalty.programme p), EXISTS (SELECT FROM loyalty.import m "
	"WHERE m.finished_at IS NULL AND m.started_at > now() - interval '1 day') "
	"FROM generate_series(0, 15) b ORDER BY b";

// Plans are made once, whatever the tables hold then, and must do for a full inbox as for an empty one.
static const char SESSION_SQL[] = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; "
				  "SET jit = off; SET lock_timeout = 0";

void lane_init(struct lane *lane, const struct worker_options *options, int turn)
{
	*lane = (struct lane){.options = options, .turn = turn % BATCH_BUCKETS};
	query_init(&lane->look, "survey", LOOK_SQL);
	night_init(&lane->night);
	lane->limit = lane->wanted = options->batch > 0 ? options->batch : BATCH_DEFAULT;
}

void lane_close(struct lane *lane)
{
	session_close(lane->session);
	lane->session = NULL;
}

void lane_free(struct lane *lane)
{
	lane_close(lane);
	if (lane->rulebook)
		batch_free(&lane->batch);
	rulebook_free(lane->rulebook);
	lane->rulebook = NULL;
	query_free(&lane->look);
}

static bool rulebook_renew(struct lane *lane, struct error *error)
{
	struct rulebook *fresh = rulebook_load(lane->session, error);
	if (!fresh)
		return false;
	if (lane->rulebook)
		batch_use(&lane->batch, fresh);
	else
		batch_init(&lane->batch, fresh);
	rulebook_free(lane->rulebook);
	lane->rulebook = fresh;
	lane->announced = fresh->count == 1 ? LANE_ANNOUNCED_ALL : 0;
	return true;
}

bool lane_open(struct lane *lane, struct error *error)
{
	lane_close(lane);
	lane->is_retrying = false;
	lane->session = lane->options->open(lane->options->payload, error);
	return lane->session && session_script(lane->session, SESSION_SQL, error) &&
	       rulebook_renew(lane, error);
}

bool lane_is_open(const struct lane *lane)
{
	return lane->session && session_is_alive(lane->session);
}

static bool is_in_round(const struct survey *survey)
{
	for (int bucket = 0; bucket < BATCH_BUCKETS; bucket++)
		if (survey->bulk[bucket])
			return true;
	return false;
}

// Bulk is looked for between rounds only: in the midst of one the look would pass over all that the round has
// deleted, once a batch.
bool lane_survey(struct lane *lane, struct error *error)
{
	struct survey *survey = &lane->survey;
	bool is_look = !is_in_round(survey);
	struct result *result = NULL;
	query_clear(&lane->look);
	query_int(&lane->look, WIRE_BOOL, is_look);
	if (!pipeline_send(lane->session, &lane->look, error) || !pipeline_sync(lane->session, error) ||
		!pipeline_results(lane->session, &result, 1, error))
		return false;
	for (int bucket = 0; bucket < BATCH_BUCKETS; bucket++)
		survey->bulk[bucket] |= result_bool(result, bucket, 1);
	struct elements waiting = result_elements(result, 0, 0);
	survey->waiting_count = 0;
	while (survey->waiting_count < WAITING_MEMBERS &&
		elements_next_int(&waiting, &survey->waiting[survey->waiting_count]))
		survey->waiting_count++;
	if (is_look)
		survey->has_bulk = is_in_round(survey);
	bool is_current = result_int64(result, 0, 2) == lane->rulebook->stamp;
	survey->day = lane->options->as_of != DAY_NONE ? lane->options->as_of : result_day(result, 0, 3);
	survey->processed_on = result_day(result, 0, 4);
	survey->is_importing = result_bool(result, 0, 5);
	lane->batch.night_on =
		survey->processed_on < survey->day || lane->options->once ? survey->day : DAY_NONE;
	result_free(result);
	return is_current || rulebook_renew(lane, error);
}

// Whether an error speaks of the data it was given, so that the events may be to blame.
static bool is_of_data(const struct error *error)
{
	return strncmp(error->sqlstate, "22", 2) == 0 || strncmp(error->sqlstate, "23", 2) == 0 ||
	       !error->sqlstate[0] || strcmp(error->sqlstate, "LY020") == 0;
}

static bool event_set_aside(
	struct lane *lane, const struct journal_event *event, const struct error *why, struct error *error)
{
	char member[24], seq[24], detail[800];
	snprintf(member, sizeof member, "%lld", (long long)event->member_id);
	snprintf(seq, sizeof seq, "%lld", (long long)event->event.seq);
	const char *values[] = {member, seq, error_line(why, detail, sizeof detail)};
	lane->report.failed++;
	return session_execute(lane->session,
		"WITH gone AS (DELETE FROM loyalty.inbox i "
		"WHERE i.bucket = loyalty.bucket_of($1::bigint) AND i.member_id = $1::bigint "
		"AND i.seq = $2::bigint RETURNING i.member_id, i.seq), noted AS ("
		"INSERT INTO loyalty.outcome (member_id, seq, result, reason, detail, attempts) "
		"SELECT g.member_id, g.seq, 'failed', 'database', $3, 3 FROM gone g) "
		"SELECT pg_notify('loyalty_member', g.member_id::text) FROM gone g",
		values, 3, error);
}

// A member whose day the database refuses to open: infinity keeps it for a person to look at, out of the way.
static bool member_set_aside(struct lane *lane, int64_t member_id, struct error *error)
{
	char member[24];
	const char *values[] = {member};
	snprintf(member, sizeof member, "%lld", (long long)member_id);
	lane->report.failed++;
	return session_execute(lane->session,
		"UPDATE loyalty.member_due SET due_on = 'infinity' WHERE member_id = $1::bigint", values, 1,
		error);
}

static bool culprit_set_aside(struct lane *lane, const struct error *why, struct error *error)
{
	const struct batch *batch = &lane->batch;
	char line[800];
	lane->failures = 0;
	if (lane->options->say)
		lane->options->say(lane->options->payload, error_line(why, line, sizeof line));
	if (!session_rollback(lane->session, error))
		return false;
	return batch->event_count ? event_set_aside(lane, &batch->events[0].journal, why, error)
				  : member_set_aside(lane, batch->members[0].member_id, error);
}

// A failed batch is tried again at once in halves; an event (or a day of a member) that fails alone, three
// times, is set aside with its error. An error that does not speak of data (no disk, no locks, no link) is no
// event's fault: it is reported and waited for.
static bool retreat(struct lane *lane, struct error *error)
{
	struct error why = *error;
	const struct batch *batch = &lane->batch;
	int count = batch->event_count ? batch->event_count : batch->member_count;
	if (!session_is_alive(lane->session) || !is_of_data(&why) || count == 0)
		return false;
	lane->limit = (count + 1) / 2;
	if (count == 1 && ++lane->failures >= ALONE_TRIES)
		return culprit_set_aside(lane, &why, error);
	lane->is_retrying = true;
	return session_rollback(lane->session, error);
}

bool lane_post(struct lane *lane, bool is_claimed, int *done, struct error *error)
{
	struct batch *batch = &lane->batch;
	int64_t start = clock_ms();
	lane->is_retrying = false;
	if (is_claimed && batch->is_outdated) {
		*done = 0;
		lane->is_retrying = true;
		return batch_drop(batch, lane->session, error) && rulebook_renew(lane, error);
	}
	if (is_claimed && batch->member_count == 0) {
		*done = 0;
		return batch_drop(batch, lane->session, error);
	}
	bool is_saved = is_claimed && batch_load(batch, lane->session, error) && batch_run(batch, error) &&
			batch_save(batch, lane->session, error);
	*done = batch->member_count;
	if (!is_saved)
		return retreat(lane, error);
	lane->failures = 0;
	lane->limit = lane->limit * 2 < lane->wanted ? lane->limit * 2 : lane->wanted;
	lane->report.posted += batch->event_count - batch->set_aside;
	lane->report.failed += batch->set_aside;
	lane->batch_ms = (int)(clock_ms() - start);
	return true;
}

bool lane_waiting(struct lane *lane, const int64_t *members, int count, bool *is_busy, struct error *error)
{
	int done;
	if (count == 0)
		return true;
	do {
		bool is_claimed =
			batch_claim_waiting(&lane->batch, lane->session, members, count, lane->limit, error);
		if (!lane_post(lane, is_claimed, &done, error))
			return false;
	} while (lane->is_retrying);
	lane->waited_ms = clock_ms();
	*is_busy |= done > 0;
	return true;
}

static int bulk_limit(const struct lane *lane)
{
	bool is_quick = lane->waited_ms != 0 && clock_ms() - lane->waited_ms < QUICK_MS;
	return is_quick && lane->limit > BATCH_QUICK ? BATCH_QUICK : lane->limit;
}

// One batch of a bucket; *done 0 where there is no more, or another worker has it.
static bool bucket_bulk(struct lane *lane, int bucket, int *done, struct error *error)
{
	struct batch *batch = &lane->batch;
	int limit;
	do {
		limit = bulk_limit(lane);
		bool is_claimed =
			batch_claim(batch, lane->session, bucket, lane->after[bucket], limit, error);
		if (!lane_post(lane, is_claimed, done, error))
			return false;
	} while (lane->is_retrying);
	bool is_full = batch->event_count == limit;
	lane->after[bucket] = is_full ? batch->members[batch->member_count - 1].member_id : 0;
	lane->survey.bulk[bucket] = is_full;
	return true;
}

bool lane_bulk(struct lane *lane, bool *is_busy, struct error *error)
{
	for (int i = 0; i < BATCH_BUCKETS; i++) {
		int bucket = lane->turn = (lane->turn + 1) % BATCH_BUCKETS, done = 0;
		bool was_in_midst = lane->after[bucket] != 0;
		if (!lane->survey.bulk[bucket])
			continue;
		if (!bucket_bulk(lane, bucket, &done, error))
			return false;
		*is_busy |= done > 0 || was_in_midst;
		if (done > 0)
			return true;
	}
	return true;
}
