// A text of several lines one types into: wrapped, scrolled, moved through by clusters.
#ifndef UI_TEXT_AREA_H
#define UI_TEXT_AREA_H
#include "screens/ui/draw.h"
#include "screens/ui/edit.h"
#include "screens/ui/keys.h"

#include <stdbool.h>

struct text_area {
	struct edit edit; // edit.text is the text
	int top;          // first line in sight
	int height, width;
};

// text may be NULL; max in bytes. False: out of memory.
bool text_area_init(struct text_area *t, const char *text, size_t max);
void text_area_free(struct text_area *t);

// True if the key or paste was for the text. Enter makes a new line; Tab and Esc are never taken.
bool text_area_input(struct text_area *t, const struct input *input);

void text_area_layout(struct text_area *t, struct area a);
void text_area_draw(const struct text_area *t, struct area a, bool focused);
#endif
