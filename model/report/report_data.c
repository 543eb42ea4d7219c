// A report for programs: CSV and JSON with the numbers behind the texts.
#include "model/report/report.h"

#include "model/report/quote.h"
#include <math.h>
#include <stdbool.h>

static bool is_number(enum report_column_kind kind)
{
	return kind == COLUMN_NUMBER || kind == COLUMN_SHADED;
}

// To fifteen digits, which is what a double has; nothing for what is not known.
static void number_write(FILE *out, double value, const char *none)
{
	if (isnan(value))
		fputs(none, out);
	else
		fprintf(out, "%.15g", value);
}

// One section: its table. Several: a line a value, as tables of several shapes would make no file that a
// program reads.
static void value_write(FILE *out, const struct report_cell *cell, enum report_column_kind kind)
{
	if (is_number(kind))
		number_write(out, cell->value, "");
	else
		quote_csv(out, cell->text);
}

static void table_write(FILE *out, const struct report_section *section)
{
	const char *between = "";
	for (int column = 0; column < section->column_count; column++) {
		if (section->columns[column].kind == COLUMN_TREND)
			continue;
		fprintf(out, "%s%s", between, section->columns[column].code);
		between = ",";
	}
	fputs("\r\n", out);
	for (int row = 0; row < section->row_count; row++) {
		between = "";
		for (int column = 0; column < section->column_count; column++) {
			if (section->columns[column].kind == COLUMN_TREND)
				continue;
			fputs(between, out);
			value_write(out, report_cell(section, row, column), section->columns[column].kind);
			between = ",";
		}
		fputs("\r\n", out);
	}
}

static void lines_write(FILE *out, const struct report_section *section)
{
	for (int row = 0; row < section->row_count; row++)
		for (int column = 1; column < section->column_count; column++) {
			if (section->columns[column].kind == COLUMN_TREND)
				continue;
			fprintf(out, "%s,", section->code);
			quote_csv(out, report_cell(section, row, 0)->text);
			fprintf(out, ",%s,", section->columns[column].code);
			value_write(out, report_cell(section, row, column), section->columns[column].kind);
			fputs("\r\n", out);
		}
	for (int i = 0; i < section->chart.count && !section->column_count; i++) {
		fprintf(out, "%s,", section->code);
		quote_csv(out, section->chart.labels[i]);
		fputs(",value,", out);
		number_write(out, section->chart.values[i], "");
		fputs("\r\n", out);
	}
}

void report_write_csv(FILE *out, const struct report *report)
{
	if (report->section_count == 1 && report->sections[0].column_count) {
		table_write(out, &report->sections[0]);
		return;
	}
	fputs("section,row,column,value\r\n", out);
	for (int i = 0; i < report->section_count; i++)
		lines_write(out, &report->sections[i]);
}

static void trend_json(FILE *out, const struct report_cell *cell)
{
	fputc('[', out);
	for (int i = 0; i < cell->trend_count; i++) {
		fputs(i ? ", " : "", out);
		number_write(out, cell->trend[i], "null");
	}
	fputc(']', out);
}

static void row_json(FILE *out, const struct report_section *section, int row)
{
	fputc('{', out);
	for (int column = 0; column < section->column_count; column++) {
		const struct report_cell *cell = report_cell(section, row, column);
		enum report_column_kind kind = section->columns[column].kind;
		fprintf(out, "%s\"%s\": ", column ? ", " : "", section->columns[column].code);
		if (kind == COLUMN_TREND)
			trend_json(out, cell);
		else if (is_number(kind))
			number_write(out, cell->value, "null");
		else
			quote_json(out, cell->text);
	}
	fputc('}', out);
}

static void chart_json(FILE *out, const struct report_chart *chart)
{
	for (int i = 0; i < chart->count; i++) {
		fputs(i ? ",\n    {\"label\": " : "{\"label\": ", out);
		quote_json(out, chart->labels[i]);
		fputs(", \"value\": ", out);
		number_write(out, chart->values[i], "null");
		if (!isnan(chart->low[i])) {
			fputs(", \"low\": ", out);
			number_write(out, chart->low[i], "null");
			fputs(", \"high\": ", out);
			number_write(out, chart->high[i], "null");
		}
		fputc('}', out);
	}
}

static void section_json(FILE *out, const struct report_section *section)
{
	fprintf(out, "  {\"code\": \"%s\", \"title\": ", section->code);
	quote_json(out, section->title);
	fputs(", \"note\": ", out);
	quote_json(out, section->note);
	fputs(", \"rows\": [", out);
	for (int row = 0; row < section->row_count; row++) {
		fputs(row ? ",\n    " : "", out);
		row_json(out, section, row);
	}
	if (!section->column_count)
		chart_json(out, &section->chart);
	fputs("]}", out);
}

void report_write_json(FILE *out, const struct report *report)
{
	fprintf(out, "{\"report\": \"%s\", \"title\": ", report->code);
	quote_json(out, report->title);
	fputs(", \"subtitle\": ", out);
	quote_json(out, report->subtitle);
	if (report->origin) {
		fputs(", \"origin\": ", out);
		quote_json(out, report->origin);
	}
	fputs(", \"sections\": [\n", out);
	for (int i = 0; i < report->section_count; i++) {
		fputs(i ? ",\n" : "", out);
		section_json(out, &report->sections[i]);
	}
	fputs("]}\n", out);
}
