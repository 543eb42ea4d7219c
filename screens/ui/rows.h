// Rows of a list: a key and one text a column, each row one block of memory.
#ifndef UI_ROWS_H
#define UI_ROWS_H
#include "screens/ui/theme.h"

#include <stdbool.h>

enum { ROW_KEY_MAX = 96 };

// Never changed once made.
struct row {
	char key[ROW_KEY_MAX]; // what the source finds the row by again; unique in its list
	enum role role;        // ROLE_TEXT, or louder
	int cell_count;
	const char *cells[]; // point into the same block
};

// A growing array of rows; owns them. Zero-initialised is ready.
struct rows {
	struct row **row;
	int count, capacity;
};

// Copies key and cells (a NULL cell counts as ""). False: out of memory, or the key is too long.
bool rows_add(struct rows *r, const char *key, enum role role, const char *const *cells, int cell_count);
void rows_free(struct rows *r);

// Moves all rows of `more` to the end or the start; `more` is empty afterwards. False: out of memory, nothing
// moved.
bool rows_append(struct rows *r, struct rows *more);
bool rows_prepend(struct rows *r, struct rows *more);
void rows_drop_first(struct rows *r, int count);
void rows_drop_last(struct rows *r, int count);
int rows_find(const struct rows *r, const char *key); // -1: not there
#endif
