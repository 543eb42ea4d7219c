// Cells into curses' standard screen, clipped to areas; all text passes through text_next_cell().
#include "screens/ui/draw.h"

#include "screens/ui/term.h"
#include "screens/ui/text.h"

#include <curses.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static struct {
	int y, x;
	bool visible, shown;
} cursor;

static int at_least(int value, int least)
{
	return value > least ? value : least;
}

static int at_most(int value, int most)
{
	return value < most ? value : most;
}

struct area area_rows(struct area a, int first, int count)
{
	first = at_most(at_least(first, 0), at_least(a.height, 0));
	return (struct area){a.y + first, a.x, at_least(at_most(count, a.height - first), 0), a.width};
}

struct area area_columns(struct area a, int first, int count)
{
	first = at_most(at_least(first, 0), at_least(a.width, 0));
	return (struct area){a.y, a.x + first, a.height, at_least(at_most(count, a.width - first), 0)};
}

struct area area_centered(struct area a, int height, int width)
{
	height = at_most(height, a.height);
	width = at_most(width, a.width);
	return area_columns(area_rows(a, (a.height - height) / 2, height), (a.width - width) / 2, width);
}

struct area area_inside(struct area a, int margin)
{
	return area_columns(area_rows(a, margin, a.height - 2 * margin), margin, a.width - 2 * margin);
}

struct area area_foot(struct area a, int height)
{
	height = at_most(height, a.height / 2);
	return area_rows(a, a.height - height, height);
}

struct area area_head(struct area a, int height)
{
	return area_rows(a, 0, a.height - area_foot(a, height).height);
}

void draw_begin(void)
{
	cursor.y = cursor.x = 0;
	cursor.visible = false;
	attrset(A_NORMAL);
	erase();
}

void draw_end(void)
{
	int height, width;

	term_size(&height, &width);
	move(at_most(cursor.y, height - 1), at_most(cursor.x, width - 1));
	if (cursor.visible != cursor.shown)
		curs_set(cursor.visible ? 1 : 0);
	cursor.shown = cursor.visible;
	wnoutrefresh(stdscr);
	doupdate();
}

static void put_cell(const struct text_cell *cell)
{
	cchar_t character;
	attr_t attributes;
	short pair;

	attr_get(&attributes, &pair, NULL);
	setcchar(&character, cell->chars, attributes, pair, NULL);
	add_wch(&character);
}

static void put_special(wchar_t fancy, char plain)
{
	struct text_cell cell = {.chars = {term_ascii() ? (wchar_t)plain : fancy}, .width = 1};

	put_cell(&cell);
}

static void put_cells(const char *text, const char *end)
{
	struct text_cell cell;

	while (text < end) {
		size_t run = text_plain(text, (size_t)(end - text)); // curses takes it at once
		if (run) {
			addnstr(text, (int)run);
			text += run;
		} else if (text_next_cell(&text, end, &cell)) {
			if (term_ascii() && cell.chars[0] == TEXT_REPLACEMENT)
				cell.chars[0] = '?';
			put_cell(&cell);
		}
	}
}

int draw_text_n(struct area a, int y, int x, int width, enum role role, const char *text, size_t bytes)
{
	width = at_most(width, a.width - x);
	if (y < 0 || y >= a.height || x < 0 || width <= 0)
		return 0;
	int needed = text_width_n(text, bytes);
	bool cut = needed > width;
	size_t fits = cut ? text_fit(text, bytes, width - 1) : bytes;
	attrset((int)theme_attributes(role));
	move(a.y + y, a.x + x);
	put_cells(text, text + fits);
	if (cut)
		put_special(L'…', '~');
	attrset(A_NORMAL);
	return cut ? text_width_n(text, fits) + 1 : needed;
}

int draw_text(struct area a, int y, int x, int width, enum role role, const char *text)
{
	return draw_text_n(a, y, x, width, role, text, strlen(text));
}

int draw_format(struct area a, int y, int x, int width, enum role role, const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	return draw_text(a, y, x, width, role, text);
}

static void put_blanks(struct area a, int y, int x, int count, enum role role)
{
	if (y < 0 || y >= a.height || count <= 0)
		return;
	attrset((int)theme_attributes(role));
	mvhline(a.y + y, a.x + x, ' ' | theme_attributes(role), count);
	attrset(A_NORMAL);
}

void draw_cell_found(struct area a, int y, int x, int width, enum role role, enum align align,
	const char *text, const char *find)
{
	size_t at, bytes;

	width = at_most(width, a.width - x);
	if (width <= 0 || x < 0)
		return;
	int spare = at_least(width - text_width(text), 0);
	int before = align == ALIGN_LEFT ? 0 : align == ALIGN_RIGHT ? spare : spare / 2;
	put_blanks(a, y, x, width, role);
	int used = draw_text(a, y, x + before, width - before, role, text);
	if (!find || !*find || !text_find(text, find, &at, &bytes))
		return;
	int column = text_width_n(text, at);
	int room = used - column - (used < text_width(text) ? 1 : 0);
	if (room > 0)
		draw_text_n(a, y, x + before + column, room, ROLE_MATCH, text + at,
			text_fit(text + at, bytes, room));
}

void draw_cell(struct area a, int y, int x, int width, enum role role, enum align align, const char *text)
{
	draw_cell_found(a, y, x, width, role, align, text, NULL);
}

void draw_line(struct area a, int y, enum role role)
{
	put_blanks(a, y, 0, a.width, role);
}

void draw_fill(struct area a, enum role role)
{
	for (int y = 0; y < a.height; y++)
		draw_line(a, y, role);
}

static void put_repeated(int count, wchar_t fancy, char plain)
{
	for (int i = 0; i < count; i++)
		put_special(fancy, plain);
}

void draw_rule(struct area a, int y, const char *title)
{
	if (y < 0 || y >= a.height || a.width <= 0)
		return;
	attrset((int)theme_attributes(ROLE_BORDER));
	move(a.y + y, a.x);
	put_repeated(a.width, L'─', '-');
	attrset(A_NORMAL);
	if (title && a.width > 6) {
		int used = draw_text(a, y, 3, a.width - 6, ROLE_HEADER, title);
		draw_text(a, y, 2, 1, ROLE_BORDER, " ");
		draw_text(a, y, 3 + used, 1, ROLE_BORDER, " ");
	}
}

void draw_divider(struct area a, int x)
{
	if (x < 0 || x >= a.width)
		return;
	attrset((int)theme_attributes(ROLE_BORDER));
	for (int y = 0; y < a.height; y++) {
		move(a.y + y, a.x + x);
		put_special(L'│', '|');
	}
	attrset(A_NORMAL);
}

static void put_corner(struct area a, int y, int x, wchar_t fancy)
{
	attrset((int)theme_attributes(ROLE_BORDER));
	move(a.y + y, a.x + x);
	put_special(fancy, '+');
	attrset(A_NORMAL);
}

void draw_box(struct area a, const char *title)
{
	if (a.height < 2 || a.width < 2)
		return;
	draw_rule(a, 0, title);
	draw_rule(a, a.height - 1, NULL);
	draw_divider(a, 0);
	draw_divider(a, a.width - 1);
	put_corner(a, 0, 0, L'┌');
	put_corner(a, 0, a.width - 1, L'┐');
	put_corner(a, a.height - 1, 0, L'└');
	put_corner(a, a.height - 1, a.width - 1, L'┘');
}

void draw_cursor(struct area a, int y, int x, bool visible)
{
	cursor.y = a.y + at_least(at_most(y, a.height - 1), 0);
	cursor.x = a.x + at_least(at_most(x, a.width - 1), 0);
	cursor.visible = visible;
}
