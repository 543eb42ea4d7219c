// Paragraphs to lines, and moving through them.
#include "screens/ui/detail.h"

#include "screens/ui/prompt.h"
#include "screens/ui/text.h"
#include "screens/ui/ui.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct paragraph {
	enum role role;
	int indent;
	char *label; // NULL: none
	char *text;
};

struct detail_line {
	int paragraph;
	size_t at, bytes; // of its text
};

void detail_init(struct detail *d, struct screen *screen)
{
	*d = (struct detail){.screen = screen, .found = -1};
}

void detail_clear(struct detail *d)
{
	for (int i = 0; i < d->count; i++) {
		free(d->paragraphs[i].label);
		free(d->paragraphs[i].text);
	}
	d->count = d->line_count = 0;
	d->width = 0;
}

void detail_free(struct detail *d)
{
	detail_clear(d);
	free(d->paragraphs);
	free(d->lines);
	free(d->find);
	*d = (struct detail){0};
}

bool detail_add(struct detail *d, enum role role, int indent, const char *label, const char *text)
{
	if (d->count == d->capacity) {
		int capacity = d->capacity ? 2 * d->capacity : 32;
		struct paragraph *bigger = realloc(d->paragraphs, (size_t)capacity * sizeof *bigger);
		if (!bigger)
			return false;
		d->paragraphs = bigger;
		d->capacity = capacity;
	}
	struct paragraph *p = &d->paragraphs[d->count];
	*p = (struct paragraph){role, indent, label ? strdup(label) : NULL, strdup(text)};
	if (!p->text || (label && !p->label)) {
		free(p->label);
		free(p->text);
		return false;
	}
	d->count++;
	d->width = 0;
	return true;
}

bool detail_format(struct detail *d, enum role role, int indent, const char *label, const char *format, ...)
{
	char text[2048];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	return detail_add(d, role, indent, label, text);
}

static bool add_line(struct detail *d, int paragraph, size_t at, size_t bytes)
{
	if (d->line_count == d->line_capacity) {
		int capacity = d->line_capacity ? 2 * d->line_capacity : 64;
		struct detail_line *bigger = realloc(d->lines, (size_t)capacity * sizeof *bigger);
		if (!bigger)
			return false;
		d->lines = bigger;
		d->line_capacity = capacity;
	}
	d->lines[d->line_count++] = (struct detail_line){paragraph, at, bytes};
	return true;
}

static void wrap(struct detail *d, int width)
{
	d->line_count = 0;
	d->width = width;
	for (int i = 0; i < d->count; i++) {
		const struct paragraph *p = &d->paragraphs[i];
		size_t length = strlen(p->text), at = 0;
		int room = width - p->indent > 8 ? width - p->indent : 8;
		do {
			size_t next = 0, bytes = text_wrap(p->text + at, length - at, room, &next);
			if (!add_line(d, i, at, bytes))
				return;
			at += next;
		} while (at < length);
	}
}

static void clamp(struct detail *d)
{
	if (d->top > d->line_count - d->height)
		d->top = d->line_count - d->height;
	if (d->top < 0)
		d->top = 0;
}

void detail_layout(struct detail *d, struct area a)
{
	int width = a.width > 1 ? a.width : 1;

	d->height = a.height > 1 ? a.height : 1;
	if (width != d->width)
		wrap(d, width);
	clamp(d);
}

// Lines may be of any length in bytes, however few cells they take; only what is searched for is looked for in a copy.
static void draw_text_of(const struct detail *d, const struct paragraph *p, const struct detail_line *line, struct area a, int y)
{
	char text[1024];

	if (!d->find || line->bytes >= sizeof text) {
		draw_text_n(a, y, p->indent, a.width - p->indent, p->role, p->text + line->at, line->bytes);
		return;
	}
	snprintf(text, sizeof text, "%.*s", (int)line->bytes, p->text + line->at);
	draw_cell_found(a, y, p->indent, a.width - p->indent, p->role, ALIGN_LEFT, text, d->find);
}

void detail_draw(const struct detail *d, struct area a)
{
	for (int y = 0; y < a.height && d->top + y < d->line_count; y++) {
		const struct detail_line *line = &d->lines[d->top + y];
		const struct paragraph *p = &d->paragraphs[line->paragraph];
		if (p->label && !line->at)
			draw_text(a, y, 0, p->indent ? p->indent - 1 : 0, ROLE_HEADER, p->label);
		draw_text_of(d, p, line, a, y);
	}
	draw_cursor(a, d->found >= d->top ? d->found - d->top : 0, 0, false);
}

void detail_go_end(struct detail *d)
{
	d->top = d->line_count ? d->line_count : 1 << 20; // layout() brings it back into range
}

static bool line_has(const struct detail *d, int number, const char *text)
{
	const struct detail_line *line = &d->lines[number];
	const struct paragraph *p = &d->paragraphs[line->paragraph];
	char shown[1024];
	size_t at, bytes;

	snprintf(shown, sizeof shown, "%.*s", (int)line->bytes, p->text + line->at);
	return text_find(shown, text, &at, &bytes) ||
	       (p->label && !line->at && text_find(p->label, text, &at, &bytes));
}

static void find(struct detail *d, int start, int step)
{
	for (int i = 0; d->find && i < d->line_count; i++) {
		int number = ((start + i * step) % d->line_count + d->line_count) % d->line_count;
		if (!line_has(d, number, d->find))
			continue;
		d->found = number;
		if (number < d->top || number >= d->top + d->height)
			d->top = number - d->height / 3;
		clamp(d);
		if (start + i * step != number)
			screen_say(d->screen, ROLE_WARNING, "Search went round the end");
		return;
	}
	screen_say(d->screen, ROLE_WARNING, "\"%s\" is not here", d->find ? d->find : "");
}

static void set_find(struct detail *d, const char *text)
{
	free(d->find);
	d->find = *text ? strdup(text) : NULL;
	d->found = -1;
}

static void search_changed(struct screen *asker, const char *text, void *payload)
{
	struct detail *d = payload;

	(void)asker;
	set_find(d, text);
	if (d->find && d->line_count)
		find(d, d->top, 1);
}

static void search_cancelled(struct screen *asker, void *payload)
{
	(void)asker;
	set_find(payload, "");
}

static void open_search(struct detail *d)
{
	static const struct prompt_spec search = {
		.label = "Search: ",
		.history = "search",
		.changed = search_changed,
		.cancelled = search_cancelled,
	};

	prompt_open(d->screen, &search, d);
}

static bool scroll(struct detail *d, int action, int times)
{
	switch (action) {
	case ACTION_DOWN:
		d->top += times;
		break;
	case ACTION_UP:
		d->top -= times;
		break;
	case ACTION_PAGE_DOWN:
		d->top += times * d->height;
		break;
	case ACTION_PAGE_UP:
		d->top -= times * d->height;
		break;
	case ACTION_HALF_DOWN:
		d->top += times * (d->height + 1) / 2;
		break;
	case ACTION_HALF_UP:
		d->top -= times * (d->height + 1) / 2;
		break;
	case ACTION_FIRST:
		d->top = 0;
		break;
	case ACTION_LAST:
		d->top = d->line_count;
		break;
	default:
		return false;
	}
	clamp(d);
	return true;
}

// Everything, as it was added.
static void copy(struct detail *d)
{
	size_t size = 1;

	for (int i = 0; i < d->count; i++)
		size += strlen(d->paragraphs[i].text) +
			(d->paragraphs[i].label ? strlen(d->paragraphs[i].label) : 0) + 2;
	char *all = malloc(size), *at = all;
	if (!all)
		return;
	*at = 0;
	for (int i = 0; i < d->count; i++) {
		const struct paragraph *p = &d->paragraphs[i];
		at += sprintf(at, "%s%s%s\n", p->label ? p->label : "", p->label ? " " : "", p->text);
	}
	ui_copy(d->screen->ui, "the text", all);
	free(all);
}

enum did detail_act(struct detail *d, int action, int count)
{
	if (scroll(d, action, count ? count : 1))
		return DID;
	switch (action) {
	case ACTION_SEARCH:
		open_search(d);
		return DID;
	case ACTION_NEXT_FOUND:
	case ACTION_PREVIOUS_FOUND:
		if (d->find && d->line_count)
			find(d, d->found + (action == ACTION_NEXT_FOUND ? 1 : -1),
				action == ACTION_NEXT_FOUND ? 1 : -1);
		return DID;
	case ACTION_COPY:
		copy(d);
		return DID;
	case ACTION_BACK:
		if (!d->find)
			return NOT_MINE;
		set_find(d, "");
		return DID;
	default:
		return NOT_MINE;
	}
}

const char *detail_position(const struct detail *d, char *out, size_t size)
{
	int last = d->top + d->height < d->line_count ? d->top + d->height : d->line_count;

	snprintf(out, size, "lines %d-%d of %d", d->line_count ? d->top + 1 : 0, last, d->line_count);
	return out;
}
