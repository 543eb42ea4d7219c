// Reports that are written by themselves: what is due goes into a worker's folder.
#ifndef MODEL_REPORT_JOB_H
#define MODEL_REPORT_JOB_H
#include "db/error.h"
#include "db/session.h"
#include "model/ask.h"
#include <stdbool.h>

// Writes the reports that are due into the folder, one after the other: REPORT-YYYY-MM-DD.html (or .txt,
// .csv, .json) of the programme's day, complete or not at all. One that cannot be written is noted with its
// reason and tried again in an hour. Of several workers one writes. An error is one of the database.
bool report_jobs_run(struct session *session, const char *folder, struct error *error);

// For managers and administrators. The first: one row, its number; the list: columns number, report, format,
// every, hour, next, written, file, why.
void report_job_schedule(
	struct ask *ask, const char *report, const char *format, const char *every, int hour);
void report_job_drop(struct ask *ask, const char *number);
void report_job_list(struct ask *ask);
#endif
