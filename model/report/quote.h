// Text of unknown origin as JSON, CSV and HTML have it.
#ifndef MODEL_REPORT_QUOTE_H
#define MODEL_REPORT_QUOTE_H
#include <stdio.h>

// A JSON string, quotes included.
void quote_json(FILE *out, const char *text);
// A CSV field of text; what a spreadsheet would take for a formula is preceded by an apostrophe.
void quote_csv(FILE *out, const char *text);
// Text inside an element or a quoted attribute.
void quote_html(FILE *out, const char *text);
// Columns that the text takes on a terminal.
int quote_width(const char *text);
#endif
