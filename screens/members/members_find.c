// The find box of the Members screen, and going to a number.
#include "screens/members/members_state.h"

#include "screens/ui/entry.h"

#include <stdio.h>
#include <string.h>

void members_find_clear(struct members *m)
{
	edit_set(&m->find, "");
	m->open_due = m->typing = false;
	if (members_is_finding(m))
		members_show(m);
	m->find_due = false;
}

static void leave_box(struct members *m, bool open)
{
	m->typing = false;
	if (!open)
		return;
	if (m->find_due || m->list.asking)
		m->open_due = true; // the answer decides
	else
		members_open_selected(m);
}

// A search runs when the frame is due, so that keys typed fast or pasted are one search.
static enum did type_key(struct screen *s, const struct input *input)
{
	struct members *m = s->state;
	char before[FIND_MAX + 1];

	snprintf(before, sizeof before, "%s", m->find.text);
	switch (input->kind == INPUT_KEY ? input->key : 0) {
	case NAMED_ENTER:
		leave_box(m, m->find.length > 0);
		return DID;
	case NAMED_TAB:
		leave_box(m, false);
		return DID;
	case NAMED_ESCAPE:
		members_find_clear(m);
		return DID;
	case NAMED_DOWN:
		return list_act(&m->list, ACTION_DOWN, 0);
	case NAMED_UP:
		return list_act(&m->list, ACTION_UP, 0);
	case NAMED_PAGE_DOWN:
		return list_act(&m->list, ACTION_PAGE_DOWN, 0);
	case NAMED_PAGE_UP:
		return list_act(&m->list, ACTION_PAGE_UP, 0);
	default:
		break;
	}
	if (!entry_input(&m->find, input))
		return NOT_MINE;
	m->find_due = m->find_due || strcmp(before, m->find.text) != 0;
	return DID;
}

// --- Going to a number.

static void go_to_number(struct screen *s, const char *text, void *payload)
{
	struct members *m = payload;

	if (!*text || text[strspn(text, "0123456789")] || strlen(text) > 18) {
		screen_say(
			s, ROLE_WARNING, "\"%s\" is no member number; / searches for everything else", text);
		return;
	}
	if (members_is_finding(m)) {
		edit_set(&m->find, "");
		members_choose(m);
	}
	if (m->order != MEMBER_BY_NUMBER) { // where a number would stand is known in its own order only
		m->order = MEMBER_BY_NUMBER;
		rows_free(&m->list.rows);
	}
	list_go_to(&m->list, text);
}

static void open_number(struct members *m, uint32_t digit)
{
	char start[2] = {(char)digit, 0};

	m->number = (struct prompt_spec){
		.label = "Go to number: ", .start = start, .max = 18, .done = go_to_number};
	prompt_open(m->list.screen, &m->number, m);
	m->number.start = NULL; // it was copied
}

enum did members_input(struct screen *s, const struct input *input)
{
	struct members *m = s->state;

	if (m->typing)
		return type_key(s, input);
	if (input->kind == INPUT_PASTE && (s->ui->rights & DESK_MAY_SERVE)) {
		m->typing = true;
		return type_key(s, input);
	}
	if (input->kind == INPUT_KEY && input->key >= '0' && input->key <= '9') {
		open_number(m, input->key);
		return DID;
	}
	return NOT_MINE;
}
