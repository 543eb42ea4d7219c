// A report: sections with a table each, and a chart where one helps, written as text, CSV, JSON or one HTML
// page.
#include "model/report/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *copy(struct report *report, const char *text)
{
	char *own = strdup(text ? text : "");
	report->has_failed |= own == NULL;
	return own;
}

// Room for one more of so many.
static void *grown(struct report *report, void *at, int count, int *capacity, size_t size)
{
	if (count < *capacity)
		return at;
	int more = *capacity ? *capacity * 2 : 16;
	void *bigger = realloc(at, (size_t)more * size);
	report->has_failed |= bigger == NULL;
	if (bigger)
		*capacity = more;
	return bigger ? bigger : at;
}

void report_init(struct report *report, const char *code, const char *title, const char *subtitle)
{
	*report = (struct report){.code = code};
	report->title = copy(report, title);
	report->subtitle = copy(report, subtitle);
}

void report_origin_set(struct report *report, const char *origin)
{
	free(report->origin);
	report->origin = copy(report, origin);
}

static void section_free(struct report_section *section)
{
	for (int i = 0; i < section->cell_count; i++) {
		free(section->cells[i].text);
		free(section->cells[i].trend);
	}
	for (int i = 0; i < section->chart.count; i++)
		free(section->chart.labels[i]);
	free(section->chart.labels);
	free(section->chart.values);
	free(section->chart.low);
	free(section->chart.high);
	free(section->cells);
	free(section->title);
	free(section->note);
}

void report_free(struct report *report)
{
	for (int i = 0; i < report->section_count; i++)
		section_free(&report->sections[i]);
	free(report->sections);
	free(report->title);
	free(report->subtitle);
	free(report->origin);
	*report = (struct report){0};
}

void report_section(struct report *report, const char *code, const char *title, const char *note,
	const struct report_column *columns, int column_count)
{
	report->sections = grown(report, report->sections, report->section_count, &report->section_capacity,
		sizeof *report->sections);
	if (report->has_failed)
		return;
	report->sections[report->section_count++] = (struct report_section){.code = code,
		.title = copy(report, title),
		.note = copy(report, note),
		.columns = columns,
		.column_count = column_count,
		.chart = {.mark = NAN}};
}

static struct report_cell *cell_add(struct report *report, const char *text, double value)
{
	static struct report_cell nowhere;
	struct report_section *section =
		report->section_count ? &report->sections[report->section_count - 1] : NULL;
	if (report->has_failed || !section || !section->column_count)
		return &nowhere;
	section->cells = grown(
		report, section->cells, section->cell_count, &section->cell_capacity, sizeof *section->cells);
	if (report->has_failed)
		return &nowhere;
	struct report_cell *cell = &section->cells[section->cell_count++];
	*cell = (struct report_cell){.text = copy(report, text), .value = value};
	section->row_count = section->cell_count / section->column_count;
	return cell;
}

void report_text(struct report *report, const char *text)
{
	cell_add(report, text, NAN);
}

void report_number(struct report *report, const char *text, double value)
{
	cell_add(report, text, value);
}

void report_verdict(struct report *report, const char *text, double value, int verdict)
{
	cell_add(report, text, value)->verdict = verdict;
}

void report_trend(struct report *report, const double *values, int count)
{
	struct report_cell *cell = cell_add(report, "", NAN);
	double *own = calloc((size_t)count + 1, sizeof *own);
	if (!own || report->has_failed) {
		free(own);
		report->has_failed = true;
		return;
	}
	memcpy(own, values, (size_t)count * sizeof *own);
	cell->trend = own;
	cell->trend_count = count;
}

void report_chart(
	struct report *report, enum report_chart_kind kind, const char *title, const char *unit, double mark)
{
	if (report->has_failed || !report->section_count)
		return;
	report->sections[report->section_count - 1].chart =
		(struct report_chart){.kind = kind, .title = title, .unit = unit, .mark = mark};
}

void report_point(struct report *report, const char *label, double value, double low, double high)
{
	struct report_chart *chart =
		report->section_count ? &report->sections[report->section_count - 1].chart : NULL;
	if (report->has_failed || !chart)
		return;
	size_t more = (size_t)chart->count + 1;
	char **labels = realloc(chart->labels, more * sizeof *labels);
	chart->labels = labels ? labels : chart->labels;
	double *values = realloc(chart->values, more * sizeof *values);
	chart->values = values ? values : chart->values;
	double *lows = realloc(chart->low, more * sizeof *lows);
	chart->low = lows ? lows : chart->low;
	double *highs = realloc(chart->high, more * sizeof *highs);
	chart->high = highs ? highs : chart->high;
	report->has_failed = !labels || !values || !lows || !highs;
	if (report->has_failed)
		return;
	values[chart->count] = value;
	lows[chart->count] = low;
	highs[chart->count] = high;
	labels[chart->count++] = copy(report, label);
}

const struct report_cell *report_cell(const struct report_section *section, int row, int column)
{
	return &section->cells[row * section->column_count + column];
}

bool report_write(FILE *out, const struct report *report, enum report_format format, bool is_ascii)
{
	if (report->has_failed)
		return false;
	switch (format) {
	case REPORT_CSV:
		report_write_csv(out, report);
		break;
	case REPORT_JSON:
		report_write_json(out, report);
		break;
	case REPORT_HTML:
		report_write_html(out, report);
		break;
	default:
		report_write_text(out, report, is_ascii);
	}
	return fflush(out) == 0 && !ferror(out);
}
