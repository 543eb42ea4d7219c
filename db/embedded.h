// Files that travel inside the binary, by their path in the source tree (Makefile: EMBEDDED).
#ifndef DB_EMBEDDED_H
#define DB_EMBEDDED_H
#include <stddef.h>

struct embedded_file {
	const char *path; // "db/schema/0001_roles.sql"; NULL ends the table
	const char *text; // length bytes and a NUL
	size_t length;
};
extern const struct embedded_file embedded_files[]; // in order of path

// The file of that path, or NULL.
const struct embedded_file *embedded_find(const char *path);
#endif
