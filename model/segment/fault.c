// What is wrong with a condition and what would fit instead.
#include "model/segment/parser.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { WORD_MAX = 40 };

int condition_column(const char *text, int offset)
{
	int column = 1;
	for (int i = 0; i < offset && text[i]; i++)
		column += ((unsigned char)text[i] & 0xc0) != 0x80;
	return column;
}

void parser_offer(struct parser *parser, const char *text, const char *help)
{
	for (int i = 0; i < parser->offer_count; i++)
		if (strcmp(parser->offers[i].text, text) == 0)
			return;
	if (parser->offer_count < OFFERS_MAX)
		parser->offers[parser->offer_count++] = (struct offer){text, help ? help : ""};
}

void parser_offer_name(struct parser *parser, const struct condition_name *name)
{
	struct token token = token_at(name->code, 0);
	const char *text = name->code;
	if (token.kind == TOKEN_BAD || token.kind == TOKEN_TEXT || token.from > 0 ||
		name->code[token.length]) {
		char *quoted = arena_alloc(parser->arena, 2 * strlen(name->code) + 3), *to = quoted;
		*to++ = '\'';
		for (const char *c = name->code; *c; c++) {
			*to++ = *c;
			if (*c == '\'')
				*to++ = *c;
		}
		*to = '\'';
		text = quoted;
	}
	parser_offer(parser, text, name->kind == NAME_SEGMENT ? "" : name->text);
}

static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static int least(int a, int b, int c)
{
	int ab = a < b ? a : b;
	return ab < c ? ab : c;
}

// How many letters must be changed, put in, left out or swapped with their neighbour to make one of the
// other.
static int distance(const char *a, int a_length, const char *b)
{
	int rows[3][WORD_MAX + 1], b_length = (int)strlen(b);
	if (a_length > WORD_MAX || b_length > WORD_MAX)
		return WORD_MAX;
	for (int j = 0; j <= b_length; j++)
		rows[0][j] = j;
	for (int i = 1; i <= a_length; i++) {
		int *row = rows[i % 3], *above = rows[(i + 2) % 3], *over = rows[(i + 1) % 3];
		row[0] = i;
		for (int j = 1; j <= b_length; j++) {
			bool is_same = lower(a[i - 1]) == lower(b[j - 1]);
			row[j] = least(above[j] + 1, row[j - 1] + 1, above[j - 1] + !is_same);
			if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
				lower(a[i - 2]) == lower(b[j - 1]) && over[j - 2] + 1 < row[j])
				row[j] = over[j - 2] + 1;
		}
	}
	return rows[a_length % 3][b_length];
}

// The offer spelt most like the token; NULL: none is much like it.
static const char *nearest(const struct parser *parser, const char *word, int length)
{
	const char *best = NULL;
	int best_distance = length / 3 + 1 < 3 ? length / 3 + 1 : 3;
	for (int i = 0; i < parser->offer_count; i++) {
		int d = distance(word, length, parser->offers[i].text);
		if (d <= best_distance && d < length && (!best || d < best_distance)) {
			best = parser->offers[i].text;
			best_distance = d;
		}
	}
	return best;
}

// "here would fit: a, b, c", or as many of them as there is room for.
static void list_offers(const struct parser *parser, char *out, size_t size)
{
	size_t length = 0;
	for (int i = 0; i < parser->offer_count; i++) {
		const char *text = parser->offers[i].text;
		if (length + strlen(text) + 24 > size) {
			snprintf(out + length, size - length, " ...");
			return;
		}
		length += (size_t)snprintf(
			out + length, size - length, "%s%s", i ? ", " : "here would fit: ", text);
	}
}

static bool fail(struct parser *parser, int offset, int length, const char *why, va_list values)
	__attribute__((format(printf, 4, 0)));
static bool fail(struct parser *parser, int offset, int length, const char *why, va_list values)
{
	struct condition_fault *fault = parser->fault;
	if (parser->has_failed)
		return false;
	parser->has_failed = true;
	fault->offset = offset;
	fault->length = length;
	fault->column = condition_column(parser->text, offset);
	fault->fits[0] = '\0';
	vsnprintf(fault->why, sizeof fault->why, why, values);
	const char *like = nearest(parser, parser->text + offset, length);
	if (like)
		snprintf(fault->fits, sizeof fault->fits, "did you mean %s?", like);
	else if (parser->offer_count != 1 || !strstr(fault->why, parser->offers[0].text))
		list_offers(parser, fault->fits, sizeof fault->fits);
	return false;
}

bool parser_fail(struct parser *parser, const char *why, ...)
{
	va_list values;
	va_start(values, why);
	const struct token *token = &parser->token;
	if (token->kind == TOKEN_BAD) {
		parser->offer_count = 0;
		va_end(values);
		return parser_fail_at(parser, token->from, token->length, "%s", token->why);
	}
	fail(parser, token->from, token->length, why, values);
	va_end(values);
	return false;
}

bool parser_refuse(struct parser *parser, const char *why)
{
	parser->offer_count = 0;
	return parser_fail(parser, "%s", why);
}

bool parser_fail_at(struct parser *parser, int offset, int length, const char *why, ...)
{
	va_list values;
	va_start(values, why);
	fail(parser, offset, length, why, values);
	va_end(values);
	return false;
}
