// How a list is read: a page of rows from one end, or before or behind a row one knows, never by counting rows off.
#ifndef MODEL_PAGE_H
#define MODEL_PAGE_H
#include "model/ask.h"

enum page_from {
	PAGE_FIRST,
	PAGE_LAST,
	PAGE_AFTER,  // behind the row of the key
	PAGE_BEFORE, // before it: the last rows of those
	PAGE_FROM,   // the row itself, or where it would stand, and behind
	PAGE_KINDS
};

// Rows always come in the list's order. Fewer rows than `rows` mean that there are no more on that side.
struct page {
	enum page_from from;
	const char *key; // as the list's rows gave it, borrowed; PAGE_FIRST and PAGE_LAST need none
	int rows;
};

// Adds three values: "first", "last", "after", "before" or "from"; the key, NULL where none is needed; how many rows.
void page_ask(struct ask *ask, const struct page *page);
#endif
