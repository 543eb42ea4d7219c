// What the screen of a campaign shows: its settings with signs for changes and mistakes, what they mean in
// words, the message as a member reads it, and how it runs.
#include "model/campaign/campaign_words.h"
#include "screens/campaigns/campaign_state.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Columns from which the words stand beside the grid, rows from which they stand under it.
enum { BESIDE_LEAST = 100, UNDER_LEAST = 15, MISTAKES_SHOWN = 8, LINE_SIZE = 400, WIDTH_MOST = 200 };

static enum grid_row_kind row_kind(const struct grid *g, int row, const char **label)
{
	const struct campaign_view *c = g->payload;
	*label = c->rows[row].label;
	return c->rows[row].heading ? GRID_HEADING : GRID_WIDE;
}

static const char *column_title(const struct grid *g, int column)
{
	(void)g, (void)column;
	return "";
}

static void show_cell(const struct grid *g, int row, int column, struct grid_cell *out)
{
	const struct campaign_view *c = g->payload;
	struct sheet_place place = c->rows[row].place;
	const char *value = sheet_value(&c->sheet, place);
	static char first[WIDTH_MOST];
	(void)column;
	snprintf(first, sizeof first, "%.*s", (int)strcspn(value, "\n"), value);
	*out = (struct grid_cell){.text = *first ? first : "-", .role = *first ? ROLE_TEXT : ROLE_DIM};
	if (campaign_error_at(c, place)) {
		out->sign = '!';
		out->role = ROLE_BAD;
	}
}

const struct grid_spec campaign_grid = {
	.corner = "",
	.label_width = 18,
	.column_width = 20,
	.empty = "Nothing to show.",
	.row = row_kind,
	.title = column_title,
	.cell = show_cell,
	.typed = campaign_typed,
};

static const char *path_words(const struct campaign_view *c, const char *path, char out[LINE_SIZE])
{
	struct sheet_place place;
	if (!sheet_find(path, &place))
		snprintf(out, LINE_SIZE, "%s", strncmp(path, "campaign.", 9) == 0 ? path + 9 : path);
	else if (place.prize >= 0 && place.prize < c->sheet.prize_count)
		snprintf(out, LINE_SIZE, "prize %.100s, %s", c->sheet.prizes[place.prize][0],
			SHEET_PRIZE[place.setting].label);
	else
		snprintf(out, LINE_SIZE, "%s", place.prize >= 0 ? "prizes" : SHEET[place.setting].label);
	return out;
}

static void add_mistakes(struct campaign_view *c)
{
	char words[LINE_SIZE];
	detail_format(&c->words, ROLE_BAD, 0, NULL,
		"%d %s to mend before it can be submitted (! marks the setting):", c->errors.count,
		c->errors.count == 1 ? "mistake" : "mistakes");
	for (int i = 0; i < c->errors.count && i < MISTAKES_SHOWN; i++)
		detail_format(&c->words, ROLE_TEXT, 2, NULL, "%s: %s",
			path_words(c, c->errors.errors[i].path, words), c->errors.errors[i].text);
}

static void add_sentences(struct screen *s)
{
	struct campaign_view *c = s->state;
	char *text = campaign_words(&c->campaign, desk_facts(s)),
	     *sample = campaign_sample(&c->campaign, desk_facts(s));
	for (char *line = text, *end; line && *line; line = end + 1) {
		end = line + strcspn(line, "\n");
		*end = '\0';
		detail_add(&c->words,
			strncmp(line, CAMPAIGN_ATTENTION, strlen(CAMPAIGN_ATTENTION)) == 0 ? ROLE_WARNING
											   : ROLE_TEXT,
			0, NULL, line);
	}
	if (sample) {
		detail_add(&c->words, ROLE_HEADER, 0, NULL, "\nThe message, as an invented member reads it:");
		detail_add(&c->words, ROLE_TEXT, 2, NULL, sample);
	}
	free(text);
	free(sample);
}

static void add_state(struct campaign_view *c)
{
	if (c->is_outdated)
		detail_add(&c->words, ROLE_WARNING, 0, NULL,
			"Others have changed this campaign since it was read. F5 reads it again.");
	if (c->result && *c->line.why)
		detail_format(&c->words, ROLE_WARNING, 0, NULL, "%s: %s",
			strcmp(c->line.state, "paused") == 0  ? "Paused"
			: strcmp(c->line.state, "ended") == 0 ? "Ended"
							      : "Sent back",
			c->line.why);
	if (c->result && c->line.revision_no && c->line.revision_no != c->line.last_revision_no)
		detail_format(&c->words, ROLE_WARNING, 0, NULL,
			"This is revision %d, %s; revision %d runs on until it is approved.",
			c->line.last_revision_no, c->line.last_state, c->line.revision_no);
}

void campaign_show_words(struct screen *s)
{
	struct campaign_view *c = s->state;
	detail_clear(&c->words);
	add_state(c);
	if (!c->is_read)
		return;
	if (c->errors.count > 0)
		add_mistakes(c);
	else if (desk_facts(s)->is_known)
		add_sentences(s);
}

// --- The screen.

static bool is_beside(struct area a)
{
	return a.width >= BESIDE_LEAST;
}

static int panel_height(struct area a)
{
	return is_beside(a) || a.height < UNDER_LEAST ? 0 : a.height * 2 / 5;
}

// Tabs, the line of its state, grid, line of the cell; the rest is the words'.
static struct area grid_area(struct area a)
{
	int panel = panel_height(a);
	struct area left = is_beside(a) ? area_columns(a, 0, a.width / 2 - 1) : a;
	return area_rows(left, 2, a.height - 3 - (panel ? panel + 1 : 0));
}

static struct area words_area(struct area a)
{
	int panel = panel_height(a);
	return is_beside(a) ? area_columns(area_rows(a, 2, a.height - 2), a.width / 2 + 1,
				      a.width - a.width / 2 - 2)
			    : area_columns(area_rows(a, a.height - panel, panel), 1, a.width - 2);
}

struct area campaign_tab_area(struct area a)
{
	return area_rows(a, 2, a.height - 2);
}

static struct area runs_area(struct area a)
{
	return area_columns(campaign_tab_area(a), 1, a.width - 2);
}

void campaign_show_layout(struct screen *s, struct area a)
{
	struct campaign_view *c = s->state;
	grid_layout(&c->grid, grid_area(a));
	detail_layout(&c->words, words_area(a));
	detail_layout(&c->runs, runs_area(a));
	campaign_dry_run_layout(c, campaign_tab_area(a));
	campaign_results_layout(c, campaign_tab_area(a));
}

static void state_line(const struct screen *s, struct area a)
{
	const struct campaign_view *c = s->state;
	bool is_changed = campaign_is_changed(c);
	if (!c->result)
		draw_text(a, 1, 1, a.width - 2, ROLE_WARNING, c->campaign_no ? "" : "NEW, not saved");
	else
		draw_format(a, 1, 1, a.width - 2, is_changed ? ROLE_WARNING : ROLE_HEADER,
			"%scampaign %d, %s, revision %d %s by %s", is_changed ? "CHANGED, not saved: " : "",
			c->line.campaign_no, c->line.state, c->line.last_revision_no, c->line.last_state,
			c->line.author);
}

// The line under the grid: about the setting under the cursor.
static void cell_line(const struct campaign_view *c, struct area a, int y)
{
	const struct campaign_row *row = campaign_row_at(c);
	if (!row)
		return;
	const struct document_error *error = campaign_error_at(c, row->place);
	if (*c->why || error)
		draw_format(a, y, 1, a.width - 2, ROLE_BAD, "! %s", *c->why ? c->why : error->text);
	else
		draw_text(a, y, 1, a.width - 2, ROLE_DIM,
			(row->place.prize < 0 ? &SHEET[row->place.setting] : &SHEET_PRIZE[row->place.setting])
				->help);
}

static void show_rules(const struct campaign_view *c, struct area a)
{
	struct area grid = grid_area(a);
	if (is_beside(a))
		draw_divider(area_rows(a, 2, a.height - 2), a.width / 2 - 1);
	else if (panel_height(a) > 0)
		draw_rule(a, a.height - panel_height(a) - 1,
			c->words.line_count > panel_height(a) ? "What it does (J and K scroll)"
							      : "What it does");
	if (is_beside(a) || panel_height(a) > 0)
		detail_draw(&c->words, words_area(a));
	grid_draw(&c->grid, grid); // last: the cursor stands on its cell
	cell_line(c, area_columns(a, 0, grid.width), 2 + grid.height);
}

void campaign_show(const struct screen *s, struct area a)
{
	const struct campaign_view *c = s->state;
	tabs_draw(&c->tabs, a, 0);
	if (!c->is_read && !c->result)
		return;
	state_line(s, a);
	if (c->tabs.current == TAB_RUNS)
		detail_draw(&c->runs, runs_area(a));
	else if (c->tabs.current == TAB_DRY_RUN)
		campaign_dry_run_draw(c, campaign_tab_area(a));
	else if (c->tabs.current == TAB_RESULTS)
		campaign_results_draw(c, campaign_tab_area(a));
	else if (c->is_read)
		show_rules(c, a);
}

enum did campaign_click(struct screen *s, int y, int x, enum mouse_button button)
{
	struct campaign_view *c = s->state;
	if (y == 0)
		return button == MOUSE_CLICK ? tabs_mouse(&c->tabs, x) : NOT_MINE;
	return c->tabs.current == TAB_RULES ? grid_mouse(&c->grid, y - 2, x, button) : NOT_MINE;
}
