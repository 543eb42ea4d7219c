// Reports that are written by themselves: what is due goes into a worker's folder.
#include "model/report/job.h"

#include "model/report/builders.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PATH = 1024, REPORTS_AT_ONCE = 20 };

static const struct {
	const char *word, *ending;
	enum report_format format;
} FORMATS[] = {{"text", "txt", REPORT_TEXT}, {"csv", "csv", REPORT_CSV}, {"json", "json", REPORT_JSON},
	{"html", "html", REPORT_HTML}};

struct due {
	char number[24], report[24], day[16];
	int format;
};

// The row is held until it is noted what became of it.
static bool due_take(struct session *session, struct due *due, bool *is_found, struct error *error)
{
	struct result *result = session_ask(session, error,
		"SELECT report_no, report, format, loyalty.business_day() FROM loyalty.report_job WHERE "
		"next_at <= now() "
		"ORDER BY next_at, report_no LIMIT 1 FOR UPDATE SKIP LOCKED",
		0);
	if (!result)
		return false;
	*is_found = result_rows(result) > 0;
	*due = (struct due){.format = 0};
	if (*is_found) {
		snprintf(due->number, sizeof due->number, "%s", result_text(result, 0, 0));
		snprintf(due->report, sizeof due->report, "%s", result_text(result, 0, 1));
		snprintf(due->day, sizeof due->day, "%s", result_text(result, 0, 3));
		for (int i = 0; i < (int)(sizeof FORMATS / sizeof *FORMATS); i++)
			if (strcmp(FORMATS[i].word, result_text(result, 0, 2)) == 0)
				due->format = i;
	}
	result_free(result);
	return true;
}

static void reason(char *out, size_t size, const char *path)
{
	snprintf(out, size, "%.900s: %s", path, strerror(errno));
}

// Whoever opens the file finds the whole report: it gets its name when it is complete.
static bool file_write(const struct report *report, int format, const char *path, char *why, size_t size)
{
	char part[PATH + 8];
	snprintf(part, sizeof part, "%s.part", path);
	FILE *out = fopen(part, "w");
	if (!out) {
		reason(why, size, part);
		return false;
	}
	bool is_good = report_write(out, report, FORMATS[format].format, false) && fsync(fileno(out)) == 0;
	if (!is_good)
		reason(why, size, part);
	is_good = fclose(out) == 0 && is_good;
	if (is_good && rename(part, path) != 0) {
		reason(why, size, path);
		is_good = false;
	}
	if (!is_good)
		unlink(part);
	return is_good;
}

// A report that the database refuses (there is no survey) must not take the note with it.
static bool due_write(struct session *session, const char *folder, const struct due *due, struct error *error)
{
	char path[PATH], why[2 * PATH] = "";
	struct report report = {0};
	struct error refused = {0};
	report_build *build = report_builder(due->report);
	snprintf(
		path, sizeof path, "%s/%s-%s.%s", folder, due->report, due->day, FORMATS[due->format].ending);
	if (!session_execute(session, "SAVEPOINT report", NULL, 0, error))
		return false;
	bool is_built = build && build(&report, session, &refused);
	if (!is_built) {
		error_line(&refused, why, sizeof why);
		if (!session_execute(session, "ROLLBACK TO SAVEPOINT report", NULL, 0, error)) {
			report_free(&report);
			return false;
		}
	}
	if (is_built)
		file_write(&report, due->format, path, why, sizeof why);
	report_free(&report);
	return session_execute(session, "SELECT loyalty.report_told($1::bigint, $2, $3)",
		(const char *[]){due->number, path, why}, 3, error);
}

bool report_jobs_run(struct session *session, const char *folder, struct error *error)
{
	struct due due;
	bool is_found = true;
	for (int i = 0; i < REPORTS_AT_ONCE && is_found; i++) {
		if (!session_begin(session, error) || !due_take(session, &due, &is_found, error) ||
			(is_found && !due_write(session, folder, &due, error)) ||
			!session_commit(session, error))
			return false;
	}
	return true;
}

void report_job_schedule(struct ask *ask, const char *report, const char *format, const char *every, int hour)
{
	ask_init(ask, "SELECT loyalty.report_schedule($1, $2, $3, $4::int)");
	ask_text(ask, report);
	ask_text(ask, format);
	ask_text(ask, every);
	ask_number(ask, hour);
}

void report_job_drop(struct ask *ask, const char *number)
{
	ask_init(ask, "SELECT loyalty.report_unschedule($1::bigint)");
	ask_text(ask, number);
}

void report_job_list(struct ask *ask)
{
	ask_init(ask, "SELECT r.report_no AS number, r.report, r.format, r.every, r.hour, "
		      "to_char(r.next_at AT TIME ZONE p.timezone, 'YYYY-MM-DD HH24:MI') AS next, "
		      "to_char(r.written_at AT TIME ZONE p.timezone, 'YYYY-MM-DD HH24:MI') AS written, "
		      "r.written_to AS file, r.why "
		      "FROM loyalty.report_job r, loyalty.programme p ORDER BY r.next_at, r.report_no");
}
