// The verbs segment ... and export members: conditions on the command line.
#include "app/output.h"
#include "app/typed.h"
#include "app/verb.h"
#include "db/text.h"
#include "model/segment/audience.h"
#include "model/segment/names.h"
#include "model/segment/segment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_ROWS = 100 };

// Sends what was made of the condition; NULL after telling.
static struct result *audience_ask(struct typed *typed, struct audience *audience, bool fits, int *status)
{
	struct error error = {0};
	struct result *result = NULL;
	if (fits || audience_too_long(&error))
		result = ask_session(typed->session, &audience->ask, &error);
	*status = result ? 0 : verb_failed(&error);
	return result;
}

// A segment that stands there alone was counted: the list may show it. Not everyone may note that.
static void count_note(struct typed *typed, int64_t members)
{
	const struct condition_node *root = typed->condition.root;
	struct ask ask;
	if (root->kind != CONDITION_CLAUSE || root->attribute->type != ATTRIBUTE_SEGMENT)
		return;
	segment_counted(&ask, root->argument.name->code, root->argument.name->id, members);
	result_free(ask_session(typed->session, &ask, NULL));
}

static void estimate_print(enum format format, const struct audience_estimate *estimate)
{
	long long members = estimate->members, low = estimate->interval.low, high = estimate->interval.high;
	if (format == FORMAT_JSON)
		printf("{\"members\": %lld, \"low\": %lld, \"high\": %lld}\n", members, low, high);
	else if (format == FORMAT_CSV)
		printf("members,low,high\n%lld,%lld,%lld\n", members, low, high);
	else if (estimate->is_exact)
		printf("%lld\n", members);
	else
		printf("about %lld (%lld to %lld)\n", members, low, high);
}

static void count_print(enum format format, const struct result *result)
{
	if (format == FORMAT_TEXT)
		puts(result_text(result, 0, 0));
	else
		output_record(stdout, format, result, 0);
}

int segment_count_verb(const struct arguments *arguments)
{
	struct typed typed;
	struct audience audience = {0};
	bool is_estimate = option_given(arguments, "estimate");
	int status = typed_read(&typed, arguments, arguments->operands[0]);
	if (status == 0) {
		bool fits = is_estimate ? audience_estimate(&audience, &typed.condition)
					: audience_count(&audience, &typed.condition);
		struct result *result = audience_ask(&typed, &audience, fits, &status);
		if (result && is_estimate) {
			struct audience_estimate estimate = audience_estimate_read(result);
			estimate_print(arguments->format, &estimate);
		} else if (result) {
			count_print(arguments->format, result);
			count_note(&typed, audience_count_read(result));
		}
		result_free(result);
	}
	audience_free(&audience);
	typed_free(&typed);
	return status;
}

static int saved_list(const struct arguments *arguments)
{
	struct ask ask;
	segment_table(&ask, NULL);
	return verb_ask_table(arguments, &ask);
}

int segment_list_verb(const struct arguments *arguments)
{
	struct typed typed;
	struct audience audience = {0};
	long long rows = option_number(arguments, "limit", LIST_ROWS);
	if (arguments->count == 0)
		return saved_list(arguments);
	if (rows < 1 || rows > 1000000)
		return verb_misused("--limit", "it is 1 to 1000000; export members writes all of them");
	int status = typed_read(&typed, arguments, arguments->operands[0]);
	if (status == 0) {
		bool fits = audience_list(&audience, &typed.condition, (int)rows);
		struct result *result = audience_ask(&typed, &audience, fits, &status);
		if (result)
			output_table(stdout, arguments->format, result);
		if (result && result_rows(result) == rows)
			fprintf(stderr, "loyalty: these are the first %lld; --limit NUMBER shows more\n",
				rows);
		result_free(result);
	}
	audience_free(&audience);
	typed_free(&typed);
	return status;
}

// --- In words, with what each clause leaves.

static void step_print(enum format format, const char *words, int64_t members, int step)
{
	char safe[2000];
	switch (format) {
	case FORMAT_JSON:
		fputs(step ? ",\n  {\"clause\": " : "[\n  {\"clause\": ", stdout);
		output_json_text(stdout, words);
		printf(", \"members\": %lld}", (long long)members);
		return;
	case FORMAT_HTML: // of reports only
	case FORMAT_CSV:
		output_csv_text(stdout, words);
		printf(",%lld\n", (long long)members);
		return;
	case FORMAT_TEXT:
		printf("%12lld  %s%s\n", (long long)members, step > 1 ? "and " : "",
			neutral_text(safe, sizeof safe, words));
	}
}

static void steps_print(
	enum format format, const struct member_condition *condition, const struct result *result)
{
	bool is_all = condition_speaks_of(condition, "status");
	if (format == FORMAT_CSV)
		puts("clause,members");
	step_print(format, is_all ? "all members" : "active members", audience_step_read(result, 0), 0);
	for (int i = 0; i < condition_clauses(condition); i++) {
		char *words = condition_words(condition, condition_clause(condition, i));
		step_print(format, words, audience_step_read(result, i + 1), i + 1);
		free(words);
	}
	if (format == FORMAT_JSON)
		puts("\n]");
}

int segment_explain_verb(const struct arguments *arguments)
{
	struct typed typed;
	struct audience audience = {0};
	int status = typed_read(&typed, arguments, arguments->operands[0]);
	if (status == 0) {
		bool fits = audience_steps(&audience, &typed.condition);
		struct result *result = audience_ask(&typed, &audience, fits, &status);
		if (result)
			steps_print(arguments->format, &typed.condition, result);
		result_free(result);
	}
	audience_free(&audience);
	typed_free(&typed);
	return status;
}

// --- Saved ones.

int segment_save_verb(const struct arguments *arguments)
{
	struct typed typed;
	struct segment_saving saving = {0};
	struct error error = {0};
	int status = typed_read(&typed, arguments, arguments->operands[1]);
	if (status == 0) {
		segment_save(&saving, arguments->operands[0], &typed.condition, -1);
		struct result *result = ask_session(typed.session, &saving.ask, &error);
		if (result)
			printf("%s is at revision %lld\n", arguments->operands[0],
				(long long)result_int64(result, 0, 0));
		else
			status = verb_failed(&error);
		result_free(result);
	}
	segment_saving_free(&saving);
	typed_free(&typed);
	return status;
}

int segment_show_verb(const struct arguments *arguments)
{
	struct ask ask;
	struct result *result;
	struct error error = {0};
	segment_table(&ask, arguments->operands[0]);
	int status = verb_ask(arguments, &ask, &result);
	if (status != 0)
		return status;
	if (result_rows(result)) {
		output_record(stdout, arguments->format, result, 0);
	} else {
		error_set(&error, ERROR_FAILED, "showing a segment", "see: loyalty segment list",
			"there is no segment %s", arguments->operands[0]);
		status = verb_failed(&error);
	}
	result_free(result);
	return status;
}

int segment_drop_verb(const struct arguments *arguments)
{
	struct ask ask;
	struct result *result;
	segment_drop(&ask, arguments->operands[0]);
	int status = verb_ask(arguments, &ask, &result);
	if (status != 0)
		return status;
	result_free(result);
	printf("%s is gone\n", arguments->operands[0]);
	return 0;
}

// --- In a file.

static bool line_print(void *payload, const char *data, size_t length, struct error *error)
{
	(void)payload;
	return fwrite(data, 1, length, stdout) == length ||
	       error_set(error, ERROR_FAILED, "exporting members", "", "standard output takes no more");
}

int export_members_verb(const struct arguments *arguments)
{
	struct typed typed;
	struct error error = {0};
	const char *where = option_value(arguments, "where");
	enum export_format format = arguments->format == FORMAT_JSON ? EXPORT_JSON : EXPORT_CSV;
	int status = typed_read(&typed, arguments, where ? where : "everybody");
	if (status == 0 &&
		!audience_export(typed.session, &typed.condition, MEMBER_BY_NUMBER, format, line_print, NULL,
			&error))
		status = verb_failed(&error);
	typed_free(&typed);
	return status;
}
