// The grid of recency and frequency: how many customers each cell has, and who they are.
#include "model/insight/breakdown.h"
#include "screens/insights/insights_state.h"
#include "screens/ui/grid.h"
#include "screens/ui/list.h"
#include <inttypes.h>
#include <stdio.h>

enum { TAG_LOAD = 1, TEXT = 24 };

struct insight_grid {
	struct grid grid; // rows from the best recency down, columns from the least frequency up
	struct customer_grid counts;
	char text[GRID_SCORES][GRID_SCORES][TEXT];
};

static enum grid_row_kind row_kind(const struct grid *g, int row, const char **label)
{
	static const char *const labels[GRID_SCORES] = {"5 just now", "4", "3", "2", "1 long ago"};
	(void)g;
	*label = labels[row];
	return GRID_CELLS;
}

static const char *column_title(const struct grid *g, int column)
{
	static const char *const titles[GRID_SCORES] = {"1 seldom", "2", "3", "4", "5 often"};
	(void)g;
	return titles[column];
}

// The fifth of the customers with the most in it stands out.
static void cell_show(const struct grid *g, int row, int column, struct grid_cell *out)
{
	const struct insight_grid *w = g->payload;
	int recency = GRID_SCORES - 1 - row;
	int64_t members = w->counts.members[recency][column];
	*out = (struct grid_cell){.text = w->text[recency][column],
		.role = members * GRID_SCORES > w->counts.total ? ROLE_STRONG
			: members                               ? ROLE_TEXT
								: ROLE_DIM,
		.align = ALIGN_RIGHT};
}

static const struct grid_spec spec = {
	.corner = "Recency \\ Frequency",
	.label_width = 20,
	.column_width = 11,
	.empty = "No grid was counted yet: a worker does so once a day.",
	.row = row_kind,
	.title = column_title,
	.cell = cell_show,
};

static void load(struct screen *s)
{
	struct ask ask;
	customer_grid_ask(&ask);
	desk_send(s,
		&(struct desk_request){.tag = TAG_LOAD, .what = "the grid", .asks = {&ask}, .is_read = true});
}

static void grid_answer(struct screen *s, void *answer)
{
	const struct desk_news *news = answer;
	struct insight_grid *w = s->state;
	if (news->kind == DESK_CHANGED && (news->channel == DESK_INSIGHT || news->channel == DESK_EVERYTHING) &&
		!desk_pending(s, TAG_LOAD))
		load(s);
	if (news->kind != DESK_ANSWERED || !desk_good(s, news->answer, "reading the grid"))
		return;
	customer_grid_take(&w->counts, news->answer->results[0]);
	for (int r = 0; r < GRID_SCORES; r++)
		for (int f = 0; f < GRID_SCORES; f++)
			list_count_text(w->counts.members[r][f], false, w->text[r][f], TEXT);
	int size = *w->counts.as_of ? GRID_SCORES : 0;
	grid_size(&w->grid, size, size);
}

static bool grid_open(struct screen *s, const void *argument)
{
	(void)argument;
	struct insight_grid *w = s->state;
	grid_init(&w->grid, &spec, s, w);
	load(s);
	return true;
}

static void grid_close(struct screen *s)
{
	struct insight_grid *w = s->state;
	desk_forget(s);
	grid_free(&w->grid);
}

static struct area grid_area(struct area a)
{
	return area_rows(a, 0, a.height - 4);
}

static void insight_grid_layout(struct screen *s, struct area a)
{
	struct insight_grid *w = s->state;
	grid_layout(&w->grid, grid_area(a));
}

static void money_line(const struct insight_grid *w, char *out, size_t size)
{
	char counts[GRID_SCORES][TEXT];
	for (int m = 0; m < GRID_SCORES; m++)
		list_count_text(w->counts.by_money[m], false, counts[m], TEXT);
	snprintf(out, size, "By money, from 1 to 5: %s, %s, %s, %s, %s.", counts[0], counts[1], counts[2],
		counts[3], counts[4]);
}

static void insight_grid_draw(const struct screen *s, struct area a)
{
	const struct insight_grid *w = s->state;
	char money[200], total[TEXT];
	grid_draw(&w->grid, grid_area(a));
	if (!*w->counts.as_of)
		return;
	money_line(w, money, sizeof money);
	draw_format(a, a.height - 3, 0, a.width, ROLE_DIM,
		"%s customers of the last twelve months, as of %s.",
		list_count_text(w->counts.total, false, total, sizeof total), w->counts.as_of);
	draw_text(a, a.height - 2, 0, a.width, ROLE_DIM, money);
	draw_text(a, a.height - 1, 0, a.width, ROLE_DIM,
		"A fifth of that day's ranks a score, alike for who is alike: so no trend. Enter: who.");
}

static enum did insight_grid_act(struct screen *s, int action, int count)
{
	struct insight_grid *w = s->state;
	if (action == ACTION_OPEN && w->grid.rows) {
		int recency = GRID_SCORES - w->grid.row, frequency = w->grid.column + 1;
		struct drill_of of = {.drill = DRILL_CELL, .number = 10 * recency + frequency};
		snprintf(of.title, sizeof of.title, "Recency %d, frequency %d", recency, frequency);
		screen_open(s->ui, &insight_members_screen, &of);
		return DID;
	}
	if (action == ACTION_REFRESH) {
		load(s);
		return DID;
	}
	enum did did = grid_act(&w->grid, action, count);
	return did == NOT_MINE ? desk_act(s, action) : did;
}

static const char *insight_grid_disabled(const struct screen *s, int action)
{
	const struct insight_grid *w = s->state;
	return action == ACTION_OPEN && !w->grid.rows ? "there is no grid yet" : NULL;
}

static void grid_title(const struct screen *s, char *out, size_t size)
{
	(void)s;
	snprintf(out, size, "Recency and frequency");
}

static const int insight_grid_actions[] = {ACTION_OPEN, ACTION_REFRESH, DESK_EVERYWHERE, ACTION_NONE};

const struct screen_ops insight_grid_screen = {
	.name = "figure-grid",
	.help = "Customers by how long ago and how often they bought, in fifths",
	.size = sizeof(struct insight_grid),
	.rights = DESK_MAY_DECIDE,
	.actions = insight_grid_actions,
	.open = grid_open,
	.close = grid_close,
	.answer = grid_answer,
	.layout = insight_grid_layout,
	.draw = insight_grid_draw,
	.act = insight_grid_act,
	.disabled = insight_grid_disabled,
	.cancel = desk_cancel,
	.title = grid_title,
};
