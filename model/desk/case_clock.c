// Asks the database to do what is due of cases, pieces of jobs over many, and questions how it went.
#include "model/desk/case_clock.h"
#include "db/clock.h"

enum { EVERY_MS = 1000 };

bool case_clock_step(struct case_clock *clock, struct session *session, bool *is_busy, struct error *error)
{
	int64_t done = 0;
	if (clock_ms() < clock->due_ms)
		return true;
	if (!session_number(session, "SELECT loyalty.case_clock() + loyalty.case_job_step(100) + loyalty.case_survey_step(20)",
		    NULL, 0, &done, error))
		return false;
	clock->due_ms = done ? 0 : clock_ms() + EVERY_MS;
	*is_busy |= done > 0;
	return true;
}
