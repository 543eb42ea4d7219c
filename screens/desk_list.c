// Lists of screens whose rows are read from the database page by page.
#include "screens/desk_list.h"

struct page desk_list_page(const struct rows_request *request)
{
	static const enum page_from froms[] = {
		[ROWS_FIRST] = PAGE_FIRST,
		[ROWS_LAST] = PAGE_LAST,
		[ROWS_AFTER] = PAGE_AFTER,
		[ROWS_BEFORE] = PAGE_BEFORE,
		[ROWS_FROM] = PAGE_FROM,
	};
	return (struct page){.from = froms[request->ask], .key = request->key, .rows = request->count};
}

void desk_list_ask(struct list *l, const struct rows_request *request, int tag, const char *what,
	const struct ask *ask, const struct ask *also)
{
	const struct desk_request wanted = {.tag = tag,
		.number = request->ticket,
		.what = what,
		.asks = {ask, also},
		.is_read = true,
		.replaces = true};
	if (!desk_send(l->screen, &wanted))
		list_failed(l, request->ticket);
}

bool desk_list_take(struct list *l, const struct desk_news *news, const char *doing, desk_list_row *add)
{
	struct rows rows = {0};
	uint32_t ticket = (uint32_t)news->number;
	if (!desk_good(l->screen, news->answer, doing)) {
		list_failed(l, ticket);
		return false;
	}
	const struct result *result = news->answer->results[0];
	for (int number = 0; number < result_rows(result); number++)
		if (!add(&rows, l->screen, result, number)) {
			rows_free(&rows);
			list_failed(l, ticket);
			screen_say(l->screen, ROLE_BAD, "Out of memory while %s", doing);
			return false;
		}
	return list_answer(l, ticket, &rows);
}
