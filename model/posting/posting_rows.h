// What the engine answered, as rows of the ledger: the database's numbers, the member's own counting, the
// chain of hashes.
#ifndef MODEL_POSTING_ROWS_H
#define MODEL_POSTING_ROWS_H
#include "model/engine/postings.h"
#include "model/engine/state.h"
#include "model/programme/rulebook.h"
#include <stddef.h>
#include <stdint.h>

// Numbers 0 and DAY_NONE stand for NULL where the column has it. account_id as in table account.
enum account { // the programme's side of a transfer
	ACCOUNT_ISSUED = 1,
	ACCOUNT_REDEEMED,
	ACCOUNT_EXPIRED,
	ACCOUNT_REVERSED,
	ACCOUNT_ADJUSTED,
	ACCOUNT_GOODWILL,
	ACCOUNT_GRANTED,
	ACCOUNT_PAID_OUT,
	ACCOUNT_AUTO_ISSUED,
	ACCOUNT_WRITTEN_OFF,
	ACCOUNT_TRANSFERRED,
	ACCOUNT_CONVERTED, // points that went into a partner's currency
	ACCOUNT_CAMPAIGNS = 1000, // campaign N has 1000 + N
};

struct entry_row {
	int64_t entry_no, seq, amount, balance_after, factor, of_seq;
	int64_t lot_no; // of the lot it left; no column
	int64_t partner_seq; // the event by which it may concern a partner, 0: it does not; no column
	day_t activity_on;
	int currency_id, account_id, rule_id, tier_id, multipliers;
};

struct lot_row {
	int64_t lot_no, entry_no, seq, granted, remaining;
	day_t earned_on, expires_on;
	int currency_id;
	bool is_new; // else only remaining and expires_on have changed
};

struct lot_use_row {
	int64_t entry_no, lot_no, amount;
};

struct tier_row {
	int64_t change_no, seq;
	int ladder_id, tier_id, was_tier_id;
	day_t since, until_on;
};

struct reward_row {
	int64_t reward_no, seq, value_minor;
	int64_t cost, entry_no; // its share of a debit, which it may have with others
	int reward_id;
	day_t issued_on, expires_on;
};

struct charge_row {
	int64_t charge_no, seq, amount_minor;
	const char *plan; // borrowed from the programme
	day_t charged_on;
};

struct sent_row { // what a transfer took of lots of one day and expiry
	int64_t seq, amount, receiver; // amount below 0: owed; receiver 0: the event names it
	int currency_id;
	day_t earned_on, expires_on, active_on, day;
};

struct verification_row {
	int64_t seq, end_seq; // end_seq: 0: its day ended it, or, with ended_on DAY_NONE, nothing has yet
	int segment_id;
	day_t since, until_on, ended_on;
	bool is_new; // else only the end has come
};

// Rows in the order they arose, and the numbers given so far, on which the next ones follow.
struct posting_rows {
	struct entry_row *entries;
	struct lot_use_row *lot_uses;
	struct tier_row *tiers;
	struct reward_row *rewards;
	struct charge_row *charges;
	struct sent_row *sent;
	struct verification_row *verifications; // in order of seq
	struct lot_row
		*left_lots; // new or changed, of currencies that a version crossed to has no more: used up
	int entry_count, lot_use_count, tier_count, reward_count, charge_count, sent_count, verification_count,
		left_lot_count;
	int entry_capacity, lot_use_capacity, tier_capacity, reward_capacity, charge_capacity,
		sent_capacity, verification_capacity, left_lot_capacity;
	int64_t entry_no, tier_change_no, charge_no;
};

void posting_rows_init(struct posting_rows *rows);
void posting_rows_free(struct posting_rows *rows);
// Drops the rows and sets the numbers given so far.
void posting_rows_begin(
	struct posting_rows *rows, int64_t entry_no, int64_t tier_change_no, int64_t charge_no);
// Adds what the engine answered under that version; `then` is the one that rated late events (may be the
// same). giver: the account that an adjustment upwards comes from.
void posting_rows_add(struct posting_rows *rows, const struct rulebook_version *version,
	const struct rulebook_version *then, const struct postings *postings, int giver);
// A lot of the engine as its row; entry_no is found among the entries added, 0 where it stands in the
// database already.
struct lot_row posting_rows_lot(
	const struct posting_rows *rows, const struct rulebook_version *version, const struct lot *lot);
// Keeps the row of a lot that the engine will not know any more, unless the database has it as it is.
void posting_rows_leave(
	struct posting_rows *rows, const struct rulebook_version *version, const struct lot *lot);

// Ends, on that day, a verification in a segment that the engine will not know any more.
void posting_rows_leave_segment(struct posting_rows *rows, int64_t verified, day_t day);

// The chain: the head after an entry is the SHA-256 of the head before it (nothing at first) and the entry's
// bytes: all big endian, member_id 8, entry_no 8, seq 8, amount 8, balance_after 8, posted_at 8 (microseconds
// since 2000-01-01 UTC), activity_on 4 (days since 2000-01-01), then, 0 for NULL, currency_id 2, account_id
// 2, rule_id 2, tier_id 2, multipliers 2, factor 8, of_seq 8. loyalty.entry_bytes() writes the same.
enum { CHAIN_HEAD_SIZE = 32 };
struct chain {
	uint8_t head[CHAIN_HEAD_SIZE];
	size_t length; // 0 before the first entry
};
// False: libcrypto failed.
bool chain_add(struct chain *chain, int64_t member_id, int64_t posted_at, const struct entry_row *entry);
#endif
