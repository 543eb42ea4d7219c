// Decoding, neutralising, measuring, clipping and wrapping of UTF-8; pure, knows nothing of curses.
#include "screens/ui/text.h"

#include <string.h>
#include <wctype.h>

static size_t sequence_length(unsigned char lead)
{
	if (lead < 0x80)
		return 1;
	if (lead >= 0xc2 && lead <= 0xdf)
		return 2;
	if (lead >= 0xe0 && lead <= 0xef)
		return 3;
	return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

uint32_t text_decode(const char **at, const char *end)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char lead = (unsigned char)*(*at)++;
	size_t length = sequence_length(lead);

	if (length == 1)
		return lead;
	if (!length)
		return TEXT_REPLACEMENT;
	uint32_t ch = lead & (0x7fU >> length);
	for (size_t i = 1; i < length; i++) {
		if (*at == end || ((unsigned char)**at & 0xc0) != 0x80)
			return TEXT_REPLACEMENT;
		ch = ch << 6 | ((unsigned char)*(*at)++ & 0x3f);
	}
	if (ch < smallest[length] || ch > 0x10ffff || (ch >= 0xd800 && ch <= 0xdfff))
		return TEXT_REPLACEMENT;
	return ch;
}

size_t text_encode(uint32_t ch, char out[4])
{
	if (ch > 0x10ffff || (ch >= 0xd800 && ch <= 0xdfff))
		ch = TEXT_REPLACEMENT;
	if (ch < 0x80) {
		out[0] = (char)ch;
		return 1;
	}
	size_t length = ch < 0x800 ? 2 : ch < 0x10000 ? 3 : 4;
	for (size_t i = length; i-- > 1; ch >>= 6)
		out[i] = (char)(0x80 | (ch & 0x3f));
	out[0] = (char)((0xf00U >> length & 0xf0) | ch);
	return length;
}

// Characters that are drawn by nobody, or that reorder or join what is drawn: they must not reach the
// terminal.
static bool is_invisible(uint32_t ch)
{
	return ch == 0xad || ch == 0x61c || ch == 0x180e || (ch >= 0x200b && ch <= 0x200f) ||
	       (ch >= 0x202a && ch <= 0x202e) || (ch >= 0x2060 && ch <= 0x206f) || ch == 0xfeff ||
	       (ch >= 0xfe00 && ch <= 0xfe0f) || (ch >= 0xfff9 && ch <= 0xfffb) ||
	       (ch >= 0xe0000 && ch <= 0xe0fff);
}

// What stands for ch on the screen.
static uint32_t shown(uint32_t ch)
{
	if (ch == '\n' || ch == '\t')
		return ' ';
	if (ch < 0x20 || (ch >= 0x7f && ch < 0xa0))
		return TEXT_REPLACEMENT;
	if (ch >= 0x80 && wcwidth((wchar_t)ch) < 0)
		return TEXT_REPLACEMENT;
	return ch;
}

int text_char_width(uint32_t ch)
{
	if (is_invisible(ch))
		return 0;
	ch = shown(ch);
	if (ch < 0x80 || ch == TEXT_REPLACEMENT)
		return 1;
	int width = wcwidth((wchar_t)ch);
	return width < 0 ? 1 : width;
}

size_t text_plain(const char *text, size_t bytes)
{
	size_t run = 0;

	while (run < bytes && text[run] >= ' ' && text[run] < 0x7f)
		run++;
	// The last one may carry a mark.
	return run == bytes || !run ? run : run - 1;
}

bool text_next_cell(const char **at, const char *end, struct text_cell *cell)
{
	int marks = 0;

	cell->width = 0;
	while (*at < end) {
		const char *next = *at;
		uint32_t ch = text_decode(&next, end);
		int width = text_char_width(ch);
		if (cell->width && width)
			break;
		*at = next;
		if (is_invisible(ch))
			continue;
		if (!cell->width) {
			cell->chars[0] = width ? (wchar_t)shown(ch) : 0x25cc; // a mark without a base
			cell->width = width ? width : 1;
		}
		if (!width && marks < TEXT_MARKS_MAX)
			cell->chars[1 + marks++] = (wchar_t)ch;
	}
	cell->chars[1 + marks] = 0;
	return cell->width > 0;
}

int text_width_n(const char *text, size_t bytes)
{
	const char *end = text + bytes;
	struct text_cell cell;
	int width = 0;

	do {
		size_t plain = text_plain(text, (size_t)(end - text));
		text += plain;
		width += (int)plain;
		if (!text_next_cell(&text, end, &cell))
			return width;
		width += cell.width;
	} while (true);
}

int text_width(const char *text)
{
	return text_width_n(text, strlen(text));
}

size_t text_fit(const char *text, size_t bytes, int width)
{
	const char *at = text, *end = text + bytes;
	struct text_cell cell;

	while (at < end) {
		const char *next = at;
		if (!text_next_cell(&next, end, &cell))
			return bytes; // nothing but invisible characters is left
		if (cell.width > width)
			break;
		width -= cell.width;
		at = next;
	}
	return (size_t)(at - text);
}

static bool joins(uint32_t ch)
{
	return ch >= 0x80 && ((is_invisible(ch) && ch != 0x200b) || text_char_width(ch) == 0);
}

size_t text_cluster_after(const char *text, size_t bytes, size_t at)
{
	const char *here = text + at, *end = text + bytes;
	uint32_t last = 0;

	if (here < end)
		last = text_decode(&here, end);
	while (here < end && last != '\n') {
		const char *next = here;
		uint32_t ch = text_decode(&next, end);
		if (!joins(ch) && last != 0x200d)
			break;
		last = ch;
		here = next;
	}
	return (size_t)(here - text);
}

size_t text_cluster_before(const char *text, size_t bytes, size_t at)
{
	// No cluster reaches over a newline, so walking forward from the line's start is enough.
	size_t start = at ? at - 1 : 0;

	while (start && text[start - 1] != '\n')
		start--;
	while (start < at) {
		size_t next = text_cluster_after(text, bytes, start);
		if (next >= at)
			break;
		start = next;
	}
	return start;
}

size_t text_wrap(const char *text, size_t bytes, int width, size_t *next)
{
	const char *newline = memchr(text, '\n', bytes);
	size_t line = newline ? (size_t)(newline - text) : bytes;
	size_t fits = text_fit(text, line, width);

	if (fits == line) {
		*next = line + (newline ? 1 : 0);
		return line;
	}
	size_t cut = fits;
	while (cut && text[cut] != ' ' && text[cut - 1] != ' ')
		cut--;
	if (!cut)
		cut = fits ? fits
			   : text_cluster_after(text, line, 0); // a cell wider than the line goes on its own
	*next = text[cut] == ' ' ? cut + 1 : cut;
	return cut;
}

static bool has_capitals(const char *text)
{
	const char *end = text + strlen(text);

	while (text < end)
		if (iswupper((wint_t)text_decode(&text, end)))
			return true;
	return false;
}

static uint32_t folded(uint32_t ch, bool mind_case)
{
	return mind_case ? ch : (uint32_t)towlower((wint_t)ch);
}

static const char *match_here(const char *text, const char *end, const char *part, bool mind_case)
{
	const char *part_end = part + strlen(part);

	while (part < part_end) {
		if (text == end)
			return NULL;
		if (folded(text_decode(&text, end), mind_case) !=
			folded(text_decode(&part, part_end), mind_case))
			return NULL;
	}
	return text;
}

bool text_find(const char *text, const char *part, size_t *at, size_t *bytes)
{
	const char *start = text, *end = text + strlen(text);
	bool mind_case = has_capitals(part);

	while (text < end) {
		const char *behind = match_here(text, end, part, mind_case);
		if (behind) {
			*at = (size_t)(text - start);
			*bytes = (size_t)(behind - text);
			return behind > text;
		}
		text_decode(&text, end);
	}
	return false;
}
