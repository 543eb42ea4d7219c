// What the engine answered, as rows of the ledger: the database's numbers, the member's own counting, the
// chain of hashes.
#include "model/posting/posting_rows.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

void posting_rows_init(struct posting_rows *rows)
{
	*rows = (struct posting_rows){0};
}

void posting_rows_free(struct posting_rows *rows)
{
	free(rows->entries);
	free(rows->lot_uses);
	free(rows->tiers);
	free(rows->rewards);
	free(rows->charges);
	free(rows->sent);
	free(rows->verifications);
	free(rows->left_lots);
	posting_rows_init(rows);
}

void posting_rows_begin(
	struct posting_rows *rows, int64_t entry_no, int64_t tier_change_no, int64_t charge_no)
{
	rows->entry_count = rows->lot_use_count = rows->tier_count = rows->reward_count = 0;
	rows->charge_count = rows->sent_count = rows->verification_count = rows->left_lot_count = 0;
	rows->entry_no = entry_no;
	rows->tier_change_no = tier_change_no;
	rows->charge_no = charge_no;
}

static const enum account ACCOUNT[ENTRY_KIND_COUNT] = {
	[ENTRY_ACCRUED] = ACCOUNT_ISSUED,
	[ENTRY_REVERSED] = ACCOUNT_REVERSED,
	[ENTRY_GRANTED] = ACCOUNT_GRANTED,
	[ENTRY_ADJUSTED] = ACCOUNT_ADJUSTED,
	[ENTRY_REDEEMED] = ACCOUNT_REDEEMED,
	[ENTRY_PAID_OUT] = ACCOUNT_PAID_OUT,
	[ENTRY_AUTO_ISSUED] = ACCOUNT_AUTO_ISSUED,
	[ENTRY_EXPIRED] = ACCOUNT_EXPIRED,
	[ENTRY_UNEXPIRED] = ACCOUNT_EXPIRED,
	[ENTRY_WRITTEN_OFF] = ACCOUNT_WRITTEN_OFF,
	[ENTRY_UNREDEEMED] = ACCOUNT_REDEEMED,
	[ENTRY_UNPAID_OUT] = ACCOUNT_PAID_OUT,
	[ENTRY_UNAUTO_ISSUED] = ACCOUNT_AUTO_ISSUED,
	[ENTRY_TRANSFERRED] = ACCOUNT_TRANSFERRED,
	[ENTRY_RECEIVED] = ACCOUNT_TRANSFERRED,
	[ENTRY_CONVERTED] = ACCOUNT_CONVERTED,
	[ENTRY_UNCONVERTED] = ACCOUNT_CONVERTED,
};

static int entry_rule(const struct rulebook_version *version, const struct entry *entry)
{
	switch (entry->kind) {
	case ENTRY_ACCRUED:
	case ENTRY_REVERSED:
	case ENTRY_UNEXPIRED:
	case ENTRY_WRITTEN_OFF:
		return entry->source >= 0 ? version->earn[entry->source] : 0;
	case ENTRY_GRANTED:
		return version->grants[entry->source];
	case ENTRY_PAID_OUT:
		return version->payouts[entry->source];
	case ENTRY_AUTO_ISSUED:
		return version->autos[entry->source];
	case ENTRY_UNPAID_OUT:
		return entry->source >= 0 ? version->payouts[entry->source] : 0;
	case ENTRY_UNAUTO_ISSUED:
		return entry->source >= 0 ? version->autos[entry->source] : 0;
	default:
		return 0;
	}
}

static int entry_tier(const struct rulebook_version *version, const struct entry *entry)
{
	if (entry->tier < 0 || (entry->kind != ENTRY_ACCRUED && entry->kind != ENTRY_REVERSED))
		return 0;
	return version->tiers[version->programme->earn[entry->source].award.ladder][entry->tier];
}

// What a return takes back may be for a partner's event by a rule that has changed since; the journal knows.
static int64_t entry_partner(const struct rulebook_version *version, const struct entry *entry)
{
	switch (entry->kind) {
	case ENTRY_ACCRUED:
		return version->programme->earn[entry->source].on == EARN_PARTNER ? entry->seq : 0;
	case ENTRY_REDEEMED:
		return version->programme->rewards[entry->source].kind == REWARD_PARTNER_TRANSFER ? entry->seq
												  : 0;
	case ENTRY_REVERSED:
	case ENTRY_UNREDEEMED:
		return entry->of_seq;
	default:
		return 0;
	}
}

static void entry_add(struct posting_rows *rows, const struct rulebook_version *version,
	const struct rulebook_version *then, const struct entry *entry, int giver)
{
	const struct rulebook_version *rated_by = entry->is_late ? then : version;
	ARRAY_RESERVE(rows->entries, rows->entry_capacity, rows->entry_count + 1);
	rows->entries[rows->entry_count++] = (struct entry_row){
		.entry_no = ++rows->entry_no,
		.seq = entry->seq,
		.amount = entry->amount,
		.balance_after = entry->balance,
		.factor = entry->factor,
		.of_seq = entry->of_seq,
		.lot_no = entry->lot,
		.partner_seq = entry_partner(rated_by, entry),
		.activity_on = entry->day,
		.currency_id = version->currencies[entry->currency],
		.account_id = entry->kind == ENTRY_ADJUSTED && entry->amount > 0 ? giver : (int)ACCOUNT[entry->kind],
		.rule_id = entry_rule(rated_by, entry),
		.tier_id = entry_tier(rated_by, entry),
		.multipliers = (int)entry->multipliers,
	};
}

static void tier_change_add(
	struct posting_rows *rows, const struct rulebook_version *version, const struct tier_change *change)
{
	const int *tiers = version->tiers[change->ladder];
	ARRAY_RESERVE(rows->tiers, rows->tier_capacity, rows->tier_count + 1);
	rows->tiers[rows->tier_count++] = (struct tier_row){
		.change_no = ++rows->tier_change_no,
		.seq = change->seq,
		.ladder_id = version->ladders[change->ladder],
		.tier_id = tiers[change->to],
		.was_tier_id = tiers[change->from],
		.since = change->day,
		.until_on = change->until,
	};
}

// Issued rewards get a row each: each has a life of its own.
static void rewards_add(struct posting_rows *rows, const struct rulebook_version *version,
	const struct issued_reward *issued, int64_t entries_before)
{
	ARRAY_RESERVE(rows->rewards, rows->reward_capacity, rows->reward_count + (int)issued->units);
	for (int64_t i = 0; i < issued->units; i++)
		rows->rewards[rows->reward_count++] = (struct reward_row){
			.reward_no = issued->serial + i,
			.seq = issued->seq,
			.value_minor = issued->value_minor,
			.cost = issued->cost,
			.entry_no = issued->entry >= 0 ? entries_before + issued->entry + 1 : 0,
			.reward_id = version->rewards[issued->reward],
			.issued_on = issued->day,
			.expires_on = issued->expires,
		};
}

static void charge_add(
	struct posting_rows *rows, const struct rulebook_version *version, const struct plan_charge *charge)
{
	ARRAY_RESERVE(rows->charges, rows->charge_capacity, rows->charge_count + 1);
	rows->charges[rows->charge_count++] = (struct charge_row){
		.charge_no = ++rows->charge_no,
		.seq = charge->seq,
		.amount_minor = charge->amount_minor,
		.plan = version->programme->plans[charge->plan].code,
		.charged_on = charge->day,
	};
}

static void sent_add(
	struct posting_rows *rows, const struct rulebook_version *version, const struct sent_lot *lot)
{
	ARRAY_RESERVE(rows->sent, rows->sent_capacity, rows->sent_count + 1);
	rows->sent[rows->sent_count++] = (struct sent_row){
		.seq = lot->seq,
		.amount = lot->amount,
		.receiver = lot->receiver,
		.currency_id = version->currencies[lot->currency],
		.earned_on = lot->earned,
		.expires_on = lot->expires,
		.active_on = lot->active_on,
		.day = lot->day,
	};
}

// The row of that event's verification; an empty one where it has none yet.
static struct verification_row *verification_place(struct posting_rows *rows, int64_t seq)
{
	int at = rows->verification_count;
	while (at > 0 && rows->verifications[at - 1].seq > seq)
		at--;
	if (at > 0 && rows->verifications[at - 1].seq == seq)
		return &rows->verifications[at - 1];
	ARRAY_RESERVE(rows->verifications, rows->verification_capacity, rows->verification_count + 1);
	memmove(&rows->verifications[at + 1], &rows->verifications[at],
		(size_t)(rows->verification_count++ - at) * sizeof *rows->verifications);
	rows->verifications[at] = (struct verification_row){.seq = seq, .ended_on = DAY_NONE};
	return &rows->verifications[at];
}

static void segment_change_add(struct posting_rows *rows, const struct rulebook_version *version,
	const struct segment_change *change)
{
	struct verification_row *row = verification_place(rows, change->verified);
	if (change->is_end) {
		row->ended_on = change->day;
		row->end_seq = change->seq;
	} else {
		*row = (struct verification_row){
			.seq = change->verified,
			.segment_id = version->segments[change->segment],
			.since = change->day,
			.until_on = change->until,
			.ended_on = DAY_NONE,
			.is_new = true,
		};
	}
}

void posting_rows_add(struct posting_rows *rows, const struct rulebook_version *version,
	const struct rulebook_version *then, const struct postings *postings, int giver)
{
	int64_t before = rows->entry_no;
	for (int i = 0; i < postings->entry_count; i++)
		entry_add(rows, version, then, &postings->entries[i], giver);
	ARRAY_RESERVE(rows->lot_uses, rows->lot_use_capacity, rows->lot_use_count + postings->lot_use_count);
	for (int i = 0; i < postings->lot_use_count; i++) {
		const struct lot_use *use = &postings->lot_uses[i];
		rows->lot_uses[rows->lot_use_count++] = (struct lot_use_row){
			.entry_no = before + use->entry + 1, .lot_no = use->lot, .amount = use->amount};
	}
	for (int i = 0; i < postings->tier_change_count; i++)
		tier_change_add(rows, version, &postings->tier_changes[i]);
	for (int i = 0; i < postings->issued_reward_count; i++)
		rewards_add(rows, version, &postings->issued_rewards[i], before);
	for (int i = 0; i < postings->plan_charge_count; i++)
		charge_add(rows, version, &postings->plan_charges[i]);
	for (int i = 0; i < postings->sent_lot_count; i++)
		sent_add(rows, version, &postings->sent_lots[i]);
	for (int i = 0; i < postings->segment_change_count; i++)
		segment_change_add(rows, version, &postings->segment_changes[i]);
}

// Entries stand in the order of their lots' numbers, but not every entry has a lot.
static int64_t lot_entry(const struct posting_rows *rows, int64_t lot_no)
{
	for (int i = rows->entry_count - 1; i >= 0; i--)
		if (rows->entries[i].lot_no == lot_no)
			return rows->entries[i].entry_no;
	return 0;
}

struct lot_row posting_rows_lot(
	const struct posting_rows *rows, const struct rulebook_version *version, const struct lot *lot)
{
	return (struct lot_row){
		.lot_no = lot->serial,
		.entry_no = lot->is_new ? lot_entry(rows, lot->serial) : 0,
		.seq = lot->seq,
		.granted = lot->granted,
		.remaining = lot->remaining,
		.earned_on = lot->earned,
		.expires_on = lot->expires,
		.currency_id = version->currencies[lot->currency],
		.is_new = lot->is_new,
	};
}

void posting_rows_leave(
	struct posting_rows *rows, const struct rulebook_version *version, const struct lot *lot)
{
	if (!lot->is_new && !lot->is_changed)
		return;
	ARRAY_RESERVE(rows->left_lots, rows->left_lot_capacity, rows->left_lot_count + 1);
	rows->left_lots[rows->left_lot_count++] = posting_rows_lot(rows, version, lot);
}

void posting_rows_leave_segment(struct posting_rows *rows, int64_t verified, day_t day)
{
	struct verification_row *row = verification_place(rows, verified);
	row->ended_on = day;
	row->end_seq = 0;
}

static uint8_t *put(uint8_t *at, int64_t value, int width)
{
	for (int i = width - 1; i >= 0; i--)
		*at++ = (uint8_t)((uint64_t)value >> 8 * i);
	return at;
}

enum { ENTRY_BYTES = 6 * 8 + 4 + 5 * 2 + 2 * 8 };

static void entry_bytes(uint8_t *at, int64_t member_id, int64_t posted_at, const struct entry_row *entry)
{
	at = put(at, member_id, 8);
	at = put(at, entry->entry_no, 8);
	at = put(at, entry->seq, 8);
	at = put(at, entry->amount, 8);
	at = put(at, entry->balance_after, 8);
	at = put(at, posted_at, 8);
	at = put(at, entry->activity_on, 4);
	at = put(at, entry->currency_id, 2);
	at = put(at, entry->account_id, 2);
	at = put(at, entry->rule_id, 2);
	at = put(at, entry->tier_id, 2);
	at = put(at, entry->multipliers, 2);
	at = put(at, entry->factor, 8);
	put(at, entry->of_seq, 8);
}

bool chain_add(struct chain *chain, int64_t member_id, int64_t posted_at, const struct entry_row *entry)
{
	uint8_t input[CHAIN_HEAD_SIZE + ENTRY_BYTES];
	memcpy(input, chain->head, chain->length);
	entry_bytes(input + chain->length, member_id, posted_at, entry);
	if (!EVP_Digest(input, chain->length + ENTRY_BYTES, chain->head, NULL, EVP_sha256(), NULL))
		return false;
	chain->length = CHAIN_HEAD_SIZE;
	return true;
}
