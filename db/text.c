// Text of unknown origin, made safe to print.
#include "db/text.h"

#include <stdbool.h>
#include <string.h>

int utf8_decode(const unsigned char *text, uint32_t *point)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	int length = text[0] < 0x80             ? 1
		     : (text[0] & 0xe0) == 0xc0 ? 2
		     : (text[0] & 0xf0) == 0xe0 ? 3
		     : (text[0] & 0xf8) == 0xf0 ? 4
						: 0;
	if (length < 2) {
		*point = text[0];
		return length;
	}
	*point = text[0] & (0xffU >> (length + 1));
	for (int i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*point = *point << 6 | (text[i] & 0x3f);
	}
	bool is_valid =
		*point >= smallest[length] && *point <= 0x10ffff && (*point < 0xd800 || *point > 0xdfff);
	return is_valid ? length : 0;
}

bool utf8_is_harmful(uint32_t point)
{
	static const struct {
		uint32_t first, last;
	} harmful[] = {{0, 0x1f}, {0x7f, 0x9f}, {0x61c, 0x61c}, {0x200b, 0x200f}, {0x2028, 0x202e},
		{0x2060, 0x2069}, {0xfeff, 0xfeff}};
	for (size_t i = 0; i < sizeof harmful / sizeof *harmful; i++)
		if (point >= harmful[i].first && point <= harmful[i].last)
			return true;
	return false;
}

char *neutral_text(char *out, size_t size, const char *text)
{
	size_t used = 0;
	while (*text) {
		uint32_t point;
		int length = utf8_decode((const unsigned char *)text, &point);
		const char *shown = text;
		size_t width = (size_t)length;
		if (*text == '\n' || *text == '\t') {
			shown = " ";
		} else if (length == 0 || utf8_is_harmful(point)) {
			shown = "\uFFFD";
			width = 3;
		}
		if (used + width >= size)
			break;
		memcpy(out + used, shown, width);
		used += width;
		text += length ? length : 1;
	}
	while (used && out[used - 1] == ' ')
		used--;
	out[used] = '\0';
	return out;
}
