// The form of documents: settings known and required, their types and ranges, and reads of what was found
// right.
#include "model/engine/decimal.h"
#include "model/engine/form.h"
#include <stdio.h>
#include <string.h>

#define CODE_LENGTH 32
#define TAG_LENGTH 64
#define NAME_LENGTH 120

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool code_is_valid(const char *text)
{
	size_t length = strlen(text);
	if (length < 1 || length > CODE_LENGTH || !is_letter(text[0]) || strstr(text, "__") != NULL)
		return false;
	for (size_t i = 1; i < length; i++)
		if (!is_letter(text[i]) && !is_digit(text[i]) && text[i] != '_')
			return false;
	return true;
}

static bool money_code_is_valid(const char *text)
{
	for (int i = 0; i < 3; i++)
		if (text[i] < 'A' || text[i] > 'Z')
			return false;
	return text[3] == '\0';
}

static bool month_day_parse(const char *text, struct month_day *out)
{
	if (strlen(text) != 5 || text[2] != '-')
		return false;
	for (int i = 0; i < 5; i++)
		if (i != 2 && !is_digit(text[i]))
			return false;
	out->month = (text[0] - '0') * 10 + text[1] - '0';
	out->day = (text[3] - '0') * 10 + text[4] - '0';
	if (out->month < 1 || out->month > 12)
		return false;
	return out->day >= 1 && out->day <= day_days_in_month(2001, out->month);
}

static bool word_find(const char *text, const char *const *words, int *index)
{
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], text) == 0) {
			*index = i;
			return true;
		}
	return false;
}

static bool type_fits(const struct node *node, const struct field *field)
{
	switch (field->type) {
	case FIELD_INTEGER:
		return node->type == NODE_INTEGER;
	case FIELD_DECIMAL:
	case FIELD_SIGNED_DECIMAL:
	case FIELD_TIER_DECIMALS:
		return node->type == NODE_INTEGER || node->type == NODE_STRING;
	case FIELD_BOOLEAN:
		return node->type == NODE_BOOLEAN;
	case FIELD_SCALAR:
		return node->type == NODE_INTEGER || node->type == NODE_STRING || node->type == NODE_BOOLEAN;
	case FIELD_STRINGS:
	case FIELD_TAGS:
	case FIELD_CODES:
	case FIELD_WORDS:
	case FIELD_MONTH_DAYS:
		return node->type == NODE_ARRAY;
	case FIELD_GROUP:
	case FIELD_TIER_GROUPS:
		return node->type == NODE_GROUP;
	case FIELD_LIST:
		return node->type == NODE_LIST;
	default:
		return node->type == NODE_STRING;
	}
}

static const char *type_wanted(const struct field *field)
{
	switch (field->type) {
	case FIELD_INTEGER:
		return "an integer";
	case FIELD_DECIMAL:
	case FIELD_SIGNED_DECIMAL:
	case FIELD_TIER_DECIMALS:
		return "a string or an integer";
	case FIELD_BOOLEAN:
		return "true or false";
	case FIELD_SCALAR:
		return "a string, an integer or a boolean";
	case FIELD_STRINGS:
	case FIELD_TAGS:
	case FIELD_CODES:
	case FIELD_WORDS:
	case FIELD_MONTH_DAYS:
		return "an array [...]";
	case FIELD_GROUP:
	case FIELD_TIER_GROUPS:
		return "a group {...}";
	case FIELD_LIST:
		return "a list (...)";
	default:
		return "a string";
	}
}

static void integer_check(struct document *document, const struct node *node, const struct field *field)
{
	int64_t max = field->max > 0 ? field->max : AMOUNT_MAX;
	if (node->number < field->min || node->number > max)
		document_fault(document, node, "V4", "must be from %lld to %lld", (long long)field->min,
			(long long)max);
}

static void decimal_check(struct document *document, const struct node *node, const struct field *field)
{
	int64_t units = node->number, max = field->max > 0 ? field->max : AMOUNT_MAX;
	int decimals = 0;
	if (node->type == NODE_STRING && !decimal_parse(node->text, &units, &decimals)) {
		document_fault(document, node, "V4", "must be a decimal number such as 12 or \"0.5\"");
		return;
	}
	if (decimals > field->decimals) {
		document_fault(document, node, "V4", "has more than %d decimals", field->decimals);
		return;
	}
	wide_t scaled = (wide_t)max * decimal_power(decimals);
	if (units < 0 || units > scaled || (field->above_zero && units == 0))
		document_fault(document, node, "V4", "must be %s 0 and at most %lld",
			field->above_zero ? "above" : "at least", (long long)max);
}

static void signed_decimal_check(struct document *document, const struct node *node)
{
	int64_t units;
	int decimals;
	if (node->type == NODE_STRING && !decimal_parse(node->text, &units, &decimals))
		document_fault(document, node, "V4", "must be a decimal number such as -12 or \"0.5\"");
}

static void word_check(struct document *document, const struct node *node, const char *const *words)
{
	int index;
	if (word_find(node->text, words, &index))
		return;
	char list[120] = "";
	for (int i = 0; words[i] != NULL; i++) {
		size_t used = strlen(list);
		snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "", words[i]);
	}
	document_fault(document, node, "V4", "must be one of: %s", list);
}

static void length_check(struct document *document, const struct node *node, size_t max)
{
	size_t length = strlen(node->text);
	if (length < 1 || length > max)
		document_fault(document, node, "V4", "must have 1 to %zu bytes", max);
}

static void text_check(struct document *document, const struct node *node, const struct field *field)
{
	struct month_day month_day;
	day_t day;
	if (field->type == FIELD_WORD || field->type == FIELD_WORDS)
		word_check(document, node, field->words);
	else if (field->type == FIELD_NAME)
		length_check(document, node, NAME_LENGTH);
	else if (field->type == FIELD_TAG || field->type == FIELD_TAGS)
		length_check(document, node, TAG_LENGTH);
	else if ((field->type == FIELD_CODE || field->type == FIELD_CODES) && !code_is_valid(node->text))
		document_fault(
			document, node, "V4", "must be a letter and up to 31 letters, digits or single _");
	else if (field->type == FIELD_MONEY_CODE && !money_code_is_valid(node->text))
		document_fault(document, node, "V4", "must be three capitals");
	else if (field->type == FIELD_DATE && !day_parse(node->text, &day))
		document_fault(
			document, node, "V4", "must be a day \"YYYY-MM-DD\" of the years 1900 to 2199");
	else if ((field->type == FIELD_MONTH_DAY || field->type == FIELD_MONTH_DAYS) &&
		 !month_day_parse(node->text, &month_day))
		document_fault(document, node, "V4", "must be a day \"MM-DD\" that exists every year");
}

static void array_check(struct document *document, const struct node *array, const struct field *field)
{
	if (array->count == 0)
		document_fault(document, array, "V4", "must not be empty");
	for (int i = 0; i < array->count; i++) {
		const struct node *element = &array->children[i];
		if (element->type == NODE_STRING)
			text_check(document, element, field);
		else
			document_fault(document, element, "V3", "must be a string, not %s",
				node_type_name(element->type));
	}
}

static void list_check(struct document *document, const struct node *list, const struct field *field)
{
	if (list->count == 0)
		document_fault(document, list, "V4", "must not be empty");
	for (int i = 0; field->fields != NULL && i < list->count; i++) {
		const struct node *element = &list->children[i];
		if (element->type == NODE_GROUP)
			form_check(document, element, field->fields);
		else
			document_fault(document, element, "V3", "must be a group {...}, not %s",
				node_type_name(element->type));
	}
}

static void tier_map_check(struct document *document, const struct node *map, const struct field *field)
{
	struct field entry = *field;
	entry.type = field->type == FIELD_TIER_DECIMALS ? FIELD_DECIMAL : FIELD_GROUP;
	for (int i = 0; i < map->count; i++)
		form_check_value(document, &map->children[i], &entry);
}

void form_check_value(struct document *document, const struct node *node, const struct field *field)
{
	bool fits = field->type == FIELD_TIER_DECIMALS ? node->type == NODE_GROUP : type_fits(node, field);
	if (!fits) {
		document_fault(document, node, "V3", "must be %s, not %s", type_wanted(field),
			node_type_name(node->type));
		return;
	}
	switch (field->type) {
	case FIELD_INTEGER:
		integer_check(document, node, field);
		break;
	case FIELD_DECIMAL:
		decimal_check(document, node, field);
		break;
	case FIELD_SIGNED_DECIMAL:
		signed_decimal_check(document, node);
		break;
	case FIELD_STRINGS:
	case FIELD_TAGS:
	case FIELD_CODES:
	case FIELD_WORDS:
	case FIELD_MONTH_DAYS:
		array_check(document, node, field);
		break;
	case FIELD_GROUP:
		form_check(document, node, field->fields);
		break;
	case FIELD_LIST:
		list_check(document, node, field);
		break;
	case FIELD_TIER_DECIMALS:
	case FIELD_TIER_GROUPS:
		tier_map_check(document, node, field);
		break;
	case FIELD_BOOLEAN:
	case FIELD_STRING:
	case FIELD_SCALAR:
		break;
	default:
		text_check(document, node, field);
		break;
	}
}

const struct field *form_find(const struct field *fields, const char *key)
{
	for (const struct field *field = fields; field->key != NULL; field++)
		if (strcmp(field->key, key) == 0)
			return field;
	return NULL;
}

int64_t document_format(const struct document *document)
{
	return node_integer(node_child(&document->root, "format"), 1);
}

void form_check(struct document *document, const struct node *group, const struct field *fields)
{
	const int64_t format = document_format(document);
	for (int i = 0; i < group->count; i++) {
		const struct node *node = &group->children[i];
		const struct field *field = form_find(fields, node->name);
		if (field == NULL)
			document_fault(document, node, "V1", "is no setting of the format");
		else if (field->since > format)
			document_fault(document, node, "V1",
				"is a setting of format %d; the file has to say format = %d", field->since,
				field->since);
		else
			form_check_value(document, node, field);
	}
	for (const struct field *field = fields; field->key != NULL; field++)
		if (field->required && node_child(group, field->key) == NULL)
			document_lack(document, group, field->key, "V2", "is required");
}

int64_t node_integer(const struct node *node, int64_t otherwise)
{
	return node != NULL ? node->number : otherwise;
}

int64_t node_decimal(const struct node *node, int decimals, int64_t otherwise)
{
	if (node == NULL)
		return otherwise;
	int64_t units = node->number;
	int written = 0;
	if (node->type == NODE_STRING)
		decimal_parse(node->text, &units, &written);
	return units * decimal_power(decimals - written);
}

int node_decimals_written(const struct node *node)
{
	int64_t units;
	int decimals = 0;
	if (node->type == NODE_STRING)
		decimal_parse(node->text, &units, &decimals);
	return decimals;
}

int node_word(const struct node *node, const char *const *words, int otherwise)
{
	int index = otherwise;
	if (node != NULL)
		word_find(node->text, words, &index);
	return index;
}

day_t node_date(const struct node *node, day_t otherwise)
{
	day_t day = otherwise;
	if (node != NULL)
		day_parse(node->text, &day);
	return day;
}

struct month_day node_month_day(const struct node *node)
{
	struct month_day month_day = {1, 1};
	if (node != NULL)
		month_day_parse(node->text, &month_day);
	return month_day;
}

const char *node_text(const struct node *node, const char *otherwise)
{
	return node != NULL ? node->text : otherwise;
}
