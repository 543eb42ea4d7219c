// A programme or scenario document as a tree: guarded, parsed, each node with its line and path.
#ifndef ENGINE_DOCUMENT_H
#define ENGINE_DOCUMENT_H
#include <stdbool.h>
#include <stdint.h>
#include "model/engine/arena.h"
#include "model/engine/document_error.h"

enum node_type {
	NODE_GROUP,
	NODE_LIST,
	NODE_ARRAY,
	NODE_STRING,
	NODE_INTEGER,
	NODE_BOOLEAN,
	NODE_FLOAT,
};

struct node {
	enum node_type type;
	const char *name; // NULL for an element
	int index;        // among its parent's children
	int line;
	const struct node *parent;   // NULL for the root
	const struct node *children; // of a group, list or array
	int count;
	const char *text; // of a string, else NULL
	int64_t number;   // of an integer or a boolean
};

struct document {
	const char *file;
	struct node root; // a group
	struct document_errors *errors;
	struct arena arena;
};

// False, with the mistakes in errors, if the text is refused by the guard (X) or by libconfig (S).
bool document_read(
	struct document *, const char *file, const char *text, size_t length, struct document_errors *);
void document_free(struct document *);

// The group's setting of that name, NULL if there is none or no group.
const struct node *node_child(const struct node *group, const char *name);

// "a string", "a list" ...
const char *node_type_name(enum node_type);

// The libconfig lookup path: "programme.earn.[0].award". Returns out.
const char *node_path(const struct node *, char *out, size_t size);

// Notes a mistake at the node, or at what the group lacks.
void document_fault(struct document *, const struct node *, const char *id, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void document_lack(struct document *, const struct node *group, const char *name, const char *id,
	const char *format, ...) __attribute__((format(printf, 5, 6)));
#endif
