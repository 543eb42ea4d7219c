// Storage of rows; a page of them arrives, is moved into a list's window and dropped at the other end.
#include "screens/ui/rows.h"

#include <stdlib.h>
#include <string.h>

static struct row *row_new(const char *key, enum role role, const char *const *cells, int cell_count)
{
	size_t head = sizeof(struct row) + (size_t)cell_count * sizeof(char *), bytes = head;

	for (int i = 0; i < cell_count; i++)
		bytes += strlen(cells[i] ? cells[i] : "") + 1;
	struct row *row = malloc(bytes);
	if (!row)
		return NULL;
	strcpy(row->key, key);
	row->role = role;
	row->cell_count = cell_count;
	char *at = (char *)row + head;
	for (int i = 0; i < cell_count; i++) {
		const char *text = cells[i] ? cells[i] : "";
		size_t length = strlen(text) + 1;
		row->cells[i] = memcpy(at, text, length);
		at += length;
	}
	return row;
}

static bool make_room(struct rows *r, int more)
{
	int capacity = r->capacity ? r->capacity : 64;

	while (capacity < r->count + more)
		capacity *= 2;
	if (capacity == r->capacity)
		return true;
	struct row **bigger = realloc(r->row, (size_t)capacity * sizeof(struct row *));
	if (!bigger)
		return false;
	r->row = bigger;
	r->capacity = capacity;
	return true;
}

bool rows_add(struct rows *r, const char *key, enum role role, const char *const *cells, int cell_count)
{
	if (strlen(key) >= ROW_KEY_MAX || !make_room(r, 1))
		return false;
	struct row *row = row_new(key, role, cells, cell_count);
	if (!row)
		return false;
	r->row[r->count++] = row;
	return true;
}

void rows_free(struct rows *r)
{
	for (int i = 0; i < r->count; i++)
		free(r->row[i]);
	free(r->row);
	*r = (struct rows){0};
}

bool rows_append(struct rows *r, struct rows *more)
{
	if (!make_room(r, more->count))
		return false;
	if (more->count)
		memcpy(r->row + r->count, more->row, (size_t)more->count * sizeof(struct row *));
	r->count += more->count;
	more->count = 0;
	rows_free(more);
	return true;
}

bool rows_prepend(struct rows *r, struct rows *more)
{
	if (!make_room(r, more->count))
		return false;
	memmove(r->row + more->count, r->row, (size_t)r->count * sizeof(struct row *));
	if (more->count)
		memcpy(r->row, more->row, (size_t)more->count * sizeof(struct row *));
	r->count += more->count;
	more->count = 0;
	rows_free(more);
	return true;
}

void rows_drop_first(struct rows *r, int count)
{
	for (int i = 0; i < count; i++)
		free(r->row[i]);
	r->count -= count;
	memmove(r->row, r->row + count, (size_t)r->count * sizeof(struct row *));
}

void rows_drop_last(struct rows *r, int count)
{
	while (count-- > 0)
		free(r->row[--r->count]);
}

int rows_find(const struct rows *r, const char *key)
{
	for (int i = 0; i < r->count; i++)
		if (!strcmp(r->row[i]->key, key))
			return i;
	return -1;
}
