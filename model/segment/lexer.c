// Takes the text of a condition apart.
#include "model/segment/lexer.h"

#include <string.h>
#include <strings.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_inner(char c)
{
	return is_letter(c) || is_digit(c) || c == '-' || c == ':' || c == '.';
}

// Whether the text is made as the pattern is, in which 9 stands for any digit.
static bool has_shape(const char *text, int length, const char *pattern)
{
	if ((int)strlen(pattern) != length)
		return false;
	for (int i = 0; i < length; i++)
		if (pattern[i] == '9' ? !is_digit(text[i]) : text[i] != pattern[i])
			return false;
	return true;
}

static bool is_number(const char *text, int length)
{
	int i = text[0] == '-', digits = 0, points = 0;
	for (; i < length; i++) {
		digits += is_digit(text[i]);
		points += text[i] == '.';
		if (!is_digit(text[i]) && text[i] != '.')
			return false;
	}
	return digits > 0 && points <= 1 && is_digit(text[length - 1]) && text[text[0] == '-'] != '.';
}

static struct token word_at(const char *text, int at)
{
	int length = 1;
	while (is_inner(text[at + length]))
		length++;
	while (length > 1 && strchr("-:.", text[at + length - 1]))
		length--;
	struct token token = {.kind = TOKEN_WORD, .from = at, .length = length};
	if (is_number(text + at, length))
		token.kind = TOKEN_NUMBER;
	else if (has_shape(text + at, length, "9999-99-99"))
		token.kind = TOKEN_DAY;
	else if (has_shape(text + at, length, "99-99"))
		token.kind = TOKEN_MONTH_DAY;
	else if (text[at] == '-')
		return (struct token){TOKEN_BAD, at, length, "this is no number"};
	return token;
}

static struct token text_at(const char *text, int at)
{
	for (int i = at + 1; text[i]; i++) {
		if (text[i] != text[at])
			continue;
		if (text[i + 1] != text[at])
			return (struct token){TOKEN_TEXT, at, i + 1 - at, NULL};
		i++;
	}
	return (struct token){TOKEN_BAD, at, (int)strlen(text) - at, "this quote is not closed"};
}

static struct token sign_at(const char *text, int at)
{
	static const char *const signs[] = {"<=", ">=", "!=", "<>", "=", "<", ">"};
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (strncmp(text + at, signs[i], strlen(signs[i])) == 0)
			return (struct token){TOKEN_SIGN, at, (int)strlen(signs[i]), NULL};
	return (struct token){TOKEN_BAD, at, 1, "this sign means nothing here"};
}

struct token token_at(const char *text, int at)
{
	while (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r')
		at++;
	char c = text[at];
	if (!c)
		return (struct token){TOKEN_END, at, 0, NULL};
	if (is_letter(c) || is_digit(c) || (c == '-' && is_digit(text[at + 1])))
		return word_at(text, at);
	if (c == '\'' || c == '"')
		return text_at(text, at);
	if (c == '(' || c == ')' || c == ',')
		return (struct token){c == '('   ? TOKEN_OPEN
				      : c == ')' ? TOKEN_CLOSE
						 : TOKEN_COMMA,
			at, 1, NULL};
	return sign_at(text, at);
}

int token_text(const char *text, const struct token *token, char *to)
{
	const char *from = text + token->from;
	int length = 0;
	for (int i = 1; i < token->length - 1; i++) {
		to[length++] = from[i];
		if (from[i] == from[0])
			i++;
	}
	return length;
}

bool token_is(const char *text, const struct token *token, const char *word)
{
	return token->kind == TOKEN_WORD && (int)strlen(word) == token->length &&
	       strncasecmp(text + token->from, word, strlen(word)) == 0;
}
