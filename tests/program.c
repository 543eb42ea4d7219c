// Runs the program that the environment's LOYALTY names, as a person would from a shell.
#include "tests/program.h"

#include <check.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64];

static void folder_remove(void)
{
	char command[100];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	if (system(command) != 0)
		fprintf(stderr, "%s stays\n", folder);
}

static const char *folder_make(void)
{
	if (!folder[0]) {
		snprintf(folder, sizeof folder, "/tmp/loyalty-check.XXXXXX");
		ck_assert_ptr_nonnull(mkdtemp(folder));
		atexit(folder_remove);
	}
	return folder;
}

static void file_read(const char *path, char *out, size_t size)
{
	FILE *file = fopen(path, "re");
	size_t length = file ? fread(out, 1, size - 1, file) : 0;
	out[length] = '\0';
	if (file)
		fclose(file);
}

const char *program_file(const char *name, const char *text)
{
	return program_bytes(name, text, strlen(text));
}

const char *program_bytes(const char *name, const char *bytes, size_t length)
{
	static char paths[4][128];
	static int next;
	char *path = paths[next++ % 4];
	snprintf(path, sizeof paths[0], "%s/%s", folder_make(), name);
	FILE *file = fopen(path, "we");
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes, 1, length, file), length);
	ck_assert_int_eq(fclose(file), 0);
	return path;
}

const char *program_file_text(const char *path)
{
	static char text[65536];
	file_read(path, text, sizeof text);
	return text;
}

static char arguments[4096]; // of the last run

static const struct program *run(const char *format, va_list values)
{
	static struct program program;
	char command[8192], out[128], err[128];
	const char *loyalty = getenv("LOYALTY");
	ck_assert_msg(loyalty != NULL, "LOYALTY does not name the program");
	vsnprintf(arguments, sizeof arguments, format, values);
	snprintf(out, sizeof out, "%s/.out", folder_make());
	snprintf(err, sizeof err, "%s/.err", folder_make());
	snprintf(command, sizeof command, "exec >%s 2>%s </dev/null; '%s' %s", out, err, loyalty, arguments);
	int status = system(command);
	program.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	file_read(out, program.out, sizeof program.out);
	file_read(err, program.err, sizeof program.err);
	return &program;
}

const struct program *program_run(const char *format, ...)
{
	va_list values;
	va_start(values, format);
	const struct program *program = run(format, values);
	va_end(values);
	return program;
}

const struct program *program_expect(int status, const char *format, ...)
{
	va_list values;
	va_start(values, format);
	const struct program *program = run(format, values);
	va_end(values);
	ck_assert_msg(program->status == status, "loyalty %s: status %d instead of %d\n%s%s", arguments,
		program->status, status, program->out, program->err);
	return program;
}
