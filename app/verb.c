// What every verb does first and last: a session that may be used, what failed, an answer printed.
#include "app/output.h"
#include "app/password.h"
#include "app/verb.h"
#include "db/migrate.h"
#include "db/text.h"
#include "model/ask.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool verb_has_page(const struct verb *verb)
{
	return verb->run == campaign_results_verb || verb->run == report_nps_verb || verb->run == report_programme_verb ||
	       verb->run == report_liability_verb || verb->run == report_cases_verb;
}

int verb_failed(const struct error *error)
{
	char line[800], safe[1200];
	fprintf(stderr, "loyalty: %s\n", neutral_text(safe, sizeof safe, error_line(error, line, sizeof line)));
	return error_exit_status(error);
}

int verb_misused(const char *what, const char *why, ...)
{
	struct error error;
	char reason[sizeof error.why];
	va_list values;
	va_start(values, why);
	vsnprintf(reason, sizeof reason, why, values);
	va_end(values);
	error_set(&error, ERROR_USAGE, what, "see loyalty --help", "%s", reason);
	return verb_failed(&error);
}

static bool session_prepare(struct session *session, const struct arguments *arguments, struct error *error)
{
	return !arguments->read_only ||
	       session_execute(session, SESSION_READ_ONLY, NULL, 0, error);
}

struct session *verb_session_any(const struct arguments *arguments, struct error *error)
{
	char name[64];
	snprintf(name, sizeof name, "loyalty %s", arguments->verb->name);
	struct session *session = session_open(arguments->database, name, error);
	if (!session && strcmp(error->sqlstate, "28P01") == 0 && password_ask())
		session = session_open(arguments->database, name, error);
	if (session && !session_prepare(session, arguments, error)) {
		session_close(session);
		session = NULL;
	}
	return session;
}

struct session *verb_session(const struct arguments *arguments, struct error *error)
{
	struct migrate_status status;
	struct session *session = verb_session_any(arguments, error);
	if (session && migrate_state(session, NULL, &status, error) && migrate_complain(&status, error))
		return session;
	session_close(session);
	return NULL;
}

int verb_ask(const struct arguments *arguments, const struct ask *ask, struct result **result)
{
	struct error error = {0};
	struct session *session = verb_session(arguments, &error);
	*result = session ? ask_session(session, ask, &error) : NULL;
	session_close(session);
	return *result ? 0 : verb_failed(&error);
}

int verb_ask_table(const struct arguments *arguments, const struct ask *ask)
{
	struct result *result;
	int status = verb_ask(arguments, ask, &result);
	if (result)
		output_table(stdout, arguments->format, result);
	result_free(result);
	return status;
}

bool verb_ask_part(struct session *session, const struct arguments *arguments, const char *name,
	const struct ask *ask, struct error *error)
{
	struct result *part = ask_session(session, ask, error);
	if (!part)
		return false;
	if (arguments->format == FORMAT_JSON)
		printf(", \"%s\": ", name);
	else if (result_rows(part))
		printf("\n%s\n", name);
	if (arguments->format == FORMAT_JSON || result_rows(part))
		output_table(stdout, arguments->format, part);
	result_free(part);
	return true;
}
