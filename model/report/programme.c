// The report programme: all figures with their trends and what they mean, tiers, and the grid of customers.
#include "model/report/builders.h"

#include "model/amount.h"
#include "model/insight/breakdown.h"
#include "model/insight/formula.h"
#include "model/insight/history.h"
#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { TREND = 13, CHART = 25 };

static const struct report_column FIGURE_COLUMNS[] = {
	{"code", "Figure", COLUMN_TEXT},
	{"value", "Now", COLUMN_NUMBER},
	{"year_before", "A year before", COLUMN_NUMBER},
	{"change", "Change", COLUMN_NUMBER},
	{"baseline", "Baseline", COLUMN_NUMBER},
	{"trend", "13 months", COLUMN_TREND},
};

static void figure_row(struct report *report, const struct history *h, const struct figure *figure)
{
	char now_text[FIGURE_TEXT], was_text[FIGURE_TEXT], pinned_text[FIGURE_TEXT], change[FIGURE_TEXT];
	double now = history_value(h, figure, h->now), was = history_value(h, figure, h->now - WINDOW_LONG);
	double pinned = h->pinned[figure - FIGURE], trend[TREND];
	for (int i = 0; i < TREND; i++)
		trend[i] = history_value(h, figure, h->now - TREND + 1 + i);
	report_text(report, figure->name);
	report_number(report, figure_text(figure, now, h->money, h->decimals, now_text), now);
	report_number(report, figure_text(figure, was, h->money, h->decimals, was_text), was);
	report_verdict(
		report, figure_change(figure, now, was, change), now - was, figure_verdict(figure, now, was));
	report_number(report,
		*h->baseline ? figure_text(figure, pinned, h->money, h->decimals, pinned_text) : "", pinned);
	report_trend(report, trend, TREND);
}

static void figures_add(struct report *report, const struct history *h)
{
	char note[200], month[MONTH_TEXT];
	snprintf(note, sizeof note,
		"Windows end with the running month. What is not known has its reason below.%s%s%s%s%s",
		*h->baseline ? " The baseline is \"" : "", h->baseline, *h->baseline ? "\", of " : "",
		*h->baseline ? month_text(h->baseline_month, month) : "", *h->baseline ? "." : "");
	report_section(report, "figures", "Figures", note, FIGURE_COLUMNS,
		sizeof FIGURE_COLUMNS / sizeof *FIGURE_COLUMNS);
	for (int i = 0; i < FIGURES; i++)
		figure_row(report, h, &FIGURE[i]);
}

static void line_add(struct report *report, const struct history *h, const char *code, const char *title,
	int number, double scale, const char *unit)
{
	const struct figure *figure = &FIGURE[number];
	report_section(report, code, title, figure->definition, NULL, 0);
	report_chart(report, CHART_LINE, figure->window, unit, h->pinned[number] * scale);
	for (month_t month = h->now - CHART + 1; month <= h->now; month++) {
		char name[MONTH_TEXT];
		report_point(
			report, month_text(month, name), history_value(h, figure, month) * scale, NAN, NAN);
	}
}

static bool tiers_add(struct report *report, struct session *session, struct error *error)
{
	static const struct report_column columns[] = {{"tier", "Tier", COLUMN_TEXT},
		{"members", "Members", COLUMN_NUMBER}, {"up", "Came from below", COLUMN_NUMBER},
		{"down", "Came from above", COLUMN_NUMBER}};
	struct ask ask;
	tier_sizes_ask(&ask);
	struct result *result = ask_session(session, &ask, error);
	if (!result)
		return false;
	report_section(report, "tiers", "Tiers",
		"Members now, and who came into a tier in the last twelve months.", columns, 4);
	for (int row = 0; row < result_rows(result); row++) {
		struct tier_size size;
		char text[AMOUNT_SIZE];
		tier_sizes_row(&size, result, row);
		report_text(report, size.code);
		report_number(
			report, amount_points(text, size.members, 0, AMOUNT_PLAIN), (double)size.members);
		report_number(report, amount_points(text, size.up, 0, AMOUNT_PLAIN), (double)size.up);
		report_number(report, amount_points(text, size.down, 0, AMOUNT_PLAIN), (double)size.down);
	}
	result_free(result);
	return true;
}

static bool grid_add(struct report *report, struct session *session, struct error *error)
{
	static const struct report_column columns[] = {{"recency", "Recency", COLUMN_TEXT},
		{"f1", "F 1", COLUMN_SHADED}, {"f2", "F 2", COLUMN_SHADED}, {"f3", "F 3", COLUMN_SHADED},
		{"f4", "F 4", COLUMN_SHADED}, {"f5", "F 5", COLUMN_SHADED}};
	static const char *const recency[] = {"R 1: longest ago", "R 2", "R 3", "R 4", "R 5: just now"};
	struct customer_grid grid;
	struct ask ask;
	char note[200];
	customer_grid_ask(&ask);
	struct result *result = ask_session(session, &ask, error);
	if (!result)
		return false;
	customer_grid_take(&grid, result);
	result_free(result);
	if (!*grid.as_of)
		return true;
	snprintf(note, sizeof note,
		"%" PRId64 " customers of the last twelve months as of %s, by how long ago (R) and how often "
			   "(F) they bought, a fifth "
		"of the ranks each; who is alike scores alike.",
		grid.total, grid.as_of);
	report_section(report, "grid", "Recency and frequency", note, columns, 6);
	for (int r = GRID_SCORES - 1; r >= 0; r--) {
		report_text(report, recency[r]);
		for (int f = 0; f < GRID_SCORES; f++) {
			char text[AMOUNT_SIZE];
			report_number(report, amount_points(text, grid.members[r][f], 0, AMOUNT_PLAIN),
				(double)grid.members[r][f]);
		}
	}
	return true;
}

static void definitions_add(struct report *report, const struct history *h)
{
	static const struct report_column columns[] = {{"name", "Figure", COLUMN_TEXT},
		{"definition", "What it is", COLUMN_TEXT}, {"window", "Window", COLUMN_TEXT},
		{"population", "Of whom", COLUMN_TEXT}};
	report_section(report, "definitions", "What the figures mean", "", columns, 4);
	for (int i = 0; i < FIGURES; i++) {
		const struct figure *figure = &FIGURE[i];
		bool is_missing = figure->missing && formula_is_none(history_value(h, figure, h->now));
		char text[700];
		snprintf(text, sizeof text, "%s Reckoned as %s.%s%s%s", figure->definition, figure->source,
			is_missing ? " Not known yet: " : "", is_missing ? figure->missing : "",
			is_missing ? "." : "");
		report_text(report, figure->name);
		report_text(report, text);
		report_text(report, figure->window);
		report_text(report, figure->population);
	}
}

bool report_programme(struct report *report, struct session *session, struct error *error)
{
	struct history h;
	char subtitle[80], month[MONTH_TEXT];
	bool is_good = history_read(&h, session, error);
	snprintf(subtitle, sizeof subtitle, "%s so far", is_good ? month_text(h.now, month) : "");
	report_init(report, "programme", "The programme in figures", subtitle);
	if (is_good) {
		figures_add(report, &h);
		line_add(report, &h, "active", "Active members", FIGURE_ACTIVE_12, 100, " %");
		line_add(report, &h, "retention", "Retention", FIGURE_RETENTION, 100, " %");
		line_add(report, &h, "order_value", "Order value", FIGURE_ORDER_VALUE,
			pow(10, -amount_money_decimals(h.money)), "");
		is_good = tiers_add(report, session, error) && grid_add(report, session, error);
		definitions_add(report, &h);
	}
	history_free(&h);
	return is_good;
}
