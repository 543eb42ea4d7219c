// survey invite: a wave of those a condition means, counted beforehand, as a file of tokens or by mail; reminders.
#include "app/output.h"
#include "app/survey_letter.h"
#include "app/typed.h"
#include "model/survey/wave.h"

#include <stdio.h>
#include <string.h>

// "12.5".
static bool is_percent(const char *text)
{
	return *text && !text[strspn(text, "0123456789.")] && strlen(text) <= 8;
}

// What is sent is a table of what became of the messages; a file is CSV, unless JSON is asked for.
static void invited_print(const struct arguments *arguments, const struct result *invited, bool by_mail)
{
	if (!by_mail)
		output_table(stdout, arguments->format == FORMAT_JSON ? FORMAT_JSON : FORMAT_CSV, invited);
	else if (result_rows(invited))
		output_table(stdout, arguments->format, invited);
	if (!result_rows(invited))
		fprintf(stderr, "loyalty: nobody is left to be invited%s now\n", by_mail ? " by mail" : "");
}

static int again(const struct arguments *arguments, int wave_no, bool by_mail, const struct survey_letter *letter)
{
	struct ask ask;
	struct result *invited;
	if (by_mail)
		survey_mail_again(&ask, arguments->operands[0], wave_no, letter);
	else
		survey_invite_again(&ask, arguments->operands[0], wave_no);
	int status = verb_ask(arguments, &ask, &invited);
	if (status == 0)
		invited_print(arguments, invited, by_mail);
	result_free(invited);
	return status;
}

static bool preview(struct session *session, const struct arguments *arguments, const struct wave_plan *plan, struct error *error)
{
	struct wave wave;
	struct result *result = NULL;
	if (wave_preview(&wave, plan, error))
		result = ask_session(session, &wave.make, error);
	if (result && arguments->format == FORMAT_CSV)
		output_table(stdout, FORMAT_CSV, result);
	else if (result)
		output_record(stdout, arguments->format, result, 0);
	wave_free(&wave);
	result_free(result);
	return result;
}

// All of it or nothing: tokens are printed when they are good.
static bool make(struct session *session, const struct arguments *arguments, const struct wave_plan *plan,
	const struct condition_names *names, struct error *error)
{
	struct wave wave;
	struct result *invited = NULL;
	bool is_good = wave_make(&wave, plan, names, error) && session_begin(session, error);
	if (is_good)
		invited = ask_session(session, &wave.make, error);
	is_good = invited;
	for (int i = 0; is_good && i < wave.note_count; i++) {
		struct result *noted = ask_session(session, &wave.notes[i], error);
		is_good = noted;
		result_free(noted);
	}
	is_good = is_good && session_commit(session, error);
	if (is_good)
		invited_print(arguments, invited, plan->by_mail);
	result_free(invited);
	wave_free(&wave);
	return is_good;
}

static int invite(const struct arguments *arguments, bool by_mail, const struct survey_letter *letter)
{
	struct typed typed;
	struct error error = {0};
	const char *where = option_value(arguments, "where"), *segment = option_value(arguments, "segment");
	char of_segment[80];
	long long wave_no = option_number(arguments, "again", 0);
	if (wave_no)
		return again(arguments, (int)wave_no, by_mail, letter);
	if (segment)
		snprintf(of_segment, sizeof of_segment, "segment(%.60s)", segment);
	int status = typed_read(&typed, arguments, segment ? of_segment : where ? where : "everybody");
	struct wave_plan plan = {.code = arguments->operands[0],
		.sample = option_value(arguments, "sample"),
		.condition = segment || where ? &typed.condition : NULL,
		.quota = option_number(arguments, "quota", 0),
		.by_mail = by_mail,
		.letter = letter};
	if (status == 0 && !(option_given(arguments, "preview") ? preview(typed.session, arguments, &plan, &error)
								: make(typed.session, arguments, &plan, typed.names, &error)))
		status = verb_failed(&error);
	typed_free(&typed);
	return status;
}

static int invite_by_letter(const struct arguments *arguments, const struct survey_letter *letter)
{
	return invite(arguments, true, letter);
}

int survey_invite_verb(const struct arguments *arguments)
{
	const char *sample = option_value(arguments, "sample"), *mail = option_value(arguments, "mail");
	if (sample && !is_percent(sample))
		return verb_misused("option --sample", "it is per cent, as 12.5");
	if (option_number(arguments, "again", 0) > 1000000000)
		return verb_misused("option --again", "there is no such wave");
	if (option_given(arguments, "where") && option_given(arguments, "segment"))
		return verb_misused("option --segment", "give one of --segment and --where: segment(NAME) and ...");
	return mail ? survey_letter_do(arguments, mail, invite_by_letter)
		    : invite(arguments, option_given(arguments, "letter"), NULL);
}
