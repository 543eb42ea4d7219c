// What is wrong with a programme or scenario document, mistake by mistake.
#ifndef ENGINE_DOCUMENT_ERROR_H
#define ENGINE_DOCUMENT_ERROR_H
#include <stddef.h>

struct document_error {
	int line;       // of the setting's name; 0: the file as a whole
	char id[4];     // "X1".."X6", "S", "V1".."V9"
	char file[128]; // as it was given to the reader
	char path[256]; // libconfig lookup path, "-" for X and S
	char text[160]; // what is wrong, and what is allowed
};

struct document_errors {
	struct document_error *errors; // in the order they were found
	int count, capacity;
};

void document_errors_init(struct document_errors *);
void document_errors_free(struct document_errors *);
void document_errors_add(struct document_errors *, const char *file, int line, const char *path,
	const char *id, const char *format, ...) __attribute__((format(printf, 6, 7)));

// "FILE:LINE: PATH: ID text" into out; returns out.
const char *document_error_line(const struct document_error *, char *out, size_t size);
#endif
