// The guard before libconfig: a scanner with libconfig's idea of strings, comments and numbers, and none of
// its traps.
#include "model/engine/guard.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "model/engine/arena.h"

#define DIGITS_PLAIN 9
#define DIGITS_LONG 18

struct scanner {
	struct guard *guard;
	const char *file;
	const unsigned char *text;
	size_t length, at;
	int line;
	bool after_string; // nothing but space and comments since the last string
	struct document_errors *errors;
};

#define TRAP(scanner, where, id, ...)                                                                        \
	document_errors_add((scanner)->errors, (scanner)->file, where, "-", id, __VA_ARGS__)

static int peek(const struct scanner *s, size_t ahead)
{
	return s->at + ahead < s->length ? s->text[s->at + ahead] : -1;
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '*';
}

static void value_note(struct scanner *s)
{
	struct guard *guard = s->guard;
	ARRAY_RESERVE(guard->value_lines, guard->value_capacity, guard->value_count + 1);
	guard->value_lines[guard->value_count++] = s->line;
}

static size_t utf8_tail(int lead)
{
	if (lead < 0x80)
		return 0;
	if (lead >= 0xC2 && lead <= 0xDF)
		return 1;
	if (lead >= 0xE0 && lead <= 0xEF)
		return 2;
	return lead >= 0xF0 && lead <= 0xF4 ? 3 : SIZE_MAX;
}

// The length of the character there, 0 if it is none: overlong forms, surrogates and what lies past U+10FFFF
// are none.
static size_t utf8_length(const struct scanner *s)
{
	int lead = peek(s, 0), second = peek(s, 1);
	size_t tail = utf8_tail(lead);
	if (tail == SIZE_MAX)
		return 0;
	for (size_t i = 1; i <= tail; i++) {
		int c = peek(s, i);
		if (c < 0x80 || c > 0xBF)
			return 0;
	}
	if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F))
		return 0;
	if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F))
		return 0;
	return tail + 1;
}

// Everywhere: no NUL, no byte that is not UTF-8. Steps over one character and counts lines.
static void character_pass(struct scanner *s)
{
	int c = peek(s, 0);
	size_t length = utf8_length(s);
	if (c == '\0')
		TRAP(s, s->line, "X5", "a NUL byte would cut the text short");
	else if (length == 0)
		TRAP(s, s->line, "X5", "byte 0x%02X is not UTF-8", (unsigned)c);
	if (c == '\n')
		s->line++;
	s->at += length > 0 ? length : 1;
}

static void escape_pass(struct scanner *s)
{
	int c = peek(s, 1);
	s->at++;
	if (c == '"' || c == '\\')
		s->at++;
	else
		TRAP(s, s->line, "X5", "of the escapes only \\\" and \\\\ are allowed");
}

static void string_pass(struct scanner *s)
{
	if (s->after_string)
		TRAP(s, s->line, "X3", "two strings side by side: a comma is missing");
	value_note(s);
	s->at++;
	while (s->at < s->length && peek(s, 0) != '"') {
		int c = peek(s, 0);
		if (c == '\\') {
			escape_pass(s);
			continue;
		}
		if ((c > 0 && c < 0x20) || c == 0x7F)
			TRAP(s, s->line, "X5", "control character 0x%02X inside a string", (unsigned)c);
		character_pass(s);
	}
	s->at++;
	s->after_string = true;
}

static void line_comment_pass(struct scanner *s)
{
	while (s->at < s->length && peek(s, 0) != '\n')
		character_pass(s);
}

static void block_comment_pass(struct scanner *s)
{
	int opened = s->line;
	s->at += 2;
	while (s->at < s->length && !(peek(s, 0) == '*' && peek(s, 1) == '/'))
		character_pass(s);
	if (s->at >= s->length)
		TRAP(s, opened, "X6", "a comment that is never closed would swallow the rest of the file");
	s->at += 2;
}

static size_t digits_pass(struct scanner *s)
{
	size_t first = s->at;
	while (is_digit(peek(s, 0)))
		s->at++;
	return s->at - first;
}

static bool exponent_here(const struct scanner *s)
{
	int sign = peek(s, 1);
	return (peek(s, 0) | 0x20) == 'e' && is_digit(sign == '+' || sign == '-' ? peek(s, 2) : sign);
}

// Floats are no trap: the parser reads them and the reader refuses them (V3).
static bool float_pass(struct scanner *s)
{
	bool is_float = false;
	if (peek(s, 0) == '.') {
		is_float = true;
		s->at++;
		digits_pass(s);
	}
	if (exponent_here(s)) {
		is_float = true;
		s->at += 2;
		digits_pass(s);
	}
	return is_float;
}

static void number_pass(struct scanner *s)
{
	value_note(s);
	if (peek(s, 0) == '+' || peek(s, 0) == '-')
		s->at++;
	bool zero = peek(s, 0) == '0';
	size_t digits = digits_pass(s);
	if (zero && digits == 1 && (peek(s, 0) | 0x20) == 'x') {
		TRAP(s, s->line, "X2", "hexadecimal numbers are not allowed");
		s->at++;
		while (is_digit(peek(s, 0)) || is_letter(peek(s, 0)))
			s->at++;
		return;
	}
	if (float_pass(s))
		return;
	bool is_long = peek(s, 0) == 'L';
	while (peek(s, 0) == 'L')
		s->at++;
	if (is_long && digits > DIGITS_LONG)
		TRAP(s, s->line, "X1", "an integer has at most %d digits", DIGITS_LONG);
	else if (!is_long && digits > DIGITS_PLAIN)
		TRAP(s, s->line, "X1", "an integer of more than %d digits needs an L behind it",
			DIGITS_PLAIN);
}

// A name, or a boolean: what follows tells.
static void word_pass(struct scanner *s)
{
	size_t first = s->at;
	while (is_letter(peek(s, 0)) || is_digit(peek(s, 0)) || peek(s, 0) == '_' || peek(s, 0) == '-')
		s->at++;
	const char *word = (const char *)s->text + first;
	size_t length = s->at - first;
	if ((length == 4 && strncasecmp(word, "true", 4) == 0) ||
		(length == 5 && strncasecmp(word, "false", 5) == 0))
		value_note(s);
}

static bool number_starts(const struct scanner *s)
{
	int c = peek(s, 0), next = peek(s, 1);
	if (c == '+' || c == '-')
		return is_digit(next) || next == '.';
	return is_digit(c) || (c == '.' && is_digit(next));
}

static void include_pass(struct scanner *s)
{
	static const char word[] = "@include";
	if (s->length - s->at >= sizeof word - 1 && memcmp(s->text + s->at, word, sizeof word - 1) == 0)
		TRAP(s, s->line, "X4", "@include is not allowed");
	s->at++;
}

static void token_pass(struct scanner *s)
{
	int c = peek(s, 0);
	if (c == '"') {
		string_pass(s);
		return;
	}
	if (c == '#' || (c == '/' && peek(s, 1) == '/')) {
		line_comment_pass(s);
		return;
	}
	if (c == '/' && peek(s, 1) == '*') {
		block_comment_pass(s);
		return;
	}
	if (c != ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\v')
		s->after_string = false;
	if (number_starts(s))
		number_pass(s);
	else if (is_letter(c))
		word_pass(s);
	else if (c == '@')
		include_pass(s);
	else
		character_pass(s);
}

bool guard_scan(struct guard *guard, const char *file, const char *text, size_t length,
	struct document_errors *errors)
{
	struct scanner s = {
		.guard = guard,
		.file = file,
		.text = (const unsigned char *)text,
		.length = length,
		.line = 1,
		.errors = errors,
	};
	int before = errors->count;
	guard->value_count = 0;
	if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
		TRAP(&s, 1, "X5", "a byte-order mark starts the file");
	while (s.at < s.length)
		token_pass(&s);
	return errors->count == before;
}

void guard_free(struct guard *guard)
{
	free(guard->value_lines);
	*guard = (struct guard){0};
}
