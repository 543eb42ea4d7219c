// The proof: every invariant of the ledger, every chain of hashes, the audit log, and a replay of members'
// journals.
#include "model/verify.h"

#include "model/posting_rows.h"
#include "model/replay.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	SLICE = 500, // members looked at together
	LIGHT_PARTS = 64,
	LIGHT_MEMBERS = 5000,
	LIGHT_MS = 60000,
};

struct verify {
	struct session *session;
	const struct verify_options *options;
	struct verify_report *report;
	struct replay replay;
	struct result *member_rows, *entry_rows; // of the slice at hand
	int64_t from, to;                        // the slice
	int64_t chosen[SLICE];                   // members to be replayed
	int chosen_count;
};

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void breach_hear(void *payload, const struct breach *breach)
{
	struct verify *verify = payload;
	struct verify_report *report = verify->report;
	if (report->broken++ == 0)
		snprintf(report->first_broken, sizeof report->first_broken, "member id %" PRId64 ": %s (%s)",
			breach->member_id, breach->invariant, breach->detail);
	if (verify->options->listener)
		verify->options->listener(verify->options->payload, breach);
}

static void breach_tell(struct verify *verify, int64_t member_id, const char *invariant, const char *detail)
{
	const struct breach breach = {.member_id = member_id, .invariant = invariant, .detail = detail};
	breach_hear(verify, &breach);
}

// A statement that answers broken things of members $1 to $2, a row each.
static bool ask_broken(struct verify *verify, const char *sql, int64_t from, int64_t to, struct error *error)
{
	char first[24], last[24];
	const char *values[] = {first, last};
	snprintf(first, sizeof first, "%" PRId64, from);
	snprintf(last, sizeof last, "%" PRId64, to);
	struct result *result = session_query(verify->session, sql, values, 2, error);
	for (int row = 0; result && row < result_rows(result); row++)
		breach_tell(verify, result_int64(result, row, 0), result_text(result, row, 1),
			result_text(result, row, 2));
	bool is_good = result != NULL;
	result_free(result);
	return is_good;
}

static const char LEDGER_SQL[] =
	"SELECT member_id, invariant, detail FROM loyalty.ledger_broken($1::bigint, $2::bigint)";
static const char AUDIT_SQL[] =
	"SELECT member_id, invariant, detail FROM loyalty.audit_broken($1::bigint, $2::bigint)";
static const char REWARD_SQL[] =
	"SELECT member_id, invariant, detail FROM loyalty.reward_broken($1::bigint, $2::bigint)";
static const char STOCK_SQL[] = "SELECT member_id, invariant, detail FROM loyalty.stock_broken() "
				"WHERE member_id BETWEEN $1::bigint AND $2::bigint";
// What members have is what accounts of the programme gave, less what they took.
static const char TOTAL_SQL[] = "SELECT 0, 'all accounts together are zero', format('currency %s: members "
				"%s, accounts %s', currency_id, b.total, -e.total) "
				"FROM (SELECT currency_id, sum(points) AS total FROM loyalty.balance "
				"WHERE member_id BETWEEN $1 AND $2 GROUP BY 1) b FULL "
				"JOIN (SELECT currency_id, sum(amount) AS total "
				"FROM loyalty.ledger_entry WHERE member_id BETWEEN $1 AND $2 "
				"GROUP BY 1) e USING (currency_id) "
				"WHERE coalesce(b.total, 0) <> coalesce(e.total, 0)";
static const char MEMBERS_SQL[] = "SELECT member_id, encode(head, 'hex') FROM loyalty.standing WHERE "
				  "member_id BETWEEN $1 AND $2 ORDER BY 1";
static const char ENTRIES_SQL[] =
	"SELECT member_id, entry_no, seq, amount, balance_after, "
	"(extract(epoch FROM posted_at) * 1000000)::bigint - 946684800000000, " // of 2000-01-01
	"activity_on, currency_id, account_id, rule_id, tier_id, multipliers, factor, of_seq "
	"FROM loyalty.ledger_entry WHERE member_id BETWEEN $1 AND $2 ORDER BY 1, 2";

static bool slice_load(struct verify *verify, struct error *error)
{
	char first[24], last[24];
	const char *values[] = {first, last};
	snprintf(first, sizeof first, "%" PRId64, verify->from);
	snprintf(last, sizeof last, "%" PRId64, verify->to);
	result_free(verify->member_rows);
	result_free(verify->entry_rows);
	verify->entry_rows = NULL;
	verify->member_rows = session_query(verify->session, MEMBERS_SQL, values, 2, error);
	if (verify->member_rows)
		verify->entry_rows = session_query(verify->session, ENTRIES_SQL, values, 2, error);
	return verify->entry_rows != NULL;
}

static struct entry_row entry_read(const struct result *result, int row)
{
	return (struct entry_row){
		.entry_no = result_int64(result, row, 1),
		.seq = result_int64(result, row, 2),
		.amount = result_int64(result, row, 3),
		.balance_after = result_int64(result, row, 4),
		.activity_on = result_day(result, row, 6),
		.currency_id = (int)result_int64(result, row, 7),
		.account_id = (int)result_int64(result, row, 8),
		.rule_id = (int)result_int64(result, row, 9),
		.tier_id = (int)result_int64(result, row, 10),
		.multipliers = (int)result_int64(result, row, 11),
		.factor = result_int64(result, row, 12),
		.of_seq = result_int64(result, row, 13),
	};
}

static bool chain_is(const struct chain *chain, const char *hex)
{
	char own[2 * CHAIN_HEAD_SIZE + 1] = "";
	for (size_t i = 0; i < chain->length; i++)
		snprintf(own + 2 * i, 3, "%02x", chain->head[i]);
	return strcmp(own, hex) == 0;
}

// Recomputes the chains of the slice; both results are in the order of members.
static bool chains_check(struct verify *verify, struct error *error)
{
	const struct result *members = verify->member_rows, *entries = verify->entry_rows;
	int row = 0;
	for (int i = 0; i < result_rows(members); i++) {
		int64_t member_id = result_int64(members, i, 0);
		struct chain chain = {.length = 0};
		while (row < result_rows(entries) && result_int64(entries, row, 0) < member_id)
			row++;
		for (; row < result_rows(entries) && result_int64(entries, row, 0) == member_id; row++) {
			struct entry_row entry = entry_read(entries, row);
			if (!chain_add(&chain, member_id, result_int64(entries, row, 5), &entry))
				return error_set(error, ERROR_FAILED, "the chains cannot be checked", "",
					"libcrypto failed");
		}
		if (!chain_is(&chain, result_text(members, i, 1)))
			breach_tell(verify, member_id, "the chain of hashes is whole",
				"entries were changed, added or taken away since they were posted");
	}
	verify->report->members += result_rows(members);
	verify->report->entries += result_rows(entries);
	return true;
}

// Always the same members for the same percentage, spread over all.
static bool is_chosen(int64_t member_id, int percent)
{
	return (int)(((uint64_t)member_id * 0x9E3779B97F4A7C15u >> 32) % 100) < percent;
}

static bool slice_replay(struct verify *verify, struct error *error)
{
	verify->chosen_count = 0;
	for (int i = 0; i < result_rows(verify->member_rows); i++) {
		int64_t member_id = result_int64(verify->member_rows, i, 0);
		if (is_chosen(member_id, verify->options->replay_percent))
			verify->chosen[verify->chosen_count++] = member_id;
	}
	verify->report->replayed += verify->chosen_count;
	return verify->chosen_count == 0 ||
	       replay_members(&verify->replay, verify->session, verify->chosen, verify->chosen_count, error);
}

// Up to which id the next SLICE members go, ids between them counted in.
static bool slice_bound(struct verify *verify, int64_t last, struct error *error)
{
	char from[24], to[24];
	const char *values[] = {from, to};
	snprintf(from, sizeof from, "%" PRId64, verify->from);
	snprintf(to, sizeof to, "%" PRId64, last);
	return session_number(verify->session,
		"SELECT coalesce(max(m.member_id) FILTER (WHERE m.n = 500), $2::bigint) "
		"FROM (SELECT s.member_id, row_number() OVER (ORDER BY s.member_id) AS n "
		"FROM loyalty.standing s WHERE s.member_id BETWEEN $1::bigint AND $2::bigint "
		"ORDER BY 1 LIMIT 500) m",
		values, 2, &verify->to, error);
}
_Static_assert(SLICE == 500, "as the statement has it");

static bool slices_check(
	struct verify *verify, int64_t from, int64_t to, int64_t members, struct error *error)
{
	struct verify_progress progress = {.members = members};
	for (verify->from = from; verify->from <= to; verify->from = verify->to + 1) {
		if (!slice_bound(verify, to, error) || !slice_load(verify, error) ||
			!chains_check(verify, error) ||
			!ask_broken(verify, LEDGER_SQL, verify->from, verify->to, error) ||
			!ask_broken(verify, REWARD_SQL, verify->from, verify->to, error) ||
			!ask_broken(verify, AUDIT_SQL, verify->from, verify->to, error) ||
			!slice_replay(verify, error))
			return false;
		progress.done = verify->report->members;
		if (verify->options->progress)
			verify->options->progress(verify->options->payload, &progress);
	}
	return true;
}

static bool all_check(struct verify *verify, struct error *error)
{
	const struct verify_options *options = verify->options;
	bool is_all = options->to == 0;
	int64_t from = options->from, to = options->to, members = 0;
	if (is_all) {
		struct result *range = session_ask(verify->session, error,
			"SELECT min(member_id), max(member_id), count(*) FROM loyalty.standing", 0);
		if (!range)
			return false;
		from = result_int64(range, 0, 0);
		to = result_int64(range, 0, 1);
		members = result_int64(range, 0, 2);
		result_free(range);
	}
	if (is_all && (!ask_broken(verify, TOTAL_SQL, INT64_MIN, INT64_MAX, error) ||
			      !ask_broken(verify, STOCK_SQL, 0, 0, error) ||
			      !ask_broken(verify, AUDIT_SQL, 0, 0, error) ||
			      // what belongs to no member that stands anywhere
			      !ask_broken(verify, LEDGER_SQL, INT64_MIN, from - 1, error) ||
			      !ask_broken(verify, LEDGER_SQL, to + 1, INT64_MAX, error)))
		return false;
	return to == 0 || slices_check(verify, from, to, members, error);
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

bool verify_run(struct session *session, const struct rulebook *rulebook,
	const struct verify_options *options, struct verify_report *report, struct error *error)
{
	struct verify verify = {.session = session, .options = options, .report = report};
	int64_t start = now_ms();
	*report = (struct verify_report){0};
	replay_init(&verify.replay, rulebook, breach_hear, &verify);
	bool is_good = session_script(session, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", error) &&
		       all_check(&verify, error);
	if (session_is_alive(session))
		is_good = session_rollback(session, is_good ? error : NULL) && is_good;
	report->seconds = (double)(now_ms() - start) / 1000;
	is_good = is_good && proof_write(session, options, report, error);
	replay_free(&verify.replay);
	result_free(verify.member_rows);
	result_free(verify.entry_rows);
	return is_good;
}

bool light_proof_step(struct light_proof *proof, struct session *session, const struct rulebook *rulebook,
	struct error *error)
{
	struct verify_report report;
	int64_t last = 0;
	if (proof->next_ms > now_ms())
		return true;
	proof->next_ms = now_ms() + LIGHT_MS;
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
