// Drawing text, lines and boxes into areas of the frame; nothing drawn ever leaves its area.
#ifndef UI_DRAW_H
#define UI_DRAW_H
#include "screens/ui/theme.h"

#include <stdbool.h>
#include <stddef.h>

// A rectangle of the screen, in cells. Height and width may be 0 or less: then nothing is drawn. Positions
// given to the functions below count from the area's corner.
struct area {
	int y, x, height, width;
};

enum align { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTER };

// Pieces of an area; always inside it.
struct area area_rows(struct area a, int first, int count);
struct area area_columns(struct area a, int first, int count);
struct area area_centered(struct area a, int height, int width);
struct area area_inside(struct area a, int margin);

// An area in two, one above the other: its last `height` rows, half of it where it has no more than twice as many;
// and the rest.
struct area area_foot(struct area a, int height);
struct area area_head(struct area a, int height);

// A frame: begin, draw everything, end. Only what changed goes to the terminal.
void draw_begin(void);
void draw_end(void);

// Text from column x on, in `width` cells at most; what is too long ends in an ellipsis. Returns the cells
// used.
int draw_text(struct area a, int y, int x, int width, enum role role, const char *text);
int draw_text_n(struct area a, int y, int x, int width, enum role role, const char *text, size_t bytes);
int draw_format(struct area a, int y, int x, int width, enum role role, const char *format, ...)
	__attribute__((format(printf, 6, 7)));

// Text in a field of exactly `width` cells, the rest filled with blanks.
void draw_cell(struct area a, int y, int x, int width, enum role role, enum align align, const char *text);

// The same, with the part that `find` matches in ROLE_MATCH. find may be NULL.
void draw_cell_found(struct area a, int y, int x, int width, enum role role, enum align align,
	const char *text, const char *find);

void draw_fill(struct area a, enum role role);
void draw_line(struct area a, int y, enum role role);    // a row of blanks
void draw_rule(struct area a, int y, const char *title); // a horizontal line; title may be NULL
void draw_box(struct area a, const char *title);         // the border of the area; title may be NULL
void draw_divider(struct area a, int x);                 // a vertical line through the area

// Where the terminal's cursor stands after this frame: on what is selected, for people who follow it by ear
// or touch. It is seen only where one types. The last call of a frame counts.
void draw_cursor(struct area a, int y, int x, bool visible);
#endif
