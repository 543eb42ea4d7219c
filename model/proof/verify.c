// The proof: every invariant of the ledger, every chain of hashes, the audit log, and a replay of members'
// journals.
#include "db/clock.h"
#include "model/proof/verify.h"

#include "model/proof/verify_lane.h"
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LIGHT_PARTS = 64,
	LIGHT_MEMBERS = 5000,
	LIGHT_MS = 60000,
	SNAPSHOT_NAME = 64,
};

// Lanes take slice after slice from the members that are left; all that they share is behind the lock.
struct verify {
	const struct verify_options *options;
	struct verify_report *report;
	struct verify_progress progress;
	pthread_mutex_t lock;
	struct verify_lane *lanes;
	int lane_count;
	int64_t first, next, last; // all members, and from which on they are left
	bool has_failed;
	struct error *error;
};

static void breach_hear(void *payload, const struct breach *breach)
{
	struct verify *verify = payload;
	struct verify_report *report = verify->report;
	pthread_mutex_lock(&verify->lock);
	if (report->broken++ == 0)
		snprintf(report->first_broken, sizeof report->first_broken, "member id %" PRId64 ": %s (%s)",
			breach->member_id, breach->invariant, breach->detail);
	if (verify->options->listener)
		verify->options->listener(verify->options->payload, breach);
	pthread_mutex_unlock(&verify->lock);
}

static const char STOCK_SQL[] = "SELECT member_id, invariant, detail FROM loyalty.stock_broken() "
				"WHERE member_id BETWEEN $1::bigint AND $2::bigint";
static const char SETTLEMENT_SQL[] = "SELECT member_id, invariant, detail FROM loyalty.settlement_broken() "
				     "WHERE member_id BETWEEN $1::bigint AND $2::bigint";
static const char PAIRS_SQL[] = "SELECT member_id, invariant, detail FROM loyalty.transfer_unpaired() "
				"WHERE member_id BETWEEN $1::bigint AND $2::bigint";
static const char CASES_SQL[] = "SELECT member_id, invariant, detail FROM loyalty.case_broken() "
				"WHERE member_id BETWEEN $1::bigint AND $2::bigint";
static const char SURVEYS_SQL[] = "SELECT 0, 'counts of surveys are a recount', format('survey %s, %s %s of %s, \"%s\": kept %s, counted "
				  "%s', survey_id, dimension, grain, start_on, value, coalesce(kept, 0), coalesce(counted, 0)) "
				  "FROM loyalty.survey_broken() WHERE survey_id BETWEEN $1::bigint AND $2::bigint";
static const char FIGURES_SQL[] = "SELECT 0, 'figures are a recount', format('%s %s: kept %s, counted %s', figure, key, kept, counted) "
				  "FROM loyalty.insight_broken() WHERE $1::bigint <= $2::bigint";
// What members have is what accounts of the programme gave, less what they took.
static const char TOTAL_SQL[] = "SELECT 0, 'all accounts together are zero', format('currency %s: members "
				"%s, accounts %s', currency_id, b.total, -e.total) "
				"FROM (SELECT currency_id, sum(points) AS total FROM loyalty.balance "
				"WHERE member_id BETWEEN $1 AND $2 GROUP BY 1) b FULL "
				"JOIN (SELECT currency_id, sum(amount) AS total "
				"FROM loyalty.ledger_entry WHERE member_id BETWEEN $1 AND $2 "
				"GROUP BY 1) e USING (currency_id) "
				"WHERE coalesce(b.total, 0) <> coalesce(e.total, 0)";
static void failure_note(struct verify *verify, const struct error *error)
{
	if (!verify->has_failed)
		*verify->error = *error;
	verify->has_failed = true;
}

// The next slice into the lane's hands; false when there is none, or a lane has failed.
static bool slice_next(struct verify *verify, struct verify_lane *lane)
{
	struct error error = {0};
	pthread_mutex_lock(&verify->lock);
	bool has_more = !verify->has_failed && verify->next <= verify->last;
	if (has_more && verify_lane_take(lane, verify->next, verify->last, &error)) {
		verify->next = lane->to + 1;
	} else if (has_more) {
		failure_note(verify, &error);
		has_more = false;
	}
	pthread_mutex_unlock(&verify->lock);
	return has_more;
}

static void slice_report(
	struct verify *verify, const struct verify_report *part, bool is_good, const struct error *error)
{
	pthread_mutex_lock(&verify->lock);
	verify->report->members += part->members;
	verify->report->entries += part->entries;
	verify->report->replayed += part->replayed;
	verify->progress.done = verify->report->members;
	if (!is_good)
		failure_note(verify, error);
	if (verify->options->progress)
		verify->options->progress(verify->options->payload, &verify->progress);
	pthread_mutex_unlock(&verify->lock);
}

struct lane_thread {
	struct verify *verify;
	struct verify_lane *lane;
	bool has_whole;
	pthread_t thread;
};

// What is of no slice: all of it together, and what belongs to no member that stands anywhere.
static bool whole_check(struct verify *verify, struct verify_lane *lane, struct error *error)
{
	return verify_lane_ask(lane, TOTAL_SQL, INT64_MIN, INT64_MAX, error) &&
	       verify_lane_ask(lane, verify_audit_sql, 0, 0, error) &&
	       verify_lane_ask(lane, verify_ledger_sql, INT64_MIN, verify->first - 1, error) &&
	       verify_lane_ask(lane, verify_entry_sql, INT64_MIN, verify->first - 1, error) &&
	       verify_lane_ask(lane, verify_ledger_sql, verify->last + 1, INT64_MAX, error) &&
	       verify_lane_ask(lane, verify_entry_sql, verify->last + 1, INT64_MAX, error);
}

// A lane that has it to do looks at the whole first, while the others are at slices.
static void *lane_run(void *payload)
{
	const struct lane_thread *own = payload;
	if (own->has_whole) {
		const struct verify_report nothing = {0};
		struct error error = {0};
		bool is_good = whole_check(own->verify, own->lane, &error);
		slice_report(own->verify, &nothing, is_good, &error);
	}
	while (slice_next(own->verify, own->lane)) {
		struct verify_report part = {0};
		struct error error = {0};
		bool is_good = verify_lane_check(own->lane, &part, &error);
		slice_report(own->verify, &part, is_good, &error);
	}
	return NULL;
}

// The first lane is this thread's; one that gets no thread is not missed.
static bool lanes_run(struct verify *verify, int64_t from, int64_t to, bool has_whole, struct error *error)
{
	struct lane_thread threads[VERIFY_LANES];
	int started = 1;
	verify->first = verify->next = from;
	verify->last = to;
	verify->error = error;
	for (int i = 0; i < verify->lane_count; i++)
		threads[i] = (struct lane_thread){.verify = verify, .lane = &verify->lanes[i]};
	threads[0].has_whole = has_whole;
	while (started < verify->lane_count &&
		pthread_create(&threads[started].thread, NULL, lane_run, &threads[started]) == 0)
		started++;
	lane_run(&threads[0]);
	while (--started > 0)
		pthread_join(threads[started].thread, NULL);
	return !verify->has_failed;
}

static bool all_check(struct verify *verify, struct error *error)
{
	const struct verify_options *options = verify->options;
	struct verify_lane *lane = &verify->lanes[0];
	bool is_all = options->to == 0;
	int64_t from = options->from, to = options->to;
	if (is_all) {
		struct result *range = session_ask(lane->session, error,
			"SELECT min(member_id), max(member_id), count(*) FROM loyalty.standing", 0);
		if (!range)
			return false;
		from = result_int64(range, 0, 0);
		to = result_int64(range, 0, 1);
		verify->progress.members = result_int64(range, 0, 2);
		result_free(range);
	}
	return lanes_run(verify, from, to, is_all, error) &&
	       (!is_all || (verify_lane_ask(lane, STOCK_SQL, 0, 0, error) &&
				   verify_lane_ask(lane, SETTLEMENT_SQL, 0, 0, error) &&
				   verify_lane_ask(lane, PAIRS_SQL, INT64_MIN, INT64_MAX, error) &&
				   verify_lane_ask(lane, CASES_SQL, INT64_MIN, INT64_MAX, error) &&
				   verify_lane_ask(lane, SURVEYS_SQL, INT64_MIN, INT64_MAX, error) &&
				   verify_lane_ask(lane, FIGURES_SQL, 0, 0, error)));
}

static bool proof_write(struct session *session, const struct verify_options *options,
	const struct verify_report *report, struct error *error)
{
	char members[24], entries[24], replayed[24], broken[24], seconds[32];
	snprintf(members, sizeof members, "%" PRId64, report->members);
	snprintf(entries, sizeof entries, "%" PRId64, report->entries);
	snprintf(replayed, sizeof replayed, "%" PRId64, report->replayed);
	snprintf(broken, sizeof broken, "%" PRId64, report->broken);
	snprintf(seconds, sizeof seconds, "%.3f", report->seconds);
	const char *values[] = {
		options->kind, members, entries, replayed, broken, report->first_broken, seconds};
	return session_execute(session,
		"INSERT INTO loyalty.proof (kind, members, entries, replayed, broken, first_broken, "
		"seconds) SELECT $1, $2, $3, $4, $5, $6, $7 "
		"WHERE current_setting('transaction_read_only') = 'off'",
		values, 7, error);
}

// Every lane looks at what the first one sees. Compiling plans and starting parallel workers would cost each
// slice more than running it; a slice's rows are to be hashed in memory, and come in the order of their keys.
static bool snapshot_take(struct verify *verify, struct error *error)
{
	static const char BEGIN[] =
		"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL jit = off; "
		"SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL work_mem = '32MB'; "
		"SET LOCAL enable_sort = off";
	char share[sizeof BEGIN + SNAPSHOT_NAME + 40] = "";
	if (!session_script(verify->lanes[0].session, BEGIN, error))
		return false;
	if (verify->lane_count > 1) {
		struct result *name =
			session_ask(verify->lanes[0].session, error, "SELECT pg_export_snapshot()", 0);
		if (!name)
			return false;
		snprintf(share, sizeof share, "%s; SET TRANSACTION SNAPSHOT '%.*s'", BEGIN, SNAPSHOT_NAME,
			result_text(name, 0, 0));
		result_free(name);
	}
	for (int i = 1; i < verify->lane_count; i++)
		if (!session_script(verify->lanes[i].session, share, error))
			return false;
	return true;
}

// A replay by other rules than those that members were posted by would find what is not there.
static bool rules_match(struct verify *verify, const struct rulebook *rulebook, struct error *error)
{
	int64_t stamp = 0;
	if (!session_number(verify->lanes[0].session, "SELECT " RULEBOOK_STAMP_SQL, NULL, 0, &stamp, error))
		return false;
	return stamp == rulebook->stamp ||
	       error_set(error, ERROR_FAILED, "the proof did not begin", "run it again",
		       "a version of the programme was approved just now");
}

static void lanes_open(struct verify *verify, struct session *session, const struct rulebook *rulebook)
{
	const struct verify_options *options = verify->options;
	verify->lane_count = 1 + options->helper_count;
	for (int i = 0; i < verify->lane_count; i++)
		verify_lane_init(&verify->lanes[i], i == 0 ? session : options->helpers[i - 1], rulebook,
			options, breach_hear, verify);
}

static bool lanes_close(struct verify *verify, bool is_good, struct error *error)
{
	for (int i = 0; i < verify->lane_count; i++) {
		struct session *session = verify->lanes[i].session;
		if (session_is_alive(session))
			is_good = session_rollback(session, is_good ? error : NULL) && is_good;
		verify_lane_free(&verify->lanes[i]);
	}
	return is_good;
}

bool verify_run(struct session *session, const struct rulebook *rulebook,
	const struct verify_options *options, struct verify_report *report, struct error *error)
{
	struct verify_lane lanes[VERIFY_LANES];
	struct verify verify = {
		.options = options, .report = report, .lock = PTHREAD_MUTEX_INITIALIZER, .lanes = lanes};
	int64_t start = clock_ms();
	*report = (struct verify_report){0};
	lanes_open(&verify, session, rulebook);
	bool is_good = snapshot_take(&verify, error) &&
		       (options->replay_percent == 0 || rules_match(&verify, rulebook, error)) &&
		       all_check(&verify, error);
	is_good = lanes_close(&verify, is_good, error);
	report->seconds = (double)(clock_ms() - start) / 1000;
	return is_good && proof_write(session, options, report, error);
}

bool light_proof_step(struct light_proof *proof, struct session *session, const struct rulebook *rulebook,
	struct error *error)
{
	struct verify_report report;
	int64_t last = 0;
	if (proof->next_ms > clock_ms())
		return true;
	proof->next_ms = clock_ms() + LIGHT_MS;
	if (!session_number(session, "SELECT max(member_id) FROM loyalty.standing", NULL, 0, &last, error))
		return false;
	if (last == 0)
		return true;
	if (proof->from < 1 || proof->from > last)
		proof->from = 1;
	int64_t span = last / LIGHT_PARTS + 1;
	struct verify_options options = {.from = proof->from, .kind = "light"};
	options.to = proof->from + (span < LIGHT_MEMBERS ? span : LIGHT_MEMBERS) - 1;
	proof->from = options.to + 1;
	return verify_run(session, rulebook, &options, &report, error) &&
	       session_execute(session,
		       "DELETE FROM loyalty.proof WHERE kind = 'light' AND broken = 0 "
		       "AND at < now() - interval '1 day'",
		       NULL, 0, error);
}
