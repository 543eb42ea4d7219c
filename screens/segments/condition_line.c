// Typing a condition: fault and completion at every key.
#include "screens/segments/condition_line.h"

#include "screens/ui/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool condition_line_init(struct condition_line *line, const char *text)
{
	return edit_init(&line->edit, text, CONDITION_TEXT_MAX, false);
}

void condition_line_free(struct condition_line *line)
{
	condition_free(&line->condition);
	edit_free(&line->edit);
}

static void read_again(struct condition_line *line)
{
	condition_free(&line->condition);
	line->is_good =
		line->names && condition_read(&line->condition, line->edit.text, line->names, &line->fault);
	line->offered = 0;
	line->candidates.count = 0;
}

void condition_line_set_names(struct condition_line *line, const struct condition_names *names)
{
	line->names = names;
	read_again(line);
}

void condition_line_set(struct condition_line *line, const char *text)
{
	edit_set(&line->edit, text);
	read_again(line);
}

// --- Tab.

// Puts the text in place of those bytes.
static void replace(struct edit *e, int from, int to, const char *with)
{
	size_t length = strlen(with);
	char *text = malloc(e->length - (size_t)(to - from) + length + 1);
	if (!text)
		return;
	sprintf(text, "%.*s%s%s", from, e->text, with, e->text + to);
	if (edit_set(e, text))
		e->at = (size_t)from + length < e->length ? (size_t)from + length : e->length;
	free(text);
}

// As much of the candidates as all of them begin with, at least as long as what stands there.
static size_t common_length(const struct condition_candidates *candidates)
{
	const char *first = candidates->list[0].text;
	size_t length = strlen(first);
	for (int i = 1; i < candidates->count; i++) {
		size_t same = 0;
		while (same < length && first[same] == candidates->list[i].text[same])
			same++;
		length = same;
	}
	return length;
}

// The first Tab puts in what is certain and shows the rest; each further one puts in the next of them.
static enum condition_line_did complete(struct condition_line *line)
{
	struct condition_candidates *c = &line->candidates;
	char text[sizeof c->list[0].text];
	if (!line->names)
		return LINE_MOVED;
	if (line->offered) {
		int to = c->from + line->offered_length, next = line->offered % c->count;
		replace(&line->edit, c->from, to, c->list[next].text);
		line->offered_length = (int)strlen(c->list[next].text);
		struct condition_candidates kept = *c;
		int offered = next + 1;
		read_again(line);
		*c = kept;
		line->offered = offered;
		return LINE_CHANGED;
	}
	condition_complete(line->edit.text, (int)line->edit.at, line->names, c);
	int typed = c->to - c->from;
	if (c->count == 0)
		return LINE_MOVED;
	snprintf(text, sizeof text, "%.*s", (int)common_length(c), c->list[0].text);
	bool is_more = (int)strlen(text) > typed || c->count == 1;
	if (is_more)
		replace(&line->edit, c->from, c->to, text);
	if (c->count == 1) {
		read_again(line);
		return LINE_CHANGED;
	}
	struct condition_candidates kept = *c;
	read_again(line);
	*c = kept;
	line->offered = c->count; // the next Tab begins with the first
	line->offered_length = is_more ? (int)strlen(text) : typed;
	return is_more ? LINE_CHANGED : LINE_MOVED;
}

enum condition_line_did condition_line_input(struct condition_line *line, const struct input *input)
{
	if (input->kind == INPUT_KEY && input->key == NAMED_TAB)
		return complete(line);
	char *before = strdup(line->edit.text);
	if (!before || !entry_input(&line->edit, input)) {
		free(before);
		return LINE_NOT_MINE;
	}
	bool is_changed = strcmp(before, line->edit.text) != 0;
	free(before);
	if (is_changed)
		read_again(line);
	return is_changed ? LINE_CHANGED : LINE_MOVED;
}

// --- Drawing.

static void candidates_draw(const struct condition_line *line, struct area a)
{
	const struct condition_candidates *c = &line->candidates;
	int x = 0, current = line->offered - 1;
	bool is_put_in = line->offered_length == (int)strlen(c->list[current].text);
	for (int i = 0; i < c->count && x < a.width; i++)
		x += draw_text(a, 1, x, a.width - x, is_put_in && i == current ? ROLE_CURRENT : ROLE_TEXT,
			     c->list[i].text) +
		     2;
	if (is_put_in)
		draw_text(a, 2, 0, a.width, ROLE_DIM, c->list[current].help);
}

static void fault_draw(const struct condition_line *line, struct area a)
{
	const struct condition_fault *fault = &line->fault;
	const char *text = line->edit.text;
	size_t from = entry_start(&line->edit, a.width), at = (size_t)fault->offset;
	int x = at > from ? text_width_n(text + from, at - from) : 0;
	int width = text_width(fault->why) + 2;
	if (x >= a.width)
		x = a.width - 1;
	draw_text(a, 1, x, 1, ROLE_BAD, "^");
	if (x + width <= a.width)
		draw_text(a, 1, x + 2, a.width - x - 2, ROLE_BAD, fault->why);
	else
		draw_text(a, 1, x > width ? x - width : 0, x > width ? width : x - 1, ROLE_BAD, fault->why);
	draw_text(a, 2, 0, a.width, ROLE_DIM, fault->fits);
}

void condition_line_draw(const struct condition_line *line, struct area a, bool focused)
{
	entry_draw(&line->edit, a, 0, 0, a.width, focused);
	if (line->offered)
		candidates_draw(line, a);
	else if (line->names && !line->is_good && line->edit.length)
		fault_draw(line, a);
	else if (line->names && !line->edit.length)
		draw_text(a, 1, 0, a.width, ROLE_DIM,
			"Type a condition; Tab offers what can stand there: tier >= gold and spend(90 days) "
			">= 200");
}
