// Prints what the database answered: as aligned text, JSON or CSV.
#ifndef APP_OUTPUT_H
#define APP_OUTPUT_H
#include "app/verb.h"
#include "db/result.h"
#include <stdio.h>

// All rows of a result that came as text. Text: columns side by side under their names, safe for a terminal.
// JSON: an array of objects; columns of numbers as numbers. CSV: RFC 4180 with a header; a text that a spreadsheet
// would take for a formula is preceded by an apostrophe.
void output_table(FILE *out, enum format format, const struct result *result);
// One row: text as "name  value" lines, leaving out what is empty; JSON: an object.
void output_record(FILE *out, enum format format, const struct result *result, int row);

// A JSON string, quotes included.
void output_json_text(FILE *out, const char *text);
// A CSV field of text.
void output_csv_text(FILE *out, const char *text);
// Columns that the text takes on a terminal.
int output_width(const char *text);
#endif
