// Text of unknown origin as JSON, CSV and HTML have it.
#include "model/report/quote.h"

#include "db/text.h"
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

// What a terminal could obey stands as \u escapes, so that nothing is lost and nothing happens.
void quote_json(FILE *out, const char *text)
{
	fputc('"', out);
	while (*text) {
		uint32_t point;
		int length = utf8_decode((const unsigned char *)text, &point);
		if (*text == '"' || *text == '\\')
			fprintf(out, "\\%c", *text);
		else if (length == 0)
			fputs("\\ufffd", out);
		else if (utf8_is_harmful(point))
			fprintf(out, "\\u%04x", (unsigned)point);
		else
			fwrite(text, 1, (size_t)length, out);
		text += length ? length : 1;
	}
	fputc('"', out);
}

// Minus and digits are a number of ours; anything else that begins like a formula is disarmed.
static bool is_formula(const char *text)
{
	size_t sign = strspn(text, "-");
	bool is_number = sign <= 1 && text[sign] && text[sign + strspn(text + sign, "0123456789.")] == '\0';
	return *text && strchr("=+-@\t\r", *text) && !is_number;
}

// A file gets every byte as it is; a terminal gets nothing that it could obey.
static void csv_put(FILE *out, const char *text, bool is_terminal)
{
	while (*text) {
		uint32_t point;
		int length = utf8_decode((const unsigned char *)text, &point);
		if (*text == '"')
			fputc('"', out);
		if (is_terminal && (length == 0 || utf8_is_harmful(point)))
			fputs("\xEF\xBF\xBD", out);
		else
			fwrite(text, 1, length ? (size_t)length : 1, out);
		text += length ? length : 1;
	}
}

void quote_csv(FILE *out, const char *text)
{
	bool is_terminal = isatty(fileno(out)) == 1;
	const char *mark = is_formula(text) ? "'" : "",
		   *quote = *mark || strpbrk(text, "\",\r\n") ? "\"" : "";
	if (!*quote && !is_terminal) {
		fputs(text, out);
		return;
	}
	fprintf(out, "%s%s", quote, mark);
	csv_put(out, text, is_terminal);
	fputs(quote, out);
}

int quote_width(const char *text)
{
	int width = 0;
	while (*text) {
		uint32_t point;
		int length = utf8_decode((const unsigned char *)text, &point);
		int columns = wcwidth((wchar_t)point);
		width += length == 0 || columns < 0 ? 1 : columns;
		text += length ? length : 1;
	}
	return width;
}

// What a browser could take for markup, and what could reorder or hide text, stands as what it is.
void quote_html(FILE *out, const char *text)
{
	static const struct {
		char of;
		const char *is;
	} ENTITIES[] = {{'<', "&lt;"}, {'>', "&gt;"}, {'&', "&amp;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
	while (*text) {
		uint32_t point;
		int length = utf8_decode((const unsigned char *)text, &point);
		const char *entity = NULL;
		for (size_t i = 0; i < sizeof ENTITIES / sizeof *ENTITIES; i++)
			if (*text == ENTITIES[i].of)
				entity = ENTITIES[i].is;
		if (entity)
			fputs(entity, out);
		else if (length == 0 || utf8_is_harmful(point))
			fputs("\xEF\xBF\xBD", out);
		else
			fwrite(text, 1, (size_t)length, out);
		text += length ? length : 1;
	}
}
