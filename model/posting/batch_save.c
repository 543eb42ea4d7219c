// Saves what a batch led to: a statement a table, whole columns, one round trip with the commit.
#include "model/posting/batch.h"

#include "model/reward/reward_code.h"

#include <stdio.h>
#include <string.h>

enum { COLUMNS_MAX = 19 };

// Columns are those of the statement's unnest(), in its order. Texts and bytes come last.
struct target {
	const char *name, *sql;
	enum wire_type columns[COLUMNS_MAX];
	int count;
	unsigned nullable; // bit i: 0 in column i is NULL
};

#define BIT(column) (1u << (column))

static const struct target TARGETS[SAVE_TARGETS] = {
	[SAVE_ENTRY] = {"save_entry",
		"INSERT INTO loyalty.ledger_entry (member_id, entry_no, seq, amount, balance_after, "
		"activity_on, currency_id, account_id, rule_id, tier_id, multipliers, factor, of_seq, "
		"posted_at) SELECT u.*, now() FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, "
		"$12, $13) u",
		{WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_DATE, WIRE_INT2, WIRE_INT2,
			WIRE_INT2, WIRE_INT2, WIRE_INT2, WIRE_INT8, WIRE_INT8},
		13, BIT(8) | BIT(9) | BIT(10) | BIT(11) | BIT(12)},
	// Which partner's, says the event that the points were given for, or the currency they went into.
	[SAVE_PARTNER] = {"save_partner",
		"INSERT INTO loyalty.partner_entry (member_id, entry_no, seq, partner, kind, currency_id, "
		"amount, activity_on, priced_on) SELECT u.member_id, u.entry_no, u.seq, "
		"coalesce(c.partner, j.object), CASE u.account_id WHEN 1 THEN 'issued' WHEN 4 THEN "
		"'returned' ELSE CASE WHEN u.amount < 0 THEN 'sent' ELSE 'unsent' END END, u.currency_id, "
		"u.amount, u.activity_on, j.activity_on FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) u "
		"(member_id, entry_no, seq, of_seq, amount, activity_on, currency_id, account_id) "
		"JOIN loyalty.journal j ON j.member_id = u.member_id AND j.seq = u.of_seq "
		"LEFT JOIN LATERAL (SELECT y.partner FROM loyalty.ledger_entry x JOIN loyalty.currency y "
		"USING (currency_id) WHERE u.account_id = 2 AND x.member_id = u.member_id "
		"AND x.seq = u.of_seq AND x.account_id = 12 LIMIT 1) c ON true "
		"WHERE j.type = 'partner' OR c.partner IS NOT NULL",
		{WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_DATE, WIRE_INT2, WIRE_INT2}, 8},
	[SAVE_LOT] = {"save_lot",
		"INSERT INTO loyalty.lot (member_id, lot_no, entry_no, seq, granted, remaining, earned_on, "
		"expires_on, currency_id) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		{WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_DATE, WIRE_DATE,
			WIRE_INT2},
		9},
	[SAVE_LOT_CHANGE] = {"save_lot_change",
		"UPDATE loyalty.lot l SET remaining = u.remaining, expires_on = u.expires_on "
		"FROM unnest($1, $2, $3, $4) u (member_id, lot_no, remaining, expires_on) "
		"WHERE l.member_id = u.member_id AND l.lot_no = u.lot_no",
		{WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_DATE}, 4},
	[SAVE_LOT_USE] = {"save_lot_use",
		"INSERT INTO loyalty.lot_use (member_id, entry_no, lot_no, amount) SELECT * "
		"FROM unnest($1, $2, $3, $4)",
		{WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_INT8}, 4},
	[SAVE_BALANCE] = {"save_balance",
		"INSERT INTO loyalty.balance (member_id, currency_id, points) SELECT * "
		"FROM unnest($1, $2, $3) ON CONFLICT (member_id, currency_id) DO UPDATE "
		"SET points = excluded.points",
		{WIRE_INT8, WIRE_INT2, WIRE_INT8}, 3},
	[SAVE_TIER] = {"save_tier",
		"INSERT INTO loyalty.member_tier (member_id, change_no, seq, ladder_id, tier_id, "
		"was_tier_id, since, until_on) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)",
		{WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_INT2, WIRE_INT2, WIRE_INT2, WIRE_DATE, WIRE_DATE}, 8},
	[SAVE_REWARD] = {"save_reward",
		"WITH u AS (SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) u (member_id, "
		"reward_no, seq, reward_id, issued_on, expires_on, value_minor, cost, entry_no, code)), "
		"i AS (INSERT INTO loyalty.issued_reward (member_id, reward_no, seq, reward_id, issued_on, "
		"expires_on, value_minor, cost, entry_no, code) SELECT u.member_id, u.reward_no, u.seq, "
		"u.reward_id, u.issued_on, u.expires_on, u.value_minor, u.cost, u.entry_no, "
		"CASE WHEN s.reward_id IS NULL THEN u.code END FROM u LEFT JOIN loyalty.reward_stock s "
		"USING (reward_id) RETURNING member_id, reward_no, reward_id, code) "
		"INSERT INTO loyalty.reward_code (code, reward_id, member_id, reward_no) "
		"SELECT i.code, i.reward_id, i.member_id, i.reward_no FROM i WHERE i.code IS NOT NULL",
		{WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_INT2, WIRE_DATE, WIRE_DATE, WIRE_INT8, WIRE_INT8,
			WIRE_INT8, WIRE_TEXT},
		10, BIT(8)},
	// Rewards for which stock is counted have no code yet: they get it here, or wait for one.
	[SAVE_SETTLE] = {"save_settle",
		"SELECT loyalty.rewards_settle($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		{WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_TEXT, WIRE_INT8, WIRE_INT8, WIRE_INT8,
			WIRE_BOOL},
		9},
	[SAVE_CHARGE] = {"save_charge",
		"INSERT INTO loyalty.plan_charge (member_id, charge_no, seq, charged_on, amount_minor, "
		"plan) SELECT * FROM unnest($1, $2, $3, $4, $5, $6)",
		{WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_DATE, WIRE_INT8, WIRE_TEXT}, 6},
	// The receivers' events come into being with the givers' entries, or not at all.
	[SAVE_SENT] = {"save_sent", "SELECT loyalty.transfers_post($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		{WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_INT2, WIRE_INT8, WIRE_DATE, WIRE_DATE, WIRE_DATE,
			WIRE_DATE},
		9},
	[SAVE_VERIFICATION] = {"save_verification",
		"INSERT INTO loyalty.member_verification (member_id, seq, segment_id, since, until_on, "
		"ended_on, end_seq) SELECT m, s, g, f, u, e, CASE WHEN e IS NOT NULL THEN n END "
		"FROM unnest($1, $2, $3, $4, $5, $6, $7) v (m, s, g, f, u, e, n)",
		{WIRE_INT8, WIRE_INT8, WIRE_INT2, WIRE_DATE, WIRE_DATE, WIRE_DATE, WIRE_INT8}, 7},
	[SAVE_VERIFICATION_END] = {"save_verification_end",
		"UPDATE loyalty.member_verification v SET ended_on = u.ended_on, end_seq = u.end_seq "
		"FROM unnest($1, $2, $3, $4) u (member_id, seq, ended_on, end_seq) "
		"WHERE v.member_id = u.member_id AND v.seq = u.seq",
		{WIRE_INT8, WIRE_INT8, WIRE_DATE, WIRE_INT8}, 4},
	[SAVE_DUES] = {"save_dues", "SELECT loyalty.plan_opened($1, $2)", {WIRE_INT8, WIRE_INT8}, 2},
	// What members of households earned, and lost by returns: a share of it goes to the pool, or comes back.
	[SAVE_SHARE] = {"save_share", "SELECT loyalty.household_shares($1, $2, $3, $4, $5, $6)",
		{WIRE_INT8, WIRE_INT8, WIRE_INT2, WIRE_INT8, WIRE_INT8, WIRE_DATE}, 6},
	[SAVE_OUTCOME] = {"save_outcome",
		"INSERT INTO loyalty.outcome (member_id, seq, after_seq, revision, processed_on, result, "
		"reason, detail) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)",
		{WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_DATE, WIRE_TEXT, WIRE_TEXT, WIRE_TEXT}, 8,
		BIT(2)},
	[SAVE_DUE] = {"save_due",
		"INSERT INTO loyalty.member_due (member_id, due_on) SELECT * FROM unnest($1, $2) "
		"ON CONFLICT (member_id) DO UPDATE SET due_on = excluded.due_on",
		{WIRE_INT8, WIRE_DATE}, 2},
	[SAVE_DUE_NEVER] = {"save_due_never", "DELETE FROM loyalty.member_due WHERE member_id = ANY ($1)",
		{WIRE_INT8}, 1},
	[SAVE_NIGHT] = {"save_night", "SELECT loyalty.night_note(($1::date[])[1], $2)", {WIRE_DATE, WIRE_INT8}, 2},
	// The revision read must still be there: the last guard against two writers.
	[SAVE_STANDING] = {"save_standing",
		"WITH saved AS (UPDATE loyalty.standing s "
		"SET revision = s.revision + 1, entries = u.entries, last_seq = u.last_seq, events = "
		"u.events, processed_on = u.processed_on, programme_version = u.programme_version, tier_id "
		"= u.tier_id, tier_until = u.tier_until, first_open_lot = u.first_open_lot, lots = u.lots, "
		"rewards = u.rewards, tier_changes = u.tier_changes, charges = u.charges, last_activity_on "
		"= u.last_activity_on, last_purchase_on = u.last_purchase_on, purchases = u.purchases, "
		"head = u.head, memory = u.memory "
		"FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) u "
		"(member_id, was, entries, last_seq, events, processed_on, programme_version, tier_id, "
		"tier_until, first_open_lot, lots, rewards, tier_changes, charges, last_activity_on, "
		"last_purchase_on, purchases, head, memory) WHERE s.member_id = u.member_id AND s.revision = u.was "
		"RETURNING s.member_id) SELECT loyalty.save_guard(count(*), cardinality($1)) FROM saved",
		{WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_DATE, WIRE_INT2, WIRE_INT2,
			WIRE_DATE, WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_DATE,
			WIRE_DATE, WIRE_INT8, WIRE_BYTEA, WIRE_BYTEA},
		19, BIT(7)},
	// Whose figures another has to count.
	[SAVE_BEHIND] = {"save_behind",
		"INSERT INTO loyalty.insight_due (bucket, member_id, revision) SELECT loyalty.bucket_of(u.member_id), "
		"u.member_id, u.revision FROM unnest($1, $2) u (member_id, revision)",
		{WIRE_INT8, WIRE_INT8}, 2},
	[SAVE_FIGURES] = {"save_figures",
		"UPDATE loyalty.insight_member i SET entries = u.entries, lots = u.lots, tier_changes = u.tier_changes, "
		"tier_id = u.tier_id FROM unnest($1, $2, $3, $4, $5) u (member_id, entries, lots, tier_changes, tier_id) "
		"WHERE i.member_id = u.member_id",
		{WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_INT2}, 5, BIT(4)},
	[SAVE_DEEDS] = {"save_deeds",
		"UPDATE loyalty.insight_member i SET entries = u.entries, lots = u.lots, tier_changes = u.tier_changes, "
		"tier_id = u.tier_id, last_purchase_on = u.last_purchase_on, months[u.place] = u.month, "
		"orders[u.place] = u.orders, spend[u.place] = u.spend, redemptions[u.place] = u.redemptions "
		"FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) u (member_id, entries, lots, tier_changes, tier_id, "
		"last_purchase_on, place, month, orders, spend, redemptions) WHERE i.member_id = u.member_id",
		{WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_INT8, WIRE_INT2, WIRE_DATE, WIRE_INT4, WIRE_INT2, WIRE_INT4, WIRE_INT8,
			WIRE_INT4},
		11, BIT(4)},
	// After the standings, whose tiers it compares.
	[SAVE_MERGED] = {"save_merged", "SELECT loyalty.members_merged($1, $2)", {WIRE_INT8, WIRE_INT8}, 2},
	[SAVE_OPENED] = {"save_opened",
		"UPDATE loyalty.programme SET opened_on = u.day FROM unnest($1) u (day) "
		"WHERE opened_on < u.day",
		{WIRE_DATE}, 1},
	[SAVE_NOTICE] = {"save_notice", "SELECT pg_notify('loyalty_member', $1)", {WIRE_TEXT}, 0},
};

void save_begin(struct batch *batch)
{
	sums_clear(&batch->sums);
	for (int i = 0; i < SAVE_TARGETS; i++) {
		if (!batch->save[i].name)
			query_init(&batch->save[i], TARGETS[i].name, TARGETS[i].sql);
		query_clear(&batch->save[i]);
		for (int column = 0; column < TARGETS[i].count; column++)
			query_array(&batch->save[i], TARGETS[i].columns[column]);
	}
}

// Adds the leading, numeric columns of a row.
static void row_add(struct batch *batch, enum save_target target, const int64_t *values, int count)
{
	for (int i = 0; i < count; i++) {
		struct parameter *column = batch->save[target].parameters[i];
		bool is_null = TARGETS[target].columns[i] == WIRE_DATE
				       ? values[i] == DAY_NONE
				       : values[i] == 0 && (TARGETS[target].nullable & BIT(i));
		if (is_null)
			array_null(column);
		else
			array_int(column, values[i]);
	}
}

#define ROW_ADD(batch, target, ...)                                                                          \
	row_add(batch, target, (const int64_t[]){__VA_ARGS__},                                               \
		(int)(sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t)))

void save_outcome(struct batch *batch, int64_t member_id, int64_t seq, const char *result, const char *reason,
	const char *detail, int64_t after_seq, int64_t revision, day_t processed_on)
{
	struct query *query = &batch->save[SAVE_OUTCOME];
	ROW_ADD(batch, SAVE_OUTCOME, member_id, seq, after_seq, revision, processed_on);
	array_text(query->parameters[5], result);
	array_text(query->parameters[6], reason);
	array_text(query->parameters[7], detail);
}

void save_due(struct batch *batch, int64_t member_id, day_t due_on, bool is_set_aside)
{
	if (due_on == DAY_NONE && !is_set_aside) {
		ROW_ADD(batch, SAVE_DUE_NEVER, member_id);
		return;
	}
	array_int(batch->save[SAVE_DUE].parameters[0], member_id);
	array_int(batch->save[SAVE_DUE].parameters[1], due_on);
}

void save_advanced(struct batch *batch, int64_t member_id)
{
	ROW_ADD(batch, SAVE_NIGHT, batch->night_on, member_id);
}

static void entries_add(struct batch *batch, int64_t member_id)
{
	const struct posting_rows *rows = &batch->run.rows;
	for (int i = 0; i < rows->entry_count; i++) {
		const struct entry_row *entry = &rows->entries[i];
		ROW_ADD(batch, SAVE_ENTRY, member_id, entry->entry_no, entry->seq, entry->amount,
			entry->balance_after, entry->activity_on, entry->currency_id, entry->account_id,
			entry->rule_id, entry->tier_id, entry->multipliers, entry->factor, entry->of_seq);
		if (entry->partner_seq)
			ROW_ADD(batch, SAVE_PARTNER, member_id, entry->entry_no, entry->seq,
				entry->partner_seq, entry->amount, entry->activity_on, entry->currency_id,
				entry->account_id);
	}
	for (int i = 0; i < rows->lot_use_count; i++)
		ROW_ADD(batch, SAVE_LOT_USE, member_id, rows->lot_uses[i].entry_no, rows->lot_uses[i].lot_no,
			rows->lot_uses[i].amount);
}

static bool is_last_of_currency(const struct posting_rows *rows, int entry)
{
	for (int i = entry + 1; i < rows->entry_count; i++)
		if (rows->entries[i].currency_id == rows->entries[entry].currency_id)
			return false;
	return true;
}

// The balance of each currency that moved, as its last entry shows it.
static void balances_add(struct batch *batch, int64_t member_id)
{
	const struct posting_rows *rows = &batch->run.rows;
	for (int i = 0; i < rows->entry_count; i++)
		if (is_last_of_currency(rows, i))
			ROW_ADD(batch, SAVE_BALANCE, member_id, rows->entries[i].currency_id,
				rows->entries[i].balance_after);
}

static void lot_add(struct batch *batch, int64_t member_id, const struct lot_row *row)
{
	if (row->is_new)
		ROW_ADD(batch, SAVE_LOT, member_id, row->lot_no, row->entry_no, row->seq, row->granted,
			row->remaining, row->earned_on, row->expires_on, row->currency_id);
	else
		ROW_ADD(batch, SAVE_LOT_CHANGE, member_id, row->lot_no, row->remaining, row->expires_on);
}

static void lots_add(struct batch *batch, int64_t member_id)
{
	const struct member_state *state = member_run_state(&batch->run);
	const struct posting_rows *rows = &batch->run.rows;
	for (int i = 0; i < state->lot_count; i++) {
		const struct lot *lot = &state->lots[i];
		if (!lot->is_new && !lot->is_changed)
			continue;
		struct lot_row row = posting_rows_lot(rows, member_run_version(&batch->run), lot);
		lot_add(batch, member_id, &row);
	}
	for (int i = 0; i < rows->left_lot_count; i++)
		lot_add(batch, member_id, &rows->left_lots[i]);
}

void save_processed(struct batch *batch, const struct journal_event *event, bool is_accepted)
{
	struct parameter **columns = batch->save[SAVE_SETTLE].parameters;
	if (event->event.type == EVENT_REDEEM || event->event.type == EVENT_REWARD_GRANT) {
		array_int(columns[0], event->member_id);
		array_int(columns[1], event->event.seq);
	}
	if (event->event.type == EVENT_CANCEL_REWARD) {
		array_int(columns[5], event->member_id);
		array_int(columns[6], event->event.reward_no);
		array_int(columns[7], event->event.seq);
		array_int(columns[8], is_accepted);
	}
	if (is_accepted && (event->event.type == EVENT_MERGE || event->event.type == EVENT_UNMERGE))
		ROW_ADD(batch, SAVE_MERGED, event->member_id, event->event.seq);
}

static bool rewards_add(struct batch *batch, int64_t member_id, struct error *error)
{
	const struct posting_rows *rows = &batch->run.rows;
	struct parameter **columns = batch->save[SAVE_SETTLE].parameters;
	char code[REWARD_CODE_LENGTH + 1];
	for (int i = 0; i < rows->reward_count; i++) {
		const struct reward_row *reward = &rows->rewards[i];
		if (!reward_code_make(code, error))
			return false;
		ROW_ADD(batch, SAVE_REWARD, member_id, reward->reward_no, reward->seq, reward->reward_id,
			reward->issued_on, reward->expires_on, reward->value_minor, reward->cost,
			reward->entry_no);
		array_text(batch->save[SAVE_REWARD].parameters[9], code);
		array_int(columns[2], member_id);
		array_int(columns[3], reward->reward_no);
		array_text(columns[4], code);
	}
	return true;
}

static void benefits_add(struct batch *batch, int64_t member_id)
{
	const struct posting_rows *rows = &batch->run.rows;
	for (int i = 0; i < rows->tier_count; i++) {
		const struct tier_row *tier = &rows->tiers[i];
		ROW_ADD(batch, SAVE_TIER, member_id, tier->change_no, tier->seq, tier->ladder_id,
			tier->tier_id, tier->was_tier_id, tier->since, tier->until_on);
	}
	for (int i = 0; i < rows->charge_count; i++) {
		const struct charge_row *charge = &rows->charges[i];
		ROW_ADD(batch, SAVE_CHARGE, member_id, charge->charge_no, charge->seq, charge->charged_on,
			charge->amount_minor);
		array_text(batch->save[SAVE_CHARGE].parameters[5], charge->plan);
		ROW_ADD(batch, SAVE_DUES, member_id, charge->charge_no);
	}
}

static void sent_add(struct batch *batch, const struct batch_member *member)
{
	const struct posting_rows *rows = &batch->run.rows;
	for (int i = 0; i < rows->sent_count; i++) {
		const struct sent_row *sent = &rows->sent[i];
		ROW_ADD(batch, SAVE_SENT, member->member_id, sent->seq,
			sent->receiver ? sent->receiver : batch_receiver_of(batch, member, sent->seq),
			sent->currency_id, sent->amount,
			sent->earned_on, sent->expires_on, sent->active_on, sent->day);
	}
}

static void verifications_add(struct batch *batch, int64_t member_id)
{
	const struct posting_rows *rows = &batch->run.rows;
	for (int i = 0; i < rows->verification_count; i++) {
		const struct verification_row *v = &rows->verifications[i];
		if (v->is_new)
			ROW_ADD(batch, SAVE_VERIFICATION, member_id, v->seq, v->segment_id, v->since,
				v->until_on, v->ended_on, v->end_seq);
		else
			ROW_ADD(batch, SAVE_VERIFICATION_END, member_id, v->seq, v->ended_on, v->end_seq);
	}
}

// Of currencies that members may pass on and owe: without debt, a return could not be met from both sides.
static bool is_shared(const struct batch *batch, const struct entry_row *entry)
{
	const struct rulebook_version *version = member_run_version(&batch->run);
	int currency = rulebook_currency(version, entry->currency_id);
	return (entry->account_id == ACCOUNT_ISSUED || entry->account_id == ACCOUNT_REVERSED) && currency >= 0 &&
	       version->programme->currencies[currency].transfers.allowed &&
	       version->programme->currencies[currency].negative;
}

static void shares_add(struct batch *batch, const struct batch_member *member)
{
	const struct posting_rows *rows = &batch->run.rows;
	if (result_is_null(batch->loaded[LOAD_STANDING], member->standing, STANDING_POOL_SHARE))
		return;
	for (int i = 0; i < rows->entry_count; i++) {
		const struct entry_row *entry = &rows->entries[i];
		if (is_shared(batch, entry))
			ROW_ADD(batch, SAVE_SHARE, member->member_id, entry->seq, entry->currency_id,
				entry->amount, entry->of_seq, entry->activity_on);
	}
}

static int64_t first_open_lot(const struct member_state *state)
{
	for (int i = 0; i < state->lot_count; i++)
		if (state->lots[i].remaining > 0)
			return state->lots[i].serial;
	return state->lot_serial + 1;
}

static bool head_compute(struct batch *batch, const struct batch_member *member, struct chain *chain)
{
	const struct result *loaded = batch->loaded[LOAD_STANDING];
	const struct posting_rows *rows = &batch->run.rows;
	size_t length = result_length(loaded, member->standing, STANDING_HEAD);
	if (length == CHAIN_HEAD_SIZE) {
		memcpy(chain->head, result_bytes(loaded, member->standing, STANDING_HEAD), length);
		chain->length = length;
	}
	for (int i = 0; i < rows->entry_count; i++)
		if (!chain_add(chain, member->member_id, batch->posted_at, &rows->entries[i]))
			return false;
	return true;
}

// Of the first ladder; 0: none. *until: DAY_NONE where it has no end.
static int tier_id_read(struct batch *batch, day_t *until)
{
	const struct rulebook_version *version = member_run_version(&batch->run);
	const struct member_state *state = member_run_state(&batch->run);
	*until = DAY_NONE;
	if (version->programme->ladder_count == 0 || !state->enrolled)
		return 0;
	struct tier_in_force tier = standing_tier(version->programme, state, 0);
	*until = tier.until;
	return tier.tier < 0 ? 0 : version->tiers[0][tier.tier];
}

void save_figures(struct batch *batch, int64_t member_id, int tier_id, day_t last_purchase, const struct deed_month *deed,
	int place)
{
	const struct member_state *state = member_run_state(&batch->run);
	const struct posting_rows *rows = &batch->run.rows;
	if (deed)
		ROW_ADD(batch, SAVE_DEEDS, member_id, rows->entry_no, state->lot_serial, rows->tier_change_no, tier_id,
			last_purchase, place, deed->month, deed->orders, deed->spend, deed->redemptions);
	else
		ROW_ADD(batch, SAVE_FIGURES, member_id, rows->entry_no, state->lot_serial, rows->tier_change_no, tier_id);
}

static void standing_add(struct batch *batch, const struct batch_member *member,
	const struct journal_tally *tally, const struct chain *chain, int tier_id, day_t tier_until)
{
	const struct rulebook_version *version = member_run_version(&batch->run);
	const struct member_state *state = member_run_state(&batch->run);
	const struct posting_rows *rows = &batch->run.rows;
	struct parameter **columns = batch->save[SAVE_STANDING].parameters;
	ROW_ADD(batch, SAVE_STANDING, member->member_id,
		result_int64(batch->loaded[LOAD_STANDING], member->standing, STANDING_REVISION),
		rows->entry_no, tally->last_seq, tally->events,
		state->day == DAY_NONE ? INT32_MIN : state->day, version->version_no,
		tier_id, tier_until, first_open_lot(state),
		state->lot_serial, state->reward_serial, rows->tier_change_no, rows->charge_no,
		tally->last_activity_on, tally->last_purchase_on, tally->purchases);
	if (state->day != DAY_NONE && state->day > batch->opened_on)
		batch->opened_on = state->day;
	array_bytes(columns[17], chain->head, chain->length);
	array_bytes(columns[18], batch->memory.data, batch->memory.length);
}

bool save_member(struct batch *batch, const struct batch_member *member, const struct journal_tally *tally,
	struct error *error)
{
	const struct rulebook_version *version = member_run_version(&batch->run);
	struct chain chain = {.length = 0};
	day_t tier_until;
	bool is_behind;
	if (!version) // nothing of the member could be applied
		return true;
	if (!memory_encode(version->programme, member_run_state(&batch->run), &batch->memory) ||
		!head_compute(batch, member, &chain))
		return error_set(error, ERROR_FAILED, "a batch cannot be saved", "",
			"member id %lld cannot be written down", (long long)member->member_id);
	entries_add(batch, member->member_id);
	balances_add(batch, member->member_id);
	lots_add(batch, member->member_id);
	benefits_add(batch, member->member_id);
	sent_add(batch, member);
	shares_add(batch, member);
	verifications_add(batch, member->member_id);
	if (!rewards_add(batch, member->member_id, error))
		return false;
	int tier_id = tier_id_read(batch, &tier_until);
	standing_add(batch, member, tally, &chain, tier_id, tier_until);
	if (!figures_add(batch, member, tier_id, &is_behind))
		return error_set(error, ERROR_FAILED, "a batch cannot be saved", "", "out of memory");
	if (is_behind)
		ROW_ADD(batch, SAVE_BEHIND, member->member_id,
			result_int64(batch->loaded[LOAD_STANDING], member->standing, STANDING_REVISION) + 1);
	day_t due = member_run_next_due(&batch->run);
	day_t was_due = result_day(batch->loaded[LOAD_STANDING], member->standing, STANDING_DUE_ON);
	if (due != was_due)
		save_due(batch, member->member_id, due, false);
	if (batch->night_on != DAY_NONE && was_due <= batch->night_on && due > batch->night_on)
		save_advanced(batch, member->member_id);
	return true;
}

// Which members changed, for the screens; a payload may have 8000 bytes.
static void notice_fill(struct batch *batch)
{
	enum { PAYLOAD = 7900, NUMBER = 21 };
	char text[PAYLOAD + NUMBER] = "";
	size_t length = 0;
	for (int m = 0; m < batch->member_count && length < PAYLOAD; m++)
		length += (size_t)snprintf(text + length, NUMBER, "%s%lld", m ? " " : "",
			(long long)batch->members[m].member_id);
	query_text(&batch->save[SAVE_NOTICE], length < PAYLOAD ? text : "*");
}

static bool is_empty(const struct query *query)
{
	for (int i = 0; i < query->count; i++)
		if (array_count(query->parameters[i]) > 0)
			return false;
	return true;
}

bool batch_save(struct batch *batch, struct session *session, struct error *error)
{
	notice_fill(batch);
	if (batch->opened_on > batch->opened_before)
		ROW_ADD(batch, SAVE_OPENED, batch->opened_on);
	for (int i = 0; i < SAVE_TARGETS; i++) {
		struct query *query = &batch->save[i];
		if (i != SAVE_NOTICE && is_empty(query))
			continue;
		if (!pipeline_send(session, query, error))
			return false;
	}
	bool has_sums;
	return sums_send(&batch->sums, session, &has_sums, error) && pipeline_command(session, "COMMIT", error) && pipeline_sync(session, error) &&
	       pipeline_results(session, NULL, 0, error);
}
