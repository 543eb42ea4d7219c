// Reads what stands in brackets behind an attribute, and what it is compared with.
#include "model/engine/decimal.h"
#include "model/segment/parser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SPAN_MAX = 36500, NUMBER_DIGITS = 20 };

static const struct unit {
	const char *word;
	int factor;
	bool is_months;
} UNITS[] = {
	{"days", 1, false},
	{"weeks", 7, false},
	{"months", 1, true},
	{"years", 12, true},
	{"day", 1, false},
	{"week", 7, false},
	{"month", 1, true},
	{"year", 12, true},
};

const char *parser_token_text(struct parser *parser)
{
	const struct token *token = &parser->token;
	char *text = arena_alloc(parser->arena, (size_t)token->length + 1);
	switch (token->kind) {
	case TOKEN_TEXT:
		token_text(parser->text, token, text);
		return text;
	case TOKEN_WORD:
	case TOKEN_NUMBER:
	case TOKEN_DAY:
	case TOKEN_MONTH_DAY:
		memcpy(text, parser->text + token->from, (size_t)token->length);
		return text;
	default:
		return NULL;
	}
}

// A number with at most so many decimals, in units of the last of them.
static bool number_read(struct parser *parser, int decimals, int64_t *number)
{
	char text[NUMBER_DIGITS];
	int64_t units;
	int written;
	if (parser->token.kind != TOKEN_NUMBER)
		return parser_fail(parser, "a number must stand here");
	if (parser->token.length >= NUMBER_DIGITS)
		return parser_refuse(parser, "this number is too long");
	memcpy(text, parser->text + parser->token.from, (size_t)parser->token.length);
	text[parser->token.length] = '\0';
	if (!decimal_parse(text, &units, &written))
		return parser_refuse(parser, "this number is too long");
	if (written > decimals)
		return parser_refuse(
			parser, decimals ? "there are too many decimals" : "this must be a whole number");
	*number = units * decimal_power(decimals - written);
	parser_advance(parser);
	return true;
}

static bool is_span(const struct unit *unit, int64_t number)
{
	return number >= 1 && number <= (unit->is_months ? SPAN_MAX / 30 : SPAN_MAX) / unit->factor;
}

// The unit that stands here; only those that go with the number are offered.
static const struct unit *unit_take(struct parser *parser, int64_t number)
{
	for (size_t i = 0; i < sizeof UNITS / sizeof *UNITS; i++) {
		bool is_singular = UNITS[i].word[strlen(UNITS[i].word) - 1] != 's';
		if (is_singular == (number == 1) && is_span(&UNITS[i], number))
			parser_offer(parser, UNITS[i].word, "");
		if (!token_is(parser->text, &parser->token, UNITS[i].word))
			continue;
		parser_advance(parser);
		return &UNITS[i];
	}
	return NULL;
}

// "90 days", "3 months": at least one.
bool value_read_span(struct parser *parser, struct condition_value *value)
{
	int64_t number;
	const struct token token = parser->token;
	if (token.kind != TOKEN_NUMBER) {
		parser_offer(parser, "7 days", "");
		parser_offer(parser, "30 days", "");
		parser_offer(parser, "90 days", "");
		parser_offer(parser, "1 year", "");
		return parser_fail(parser, "a number of days must stand here");
	}
	if (!number_read(parser, 0, &number))
		return false;
	const struct unit *unit = unit_take(parser, number);
	if (!unit)
		return parser_fail(parser, "days, weeks, months or years must follow the number");
	*value = (struct condition_value){
		.kind = VALUE_SPAN, .number = number * unit->factor, .is_months = unit->is_months};
	if (is_span(unit, number))
		return true;
	parser->offer_count = 0;
	return parser_fail_at(parser, token.from, token.length, "this must be 1 day to 100 years");
}

const struct condition_name *condition_name_find(
	const struct condition_names *names, enum name_kind kind, const char *code, size_t length)
{
	for (int i = 0; i < names->count; i++)
		if (names->list[i].kind == kind && strlen(names->list[i].code) == length &&
			strncasecmp(names->list[i].code, code, length) == 0)
			return &names->list[i];
	return NULL;
}

// A name of that kind; of_id: of the ladder with this id, 0: of any.
static bool name_read(struct parser *parser, enum name_kind kind, int of_id, struct condition_value *value)
{
	int offered = 0;
	for (int i = 0; i < parser->names->count; i++)
		if (parser->names->list[i].kind == kind && (!of_id || parser->names->list[i].of == of_id)) {
			parser_offer_name(parser, &parser->names->list[i]);
			offered++;
		}
	const char *code = parser_token_text(parser);
	if (!code)
		return parser_fail(parser, "the name of a %s must stand here", name_kind_word(kind));
	for (int i = 0; i < parser->names->count; i++) {
		const struct condition_name *name = &parser->names->list[i];
		if (name->kind != kind || (of_id && name->of != of_id) || strcasecmp(name->code, code) != 0)
			continue;
		*value = (struct condition_value){.kind = VALUE_NAME, .name = name};
		parser_advance(parser);
		return true;
	}
	if (!offered)
		return parser_fail(parser, "there is no %s at all", name_kind_word(kind));
	return parser_fail(parser, "there is no %s %s", name_kind_word(kind), code);
}

static bool choice_read(struct parser *parser, const char *const *choices, struct condition_value *value)
{
	for (const char *const *choice = choices; *choice; choice++)
		parser_offer(parser, *choice, "");
	const char *text = parser_token_text(parser);
	if (!text)
		return parser_fail(parser, "one of fixed words must stand here");
	for (const char *const *choice = choices; *choice; choice++)
		if (strcasecmp(*choice, text) == 0) {
			*value = (struct condition_value){.kind = VALUE_TEXT, .text = *choice};
			parser_advance(parser);
			return true;
		}
	return parser_fail(parser, "%s is none of the words for this", text);
}

// One of the words that the house declared for an attribute.
static bool declared_choice_read(
	struct parser *parser, const struct condition_name *attribute, struct condition_value *value)
{
	if (!name_read(parser, NAME_CHOICE, attribute->id, value))
		return false;
	*value = (struct condition_value){.kind = VALUE_TEXT, .text = value->name->code};
	return true;
}

static bool text_read(struct parser *parser, struct condition_value *value)
{
	const char *text = parser_token_text(parser);
	if (!text)
		return parser_fail(parser, "a word, or a text in quotes, must stand here");
	if (!*text)
		return parser_refuse(
			parser, "a text cannot be empty: what is not known is asked for by `is unknown`");
	*value = (struct condition_value){.kind = VALUE_TEXT, .text = text};
	parser_advance(parser);
	return true;
}

static bool day_read(struct parser *parser, struct condition_value *value)
{
	if (parser->token.kind == TOKEN_DAY) {
		if (!day_parse(parser_token_text(parser), &value->day))
			return parser_refuse(parser, "there is no such day");
		value->kind = VALUE_DAY;
		parser_advance(parser);
		return true;
	}
	if (parser_take(parser, "today")) {
		*value = (struct condition_value){.kind = VALUE_AGO};
		return true;
	}
	parser_offer(parser, "30 days ago", "");
	parser_offer(parser, "2026-01-31", "");
	if (parser->token.kind != TOKEN_NUMBER)
		return parser_fail(parser, "a day must stand here");
	if (!value_read_span(parser, value))
		return false;
	value->kind = VALUE_AGO;
	return parser_take(parser, "ago") || parser_fail(parser, "`ago` must follow");
}

static bool birthday_read(struct parser *parser, struct condition_value *value)
{
	static const int lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	if (parser_take(parser, "today")) {
		*value = (struct condition_value){.kind = VALUE_AGO};
		return true;
	}
	parser_offer(parser, "12-24", "");
	if (parser->token.kind != TOKEN_MONTH_DAY)
		return parser_fail(parser, "a month and a day must stand here");
	const char *text = parser->text + parser->token.from;
	int month = (text[0] - '0') * 10 + text[1] - '0', day = (text[3] - '0') * 10 + text[4] - '0';
	if (month < 1 || month > 12 || day < 1 || day > lengths[month - 1])
		return parser_refuse(parser, "there is no such day");
	*value = (struct condition_value){.kind = VALUE_MONTH_DAY, .number = month * 100 + day};
	parser_advance(parser);
	return true;
}

static const struct condition_name *first_name(const struct parser *parser, enum name_kind kind)
{
	for (int i = 0; i < parser->names->count; i++)
		if (parser->names->list[i].kind == kind)
			return &parser->names->list[i];
	return NULL;
}

bool value_read(struct parser *parser, const struct attribute *attribute,
	const struct condition_value *argument, struct condition_value *value)
{
	int decimals = 0;
	const struct condition_name *ladder = argument->name;
	switch (attribute->type) {
	case ATTRIBUTE_TIER:
		if (!ladder)
			ladder = first_name(parser, NAME_LADDER);
		return name_read(parser, NAME_TIER, ladder ? ladder->id : 0, value);
	case ATTRIBUTE_CHOICE:
		if (!attribute->choices)
			return declared_choice_read(parser, argument->name, value);
		return choice_read(parser, attribute->choices, value);
	case ATTRIBUTE_TEXT:
		return text_read(parser, value);
	case ATTRIBUTE_DAY:
		return day_read(parser, value);
	case ATTRIBUTE_BIRTHDAY:
		return birthday_read(parser, value);
	case ATTRIBUTE_POINTS:
		decimals = argument->name->decimals;
		break;
	case ATTRIBUTE_MONEY:
		decimals = parser->names->money_decimals;
		break;
	default:
		break;
	}
	*value = (struct condition_value){.kind = VALUE_NUMBER};
	return number_read(parser, decimals, &value->number);
}

bool value_read_argument(
	struct parser *parser, const struct attribute *attribute, struct condition_value *argument)
{
	switch (attribute->argument) {
	case ARGUMENT_SPAN:
		return value_read_span(parser, argument);
	case ARGUMENT_CHOICE:
		return choice_read(parser, attribute->argument_choices, argument);
	case ARGUMENT_TEXT:
		return text_read(parser, argument);
	default:
		return name_read(parser, attribute->argument_names, 0, argument);
	}
}

bool value_argument_default(
	struct parser *parser, const struct attribute *attribute, struct condition_value *argument)
{
	*argument = (struct condition_value){.kind = VALUE_NAME};
	if (attribute->argument_names == NAME_NONE)
		return true;
	argument->name = first_name(parser, attribute->argument_names);
	return argument->name ||
	       parser_fail(parser, "there is no %s at all", name_kind_word(attribute->argument_names));
}
