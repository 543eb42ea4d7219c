// The prompt is a screen on the message line; histories are shared by name and kept for the session.
#include "screens/ui/prompt.h"

#include "screens/ui/entry.h"
#include "screens/ui/text.h"
#include "screens/ui/ui.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HISTORY_MAX = 200, PROMPT_MAX = 256 };

// Newest last, all histories together.
static struct {
	char *name, *text;
} history[HISTORY_MAX];
static int history_count;

struct prompt {
	const struct prompt_spec *spec;
	void *payload;
	struct screen *asker;
	struct edit edit;
	int recalled;  // number of the history entry shown, history_count: none
	char *typed;   // what stood there before recalling or completing
	int completed; // number of the next completion
};

struct prompt_request {
	const struct prompt_spec *spec;
	void *payload;
	struct screen *asker;
};

static void history_add(const char *name, const char *text)
{
	if (!*text)
		return;
	for (int i = history_count - 1; i >= 0; i--)
		if (!strcmp(history[i].name, name) && !strcmp(history[i].text, text)) {
			free(history[i].name);
			free(history[i].text);
			memmove(&history[i], &history[i + 1],
				(size_t)(--history_count - i) * sizeof history[0]);
		}
	if (history_count == HISTORY_MAX) {
		free(history[0].name);
		free(history[0].text);
		memmove(&history[0], &history[1], (size_t)--history_count * sizeof history[0]);
	}
	history[history_count].name = strdup(name);
	history[history_count].text = strdup(text);
	if (history[history_count].name && history[history_count].text)
		history_count++;
}

void prompt_history_free(void)
{
	while (history_count) {
		free(history[--history_count].name);
		free(history[history_count].text);
	}
}

void prompt_history_load(const char *file)
{
	FILE *in = fopen(file, "re");
	char line[PROMPT_MAX + 64];

	while (in && fgets(line, sizeof line, in)) {
		char *tab = strchr(line, '\t');
		line[strcspn(line, "\n")] = 0;
		if (tab) {
			*tab = 0;
			history_add(line, tab + 1);
		}
	}
	if (in)
		fclose(in);
}

bool prompt_history_save(const char *file)
{
	FILE *out = fopen(file, "we");

	if (!out)
		return false;
	for (int i = 0; i < history_count; i++)
		fprintf(out, "%s\t%s\n", history[i].name, history[i].text);
	return !fclose(out);
}

static bool prompt_start(struct screen *s, const void *argument)
{
	const struct prompt_request *request = argument;
	struct prompt *p = s->state;

	p->spec = request->spec;
	p->payload = request->payload;
	p->asker = request->asker;
	p->recalled = history_count;
	return edit_init(&p->edit, p->spec->start, p->spec->max ? p->spec->max : PROMPT_MAX, false);
}

static void prompt_end(struct screen *s)
{
	struct prompt *p = s->state;

	if (p->spec->secret)
		explicit_bzero(p->edit.text, p->edit.length);
	edit_free(&p->edit);
	free(p->typed);
}

// A star for each character typed.
static void draw_secret(const struct edit *e, struct area a)
{
	int stars = 0;

	for (size_t at = 0; at < e->length && stars < a.width - 1; stars++)
		at = text_cluster_after(e->text, e->length, at);
	draw_line(a, 0, ROLE_CURRENT);
	for (int x = 0; x < stars; x++)
		draw_text(a, 0, x, 1, ROLE_CURRENT, "*");
	draw_cursor(a, 0, stars, true);
}

static void prompt_draw(const struct screen *s, struct area a)
{
	const struct prompt *p = s->state;

	draw_line(a, 0, ROLE_TEXT);
	int used = draw_text(a, 0, 0, a.width / 2, ROLE_STRONG, p->spec->label);
	if (p->spec->secret)
		draw_secret(&p->edit, area_columns(a, used, a.width - used));
	else
		entry_draw(&p->edit, a, 0, used, a.width - used, true);
}

static void tell_changed(struct prompt *p)
{
	if (p->spec->changed)
		p->spec->changed(p->asker, p->edit.text, p->payload);
}

static void keep_typed(struct prompt *p)
{
	if (!p->typed)
		p->typed = strdup(p->edit.text);
}

static void forget_typed(struct prompt *p)
{
	free(p->typed);
	p->typed = NULL;
	p->completed = 0;
	p->recalled = history_count;
}

// The history entry before or after the one shown, of this prompt's history and beginning as what was typed.
static void recall(struct prompt *p, int step)
{
	if (!p->spec->history)
		return;
	keep_typed(p);
	const char *typed = p->typed ? p->typed : "";
	for (int i = p->recalled + step; i >= 0 && i < history_count; i += step)
		if (!strcmp(history[i].name, p->spec->history) &&
			!strncmp(history[i].text, typed, strlen(typed))) {
			p->recalled = i;
			edit_set(&p->edit, history[i].text);
			return;
		}
	if (step > 0) {
		p->recalled = history_count;
		edit_set(&p->edit, typed);
	}
}

static void complete(struct prompt *p)
{
	if (!p->spec->complete)
		return;
	keep_typed(p);
	const char *typed = p->typed ? p->typed : "";
	const char *found = p->spec->complete(p->asker, typed, p->completed++, p->payload);
	if (!found)
		p->completed = 0; // round to what was typed
	edit_set(&p->edit, found ? found : typed);
}

// Closes the prompt before its continuation runs, which may open another screen.
static void finish(struct screen *s, bool done)
{
	struct prompt *p = s->state;
	const struct prompt_spec *spec = p->spec;
	struct screen *asker = p->asker;
	void *payload = p->payload;
	char *text = done ? strdup(p->edit.text) : NULL;

	screen_close(s);
	if (!text) {
		if (spec->cancelled)
			spec->cancelled(asker, payload);
		return;
	}
	if (spec->history)
		history_add(spec->history, text);
	if (spec->done)
		spec->done(asker, text, payload);
	if (spec->secret)
		explicit_bzero(text, strlen(text));
	free(text);
}

static bool special_key(struct screen *s, uint32_t key)
{
	struct prompt *p = s->state;

	switch (key) {
	case NAMED_ENTER:
		finish(s, true);
		return true;
	case NAMED_UP:
		recall(p, -1);
		break;
	case NAMED_DOWN:
		recall(p, 1);
		break;
	case NAMED_TAB:
		complete(p);
		break;
	default:
		return false;
	}
	tell_changed(p);
	return true;
}

static enum did prompt_input(struct screen *s, const struct input *input)
{
	struct prompt *p = s->state;

	if (input->kind == INPUT_KEY && special_key(s, input->key))
		return DID;
	// Backspace in an empty prompt leaves it, as people expect of ":" and "/".
	if (input->kind == INPUT_KEY && input->key == NAMED_BACKSPACE && !p->edit.length) {
		finish(s, false);
		return DID;
	}
	if (!entry_input(&p->edit, input))
		return NOT_MINE;
	forget_typed(p);
	tell_changed(p);
	return DID;
}

static enum did prompt_act(struct screen *s, int action, int count)
{
	(void)count;
	if (action == ACTION_BACK || action == ACTION_INTERRUPT || action == ACTION_CLOSE)
		finish(s, false);
	return DID;
}

static const struct screen_ops prompt_screen = {
	.name = "prompt",
	.size = sizeof(struct prompt),
	.overlay = OVERLAY_LINE,
	.open = prompt_start,
	.close = prompt_end,
	.draw = prompt_draw,
	.input = prompt_input,
	.act = prompt_act,
};

void prompt_open(struct screen *asker, const struct prompt_spec *spec, void *payload)
{
	screen_open(asker->ui, &prompt_screen, &(struct prompt_request){spec, payload, asker});
}
