// One version of the programme beside another: what differs, with a sign; all of it on request.
#include "model/programme/programme_sides.h"
#include "screens/tiers/tiers_state.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct compare {
	struct grid grid;
	struct programme_sides sides;
	char titles[2][40];
	int *rows; // numbers of the lines shown
	bool shows_all;
};

static const struct side_line *line_at(const struct grid *g, int row)
{
	const struct compare *c = g->payload;
	return &c->sides.lines[c->rows[row]];
}

static enum grid_row_kind row_kind(const struct grid *g, int row, const char **label)
{
	*label = line_at(g, row)->label;
	return line_at(g, row)->is_heading ? GRID_HEADING : GRID_CELLS;
}

static const char *side_title(const struct grid *g, int column)
{
	return ((const struct compare *)g->payload)->titles[column];
}

static void side_cell(const struct grid *g, int row, int column, struct grid_cell *out)
{
	static const char signs[] = {
		[TIER_SAME] = 0, [TIER_CHANGED] = '~', [TIER_ADDED] = '+', [TIER_GONE] = '-'};
	static const enum role roles[] = {[TIER_SAME] = ROLE_TEXT,
		[TIER_CHANGED] = ROLE_WARNING,
		[TIER_ADDED] = ROLE_GOOD,
		[TIER_GONE] = ROLE_BAD};
	const struct side_line *line = line_at(g, row);
	out->text = column == 0 ? line->left : line->right;
	out->align = ALIGN_LEFT;
	if (column == 1) {
		out->sign = signs[line->difference];
		out->role = roles[line->difference];
	}
}

static const struct grid_spec compare_grid = {
	.corner = "Setting",
	.label_width = 36,
	.column_width = 14,
	.empty = "Nothing differs. f shows all settings of the ladders.",
	.row = row_kind,
	.title = side_title,
	.cell = side_cell,
};

// Headings stand only where a line follows.
static void choose_rows(struct compare *c)
{
	int count = 0;
	for (int i = 0; i < c->sides.count; i++) {
		const struct side_line *line = &c->sides.lines[i];
		if (!line->is_heading && !c->shows_all && line->difference == TIER_SAME)
			continue;
		if (line->is_heading && count > 0 && c->sides.lines[c->rows[count - 1]].is_heading)
			count--;
		c->rows[count++] = i;
	}
	if (count > 0 && c->sides.lines[c->rows[count - 1]].is_heading)
		count--;
	grid_size(&c->grid, count, 2);
}

static bool compare_open(struct screen *s, const void *argument)
{
	const struct tiers_sides *sides = argument;
	struct compare *c = s->state;
	grid_init(&c->grid, &compare_grid, s, c);
	snprintf(c->titles[0], sizeof c->titles[0], "%s", sides->left);
	snprintf(c->titles[1], sizeof c->titles[1], "%s", sides->right);
	bool is_good = programme_sides_init(&c->sides, sides->left_text, sides->right_text);
	c->rows = is_good ? malloc((size_t)(c->sides.count + 1) * sizeof *c->rows) : NULL;
	if (c->rows) {
		choose_rows(c);
		return true;
	}
	programme_sides_free(&c->sides);
	screen_say(s, ROLE_BAD, "These versions cannot be compared");
	return false;
}

static void compare_close(struct screen *s)
{
	struct compare *c = s->state;
	free(c->rows);
	programme_sides_free(&c->sides);
	grid_free(&c->grid);
}

static void compare_layout(struct screen *s, struct area a)
{
	grid_layout(&((struct compare *)s->state)->grid, area_rows(a, 1, a.height - 1));
}

static void compare_draw(const struct screen *s, struct area a)
{
	const struct compare *c = s->state;
	draw_format(a, 0, 1, a.width - 2, ROLE_HEADER, "%d %s (~ changed, + added, - gone)%s",
		c->sides.differences, c->sides.differences == 1 ? "difference" : "differences",
		c->shows_all ? "; all settings" : "");
	grid_draw(&c->grid, area_rows(a, 1, a.height - 1));
}

static enum did compare_act(struct screen *s, int action, int count)
{
	struct compare *c = s->state;
	if (action == ACTION_SHOW_ALL) {
		c->shows_all = !c->shows_all;
		choose_rows(c);
		return DID;
	}
	enum did did = grid_act(&c->grid, action, count);
	return did == NOT_MINE ? desk_act(s, action) : did;
}

static enum did compare_click(struct screen *s, int y, int x, enum mouse_button button)
{
	return grid_mouse(&((struct compare *)s->state)->grid, y - 1, x, button);
}

static void compare_title(const struct screen *s, char *out, size_t size)
{
	(void)s;
	snprintf(out, size, "Compare");
}

static void compare_position(const struct screen *s, char *out, size_t size)
{
	grid_position(&((const struct compare *)s->state)->grid, out, size);
}

static const int compare_actions[] = {ACTION_SHOW_ALL, DESK_EVERYWHERE, ACTION_NONE};

const struct screen_ops compare_screen = {
	.name = "compare",
	.help = "One version of the programme beside another",
	.size = sizeof(struct compare),
	.actions = compare_actions,
	.open = compare_open,
	.close = compare_close,
	.layout = compare_layout,
	.draw = compare_draw,
	.act = compare_act,
	.mouse = compare_click,
	.title = compare_title,
	.position = compare_position,
};

static void compare_with(struct screen *s, int chosen, void *payload)
{
	(void)payload;
	struct tiers *t = s->state;
	struct programme_version version;
	struct ask ask;
	if (chosen >= result_rows(t->list))
		return;
	programme_version_read(t->list, chosen, &version);
	programme_version_get(&ask, version.version_no);
	desk_send(s, &(struct desk_request){.tag = TAG_COMPARE,
			     .what = "the version",
			     .asks = {&ask},
			     .is_read = true,
			     .replaces = true});
}

void tiers_compare(struct screen *s)
{
	const struct tiers *t = s->state;
	const struct programme_version *base = tiers_base(t);
	tiers_choose_version(s, "Compare with", base ? base->version_no : 0, compare_with);
}

void tiers_compare_read(struct screen *s, const struct answer *answer)
{
	const struct tiers *t = s->state;
	struct programme_version version;
	char left[40], right[40];
	if (!desk_good(s, answer, "reading the version"))
		return;
	if (result_rows(answer->results[0]) == 0) {
		screen_say(s, ROLE_WARNING, "There is no such version any more");
		return;
	}
	programme_version_read(answer->results[0], 0, &version);
	snprintf(left, sizeof left, "version %d", version.version_no);
	snprintf(right, sizeof right, programme_edit_changed(&t->edit) ? "as changed here" : "version %d",
		t->shown.version.version_no);
	screen_open(s->ui, &compare_screen,
		&(struct tiers_sides){.left = left,
			.right = right,
			.left_text = version.document,
			.right_text = t->edit.outline.text});
}
