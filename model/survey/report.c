// Puts a survey's figures together for a report.
#include "model/survey/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const survey_line_kinds[LINE_KINDS] = {[LINES_TREND] = "trend",
	[LINES_SCORES] = "score",
	[LINES_TIER] = "tier",
	[LINES_CHANNEL] = "channel",
	[LINES_REGION] = "region",
	[LINES_SEGMENT] = "segment",
	[LINES_CAMPAIGN] = "campaign",
	[LINES_TAG] = "tag"};
_Static_assert((int)LINE_KINDS - (int)LINES_TIER == (int)DIMENSIONS, "a kind of line for each dimension");

enum { LINES_MOST = TREND_MOST + ANSWER_SCORES + DIMENSIONS * PARTS_MOST };

static bool survey_choose(struct survey_report *report, struct session *session, const char *code, struct error *error)
{
	struct ask ask;
	survey_list(&ask);
	struct result *list = ask_session(session, &ask, error);
	bool is_found = false;
	if (!list)
		return false;
	for (int row = 0; row < result_rows(list) && !is_found; row++) {
		survey_read(list, row, &report->survey);
		is_found = !code || strcmp(report->survey.code, code) == 0;
	}
	result_free(list);
	return is_found || error_set(error, ERROR_REFUSED, "nothing can be reported", "see loyalty survey list",
				   code ? "there is no survey \"%.40s\"" : "there is no survey yet%s", code ? code : "");
}

static struct survey_line *line_add(struct survey_report *report, enum survey_part_kind kind, const char *name)
{
	struct survey_line *line = &report->lines[report->count++];
	*line = (struct survey_line){.kind = kind, .share = -1};
	snprintf(line->name, sizeof line->name, "%s", name);
	return line;
}

static void line_score(struct survey_line *line, const struct score *score, int64_t population)
{
	line->score = *score;
	line->n = score->n;
	line->is_suppressed = score_is_suppressed(score);
	if (line->is_suppressed)
		return;
	line->interval = score_interval(score);
	if (population >= score->n && score->variance > 0) {
		double margin = score_margin_of(score, population);
		line->interval.low = score->value - margin;
		line->interval.high = score->value + margin;
	}
}

static void line_compare(struct survey_line *line, const struct score *with)
{
	line->is_compared = !line->is_suppressed && !score_is_suppressed(with);
	if (line->is_compared)
		line->change = score_change(&line->score, with);
}

static void trend_add(struct survey_report *report)
{
	char name[GRAIN_TEXT];
	struct score before = {0};
	for (int i = 0; i < report->trend.count; i++) {
		const struct survey_bucket *bucket = &report->trend.at[i];
		struct score score = score_of(report->survey.kind, &bucket->answers);
		struct survey_line *line = line_add(report, LINES_TREND, grain_text(report->grain, bucket->start, name));
		line_score(line, &score, report->population);
		line->share = response_rate(bucket->replied, bucket->invited);
		line_compare(line, &before);
		before = score;
	}
}

static void scores_add(struct survey_report *report, const struct answers *answers)
{
	const struct survey_scale *scale = &survey_scales[report->survey.kind];
	int64_t whole = answers_count(answers);
	char name[24];
	for (int score = scale->highest; score >= scale->lowest; score--) {
		snprintf(name, sizeof name, "%d", score);
		struct survey_line *line = line_add(report, LINES_SCORES, name);
		line->n = answers->of[score];
		line->share = whole ? 100 * (double)line->n / (double)whole : 0;
	}
}

static bool parts_add(struct survey_report *report, struct session *session, enum survey_dimension dimension, struct error *error)
{
	const struct survey_bucket *bucket = &report->trend.at[report->at];
	struct survey_parts parts;
	struct ask ask;
	survey_parts_ask(&ask, report->survey.id, report->grain, dimension, bucket->start, grain_add(report->grain, bucket->start, 1));
	struct result *result = ask_session(session, &ask, error);
	if (!result)
		return false;
	survey_parts_read(result, dimension, &parts);
	result_free(result);
	for (int i = 0; i < parts.count; i++) {
		struct answers rest = answers_rest(&bucket->answers, &parts.at[i].answers);
		struct score score = score_of(report->survey.kind, &parts.at[i].answers), others = score_of(report->survey.kind, &rest);
		struct survey_line *line = line_add(report, LINES_TIER + dimension, parts.at[i].label);
		line_score(line, &score, 0);
		line->share = 100 * (double)line->n / (double)answers_count(&bucket->answers);
		line_compare(line, &others);
	}
	return true;
}

static int bucket_choose(const struct survey_trend *trend, day_t at)
{
	for (int i = trend->count - 1; i >= 0; i--)
		if (at == DAY_NONE ? answers_count(&trend->at[i].answers) > 0 : trend->at[i].start <= at)
			return answers_count(&trend->at[i].answers) > 0 ? i : -1;
	return -1;
}

static bool lines_make(struct survey_report *report, struct session *session, day_t at, struct error *error)
{
	struct ask ask;
	survey_trend_ask(&ask, report->survey.id, report->grain);
	struct result *trend = ask_session(session, &ask, error);
	if (!trend)
		return false;
	survey_trend_read(trend, report->survey.kind, report->grain, &report->trend);
	result_free(trend);
	report->at = bucket_choose(&report->trend, at);
	trend_add(report);
	if (report->at < 0)
		return true;
	scores_add(report, &report->trend.at[report->at].answers);
	for (int dimension = 0; dimension < DIMENSIONS; dimension++)
		if (!parts_add(report, session, (enum survey_dimension)dimension, error))
			return false;
	return true;
}

static bool loop_make(struct survey_report *report, struct session *session, struct error *error)
{
	struct ask ask;
	int64_t is_allowed = 0;
	if (!session_number(session, "SELECT has_table_privilege('loyalty.survey_response', 'SELECT')::int", NULL, 0, &is_allowed, error))
		return false;
	if (!is_allowed)
		return true;
	survey_loop_ask(&ask, report->survey.id);
	struct result *result = ask_session(session, &ask, error);
	if (!result)
		return false;
	survey_loop_read(result, &report->loop);
	report->has_loop = report->loop.cases > 0;
	result_free(result);
	return true;
}

// "140 of 200 (70 %)".
static void share_text(int64_t part, int64_t whole, char value[LOOP_TEXT])
{
	value[0] = '\0';
	if (whole)
		snprintf(value, LOOP_TEXT, "%lld of %lld (%.0f %%)", (long long)part, (long long)whole, 100 * (double)part / (double)whole);
}

static void hours_text(int64_t seconds, char value[LOOP_TEXT])
{
	value[0] = '\0';
	if (seconds >= 0)
		snprintf(value, LOOP_TEXT, "%.1f hours", (double)seconds / 3600);
}

bool survey_report_loop(const struct survey_report *report, int number, const char **name, char value[LOOP_TEXT])
{
	static const char *const names[] = {"written to", "first message, median", "closed", "solution, median", "recovered: better next time",
		"still buying after the case", "goodwill", "goodwill for each recovered"};
	const struct survey_loop *loop = &report->loop;
	if (!report->has_loop || number >= (int)(sizeof names / sizeof *names))
		return false;
	*name = names[number];
	switch (number) {
	case 0:
		share_text(loop->answered, loop->cases, value);
		break;
	case 1:
		hours_text(loop->answer_s, value);
		break;
	case 2:
		share_text(loop->closed, loop->cases, value);
		break;
	case 3:
		hours_text(loop->close_s, value);
		break;
	case 4:
		share_text(loop->better, loop->asked_again, value);
		break;
	case 5:
		share_text(loop->buying, loop->closed, value);
		break;
	default:
		snprintf(value, LOOP_TEXT, "%s", number == 6 ? loop->given : loop->each);
	}
	return true;
}

bool survey_report_init(struct survey_report *report, struct session *session, const char *code, enum survey_grain grain, day_t at,
	int64_t population, struct error *error)
{
	*report = (struct survey_report){.grain = grain, .population = population, .at = -1};
	report->lines = calloc(LINES_MOST, sizeof *report->lines);
	if (!report->lines)
		return error_set(error, ERROR_FAILED, "out of memory", "", "%s", "");
	if (survey_choose(report, session, code, error) && lines_make(report, session, at, error) && loop_make(report, session, error))
		return true;
	survey_report_free(report);
	return false;
}

void survey_report_free(struct survey_report *report)
{
	free(report->lines);
	report->lines = NULL;
}

const struct survey_line *survey_report_head(const struct survey_report *report)
{
	return report->at < 0 ? NULL : &report->lines[report->at]; // the trend stands first
}
