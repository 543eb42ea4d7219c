// Reads a condition by descending from `or` to its clauses.
#include "model/segment/parser.h"

#include <stdio.h>
#include <string.h>

void parser_init(struct parser *parser, const char *text, const struct condition_names *names,
	struct arena *arena, struct condition_fault *fault)
{
	*parser = (struct parser){.text = text, .names = names, .arena = arena, .fault = fault};
	parser->token = token_at(text, 0);
}

void parser_advance(struct parser *parser)
{
	parser->offer_count = 0;
	parser->token = token_at(parser->text, parser->token.from + parser->token.length);
}

bool parser_take(struct parser *parser, const char *word)
{
	parser_offer(parser, word, "");
	if (!token_is(parser->text, &parser->token, word))
		return false;
	parser_advance(parser);
	return true;
}

bool parser_take_kind(struct parser *parser, enum token_kind kind, const char *shown)
{
	parser_offer(parser, shown, "");
	if (parser->token.kind != kind)
		return false;
	parser_advance(parser);
	return true;
}

static struct condition_node *node_make(struct parser *parser, enum condition_kind kind)
{
	struct condition_node *node = arena_alloc(parser->arena, sizeof *node);
	node->kind = kind;
	node->offset = parser->token.from;
	return node;
}

// Where the last token that was taken ends.
static void node_end(const struct parser *parser, struct condition_node *node)
{
	int end = parser->token.from;
	while (end > node->offset && strchr(" \t\r\n", parser->text[end - 1]))
		end--;
	node->length = end - node->offset;
}

static struct condition_node *any_read(struct parser *parser);

// --- Clauses.

static bool sign_take(struct parser *parser, enum condition_operator *operator, bool is_ordered)
{
	static const struct {
		const char *sign;
		enum condition_operator operator;
		bool is_ordering;
	} signs[] = {
		{"=", OPERATOR_EQUAL, false},
		{"!=", OPERATOR_UNEQUAL, false},
		{"<", OPERATOR_LESS, true},
		{"<=", OPERATOR_LESS_EQUAL, true},
		{">", OPERATOR_MORE, true},
		{">=", OPERATOR_MORE_EQUAL, true},
		{"<>", OPERATOR_UNEQUAL, false},
	};
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		const struct token *token = &parser->token;
		if ((!signs[i].is_ordering || is_ordered) && strcmp(signs[i].sign, "<>") != 0)
			parser_offer(parser, signs[i].sign, "");
		if (token->kind != TOKEN_SIGN || token->length != (int)strlen(signs[i].sign) ||
			strncmp(parser->text + token->from, signs[i].sign, strlen(signs[i].sign)) != 0)
			continue;
		if (signs[i].is_ordering && !is_ordered)
			return parser_fail(parser, "this has no order: it can be equal or not");
		*operator= signs[i].operator;
		parser_advance(parser);
		return true;
	}
	return false;
}

static bool values_read(struct parser *parser, struct condition_node *node)
{
	struct condition_value values[100];
	int count = 0;
	do {
		if (count == 100)
			return parser_fail(parser, "a list holds 100 values at most");
		if (!value_read(parser, node->attribute, &node->argument, &values[count]))
			return false;
		count++;
	} while (parser_take_kind(parser, TOKEN_COMMA, ","));
	if (!parser_take_kind(parser, TOKEN_CLOSE, ")"))
		return parser_fail(parser, "a comma or a closing bracket must follow");
	size_t size = (size_t)count * sizeof *values;
	node->values = memcpy(arena_alloc(parser->arena, size), values, size);
	node->value_count = count;
	return true;
}

static bool one_value_read(struct parser *parser, struct condition_node *node)
{
	struct condition_value *value = arena_alloc(parser->arena, sizeof *value);
	node->values = value;
	node->value_count = 1;
	if (node->operator>= OPERATOR_LAST && node->operator<= OPERATOR_NOT_NEXT)
		return value_read_span(parser, value);
	return value_read(parser, node->attribute, &node->argument, value);
}

// Behind `in`: a list, or a time.
static bool in_read(struct parser *parser, struct condition_node *node, bool is_not)
{
	enum attribute_type type = node->attribute->type;
	if (parser_take_kind(parser, TOKEN_OPEN, "(")) {
		node->operator= is_not ? OPERATOR_NOT_IN : OPERATOR_IN;
		return values_read(parser, node);
	}
	bool has_time = type == ATTRIBUTE_DAY || type == ATTRIBUTE_BIRTHDAY;
	if (has_time && parser_take(parser, "last"))
		node->operator= is_not ? OPERATOR_NOT_LAST : OPERATOR_LAST;
	else if (has_time && parser_take(parser, "next"))
		node->operator= is_not ? OPERATOR_NOT_NEXT : OPERATOR_NEXT;
	else
		return parser_fail(parser, has_time ? "a list in brackets, `last` or `next` must follow"
						    : "a list in brackets must follow");
	return one_value_read(parser, node);
}

static bool unknown_read(struct parser *parser, struct condition_node *node)
{
	const struct attribute *a = node->attribute;
	bool is_not = parser_take(parser, "not"), is_unknown;
	if (parser_take(parser, "unknown"))
		is_unknown = !is_not;
	else if (parser_take(parser, "known"))
		is_unknown = is_not;
	else
		return parser_fail(parser, "`unknown` or `known` must follow");
	node->operator= is_unknown ? OPERATOR_UNKNOWN : OPERATOR_KNOWN;
	if (!a->is_counted && !a->is_known)
		return true;
	parser->offer_count = 0;
	return parser_fail_at(parser, node->offset, (int)strlen(a->name), "%s is never unknown", a->name);
}

static bool comparison_read(struct parser *parser, struct condition_node *node)
{
	enum attribute_type type = node->attribute->type;
	bool is_ordered = type != ATTRIBUTE_TEXT && type != ATTRIBUTE_CHOICE && type != ATTRIBUTE_BIRTHDAY;
	if (sign_take(parser, &node->operator, is_ordered))
		return one_value_read(parser, node);
	if (parser_take(parser, "in"))
		return in_read(parser, node, false);
	if (!node->attribute->is_counted && !node->attribute->is_known)
		parser_offer(parser, "is unknown", "");
	if (token_is(parser->text, &parser->token, "is")) {
		parser_advance(parser);
		return unknown_read(parser, node);
	}
	if (parser_take(parser, "not"))
		return parser_take(parser, "in") ? in_read(parser, node, true)
						 : parser_fail(parser, "`in` must follow");
	return parser_fail(parser, "%s must be compared with something", node->attribute->name);
}

// What the saved segment of the argument means, as it is now.
static bool segment_read(struct parser *parser, struct condition_node *node, int offset, int length)
{
	const struct condition_name *name = node->argument.name;
	struct segment_chain chain = {.code = name->code,
		.outer = parser->chain,
		.depth = parser->chain ? parser->chain->depth + 1 : 1};
	parser->offer_count = 0;
	for (const struct segment_chain *c = parser->chain; c; c = c->outer)
		if (strcmp(c->code, name->code) == 0)
			return parser_fail_at(
				parser, offset, length, "the segment %s would contain itself", name->code);
	if (chain.depth > SEGMENT_DEPTH_MAX)
		return parser_fail_at(parser, offset, length, "segments use one another too deeply here");
	struct condition_fault fault = {0};
	struct parser *inner = arena_alloc(parser->arena, sizeof *inner);
	parser_init(inner, name->text, parser->names, parser->arena, &fault);
	inner->chain = &chain;
	node->first = parser_read(inner);
	return node->first || parser_fail_at(parser, offset, length,
				      "the segment %.40s cannot be used: %.120s", name->code, fault.why);
}

static bool argument_read(struct parser *parser, struct condition_node *node)
{
	const struct token name = parser->token;
	parser_advance(parser);
	bool has_argument = parser->token.kind == TOKEN_OPEN;
	node->attribute = attribute_find(parser->text + name.from, (size_t)name.length, has_argument);
	if (node->attribute->is_birth && !parser->names->sees_birth)
		return parser_fail_at(parser, name.from, name.length, "your role may not ask for %s",
			node->attribute->name);
	if (node->attribute->argument == ARGUMENT_NONE) {
		if (has_argument)
			return parser_fail(parser, "%s takes nothing in brackets", node->attribute->name);
		if (attribute_find(node->attribute->name, (size_t)name.length, true)->argument !=
			ARGUMENT_NONE)
			parser_offer(parser, "(", "");
		return value_argument_default(parser, node->attribute, &node->argument);
	}
	if (!parser_take_kind(parser, TOKEN_OPEN, "("))
		return parser_fail(parser, "%s needs something in brackets", node->attribute->name);
	const struct token inside = parser->token;
	if (!value_read_argument(parser, node->attribute, &node->argument))
		return false;
	if (node->attribute->argument_names == NAME_ATTRIBUTE)
		node->attribute = attribute_declared(node->argument.name->of);
	if (!parser_take_kind(parser, TOKEN_CLOSE, ")"))
		return parser_fail(parser, "a bracket is not closed");
	return node->attribute->type != ATTRIBUTE_SEGMENT ||
	       segment_read(parser, node, inside.from, inside.length);
}

static void attributes_offer(struct parser *parser)
{
	for (const struct attribute *a = ATTRIBUTES; a->name; a++)
		if (!a->is_birth || parser->names->sees_birth)
			parser_offer(parser, a->name, a->help);
}

static struct condition_node *clause_read(struct parser *parser)
{
	struct condition_node *node = node_make(parser, CONDITION_CLAUSE);
	attributes_offer(parser);
	const struct token *token = &parser->token;
	if (token->kind != TOKEN_WORD) {
		parser_fail(parser, token->kind == TOKEN_END
					    ? "something to ask of members must stand here"
					    : "this is nothing that can be asked of members");
		return NULL;
	}
	if (!attribute_find(parser->text + token->from, (size_t)token->length, false)) {
		parser_fail(parser, "members have no %.*s", token->length, parser->text + token->from);
		return NULL;
	}
	if (!argument_read(parser, node))
		return NULL;
	bool is_complete =
		node->attribute->type == ATTRIBUTE_IS || node->attribute->type == ATTRIBUTE_SEGMENT;
	if (!is_complete && !comparison_read(parser, node))
		return NULL;
	node_end(parser, node);
	return node;
}

// --- What joins them.

static struct condition_node *not_read(struct parser *parser)
{
	struct condition_node *node = node_make(parser, CONDITION_NOT);
	if (parser->depth == DEPTH_MAX) {
		parser_fail(parser, "brackets stand in one another too deeply here");
		return NULL;
	}
	parser->depth++;
	if (parser_take(parser, "not")) {
		node->first = not_read(parser);
		node_end(parser, node);
	} else if (parser_take_kind(parser, TOKEN_OPEN, "(")) {
		node = any_read(parser);
		if (node && !parser_take_kind(parser, TOKEN_CLOSE, ")"))
			parser_fail(parser, "a bracket is not closed");
	} else {
		node = clause_read(parser);
	}
	parser->depth--;
	return parser->has_failed ? NULL : node;
}

// One or more of what `part` reads with the word between them.
static struct condition_node *joined_read(struct parser *parser, enum condition_kind kind, const char *word,
	struct condition_node *(*part)(struct parser *))
{
	struct condition_node *whole = node_make(parser, kind);
	struct condition_node *only = part(parser), *last = only;
	whole->first = only;
	while (last && parser_take(parser, word)) {
		struct condition_node *next = part(parser);
		last->next = next;
		last = next;
	}
	node_end(parser, whole);
	return !last ? NULL : only->next ? whole : only;
}

static struct condition_node *all_read(struct parser *parser)
{
	return joined_read(parser, CONDITION_AND, "and", not_read);
}

static struct condition_node *any_read(struct parser *parser)
{
	return joined_read(parser, CONDITION_OR, "or", all_read);
}

const struct condition_node *parser_read(struct parser *parser)
{
	const struct condition_node *root = any_read(parser);
	if (root && parser->token.kind != TOKEN_END) {
		parser_fail(parser, "nothing more was expected here");
		return NULL;
	}
	return root;
}
