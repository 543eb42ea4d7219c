// A table with a cursor on one cell: a row a subject, a column an object, typed into in place.
#ifndef UI_GRID_H
#define UI_GRID_H
#include "screens/ui/draw.h"
#include "screens/ui/edit.h"
#include "screens/ui/keys.h"
#include "screens/ui/screen.h"

#include <stdbool.h>
#include <stddef.h>

struct grid;

enum grid_row_kind {
	GRID_CELLS,   // a cell a column
	GRID_WIDE,    // one cell over all columns
	GRID_HEADING, // a label alone; the cursor passes over it
};

// What a cell shows. A sign stands before the text, so that nothing is told by colour alone; 0: none.
struct grid_cell {
	const char *text;
	enum role role;
	char sign;
	enum align align;
};

// Texts given are borrowed until the next call.
struct grid_spec {
	const char *corner; // above the labels
	int label_width;    // of 80 columns; more where there is more
	int column_width;   // least; what does not fit is reached by moving right
	const char *empty;  // said when there is no row
	enum grid_row_kind (*row)(const struct grid *g, int row, const char **label);
	const char *(*title)(const struct grid *g, int column);
	void (*cell)(const struct grid *g, int row, int column, struct grid_cell *out);
	// What was typed: false refuses it, and it stays as it was typed; the owner tells why.
	bool (*typed)(struct grid *g, const char *text);
};

// Invariant: the cursor is on a row that is no heading, if there is one, and in sight after grid_layout().
struct grid {
	const struct grid_spec *spec;
	struct screen *screen;
	void *payload;
	int rows, columns;
	int row, column;  // the cursor
	int top, left;    // the first row and column in sight
	int height;       // rows in sight
	int label, width; // of the labels and of a column, in cells
	int in_sight;     // columns
	bool editing;
	struct edit edit; // only while editing
};

void grid_init(struct grid *g, const struct grid_spec *spec, struct screen *screen, void *payload);
void grid_free(struct grid *g);
// There are so many now; the cursor stays where it was as far as it can.
void grid_size(struct grid *g, int rows, int columns);
void grid_go(struct grid *g, int row, int column);

void grid_layout(struct grid *g, struct area a);
void grid_draw(const struct grid *g, struct area a);
enum did grid_act(struct grid *g, int action, int count); // moving
enum did grid_mouse(struct grid *g, int y, int x, enum mouse_button button);
const char *grid_position(const struct grid *g, char *out, size_t size); // "row 3 of 18"

// Typing in the cell under the cursor begins. False: out of memory.
bool grid_edit(struct grid *g, const char *text, size_t max);
void grid_edit_end(struct grid *g);
// For the screen's input(): keys and pastes while typing. Enter and Tab give the text to typed(), Esc drops
// it; Tab then moves on. A key that saves gives it first and is passed on.
enum did grid_input(struct grid *g, const struct input *input);
#endif
