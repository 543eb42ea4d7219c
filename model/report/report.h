// A report: sections with a table each, and a chart where one helps, written as text, CSV, JSON or one HTML
// page.
#ifndef MODEL_REPORT_REPORT_H
#define MODEL_REPORT_REPORT_H
#include <stdbool.h>
#include <stdio.h>

enum report_format { REPORT_TEXT, REPORT_CSV, REPORT_JSON, REPORT_HTML, REPORT_FORMATS };

enum report_column_kind {
	COLUMN_TEXT,
	COLUMN_NUMBER, // has a number behind its text, which CSV and JSON write
	COLUMN_SHADED, // a number whose share of the column's greatest shades its cell in HTML
	COLUMN_TREND,  // a number a month, the last one now: a small line
};

struct report_column {
	const char *code, *title; // borrowed for the report's life
	enum report_column_kind kind;
};

enum { REPORT_COLUMNS = 16 };

struct report_cell {
	char *text;    // as people read it
	double value;  // NAN: none
	double *trend; // of a COLUMN_TREND; NAN where a month is not known
	int trend_count;
	int verdict; // 1: good, -1: bad
};

enum report_chart_kind { CHART_NONE, CHART_LINE, CHART_BARS };

// One value a label, over a table or in place of one.
struct report_chart {
	enum report_chart_kind kind;
	const char *title; // borrowed
	char **labels;
	double *values, *low, *high; // low and high: an interval, as a band; NULL: none. NAN: no value here
	int count;
	double mark;      // a line across, as of a baseline; NAN: none
	const char *unit; // behind numbers at the axis: " %", ""; borrowed
};

struct report_section {
	const char *code;                    // borrowed
	char *title, *note;                  // note: what should be known to read it; "" for none
	const struct report_column *columns; // borrowed
	int column_count, row_count;
	struct report_cell *cells; // row by row
	int cell_count, cell_capacity;
	struct report_chart chart;
};

// Memory that runs out while things are added is remembered, and told by report_write().
struct report {
	const char *code; // "programme"; borrowed
	char *title, *subtitle;
	char *origin; // of which programme, written when; NULL: not said
	struct report_section *sections;
	int section_count, section_capacity;
	bool has_failed;
};

void report_init(struct report *report, const char *code, const char *title, const char *subtitle);
void report_free(struct report *report);
void report_origin_set(struct report *report, const char *origin);

// What follows goes into this section. columns NULL: it has a chart only.
void report_section(struct report *report, const char *code, const char *title, const char *note,
	const struct report_column *columns, int column_count);
// Cells fill the section's rows from left to right.
void report_text(struct report *report, const char *text);
void report_number(struct report *report, const char *text, double value);
void report_verdict(struct report *report, const char *text, double value, int verdict);
void report_trend(struct report *report, const double *values, int count);
// The section's chart; one value after the other with report_point(). low and high are NAN where there is no
// interval.
void report_chart(
	struct report *report, enum report_chart_kind kind, const char *title, const char *unit, double mark);
void report_point(struct report *report, const char *label, double value, double low, double high);

// False: the report is not whole (out of memory), or what was written did not reach the file.
bool report_write(FILE *out, const struct report *report, enum report_format format, bool is_ascii);

// Between report.c and the writers.
void report_write_text(FILE *out, const struct report *report, bool is_ascii);
void report_write_csv(FILE *out, const struct report *report);
void report_write_json(FILE *out, const struct report *report);
void report_write_html(FILE *out, const struct report *report);
const struct report_cell *report_cell(const struct report_section *section, int row, int column);
#endif
