// Text of unknown origin, made safe to print.
#ifndef DB_TEXT_H
#define DB_TEXT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The length of the UTF-8 character at text (which ends with a NUL) and its code point; 0 if there is none: bad
// bytes, forms longer than needed, surrogates.
int utf8_decode(const unsigned char *text, uint32_t *point);

// Whether a terminal could take the character for a command, or hide or reorder text by it.
bool utf8_is_harmful(uint32_t point);

// Copies text without what could move a cursor or hide text on a terminal: control and bidirectional
// characters and what is not UTF-8 become U+FFFD, line ends and tabs become spaces. Cuts between characters.
// Returns out.
char *neutral_text(char *out, size_t size, const char *text);
#endif
