// Insights: every figure with its value, its trend and what it means; a baseline to compare with; the members
// behind it.
#include "model/insight/breakdown.h"
#include "model/insight/drill.h"
#include "model/insight/formula.h"
#include "model/insight/history.h"
#include "screens/desk.h"
#include "screens/insights/insights_state.h"
#include "screens/ui/detail.h"
#include "screens/ui/list.h"
#include "screens/ui/prompt.h"
#include "screens/ui/term.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TAG_LOAD = 1, TAG_PIN, TAG_RECOMPUTE };
enum { TREND = 13, TREND_TEXT = TREND * 3 + 1, FOOT_HEIGHT = 9, LABEL = 11, TIERS_MAX = 32 };
enum { RESULT_SIZES = HISTORY_STATEMENTS };

enum { CELL_FIGURE, CELL_NOW, CELL_BEFORE, CELL_SINCE, CELL_TREND, COLUMN_COUNT };
static const struct column columns[COLUMN_COUNT] = {
	[CELL_FIGURE] = {.title = "Figure", .width = 26, .flex = 1},
	[CELL_NOW] = {.title = "Now", .width = 12, .align = ALIGN_RIGHT},
	[CELL_BEFORE] = {.title = "Year before", .width = 12, .align = ALIGN_RIGHT, .priority = 2},
	[CELL_SINCE] = {.title = "Baseline", .width = 10, .align = ALIGN_RIGHT, .priority = 1},
	[CELL_TREND] = {.title = "13 months", .width = TREND},
};

struct insights {
	struct list list;
	struct detail detail; // of the selected figure
	struct history history;
	struct tier_row {
		int tier_id;
		char code[40];
	} tiers[TIERS_MAX];
	int tier_count;
	uint32_t ticket;
	bool is_stale;
	char *pinned; // texts of the request to pin, until it is answered
};

static void load(struct screen *s)
{
	struct insights *w = s->state;
	struct ask asks[HISTORY_STATEMENTS + 1];
	struct desk_request request = {.tag = TAG_LOAD, .what = "figures", .is_read = true};
	w->is_stale = desk_pending(s, TAG_LOAD) > 0;
	if (w->is_stale)
		return;
	history_ask(asks);
	tier_sizes_ask(&asks[RESULT_SIZES]);
	for (int i = 0; i <= HISTORY_STATEMENTS; i++)
		request.asks[i] = &asks[i];
	if (!desk_send(s, &request))
		list_failed(&w->list, w->ticket);
}

static void insights_ask_rows(struct list *l, const struct rows_request *request)
{
	struct insights *w = l->payload;
	struct rows none = {0};
	if (request->ask != ROWS_FIRST) { // all there are were read at once
		list_answer(l, request->ticket, &none);
		return;
	}
	w->ticket = request->ticket;
	load(l->screen);
}

// --- The selected figure in words.

static const struct figure *figure_selected(const struct insights *w)
{
	const char *key = list_selected_key(&w->list);
	return key ? figure_find(key) : NULL;
}

static void show_detail(struct list *l)
{
	struct insights *w = l->payload;
	const struct figure *figure = figure_selected(w);
	detail_clear(&w->detail);
	if (!figure) {
		if (list_selected(l))
			detail_add(&w->detail, ROLE_TEXT, LABEL, "Is",
				"Members of the tier now; who came into it over the last twelve months, from "
				"below and from above.");
		return;
	}
	bool is_missing = formula_is_none(history_value(&w->history, figure, w->history.now));
	if (is_missing && figure->missing)
		detail_format(&w->detail, ROLE_WARNING, LABEL, "Not known", "%s", figure->missing);
	detail_add(&w->detail, ROLE_TEXT, LABEL, "Is", figure->definition);
	detail_add(&w->detail, ROLE_TEXT, LABEL, "Reckoned", figure->source);
	detail_add(&w->detail, ROLE_TEXT, LABEL, "Window", figure->window);
	detail_add(&w->detail, ROLE_TEXT, LABEL, "Of", figure->population);
	if (figure->drill != DRILL_NONE)
		detail_format(&w->detail, ROLE_DIM, LABEL, "Enter", "the members behind it: %s",
			drill_words(figure->drill));
}

static const struct list_spec spec = {
	.columns = columns,
	.column_count = COLUMN_COUNT,
	.what = "figures",
	.empty = "Nothing was posted yet: there are no figures.",
	.ask = insights_ask_rows,
	.selected = show_detail,
};

// --- Rows.

static const char *trend_text(
	const struct history *history, const struct figure *figure, char out[TREND_TEXT])
{
	static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	static const char *const plain[] = {"_", ".", "-", ":", "=", "+", "*", "#"};
	double values[TREND], least = INFINITY, greatest = -INFINITY;
	for (int i = 0; i < TREND; i++) {
		values[i] = history_value(history, figure, history->now - TREND + 1 + i);
		least = fmin(least, values[i]);
		greatest = fmax(greatest, values[i]);
	}
	out[0] = '\0';
	for (int i = 0; i < TREND; i++) {
		int level = greatest > least ? (int)((values[i] - least) / (greatest - least) * 7) : 3;
		strcat(out, formula_is_none(values[i]) ? " " : (term_ascii() ? plain : blocks)[level]);
	}
	return out;
}

static bool add_figure(struct rows *rows, const struct history *h, const struct figure *figure)
{
	char now_text[FIGURE_TEXT], was_text[FIGURE_TEXT], since[FIGURE_TEXT], trend[TREND_TEXT];
	double now = history_value(h, figure, h->now), was = history_value(h, figure, h->now - WINDOW_LONG);
	double pinned = h->pinned[figure - FIGURE];
	int verdict = figure_verdict(figure, now, pinned);
	const char *cells[COLUMN_COUNT] = {figure->name,
		figure_text(figure, now, h->money, h->decimals, now_text),
		figure_text(figure, was, h->money, h->decimals, was_text),
		figure_change(figure, now, pinned, since), trend_text(h, figure, trend)};
	enum role role = formula_is_none(now) ? ROLE_DIM
			 : verdict > 0        ? ROLE_GOOD
			 : verdict < 0        ? ROLE_BAD
					      : ROLE_TEXT;
	return rows_add(rows, figure->code, role, cells, COLUMN_COUNT);
}

static bool add_tier(struct insights *w, struct rows *rows, const struct result *result, int row)
{
	struct tier_size size;
	char key[32], name[64], members[32], moved[64];
	tier_sizes_row(&size, result, row);
	if (row >= TIERS_MAX)
		return true;
	w->tiers[row].tier_id = size.tier_id;
	snprintf(w->tiers[row].code, sizeof w->tiers[row].code, "%s", size.code);
	w->tier_count = row + 1;
	snprintf(key, sizeof key, "tier/%d", row);
	snprintf(name, sizeof name, "Tier %.40s", size.code);
	list_count_text(size.members, false, members, sizeof members);
	snprintf(moved, sizeof moved, "+%" PRId64 " up, +%" PRId64 " down", size.up, size.down);
	const char *cells[COLUMN_COUNT] = {name, members, "", "", moved};
	return rows_add(rows, key, ROLE_TEXT, cells, COLUMN_COUNT);
}

static void take_load(struct screen *s, const struct answer *answer)
{
	struct insights *w = s->state;
	struct rows rows = {0};
	if (!desk_good(s, answer, "reading the figures")) {
		list_failed(&w->list, w->ticket);
		return;
	}
	history_free(&w->history);
	bool is_complete = history_take(&w->history, answer->results);
	const struct result *sizes = answer->results[RESULT_SIZES];
	w->tier_count = 0;
	for (int i = 0; i < FIGURES && is_complete && w->history.count; i++)
		is_complete = add_figure(&rows, &w->history, &FIGURE[i]);
	for (int row = 0; row < result_rows(sizes) && is_complete && w->history.count; row++)
		is_complete = add_tier(w, &rows, sizes, row);
	if (!is_complete)
		screen_say(s, ROLE_BAD, "Out of memory: not all figures are shown");
	list_answer(&w->list, w->ticket, &rows);
	w->list.at_end = true;
	show_detail(&w->list);
	if (w->is_stale)
		list_refresh(&w->list);
}

// --- Pinning, counting anew.

static void take_pin(struct screen *s, const struct answer *answer)
{
	struct insights *w = s->state;
	free(w->pinned);
	w->pinned = NULL;
	if (desk_good(s, answer, "pinning the baseline")) {
		screen_say(s, ROLE_GOOD, "Pinned: figures are compared with it from now on");
		list_refresh(&w->list);
	}
}

static void pin_named(struct screen *s, const char *name, void *payload)
{
	(void)payload;
	struct insights *w = s->state;
	struct ask ask;
	if (!desk_may_write(s) || w->pinned)
		return;
	w->pinned = history_pin_ask(&ask, &w->history, name);
	if (!w->pinned)
		screen_say(s, ROLE_BAD, "Out of memory: nothing was pinned");
	else if (!desk_send(s, &(struct desk_request){
				       .tag = TAG_PIN, .what = "pinning", .asks = {&ask}, .is_once = true})) {
		free(w->pinned);
		w->pinned = NULL;
	}
}

static void open_pin(struct screen *s)
{
	static const struct prompt_spec name = {
		.label = "Pin these figures as: ", .max = 60, .done = pin_named};
	if (desk_may_write(s))
		prompt_open(s, &name, NULL);
}

static void recompute(struct screen *s, void *payload)
{
	(void)payload;
	struct ask ask;
	ask_init(&ask, "SELECT loyalty.insight_job_ask('recompute')");
	desk_send(s, &(struct desk_request){.tag = TAG_RECOMPUTE, .what = "asking for it", .asks = {&ask}});
}

static void open_recompute(struct screen *s)
{
	if (desk_may_write(s))
		dialog_confirm(s,
			&(struct question){.title = "Count all figures anew?",
				.text = "A worker does it part by part, which takes a while; what is shown "
					"stays in sight.",
				.yes = "Count",
				.no = "Leave"},
			recompute, NULL);
}

// --- The screen.

static void insights_answer(struct screen *s, void *answer)
{
	const struct desk_news *news = answer;
	struct insights *w = s->state;
	if (news->kind == DESK_ANSWERED && news->tag == TAG_LOAD)
		take_load(s, news->answer);
	else if (news->kind == DESK_ANSWERED && news->tag == TAG_PIN)
		take_pin(s, news->answer);
	else if (news->kind == DESK_ANSWERED && desk_good(s, news->answer, "asking for a recount"))
		screen_say(s, ROLE_GOOD, "A worker counts all figures anew");
	else if (news->kind == DESK_CHANGED && news->channel != DESK_APPROVAL &&
		 news->channel != DESK_PROGRAMME)
		list_refresh(&w->list);
}

static bool insights_open(struct screen *s, const void *argument)
{
	(void)argument;
	struct insights *w = s->state;
	detail_init(&w->detail, s);
	return list_init(&w->list, &spec, s, w);
}

static void insights_close(struct screen *s)
{
	struct insights *w = s->state;
	desk_forget(s);
	history_free(&w->history);
	detail_free(&w->detail);
	list_free(&w->list);
	free(w->pinned);
}

static void insights_layout(struct screen *s, struct area a)
{
	struct insights *w = s->state;
	list_layout(&w->list, area_head(a, FOOT_HEIGHT));
	detail_layout(&w->detail, area_rows(area_foot(a, FOOT_HEIGHT), 1, FOOT_HEIGHT));
}

static void rule_text(const struct history *h, char *out, size_t size)
{
	char month[MONTH_TEXT], baseline[MONTH_TEXT], behind[64] = "", job[64] = "";
	if (h->behind)
		snprintf(behind, sizeof behind, ", %s%" PRId64 " members behind",
			h->behind >= 1000 ? "more than " : "", h->behind);
	if (*h->job)
		snprintf(job, sizeof job, ", %s %d of %d", h->job, h->job_done, h->job_parts);
	snprintf(out, size, "%s so far%s%s%s%s%s%s", month_text(h->now, month), behind, job,
		*h->baseline ? "; baseline " : "", h->baseline, *h->baseline ? " of " : "",
		*h->baseline ? month_text(h->baseline_month, baseline) : "");
}

static void insights_draw(const struct screen *s, struct area a)
{
	const struct insights *w = s->state;
	struct area foot = area_foot(a, FOOT_HEIGHT);
	char rule[200];
	rule_text(&w->history, rule, sizeof rule);
	list_draw(&w->list, area_head(a, FOOT_HEIGHT));
	draw_rule(foot, 0, w->history.count ? rule : NULL);
	detail_draw(&w->detail, area_rows(foot, 1, FOOT_HEIGHT));
}

static void open_drill(struct screen *s)
{
	const struct insights *w = s->state;
	const struct figure *figure = figure_selected(w);
	struct drill_of of = {.drill = DRILL_NONE};
	int tier;
	if (figure) {
		of.drill = figure->drill;
		snprintf(of.title, sizeof of.title, "%s", figure->name);
	} else if (list_selected_key(&w->list) &&
		   sscanf(list_selected_key(&w->list), "tier/%d", &tier) == 1 && tier >= 0 &&
		   tier < w->tier_count) {
		of = (struct drill_of){.drill = DRILL_TIER, .number = w->tiers[tier].tier_id};
		snprintf(of.title, sizeof of.title, "Tier %s", w->tiers[tier].code);
	}
	if (of.drill != DRILL_NONE)
		screen_open(s->ui, &insight_members_screen, &of);
}

static enum did insights_act(struct screen *s, int action, int count)
{
	struct insights *w = s->state;
	switch (action) {
	case ACTION_OPEN:
		open_drill(s);
		return DID;
	case ACTION_PIN_BASELINE:
		open_pin(s);
		return DID;
	case ACTION_SHOW_GRID:
		screen_open(s->ui, &insight_grid_screen, NULL);
		return DID;
	case ACTION_RECOMPUTE:
		open_recompute(s);
		return DID;
	}
	enum did did = list_act(&w->list, action, count);
	return did == NOT_MINE ? desk_act(s, action) : did;
}

static const char *insights_disabled(const struct screen *s, int action)
{
	const struct insights *w = s->state;
	if (action == ACTION_PIN_BASELINE && !w->history.count)
		return "there are no figures yet";
	return action == ACTION_OPEN && !list_selected(&w->list) ? "no figure is selected" : NULL;
}

static void insights_title(const struct screen *s, char *out, size_t size)
{
	(void)s;
	snprintf(out, size, "Figures");
}

static const int insights_actions[] = {ACTION_OPEN, ACTION_PIN_BASELINE, ACTION_SHOW_GRID, ACTION_RECOMPUTE,
	ACTION_REFRESH, DESK_EVERYWHERE, ACTION_NONE};

const struct screen_ops insights_screen = {
	.name = "figures",
	.help = "Retention, churn, lifetime value, breakage and the rest: now, a year before, since the "
		"baseline, and what each means",
	.size = sizeof(struct insights),
	.rights = DESK_MAY_DECIDE,
	.actions = insights_actions,
	.open = insights_open,
	.close = insights_close,
	.answer = insights_answer,
	.layout = insights_layout,
	.draw = insights_draw,
	.act = insights_act,
	.disabled = insights_disabled,
	.cancel = desk_cancel,
	.title = insights_title,
};
