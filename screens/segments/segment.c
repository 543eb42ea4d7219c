// One segment: the condition typed in a line, told in words clause by clause, and counted while one types.
#include "model/segment/names.h"
#include "model/segment/segment.h"
#include "screens/desk.h"
#include "screens/segments/condition_count.h"
#include "screens/segments/condition_line.h"
#include "screens/ui/prompt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TAG_LOAD = 1, TAG_SAVE, TAG_COUNTED, TAG_COUNT, TAG_COUNT_EXACT };
enum { HEAD_ROWS = 1, WORDS_AT = HEAD_ROWS + CONDITION_LINE_ROWS };

struct segment_state {
	struct condition_line line;
	struct condition_names *names;   // owned; NULL: not read yet
	char code[SEGMENT_CODE_MAX + 1]; // "": it has no name yet
	char head[200];                  // who wrote it, what uses it
	char *saved;                     // the text as it was read or saved, owned
	int revision;                    // 0: it is not saved yet
	struct condition_count count;
	struct prompt_spec prompt;
};

// --- Counting.

static const struct member_condition *condition_of(const struct segment_state *w)
{
	return w->line.is_good ? &w->line.condition : NULL;
}

static void note_count(struct screen *s)
{
	struct segment_state *w = s->state;
	struct ask ask;
	bool is_saved = w->revision > 0 && w->saved && strcmp(w->saved, w->line.edit.text) == 0;
	if (!w->count.has_steps || !is_saved || desk_of(s)->read_only ||
		!(s->ui->rights & (DESK_MAY_DRAFT | DESK_MAY_DECIDE)))
		return;
	segment_counted(&ask, w->code, w->revision, condition_count_members(&w->count, &w->line.condition));
	desk_send(s, &(struct desk_request){.tag = TAG_COUNTED, .asks = {&ask}});
}

// --- Reading it.

static void load(struct screen *s)
{
	struct segment_state *w = s->state;
	struct ask names, row;
	condition_names_ask(&names);
	segment_table(&row, w->code);
	desk_send(s, &(struct desk_request){.tag = TAG_LOAD,
			     .what = "the segment",
			     .asks = {&names, *w->code ? &row : NULL},
			     .is_read = true,
			     .replaces = true});
}

static bool is_changed(const struct segment_state *w)
{
	return strcmp(w->saved ? w->saved : "", w->line.edit.text) != 0;
}

static void keep_saved(struct segment_state *w, const char *text)
{
	free(w->saved);
	w->saved = strdup(text);
}

static void take_row(struct screen *s, const struct result *result)
{
	struct segment_state *w = s->state;
	struct segment_row row;
	bool was_changed = is_changed(w);
	if (result_rows(result) == 0) {
		screen_say(s, ROLE_WARNING, "The segment %s is gone; saving makes it anew", w->code);
		w->revision = 0;
		return;
	}
	segment_row_read(result, 0, &row);
	bool is_theirs = was_changed && w->revision && row.revision != w->revision;
	w->revision = row.revision;
	snprintf(w->head, sizeof w->head, "revision %d, by %.40s, %.20s%s%.80s", row.revision, row.written_by,
		row.written_at, *row.used_by ? "; used by " : "", row.used_by);
	keep_saved(w, row.condition);
	if (!was_changed)
		condition_line_set(&w->line, row.condition);
	else if (is_theirs)
		screen_say(s, ROLE_WARNING, "%.40s wrote: %.120s - saving puts yours in its place",
			row.written_by, row.condition);
}

static void take_load(struct screen *s, const struct answer *answer)
{
	struct segment_state *w = s->state;
	if (!desk_good(s, answer, "reading the segment"))
		return;
	struct condition_names *names = condition_names_read(answer->results[0]);
	if (!names) {
		screen_say(s, ROLE_WARNING, "There is no programme yet, so there is nothing to ask for");
		return;
	}
	if (answer->count > 1)
		take_row(s, answer->results[1]);
	condition_line_set_names(&w->line, names);
	condition_names_free(w->names);
	w->names = names;
	w->count.is_due = true;
}

// --- Saving it.

static void send_save(struct screen *s)
{
	struct segment_state *w = s->state;
	struct segment_saving saving = {0};
	segment_save(&saving, w->code, &w->line.condition, w->revision);
	desk_send(s, &(struct desk_request){.tag = TAG_SAVE, .what = "the segment", .asks = {&saving.ask}});
	segment_saving_free(&saving);
}

static void take_name(struct screen *s, const char *text, void *payload)
{
	struct segment_state *w = payload;
	if (!*text)
		return;
	snprintf(w->code, sizeof w->code, "%s", text);
	send_save(s);
}

static void save(struct screen *s)
{
	struct segment_state *w = s->state;
	if (!desk_may_write(s))
		return;
	if (!w->line.is_good) {
		screen_say(s, ROLE_WARNING, "It cannot be saved as it is: %s",
			w->line.names ? w->line.fault.why : "it is not read yet");
		return;
	}
	if (*w->code) {
		send_save(s);
		return;
	}
	w->prompt = (struct prompt_spec){.label = "Save as: ", .max = SEGMENT_CODE_MAX, .done = take_name};
	prompt_open(s, &w->prompt, w);
}

static void take_save(struct screen *s, const struct answer *answer)
{
	struct segment_state *w = s->state;
	if (!desk_good(s, answer, "saving the segment")) {
		if (w->revision == 0)
			*w->code = '\0'; // another name may do
		return;
	}
	w->revision = (int)result_int64(answer->results[0], 0, 0);
	keep_saved(w, w->line.edit.text);
	snprintf(w->head, sizeof w->head, "revision %d, by you", w->revision);
	screen_say(s, ROLE_GOOD, "Saved: segment(%s) means this from now on", w->code);
	note_count(s);
}

// --- The screen.

static void segment_answer(struct screen *s, void *answer)
{
	const struct desk_news *news = answer;
	struct segment_state *w = s->state;
	if (news->kind != DESK_ANSWERED)
		return;
	switch (news->tag) {
	case TAG_LOAD:
		take_load(s, news->answer);
		break;
	case TAG_COUNT:
	case TAG_COUNT_EXACT:
		if (condition_count_take(s, &w->count, condition_of(w), news))
			note_count(s);
		break;
	case TAG_SAVE:
		take_save(s, news->answer);
		break;
	default: // the count was noted, or not: it is for the list only
		break;
	}
}

static bool segment_open(struct screen *s, const void *argument)
{
	struct segment_state *w = s->state;
	snprintf(w->code, sizeof w->code, "%s", argument ? (const char *)argument : "");
	condition_count_init(&w->count, s, TAG_COUNT);
	if (!condition_line_init(&w->line, NULL))
		return false;
	load(s);
	return true;
}

static void segment_close(struct screen *s)
{
	struct segment_state *w = s->state;
	desk_cancel(s);
	desk_forget(s);
	condition_line_free(&w->line);
	condition_names_free(w->names);
	condition_count_free(&w->count);
	free(w->saved);
}

static void segment_layout(struct screen *s, struct area a)
{
	struct segment_state *w = s->state;
	if (w->count.is_due)
		condition_count_begin(s, &w->count, condition_of(w));
	detail_layout(&w->count.words, area_rows(a, WORDS_AT, a.height - WORDS_AT));
}

static void segment_draw(const struct screen *s, struct area a)
{
	const struct segment_state *w = s->state;
	draw_text(a, 0, 0, a.width, ROLE_DIM, *w->head ? w->head : "not saved yet");
	detail_draw(&w->count.words, area_rows(a, WORDS_AT, a.height - WORDS_AT));
	condition_line_draw(&w->line, area_rows(a, HEAD_ROWS, CONDITION_LINE_ROWS), true);
}

static enum did segment_input(struct screen *s, const struct input *input)
{
	struct segment_state *w = s->state;
	switch (condition_line_input(&w->line, input)) {
	case LINE_CHANGED:
		w->count.is_due = true;
		return DID;
	case LINE_MOVED:
		return DID;
	default:
		return NOT_MINE;
	}
}

static enum did segment_act(struct screen *s, int action, int count)
{
	struct segment_state *w = s->state;
	switch (action) {
	case ACTION_SAVE:
		save(s);
		return DID;
	case ACTION_REFRESH:
		load(s);
		return DID;
	case ACTION_OPEN:
		screen_say(s, ROLE_TEXT, "C-s saves it under a name; Esc goes back");
		return DID;
	default:
		return detail_act(&w->count.words, action, count);
	}
}

static const char *segment_disabled(const struct screen *s, int action)
{
	if (action == ACTION_SAVE && s->ui->rights && !(s->ui->rights & DESK_MAY_DRAFT))
		return "marketing and administrators write segments; you may try conditions here";
	return NULL;
}

static bool segment_typing(const struct screen *s)
{
	(void)s;
	return true;
}

static const char *segment_unsaved(const struct screen *s)
{
	const struct segment_state *w = s->state;
	bool may_save = !s->ui->rights || (s->ui->rights & DESK_MAY_DRAFT);
	return may_save && is_changed(w) ? "the condition" : NULL;
}

static void segment_title(const struct screen *s, char *out, size_t size)
{
	const struct segment_state *w = s->state;
	snprintf(out, size, "%s", *w->code ? w->code : "New segment");
}

static const int segment_actions[] = {ACTION_SAVE, ACTION_REFRESH, ACTION_NONE};

const struct screen_ops segment_screen = {
	.name = "segment",
	.help = "A condition: its words, and how many members each clause leaves",
	.size = sizeof(struct segment_state),
	.actions = segment_actions,
	.open = segment_open,
	.close = segment_close,
	.answer = segment_answer,
	.layout = segment_layout,
	.draw = segment_draw,
	.act = segment_act,
	.input = segment_input,
	.disabled = segment_disabled,
	.typing = segment_typing,
	.unsaved = segment_unsaved,
	.cancel = desk_cancel,
	.title = segment_title,
};
