// Two versions of a programme document beside each other: all settings of their ladders, and what else
// differs.
#ifndef MODEL_PROGRAMME_SIDES_H
#define MODEL_PROGRAMME_SIDES_H
#include "model/programme/tier_table.h"

struct side_line {
	const char *label;               // "gold: Threshold"; of a heading the ladder
	const char *left, *right;        // as a person reads them, "" where there is nothing
	enum tier_difference difference; // of the right one from the left one
	bool is_heading;
};

struct programme_sides {
	struct side_line *lines; // ladders first
	int count, capacity;
	int differences;
	struct arena arena;
};

// Both texts have to be documents that the engine reads; false: one is none.
bool programme_sides_init(struct programme_sides *sides, const char *left, const char *right);
void programme_sides_free(struct programme_sides *sides);
#endif
