// A report as one HTML page that needs nothing else: style inside, charts as inline SVG, no script.
#include "model/report/report.h"

#include "model/report/quote.h"
#include "model/report/report_svg.h"
#include <math.h>

static const char STYLE[] =
	":root { --ink: #1d2433; --dim: #5c667a; --line: #d9dee8; --own: #2a5db0; --good: #1d7a46; --bad: "
	"#b3261e; }\n"
	"* { box-sizing: border-box; }\n"
	"body { font: 15px/1.5 system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif; color: "
	"var(--ink);"
	" background: #fff; margin: 0 auto; padding: 32px 24px 64px; max-width: 960px; }\n"
	"header { border-bottom: 2px solid var(--ink); margin-bottom: 8px; }\n"
	"h1 { font-size: 26px; line-height: 1.2; margin: 0; } header p { color: var(--dim); margin: 4px 0 "
	"12px; }\n"
	"h2 { font-size: 18px; margin: 32px 0 4px; } section > p { color: var(--dim); margin: 0 0 8px; "
	"max-width: 70ch; }\n"
	".wide { overflow-x: auto; }\n"
	"table { border-collapse: collapse; width: 100%; font-size: 14px; }\n"
	"th, td { text-align: left; padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); "
	"vertical-align: top; }\n"
	"th { color: var(--dim); font-weight: 600; border-bottom: 1px solid var(--ink); }\n"
	"th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; "
	"}\n"
	"td.shaded { text-align: center; padding: 8px; border: 2px solid #fff; }\n"
	"th.shaded { text-align: center; }\n"
	"td.good { color: var(--good); } td.bad { color: var(--bad); } td:last-child, th:last-child { "
	"padding-right: 0; }\n"
	"figure { margin: 8px 0 16px; } figcaption { color: var(--dim); font-size: 14px; margin-bottom: 4px; "
	"}\n"
	"svg { width: 100%; height: auto; display: block; } svg.trend { width: 110px; height: 22px; }\n"
	".line { fill: none; stroke: var(--own); stroke-width: 2; stroke-linejoin: round; } .dot { fill: "
	"var(--own); }\n"
	".bar { fill: var(--own); } .band { fill: var(--own); opacity: .16; } .grid { stroke: var(--line); "
	"}\n"
	".mark { stroke: var(--dim); stroke-dasharray: 5 4; } .axis { fill: var(--dim); font-size: 11px; }\n"
	"@media print { body { padding: 0; max-width: none; font-size: 12px; } table { font-size: 11px; }\n"
	"  section { break-inside: auto; } h2 { break-after: avoid; } tr, figure { break-inside: avoid; }\n"
	"  thead { display: table-header-group; } * { print-color-adjust: exact; -webkit-print-color-adjust: "
	"exact; } }\n"
	"@page { margin: 16mm; }\n";

static const char *column_class(enum report_column_kind kind)
{
	static const char *const names[] = {[COLUMN_TEXT] = "",
		[COLUMN_NUMBER] = "number",
		[COLUMN_SHADED] = "shaded",
		[COLUMN_TREND] = ""};
	return names[kind];
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

// The number stands in the cell; the shade only says the same again.
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
	else
		quote_html(out, cell->text);
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
		fprintf(out, "<th class=\"%s\">", column_class(section->columns[column].kind));
		quote_html(out, section->columns[column].title);
		fputs("</th>", out);
	}
	fputs("</tr></thead>\n", out);
}

static void table_write(FILE *out, const struct report_section *section)
{
	double greatest = greatest_shaded(section);
	fputs("<div class=\"wide\"><table>\n", out);
	if (has_titles(section))
		head_write(out, section);
	fputs("<tbody>\n", out);
	for (int row = 0; row < section->row_count; row++) {
		fputs("<tr>", out);
		for (int column = 0; column < section->column_count; column++)
			cell_write(out, report_cell(section, row, column), section->columns[column].kind,
				greatest);
		fputs("</tr>\n", out);
	}
	fputs("</tbody></table></div>\n", out);
}

static void section_write(FILE *out, const struct report_section *section)
{
	fputs("<section>\n<h2>", out);
	quote_html(out, section->title);
	fputs("</h2>\n", out);
	if (*section->note) {
		fputs("<p>", out);
		quote_html(out, section->note);
		fputs("</p>\n", out);
	}
	if (section->chart.kind != CHART_NONE && section->chart.count)
		svg_chart(out, &section->chart);
	if (section->column_count)
		table_write(out, section);
	fputs("</section>\n", out);
}

void report_write_html(FILE *out, const struct report *report)
{
	fputs("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
		out);
	quote_html(out, report->title);
	fprintf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<header><h1>", STYLE);
	quote_html(out, report->title);
	fputs("</h1><p>", out);
	quote_html(out, report->subtitle);
	fputs("</p></header>\n", out);
	for (int i = 0; i < report->section_count; i++)
		section_write(out, &report->sections[i]);
	fputs("</body>\n</html>\n", out);
}
