// The verbs report programme, liability and cases: the managers' pages as text, CSV, JSON or HTML.
#include "app/report.h"

#include "model/report/builders.h"

#include <stdio.h>

static enum report_format wanted(const struct arguments *arguments)
{
	static const enum report_format formats[] = {[FORMAT_TEXT] = REPORT_TEXT,
		[FORMAT_JSON] = REPORT_JSON,
		[FORMAT_CSV] = REPORT_CSV,
		[FORMAT_HTML] = REPORT_HTML};
	return formats[arguments->format];
}

int report_print(const struct arguments *arguments, const struct report *report)
{
	struct error error;
	if (report_write(stdout, report, wanted(arguments), arguments->ascii))
		return 0;
	error_set(&error, ERROR_FAILED, "the report was not written", "", "out of memory, or the output is closed");
	return verb_failed(&error);
}

static int build_and_print(const struct arguments *arguments, report_build *build)
{
	struct error error = {0};
	struct report report = {0};
	struct session *session = verb_session(arguments, &error);
	bool is_good = session && build(&report, session, &error);
	session_close(session);
	int status = is_good ? report_print(arguments, &report) : verb_failed(&error);
	report_free(&report);
	return status;
}

int report_programme_verb(const struct arguments *arguments)
{
	return build_and_print(arguments, report_programme);
}

int report_liability_verb(const struct arguments *arguments)
{
	return build_and_print(arguments, report_liability);
}

int report_cases_verb(const struct arguments *arguments)
{
	return build_and_print(arguments, report_cases);
}
