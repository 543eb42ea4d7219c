// The verbs report programme, liability and cases, as text, CSV, JSON or HTML, and those that schedule reports.
#include "app/report.h"

#include "model/ask.h"
#include "model/report/builders.h"
#include "model/report/job.h"

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

// --- Reports that write themselves.

int report_schedule_verb(const struct arguments *arguments)
{
	struct ask ask;
	struct result *result;
	const char *format = option_value(arguments, "as"), *every = option_value(arguments, "every");
	long long hour = option_number(arguments, "hour", 6);
	if (!report_builder(arguments->operands[0]))
		return verb_misused(arguments->operands[0], "a report is programme, liability, cases or nps");
	if (hour > 23)
		return verb_misused("--hour", "hours go from 0 to 23");
	report_job_schedule(&ask, arguments->operands[0], format ? format : "html", every ? every : "week", (int)hour);
	int status = verb_ask(arguments, &ask, &result);
	if (result)
		printf("report %s is scheduled; a worker with a folder for reports writes it\n", result_text(result, 0, 0));
	result_free(result);
	return status;
}

int report_scheduled_verb(const struct arguments *arguments)
{
	struct ask ask;
	report_job_list(&ask);
	return verb_ask_table(arguments, &ask);
}

int report_unschedule_verb(const struct arguments *arguments)
{
	struct ask ask;
	struct result *result;
	report_job_drop(&ask, arguments->operands[0]);
	int status = verb_ask(arguments, &ask, &result);
	if (result)
		puts("it is not written any more");
	result_free(result);
	return status;
}
