// The words and signs that a condition is made of.
#ifndef MODEL_SEGMENT_LEXER_H
#define MODEL_SEGMENT_LEXER_H
#include <stdbool.h>

enum token_kind {
	TOKEN_END,
	TOKEN_WORD,      // letters, digits, _ - : inside; every character beyond ASCII counts as a letter
	TOKEN_TEXT,      // 'in quotes', a quote written twice; or "so"
	TOKEN_NUMBER,    // 200, 200.50, -3
	TOKEN_DAY,       // 2026-11-22
	TOKEN_MONTH_DAY, // 02-29
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_COMMA,
	TOKEN_SIGN, // = != <> < <= > >=
	TOKEN_BAD,
};

struct token {
	enum token_kind kind;
	int from, length; // bytes of the text
	const char *why;  // of TOKEN_BAD
};

// The first token at that byte of a text that ends with a NUL, or behind it.
struct token token_at(const char *text, int at);
// The bytes of the text of a TOKEN_TEXT without its quotes; to: at least length bytes. Returns how many.
int token_text(const char *text, const struct token *token, char *to);
bool token_is(const char *text, const struct token *token, const char *word); // capitals aside
#endif
