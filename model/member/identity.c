// Who a member is and how they are reached: likely duplicates, changes with their past, notes; the record of it all:
// as of a past day, exported, erased.
#include "model/member/identity.h"

static void ask_given(struct ask *ask, const char *text)
{
	ask_text(ask, text && *text ? text : NULL);
}

void duplicate_list(struct ask *ask, const struct member_new *person)
{
	ask_init(ask, "SELECT d.member_id, d.number, d.name, d.born, substr(d.why, 2) FROM loyalty.member_duplicates($1, $2, $3, $4, $5, $6) d");
	ask_given(ask, person->given_name);
	ask_given(ask, person->family_name);
	ask_given(ask, person->born);
	ask_given(ask, person->email);
	ask_given(ask, person->phone);
	ask_given(ask, person->card);
}

void duplicate_row_read(const struct result *result, int row, struct duplicate_row *duplicate)
{
	*duplicate = (struct duplicate_row){.member_id = result_int64(result, row, 0),
		.number = result_int64(result, row, 1),
		.name = result_text(result, row, 2),
		.born = result_text(result, row, 3),
		.why = result_text(result, row, 4)};
}

void duplicates_of(struct ask *ask, const char *member)
{
	ask_init(ask, "SELECT d.number, d.name, d.born, d.why FROM loyalty.member_duplicates_of(loyalty.member_of($1)) d");
	ask_text(ask, member);
}

void past_of(struct ask *ask, const char *member)
{
	ask_init(ask, "SELECT p.kind, p.value, p.is_blocked AS blocked, p.until, p.by_login AS by, p.reason FROM loyalty.member_past(loyalty.member_of($1)) p");
	ask_text(ask, member);
}

void identity_change(struct ask *ask, const struct identity_change *change)
{
	ask_init(ask, "SELECT loyalty.member_change(loyalty.member_of($1), $2, $3, $4, $5, $6::int::boolean)");
	ask_text(ask, change->member);
	ask_text(ask, change->kind);
	ask_text(ask, change->value);
	ask_text(ask, change->reason);
	ask_text(ask, change->old);
	ask_number(ask, change->is_blocked);
}

void identity_edit(struct ask *ask, const struct identity_edit *edit)
{
	ask_init(ask, "SELECT loyalty.member_edit($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb)");
	ask_number(ask, edit->member_id);
	ask_text(ask, edit->given_name);
	ask_text(ask, edit->family_name);
	ask_text(ask, edit->email);
	ask_text(ask, edit->phone);
	ask_text(ask, edit->card);
	ask_text(ask, edit->old_card);
	ask_text(ask, edit->reason);
	ask_text(ask, edit->own);
}

void identity_block(struct ask *ask, const char *member, bool is_blocked, const char *reason)
{
	ask_init(ask, "SELECT loyalty.member_block(loyalty.member_of($1), $2::int::boolean, $3)");
	ask_text(ask, member);
	ask_number(ask, is_blocked);
	ask_text(ask, reason);
}

void identity_block_id(struct ask *ask, int64_t member_id, bool is_blocked, const char *reason)
{
	ask_init(ask, "SELECT loyalty.member_block($1, $2::int::boolean, $3)");
	ask_number(ask, member_id);
	ask_number(ask, is_blocked);
	ask_text(ask, reason);
}

void note_add(struct ask *ask, const char *member, const char *body)
{
	ask_init(ask, "SELECT loyalty.member_note_add(loyalty.member_of($1), $2)");
	ask_text(ask, member);
	ask_text(ask, body);
}

void note_add_to(struct ask *ask, int64_t member_id, const char *body)
{
	ask_init(ask, "SELECT loyalty.member_note_add($1, $2)");
	ask_number(ask, member_id);
	ask_text(ask, body);
}

void record_as_of(struct ask *ask, const char *member, const char *day)
{
	ask_init(ask, "SELECT a.what, a.was FROM loyalty.member_as_of(loyalty.member_of($1), $2::date) a");
	ask_text(ask, member);
	ask_text(ask, day);
}

void record_as_of_id(struct ask *ask, int64_t member_id, const char *day)
{
	ask_init(ask, "SELECT a.what, a.was FROM loyalty.member_as_of($1, $2::date) a");
	ask_number(ask, member_id);
	ask_text(ask, day);
}

void record_export(struct ask *ask, const char *member)
{
	ask_init(ask, "SELECT loyalty.member_export(loyalty.member_numbered($1))");
	ask_text(ask, member);
}

void record_erase(struct ask *ask, const char *number, const char *typed, const char *reason)
{
	ask_init(ask, "SELECT $1::text AS number, to_char(e.erased_at, 'YYYY-MM-DD HH24:MI') AS erased, e.by_login AS by, e.reason, e.entries, "
		      "e.balances::text AS balances, encode(e.head, 'hex') AS ledger_hash "
		      "FROM loyalty.member_erase(loyalty.member_numbered($1), $2, $3) e");
	ask_text(ask, number);
	ask_text(ask, typed);
	ask_text(ask, reason);
}
