// Settings of the desk: one screen for all that is set up there, driven by the table of its kinds.
#include "screens/settings/settings_state.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DETAIL_HEIGHT = 9, LABEL = 14, LINE_MOST = 900 };

void settings_send(struct screen *s, int tag, const struct ask *ask)
{
	desk_send(s, &(struct desk_request){.tag = tag, .what = tag == TAG_SWITCH ? "the setting" : NULL, .asks = {ask}});
}

void settings_tell(struct screen *s, const struct error *error)
{
	const struct setting_kind *kind = settings_kind(s->state);
	char line[LINE_MOST];
	error_line(error, line, sizeof line);
	for (int i = 0; i < kind->count; i++)
		if (strcmp(kind->fields[i].name, error->field) == 0) {
			screen_say(s, ROLE_BAD, "%s: %s", kind->fields[i].label, line);
			return;
		}
	desk_say_error(s, "changing the setting", error);
}

static void settings_ask(struct list *l, const struct rows_request *request)
{
	static const enum page_from froms[] = {[ROWS_FIRST] = PAGE_FIRST,
		[ROWS_LAST] = PAGE_LAST,
		[ROWS_AFTER] = PAGE_AFTER,
		[ROWS_BEFORE] = PAGE_BEFORE,
		[ROWS_FROM] = PAGE_FROM};
	const struct page page = {.from = froms[request->ask], .key = request->key, .rows = request->count};
	struct ask rows, codes;
	setting_list(&rows, settings_kind(l->screen->state)->kind, &page);
	setting_codes(&codes);
	if (!desk_send(l->screen, &(struct desk_request){.tag = TAG_ROWS,
					  .number = request->ticket,
					  .asks = {&rows, &codes},
					  .is_read = true,
					  .replaces = true}))
		list_failed(l, request->ticket);
}

static void show_row(struct list *l)
{
	struct settings *v = l->payload;
	const struct setting_kind *kind = settings_kind(v);
	const struct row *row = list_selected(l);
	detail_clear(&v->detail);
	if (row && *row->cells[kind->count])
		detail_add(&v->detail, ROLE_WARNING, LABEL, "Switched off", "neither offered nor counted by; x switches it on again");
	for (int i = 0; row && i < kind->count; i++) {
		const char *value = row->cells[CELL_FIELDS + i];
		const char *none = kind->fields[i].none ? kind->fields[i].none : "-";
		detail_add(&v->detail, i < kind->keys ? ROLE_STRONG : ROLE_TEXT, LABEL, kind->fields[i].label,
			*value           ? value
			: *row->cells[i] ? row->cells[i]
					 : none);
	}
}

// Which kind is shown has changed: its columns, and what an empty list says.
static void turn_to_kind(struct settings *v)
{
	const struct setting_kind *kind = settings_kind(v);
	for (int i = 0; i < kind->count; i++)
		v->columns[i] = kind->fields[i].column;
	v->columns[kind->count] = (struct column){.title = "", .width = 3};
	v->spec = (struct list_spec){.columns = v->columns,
		.column_count = kind->count + 1,
		.what = "settings",
		.empty = kind->empty,
		.ask = settings_ask,
		.selected = show_row};
}

// As it stands in its column: on one line, and what "" means there.
static const char *cell_text(const struct setting_kind *kind, int field, const char *value, char out[200])
{
	if (!*value && strcmp(kind->kind, "promise") == 0)
		return "all others";
	if (kind->fields[field].input != SETTING_LINES)
		return value;
	size_t length = strlen(value) < 199 ? strlen(value) : 199;
	while (length && length < strlen(value) && ((unsigned char)value[length] & 0xc0) == 0x80)
		length--;
	for (size_t i = 0; i < length; i++)
		out[i] = value[i] == '\n' ? ' ' : value[i];
	out[length] = 0;
	return out;
}

// A calendar without hours on any day; behind its code and zone come the days.
static bool is_round_the_clock(const struct setting_kind *kind, const struct setting_row *row)
{
	bool has_hours = strcmp(kind->kind, "calendar") != 0;
	for (int i = 2; i < kind->count; i++)
		has_hours = has_hours || *row->fields[i];
	return !has_hours;
}

static bool add_row(const struct setting_kind *kind, struct rows *rows, const struct result *result, int number)
{
	struct setting_row r;
	char text[SETTING_FIELDS][200];
	const char *cells[CELL_COUNT] = {NULL};
	setting_row_read(result, number, &r);
	for (int i = 0; i < kind->count; i++) {
		cells[i] = cell_text(kind, i, r.fields[i], text[i]);
		cells[CELL_FIELDS + i] = r.fields[i];
	}
	if (is_round_the_clock(kind, &r))
		for (int i = 2; i < kind->count; i++)
			cells[i] = "24 h";
	cells[kind->count] = r.is_off ? "off" : "";
	return rows_add(rows, r.key, r.is_off ? ROLE_DIM : ROLE_TEXT, cells, CELL_COUNT);
}

void settings_add_code(struct code_list *list, const char *code)
{
	if (list->count == CODES_MOST || strlen(code) >= SETTING_CODE)
		return;
	snprintf(list->code[list->count], SETTING_CODE, "%s", code);
	list->choices[1 + list->count] = list->code[list->count];
	list->choices[2 + list->count++] = NULL;
}

static void take_codes(struct screen *s, const struct result *result)
{
	static const char *const words[CODE_KINDS] = {[CODES_CALENDAR] = "calendar", [CODES_GROUP] = "group", [CODES_TEXT] = "text"};
	struct settings *v = s->state;
	const struct fact_list *staff = &desk_facts(s)->list[FACT_STAFF];
	for (int kind = 0; kind < CODE_KINDS; kind++) {
		v->codes[kind].count = 0;
		v->codes[kind].choices[1] = NULL;
		for (int row = 0; words[kind] && row < result_rows(result); row++)
			if (strcmp(result_text(result, row, 0), words[kind]) == 0)
				settings_add_code(&v->codes[kind], result_text(result, row, 1));
	}
	for (int i = 0; i < staff->count; i++)
		settings_add_code(&v->codes[CODES_STAFF], staff->at[i].code);
}

static void take_rows(struct screen *s, const struct desk_news *news)
{
	struct settings *v = s->state;
	struct rows rows = {0};
	bool is_complete = desk_good(s, news->answer, "reading the settings");
	for (int row = 0; is_complete && row < result_rows(news->answer->results[0]); row++)
		is_complete = add_row(settings_kind(v), &rows, news->answer->results[0], row);
	if (!is_complete) {
		rows_free(&rows);
		list_failed(&v->list, (uint32_t)news->number);
		return;
	}
	list_answer(&v->list, (uint32_t)news->number, &rows);
	if (s->ui->top == s) // a form that is open points into the codes
		take_codes(s, news->answer->results[1]);
	show_row(&v->list);
}

static void take_switch(struct screen *s, const struct answer *answer)
{
	struct settings *v = s->state;
	if (answer->outcome == REQUEST_OK) {
		v->last = v->asked;
		screen_say(s, ROLE_GOOD, v->is_undoing ? "Taken back" : "Switched %s; u takes it back", v->asked.is_off ? "off" : "on");
	} else {
		settings_tell(s, answer->error);
	}
	v->is_undoing = false;
	list_refresh(&v->list);
}

static void settings_answer(struct screen *s, void *answer)
{
	const struct desk_news *news = answer;
	struct settings *v = s->state;
	bool is_told = news->channel == DESK_EVERYTHING || (news->channel == DESK_DESK && news->payload && strcmp(news->payload, "settings") == 0);
	if (news->kind == DESK_CHANGED && is_told)
		list_refresh(&v->list);
	if (news->kind != DESK_ANSWERED)
		return;
	switch (news->tag) {
	case TAG_ROWS:
		take_rows(s, news);
		break;
	case TAG_SAVE:
		settings_saved(s, news->answer);
		break;
	case TAG_SWITCH:
		take_switch(s, news->answer);
		break;
	case TAG_CLASH:
		settings_clash(s, news->answer);
		break;
	}
}

static void switch_selected(struct screen *s)
{
	struct settings *v = s->state;
	const struct row *row = list_selected(&v->list);
	struct ask ask;
	if (!row || !desk_may_write(s) || desk_pending(s, TAG_SWITCH))
		return;
	v->asked = (struct setting_change){
		.done = CHANGE_SWITCHED, .kind = v->tabs.current, .is_off = !*row->cells[settings_kind(v)->count]};
	snprintf(v->asked.key, sizeof v->asked.key, "%s", row->key);
	setting_switch(&ask, settings_kind(v)->kind, v->asked.key, v->asked.is_off);
	settings_send(s, TAG_SWITCH, &ask);
}

static bool settings_open(struct screen *s, const void *argument)
{
	(void)argument;
	struct settings *v = s->state;
	for (int i = 0; i < SETTING_KINDS; i++)
		v->names[i] = SETTING_TABLE[i].tab;
	v->tabs = (struct tabs){.names = v->names, .count = SETTING_KINDS};
	turn_to_kind(v);
	detail_init(&v->detail, s);
	return list_init(&v->list, &v->spec, s, v);
}

static void settings_close(struct screen *s)
{
	struct settings *v = s->state;
	desk_forget(s);
	list_free(&v->list);
	detail_free(&v->detail);
}

static struct area detail_area(struct area a)
{
	int height = a.height < 3 * DETAIL_HEIGHT ? a.height / 3 : DETAIL_HEIGHT + 2;
	return area_rows(a, a.height - height, height);
}

static struct area list_area(struct area a)
{
	return area_rows(a, 1, a.height - 1 - detail_area(a).height);
}

static struct area inside(struct area a)
{
	return area_columns(area_rows(a, 1, a.height - 1), 1, a.width - 2);
}

static void settings_layout(struct screen *s, struct area a)
{
	struct settings *v = s->state;
	v->area = a;
	v->tabs.width = a.width;
	list_layout(&v->list, list_area(a));
	detail_layout(&v->detail, inside(detail_area(a)));
}

static void settings_draw(const struct screen *s, struct area a)
{
	const struct settings *v = s->state;
	char title[64];
	snprintf(title, sizeof title, "The selected %s", settings_kind(v)->one);
	tabs_draw(&v->tabs, a, 0);
	list_draw(&v->list, list_area(a));
	draw_rule(detail_area(a), 0, title);
	detail_draw(&v->detail, inside(detail_area(a)));
}

static enum did settings_act(struct screen *s, int action, int count)
{
	struct settings *v = s->state;
	switch (action) {
	case ACTION_OPEN:
		settings_ask_edit(s, list_selected(&v->list));
		return DID;
	case ACTION_NEW_SETTING:
		settings_ask_new(s);
		return DID;
	case ACTION_SWITCH_SETTING:
		switch_selected(s);
		return DID;
	case ACTION_UNDO:
		settings_undo(s);
		return DID;
	}
	if (tabs_act(&v->tabs, action) == DID) {
		turn_to_kind(v);
		list_reload(&v->list);
		return DID;
	}
	enum did did = list_act(&v->list, action, count);
	return did == NOT_MINE ? desk_act(s, action) : did;
}

static enum did settings_mouse(struct screen *s, int y, int x, enum mouse_button button)
{
	struct settings *v = s->state;
	int height = list_area(v->area).height;
	if (y > 0 && y <= height)
		return list_mouse(&v->list, y - 1, x, button);
	if (y > 0 || button != MOUSE_CLICK || tabs_mouse(&v->tabs, x) != DID)
		return NOT_MINE;
	turn_to_kind(v);
	list_reload(&v->list);
	return DID;
}

static const char *settings_disabled(const struct screen *s, int action)
{
	const struct settings *v = s->state;
	if ((action == ACTION_SWITCH_SETTING || action == ACTION_OPEN) && !list_selected(&v->list))
		return "nothing is selected";
	return action == ACTION_UNDO && v->last.done == CHANGE_NONE ? "nothing was changed here" : NULL;
}

static void settings_title(const struct screen *s, char *out, size_t size)
{
	snprintf(out, size, "Settings › %s", settings_kind(s->state)->tab);
}

static void settings_position(const struct screen *s, char *out, size_t size)
{
	list_position(&((const struct settings *)s->state)->list, out, size);
}

static const int settings_actions[] = {
	ACTION_OPEN, ACTION_NEW_SETTING, ACTION_SWITCH_SETTING, ACTION_UNDO, DESK_EVERYWHERE, ACTION_NONE};

const struct screen_ops settings_screen = {
	.name = "settings",
	.help = "How the desk is set up: hours, groups, promises, texts, macros, checklists, queues",
	.size = sizeof(struct settings),
	.rights = DESK_MAY_DECIDE,
	.digits = true,
	.actions = settings_actions,
	.open = settings_open,
	.close = settings_close,
	.answer = settings_answer,
	.layout = settings_layout,
	.draw = settings_draw,
	.act = settings_act,
	.mouse = settings_mouse,
	.disabled = settings_disabled,
	.cancel = desk_cancel,
	.title = settings_title,
	.position = settings_position,
};
