// A panel of lines to read: styled, wrapped, scrolled, searched.
#ifndef UI_DETAIL_H
#define UI_DETAIL_H
#include "screens/ui/draw.h"
#include "screens/ui/screen.h"

#include <stdbool.h>
#include <stddef.h>

struct detail_line;

// Holds paragraphs; wraps them anew when the width changes. Invariant: 0 <= top, and no more than needed to
// see the end.
struct detail {
	struct screen *screen; // for messages and prompts
	struct paragraph *paragraphs;
	int count, capacity;
	struct detail_line *lines; // the paragraphs cut to the width
	int line_count, line_capacity;
	int width; // they are cut for; 0: not yet
	int top, height;
	char *find;
	int found; // the line found last, -1: none
};

void detail_init(struct detail *d, struct screen *screen);
void detail_free(struct detail *d);
void detail_clear(struct detail *d); // keeps the position

// A paragraph (newlines break lines), `indent` cells from the left, continued lines too; `label` (may be
// NULL) stands in the indentation in ROLE_HEADER. Copies both. False: out of memory.
bool detail_add(struct detail *d, enum role role, int indent, const char *label, const char *text);
bool detail_format(struct detail *d, enum role role, int indent, const char *label, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

void detail_layout(struct detail *d, struct area a);
void detail_draw(const struct detail *d, struct area a);
enum did detail_act(struct detail *d, int action, int count); // moving, searching, copying
void detail_go_end(struct detail *d);
const char *detail_position(const struct detail *d, char *out, size_t size); // "lines 1-20 of 48"
#endif
