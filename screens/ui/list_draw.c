// Paints a list: column widths, header, rows, position.
#include "screens/ui/list.h"

#include "screens/ui/term.h"
#include "screens/ui/text.h"

#include <stdio.h>
#include <string.h>

enum { GUTTER = 1 }; // before the first column, for the mark

static int total_width(const struct list_spec *spec, const int *widths)
{
	int total = GUTTER - 1;

	for (int i = 0; i < spec->column_count; i++)
		total += widths[i] ? widths[i] + 1 : 0;
	return total;
}

static void drop_columns(const struct list_spec *spec, int *widths, int room)
{
	while (total_width(spec, widths) > room) {
		int least = -1;
		for (int i = 0; i < spec->column_count; i++)
			if (widths[i] && spec->columns[i].priority &&
				(least < 0 || spec->columns[i].priority >= spec->columns[least].priority))
				least = i;
		if (least < 0)
			return;
		widths[least] = 0;
	}
}

// Cells of each column, 0 for those that have no room.
static void column_widths(const struct list_spec *spec, int *widths, int room)
{
	int flex = 0;

	for (int i = 0; i < spec->column_count; i++)
		widths[i] = spec->columns[i].width;
	drop_columns(spec, widths, room);
	int spare = room - total_width(spec, widths);
	for (int i = 0; i < spec->column_count; i++)
		flex += widths[i] ? spec->columns[i].flex : 0;
	for (int i = 0; i < spec->column_count && spare > 0; i++)
		if (widths[i] && spec->columns[i].flex) {
			int share = spare * spec->columns[i].flex / flex;
			widths[i] += share;
			spare -= share;
			flex -= spec->columns[i].flex;
		}
}

static void draw_header(const struct list *l, struct area a, const int *widths)
{
	int x = GUTTER;

	for (int i = 0; i < l->spec->column_count; i++)
		if (widths[i]) {
			draw_cell(a, 0, x, widths[i], ROLE_HEADER, l->spec->columns[i].align,
				l->spec->columns[i].title);
			x += widths[i] + 1;
		}
}

static void draw_row(const struct list *l, struct area a, int y, int number, const int *widths)
{
	const struct row *row = l->rows.row[number];
	bool marked = l->marked_count && list_is_marked(l, row->key);
	enum role role = marked ? ROLE_MARKED : row->role;
	int x = GUTTER;

	if (number == l->selected)
		role = l->focused ? ROLE_SELECTED : ROLE_STRONG;
	draw_line(a, y, role);
	if (marked)
		draw_text(a, y, 0, 1, role, "*");
	for (int i = 0; i < l->spec->column_count && i < row->cell_count; i++)
		if (widths[i]) {
			draw_cell_found(
				a, y, x, widths[i], role, l->spec->columns[i].align, row->cells[i], l->find);
			x += widths[i] + 1;
		}
	if (number == l->selected && l->focused)
		draw_cursor(a, y, 0, false);
}

static void draw_no_rows(const struct list *l, struct area a)
{
	const char *text = l->spec->empty ? l->spec->empty : "Nothing here";

	if (l->asking)
		text = term_ascii() ? "..." : "…";
	else if (l->failed)
		text = "Could not be read; F5 or r tries again";
	char line[512];
	size_t length = strlen(text), next = 0;
	a = area_columns(area_rows(a, 1, a.height - 1), 2, a.width - 4);
	for (int y = 0; y < a.height && a.width > 0 && length > 0; y++, text += next, length -= next) {
		size_t bytes = text_wrap(text, length, a.width, &next);
		snprintf(line, sizeof line, "%.*s", (int)bytes, text);
		draw_text(a, y, 0, a.width, ROLE_DIM, line);
	}
}

void list_draw(const struct list *l, struct area a)
{
	int widths[LIST_COLUMNS_MAX], y = 0;

	column_widths(l->spec, widths, a.width);
	if (!l->spec->no_header) {
		draw_header(l, area_rows(a, 0, 1), widths);
		a = area_rows(a, 1, a.height - 1);
	}
	if (!l->rows.count) {
		draw_no_rows(l, a);
		return;
	}
	for (; y < a.height && l->top + y < l->rows.count; y++)
		draw_row(l, a, y, l->top + y, widths);
	if (!l->at_end)
		for (; y < a.height; y++)
			draw_text(a, y, GUTTER, 1, ROLE_DIM, term_ascii() ? "." : "…");
}

const char *list_count_text(int64_t count, bool estimated, char *out, size_t size)
{
	char digits[24];

	if (estimated && count >= 1000000) {
		snprintf(out, size, "~%lld.%lld M", (long long)(count / 1000000),
			(long long)(count / 100000 % 10));
		return out;
	}
	int length = snprintf(digits, sizeof digits, "%lld", (long long)count);
	size_t at = 0;
	if (estimated && size > 1)
		out[at++] = '~';
	for (int i = 0; i < length && at + 2 < size; i++) {
		if (i && (length - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = digits[i];
	}
	out[at] = 0;
	return out;
}

const char *list_position(const struct list *l, char *out, size_t size)
{
	char row[32], total[32] = "";
	int64_t all = l->total;
	bool estimated = l->total_estimated;

	if (l->at_end && l->before >= 0) {
		all = l->before + l->rows.count; // better than what was told
		estimated = false;
	}
	if (all >= 0)
		list_count_text(all, estimated, total, sizeof total);
	out[0] = 0;
	if (!l->rows.count)
		return out;
	if (l->before >= 0)
		snprintf(out, size, "row %s%s%s",
			list_count_text(l->before + l->selected + 1, false, row, sizeof row),
			*total ? " of " : "", total);
	else if (*total)
		snprintf(out, size, "of %s", total);
	size_t length = strlen(out);
	if (l->marked_count)
		snprintf(out + length, size - length, ", %d marked", l->marked_count);
	return out;
}
