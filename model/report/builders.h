// The reports there are, each made of the figures at rest.
#ifndef MODEL_REPORT_BUILDERS_H
#define MODEL_REPORT_BUILDERS_H
#include "db/error.h"
#include "db/session.h"
#include "model/report/report.h"
#include <stdbool.h>

struct survey_report;

// Fills a report, which is to be freed either way. Managers, administrators and the worker may.
typedef bool report_build(struct report *report, struct session *session, struct error *error);
report_build report_programme, report_liability, report_cases, report_nps;

// The page of a survey's figures, however they were asked for.
void report_survey(struct report *report, const struct survey_report *survey);

// Notes in a report whose programme it is of and on which of its days it was written.
bool report_origin(struct report *report, struct session *session, struct error *error);

// The one of that code: "programme", "liability", "cases", "nps"; NULL: there is none.
report_build *report_builder(const char *code);
#endif
