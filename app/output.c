// Prints what the database answered: as aligned text, JSON or CSV.
#include "app/output.h"
#include "db/text.h"
#include "model/report/quote.h"

#include <stdlib.h>
#include <string.h>

enum { CELL = 400, LABEL_LEAST = 12 };

void output_json_text(FILE *out, const char *text)
{
	quote_json(out, text);
}

void output_csv_text(FILE *out, const char *text)
{
	quote_csv(out, text);
}

int output_width(const char *text)
{
	return quote_width(text);
}

// What a person or a script reads: PostgreSQL's t and f are neither words nor JSON.
static const char *value_text(const struct result *result, int row, int column, enum format format)
{
	static const char *const words[] = {"no", "yes"}, *const json[] = {"false", "true"};
	if (result_is_null(result, row, column) || !result_is_bool(result, column))
		return result_text(result, row, column);
	return (format == FORMAT_JSON ? json : words)[result_bool(result, row, column)];
}

static bool is_json_number(const char *text)
{
	size_t sign = *text == '-', whole = strspn(text + sign, "0123456789"), at = sign + whole;
	if (!whole || whole > 15 || (whole > 1 && text[sign] == '0'))
		return false;
	if (text[at] == '.') {
		size_t part = strspn(text + at + 1, "0123456789");
		at += 1 + part;
		return part && !text[at];
	}
	return !text[at];
}

// A column is of numbers when every value that is there is one; codes with a leading zero are not.
static bool is_number_column(const struct result *result, int column)
{
	bool has_value = false;
	for (int row = 0; row < result_rows(result); row++) {
		const char *text = result_text(result, row, column);
		if (*text && !is_json_number(text))
			return false;
		has_value |= *text != '\0';
	}
	return has_value;
}

static void json_object(FILE *out, const struct result *result, int row, const bool *is_number)
{
	fputc('{', out);
	for (int column = 0; column < result_columns(result); column++) {
		fputs(column ? ", " : "", out);
		output_json_text(out, result_column_name(result, column));
		fputs(": ", out);
		if (result_is_null(result, row, column))
			fputs("null", out);
		else if (result_is_bool(result, column) ||
			 (is_number[column] && *result_text(result, row, column)))
			fputs(value_text(result, row, column, FORMAT_JSON), out);
		else
			output_json_text(out, result_text(result, row, column));
	}
	fputc('}', out);
}

static void csv_write(FILE *out, const struct result *result)
{
	for (int column = 0; column < result_columns(result); column++)
		fprintf(out, "%s%s", column ? "," : "", result_column_name(result, column));
	fputs("\r\n", out);
	for (int row = 0; row < result_rows(result); row++) {
		for (int column = 0; column < result_columns(result); column++) {
			fputs(column ? "," : "", out);
			output_csv_text(out, value_text(result, row, column, FORMAT_CSV));
		}
		fputs("\r\n", out);
	}
}

static void cell_write(FILE *out, const char *text, int width, bool is_number, bool is_last)
{
	int blanks = width - output_width(text);
	if (is_number)
		fprintf(out, "%*s%s", blanks, "", text);
	else
		fprintf(out, "%s%*s", text, is_last ? 0 : blanks, "");
	fputs(is_last ? "\n" : "  ", out);
}

static void text_write(FILE *out, const struct result *result, int *widths, const bool *is_number)
{
	int columns = result_columns(result);
	char cell[CELL];
	for (int column = 0; column < columns; column++) {
		widths[column] = output_width(result_column_name(result, column));
		for (int row = 0; row < result_rows(result); row++) {
			const char *text = value_text(result, row, column, FORMAT_TEXT);
			int width = output_width(neutral_text(cell, sizeof cell, text));
			widths[column] = width > widths[column] ? width : widths[column];
		}
	}
	for (int row = -1; row < result_rows(result); row++)
		for (int column = 0; column < columns; column++) {
			const char *text = row < 0 ? result_column_name(result, column)
						   : value_text(result, row, column, FORMAT_TEXT);
			cell_write(out, neutral_text(cell, sizeof cell, text), widths[column], is_number[column],
				column + 1 == columns);
		}
}

void output_table(FILE *out, enum format format, const struct result *result)
{
	size_t columns = (size_t)result_columns(result);
	bool *is_number = calloc(columns + 1, sizeof *is_number);
	int *widths = calloc(columns + 1, sizeof *widths);
	for (size_t column = 0; is_number && column < columns; column++)
		is_number[column] = is_number_column(result, (int)column);
	if (!is_number || !widths) {
		fputs("loyalty: out of memory\n", stderr);
	} else if (format == FORMAT_CSV) {
		csv_write(out, result);
	} else if (format == FORMAT_TEXT) {
		text_write(out, result, widths, is_number);
	} else {
		for (int row = 0; row < result_rows(result); row++) {
			fputs(row ? ",\n " : "[", out);
			json_object(out, result, row, is_number);
		}
		fputs(result_rows(result) ? "]\n" : "[]\n", out);
	}
	free(is_number);
	free(widths);
}

void output_record(FILE *out, enum format format, const struct result *result, int row)
{
	char cell[CELL];
	bool is_number[64] = {false};
	if (format == FORMAT_JSON) {
		for (int column = 0; column < result_columns(result) && column < 64; column++)
			is_number[column] = is_json_number(result_text(result, row, column));
		json_object(out, result, row, is_number);
		return;
	}
	int width = LABEL_LEAST;
	for (int column = 0; column < result_columns(result); column++) {
		int own = (int)strlen(result_column_name(result, column));
		width = own > width && *result_text(result, row, column) ? own : width;
	}
	for (int column = 0; column < result_columns(result); column++)
		if (*result_text(result, row, column))
			fprintf(out, "%-*s  %s\n", width, result_column_name(result, column),
				neutral_text(cell, sizeof cell, value_text(result, row, column, format)));
}
