// Reports that are written by themselves: what is due goes into a worker's folder, or into the outbox.
#ifndef MODEL_REPORT_JOB_H
#define MODEL_REPORT_JOB_H
#include "db/error.h"
#include "db/result.h"
#include "db/session.h"
#include "model/ask.h"
#include <stdbool.h>
#include <stdint.h>

// Writes the reports that are due, one after the other: into the folder (NULL or "": those wait) as
// REPORT-YYYY-MM-DD.html (or .txt, .csv, .json) of the programme's day, complete or not at all; or, where the
// job has addresses, into the outbox as one message to each, with what is noted in one transaction. One that
// cannot be written is noted with its reason and tried again in an hour. Of several workers one writes. An
// error is one of the database.
bool report_jobs_run(struct session *session, const char *folder, struct error *error);

struct report_order {
	const char *report, *format, *every; // every: "day", "week", "month"; "once": now, by mail
	int hour;
	const char *addresses; // parted by commas; "": into the folder
};
enum { ORDER_ARRAY = 4000 };
// For managers and administrators. One row, the job's number; array is lent until the ask is sent. False: an
// address, which *bad and *length then are, is none that mail can be sent to, or they are too many: *length 0.
bool report_job_schedule(struct ask *ask, const struct report_order *order, char array[ORDER_ARRAY],
	const char **bad, int *length);
void report_job_drop(struct ask *ask, const char *number);
// Columns number, report, format, every, hour, goes_to, next, written, file, mail, why.
void report_job_list(struct ask *ask);

// For the Health screen.
struct report_health {
	int64_t scheduled, unwritten, undelivered;
	const char *next, *why; // live as long as the result; "": none
};
void report_health_ask(struct ask *ask);
void report_health_take(struct report_health *health, const struct result *result);
#endif
