// What stands in a member's books: ledger entries with running balance, open lots, purchases, issued rewards,
// audit lines.
#ifndef MODEL_LEDGER_H
#define MODEL_LEDGER_H
#include "db/result.h"
#include "model/ask.h"
#include "model/engine/day.h"
#include "model/page.h"
#include <stdbool.h>
#include <stdint.h>

// Every list is of one member, newest first unless said, and its rows' keys are their numbers. Texts of the
// rows are borrowed from the result; points are in units of 10^-decimals of their currency.

void ledger_list(struct ask *ask, int64_t member_id, const struct page *page);
struct ledger_row {
	int64_t entry_no, seq, of_seq; // seq 0: a date did it; of_seq: the event a reversal takes back
	const char *posted_at;         // "2026-11-19 14:02", in the programme's time zone
	day_t activity_on;
	int currency_id;
	int64_t amount, balance_after;
	const char *account, *rule, *event, *external_id, *reason, *person; // "" where there is none
};
void ledger_row_read(const struct result *result, int row, struct ledger_row *entry);

// Open lots in the order in which they will be used: what expires first goes first.
void lot_list(struct ask *ask, int64_t member_id, const struct page *page);
struct lot_row {
	const char *key;
	int64_t lot_no, seq, granted, remaining;
	day_t earned_on, expires_on; // expires_on DAY_NONE: never
	int currency_id;
	const char *event, *external_id;
};
void lot_row_read(const struct result *result, int row, struct lot_row *lot);

// Purchases and partner events.
void purchase_list(struct ask *ask, int64_t member_id, const struct page *page);
struct purchase_row {
	int64_t seq;
	day_t activity_on;
	const char *external_id, *source, *type, *channel;
	int64_t amount_minor, returned_minor; // returned: by accepted or pending returns
	bool has_points;
	int64_t points; // what stands of it now, of currency_id
	int currency_id;
	const char *result, *result_reason; // pending, denied, failed, cancelled; "": went through
};
void purchase_row_read(const struct result *result, int row, struct purchase_row *purchase);

void issued_list(struct ask *ask, int64_t member_id, const struct page *page);
struct issued_row {
	const char *key;                // for struct page
	int64_t owner_id, owner_number; // of a member merged into this one; 0: it is this member's own
	int64_t reward_no, seq, value_minor, used_minor;
	const char *code, *name, *state, *event; // code: of the reward in the programme; state: as of now
	const char *voucher;                     // its own code, "" while it waits for stock
	day_t issued_on, expires_on; // expires_on DAY_NONE: never
};
void issued_row_read(const struct result *result, int row, struct issued_row *issued);

void member_case_list(struct ask *ask, int64_t member_id, const struct page *page);
struct member_case_row {
	const char *key;                // as of struct issued_row
	int64_t owner_id, owner_number;
	int case_no, priority;
	const char *title, *state, *owner, *opened_at, *due_at;
	bool is_late; // promised earlier than now, and not ended
};
void member_case_read(const struct result *result, int row, struct member_case_row *line);

// Managers and administrators only: the database refuses the others.
void audit_list(struct ask *ask, int64_t member_id, const struct page *page);
struct audit_row {
	int64_t audit_no;
	const char *at, *person, *application, *client, *action, *object;
};
void audit_row_read(const struct result *result, int row, struct audit_row *line);
#endif
