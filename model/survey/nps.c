// Scores of surveys, their margins and their differences.
#include "model/survey/nps.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const struct survey_scale survey_scales[SURVEY_KINDS] = {
	[SURVEY_NPS] = {.code = "nps",
		.name = "NPS",
		.classes = {"detractors", "passives", "promoters"},
		.lowest = 0,
		.highest = 10,
		.passive = 7,
		.promoter = 9,
		.questions = 1,
		.least = -100,
		.most = 100,
		.decimals = 1},
	[SURVEY_CSAT] = {.code = "csat",
		.name = "CSAT",
		.classes = {"displeased", "neither", "pleased"},
		.lowest = 1,
		.highest = 5,
		.passive = 3,
		.promoter = 4,
		.questions = 1,
		.least = 0,
		.most = 100,
		.decimals = 1},
	[SURVEY_CES] = {.code = "ces",
		.name = "CES",
		.classes = {"hard", "neither", "easy"},
		.lowest = 1,
		.highest = 7,
		.passive = 4,
		.promoter = 5,
		.questions = 1,
		.least = 1,
		.most = 7,
		.decimals = 2},
	[SURVEY_CLI] = {.code = "cli",
		.name = "CLI",
		.classes = {"weak", "middling", "loyal"},
		.lowest = 3,
		.highest = 18,
		.passive = 9,
		.promoter = 13,
		.questions = 3,
		.least = 1,
		.most = 6,
		.decimals = 2},
};

enum survey_kind survey_kind_of(const char *code)
{
	int kind = 0;
	while (kind < SURVEY_KINDS && strcmp(survey_scales[kind].code, code) != 0)
		kind++;
	return (enum survey_kind)kind;
}

enum answer_class answer_class_of(enum survey_kind kind, int score)
{
	const struct survey_scale *scale = &survey_scales[kind];
	return score >= scale->promoter  ? ANSWER_PROMOTER
	       : score >= scale->passive ? ANSWER_PASSIVE
					 : ANSWER_DETRACTOR;
}

int64_t answers_count(const struct answers *answers)
{
	int64_t count = 0;
	for (int score = 0; score < ANSWER_SCORES; score++)
		count += answers->of[score];
	return count;
}

int64_t answers_in_class(const struct answers *answers, enum survey_kind kind, enum answer_class class)
{
	int64_t count = 0;
	for (int score = 0; score < ANSWER_SCORES; score++)
		if (answer_class_of(kind, score) == class)
			count += answers->of[score];
	return count;
}

void answers_add(struct answers *sum, const struct answers *more)
{
	for (int score = 0; score < ANSWER_SCORES; score++)
		sum->of[score] += more->of[score];
}

struct answers answers_rest(const struct answers *whole, const struct answers *part)
{
	struct answers rest;
	for (int score = 0; score < ANSWER_SCORES; score++)
		rest.of[score] = whole->of[score] - part->of[score];
	return rest;
}

// What one answer counts as.
static double answer_value(enum survey_kind kind, int score)
{
	enum answer_class class = answer_class_of(kind, score);
	switch (kind) {
	case SURVEY_NPS:
		return 100 * ((class == ANSWER_PROMOTER) - (class == ANSWER_DETRACTOR));
	case SURVEY_CSAT:
		return 100 * (class == ANSWER_PROMOTER);
	default:
		return (double)score / survey_scales[kind].questions;
	}
}

struct score score_of(enum survey_kind kind, const struct answers *answers)
{
	struct score result = {.kind = kind, .n = answers_count(answers)};
	double sum = 0, squares = 0, n = (double)result.n;
	if (!result.n)
		return result;
	for (int score = 0; score < ANSWER_SCORES; score++) {
		double value = answer_value(kind, score), count = (double)answers->of[score];
		sum += count * value;
		squares += count * value * value;
	}
	result.value = sum / n;
	result.variance = fmax(squares / n - result.value * result.value, 0);
	return result;
}

bool score_is_suppressed(const struct score *score)
{
	return score->n < SAMPLE_LEAST;
}

double score_error(const struct score *score)
{
	return sqrt(score->variance / (double)score->n);
}

double score_margin(const struct score *score)
{
	return NORMAL_95 * score_error(score);
}

double score_margin_of(const struct score *score, int64_t population)
{
	double missing = (double)(population - score->n), others = (double)(population - 1);
	return others > 0 ? score_margin(score) * sqrt(missing / others) : 0;
}

static struct interval clipped(enum survey_kind kind, double value, double margin)
{
	const struct survey_scale *scale = &survey_scales[kind];
	return (struct interval){.value = value,
		.low = fmax(value - margin, scale->least),
		.high = fmin(value + margin, scale->most)};
}

struct interval score_adjusted(const struct score *score)
{
	const struct survey_scale *scale = &survey_scales[score->kind];
	double middle = (scale->least + scale->most) / 2, n = (double)score->n + 3;
	double sum = (double)score->n * score->value + 0.75 * scale->least + 1.5 * middle + 0.75 * scale->most;
	double squares = (double)score->n * (score->variance + score->value * score->value) +
			 0.75 * scale->least * scale->least + 1.5 * middle * middle + 0.75 * scale->most * scale->most;
	double value = sum / n, variance = squares / n - value * value;
	return clipped(score->kind, value, NORMAL_95 * sqrt(variance / n));
}

struct interval score_interval(const struct score *score)
{
	return score->variance > 0 ? clipped(score->kind, score->value, score_margin(score)) : score_adjusted(score);
}

int64_t score_needed(double variance, double margin)
{
	return (int64_t)ceil(variance * NORMAL_95 * NORMAL_95 / (margin * margin));
}

struct score_change score_change(const struct score *now, const struct score *before)
{
	double error = hypot(score_error(now), score_error(before));
	struct score_change change = {.value = now->value - before->value, .margin = NORMAL_95 * error};
	change.z = error > 0 ? change.value / error : 0;
	change.p = error > 0 ? normal_both_tails(change.z) : 1;
	change.is_told = change.p < 0.05;
	return change;
}

double score_index(const struct score *score)
{
	const struct survey_scale *scale = &survey_scales[score->kind];
	return 100 * (score->value - scale->least) / (scale->most - scale->least);
}

double response_rate(int64_t replied, int64_t invited)
{
	return invited > 0 ? 100 * (double)replied / (double)invited : -1;
}

const char *score_text(enum survey_kind kind, double value, char out[SCORE_TEXT])
{
	int decimals = survey_scales[kind].decimals;
	double unit = pow(10, -decimals);
	snprintf(out, SCORE_TEXT, "%.*f", decimals, fabs(value) < unit / 2 ? 0 : value);
	return out;
}
