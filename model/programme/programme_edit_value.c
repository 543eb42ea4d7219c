// Sets single values of a programme document: what a person typed, written the way its setting wants it.
#include "model/engine/programme_form.h"
#include "model/programme/programme_edit_step.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INTEGER_PLAIN = 9, NAME_SIZE = 64 }; // INTEGER_PLAIN: more digits need an L

static bool is_integer(const char *value)
{
	value += *value == '-';
	return *value != '\0' && value[strspn(value, "0123456789")] == '\0';
}

// The next name or [n] of a path; false at its end.
static bool part_next(const char **path, char part[NAME_SIZE])
{
	size_t length = strcspn(*path, ".");
	if (length == 0 || length >= NAME_SIZE)
		return false;
	snprintf(part, NAME_SIZE, "%.*s", (int)length, *path);
	*path += length + ((*path)[length] == '.');
	return true;
}

// What the format says about the setting at path; *type is that of the value there, which in maps by tier is
// not the field's own. NULL: the format knows no such setting.
static const struct field *field_of(const char *path, enum field_type *type)
{
	const struct field *fields = programme_document_fields, *field = NULL;
	char part[NAME_SIZE];
	bool is_tier = false;
	while (part_next(&path, part)) {
		if (part[0] == '[')
			continue;
		if (field && !is_tier &&
			(field->type == FIELD_TIER_DECIMALS || field->type == FIELD_TIER_GROUPS)) {
			is_tier = true;
			continue;
		}
		field = fields ? form_find(fields, part) : NULL;
		if (!field)
			return NULL;
		fields = field->fields;
		is_tier = false;
	}
	if (!field)
		return NULL;
	*type = is_tier && field->type == FIELD_TIER_DECIMALS ? FIELD_DECIMAL : field->type;
	return field;
}

static void string_write(FILE *out, const char *text, size_t length)
{
	fputc('"', out);
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '"' || text[i] == '\\')
			fputc('\\', out);
		fputc(text[i], out);
	}
	fputc('"', out);
}

static void array_write(FILE *out, const char *value)
{
	fputc('[', out);
	for (int i = 0; *value != '\0'; i++) {
		value += strspn(value, " ,");
		size_t whole = strcspn(value, ","), length = whole;
		while (length > 0 && value[length - 1] == ' ')
			length--;
		fputs(i > 0 && length > 0 ? ", " : "", out);
		if (length > 0)
			string_write(out, value, length);
		value += whole;
	}
	fputc(']', out);
}

static bool refuse(char *why, const char *text)
{
	snprintf(why, EDIT_WHY, "%s", text);
	return false;
}

static bool integer_write(FILE *out, const char *value, char *why)
{
	if (!is_integer(value))
		return refuse(why, "must be a whole number");
	fprintf(out, "%s%s", value, strlen(value) > INTEGER_PLAIN ? "L" : "");
	return true;
}

static bool boolean_write(FILE *out, const char *value, char *why)
{
	if (strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
		return refuse(why, "must be true or false");
	fputs(value, out);
	return true;
}

// present: what stands there now, -1 nothing. A decimal that stands there as an integer stays one if it can.
static bool value_write(FILE *out, const struct programme_edit *edit, int present, enum field_type type,
	const char *value, char *why)
{
	enum node_type was = present >= 0 ? edit->outline.places[present].type : NODE_STRING;
	switch (type) {
	case FIELD_INTEGER:
		return integer_write(out, value, why);
	case FIELD_BOOLEAN:
		return boolean_write(out, value, why);
	case FIELD_TAGS:
	case FIELD_CODES:
	case FIELD_WORDS:
	case FIELD_MONTH_DAYS:
		array_write(out, value);
		return true;
	case FIELD_GROUP:
	case FIELD_LIST:
	case FIELD_TIER_DECIMALS:
	case FIELD_TIER_GROUPS:
		return refuse(why, "is made of several settings");
	default:
		if (was == NODE_INTEGER && is_integer(value) && strlen(value) <= INTEGER_PLAIN)
			fputs(value, out);
		else
			string_write(out, value, strlen(value));
		return true;
	}
}

static bool value_put(struct programme_edit *edit, const char *path, int present, const char *syntax)
{
	struct outline *outline = &edit->outline;
	char parent[EDIT_PATH];
	if (present >= 0)
		return outline_replace(
			outline, outline->places[present].value, outline->places[present].value_end, syntax);
	const char *name = strrchr(path, '.');
	snprintf(parent, sizeof parent, "%.*s", name ? (int)(name - path) : 0, path);
	int group = outline_find(outline, parent);
	if (!name || name[1] == '[' || group < 0)
		return false;
	return outline_add(outline, group, outline_element(outline, group, outline->places[group].count - 1),
		name + 1, syntax);
}

bool step_set(struct programme_edit *edit, const char *path, const char *value, char *why)
{
	enum field_type type;
	int present = outline_find(&edit->outline, path);
	if (!field_of(path, &type))
		return refuse(why, "is no setting of the format");
	if (*value == '\0')
		return present < 0 || outline_remove(&edit->outline, present);
	char *syntax = NULL;
	size_t length;
	FILE *out = open_memstream(&syntax, &length);
	if (!out)
		return refuse(why, "out of memory");
	bool is_good = value_write(out, edit, present, type, value, why);
	is_good = fclose(out) == 0 && is_good;
	if (is_good && !value_put(edit, path, present, syntax))
		is_good = refuse(why, "cannot stand there");
	free(syntax);
	return is_good;
}

bool programme_edit_set(struct programme_edit *edit, const char *path, const char *value, char *why)
{
	step_begin(edit, path);
	return step_end(edit, step_set(edit, path, value, why), why);
}

bool programme_edit_switch(
	struct programme_edit *edit, const char *path, const char *word, bool is_on, char *why)
{
	struct outline *outline = &edit->outline;
	int array = outline_find(outline, path), there = outline_word(outline, array, word);
	char quoted[NAME_SIZE + 2];
	if (array < 0)
		return refuse(why, "is not in the document");
	if ((there >= 0) == is_on)
		return true;
	if (!is_on && outline->places[array].count == 1)
		return refuse(why, "must name one at least");
	snprintf(quoted, sizeof quoted, "\"%.*s\"", NAME_SIZE - 1, word);
	step_begin(edit, path);
	bool is_done = is_on ? outline_add(outline, array,
				       outline_element(outline, array, outline->places[array].count - 1),
				       NULL, quoted)
			     : outline_remove(outline, there);
	return step_end(edit, is_done, why);
}

static int last_child(const struct outline *outline, int parent)
{
	return outline_element(outline, parent, outline->places[parent].count - 1);
}

static bool element_put(struct outline *outline, const char *path, const char *element)
{
	char parent[EDIT_PATH];
	const char *name = strrchr(path, '.');
	int list = outline_find(outline, path);
	if (list >= 0)
		return outline_add(outline, list, last_child(outline, list), NULL, element);
	snprintf(parent, sizeof parent, "%.*s", name ? (int)(name - path) : 0, path);
	int group = outline_find(outline, parent);
	char *syntax = NULL;
	bool is_good = name && group >= 0 && asprintf(&syntax, "( %s )", element) >= 0 &&
		       outline_add(outline, group, last_child(outline, group), name + 1, syntax);
	free(syntax);
	return is_good;
}

bool programme_edit_add(struct programme_edit *edit, const char *path, const char *element, char *why)
{
	step_begin(edit, path);
	bool is_done = element_put(&edit->outline, path, element) || refuse(why, "cannot stand there");
	return step_end(edit, is_done, why);
}

bool programme_edit_remove(struct programme_edit *edit, const char *path, char *why)
{
	struct outline *outline = &edit->outline;
	int place = outline_find(outline, path);
	if (place <= 0)
		return refuse(why, "is not in the document");
	int parent = outline->places[place].parent;
	bool is_last = outline->places[parent].type == NODE_LIST && outline->places[parent].count == 1;
	step_begin(edit, path);
	bool is_done =
		outline_remove(outline, is_last ? parent : place) || refuse(why, "cannot be taken out");
	return step_end(edit, is_done, why);
}
