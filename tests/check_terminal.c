// The toolkit while its terminal changes, stalls or goes away: never a crash or a hang, always left tidy.
#include "tests/tui/toolkit.h"

#include <check.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

START_TEST(too_small_says_so_and_keeps_its_state)
{
	sampler_start();
	sampler_keys("jjj");
	vt_resize(sampler, 8, 40);
	ck_assert(vt_wait_text(sampler, "Terminal too small (have 40x8, need"));
	sampler_keys("j"); // keys still work
	vt_resize(sampler, 24, 80);
	ck_assert(vt_wait_text(sampler, "row 5 of 1,000"));
	vt_resize(sampler, 5, 20);
	ck_assert(vt_sync(sampler));
	vt_resize(sampler, 1, 1);
	ck_assert(vt_sync(sampler));
	sampler_keys("j");
	vt_resize(sampler, 24, 80);
	ck_assert(vt_wait_text(sampler, "row 6 of 1,000"));
	vt_send(sampler, "q");
	ck_assert(vt_wait_exit(sampler));
	sampler_is_left_tidy();
}
END_TEST

START_TEST(starts_at_any_size)
{
	static const int sizes[][2] = {{1, 1}, {0, 0}, {1, 200}, {200, 1}, {2, 3}, {10, 60}, {60, 200}};

	sampler_open(NULL, NULL, sizes[_i][0], sizes[_i][1]);
	ck_assert(vt_sync(sampler));
	sampler_keys("jjG?/x\r\033q");
	vt_resize(sampler, 30, 100);
	ck_assert(vt_wait_text(sampler, "row 1,000 of 1,000"));
	vt_send(sampler, "q");
	ck_assert(vt_wait_exit(sampler));
	ck_assert_int_eq(sampler->status, 0);
}
END_TEST

START_TEST(no_size_is_no_news)
{
	sampler_start();
	vt_resize(sampler, 0, 0);
	sampler_keys("j");
	sampler_shows("row 2 of 1,000");
}
END_TEST

START_TEST(resizes_under_everything)
{
	static const char *const states[] = {"v", "W", "c", ":fir", "/abc", "e\t\t\t\t\t", "p2", "?", "i"};

	sampler_start();
	sampler_keys(states[_i]);
	vt_resize(sampler, 10, 60);
	ck_assert(vt_sync(sampler));
	vt_resize(sampler, 3, 10);
	ck_assert(vt_sync(sampler));
	vt_resize(sampler, 50, 132);
	ck_assert(vt_sync(sampler));
	sampler_shows("deniz@demo");
	vt_resize(sampler, 24, 80);
	ck_assert(vt_sync(sampler));
	sampler_keys("\033\033\033\033");
	vt_send(sampler, "\003y");
	ck_assert(vt_wait_exit(sampler));
	sampler_is_left_tidy();
}
END_TEST

START_TEST(a_hundred_random_resizes)
{
	sampler_seed("terminal");
	sampler_start();
	for (int i = 0; i < 100; i++) {
		vt_resize(sampler, 1 + rand() % 60, 1 + rand() % 200);
		if (rand() % 2)
			vt_send(sampler, "j");
		if (rand() % 4 == 0)
			ck_assert(vt_sync(sampler));
	}
	vt_resize(sampler, 24, 80);
	sampler_keys("G");
	sampler_shows("row 1,000 of 1,000");
	ck_assert_str_ne(vt_row(sampler, 23), "");
}
END_TEST

START_TEST(ctrl_z_and_back)
{
	sampler_start();
	sampler_keys("jj");
	vt_send(sampler, "\032");
	ck_assert(vt_wait_stopped(sampler));
	sampler_is_left_tidy();
	vt_resize(sampler, 30, 100); // meanwhile
	kill(sampler->pid, SIGCONT);
	ck_assert(vt_sync(sampler));
	ck_assert(sampler->altscreen);
	sampler_keys("j");
	sampler_shows("row 4 of 1,000");
	ck_assert_ptr_nonnull(strstr(vt_row(sampler, 29), "?:help"));
}
END_TEST

START_TEST(stopped_from_outside)
{
	static const int signals[] = {SIGTSTP, SIGSTOP};

	sampler_start();
	kill(sampler->pid, signals[_i]);
	ck_assert(vt_wait_stopped(sampler));
	if (signals[_i] == SIGTSTP)
		sampler_is_left_tidy();
	kill(sampler->pid, SIGCONT);
	ck_assert(vt_sync(sampler));
	sampler_keys("jj");
	sampler_shows("row 3 of 1,000");
	ck_assert(sampler->altscreen);
}
END_TEST

START_TEST(signals_end_it_tidily)
{
	static const int signals[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGSEGV, SIGABRT, SIGBUS, SIGFPE};

	sampler_start();
	kill(sampler->pid, signals[_i]);
	ck_assert(vt_wait_exit(sampler));
#ifndef __SANITIZE_ADDRESS__
	ck_assert(WIFSIGNALED(sampler->status));
	ck_assert_int_eq(WTERMSIG(sampler->status), signals[_i]);
#endif
	sampler_is_left_tidy();
}
END_TEST

START_TEST(faults_end_it_tidily)
{
	static const char *const faults[] = {":crash\r", ":abort\r", ":overflow\r", ":exit\r"};

	sampler_start();
	vt_send(sampler, faults[_i]);
	ck_assert(vt_wait_exit(sampler));
	ck_assert_int_ne(sampler->status, 0);
	sampler_is_left_tidy();
}
END_TEST

START_TEST(complaints_are_kept_for_later)
{
	sampler_start();
	sampler_keys(":complain about the weather\r");
	ck_assert(!vt_find(sampler, "complaint", NULL, NULL));
	vt_send(sampler, "Q");
	ck_assert(vt_wait_exit(sampler));
	sampler_shows("complaint: about the weather");
}
END_TEST

START_TEST(closed_terminal)
{
	sampler_start();
	vt_hang_up(sampler);
	ck_assert(vt_wait_exit(sampler));
}
END_TEST

// As when the person's nohup, or a daemon's child, shields it from SIGHUP.
START_TEST(closed_terminal_without_hangup_signal)
{
	char command[4200];

	snprintf(command, sizeof command, "trap '' HUP; exec %s", sampler_path());
	char shell[] = "/bin/sh", option[] = "-c";
	sampler = vt_open((char *[]){shell, option, command, NULL}, NULL, 24, 80);
	ck_assert(vt_wait_text(sampler, "row 1 of"));
	vt_hang_up(sampler);
	ck_assert(vt_wait_exit(sampler));
	ck_assert(WIFEXITED(sampler->status));
	ck_assert_int_eq(WEXITSTATUS(sampler->status), 3);
}
END_TEST

START_TEST(history_outlives_the_session)
{
	char file[] = "/tmp/sampler_history_XXXXXX", variable[64];
	int fd = mkstemp(file);

	ck_assert_int_ge(fd, 0);
	close(fd);
	snprintf(variable, sizeof variable, "SAMPLER_HISTORY=%s", file);
	for (int session = 0; session < 2; session++) {
		sampler_open(NULL, (const char *const[]){variable, NULL}, 24, 80);
		ck_assert(vt_sync(sampler));
		if (session == 0)
			sampler_keys(":down 7\r");
		vt_send(sampler, ":");
		vt_key(sampler, VTERM_KEY_UP);
		sampler_keys("");
		sampler_shows(":down 7");
		vt_send(sampler, "\003\003");
		ck_assert(vt_wait_exit(sampler));
		sampler_is_left_tidy();
		sampler_close();
	}
	unlink(file);
}
END_TEST

static void wait_ms(int ms)
{
	poll(NULL, 0, ms);
}

// Nobody reads: more than the terminal's buffer is drawn, then all is read and nothing typed was lost.
START_TEST(terminal_not_read_for_three_seconds)
{
	sampler_open(NULL, NULL, 60, 200);
	ck_assert(vt_wait_text(sampler, "row 1 of"));
	ck_assert(vt_sync(sampler));
	struct timespec began, now;
	int presses = 0;
	clock_gettime(CLOCK_MONOTONIC, &began);
	do {
		ck_assert_int_eq(write(sampler->fd, presses % 2 ? "j\014" : "k\014", 2), 2);
		presses++;
		wait_ms(5);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (now.tv_sec - began.tv_sec < 4 && presses < 600);
	ck_assert(vt_sync(sampler));
	sampler_keys("gj");
	sampler_shows("row 2 of 1,000");
	vt_send(sampler, "Q");
	ck_assert(vt_wait_exit(sampler));
	sampler_is_left_tidy();
}
END_TEST

// Even then a signal ends it.
START_TEST(terminal_never_read_again)
{
	sampler_open(NULL, NULL, 60, 200);
	ck_assert(vt_wait_text(sampler, "row 1 of"));
	for (int i = 0; i < 600; i++) {
		if (write(sampler->fd, i % 2 ? "j\014" : "k\014", 2) != 2)
			break;
		wait_ms(2);
	}
	kill(sampler->pid, SIGTERM);
	// Its parent reports by a pipe, so that the terminal need not be read to see it end.
	int fd = sampler->fd;
	sampler->fd = -1;
	bool ended = vt_wait_exit(sampler);
	sampler->fd = fd;
	ck_assert(ended);
}
END_TEST

Suite *terminal_suite(void);
Suite *terminal_suite(void)
{
	Suite *suite = suite_create("terminal");
	TCase *cases = tcase_create("terminal");
	tcase_set_timeout(cases, 120);
	tcase_add_checked_fixture(cases, NULL, sampler_close);
	tcase_add_test(cases, too_small_says_so_and_keeps_its_state);
	tcase_add_loop_test(cases, starts_at_any_size, 0, 7);
	tcase_add_test(cases, no_size_is_no_news);
	tcase_add_loop_test(cases, resizes_under_everything, 0, 9);
	tcase_add_test(cases, a_hundred_random_resizes);
	tcase_add_test(cases, ctrl_z_and_back);
	tcase_add_loop_test(cases, stopped_from_outside, 0, 2);
	tcase_add_loop_test(cases, signals_end_it_tidily, 0, 8);
	tcase_add_loop_test(cases, faults_end_it_tidily, 0, 4);
	tcase_add_test(cases, complaints_are_kept_for_later);
	tcase_add_test(cases, history_outlives_the_session);
	tcase_add_test(cases, closed_terminal);
	tcase_add_test(cases, closed_terminal_without_hangup_signal);
	tcase_add_test(cases, terminal_not_read_for_three_seconds);
	tcase_add_test(cases, terminal_never_read_again);
	suite_add_tcase(suite, cases);
	return suite;
}
