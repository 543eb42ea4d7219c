// The verbs consent, consent give and consent withdraw.
#include "app/output.h"
#include "app/verb.h"
#include "model/member/consent.h"
#include "model/member/member_report.h"

#include <stdio.h>
#include <stdlib.h>

// The answer to one statement about the member that the first operand names. NULL: error tells why.
static struct result *member_ask(const struct arguments *arguments, struct ask *ask,
	void (*fill)(struct ask *, const struct arguments *, int64_t member_id), struct error *error)
{
	char member_id[24];
	struct result *result = NULL;
	struct session *session = verb_session(arguments, error);
	if (session && member_report_find(session, arguments->operands[0], member_id, error)) {
		fill(ask, arguments, strtoll(member_id, NULL, 10));
		result = ask_session(session, ask, error);
	}
	session_close(session);
	return result;
}

static void list_fill(struct ask *ask, const struct arguments *arguments, int64_t member_id)
{
	consent_table(ask, member_id, option_given(arguments, "all"));
}

int consent_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct ask ask;
	struct result *list = member_ask(arguments, &ask, list_fill, &error);
	if (!list)
		return verb_failed(&error);
	if (result_rows(list) || arguments->format != FORMAT_TEXT)
		output_table(stdout, arguments->format, list);
	else
		puts("the member was never asked");
	result_free(list);
	return 0;
}

static void change_fill(struct ask *ask, const struct arguments *arguments, int64_t member_id, bool is_given)
{
	const char *source = option_value(arguments, "source");
	consent_set(ask, &(struct consent_change){.member_id = member_id,
				 .what = arguments->operands[1],
				 .source = source ? source : "command line",
				 .day = option_value(arguments, "date"),
				 .until = is_given ? option_value(arguments, "until") : NULL,
				 .is_given = is_given});
}

static void give_fill(struct ask *ask, const struct arguments *arguments, int64_t member_id)
{
	change_fill(ask, arguments, member_id, true);
}

static void withdraw_fill(struct ask *ask, const struct arguments *arguments, int64_t member_id)
{
	change_fill(ask, arguments, member_id, false);
}

static int change(const struct arguments *arguments,
	void (*fill)(struct ask *, const struct arguments *, int64_t member_id), const char *done)
{
	struct error error = {0};
	struct ask ask;
	struct result *answer = member_ask(arguments, &ask, fill, &error);
	if (!answer)
		return verb_failed(&error);
	puts(result_bool(answer, 0, 0) ? done : "it was so already");
	result_free(answer);
	return 0;
}

int consent_give_verb(const struct arguments *arguments)
{
	return change(arguments, give_fill, "given");
}

int consent_withdraw_verb(const struct arguments *arguments)
{
	return change(arguments, withdraw_fill, "withdrawn");
}
