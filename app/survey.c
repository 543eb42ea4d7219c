// The verbs survey ...: making and closing them, inviting a sample, taking an answer.
#include "model/survey/survey.h"
#include "app/output.h"
#include "app/survey_document.h"
#include "app/verb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int survey_list_verb(const struct arguments *arguments)
{
	struct ask ask;
	survey_list(&ask);
	return verb_ask_table(arguments, &ask);
}

static bool survey_print(struct session *session, const struct arguments *arguments, struct error *error)
{
	const char *code = arguments->operands[0];
	struct ask ask;
	survey_find(&ask, code);
	struct result *found = ask_session(session, &ask, error);
	bool is_good = found && result_rows(found) == 1;
	if (found && !is_good)
		error_set(error, ERROR_REFUSED, "nothing can be shown", "see loyalty survey list", "there is no survey \"%.40s\"", code);
	if (is_good && arguments->format == FORMAT_CSV) {
		output_table(stdout, FORMAT_CSV, found);
	} else if (is_good) {
		fputs(arguments->format == FORMAT_JSON ? "{\"survey\": " : "", stdout);
		output_record(stdout, arguments->format, found, 0);
		survey_waves(&ask, code);
		is_good = verb_ask_part(session, arguments, "waves", &ask, error);
		survey_fates(&ask, code);
		is_good = is_good && verb_ask_part(session, arguments, "answers", &ask, error);
		survey_case_fates(&ask, code);
		is_good = is_good && verb_ask_part(session, arguments, "after_cases", &ask, error);
		fputs(arguments->format == FORMAT_JSON ? "}\n" : "", stdout);
	}
	result_free(found);
	return is_good;
}

int survey_show_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct session *session = verb_session(arguments, &error);
	bool is_good = session && survey_print(session, arguments, &error);
	session_close(session);
	return is_good ? 0 : verb_failed(&error);
}

int survey_create_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct ask ask;
	struct result *result;
	char *document = survey_document_read(arguments->operands[0], &error);
	if (!document)
		return verb_failed(&error);
	survey_create(&ask, document);
	int status = verb_ask(arguments, &ask, &result);
	if (status == 0)
		puts("made; next: loyalty survey invite");
	result_free(result);
	free(document);
	return status;
}

int survey_close_verb(const struct arguments *arguments)
{
	struct ask ask;
	struct result *result;
	survey_close(&ask, arguments->operands[0], option_value(arguments, "on"));
	int status = verb_ask(arguments, &ask, &result);
	if (status == 0)
		printf("the last day of %s is %s\n", arguments->operands[0], result_text(result, 0, 0));
	result_free(result);
	return status;
}

int survey_rules_verb(const struct arguments *arguments)
{
	struct ask ask;
	survey_rules(&ask);
	return verb_ask_table(arguments, &ask);
}

int survey_after_case_verb(const struct arguments *arguments)
{
	struct ask ask;
	struct result *result;
	const char *code = arguments->operands[0];
	long long hours = option_number(arguments, "hours", 24);
	bool is_none = strcmp(code, "none") == 0;
	if (hours > 2160)
		return verb_misused("option --hours", "it is 0 to 2160");
	survey_after_case(&ask, is_none ? NULL : code, option_value(arguments, "group"), (int)hours);
	int status = verb_ask(arguments, &ask, &result);
	if (status == 0 && is_none)
		puts("nobody is asked any more; cases resolved before still are");
	else if (status == 0)
		printf("members are asked %lld hours after their cases are resolved, from now on\n", hours);
	result_free(result);
	return status;
}

static int answer_told(const struct arguments *arguments, const struct result *result)
{
	struct error error = {0};
	if (!result_rows(result)) {
		error_set(&error, ERROR_REFUSED, "the answer was not taken", "", "there is no member %.20s", arguments->operands[0]);
		return verb_failed(&error);
	}
	if (arguments->format == FORMAT_TEXT) {
		puts(survey_fate_words(result_text(result, 0, 0)));
		if (*result_text(result, 0, 1))
			printf("ask: %s\n", result_text(result, 0, 1));
	} else {
		output_table(stdout, arguments->format, result);
	}
	const char *const good[] = {"taken", "commented", "known"};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		if (strcmp(result_text(result, 0, 0), good[i]) == 0)
			return 0;
	return 1;
}

int survey_answer_verb(const struct arguments *arguments)
{
	const char *const *is = arguments->operands, *channel = option_value(arguments, "channel");
	char scores[64];
	struct ask ask;
	struct result *result;
	if (!*is[0] || strlen(is[0]) > 15 || is[0][strspn(is[0], "0123456789")])
		return verb_misused(is[0], "a member is named by the number");
	if (!survey_scores(is[2], scores, sizeof scores))
		return verb_misused(is[2], "a score is a whole number, of a cli three with | between them");
	survey_answer(&ask, is[0], is[1], scores, arguments->count > 3 ? is[3] : "", channel ? channel : "phone");
	int status = verb_ask(arguments, &ask, &result);
	if (status == 0)
		status = answer_told(arguments, result);
	result_free(result);
	return status;
}
