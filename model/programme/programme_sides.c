// Lines up two documents: ladders by their tables, and what else differs.
#include "model/programme/programme_diff.h"
#include "model/programme/programme_sides.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL_SIZE = 300 };

struct lining {
	struct programme_sides *sides;
	struct outline left, right;
	const char **told; // labels of settings that a ladder's table shows
	int told_count, told_capacity;
};

// What an element of a list is called: its code, its id, its day; else its number.
static void element_label(const struct outline *outline, int element, char *out, size_t size)
{
	static const char *const names[] = {"code", "id", "from"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		int place = outline_child(outline, element, names[i]);
		if (place >= 0) {
			outline_value(outline, place, out, size);
			return;
		}
	}
	snprintf(out, size, "%d", outline->places[element].index + 1);
}

// "earn.base.cap.max": as a diff of the documents calls it.
static void place_label(const struct outline *outline, int number, char *out, size_t size)
{
	const struct place *place = &outline->places[number];
	char part[64];
	if (place->parent <= 0) {
		out[0] = '\0';
		return;
	}
	place_label(outline, place->parent, out, size);
	if (place->name_length > 0)
		snprintf(part, sizeof part, "%.*s", (int)place->name_length, outline->text + place->name);
	else
		element_label(outline, number, part, sizeof part);
	size_t used = strlen(out);
	snprintf(out + used, size - used, "%s%s", used ? "." : "", part);
}

static void told_add(struct lining *l, const struct outline *outline, const char *path)
{
	char label[LABEL_SIZE];
	int place = outline_find(outline, path);
	if (place < 0)
		return;
	place_label(outline, place, label, sizeof label);
	ARRAY_RESERVE(l->told, l->told_capacity, l->told_count + 1);
	l->told[l->told_count++] = arena_copy(&l->sides->arena, label);
}

static void line_add(
	struct lining *l, const char *label, const char *left, const char *right, bool is_heading)
{
	struct programme_sides *sides = l->sides;
	enum tier_difference difference = strcmp(left, right) == 0 ? TIER_SAME
					  : *left == '\0'          ? TIER_ADDED
					  : *right == '\0'         ? TIER_GONE
								   : TIER_CHANGED;
	ARRAY_RESERVE(sides->lines, sides->capacity, sides->count + 1);
	sides->differences += difference != TIER_SAME;
	sides->lines[sides->count++] = (struct side_line){.label = arena_copy(&sides->arena, label),
		.left = arena_copy(&sides->arena, left),
		.right = arena_copy(&sides->arena, right),
		.difference = difference,
		.is_heading = is_heading};
}

static void heading_add(struct lining *l, const char *label)
{
	line_add(l, label, "", "", true);
}

static const char *shown(const struct tier_row *row, const struct tier_cell *cell)
{
	if (!cell)
		return "";
	return row->kind == TIER_SWITCH && *cell->value == '\0' ? "no" : cell->value;
}

static void cell_add(struct lining *l, const struct tier_table *table, const struct tier_row *row, int tier,
	const struct tier_table *other, bool other_is_left)
{
	char label[LABEL_SIZE];
	const struct tier_cell *there = tier_table_find(other, row->key, table->tiers[tier]);
	const struct tier_cell *cell = &row->cells[row->is_wide ? 0 : tier];
	const char *here = shown(row, cell);
	told_add(l, other_is_left ? &l->right : &l->left, cell->path);
	if (there)
		told_add(l, other_is_left ? &l->left : &l->right, there->path);
	if (row->is_wide)
		snprintf(label, sizeof label, "%s", row->label);
	else
		snprintf(label, sizeof label, "%.80s: %.200s", table->names[tier], row->label);
	if (*cell->value != '\0' || there)
		line_add(l, label, other_is_left ? shown(row, there) : here,
			other_is_left ? here : shown(row, there), false);
}

// Every cell of the right table; then those of the left one that the right one lacks.
static void tables_add(struct lining *l, const struct tier_table *left, const struct tier_table *right)
{
	for (int r = 0; r < right->count; r++)
		for (int i = 0; i < (right->rows[r].kind == TIER_HEADING ? 0
					    : right->rows[r].is_wide     ? 1
									 : right->tier_count);
			i++)
			cell_add(l, right, &right->rows[r], i, left, true);
	for (int r = 0; r < left->count; r++)
		for (int i = 0; i < (left->rows[r].kind == TIER_HEADING ? 0
					    : left->rows[r].is_wide     ? 1
									: left->tier_count);
			i++)
			if (!tier_table_find(right, left->rows[r].key, left->tiers[i]))
				cell_add(l, left, &left->rows[r], i, right, false);
}

static int ladder_count(const struct outline *outline)
{
	int list = outline_find(outline, "programme.ladders");
	return list < 0 ? 0 : outline->places[list].count;
}

// left, right: numbers of the ladder in its document, -1: it has none.
static void ladder_add(struct lining *l, int left, int right)
{
	char label[LABEL_SIZE];
	struct tier_table left_table, right_table;
	tier_table_init(&left_table, &l->left, left, NULL);
	tier_table_init(&right_table, &l->right, right, NULL);
	snprintf(label, sizeof label, "Ladder %s", right_table.code ? right_table.code : left_table.code);
	heading_add(l, label);
	tables_add(l, &left_table, &right_table);
	tier_table_free(&left_table);
	tier_table_free(&right_table);
}

static int other_ladder(const struct outline *from, int ladder, const struct outline *to)
{
	char path[60], code[40];
	snprintf(path, sizeof path, "programme.ladders.[%d].code", ladder);
	return tier_table_ladder(to, outline_value(from, outline_find(from, path), code, sizeof code));
}

static void ladders_add(struct lining *l)
{
	for (int i = 0; i < ladder_count(&l->right); i++)
		ladder_add(l, other_ladder(&l->right, i, &l->left), i);
	for (int i = 0; i < ladder_count(&l->left); i++)
		if (other_ladder(&l->left, i, &l->right) < 0)
			ladder_add(l, i, -1);
}

// Whether a table shows the setting, or all that is in it.
static bool is_told(const struct lining *l, const char *path)
{
	size_t length = strlen(path);
	for (int i = 0; i < l->told_count; i++)
		if (strncmp(l->told[i], path, length) == 0 &&
			(l->told[i][length] == '\0' || l->told[i][length] == '.'))
			return true;
	return false;
}

// What differs besides; of ladders only what their tables cannot show, the order of things.
static void rest_add(struct lining *l)
{
	struct programme_diff diff;
	const struct diff_side left = {"the left one", l->left.text, l->left.length};
	const struct diff_side right = {"the right one", l->right.text, l->right.length};
	char label[LABEL_SIZE];
	if (!programme_diff_take(&diff, &left, &right, NULL))
		return;
	heading_add(l, "Everything else that differs");
	for (int i = 0; i < diff.count; i++) {
		const struct diff_change *change = &diff.changes[i];
		bool is_order = change->kind == DIFF_ORDER;
		if (!is_order && (strncmp(change->path, "ladders.", 8) == 0 || is_told(l, change->path)))
			continue;
		snprintf(label, sizeof label, "%s%s", change->path, is_order ? ", order" : "");
		line_add(l, label, change->was, change->is, false);
	}
	programme_diff_free(&diff);
}

bool programme_sides_init(struct programme_sides *sides, const char *left, const char *right)
{
	struct lining l = {.sides = sides};
	*sides = (struct programme_sides){0};
	bool is_good =
		outline_read(&l.left, left, strlen(left)) && outline_read(&l.right, right, strlen(right));
	if (is_good) {
		ladders_add(&l);
		rest_add(&l);
	}
	outline_free(&l.left);
	outline_free(&l.right);
	free(l.told);
	return is_good;
}

void programme_sides_free(struct programme_sides *sides)
{
	free(sides->lines);
	arena_free(&sides->arena);
	*sides = (struct programme_sides){0};
}
