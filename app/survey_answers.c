// The verbs about single answers to a survey: listing them, what they are about, what is said in them.
#include "app/output.h"
#include "app/verb.h"
#include "model/survey/response.h"
#include "model/survey/survey.h"

#include <stdio.h>
#include <string.h>

static bool survey_known(struct session *session, const char *code, struct survey *survey, struct error *error)
{
	struct ask ask;
	survey_list(&ask);
	struct result *list = ask_session(session, &ask, error);
	bool is_found = false;
	for (int row = 0; list && row < result_rows(list) && !is_found; row++) {
		survey_read(list, row, survey);
		is_found = strcmp(survey->code, code) == 0;
	}
	if (list && !is_found)
		error_set(error, ERROR_REFUSED, "nothing can be shown", "see loyalty survey list", "there is no survey \"%.40s\"", code);
	result_free(list);
	return is_found;
}

// The answers that the options mean.
static struct response_filter filter_of(const struct arguments *arguments, const struct survey *survey)
{
	static const char *const words[ANSWER_CLASSES] = {
		[ANSWER_DETRACTOR] = "low", [ANSWER_PASSIVE] = "middle", [ANSWER_PROMOTER] = "high"};
	const struct survey_scale *scale = &survey_scales[survey->kind];
	const int least[ANSWER_CLASSES] = {scale->lowest, scale->passive, scale->promoter};
	const int most[ANSWER_CLASSES] = {scale->passive - 1, scale->promoter - 1, scale->highest};
	const char *class = option_value(arguments, "of"), *tag = option_value(arguments, "tag");
	struct response_filter filter = {.survey_id = survey->id,
		.least = scale->lowest,
		.most = scale->highest,
		.to = DAY_NONE,
		.dimension = tag ? DIMENSION_TAG : -1,
		.value = tag,
		.words = option_value(arguments, "words"),
		.has_words = option_given(arguments, "commented")};
	for (int i = 0; class && i < ANSWER_CLASSES; i++)
		if (strcmp(words[i], class) == 0) {
			filter.least = least[i];
			filter.most = most[i];
		}
	return filter;
}

// Of the survey that the first operand names, what `fill` asks.
static int table_print(const struct arguments *arguments, void (*fill)(struct ask *, const struct response_filter *, int rows))
{
	struct error error = {0};
	struct survey survey;
	struct ask ask;
	struct result *result = NULL;
	long long most = option_number(arguments, "most", 100);
	if (most < 1 || most > 100000)
		return verb_misused("option --most", "it is 1 to 100000");
	struct session *session = verb_session(arguments, &error);
	if (session && survey_known(session, arguments->operands[0], &survey, &error)) {
		struct response_filter filter = filter_of(arguments, &survey);
		fill(&ask, &filter, (int)most);
		result = ask_session(session, &ask, &error);
	}
	int status = result ? 0 : verb_failed(&error);
	if (result)
		output_table(stdout, arguments->format, result);
	result_free(result);
	session_close(session);
	return status;
}

int survey_answers_verb(const struct arguments *arguments)
{
	return table_print(arguments, response_table);
}

int survey_phrases_verb(const struct arguments *arguments)
{
	return table_print(arguments, response_phrases);
}

static void tags_ask(struct ask *ask, const struct response_filter *filter, int rows)
{
	(void)rows;
	response_tags(ask, filter->survey_id);
}

int survey_tags_verb(const struct arguments *arguments)
{
	return table_print(arguments, tags_ask);
}

static int tag(const struct arguments *arguments, bool is_on)
{
	const char *const *is = arguments->operands;
	struct error error = {0};
	struct ask ask;
	struct result *result;
	response_tag_newest(&ask, is[0], is[1], is[2], is_on);
	int status = verb_ask(arguments, &ask, &result);
	if (status == 0 && !result_rows(result)) {
		error_set(&error, ERROR_REFUSED, "nothing was tagged", "see loyalty survey answers", "%.20s has not answered %.40s", is[0], is[1]);
		status = verb_failed(&error);
	} else if (status == 0) {
		printf("tags: %s\n", *result_text(result, 0, 0) ? result_text(result, 0, 0) : "none");
	}
	result_free(result);
	return status;
}

int survey_tag_verb(const struct arguments *arguments)
{
	return tag(arguments, true);
}

int survey_untag_verb(const struct arguments *arguments)
{
	return tag(arguments, false);
}
