// Segments: the saved conditions, how many members they had when last counted, and what uses them.
#include "model/segment/segment.h"
#include "screens/desk_list.h"
#include "screens/ui/detail.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { TAG_PAGE = 1, TAG_DROP };
enum { FOOT_HEIGHT = 8, LABEL = 11 };

enum {
	CELL_CODE,
	CELL_MEMBERS,
	CELL_COUNTED,
	CELL_CONDITION,
	COLUMN_COUNT,
	CELL_WRITTEN = COLUMN_COUNT,
	CELL_USED_BY,
	CELL_COUNT
};

struct segments {
	struct list list;
	struct detail detail;            // of the selected segment
	char code[SEGMENT_CODE_MAX + 1]; // that is being dropped
};

static const struct column columns[COLUMN_COUNT] = {
	[CELL_CODE] = {.title = "Segment", .width = 20},
	[CELL_MEMBERS] = {.title = "Members", .width = 11, .align = ALIGN_RIGHT},
	[CELL_COUNTED] = {.title = "Counted", .width = 16, .priority = 1},
	[CELL_CONDITION] = {.title = "Condition", .width = 20, .flex = 1},
};

static void segments_ask_rows(struct list *l, const struct rows_request *request)
{
	struct ask ask;
	const struct page page = desk_list_page(request);
	segment_page(&ask, &page);
	desk_list_ask(l, request, TAG_PAGE, "segments", &ask, NULL);
}

static void show_detail(struct list *l)
{
	struct segments *w = l->payload;
	const struct row *row = list_selected(l);
	detail_clear(&w->detail);
	if (!row)
		return;
	detail_add(&w->detail, ROLE_STRONG, LABEL, "Segment", row->cells[CELL_CODE]);
	detail_add(&w->detail, ROLE_TEXT, LABEL, "Condition", row->cells[CELL_CONDITION]);
	detail_add(&w->detail, ROLE_TEXT, LABEL, "Written", row->cells[CELL_WRITTEN]);
	detail_add(&w->detail, ROLE_TEXT, LABEL, "Used by",
		*row->cells[CELL_USED_BY] ? row->cells[CELL_USED_BY] : "nothing");
}

static const struct list_spec spec = {
	.columns = columns,
	.column_count = COLUMN_COUNT,
	.what = "segments",
	.empty = "No condition has been saved yet. c begins one.",
	.ask = segments_ask_rows,
	.selected = show_detail,
	.copy_column = CELL_CONDITION,
};

static bool add_row(struct rows *rows, const struct screen *s, const struct result *result, int row)
{
	(void)s;
	struct segment_row segment;
	char members[32], written[160];
	segment_row_read(result, row, &segment);
	list_count_text(segment.members, false, members, sizeof members);
	snprintf(written, sizeof written, "revision %d, by %.60s, %.20s", segment.revision,
		segment.written_by, segment.written_at);
	bool is_counted = segment.members >= 0;
	const char *cells[CELL_COUNT] = {segment.code, is_counted ? members : "",
		is_counted ? segment.counted_at : "not yet", segment.condition, written, segment.used_by};
	return rows_add(rows, segment.code, ROLE_TEXT, cells, CELL_COUNT);
}

// --- Dropping one.

static void drop_yes(struct screen *s, void *payload)
{
	struct segments *w = payload;
	struct ask ask;
	segment_drop(&ask, w->code);
	desk_send(s, &(struct desk_request){
			     .tag = TAG_DROP, .what = "the segment", .asks = {&ask}, .is_once = true});
}

static void ask_drop(struct screen *s)
{
	struct segments *w = s->state;
	const struct row *row = list_selected(&w->list);
	char text[200];
	if (!row || !desk_may_write(s))
		return;
	snprintf(w->code, sizeof w->code, "%s", row->cells[CELL_CODE]);
	snprintf(text, sizeof text, "The condition %s goes for good. The members in it stay as they are.",
		w->code);
	dialog_confirm(s, &(struct question){.title = "Drop the segment?", .text = text, .yes = "Drop"},
		drop_yes, w);
}

static void take_drop(struct screen *s, const struct answer *answer)
{
	struct segments *w = s->state;
	if (!desk_good(s, answer, "dropping the segment"))
		return;
	screen_say(s, ROLE_GOOD, "The segment %s is gone", w->code);
	list_refresh(&w->list);
}

// --- The screen.

static void segments_answer(struct screen *s, void *answer)
{
	const struct desk_news *news = answer;
	struct segments *w = s->state;
	if (news->kind == DESK_ANSWERED && news->tag == TAG_PAGE)
		desk_list_take(&w->list, news, "reading segments", add_row);
	else if (news->kind == DESK_ANSWERED)
		take_drop(s, news->answer);
	else if (news->kind == DESK_CHANGED && news->channel == DESK_EVERYTHING)
		list_refresh(&w->list);
}

static bool segments_open(struct screen *s, const void *argument)
{
	(void)argument;
	struct segments *w = s->state;
	detail_init(&w->detail, s);
	return list_init(&w->list, &spec, s, w);
}

static void segments_close(struct screen *s)
{
	struct segments *w = s->state;
	desk_forget(s);
	detail_free(&w->detail);
	list_free(&w->list);
}

static void segments_layout(struct screen *s, struct area a)
{
	struct segments *w = s->state;
	list_layout(&w->list, area_head(a, FOOT_HEIGHT));
	detail_layout(&w->detail, area_rows(area_foot(a, FOOT_HEIGHT), 1, FOOT_HEIGHT));
}

static void segments_draw(const struct screen *s, struct area a)
{
	const struct segments *w = s->state;
	struct area foot = area_foot(a, FOOT_HEIGHT);
	draw_rule(foot, 0, "The selected segment");
	detail_draw(&w->detail, area_rows(foot, 1, FOOT_HEIGHT));
	list_draw(&w->list, area_head(a, FOOT_HEIGHT)); // last: the cursor stands on its row
}

static enum did segments_act(struct screen *s, int action, int count)
{
	struct segments *w = s->state;
	char members[SEGMENT_CODE_MAX + 16];
	switch (action) {
	case ACTION_NEW_SEGMENT:
		screen_open(s->ui, &segment_screen, "");
		return DID;
	case ACTION_OPEN:
		if (list_selected(&w->list))
			screen_open(s->ui, &segment_screen, list_selected_key(&w->list));
		return DID;
	case ACTION_LIST_MEMBERS:
		if (list_selected(&w->list)) {
			snprintf(members, sizeof members, "segment(%s)", list_selected_key(&w->list));
			screen_open(s->ui, &audience_screen, members);
		}
		return DID;
	case ACTION_DROP_SEGMENT:
		ask_drop(s);
		return DID;
	default:
		break;
	}
	enum did did = list_act(&w->list, action, count);
	return did == NOT_MINE ? desk_act(s, action) : did;
}

static const char *segments_disabled(const struct screen *s, int action)
{
	if (action == ACTION_DROP_SEGMENT && !action_allowed(action, s->ui->rights))
		return "marketing and administrators write segments";
	return NULL;
}

static enum did segments_mouse(struct screen *s, int y, int x, enum mouse_button button)
{
	return list_mouse(&((struct segments *)s->state)->list, y, x, button);
}

static void segments_position(const struct screen *s, char *out, size_t size)
{
	list_position(&((const struct segments *)s->state)->list, out, size);
}

static void segments_title(const struct screen *s, char *out, size_t size)
{
	(void)s;
	snprintf(out, size, "Segments");
}

static const int segments_actions[] = {
	ACTION_OPEN, ACTION_LIST_MEMBERS, ACTION_NEW_SEGMENT, ACTION_DROP_SEGMENT, ACTION_REFRESH,
	DESK_EVERYWHERE, ACTION_NONE};

const struct screen_ops segments_screen = {
	.name = "segments",
	.help = "Conditions saved under a name: how many members they mean, what uses them",
	.size = sizeof(struct segments),
	.actions = segments_actions,
	.open = segments_open,
	.close = segments_close,
	.answer = segments_answer,
	.layout = segments_layout,
	.draw = segments_draw,
	.act = segments_act,
	.mouse = segments_mouse,
	.disabled = segments_disabled,
	.cancel = desk_cancel,
	.title = segments_title,
	.position = segments_position,
};
