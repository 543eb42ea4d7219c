// The verbs partner ... and report settlement: prices agreed with partners, and what is billed by them.
#include "app/output.h"
#include "app/verb.h"
#include "model/amount.h"
#include "model/partner/partner.h"

#include <stdio.h>
#include <string.h>

enum { PRICE_DECIMALS = 6 };

int partner_list_verb(const struct arguments *arguments)
{
	struct ask ask;
	partner_list(&ask);
	return verb_ask_table(arguments, &ask);
}

static bool partner_print(struct session *session, const struct arguments *arguments, struct error *error)
{
	const char *partner = arguments->operands[0];
	struct ask ask;
	partner_find(&ask, partner);
	struct result *found = ask_session(session, &ask, error);
	bool is_good = found && result_rows(found) == 1;
	if (found && !is_good)
		error_set(error, ERROR_REFUSED, "nothing can be shown", "see loyalty partner list",
			"there is no partner \"%.64s\"", partner);
	if (is_good && arguments->format == FORMAT_CSV) {
		output_table(stdout, FORMAT_CSV, found);
	} else if (is_good) {
		fputs(arguments->format == FORMAT_JSON ? "{\"partner\": " : "", stdout);
		output_record(stdout, arguments->format, found, 0);
		partner_prices(&ask, partner);
		is_good = verb_ask_part(session, arguments, "prices", &ask, error);
		partner_settlements(&ask, partner);
		is_good = is_good && verb_ask_part(session, arguments, "settlements", &ask, error);
		fputs(arguments->format == FORMAT_JSON ? "}\n" : "", stdout);
	}
	result_free(found);
	return is_good;
}

// CSV prints the partner alone.
int partner_show_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct session *session = verb_session(arguments, &error);
	bool is_good = session && partner_print(session, arguments, &error);
	session_close(session);
	return is_good ? 0 : verb_failed(&error);
}

static bool is_price(const char *text)
{
	int64_t amount;
	return !text || (amount_parse(text, PRICE_DECIMALS, &amount) && amount >= 0);
}

int partner_set_verb(const struct arguments *arguments)
{
	const char *issued = option_value(arguments, "issued"), *sent = option_value(arguments, "sent");
	struct ask ask;
	if (!is_price(issued) || !is_price(sent))
		return verb_misused(is_price(issued) ? sent : issued,
			"a price is an amount of money for one point, as 0.0125");
	partner_set(&ask, arguments->operands[0], option_value(arguments, "name"), issued, sent,
		option_value(arguments, "from"));
	struct result *number;
	int status = verb_ask(arguments, &ask, &number);
	if (status != 0)
		return status;
	if (result_is_null(number, 0, 0))
		puts("done");
	else
		printf("price %s of %s waits for another person: loyalty partner approve %s %s\n",
			result_text(number, 0, 0), arguments->operands[0], arguments->operands[0],
			result_text(number, 0, 0));
	result_free(number);
	return 0;
}

static int price_decide(const struct arguments *arguments, const char *reason, const char *done)
{
	const char *number = arguments->operands[1];
	struct ask ask;
	if (!*number || strlen(number) > 9 || number[strspn(number, "0123456789")])
		return verb_misused(number, "a price is named by its number, see loyalty partner show");
	partner_price_decide(&ask, arguments->operands[0], number, reason);
	struct result *result;
	int status = verb_ask(arguments, &ask, &result);
	if (status == 0)
		printf("price %s of %s is %s\n", number, arguments->operands[0], done);
	result_free(result);
	return status;
}

int partner_approve_verb(const struct arguments *arguments)
{
	return price_decide(arguments, NULL, "approved");
}

int partner_refuse_verb(const struct arguments *arguments)
{
	return price_decide(arguments, arguments->operands[2], "refused");
}

// Prints what was billed; the number of the settlement only as text.
int partner_settle_verb(const struct arguments *arguments)
{
	const char *partner = arguments->operands[0], *to = option_value(arguments, "to");
	struct ask ask;
	if (!to)
		return verb_misused("--to", "say up to which day, as --to 2026-10-31");
	partner_settle(&ask, partner, to);
	struct result *settled;
	int status = verb_ask(arguments, &ask, &settled);
	if (status != 0)
		return status;
	if (arguments->format == FORMAT_TEXT)
		printf("settlement %s of %s, up to %s\n", result_text(settled, 0, 0), partner, to);
	partner_settlement_lines(&ask, partner, result_text(settled, 0, 0));
	status = verb_ask_table(arguments, &ask);
	result_free(settled);
	return status;
}

int partner_transfers_verb(const struct arguments *arguments)
{
	struct ask ask;
	partner_transfers(&ask, arguments->operands[0], option_value(arguments, "since"),
		option_value(arguments, "tell"));
	return verb_ask_table(arguments, &ask);
}

int report_settlement_verb(const struct arguments *arguments)
{
	const char *from = option_value(arguments, "from"), *to = option_value(arguments, "to");
	struct ask ask;
	if (!from || !to)
		return verb_misused(from ? "--to" : "--from", "a report has a first and a last day");
	partner_report(&ask, option_value(arguments, "partner"), from, to);
	return verb_ask_table(arguments, &ask);
}
