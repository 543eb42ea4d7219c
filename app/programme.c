// The verbs programme load, list and show.
#include "model/programme_list.h"
#include "app/output.h"
#include "app/verb.h"
#include "db/embedded.h"
#include "model/rulebook.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DOCUMENT_MOST = 1 << 24 };

static bool unreadable(struct error *error, const char *name, const char *why)
{
	char what[sizeof error->what];
	snprintf(what, sizeof what, "%.140s cannot be read", name);
	return error_set(error, ERROR_FAILED, what, "", "%s", why);
}

static char *file_text(const char *name, size_t *length, struct error *error)
{
	FILE *file = fopen(name, "re");
	char *text = file ? malloc(DOCUMENT_MOST) : NULL;
	*length = 0;
	if (text)
		*length = fread(text, 1, DOCUMENT_MOST, file);
	if (!text || ferror(file) || *length == DOCUMENT_MOST) {
		unreadable(error, name, *length == DOCUMENT_MOST ? "it is too long" : strerror(errno));
		free(text);
		text = NULL;
	}
	if (file)
		fclose(file);
	return text;
}

// A file; or, where there is none of that name, a programme that travels inside the program, by its code.
static char *document_text(const char *name, size_t *length, struct error *error)
{
	char path[200];
	snprintf(path, sizeof path, "db/programmes/%.100s.conf", name);
	const struct embedded_file *preset = strpbrk(name, "/.") ? NULL : embedded_find(path);
	char *text = preset ? strdup(preset->text) : NULL;
	*length = text ? preset->length : 0;
	return text ? text : file_text(name, length, error);
}

int programme_load_verb(const struct arguments *arguments)
{
	const char *name = arguments->operands[0];
	struct error error = {0};
	size_t length;
	int version = 0;
	char *text = document_text(name, &length, &error);
	struct session *session = text ? verb_session(arguments, &error) : NULL;
	bool is_good = session && rulebook_install(session, name, text, length,
					  option_value(arguments, "effective-from"), &version, &error);
	session_close(session);
	free(text);
	if (!is_good)
		return verb_failed(&error);
	printf("%s is version %d of the programme\n", name, version);
	return 0;
}

int programme_list_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct session *session = verb_session(arguments, &error);
	struct result *list = session ? programme_list(session, &error) : NULL;
	if (list)
		output_table(stdout, arguments->format, list);
	result_free(list);
	session_close(session);
	return list ? 0 : verb_failed(&error);
}

int programme_show_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct session *session = verb_session(arguments, &error);
	struct result *document =
		session ? programme_document(session, arguments->count ? arguments->operands[0] : NULL, &error) : NULL;
	if (document && arguments->format == FORMAT_TEXT)
		fputs(result_text(document, 0, 0), stdout);
	else if (document)
		output_table(stdout, arguments->format, document);
	result_free(document);
	session_close(session);
	return document ? 0 : verb_failed(&error);
}
