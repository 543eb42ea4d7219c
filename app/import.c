// The verb import: files of members, events, codes and answers, with a file of rejects and a progress bar.
#include "app/output.h"
#include "app/progress.h"
#include "app/rejects.h"
#include "app/stop.h"
#include "app/verb.h"
#include "model/import/import.h"
#include "model/reward/reward_stock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// What stays open while a file is taken.
struct taking {
	int descriptor;
	int64_t size, read; // bytes of the file; size 0: not a plain file
	struct csv csv;
	struct session *sessions[IMPORT_SESSIONS];
	struct rejects rejects;
	int64_t served; // issued rewards that waited for these codes
	struct progress progress;
};

static bool source_read(void *payload, char *buffer, size_t size, size_t *got, struct error *error)
{
	struct taking *taking = payload;
	bool is_good = csv_from_descriptor(&taking->descriptor, buffer, size, got, error);
	taking->read += (int64_t)*got;
	return is_good;
}

static void header_keep(void *payload, const char *record, size_t length)
{
	struct taking *taking = payload;
	rejects_header(&taking->rejects, record, length);
}

static void reject_write(
	void *payload, int64_t line, const char *reason, const char *record, size_t length, bool is_whole)
{
	struct taking *taking = payload;
	rejects_add(&taking->rejects, line, reason, record, length, is_whole);
}

static bool progress_show(void *payload, const struct import_totals *totals)
{
	struct taking *taking = payload;
	if (taking->size > 0)
		progress_draw(&taking->progress, taking->read, taking->size, "bytes");
	else
		progress_draw(&taking->progress, totals->lines, 0, "lines");
	return stop_requested();
}

// The last one.
static const char *file_operand(const struct arguments *arguments)
{
	return arguments->operands[arguments->count - 1];
}

static bool taking_open(struct taking *taking, const struct arguments *arguments, struct error *error)
{
	const char *name = file_operand(arguments), *delimiter = option_value(arguments, "delimiter");
	char what[sizeof error->what];
	struct stat status;
	if (!delimiter)
		delimiter = arguments->config->csv_delimiter;
	if (strcmp(delimiter, "\\t") == 0)
		delimiter = "\t";
	if (strlen(delimiter) != 1 || !strchr(",;\t|", *delimiter))
		return error_set(error, ERROR_USAGE, "option --delimiter", "", "it is one of , ; | \\t");
	taking->descriptor = strcmp(name, "-") == 0 ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
	if (taking->descriptor < 0) {
		snprintf(what, sizeof what, "%.140s cannot be read", name);
		return error_set(error, ERROR_FAILED, what, "check its name", "%s", strerror(errno));
	}
	if (fstat(taking->descriptor, &status) == 0 && S_ISREG(status.st_mode))
		taking->size = status.st_size;
	rejects_init(&taking->rejects, name, *delimiter);
	return csv_init(&taking->csv, *delimiter, source_read, taking) ||
	       error_set(error, ERROR_FAILED, "out of memory", "", "%s", "");
}

static bool taking_connect(struct taking *taking, const struct arguments *arguments, int count, struct error *error)
{
	for (int i = 0; i < count; i++) {
		taking->sessions[i] = verb_session(arguments, error);
		if (!taking->sessions[i])
			return false;
	}
	return true;
}

static bool taking_run(struct taking *taking, const struct arguments *arguments, enum import_kind kind,
	struct import_totals *totals, struct error *error)
{
	struct import import = {
		.kind = kind,
		.file_name = file_operand(arguments),
		.reward = kind == IMPORT_CODES ? arguments->operands[0] : NULL,
		.csv = &taking->csv,
		.chunk = (int)option_number(arguments, "chunk", arguments->config->import_chunk),
		.dry_run = option_given(arguments, "dry-run"),
		.session_count = kind == IMPORT_EVENTS && !option_given(arguments, "dry-run") ? IMPORT_SESSIONS : 1,
		.reject = reject_write,
		.progress = progress_show,
		.header = header_keep,
		.payload = taking,
	};
	if (import.chunk < 1)
		import.chunk = 1;
	if (!taking_open(taking, arguments, error) ||
		!taking_connect(taking, arguments, import.session_count, error))
		return false;
	memcpy(import.sessions, taking->sessions, sizeof import.sessions);
	progress_init(&taking->progress, "import", arguments->ascii);
	stop_listen();
	bool is_good = import_run(&import, totals, error);
	progress_clear(&taking->progress);
	if (is_good && kind == IMPORT_CODES && !import.dry_run)
		is_good = reward_stock_serve(taking->sessions[0], import.reward, &taking->served, error);
	return is_good;
}

static bool taking_close(struct taking *taking)
{
	bool is_written = rejects_close(&taking->rejects);
	for (int i = 0; i < IMPORT_SESSIONS; i++)
		session_close(taking->sessions[i]);
	csv_free(&taking->csv);
	if (taking->descriptor > STDIN_FILENO)
		close(taking->descriptor);
	return is_written;
}

static int import_verb(const struct arguments *arguments, enum import_kind kind)
{
	struct taking taking = {.descriptor = -1};
	struct import_totals totals = {0};
	struct error error = {0};
	bool is_good = taking_run(&taking, arguments, kind, &totals, &error);
	bool is_dry = option_given(arguments, "dry-run");
	bool is_written = taking_close(&taking);
	if (totals.lines > 0)
		printf("%lld %s, %lld known already, %lld rejected%s\n", (long long)totals.taken,
			is_dry ? "would be taken" : "taken", (long long)totals.known, (long long)totals.rejected,
			totals.is_stopped ? "; stopped before the end" : "");
	if (taking.served)
		printf("%lld went to rewards that waited for them\n", (long long)taking.served);
	if (totals.rejected && is_written)
		printf("the rejects and their reasons are in %s\n", taking.rejects.name);
	if (!is_good)
		return verb_failed(&error);
	return totals.rejected || totals.is_stopped || !is_written ? 1 : 0;
}

int import_members_verb(const struct arguments *arguments)
{
	return import_verb(arguments, IMPORT_MEMBERS);
}

int import_events_verb(const struct arguments *arguments)
{
	return import_verb(arguments, IMPORT_EVENTS);
}

int import_codes_verb(const struct arguments *arguments)
{
	return import_verb(arguments, IMPORT_CODES);
}

int import_responses_verb(const struct arguments *arguments)
{
	return import_verb(arguments, IMPORT_RESPONSES);
}
