// The verbs report programme, liability and cases, as text, CSV, JSON or HTML, and those that schedule reports.
#include "app/report.h"

#include "model/ask.h"
#include "model/report/builders.h"
#include "model/report/job.h"

#include <stdio.h>
#include <string.h>

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
	bool is_good = session && build(&report, session, &error) && report_origin(&report, session, &error);
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

static int order(const struct arguments *arguments, const struct report_order *order, const char *done)
{
	struct ask ask;
	struct result *result;
	char array[ORDER_ARRAY], address[100];
	const char *bad;
	int length;
	if (!report_builder(order->report))
		return verb_misused(order->report, "a report is programme, liability, cases or nps");
	if (!report_job_schedule(&ask, order, array, &bad, &length)) {
		snprintf(address, sizeof address, "%.*s", length, bad);
		return verb_misused(length ? address : "--mail-to", length ? "no address that mail can be sent to"
								      : "a report goes to at most twenty addresses");
	}
	int status = verb_ask(arguments, &ask, &result);
	if (result)
		printf("report %s %s\n", result_text(result, 0, 0), done);
	result_free(result);
	return status;
}

static const char *said(const struct arguments *arguments, const char *option, const char *otherwise)
{
	const char *value = option_value(arguments, option);
	return value ? value : otherwise;
}

int report_schedule_verb(const struct arguments *arguments)
{
	long long hour = option_number(arguments, "hour", 6);
	const struct report_order wanted = {.report = arguments->operands[0],
		.format = said(arguments, "as", "html"),
		.every = said(arguments, "every", "week"),
		.hour = (int)hour,
		.addresses = said(arguments, "mail-to", "")};
	if (hour > 23)
		return verb_misused("--hour", "hours go from 0 to 23");
	return order(arguments, &wanted,
		*wanted.addresses ? "is scheduled; a worker writes it into the outbox, and one with a mail command sends it"
				  : "is scheduled; a worker with a folder for reports writes it");
}

int report_send_verb(const struct arguments *arguments)
{
	const struct report_order wanted = {.report = arguments->operands[0],
		.format = said(arguments, "as", "html"),
		.every = "once",
		.addresses = said(arguments, "mail-to", "")};
	if (!wanted.addresses[strspn(wanted.addresses, ", ")])
		return verb_misused("--mail-to", "say to whom: --mail-to ann@example.org");
	return order(arguments, &wanted, "goes out as soon as a worker has it; loyalty report scheduled tells");
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
