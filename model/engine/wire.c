// Numbers and texts as bytes: variable-length integers, seven bits a byte, low bits first; signs folded into
// bit 0.
#include "model/engine/wire.h"
#include <stdlib.h>
#include <string.h>

#define DAY_FIRST (-36525) // 1900-01-01
#define DAY_LAST 2921939   // 9999-12-31

void bytes_free(struct bytes *bytes)
{
	free(bytes->data);
	*bytes = (struct bytes){0};
}

void put_byte(struct bytes *bytes, uint8_t byte)
{
	if (bytes->length == bytes->capacity) {
		int capacity = (int)bytes->capacity;
		ARRAY_RESERVE(bytes->data, capacity, (int)bytes->length + 1);
		bytes->capacity = (size_t)capacity;
	}
	bytes->data[bytes->length++] = byte;
}

static void put_unsigned(struct bytes *bytes, uint64_t number)
{
	for (; number >= 0x80; number >>= 7)
		put_byte(bytes, (uint8_t)(number | 0x80));
	put_byte(bytes, (uint8_t)number);
}

void put_number(struct bytes *bytes, int64_t number)
{
	uint64_t doubled = (uint64_t)number << 1;
	put_unsigned(bytes, number < 0 ? ~doubled : doubled);
}

void put_day(struct bytes *bytes, day_t day)
{
	if (day == DAY_NONE)
		put_unsigned(bytes, 0);
	else
		put_unsigned(bytes, (uint64_t)((int64_t)day - DAY_FIRST + 1));
}

void put_text(struct bytes *bytes, const char *text)
{
	size_t length = strlen(text);
	put_unsigned(bytes, length);
	for (size_t i = 0; i < length; i++)
		put_byte(bytes, (uint8_t)text[i]);
}

static void cursor_break(struct cursor *cursor)
{
	cursor->is_broken = true;
	cursor->at = cursor->end;
}

uint8_t get_byte(struct cursor *cursor)
{
	if (cursor->at == cursor->end) {
		cursor_break(cursor);
		return 0;
	}
	return *cursor->at++;
}

// Only the shortest form of a number is one, so that equal states have equal bytes.
static uint64_t get_unsigned(struct cursor *cursor)
{
	uint64_t number = 0;
	for (int shift = 0; shift < 64; shift += 7) {
		uint8_t byte = get_byte(cursor);
		if (shift == 63 && byte > 1)
			break;
		number |= (uint64_t)(byte & 0x7F) << shift;
		if ((byte & 0x80) != 0)
			continue;
		if (byte == 0 && shift > 0)
			break;
		return number;
	}
	cursor_break(cursor);
	return 0;
}

int64_t get_number(struct cursor *cursor)
{
	uint64_t folded = get_unsigned(cursor);
	uint64_t number = folded >> 1;
	return (int64_t)((folded & 1) != 0 ? ~number : number);
}

int64_t get_number_in(struct cursor *cursor, int64_t min, int64_t max)
{
	int64_t number = get_number(cursor);
	if (number >= min && number <= max)
		return number;
	cursor_break(cursor);
	return min > 0 ? min : 0;
}

day_t get_day(struct cursor *cursor)
{
	uint64_t number = get_unsigned(cursor);
	if (number == 0)
		return DAY_NONE;
	if (number <= (uint64_t)(DAY_LAST - DAY_FIRST) + 1)
		return (day_t)((int64_t)number - 1 + DAY_FIRST);
	cursor_break(cursor);
	return DAY_NONE;
}

int get_count(struct cursor *cursor)
{
	uint64_t count = get_unsigned(cursor);
	if (count <= (uint64_t)(cursor->end - cursor->at))
		return (int)count;
	cursor_break(cursor);
	return 0;
}

void get_text(struct cursor *cursor, char *out, size_t size)
{
	int length = get_count(cursor);
	out[0] = '\0';
	if ((size_t)length >= size || memchr(cursor->at, '\0', (size_t)length) != NULL) {
		cursor_break(cursor);
		return;
	}
	memcpy(out, cursor->at, (size_t)length);
	out[length] = '\0';
	cursor->at += length;
}
