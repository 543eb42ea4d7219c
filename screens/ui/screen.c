// The stack of screens: opening, closing, delivering answers, counting what is waited for.
#include "screens/ui/screen.h"

#include "screens/ui/dialog.h"
#include "screens/ui/ui.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void stack_free(struct screen *s)
{
	free(s->state);
	free(s);
}

struct screen *screen_open(struct ui *ui, const struct screen_ops *ops, const void *argument)
{
	if ((ops->rights & ui->rights) != ops->rights) {
		ui_say(ui, ROLE_WARNING, "Your role may not open %s", ops->name);
		return NULL;
	}
	struct screen *s = calloc(1, sizeof *s);
	if (s)
		s->state = calloc(1, ops->size ? ops->size : 1);
	if (!s || !s->state) {
		free(s);
		ui_say(ui, ROLE_BAD, "Out of memory: %s was not opened", ops->name);
		return NULL;
	}
	s->ops = ops;
	s->ui = ui;
	s->serial = ++ui->last_serial;
	s->below = ui->top;
	s->area = ui_area(ui, ops->overlay);
	ui->top = s;
	if (!ops->open || ops->open(s, argument))
		return s;
	loop_busy(&ui->loop, -s->waiting);
	ui->top = s->below;
	stack_free(s);
	return NULL;
}

static void close_top(struct ui *ui)
{
	struct screen *s = ui->top;

	if (s->waiting && s->ops->cancel)
		s->ops->cancel(s);
	loop_busy(&ui->loop, -s->waiting);
	s->waiting = 0;
	if (s->ops->close)
		s->ops->close(s);
	ui->top = s->below;
	stack_free(s);
}

void screen_close(struct screen *s)
{
	struct ui *ui = s->ui;

	while (ui->top != s)
		close_top(ui);
	close_top(ui);
	if (!ui->top)
		loop_leave(&ui->loop);
}

struct screen *screen_replace(struct screen *s, const struct screen_ops *ops, const void *argument)
{
	struct ui *ui = s->ui;
	struct screen *was_top = ui->top, *opened = screen_open(ui, ops, argument);

	if (!opened)
		return NULL;
	opened->below = s->below;
	s->below = NULL;
	ui->top = was_top;
	while (ui->top)
		close_top(ui);
	ui->top = opened;
	return opened;
}

static void close_unsaved(struct screen *s, void *payload)
{
	(void)payload;
	screen_close(s);
}

void screen_close_asking(struct screen *s)
{
	const char *lost = s->ops->unsaved ? s->ops->unsaved(s) : NULL;

	if (!lost) {
		screen_close(s);
		return;
	}
	char text[160];
	snprintf(text, sizeof text, "Not saved: %s. Closing loses it.", lost);
	dialog_confirm(s,
		&(struct question){.title = "Close without saving?", .text = text, .yes = "Discard"},
		close_unsaved, NULL);
}

struct screen *screen_find(struct ui *ui, uint32_t serial)
{
	struct screen *s = ui->top;

	while (s && s->serial != serial)
		s = s->below;
	return s;
}

bool screen_post(struct ui *ui, uint32_t serial, void *answer)
{
	struct screen *s = screen_find(ui, serial);

	if (s && s->ops->answer)
		s->ops->answer(s, answer);
	return s != NULL;
}

void screen_wait(struct screen *s, const char *what)
{
	if (!s->waiting++)
		s->waiting_since_ms = loop_now_ms();
	snprintf(s->waiting_for, sizeof s->waiting_for, "%s", what);
	loop_busy(&s->ui->loop, 1);
}

void screen_waited(struct screen *s)
{
	if (!s->waiting)
		return;
	s->waiting--;
	loop_busy(&s->ui->loop, -1);
}

void screen_say(struct screen *s, enum role role, const char *format, ...)
{
	char text[STATUS_MESSAGE_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	ui_say(s->ui, role, "%s", text);
}

const char *screen_title(const struct screen *s, char *out, size_t size)
{
	snprintf(out, size, "%s", s->ops->name ? s->ops->name : "");
	if (s->ops->title)
		s->ops->title(s, out, size);
	return out;
}
