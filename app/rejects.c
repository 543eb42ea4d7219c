// The file beside an imported one with the lines that were not taken, each with its reason, to be mended
// there and taken again.
#include "app/rejects.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void rejects_init(struct rejects *rejects, const char *file, char delimiter)
{
	*rejects = (struct rejects){.delimiter = delimiter};
	snprintf(rejects->name, sizeof rejects->name, "%s.rejects.csv",
		strcmp(file, "-") == 0 ? "import" : file);
}

void rejects_header(struct rejects *rejects, const char *record, size_t length)
{
	free(rejects->header);
	rejects->header = strndup(record, length);
}

// A new file each time, never one that a link leads to. One that was mended has its first two columns
// already.
static bool file_open(struct rejects *rejects)
{
	static const char mended[] = "line,reason,";
	unlink(rejects->name);
	int descriptor = open(rejects->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	rejects->file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
	if (!rejects->file) {
		fprintf(stderr, "loyalty: %s cannot be written: %s; make its folder writable\n",
			rejects->name, strerror(errno));
		rejects->has_failed = true;
		if (descriptor >= 0)
			close(descriptor);
		return false;
	}
	const char *header = rejects->header ? rejects->header : "";
	bool is_mended = strncmp(header, mended, strlen(mended)) == 0;
	fprintf(rejects->file, "line%creason%c%s\n", rejects->delimiter, rejects->delimiter,
		is_mended ? header + strlen(mended) : header);
	return true;
}

static void field_write(FILE *file, const char *text, size_t length)
{
	fputc('"', file);
	for (size_t i = 0; i < length; i++)
		fputs(text[i] == '"' ? "\"\"" : (char[]){text[i], '\0'}, file);
	fputc('"', file);
}

void rejects_add(struct rejects *rejects, int64_t line, const char *reason, const char *record, size_t length,
	bool is_whole)
{
	if (rejects->has_failed || (!rejects->file && !file_open(rejects)))
		return;
	fprintf(rejects->file, "%lld%c", (long long)line, rejects->delimiter);
	field_write(rejects->file, reason, strlen(reason));
	fputc(rejects->delimiter, rejects->file);
	if (is_whole)
		fwrite(record, 1, length, rejects->file);
	else
		field_write(rejects->file, record, length);
	fputc('\n', rejects->file);
}

bool rejects_close(struct rejects *rejects)
{
	bool is_written = !rejects->has_failed;
	if (rejects->file) {
		is_written &= !ferror(rejects->file);
		is_written &= fclose(rejects->file) == 0;
	}
	free(rejects->header);
	return is_written;
}
