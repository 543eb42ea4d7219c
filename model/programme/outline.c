// Reads a document's text into places: the grammar of libconfig 1.5, keeping positions instead of values.
#include "model/programme/outline.h"
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 60 };

struct scanner {
	struct outline *outline;
	const char *text;
	size_t length, at;
	int depth;
};

static int peek(const struct scanner *s)
{
	return s->at < s->length ? (unsigned char)s->text[s->at] : -1;
}

static bool starts(const struct scanner *s, const char *word)
{
	size_t length = strlen(word);
	return s->length - s->at >= length && memcmp(s->text + s->at, word, length) == 0;
}

static void skip_block_comment(struct scanner *s)
{
	s->at += 2;
	while (s->at < s->length && !starts(s, "*/"))
		s->at++;
	s->at = s->at + 2 < s->length ? s->at + 2 : s->length;
}

static void skip_blank(struct scanner *s)
{
	while (s->at < s->length) {
		if (memchr(" \t\n\r\f\v", peek(s), 6))
			s->at++;
		else if (peek(s) == '#' || starts(s, "//"))
			while (s->at < s->length && peek(s) != '\n')
				s->at++;
		else if (starts(s, "/*"))
			skip_block_comment(s);
		else
			return;
	}
}

static bool is_letter(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '*';
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static size_t word_length(const struct scanner *s)
{
	size_t at = s->at;
	while (at < s->length &&
		(is_letter(s->text[at]) || is_digit(s->text[at]) || s->text[at] == '_' || s->text[at] == '-'))
		at++;
	return at - s->at;
}

static struct place *place_of(const struct scanner *s, int number)
{
	return &s->outline->places[number];
}

static int place_add(struct scanner *s, int parent, int before, size_t name, size_t name_length)
{
	struct outline *outline = s->outline;
	ARRAY_RESERVE(outline->places, outline->capacity, outline->count + 1);
	int number = outline->count++;
	outline->places[number] = (struct place){.parent = parent,
		.first = -1,
		.next = -1,
		.name = name,
		.name_length = name_length,
		.value = s->at};
	if (parent < 0)
		return number;
	outline->places[number].index = outline->places[parent].count++;
	if (before < 0)
		outline->places[parent].first = number;
	else
		outline->places[before].next = number;
	return number;
}

static bool string_read(struct scanner *s)
{
	for (s->at++; s->at < s->length && peek(s) != '"'; s->at++)
		s->at += peek(s) == '\\';
	if (s->at >= s->length)
		return false;
	s->at++;
	return true;
}

static bool scalar_read(struct scanner *s, struct place *place)
{
	size_t first = s->at;
	if (peek(s) == '"') {
		place->type = NODE_STRING;
		return string_read(s);
	}
	if (is_letter(peek(s))) {
		place->type = NODE_BOOLEAN;
		s->at += word_length(s);
		return true;
	}
	while (s->at < s->length && (is_digit(peek(s)) || is_letter(peek(s)) || memchr("+-.", peek(s), 3)))
		s->at++;
	bool is_float = memchr(s->text + first, '.', s->at - first) != NULL;
	place->type = is_float ? NODE_FLOAT : NODE_INTEGER;
	return s->at > first;
}

static bool value_read(struct scanner *s, int number);

static void terminator_take(struct scanner *s, struct place *place)
{
	size_t value_end = s->at;
	skip_blank(s);
	if (peek(s) == ';' || peek(s) == ',')
		place->end = ++s->at;
	else
		s->at = place->end = value_end;
}

static bool settings_read(struct scanner *s, int group, int closing)
{
	int before = -1;
	for (skip_blank(s); peek(s) != closing; skip_blank(s)) {
		size_t name = s->at, length = is_letter(peek(s)) ? word_length(s) : 0;
		s->at += length;
		skip_blank(s);
		if (length == 0 || (peek(s) != '=' && peek(s) != ':'))
			return false;
		s->at++;
		skip_blank(s);
		before = place_add(s, group, before, name, length);
		if (!value_read(s, before))
			return false;
		terminator_take(s, place_of(s, before));
	}
	return true;
}

static bool elements_read(struct scanner *s, int list, int closing)
{
	int before = -1;
	skip_blank(s);
	while (peek(s) != closing) {
		before = place_add(s, list, before, s->at, 0);
		if (!value_read(s, before))
			return false;
		terminator_take(s, place_of(s, before));
		skip_blank(s);
		bool is_separated = s->text[place_of(s, before)->end - 1] == ',';
		if (is_separated == (peek(s) == closing))
			return false;
	}
	return true;
}

static bool inside_read(struct scanner *s, int number)
{
	static const char opening[] = "{([", closing[] = "})]";
	static const enum node_type types[] = {NODE_GROUP, NODE_LIST, NODE_ARRAY};
	ptrdiff_t kind = strchr(opening, peek(s)) - opening;
	place_of(s, number)->type = types[kind];
	s->at++;
	if (++s->depth > DEPTH_MAX)
		return false;
	bool is_good =
		kind == 0 ? settings_read(s, number, closing[kind]) : elements_read(s, number, closing[kind]);
	s->depth--;
	s->at++;
	return is_good && s->at <= s->length;
}

static bool value_read(struct scanner *s, int number)
{
	int c = peek(s);
	bool is_good = c == '{' || c == '(' || c == '[' ? inside_read(s, number)
							: scalar_read(s, place_of(s, number));
	place_of(s, number)->value_end = place_of(s, number)->end = s->at;
	return is_good;
}

bool outline_read(struct outline *outline, const char *text, size_t length)
{
	struct outline new = {0};
	int capacity = 0;
	struct scanner s = {.outline = &new, .text = text, .length = length};
	int root = place_add(&s, -1, -1, 0, 0);
	if (!settings_read(&s, root, -1)) {
		outline_free(&new);
		return false;
	}
	place_of(&s, root)->value_end = place_of(&s, root)->end = length;
	ARRAY_RESERVE(new.text, capacity, (int)length + 1);
	memcpy(new.text, text, length);
	new.text[length] = '\0';
	new.length = length;
	outline_free(outline);
	*outline = new;
	return true;
}

void outline_free(struct outline *outline)
{
	free(outline->text);
	free(outline->places);
	*outline = (struct outline){0};
}

int outline_child(const struct outline *outline, int group, const char *name)
{
	size_t length = strlen(name);
	if (group < 0 || outline->places[group].type != NODE_GROUP)
		return -1;
	for (int i = outline->places[group].first; i >= 0; i = outline->places[i].next)
		if (outline->places[i].name_length == length &&
			memcmp(outline->text + outline->places[i].name, name, length) == 0)
			return i;
	return -1;
}

int outline_element(const struct outline *outline, int list, int index)
{
	if (list < 0 || index < 0)
		return -1;
	int i = outline->places[list].first;
	while (i >= 0 && index-- > 0)
		i = outline->places[i].next;
	return i;
}

int outline_find(const struct outline *outline, const char *path)
{
	int place = outline->count > 0 ? 0 : -1;
	char name[64];
	while (place >= 0 && *path != '\0') {
		size_t length = strcspn(path, ".");
		if (*path == '[') {
			place = outline_element(outline, place, atoi(path + 1));
		} else if (length < sizeof name) {
			memcpy(name, path, length);
			name[length] = '\0';
			place = outline_child(outline, place, name);
		} else {
			return -1;
		}
		path += length + (path[length] == '.');
	}
	return place;
}

static size_t string_copy(const char *text, const struct place *place, char *out, size_t size)
{
	size_t used = 0;
	for (size_t at = place->value + 1; at + 1 < place->value_end && used + 1 < size; at++) {
		at += text[at] == '\\' && at + 2 < place->value_end;
		out[used++] = text[at];
	}
	out[used] = '\0';
	return used;
}

static size_t scalar_copy(const char *text, const struct place *place, char *out, size_t size)
{
	size_t length = place->value_end - place->value;
	if (place->type == NODE_STRING)
		return string_copy(text, place, out, size);
	if (place->type == NODE_INTEGER)
		while (length > 1 && text[place->value + length - 1] == 'L')
			length--;
	if (length >= size)
		length = size - 1;
	memcpy(out, text + place->value, length);
	out[length] = '\0';
	return length;
}

const char *outline_value(const struct outline *outline, int place, char *out, size_t size)
{
	size_t used = 0;
	out[0] = '\0';
	if (place < 0)
		return out;
	if (outline->places[place].type != NODE_ARRAY) {
		scalar_copy(outline->text, &outline->places[place], out, size);
		return out;
	}
	for (int i = outline->places[place].first; i >= 0 && used + 4 < size; i = outline->places[i].next) {
		if (used > 0) {
			memcpy(out + used, ", ", 3);
			used += 2;
		}
		used += scalar_copy(outline->text, &outline->places[i], out + used, size - used);
	}
	return out;
}

bool outline_value_is(const struct outline *outline, int place, const char *value)
{
	char own[128];
	return place >= 0 && strcmp(outline_value(outline, place, own, sizeof own), value) == 0;
}

int outline_word(const struct outline *outline, int array, const char *word)
{
	int i = outline_element(outline, array, 0);
	while (i >= 0 && !outline_value_is(outline, i, word))
		i = outline->places[i].next;
	return i;
}
