// The verbs submit, event failed, event retry and event cancel.
#include "app/outcome.h"
#include "app/output.h"
#include "app/verb.h"
#include "db/text.h"
#include "model/member/submit.h"
#include "model/posting/failed.h"

#include <stdio.h>
#include <string.h>

static void outcome_print(enum format format, const struct submit_outcome *outcome)
{
	char reason[200];
	neutral_text(reason, sizeof reason, outcome->reason);
	if (format == FORMAT_JSON) {
		printf("{\"number\": %lld, \"seq\": %lld, \"status\": \"%s\", \"reason\": ", (long long)outcome->number,
			(long long)outcome->seq, outcome->status);
		output_json_text(stdout, outcome->reason);
		puts("}");
	} else if (format == FORMAT_CSV) {
		printf("number,seq,status,reason\r\n%lld,%lld,%s,", (long long)outcome->number, (long long)outcome->seq,
			outcome->status);
		output_csv_text(stdout, outcome->reason);
		fputs("\r\n", stdout);
	} else {
		if (outcome->number)
			printf("member %lld, ", (long long)outcome->number);
		if (outcome->seq)
			printf("event %lld: ", (long long)outcome->seq);
		printf("%s%s%s\n", outcome->status, *reason ? ": " : "", reason);
	}
}

int outcome_of(const struct arguments *arguments, const char *type, const char *const *words, int count)
{
	struct error error = {0};
	struct submit_outcome outcome;
	long long wait = option_number(arguments, "wait", 5);
	if (wait > 3600)
		return verb_misused("option --wait", "it is at most 3600 seconds");
	if (!submit_check(type, words, count, &error))
		return verb_failed(&error);
	struct session *session = verb_session(arguments, &error);
	bool is_good =
		session && submit_words(session, type, words, count, (int)wait * 1000, &outcome, &error);
	session_close(session);
	if (!is_good)
		return verb_failed(&error);
	outcome_print(arguments->format, &outcome);
	if (strcmp(outcome.status, "pending") == 0)
		fputs("loyalty: no worker has processed it yet; it is safe in the journal\n", stderr);
	return strcmp(outcome.status, "denied") == 0 || strcmp(outcome.status, "failed") == 0 ||
	       strcmp(outcome.status, "cancelled") == 0 || strcmp(outcome.status, "refused") == 0;
}

int submit_verb(const struct arguments *arguments)
{
	return outcome_of(arguments, arguments->operands[0], arguments->operands + 1, arguments->count - 1);
}

int event_failed_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct session *session = verb_session(arguments, &error);
	struct result *list = session ? failed_list(session, &error) : NULL;
	if (list)
		output_table(stdout, arguments->format, list);
	result_free(list);
	session_close(session);
	return list ? 0 : verb_failed(&error);
}

static int decide(const struct arguments *arguments,
	bool (*act)(struct session *, const char *, const char *, struct error *), const char *done)
{
	struct error error = {0};
	struct session *session = verb_session(arguments, &error);
	bool is_good = session && act(session, arguments->operands[0], arguments->operands[1], &error);
	session_close(session);
	if (!is_good)
		return verb_failed(&error);
	puts(done);
	return 0;
}

int event_retry_verb(const struct arguments *arguments)
{
	return decide(arguments, failed_retry, "it will be tried again");
}

int event_cancel_verb(const struct arguments *arguments)
{
	return decide(arguments, failed_cancel, "it is given up");
}
