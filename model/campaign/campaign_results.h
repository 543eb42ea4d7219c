// What became of a campaign: members it gave something beside those it held out, and how sure the difference
// is.
#ifndef MODEL_CAMPAIGN_RESULTS_H
#define MODEL_CAMPAIGN_RESULTS_H
#include "db/result.h"
#include "model/ask.h"
#include "model/statistics.h"
#include <stdbool.h>
#include <stdint.h>

// So many days after a member's first decision are looked at (db/schema/0031_campaign_results.sql says what
// counts).
enum { RESULTS_DAYS = 30, RESULTS_DAYS_MOST = 366 };

struct results_group {
	int64_t members;                     // whose first decision was so
	int64_t over;                        // of those, whose days are over: all that follows is of them
	int64_t buyers, cases, opt_outs;     // members
	struct sample_mean purchases, spent; // of a member; spent in minor units of money
	int64_t minor, points;               // what their prizes cost
	int64_t promoters, passives, detractors;
};

struct campaign_results {
	struct results_group received, held_out;
};

// As many rows as there are groups; of a group that nobody is in all is 0.
void campaign_results_ask(struct ask *ask, int campaign_no, int days);
void campaign_results_take(struct campaign_results *results, const struct result *result);

// How many of a group had bought again by the end of each day after: members[1] to members[days], rising.
void campaign_comeback_ask(struct ask *ask, int campaign_no, int days);
void campaign_comeback_take(
	const struct result *result, bool is_held_out, int days, int64_t members[RESULTS_DAYS_MOST + 1]);

enum results_figure {
	FIGURE_BOUGHT,    // share of members who bought again
	FIGURE_PURCHASES, // of a member
	FIGURE_SPENT,     // of a member, minor units of money
	FIGURE_NPS,       // of those who answered, -100 to 100
	FIGURE_CASES,     // share of members who opened a case
	FIGURE_OPT_OUTS,  // share of members who took back their consent
	FIGURES
};

// Shares are 0 to 1. Where a group has fewer than SAMPLE_LEAST members (of NPS answers) nothing is known of
// it, and nothing of the difference. The intervals are Newcombe's of shares, Welch's of means, that of two
// scores of NPS.
struct results_comparison {
	int64_t received_n, held_out_n;
	bool is_received_known, is_held_out_known, is_known; // is_known: both
	double received, held_out;
	struct interval difference; // received less held out
	bool tells;                 // it is more than chance
	double change;              // the difference in parts of what was held out; NAN where that is 0
};
struct results_comparison results_compare(const struct campaign_results *results, enum results_figure figure);

// What one purchase more cost in money: what a member was given, by the purchases that a member made more
// than one held out. Only where these are more than chance; then the interval is that of the purchases,
// turned round.
bool results_cost(const struct campaign_results *results, struct interval *minor);
#endif
