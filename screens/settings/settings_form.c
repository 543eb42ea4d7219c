// The form of a setting, made from its kind's fields: new rows, changes, clashes with what somebody else wrote, undo.
#include "screens/settings/settings_state.h"
#include <stdio.h>
#include <string.h>

static const char *const yes_no[] = {"no", "yes", NULL};
static const char *const priorities[] = {"high", "normal", "low", NULL};

static bool check_code(const char *text, char *why, size_t size)
{
	size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_");
	bool is_good = text[0] >= 'a' && text[0] <= 'z' && !text[length];
	if (!is_good)
		snprintf(why, size, "a-z, 0-9, - and _");
	return is_good;
}

static bool check_minutes(const char *text, char *why, size_t size)
{
	bool is_good = !text[strspn(text, "0123456789")];
	if (!is_good)
		snprintf(why, size, "whole minutes, as 90");
	return is_good;
}

// The codes the field chooses from; NULL: it does not.
static struct code_list *codes_of(struct settings *v, const struct setting_field *field)
{
	switch (field->input) {
	case SETTING_CALENDAR:
		return &v->codes[CODES_CALENDAR];
	case SETTING_GROUP:
		return &v->codes[CODES_GROUP];
	case SETTING_CANNED:
		return &v->codes[CODES_TEXT];
	case SETTING_STAFF:
		return &v->codes[CODES_STAFF];
	default:
		return NULL;
	}
}

// What the field may be, where it is one of several; NULL: it is typed.
static const char *const *choices_of(struct settings *v, const struct setting_field *field)
{
	struct code_list *codes = codes_of(v, field);
	if (field->input == SETTING_YES)
		return yes_no;
	if (field->input == SETTING_PRIORITY)
		return priorities;
	if (!codes)
		return NULL;
	codes->choices[0] = field->none;
	return &codes->choices[field->none ? 0 : 1];
}

static struct form_field form_field_of(struct settings *v, const struct setting_field *field)
{
	const char *const *choices = choices_of(v, field);
	return (struct form_field){.name = field->name,
		.label = field->label,
		.help = field->help,
		.kind = choices                         ? FIELD_CHOICE
			: field->input == SETTING_LINES ? FIELD_LINES
			: field->input == SETTING_DAY   ? FIELD_DATE
							: FIELD_TEXT,
		.max = field->max,
		.required = field->required,
		.choices = choices,
		.check = field->input == SETTING_WORD      ? check_code
			 : field->input == SETTING_MINUTES ? check_minutes
							   : NULL};
}

// The row as the form leaves it. What was not touched stays as it was seen.
static void join_form(const struct settings *v, const struct form *f, char out[SETTING_TEXT_MAX])
{
	const struct setting_kind *kind = settings_kind(v);
	const char *values[SETTING_FIELDS];
	for (int i = 0; i < kind->count; i++) {
		const struct setting_field *field = &kind->fields[i];
		bool is_typed = v->is_new || (i >= kind->keys && form_changed(f, field->name));
		const char *typed = is_typed ? form_value(f, field->name) : v->seen[i];
		values[i] = field->none && strcmp(typed, field->none) == 0 ? "" : typed;
	}
	setting_join(out, SETTING_TEXT_MAX, values, kind->count);
}

static bool setting_saved(struct screen *s, struct form *f, void *payload)
{
	(void)payload;
	struct settings *v = s->state;
	struct ask ask;
	v->asked = (struct setting_change){.done = v->is_new ? CHANGE_MADE : CHANGE_EDITED, .kind = v->tabs.current};
	join_form(v, f, v->asked.is);
	if (!v->is_new)
		setting_join(v->asked.was, sizeof v->asked.was, v->seen, settings_kind(v)->count);
	snprintf(v->asked.key, sizeof v->asked.key, "%s", v->key);
	setting_set(&ask, settings_kind(v)->kind, v->is_new ? NULL : v->asked.was, v->asked.is);
	v->form = form_wait(f);
	settings_send(s, TAG_SAVE, &ask);
	return false;
}

static void open_form(struct screen *s, const char *const *start)
{
	struct settings *v = s->state;
	const struct setting_kind *kind = settings_kind(v);
	int skipped = v->is_new ? 0 : kind->keys;
	for (int i = skipped; i < kind->count; i++)
		v->fields[i - skipped] = form_field_of(v, &kind->fields[i]);
	v->form_spec = (struct form_spec){
		.title = v->form_title, .fields = v->fields, .count = kind->count - skipped, .saved = setting_saved};
	form_open(s, &v->form_spec, start ? start + skipped : NULL, NULL);
}

// A kind that names rows of another needs one of those.
static bool has_choices(struct screen *s, const struct setting_kind *kind)
{
	for (int i = 0; i < kind->count; i++) {
		const char *const *choices = choices_of(s->state, &kind->fields[i]);
		if (choices && !choices[0]) {
			screen_say(s, ROLE_WARNING, "There is no %s yet to choose", kind->fields[i].label);
			return false;
		}
	}
	return true;
}

void settings_ask_new(struct screen *s)
{
	struct settings *v = s->state;
	if (!desk_may_write(s) || desk_pending(s, TAG_SAVE) || !has_choices(s, settings_kind(v)))
		return;
	v->is_new = true;
	v->key[0] = 0;
	snprintf(v->form_title, sizeof v->form_title, "A new %s", settings_kind(v)->one);
	open_form(s, NULL);
}

// The fields as they were when the person saw them.
static void keep_seen(struct settings *v, const char *const *fields)
{
	size_t used = 0;
	for (int i = 0; i < settings_kind(v)->count; i++) {
		v->seen[i] = v->kept + used;
		used += (size_t)snprintf(v->kept + used, sizeof v->kept - used, "%s", fields[i]) + 1;
		if (used >= sizeof v->kept)
			used = sizeof v->kept - 1;
	}
}

// Who is named may not be there any more: what stands there can stay all the same.
static void offer_code(struct code_list *codes, const char *code)
{
	bool is_known = !codes || !*code;
	for (int i = 0; !is_known && i < codes->count; i++)
		is_known = strcmp(codes->code[i], code) == 0;
	if (!is_known)
		settings_add_code(codes, code);
}

void settings_ask_edit(struct screen *s, const struct row *row)
{
	struct settings *v = s->state;
	const struct setting_kind *kind = settings_kind(v);
	const char *start[SETTING_FIELDS];
	if (!row || !desk_may_write(s) || desk_pending(s, TAG_SAVE))
		return;
	v->is_new = false;
	snprintf(v->key, sizeof v->key, "%s", row->key);
	keep_seen(v, row->cells + CELL_FIELDS);
	for (int i = 0; i < kind->count; i++) {
		start[i] = !*v->seen[i] && kind->fields[i].none ? kind->fields[i].none : v->seen[i];
		offer_code(codes_of(v, &kind->fields[i]), v->seen[i]);
	}
	snprintf(v->form_title, sizeof v->form_title, "The %s %s%s%s", kind->one, row->cells[0], kind->keys > 1 ? " " : "",
		kind->keys > 1 ? row->cells[1] : "");
	open_form(s, start);
}

static void ask_row_again(struct screen *s)
{
	struct settings *v = s->state;
	struct ask ask;
	setting_list(&ask, settings_kind(v)->kind, &(struct page){.from = PAGE_FROM, .key = v->key, .rows = 1});
	desk_send(s, &(struct desk_request){.tag = TAG_CLASH, .asks = {&ask}, .is_read = true});
}

void settings_saved(struct screen *s, const struct answer *answer)
{
	struct settings *v = s->state;
	if (answer->outcome == REQUEST_OK) {
		form_saved(s->ui, v->form);
		v->last = v->asked;
		snprintf(v->last.key, sizeof v->last.key, "%s", result_text(answer->results[0], 0, 0));
		screen_say(s, ROLE_GOOD, v->is_undoing ? "Taken back" : "Saved; u takes it back");
		list_go_to(&v->list, v->last.key);
		list_refresh(&v->list);
	} else if (v->form && strcmp(answer->error->sqlstate, SETTING_IS_CHANGED) == 0) {
		ask_row_again(s); // told when it is known what it is now
		return;
	} else {
		form_refused(s->ui, v->form, *answer->error->field ? answer->error->field : NULL, desk_reason(answer->error));
		settings_tell(s, answer->error);
	}
	v->form = 0;
	v->is_undoing = false;
}

// Beside each field stands what somebody else has written there. Saved again, what the form has counts.
void settings_clash(struct screen *s, const struct answer *answer)
{
	struct settings *v = s->state;
	const struct setting_kind *kind = settings_kind(v);
	struct setting_row now;
	char text[FORM_WHY_MAX];
	uint32_t form = v->form;
	v->form = 0;
	if (answer->outcome != REQUEST_OK || !result_rows(answer->results[0]) || strcmp(result_text(answer->results[0], 0, 0), v->key) != 0) {
		form_refused(s->ui, form, NULL, "Somebody took it away meanwhile");
		return;
	}
	setting_row_read(answer->results[0], 0, &now);
	for (int i = kind->count - 1; i >= kind->keys; i--)
		if (strcmp(now.fields[i], v->seen[i]) != 0) {
			snprintf(text, sizeof text, "now \"%.40s\"", now.fields[i]);
			form_refused(s->ui, form, kind->fields[i].name, text);
		}
	form_notice(s->ui, form, "Changed meanwhile: beside each field stands what it is now. Save again, or Esc.");
	keep_seen(v, now.fields);
}

void settings_undo(struct screen *s)
{
	struct settings *v = s->state;
	const struct setting_change *last = &v->last;
	const char *kind = SETTING_TABLE[last->kind].kind;
	struct ask ask;
	if (last->done == CHANGE_NONE || !desk_may_write(s) || desk_pending(s, TAG_SAVE) || desk_pending(s, TAG_SWITCH))
		return;
	v->is_undoing = true;
	v->asked = *last;
	if (last->done == CHANGE_EDITED) {
		memcpy(v->asked.was, last->is, sizeof last->is);
		memcpy(v->asked.is, last->was, sizeof last->was);
		setting_set(&ask, kind, v->asked.was, v->asked.is);
		settings_send(s, TAG_SAVE, &ask);
		return;
	}
	v->asked.done = CHANGE_SWITCHED;
	v->asked.is_off = last->done == CHANGE_MADE || !last->is_off;
	setting_switch(&ask, kind, v->asked.key, v->asked.is_off);
	settings_send(s, TAG_SWITCH, &ask);
}
