// JSON written piece by piece: what the database is to know of a document.
#ifndef MODEL_JSON_H
#define MODEL_JSON_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

// Whoever writes sets braces, brackets and the commas between objects; text is valid once it was closed, and
// to be freed.
struct json {
	char *text;
	size_t length;
	FILE *out;
};

// False: out of memory.
bool json_open(struct json *json);
bool json_close(struct json *json);

// "text", escaped.
void json_string(struct json *json, const char *text);
// `"name": "text"`, after a comma unless it is the first of its object; that begins with it.
void json_setting(struct json *json, bool is_first, const char *name, const char *text);
// `, "name": number`
void json_number(struct json *json, const char *name, int64_t number);
// The name and the opening bracket of a list.
void json_list(struct json *json, bool is_first, const char *name);
#endif
