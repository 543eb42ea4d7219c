// Measures what the Insights screen waits for: its figures at first, the breakdowns behind them, and the members behind a
// figure; prints samples, insights.what <tab> round <tab> milliseconds. usage: insights ROUNDS; the database as libpq's
// environment says.
#include "db/session.h"
#include "model/insight/breakdown.h"
#include "model/insight/drill.h"
#include "model/insight/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static struct session *session;

static double now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void fail(const struct error *error)
{
	char line[800];
	fprintf(stderr, "bench: %s\n", error_line(error, line, sizeof line));
	exit(1);
}

static void answered(const struct ask *ask)
{
	struct error error = {0};
	struct result *result = ask_session(session, ask, &error);
	if (!result)
		fail(&error);
	result_free(result);
}

static void figures(void)
{
	struct error error = {0};
	struct history history;
	struct ask ask;
	if (!history_read(&history, session, &error))
		fail(&error);
	history_free(&history);
	tier_sizes_ask(&ask);
	answered(&ask);
}

static void breakdowns(void)
{
	void (*const asks[])(struct ask *ask) = {tier_movement_ask, customer_grid_ask, cohorts_ask};
	struct ask ask;
	for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
		asks[i](&ask);
		answered(&ask);
	}
}

// The slowest first page of all that lead to members.
static double members(void)
{
	const struct page page = {.from = PAGE_FIRST, .rows = 60};
	double worst = 0;
	for (int drill = DRILL_NONE + 1; drill < DRILLS; drill++) {
		const struct drill_of of = {.drill = (enum drill)drill, .number = drill == DRILL_TIER ? 2 : 11};
		struct ask ask;
		double from = now_ms();
		drill_ask(&ask, &of, &page);
		answered(&ask);
		double spent = now_ms() - from;
		worst = spent > worst ? spent : worst;
	}
	return worst;
}

int main(int argc, char **argv)
{
	struct error error = {0};
	if (argc != 2)
		return 2;
	session = session_open(NULL, "bench insights", &error);
	if (!session)
		fail(&error);
	for (int round = 0; round <= atoi(argv[1]); round++) { // round 0 warms up
		double from = now_ms();
		figures();
		double opened = now_ms();
		breakdowns();
		double broken = now_ms();
		double worst = members();
		if (round)
			printf("insights.open\t%d\t%.4f\ninsights.breakdowns\t%d\t%.4f\ninsights.members\t%d\t%.4f\n", round,
				opened - from, round, broken - opened, round, worst);
	}
	session_close(session);
	return 0;
}
