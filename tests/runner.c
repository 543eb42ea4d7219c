// Runs every suite of tests/check_*.c in lanes beside each other, one for each cluster named in CLUSTERS, and
// ends with the totals of them all. CK_RUN_SUITE=NAME runs one suite, CK_RUN_CASE=NAME one of its cases.
#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SUITE(name) Suite *name##_suite(void);
#include "tests/suites.h"
#undef SUITE

static const struct {
	const char *name;
	Suite *(*make)(void);
} suites[] = {
#define SUITE(name) {#name, name##_suite},
#include "tests/suites.h"
#undef SUITE
};

enum { SUITE_COUNT = sizeof suites / sizeof *suites };

// For one suite of a whole run, where the slowest takes half a minute: a hang is told, not waited out.
enum { PATIENCE_S = 600 };

enum { TOLD_COUNT = 32, TOLD_BYTES = 512 };

// What the lanes share: each takes the next suite when it is done with one. What failed is told a second time
// at the end, where it is looked for: of a long output often only the last lines are kept.
struct board {
	atomic_int next;
	atomic_int checks, failures, errors;
	atomic_int told;
	char tale[TOLD_COUNT][TOLD_BYTES];
};

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void failure_keep(struct board *board, const char *suite, TestResult *result)
{
	int place = board->told++;
	if (place < TOLD_COUNT)
		snprintf(board->tale[place], TOLD_BYTES, "%s: %s:%d: %s: %s", suite, tr_lfile(result),
			tr_lno(result), tr_tcname(result), tr_msg(result));
}

// How many of the failed did not fail but broke: a signal, a limit of time, an early exit.
static int failures_keep(struct board *board, const char *suite, SRunner *runner)
{
	int errors = 0, failed = srunner_ntests_failed(runner);
	TestResult **results = srunner_failures(runner);
	for (int i = 0; i < failed; i++) {
		failure_keep(board, suite, results[i]);
		errors += tr_rtype(results[i]) == CK_ERROR;
	}
	free(results);
	return errors;
}

static void suite_run(struct board *board, int suite)
{
	double begin = now();
	SRunner *runner = srunner_create(suites[suite].make());
	srunner_run_all(runner, CK_SILENT);
	int checks = srunner_ntests_run(runner), errors = failures_keep(board, suites[suite].name, runner);
	printf("%s: %d checks, %.1f s\n", suites[suite].name, checks, now() - begin);
	if (srunner_ntests_failed(runner) > 0)
		srunner_print(runner, CK_NORMAL);
	fflush(stdout);
	board->checks += checks;
	board->errors += errors;
	board->failures += srunner_ntests_failed(runner) - errors;
	srunner_free(runner);
}

static volatile sig_atomic_t running; // the suite of this lane

static void patience_end(int signal_number)
{
	static const char words[] = ": no end of this suite in ten minutes\n";
	const char *name = suites[running].name;
	(void)signal_number;
	(void)!write(STDERR_FILENO, name, strlen(name));
	(void)!write(STDERR_FILENO, words, sizeof words - 1);
	_exit(EXIT_FAILURE);
}

// Check's own limits end tests, not fixtures. They use SIGALRM.
static timer_t patience_begin(void)
{
	timer_t timer;
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR2};
	signal(SIGUSR2, patience_end);
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0)
		abort();
	return timer;
}

static void lane_run(struct board *board)
{
	const char *wanted = getenv("CK_RUN_SUITE");
	const struct itimerspec patience = {.it_value.tv_sec = PATIENCE_S};
	timer_t timer = patience_begin();
	while ((running = board->next++) < SUITE_COUNT) {
		if (wanted && strcmp(wanted, suites[running].name) != 0)
			continue;
		if (!wanted)
			timer_settime(timer, 0, &patience, NULL);
		suite_run(board, running);
	}
	timer_delete(timer);
}

static pid_t lane_start(struct board *board, const char *cluster)
{
	pid_t lane = fork();
	if (lane == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		setenv("PGHOST", cluster, 1);
		lane_run(board);
		_exit(EXIT_SUCCESS);
	}
	return lane;
}

// Without a cluster, for suites that need none, all run here.
static bool lanes_run(struct board *board)
{
	char *clusters = getenv("CLUSTERS"), *rest;
	bool is_good = true;
	int status;
	if (!clusters) {
		lane_run(board);
		return true;
	}
	for (char *cluster = strtok_r(clusters, " ", &rest); cluster; cluster = strtok_r(NULL, " ", &rest))
		is_good &= lane_start(board, cluster) > 0;
	while (wait(&status) > 0 || errno == EINTR)
		is_good &= WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
	return is_good;
}

int main(void)
{
	struct board *board =
		mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (board == MAP_FAILED || !lanes_run(board)) {
		fputs("a lane of tests ended early\n", stderr);
		return EXIT_FAILURE;
	}
	int checks = board->checks, failed = board->failures + board->errors;
	for (int i = 0; i < board->told && i < TOLD_COUNT; i++)
		printf("failed: %s\n", board->tale[i]);
	printf("%d%%: Checks: %d, Failures: %d, Errors: %d\n", checks ? (checks - failed) * 100 / checks : 0,
		checks, board->failures, board->errors);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
