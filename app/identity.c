// The verbs member duplicates, change, past, block, unblock, note, export, erase, and card: who a member is, and the record of it.
#include "app/output.h"
#include "app/verb.h"
#include "model/member/identity.h"

#include <stdio.h>

// Prints what the statement answers, or that there is nothing.
static int table_print(const struct arguments *arguments, const struct ask *ask, const char *nothing)
{
	struct result *rows;
	int status = verb_ask(arguments, ask, &rows);
	if (status != 0)
		return status;
	if (result_rows(rows) == 0 && arguments->format == FORMAT_TEXT)
		puts(nothing);
	else
		output_table(stdout, arguments->format, rows);
	result_free(rows);
	return 0;
}

static int done(const struct arguments *arguments, const struct ask *ask, const char *what)
{
	struct result *result;
	int status = verb_ask(arguments, ask, &result);
	if (status == 0)
		puts(what);
	result_free(result);
	return status;
}

static const char *reason_of(const struct arguments *arguments)
{
	const char *reason = option_value(arguments, "reason");
	return reason ? reason : "";
}

int member_duplicates_verb(const struct arguments *arguments)
{
	struct ask ask;
	duplicates_of(&ask, arguments->operands[0]);
	return table_print(arguments, &ask, "nobody else looks like this member");
}

int member_past_verb(const struct arguments *arguments)
{
	struct ask ask;
	past_of(&ask, arguments->operands[0]);
	return table_print(arguments, &ask, "nothing was ever changed");
}

int member_change_verb(const struct arguments *arguments)
{
	struct ask ask;
	identity_change(&ask, &(struct identity_change){.member = arguments->operands[0],
				      .kind = arguments->operands[1],
				      .value = arguments->operands[2],
				      .reason = reason_of(arguments)});
	return done(arguments, &ask, "changed");
}

int card_block_verb(const struct arguments *arguments)
{
	struct ask ask;
	identity_change(&ask, &(struct identity_change){.member = arguments->operands[0],
				      .kind = "card",
				      .value = "",
				      .old = arguments->operands[1],
				      .reason = reason_of(arguments),
				      .is_blocked = true});
	return done(arguments, &ask, "blocked; nothing comes in under that card any more");
}

int card_replace_verb(const struct arguments *arguments)
{
	struct ask ask;
	identity_change(&ask, &(struct identity_change){.member = arguments->operands[0],
				      .kind = "card",
				      .value = arguments->operands[2],
				      .old = arguments->operands[1],
				      .reason = reason_of(arguments),
				      .is_blocked = true});
	return done(arguments, &ask, "replaced; the old card is blocked");
}

static int block(const struct arguments *arguments, bool is_blocked, const char *what)
{
	struct ask ask;
	identity_block(&ask, arguments->operands[0], is_blocked, reason_of(arguments));
	return done(arguments, &ask, what);
}

int member_block_verb(const struct arguments *arguments)
{
	return block(arguments, true, "blocked; nothing is spent until a manager unblocks");
}

int member_unblock_verb(const struct arguments *arguments)
{
	return block(arguments, false, "unblocked");
}

int member_note_verb(const struct arguments *arguments)
{
	struct ask ask;
	note_add(&ask, arguments->operands[0], arguments->operands[1]);
	return done(arguments, &ask, "noted");
}

int member_as_of_print(const struct arguments *arguments, const char *day)
{
	struct ask ask;
	record_as_of(&ask, arguments->operands[0], day);
	return table_print(arguments, &ask, "");
}

int member_export_verb(const struct arguments *arguments)
{
	struct ask ask;
	struct result *result;
	record_export(&ask, arguments->operands[0]);
	int status = verb_ask(arguments, &ask, &result);
	if (status == 0)
		puts(result_text(result, 0, 0));
	result_free(result);
	return status;
}

int member_erase_verb(const struct arguments *arguments)
{
	struct ask ask;
	struct result *receipt;
	const char *typed = option_value(arguments, "confirm");
	if (!typed)
		return verb_misused("member erase", "type the number once more: --confirm NUMBER; it cannot be undone");
	record_erase(&ask, arguments->operands[0], typed, reason_of(arguments));
	int status = verb_ask(arguments, &ask, &receipt);
	if (status != 0)
		return status;
	output_record(stdout, arguments->format, receipt, 0);
	result_free(receipt);
	return 0;
}
