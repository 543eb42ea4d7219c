// Claims a batch: takes pending events out of the inbox, in the transaction that will post them.
#include "model/posting/batch.h"

#include <stdlib.h>

// The claim is a DELETE in the transaction that posts: a crash gives the events back. The bucket's lock keeps
// a member's events with one worker at a time, and goes with the transaction, so that nothing can be left
// behind. The order is that of the members, not of arrival: one index serves, and a member's events fall
// together.
#define RULES RULEBOOK_STAMP_SQL ", (SELECT p.opened_on FROM loyalty.programme p)"
// Whoever has the bucket's other lock writes the figures of its members: the keeper, or a batch that finds it free.
#define CLAIM(which, has_figures)                                                                            \
	"WITH taken AS (DELETE FROM loyalty.inbox WHERE ctid = ANY (ARRAY(" which                            \
	")) RETURNING member_id, seq) SELECT " JOURNAL_COLUMNS ", now(), " RULES ", " has_figures " "                         \
	"FROM taken t JOIN loyalty.journal j USING (member_id, seq) ORDER BY 1, 2"

static const struct {
	const char *name, *sql;
} CLAIMS[CLAIM_LANES] = {
	// Every event of the members somebody waits for, so that their order is kept. Locks are taken in the
	// order of the buckets, so that two workers never wait for each other.
	[CLAIM_WAITING] = {"claim_waiting",
		CLAIM("SELECT i.ctid FROM unnest($1) w (member_id) JOIN loyalty.inbox i "
		      "ON i.bucket = loyalty.bucket_of(w.member_id) AND i.member_id = w.member_id "
		      "WHERE (SELECT count(pg_advisory_xact_lock(7, b.bucket)) FROM (SELECT DISTINCT "
		      "loyalty.bucket_of(m)::int AS bucket FROM unnest($1) m ORDER BY 1) b) > 0 "
		      "ORDER BY i.member_id, i.seq LIMIT $2",
			"false")}, // nobody who waits for points waits for figures
	[CLAIM_BULK] = {"claim_bulk",
		CLAIM("SELECT ctid FROM loyalty.inbox WHERE (SELECT pg_try_advisory_xact_lock(7, $1::int)) "
		      "AND bucket = $1 AND member_id > $2 ORDER BY bucket, member_id, seq LIMIT $3",
			"(SELECT pg_try_advisory_xact_lock(9, $1::int))")},
	// Only so many buckets are locked as the limit asks for. The places spare the look at all entries of the
	// index that this round has left behind.
	[CLAIM_DUE] = {"claim_due",
		"SELECT x.member_id, now(), " RULES ", x.bucket, x.due_on, x.has_figures FROM (SELECT d.*, p.has_figures FROM (SELECT *, "
		"pg_try_advisory_xact_lock(9, p.bucket::int) AS has_figures "
		"FROM unnest($1, $2, $3) p (bucket, day, member_id) "
		"WHERE pg_try_advisory_xact_lock(7, p.bucket::int)) p CROSS JOIN LATERAL (SELECT m.* "
		"FROM loyalty.member_due m WHERE m.bucket = p.bucket AND m.due_on <= $4 "
		"AND (m.due_on, m.member_id) > (p.day, p.member_id) AND NOT EXISTS (SELECT "
		"FROM loyalty.inbox i WHERE i.bucket = m.bucket AND i.member_id = m.member_id) "
		"ORDER BY m.due_on, m.member_id LIMIT $5) d LIMIT $5) x ORDER BY 1"},
};

void batch_init(struct batch *batch, const struct rulebook *rulebook)
{
	*batch = (struct batch){.night_on = DAY_NONE};
	sums_init(&batch->sums, "batch");
	batch_use(batch, rulebook);
	for (int i = 0; i < CLAIM_LANES; i++)
		query_init(&batch->claim[i], CLAIMS[i].name, CLAIMS[i].sql);
}

void batch_use(struct batch *batch, const struct rulebook *rulebook)
{
	member_run_free(&batch->run);
	batch->rulebook = rulebook;
	member_run_init(&batch->run, rulebook);
}

static void results_free(struct batch *batch)
{
	result_free(batch->claimed);
	batch->claimed = NULL;
	for (int i = 0; i < LOAD_SOURCES; i++) {
		result_free(batch->loaded[i]);
		batch->loaded[i] = NULL;
	}
	arena_free(&batch->arena);
}

void batch_free(struct batch *batch)
{
	results_free(batch);
	member_run_free(&batch->run);
	for (int i = 0; i < CLAIM_LANES; i++)
		query_free(&batch->claim[i]);
	for (int i = 0; i < LOAD_SOURCES; i++)
		query_free(&batch->load[i]);
	for (int i = 0; i < SAVE_TARGETS; i++)
		query_free(&batch->save[i]);
	bytes_free(&batch->memory);
	sums_free(&batch->sums);
	free(batch->events);
	free(batch->members);
	*batch = (struct batch){0};
}

static struct batch_member *member_add(struct batch *batch, int64_t member_id)
{
	ARRAY_RESERVE(batch->members, batch->member_capacity, batch->member_count + 1);
	struct batch_member *member = &batch->members[batch->member_count++];
	*member = (struct batch_member){.member_id = member_id,
		.first = batch->event_count,
		.standing = -1,
		.debt = -1,
		.lot = -1,
		.original = -1,
		.award = -1,
		.expired = -1,
		.payment = -1,
		.past = -1,
		.receiver = -1,
		.figures = -1,
		.figures_bucket = NO_FIGURES};
	return member;
}

static void event_add(struct batch *batch, int row)
{
	struct batch_event event = {0};
	bool is_known = journal_read(&event.journal, batch->claimed, row, batch->rulebook, &batch->arena);
	if (!is_known) {
		event.journal.member_id = result_int64(batch->claimed, row, 0);
		event.journal.event.seq = result_int64(batch->claimed, row, 1);
		event.fault = "type";
		event.fault_detail = "this program does not know events of that type";
	}
	struct batch_member *member = batch->member_count ? &batch->members[batch->member_count - 1] : NULL;
	if (!member || member->member_id != event.journal.member_id)
		member = member_add(batch, event.journal.member_id);
	event.is_return = is_known && event.journal.event.type == EVENT_RETURN;
	event.is_transfer = is_known && (event.journal.event.type == EVENT_TRANSFER ||
						event.journal.event.type == EVENT_MERGE);
	event.is_cancel = is_known && event.journal.event.type == EVENT_CANCEL_REWARD;
	member->has_return |= event.is_return;
	member->has_cancel |= event.is_cancel;
	member->has_late |= is_known && event_is_late(&event.journal.event);
	member->count++;
	ARRAY_RESERVE(batch->events, batch->event_capacity, batch->event_count + 1);
	batch->events[batch->event_count++] = event;
}

__attribute__((weak)) const char *batch_begin_command(void)
{
	return "BEGIN";
}

enum { CLAIM_RESULTS = 3 }; // of what claim_send() sends
enum { RULES_COLUMNS = 3 }; // when it began, and RULES

static bool claim_send(
	struct batch *batch, struct session *session, enum claim_lane lane, struct error *error)
{
	results_free(batch);
	batch->event_count = batch->member_count = batch->set_aside = batch->advanced = 0;
	batch->advance_to = DAY_NONE;
	batch->is_outdated = false;
	return pipeline_command(session, batch_begin_command(), error) &&
	       pipeline_command(session, RULEBOOK_HOLD_SQL, error) &&
	       pipeline_send(session, &batch->claim[lane], error);
}

// results: those of the claim, and of `more` statements that were sent after it.
static bool claim_take(
	struct batch *batch, struct session *session, struct result **results, int more, struct error *error)
{
	if (!pipeline_sync(session, error) ||
		!pipeline_results(session, results, CLAIM_RESULTS + more, error))
		return false;
	result_free(results[0]);
	result_free(results[1]);
	batch->claimed = results[2];
	return true;
}

// What stands beside every row, from this column on: when the transaction began, and by which rules it has to
// go.
static void claim_read(struct batch *batch, int column)
{
	if (result_rows(batch->claimed) == 0)
		return;
	batch->posted_at = result_int64(batch->claimed, 0, column);
	batch->is_outdated = result_int64(batch->claimed, 0, column + 1) != batch->rulebook->stamp;
	batch->opened_on = batch->opened_before = result_day(batch->claimed, 0, column + 2);
}

static void events_add(struct batch *batch)
{
	claim_read(batch, JOURNAL_COLUMN_COUNT);
	for (int row = 0; !batch->is_outdated && row < result_rows(batch->claimed); row++)
		event_add(batch, row);
}

// The members are of one bucket.
static void figures_claim(struct batch *batch, int bucket)
{
	if (batch->member_count == 0 || !result_bool(batch->claimed, 0, JOURNAL_COLUMN_COUNT + RULES_COLUMNS))
		return;
	for (int m = 0; m < batch->member_count; m++)
		batch->members[m].figures_bucket = bucket;
}

bool batch_claim(struct batch *batch, struct session *session, int bucket, int64_t after_member, int limit,
	struct error *error)
{
	struct query *query = &batch->claim[CLAIM_BULK];
	struct result *results[CLAIM_RESULTS];
	query_clear(query);
	query_int(query, WIRE_INT2, bucket);
	query_int(query, WIRE_INT8, after_member);
	query_int(query, WIRE_INT4, limit);
	if (!claim_send(batch, session, CLAIM_BULK, error) || !claim_take(batch, session, results, 0, error))
		return false;
	events_add(batch);
	figures_claim(batch, bucket);
	return true;
}

bool batch_claim_waiting(struct batch *batch, struct session *session, const int64_t *members, int count,
	int limit, struct error *error)
{
	struct query *query = &batch->claim[CLAIM_WAITING];
	struct result *results[CLAIM_RESULTS + LOAD_KNOWN];
	query_clear(query);
	struct parameter *array = query_array(query, WIRE_INT8);
	for (int m = 0; m < count; m++)
		array_int(array, members[m]);
	query_int(query, WIRE_INT4, limit);
	if (!claim_send(batch, session, CLAIM_WAITING, error) ||
		!load_send(batch, session, members, count, error) ||
		!claim_take(batch, session, results, LOAD_KNOWN, error))
		return false;
	events_add(batch);
	load_take(batch, results + CLAIM_RESULTS);
	return true;
}

static void due_fill(struct query *query, day_t day, const int *buckets, int count,
	const struct due_place places[BATCH_BUCKETS], int limit)
{
	query_clear(query);
	struct parameter *bucket = query_array(query, WIRE_INT2);
	struct parameter *after = query_array(query, WIRE_DATE);
	struct parameter *after_member = query_array(query, WIRE_INT8);
	for (int i = 0; i < count; i++) {
		array_int(bucket, buckets[i]);
		array_int(after, places[buckets[i]].day);
		array_int(after_member, places[buckets[i]].member_id);
	}
	query_int(query, WIRE_DATE, day);
	query_int(query, WIRE_INT4, limit);
}

static void place_move(struct due_place *place, day_t day, int64_t member_id)
{
	if (day > place->day || (day == place->day && member_id > place->member_id))
		*place = (struct due_place){.day = day, .member_id = member_id};
}

bool batch_claim_due(struct batch *batch, struct session *session, day_t day, const int *buckets, int count,
	struct due_place places[BATCH_BUCKETS], int limit, struct error *error)
{
	enum { MEMBER_ID, RULES_FROM, BUCKET = RULES_FROM + RULES_COLUMNS, DUE_ON, HAS_FIGURES };
	struct result *results[CLAIM_RESULTS];
	due_fill(&batch->claim[CLAIM_DUE], day, buckets, count, places, limit);
	if (!claim_send(batch, session, CLAIM_DUE, error) || !claim_take(batch, session, results, 0, error))
		return false;
	claim_read(batch, RULES_FROM);
	for (int row = 0; !batch->is_outdated && row < result_rows(batch->claimed); row++) {
		int64_t member_id = result_int64(batch->claimed, row, MEMBER_ID);
		int bucket = (int)result_int64(batch->claimed, row, BUCKET);
		struct batch_member *member = member_add(batch, member_id);
		member->figures_bucket = result_bool(batch->claimed, row, HAS_FIGURES) ? bucket : NO_FIGURES;
		place_move(&places[bucket],
			result_day(batch->claimed, row, DUE_ON), member_id);
	}
	batch->advance_to = day;
	return true;
}

bool batch_drop(struct batch *batch, struct session *session, struct error *error)
{
	results_free(batch);
	return session_rollback(session, error);
}
