// Steps over a programme document: each changes the text, is checked by the engine's reader, and can be
// undone.
#include "model/programme/programme_edit_step.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS_MAX = 200 };

static char *text_copy(const char *text, size_t length)
{
	char *copy = NULL;
	int capacity = 0;
	ARRAY_RESERVE(copy, capacity, (int)length + 1);
	memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

static bool is_of_form(const struct document_error *error)
{
	return error->id[0] != 'V' || error->id[1] < '5';
}

static const struct document_error *form_error(const struct programme_edit *edit)
{
	for (int i = 0; i < edit->errors.count; i++)
		if (is_of_form(&edit->errors.errors[i]))
			return &edit->errors.errors[i];
	return NULL;
}

static void check(struct programme_edit *edit)
{
	document_errors_free(&edit->errors);
	document_errors_init(&edit->errors);
	programme_free(edit->programme);
	edit->programme = programme_read("document", edit->outline.text, edit->outline.length, &edit->errors);
}

bool programme_edit_init(struct programme_edit *edit, const char *text, size_t length)
{
	*edit = (struct programme_edit){0};
	document_errors_init(&edit->errors);
	if (!outline_read(&edit->outline, text, length))
		programme_read("document", text, length, &edit->errors);
	else
		check(edit);
	edit->kept = text_copy(text, length);
	return edit->outline.count > 0 && !form_error(edit);
}

static void steps_cut(struct programme_edit *edit, int from)
{
	for (int i = from; i < edit->count; i++)
		free(edit->steps[i].text);
	edit->count = from;
}

void programme_edit_free(struct programme_edit *edit)
{
	steps_cut(edit, 0);
	free(edit->steps);
	free(edit->kept);
	programme_free(edit->programme);
	document_errors_free(&edit->errors);
	outline_free(&edit->outline);
	*edit = (struct programme_edit){0};
}

void step_begin(struct programme_edit *edit, const char *what)
{
	steps_cut(edit, edit->at);
	if (edit->count == STEPS_MAX) {
		free(edit->steps[0].text);
		memmove(edit->steps, edit->steps + 1, (STEPS_MAX - 1) * sizeof *edit->steps);
		edit->count = --edit->at;
	}
	ARRAY_RESERVE(edit->steps, edit->capacity, edit->count + 1);
	struct programme_step *step = &edit->steps[edit->count++];
	step->text = text_copy(edit->outline.text, edit->outline.length);
	snprintf(step->what, sizeof step->what, "%s", what);
	edit->at = edit->count;
}

static void step_give_up(struct programme_edit *edit)
{
	const struct programme_step *step = &edit->steps[--edit->at];
	outline_read(&edit->outline, step->text, strlen(step->text));
	steps_cut(edit, edit->at);
	check(edit);
}

bool step_end(struct programme_edit *edit, bool is_done, char *why)
{
	if (!is_done) {
		step_give_up(edit);
		return false;
	}
	check(edit);
	const struct document_error *error = form_error(edit);
	if (!error)
		return true;
	const char *name = strrchr(error->path, '.');
	snprintf(why, EDIT_WHY, "%.60s %.160s", name ? name + 1 : error->path, error->text);
	step_give_up(edit);
	return false;
}

// Swaps the present text with that of the step.
static const char *step_swap(struct programme_edit *edit, struct programme_step *step)
{
	char *text = text_copy(edit->outline.text, edit->outline.length);
	outline_read(&edit->outline, step->text, strlen(step->text));
	free(step->text);
	step->text = text;
	check(edit);
	return step->what;
}

const char *programme_edit_undo(struct programme_edit *edit)
{
	return edit->at > 0 ? step_swap(edit, &edit->steps[--edit->at]) : NULL;
}

const char *programme_edit_redo(struct programme_edit *edit)
{
	return edit->at < edit->count ? step_swap(edit, &edit->steps[edit->at++]) : NULL;
}

bool programme_edit_changed(const struct programme_edit *edit)
{
	return strcmp(edit->outline.text, edit->kept) != 0;
}

void programme_edit_keep(struct programme_edit *edit, const char *text)
{
	char *kept = text_copy(text, strlen(text));
	free(edit->kept);
	edit->kept = kept;
}

const struct document_error *programme_edit_error(const struct programme_edit *edit, const char *path)
{
	size_t length = strlen(path);
	for (int i = 0; i < edit->errors.count; i++) {
		const char *at = edit->errors.errors[i].path;
		if (strncmp(at, path, length) == 0 && (at[length] == '\0' || at[length] == '.'))
			return &edit->errors.errors[i];
	}
	return NULL;
}
