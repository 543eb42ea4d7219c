// The verbs plan ...: what is to be charged for paid plans, and what the payment provider answered.
#include "app/rejects.h"
#include "app/verb.h"
#include "db/text.h"
#include "model/partner/plan_payment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int plan_due_verb(const struct arguments *arguments)
{
	struct ask ask;
	plan_payment_due(&ask, option_value(arguments, "to"));
	return verb_ask_table(arguments, &ask);
}

static int answer_tell(const struct arguments *arguments, const char *result, const char *reason)
{
	struct ask ask;
	struct plan_answer answer = {.charge = arguments->operands[0],
		.result = result,
		.id = option_value(arguments, "id"),
		.day = option_value(arguments, "on"),
		.reason = reason};
	if (!answer.id)
		return verb_misused("--id", "give the provider's own id for it: told twice it counts once");
	plan_payment_answer(&ask, &answer);
	struct result *state;
	int status = verb_ask(arguments, &ask, &state);
	if (status == 0)
		printf("%s: %s\n", answer.charge, result_text(state, 0, 0));
	result_free(state);
	return status;
}

int plan_paid_verb(const struct arguments *arguments)
{
	return answer_tell(arguments, "paid", NULL);
}

int plan_failed_verb(const struct arguments *arguments)
{
	return answer_tell(arguments, "failed", arguments->operands[1]);
}

int plan_refunded_verb(const struct arguments *arguments)
{
	return answer_tell(arguments, "refunded", NULL);
}

struct refusals {
	const char *file;
	long long count;
	struct rejects rejects;
};

static void header_keep(void *payload, const char *record, size_t length)
{
	struct refusals *refusals = payload;
	rejects_header(&refusals->rejects, record, length);
}

static void refusal_tell(
	void *payload, int64_t line, const char *reason, const char *record, size_t length, bool is_whole)
{
	struct refusals *refusals = payload;
	char safe[1200];
	fprintf(stderr, "%s:%lld: %s\n", refusals->file, (long long)line,
		neutral_text(safe, sizeof safe, reason));
	rejects_add(&refusals->rejects, line, reason, record, length, is_whole);
	refusals->count++;
}

int plan_import_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct refusals refusals = {.file = arguments->operands[0]};
	const struct plan_listener listener = {header_keep, refusal_tell, &refusals};
	int64_t taken = 0;
	int descriptor = open(refusals.file, O_RDONLY | O_CLOEXEC);
	if (descriptor < 0)
		return verb_misused(refusals.file, "it cannot be read: %s", strerror(errno));
	rejects_init(&refusals.rejects, refusals.file, ',');
	struct session *session = verb_session(arguments, &error);
	bool is_good = session && plan_payment_import(session, descriptor, &listener, &taken, &error);
	session_close(session);
	close(descriptor);
	bool is_written = rejects_close(&refusals.rejects);
	printf("%lld taken, %lld refused\n", (long long)taken, refusals.count);
	if (refusals.count > 0 && is_written)
		printf("the rejects and their reasons are in %s\n", refusals.rejects.name);
	if (!is_good)
		return verb_failed(&error);
	return refusals.count > 0 || !is_written;
}
