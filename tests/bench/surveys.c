// Measures what the Surveys screen waits for: all its panels at first, and the answers behind a bar; prints samples, NAME.what <tab>
// round <tab> milliseconds, of the panels the slowest of their grains and dimensions. usage: surveys NAME ROUNDS; the database as libpq's environment says.
#include "db/session.h"
#include "model/survey/figures.h"
#include "model/survey/response.h"
#include "model/survey/survey.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { PAINTS = GRAINS * DIMENSIONS };

static struct session *session;

static double now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static struct result *asked(const struct ask *ask)
{
	struct error error = {0};
	char line[800];
	struct result *result = ask_session(session, ask, &error);
	if (!result) {
		fprintf(stderr, "bench: %s\n", error_line(&error, line, sizeof line));
		exit(1);
	}
	return result;
}

// As the screen does it: the list, the trend of the first, the parts of the newest bucket.
static void paint(struct survey *survey, struct survey_trend *trend, enum survey_grain grain, enum survey_dimension dimension)
{
	struct survey_parts parts;
	struct ask ask;
	survey_list(&ask);
	struct result *result = asked(&ask);
	survey_read(result, 0, survey);
	result_free(result);
	survey_trend_ask(&ask, survey->id, grain);
	result = asked(&ask);
	survey_trend_read(result, survey->kind, grain, trend);
	result_free(result);
	day_t start = trend->at[trend->count - 1].start;
	survey_parts_ask(&ask, survey->id, grain, dimension, start, grain_add(grain, start, 1));
	result = asked(&ask);
	survey_parts_read(result, dimension, &parts);
	result_free(result);
}

static void answers(const struct survey *survey, const struct survey_trend *trend)
{
	const struct page page = {.from = PAGE_FIRST, .rows = 60};
	const struct response_filter filter = {.survey_id = survey->id,
		.least = 3,
		.most = 3,
		.from = trend->at[trend->count - 2].start,
		.to = trend->at[trend->count - 1].start,
		.dimension = DIMENSION_REGION,
		.value = "City 7"};
	struct ask ask;
	response_list(&ask, &filter, &page);
	result_free(asked(&ask));
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double *values, int count)
{
	qsort(values, (size_t)count, sizeof *values, compare);
	return values[count / 2];
}

int main(int argc, char **argv)
{
	struct error error = {0};
	struct survey survey;
	struct survey_trend trend;
	if (argc != 3)
		return 2;
	session = session_open(NULL, "bench surveys", &error);
	if (!session)
		return 1;
	int rounds = atoi(argv[2]);
	double *spent = calloc((size_t)rounds * PAINTS, sizeof *spent);
	if (!spent || rounds < 1)
		return 1;
	for (int round = -1; round < rounds; round++) { // the first warms up
		for (int i = 0; i < PAINTS; i++) {
			double from = now_ms();
			paint(&survey, &trend, (enum survey_grain)(i / DIMENSIONS), (enum survey_dimension)(i % DIMENSIONS));
			if (round >= 0)
				spent[i * rounds + round] = now_ms() - from;
		}
		double from = now_ms();
		answers(&survey, &trend);
		if (round >= 0)
			printf("%s.answers\t%d\t%.4f\n", argv[1], round, now_ms() - from);
	}
	double worst = 0;
	for (int i = 0; i < PAINTS; i++)
		worst = fmax(worst, median(&spent[i * rounds], rounds));
	printf("%s.paint\t1\t%.4f\n", argv[1], worst);
	free(spent);
	session_close(session);
	return 0;
}
