// Insights: every figure with its value, its trend and what it means; a baseline to compare with; the members
// behind it.
#include "model/insight/formula.h"
#include "model/insight/recompute.h"
#include "screens/insights/insights_state.h"
#include "screens/ui/prompt.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { TAG_LOAD = 1, TAG_PIN, TAG_RECOMPUTE, TAG_SETTINGS };
enum { FOOT_HEIGHT = 9 };

static const struct column columns[INSIGHT_CELLS] = {
	[CELL_FIGURE] = {.title = "Figure", .width = 26, .flex = 1},
	[CELL_NOW] = {.title = "Now", .width = 12, .align = ALIGN_RIGHT},
	[CELL_BEFORE] = {.title = "Year before", .width = 12, .align = ALIGN_RIGHT, .priority = 2},
	[CELL_SINCE] = {.title = "Baseline", .width = 10, .align = ALIGN_RIGHT, .priority = 1},
	[CELL_TREND] = {.title = "13 months", .width = TREND},
};

static void load(struct screen *s)
{
	struct insights *w = s->state;
	struct ask asks[RESULT_RULEBOOK + RULEBOOK_STATEMENTS];
	struct desk_request request = {.tag = TAG_LOAD, .what = "figures", .is_read = true};
	w->is_stale = desk_pending(s, TAG_LOAD) > 0;
	if (w->is_stale)
		return;
	history_ask(asks);
	tier_sizes_ask(&asks[RESULT_SIZES]);
	tier_arrivals_ask(&asks[RESULT_ARRIVALS]);
	tier_movement_ask(&asks[RESULT_MOVEMENT]);
	for (int i = 0; i < RESULT_RULEBOOK; i++)
		request.asks[i] = &asks[i];
	desk_rulebook_ask(desk_of(s), &asks[RESULT_RULEBOOK], &request.asks[RESULT_RULEBOOK]);
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

static void show_detail(struct list *l)
{
	struct insights *w = l->payload;
	insights_detail(w, insights_selected(w));
}

static const struct list_spec spec = {
	.columns = columns,
	.column_count = INSIGHT_CELLS,
	.what = "figures",
	.empty = "Nothing was posted yet: there are no figures.",
	.ask = insights_ask_rows,
	.selected = show_detail,
};

static void take_load(struct screen *s, const struct answer *answer)
{
	struct insights *w = s->state;
	struct rows rows = {0};
	if (!desk_good(s, answer, "reading the figures")) {
		list_failed(&w->list, w->ticket);
		return;
	}
	history_free(&w->history);
	struct error error;
	if (answer->count > RESULT_RULEBOOK &&
		!desk_rulebook_take(desk_of(s), &answer->results[RESULT_RULEBOOK], &error))
		desk_say_error(s, "reading the programme", &error);
	bool is_complete = history_take(&w->history, answer->results);
	history_price(&w->history, desk_of(s)->rulebook);
	is_complete = is_complete && insights_rows_add(w, &rows, answer);
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
	recompute_ask(&ask);
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
	else if (news->kind == DESK_ANSWERED && news->tag == TAG_SETTINGS)
		insight_settings_taken(s, news->answer);
	else if (news->kind == DESK_ANSWERED && desk_good(s, news->answer, "asking for a recount"))
		screen_say(s, ROLE_GOOD, "A worker counts all figures anew");
	else if (news->kind == DESK_CHANGED && // what a posting could not count itself comes with DESK_INSIGHT
		 (news->channel == DESK_MEMBER || news->channel == DESK_INSIGHT || news->channel == DESK_CASE ||
			 news->channel == DESK_PROGRAMME || news->channel == DESK_EVERYTHING))
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
	struct drill_of of = insights_drill(s->state);
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
	case ACTION_SHOW_COHORTS:
		screen_open(s->ui, &insight_cohorts_screen, NULL);
		return DID;
	case ACTION_SET_FIGURES:
		insight_settings_open(s, TAG_SETTINGS);
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
	if ((action == ACTION_PIN_BASELINE || action == ACTION_SET_FIGURES) && !w->history.count)
		return "there are no figures yet";
	return action == ACTION_OPEN && !list_selected(&w->list) ? "no figure is selected" : NULL;
}

static void insights_title(const struct screen *s, char *out, size_t size)
{
	(void)s;
	snprintf(out, size, "Figures");
}

static const int insights_actions[] = {ACTION_OPEN, ACTION_PIN_BASELINE, ACTION_SHOW_GRID, ACTION_SHOW_COHORTS, ACTION_SET_FIGURES,
	ACTION_RECOMPUTE,
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
