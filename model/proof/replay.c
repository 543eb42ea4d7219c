// The replay: a member's journal runs through the engine once more, and what comes out is compared with the
// tables.
#include "model/proof/replay.h"

#include "model/engine/engine.h"
#include "model/posting/journal.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Members from $1 to $2, and of them those in $3, an array of ids, NULL for all.
#define CHOSEN_OF(member_id)                                                                                 \
	" WHERE " member_id " BETWEEN $1::bigint AND $2::bigint AND ($3::bigint[] IS NULL OR " member_id     \
	" = ANY ($3::bigint[]))"
#define CHOSEN CHOSEN_OF("member_id")
#define CHOSEN_EVENTS CHOSEN_OF("j.member_id")
#define CHOSEN_STANDINGS CHOSEN_OF("s.member_id")
static const char *const SOURCES[REPLAY_SOURCES] = {
	[REPLAY_STANDING] =
		"SELECT s.member_id, entries, last_seq, events, lots, rewards, tier_changes, "
		"charges, first_open_lot, programme_version, tier_id, tier_until, "
		"last_activity_on, last_purchase_on, purchases, processed_on, memory, due_on FROM loyalty.standing s "
		"LEFT JOIN loyalty.member_due d ON d.member_id = s.member_id "
		"AND d.member_id BETWEEN $1::bigint AND $2::bigint " CHOSEN_STANDINGS " ORDER BY 1",
	[REPLAY_JOURNAL] = "SELECT " JOURNAL_COLUMNS ", " JOURNAL_OUTCOME_COLUMNS ", o.revision "
			   "FROM loyalty.journal j "
			   "LEFT JOIN loyalty.outcome o ON o.member_id = j.member_id AND o.seq = j.seq "
			   "AND o.member_id BETWEEN $1::bigint AND $2::bigint " CHOSEN_EVENTS
			   " ORDER BY j.member_id, j.seq",
	[REPLAY_PENDING] = "SELECT member_id, seq FROM loyalty.inbox" CHOSEN
			   " AND bucket = loyalty.bucket_of(member_id) ORDER BY 1, 2",
	[REPLAY_LOT] = "SELECT member_id, lot_no, entry_no, seq, granted, remaining, "
		       "earned_on, expires_on, currency_id FROM loyalty.lot" CHOSEN " ORDER BY 1, 2",
	[REPLAY_LOT_USE] =
		"SELECT member_id, entry_no, lot_no, amount FROM loyalty.lot_use" CHOSEN " ORDER BY 1, 2, 3",
	[REPLAY_TIER] = "SELECT member_id, change_no, seq, ladder_id, tier_id, was_tier_id, since, until_on "
			"FROM loyalty.member_tier" CHOSEN " ORDER BY 1, 2",
	[REPLAY_REWARD] = "SELECT member_id, reward_no, seq, reward_id, issued_on, expires_on, value_minor, "
			  "cost, entry_no FROM loyalty.issued_reward" CHOSEN " ORDER BY 1, 2",
	[REPLAY_CHARGE] = "SELECT member_id, charge_no, seq, charged_on, amount_minor, plan "
			  "FROM loyalty.plan_charge" CHOSEN " ORDER BY 1, 2",
	[REPLAY_VERIFICATION] = "SELECT member_id, seq, segment_id, since, until_on, ended_on, end_seq "
				"FROM loyalty.member_verification" CHOSEN " ORDER BY 1, 2",
};

// The columns compared, after member_id; their values come as numbers, 0 and DAY_NONE for NULL.
static const struct {
	const char *row; // what one is called
	const char *columns[REPLAY_COMPARED];
} COMPARED[REPLAY_SOURCES] = {
	[REPLAY_STANDING] = {"standing", {"entries", "last_seq", "events", "lots", "rewards", "tier_changes",
						 "charges", "first_open_lot", "programme_version", "tier_id",
						 "tier_until", "last_activity_on", "last_purchase_on",
						 "purchases", "processed_on"}},
	[REPLAY_ENTRY] = {"entry",
		{"entry_no", "seq", "amount", "balance_after", "activity_on", "currency_id", "account_id",
			"rule_id", "tier_id", "multipliers", "factor", "of_seq"}},
	[REPLAY_LOT] = {"lot", {"lot_no", "entry_no", "seq", "granted", "remaining", "earned_on",
				       "expires_on", "currency_id"}},
	[REPLAY_LOT_USE] = {"lot use", {"entry_no", "lot_no", "amount"}},
	[REPLAY_TIER] = {"tier change",
		{"change_no", "seq", "ladder_id", "tier_id", "was_tier_id", "since", "until_on"}},
	[REPLAY_REWARD] = {"issued reward", {"reward_no", "seq", "reward_id", "issued_on", "expires_on",
						    "value_minor", "cost", "entry_no"}},
	[REPLAY_CHARGE] = {"plan charge", {"charge_no", "seq", "charged_on", "amount_minor"}},
	[REPLAY_VERIFICATION] = {"verification",
		{"seq", "segment_id", "since", "until_on", "ended_on", "end_seq"}},
};

static bool is_day(const char *column)
{
	size_t length = strlen(column);
	return strcmp(column, "since") == 0 || strcmp(column, "tier_until") == 0 ||
	       (length > 3 && strcmp(column + length - 3, "_on") == 0);
}

void replay_init(
	struct replay *replay, const struct rulebook *rulebook, breach_listener *listener, void *payload)
{
	*replay = (struct replay){.rulebook = rulebook, .listener = listener, .payload = payload};
	member_run_init(&replay->run, rulebook);
	for (int source = 0; source < REPLAY_SOURCES; source++)
		for (int i = 0; i < REPLAY_COMPARED && COMPARED[source].columns[i]; i++)
			replay->is_day[source][i] = is_day(COMPARED[source].columns[i]);
}

static void results_free(struct replay *replay)
{
	for (int i = 0; i < REPLAY_SOURCES; i++) {
		result_free(replay->results[i]);
		replay->results[i] = NULL;
		replay->rows[i] = 0;
	}
	arena_free(&replay->arena);
}

void replay_free(struct replay *replay)
{
	results_free(replay);
	member_run_free(&replay->run);
	bytes_free(&replay->memory);
	free(replay->places);
}

static void differ(struct replay *replay, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void differ(struct replay *replay, const char *format, ...)
{
	char detail[240];
	va_list values;
	va_start(values, format);
	vsnprintf(detail, sizeof detail, format, values);
	va_end(values);
	const struct breach breach = {.member_id = replay->member_id,
		.invariant = "the journal replayed gives the same",
		.detail = detail};
	replay->listener(replay->payload, &breach);
}

static const struct result *rows_of(const struct replay *replay, enum replay_source source)
{
	return source == REPLAY_ENTRY ? replay->entries : replay->results[source];
}

// The next row of the member at hand, or -1; moves on.
static int row_next(struct replay *replay, enum replay_source source)
{
	const struct result *result = rows_of(replay, source);
	int *row = &replay->rows[source];
	while (*row < result_rows(result) && result_int64(result, *row, 0) < replay->member_id)
		++*row;
	if (*row >= result_rows(result) || result_int64(result, *row, 0) != replay->member_id)
		return -1;
	return (*row)++;
}

// Compares the next row of the tables with what the replay has. False after telling of a difference.
static bool row_compare(struct replay *replay, enum replay_source source, const int64_t *expected)
{
	const struct result *result = rows_of(replay, source);
	int row = row_next(replay, source);
	if (row < 0) {
		differ(replay, "%s %lld is missing", COMPARED[source].row, (long long)expected[0]);
		return false;
	}
	for (int i = 0; i < REPLAY_COMPARED && COMPARED[source].columns[i]; i++) {
		int64_t found = replay->is_day[source][i] ? result_day(result, row, i + 1)
							  : result_int64(result, row, i + 1);
		if (found == expected[i])
			continue;
		differ(replay, "%s %lld: %s is %lld, replayed %lld", COMPARED[source].row,
			(long long)expected[0], COMPARED[source].columns[i], (long long)found,
			(long long)expected[i]);
		return false;
	}
	return true;
}

static void rest_compare(struct replay *replay, enum replay_source source)
{
	int row = row_next(replay, source);
	if (row >= 0)
		differ(replay, "%s %lld should not be there", COMPARED[source].row,
			(long long)result_int64(rows_of(replay, source), row, 1));
}

#define VALUES(...) ((const int64_t[]){__VA_ARGS__})

static void entries_compare(struct replay *replay)
{
	const struct posting_rows *rows = &replay->run.rows;
	bool is_same = true;
	for (int i = 0; is_same && i < rows->entry_count; i++) {
		const struct entry_row *e = &rows->entries[i];
		is_same = row_compare(replay, REPLAY_ENTRY,
			VALUES(e->entry_no, e->seq, e->amount, e->balance_after, e->activity_on,
				e->currency_id, e->account_id, e->rule_id, e->tier_id, e->multipliers,
				e->factor, e->of_seq));
	}
	if (is_same)
		rest_compare(replay, REPLAY_ENTRY);
}

static int lot_order(const void *left, const void *right)
{
	const struct lot_row *a = left, *b = right;
	return (a->lot_no > b->lot_no) - (a->lot_no < b->lot_no);
}

// The lots that the engine has and those that it left behind, both in the order of their numbers.
static void lots_compare(struct replay *replay)
{
	struct posting_rows *rows = &replay->run.rows;
	const struct member_state *state = member_run_state(&replay->run);
	bool is_same = true;
	if (rows->left_lot_count > 1)
		qsort(rows->left_lots, (size_t)rows->left_lot_count, sizeof *rows->left_lots, lot_order);
	for (int i = 0, left = 0; is_same && i + left < state->lot_count + rows->left_lot_count;) {
		bool is_left =
			i == state->lot_count ||
			(left < rows->left_lot_count && rows->left_lots[left].lot_no < state->lots[i].serial);
		struct lot_row lot =
			is_left ? rows->left_lots[left++]
				: posting_rows_lot(rows, member_run_version(&replay->run), &state->lots[i++]);
		is_same = row_compare(replay, REPLAY_LOT,
			VALUES(lot.lot_no, lot.entry_no, lot.seq, lot.granted, lot.remaining, lot.earned_on,
				lot.expires_on, lot.currency_id));
	}
	if (is_same)
		rest_compare(replay, REPLAY_LOT);
}

static int use_order(const void *left, const void *right)
{
	const struct lot_use_row *a = left, *b = right;
	if (a->entry_no != b->entry_no)
		return a->entry_no < b->entry_no ? -1 : 1;
	return (a->lot_no > b->lot_no) - (a->lot_no < b->lot_no);
}

static void lot_uses_compare(struct replay *replay)
{
	struct posting_rows *rows = &replay->run.rows;
	bool is_same = true;
	if (rows->lot_use_count > 1)
		qsort(rows->lot_uses, (size_t)rows->lot_use_count, sizeof *rows->lot_uses, use_order);
	for (int i = 0; is_same && i < rows->lot_use_count; i++)
		is_same = row_compare(replay, REPLAY_LOT_USE,
			VALUES(rows->lot_uses[i].entry_no, rows->lot_uses[i].lot_no,
				rows->lot_uses[i].amount));
	if (is_same)
		rest_compare(replay, REPLAY_LOT_USE);
}

static void benefits_compare(struct replay *replay)
{
	const struct posting_rows *rows = &replay->run.rows;
	bool tiers = true, rewards = true, charges = true;
	for (int i = 0; tiers && i < rows->tier_count; i++) {
		const struct tier_row *t = &rows->tiers[i];
		tiers = row_compare(replay, REPLAY_TIER,
			VALUES(t->change_no, t->seq, t->ladder_id, t->tier_id, t->was_tier_id, t->since,
				t->until_on));
	}
	for (int i = 0; rewards && i < rows->reward_count; i++) {
		const struct reward_row *r = &rows->rewards[i];
		rewards = row_compare(replay, REPLAY_REWARD,
			VALUES(r->reward_no, r->seq, r->reward_id, r->issued_on, r->expires_on,
				r->value_minor, r->cost, r->entry_no));
	}
	for (int i = 0; charges && i < rows->charge_count; i++) {
		const struct charge_row *c = &rows->charges[i];
		charges = row_compare(
			replay, REPLAY_CHARGE, VALUES(c->charge_no, c->seq, c->charged_on, c->amount_minor));
	}
	if (tiers)
		rest_compare(replay, REPLAY_TIER);
	if (rewards)
		rest_compare(replay, REPLAY_REWARD);
	if (charges)
		rest_compare(replay, REPLAY_CHARGE);
}

static void verifications_compare(struct replay *replay)
{
	const struct posting_rows *rows = &replay->run.rows;
	bool is_same = true;
	for (int i = 0; is_same && i < rows->verification_count; i++) {
		const struct verification_row *v = &rows->verifications[i];
		is_same = row_compare(replay, REPLAY_VERIFICATION,
			VALUES(v->seq, v->segment_id, v->since, v->until_on, v->ended_on, v->end_seq));
	}
	if (is_same)
		rest_compare(replay, REPLAY_VERIFICATION);
}

// What the replay says about an event, as table outcome would have it.
static void verdict_compare(struct replay *replay, const struct journal_event *event, enum refusal refusal)
{
	bool was_denied = strcmp(event->result, "denied") == 0;
	const char *reason = refusal == REFUSAL_NONE ? "" : refusal_name(refusal);
	if (was_denied != (refusal != REFUSAL_NONE) || strcmp(event->reason, reason) != 0)
		differ(replay, "event %lld: was %s%s%s, replayed %s", (long long)event->event.seq,
			event->result, was_denied ? " " : "", event->reason,
			refusal == REFUSAL_NONE ? "accepted" : reason);
}

// False: a quantity did not fit.
static bool event_replay(struct replay *replay, const struct journal_event *event, struct journal_tally *tally)
{
	if (!journal_was_processed(event))
		return true;
	enum refusal refusal = member_run_replay(&replay->run, event);
	if (refusal == REFUSAL_OVERFLOW || refusal == REFUSAL_NO_PAST)
		return false;
	verdict_compare(replay, event, refusal);
	journal_tally_add(tally, &event->event, refusal == REFUSAL_NONE);
	return true;
}

static bool is_kept(const struct result *result, int row, int column, const struct bytes *bytes)
{
	return result_length(result, row, column) == bytes->length &&
	       memcmp(result_text(result, row, column), bytes->data, bytes->length) == 0;
}

static void standing_compare(struct replay *replay, int row, const struct journal_tally *tally)
{
	const struct result *result = replay->results[REPLAY_STANDING];
	const struct rulebook_version *version = member_run_version(&replay->run);
	const struct member_state *state = member_run_state(&replay->run);
	const struct posting_rows *rows = &replay->run.rows;
	struct tier_in_force tier = {.tier = -1, .until = DAY_NONE};
	int64_t open = state->lot_serial + 1;
	for (int i = state->lot_count - 1; i >= 0; i--)
		if (state->lots[i].remaining > 0)
			open = state->lots[i].serial;
	if (version->programme->ladder_count > 0 && state->enrolled)
		tier = standing_tier(version->programme, state, 0);
	replay->rows[REPLAY_STANDING] = row;
	bool is_same = row_compare(replay, REPLAY_STANDING,
		VALUES(rows->entry_no, tally->last_seq, tally->events, state->lot_serial,
			state->reward_serial, rows->tier_change_no, rows->charge_no, open,
			version->version_no, tier.tier < 0 ? 0 : version->tiers[0][tier.tier], tier.until,
			tally->last_activity_on, tally->last_purchase_on, tally->purchases,
			state->day == DAY_NONE ? INT32_MIN : state->day));
	enum { MEMORY = 16, DUE_ON };
	if (!memory_encode(version->programme, state, &replay->memory))
		differ(replay, "what the engine remembers cannot be written down");
	else if (is_same && !is_kept(result, row, MEMORY, &replay->memory))
		differ(replay, "what the engine remembers of the member differs");
	// Sooner does no harm, later lets points live too long.
	if (result_day(result, row, DUE_ON) > engine_next_due(version->programme, state))
		differ(replay, "the member is not due when a date changes something");
}

// JOURNAL_PROCESSED_ORDER.
static int place_order(const void *left, const void *right)
{
	const struct replay_place *a = left, *b = right;
	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	if (a->is_late != b->is_late)
		return a->is_late ? 1 : -1;
	if (a->revision != b->revision)
		return a->revision < b->revision ? -1 : 1;
	return (a->seq > b->seq) - (a->seq < b->seq);
}

// The member's events that no worker has to take yet, in the order they were processed in. They come in the
// order of their numbers, which is nearly always that.
static int places_find(struct replay *replay)
{
	enum { SEQ = 1, AFTER_SEQ = JOURNAL_COLUMN_COUNT + 2, REVISION = JOURNAL_COLUMN_COUNT + 5 };
	const struct result *journal = replay->results[REPLAY_JOURNAL];
	const struct result *inbox = replay->results[REPLAY_PENDING];
	int count = 0, pending = row_next(replay, REPLAY_PENDING);
	bool has_late = false;
	for (int row; (row = row_next(replay, REPLAY_JOURNAL)) >= 0;) {
		struct replay_place place = {.seq = result_int64(journal, row, SEQ), .row = row};
		while (pending >= 0 && result_int64(inbox, pending, SEQ) < place.seq)
			pending = row_next(replay, REPLAY_PENDING);
		if (pending >= 0 && result_int64(inbox, pending, SEQ) == place.seq)
			continue;
		place.is_late = !result_is_null(journal, row, AFTER_SEQ);
		place.place = place.is_late ? result_int64(journal, row, AFTER_SEQ) : place.seq;
		place.revision = result_int64(journal, row, REVISION);
		has_late |= place.is_late;
		ARRAY_RESERVE(replay->places, replay->place_capacity, count + 1);
		replay->places[count++] = place;
	}
	if (has_late)
		qsort(replay->places, (size_t)count, sizeof *replay->places, place_order);
	return count;
}

static bool journal_replay(struct replay *replay, struct journal_tally *tally, int standing)
{
	struct journal_event event;
	int count = places_find(replay);
	for (int i = 0; i < count; i++)
		if (!journal_read_processed(&event, replay->results[REPLAY_JOURNAL], replay->places[i].row,
			    replay->rulebook, &replay->arena) ||
			!event_replay(replay, &event, tally))
			return false;
	day_t day = result_day(replay->results[REPLAY_STANDING], standing, 15);
	return day == INT32_MIN || !member_run_state(&replay->run) ||
	       member_run_advance(&replay->run, day, NULL) == REFUSAL_NONE;
}

static void member_replay(struct replay *replay, int64_t member_id)
{
	struct journal_tally tally = {.last_activity_on = DAY_NONE, .last_purchase_on = DAY_NONE};
	replay->member_id = member_id;
	int standing = row_next(replay, REPLAY_STANDING);
	if (standing < 0) {
		differ(replay, "there is no standing row");
		return;
	}
	member_run_begin(&replay->run, true);
	if (!journal_replay(replay, &tally, standing)) {
		differ(replay, "the journal cannot be replayed");
		return;
	}
	if (!member_run_state(&replay->run)) {
		if (result_int64(replay->results[REPLAY_STANDING], standing, 1) != 0)
			differ(replay, "there are entries, but no event");
		return;
	}
	entries_compare(replay);
	lots_compare(replay);
	lot_uses_compare(replay);
	benefits_compare(replay);
	verifications_compare(replay);
	standing_compare(replay, standing, &tally);
}

// "{1,2,3}", to be freed; NULL when out of memory.
static char *ids_write(const int64_t *member_ids, int count)
{
	enum { NUMBER = 21 };
	char *text = malloc((size_t)count * NUMBER + 3), *at = text;
	if (!text)
		return NULL;
	*at++ = '{';
	for (int i = 0; i < count; i++)
		at += snprintf(at, NUMBER + 1, "%s%lld", i ? "," : "", (long long)member_ids[i]);
	strcpy(at, "}");
	return text;
}

bool replay_members(
	struct replay *replay, struct session *session, const struct replay_slice *slice, struct error *error)
{
	char from[24], to[24];
	char *ids = slice->is_all ? NULL : ids_write(slice->member_ids, slice->count);
	const char *values[] = {from, to, ids};
	bool is_good = slice->is_all || ids ||
		       error_set(error, ERROR_FAILED, "members cannot be replayed", "", "out of memory");
	snprintf(from, sizeof from, "%lld", (long long)slice->from);
	snprintf(to, sizeof to, "%lld", (long long)slice->to);
	results_free(replay);
	replay->entries = slice->entries;
	for (int source = 0; is_good && source < REPLAY_SOURCES; source++) {
		if (source == REPLAY_ENTRY)
			continue;
		replay->results[source] = session_query_binary(session, SOURCES[source], values, 3, error);
		is_good = replay->results[source] != NULL;
	}
	for (int i = 0; is_good && i < slice->count; i++)
		member_replay(replay, slice->member_ids[i]);
	free(ids);
	return is_good;
}
