// Draws the tab of the score: the score and how sure it is, its line over time, the scores given, and the parts.
#include "screens/surveys/surveys_state.h"
#include "screens/ui/chart.h"
#include "screens/ui/plot.h"
#include "screens/ui/text.h"
#include <inttypes.h>
#include <stdio.h>

enum { HEAD_HEIGHT = 3, PLOT_MOST = 18, LABEL_WIDTH = 12 };

static void draw_no_survey(const struct surveys *v, struct area a)
{
	if (v->is_listed)
		draw_text(a, 1, 1, a.width - 2, ROLE_DIM, "There is no survey yet. `loyalty survey create` makes one.");
}

// "Oct 2026   33.5 ±10.5  23.0 to 44.0  200 answers, 21 % of 950 invited replied".
static void draw_score_line(const struct surveys *v, struct area a, const struct trend_point *point)
{
	const struct survey_bucket *bucket = bucket_chosen(v);
	enum survey_kind kind = v->trend.kind;
	char name[GRAIN_TEXT], value[SCORE_TEXT], margin[SCORE_TEXT], low[SCORE_TEXT], high[SCORE_TEXT], rest[120];
	double rate = response_rate(bucket->replied, bucket->invited);
	int x = 1 + draw_format(a, 1, 1, a.width - 1, ROLE_HEADER, "%s  ", grain_text(v->grain, bucket->start, name));
	if (point->is_suppressed) {
		x += draw_text(a, 1, x, a.width - x, ROLE_WARNING, "n < 30: too few answers for a score");
	} else {
		x += draw_format(a, 1, x, a.width - x, ROLE_STRONG, "%s ±%s", score_text(kind, point->score.value, value),
			score_text(kind, (point->interval.high - point->interval.low) / 2, margin));
		x += draw_format(a, 1, x, a.width - x, ROLE_TEXT, "  %s to %s", score_text(kind, point->interval.low, low),
			score_text(kind, point->interval.high, high));
	}
	snprintf(rest, sizeof rest, "  n %" PRId64, point->score.n);
	x += draw_text(a, 1, x, a.width - x, ROLE_TEXT, rest);
	if (rate >= 0)
		draw_format(a, 1, x, a.width - x, ROLE_TEXT, "  %.0f %% of %" PRId64 " invited replied", rate, bucket->invited);
	else
		draw_text(a, 1, x, a.width - x, ROLE_DIM, "  nobody was invited");
}

// What moved since the bucket before, and how many answers would tell more.
static void draw_change_line(const struct surveys *v, struct area a, const struct trend_point *point)
{
	enum survey_kind kind = v->trend.kind;
	char name[GRAIN_TEXT], value[SCORE_TEXT], was[SCORE_TEXT], margin[SCORE_TEXT];
	if (v->at == 0 || point->is_suppressed)
		return;
	struct trend_point before = survey_point(&v->trend, v->at - 1);
	grain_text(v->grain, v->trend.at[v->at - 1].start, name);
	if (before.is_suppressed) {
		draw_format(a, 2, 1, a.width - 2, ROLE_DIM, "%s has too few answers to compare with", name);
		return;
	}
	struct score_change change = score_change(&point->score, &before.score);
	int x = 1 + draw_format(a, 2, 1, a.width - 1, ROLE_TEXT, "from %s (%s): %s%s ±%s, z %.2f: ", name,
			    score_text(kind, before.score.value, was), change.value < 0 ? "" : "+",
			    score_text(kind, change.value, value), score_text(kind, change.margin, margin), change.z);
	x += draw_text(a, 2, x, a.width - x, change.is_told ? change.value < 0 ? ROLE_BAD : ROLE_GOOD : ROLE_DIM,
		change.is_told ? change.value < 0 ? "WORSE" : "BETTER" : "may be chance");
	if (kind == SURVEY_NPS && score_margin(&point->score) > 5)
		draw_format(a, 2, x, a.width - x, ROLE_DIM, "; ±5 takes %" PRId64 " answers", score_needed(point->score.variance, 5));
}

static void draw_head(const struct surveys *v, struct area a)
{
	const struct survey *survey = survey_chosen(v);
	draw_format(a, 0, 1, a.width - 2, ROLE_STRONG, "%s %s: %s (%s%s)", survey_scales[survey->kind].name, survey->code, survey->name,
		survey->is_transactional ? "transactional" : "relational", survey->is_open ? ", open" : "");
	if (!bucket_chosen(v)) {
		if (v->is_loaded)
			draw_text(a, 1, 1, a.width - 2, ROLE_DIM, "Nobody has answered yet.");
		return;
	}
	struct trend_point point = survey_point(&v->trend, v->at);
	draw_score_line(v, a, &point);
	draw_change_line(v, a, &point);
}

static void draw_trend(const struct surveys *v, struct area a)
{
	struct plot_point points[TREND_MOST];
	const struct survey_scale *scale = &survey_scales[v->trend.kind];
	char title[80], first[GRAIN_TEXT], last[GRAIN_TEXT];
	if (!v->trend.count)
		return;
	for (int i = 0; i < v->trend.count; i++) {
		struct trend_point point = survey_point(&v->trend, i);
		points[i] = (struct plot_point){point.score.value, point.interval.low, point.interval.high, point.is_suppressed};
	}
	const struct plot plot = {.points = points,
		.count = v->trend.count,
		.least = scale->least,
		.most = scale->most,
		.decimals = scale->decimals,
		.selected = v->at};
	int shown = plot_first(&plot, a.width - 2 - PLOT_LABEL);
	snprintf(title, sizeof title, "%s by %s, %s to %s, with 95 %% band", scale->name, survey_grains[v->grain],
		grain_text(v->grain, v->trend.at[shown].start, first), grain_text(v->grain, v->trend.at[v->trend.count - 1].start, last));
	draw_rule(a, 0, title);
	plot_draw(area_columns(area_rows(a, 1, a.height - 1), 0, a.width - 1), &plot);
}

// The first of `count` rows to be seen, so that the one under the cursor is among `height`.
static int first_row(int cursor, int count, int height)
{
	int first = cursor - height / 2;
	return count <= height || first < 0 ? 0 : first > count - height ? count - height : first;
}

static void draw_score_row(const struct surveys *v, struct area a, int y, int score)
{
	const struct answers *answers = &bucket_chosen(v)->answers;
	int64_t whole = answers_count(answers), most = 1;
	for (int i = 0; i < ANSWER_SCORES; i++)
		most = answers->of[i] > most ? answers->of[i] : most;
	enum answer_class class = answer_class_of(v->trend.kind, score);
	bool is_here = v->pane == PANE_SCORES && score == v->score;
	enum role role = class == ANSWER_PROMOTER ? ROLE_GOOD : class == ANSWER_DETRACTOR ? ROLE_BAD : ROLE_CHART;
	int bar = a.width - 22 > 4 ? a.width - 22 : 4;
	draw_format(a, y, 1, 3, is_here ? ROLE_SELECTED : ROLE_TEXT, "%2d%c", score,
		class == ANSWER_PROMOTER ? '+' : class == ANSWER_DETRACTOR ? '-' : ' ');
	chart_bar(a, y, 5, bar, role, answers->of[score], most);
	draw_format(a, y, 6 + bar, a.width - 6 - bar, ROLE_TEXT, "%6" PRId64 " %5.1f %%", answers->of[score],
		whole ? 100.0 * (double)answers->of[score] / (double)whole : 0.0);
	if (is_here)
		draw_cursor(a, y, 1, false);
}

static void draw_scores(const struct surveys *v, struct area a)
{
	const struct survey_scale *scale = &survey_scales[v->trend.kind];
	const struct survey_bucket *bucket = bucket_chosen(v);
	char title[100];
	snprintf(title, sizeof title, "%s %" PRId64 ", %s %" PRId64, scale->classes[ANSWER_PROMOTER],
		answers_in_class(&bucket->answers, v->trend.kind, ANSWER_PROMOTER), scale->classes[ANSWER_DETRACTOR],
		answers_in_class(&bucket->answers, v->trend.kind, ANSWER_DETRACTOR));
	draw_rule(a, 0, title);
	int count = scale->highest - scale->lowest + 1, height = a.height - 1;
	int first = first_row(scale->highest - v->score, count, height);
	for (int i = 0; i < height && first + i < count; i++)
		draw_score_row(v, a, 1 + i, scale->highest - first - i);
}

// "gold         312   41.2 ±8.1  above the rest".
static void draw_part_row(const struct surveys *v, struct area a, int y, int number)
{
	const struct survey_part *part = &v->parts.at[number];
	enum survey_kind kind = v->trend.kind;
	struct answers rest = answers_rest(&bucket_chosen(v)->answers, &part->answers);
	struct score score = score_of(kind, &part->answers), others = score_of(kind, &rest);
	char value[SCORE_TEXT], margin[SCORE_TEXT];
	bool is_here = v->pane == PANE_PARTS && number == v->part;
	int label = a.width > 60 ? a.width - 40 : LABEL_WIDTH;
	draw_cell(a, y, 1, label, is_here ? ROLE_SELECTED : ROLE_TEXT, ALIGN_LEFT, part->label);
	int x = 1 + label + draw_format(a, y, 1 + label, 7, ROLE_TEXT, "%6" PRId64 " ", score.n);
	if (is_here)
		draw_cursor(a, y, 1, false);
	if (score_is_suppressed(&score)) {
		draw_text(a, y, x + 1, a.width - x - 1, ROLE_DIM, "n < 30");
		return;
	}
	x += draw_format(a, y, x, a.width - x, ROLE_STRONG, "%6s", score_text(kind, score.value, value));
	x += draw_format(a, y, x, a.width - x, ROLE_TEXT, " ±%-4s ", score_text(kind, score_margin(&score), margin));
	if (score_is_suppressed(&others))
		return;
	struct score_change change = score_change(&score, &others);
	draw_text(a, y, x, a.width - x, change.is_told ? change.value < 0 ? ROLE_BAD : ROLE_GOOD : ROLE_DIM,
		change.is_told ? change.value < 0 ? "BELOW" : "ABOVE" : "as rest");
}

static void draw_parts(const struct surveys *v, struct area a)
{
	char title[60];
	snprintf(title, sizeof title, "By %s, against the rest", survey_dimensions[v->dimension]);
	draw_rule(a, 0, title);
	int height = a.height - 1, first = first_row(v->part, v->parts.count, height);
	for (int i = 0; i < height && first + i < v->parts.count; i++)
		draw_part_row(v, a, 1 + i, first + i);
}

void surveys_draw_score(const struct screen *s, struct area a)
{
	const struct surveys *v = s->state;
	if (!survey_chosen(v)) {
		draw_no_survey(v, a);
		return;
	}
	draw_head(v, a);
	if (!bucket_chosen(v))
		return;
	const struct survey_scale *scale = &survey_scales[v->trend.kind];
	int bars = scale->highest - scale->lowest + 2, rest = a.height - HEAD_HEIGHT;
	int plot = rest - bars < 5 ? rest / 3 > 4 ? rest / 3 : 4 : rest - bars > PLOT_MOST ? PLOT_MOST : rest - bars;
	struct area below = area_rows(a, HEAD_HEIGHT + plot, rest - plot);
	int left = a.width / 2 - 2;
	draw_trend(v, area_rows(a, HEAD_HEIGHT, plot));
	draw_scores(v, area_columns(below, 0, left));
	draw_parts(v, area_columns(below, left + 1, a.width - left - 1));
}
