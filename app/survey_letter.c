// What surveys write: reads the text of an invitation, checks it, and keeps it as the survey's letter.
#include "app/survey_letter.h"
#include "app/programme.h"
#include "model/ask.h"
#include "model/outbox/template.h"
#include "model/survey/survey.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Its first line is the subject; a blank line, then the body. Both point into `text`.
struct invitation {
	char *text; // owned
	char *subject, *body;
};

static bool text_check(const char *file, int line, const char *text, bool is_subject, struct error *error)
{
	const unsigned sure = PLACES_SURE | PLACE(SURVEY) | PLACE(LINK) | PLACE(EXPIRES);
	struct template_form form = {.fits = PLACES_OF_SURVEY,
		.sure = sure,
		.most = is_subject ? TEMPLATE_SUBJECT_MOST : TEMPLATE_BODY_MOST,
		.is_line = is_subject};
	struct template_fault fault;
	char what[160];
	if (template_check(text, &form, &fault))
		return true;
	snprintf(what, sizeof what, "%.100s:%d:%d", file, line + fault.line, fault.column);
	return error_set(error, ERROR_USAGE, what, fault.todo, "%s", fault.why);
}

static bool invitation_take(struct invitation *invitation, const char *file, struct error *error)
{
	static const char todo[] = "see loyalty survey letter --help";
	char *end = strchr(invitation->text, '\n');
	invitation->subject = invitation->text;
	if (!end || end[1] != '\n')
		return error_set(error, ERROR_USAGE, file, todo,
			"its first line is the subject, its second line empty");
	*end = '\0';
	invitation->body = end + 2;
	if (!text_check(file, 0, invitation->subject, true, error) ||
		!text_check(file, 2, invitation->body, false, error))
		return false;
	return template_needs(invitation->body) & PLACE(LINK) ||
	       error_set(error, ERROR_USAGE, file, todo, "nobody can answer without {link} in the text");
}

static bool link_check(const char *link, struct error *error)
{
	static const char what[] = "the link to the survey",
			  todo[] = "give it as --link 'https://club.example.org/s/{token}'";
	if (!link || strncmp(link, "https://", 8) != 0 || strpbrk(link, " \t\r\n") || strlen(link) > 400)
		return error_set(error, ERROR_USAGE, what, todo, "it is an https address");
	return strstr(link, "{token}") ||
	       error_set(error, ERROR_USAGE, what, todo, "{token} stands where each one's own goes");
}

int survey_letter_do(const struct arguments *arguments, const char *file, survey_letter_run *run)
{
	struct error error = {0};
	struct invitation invitation = {.text = NULL};
	const char *link = option_value(arguments, "link");
	size_t length;
	invitation.text = file_text(file, &length, &error);
	bool is_good =
		invitation.text && link_check(link, &error) && invitation_take(&invitation, file, &error);
	const struct survey_letter letter = {
		invitation.subject, invitation.body, link, option_value(arguments, "language")};
	int status = is_good ? run(arguments, &letter) : verb_failed(&error);
	free(invitation.text);
	return status;
}

static int keep(const struct arguments *arguments, const struct survey_letter *letter)
{
	struct ask ask;
	struct result *result;
	const char *code = arguments->operands[0];
	survey_letter_set(&ask, code, letter);
	int status = verb_ask(arguments, &ask, &result);
	if (status == 0)
		printf("kept; next: loyalty survey invite %s --letter, or loyalty survey after-case %s\n", code, code);
	result_free(result);
	return status;
}

int survey_letter_verb(const struct arguments *arguments)
{
	return survey_letter_do(arguments, arguments->operands[1], keep);
}
