// Keys to edits, and a text longer than its field.
#include "screens/ui/entry.h"

#include "screens/ui/text.h"

enum {
	CONTROL_A = 1,
	CONTROL_E = 5,
	CONTROL_K = 11,
	CONTROL_U = 21,
	CONTROL_W = 23,
	CONTROL_UNDERSCORE = 31
};

static bool move_key(struct edit *e, uint32_t key)
{
	switch (key) {
	case NAMED_LEFT:
		edit_left(e);
		return true;
	case NAMED_RIGHT:
		edit_right(e);
		return true;
	case NAMED_HOME:
	case CONTROL_A:
		edit_line_start(e);
		return true;
	case NAMED_END:
	case CONTROL_E:
		edit_line_end(e);
		return true;
	default:
		return false;
	}
}

static bool change_key(struct edit *e, uint32_t key)
{
	switch (key) {
	case NAMED_BACKSPACE:
		edit_backspace(e);
		return true;
	case NAMED_DELETE:
		edit_delete(e);
		return true;
	case CONTROL_W:
		edit_kill_word(e);
		return true;
	case CONTROL_U:
		edit_kill_start(e);
		return true;
	case CONTROL_K:
		edit_kill_end(e);
		return true;
	case CONTROL_UNDERSCORE:
		edit_undo(e);
		return true;
	default:
		return false;
	}
}

bool entry_input(struct edit *e, const struct input *input)
{
	if (input->kind == INPUT_PASTE) {
		edit_paste(e, input->text, input->bytes);
		return true;
	}
	if (input->kind != INPUT_KEY)
		return false;
	if (move_key(e, input->key) || change_key(e, input->key))
		return true;
	if (input->key < ' ' || input->key >= NAMED_KEY)
		return false;
	edit_insert(e, input->key);
	return true;
}

// From the left, whole clusters are dropped until text and cursor fit.
size_t entry_start(const struct edit *e, int width)
{
	size_t from = 0;
	while (from < e->at && text_width_n(e->text + from, e->at - from) > width - 1)
		from = text_cluster_after(e->text, e->length, from);
	return from;
}

void entry_draw(const struct edit *e, struct area a, int y, int x, int width, bool focused)
{
	size_t from = entry_start(e, width);
	draw_cell(area_columns(area_rows(a, y, 1), x, width), 0, 0, width,
		focused ? ROLE_CURRENT : ROLE_FIELD, ALIGN_LEFT, e->text + from);
	if (focused)
		draw_cursor(a, y, x + text_width_n(e->text + from, e->at - from), true);
}
