// The verbs rehearse and programme check: rules tried on scenario files, without a database.
#include "app/rehearse.h"
#include "app/verb.h"
#include "db/embedded.h"
#include "db/text.h"
#include "model/engine/scenario.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define LINE_SIZE 640
#define PRESETS "db/programmes/"
#define SUFFIX ".conf"

struct text_of_file {
	char *text;
	size_t length;
};

void programme_shelf_free(struct programme_shelf *shelf)
{
	for (int i = 0; i < shelf->count; i++)
		programme_free(shelf->programmes[i]);
	free(shelf->programmes);
	*shelf = (struct programme_shelf){0};
}

const struct programme *programme_shelf_find(void *context, const char *code)
{
	const struct programme_shelf *shelf = context;
	for (int i = 0; i < shelf->count; i++)
		if (strcmp(shelf->programmes[i]->code, code) == 0)
			return shelf->programmes[i];
	return NULL;
}

// Prints the mistakes of a document, a line each, and forgets them.
static void mistakes_tell(struct document_errors *errors)
{
	for (int i = 0; i < errors->count; i++) {
		char line[LINE_SIZE], safe[2 * LINE_SIZE];
		document_error_line(&errors->errors[i], line, sizeof line);
		fprintf(stderr, "%s\n", neutral_text(safe, sizeof safe, line));
	}
	document_errors_free(errors);
}

static bool file_read(const char *path, struct text_of_file *file, struct error *error)
{
	FILE *stream = fopen(path, "rb");
	size_t room = 0;
	*file = (struct text_of_file){0};
	if (!stream)
		return error_set(error, ERROR_FAILED, path, "give the name of a file that can be read", "%s",
			strerror(errno));
	for (size_t got = 1; got > 0; file->length += got) {
		if (room - file->length < BUFSIZ) {
			room = 2 * room + BUFSIZ;
			file->text = realloc(file->text, room);
			if (!file->text)
				abort();
		}
		got = fread(file->text + file->length, 1, room - file->length, stream);
	}
	bool is_read = !ferror(stream);
	fclose(stream);
	if (is_read)
		return true;
	free(file->text);
	return error_set(error, ERROR_FAILED, path, "give the name of a file that can be read", "%s",
		"reading failed");
}

static bool shelf_add(struct programme_shelf *shelf, const char *name, const char *text, size_t length)
{
	struct document_errors errors;
	document_errors_init(&errors);
	struct programme *programme = programme_read(name, text, length, &errors);
	mistakes_tell(&errors);
	if (!programme)
		return false;
	ARRAY_RESERVE(shelf->programmes, shelf->capacity, shelf->count + 1);
	shelf->programmes[shelf->count++] = programme;
	return true;
}

static bool shelf_add_file(struct programme_shelf *shelf, const char *path)
{
	struct text_of_file file;
	struct error error = {0};
	if (!file_read(path, &file, &error)) {
		verb_failed(&error);
		return false;
	}
	bool is_good = shelf_add(shelf, path, file.text, file.length);
	free(file.text);
	return is_good;
}

static bool name_is_programme(const char *name)
{
	size_t length = strlen(name), suffix = strlen(SUFFIX);
	return length > suffix && strcmp(name + length - suffix, SUFFIX) == 0;
}

// In no particular order: no two programmes of a directory may share a code without one of them being out of
// reach.
static bool shelf_add_directory(struct programme_shelf *shelf, const char *path)
{
	DIR *directory = opendir(path);
	bool is_good = directory != NULL;
	if (!directory) {
		struct error error = {0};
		error_set(&error, ERROR_FAILED, path, "give a directory that can be read", "%s",
			strerror(errno));
		verb_failed(&error);
		return false;
	}
	for (struct dirent *found = readdir(directory); found; found = readdir(directory)) {
		char file[4096];
		if (!name_is_programme(found->d_name))
			continue;
		snprintf(file, sizeof file, "%s/%s", path, found->d_name);
		is_good = shelf_add_file(shelf, file) && is_good;
	}
	closedir(directory);
	return is_good;
}

bool programme_shelf_add(struct programme_shelf *shelf, const char *path)
{
	struct stat about;
	if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
		return shelf_add_directory(shelf, path);
	return shelf_add_file(shelf, path);
}

bool programme_shelf_add_presets(struct programme_shelf *shelf)
{
	bool is_good = true;
	for (const struct embedded_file *file = embedded_files; file->path; file++)
		if (strncmp(file->path, PRESETS, strlen(PRESETS)) == 0)
			is_good = shelf_add(shelf, file->path, file->text, file->length) && is_good;
	return is_good;
}

struct rehearsal {
	struct programme_shelf shelf;
	int cases, checks, failed;
	bool broken; // something could not be read or did not fit
};

static void check_heard(void *context, const struct scenario_case *scenario_case,
	const struct scenario_row *row, const struct check *check, const char *seen, bool passed)
{
	struct rehearsal *rehearsal = context;
	char day[DAY_SIZE], line[LINE_SIZE], safe[2 * LINE_SIZE];
	rehearsal->checks++;
	if (passed)
		return;
	rehearsal->failed++;
	snprintf(line, sizeof line, "%s %s %s expected %s, got %s", scenario_case->id,
		day_format(row->day, day), check->key, check->wanted, seen);
	puts(neutral_text(safe, sizeof safe, line));
}

static void scenario_rehearse(struct rehearsal *rehearsal, const char *path, const struct text_of_file *file)
{
	struct scenario scenario;
	struct document_errors errors;
	document_errors_init(&errors);
	rehearsal->broken |= !scenario_read(
		&scenario, path, file->text, file->length, programme_shelf_find, &rehearsal->shelf, &errors);
	mistakes_tell(&errors);
	for (int i = 0; i < scenario.case_count; i++) {
		struct error error = {0};
		rehearsal->cases++;
		if (scenario_case_run(&scenario.cases[i], check_heard, rehearsal))
			continue;
		rehearsal->broken = true;
		error_set(&error, ERROR_FAILED, scenario.cases[i].id, "use smaller amounts", "%s",
			"a quantity does not fit 64 bit");
		verb_failed(&error);
	}
	scenario_free(&scenario);
}

static void file_rehearse(struct rehearsal *rehearsal, const char *path)
{
	struct text_of_file file;
	struct error error = {0};
	if (!file_read(path, &file, &error)) {
		rehearsal->broken = true;
		verb_failed(&error);
		return;
	}
	scenario_rehearse(rehearsal, path, &file);
	free(file.text);
}

int rehearse_verb(const struct arguments *arguments)
{
	struct rehearsal rehearsal = {0};
	const char *path;
	for (int at = 0; (path = option_next(arguments, "programme", &at)) != NULL;)
		rehearsal.broken |= !programme_shelf_add(&rehearsal.shelf, path);
	rehearsal.broken |= !programme_shelf_add_presets(&rehearsal.shelf);
	for (int i = 0; i < arguments->count; i++)
		file_rehearse(&rehearsal, arguments->operands[i]);
	printf("%d cases, %d checks, %d passed, %d failed\n", rehearsal.cases, rehearsal.checks,
		rehearsal.checks - rehearsal.failed, rehearsal.failed);
	programme_shelf_free(&rehearsal.shelf);
	return rehearsal.failed > 0 || rehearsal.broken;
}

int programme_check_verb(const struct arguments *arguments)
{
	struct programme_shelf shelf = {0};
	bool is_good = true;
	for (int i = 0; i < arguments->count; i++) {
		bool is_right = programme_shelf_add(&shelf, arguments->operands[i]);
		if (is_right)
			printf("%s: no mistakes\n", arguments->operands[i]);
		is_good = is_good && is_right;
	}
	programme_shelf_free(&shelf);
	return is_good ? 0 : 1;
}
