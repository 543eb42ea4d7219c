// One lane of a proof: what is looked at of a slice of members.
#include "model/proof/verify_lane.h"

#include "model/posting/posting_rows.h"
#include "model/proof/entry_check.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char verify_ledger_sql[] =
	"SELECT member_id, invariant, detail FROM loyalty.ledger_broken($1::bigint, $2::bigint)";
const char verify_entry_sql[] =
	"SELECT member_id, invariant, detail FROM loyalty.entry_broken($1::bigint, $2::bigint)";
const char verify_reward_sql[] =
	"SELECT member_id, invariant, detail FROM loyalty.reward_broken($1::bigint, $2::bigint)";
const char verify_partner_sql[] =
	"SELECT member_id, invariant, detail FROM loyalty.partner_broken($1::bigint, $2::bigint)";
const char verify_transfer_sql[] =
	"SELECT member_id, invariant, detail FROM loyalty.transfer_broken($1::bigint, $2::bigint)";
const char verify_merge_sql[] =
	"SELECT member_id, invariant, detail FROM loyalty.merge_broken($1::bigint, $2::bigint)";
const char verify_plan_sql[] =
	"SELECT member_id, invariant, detail FROM loyalty.plan_broken($1::bigint, $2::bigint)";
const char verify_audit_sql[] =
	"SELECT member_id, invariant, detail FROM loyalty.audit_broken($1::bigint, $2::bigint)";
// A slice ends with the member who makes it so many events and entries: each statement has its cost, however
// few its rows, and what it answers must fit into memory.
static const char BOUND_SQL[] =
	"SELECT coalesce(min(m.member_id) FILTER (WHERE m.work >= $3::bigint OR m.n = 5000), $2::bigint) "
	"FROM (SELECT s.member_id, row_number() OVER w AS n, sum(s.events + s.entries) OVER w AS work "
	"FROM loyalty.standing s WHERE s.member_id BETWEEN $1::bigint AND $2::bigint "
	"WINDOW w AS (ORDER BY s.member_id ROWS UNBOUNDED PRECEDING) ORDER BY 1 LIMIT 5000) m";
static const char MEMBERS_SQL[] =
	"SELECT s.member_id, s.head, s.pool_share, h.percent FROM loyalty.standing s "
	"LEFT JOIN loyalty.household_member h ON h.member_id = s.member_id AND h.member_id BETWEEN $1 AND $2 "
	"WHERE s.member_id BETWEEN $1 AND $2 ORDER BY 1";
enum { MEMBER_ID, MEMBER_HEAD, MEMBER_SHARE, MEMBER_PERCENT };
static const char BALANCES_SQL[] = "SELECT member_id, currency_id, points FROM loyalty.balance "
				   "WHERE member_id BETWEEN $1 AND $2 ORDER BY 1";
// The columns that the replay compares, and the moment: in binary, microseconds of 2000-01-01.
static const char ENTRIES_SQL[] = "SELECT " REPLAY_ENTRY_COLUMNS ", posted_at FROM loyalty.ledger_entry "
				  "WHERE member_id BETWEEN $1 AND $2 ORDER BY 1, 2";
enum { POSTED_AT = REPLAY_ENTRY_COLUMN_COUNT, SLICE_WORK = 100000 };

void verify_lane_init(struct verify_lane *lane, struct session *session, const struct rulebook *rulebook,
	const struct verify_options *options, breach_listener *listener, void *payload)
{
	*lane = (struct verify_lane){
		.session = session, .options = options, .listener = listener, .payload = payload};
	replay_init(&lane->replay, rulebook, listener, payload);
}

void verify_lane_free(struct verify_lane *lane)
{
	replay_free(&lane->replay);
	result_free(lane->member_rows);
	result_free(lane->entry_rows);
	free(lane->chosen);
}

static void breach_tell(
	struct verify_lane *lane, int64_t member_id, const char *invariant, const char *detail)
{
	const struct breach breach = {.member_id = member_id, .invariant = invariant, .detail = detail};
	lane->listener(lane->payload, &breach);
}

static struct result *range_query(
	struct session *session, const char *sql, int64_t from, int64_t to, struct error *error)
{
	char first[24], last[24];
	const char *values[] = {first, last};
	snprintf(first, sizeof first, "%" PRId64, from);
	snprintf(last, sizeof last, "%" PRId64, to);
	return session_query_binary(session, sql, values, 2, error);
}

bool verify_lane_ask(struct verify_lane *lane, const char *sql, int64_t from, int64_t to, struct error *error)
{
	struct result *result = range_query(lane->session, sql, from, to, error);
	for (int row = 0; result && row < result_rows(result); row++)
		breach_tell(lane, result_int64(result, row, 0), result_text(result, row, 1),
			result_text(result, row, 2));
	bool is_good = result != NULL;
	result_free(result);
	return is_good;
}

bool verify_lane_take(struct verify_lane *lane, int64_t from, int64_t last, struct error *error)
{
	char first[24], end[24], work[24];
	const char *values[] = {first, end, work};
	snprintf(first, sizeof first, "%" PRId64, from);
	snprintf(end, sizeof end, "%" PRId64, last);
	snprintf(work, sizeof work, "%d",
		lane->options->slice_work > 0 ? lane->options->slice_work : SLICE_WORK);
	lane->from = from;
	return session_number(lane->session, BOUND_SQL, values, 3, &lane->to, error);
}

static bool slice_load(struct verify_lane *lane, struct error *error)
{
	result_free(lane->member_rows);
	result_free(lane->entry_rows);
	lane->entry_rows = NULL;
	lane->member_rows = range_query(lane->session, MEMBERS_SQL, lane->from, lane->to, error);
	if (lane->member_rows)
		lane->entry_rows = range_query(lane->session, ENTRIES_SQL, lane->from, lane->to, error);
	return lane->entry_rows != NULL;
}

static struct entry_row entry_read(const struct result *result, int row)
{
	return (struct entry_row){
		.entry_no = result_int64(result, row, 1),
		.seq = result_int64(result, row, 2),
		.amount = result_int64(result, row, 3),
		.balance_after = result_int64(result, row, 4),
		.activity_on = result_day(result, row, 5),
		.currency_id = (int)result_int64(result, row, 6),
		.account_id = (int)result_int64(result, row, 7),
		.rule_id = (int)result_int64(result, row, 8),
		.tier_id = (int)result_int64(result, row, 9),
		.multipliers = (int)result_int64(result, row, 10),
		.factor = result_int64(result, row, 11),
		.of_seq = result_int64(result, row, 12),
	};
}

static bool chain_is(const struct chain *chain, const struct result *members, int row)
{
	return result_length(members, row, MEMBER_HEAD) == chain->length &&
	       memcmp(result_text(members, row, MEMBER_HEAD), chain->head, chain->length) == 0;
}

// What the worker shares by is what the household agreed on; who belongs to none shares nothing.
static void shares_check(struct verify_lane *lane)
{
	const struct result *members = lane->member_rows;
	for (int i = 0; i < result_rows(members); i++) {
		int64_t share = result_int64(members, i, MEMBER_SHARE),
			percent = result_int64(members, i, MEMBER_PERCENT);
		bool is_told = result_is_null(members, i, MEMBER_PERCENT) ||
			       !result_is_null(members, i, MEMBER_SHARE);
		char detail[80];
		if (share == percent && is_told)
			continue;
		snprintf(detail, sizeof detail, "the household has %d %%, the standing %d %%", (int)percent,
			(int)share);
		breach_tell(lane, result_int64(members, i, MEMBER_ID),
			"a member's share is that of the household", detail);
	}
}

// Recomputes the chains of the slice; both results are in the order of members.
static bool chains_check(struct verify_lane *lane, struct verify_report *report, struct error *error)
{
	const struct result *members = lane->member_rows, *entries = lane->entry_rows;
	int row = 0;
	for (int i = 0; i < result_rows(members); i++) {
		int64_t member_id = result_int64(members, i, 0);
		struct chain chain = {.length = 0};
		while (row < result_rows(entries) && result_int64(entries, row, 0) < member_id)
			row++;
		for (; row < result_rows(entries) && result_int64(entries, row, 0) == member_id; row++) {
			struct entry_row entry = entry_read(entries, row);
			if (!chain_add(&chain, member_id, result_int64(entries, row, POSTED_AT), &entry))
				return error_set(error, ERROR_FAILED, "the chains cannot be checked", "",
					"libcrypto failed");
		}
		if (!chain_is(&chain, members, i))
			breach_tell(lane, member_id, "the chain of hashes is whole",
				"entries were changed, added or taken away since they were posted");
	}
	report->members += result_rows(members);
	report->entries += result_rows(entries);
	return true;
}

// Always the same members for the same percentage, spread over all.
static bool is_chosen(int64_t member_id, int percent)
{
	return (int)(((uint64_t)member_id * 0x9E3779B97F4A7C15u >> 32) % 100) < percent;
}

// Of a slice replayed whole, whose rows are at hand.
static bool slice_entries_check(struct verify_lane *lane, struct error *error)
{
	struct result *balances = range_query(lane->session, BALANCES_SQL, lane->from, lane->to, error);
	if (!balances)
		return false;
	struct result *const *results = lane->replay.results;
	const struct entry_rows rows = {
		.standings = results[REPLAY_STANDING],
		.balances = balances,
		.entries = lane->entry_rows,
		.journal = results[REPLAY_JOURNAL],
		.lots = results[REPLAY_LOT],
		.lot_uses = results[REPLAY_LOT_USE],
	};
	entry_check(&rows, lane->listener, lane->payload);
	result_free(balances);
	return true;
}

static bool slice_replay(struct verify_lane *lane, struct verify_report *report, struct error *error)
{
	int members = result_rows(lane->member_rows);
	lane->chosen_count = 0;
	ARRAY_RESERVE(lane->chosen, lane->chosen_capacity, members);
	for (int i = 0; i < members; i++) {
		int64_t member_id = result_int64(lane->member_rows, i, 0);
		if (is_chosen(member_id, lane->options->replay_percent))
			lane->chosen[lane->chosen_count++] = member_id;
	}
	report->replayed += lane->chosen_count;
	const struct replay_slice slice = {
		.from = lane->from,
		.to = lane->to,
		.member_ids = lane->chosen,
		.count = lane->chosen_count,
		.is_all = lane->chosen_count == members,
		.entries = lane->entry_rows,
	};
	if (lane->chosen_count > 0 && !replay_members(&lane->replay, lane->session, &slice, error))
		return false;
	if (!slice.is_all || lane->chosen_count == 0)
		return verify_lane_ask(lane, verify_entry_sql, lane->from, lane->to, error);
	return slice_entries_check(lane, error);
}

bool verify_lane_check(struct verify_lane *lane, struct verify_report *report, struct error *error)
{
	if (!slice_load(lane, error))
		return false;
	shares_check(lane);
	return chains_check(lane, report, error) &&
	       verify_lane_ask(lane, verify_ledger_sql, lane->from, lane->to, error) &&
	       verify_lane_ask(lane, verify_reward_sql, lane->from, lane->to, error) &&
	       verify_lane_ask(lane, verify_partner_sql, lane->from, lane->to, error) &&
	       verify_lane_ask(lane, verify_transfer_sql, lane->from, lane->to, error) &&
	       verify_lane_ask(lane, verify_merge_sql, lane->from, lane->to, error) &&
	       verify_lane_ask(lane, verify_plan_sql, lane->from, lane->to, error) &&
	       verify_lane_ask(lane, verify_audit_sql, lane->from, lane->to, error) &&
	       slice_replay(lane, report, error);
}
