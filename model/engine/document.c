// Reads a document's text through libconfig into a tree of our own; nothing else knows libconfig.
#include "model/engine/document.h"
#include <libconfig.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "model/engine/guard.h"

struct reader {
	struct arena *arena;
	const struct guard *guard;
	int values; // scalars seen so far
};

static enum node_type type_read(int type)
{
	switch (type) {
	case CONFIG_TYPE_GROUP:
		return NODE_GROUP;
	case CONFIG_TYPE_LIST:
		return NODE_LIST;
	case CONFIG_TYPE_ARRAY:
		return NODE_ARRAY;
	case CONFIG_TYPE_STRING:
		return NODE_STRING;
	case CONFIG_TYPE_FLOAT:
		return NODE_FLOAT;
	case CONFIG_TYPE_BOOL:
		return NODE_BOOLEAN;
	default:
		return NODE_INTEGER;
	}
}

// libconfig notes an element's line only after the next token; the guard knows the true one.
static int scalar_line(struct reader *reader, const struct node *node)
{
	int value = reader->values++;
	if (node->name != NULL || value >= reader->guard->value_count)
		return node->line;
	return reader->guard->value_lines[value];
}

static void scalar_read(struct reader *reader, const config_setting_t *setting, struct node *node)
{
	switch (node->type) {
	case NODE_STRING:
		node->text = arena_copy(reader->arena, config_setting_get_string(setting));
		break;
	case NODE_BOOLEAN:
		node->number = config_setting_get_bool(setting);
		break;
	case NODE_INTEGER:
		node->number = config_setting_type(setting) == CONFIG_TYPE_INT64
				       ? config_setting_get_int64(setting)
				       : config_setting_get_int(setting);
		break;
	default:
		break;
	}
	node->line = scalar_line(reader, node);
}

static void tree_read(struct reader *reader, config_setting_t *setting, struct node *node)
{
	const char *name = config_setting_name(setting);
	node->type = type_read(config_setting_type(setting));
	node->name = name != NULL ? arena_copy(reader->arena, name) : NULL;
	node->line = (int)config_setting_source_line(setting);
	if (!config_setting_is_aggregate(setting)) {
		scalar_read(reader, setting, node);
		return;
	}
	node->count = config_setting_length(setting);
	struct node *children = arena_alloc(reader->arena, (size_t)node->count * sizeof *children);
	node->children = children;
	for (int i = 0; i < node->count; i++) {
		children[i].parent = node;
		children[i].index = i;
		tree_read(reader, config_setting_get_elem(setting, (unsigned)i), &children[i]);
	}
}

static bool text_parse(struct document *document, const struct guard *guard, const char *text, size_t length)
{
	char *copy = arena_alloc(&document->arena, length + 1); // libconfig wants a NUL
	memcpy(copy, text, length);
	config_t config;
	config_init(&config);
	bool parsed = config_read_string(&config, copy) == CONFIG_TRUE;
	if (parsed) {
		struct reader reader = {.arena = &document->arena, .guard = guard};
		tree_read(&reader, config_root_setting(&config), &document->root);
		document->root.line = 0;
	} else {
		document_errors_add(document->errors, document->file, config_error_line(&config), "-", "S",
			"%s", config_error_text(&config));
	}
	config_destroy(&config);
	return parsed;
}

bool document_read(struct document *document, const char *file, const char *text, size_t length,
	struct document_errors *errors)
{
	*document = (struct document){.file = file, .errors = errors};
	struct guard guard = {0};
	bool read =
		guard_scan(&guard, file, text, length, errors) && text_parse(document, &guard, text, length);
	guard_free(&guard);
	if (!read)
		document_free(document);
	return read;
}

void document_free(struct document *document)
{
	arena_free(&document->arena);
}

const struct node *node_child(const struct node *group, const char *name)
{
	if (group == NULL || group->type != NODE_GROUP)
		return NULL;
	for (int i = 0; i < group->count; i++)
		if (strcmp(group->children[i].name, name) == 0)
			return &group->children[i];
	return NULL;
}

const char *node_type_name(enum node_type type)
{
	static const char *const names[] = {
		[NODE_GROUP] = "a group",
		[NODE_LIST] = "a list",
		[NODE_ARRAY] = "an array",
		[NODE_STRING] = "a string",
		[NODE_INTEGER] = "an integer",
		[NODE_BOOLEAN] = "a boolean",
		[NODE_FLOAT] = "a float",
	};
	return names[type];
}

const char *node_path(const struct node *node, char *out, size_t size)
{
	if (node->parent == NULL) {
		out[0] = '\0';
		return out;
	}
	node_path(node->parent, out, size);
	size_t used = strlen(out);
	const char *dot = used > 0 ? "." : "";
	if (node->name != NULL)
		snprintf(out + used, size - used, "%s%s", dot, node->name);
	else
		snprintf(out + used, size - used, "%s[%d]", dot, node->index);
	return out;
}

void document_fault(
	struct document *document, const struct node *node, const char *id, const char *format, ...)
{
	char path[256], text[160];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	document_errors_add(document->errors, document->file, node->line, node_path(node, path, sizeof path),
		id, "%s", text);
}

void document_lack(struct document *document, const struct node *group, const char *name, const char *id,
	const char *format, ...)
{
	char path[256], text[160];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	node_path(group, path, sizeof path);
	size_t used = strlen(path);
	snprintf(path + used, sizeof path - used, "%s%s", used > 0 ? "." : "", name);
	document_errors_add(document->errors, document->file, group->line, path, id, "%s", text);
}
