// What the verbs report ... share.
#ifndef APP_REPORT_H
#define APP_REPORT_H
#include "app/verb.h"
#include "model/report/report.h"

// Writes the report in the format asked for; returns the exit status.
int report_print(const struct arguments *arguments, const struct report *report);
#endif
