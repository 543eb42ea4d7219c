// The documents of tests/golden, tests/refuse and db/programmes, for the tests that read them.
#include "tests/documents.h"
#include <check.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRAMMES_MAX 64

// libconfig 1.5 forgets a string it has just read when it finds a mistake behind it; LeakSanitizer asks here.
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:strbuf_append\n";
}

static void file_load(struct document_file *file, const char *path)
{
	FILE *stream = fopen(path, "rb");
	ck_assert_ptr_nonnull(stream);
	fseek(stream, 0, SEEK_END);
	file->length = (size_t)ftell(stream);
	rewind(stream);
	file->text = malloc(file->length + 1);
	ck_assert_uint_eq(fread(file->text, 1, file->length, stream), file->length);
	file->text[file->length] = '\0';
	fclose(stream);
	snprintf(file->path, sizeof file->path, "%s", path);
}

struct document_file *documents_load(const char *directory, int *count)
{
	char pattern[256];
	glob_t found;
	snprintf(pattern, sizeof pattern, "%s/*.conf", directory);
	ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
	*count = (int)found.gl_pathc;
	struct document_file *files = calloc(found.gl_pathc, sizeof *files);
	for (size_t i = 0; i < found.gl_pathc; i++)
		file_load(&files[i], found.gl_pathv[i]);
	globfree(&found);
	return files;
}

void documents_free(struct document_file *files, int count)
{
	for (int i = 0; i < count; i++)
		free(files[i].text);
	free(files);
}

static const struct programme *programmes[PROGRAMMES_MAX];
static int programme_count;

static void programmes_load(const char *directory)
{
	int count;
	struct document_file *files = documents_load(directory, &count);
	for (int i = 0; i < count; i++) {
		struct document_errors errors;
		char line[640];
		document_errors_init(&errors);
		const struct programme *programme =
			programme_read(files[i].path, files[i].text, files[i].length, &errors);
		ck_assert_msg(programme != NULL, "%s",
			errors.count > 0 ? document_error_line(&errors.errors[0], line, sizeof line) : "");
		ck_assert_int_eq(errors.count, 0);
		ck_assert_int_lt(programme_count, PROGRAMMES_MAX);
		programmes[programme_count++] = programme;
		document_errors_free(&errors);
	}
	documents_free(files, count);
}

const struct programme *const *programmes_all(int *count)
{
	if (programme_count == 0) {
		programmes_load("db/programmes");
		programmes_load("tests/golden/programmes");
	}
	*count = programme_count;
	return programmes;
}

const struct programme *programmes_find(void *context, const char *code)
{
	int count;
	const struct programme *const *all = programmes_all(&count);
	(void)context;
	for (int i = 0; i < count; i++)
		if (strcmp(all[i]->code, code) == 0)
			return all[i];
	return NULL;
}
