// What is wrong with a programme or scenario document, mistake by mistake.
#include "model/engine/arena.h"
#include "model/engine/document_error.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void document_errors_init(struct document_errors *errors)
{
	*errors = (struct document_errors){0};
}

void document_errors_free(struct document_errors *errors)
{
	free(errors->errors);
	document_errors_init(errors);
}

void document_errors_add(struct document_errors *errors, const char *file, int line, const char *path,
	const char *id, const char *format, ...)
{
	ARRAY_RESERVE(errors->errors, errors->capacity, errors->count + 1);
	struct document_error *error = &errors->errors[errors->count++];
	error->line = line;
	snprintf(error->id, sizeof error->id, "%s", id);
	snprintf(error->file, sizeof error->file, "%s", file);
	snprintf(error->path, sizeof error->path, "%s", path);
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(error->text, sizeof error->text, format, arguments);
	va_end(arguments);
}

const char *document_error_line(const struct document_error *error, char *out, size_t size)
{
	snprintf(
		out, size, "%s:%d: %s: %s %s", error->file, error->line, error->path, error->id, error->text);
	return out;
}
