// How a list is read, in the words of the database's functions.
#include "model/page.h"

void page_ask(struct ask *ask, const struct page *page)
{
	static const char *const words[PAGE_KINDS] = {[PAGE_FIRST] = "first",
		[PAGE_LAST] = "last",
		[PAGE_AFTER] = "after",
		[PAGE_BEFORE] = "before",
		[PAGE_FROM] = "from"};
	bool is_end = page->from == PAGE_FIRST || page->from == PAGE_LAST;

	ask_text(ask, words[page->from]);
	ask_text(ask, is_end ? NULL : page->key);
	ask_number(ask, page->rows);
}
