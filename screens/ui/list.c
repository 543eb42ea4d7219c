// Window, selection and requests of a list; list_draw.c paints it, list_find.c searches and marks.
#include "screens/ui/list.h"

#include "screens/ui/ui.h"

#include <stdlib.h>
#include <string.h>

enum { PENDING_MAX = 100000000 };

static void tell_selected(struct list *l)
{
	if (l->spec->selected)
		l->spec->selected(l);
}

static void ask(struct list *l, enum rows_ask what, const char *key, int count)
{
	if (!l->asking)
		screen_wait(l->screen, l->spec->what);
	l->asking = true;
	l->failed = false;
	l->request.ask = what;
	l->request.ticket++;
	l->request.count = count < 1 ? 1 : count > LIST_ASK_MAX ? LIST_ASK_MAX : count;
	memmove(l->request.key, key, strlen(key) + 1);
	struct rows_request request = l->request; // an answer at once may put the next question
	l->spec->ask(l, &request);
}

// To rows not held; where one is now does not matter.
static void jump(struct list *l, enum rows_ask what, const char *key, int count)
{
	l->pending = 0;
	l->refresh_due = l->keeping = false;
	l->jumping = true;
	ask(l, what, key, count);
}

static int window(const struct list *l)
{
	return 3 * (l->page > 0 ? l->page : 1);
}

static void ask_more(struct list *l, enum rows_ask what)
{
	if (l->asking || !l->rows.count)
		return;
	int64_t wanted = (l->pending < 0 ? -l->pending : l->pending) + window(l);
	int edge = what == ROWS_AFTER ? l->rows.count - 1 : 0;
	ask(l, what, l->rows.row[edge]->key, wanted > LIST_ASK_MAX ? LIST_ASK_MAX : (int)wanted);
}

bool list_init(struct list *l, const struct list_spec *spec, struct screen *screen, void *payload)
{
	*l = (struct list){.spec = spec,
		.screen = screen,
		.payload = payload,
		.before = -1,
		.total = -1,
		.focused = true,
		.page = screen->area.height > 1 ? screen->area.height : 1};
	ask(l, ROWS_FIRST, "", window(l));
	return true;
}

void list_free(struct list *l)
{
	if (l->asking)
		screen_waited(l->screen);
	list_unmark_all(l);
	rows_free(&l->rows);
	free(l->marked);
	free(l->find);
	*l = (struct list){0};
}

// The view follows the selection, and never shows room behind the last row that rows before the first could
// fill.
static void keep_in_sight(struct list *l)
{
	int last_top = l->rows.count - l->page;

	if (l->selected < l->top)
		l->top = l->selected;
	if (l->selected >= l->top + l->page)
		l->top = l->selected - l->page + 1;
	if (l->top > last_top)
		l->top = last_top;
	if (l->top < 0)
		l->top = 0;
}

void list_select(struct list *l, int number)
{
	bool moved = number != l->selected;

	l->selected = number;
	keep_in_sight(l);
	if (moved)
		tell_selected(l);
}

// Rows far from the view are forgotten, so that memory stays flat however far one goes.
static void trim(struct list *l)
{
	int most = LIST_WINDOW_MAX > 6 * l->page ? LIST_WINDOW_MAX : 6 * l->page;
	int first = l->top < l->selected ? l->top : l->selected;
	int drop = l->rows.count - most;

	if (drop > first - 2 * l->page)
		drop = first - 2 * l->page;
	if (drop > 0) {
		rows_drop_first(&l->rows, drop);
		l->top -= drop;
		l->selected -= drop;
		l->before += l->before >= 0 ? drop : 0;
		l->at_start = false;
	}
	int keep = l->top + 3 * l->page > most ? l->top + 3 * l->page : most;
	if (l->rows.count > keep) {
		rows_drop_last(&l->rows, l->rows.count - keep);
		l->at_end = false;
	}
}

// Moves the selection; what lies beyond the rows held stays pending until they arrive.
static void move(struct list *l, int64_t rows)
{
	if (l->jumping) {
		l->pending += rows;
		return;
	}
	int64_t target = l->selected + l->pending + rows;
	l->pending = 0;
	if (!l->rows.count)
		return;
	if (target < 0) {
		l->pending = l->at_start ? 0 : target;
		target = 0;
	} else if (target >= l->rows.count) {
		l->pending = l->at_end ? 0 : target - (l->rows.count - 1);
		target = l->rows.count - 1;
	}
	if (l->pending > PENDING_MAX || l->pending < -PENDING_MAX)
		l->pending = l->pending < 0 ? -PENDING_MAX : PENDING_MAX;
	bool moved = target != l->selected;
	l->selected = (int)target;
	if (l->pending)
		ask_more(l, l->pending < 0 ? ROWS_BEFORE : ROWS_AFTER);
	if (moved)
		tell_selected(l);
}

static void move_pages(struct list *l, int64_t rows)
{
	int64_t top = l->top + rows;

	move(l, rows);
	if (top > l->rows.count - l->page)
		top = l->rows.count - l->page;
	l->top = top < 0 ? 0 : (int)top;
	keep_in_sight(l);
}

static void replace(struct list *l, struct rows *rows)
{
	rows_free(&l->rows);
	l->rows = *rows;
	*rows = (struct rows){0};
	l->top = l->selected = 0;
}

static void take_first(struct list *l, bool fewer)
{
	l->before = 0;
	l->at_start = true;
	l->at_end = fewer;
}

static void take_last(struct list *l, bool fewer)
{
	l->selected = l->rows.count ? l->rows.count - 1 : 0;
	l->at_end = true;
	l->at_start = fewer;
	l->before = fewer ? 0 : l->total >= 0 && !l->total_estimated ? l->total - l->rows.count : -1;
}

// A window read again: what was selected is found by its key or, if it is gone, by its place.
static void take_again(struct list *l, struct rows *rows, bool fewer)
{
	char key[ROW_KEY_MAX] = "";
	int top = l->top, selected = l->selected;

	if (l->rows.count)
		memcpy(key, l->rows.row[selected]->key, sizeof key);
	replace(l, rows);
	int found = rows_find(&l->rows, key);
	l->selected = found >= 0 ? found : selected;
	if (l->selected >= l->rows.count)
		l->selected = l->rows.count ? l->rows.count - 1 : 0;
	l->top = top + (found >= 0 ? found - selected : 0);
	l->at_end = fewer;
	if (found < 0)
		tell_selected(l);
}

static void take_rows(struct list *l, struct rows *rows)
{
	int count = rows->count;
	bool fewer = count < l->request.count;

	switch (l->request.ask) {
	case ROWS_FIRST:
		if (l->keeping)
			take_again(l, rows, fewer);
		else
			replace(l, rows);
		take_first(l, fewer);
		break;
	case ROWS_LAST:
		replace(l, rows);
		take_last(l, fewer);
		break;
	case ROWS_AFTER:
		if (rows_append(&l->rows, rows))
			l->at_end = fewer;
		break;
	case ROWS_BEFORE:
		if (!rows_prepend(&l->rows, rows))
			break;
		l->top += count;
		l->selected += count;
		l->at_start = fewer;
		l->before = fewer ? 0 : l->before >= count ? l->before - count : -1;
		break;
	case ROWS_FROM:
		take_again(l, rows, fewer);
	}
	rows_free(rows);
}

bool list_answer(struct list *l, uint32_t ticket, struct rows *rows)
{
	if (!l->asking || ticket != l->request.ticket) {
		rows_free(rows);
		return false;
	}
	bool emptied = l->request.ask == ROWS_FROM && !rows->count;
	bool fresh = l->request.ask == ROWS_FIRST || l->request.ask == ROWS_LAST;
	l->asking = l->jumping = false;
	take_rows(l, rows);
	bool refresh = l->refresh_due;
	l->refresh_due = false;
	screen_waited(l->screen);
	if (l->pending)
		move(l, 0);
	keep_in_sight(l);
	trim(l);
	if (fresh)
		tell_selected(l);
	if (emptied)
		ask(l, ROWS_LAST, "", window(l));
	else if (refresh)
		list_refresh(l);
	return true;
}

void list_failed(struct list *l, uint32_t ticket)
{
	if (!l->asking || ticket != l->request.ticket)
		return;
	l->asking = l->refresh_due = l->jumping = false;
	l->failed = true;
	l->pending = 0;
	screen_waited(l->screen);
}

void list_reload(struct list *l)
{
	l->total = -1;
	l->at_start = l->at_end = false;
	jump(l, ROWS_FIRST, "", window(l));
}

void list_refresh(struct list *l)
{
	if (l->asking) {
		l->refresh_due = true;
		return;
	}
	int count = l->rows.count > window(l) ? l->rows.count : window(l);
	if (!l->rows.count || l->at_start) {
		l->keeping = true;
		ask(l, ROWS_FIRST, "", count);
	} else {
		ask(l, ROWS_FROM, l->rows.row[0]->key, count);
	}
}

void list_go_to(struct list *l, const char *key)
{
	int found = l->jumping ? -1 : rows_find(&l->rows, key);

	l->pending = 0;
	if (found >= 0) {
		list_select(l, found);
		return;
	}
	rows_free(&l->rows);
	l->top = l->selected = 0;
	l->at_start = l->at_end = false;
	l->before = -1;
	jump(l, ROWS_FROM, key, window(l));
}

void list_set_total(struct list *l, int64_t total, bool estimated)
{
	l->total = total;
	l->total_estimated = estimated;
}

void list_layout(struct list *l, struct area a)
{
	int page = a.height - (l->spec->no_header ? 0 : 1);

	l->page = page > 0 ? page : 1;
	keep_in_sight(l);
	if (l->asking || l->failed || !l->rows.count)
		return;
	if (!l->at_end && l->rows.count - (l->top + l->page) < l->page)
		ask_more(l, ROWS_AFTER);
	else if (!l->at_start && l->top < l->page)
		ask_more(l, ROWS_BEFORE);
}

static void go_first(struct list *l)
{
	l->pending = 0;
	if (l->at_start && !l->jumping) {
		l->top = 0;
		move(l, -l->selected);
	} else {
		jump(l, ROWS_FIRST, "", window(l));
	}
}

static void go_last(struct list *l)
{
	l->pending = 0;
	if (l->at_end && !l->jumping) {
		move(l, l->rows.count - 1 - l->selected);
		keep_in_sight(l);
	} else {
		jump(l, ROWS_LAST, "", window(l));
	}
}

enum did list_act(struct list *l, int action, int count)
{
	int64_t times = count ? count : 1;

	switch (action) {
	case ACTION_DOWN:
		move(l, times);
		return DID;
	case ACTION_UP:
		move(l, -times);
		return DID;
	case ACTION_PAGE_DOWN:
		move_pages(l, times * l->page);
		return DID;
	case ACTION_PAGE_UP:
		move_pages(l, -times * l->page);
		return DID;
	case ACTION_HALF_DOWN:
		move_pages(l, times * (l->page + 1) / 2);
		return DID;
	case ACTION_HALF_UP:
		move_pages(l, -times * (l->page + 1) / 2);
		return DID;
	case ACTION_FIRST:
		go_first(l);
		return DID;
	case ACTION_LAST:
		go_last(l);
		return DID;
	default:
		return list_act_on_row(l, action);
	}
}

enum did list_mouse(struct list *l, int y, int x, enum mouse_button button)
{
	int row = l->top + y - (l->spec->no_header ? 0 : 1);

	(void)x;
	if (button != MOUSE_CLICK || row < l->top || row >= l->rows.count)
		return NOT_MINE;
	if (row == l->selected)
		ui_act(l->screen->ui, ACTION_OPEN, 0);
	else
		move(l, row - l->selected);
	return DID;
}

const struct row *list_selected(const struct list *l)
{
	return l->rows.count ? l->rows.row[l->selected] : NULL;
}

const char *list_selected_key(const struct list *l)
{
	const struct row *row = list_selected(l);

	return row ? row->key : NULL;
}
