// What is done with the rows a list holds: marking, searching, copying.
#include "screens/ui/list.h"

#include "screens/ui/prompt.h"
#include "screens/ui/text.h"
#include "screens/ui/ui.h"

#include <stdlib.h>
#include <string.h>

static int mark_number(const struct list *l, const char *key)
{
	for (int i = 0; i < l->marked_count; i++)
		if (!strcmp(l->marked[i], key))
			return i;
	return -1;
}

bool list_is_marked(const struct list *l, const char *key)
{
	return mark_number(l, key) >= 0;
}

void list_unmark_all(struct list *l)
{
	while (l->marked_count)
		free(l->marked[--l->marked_count]);
}

static void toggle_mark(struct list *l)
{
	const char *key = list_selected_key(l);
	int number = key ? mark_number(l, key) : -1;

	if (!key)
		return;
	if (number >= 0) {
		free(l->marked[number]);
		l->marked[number] = l->marked[--l->marked_count];
	} else {
		char **bigger = realloc(l->marked, (size_t)(l->marked_count + 1) * sizeof(char *));
		char *copy = strdup(key);
		if (bigger)
			l->marked = bigger;
		if (!bigger || !copy) {
			free(copy);
			return;
		}
		l->marked[l->marked_count++] = copy;
	}
	list_act(l, ACTION_DOWN, 1);
}

static bool row_matches(const struct list *l, const struct row *row, const char *text)
{
	size_t at, bytes;

	for (int i = 0; i < row->cell_count && i < l->spec->column_count; i++)
		if (text_find(row->cells[i], text, &at, &bytes))
			return true;
	return false;
}

// Selects the next matching row from `start` on, in steps of +1 or -1, round the ends. False: none.
static bool find(struct list *l, int start, int step)
{
	int count = l->rows.count;

	for (int i = 0; i < count; i++) {
		int at = start + i * step;
		bool wrapped = at < 0 || at >= count;
		at = ((at % count) + count) % count;
		if (!row_matches(l, l->rows.row[at], l->find))
			continue;
		list_select(l, at);
		if (wrapped)
			screen_say(l->screen, ROLE_WARNING, "Search went round %s of the rows loaded",
				step > 0 ? "from the end to the start" : "from the start to the end");
		return true;
	}
	screen_say(l->screen, ROLE_WARNING, "\"%s\" is not in the %d rows loaded", l->find, count);
	return false;
}

static void set_find(struct list *l, const char *text)
{
	free(l->find);
	l->find = *text ? strdup(text) : NULL;
}

static void search_changed(struct screen *asker, const char *text, void *payload)
{
	struct list *l = payload;

	(void)asker;
	set_find(l, text);
	if (l->find && l->rows.count)
		find(l, l->find_from < l->rows.count ? l->find_from : 0, 1);
}

static void search_cancelled(struct screen *asker, void *payload)
{
	(void)asker;
	set_find(payload, "");
}

static void search_done(struct screen *asker, const char *text, void *payload)
{
	struct list *l = payload;

	if (!*text)
		set_find(l, "");
	else if (!l->find || strcmp(l->find, text))
		search_changed(asker, text, payload);
}

static void open_search(struct list *l)
{
	static const struct prompt_spec search = {
		.label = "Search: ",
		.history = "search",
		.changed = search_changed,
		.done = search_done,
		.cancelled = search_cancelled,
	};

	l->find_from = l->selected;
	prompt_open(l->screen, &search, l);
}

static enum did find_again(struct list *l, int step)
{
	char key[KEY_NAME_MAX];

	if (!l->find)
		screen_say(l->screen, ROLE_WARNING, "Nothing is searched for; %s searches",
			action_key_short(ACTION_SEARCH, key));
	else if (l->rows.count)
		find(l, l->selected + step, step);
	return DID;
}

static enum did copy(struct list *l)
{
	const struct row *row = list_selected(l);
	int column = l->spec->copy_column;

	if (row && column < row->cell_count)
		ui_copy(l->screen->ui, row->cells[column], row->cells[column]);
	else
		screen_say(l->screen, ROLE_WARNING, "There is nothing to copy");
	return DID;
}

static enum did go_back(struct list *l)
{
	if (l->find)
		set_find(l, "");
	else if (l->marked_count)
		list_unmark_all(l);
	else
		return NOT_MINE;
	return DID;
}

enum did list_act_on_row(struct list *l, int action)
{
	switch (action) {
	case ACTION_MARK:
		toggle_mark(l);
		return DID;
	case ACTION_SEARCH:
		open_search(l);
		return DID;
	case ACTION_NEXT_FOUND:
		return find_again(l, 1);
	case ACTION_PREVIOUS_FOUND:
		return find_again(l, -1);
	case ACTION_COPY:
		return copy(l);
	case ACTION_REFRESH:
		list_refresh(l);
		return DID;
	case ACTION_BACK:
		return go_back(l);
	default:
		return NOT_MINE;
	}
}
