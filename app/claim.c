// The verbs claim, claim list and claim window: purchases that members miss.
#include "app/output.h"
#include "app/verb.h"
#include "model/engine/decimal.h"
#include "model/member/claim.h"

#include <stdio.h>

int claim_verb(const struct arguments *arguments)
{
	struct ask ask;
	struct result *seq;
	int64_t amount;
	int written;
	if (!decimal_parse(arguments->operands[2], &amount, &written) || written > 2 || amount <= 0)
		return verb_misused(arguments->operands[2], "the amount of the receipt, as 42.10");
	claim_submit_named(&ask, arguments->operands[0], arguments->operands[1], amount * decimal_power(2 - written));
	int status = verb_ask(arguments, &ask, &seq);
	if (status == 0)
		printf("event %lld; the worker posts it\n", (long long)result_int64(seq, 0, 0));
	result_free(seq);
	return status;
}

int claim_list_verb(const struct arguments *arguments)
{
	struct ask ask;
	struct result *rows;
	claim_list(&ask);
	int status = verb_ask(arguments, &ask, &rows);
	if (status != 0)
		return status;
	if (result_rows(rows) == 0 && arguments->format == FORMAT_TEXT)
		puts("nothing is kept for nobody");
	else
		output_table(stdout, arguments->format, rows);
	result_free(rows);
	return 0;
}

int claim_window_verb(const struct arguments *arguments)
{
	struct ask ask;
	struct result *result;
	claim_window(&ask, arguments->operands[0]);
	int status = verb_ask(arguments, &ask, &result);
	if (status == 0)
		puts("set");
	result_free(result);
	return status;
}
