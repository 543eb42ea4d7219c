// The verb programme diff: what one document says otherwise than another.
#include "app/output.h"
#include "app/programme.h"
#include "db/text.h"
#include "model/programme/programme_diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A document named on the command line, and what owns it.
struct named_document {
	struct diff_side side;
	char name[32];
	struct programme_version version; // version_no 0: it is a file's
	struct result *result;
	char *text;
};

static void document_free_named(struct named_document *document)
{
	result_free(document->result);
	free(document->text);
}

static void take_version(struct named_document *document)
{
	snprintf(document->name, sizeof document->name, "version %d", document->version.version_no);
	document->side = (struct diff_side){.name = document->name,
		.text = document->version.document,
		.length = document->version.length};
}

// A number is a version, anything else a file or the code of a programme that comes with loyalty.
static bool document_find(
	struct named_document *document, const char *name, struct session *session, struct error *error)
{
	int version_no = programme_version_name(name);
	if (version_no <= 0) {
		document->text = document_text(PROGRAMME_PRESETS, name, &document->side.length, error);
		document->side.name = name;
		document->side.text = document->text;
		return document->text != NULL;
	}
	document->result = version_fetch(session, version_no, &document->version, error);
	if (document->result)
		take_version(document);
	return document->result != NULL;
}

static bool document_before(struct named_document *document, const struct named_document *new,
	struct session *session, struct error *error)
{
	struct ask ask;
	if (new->version.version_no == 0)
		return error_set(error, ERROR_USAGE, new->side.name, "give two versions or files",
			"a file follows no version");
	programme_version_before(&ask, &new->version);
	document->result = ask_session(session, &ask, error);
	if (!document->result)
		return false;
	if (result_rows(document->result) == 0)
		return error_set(error, ERROR_FAILED, new->side.name,
			"give another version or a file to compare with", "no version lies before it");
	programme_version_read(document->result, 0, &document->version);
	take_version(document);
	return true;
}

static void print_line(const struct diff_change *change)
{
	size_t size = 4 * (strlen(change->was) + strlen(change->is)) + 1;
	char *was = malloc(size), *is = malloc(size), path[800];
	if (was && is) {
		neutral_text(was, size, change->was);
		neutral_text(is, size, change->is);
		printf("%-7s  %s: %s%s%s  (line ", diff_kind_name(change->kind),
			neutral_text(path, sizeof path, change->path), was, *was && *is ? " -> " : "", is);
		if (change->was_line && change->is_line && change->was_line != change->is_line)
			printf("%d -> %d)\n", change->was_line, change->is_line);
		else
			printf("%d)\n", change->is_line ? change->is_line : change->was_line);
	}
	free(was);
	free(is);
}

static void print_csv(const struct diff_change *change)
{
	const char *const texts[] = {diff_kind_name(change->kind), change->path, change->was, change->is};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		output_csv_text(stdout, texts[i]);
		fputc(',', stdout);
	}
	printf("%d,%d\r\n", change->was_line, change->is_line);
}

static void print_json(const struct diff_change *change, bool is_first)
{
	const char *const names[] = {"change", "path", "was", "is"}, *const texts[] = {
									     diff_kind_name(change->kind),
									     change->path, change->was,
									     change->is};
	fputs(is_first ? "[" : ",\n ", stdout);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		printf("%s\"%s\": ", i ? ", " : "{", names[i]);
		output_json_text(stdout, texts[i]);
	}
	printf(", \"was_line\": %d, \"is_line\": %d}", change->was_line, change->is_line);
}

static void diff_print(
	enum format format, const struct programme_diff *diff, const char *old, const char *new)
{
	if (format == FORMAT_CSV)
		fputs("change,path,was,is,was_line,is_line\r\n", stdout);
	for (int i = 0; i < diff->count; i++) {
		if (format == FORMAT_TEXT)
			print_line(&diff->changes[i]);
		else if (format == FORMAT_CSV)
			print_csv(&diff->changes[i]);
		else
			print_json(&diff->changes[i], i == 0);
	}
	if (format == FORMAT_JSON)
		fputs(diff->count ? "]\n" : "[]\n", stdout);
	if (format == FORMAT_TEXT)
		printf("%s -> %s: %d difference%s\n", old, new, diff->count, diff->count == 1 ? "" : "s");
}

static bool documents_find(struct named_document *old, struct named_document *new,
	const struct arguments *arguments, struct session *session, struct error *error)
{
	if (arguments->count > 1)
		return document_find(old, arguments->operands[0], session, error) &&
		       document_find(new, arguments->operands[1], session, error);
	return document_find(new, arguments->operands[0], session, error) &&
	       document_before(old, new, session, error);
}

int programme_diff_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct named_document old = {0}, new = {0};
	struct programme_diff diff;
	struct session *session = verb_session(arguments, &error);
	bool is_good = session && documents_find(&old, &new, arguments, session, &error) &&
		       programme_diff_take(&diff, &old.side, &new.side, &error);
	if (is_good) {
		diff_print(arguments->format, &diff, old.side.name, new.side.name);
		programme_diff_free(&diff);
	}
	document_free_named(&old);
	document_free_named(&new);
	session_close(session);
	return is_good ? 0 : verb_failed(&error);
}
