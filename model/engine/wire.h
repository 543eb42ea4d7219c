// Numbers and texts as bytes, for a member's memory. Private to model/engine/.
#ifndef ENGINE_WIRE_H
#define ENGINE_WIRE_H
#include "model/engine/memory.h"

void put_byte(struct bytes *, uint8_t);
void put_number(struct bytes *, int64_t); // small ones of either sign take little room
void put_day(struct bytes *, day_t);
void put_text(struct bytes *, const char *);

// Reads what was put. After the first thing that cannot be read all else reads as zero, and `is_broken`
// tells.
struct cursor {
	const uint8_t *at, *end;
	bool is_broken;
};

uint8_t get_byte(struct cursor *);
int64_t get_number(struct cursor *);
int64_t get_number_in(struct cursor *, int64_t min, int64_t max); // what lies outside is broken
day_t get_day(struct cursor *);

// How many elements follow, each of at least one byte.
int get_count(struct cursor *);

// Into out[size]; what does not fit is broken.
void get_text(struct cursor *, char *out, size_t size);
#endif
