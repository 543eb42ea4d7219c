// A keeper, a process of its own, learns each process before it is stopped, and lets them all go on when the pipe from
// the test closes: by frozen_thaw() or by the test's death.
#include "tests/frozen.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FROZEN_MOST = 128 }; // a private server takes 100 connections

static pid_t keeper;
static int to_keeper = -1;

static void keep(int from_test)
{
	pid_t pids[FROZEN_MOST];
	int count = 0;
	setsid(); // Check kills the whole group of a test that takes too long
	while (count < FROZEN_MOST && read(from_test, &pids[count], sizeof *pids) == (ssize_t)sizeof *pids)
		count++;
	while (count > 0)
		kill(pids[--count], SIGCONT);
}

static void keeper_start(void)
{
	int ends[2];
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	keeper = fork();
	ck_assert_int_ge(keeper, 0);
	if (keeper == 0) {
		close(ends[1]);
		keep(ends[0]);
		_exit(0);
	}
	close(ends[0]);
	to_keeper = ends[1];
}

void frozen_add(pid_t pid)
{
	if (to_keeper < 0)
		keeper_start();
	ck_assert_int_eq(write(to_keeper, &pid, sizeof pid), sizeof pid);
	ck_assert_int_eq(kill(pid, SIGSTOP), 0);
}

void frozen_thaw(void)
{
	if (to_keeper < 0)
		return;
	close(to_keeper);
	to_keeper = -1;
	while (waitpid(keeper, NULL, 0) < 0 && errno == EINTR)
		;
}
