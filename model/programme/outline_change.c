// Changes a document's text at one place, laid out as what stands around it.
#include "model/programme/outline.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool outline_replace(struct outline *outline, size_t from, size_t to, const char *with)
{
	size_t added = strlen(with), length = outline->length - (to - from) + added;
	char *text = NULL;
	int capacity = 0;
	ARRAY_RESERVE(text, capacity, (int)length + 1);
	memcpy(text, outline->text, from);
	memcpy(text + from, with, added);
	memcpy(text + from + added, outline->text + to, outline->length - to);
	bool is_good = outline_read(outline, text, length);
	free(text);
	return is_good;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t start_of(const struct place *place)
{
	return place->name_length > 0 ? place->name : place->value;
}

// Back over the blanks before a place, not past the line above: its comments belong to somebody else.
static size_t gap_start(const struct outline *outline, size_t at)
{
	while (at > 0 && is_blank(outline->text[at - 1]) && outline->text[at - 1] != '\n')
		at--;
	if (at > 0 && outline->text[at - 1] == '\n')
		at--;
	if (at > 0 && outline->text[at - 1] == '\r')
		at--;
	return at;
}

static bool has_own_line(const struct outline *outline, const struct place *place)
{
	size_t at = gap_start(outline, start_of(place));
	return outline->text[at] == '\n' || outline->text[at] == '\r';
}

// Behind a comment that stands on the same line as what ends at `at`.
static size_t line_end(const struct outline *outline, size_t at)
{
	size_t after = at + strspn(outline->text + at, " \t");
	bool is_comment = outline->text[after] == '#' || strncmp(outline->text + after, "//", 2) == 0;
	if (!is_comment && outline->text[after] != '\n' && outline->text[after] != '\r')
		return at;
	return after + strcspn(outline->text + after, "\r\n");
}

// What separates a place from the one before it.
static void gap_write(FILE *out, const struct outline *outline, const struct place *place)
{
	size_t start = gap_start(outline, start_of(place));
	if (has_own_line(outline, place))
		fwrite(outline->text + start, 1, start_of(place) - start, out);
	else
		fputc(' ', out);
}

static void setting_write(FILE *out, const char *name, const char *value)
{
	if (name)
		fprintf(out, "%s = ", name);
	fputs(value, out);
}

// The ; or , between the places of a parent; where it has but one place, without one, what is usual there.
static char separator_of(const struct outline *outline, int parent, int sibling)
{
	const struct place *place = &outline->places[sibling];
	if (place->end > place->value_end)
		return outline->text[place->end - 1];
	return outline->places[parent].type == NODE_GROUP || parent == 0 ? ';' : ',';
}

static bool add_first(struct outline *outline, int parent, const char *name, const char *value)
{
	const struct place *place = &outline->places[parent];
	size_t at = parent == 0 ? 0 : place->value + 1, length;
	char *text = NULL;
	FILE *out = open_memstream(&text, &length);
	if (!out)
		return false;
	if (place->first >= 0) {
		at = start_of(&outline->places[place->first]);
		setting_write(out, name, value);
		fputc(separator_of(outline, parent, place->first), out);
		gap_write(out, outline, &outline->places[place->first]);
	} else {
		fputs(place->type == NODE_ARRAY ? "" : " ", out);
		setting_write(out, name, value);
		fputs(name ? ";" : "", out);
	}
	bool is_good = fclose(out) == 0 && outline_replace(outline, at, at, text);
	free(text);
	return is_good;
}

// A last place without a separator gets one, and the new last place does without as well.
static bool add_behind(struct outline *outline, int parent, int after, const char *name, const char *value)
{
	const struct place *place = &outline->places[after];
	bool is_open = place->end == place->value_end;
	size_t at = is_open                        ? place->end
		    : has_own_line(outline, place) ? line_end(outline, place->end)
						   : place->end,
	       length;
	char separator = separator_of(outline, parent, after), *text = NULL;
	FILE *out = open_memstream(&text, &length);
	if (!out)
		return false;
	if (is_open)
		fputc(separator, out);
	gap_write(out, outline, place);
	setting_write(out, name, value);
	if (!is_open)
		fputc(separator, out);
	bool is_good = fclose(out) == 0 && outline_replace(outline, at, at, text);
	free(text);
	return is_good;
}

bool outline_add(struct outline *outline, int parent, int after, const char *name, const char *value)
{
	return after < 0 ? add_first(outline, parent, name, value)
			 : add_behind(outline, parent, after, name, value);
}

static int sibling_before(const struct outline *outline, int number)
{
	const struct place *place = &outline->places[number];
	return outline_element(outline, place->parent, place->index - 1);
}

static bool remove_first(struct outline *outline, const struct place *place)
{
	size_t to = place->next >= 0 ? start_of(&outline->places[place->next]) : place->end;
	size_t from = place->next >= 0 ? start_of(place) : gap_start(outline, start_of(place));
	return outline_replace(outline, from, to, "");
}

bool outline_remove(struct outline *outline, int number)
{
	const struct place *place = &outline->places[number];
	int before = sibling_before(outline, number);
	if (before < 0)
		return remove_first(outline, place);
	const struct place *previous = &outline->places[before];
	size_t from = gap_start(outline, start_of(place)), to = place->end;
	bool is_open = place->end == place->value_end && previous->end > previous->value_end;
	if (!is_open)
		return outline_replace(outline, from, to, "");
	// The separator before goes too; a comment between the two stays.
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	if (!out)
		return false;
	fwrite(outline->text + previous->end, 1, from > previous->end ? from - previous->end : 0, out);
	bool is_good = fclose(out) == 0 && outline_replace(outline, previous->value_end, to, text);
	free(text);
	return is_good;
}
