// The details of a case in a form: title, priority, group, tags; and what becomes of them when somebody else was faster:
// field by field, both are shown, and nothing is lost.
#include "screens/cases/case_state.h"
#include "screens/ui/form.h"
#include "screens/ui/prompt.h"
#include <stdio.h>
#include <string.h>

static const char *const priorities[] = {"high", "normal", "low", NULL};
static const struct form_field fields[] = {
	{.name = "title", .label = "Title", .max = 190, .required = true, .help = "What it is about, in a line"},
	{.name = "priority", .label = "Priority", .kind = FIELD_CHOICE, .choices = priorities},
	{.name = "group", .label = "Group", .max = 30, .required = true, .help = "Who works on it: loyalty desk groups lists them"},
	{.name = "tags", .label = "Tags", .max = 380, .help = "Words to find it by, a comma between: vip, late"},
};
enum { FIELD_COUNT = sizeof fields / sizeof fields[0] };

static const char *value_of(const struct case_head *head, int field)
{
	const char *const values[FIELD_COUNT] = {
		head->title, case_priority_word(head->priority), head->group, head->tags};
	return values[field];
}

// What was not touched is not sent, so that what somebody else wrote there stays.
static bool edit_saved(struct screen *s, struct form *f, void *payload)
{
	(void)payload;
	struct case_state *c = s->state;
	const char *changed[FIELD_COUNT];
	struct ask ask;
	for (int i = 0; i < FIELD_COUNT; i++)
		changed[i] = form_changed(f, fields[i].name) ? form_value(f, fields[i].name) : NULL;
	const struct case_edit edit = {changed[0], changed[1], changed[2], changed[3]};
	c->form = form_wait(f);
	case_edit(&ask, c->id, c->version_seen, &edit);
	case_change(s, &ask, "changing the details");
	return false;
}

static const struct form_spec edit_form = {
	.title = "Details of the case", .fields = fields, .count = FIELD_COUNT, .saved = edit_saved};

void case_ask_edit(struct screen *s)
{
	struct case_state *c = s->state;
	const char *start[FIELD_COUNT];
	if (!desk_may_write(s))
		return;
	case_begin(c);
	c->edited = c->head;
	for (int i = 0; i < FIELD_COUNT; i++)
		start[i] = value_of(&c->head, i);
	form_open(s, &edit_form, start, NULL);
	c->form_open = s->ui->top->serial;
	c->form_edit = c->form_open;
}

// Both stand on the screen: what was typed in its field, what somebody else wrote beside it. Saved again, what was typed
// counts; a field that was not touched keeps what the other wrote.
bool case_edit_conflict(struct screen *s)
{
	struct case_state *c = s->state;
	char text[400];
	int differing = 0;
	if (!c->form || c->form != c->form_edit)
		return false;
	for (int i = 0; i < FIELD_COUNT; i++) {
		const char *now = value_of(&c->head, i), *before = value_of(&c->edited, i);
		if (strcmp(now, before) == 0)
			continue;
		snprintf(text, sizeof text, "now \"%.60s\" (was \"%.60s\")", now, before);
		form_refused(s->ui, c->form, fields[i].name, text);
		differing++;
	}
	if (!differing)
		form_refused(s->ui, c->form, NULL, "Changed meanwhile, but none of this: save again");
	else
		form_notice(s->ui, c->form, "Changed meanwhile: beside each field stands what it is now. Save again, or Esc.");
	c->form = 0;
	case_begin(c);
	c->edited = c->head;
	return true;
}

static void until_typed(struct screen *s, const char *text, void *payload)
{
	(void)payload;
	struct case_state *c = s->state;
	struct ask ask;
	case_set(&ask, c->id, c->version_seen, "wait", text, NULL);
	case_change(s, &ask, "waiting until then");
}

void case_ask_wait(struct screen *s)
{
	static const struct prompt_spec spec = {.label = "Wait until (2026-12-01, or with 14:30): ", .max = 30, .done = until_typed};
	if (!desk_may_write(s))
		return;
	case_begin(s->state);
	prompt_open(s, &spec, NULL);
}
