// Lines are found by wrapping from the start each time: texts people type are short enough for that.
#include "screens/ui/text_area.h"

#include "screens/ui/entry.h"
#include "screens/ui/text.h"

#include <stdio.h>

struct line {
	size_t at, bytes, next;
	bool last;
};

bool text_area_init(struct text_area *t, const char *text, size_t max)
{
	*t = (struct text_area){.width = 40, .height = 1};
	return edit_init(&t->edit, text, max, true);
}

void text_area_free(struct text_area *t)
{
	edit_free(&t->edit);
}

static struct line line_first(const struct text_area *t)
{
	struct line l = {0};
	size_t next = 0;

	l.bytes = text_wrap(t->edit.text, t->edit.length, t->width, &next);
	l.next = next;
	// A newline at the very end opens one more, empty line.
	l.last = next >= t->edit.length && !(next && t->edit.text[next - 1] == '\n');
	return l;
}

static bool line_next(const struct text_area *t, struct line *l)
{
	size_t next = 0;

	if (l->last)
		return false;
	l->at = l->next;
	l->bytes = text_wrap(t->edit.text + l->at, t->edit.length - l->at, t->width, &next);
	l->next = l->at + next;
	l->last = l->next >= t->edit.length && !(next && t->edit.text[l->next - 1] == '\n');
	return true;
}

static struct line line_number(const struct text_area *t, int number)
{
	struct line l = line_first(t);

	while (number-- > 0 && line_next(t, &l))
		;
	return l;
}

// The line the cursor is on; its number in *number.
static struct line line_of_cursor(const struct text_area *t, int *number)
{
	struct line l = line_first(t), next = l;

	*number = 0;
	while (line_next(t, &next) && next.at <= t->edit.at) {
		l = next;
		++*number;
	}
	return l;
}

static int cursor_column(const struct text_area *t, const struct line *l)
{
	size_t bytes = t->edit.at - l->at;

	return text_width_n(t->edit.text + l->at, bytes < l->bytes ? bytes : l->bytes);
}

static void move_lines(struct text_area *t, int lines)
{
	int number;
	struct line l = line_of_cursor(t, &number);
	int column = cursor_column(t, &l);

	if (number + lines < 0) {
		t->edit.at = 0;
		return;
	}
	l = line_number(t, number + lines);
	t->edit.at = l.at + text_fit(t->edit.text + l.at, l.bytes, column);
	if (!l.last && t->edit.at == l.next) // behind a full line is the start of the next
		t->edit.at = text_cluster_before(t->edit.text, t->edit.length, t->edit.at);
	t->edit.typing = false;
}

bool text_area_input(struct text_area *t, const struct input *input)
{
	if (input->kind == INPUT_KEY)
		switch (input->key) {
		case NAMED_UP:
			move_lines(t, -1);
			return true;
		case NAMED_DOWN:
			move_lines(t, 1);
			return true;
		case NAMED_PAGE_UP:
			move_lines(t, -t->height);
			return true;
		case NAMED_PAGE_DOWN:
			move_lines(t, t->height);
			return true;
		case NAMED_ENTER:
			edit_insert(&t->edit, '\n');
			return true;
		default:
			break;
		}
	return entry_input(&t->edit, input);
}

void text_area_layout(struct text_area *t, struct area a)
{
	int number;

	t->width = a.width > 2 ? a.width - 1 : 1; // one cell stays for the cursor behind a full line
	t->height = a.height > 0 ? a.height : 1;
	line_of_cursor(t, &number);
	if (number < t->top)
		t->top = number;
	if (number >= t->top + t->height)
		t->top = number - t->height + 1;
}

void text_area_draw(const struct text_area *t, struct area a, bool focused)
{
	struct line l = line_number(t, t->top);
	enum role role = focused ? ROLE_CURRENT : ROLE_FIELD;
	int number;

	for (int y = 0; y < a.height; y++)
		draw_line(a, y, role);
	for (int y = 0; y < a.height; y++) {
		draw_text_n(a, y, 0, a.width, role, t->edit.text + l.at, l.bytes);
		if (!line_next(t, &l))
			break;
	}
	l = line_of_cursor(t, &number);
	if (focused)
		draw_cursor(a, number - t->top, cursor_column(t, &l), true);
}
