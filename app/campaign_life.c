// The verbs campaign submit, approve, refuse, pause, resume, stop and trigger: a campaign's way from draft to
// the end.
#include "app/campaign.h"

#include <stdio.h>

// One of the two is set: what is decided on the document, with the facts, or with a reason.
struct life_step {
	bool (*by_document)(struct campaign_request *request, const struct campaign_line *line,
		const struct campaign_house *house, struct error *error);
	void (*by_reason)(struct ask *ask, const struct campaign_line *line, const char *reason);
	void (*say)(const struct campaign_line *line);
};

static bool document_step(struct session *session, const struct life_step *step,
	const struct campaign_line *line, struct error *error)
{
	struct campaign_house house;
	struct campaign_request request;
	if (!campaign_house_load(&house, session, error))
		return false;
	bool is_good = step->by_document(&request, line, &house, error);
	struct result *result = is_good ? ask_session(session, &request.ask, error) : NULL;
	if (is_good)
		campaign_request_free(&request);
	campaign_house_free(&house);
	result_free(result);
	return result != NULL;
}

static bool reason_step(struct session *session, const struct life_step *step,
	const struct campaign_line *line, const char *reason, struct error *error)
{
	struct ask ask;
	step->by_reason(&ask, line, reason);
	struct result *result = ask_session(session, &ask, error);
	result_free(result);
	return result != NULL;
}

static int step_verb(const struct arguments *arguments, const struct life_step *step)
{
	struct error error = {0};
	struct campaign_line line;
	int campaign_no;
	const char *reason = arguments->count > 1 ? arguments->operands[1] : NULL;
	if (!campaign_name_read(arguments->operands[0], &campaign_no, &error))
		return verb_failed(&error);
	struct session *session = verb_session(arguments, &error);
	struct result *result = session ? campaign_fetch(session, campaign_no, &line, &error) : NULL;
	bool is_good = result && (step->by_document ? document_step(session, step, &line, &error)
						    : reason_step(session, step, &line, reason, &error));
	if (is_good)
		step->say(&line);
	result_free(result);
	session_close(session);
	return is_good ? 0 : verb_failed(&error);
}

static void say_submitted(const struct campaign_line *line)
{
	printf("revision %d of campaign %d is submitted; it needs another person: loyalty campaign approve "
	       "%d\n",
		line->last_revision_no, line->campaign_no, line->campaign_no);
}

static void say_approved(const struct campaign_line *line)
{
	char day[DAY_SIZE];
	printf("revision %d of campaign %d is approved; it runs from %s on\n", line->last_revision_no,
		line->campaign_no, day_format(line->starts_on, day));
}

static void say_refused(const struct campaign_line *line)
{
	printf("revision %d of campaign %d is a draft of %s again\n", line->last_revision_no,
		line->campaign_no, line->author);
}

static void say_paused(const struct campaign_line *line)
{
	printf("campaign %d is paused\n", line->campaign_no);
}

static void say_resumed(const struct campaign_line *line)
{
	printf("campaign %d goes on\n", line->campaign_no);
}

static void say_stopped(const struct campaign_line *line)
{
	printf("campaign %d has ended; its seed: loyalty campaign show %d --reveal\n", line->campaign_no,
		line->campaign_no);
}

static void pause_it(struct ask *ask, const struct campaign_line *line, const char *reason)
{
	campaign_move(ask, line->campaign_no, MOVE_PAUSE, reason);
}

static void resume_it(struct ask *ask, const struct campaign_line *line, const char *reason)
{
	campaign_move(ask, line->campaign_no, MOVE_RESUME, reason);
}

static void stop_it(struct ask *ask, const struct campaign_line *line, const char *reason)
{
	campaign_move(ask, line->campaign_no, MOVE_STOP, reason);
}

static void trigger_it(struct ask *ask, const struct campaign_line *line, const char *member)
{
	campaign_call(ask, line->campaign_no, member);
}

static void say_triggered(const struct campaign_line *line)
{
	printf("campaign %d is triggered; a worker decides within a minute\n", line->campaign_no);
}

int campaign_submit_verb(const struct arguments *arguments)
{
	static const struct life_step step = {.by_document = campaign_submit, .say = say_submitted};
	return step_verb(arguments, &step);
}

int campaign_approve_verb(const struct arguments *arguments)
{
	static const struct life_step step = {.by_document = campaign_approve, .say = say_approved};
	return step_verb(arguments, &step);
}

int campaign_refuse_verb(const struct arguments *arguments)
{
	static const struct life_step step = {.by_reason = campaign_refuse, .say = say_refused};
	return step_verb(arguments, &step);
}

int campaign_pause_verb(const struct arguments *arguments)
{
	static const struct life_step step = {.by_reason = pause_it, .say = say_paused};
	return step_verb(arguments, &step);
}

int campaign_resume_verb(const struct arguments *arguments)
{
	static const struct life_step step = {.by_reason = resume_it, .say = say_resumed};
	return step_verb(arguments, &step);
}

int campaign_stop_verb(const struct arguments *arguments)
{
	static const struct life_step step = {.by_reason = stop_it, .say = say_stopped};
	return step_verb(arguments, &step);
}

int campaign_trigger_verb(const struct arguments *arguments)
{
	static const struct life_step step = {.by_reason = trigger_it, .say = say_triggered};
	return step_verb(arguments, &step);
}
