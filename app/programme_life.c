// The verbs programme submit, approve, refuse, retire and drop: a version's way from draft to in force, or out.
#include "app/programme.h"

#include <stdio.h>

// One of the three is set: what is decided on the document, with a reason, or without more.
struct life_step {
	bool (*by_document)(struct version_request *request, const struct programme_version *version,
		struct error *error);
	void (*by_reason)(struct ask *ask, const struct programme_version *version, const char *reason);
	void (*by_number)(struct ask *ask, const struct programme_version *version);
	void (*say)(const struct programme_version *version);
};

static bool step_do(struct session *session, const struct life_step *step,
	const struct programme_version *version, const char *reason, struct error *error)
{
	struct version_request request = {0};
	if (step->by_reason)
		step->by_reason(&request.ask, version, reason);
	else if (step->by_number)
		step->by_number(&request.ask, version);
	else if (!step->by_document(&request, version, error))
		return false;
	struct result *result = ask_session(session, &request.ask, error);
	version_request_free(&request);
	result_free(result);
	return result != NULL;
}

static int step_verb(const struct arguments *arguments, const struct life_step *step)
{
	struct error error = {0};
	struct programme_version version;
	int version_no;
	const char *reason = arguments->count > 1 ? arguments->operands[1] : NULL;
	if (!version_name_read(arguments->operands[0], &version_no, &error))
		return verb_failed(&error);
	struct session *session = verb_session(arguments, &error);
	struct result *result = session ? version_fetch(session, version_no, &version, &error) : NULL;
	bool is_good = result && step_do(session, step, &version, reason, &error);
	if (is_good)
		step->say(&version);
	result_free(result);
	session_close(session);
	return is_good ? 0 : verb_failed(&error);
}

static void say_submitted(const struct programme_version *version)
{
	printf("version %d is submitted; it needs another person: loyalty programme approve %d\n",
		version->version_no, version->version_no);
}

static void say_approved(const struct programme_version *version)
{
	char day[DAY_SIZE];
	printf("version %d is approved and in force from %s on\n", version->version_no,
		day_format(version->effective_from, day));
}

static void say_refused(const struct programme_version *version)
{
	printf("version %d is a draft of %s again\n", version->version_no, version->author);
}

static void say_retired(const struct programme_version *version)
{
	printf("version %d is retired and will not come into force\n", version->version_no);
}

static void say_dropped(const struct programme_version *version)
{
	printf("version %d, a draft of %s, is dropped\n", version->version_no, version->author);
}

int programme_submit_verb(const struct arguments *arguments)
{
	static const struct life_step step = {.by_document = programme_version_submit, .say = say_submitted};
	return step_verb(arguments, &step);
}

int programme_approve_verb(const struct arguments *arguments)
{
	static const struct life_step step = {.by_document = programme_version_approve, .say = say_approved};
	return step_verb(arguments, &step);
}

int programme_refuse_verb(const struct arguments *arguments)
{
	static const struct life_step step = {.by_reason = programme_version_refuse, .say = say_refused};
	return step_verb(arguments, &step);
}

int programme_retire_verb(const struct arguments *arguments)
{
	static const struct life_step step = {.by_reason = programme_version_retire, .say = say_retired};
	return step_verb(arguments, &step);
}

int programme_drop_verb(const struct arguments *arguments)
{
	static const struct life_step step = {.by_number = programme_version_drop, .say = say_dropped};
	return step_verb(arguments, &step);
}
