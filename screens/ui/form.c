// The form as a screen: focus, typing, checking, saving.
#include "screens/ui/form.h"

#include "screens/ui/entry.h"
#include "screens/ui/text.h"
#include "screens/ui/text_area.h"
#include "screens/ui/ui.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 256, LINES_TEXT_MAX = 16384, LINES_HEIGHT = 5, LABEL_WIDTH = 20, ENTRY_WIDTH = 34 };

struct field {
	struct text_area text; // its edit alone, unless FIELD_LINES
	char *start;
	int choice, start_choice;
	char why[FORM_WHY_MAX]; // "": right
	int y;                  // row in the form, counted from its top
};

struct form {
	const struct form_spec *spec;
	struct screen *screen, *asker;
	void *payload;
	struct field fields[FORM_FIELDS_MAX];
	int at; // field with the focus; spec->count: the save button
	int top;
	bool saving;
	char why[2 * FORM_WHY_MAX]; // about the whole form
	char notice[160];
};

struct form_request {
	struct screen *asker;
	const struct form_spec *spec;
	const char *const *start;
	void *payload;
};

static int choice_number(const struct form_field *field, const char *text)
{
	for (int i = 0; text && field->choices[i]; i++)
		if (!strcmp(field->choices[i], text))
			return i;
	return 0;
}

static bool field_init(struct field *f, const struct form_field *field, const char *start)
{
	bool lines = field->kind == FIELD_LINES;
	size_t max = field->max ? field->max : lines ? LINES_TEXT_MAX : TEXT_MAX;

	if (field->kind == FIELD_CHOICE)
		f->choice = f->start_choice = choice_number(field, start);
	if (!text_area_init(&f->text, start, max))
		return false;
	f->text.edit.several_lines = lines;
	f->start = strdup(f->text.edit.text);
	return f->start != NULL;
}

static void form_end(struct screen *s)
{
	struct form *f = s->state;

	for (int i = 0; i < f->spec->count; i++) {
		text_area_free(&f->fields[i].text);
		free(f->fields[i].start);
	}
}

static bool form_start(struct screen *s, const void *argument)
{
	const struct form_request *r = argument;
	struct form *f = s->state;

	f->spec = r->spec;
	f->screen = s;
	f->asker = r->asker;
	f->payload = r->payload;
	for (int i = 0; i < f->spec->count; i++)
		if (!field_init(&f->fields[i], &f->spec->fields[i], r->start ? r->start[i] : NULL)) {
			form_end(s);
			screen_say(s, ROLE_BAD, "Out of memory: the form was not opened");
			return false;
		}
	return true;
}

static int field_number(const struct form *f, const char *name)
{
	for (int i = 0; name && i < f->spec->count; i++)
		if (!strcmp(f->spec->fields[i].name, name))
			return i;
	return -1;
}

const char *form_value(const struct form *f, const char *name)
{
	int number = field_number(f, name);

	if (number < 0)
		return "";
	if (f->spec->fields[number].kind == FIELD_CHOICE)
		return f->spec->fields[number].choices[f->fields[number].choice];
	return f->fields[number].text.edit.text;
}

int form_choice(const struct form *f, const char *name)
{
	int number = field_number(f, name);

	return number < 0 ? 0 : f->fields[number].choice;
}

static bool field_changed(const struct field *f)
{
	return f->choice != f->start_choice || strcmp(f->text.edit.text, f->start) != 0;
}

bool form_changed(const struct form *f, const char *name)
{
	int number = field_number(f, name);

	return number >= 0 && field_changed(&f->fields[number]);
}

void form_error(struct form *f, const char *name, const char *why)
{
	int number = field_number(f, name);

	if (number < 0) {
		snprintf(f->why, sizeof f->why, "%s", why);
		return;
	}
	snprintf(f->fields[number].why, sizeof f->fields[number].why, "%s", why);
	f->at = number;
}

uint32_t form_wait(struct form *f)
{
	if (!f->saving)
		screen_wait(f->screen, "saving");
	f->saving = true;
	return f->screen->serial;
}

uint32_t form_serial(const struct form *f)
{
	return f->screen->serial;
}

bool form_check_date(const char *text, char *why, size_t size)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year, month, day, used = 0;

	if (strlen(text) != 10 || sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &used) != 3 ||
		used != 10) {
		snprintf(why, size, "write it as 2026-12-31");
		return false;
	}
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	if (year >= 1 && month >= 1 && month <= 12 && day >= 1 &&
		day <= days[month - 1] + (month == 2 && leap))
		return true;
	snprintf(why, size, "there is no such day");
	return false;
}

bool form_check_number(const char *text, char *why, size_t size)
{
	const char *digits = text + (*text == '-');
	size_t whole = strspn(digits, "0123456789"), rest = 0;
	bool point = digits[whole] == '.' || digits[whole] == ',';

	if (point)
		rest = strspn(digits + whole + 1, "0123456789");
	if (whole && (!point || rest) && !digits[whole + point + rest])
		return true;
	snprintf(why, size, "write a number, as 12 or 12.50");
	return false;
}

static void trim(struct edit *e)
{
	size_t start = strspn(e->text, " "), end = e->length;

	while (end > start && e->text[end - 1] == ' ')
		end--;
	if (start == 0 && end == e->length)
		return;
	char *text = strndup(e->text + start, end - start);
	if (text)
		edit_set(e, text);
	free(text);
}

static bool check_field(struct form *f, int number)
{
	const struct form_field *field = &f->spec->fields[number];
	struct field *state = &f->fields[number];

	state->why[0] = 0;
	if (field->kind == FIELD_CHOICE)
		return true;
	if (field->kind != FIELD_LINES)
		trim(&state->text.edit);
	const char *text = state->text.edit.text;
	if (!*text && field->required)
		snprintf(state->why, sizeof state->why, "must not be empty");
	if (!*text)
		return !field->required;
	if (field->kind == FIELD_DATE && !form_check_date(text, state->why, sizeof state->why))
		return false;
	if (field->kind == FIELD_NUMBER && !form_check_number(text, state->why, sizeof state->why))
		return false;
	return !field->check || field->check(text, state->why, sizeof state->why);
}

static void save(struct form *f)
{
	int wrong = -1;

	if (f->saving) {
		screen_say(f->screen, ROLE_WARNING, "It is being saved");
		return;
	}
	f->why[0] = 0;
	for (int i = f->spec->count - 1; i >= 0; i--)
		if (!check_field(f, i))
			wrong = i;
	if (wrong >= 0) {
		f->at = wrong;
		screen_say(f->screen, ROLE_WARNING, "%s: %s", f->spec->fields[wrong].label,
			f->fields[wrong].why);
		return;
	}
	uint32_t serial = f->screen->serial;
	struct ui *ui = f->screen->ui;
	if (f->spec->saved(f->asker, f, f->payload))
		form_saved(ui, serial);
}

void form_saved(struct ui *ui, uint32_t serial)
{
	struct screen *s = screen_find(ui, serial);

	if (!s)
		return;
	if (((struct form *)s->state)->saving)
		screen_waited(s); // answered: closing must not cancel it
	screen_close(s);
}

void form_refused(struct ui *ui, uint32_t serial, const char *name, const char *why)
{
	struct screen *s = screen_find(ui, serial);
	struct form *f = s ? s->state : NULL;

	if (!f)
		return;
	if (f->saving)
		screen_waited(s);
	f->saving = false;
	form_error(f, name, why);
}

void form_notice(struct ui *ui, uint32_t serial, const char *text)
{
	struct screen *s = screen_find(ui, serial);
	struct form *f = s ? s->state : NULL;

	if (f)
		snprintf(f->notice, sizeof f->notice, "%s", text);
}

static void go_to(struct form *f, int at)
{
	if (f->at < f->spec->count)
		check_field(f, f->at);
	f->at = at < 0 ? f->spec->count : at > f->spec->count ? 0 : at;
}

static bool choice_input(struct form *f, uint32_t key)
{
	const struct form_field *field = &f->spec->fields[f->at];
	struct field *state = &f->fields[f->at];
	int count = 0;

	while (field->choices[count])
		count++;
	switch (key) {
	case NAMED_LEFT:
		state->choice = (state->choice + count - 1) % count;
		return true;
	case NAMED_RIGHT:
	case ' ':
		state->choice = (state->choice + 1) % count;
		return true;
	default:
		break;
	}
	for (int i = 1; i <= count && key > ' ' && key < 0x7f; i++) {
		int number = (state->choice + i) % count;
		if ((field->choices[number][0] | 32) == (int)(key | 32)) {
			state->choice = number;
			return true;
		}
	}
	return key > ' ' && key < NAMED_KEY;
}

static bool field_input(struct form *f, const struct input *input)
{
	struct field *state = &f->fields[f->at];
	bool mine;

	switch (f->spec->fields[f->at].kind) {
	case FIELD_CHOICE:
		return input->kind == INPUT_KEY && choice_input(f, input->key);
	case FIELD_LINES:
		mine = text_area_input(&state->text, input);
		break;
	default:
		mine = entry_input(&state->text.edit, input);
	}
	if (mine)
		state->why[0] = 0;
	return mine;
}

static enum did form_input(struct screen *s, const struct input *input)
{
	struct form *f = s->state;
	bool on_button = f->at == f->spec->count;

	if (f->saving)
		return NOT_MINE;
	if (!on_button && field_input(f, input))
		return DID;
	if (input->kind != INPUT_KEY)
		return NOT_MINE;
	switch (input->key) {
	case NAMED_ENTER:
		if (on_button)
			save(f);
		else
			go_to(f, f->at + 1);
		return DID;
	case NAMED_TAB:
	case NAMED_DOWN:
		go_to(f, f->at + 1);
		return DID;
	case NAMED_BACK_TAB:
	case NAMED_UP:
		go_to(f, f->at - 1);
		return DID;
	default:
		return NOT_MINE;
	}
}

static enum did form_act(struct screen *s, int action, int count)
{
	(void)count;
	if (action != ACTION_SAVE)
		return NOT_MINE;
	save(s->state);
	return DID;
}

static const char *form_unsaved(const struct screen *s)
{
	const struct form *f = s->state;

	for (int i = 0; i < f->spec->count; i++)
		if (field_changed(&f->fields[i]))
			return f->spec->title;
	return NULL;
}

// Who asked for the form asked the database too.
static void form_cancel(struct screen *s)
{
	struct screen *asker = ((struct form *)s->state)->asker;

	if (asker->ops->cancel)
		asker->ops->cancel(asker);
}

static void form_layout(struct screen *s, struct area a)
{
	struct form *f = s->state;
	int y = 0;

	for (int i = 0; i < f->spec->count; i++) {
		f->fields[i].y = y;
		bool lines = f->spec->fields[i].kind == FIELD_LINES;
		if (lines)
			text_area_layout(&f->fields[i].text,
				(struct area){0, 0, LINES_HEIGHT, a.width - LABEL_WIDTH - 3});
		y += lines ? LINES_HEIGHT + 1 : 1;
	}
	int height = a.height - 4, here = f->at < f->spec->count ? f->fields[f->at].y : y + 1;
	int below =
		f->at < f->spec->count && f->spec->fields[f->at].kind == FIELD_LINES ? LINES_HEIGHT - 1 : 0;
	if (here < f->top)
		f->top = here;
	if (here + below >= f->top + height)
		f->top = here + below - height + 1;
}

static void draw_choice(
	const struct form_field *field, const struct field *state, struct area a, int y, bool here)
{
	char text[128];

	snprintf(text, sizeof text, "< %s >", field->choices[state->choice]);
	draw_cell(a, y, LABEL_WIDTH + 2, ENTRY_WIDTH, here ? ROLE_CURRENT : ROLE_FIELD, ALIGN_LEFT, text);
	if (here)
		draw_cursor(a, y, LABEL_WIDTH + 4, true);
}

static void draw_field(const struct form *f, int number, struct area a)
{
	const struct form_field *field = &f->spec->fields[number];
	const struct field *state = &f->fields[number];
	bool here = number == f->at;
	int y = state->y - f->top, beside = LABEL_WIDTH + ENTRY_WIDTH + 3;

	draw_text(a, y, 0, 1, ROLE_WARNING, field_changed(state) ? "*" : " ");
	draw_text(a, y, 1, LABEL_WIDTH, here ? ROLE_STRONG : ROLE_HEADER, field->label);
	if (field->kind == FIELD_LINES) {
		struct area box = area_columns(
			area_rows(a, y, LINES_HEIGHT), LABEL_WIDTH + 2, a.width - LABEL_WIDTH - 3);
		if (y >= 0)
			text_area_draw(&state->text, box, here);
		draw_text(a, y + LINES_HEIGHT, LABEL_WIDTH + 2, a.width - LABEL_WIDTH - 2, ROLE_BAD,
			state->why);
		return;
	}
	if (field->kind == FIELD_CHOICE)
		draw_choice(field, state, a, y, here);
	else
		entry_draw(&state->text.edit, a, y, LABEL_WIDTH + 2, ENTRY_WIDTH, here);
	if (*state->why)
		draw_text(a, y, beside, a.width - beside, ROLE_BAD, state->why);
	else if (field->required && field->kind != FIELD_CHOICE && !state->text.edit.length)
		draw_text(a, y, beside, a.width - beside, ROLE_DIM, "needed");
}

// What there was no room for beside the field with the focus, else its help.
static void draw_foot(const struct form *f, struct area a)
{
	const char *why = f->fields[f->at].why, *help = f->spec->fields[f->at].help;
	bool is_cut = text_width(why) > a.width - (LABEL_WIDTH + ENTRY_WIDTH + 3);

	if (is_cut)
		draw_text(a, a.height - 1, 1, a.width - 2, ROLE_BAD, why);
	else if (help)
		draw_text(a, a.height - 1, 1, a.width - 2, ROLE_DIM, help);
}

static void form_draw(const struct screen *s, struct area a)
{
	const struct form *f = s->state;
	struct area in = area_rows(a, 2, a.height - 4);
	char button[48];
	int last = 0;

	draw_rule(a, 0, f->spec->title);
	draw_text(a, 1, 1, a.width - 2, *f->why ? ROLE_BAD : ROLE_WARNING, *f->why ? f->why : f->notice);
	for (int i = 0; i < f->spec->count; i++) {
		draw_field(f, i, in);
		last = f->fields[i].y + (f->spec->fields[i].kind == FIELD_LINES ? LINES_HEIGHT + 1 : 1);
	}
	snprintf(button, sizeof button, "[ %s ]", f->spec->save ? f->spec->save : "Save");
	draw_text(in, last + 1 - f->top, LABEL_WIDTH + 2, in.width,
		f->at == f->spec->count ? ROLE_SELECTED : ROLE_TEXT, button);
	if (f->at == f->spec->count)
		draw_cursor(in, last + 1 - f->top, LABEL_WIDTH + 2, false);
	else
		draw_foot(f, a);
}

static void form_title(const struct screen *s, char *out, size_t size)
{
	snprintf(out, size, "%s", ((const struct form *)s->state)->spec->title);
}

static const int form_actions[] = {ACTION_SAVE, ACTION_NONE};

static const struct screen_ops form_screen = {
	.name = "form",
	.help = "Tab and Enter go to the next field; the button or C-s saves",
	.size = sizeof(struct form),
	.actions = form_actions,
	.open = form_start,
	.close = form_end,
	.layout = form_layout,
	.draw = form_draw,
	.input = form_input,
	.act = form_act,
	.unsaved = form_unsaved,
	.cancel = form_cancel,
	.title = form_title,
};

void form_open(struct screen *asker, const struct form_spec *spec, const char *const *start, void *payload)
{
	screen_open(asker->ui, &form_screen, &(struct form_request){asker, spec, start, payload});
}
