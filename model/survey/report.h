// What a survey's figures come to, line by line: for the report in any form.
#ifndef MODEL_SURVEY_REPORT_H
#define MODEL_SURVEY_REPORT_H
#include "db/session.h"
#include "model/survey/figures.h"
#include "model/survey/loop.h"
#include "model/survey/survey.h"

// LINES_TIER and on: in the order of enum survey_dimension.
enum survey_part_kind {
	LINES_TREND,
	LINES_SCORES,
	LINES_TIER,
	LINES_CHANNEL,
	LINES_REGION,
	LINES_SEGMENT,
	LINES_CAMPAIGN,
	LINES_TAG,
	LINE_KINDS
};
extern const char *const survey_line_kinds[LINE_KINDS]; // "trend", "score", "tier" ...

// A bucket of time, a score that was given, or a part of the members.
struct survey_line {
	enum survey_part_kind kind;
	char name[64];
	int64_t n;
	double share;           // per cent of the answers of its kind; of the trend: of those invited who replied, below 0: nobody was
	struct score score;     // not of a score given
	bool is_suppressed;     // too few for a score
	struct interval interval;
	bool is_compared;
	struct score_change change; // of the trend: from the one before; of a part: from the rest
};

struct survey_report {
	struct survey survey;
	enum survey_grain grain;
	int64_t population; // 0: not given
	struct survey_trend trend;
	int at; // bucket that the other lines are of; -1: there are no answers
	bool has_loop; // whoever asks may see what became of single answers
	struct survey_loop loop;
	struct survey_line *lines; // owned
	int count;
};

// The bucket of that day, DAY_NONE: the newest with answers. code NULL: the first survey there is. To be freed. false: error
// tells why; nothing is to be freed.
bool survey_report_init(struct survey_report *report, struct session *session, const char *code, enum survey_grain grain, day_t at,
	int64_t population, struct error *error);
// What was done for the unhappy, in words, one by one: name and value of line `number`, "": none yet. False: there are no more.
enum { LOOP_TEXT = 96 };
bool survey_report_loop(const struct survey_report *report, int number, const char **name, char value[LOOP_TEXT]);
void survey_report_free(struct survey_report *report);
// The line of the trend that is the report's own; NULL: there are no answers.
const struct survey_line *survey_report_head(const struct survey_report *report);
#endif
