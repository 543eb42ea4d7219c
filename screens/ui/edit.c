// The line editor behind prompts, form fields and text areas.
#include "screens/ui/edit.h"

#include "screens/ui/text.h"

#include <stdlib.h>
#include <string.h>

bool edit_init(struct edit *e, const char *text, size_t max, bool several_lines)
{
	*e = (struct edit){.max = max, .several_lines = several_lines};
	e->text = calloc(1, 32);
	e->capacity = e->text ? 32 : 0;
	return e->text && edit_set(e, text ? text : "");
}

static void forget_undo(struct edit *e)
{
	while (e->undo_count)
		free(e->undo[--e->undo_count].text);
}

void edit_free(struct edit *e)
{
	forget_undo(e);
	free(e->text);
	*e = (struct edit){0};
}

static bool make_room(struct edit *e, size_t bytes)
{
	if (bytes > e->max - e->length)
		return false;
	size_t capacity = e->capacity;
	while (capacity < e->length + bytes + 1)
		capacity *= 2;
	if (capacity == e->capacity)
		return true;
	char *bigger = realloc(e->text, capacity);
	if (!bigger)
		return false;
	e->text = bigger;
	e->capacity = capacity;
	return true;
}

// Keeps the text as it is for edit_undo(); without memory there is merely one step less to undo.
static void remember(struct edit *e)
{
	char *copy = strdup(e->text);

	if (!copy)
		return;
	if (e->undo_count == EDIT_UNDO_MAX) {
		free(e->undo[0].text);
		memmove(e->undo, e->undo + 1, sizeof e->undo - sizeof e->undo[0]);
		e->undo_count--;
	}
	e->undo[e->undo_count].text = copy;
	e->undo[e->undo_count++].at = e->at;
}

static bool put(struct edit *e, uint32_t ch)
{
	char bytes[4];

	if (ch == '\r' || (!e->several_lines && (ch == '\n' || ch == '\t')))
		ch = ch == '\r' && e->several_lines ? '\n' : ' ';
	if ((ch < 0x20 && ch != '\n' && ch != '\t') || (ch >= 0x7f && ch < 0xa0) ||
		(ch >= 0x202a && ch <= 0x202e) || (ch >= 0x2066 && ch <= 0x2069))
		return false;
	size_t length = text_encode(ch, bytes);
	if (!make_room(e, length))
		return false;
	memmove(e->text + e->at + length, e->text + e->at, e->length - e->at + 1);
	memcpy(e->text + e->at, bytes, length);
	e->at += length;
	e->length += length;
	return true;
}

bool edit_insert(struct edit *e, uint32_t ch)
{
	if (!e->typing)
		remember(e);
	e->typing = ch != ' ' && ch != '\n';
	return put(e, ch);
}

static bool put_all(struct edit *e, const char *text, size_t bytes)
{
	const char *end = text + bytes;
	uint32_t last = 0;
	bool whole = true;

	while (text < end) {
		uint32_t ch = text_decode(&text, end);
		if (!(ch == '\n' && last == '\r') && !put(e, ch) && e->max - e->length < 4)
			whole = false;
		last = ch;
	}
	return whole;
}

bool edit_paste(struct edit *e, const char *text, size_t bytes)
{
	remember(e);
	e->typing = false;
	return put_all(e, text, bytes);
}

bool edit_set(struct edit *e, const char *text)
{
	forget_undo(e);
	e->typing = false;
	e->length = e->at = 0;
	e->text[0] = 0;
	return put_all(e, text, strlen(text));
}

void edit_left(struct edit *e)
{
	e->typing = false;
	e->at = text_cluster_before(e->text, e->length, e->at);
}

void edit_right(struct edit *e)
{
	e->typing = false;
	e->at = text_cluster_after(e->text, e->length, e->at);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

void edit_word_left(struct edit *e)
{
	e->typing = false;
	while (e->at && is_blank(e->text[e->at - 1]))
		e->at--;
	while (e->at && !is_blank(e->text[e->at - 1]))
		e->at--;
}

void edit_word_right(struct edit *e)
{
	e->typing = false;
	while (e->at < e->length && !is_blank(e->text[e->at]))
		e->at++;
	while (e->at < e->length && is_blank(e->text[e->at]))
		e->at++;
}

void edit_line_start(struct edit *e)
{
	e->typing = false;
	while (e->at && e->text[e->at - 1] != '\n')
		e->at--;
}

void edit_line_end(struct edit *e)
{
	e->typing = false;
	while (e->at < e->length && e->text[e->at] != '\n')
		e->at++;
}

static bool remove_range(struct edit *e, size_t from, size_t to)
{
	e->typing = false;
	e->at = to;
	if (from == to)
		return false;
	remember(e);
	memmove(e->text + from, e->text + to, e->length - to + 1);
	e->length -= to - from;
	e->at = from;
	return true;
}

bool edit_backspace(struct edit *e)
{
	return remove_range(e, text_cluster_before(e->text, e->length, e->at), e->at);
}

bool edit_delete(struct edit *e)
{
	size_t at = e->at;
	bool removed = remove_range(e, at, text_cluster_after(e->text, e->length, at));

	e->at = at;
	return removed;
}

bool edit_kill_word(struct edit *e)
{
	size_t to = e->at;

	edit_word_left(e);
	return remove_range(e, e->at, to);
}

bool edit_kill_start(struct edit *e)
{
	size_t to = e->at;

	edit_line_start(e);
	return remove_range(e, e->at, to);
}

bool edit_kill_end(struct edit *e)
{
	size_t from = e->at;

	edit_line_end(e);
	return remove_range(e, from, e->at);
}

bool edit_undo(struct edit *e)
{
	if (!e->undo_count)
		return false;
	e->undo_count--;
	free(e->text);
	e->text = e->undo[e->undo_count].text;
	e->length = strlen(e->text);
	e->capacity = e->length + 1;
	e->at = e->undo[e->undo_count].at;
	e->typing = false;
	return true;
}
