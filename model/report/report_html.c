// A report as one HTML page that needs nothing else: style inside, charts as inline SVG, no script.
#include "model/report/report.h"

#include "model/report/quote.h"

void report_write_html(FILE *out, const struct report *report)
{
	fputs("<!doctype html><title>", out);
	quote_html(out, report->title);
	fputs("</title>", out);
}
