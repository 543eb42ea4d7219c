// Inbox: what a person was told of cases they have, follow or were named in; Enter opens the case and marks it as read.
#include "model/desk/desk_report.h"
#include "screens/desk_list.h"
#include "screens/span.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { TAG_ROWS = 1, TAG_READ };
enum { CELL_WHEN, CELL_WHAT, CELL_BY, CELL_CASE, CELL_TITLE, COLUMN_COUNT, CELL_ID = COLUMN_COUNT, CELL_COUNT };

struct inbox {
	struct list list;
};

static const struct column columns[COLUMN_COUNT] = {
	[CELL_WHEN] = {.title = "Ago", .width = 7, .align = ALIGN_RIGHT},
	[CELL_WHAT] = {.title = "What", .width = 14},
	[CELL_BY] = {.title = "By", .width = 12, .flex = 1, .priority = 1},
	[CELL_CASE] = {.title = "Case", .width = 12},
	[CELL_TITLE] = {.title = "About", .width = 16, .flex = 4},
};

static void inbox_ask(struct list *l, const struct rows_request *request)
{
	const struct page page = desk_list_page(request);
	struct ask ask;
	inbox_list(&ask, &page);
	desk_list_ask(l, request, TAG_ROWS, NULL, &ask, NULL);
}

static const struct list_spec spec = {.columns = columns,
	.column_count = COLUMN_COUNT,
	.what = "messages",
	.empty = "You were told nothing yet. + on a case follows it; @login in a note tells somebody.",
	.ask = inbox_ask};

static bool add_row(struct rows *rows, const struct screen *s, const struct result *result, int row)
{
	(void)s;
	struct inbox_row i;
	char number[40], id[48], ago[SPAN_TEXT];
	inbox_row_read(result, row, &i);
	snprintf(number, sizeof number, "%" PRId64 "/%d", i.number, i.id.case_no);
	snprintf(id, sizeof id, "|%" PRId64 "|%d", i.id.member_id, i.id.case_no);
	const char *cells[CELL_COUNT] = {span_text(i.age_s, ago), i.what, i.by, number, i.title, id};
	return rows_add(rows, i.key, i.is_read ? ROLE_DIM : ROLE_STRONG, cells, CELL_COUNT);
}

static void inbox_answer(struct screen *s, void *answer)
{
	const struct desk_news *news = answer;
	struct inbox *i = s->state;
	if (news->kind == DESK_ANSWERED && news->tag == TAG_ROWS)
		desk_list_take(&i->list, news, "reading the inbox", add_row);
	else if (news->kind == DESK_ANSWERED)
		desk_good(s, news->answer, "marking as read");
	else if (news->kind == DESK_CHANGED && (news->channel == DESK_EVERYTHING ||
						(news->channel == DESK_DESK && strncmp(news->payload, "inbox ", 6) == 0)))
		list_refresh(&i->list);
}

static void mark_read(struct screen *s, struct case_id id)
{
	struct ask ask;
	if (desk_of(s)->read_only)
		return;
	inbox_read(&ask, id);
	desk_send(s, &(struct desk_request){.tag = TAG_READ, .asks = {&ask}});
}

static void open_selected(struct screen *s)
{
	const struct inbox *i = s->state;
	const struct row *row = list_selected(&i->list);
	struct case_id id;
	if (!row || sscanf(row->cells[CELL_ID], "|%" SCNd64 "|%d", &id.member_id, &id.case_no) != 2)
		return;
	mark_read(s, id);
	screen_open(s->ui, &case_screen, &id);
}

static bool inbox_open(struct screen *s, const void *argument)
{
	(void)argument;
	return list_init(&((struct inbox *)s->state)->list, &spec, s, NULL);
}

static void inbox_close(struct screen *s)
{
	desk_forget(s);
	list_free(&((struct inbox *)s->state)->list);
}

static void inbox_layout(struct screen *s, struct area a)
{
	list_layout(&((struct inbox *)s->state)->list, a);
}

static void inbox_draw(const struct screen *s, struct area a)
{
	list_draw(&((const struct inbox *)s->state)->list, a);
}

static enum did inbox_act(struct screen *s, int action, int count)
{
	struct inbox *i = s->state;
	switch (action) {
	case ACTION_OPEN:
		open_selected(s);
		return DID;
	case ACTION_READ_ALL:
		if (desk_may_write(s))
			mark_read(s, (struct case_id){0});
		return DID;
	}
	enum did did = list_act(&i->list, action, count);
	return did == NOT_MINE ? desk_act(s, action) : did;
}

static enum did inbox_mouse(struct screen *s, int y, int x, enum mouse_button button)
{
	return list_mouse(&((struct inbox *)s->state)->list, y, x, button);
}

static void inbox_title(const struct screen *s, char *out, size_t size)
{
	(void)s;
	snprintf(out, size, "Inbox");
}

static void inbox_position(const struct screen *s, char *out, size_t size)
{
	list_position(&((const struct inbox *)s->state)->list, out, size);
}

static const int inbox_actions[] = {ACTION_OPEN, ACTION_READ_ALL, DESK_EVERYWHERE, ACTION_NONE};

const struct screen_ops inbox_screen = {
	.name = "inbox",
	.help = "What you were told: cases you have, follow or were named in",
	.size = sizeof(struct inbox),
	.rights = DESK_MAY_SERVE,
	.actions = inbox_actions,
	.open = inbox_open,
	.close = inbox_close,
	.answer = inbox_answer,
	.layout = inbox_layout,
	.draw = inbox_draw,
	.act = inbox_act,
	.mouse = inbox_mouse,
	.cancel = desk_cancel,
	.title = inbox_title,
	.position = inbox_position,
};
