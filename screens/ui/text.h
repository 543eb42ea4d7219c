// Text as cells of a terminal: hostile UTF-8 goes in, only harmless cells of known width come out.
#ifndef UI_TEXT_H
#define UI_TEXT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

// Widths are wcwidth()'s, the agreement terminals follow; the locale's LC_CTYPE must be UTF-8 (term_open()
// sees to it). Invalid bytes, controls and unassigned characters become U+FFFD; bidirectional controls,
// joiners and other invisible characters vanish; newline and tab become a blank; marks beyond TEXT_MARKS_MAX
// on a cell are dropped.

enum { TEXT_MARKS_MAX = 4, TEXT_REPLACEMENT = 0xfffd };

struct text_cell {
	wchar_t chars[1 + TEXT_MARKS_MAX + 1]; // base and its marks, ended by 0
	int width;                             // 1 or 2
};

// Takes one character at *at (before end), moves *at behind it. Always takes at least one byte.
uint32_t text_decode(const char **at, const char *end);

// Writes ch as UTF-8 without a final 0; returns the number of bytes. What is no character becomes U+FFFD.
size_t text_encode(uint32_t ch, char out[4]);

// Cells ch takes as it will be shown: 0 (a mark, or invisible), 1 or 2.
int text_char_width(uint32_t ch);

// Bytes at the start of the text that are one plain cell each: most text is, and needs no closer look.
size_t text_plain(const char *text, size_t bytes);

// The next cell to show; false at the end. *at moves behind every mark that belongs to it.
bool text_next_cell(const char **at, const char *end, struct text_cell *cell);

// Cells the text takes when shown on one line.
int text_width(const char *text);
int text_width_n(const char *text, size_t bytes);

// Bytes of the longest beginning that fits into `width` cells, cut at a cell's border.
size_t text_fit(const char *text, size_t bytes, int width);

// Where the cluster (a character and what is joined to it) behind or before `at` ends or begins, in bytes.
size_t text_cluster_after(const char *text, size_t bytes, size_t at);
size_t text_cluster_before(const char *text, size_t bytes, size_t at);

// One line of a paragraph wrapped at `width` cells (>= 1): returns its bytes, and in *next where the line
// after it starts. Breaks at blanks where it can and at newlines always. Every call with bytes > 0 moves
// *next on.
size_t text_wrap(const char *text, size_t bytes, int width, size_t *next);

// Whether `text` holds `part`; capitals in `part` make it mind capitals ("smart case"). Gives the place and
// length.
bool text_find(const char *text, const char *part, size_t *at, size_t *bytes);
#endif
