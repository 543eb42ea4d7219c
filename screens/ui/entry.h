// A line one types into: the line editor with keys, scrolling and cursor.
#ifndef UI_ENTRY_H
#define UI_ENTRY_H
#include "screens/ui/draw.h"
#include "screens/ui/edit.h"
#include "screens/ui/keys.h"

#include <stdbool.h>

// True if the key or paste was for the text: characters, Backspace, Delete, Left, Right, Home, End, C-a, C-e,
// C-w, C-u, C-k, C-_ (undo). A paste that does not fit is cut.
bool entry_input(struct edit *e, const struct input *input);

// The byte that the text is drawn from in so many cells: it is scrolled so that the cursor is in sight.
size_t entry_start(const struct edit *e, int width);
// Draws the text in one row of `width` cells, scrolled so that the cursor is in sight. `focused` puts it
// there.
void entry_draw(const struct edit *e, struct area a, int y, int x, int width, bool focused);
#endif
