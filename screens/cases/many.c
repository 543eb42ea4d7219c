// Asks what is to be done to many cases, says how many that will be, and follows the job.
#include "screens/cases/many.h"
#include "screens/ui/prompt.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *word, *line;
	const char *label; // of the value that is asked for; NULL: none
} things[] = {
	{"assign", "Give them to somebody", "Login (none: nobody): "},
	{"priority", "Change their priority", "high, normal or low: "},
	{"group", "Move them to another group", "Group: "},
	{"tag", "Tag them", "Tag: "},
	{"untag", "Take a tag away", "Tag: "},
	{"waiting_member", "Wait for the members", NULL},
	{"wait", "Wait until a date", "Until (2026-12-01): "},
	{"open", "Open them, or open them again", NULL},
	{"resolve", "Resolve them", "Outcome and cause (kept late posting): "},
};
enum { THINGS = sizeof things / sizeof things[0] };

void many_free(struct many *many)
{
	free(many->cases);
	many->cases = NULL;
}

static void start(struct screen *s, void *payload)
{
	struct many *many = payload;
	struct ask ask;
	if (!desk_key(s, many->key))
		return;
	case_job_start(&ask, &(struct case_job){.key = many->key,
				     .word = things[many->kind].word,
				     .value = *many->value ? many->value : NULL,
				     .also = *many->also ? many->also : NULL,
				     .filter = many->filter,
				     .cases = many->cases});
	desk_send(s, &(struct desk_request){.tag = many->tag, .what = "the job", .asks = {&ask}});
}

// Which these are is asked first.
static void confirm(struct screen *s, struct many *many)
{
	struct ask ask;
	case_job_preview(&ask, many->filter, many->cases);
	desk_send(s, &(struct desk_request){.tag = many->preview_tag, .what = "which these are", .asks = {&ask}, .is_read = true, .replaces = true});
}

// What, how many, and the first of them; all of a filter has to be confirmed by typing the number.
void many_confirm(struct screen *s, struct many *many, const struct answer *answer)
{
	char text[CASE_JOB_SHOWN * 260 + 800], typed[24];
	if (!desk_good(s, answer, "reading which these are") || s->ui->top != s)
		return;
	const struct result *r = answer->results[0];
	snprintf(typed, sizeof typed, "%" PRId64, many->count);
	int used = snprintf(text, sizeof text, "%s%s%s%s%s: %" PRId64 " %s%s%s. A worker does it; u takes it back.\n", things[many->kind].line,
		*many->value ? ": " : "", many->value, *many->also ? ", " : "", many->also, many->count,
		many->cases ? "marked cases" : "cases, all of the filter \"", many->cases ? "" : many->filter, many->cases ? "" : "\"");
	for (int i = 0; i < result_rows(r); i++)
		used += snprintf(text + used, sizeof text - (size_t)used, "\n%.40s  %.200s", result_text(r, i, 0), result_text(r, i, 1));
	if (many->count > result_rows(r))
		snprintf(text + used, sizeof text - (size_t)used, "\nand %" PRId64 " more", many->count - result_rows(r));
	dialog_confirm(s,
		&(struct question){.title = "Change many cases?", .text = text, .yes = "Do it", .typed = many->cases ? NULL : typed},
		start, many);
}

static void value_typed(struct screen *s, const char *text, void *payload)
{
	struct many *many = payload;
	size_t length = strcspn(text, " ");
	if (strcmp(things[many->kind].word, "resolve") == 0) {
		snprintf(many->also, sizeof many->also, "%.*s", (int)(length < sizeof many->also ? length : 0), text);
		text += length + strspn(text + length, " ");
	}
	snprintf(many->value, sizeof many->value, "%s", text);
	confirm(s, many);
}

static void thing_chosen(struct screen *s, int chosen, void *payload)
{
	static struct prompt_spec spec = {.max = MANY_VALUE - 1, .done = value_typed}; // one is open at a time
	struct many *many = payload;
	many->kind = chosen;
	many->value[0] = many->also[0] = 0;
	spec.label = things[chosen].label;
	if (spec.label)
		prompt_open(s, &spec, many);
	else
		confirm(s, many);
}

void many_ask(struct screen *s, struct many *many, char *cases, const char *filter, int64_t count)
{
	const char *lines[THINGS];
	char title[80];
	many_free(many);
	many->cases = cases;
	many->count = count;
	snprintf(many->filter, sizeof many->filter, "%s", filter);
	for (int i = 0; i < THINGS; i++)
		lines[i] = things[i].line;
	snprintf(title, sizeof title, "What to do to %" PRId64 " %s?", count, cases ? "marked cases" : "cases, all of the queue");
	dialog_choose(s, title, lines, THINGS, 0, thing_chosen, many);
}

void many_started(struct screen *s, struct many *many, const struct answer *answer)
{
	if (!desk_good(s, answer, "the job"))
		return;
	many->job_no = result_int64(answer->results[0], 0, 0);
	screen_say(s, ROLE_GOOD, "Job %" PRId64 " waits for a worker: %" PRId64 " cases", many->job_no, many->count);
}

void many_look(struct screen *s, const struct many *many, int tag)
{
	struct ask ask;
	case_job_look(&ask, many->job_no);
	desk_send(s, &(struct desk_request){.tag = tag, .number = many->job_no, .asks = {&ask}, .is_read = true, .replaces = true});
}

void many_told(struct screen *s, const struct answer *answer)
{
	struct case_job_state job;
	if (answer->outcome != REQUEST_OK || !case_job_state_read(answer->results[0], &job) || strcmp(job.state, "waiting") == 0)
		return;
	if (strcmp(job.state, "undone") == 0)
		screen_say(s, ROLE_GOOD, "Taken back: %" PRId64 " of %" PRId64 " cases; what was changed since stays", job.undone, job.done);
	else if (strcmp(job.state, "undoing") == 0)
		screen_say(s, ROLE_TEXT, "Taking back: %" PRId64 " of %" PRId64, job.undone, job.done);
	else
		screen_say(s, job.failed ? ROLE_WARNING : ROLE_GOOD, "Done: %" PRId64 " of %" PRId64 " cases%s%s", job.done, job.total,
			job.failed ? "; not the others: " : "; u takes it back", job.why);
}

void many_undo(struct screen *s, const struct many *many, int tag)
{
	struct ask ask;
	if (!many->job_no) {
		screen_say(s, ROLE_WARNING, "Nothing was done to many cases here; loyalty case jobs lists older ones");
		return;
	}
	if (!desk_may_write(s))
		return;
	case_job_undo(&ask, many->job_no);
	desk_send(s, &(struct desk_request){.tag = tag, .what = "taking it back", .asks = {&ask}});
}
