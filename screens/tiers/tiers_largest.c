// The members whom a what-if changes most, each to be opened.
#include "model/amount.h"
#include "screens/tiers/tiers_state.h"
#include "screens/ui/list.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELL_NUMBER, CELL_NAME, CELL_TIER, CELL_POINTS, CELL_MONEY, CELLS, CELL_SIZE = 200 };

struct largest {
	struct list list;
	int count;
	int64_t member_ids[WHAT_IF_LARGEST];
	char cells[WHAT_IF_LARGEST][CELLS][CELL_SIZE];
	bool is_exact;
};

static const struct column columns[CELLS] = {
	[CELL_NUMBER] = {.title = "Member", .width = 9},
	[CELL_NAME] = {.title = "Name", .width = 18, .flex = 3},
	[CELL_TIER] = {.title = "Tier", .width = 15, .flex = 2},
	[CELL_POINTS] = {.title = "Points", .width = 18, .flex = 2, .priority = 1},
	[CELL_MONEY] = {.title = "Liability", .width = 10, .align = ALIGN_RIGHT},
};

static void largest_ask(struct list *l, const struct rows_request *request)
{
	const struct largest *v = l->payload;
	struct rows rows = {0};
	char key[24];
	for (int i = 0; request->ask == ROWS_FIRST && i < v->count; i++) {
		const char *cells[CELLS];
		for (int cell = 0; cell < CELLS; cell++)
			cells[cell] = v->cells[i][cell];
		snprintf(key, sizeof key, "%" PRId64, v->member_ids[i]);
		rows_add(&rows, key, ROLE_TEXT, cells, CELLS);
	}
	list_answer(l, request->ticket, &rows);
	l->at_end = true;
}

static const struct list_spec spec = {
	.columns = columns,
	.column_count = CELLS,
	.what = "members",
	.empty = "Nothing would change for anybody.",
	.ask = largest_ask,
};

static void member_keep(struct largest *v, const struct what_if_member *member, const char *money)
{
	char now[AMOUNT_SIZE], draft[AMOUNT_SIZE];
	char(*cells)[CELL_SIZE] = v->cells[v->count];
	v->member_ids[v->count++] = member->member_id;
	snprintf(cells[CELL_NUMBER], CELL_SIZE, "%" PRId64, member->number);
	snprintf(cells[CELL_NAME], CELL_SIZE, "%s", member->name);
	if (member->ladder)
		snprintf(cells[CELL_TIER], CELL_SIZE, "%s to %s", member->tier_now, member->tier_draft);
	if (member->currency)
		snprintf(cells[CELL_POINTS], CELL_SIZE, "%s to %s %s",
			amount_points(now, member->points_now, member->decimals, AMOUNT_PLAIN),
			amount_points(draft, member->points_draft, member->decimals, AMOUNT_PLAIN),
			member->currency);
	amount_money(now, member->money_change, money, AMOUNT_FIXED | AMOUNT_SIGNED);
	snprintf(cells[CELL_MONEY], CELL_SIZE, "%s", now);
}

static bool largest_open(struct screen *s, const void *argument)
{
	const struct what_if_result *result = argument;
	struct largest *v = s->state;
	v->is_exact = result->is_exact;
	for (int i = 0; i < result->largest_count; i++)
		member_keep(v, &result->largest[i], result->money);
	return list_init(&v->list, &spec, s, v);
}

static void largest_close(struct screen *s)
{
	desk_forget(s);
	list_free(&((struct largest *)s->state)->list);
}

static void largest_layout(struct screen *s, struct area a)
{
	list_layout(&((struct largest *)s->state)->list, area_rows(a, 1, a.height - 1));
}

static void largest_draw(const struct screen *s, struct area a)
{
	const struct largest *v = s->state;
	draw_text(a, 0, 1, a.width - 2, ROLE_HEADER,
		v->is_exact ? "The largest changes of all: by money, then points, then tiers"
			    : "ESTIMATE: the largest changes among the members drawn");
	list_draw(&v->list, area_rows(a, 1, a.height - 1));
}

static enum did largest_act(struct screen *s, int action, int count)
{
	struct largest *v = s->state;
	const char *key = list_selected_key(&v->list);
	if (action == ACTION_OPEN && key) {
		int64_t member_id = strtoll(key, NULL, 10);
		screen_open(s->ui, &member_screen, &member_id);
		return DID;
	}
	enum did did = list_act(&v->list, action, count);
	return did == NOT_MINE ? desk_act(s, action) : did;
}

static const char *largest_disabled(const struct screen *s, int action)
{
	const struct largest *v = s->state;
	return action == ACTION_OPEN && !list_selected_key(&v->list) ? "no member is selected" : NULL;
}

static enum did largest_click(struct screen *s, int y, int x, enum mouse_button button)
{
	return list_mouse(&((struct largest *)s->state)->list, y - 1, x, button);
}

static void largest_title(const struct screen *s, char *out, size_t size)
{
	(void)s;
	snprintf(out, size, "Largest changes");
}

static void largest_position(const struct screen *s, char *out, size_t size)
{
	list_position(&((const struct largest *)s->state)->list, out, size);
}

static const int largest_actions[] = {ACTION_OPEN, DESK_EVERYWHERE, ACTION_NONE};

const struct screen_ops largest_screen = {
	.name = "largest-changes",
	.help = "The members whom the rules tried would change most",
	.size = sizeof(struct largest),
	.actions = largest_actions,
	.open = largest_open,
	.close = largest_close,
	.layout = largest_layout,
	.draw = largest_draw,
	.act = largest_act,
	.mouse = largest_click,
	.disabled = largest_disabled,
	.title = largest_title,
	.position = largest_position,
};
