// The rows of the figures, of the tiers and of movement between them, and each in words.
#include "model/amount.h"
#include "model/insight/formula.h"
#include "screens/insights/insights_state.h"
#include "screens/ui/term.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TREND_TEXT = TREND * 3 + 1, LABEL = 11 };

static const char *trend_text(const double values[TREND], char out[TREND_TEXT])
{
	static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	static const char *const plain[] = {"_", ".", "-", ":", "=", "+", "*", "#"};
	double least = INFINITY, greatest = -INFINITY;
	for (int i = 0; i < TREND; i++) {
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
	double pinned = h->pinned[figure - FIGURE], values[TREND];
	int verdict = figure_verdict(figure, now, pinned);
	for (int i = 0; i < TREND; i++)
		values[i] = history_value(h, figure, h->now - TREND + 1 + i);
	const char *cells[INSIGHT_CELLS] = {figure->name,
		figure_text(figure, now, h->money, h->decimals, now_text),
		figure_text(figure, was, h->money, h->decimals, was_text),
		figure_change(figure, now, pinned, since), trend_text(values, trend)};
	enum role role = formula_is_none(now) ? ROLE_DIM
			 : verdict > 0        ? ROLE_GOOD
			 : verdict < 0        ? ROLE_BAD
					      : ROLE_TEXT;
	return rows_add(rows, figure->code, role, cells, INSIGHT_CELLS);
}

static bool add_tier(struct insights *w, struct rows *rows, const struct result *result, int row)
{
	struct tier_size size;
	char key[32], name[64], members[32], trend[TREND_TEXT];
	tier_sizes_row(&size, result, row);
	if (row >= TIERS_MAX)
		return true;
	struct tier_row *tier = &w->tiers[row];
	tier->tier_id = size.tier_id;
	tier->up = size.up;
	tier->down = size.down;
	snprintf(tier->code, sizeof tier->code, "%s", size.code);
	w->tier_count = row + 1;
	snprintf(key, sizeof key, "tier/%d", row);
	snprintf(name, sizeof name, "Tier %.40s", size.code);
	list_count_text(size.members, false, members, sizeof members);
	const char *cells[INSIGHT_CELLS] = {name, members, "", "", trend_text(tier->arrivals, trend)};
	return rows_add(rows, key, ROLE_TEXT, cells, INSIGHT_CELLS);
}

static void arrivals_take(struct insights *w, const struct result *sizes, const struct result *arrivals)
{
	struct tier_size size;
	struct tier_arrival arrival;
	memset(w->tiers, 0, sizeof w->tiers);
	for (int row = 0; row < result_rows(arrivals); row++) {
		tier_arrival_row(&arrival, arrivals, row);
		int place = arrival.month - w->history.now + TREND - 1;
		for (int tier = 0; tier < result_rows(sizes) && tier < TIERS_MAX; tier++) {
			tier_sizes_row(&size, sizes, tier);
			if (size.tier_id == arrival.tier_id && place >= 0 && place < TREND)
				w->tiers[tier].arrivals[place] = (double)arrival.members;
		}
	}
}

// Those of the last twelve of thirteen months, and the month of a year before.
static bool add_movement(struct rows *rows, const struct result *result, bool is_up)
{
	char now[32], trend[TREND_TEXT];
	int64_t sum = 0;
	double values[TREND];
	for (int i = 0; i < TREND; i++)
		values[i] = FORMULA_NONE;
	for (int row = 0; row < result_rows(result) && row < TREND; row++) {
		struct tier_movement movement;
		tier_movement_row(&movement, result, row);
		int64_t members = is_up ? movement.up : movement.down;
		values[row] = (double)members;
		sum += row > 0 ? members : 0;
	}
	list_count_text(sum, false, now, sizeof now);
	const char *cells[INSIGHT_CELLS] = {
		is_up ? "Moved up a tier" : "Moved down a tier", now, "", "", trend_text(values, trend)};
	return rows_add(rows, is_up ? "moved/up" : "moved/down", ROLE_TEXT, cells, INSIGHT_CELLS);
}

bool insights_rows_add(struct insights *w, struct rows *rows, const struct answer *answer)
{
	const struct result *sizes = answer->results[RESULT_SIZES], *movement = answer->results[RESULT_MOVEMENT];
	bool is_good = true;
	w->tier_count = 0;
	if (w->history.count == 0)
		return true;
	arrivals_take(w, sizes, answer->results[RESULT_ARRIVALS]);
	for (int i = 0; i < FIGURES && is_good; i++)
		is_good = add_figure(rows, &w->history, &FIGURE[i]);
	for (int row = 0; row < result_rows(sizes) && is_good; row++)
		is_good = add_tier(w, rows, sizes, row);
	return is_good && add_movement(rows, movement, true) && add_movement(rows, movement, false);
}

// --- The selected row.

const struct figure *insights_selected(const struct insights *w)
{
	const char *key = list_selected_key(&w->list);
	return key ? figure_find(key) : NULL;
}

static const struct tier_row *tier_selected(const struct insights *w)
{
	const char *key = list_selected_key(&w->list);
	int tier;
	bool is_tier = key && sscanf(key, "tier/%d", &tier) == 1 && tier >= 0 && tier < w->tier_count;
	return is_tier ? &w->tiers[tier] : NULL;
}

struct drill_of insights_drill(const struct insights *w)
{
	const struct figure *figure = insights_selected(w);
	const struct tier_row *tier = tier_selected(w);
	const char *key = list_selected_key(&w->list);
	struct drill_of of = {.drill = DRILL_NONE};
	if (figure)
		of.drill = figure->drill;
	else if (tier)
		of = (struct drill_of){.drill = DRILL_TIER, .number = tier->tier_id};
	else if (key)
		of.drill = strcmp(key, "moved/up") == 0 ? DRILL_UP : DRILL_DOWN;
	snprintf(of.title, sizeof of.title, "%s%.50s",
		tier ? "Tier "
		     : "",
		figure ? figure->name
		: tier ? tier->code
		: of.drill == DRILL_UP ? "Moved up a tier"
				       : "Moved down a tier");
	return of;
}

static void detail_other(struct insights *w)
{
	struct detail *d = &w->detail;
	const struct tier_row *tier = tier_selected(w);
	if (tier) {
		detail_add(d, ROLE_TEXT, LABEL, "Is", "Members of the tier now, of the first ladder.");
		detail_format(d, ROLE_TEXT, LABEL, "Movement",
			"over the last twelve months %" PRId64 " came from below, %" PRId64 " from above", tier->up,
			tier->down);
		detail_add(d, ROLE_TEXT, LABEL, "Trend", "who came into it in each month, new members too");
	} else {
		detail_add(d, ROLE_TEXT, LABEL, "Is", "Changes of tier over the last twelve months, on all ladders.");
		detail_add(d, ROLE_TEXT, LABEL, "Trend", "changes in each month");
	}
	detail_add(d, ROLE_TEXT, LABEL, "Baseline", "holds figures, not tiers");
	detail_format(d, ROLE_DIM, LABEL, "Enter", "the members behind it: %s", drill_words(insights_drill(w).drill));
}

void insights_detail(struct insights *w, const struct figure *figure)
{
	struct detail *d = &w->detail;
	const struct history *h = &w->history;
	char uses[FIGURE_USES];
	detail_clear(d);
	if (!list_selected(&w->list) || h->count == 0)
		return;
	if (!figure) {
		detail_other(w);
		return;
	}
	if (formula_is_none(history_value(h, figure, h->now)) && figure->missing)
		detail_format(d, ROLE_WARNING, LABEL, "Not known", "press s, or %s", figure->missing);
	detail_add(d, ROLE_TEXT, LABEL, "Is", figure->definition);
	detail_add(d, ROLE_TEXT, LABEL, "Reckoned", figure->source);
	if (figure->uses)
		detail_add(d, ROLE_TEXT, LABEL, "With",
			figure_uses_text(figure, &h->at[h->count - 1], h->money, h->decimals, uses));
	detail_add(d, ROLE_TEXT, LABEL, "Window", figure->window);
	detail_add(d, ROLE_TEXT, LABEL, "Of", figure->population);
	if (figure->drill != DRILL_NONE)
		detail_format(d, ROLE_DIM, LABEL, "Enter", "the members behind it: %s",
			drill_words(figure->drill));
}
