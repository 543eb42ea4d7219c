// Writes files beside their place and renames them.
#include "model/report/new_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool fail(struct error *error, const char *name)
{
	return error_set(error, ERROR_FAILED, "the file was not written", "give another name or folder", "%s: %s",
		name, strerror(errno));
}

bool new_file_open(struct new_file *file, const char *name, struct error *error)
{
	*file = (struct new_file){.out = NULL};
	errno = ENAMETOOLONG;
	if (strlen(name) >= sizeof file->name)
		return fail(error, name);
	snprintf(file->name, sizeof file->name, "%s", name);
	snprintf(file->part, sizeof file->part, "%s.XXXXXX", name);
	int descriptor = mkstemp(file->part);
	if (descriptor < 0)
		return fail(error, name);
	file->out = fdopen(descriptor, "w");
	if (file->out)
		return true;
	fail(error, name);
	close(descriptor);
	unlink(file->part);
	return false;
}

bool new_file_keep(struct new_file *file, struct error *error)
{
	bool is_written = !ferror(file->out) && fflush(file->out) == 0;
	is_written = fclose(file->out) == 0 && is_written;
	file->out = NULL;
	if (is_written && rename(file->part, file->name) == 0)
		return true;
	fail(error, file->name);
	unlink(file->part);
	return false;
}

void new_file_drop(struct new_file *file)
{
	if (!file->out)
		return;
	fclose(file->out);
	file->out = NULL;
	unlink(file->part);
}
