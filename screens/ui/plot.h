// A line over time in braille, with the interval that each value may lie in as a band behind it.
#ifndef UI_PLOT_H
#define UI_PLOT_H
#include "screens/ui/draw.h"

#include <stdbool.h>

struct plot_point {
	double value, low, high;
	bool is_missing; // the line has a gap there
};

struct plot {
	const struct plot_point *points; // the oldest first
	int count;
	double least, most; // what values can be at all: the scale never goes beyond
	int decimals;       // of the numbers at the scale
	int selected;       // a point; -1: none
};

// What a cell holds: dots of the line as Unicode's braille counts them (bit 0 to 7), and whether the band goes through it.
struct plot_cell {
	unsigned char dots;
	bool in_band;
};

enum { PLOT_LABEL = 7 }; // columns at the left for the scale

// The values at the bottom and the top: all intervals are within.
void plot_scale(const struct plot *plot, double *bottom, double *top);
// The first point that `width` columns have room for, a column each at least: older ones are left out.
int plot_first(const struct plot *plot, int width);
// The column of a point, of those there is room for.
int plot_column(const struct plot *plot, int width, int point);
// height * width cells, row by row from the top.
void plot_cells(const struct plot *plot, int height, int width, struct plot_cell *cells);

void plot_draw(struct area a, const struct plot *plot);
#endif
