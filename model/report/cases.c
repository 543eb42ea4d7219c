// The report cases: what was opened and resolved by month, how it ended, how long it took, and why members
// came.
#include "model/report/builders.h"

#include "model/amount.h"
#include "model/insight/formula.h"
#include <math.h>
#include <stdio.h>

enum { MONTH, OPENED, RESOLVED, KEPT, LOST, NOT_AT_RISK, ANSWER_HOURS, SOLUTION_HOURS };

static const struct report_column MONTH_COLUMNS[] = {
	{"month", "Month", COLUMN_TEXT},
	{"opened", "Opened", COLUMN_NUMBER},
	{"resolved", "Resolved", COLUMN_NUMBER},
	{"kept", "Kept", COLUMN_NUMBER},
	{"lost", "Lost", COLUMN_NUMBER},
	{"not_at_risk", "Not at risk", COLUMN_NUMBER},
	{"save_rate", "Save rate", COLUMN_NUMBER},
	{"answer_hours", "First answer, h", COLUMN_NUMBER},
	{"solution_hours", "Solution, h", COLUMN_NUMBER},
};

static void count(struct report *report, const struct result *result, int row, int column)
{
	char text[AMOUNT_SIZE];
	int64_t value = result_int64(result, row, column);
	report_number(report, amount_points(text, value, 0, AMOUNT_PLAIN), (double)value);
}

static void measured(struct report *report, double value, double scale, const char *unit)
{
	char text[32] = "";
	if (!formula_is_none(value))
		snprintf(text, sizeof text, "%.1f%s", value * scale, unit);
	report_number(report, text, value);
}

static double hours(const struct result *result, int row, int column)
{
	return result_is_null(result, row, column) ? FORMULA_NONE : result_double(result, row, column);
}

static double saved(const struct result *result, int row)
{
	double kept = (double)result_int64(result, row, KEPT);
	return formula_share(kept, kept + (double)result_int64(result, row, LOST));
}

static void months_add(struct report *report, const struct result *result)
{
	report_section(report, "months", "By month, the last one so far",
		"Opened by the day of opening, the rest by the day of resolving; hours are medians, of all "
		"hours of the day. The save rate "
		"is kept / (kept and lost): members at risk who stayed.",
		MONTH_COLUMNS, sizeof MONTH_COLUMNS / sizeof *MONTH_COLUMNS);
	report_chart(report, CHART_LINE, "Save rate", " %", NAN);
	for (int row = 0; row < result_rows(result); row++)
		report_point(report, result_text(result, row, MONTH), saved(result, row) * 100, NAN, NAN);
	for (int row = result_rows(result) - 1; row >= 0; row--) {
		report_text(report, result_text(result, row, MONTH));
		for (int column = OPENED; column <= NOT_AT_RISK; column++)
			count(report, result, row, column);
		measured(report, saved(result, row), 100, " %");
		measured(report, hours(result, row, ANSWER_HOURS), 1, "");
		measured(report, hours(result, row, SOLUTION_HOURS), 1, "");
	}
}

static void causes_add(struct report *report, const struct result *result)
{
	static const struct report_column columns[] = {{"cause", "Cause", COLUMN_TEXT},
		{"resolved", "Resolved", COLUMN_NUMBER}, {"kept", "Kept", COLUMN_NUMBER},
		{"lost", "Lost", COLUMN_NUMBER}};
	report_section(report, "causes", "Causes", "The twenty most frequent of the last twelve months.",
		columns, 4);
	for (int row = 0; row < result_rows(result); row++) {
		report_text(report, result_text(result, row, 0));
		for (int column = 1; column <= 3; column++)
			count(report, result, row, column);
	}
}

bool report_cases(struct report *report, struct session *session, struct error *error)
{
	struct result *months =
		session_ask(session, error, "SELECT * FROM loyalty.report_case_months(13)", 0);
	struct result *causes =
		months ? session_ask(session, error, "SELECT * FROM loyalty.report_case_causes(12)", 0)
		       : NULL;
	bool is_good = causes != NULL;
	char subtitle[40];
	snprintf(subtitle, sizeof subtitle, "%s so far",
		is_good && result_rows(months) ? result_text(months, result_rows(months) - 1, 0) : "");
	report_init(report, "cases", "Cases", subtitle);
	if (is_good) {
		months_add(report, months);
		causes_add(report, causes);
	}
	result_free(months);
	result_free(causes);
	return is_good;
}
