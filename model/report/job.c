// Reports that are written by themselves: what is due goes into a worker's folder, or into the outbox.
#include "model/report/job.h"

#include "model/outbox/message.h"
#include "model/report/builders.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH = 1024, WHY = 2 * PATH, REPORTS_AT_ONCE = 20, ADDRESSES_MOST = 20 };

static const struct {
	const char *word, *ending;
	enum report_format format;
} FORMATS[] = {{"text", "txt", REPORT_TEXT}, {"csv", "csv", REPORT_CSV}, {"json", "json", REPORT_JSON},
	{"html", "html", REPORT_HTML}};

struct due {
	char number[24], report[24], day[16], every[8];
	int format;
	bool is_mail;
};

// The row is held until it is noted what became of it.
static bool due_take(
	struct session *session, const char *folder, struct due *due, bool *is_found, struct error *error)
{
	struct result *result = session_ask(session, error,
		"SELECT report_no, report, format, loyalty.business_day(), every, by_mail FROM "
		"loyalty.report_job WHERE next_at <= now() AND (by_mail OR $1 <> '') "
		"ORDER BY next_at, report_no LIMIT 1 FOR UPDATE SKIP LOCKED",
		1, folder ? folder : "");
	if (!result)
		return false;
	*is_found = result_rows(result) > 0;
	*due = (struct due){.format = 0};
	if (*is_found) {
		snprintf(due->number, sizeof due->number, "%s", result_text(result, 0, 0));
		snprintf(due->report, sizeof due->report, "%s", result_text(result, 0, 1));
		snprintf(due->day, sizeof due->day, "%s", result_text(result, 0, 3));
		snprintf(due->every, sizeof due->every, "%s", result_text(result, 0, 4));
		due->is_mail = result_bool(result, 0, 5);
		for (int i = 0; i < (int)(sizeof FORMATS / sizeof *FORMATS); i++)
			if (strcmp(FORMATS[i].word, result_text(result, 0, 2)) == 0)
				due->format = i;
	}
	result_free(result);
	return true;
}

static void reason(char why[WHY], const char *path)
{
	snprintf(why, WHY, "%.900s: %s", path, strerror(errno));
}

// Whoever opens the file finds the whole report: it gets its name when it is complete.
static bool file_write(const struct report *report, int format, const char *path, char why[WHY])
{
	char part[PATH + 8];
	snprintf(part, sizeof part, "%s.part", path);
	FILE *out = fopen(part, "w");
	if (!out) {
		reason(why, part);
		return false;
	}
	bool is_good = report_write(out, report, FORMATS[format].format, false) && fsync(fileno(out)) == 0;
	if (!is_good)
		reason(why, part);
	is_good = fclose(out) == 0 && is_good;
	if (is_good && rename(part, path) != 0) {
		reason(why, path);
		is_good = false;
	}
	if (!is_good)
		unlink(part);
	return is_good;
}

// --- Into the outbox.

// The report as its file would have it; the caller's to free. NULL: out of memory.
static char *content_write(const struct report *report, const struct due *due)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	bool is_good = out && report_write(out, report, FORMATS[due->format].format, false);
	if (out && fclose(out) == 0 && is_good)
		return text;
	free(text);
	return NULL;
}

// What stands in the message before an attached report.
static char *letter_write(const struct report *report, const struct due *due)
{
	static const char *const kinds[] = {[REPORT_CSV] = "as a table for programs, CSV",
		[REPORT_JSON] = "as data for programs, JSON",
		[REPORT_HTML] = "as a page that any browser shows and prints"};
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	if (!out)
		return NULL;
	fprintf(out, "%s\n%s\n%s\n\nThe report is attached, %s.\n", report->title, report->subtitle,
		report->origin ? report->origin : "", kinds[FORMATS[due->format].format]);
	if (strcmp(due->every, "once") != 0)
		fprintf(out, "\nIt comes every %s. A manager ends that with: loyalty report unschedule %s\n",
			due->every, due->number);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

// A report as text is the message itself; any other is attached to a letter.
static bool mail_add(struct session *session, const struct report *report, const struct due *due,
	char why[WHY], struct error *error)
{
	bool is_text = FORMATS[due->format].format == REPORT_TEXT, is_good = true;
	char title[300], *content = content_write(report, due),
			 *letter = is_text ? NULL : letter_write(report, due);
	snprintf(title, sizeof title, "%.200s, %s", report->title, due->day);
	if (!content || (!is_text && !letter))
		snprintf(why, WHY, "out of memory");
	else
		is_good = session_execute(session,
			"SELECT loyalty.report_mail_add($1::bigint, $2::date, $3, $4, $5)",
			(const char *[]){due->number, due->day, title, is_text ? content : letter,
				is_text ? NULL : content},
			5, error);
	free(content);
	free(letter);
	return is_good;
}

// --- What is due.

// A report that the database refuses (there is no survey) must not take the note with it.
static bool due_build(struct session *session, const struct due *due, struct report *report, bool *is_built,
	char why[WHY], struct error *error)
{
	struct error refused = {0};
	report_build *build = report_builder(due->report);
	if (!session_execute(session, "SAVEPOINT report", NULL, 0, error))
		return false;
	*is_built = build && build(report, session, &refused) && report_origin(report, session, &refused);
	if (*is_built)
		return true;
	error_line(&refused, why, WHY);
	return session_execute(session, "ROLLBACK TO SAVEPOINT report", NULL, 0, error);
}

static bool due_write(struct session *session, const char *folder, const struct due *due, struct error *error)
{
	char path[PATH] = "", why[WHY] = "";
	struct report report = {0};
	bool is_built, is_good = due_build(session, due, &report, &is_built, why, error);
	if (!due->is_mail)
		snprintf(path, sizeof path, "%s/%s-%s.%s", folder, due->report, due->day,
			FORMATS[due->format].ending);
	if (is_good && is_built && due->is_mail)
		is_good = mail_add(session, &report, due, why, error);
	else if (is_good && is_built)
		file_write(&report, due->format, path, why);
	report_free(&report);
	return is_good && session_execute(session, "SELECT loyalty.report_told($1::bigint, $2, $3)",
				  (const char *[]){due->number, path, why}, 3, error);
}

bool report_jobs_run(struct session *session, const char *folder, struct error *error)
{
	struct due due;
	bool is_found = true;
	for (int i = 0; i < REPORTS_AT_ONCE && is_found; i++) {
		if (!session_begin(session, error) || !due_take(session, folder, &due, &is_found, error) ||
			(is_found && !due_write(session, folder, &due, error)) ||
			!session_commit(session, error))
			return false;
	}
	return true;
}

// --- Orders.

// The addresses as an array of PostgreSQL; none of what a good address is made of has a meaning between
// quotes there.
static bool addresses_write(const char *addresses, char array[ORDER_ARRAY], const char **bad, int *length)
{
	size_t used = 0;
	int count = 0;
	array[used++] = '{';
	for (const char *at = addresses + strspn(addresses, ", "); *at; at += strspn(at, ", ")) {
		char address[300];
		*bad = at;
		*length = (int)strcspn(at, ", ");
		snprintf(address, sizeof address, "%.*s", *length, at);
		if (!message_address_is_right(address))
			return false;
		if (++count > ADDRESSES_MOST || used + strlen(address) + 5 > ORDER_ARRAY) {
			*length = 0;
			return false;
		}
		used += (size_t)sprintf(array + used, "%s\"%s\"", count > 1 ? "," : "", address);
		at += *length;
	}
	strcpy(array + used, "}");
	return true;
}

bool report_job_schedule(struct ask *ask, const struct report_order *order, char array[ORDER_ARRAY],
	const char **bad, int *length)
{
	if (!addresses_write(order->addresses, array, bad, length))
		return false;
	ask_init(ask, "SELECT loyalty.report_schedule($1, $2, $3, $4::int, $5::text[])");
	ask_text(ask, order->report);
	ask_text(ask, order->format);
	ask_text(ask, order->every);
	ask_number(ask, order->hour);
	ask_text(ask, array);
	return true;
}

void report_job_drop(struct ask *ask, const char *number)
{
	ask_init(ask, "SELECT loyalty.report_unschedule($1::bigint)");
	ask_text(ask, number);
}

void report_job_list(struct ask *ask)
{
	ask_init(ask,
		"SELECT r.report_no AS number, r.report, r.format, r.every, r.hour, "
		"CASE WHEN r.by_mail THEN array_to_string(r.addresses, ', ') ELSE 'folder' END AS goes_to, "
		"to_char(nullif(r.next_at, 'infinity') AT TIME ZONE p.timezone, 'YYYY-MM-DD HH24:MI') AS next, "
		"to_char(r.written_at AT TIME ZONE p.timezone, 'YYYY-MM-DD HH24:MI') AS written, "
		"r.written_to AS file, loyalty.report_mail_word(r.report_no) AS mail, r.why "
		"FROM loyalty.report_job r, loyalty.programme p ORDER BY r.next_at, r.report_no");
}

void report_health_ask(struct ask *ask)
{
	ask_init(ask, "SELECT scheduled, unwritten, undelivered, next_at, why FROM loyalty.report_health()");
}

void report_health_take(struct report_health *health, const struct result *result)
{
	*health = (struct report_health){.scheduled = result_int64(result, 0, 0),
		.unwritten = result_int64(result, 0, 1),
		.undelivered = result_int64(result, 0, 2),
		.next = result_text(result, 0, 3),
		.why = result_text(result, 0, 4)};
}
