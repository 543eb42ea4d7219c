// What one programme document says otherwise than another: setting by setting, by what things are called.
#include "model/programme/programme_diff.h"

#include "model/engine/document.h"
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_SIZE = 400 };

// --- Values in one line.

static bool is_plain(const char *text)
{
	for (const char *at = text; *at; at++)
		if (!isalnum((unsigned char)*at) && !strchr("_-.:", *at))
			return false;
	return *text != '\0';
}

static void value_write(FILE *out, const struct node *node)
{
	static const char *const open[] = {[NODE_GROUP] = "{", [NODE_LIST] = "(", [NODE_ARRAY] = "["},
				 *const close[] = {[NODE_GROUP] = "}", [NODE_LIST] = ")", [NODE_ARRAY] = "]"};
	switch (node->type) {
	case NODE_STRING:
		fprintf(out, is_plain(node->text) ? "%s" : "\"%s\"", node->text);
		return;
	case NODE_BOOLEAN:
		fputs(node->number ? "true" : "false", out);
		return;
	case NODE_INTEGER:
		fprintf(out, "%" PRId64, node->number);
		return;
	case NODE_FLOAT:
		fputs("a float", out);
		return;
	default:
		break;
	}
	fputs(open[node->type], out);
	for (int i = 0; i < node->count; i++) {
		fputs(i ? ", " : node->type == NODE_GROUP ? " " : "", out);
		if (node->children[i].name)
			fprintf(out, "%s = ", node->children[i].name);
		value_write(out, &node->children[i]);
	}
	fprintf(out, "%s%s", node->type == NODE_GROUP ? " " : "", close[node->type]);
}

// What an element of a list is called: by the first of these that it has; NULL: by its place alone.
static const char *element_name(const struct node *node)
{
	static const char *const keys[] = {"code", "id", "from"};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		const struct node *key = node_child(node, keys[i]);
		if (key && key->type == NODE_STRING)
			return key->text;
	}
	return NULL;
}

static void names_write(FILE *out, const struct node *list)
{
	for (int i = 0; i < list->count; i++) {
		const char *name = element_name(&list->children[i]);
		fprintf(out, "%s%s", i ? ", " : "", name ? name : "-");
	}
}

// The text that `write` makes of the node, in the diff's arena; "" for no node.
static const char *text_of(struct programme_diff *diff, const struct node *node,
	void (*write)(FILE *out, const struct node *node))
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = node ? open_memstream(&text, &length) : NULL;
	if (!out)
		return "";
	write(out, node);
	const char *kept = fclose(out) == 0 ? arena_copy(&diff->arena, text) : "";
	free(text);
	return kept;
}

// --- Comparing.

static void change_add(struct programme_diff *diff, enum diff_kind kind, const char *path,
	const struct node *old, const struct node *new)
{
	void (*write)(FILE *, const struct node *) = kind == DIFF_ORDER ? names_write : value_write;
	ARRAY_RESERVE(diff->changes, diff->capacity, diff->count + 1);
	diff->changes[diff->count++] = (struct diff_change){
		.kind = kind,
		.path = arena_copy(&diff->arena, path),
		.was = text_of(diff, old, write),
		.is = text_of(diff, new, write),
		.was_line = old ? old->line : 0,
		.is_line = new ? new->line : 0,
	};
}

// The child of `parent` that is called as `like` is, NULL.
static const struct node *counterpart(const struct node *parent, const struct node *like)
{
	if (like->name)
		return node_child(parent, like->name);
	const char *name = element_name(like);
	for (int i = 0; name && i < parent->count; i++) {
		const char *other = element_name(&parent->children[i]);
		if (other && strcmp(other, name) == 0)
			return &parent->children[i];
	}
	return !name && like->index < parent->count ? &parent->children[like->index] : NULL;
}

static void path_extend(char out[PATH_SIZE], const char *path, const struct node *child)
{
	const char *name = child->name ? child->name : element_name(child);
	if (name)
		snprintf(out, PATH_SIZE, "%s%s%s", path, *path ? "." : "", name);
	else
		snprintf(out, PATH_SIZE, "%s.[%d]", path, child->index);
}

static bool is_same(struct programme_diff *diff, const struct node *old, const struct node *new)
{
	return old->type ==
	       new->type &&strcmp(text_of(diff, old, value_write), text_of(diff, new, value_write)) == 0;
}

// Whether the elements that both have stand in another order.
static bool is_reordered(const struct node *old, const struct node *new)
{
	int last = -1;
	for (int i = 0; i < new->count; i++) {
		const struct node *was =
			element_name(&new->children[i]) ? counterpart(old, &new->children[i]) : NULL;
		if (was && was->index < last)
			return true;
		last = was ? was->index : last;
	}
	return false;
}

// Something only one of the two has; of a list of named things each is told by itself.
static void whole_add(
	struct programme_diff *diff, enum diff_kind kind, const char *path, const struct node *node)
{
	char below[PATH_SIZE];
	if (node->type == NODE_LIST && node->count > 0 && element_name(&node->children[0])) {
		for (int i = 0; i < node->count; i++) {
			path_extend(below, path, &node->children[i]);
			whole_add(diff, kind, below, &node->children[i]);
		}
		return;
	}
	change_add(diff, kind, path, kind == DIFF_REMOVED ? node : NULL, kind == DIFF_ADDED ? node : NULL);
}

static void nodes_compare(
	struct programme_diff *diff, const char *path, const struct node *old, const struct node *new)
{
	char below[PATH_SIZE];
	bool has_children = old->type == new->type && (new->type == NODE_GROUP || new->type == NODE_LIST);
	if (!has_children) {
		if (!is_same(diff, old, new))
			change_add(diff, DIFF_CHANGED, path, old, new);
		return;
	}
	for (int i = 0; i < new->count; i++) {
		const struct node *is = &new->children[i], *was = counterpart(old, is);
		path_extend(below, path, is);
		if (was)
			nodes_compare(diff, below, was, is);
		else
			whole_add(diff, DIFF_ADDED, below, is);
	}
	for (int i = 0; i < old->count; i++) {
		path_extend(below, path, &old->children[i]);
		if (!counterpart(new, &old->children[i]))
			whole_add(diff, DIFF_REMOVED, below, &old->children[i]);
	}
	if (new->type == NODE_LIST && is_reordered(old, new))
		change_add(diff, DIFF_ORDER, path, old, new);
}

// --- Documents.

static bool side_read(struct document *document, const struct diff_side *side, struct error *error)
{
	struct document_errors errors;
	char line[512] = "it has no programme";
	document_errors_init(&errors);
	bool is_read = document_read(document, side->name, side->text, side->length, &errors);
	if (!is_read && errors.count > 0)
		document_error_line(&errors.errors[0], line, sizeof line);
	document_errors_free(&errors);
	if (is_read && node_child(&document->root, "programme"))
		return true;
	if (is_read)
		document_free(document);
	return error_set(error, ERROR_FAILED, side->name, "loyalty programme check FILE lists all mistakes",
		"it is no programme document: %s", line);
}

const char *diff_kind_name(enum diff_kind kind)
{
	static const char *const names[] = {[DIFF_ADDED] = "added",
		[DIFF_REMOVED] = "removed",
		[DIFF_CHANGED] = "changed",
		[DIFF_ORDER] = "order"};
	return names[kind];
}

bool programme_diff_take(struct programme_diff *diff, const struct diff_side *old,
	const struct diff_side *new, struct error *error)
{
	struct document was, is;
	*diff = (struct programme_diff){0};
	if (!side_read(&was, old, error))
		return false;
	bool is_good = side_read(&is, new, error);
	if (is_good) {
		nodes_compare(
			diff, "", node_child(&was.root, "programme"), node_child(&is.root, "programme"));
		document_free(&is);
	}
	document_free(&was);
	return is_good;
}

void programme_diff_free(struct programme_diff *diff)
{
	free(diff->changes);
	arena_free(&diff->arena);
	*diff = (struct programme_diff){0};
}
