// Lists of screens whose rows are read from the database page by page.
#ifndef SCREENS_DESK_LIST_H
#define SCREENS_DESK_LIST_H
#include "model/page.h"
#include "screens/desk.h"
#include "screens/ui/list.h"

// The page that a list wants of its source; borrows the request's key.
struct page desk_list_page(const struct rows_request *request);

// For a list's ask(): sends what brings its page. The answer comes with the tag and with the list's ticket as
// its number. `what` is waited for as in struct desk_request; `also` travels with it, NULL: nothing does.
void desk_list_ask(struct list *l, const struct rows_request *request, int tag, const char *what,
	const struct ask *ask, const struct ask *also);

// Adds one row of the result. False: out of memory.
typedef bool desk_list_row(
	struct rows *rows, const struct screen *s, const struct result *result, int number);

// Gives the list the rows of the answer's first result. False: the list has none of them, because the ticket
// was stale or because of what the person was told: `doing` says what failed, "reading the cases".
bool desk_list_take(struct list *l, const struct desk_news *news, const char *doing, desk_list_row *add);
#endif
