// The toolkit's sampler at a pseudo-terminal, one at a time, and what its tests look at.
#include "tests/tui/toolkit.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

struct vt *sampler;

char *sampler_path(void)
{
	static char path[4096];
	ssize_t length = readlink("/proc/self/exe", path, sizeof path - 16);
	ck_assert_int_gt(length, 0);
	path[length] = 0;
	strcpy(strrchr(path, '/') + 1, "sampler");
	return path;
}

void sampler_open(const char *option, const char *const *environment, int rows, int columns)
{
	char argument[64];
	snprintf(argument, sizeof argument, "%s", option ? option : "");
	sampler = vt_open(
		(char *[]){sampler_path(), option ? argument : NULL, NULL}, environment, rows, columns);
}

void sampler_start(void)
{
	sampler_open(NULL, NULL, 24, 80);
	ck_assert(vt_wait_text(sampler, "row 1 of"));
	ck_assert(vt_sync(sampler));
}

void sampler_close(void)
{
	if (sampler)
		vt_close(sampler);
	sampler = NULL;
}

void sampler_keys(const char *text)
{
	vt_send(sampler, text);
	ck_assert(vt_sync(sampler));
}

void sampler_shows(const char *text)
{
	if (vt_find(sampler, text, NULL, NULL))
		return;
	vt_print(sampler);
	ck_abort_msg("\"%s\" is not on the screen", text);
}

void sampler_hides(const char *text)
{
	if (!vt_find(sampler, text, NULL, NULL))
		return;
	vt_print(sampler);
	ck_abort_msg("\"%s\" is on the screen", text);
}

bool sampler_modes_are_sane(void)
{
	struct termios modes;
	return tcgetattr(sampler->fd, &modes) == 0 && (modes.c_lflag & ICANON) && (modes.c_lflag & ECHO) &&
	       (modes.c_lflag & ISIG);
}

void sampler_is_left_tidy(void)
{
	if (!vt_tidy(sampler))
		ck_abort_msg("alternate screen %d (%d), cursor %d, mouse %d, status %x", sampler->altscreen,
			vt_wrote(sampler, "\033[?1049l"), sampler->cursor, sampler->mouse, sampler->status);
	ck_assert(sampler_modes_are_sane());
}

void sampler_leaves_tidily(const char *how, int status)
{
	vt_send(sampler, how);
	ck_assert(vt_wait_exit(sampler));
	ck_assert(WIFEXITED(sampler->status));
	ck_assert_int_eq(WEXITSTATUS(sampler->status), status);
	sampler_is_left_tidy();
}

unsigned sampler_seed(const char *suite)
{
	const char *given = getenv("CHECK_SEED");
	unsigned seed =
		given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL) + (unsigned)getpid();
	printf("%s: CHECK_SEED=%u CK_RUN_SUITE=%s build/check\n", suite, seed, suite);
	fflush(stdout);
	srand(seed);
	return seed;
}

Suite *sampler_suite(const char *name, const TTest *const *const *tests, size_t count)
{
	Suite *suite = suite_create(name);
	TCase *cases = tcase_create("habits");
	tcase_set_timeout(cases, 60);
	tcase_add_checked_fixture(cases, sampler_start, sampler_close);
	for (size_t i = 0; i < count; i++)
		tcase_add_test(cases, *tests[i]);
	suite_add_tcase(suite, cases);
	return suite;
}
