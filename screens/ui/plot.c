// A line over time in braille, with its band; with ASCII where braille is not wanted.
#include "screens/ui/plot.h"

#include "screens/ui/term.h"
#include "screens/ui/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DOTS_HIGH = 4, DOTS_WIDE = 2, BRAILLE = 0x2800 };

static bool is_there(const struct plot *plot, int point)
{
	return point >= 0 && point < plot->count && !plot->points[point].is_missing;
}

// A step that people count in: 1, 2 or 5 times a power of ten.
static double step_of(double span)
{
	double unit = pow(10, floor(log10(span > 0 ? span : 1))), parts = span / unit;
	return unit * (parts > 5 ? 1 : parts > 2 ? 0.5 : 0.2);
}

void plot_scale(const struct plot *plot, double *bottom, double *top)
{
	double low = INFINITY, high = -INFINITY;
	for (int i = 0; i < plot->count; i++)
		if (is_there(plot, i)) {
			low = fmin(low, plot->points[i].low);
			high = fmax(high, plot->points[i].high);
		}
	if (low > high) {
		*bottom = plot->least;
		*top = plot->most;
		return;
	}
	double step = step_of(high - low);
	*bottom = fmax(floor(low / step) * step, plot->least);
	*top = fmin(ceil(high / step) * step, plot->most);
	if (*top - *bottom < step) { // all alike
		*bottom = fmax(*bottom - step, plot->least);
		*top = fmin(*top + step, plot->most);
	}
}

int plot_first(const struct plot *plot, int width)
{
	return plot->count > width ? plot->count - width : 0;
}

int plot_column(const struct plot *plot, int width, int point)
{
	int first = plot_first(plot, width), shown = plot->count - first;
	return shown > 1 ? (point - first) * (width - 1) / (shown - 1) : 0;
}

// Where on the line between two points, or on one, a place in dots lies; false: in a gap.
static bool value_at(const struct plot *plot, int width, int from, int place, struct plot_point *out)
{
	const struct plot_point *a = &plot->points[from];
	int left = plot_column(plot, width, from) * DOTS_WIDE;
	if (!is_there(plot, from))
		return false;
	*out = *a;
	if (place <= left)
		return place == left;
	int right = is_there(plot, from + 1) ? plot_column(plot, width, from + 1) * DOTS_WIDE : left;
	if (place > right)
		return false;
	const struct plot_point *b = a + 1;
	double part = (double)(place - left) / (right - left);
	out->value += part * (b->value - a->value);
	out->low += part * (b->low - a->low);
	out->high += part * (b->high - a->high);
	return true;
}

struct canvas {
	struct plot_cell *cells;
	int height, width;
	double bottom, top;
};

static int dot_row(const struct canvas *c, double value)
{
	int rows = c->height * DOTS_HIGH;
	int row = (int)lround((c->top - value) / (c->top - c->bottom) * (rows - 1));
	return row < 0 ? 0 : row >= rows ? rows - 1 : row;
}

static void dot_set(struct canvas *c, int row, int place)
{
	static const unsigned char bits[DOTS_HIGH][DOTS_WIDE] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
	int cell = row / DOTS_HIGH * c->width + place / DOTS_WIDE;
	c->cells[cell].dots |= bits[row % DOTS_HIGH][place % DOTS_WIDE];
}

// The dots of one place, with those that join it to the place before; and the cells of the band.
static void place_draw(struct canvas *c, int place, const struct plot_point *at, int *before)
{
	int row = dot_row(c, at->value), from = *before < 0 ? row : *before;
	int step = from < row ? 1 : -1;
	for (int i = from == row ? row : from + step; i != row; i += step)
		dot_set(c, i, place);
	dot_set(c, row, place);
	*before = row;
	for (int y = dot_row(c, at->high) / DOTS_HIGH; y <= dot_row(c, at->low) / DOTS_HIGH; y++)
		c->cells[y * c->width + place / DOTS_WIDE].in_band = true;
}

void plot_cells(const struct plot *plot, int height, int width, struct plot_cell *cells)
{
	struct canvas canvas = {.cells = cells, .height = height, .width = width};
	struct plot_point at;
	int before = -1, point = plot_first(plot, width);
	memset(cells, 0, (size_t)height * (size_t)width * sizeof *cells);
	plot_scale(plot, &canvas.bottom, &canvas.top);
	if (!plot->count || canvas.top <= canvas.bottom)
		return;
	for (int place = 0; place < width * DOTS_WIDE; place++) {
		while (point + 1 < plot->count && plot_column(plot, width, point + 1) * DOTS_WIDE <= place)
			point++;
		if (value_at(plot, width, point, place, &at))
			place_draw(&canvas, place, &at, &before);
		else
			before = -1;
	}
}

static void cell_draw(struct area a, int y, int x, const struct plot_cell *cell, bool is_selected)
{
	char glyph[5] = " ";
	enum role role = ROLE_TEXT;
	if (cell->dots) {
		glyph[term_ascii() ? 1 : text_encode(BRAILLE + cell->dots, glyph)] = 0;
		if (term_ascii())
			glyph[0] = '*';
		role = ROLE_CHART;
	} else if (cell->in_band) {
		strcpy(glyph, term_ascii() ? ":" : "░");
		role = ROLE_DIM;
	}
	if (cell->dots || cell->in_band || is_selected)
		draw_text(a, y, x, 1, is_selected ? ROLE_SELECTED : role, glyph);
}

static void labels_draw(struct area a, const struct plot *plot)
{
	double bottom, top;
	plot_scale(plot, &bottom, &top);
	int rows[] = {0, a.height / 2, a.height - 1}, count = a.height > 3 ? 3 : a.height > 1 ? 2 : 1;
	if (count == 2)
		rows[1] = a.height - 1;
	for (int i = 0; i < count; i++) {
		double value = top - (top - bottom) * rows[i] / (a.height > 1 ? a.height - 1 : 1);
		draw_format(a, rows[i], 0, PLOT_LABEL - 1, ROLE_DIM, "%*.*f", PLOT_LABEL - 1, plot->decimals, value);
	}
}

void plot_draw(struct area a, const struct plot *plot)
{
	int width = a.width - PLOT_LABEL;
	if (width < 2 || a.height < 1)
		return;
	struct plot_cell *cells = calloc((size_t)a.height * (size_t)width, sizeof *cells);
	if (!cells)
		return;
	plot_cells(plot, a.height, width, cells);
	labels_draw(a, plot);
	bool has_selected = plot->selected >= plot_first(plot, width) && plot->selected < plot->count;
	int selected = has_selected ? plot_column(plot, width, plot->selected) : -1;
	for (int y = 0; y < a.height; y++)
		for (int x = 0; x < width; x++)
			cell_draw(a, y, PLOT_LABEL + x, &cells[y * width + x], x == selected);
	if (has_selected)
		draw_cursor(a, a.height - 1, PLOT_LABEL + selected, false);
	free(cells);
}
