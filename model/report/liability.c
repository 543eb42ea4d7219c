// The report liability: points that members have, what of them will be used, what they cost, and by month of
// issue what became of them.
#include "model/report/builders.h"

#include "model/amount.h"
#include "model/insight/breakdown.h"
#include "model/insight/formula.h"
#include "model/insight/history.h"
#include <math.h>

enum { CHART = 25 };

static void value_row(struct report *report, const struct history *h, int number)
{
	char text[FIGURE_TEXT], was_text[FIGURE_TEXT], change[FIGURE_TEXT];
	const struct figure *figure = &FIGURE[number];
	double now = history_value(h, figure, h->now), was = history_value(h, figure, h->now - WINDOW_LONG);
	report_text(report, figure->name);
	report_number(report, figure_text(figure, now, h->money, h->decimals, text), now);
	report_number(report, figure_text(figure, was, h->money, h->decimals, was_text), was);
	report_number(report, figure_change(figure, now, was, change), now - was);
	report_text(report, figure->definition);
}

static void values_add(struct report *report, const struct history *h)
{
	static const struct report_column columns[] = {{"figure", "Figure", COLUMN_TEXT},
		{"value", "Now", COLUMN_NUMBER}, {"year_before", "A year before", COLUMN_NUMBER},
		{"change", "Change", COLUMN_NUMBER}, {"definition", "What it is", COLUMN_TEXT}};
	static const int figures[] = {FIGURE_OPEN, FIGURE_LIABILITY_GROSS, FIGURE_LIABILITY, FIGURE_REDEMPTION,
		FIGURE_BREAKAGE_SIMPLE, FIGURE_BREAKAGE_REALISED, FIGURE_BREAKAGE_ULTIMATE};
	char note[FIGURE_USES + 200], uses[FIGURE_USES] = "";
	if (h->count)
		figure_uses_text(&FIGURE[FIGURE_LIABILITY], &h->at[h->count - 1], h->money, h->decimals, uses);
	snprintf(note, sizeof note, "Reckoned with: %s. A point costs what %s.", uses,
		!formula_is_none(h->said[SETTING_POINT_COST])
			? "the house says"
			: "the rewards on offer to everyone give for it at most");
	report_section(report, "values", "What is owed", note, columns, 5);
	for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
		value_row(report, h, figures[i]);
}

static void open_add(struct report *report, const struct history *h)
{
	report_section(report, "open", "Outstanding points", "", NULL, 0);
	report_chart(report, CHART_BARS, "at the end of each month, the last one so far", "", NAN);
	for (month_t month = h->now - CHART + 1; month <= h->now; month++) {
		char name[MONTH_TEXT];
		double open = history_value(h, &FIGURE[FIGURE_OPEN], month);
		report_point(report, month_text(month, name), open / pow(10, h->decimals), NAN, NAN);
	}
}

static void points(struct report *report, const struct history *h, int64_t value)
{
	char text[AMOUNT_SIZE];
	report_number(report, amount_points(text, value, h->decimals, AMOUNT_PLAIN),
		(double)value / pow(10, h->decimals));
}

static void share(struct report *report, double part, double whole)
{
	char text[32] = "";
	double value = formula_share(part, whole);
	if (!formula_is_none(value))
		snprintf(text, sizeof text, "%.1f %%", value * 100);
	report_number(report, text, value);
}

static bool cohorts_add(
	struct report *report, const struct history *h, struct session *session, struct error *error)
{
	static const struct report_column columns[] = {{"month", "Issued in", COLUMN_TEXT},
		{"granted", "Issued", COLUMN_NUMBER}, {"returned", "Taken back", COLUMN_NUMBER},
		{"redeemed", "Redeemed", COLUMN_NUMBER}, {"expired", "Expired", COLUMN_NUMBER},
		{"moved", "Sent on", COLUMN_NUMBER}, {"open", "Open", COLUMN_NUMBER},
		{"redeemed_share", "Redeemed", COLUMN_NUMBER},
		{"expired_share", "Breakage so far", COLUMN_NUMBER}};
	struct ask ask;
	cohorts_ask(&ask);
	struct result *result = ask_session(session, &ask, error);
	if (!result)
		return false;
	report_section(report, "cohorts", "By month of issue",
		"What became of the points of each month. Breakage is what expired of what was issued and "
		"not taken back; it ends where "
		"nothing is open.",
		columns, 9);
	for (int row = 0; row < result_rows(result); row++) {
		struct cohort c;
		char month[MONTH_TEXT];
		cohort_row(&c, result, row);
		report_text(report, month_text(c.month, month));
		const int64_t values[] = {c.granted, c.returned, c.redeemed, c.expired, c.moved, c.open};
		for (size_t i = 0; i < sizeof values / sizeof *values; i++)
			points(report, h, values[i]);
		share(report, (double)c.redeemed, (double)(c.granted - c.returned - c.moved));
		share(report, (double)c.expired, (double)(c.granted - c.returned - c.moved));
	}
	result_free(result);
	return true;
}

bool report_liability(struct report *report, struct session *session, struct error *error)
{
	struct history h;
	char subtitle[120], month[MONTH_TEXT];
	bool is_good = history_read(&h, session, error);
	snprintf(subtitle, sizeof subtitle, "%s, %s so far", is_good ? h.currency : "",
		is_good ? month_text(h.now, month) : "");
	report_init(report, "liability", "Points and what they cost", subtitle);
	if (is_good) {
		values_add(report, &h);
		open_add(report, &h);
		is_good = cohorts_add(report, &h, session, error);
	}
	history_free(&h);
	return is_good;
}
