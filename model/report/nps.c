// The report nps: what members said to a survey, as a page.
#include "model/report/builders.h"

#include "model/survey/report.h"
#include <math.h>

enum { FEW_ROWS = 3 };

static const struct report_column COLUMNS[] = {
	{"name", "Of", COLUMN_TEXT},
	{"n", "Answers", COLUMN_NUMBER},
	{"percent", "Share", COLUMN_NUMBER},
	{"score", "Score", COLUMN_NUMBER},
	{"interval", "95 % interval", COLUMN_TEXT},
	{"change", "Change", COLUMN_NUMBER},
	{"verdict", "Told apart", COLUMN_TEXT},
};

static const struct {
	const char *title, *note;
} PARTS[LINE_KINDS] = {
	[LINES_TREND] = {"Over time", "Share: who answered, of those invited. Change: from the one before."},
	[LINES_SCORES] = {"Scores given", ""},
	[LINES_TIER] = {"By tier", "Change: from all others."},
	[LINES_CHANNEL] = {"By channel", "Change: from all others."},
	[LINES_REGION] = {"By region", "Change: from all others."},
	[LINES_SEGMENT] = {"By segment", "Saved segments, as of the invitation; a member may be in several. Change: from all others."},
	[LINES_CAMPAIGN] = {"By campaign",
		"Whose prize the member was given in the 90 days before; there may be several. Change: from all others."},
	[LINES_TAG] = {"By tag", "What the answers are about, as people found. Change: from all others."},
};

static void line_row(struct report *report, const struct survey_line *line, enum survey_kind kind)
{
	char text[SCORE_TEXT], low[SCORE_TEXT], high[SCORE_TEXT], number[64],
		interval[2 * SCORE_TEXT + 8] = "";
	bool is_scored = line->kind != LINES_SCORES && !line->is_suppressed;
	if (is_scored)
		snprintf(interval, sizeof interval, "%s to %s", score_text(kind, line->interval.low, low),
			score_text(kind, line->interval.high, high));
	report_text(report, line->name);
	snprintf(number, sizeof number, "%lld", (long long)line->n);
	report_number(report, number, (double)line->n);
	snprintf(number, sizeof number, "%.1f %%", line->share);
	report_number(report, line->share < 0 ? "" : number, line->share < 0 ? NAN : line->share);
	if (is_scored)
		report_number(report, score_text(kind, line->score.value, text), line->score.value);
	else
		report_number(report, line->is_suppressed ? "fewer than 30" : "", NAN);
	report_text(report, interval);
	if (line->is_compared)
		snprintf(number, sizeof number, "%s%s ±%s", line->change.value < 0 ? "" : "+",
			score_text(kind, line->change.value, text),
			score_text(kind, line->change.margin, low));
	report_verdict(report, line->is_compared ? number : "", line->is_compared ? line->change.value : NAN,
		line->is_compared && line->change.is_told ? line->change.value > 0 ? 1 : -1 : 0);
	report_text(report, !line->is_compared ? "" : line->change.is_told ? "different" : "may be chance");
}

// The section of the line's kind, with the chart that belongs to it.
static void part_begin(struct report *report, const struct survey_report *survey, enum survey_part_kind kind)
{
	report_section(report, survey_line_kinds[kind], PARTS[kind].title, PARTS[kind].note, COLUMNS,
		sizeof COLUMNS / sizeof *COLUMNS);
	if (kind == LINES_TREND)
		report_chart(report, CHART_LINE, "Score, with what chance alone would make of it", "", NAN);
	else if (kind == LINES_SCORES)
		report_chart(report, CHART_BARS, "Answers", "", NAN);
	for (int i = 0; i < survey->count; i++) {
		const struct survey_line *line = &survey->lines[i];
		if (line->kind != kind)
			continue;
		if (kind == LINES_TREND)
			report_point(report, line->name, line->is_suppressed ? NAN : line->score.value,
				line->is_suppressed ? NAN : line->interval.low,
				line->is_suppressed ? NAN : line->interval.high);
	}
	for (int i = survey->count - 1; kind == LINES_SCORES && i >= 0; i--) // the least score on the left
		if (survey->lines[i].kind == kind)
			report_point(report, survey->lines[i].name, (double)survey->lines[i].n, NAN, NAN);
}

// Parts with too few answers for a score are told together, where they would be a long list.
static bool is_folded(const struct survey_report *survey, const struct survey_line *line)
{
	int few = 0;
	for (int i = 0; i < survey->count; i++)
		few += survey->lines[i].kind == line->kind && survey->lines[i].is_suppressed;
	return line->is_suppressed && line->kind != LINES_TREND && line->kind != LINES_SCORES && few > FEW_ROWS;
}

static void folded_row(struct report *report, const struct survey_report *survey, enum survey_part_kind kind)
{
	char name[40], number[64];
	long long n = 0;
	int parts = 0;
	for (int i = 0; i < survey->count; i++)
		if (survey->lines[i].kind == kind && is_folded(survey, &survey->lines[i])) {
			n += survey->lines[i].n;
			parts++;
		}
	if (parts == 0)
		return;
	snprintf(name, sizeof name, "%d others", parts);
	snprintf(number, sizeof number, "%lld", n);
	report_text(report, name);
	report_number(report, number, (double)n);
	report_number(report, "", NAN);
	report_number(report, "fewer than 30 each", NAN);
	for (int i = 0; i < 3; i++)
		report_text(report, "");
}

static void loop_add(struct report *report, const struct survey_report *survey)
{
	static const struct report_column columns[] = {{"name", "", COLUMN_TEXT}, {"value", "", COLUMN_TEXT}};
	const char *name;
	char value[LOOP_TEXT];
	if (!survey->has_loop)
		return;
	report_section(report, "loop", "Closing the loop",
		"Of the newest answers that have a case. Recovered: the member's next answer is in a better class.", columns,
		sizeof columns / sizeof *columns);
	for (int i = 0; survey_report_loop(survey, i, &name, value); i++) {
		report_text(report, name);
		report_text(report, *value ? value : "none yet");
	}
}

void report_survey(struct report *report, const struct survey_report *survey)
{
	char subtitle[400], value[SCORE_TEXT], low[SCORE_TEXT], high[SCORE_TEXT];
	const struct survey_line *head = survey_report_head(survey);
	enum survey_kind kind = survey->survey.kind;
	if (!head)
		snprintf(subtitle, sizeof subtitle, "there are no answers");
	else if (head->is_suppressed)
		snprintf(subtitle, sizeof subtitle, "%s: too few answers for a score (%lld)", head->name,
			(long long)head->n);
	else
		snprintf(subtitle, sizeof subtitle, "%s: %s %s (%s to %s), %lld answers", head->name,
			survey_scales[kind].name, score_text(kind, head->score.value, value),
			score_text(kind, head->interval.low, low),
			score_text(kind, head->interval.high, high), (long long)head->n);
	report_init(report, "nps", survey->survey.name, subtitle);
	for (int i = 0; i < survey->count; i++) {
		if (i == 0 || survey->lines[i].kind != survey->lines[i - 1].kind)
			part_begin(report, survey, survey->lines[i].kind);
		if (!is_folded(survey, &survey->lines[i]))
			line_row(report, &survey->lines[i], kind);
		if (i + 1 == survey->count || survey->lines[i + 1].kind != survey->lines[i].kind)
			folded_row(report, survey, survey->lines[i].kind);
	}
	loop_add(report, survey);
}

bool report_nps(struct report *report, struct session *session, struct error *error)
{
	struct survey_report survey;
	if (!survey_report_init(&survey, session, NULL, GRAIN_MONTH, DAY_NONE, 0, error)) {
		report_init(report, "nps", "", "");
		return false;
	}
	report_survey(report, &survey);
	survey_report_free(&survey);
	return true;
}
