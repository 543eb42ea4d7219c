// The results of a campaign as a report that people read, keep and send on.
#ifndef MODEL_CAMPAIGN_REPORT_H
#define MODEL_CAMPAIGN_REPORT_H
#include "model/campaign/campaign_results.h"
#include "model/report/report.h"

struct campaign_report_source {
	int campaign_no, days;
	const char *code, *name, *state; // of the campaign; borrowed
	const char *money, *currency;    // of the programme; of its points, "" where it gives none
	int decimals;                    // of the points
	int64_t decisions, grants;
	const struct campaign_results *results;
	const int64_t *received, *held_out; // campaign_comeback_take()
};

// Sections: figures (each with both groups, their difference and its interval), cost, and by day (a chart
// too). The report is to be freed with report_free().
void campaign_report_make(struct report *report, const struct campaign_report_source *source);
#endif
