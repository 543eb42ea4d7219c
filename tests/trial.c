// What a what-if is tried on: seven members, and the programme in force with some of its text replaced.
#include "tests/trial.h"

#include "tests/database.h"
#include "tests/spine.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct session *session;

struct session *trial_begin(const char *database)
{
	return session = story_begin(database);
}

char *trial_draft(const char *first, ...)
{
	size_t length;
	char *text = spine_file(spine_programme_path("starbucks_us_2026"), &length);
	va_list values;
	va_start(values, first);
	for (const char *old = first; old; old = va_arg(values, const char *)) {
		const char *new = va_arg(values, const char *), *at = strstr(text, old);
		char *changed = NULL;
		ck_assert_msg(at != NULL, "%s", old);
		ck_assert_int_gt(
			asprintf(&changed, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old)), 0);
		free(text);
		text = changed;
	}
	va_end(values);
	return text;
}

static struct session *session_another(void *payload, struct error *error)
{
	return session_open(payload, "check what-if", error);
}

struct what_if_request trial_standings(const char *text)
{
	return (struct what_if_request){.kind = WHAT_IF_STANDINGS,
		.name = "draft",
		.text = text,
		.length = strlen(text),
		.from = DRAFT_FROM,
		.to = DAY_NONE,
		.no_estimate = true,
		.seed = 1,
		.open = session_another,
		.payload = (void *)""};
}

struct what_if *trial_start(const struct what_if_request *request)
{
	struct error error = {0};
	struct document_errors errors;
	document_errors_init(&errors);
	struct what_if *what_if = what_if_start(request, &errors, &error);
	ck_assert_msg(what_if != NULL, "%s: %s", error.what, error.why);
	document_errors_free(&errors);
	return what_if;
}

struct what_if_result *trial_result(const struct what_if_request *request)
{
	struct what_if *what_if = trial_start(request);
	struct what_if_progress progress;
	while (what_if_wait(what_if, 1000, &progress))
		;
	ck_assert_msg(progress.stage == WHAT_IF_DONE, "%s: %s", progress.error.what, progress.error.why);
	struct what_if_result *result = what_if_take(what_if);
	ck_assert_ptr_nonnull(result);
	what_if_free(what_if);
	return result;
}

struct error trial_failure(const struct what_if_request *request)
{
	struct what_if *what_if = trial_start(request);
	struct what_if_progress progress;
	while (what_if_wait(what_if, 1000, &progress))
		;
	ck_assert_int_eq(progress.stage, WHAT_IF_FAILED);
	what_if_free(what_if);
	return progress.error;
}

void trial_work(day_t day)
{
	char sql[120], text[DAY_SIZE];
	spine_work(0, day);
	snprintf(sql, sizeof sql, "UPDATE loyalty.programme SET processed_on = '%s'", day_format(day, text));
	database_run(session, sql);
}

void trial_people(void)
{
	static const struct {
		const char *number;
		int64_t amount_minor;
	} PEOPLE[] = {{"1", 60000}, {"2", 40000}, {"3", 90000}, {"4", 300000}, {"5", 0}, {"6", 10000}};
	for (size_t i = 0; i < sizeof PEOPLE / sizeof *PEOPLE; i++) {
		int64_t member_id = story_enrol(PEOPLE[i].number);
		if (PEOPLE[i].amount_minor)
			story_buy(member_id, "buy", 1, PEOPLE[i].amount_minor);
		if (strcmp(PEOPLE[i].number, "6") == 0) {
			struct event event;
			event_init(&event, EVENT_TIER_GRANT, 1, FIRST_DAY + 2);
			event.ladder = "level";
			event.tier = "gold";
			event.until = FIRST_DAY + 300;
			spine_event(session, member_id, "by hand", &event);
		}
	}
	spine_member(session, "7");
	trial_work(WORKED_TO);
}
