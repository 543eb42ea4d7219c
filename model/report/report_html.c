// A report as one HTML page that needs nothing else: style inside, charts as inline SVG, no script.
#include "model/report/report.h"

#include "model/report/quote.h"
#include "model/report/report_svg.h"
#include <math.h>
#include <stdbool.h>
#include <string.h>

// clang-format off
// Light or dark as the reader's screen is, always light on paper. Nothing is said by colour alone.
static const char STYLE[] =
	":root { color-scheme: light dark; --paper: #fff; --ink: #1d2433; --dim: #5c667a; --line: #d9dee8; --own: #2a5db0; --good: #1d7a46; --bad: #b3261e; }\n"
	"@media screen and (prefers-color-scheme: dark) {\n"
	"  :root { --paper: #14181f; --ink: #e6e9f0; --dim: #a3adbf; --line: #323a48; --own: #7aa7f0; --good: #6fcf97; --bad: #ff8a80; } }\n"
	"* { box-sizing: border-box; }\n"
	"body { font: 15px/1.5 system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', sans-serif; color: var(--ink);"
	" background: var(--paper); margin: 0 auto; padding: 32px 24px 64px; max-width: 960px; }\n"
	"header { border-bottom: 2px solid var(--ink); margin-bottom: 8px; padding-bottom: 12px; }\n"
	"h1 { font-size: 26px; line-height: 1.2; margin: 0; } header p { color: var(--dim); margin: 4px 0 0; }\n"
	"h2 { font-size: 18px; margin: 32px 0 4px; } section > p { color: var(--dim); margin: 0 0 8px; max-width: 70ch; }\n"
	".wide { overflow-x: auto; }\n"
	"table { border-collapse: collapse; width: 100%; font-size: 14px; }\n"
	"th, td { text-align: left; padding: 5px 14px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }\n"
	"th { font-weight: inherit; } th.short { white-space: nowrap; } thead th { color: var(--dim); font-weight: 600; border-bottom: 1px solid var(--ink); }\n"
	"th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }\n"
	"td.shaded { text-align: center; padding: 8px; border: 2px solid var(--paper); } th.shaded { text-align: center; }\n"
	"td:last-child, thead th:last-child { padding-right: 0; }\n"
	"td.good { color: var(--good); } td.bad { color: var(--bad); } .word { font-size: 85%; }\n"
	"figure { margin: 8px 0 16px; } figcaption, summary { color: var(--dim); font-size: 14px; margin-bottom: 4px; }\n"
	"svg { width: 100%; height: auto; display: block; } svg.trend { width: 110px; height: 22px; }\n"
	".line { fill: none; stroke: var(--own); stroke-width: 2; stroke-linejoin: round; } .dot { fill: var(--own); }\n"
	".bar { fill: var(--own); } .band { fill: var(--own); opacity: .16; } .grid { stroke: var(--line); }\n"
	".mark { stroke: var(--dim); stroke-dasharray: 5 4; } .axis { fill: var(--dim); font-size: 11px; }\n"
	"@page { size: A4; margin: 16mm; @bottom-right { content: counter(page) \" / \" counter(pages); font: 10px sans-serif; } }\n"
	"@media print { body { padding: 0; max-width: none; font-size: 12px; } table { font-size: 11px; } .wide { overflow: visible; } details { display: none; }\n"
	"  h2, section > p, figcaption { break-after: avoid; } tr, figure, header, section > p, section.whole { break-inside: avoid; } thead { display: table-header-group; }\n"
	"  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }\n";
// clang-format on

enum {
	WHOLE_ROWS = 15, // a section of so many rows is not parted between pages
	SHORT = 10,      // a name of so many bytes is not parted between lines, as 2026-11
};

static const char *column_class(enum report_column_kind kind)
{
	static const char *const names[] = {[COLUMN_TEXT] = "",
		[COLUMN_NUMBER] = "number",
		[COLUMN_SHADED] = "shaded",
		[COLUMN_TREND] = ""};
	return names[kind];
}

// Whether anything stands in the column: one that is empty is left out, but for the first.
static bool is_shown(const struct report_section *section, int column)
{
	for (int row = 0; row < section->row_count; row++) {
		const struct report_cell *cell = report_cell(section, row, column);
		if (column == 0 || *cell->text || cell->trend_count)
			return true;
	}
	return section->row_count == 0;
}

static double greatest_shaded(const struct report_section *section)
{
	double greatest = 0;
	for (int i = 0; i < section->cell_count; i++)
		if (section->columns[i % section->column_count].kind == COLUMN_SHADED &&
			!isnan(section->cells[i].value))
			greatest = fmax(greatest, section->cells[i].value);
	return greatest;
}

// Names of any script stand by themselves, whichever way they run.
static void text_write(FILE *out, const char *text)
{
	fputs("<bdi>", out);
	quote_html(out, text);
	fputs("</bdi>", out);
}

// The number stands in the cell, the verdict beside it; shade and colour only say the same again.
static void cell_write(
	FILE *out, const struct report_cell *cell, enum report_column_kind kind, double greatest)
{
	const char *verdict = cell->verdict > 0 ? " good" : cell->verdict < 0 ? " bad" : "";
	fprintf(out, "<td class=\"%s%s\"", column_class(kind), verdict);
	if (kind == COLUMN_SHADED && greatest > 0 && cell->value > 0)
		fprintf(out, " style=\"background: rgba(42, 93, 176, %.2f)\"",
			0.06 + 0.5 * cell->value / greatest);
	fputc('>', out);
	if (kind == COLUMN_TREND)
		svg_trend(out, cell);
	else if (kind == COLUMN_TEXT)
		text_write(out, cell->text);
	else
		quote_html(out, cell->text);
	if (cell->verdict && *cell->text)
		fprintf(out, " <span class=\"word\">%s</span>", cell->verdict > 0 ? "better" : "worse");
	fputs("</td>", out);
}

static bool has_titles(const struct report_section *section)
{
	for (int column = 0; column < section->column_count; column++)
		if (*section->columns[column].title)
			return true;
	return false;
}

static void head_write(FILE *out, const struct report_section *section)
{
	fputs("<thead><tr>", out);
	for (int column = 0; column < section->column_count; column++) {
		if (!is_shown(section, column))
			continue;
		fprintf(out, "<th scope=\"col\" class=\"%s\">", column_class(section->columns[column].kind));
		quote_html(out, section->columns[column].title);
		fputs("</th>", out);
	}
	fputs("</tr></thead>\n", out);
}

// The first column names the row.
static void row_write(FILE *out, const struct report_section *section, int row, double greatest)
{
	const char *name = report_cell(section, row, 0)->text;
	fprintf(out, "<tr><th scope=\"row\"%s>", strlen(name) <= SHORT ? " class=\"short\"" : "");
	text_write(out, name);
	fputs("</th>", out);
	for (int column = 1; column < section->column_count; column++)
		if (is_shown(section, column))
			cell_write(out, report_cell(section, row, column), section->columns[column].kind,
				greatest);
	fputs("</tr>\n", out);
}

static void table_write(FILE *out, const struct report_section *section)
{
	double greatest = greatest_shaded(section);
	fputs("<div class=\"wide\"><table>\n", out);
	if (has_titles(section))
		head_write(out, section);
	fputs("<tbody>\n", out);
	for (int row = 0; row < section->row_count; row++)
		row_write(out, section, row, greatest);
	fputs("</tbody></table></div>\n", out);
}

// A chart without a table has its numbers behind a word.
static void numbers_write(FILE *out, const struct report_chart *chart)
{
	fputs("<details><summary>Numbers</summary><table><tbody>\n", out);
	for (int i = 0; i < chart->count; i++) {
		fputs("<tr><th scope=\"row\">", out);
		text_write(out, chart->labels[i]);
		fputs("</th><td class=\"number\">", out);
		if (!isnan(chart->values[i]))
			fprintf(out, "%.10g%s", round(chart->values[i] * 100) / 100, chart->unit);
		fputs("</td></tr>\n", out);
	}
	fputs("</tbody></table></details>\n", out);
}

static void section_write(FILE *out, const struct report_section *section)
{
	bool has_chart = section->chart.kind != CHART_NONE && section->chart.count;
	fprintf(out, "<section aria-labelledby=\"%s\"%s>\n<h2 id=\"%s\">", section->code,
		section->row_count <= WHOLE_ROWS ? " class=\"whole\"" : "", section->code);
	quote_html(out, section->title);
	fputs("</h2>\n", out);
	if (*section->note) {
		fputs("<p>", out);
		quote_html(out, section->note);
		fputs("</p>\n", out);
	}
	if (has_chart)
		svg_chart(out, &section->chart);
	if (section->column_count)
		table_write(out, section);
	else if (has_chart)
		numbers_write(out, &section->chart);
	fputs("</section>\n", out);
}

void report_write_html(FILE *out, const struct report *report)
{
	fputs("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>",
		out);
	quote_html(out, report->title);
	fprintf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<header><h1>", STYLE);
	text_write(out, report->title);
	fputs("</h1><p>", out);
	text_write(out, report->subtitle);
	fputs("</p>", out);
	if (report->origin) {
		fputs("<p>", out);
		text_write(out, report->origin);
		fputs("</p>", out);
	}
	fputs("</header>\n<main>\n", out);
	for (int i = 0; i < report->section_count; i++)
		section_write(out, &report->sections[i]);
	fputs("</main>\n</body>\n</html>\n", out);
}
