// A condition as a whole: reading it, and what it consists of.
#include "model/segment/condition.h"
#include "model/segment/parser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool condition_read(struct member_condition *condition, const char *text, const struct condition_names *names,
	struct condition_fault *fault)
{
	*condition = (struct member_condition){.names = names};
	*fault = (struct condition_fault){.column = 1};
	if (strlen(text) > CONDITION_TEXT_MAX) {
		snprintf(fault->why, sizeof fault->why, "a condition has %d characters at most",
			CONDITION_TEXT_MAX);
		return false;
	}
	condition->text = arena_copy(&condition->arena, text);
	struct parser *parser = arena_alloc(&condition->arena, sizeof *parser);
	parser_init(parser, condition->text, names, &condition->arena, fault);
	condition->root = parser_read(parser);
	return condition->root != NULL;
}

void condition_free(struct member_condition *condition)
{
	arena_free(&condition->arena);
	condition->root = NULL;
}

int condition_clauses(const struct member_condition *condition)
{
	int count = 0;
	if (condition->root->kind != CONDITION_AND)
		return 1;
	for (const struct condition_node *n = condition->root->first; n; n = n->next)
		count++;
	return count;
}

const struct condition_node *condition_clause(const struct member_condition *condition, int index)
{
	const struct condition_node *n = condition->root;
	if (n->kind == CONDITION_AND)
		for (n = n->first; n && index > 0; index--)
			n = n->next;
	return n;
}

static bool node_speaks_of(const struct condition_node *node, const char *attribute)
{
	if (node->kind == CONDITION_CLAUSE && strcmp(node->attribute->name, attribute) == 0)
		return true;
	for (const struct condition_node *n = node->first; n; n = n->next)
		if (node_speaks_of(n, attribute))
			return true;
	return false;
}

bool condition_speaks_of(const struct member_condition *condition, const char *attribute)
{
	return node_speaks_of(condition->root, attribute);
}

static int node_segments(const struct condition_node *node, const char **codes, int most, int count)
{
	bool is_segment = node->kind == CONDITION_CLAUSE && node->attribute->type == ATTRIBUTE_SEGMENT;
	if (!is_segment) {
		for (const struct condition_node *n = node->first; n; n = n->next)
			count = node_segments(n, codes, most, count);
		return count;
	}
	for (int i = 0; i < count && i < most; i++)
		if (strcmp(codes[i], node->argument.name->code) == 0)
			return count;
	if (count < most)
		codes[count] = node->argument.name->code;
	return count + 1;
}

int condition_segments(const struct member_condition *condition, const char **codes, int most)
{
	return node_segments(condition->root, codes, most, 0);
}

static int expand(const struct condition_node *node, const char *text, int at, FILE *out);

// The text that the node was read from, in which the segments are replaced.
static void expand_segment(const struct condition_node *node, FILE *out)
{
	const char *text = node->argument.name->text;
	fputc('(', out);
	fputs(text + expand(node->first, text, 0, out), out);
	fputc(')', out);
}

// Writes the text from byte `at` on, as far as it is done with behind the last segment in the node; returns
// how far.
static int expand(const struct condition_node *node, const char *text, int at, FILE *out)
{
	if (node->kind == CONDITION_CLAUSE) {
		if (node->attribute->type != ATTRIBUTE_SEGMENT)
			return at;
		fprintf(out, "%.*s", node->offset - at, text + at);
		expand_segment(node, out);
		return node->offset + node->length;
	}
	for (const struct condition_node *n = node->first; n; n = n->next)
		at = expand(n, text, at, out);
	return at;
}

char *condition_expanded(const struct member_condition *condition)
{
	char *out = NULL;
	size_t size;
	FILE *stream = open_memstream(&out, &size);
	if (!stream)
		abort();
	fputs(condition->text + expand(condition->root, condition->text, 0, stream), stream);
	fclose(stream);
	return out;
}
