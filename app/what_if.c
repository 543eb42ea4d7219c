// loyalty what-if: what a draft of the programme would change.
#include "app/what_if.h"

#include "app/programme.h"
#include "app/progress.h"
#include "app/stop.h"
#include "model/engine/day.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOOK_MS = 100, PERIOD_LENGTH = 2 * (DAY_SIZE - 1) + 2 };

static struct session *open_another(void *payload, struct error *error)
{
	return verb_session_any(payload, error);
}

static bool period_read(const char *text, struct what_if_request *request)
{
	char from[DAY_SIZE], to[DAY_SIZE];
	if (strlen(text) != PERIOD_LENGTH || strncmp(text + DAY_SIZE - 1, "..", 2) != 0)
		return false;
	snprintf(from, sizeof from, "%.*s", DAY_SIZE - 1, text);
	snprintf(to, sizeof to, "%.*s", DAY_SIZE - 1, text + DAY_SIZE + 1);
	request->kind = WHAT_IF_PERIOD;
	return day_parse(from, &request->from) && day_parse(to, &request->to) && request->from <= request->to;
}

// 0, or the exit status of a wrong use that was told.
static int options_read(const struct arguments *arguments, struct what_if_request *request)
{
	const char *from = option_value(arguments, "from"), *period = option_value(arguments, "period");
	*request = (struct what_if_request){.kind = WHAT_IF_STANDINGS,
		.name = arguments->operands[0],
		.from = DAY_NONE,
		.to = DAY_NONE,
		.no_exact = option_given(arguments, "estimate"),
		.no_estimate = option_given(arguments, "exact"),
		.seed = (uint64_t)option_number(arguments, "seed", 1),
		.sample = option_number(arguments, "sample", 0),
		.open = open_another,
		.payload = (void *)arguments};
	if (request->no_exact && request->no_estimate)
		return verb_misused("--estimate and --exact", "one excludes the other");
	if (from && period)
		return verb_misused("--from and --period", "a period begins with the draft's first day");
	if (from && !day_parse(from, &request->from))
		return verb_misused(from, "not a day of the years 1900 to 2199");
	if (period && !period_read(period, request))
		return verb_misused(period, "a period is two days in their order, 2026-03-01..2026-03-31");
	return 0;
}

// The draft as a file, a preset, or a version in the database, which brings its date along.
static char *draft_text(struct session *session, struct what_if_request *request, struct error *error)
{
	struct programme_version version;
	int version_no = programme_version_name(request->name);
	if (version_no <= 0)
		return document_text(PROGRAMME_PRESETS, request->name, &request->length, error);
	struct result *result = version_fetch(session, version_no, &version, error);
	char *text = result ? strdup(version.document) : NULL;
	request->length = text ? version.length : 0;
	if (result && request->from == DAY_NONE && request->kind == WHAT_IF_STANDINGS &&
		version.state != VERSION_APPROVED && version.state != VERSION_RETIRED)
		request->from = version.effective_from;
	result_free(result);
	return text;
}

static void mistakes_print(const struct document_errors *errors)
{
	char line[512];
	for (int i = 0; i < errors->count; i++)
		fprintf(stderr, "%s\n", document_error_line(&errors->errors[i], line, sizeof line));
}

static void news_show(struct progress *progress, const struct what_if_progress *news)
{
	if (news->stage == WHAT_IF_ESTIMATING || news->stage == WHAT_IF_COUNTING)
		progress_draw(progress, news->done, news->total,
			news->stage == WHAT_IF_ESTIMATING ? "of the sample" : "members");
}

// A person sees the estimate while the rest is counted; a program gets one answer.
static bool is_wanted(const struct arguments *arguments, const struct what_if_result *result)
{
	return result->is_exact || option_given(arguments, "estimate") ||
	       (arguments->format == FORMAT_TEXT && isatty(STDOUT_FILENO));
}

static void result_show(const struct arguments *arguments, struct what_if *what_if, struct progress *progress,
	const struct what_if_progress *news)
{
	struct what_if_result *result = what_if_take(what_if);
	if (result && is_wanted(arguments, result)) {
		progress_clear(progress);
		what_if_print(arguments->format, arguments->operands[0], result, news->elapsed_ms);
		fflush(stdout);
	}
	what_if_result_free(result);
}

// An estimate may be told early and then made better: with --estimate only the last one counts.
static bool what_if_follow(const struct arguments *arguments, struct what_if *what_if, struct error *error)
{
	struct progress progress;
	struct what_if_progress news;
	bool is_last_only = option_given(arguments, "estimate");
	progress_init(&progress, "what-if", arguments->ascii);
	stop_listen();
	while (what_if_wait(what_if, LOOK_MS, &news)) {
		if (stop_requested())
			what_if_cancel(what_if);
		if (!is_last_only)
			result_show(arguments, what_if, &progress, &news);
		news_show(&progress, &news);
	}
	if (news.stage == WHAT_IF_DONE)
		result_show(arguments, what_if, &progress, &news);
	progress_clear(&progress);
	if (news.stage != WHAT_IF_DONE)
		*error = news.error;
	return news.stage == WHAT_IF_DONE;
}

static bool what_if_ask(
	const struct arguments *arguments, struct what_if_request *request, struct error *error)
{
	struct document_errors errors;
	document_errors_init(&errors);
	struct session *session = verb_session(arguments, error);
	char *text = session ? draft_text(session, request, error) : NULL;
	session_close(session);
	request->text = text;
	struct what_if *what_if = text ? what_if_start(request, &errors, error) : NULL;
	if (text && !what_if)
		mistakes_print(&errors);
	bool is_good = what_if && what_if_follow(arguments, what_if, error);
	what_if_free(what_if);
	document_errors_free(&errors);
	free(text);
	return is_good;
}

int what_if_verb(const struct arguments *arguments)
{
	struct what_if_request request;
	struct error error = {0};
	int status = options_read(arguments, &request);
	if (status != 0)
		return status;
	return what_if_ask(arguments, &request, &error) ? 0 : verb_failed(&error);
}
