// The members behind a figure: a list of any length, from each of whom one gets to the member.
#include "model/amount.h"
#include "screens/desk_list.h"
#include "screens/insights/insights_state.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { TAG_ROWS = 1 };

struct insight_members {
	struct list list;
	struct drill_of of;
};

enum { COLUMN_COUNT = 6 };
static const struct column columns[COLUMN_COUNT] = {
	{.title = "Member", .width = 10},
	{.title = "Name", .width = 20, .flex = 1},
	{.title = "Tier", .width = 10, .priority = 2},
	{.title = "Last bought", .width = 11, .priority = 1},
	{.title = "Orders, 12 m", .width = 12, .align = ALIGN_RIGHT, .priority = 3},
	{.title = "Spent, 12 m", .width = 12, .align = ALIGN_RIGHT},
};

static void members_ask_rows(struct list *l, const struct rows_request *request)
{
	struct insight_members *w = l->payload;
	const struct page page = desk_list_page(request);
	struct ask ask;
	drill_ask(&ask, &w->of, &page);
	desk_list_ask(l, request, TAG_ROWS, "members", &ask, NULL);
}

static const struct list_spec spec = {
	.columns = columns,
	.column_count = COLUMN_COUNT,
	.what = "members",
	.empty = "Nobody.",
	.ask = members_ask_rows,
};

static bool add_member(struct rows *rows, const struct screen *s, const struct result *result, int row)
{
	struct drill_row line;
	char key[32], number[32], orders[32], spend[AMOUNT_SIZE];
	drill_row_read(&line, result, row);
	snprintf(key, sizeof key, "%" PRId64, line.member_id);
	snprintf(number, sizeof number, "%" PRId64, line.number);
	snprintf(orders, sizeof orders, "%" PRId64, line.orders);
	const char *cells[COLUMN_COUNT] = {number, line.name, line.tier, line.last_purchase, orders,
		amount_money(spend, line.spend, desk_facts(s)->money, AMOUNT_FIXED)};
	return rows_add(rows, key, ROLE_TEXT, cells, COLUMN_COUNT);
}

static void members_answer(struct screen *s, void *answer)
{
	const struct desk_news *news = answer;
	struct insight_members *w = s->state;
	if (news->kind == DESK_ANSWERED)
		desk_list_take(&w->list, news, "reading the members", add_member);
}

static bool members_open(struct screen *s, const void *argument)
{
	struct insight_members *w = s->state;
	w->of = *(const struct drill_of *)argument;
	return list_init(&w->list, &spec, s, w);
}

static void members_close(struct screen *s)
{
	struct insight_members *w = s->state;
	desk_forget(s);
	list_free(&w->list);
}

static void members_layout(struct screen *s, struct area a)
{
	struct insight_members *w = s->state;
	list_layout(&w->list, area_rows(a, 2, a.height - 2));
}

static void members_draw(const struct screen *s, struct area a)
{
	const struct insight_members *w = s->state;
	draw_format(a, 0, 0, a.width, ROLE_DIM, "%s: %s", w->of.title, drill_words(w->of.drill));
	list_draw(&w->list, area_rows(a, 2, a.height - 2));
}

static enum did members_act(struct screen *s, int action, int count)
{
	struct insight_members *w = s->state;
	const char *key = list_selected_key(&w->list);
	int64_t member_id;
	if (action == ACTION_OPEN && key && sscanf(key, "%" SCNd64, &member_id) == 1) {
		screen_open(s->ui, &member_screen, &member_id);
		return DID;
	}
	enum did did = list_act(&w->list, action, count);
	return did == NOT_MINE ? desk_act(s, action) : did;
}

static const char *members_disabled(const struct screen *s, int action)
{
	const struct insight_members *w = s->state;
	return action == ACTION_OPEN && !list_selected(&w->list) ? "no member is selected" : NULL;
}

static void members_position(const struct screen *s, char *out, size_t size)
{
	const struct insight_members *w = s->state;
	list_position(&w->list, out, size);
}

static void members_title(const struct screen *s, char *out, size_t size)
{
	const struct insight_members *w = s->state;
	snprintf(out, size, "%s", w->of.title);
}

static const int members_actions[] = {ACTION_OPEN, ACTION_REFRESH, DESK_EVERYWHERE, ACTION_NONE};

const struct screen_ops insight_members_screen = {
	.name = "figure-members",
	.help = "The members behind a figure, in the order of their enrolment",
	.size = sizeof(struct insight_members),
	.rights = DESK_MAY_DECIDE,
	.actions = members_actions,
	.open = members_open,
	.close = members_close,
	.answer = members_answer,
	.layout = members_layout,
	.draw = members_draw,
	.act = members_act,
	.disabled = members_disabled,
	.cancel = desk_cancel,
	.position = members_position,
	.title = members_title,
};
