// Where the settings of a document stand in its text, so that one can be changed and every other byte left
// alone.
#ifndef MODEL_OUTLINE_H
#define MODEL_OUTLINE_H
#include "model/engine/document.h"
#include <stdbool.h>
#include <stddef.h>

// All positions are bytes from the start of the text. A place's children follow it, in the order of the text.
struct place {
	enum node_type type;      // numbers are integers unless they have a point
	int parent;               // -1: the document itself, which is the first place
	int index;                // among its parent's children
	int first, next;          // its first child and its next sibling, -1: none
	int count;                // of children
	size_t name, name_length; // length 0: an element
	size_t value, value_end;  // brackets and quotes included
	size_t end;               // behind the ; or , that follows; value_end if none does
};

struct outline {    // all zero: no document yet
	char *text; // ended by 0
	size_t length;
	struct place *places; // [0] is the document; their numbers hold until the text changes
	int count, capacity;
};

// Reads a text, which is copied. False: it is no document, and the outline is as it was. What the engine's
// reader accepts is one.
bool outline_read(struct outline *outline, const char *text, size_t length);
void outline_free(struct outline *outline);

// The place of "programme.ladders.[0].tiers", the path of error lines; -1: there is none. "" is the document.
int outline_find(const struct outline *outline, const char *path);
int outline_child(const struct outline *outline, int group, const char *name); // of place -1: -1
int outline_element(const struct outline *outline, int list, int index);

// The value as a person reads it: strings without quotes and escapes, arrays as "gold, reserve", what is in
// braces as it stands. Cut at size. Returns out; "" for place -1.
const char *outline_value(const struct outline *outline, int place, char *out, size_t size);
bool outline_value_is(const struct outline *outline, int place, const char *value);
// The element of an array that is that string, -1.
int outline_word(const struct outline *outline, int array, const char *word);

// Changes, each at one place of the text only. False: the result would be no document, and nothing was done.
bool outline_replace(struct outline *outline, size_t from, size_t to, const char *with);
// A setting of a group (name) or an element (name NULL) behind `after`, -1: as the first; laid out as what
// stands there. outline_remove() is its exact inverse.
bool outline_add(struct outline *outline, int parent, int after, const char *name, const char *value);
bool outline_remove(struct outline *outline, int place);
#endif
