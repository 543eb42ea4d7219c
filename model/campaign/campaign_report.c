// Puts the results of a campaign into words, tables and a chart.
#include "model/campaign/campaign_report.h"
#include "model/amount.h"
#include "model/engine/decimal.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TEXT = 64 };

enum unit { UNIT_SHARE, UNIT_NUMBER, UNIT_MONEY, UNIT_SCORE };

// good: which way is, 1 up, -1 down.
static const struct {
	const char *name;
	enum unit unit;
	int good;
} figures[FIGURES] = {
	[FIGURE_BOUGHT] = {"members who bought again", UNIT_SHARE, 1},
	[FIGURE_PURCHASES] = {"purchases of a member", UNIT_NUMBER, 1},
	[FIGURE_SPENT] = {"spent by a member", UNIT_MONEY, 1},
	[FIGURE_NPS] = {"NPS of those who answered", UNIT_SCORE, 1},
	[FIGURE_CASES] = {"members who opened a case", UNIT_SHARE, -1},
	[FIGURE_OPT_OUTS] = {"members who took back their consent", UNIT_SHARE, -1},
};

static const struct report_column figure_columns[] = {
	{"figure", "", COLUMN_TEXT},
	{"received", "received", COLUMN_NUMBER},
	{"held_out", "held out", COLUMN_NUMBER},
	{"difference", "difference", COLUMN_NUMBER},
	{"low", "95 %: from", COLUMN_NUMBER},
	{"high", "to", COLUMN_NUMBER},
	{"change", "that is", COLUMN_NUMBER},
	{"more_than_chance", "more than chance", COLUMN_TEXT},
};
enum { FIGURE_COLUMNS = sizeof figure_columns / sizeof *figure_columns };

static const struct report_column cost_columns[] = {
	{"what", "", COLUMN_TEXT}, {"is", "", COLUMN_NUMBER}, {"note", "", COLUMN_TEXT}};

static const struct report_column day_columns[] = {
	{"day", "day", COLUMN_NUMBER},
	{"received", "received", COLUMN_NUMBER},
	{"held_out", "held out", COLUMN_NUMBER},
	{"difference", "difference", COLUMN_NUMBER},
	{"low", "95 %: from", COLUMN_NUMBER},
	{"high", "to", COLUMN_NUMBER},
};
enum { DAY_COLUMNS = sizeof day_columns / sizeof *day_columns };

static double shown(enum unit unit, double value)
{
	return unit == UNIT_SHARE ? 100 * value : value;
}

static const char *value_text(enum unit unit, double value, bool is_signed, const char *money, char out[TEXT])
{
	switch (unit) {
	case UNIT_SHARE:
		snprintf(out, TEXT, is_signed ? "%+.1f" : "%.1f %%", 100 * value);
		break;
	case UNIT_MONEY:
		amount_money(out, llround(value), money, is_signed ? AMOUNT_SIGNED : AMOUNT_PLAIN);
		break;
	case UNIT_NUMBER:
		snprintf(out, TEXT, is_signed ? "%+.2f" : "%.2f", value);
		break;
	case UNIT_SCORE:
		snprintf(out, TEXT, is_signed ? "%+.1f" : "%.1f", value);
		break;
	}
	return out;
}

static void value_add(
	struct report *report, bool is_known, enum unit unit, double value, bool is_signed, const char *money)
{
	char text[TEXT];
	if (is_known)
		report_number(report, value_text(unit, value, is_signed, money, text), shown(unit, value));
	else
		report_number(report, "n < 30", NAN);
}

static void interval_add(struct report *report, bool is_known, enum unit unit,
	const struct interval *interval, const char *money)
{
	char text[TEXT];
	double values[] = {interval->value, interval->low, interval->high};
	for (int i = 0; i < 3; i++)
		report_number(report, is_known ? value_text(unit, values[i], true, money, text) : "",
			is_known ? shown(unit, values[i]) : NAN);
}

static void figure_add(
	struct report *report, const struct campaign_report_source *source, enum results_figure figure)
{
	char change[TEXT] = "";
	struct results_comparison c = results_compare(source->results, figure);
	enum unit unit = figures[figure].unit;
	int verdict = !c.tells ? 0 : c.difference.value > 0 ? figures[figure].good : -figures[figure].good;
	report_text(report, figures[figure].name);
	value_add(report, c.is_received_known, unit, c.received, false, source->money);
	value_add(report, c.is_held_out_known, unit, c.held_out, false, source->money);
	interval_add(report, c.is_known, unit, &c.difference, source->money);
	if (c.is_known && !isnan(c.change))
		snprintf(change, sizeof change, "%+.0f %%", 100 * c.change);
	report_number(report, change, c.is_known ? 100 * c.change : NAN);
	report_verdict(report, !c.is_known ? "" : c.tells ? "yes" : "no", NAN, verdict);
}

static void count_add(struct report *report, const char *name, int64_t received, int64_t held_out)
{
	char text[TEXT];
	report_text(report, name);
	snprintf(text, sizeof text, "%" PRId64, received);
	report_number(report, text, (double)received);
	snprintf(text, sizeof text, "%" PRId64, held_out);
	report_number(report, text, (double)held_out);
	for (int i = 0; i < 4; i++)
		report_number(report, "", NAN);
	report_text(report, "");
}

static void figures_add(struct report *report, const struct campaign_report_source *source)
{
	char title[120];
	const struct campaign_results *results = source->results;
	snprintf(title, sizeof title, "In the %d days after", source->days);
	report_section(report, "figures", title,
		"A member counts once, by their first decision. Intervals: Newcombe's of shares, Welch's of means.",
		figure_columns, FIGURE_COLUMNS);
	count_add(report, "members", results->received.members, results->held_out.members);
	count_add(report, "of these, days over", results->received.over, results->held_out.over);
	for (enum results_figure figure = 0; figure < FIGURES; figure++)
		figure_add(report, source, figure);
}

static void cost_line(
	struct report *report, const char *what, const char *text, double value, const char *note)
{
	report_text(report, what);
	report_number(report, text, value);
	report_text(report, note);
}

static void price_add(struct report *report, const struct campaign_report_source *source)
{
	char text[AMOUNT_SIZE], low[AMOUNT_SIZE], high[AMOUNT_SIZE], note[2 * AMOUNT_SIZE + 40];
	struct interval minor;
	bool is_known = results_compare(source->results, FIGURE_PURCHASES).is_known;
	if (!results_cost(source->results, &minor)) {
		cost_line(report, "cost of one purchase more", "", NAN,
			is_known ? "cannot be told: the purchases may be no more than chance"
				 : "cannot be told: n < 30");
		return;
	}
	snprintf(note, sizeof note, "95 %%: %s to %s",
		amount_money(low, llround(minor.low), source->money, AMOUNT_PLAIN),
		amount_money(high, llround(minor.high), source->money, AMOUNT_PLAIN));
	cost_line(report, "cost of one purchase more",
		amount_money(text, llround(minor.value), source->money, AMOUNT_PLAIN), minor.value, note);
}

static void cost_add(struct report *report, const struct campaign_report_source *source)
{
	char text[AMOUNT_SIZE + 40], amount[AMOUNT_SIZE];
	const struct results_group *received = &source->results->received;
	report_section(report, "cost", "What it cost", "", cost_columns, 3);
	snprintf(text, sizeof text, "%" PRId64, source->grants);
	cost_line(report, "prizes given so far", text, (double)source->grants, "");
	cost_line(report, "money, of the members above",
		amount_money(amount, received->minor, source->money, AMOUNT_PLAIN), (double)received->minor,
		"");
	if (*source->currency) {
		snprintf(text, sizeof text, "%s %s",
			amount_points(amount, received->points, source->decimals, AMOUNT_PLAIN),
			source->currency);
		cost_line(report, "points, of the members above", text,
			(double)received->points / (double)decimal_power(source->decimals), "");
	}
	price_add(report, source);
}

static void day_add(struct report *report, const struct campaign_report_source *source, int day)
{
	char text[TEXT];
	int64_t n1 = source->results->received.over, n2 = source->results->held_out.over;
	struct interval difference =
		proportion_difference(source->received[day], n1, source->held_out[day], n2);
	snprintf(text, sizeof text, "%d", day);
	report_number(report, text, day);
	value_add(report, true, UNIT_SHARE, (double)source->received[day] / (double)n1, false, "");
	value_add(report, true, UNIT_SHARE, (double)source->held_out[day] / (double)n2, false, "");
	interval_add(report, true, UNIT_SHARE, &difference, "");
}

// Only where both groups are large enough.
static void days_add(struct report *report, const struct campaign_report_source *source)
{
	char text[TEXT];
	int64_t n1 = source->results->received.over, n2 = source->results->held_out.over;
	if (n1 < SAMPLE_LEAST || n2 < SAMPLE_LEAST)
		return;
	report_section(
		report, "days", "Who had bought again, by the end of each day", "", day_columns, DAY_COLUMNS);
	for (int day = 1; day <= source->days; day++)
		day_add(report, source, day);
	report_chart(report, CHART_LINE,
		"Received less held out, in points of per cent, with what holds 95 %", "", 0);
	for (int day = 1; day <= source->days; day++) {
		struct interval difference =
			proportion_difference(source->received[day], n1, source->held_out[day], n2);
		snprintf(text, sizeof text, "%d", day);
		report_point(
			report, text, 100 * difference.value, 100 * difference.low, 100 * difference.high);
	}
}

void campaign_report_make(struct report *report, const struct campaign_report_source *source)
{
	char title[200], subtitle[200];
	snprintf(title, sizeof title, "Campaign %d: %s", source->campaign_no, source->name);
	snprintf(subtitle, sizeof subtitle, "%s, %s; %" PRId64 " decisions, %" PRId64 " prizes given",
		source->code, source->state, source->decisions, source->grants);
	report_init(report, "campaign_results", title, subtitle);
	figures_add(report, source);
	cost_add(report, source);
	days_add(report, source);
}
