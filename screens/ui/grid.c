// The grid: cursor, scrolling in both directions, drawing, typing into a cell.
#include "screens/ui/grid.h"

#include "screens/ui/entry.h"
#include "screens/ui/text.h"
#include "screens/ui/ui.h"

#include <stdio.h>

enum { COLUMN_MOST = 20, ENTRY_LEAST = 16, WIDTH_USUAL = 80 };

void grid_init(struct grid *g, const struct grid_spec *spec, struct screen *screen, void *payload)
{
	*g = (struct grid){.spec = spec, .screen = screen, .payload = payload, .height = 1, .in_sight = 1};
}

void grid_edit_end(struct grid *g)
{
	if (g->editing)
		edit_free(&g->edit);
	g->editing = false;
}

void grid_free(struct grid *g)
{
	grid_edit_end(g);
}

static enum grid_row_kind kind_of(const struct grid *g, int row)
{
	const char *label;
	return g->spec->row(g, row, &label);
}

static int clamp(int value, int least, int most)
{
	return value < least ? least : value > most ? most : value;
}

// The row, or the nearest that is no heading: further in the direction of `step`, else back.
static int row_near(const struct grid *g, int row, int step)
{
	for (int at = row; at >= 0 && at < g->rows; at += step)
		if (kind_of(g, at) != GRID_HEADING)
			return at;
	for (int at = row; at >= 0 && at < g->rows; at -= step)
		if (kind_of(g, at) != GRID_HEADING)
			return at;
	return 0;
}

void grid_go(struct grid *g, int row, int column)
{
	int step = row < g->row ? -1 : 1;
	grid_edit_end(g);
	g->row = row_near(g, clamp(row, 0, g->rows > 0 ? g->rows - 1 : 0), step);
	g->column = clamp(column, 0, g->columns > 0 ? g->columns - 1 : 0);
}

void grid_size(struct grid *g, int rows, int columns)
{
	g->rows = rows;
	g->columns = columns;
	grid_go(g, g->row, g->column);
}

void grid_layout(struct grid *g, struct area a)
{
	int columns = g->columns > 0 ? g->columns : 1;
	g->label = g->spec->label_width + (a.width > WIDTH_USUAL ? (a.width - WIDTH_USUAL) / 4 : 0);
	int room = a.width - g->label;
	g->width = clamp(room / columns, g->spec->column_width, COLUMN_MOST);
	g->in_sight = clamp(room / g->width, 1, columns);
	g->height = a.height > 1 ? a.height - 1 : 1;
	g->left = clamp(g->left, g->column - g->in_sight + 1, g->column);
	g->left = clamp(g->left, 0, columns - g->in_sight);
	// A heading right above the cursor is seen with it.
	int first =
		g->row > 0 && kind_of(g, g->row - 1) == GRID_HEADING && g->height > 1 ? g->row - 1 : g->row;
	if (g->top > first)
		g->top = first;
	if (g->top < g->row - g->height + 1)
		g->top = g->row - g->height + 1;
	if (g->top > g->rows - g->height)
		g->top = g->rows > g->height ? g->rows - g->height : 0;
}

static void draw_titles(const struct grid *g, struct area a)
{
	draw_text(a, 0, 1, g->label - 1, ROLE_HEADER, g->spec->corner);
	for (int i = 0; i < g->in_sight && g->left + i < g->columns; i++)
		draw_cell(a, 0, g->label + i * g->width + 1, g->width - 2, ROLE_HEADER, ALIGN_RIGHT,
			g->spec->title(g, g->left + i));
	if (g->left > 0)
		draw_text(a, 0, g->label - 1, 1, ROLE_WARNING, "<");
	if (g->left + g->in_sight < g->columns)
		draw_text(a, 0, a.width - 1, 1, ROLE_WARNING, ">");
}

static void draw_one(const struct grid *g, struct area a, int y, int x, int width, int row, int column)
{
	char text[256];
	struct grid_cell cell = {.text = "", .role = ROLE_TEXT, .align = ALIGN_RIGHT};
	bool is_here = row == g->row && (column == g->column || kind_of(g, row) == GRID_WIDE);
	g->spec->cell(g, row, column, &cell);
	snprintf(text, sizeof text, "%.*s%s%.240s", cell.sign ? 1 : 0, &cell.sign, cell.sign ? " " : "",
		cell.text);
	draw_cell(a, y, x, width, is_here ? ROLE_SELECTED : cell.role, cell.align, text);
	if (is_here)
		draw_cursor(a, y, x, false);
}

static void draw_entry(const struct grid *g, struct area a, int y)
{
	int width = g->width > ENTRY_LEAST ? g->width : ENTRY_LEAST;
	int x = kind_of(g, g->row) == GRID_WIDE ? g->label + 1
						: g->label + (g->column - g->left) * g->width + 1;
	if (x + width > a.width)
		x = a.width > width ? a.width - width : 0;
	entry_draw(&g->edit, a, y, x, width - 1, true);
}

static void draw_row(const struct grid *g, struct area a, int y, int row)
{
	const char *label = "";
	enum grid_row_kind kind = g->spec->row(g, row, &label);
	if (kind == GRID_HEADING) {
		draw_text(a, y, 1, a.width - 1, ROLE_HEADER, label);
		return;
	}
	draw_text(a, y, 2, g->label - 3, row == g->row ? ROLE_STRONG : ROLE_TEXT, label);
	if (kind == GRID_WIDE)
		draw_one(g, a, y, g->label + 1, clamp(a.width - g->label - 2, 1, 2 * COLUMN_MOST), row, 0);
	for (int i = 0; kind == GRID_CELLS && i < g->in_sight && g->left + i < g->columns; i++)
		draw_one(g, a, y, g->label + i * g->width + 1, g->width - 2, row, g->left + i);
}

void grid_draw(const struct grid *g, struct area a)
{
	if (g->rows == 0) {
		draw_text(a, 1, 2, a.width - 2, ROLE_DIM, g->spec->empty);
		return;
	}
	draw_titles(g, a);
	for (int y = 0; y < g->height && g->top + y < g->rows; y++)
		draw_row(g, a, y + 1, g->top + y);
	if (g->editing)
		draw_entry(g, a, g->row - g->top + 1);
}

static void move_rows(struct grid *g, int rows)
{
	grid_go(g, clamp(g->row + rows, 0, g->rows - 1), g->column);
}

enum did grid_act(struct grid *g, int action, int count)
{
	int times = count ? count : 1;
	switch (action) {
	case ACTION_DOWN:
	case ACTION_UP:
		move_rows(g, action == ACTION_DOWN ? times : -times);
		return DID;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		grid_go(g, g->row, g->column + (action == ACTION_RIGHT ? times : -times));
		return DID;
	case ACTION_PAGE_DOWN:
	case ACTION_PAGE_UP:
		move_rows(g, action == ACTION_PAGE_DOWN ? times * g->height : -times * g->height);
		return DID;
	case ACTION_HALF_DOWN:
	case ACTION_HALF_UP:
		move_rows(g, (action == ACTION_HALF_DOWN ? times : -times) * (g->height + 1) / 2);
		return DID;
	case ACTION_FIRST:
	case ACTION_LAST:
		grid_go(g, action == ACTION_FIRST ? 0 : g->rows - 1, g->column);
		return DID;
	default:
		return NOT_MINE;
	}
}

enum did grid_mouse(struct grid *g, int y, int x, enum mouse_button button)
{
	int row = g->top + y - 1, column = g->width > 0 ? g->left + (x - g->label) / g->width : 0;
	if (button != MOUSE_CLICK || y < 1 || row >= g->rows || kind_of(g, row) == GRID_HEADING)
		return NOT_MINE;
	bool is_wide = kind_of(g, row) == GRID_WIDE || x < g->label;
	if (row == g->row && (is_wide || column == g->column))
		ui_act(g->screen->ui, ACTION_OPEN, 0);
	else
		grid_go(g, row, is_wide ? g->column : column);
	return DID;
}

const char *grid_position(const struct grid *g, char *out, size_t size)
{
	int here = 0, all = 0;
	for (int row = 0; row < g->rows; row++) {
		all += kind_of(g, row) != GRID_HEADING;
		here += row <= g->row && kind_of(g, row) != GRID_HEADING;
	}
	snprintf(out, size, "row %d of %d", here, all);
	return out;
}

bool grid_edit(struct grid *g, const char *text, size_t max)
{
	grid_edit_end(g);
	g->editing = edit_init(&g->edit, text, max, false);
	return g->editing;
}

static bool take_typed(struct grid *g)
{
	if (!g->spec->typed(g, g->edit.text))
		return false;
	grid_edit_end(g);
	return true;
}

enum did grid_input(struct grid *g, const struct input *input)
{
	if (!g->editing)
		return NOT_MINE;
	if (entry_input(&g->edit, input) || input->kind != INPUT_KEY)
		return DID;
	switch (input->key) {
	case NAMED_ESCAPE:
		grid_edit_end(g);
		return DID;
	case NAMED_ENTER:
		take_typed(g);
		return DID;
	case NAMED_TAB:
	case NAMED_BACK_TAB:
		if (take_typed(g))
			grid_go(g, g->row, g->column + (input->key == NAMED_TAB ? 1 : -1));
		return DID;
	default:
		return action_has_key(ACTION_SAVE, input->key) && take_typed(g) ? NOT_MINE : DID;
	}
}
