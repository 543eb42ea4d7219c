// Dialogs are screens pushed over the one that asks.
#include "screens/ui/dialog.h"

#include "screens/ui/detail.h"
#include "screens/ui/entry.h"
#include "screens/ui/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIALOG_WIDTH = 64, CHOICES_MAX = 64, TYPED_MAX = 64 };

struct dialog {
	struct screen *asker;
	void *payload;
	char title[96];
	struct detail text;
	char yes_label[32], no_label[32];
	char typed_wanted[TYPED_MAX]; // "": nothing
	struct edit typed;
	bool on_yes; // the focus
	dialog_yes *yes;
};

struct confirm_request {
	struct screen *asker;
	const struct question *question;
	dialog_yes *yes;
	void *payload;
};

static bool confirm_start(struct screen *s, const void *argument)
{
	const struct confirm_request *r = argument;
	const struct question *q = r->question;
	struct dialog *d = s->state;

	d->asker = r->asker;
	d->payload = r->payload;
	d->yes = r->yes;
	snprintf(d->title, sizeof d->title, "%s", q->title ? q->title : "");
	snprintf(d->yes_label, sizeof d->yes_label, "%s", q->yes ? q->yes : "Yes");
	snprintf(d->no_label, sizeof d->no_label, "%s", q->no ? q->no : "Cancel");
	snprintf(d->typed_wanted, sizeof d->typed_wanted, "%s", q->typed ? q->typed : "");
	detail_init(&d->text, s);
	return detail_add(&d->text, ROLE_TEXT, 0, NULL, q->text ? q->text : "") &&
	       edit_init(&d->typed, NULL, TYPED_MAX, false);
}

static void dialog_end(struct screen *s)
{
	struct dialog *d = s->state;

	detail_free(&d->text);
	edit_free(&d->typed);
}

// The window of a dialog with `lines` lines below its text.
static struct area window(const struct dialog *d, struct area a, int lines)
{
	int height = d->text.line_count + lines + 2;

	return area_centered(a, height < 5 ? 5 : height, DIALOG_WIDTH);
}

static int lines_below(const struct dialog *d)
{
	return *d->typed_wanted ? 4 : 2;
}

static void confirm_layout(struct screen *s, struct area a)
{
	struct dialog *d = s->state;
	int room = a.height - 2 - lines_below(d), wanted;

	// Twice: how high the text may be depends on how many lines it makes.
	detail_layout(&d->text, (struct area){0, 0, room, DIALOG_WIDTH - 4});
	wanted = d->text.line_count < room ? d->text.line_count : room;
	detail_layout(&d->text, (struct area){0, 0, wanted, DIALOG_WIDTH - 4});
}

static void draw_button(struct area a, int y, int x, const char *label, bool focused)
{
	char text[48];

	snprintf(text, sizeof text, focused ? "[ %s ]" : "  %s  ", label);
	draw_text(a, y, x, a.width, focused ? ROLE_SELECTED : ROLE_TEXT, text);
	if (focused)
		draw_cursor(a, y, x, false);
}

static void confirm_draw(const struct screen *s, struct area a)
{
	const struct dialog *d = s->state;
	struct area box = window(d, a, lines_below(d)), in = area_inside(box, 1);

	draw_fill(box, ROLE_TEXT);
	draw_box(box, d->title);
	in = area_columns(in, 1, in.width - 2);
	detail_draw(&d->text, area_rows(in, 0, in.height - lines_below(d)));
	int width = text_width(d->no_label) + 6;
	draw_button(in, in.height - 1, in.width - width, d->no_label, !d->on_yes);
	draw_button(
		in, in.height - 1, in.width - width - text_width(d->yes_label) - 6, d->yes_label, d->on_yes);
	if (*d->typed_wanted) {
		int used = draw_format(in, in.height - 3, 0, in.width - 12, ROLE_TEXT,
			"Type %s to confirm: ", d->typed_wanted);
		entry_draw(&d->typed, in, in.height - 3, used, in.width - used, true);
	}
}

static bool may_confirm(struct screen *s)
{
	struct dialog *d = s->state;

	if (!*d->typed_wanted || !strcmp(d->typed.text, d->typed_wanted))
		return true;
	screen_say(s, ROLE_WARNING, "Type %s first, or Esc to cancel", d->typed_wanted);
	return false;
}

static void answer_yes(struct screen *s)
{
	struct dialog *d = s->state;
	struct screen *asker = d->asker;
	dialog_yes *yes = d->yes;
	void *payload = d->payload;

	if (!may_confirm(s))
		return;
	screen_close(s);
	yes(asker, payload);
}

// "y" and "n" answer where nothing has to be typed; Left, Right and Tab move the focus.
static enum did confirm_input(struct screen *s, const struct input *input)
{
	struct dialog *d = s->state;
	bool types = *d->typed_wanted;

	if (input->kind == INPUT_KEY)
		switch (input->key) {
		case NAMED_TAB:
		case NAMED_BACK_TAB:
			d->on_yes = !d->on_yes;
			return DID;
		case NAMED_ENTER:
			if (!d->on_yes)
				return LEAVE;
			answer_yes(s);
			return DID;
		default:
			break;
		}
	if (types)
		return entry_input(&d->typed, input) ? DID : NOT_MINE;
	if (input->kind == INPUT_KEY && input->key == 'y') {
		answer_yes(s);
		return DID;
	}
	return input->kind == INPUT_KEY && input->key == 'n' ? LEAVE : NOT_MINE;
}

static enum did confirm_act(struct screen *s, int action, int count)
{
	struct dialog *d = s->state;

	switch (action) {
	case ACTION_LEFT:
	case ACTION_RIGHT:
		d->on_yes = action == ACTION_LEFT;
		return DID;
	case ACTION_BACK:
	case ACTION_CLOSE:
	case ACTION_INTERRUPT:
		return LEAVE;
	default:
		return detail_act(&d->text, action, count) == DID ? DID : NOT_MINE;
	}
}

static const struct screen_ops confirm_screen = {
	.name = "question",
	.help = "Answer with y or n, or choose with Left and Right and press Enter",
	.size = sizeof(struct dialog),
	.overlay = OVERLAY_WINDOW,
	.open = confirm_start,
	.close = dialog_end,
	.layout = confirm_layout,
	.draw = confirm_draw,
	.input = confirm_input,
	.act = confirm_act,
};

void dialog_confirm(struct screen *asker, const struct question *question, dialog_yes *yes, void *payload)
{
	screen_open(asker->ui, &confirm_screen, &(struct confirm_request){asker, question, yes, payload});
}

static void note_draw(const struct screen *s, struct area a)
{
	const struct dialog *d = s->state;
	struct area box = window(d, a, 0), in = area_inside(box, 1);

	draw_fill(box, ROLE_TEXT);
	draw_box(box, d->title);
	detail_draw(&d->text, area_columns(in, 1, in.width - 2));
}

static void note_layout(struct screen *s, struct area a)
{
	struct dialog *d = s->state;

	detail_layout(&d->text, (struct area){0, 0, a.height - 2, DIALOG_WIDTH - 4});
	if (d->text.line_count < a.height - 2)
		detail_layout(&d->text, (struct area){0, 0, d->text.line_count, DIALOG_WIDTH - 4});
}

static enum did note_act(struct screen *s, int action, int count)
{
	enum did did =
		action == ACTION_OPEN ? LEAVE : detail_act(&((struct dialog *)s->state)->text, action, count);

	return did == NOT_MINE && (action == ACTION_BACK || action == ACTION_CLOSE) ? LEAVE : did;
}

static const struct screen_ops note_screen = {
	.name = "note",
	.help = "Enter or Esc closes it",
	.size = sizeof(struct dialog),
	.overlay = OVERLAY_WINDOW,
	.open = confirm_start,
	.close = dialog_end,
	.layout = note_layout,
	.draw = note_draw,
	.act = note_act,
};

void dialog_show(struct screen *asker, const char *title, const char *text)
{
	struct question question = {.title = title, .text = text};

	screen_open(asker->ui, &note_screen, &(struct confirm_request){asker, &question, NULL, NULL});
}

struct choice {
	struct screen *asker;
	void *payload;
	dialog_chosen *chosen;
	char title[96];
	char *labels[CHOICES_MAX];
	int count, at, top, height;
};

struct choice_request {
	struct screen *asker;
	const char *title;
	const char *const *labels;
	int count, start;
	dialog_chosen *chosen;
	void *payload;
};

static bool choice_start(struct screen *s, const void *argument)
{
	const struct choice_request *r = argument;
	struct choice *c = s->state;

	c->asker = r->asker;
	c->payload = r->payload;
	c->chosen = r->chosen;
	c->at = r->start;
	snprintf(c->title, sizeof c->title, "%s", r->title);
	for (; c->count < r->count && c->count < CHOICES_MAX; c->count++)
		if (!(c->labels[c->count] = strdup(r->labels[c->count])))
			break;
	return c->count > 0;
}

static void choice_end(struct screen *s)
{
	struct choice *c = s->state;

	for (int i = 0; i < c->count; i++)
		free(c->labels[i]);
}

static void choice_layout(struct screen *s, struct area a)
{
	struct choice *c = s->state;

	c->height = c->count < a.height - 2 ? c->count : a.height - 2;
	if (c->at < c->top)
		c->top = c->at;
	if (c->at >= c->top + c->height)
		c->top = c->at - c->height + 1;
}

static void choice_draw(const struct screen *s, struct area a)
{
	const struct choice *c = s->state;
	int width = text_width(c->title) + 8;

	for (int i = 0; i < c->count; i++)
		if (text_width(c->labels[i]) + 4 > width)
			width = text_width(c->labels[i]) + 4;
	struct area box = area_centered(a, c->height + 2, width), in = area_inside(box, 1);
	draw_fill(box, ROLE_TEXT);
	draw_box(box, c->title);
	for (int y = 0; y < in.height && c->top + y < c->count; y++) {
		bool here = c->top + y == c->at;
		draw_line(in, y, here ? ROLE_SELECTED : ROLE_TEXT);
		draw_text(in, y, 1, in.width - 2, here ? ROLE_SELECTED : ROLE_TEXT, c->labels[c->top + y]);
		if (here)
			draw_cursor(in, y, 0, false);
	}
}

static void choose(struct screen *s)
{
	struct choice *c = s->state;
	struct screen *asker = c->asker;
	dialog_chosen *chosen = c->chosen;
	void *payload = c->payload;
	int at = c->at;

	screen_close(s);
	chosen(asker, at, payload);
}

static enum did choice_act(struct screen *s, int action, int count)
{
	struct choice *c = s->state;
	int times = count ? count : 1;

	switch (action) {
	case ACTION_DOWN:
		c->at = c->at + times < c->count ? c->at + times : c->count - 1;
		return DID;
	case ACTION_UP:
		c->at = c->at > times ? c->at - times : 0;
		return DID;
	case ACTION_FIRST:
		c->at = 0;
		return DID;
	case ACTION_LAST:
		c->at = c->count - 1;
		return DID;
	case ACTION_OPEN:
		choose(s);
		return DID;
	case ACTION_BACK:
	case ACTION_CLOSE:
	case ACTION_INTERRUPT:
		return LEAVE;
	default:
		return NOT_MINE;
	}
}

static const struct screen_ops choice_screen = {
	.name = "choice",
	.help = "Choose with Up and Down, Enter takes it",
	.size = sizeof(struct choice),
	.overlay = OVERLAY_WINDOW,
	.open = choice_start,
	.close = choice_end,
	.layout = choice_layout,
	.draw = choice_draw,
	.act = choice_act,
};

void dialog_choose(struct screen *asker, const char *title, const char *const *choices, int count, int start,
	dialog_chosen *chosen, void *payload)
{
	screen_open(asker->ui, &choice_screen,
		&(struct choice_request){asker, title, choices, count, start, chosen, payload});
}
