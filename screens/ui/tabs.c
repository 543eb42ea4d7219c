// Which of several panes is shown.
#include "screens/ui/tabs.h"

#include "screens/ui/text.h"

#include <stdio.h>

enum { TABS_START = 1, TABS_GAP = 3 };

enum did tabs_act(struct tabs *t, int action)
{
	if (!t->count)
		return NOT_MINE;
	if (action >= ACTION_TAB_1 && action <= ACTION_TAB_9) {
		if (action - ACTION_TAB_1 < t->count)
			t->current = action - ACTION_TAB_1;
		return DID;
	}
	switch (action) {
	case ACTION_NEXT_PANE:
	case ACTION_RIGHT:
		t->current = (t->current + 1) % t->count;
		return DID;
	case ACTION_PREVIOUS_PANE:
	case ACTION_LEFT:
		t->current = (t->current + t->count - 1) % t->count;
		return DID;
	default:
		return NOT_MINE;
	}
}

static int tab_width(const struct tabs *t, int number)
{
	return text_width(t->names[number]) + 4; // " 1 name "
}

// Where the row is too long, those on the left go, until the current one is in sight.
static int first_shown(const struct tabs *t, int width)
{
	int first = t->current, used = TABS_START + tab_width(t, first);

	while (first > 0 && used + tab_width(t, first - 1) + TABS_GAP - 2 <= width)
		used += tab_width(t, --first) + TABS_GAP - 2;
	return first;
}

void tabs_draw(const struct tabs *t, struct area a, int y)
{
	char label[64];
	int x = TABS_START;

	draw_rule(a, y, NULL);
	for (int i = t->count ? first_shown(t, a.width) : 0; i < t->count; i++) {
		snprintf(label, sizeof label, " %d %s ", i + 1, t->names[i]);
		draw_text(a, y, x, a.width - x, i == t->current ? ROLE_SELECTED : ROLE_HEADER, label);
		x += tab_width(t, i) + TABS_GAP - 2;
	}
	if (x > a.width + TABS_GAP - 2)
		draw_text(a, y, a.width - 1, 1, ROLE_HEADER, "›");
}

enum did tabs_mouse(struct tabs *t, int x)
{
	int left = TABS_START;

	for (int i = t->width && t->count ? first_shown(t, t->width) : 0; i < t->count; i++) {
		if (x >= left && x < left + tab_width(t, i)) {
			t->current = i;
			return DID;
		}
		left += tab_width(t, i) + TABS_GAP - 2;
	}
	return NOT_MINE;
}
