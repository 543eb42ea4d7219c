// What became of the points of each month of issue: redeemed, expired, still open; and whose they were.
#include "model/amount.h"
#include "model/insight/formula.h"
#include "screens/insights/insights_state.h"
#include <inttypes.h>
#include <stdio.h>

enum { TAG_ROWS = 1, TEXT = 32 };

struct insight_cohorts {
	struct list list;
};

enum { COLUMN_COUNT = 7 };
static const struct column columns[COLUMN_COUNT] = {
	{.title = "Issued in", .width = 9},
	{.title = "Issued", .width = 14, .flex = 1, .align = ALIGN_RIGHT},
	{.title = "Taken back", .width = 12, .align = ALIGN_RIGHT, .priority = 3},
	{.title = "Redeemed", .width = 9, .align = ALIGN_RIGHT},
	{.title = "Breakage", .width = 9, .align = ALIGN_RIGHT},
	{.title = "Open", .width = 9, .align = ALIGN_RIGHT, .priority = 1},
	{.title = "Open points", .width = 14, .align = ALIGN_RIGHT, .priority = 2},
};

static void cohorts_ask_rows(struct list *l, const struct rows_request *request)
{
	struct rows none = {0};
	struct ask ask;
	if (request->ask != ROWS_FIRST) { // all there are were read at once
		list_answer(l, request->ticket, &none);
		return;
	}
	cohorts_ask(&ask);
	if (!desk_send(l->screen, &(struct desk_request){.tag = TAG_ROWS,
					  .number = request->ticket,
					  .what = "months of issue",
					  .asks = {&ask},
					  .is_read = true,
					  .replaces = true}))
		list_failed(l, request->ticket);
}

static const struct list_spec spec = {
	.columns = columns,
	.column_count = COLUMN_COUNT,
	.what = "months of issue",
	.empty = "No points were issued yet.",
	.ask = cohorts_ask_rows,
};

static const char *share(double part, double whole, char out[TEXT])
{
	double value = formula_share(part, whole);
	snprintf(out, TEXT, formula_is_none(value) ? "" : "%.1f %%", value * 100);
	return out;
}

static bool add_cohort(struct rows *rows, const struct screen *s, const struct result *result, int row)
{
	const struct fact *currency = facts_main_currency(desk_facts(s));
	int decimals = currency ? currency->number : 0;
	char key[24], month[MONTH_TEXT], issued[AMOUNT_SIZE], returned[AMOUNT_SIZE], open[AMOUNT_SIZE], redeemed[TEXT],
		expired[TEXT], left[TEXT];
	struct cohort c;
	cohort_row(&c, result, row);
	double whole = (double)(c.granted - c.returned - c.moved);
	snprintf(key, sizeof key, "%d", c.month);
	const char *cells[COLUMN_COUNT] = {month_text(c.month, month),
		amount_points(issued, c.granted, decimals, AMOUNT_PLAIN),
		amount_points(returned, c.returned, decimals, AMOUNT_PLAIN), share((double)c.redeemed, whole, redeemed),
		share((double)c.expired, whole, expired), share((double)c.open, whole, left),
		amount_points(open, c.open, decimals, AMOUNT_PLAIN)};
	return rows_add(rows, key, c.open > 0 ? ROLE_TEXT : ROLE_DIM, cells, COLUMN_COUNT);
}

static void cohorts_answer(struct screen *s, void *answer)
{
	const struct desk_news *news = answer;
	struct insight_cohorts *w = s->state;
	struct rows rows = {0};
	bool is_complete = true;
	if (news->kind == DESK_CHANGED && (news->channel == DESK_INSIGHT || news->channel == DESK_EVERYTHING))
		list_refresh(&w->list);
	if (news->kind != DESK_ANSWERED)
		return;
	if (!desk_good(s, news->answer, "reading the months of issue")) {
		list_failed(&w->list, (uint32_t)news->number);
		return;
	}
	const struct result *result = news->answer->results[0];
	for (int row = result_rows(result) - 1; row >= 0 && is_complete; row--) // the newest first
		is_complete = add_cohort(&rows, s, result, row);
	if (!is_complete)
		screen_say(s, ROLE_BAD, "Out of memory: not all months are shown");
	list_answer(&w->list, (uint32_t)news->number, &rows);
	w->list.at_end = true;
}

static bool cohorts_open(struct screen *s, const void *argument)
{
	(void)argument;
	struct insight_cohorts *w = s->state;
	return list_init(&w->list, &spec, s, w);
}

static void cohorts_close(struct screen *s)
{
	struct insight_cohorts *w = s->state;
	desk_forget(s);
	list_free(&w->list);
}

enum { FOOT_HEIGHT = 3 };

static void cohorts_layout(struct screen *s, struct area a)
{
	struct insight_cohorts *w = s->state;
	list_layout(&w->list, area_head(a, FOOT_HEIGHT));
}

static void cohorts_draw(const struct screen *s, struct area a)
{
	const struct insight_cohorts *w = s->state;
	struct area foot = area_foot(a, FOOT_HEIGHT);
	list_draw(&w->list, area_head(a, FOOT_HEIGHT));
	draw_text(foot, 1, 0, foot.width, ROLE_DIM,
		"Of a month's points, less those taken back. Breakage: what has expired so far.");
	draw_text(foot, 2, 0, foot.width, ROLE_DIM, "It is final where nothing is open. Enter: who got them.");
}

static enum did cohorts_act(struct screen *s, int action, int count)
{
	struct insight_cohorts *w = s->state;
	const char *key = list_selected_key(&w->list);
	struct drill_of of = {.drill = DRILL_ISSUED};
	if (action == ACTION_OPEN && key && sscanf(key, "%d", &of.number) == 1) {
		char month[MONTH_TEXT];
		snprintf(of.title, sizeof of.title, "Issued in %s", month_text(of.number, month));
		screen_open(s->ui, &insight_members_screen, &of);
		return DID;
	}
	enum did did = list_act(&w->list, action, count);
	return did == NOT_MINE ? desk_act(s, action) : did;
}

static const char *cohorts_disabled(const struct screen *s, int action)
{
	const struct insight_cohorts *w = s->state;
	return action == ACTION_OPEN && !list_selected(&w->list) ? "no month is selected" : NULL;
}

static void cohorts_position(const struct screen *s, char *out, size_t size)
{
	const struct insight_cohorts *w = s->state;
	list_position(&w->list, out, size);
}

static void cohorts_title(const struct screen *s, char *out, size_t size)
{
	(void)s;
	snprintf(out, size, "Points by month of issue");
}

static const int cohorts_actions[] = {ACTION_OPEN, ACTION_REFRESH, DESK_EVERYWHERE, ACTION_NONE};

const struct screen_ops insight_cohorts_screen = {
	.name = "figure-cohorts",
	.help = "What became of the points of each month of issue: redeemed, expired, still open",
	.size = sizeof(struct insight_cohorts),
	.rights = DESK_MAY_DECIDE,
	.actions = cohorts_actions,
	.open = cohorts_open,
	.close = cohorts_close,
	.answer = cohorts_answer,
	.layout = cohorts_layout,
	.draw = cohorts_draw,
	.act = cohorts_act,
	.disabled = cohorts_disabled,
	.cancel = desk_cancel,
	.position = cohorts_position,
	.title = cohorts_title,
};
