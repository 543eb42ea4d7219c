// The verbs programme load, list, show and export.
#include "app/output.h"
#include "app/programme.h"
#include "db/embedded.h"
#include "db/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DOCUMENT_MOST = 1 << 24 };

static bool unreadable(struct error *error, const char *name, const char *why)
{
	char what[sizeof error->what];
	snprintf(what, sizeof what, "%.140s cannot be read", name);
	return error_set(error, ERROR_FAILED, what, "", "%s", why);
}

char *file_text(const char *name, size_t *length, struct error *error)
{
	FILE *file = fopen(name, "re");
	char *text = file ? malloc(DOCUMENT_MOST + 1) : NULL;
	*length = 0;
	if (text)
		*length = fread(text, 1, DOCUMENT_MOST, file);
	if (!text || ferror(file) || *length == DOCUMENT_MOST) {
		unreadable(error, name, *length == DOCUMENT_MOST ? "it is too long" : strerror(errno));
		free(text);
		text = NULL;
	}
	if (text)
		text[*length] = '\0';
	if (file)
		fclose(file);
	return text;
}

char *document_text(const char *kind, const char *name, size_t *length, struct error *error)
{
	char path[200];
	snprintf(path, sizeof path, "%s/%.100s.conf", kind, name);
	const struct embedded_file *preset = strpbrk(name, "/.") ? NULL : embedded_find(path);
	char *text = preset ? strdup(preset->text) : NULL;
	*length = text ? preset->length : 0;
	return text ? text : file_text(name, length, error);
}

bool version_name_read(const char *text, int *version_no, struct error *error)
{
	*version_no = programme_version_name(text);
	return *version_no > 0 ||
	       error_set(error, ERROR_USAGE, text, "loyalty programme list shows the versions",
		       "a version is a number");
}

struct result *version_fetch(
	struct session *session, int version_no, struct programme_version *version, struct error *error)
{
	struct ask ask;
	programme_version_get(&ask, version_no);
	struct result *result = ask_session(session, &ask, error);
	if (result && result_rows(result) > 0) {
		programme_version_read(result, 0, version);
		return result;
	}
	if (result && version_no)
		error_set(error, ERROR_FAILED, "there is no such version of the programme",
			"loyalty programme list shows the versions", "%d", version_no);
	else if (result)
		error_set(error, ERROR_FAILED, "there is no programme yet",
			"an administrator loads one: loyalty programme load FILE", "no version is approved");
	result_free(result);
	return NULL;
}

static void say_loaded(const char *name, const struct programme_version *version)
{
	char day[DAY_SIZE];
	day_format(version->effective_from, day);
	printf("%s is version %d of the programme, ", name, version->version_no);
	if (version->is_in_force)
		printf("in force\n");
	else if (version->state == VERSION_DRAFT)
		printf("a draft for %s on; next: loyalty programme submit %d\n", day, version->version_no);
	else
		printf("%s for %s on\n", version->state_name, day);
}

static bool load(struct session *session, const struct version_draft *draft, struct error *error)
{
	struct version_request request;
	struct programme_version version;
	if (!programme_version_save(&request, draft, error))
		return false;
	struct result *number = ask_session(session, &request.ask, error);
	version_request_free(&request);
	struct result *result =
		number ? version_fetch(session, (int)result_int64(number, 0, 0), &version, error) : NULL;
	if (result)
		say_loaded(draft->name, &version);
	result_free(number);
	result_free(result);
	return result != NULL;
}

int programme_load_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct version_draft draft = {.name = arguments->operands[0],
		.version_no = (int)option_number(arguments, "draft", 0),
		.effective_from = option_value(arguments, "effective-from")};
	char *text = document_text(PROGRAMME_PRESETS, draft.name, &draft.length, &error);
	draft.text = text;
	struct session *session = text ? verb_session(arguments, &error) : NULL;
	bool is_good = session && load(session, &draft, &error);
	session_close(session);
	free(text);
	return is_good ? 0 : verb_failed(&error);
}

int programme_list_verb(const struct arguments *arguments)
{
	struct ask ask;
	programme_version_table(&ask);
	return verb_ask_table(arguments, &ask);
}

// A comment in a document may hold what a terminal would obey.
void document_print(const char *text)
{
	if (!isatty(STDOUT_FILENO)) {
		fputs(text, stdout);
		return;
	}
	for (size_t length; *text; text += length + (text[length] == '\n')) {
		length = strcspn(text, "\n");
		char *line = strndup(text, length), *safe = malloc(4 * length + 1);
		if (line && safe)
			puts(neutral_text(safe, (unsigned)(4 * length + 1), line));
		free(line);
		free(safe);
	}
}

int programme_show_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct programme_version version;
	int version_no = 0;
	if (arguments->count && !version_name_read(arguments->operands[0], &version_no, &error))
		return verb_failed(&error);
	struct session *session = verb_session(arguments, &error);
	struct result *result = session ? version_fetch(session, version_no, &version, &error) : NULL;
	if (result && arguments->format == FORMAT_TEXT)
		document_print(version.document);
	else if (result)
		output_table(stdout, arguments->format, result);
	result_free(result);
	session_close(session);
	return result ? 0 : verb_failed(&error);
}

static bool file_write(const char *name, const struct programme_version *version, struct error *error)
{
	FILE *file = fopen(name, "wxe");
	bool is_good = file && fwrite(version->document, 1, version->length, file) == version->length;
	int why = errno;
	if (file && fclose(file) != 0 && is_good) {
		is_good = false;
		why = errno;
	}
	if (is_good)
		return true;
	return error_set(error, ERROR_FAILED, name, "name a file that is not there yet",
		"it cannot be written: %s", strerror(why));
}

int programme_export_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct programme_version version;
	int version_no;
	const char *file = arguments->count > 1 ? arguments->operands[1] : NULL;
	if (!version_name_read(arguments->operands[0], &version_no, &error))
		return verb_failed(&error);
	struct session *session = verb_session(arguments, &error);
	struct result *result = session ? version_fetch(session, version_no, &version, &error) : NULL;
	bool is_good = result != NULL;
	if (is_good && file)
		is_good = file_write(file, &version, &error);
	else if (is_good)
		fwrite(version.document, 1, version.length, stdout);
	if (is_good && file)
		printf("version %d is written to %s\n", version_no, file);
	result_free(result);
	session_close(session);
	return is_good ? 0 : verb_failed(&error);
}
