// The verbs outbox ...: messages to members, what became of them, and what a person decides.
#include "app/output.h"
#include "app/verb.h"
#include "model/outbox/outbox.h"

#include <stdio.h>

int outbox_list_verb(const struct arguments *arguments)
{
	struct ask ask;
	outbox_list(&ask, option_value(arguments, "state"), option_value(arguments, "member"));
	return verb_ask_table(arguments, &ask);
}

int outbox_show_verb(const struct arguments *arguments)
{
	struct ask ask;
	struct result *message;
	outbox_show(&ask, arguments->operands[0]);
	int status = verb_ask(arguments, &ask, &message);
	if (status == 0 && result_rows(message) > 0) {
		output_record(stdout, arguments->format, message, 0);
	} else if (status == 0) {
		struct error error;
		error_set(&error, ERROR_FAILED, "there is no such message", "see: loyalty outbox list", "%s",
			arguments->operands[0]);
		status = verb_failed(&error);
	}
	result_free(message);
	return status;
}

static int decide(
	const struct arguments *arguments, void (*fill)(struct ask *, const char *message), const char *done)
{
	struct ask ask;
	struct result *answer;
	fill(&ask, arguments->operands[0]);
	int status = verb_ask(arguments, &ask, &answer);
	result_free(answer);
	if (status == 0)
		printf("%s %s\n", arguments->operands[0], done);
	return status;
}

int outbox_retry_verb(const struct arguments *arguments)
{
	return decide(arguments, outbox_retry, "waits to be sent");
}

int outbox_cancel_verb(const struct arguments *arguments)
{
	return decide(arguments, outbox_cancel, "will not be sent");
}
