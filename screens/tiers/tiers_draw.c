// What the Tiers screen shows: the version, the grid with its signs, what a change means for members.
#include "model/programme/tier_words.h"
#include "screens/tiers/tiers_state.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Rows of a screen from which the panel is shown; columns from which the what-if stands beside the grid.
enum { PANEL_LEAST = 15, BESIDE_LEAST = 130, BESIDE_WIDTH = 56, LINE_SIZE = 512 };

void tiers_version_words(const struct programme_version *version, char *out, size_t size)
{
	char day[DAY_WORDS];
	const char *when = version->is_in_force ? "in force since" : "from";
	day_words(version->effective_from, day);
	snprintf(out, size, "version %d, %s, %s %s, by %s%s%s", version->version_no, version->state_name,
		when, day, version->author, *version->remark ? ": " : "", version->remark);
}

// What stands above the grid.
static void version_line(const struct tiers *t, char *out, size_t size)
{
	char words[LINE_SIZE - 80];
	const struct programme_version *shown = &t->shown.version;
	tiers_version_words(shown, words, sizeof words);
	bool is_changed = tiers_is_changed(t);
	if (!is_changed)
		snprintf(out, size, "%s", words);
	else if (shown->state == VERSION_DRAFT && shown->is_mine)
		snprintf(out, size, "CHANGED, not saved: %s", words);
	else
		snprintf(out, size, "NEW, not saved, begun from %s", words);
}

static enum grid_row_kind row_kind(const struct grid *g, int row, const char **label)
{
	const struct tiers *t = g->payload;
	const struct tier_row *r = &t->table.rows[row];
	*label = r->label;
	return r->kind == TIER_HEADING ? GRID_HEADING : r->is_wide ? GRID_WIDE : GRID_CELLS;
}

static bool is_new_tier(const struct tiers *t, int column)
{
	return t->base_table.count > 0 && tier_table_tier(&t->base_table, t->table.tiers[column]) < 0;
}

static const char *column_title(const struct grid *g, int column)
{
	static char title[64];
	const struct tiers *t = g->payload;
	snprintf(title, sizeof title, "%s%.50s", is_new_tier(t, column) ? "+ " : "", t->table.names[column]);
	return title;
}

static bool is_wrong(const struct tiers *t, const struct tier_row *row, const struct tier_cell *cell)
{
	return (row->kind != TIER_SWITCH || cell->is_set) && row->kind != TIER_DATED
		       ? programme_edit_error(&t->edit, cell->path) != NULL
		       : cell->is_set && programme_edit_error(&t->edit, cell->path) != NULL;
}

static void show_cell(const struct grid *g, int row, int column, struct grid_cell *out)
{
	static const struct {
		char sign;
		enum role role;
	} looks[] = {[TIER_SAME] = {0, ROLE_TEXT},
		[TIER_CHANGED] = {'~', ROLE_WARNING},
		[TIER_ADDED] = {'+', ROLE_GOOD},
		[TIER_GONE] = {'-', ROLE_BAD}};
	const struct tiers *t = g->payload;
	const struct tier_row *r = &t->table.rows[row];
	const struct tier_cell *cell = &r->cells[column];
	const char *before;
	enum tier_difference difference = tier_table_compare(
		&t->table, row, column, t->base_table.count ? &t->base_table : NULL, &before);
	if (is_new_tier(t, column) && !r->is_wide)
		difference = TIER_SAME; // the column's title says so
	out->text = r->kind == TIER_SWITCH && !*cell->value ? "-" : cell->value;
	out->sign = looks[difference].sign;
	out->role = difference == TIER_SAME && !cell->is_set ? ROLE_DIM : looks[difference].role;
	out->align = r->is_wide ? ALIGN_LEFT : ALIGN_RIGHT;
	if (is_wrong(t, r, cell)) {
		out->sign = '!';
		out->role = ROLE_BAD;
	}
}

const struct grid_spec tiers_grid = {
	.corner = "",
	.label_width = 25,
	.column_width = 9,
	.empty = "No ladder in this version.",
	.row = row_kind,
	.title = column_title,
	.cell = show_cell,
	.typed = tiers_typed,
};

static void add_mistakes(struct tiers *t)
{
	const struct document_errors *errors = &t->edit.errors;
	char words[EDIT_PATH];
	detail_format(&t->words, ROLE_BAD, 0, NULL,
		"%d %s to mend before it can be saved (! marks the cell):", errors->count,
		errors->count == 1 ? "mistake" : "mistakes");
	for (int i = 0; i < errors->count && i < TIER_MISTAKES_SHOWN; i++) {
		tiers_path_words(t, errors->errors[i].path, words, sizeof words);
		detail_format(&t->words, ROLE_TEXT, 2, NULL, "%s: %s", words, errors->errors[i].text);
	}
}

static void add_sentences(struct tiers *t)
{
	day_t from = t->from != DAY_NONE ? t->from : tiers_default_day(t->screen);
	char *text = tier_words(&(struct tier_change_words){.before = t->base_programme,
		.after = t->edit.programme,
		.table_before = &t->base_table,
		.table_after = &t->table,
		.from = from});
	if (!text)
		return;
	if (t->from == DAY_NONE)
		detail_add(&t->words, ROLE_DIM, 0, NULL,
			"S asks for the first day. If it is the first of next month:");
	for (char *line = text, *end; *line; line = end + 1) {
		end = line + strcspn(line, "\n");
		*end = 0;
		detail_add(&t->words, strncmp(line, "ATTENTION", 9) == 0 ? ROLE_WARNING : ROLE_TEXT, 0, NULL,
			line);
	}
	free(text);
}

// Another ladder, or rules that are no tiers', may differ where this ladder does not.
static bool is_same(const struct tiers *t)
{
	return strcmp(t->edit.outline.text, t->base_outline.text) == 0;
}

void tiers_words(struct tiers *t)
{
	detail_clear(&t->words);
	if (!t->is_open)
		return;
	if (t->is_outdated)
		detail_add(&t->words, ROLE_WARNING, 0, NULL,
			"Others have changed the versions since this was read. c compares, F5 reads again.");
	if (t->edit.errors.count > 0)
		add_mistakes(t);
	else if (!t->base_programme)
		detail_add(
			&t->words, ROLE_TEXT, 0, NULL, "This is the first version: there is none before it.");
	else if (is_same(t))
		detail_add(&t->words, ROLE_DIM, 0, NULL,
			"Nothing is changed. What a change means for members is told here, in words for "
			"members.");
	else
		add_sentences(t);
}

// The line between grid and panel: about the cell under the cursor.
static void cell_line(const struct tiers *t, struct area a, int y)
{
	const struct tier_row *row = tiers_row(t);
	const struct tier_cell *cell = tiers_cell(t);
	const char *before;
	char was[LINE_SIZE] = "";
	if (!row)
		return;
	const struct document_error *error =
		is_wrong(t, row, cell) ? programme_edit_error(&t->edit, cell->path) : NULL;
	if (*t->why || error) {
		draw_format(a, y, 1, a.width - 2, ROLE_BAD, "! %s", *t->why ? t->why : error->text);
		return;
	}
	if (!is_new_tier(t, t->grid.column) &&
		tier_table_compare(&t->table, t->grid.row, t->grid.column,
			t->base_table.count ? &t->base_table : NULL, &before) != TIER_SAME)
		snprintf(was, sizeof was, "was %.60s in version %d. ", *before ? before : "nothing",
			tiers_base(t) ? tiers_base(t)->version_no : 0);
	draw_format(a, y, 1, a.width - 2, ROLE_DIM, "%s%s", was, row->help);
}

static int panel_height(struct area a)
{
	return a.height < PANEL_LEAST ? 0 : a.height / 3;
}

static bool is_beside(const struct tiers *t, struct area a)
{
	return t->trial.is_shown && a.width >= BESIDE_LEAST;
}

// All but the what-if beside it.
static struct area main_area(const struct tiers *t, struct area a)
{
	return is_beside(t, a) ? area_columns(a, 0, a.width - BESIDE_WIDTH - 1) : a;
}

// Tabs, version, grid, cell line, rule, panel.
static struct area grid_area(struct area a)
{
	int panel = panel_height(a);
	return area_rows(a, 2, a.height - 3 - (panel ? panel + 1 : 0));
}

static struct area words_area(struct area a)
{
	int panel = panel_height(a);
	return area_columns(area_rows(a, a.height - panel, panel), 1, a.width - 2);
}

static struct area trial_area(const struct tiers *t, struct area a)
{
	if (is_beside(t, a))
		return area_columns(
			area_rows(a, 1, a.height - 1), a.width - BESIDE_WIDTH + 1, BESIDE_WIDTH - 2);
	return panel_height(a) > 0 ? words_area(a) : grid_area(a);
}

void tiers_show_layout(struct screen *s, struct area a)
{
	struct tiers *t = s->state;
	grid_layout(&t->grid, grid_area(main_area(t, a)));
	detail_layout(&t->words, words_area(main_area(t, a)));
	detail_layout(&t->trial.lines, trial_area(t, a));
}

static void show_words(const struct tiers *t, struct area a)
{
	int panel = panel_height(a);
	bool is_long = t->words.line_count > panel;
	draw_rule(a, a.height - panel - 1,
		is_long ? "What it means for members (J and K scroll)" : "What it means for members");
	detail_draw(&t->words, words_area(a));
}

static void show_trial(const struct tiers *t, struct area a)
{
	char title[LINE_SIZE];
	tiers_what_if_title(t, title, sizeof title);
	if (is_beside(t, a)) {
		draw_divider(area_rows(a, 1, a.height - 1), a.width - BESIDE_WIDTH - 1);
		draw_rule(area_columns(a, a.width - BESIDE_WIDTH, BESIDE_WIDTH), 0, title);
	} else {
		draw_rule(a, panel_height(a) > 0 ? a.height - panel_height(a) - 1 : 1, title);
	}
	detail_draw(&t->trial.lines, trial_area(t, a));
}

void tiers_show(const struct screen *s, struct area a)
{
	const struct tiers *t = s->state;
	struct area main = main_area(t, a);
	char line[LINE_SIZE];
	tabs_draw(&t->tabs, main, 0);
	if (!t->is_open)
		return;
	version_line(t, line, sizeof line);
	draw_text(main, 1, 1, main.width - 2, tiers_is_changed(t) ? ROLE_WARNING : ROLE_HEADER, line);
	bool is_covered = t->trial.is_shown && panel_height(a) == 0 && !is_beside(t, a);
	if (panel_height(a) > 0 && (!t->trial.is_shown || is_beside(t, a)))
		show_words(t, main);
	cell_line(t, main, grid_area(main).height + 2);
	if (!is_covered)
		grid_draw(&t->grid, grid_area(main));
	if (t->trial.is_shown)
		show_trial(t, a);
}

enum did tiers_click(struct screen *s, int y, int x, enum mouse_button button)
{
	struct tiers *t = s->state;
	if (y > 0)
		return grid_mouse(&t->grid, y - 2, x, button);
	if (button != MOUSE_CLICK || tabs_mouse(&t->tabs, x) != DID)
		return NOT_MINE;
	tiers_rebuild(t);
	return DID;
}
