// What changes a case beside writing: assigning, resolving, goodwill; conflicts with what others did
// meanwhile.
#include "model/amount.h"
#include "screens/cases/case_state.h"
#include "screens/ui/form.h"
#include <stdio.h>
#include <string.h>

enum { WHY_MAX = 600 };

void case_begin(struct case_state *c)
{
	c->events_seen = c->head.events;
	c->version_seen = c->head.version;
}

void case_change(struct screen *s, const struct ask *ask, const char *what)
{
	struct case_state *c = s->state;
	snprintf(c->change, sizeof c->change, "%s", what);
	desk_send(s, &(struct desk_request){.tag = TAG_CHANGE, .what = c->form ? NULL : what, .asks = {ask}});
}

// "10:02 Deniz answered; ..." : what others did since the person began.
static void what_is_new(const struct case_state *c, char *out, size_t size)
{
	size_t used = 0;
	out[0] = 0;
	for (int row = 0; row < result_rows(c->steps); row++) {
		struct case_step step;
		if (c->head.events - result_rows(c->steps) + row < c->events_seen)
			continue;
		case_step_read(c->steps, row, &step);
		int more = snprintf(out + used, size - used, "%s%s %s %s", used ? "; " : "", step.at + 11,
			step.login, step.action);
		used += (size_t)more < size - used ? (size_t)more : 0;
	}
}

// Told once the case was read again: the form keeps what was typed and saves over what is new, if the person
// wants.
static void tell_conflict(struct screen *s, const char *news)
{
	struct case_state *c = s->state;
	char text[WHY_MAX + 80];
	snprintf(text, sizeof text, "Changed meanwhile: %s. Look, then do it again.",
		*news ? news : "see the case");
	if (c->form)
		form_refused(s->ui, c->form, NULL, text);
	else
		screen_say(s, ROLE_WARNING, "%s", text);
	c->form = 0;
	c->conflict = false;
	case_begin(c);
}

void case_news_told(struct screen *s)
{
	struct case_state *c = s->state;
	char news[WHY_MAX], text[WHY_MAX + 80];
	what_is_new(c, news, sizeof news);
	snprintf(text, sizeof text, "Changed meanwhile: %s", news);
	if (c->conflict && case_edit_conflict(s))
		c->conflict = false;
	else if (c->conflict)
		tell_conflict(s, news);
	else if (*news)
		form_notice(s->ui, c->form_open, text);
}

void case_version_take(struct case_state *c, const struct answer *answer)
{
	if (result_int64(answer->results[0], 0, 0) == c->head.version + 1)
		c->head.version++;
}

void case_changed(struct screen *s, const struct answer *answer)
{
	struct case_state *c = s->state;
	char line[WHY_MAX];
	if (answer->outcome == REQUEST_OK) {
		if (c->form)
			form_saved(s->ui, c->form);
		c->form = 0;
		case_version_take(c, answer);
		screen_say(s, ROLE_GOOD, "Done: %s", c->change);
		case_then_next(s);
	} else if (strcmp(answer->error->sqlstate, CASE_IS_CHANGED) == 0) {
		c->conflict = true; // told when it is known what
	} else if (c->form) {
		form_refused(s->ui, c->form, NULL, error_line(answer->error, line, sizeof line));
		c->form = 0;
	} else {
		desk_say_error(s, c->change, answer->error);
	}
	case_load(s, false);
}

static void assign_chosen(struct screen *s, int chosen, void *payload)
{
	(void)payload;
	const struct case_state *c = s->state;
	struct ask ask;
	case_assign(&ask, c->id, c->version_seen,
		chosen ? desk_facts(s)->list[FACT_STAFF].at[chosen - 1].code : NULL);
	case_change(s, &ask, "assigning");
}

void case_ask_assign(struct screen *s)
{
	if (!desk_may_write(s))
		return;
	case_begin(s->state);
	desk_choose_staff(s, assign_chosen);
}

static bool resolve_saved(struct screen *s, struct form *f, void *payload)
{
	static const char *const outcomes[] = {"", "kept", "lost", "not_at_risk"};
	(void)payload;
	struct case_state *c = s->state;
	struct ask ask;
	if (!form_choice(f, "outcome")) {
		form_error(f, "outcome", "choose one");
		return false;
	}
	c->form = form_wait(f);
	case_resolve(
		&ask, c->id, c->version_seen, form_value(f, "cause"), outcomes[form_choice(f, "outcome")]);
	case_change(s, &ask, "resolving");
	return false;
}

void case_ask_resolve(struct screen *s)
{
	static const char *const outcomes[] = {
		"(choose)", "kept: the member stays", "lost: the member leaves", "never at risk", NULL};
	static const struct form_field fields[] = {
		{.name = "cause",
			.label = "Cause",
			.max = 200,
			.required = true,
			.help = "What it was, in a few words: late posting, ..."},
		{.name = "outcome",
			.label = "Outcome",
			.kind = FIELD_CHOICE,
			.choices = outcomes,
			.help = "Left and Right, or the first letter, choose"},
	};
	static const struct form_spec spec = {.title = "Resolve the case",
		.fields = fields,
		.count = 2,
		.save = "Resolve",
		.saved = resolve_saved};
	struct case_state *c = s->state;
	if (!desk_may_write(s))
		return;
	case_begin(c);
	form_open(s, &spec, NULL, NULL);
	c->form_open = s->ui->top->serial;
	if (*c->around.undone) {
		char text[sizeof c->around.undone + 20];
		snprintf(text, sizeof text, "Not done yet: %s", c->around.undone);
		form_notice(s->ui, c->form_open, text);
	}
}

static void ask_goodwill(struct ask *ask, const struct case_state *c, const char *currency)
{
	action_goodwill(ask, &(struct action_goodwill){.key = c->form_key,
				     .member_id = c->id.member_id,
				     .currency = currency,
				     .points = c->goodwill.points,
				     .reason = c->goodwill.given,
				     .case_no = (int)c->id.case_no});
}

static bool goodwill_saved(struct screen *s, struct form *f, void *payload)
{
	(void)payload;
	struct case_state *c = s->state;
	const struct fact *currency = facts_main_currency(desk_facts(s));
	struct ask ask;
	int64_t points;
	if (!amount_parse(form_value(f, "points"), currency->number, &points) || points <= 0) {
		form_error(f, "points",
			currency->number ? "a number above 0, as 50 or 12.5" : "a whole number above 0");
		return false;
	}
	// Another amount is another request: it must not go out under a key that may have been used.
	if (points != c->goodwill.points && !desk_key(s, c->form_key))
		return false;
	c->goodwill.points = points;
	snprintf(c->goodwill.given, sizeof c->goodwill.given, "%s", form_value(f, "reason"));
	ask_goodwill(&ask, c, currency->code);
	c->form = form_wait(f);
	desk_send(s, &(struct desk_request){.tag = TAG_GOODWILL, .asks = {&ask}});
	return false;
}

void case_ask_goodwill(struct screen *s)
{
	static const struct form_field fields[] = {
		{.name = "points",
			.label = "Points",
			.kind = FIELD_NUMBER,
			.max = 20,
			.required = true,
			.help = "Above your limit a second person has to agree"},
		{.name = "reason",
			.label = "Reason",
			.max = 200,
			.required = true,
			.help = "Stands in the journal for good"},
	};
	static const struct form_spec spec = {
		.title = "Goodwill", .fields = fields, .count = 2, .save = "Give", .saved = goodwill_saved};
	struct case_state *c = s->state;
	if (!facts_main_currency(desk_facts(s)))
		screen_say(s, ROLE_WARNING, "The programme has no currency");
	else if (desk_key(s, c->form_key)) {
		c->goodwill.is_given = false;
		c->goodwill.points = 0;
		case_begin(c);
		form_open(s, &spec, NULL, NULL);
		c->form_open = s->ui->top->serial;
	}
}

enum role case_goodwill_role(enum action_status status)
{
	switch (status) {
	case ACTION_STATUS_ACCEPTED:
		return ROLE_GOOD;
	case ACTION_STATUS_PENDING:
	case ACTION_STATUS_WAITING:
		return ROLE_WARNING;
	case ACTION_STATUS_DENIED:
	case ACTION_STATUS_FAILED:
	case ACTION_STATUS_CANCELLED:
	case ACTION_STATUS_REFUSED:
	case ACTION_STATUS_UNKNOWN:
		break;
	}
	return ROLE_BAD;
}

static void tell_goodwill(struct screen *s)
{
	const struct case_state *c = s->state;
	if (c->goodwill.status == ACTION_STATUS_WAITING)
		screen_say(s, ROLE_WARNING, "Goodwill waits for approval by someone else: %s", c->goodwill.reason);
	else if (c->goodwill.status == ACTION_STATUS_PENDING)
		screen_say(s, ROLE_TEXT, "Goodwill is in the journal; the worker posts it");
	else
		screen_say(s, case_goodwill_role(c->goodwill.status), "Goodwill %s%s%s",
			action_status_name(c->goodwill.status), *c->goodwill.reason ? ": " : "", c->goodwill.reason);
}

void case_goodwill_answered(struct screen *s, const struct answer *answer)
{
	struct case_state *c = s->state;
	char line[WHY_MAX];
	if (answer->outcome != REQUEST_OK) {
		if (c->form)
			form_refused(s->ui, c->form, NULL, error_line(answer->error, line, sizeof line));
		else
			desk_say_error(s, "goodwill", answer->error);
		c->form = 0;
		return;
	}
	struct action_outcome outcome;
	action_outcome_read(answer->results[0], &outcome);
	bool is_news = !c->goodwill.is_given || c->goodwill.status != outcome.status;
	c->goodwill.is_given = true;
	c->goodwill.status = outcome.status;
	c->goodwill.seq = outcome.seq;
	snprintf(c->goodwill.reason, sizeof c->goodwill.reason, "%s", action_why(outcome.reason));
	if (c->form)
		form_saved(s->ui, c->form);
	c->form = 0;
	if (!is_news)
		return;
	tell_goodwill(s);
	if (outcome.status == ACTION_STATUS_PENDING) // the news that it was posted may have come before this answer
		case_goodwill_look(s);
}

// Asked again under its key, a request that waited for a second person tells what became of it.
static void look_at_waiting(struct screen *s)
{
	const struct case_state *c = s->state;
	const struct fact *currency = facts_main_currency(desk_facts(s));
	struct ask ask;
	ask_goodwill(&ask, c, currency->code);
	desk_send(s, &(struct desk_request){.tag = TAG_GOODWILL, .asks = {&ask}});
}

void case_goodwill_look(struct screen *s)
{
	const struct case_state *c = s->state;
	struct ask ask;
	if (!c->goodwill.is_given)
		return;
	if (c->goodwill.status == ACTION_STATUS_WAITING && !c->form)
		look_at_waiting(s);
	if (c->goodwill.status != ACTION_STATUS_PENDING || !c->goodwill.seq)
		return;
	action_watch(&ask, c->id.member_id, c->goodwill.seq);
	desk_send(s, &(struct desk_request){.tag = TAG_GOODWILL, .asks = {&ask}, .is_read = true});
}
