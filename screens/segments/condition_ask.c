// The screen on which a condition is asked for.
#include "screens/segments/condition_ask.h"

#include "screens/segments/condition_count.h"
#include "screens/segments/condition_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TAG_NAMES = 1, TAG_COUNT, TAG_COUNT_EXACT };
enum { LINE_AT = 2, WORDS_AT = LINE_AT + CONDITION_LINE_ROWS };

struct condition_asked {
	struct screen *asker;
	struct condition_question question;
	struct condition_line line;
	struct condition_names *names; // owned; NULL: not read yet
	struct condition_count count;
	bool is_done_due; // Enter came before the names: it counts as soon as they are there
};

struct asking {
	struct screen *asker;
	const struct condition_question *question;
};

static const struct member_condition *condition_of(const struct condition_asked *w)
{
	return w->line.is_good ? &w->line.condition : NULL;
}

// Closes before the continuation runs, which may open another screen.
static void finish(struct screen *s)
{
	struct condition_asked *w = s->state;
	const struct condition_question question = w->question;
	struct screen *asker = w->asker;
	const struct member_condition *condition = condition_of(w);
	struct condition_answer answer = {
		.text = strdup(w->line.edit.text),
		.members = condition ? condition_count_members(&w->count, condition) : -1,
		.is_exact = w->count.has_steps || (w->count.has_estimate && w->count.estimate.is_exact),
		.names = w->names,
	};
	w->names = NULL;
	condition_line_set_names(&w->line, NULL);
	screen_close(s);
	if (answer.text)
		question.done(asker, &answer, question.payload);
	else
		screen_say(asker, ROLE_BAD, "Out of memory: the condition was not taken");
	condition_names_free(answer.names);
	free((char *)answer.text);
}

static void enter(struct screen *s)
{
	struct condition_asked *w = s->state;
	bool is_empty = w->line.edit.length == 0;
	w->is_done_due = !w->names;
	if (w->is_done_due)
		return;
	if (w->line.is_good || (is_empty && w->question.empty))
		finish(s);
	else
		screen_say(s, ROLE_WARNING, "%s", is_empty ? "Type a condition, or Esc goes back" : w->line.fault.why);
}

static void names_take(struct screen *s, const struct answer *answer)
{
	struct condition_asked *w = s->state;
	if (!desk_good(s, answer, "reading the names of conditions"))
		return;
	w->names = condition_names_read(answer->results[0]);
	if (!w->names) {
		screen_say(s, ROLE_WARNING, "There is no programme yet, so there is nothing to ask for");
		return;
	}
	condition_line_set_names(&w->line, w->names);
	w->count.is_due = true;
	if (w->is_done_due)
		enter(s);
}

static void asked_answer(struct screen *s, void *answer)
{
	const struct desk_news *news = answer;
	struct condition_asked *w = s->state;
	if (news->kind != DESK_ANSWERED)
		return;
	if (news->tag == TAG_NAMES)
		names_take(s, news->answer);
	else
		condition_count_take(s, &w->count, condition_of(w), news);
}

static bool asked_open(struct screen *s, const void *argument)
{
	const struct asking *request = argument;
	struct condition_asked *w = s->state;
	struct ask names;
	w->asker = request->asker;
	w->question = *request->question;
	condition_count_init(&w->count, s, TAG_COUNT);
	if (!condition_line_init(&w->line, w->question.start))
		return false;
	w->question.start = NULL;
	condition_names_ask(&names);
	return desk_send(s, &(struct desk_request){
				    .tag = TAG_NAMES, .what = "the names", .asks = {&names}, .is_read = true});
}

static void asked_close(struct screen *s)
{
	struct condition_asked *w = s->state;
	desk_cancel(s);
	desk_forget(s);
	condition_line_free(&w->line);
	condition_names_free(w->names);
	condition_count_free(&w->count);
}

static void asked_layout(struct screen *s, struct area a)
{
	struct condition_asked *w = s->state;
	if (w->count.is_due)
		condition_count_begin(s, &w->count, condition_of(w));
	detail_layout(&w->count.words, area_rows(a, WORDS_AT, a.height - WORDS_AT - 1));
}

static void asked_draw(const struct screen *s, struct area a)
{
	const struct condition_asked *w = s->state;
	draw_rule(a, 0, w->question.title);
	detail_draw(&w->count.words, area_rows(a, WORDS_AT, a.height - WORDS_AT - 1));
	draw_format(a, a.height - 1, 0, a.width, ROLE_DIM, "Enter takes it%s%s",
		w->question.empty ? "; an empty line: " : "", w->question.empty ? w->question.empty : "");
	condition_line_draw(&w->line, area_rows(a, LINE_AT, CONDITION_LINE_ROWS), true);
}

static enum did asked_input(struct screen *s, const struct input *input)
{
	struct condition_asked *w = s->state;
	w->is_done_due = false;
	if (input->kind == INPUT_KEY && input->key == NAMED_ENTER) {
		enter(s);
		return DID;
	}
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

static enum did asked_act(struct screen *s, int action, int count)
{
	struct condition_asked *w = s->state;
	if (action == ACTION_SAVE) {
		enter(s);
		return DID;
	}
	return detail_act(&w->count.words, action, count);
}

static bool asked_typing(const struct screen *s)
{
	(void)s;
	return true;
}

static void asked_title(const struct screen *s, char *out, size_t size)
{
	snprintf(out, size, "%s", ((const struct condition_asked *)s->state)->question.title);
}

static const int asked_actions[] = {ACTION_SAVE, ACTION_NONE};

static const struct screen_ops condition_screen = {
	.name = "condition",
	.help = "A condition: Tab offers what can stand there, Enter takes it, Esc goes back",
	.size = sizeof(struct condition_asked),
	.actions = asked_actions,
	.open = asked_open,
	.close = asked_close,
	.answer = asked_answer,
	.layout = asked_layout,
	.draw = asked_draw,
	.act = asked_act,
	.input = asked_input,
	.typing = asked_typing,
	.cancel = desk_cancel,
	.title = asked_title,
};

void condition_ask(struct screen *asker, const struct condition_question *question)
{
	screen_open(asker->ui, &condition_screen, &(struct asking){asker, question});
}
