// A report as text for a terminal or a mail: aligned tables, trends and charts of blocks.
#include "model/report/report.h"

#include "db/text.h"
#include "model/report/quote.h"
#include <math.h>
#include <string.h>

enum { CELL = 800, BAR = 40 };

static const char *const BLOCKS[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
static const char PLAIN[] = "_.-:=+*#";

static int trend_level(const double *values, int count, double value)
{
	double least = INFINITY, greatest = -INFINITY;
	for (int i = 0; i < count; i++) {
		if (isnan(values[i]))
			continue;
		least = fmin(least, values[i]);
		greatest = fmax(greatest, values[i]);
	}
	return greatest > least ? (int)((value - least) / (greatest - least) * 7) : 3;
}

static void trend_text(char *out, size_t size, const struct report_cell *cell, bool is_ascii)
{
	size_t length = 0;
	for (int i = 0; i < cell->trend_count && length + 4 < size; i++) {
		double value = cell->trend[i];
		int level = isnan(value) ? 0 : trend_level(cell->trend, cell->trend_count, value);
		if (isnan(value))
			length += (size_t)snprintf(out + length, size - length, " ");
		else if (is_ascii)
			length += (size_t)snprintf(out + length, size - length, "%c", PLAIN[level]);
		else
			length += (size_t)snprintf(out + length, size - length, "%s", BLOCKS[level]);
	}
}

static const char *cell_text(
	const struct report_section *section, int row, int column, bool is_ascii, char out[CELL])
{
	out[0] = '\0';
	if (row < 0)
		return neutral_text(out, CELL, section->columns[column].title);
	const struct report_cell *cell = report_cell(section, row, column);
	if (section->columns[column].kind == COLUMN_TREND)
		trend_text(out, CELL, cell, is_ascii);
	else
		neutral_text(out, CELL, cell->text);
	return out;
}

static bool has_titles(const struct report_section *section)
{
	for (int column = 0; column < section->column_count; column++)
		if (*section->columns[column].title)
			return true;
	return false;
}

static void table_write(FILE *out, const struct report_section *section, bool is_ascii)
{
	char cell[CELL];
	int widths[REPORT_COLUMNS] = {0};
	for (int row = -1; row < section->row_count; row++)
		for (int column = 0; column < section->column_count; column++) {
			int width = quote_width(cell_text(section, row, column, is_ascii, cell));
			widths[column] = width > widths[column] ? width : widths[column];
		}
	for (int row = has_titles(section) ? -1 : 0; row < section->row_count; row++)
		for (int column = 0; column < section->column_count; column++) {
			bool is_last = column + 1 == section->column_count;
			enum report_column_kind kind = section->columns[column].kind;
			bool is_number = kind == COLUMN_NUMBER || kind == COLUMN_SHADED;
			const char *text = cell_text(section, row, column, is_ascii, cell);
			int blanks = widths[column] - quote_width(text);
			fprintf(out, "%*s%s%*s%s", is_number ? blanks : 0, "", text,
				is_number || is_last ? 0 : blanks, "", is_last ? "\n" : "  ");
		}
}

// Bars from zero, the number behind each; a line is shown so too.
static void chart_write(FILE *out, const struct report_chart *chart, bool is_ascii)
{
	double greatest = 0;
	int width = 0;
	for (int i = 0; i < chart->count; i++) {
		int own = quote_width(chart->labels[i]);
		greatest = isnan(chart->values[i]) ? greatest : fmax(greatest, chart->values[i]);
		width = own > width ? own : width;
	}
	fprintf(out, "%s\n", chart->title);
	for (int i = 0; i < chart->count; i++) {
		char label[CELL];
		double value = chart->values[i];
		int bar = greatest > 0 && value > 0 ? (int)(value / greatest * BAR + 0.5) : 0;
		neutral_text(label, sizeof label, chart->labels[i]);
		fprintf(out, "%s%*s  ", label, width - quote_width(label), "");
		for (int b = 0; b < bar; b++)
			fputs(is_ascii ? "#" : "█", out);
		if (isnan(value))
			fputs("-\n", out);
		else
			fprintf(out, "%s%.10g%s\n", bar ? " " : "", round(value * 100) / 100, chart->unit);
	}
}

void report_write_text(FILE *out, const struct report *report, bool is_ascii)
{
	char line[CELL];
	if (*report->title)
		fprintf(out, "%s\n", neutral_text(line, sizeof line, report->title));
	if (*report->subtitle)
		fprintf(out, "%s\n", neutral_text(line, sizeof line, report->subtitle));
	if (report->origin)
		fprintf(out, "%s\n", neutral_text(line, sizeof line, report->origin));
	for (int i = 0; i < report->section_count; i++) {
		const struct report_section *section = &report->sections[i];
		fprintf(out, "%s%s\n", i || *report->title ? "\n" : "",
			neutral_text(line, sizeof line, section->title));
		if (*section->note)
			fprintf(out, "%s\n", neutral_text(line, sizeof line, section->note));
		if (section->column_count)
			table_write(out, section, is_ascii);
		else
			chart_write(out, &section->chart, is_ascii);
	}
}
