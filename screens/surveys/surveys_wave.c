// A wave of invitations by mail: whom a condition means, what part of them, and how many that would be, before it is made.
#include "screens/surveys/surveys_state.h"
#include "model/segment/names.h"
#include "screens/ui/dialog.h"
#include "screens/ui/form.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool sample_check(const char *text, char *why, size_t size)
{
	char *end;
	double sample = strtod(text, &end);
	if (!*end && sample >= 0.01 && sample <= 100)
		return true;
	snprintf(why, size, "per cent, 0.01 to 100");
	return false;
}

static bool quota_check(const char *text, char *why, size_t size)
{
	if (!text[strspn(text, "0123456789")] && strlen(text) <= 12 && strtoll(text, NULL, 10) > 0)
		return true;
	snprintf(why, size, "a whole number above 0");
	return false;
}

static const struct form_field fields[] = {
	{.name = "who", .label = "Whom", .max = 999, .help = "A condition, as tier >= gold and not segment(lapsed); empty: everybody"},
	{.name = "sample", .label = "Per cent of them", .kind = FIELD_NUMBER, .max = 8, .check = sample_check, .help = "Drawn by lot; empty: the survey's own"},
	{.name = "quota", .label = "Answers to have", .kind = FIELD_NUMBER, .max = 12, .check = quota_check,
		.help = "Answers after these do not count; empty: the survey's own"},
};

// The plan that was typed; its condition is read into *condition. False: it is wrong, and the fault says how.
static bool plan_read(const struct surveys *v, struct wave_plan *plan, struct member_condition *condition, struct condition_fault *fault)
{
	*plan = (struct wave_plan){.code = survey_chosen(v)->code, .sample = v->wave.sample, .quota = strtoll(v->wave.quota, NULL, 10), .by_mail = true};
	*condition = (struct member_condition){0};
	if (!*v->wave.who)
		return true;
	plan->condition = condition;
	return condition_read(condition, v->wave.who, v->wave.names, fault);
}

// Counts them; what is asked for is read back when it is made.
static bool plan_typed(struct screen *s, struct form *f, void *payload)
{
	(void)payload;
	struct surveys *v = s->state;
	struct wave_plan plan;
	struct member_condition condition;
	struct condition_fault fault;
	struct error error = {0};
	struct wave wave = {0};
	char why[FORM_WHY_MAX];
	snprintf(v->wave.who, sizeof v->wave.who, "%s", form_value(f, "who"));
	snprintf(v->wave.sample, sizeof v->wave.sample, "%s", form_value(f, "sample"));
	snprintf(v->wave.quota, sizeof v->wave.quota, "%s", form_value(f, "quota"));
	if (!plan_read(v, &plan, &condition, &fault)) {
		snprintf(why, sizeof why, "%.60s%s%.30s", fault.why, *fault.fits ? ": " : "", fault.fits);
		form_error(f, "who", why);
	} else if (!wave_preview(&wave, &plan, &error)) {
		form_error(f, "who", desk_reason(&error));
	} else if (desk_send(s, &(struct desk_request){.tag = TAG_PREVIEW, .what = "whom it would invite", .asks = {&wave.make}})) {
		v->wave.form = form_wait(f);
	}
	wave_free(&wave);
	condition_free(&condition);
	return false;
}

static const struct form_spec spec = {
	.title = "Invite a wave by mail", .fields = fields, .count = sizeof fields / sizeof *fields, .save = "Count", .saved = plan_typed};

void wave_begin(struct screen *s)
{
	struct ask ask;
	if (!desk_may_write(s))
		return;
	condition_names_ask(&ask);
	desk_send(s, &(struct desk_request){.tag = TAG_NAMES, .what = "names", .asks = {&ask}, .is_read = true, .replaces = true});
}

void wave_close(struct screen *s)
{
	struct surveys *v = s->state;
	condition_names_free(v->wave.names);
}

void wave_take_names(struct screen *s, const struct answer *answer)
{
	struct surveys *v = s->state;
	if (!desk_good(s, answer, "reading the names") || s->ui->top != s)
		return;
	condition_names_free(v->wave.names);
	v->wave.names = condition_names_read(answer->results[0]);
	if (v->wave.names)
		form_open(s, &spec, NULL, NULL);
}

static void wave_send(struct screen *s, void *payload)
{
	(void)payload;
	const struct surveys *v = s->state;
	struct wave_plan plan;
	struct member_condition condition;
	struct condition_fault fault;
	struct error error = {0};
	struct wave wave = {0};
	if (plan_read(v, &plan, &condition, &fault) && wave_make(&wave, &plan, v->wave.names, &error)) {
		struct desk_request request = {.tag = TAG_WAVE, .what = "the invitations", .asks = {&wave.make}, .is_once = true};
		for (int i = 0; i < wave.note_count; i++)
			request.asks[1 + i] = &wave.notes[i];
		desk_send(s, &request);
	} else {
		desk_say_error(s, "inviting", &error);
	}
	wave_free(&wave);
	condition_free(&condition);
}

// "Of 2,000 members, 312 were asked lately ...".
static void size_text(const struct wave_size *size, char *out, size_t length)
{
	size_t used = (size_t)snprintf(out, length, "Of %" PRId64 " members meant", size->meant);
	const struct {
		int64_t members;
		const char *words;
	} bars[] = {{size->asked_lately, "were asked by a survey not long ago"},
		{size->answered, "have answered this one not long ago"},
		{size->unreachable, "cannot be written to or do not consent"}};
	for (size_t i = 0; i < sizeof bars / sizeof *bars && used < length; i++)
		if (bars[i].members)
			used += (size_t)snprintf(out + used, length - used, ", %" PRId64 " %s", bars[i].members, bars[i].words);
	if (used < length)
		snprintf(out + used, length - used, ". %" PRId64 " could be invited, %" PRId64 " are drawn. Each is sent the survey's letter.", size->audience,
			size->invited);
}

void wave_take_preview(struct screen *s, const struct answer *answer)
{
	struct surveys *v = s->state;
	char title[60], text[500];
	if (answer->outcome != REQUEST_OK) {
		form_refused(s->ui, v->wave.form, NULL, desk_reason(answer->error));
		return;
	}
	struct wave_size size = wave_size_read(answer->results[0]);
	if (!size.has_letter || !size.invited) {
		form_refused(s->ui, v->wave.form, NULL, size.has_letter ? "nobody is left to be invited" : "there is no letter: loyalty survey letter");
		return;
	}
	form_saved(s->ui, v->wave.form);
	size_text(&size, text, sizeof text);
	snprintf(title, sizeof title, "Invite %" PRId64 " members?", size.invited);
	dialog_confirm(s, &(struct question){.title = title, .text = text, .yes = "Invite"}, wave_send, NULL);
}

void wave_take_made(struct screen *s, const struct answer *answer)
{
	int64_t messages = 0;
	if (!desk_good(s, answer, "inviting"))
		return;
	for (int row = 0; row < result_rows(answer->results[0]); row++)
		messages += result_int64(answer->results[0], row, 0);
	screen_say(s, ROLE_GOOD, "%" PRId64 " invited; their messages wait to be sent", messages);
	surveys_load(s, false);
}
