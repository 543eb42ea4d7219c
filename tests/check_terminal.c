// The toolkit against every way a terminal can be, change, or go away: never a crash or a hang, always left
// tidy.
#include "tests/tui/vt.h"

#include <check.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static struct vt *vt;

// The sampler lies beside the test runner.
static char *sampler(void)
{
	static char path[4096];
	ssize_t length = readlink("/proc/self/exe", path, sizeof path - 16);

	ck_assert_int_gt(length, 0);
	path[length] = 0;
	strcpy(strrchr(path, '/') + 1, "sampler");
	return path;
}

static void open_in(const char *const *environment, int rows, int columns)
{
	vt = vt_open((char *[]){sampler(), NULL}, environment, rows, columns);
}

static void open_usual(void)
{
	open_in(NULL, 24, 80);
	ck_assert(vt_wait_text(vt, "row 1 of"));
	ck_assert(vt_sync(vt));
}

static void finish(void)
{
	if (vt)
		vt_close(vt);
	vt = NULL;
}

static void keys(const char *text)
{
	vt_send(vt, text);
	ck_assert(vt_sync(vt));
}

static void shows(const char *text)
{
	if (!vt_find(vt, text, NULL, NULL)) {
		vt_print(vt);
		ck_abort_msg("\"%s\" is not on the screen", text);
	}
}

// Whether the line discipline is as a shell wants it.
static bool modes_are_sane(void)
{
	struct termios modes;

	return tcgetattr(vt->fd, &modes) == 0 && (modes.c_lflag & ICANON) && (modes.c_lflag & ECHO) &&
	       (modes.c_lflag & ISIG);
}

static void is_left_tidy(void)
{
	if (!vt_tidy(vt))
		ck_abort_msg("alternate screen %d (%d), cursor %d, mouse %d, status %x", vt->altscreen,
			vt_wrote(vt, "\033[?1049l"), vt->cursor, vt->mouse, vt->status);
	ck_assert(modes_are_sane());
}

START_TEST(too_small_says_so_and_keeps_its_state)
{
	open_usual();
	keys("jjj");
	vt_resize(vt, 8, 40);
	ck_assert(vt_wait_text(vt, "Terminal too small (have 40x8, need"));
	keys("j"); // keys still work
	vt_resize(vt, 24, 80);
	ck_assert(vt_wait_text(vt, "row 5 of 1,000"));
	vt_resize(vt, 5, 20);
	ck_assert(vt_sync(vt));
	vt_resize(vt, 1, 1);
	ck_assert(vt_sync(vt));
	keys("j");
	vt_resize(vt, 24, 80);
	ck_assert(vt_wait_text(vt, "row 6 of 1,000"));
	vt_send(vt, "q");
	ck_assert(vt_wait_exit(vt));
	is_left_tidy();
}
END_TEST

START_TEST(starts_at_any_size)
{
	static const int sizes[][2] = {{1, 1}, {0, 0}, {1, 200}, {200, 1}, {2, 3}, {10, 60}, {60, 200}};

	open_in(NULL, sizes[_i][0], sizes[_i][1]);
	ck_assert(vt_sync(vt));
	keys("jjG?/x\r\033q");
	vt_resize(vt, 30, 100);
	ck_assert(vt_wait_text(vt, "row 1,000 of 1,000"));
	vt_send(vt, "q");
	ck_assert(vt_wait_exit(vt));
	ck_assert_int_eq(vt->status, 0);
}
END_TEST

START_TEST(no_size_is_no_news)
{
	open_usual();
	vt_resize(vt, 0, 0);
	keys("j");
	shows("row 2 of 1,000");
}
END_TEST

START_TEST(resizes_under_everything)
{
	static const char *const states[] = {"v", "W", "c", ":fir", "/abc", "e\t\t\t\t\t", "p2", "?", "i"};

	open_usual();
	keys(states[_i]);
	vt_resize(vt, 10, 60);
	ck_assert(vt_sync(vt));
	vt_resize(vt, 3, 10);
	ck_assert(vt_sync(vt));
	vt_resize(vt, 50, 132);
	ck_assert(vt_sync(vt));
	shows("deniz@demo");
	vt_resize(vt, 24, 80);
	ck_assert(vt_sync(vt));
	keys("\033\033\033\033");
	vt_send(vt, "\003y");
	ck_assert(vt_wait_exit(vt));
	is_left_tidy();
}
END_TEST

static unsigned seed_of_run(void)
{
	const char *given = getenv("CHECK_SEED");
	unsigned seed =
		given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL) + (unsigned)getpid();

	printf("terminal: CHECK_SEED=%u CK_RUN_SUITE=terminal build/check\n", seed);
	fflush(stdout);
	srand(seed);
	return seed;
}

START_TEST(a_hundred_random_resizes)
{
	seed_of_run();
	open_usual();
	for (int i = 0; i < 100; i++) {
		vt_resize(vt, 1 + rand() % 60, 1 + rand() % 200);
		if (rand() % 2)
			vt_send(vt, "j");
		if (rand() % 4 == 0)
			ck_assert(vt_sync(vt));
	}
	vt_resize(vt, 24, 80);
	keys("G");
	shows("row 1,000 of 1,000");
	ck_assert_str_ne(vt_row(vt, 23), "");
}
END_TEST

START_TEST(ctrl_z_and_back)
{
	open_usual();
	keys("jj");
	vt_send(vt, "\032");
	ck_assert(vt_wait_stopped(vt));
	is_left_tidy();
	vt_resize(vt, 30, 100); // meanwhile
	kill(vt->pid, SIGCONT);
	ck_assert(vt_sync(vt));
	ck_assert(vt->altscreen);
	keys("j");
	shows("row 4 of 1,000");
	ck_assert_ptr_nonnull(strstr(vt_row(vt, 29), "?:help"));
}
END_TEST

START_TEST(stopped_from_outside)
{
	static const int signals[] = {SIGTSTP, SIGSTOP};

	open_usual();
	kill(vt->pid, signals[_i]);
	ck_assert(vt_wait_stopped(vt));
	if (signals[_i] == SIGTSTP)
		is_left_tidy();
	kill(vt->pid, SIGCONT);
	ck_assert(vt_sync(vt));
	keys("jj");
	shows("row 3 of 1,000");
	ck_assert(vt->altscreen);
}
END_TEST

START_TEST(signals_end_it_tidily)
{
	static const int signals[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGSEGV, SIGABRT, SIGBUS, SIGFPE};

	open_usual();
	kill(vt->pid, signals[_i]);
	ck_assert(vt_wait_exit(vt));
#ifndef __SANITIZE_ADDRESS__
	ck_assert(WIFSIGNALED(vt->status));
	ck_assert_int_eq(WTERMSIG(vt->status), signals[_i]);
#endif
	is_left_tidy();
}
END_TEST

START_TEST(faults_end_it_tidily)
{
	static const char *const faults[] = {":crash\r", ":abort\r", ":overflow\r", ":exit\r"};

	open_usual();
	vt_send(vt, faults[_i]);
	ck_assert(vt_wait_exit(vt));
	ck_assert_int_ne(vt->status, 0);
	is_left_tidy();
}
END_TEST

START_TEST(complaints_are_kept_for_later)
{
	open_usual();
	keys(":complain about the weather\r");
	ck_assert(!vt_find(vt, "complaint", NULL, NULL));
	vt_send(vt, "Q");
	ck_assert(vt_wait_exit(vt));
	shows("complaint: about the weather");
}
END_TEST

START_TEST(closed_terminal)
{
	open_usual();
	vt_hang_up(vt);
	ck_assert(vt_wait_exit(vt));
}
END_TEST

// As when the person's nohup, or a daemon's child, shields it from SIGHUP.
START_TEST(closed_terminal_without_hangup_signal)
{
	char command[4200];

	snprintf(command, sizeof command, "trap '' HUP; exec %s", sampler());
	char shell[] = "/bin/sh", option[] = "-c";
	vt = vt_open((char *[]){shell, option, command, NULL}, NULL, 24, 80);
	ck_assert(vt_wait_text(vt, "row 1 of"));
	vt_hang_up(vt);
	ck_assert(vt_wait_exit(vt));
	ck_assert(WIFEXITED(vt->status));
	ck_assert_int_eq(WEXITSTATUS(vt->status), 3);
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
		open_in((const char *const[]){variable, NULL}, 24, 80);
		ck_assert(vt_sync(vt));
		if (session == 0)
			keys(":down 7\r");
		vt_send(vt, ":");
		vt_key(vt, VTERM_KEY_UP);
		keys("");
		shows(":down 7");
		vt_send(vt, "\003\003");
		ck_assert(vt_wait_exit(vt));
		is_left_tidy();
		finish();
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
	open_in(NULL, 60, 200);
	ck_assert(vt_wait_text(vt, "row 1 of"));
	ck_assert(vt_sync(vt));
	struct timespec began, now;
	int presses = 0;
	clock_gettime(CLOCK_MONOTONIC, &began);
	do {
		ck_assert_int_eq(write(vt->fd, presses % 2 ? "j\014" : "k\014", 2), 2);
		presses++;
		wait_ms(5);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (now.tv_sec - began.tv_sec < 4 && presses < 600);
	ck_assert(vt_sync(vt));
	keys("gj");
	shows("row 2 of 1,000");
	vt_send(vt, "Q");
	ck_assert(vt_wait_exit(vt));
	is_left_tidy();
}
END_TEST

// Even then a signal ends it.
START_TEST(terminal_never_read_again)
{
	open_in(NULL, 60, 200);
	ck_assert(vt_wait_text(vt, "row 1 of"));
	for (int i = 0; i < 600; i++) {
		if (write(vt->fd, i % 2 ? "j\014" : "k\014", 2) != 2)
			break;
		wait_ms(2);
	}
	kill(vt->pid, SIGTERM);
	// Its parent reports by a pipe, so that the terminal need not be read to see it end.
	int fd = vt->fd;
	vt->fd = -1;
	bool ended = vt_wait_exit(vt);
	vt->fd = fd;
	ck_assert(ended);
}
END_TEST

static const struct {
	const char *term;
	bool works;
	const char *says;
} terms[] = {
	{"TERM=xterm-256color", true, NULL},
	{"TERM=xterm", true, NULL},
	{"TERM=linux", true, NULL},
	{"TERM=vt100", true, NULL},
	{"TERM=vt220", true, NULL},
	{"TERM=tmux-256color", true, NULL},
	{"TERM=screen", true, NULL},
	{"TERM=rxvt", true, NULL},
	{"TERM=dumb", false, "cannot move its cursor"},
	{"TERM=nonsense-42", false, "TERM=nonsense-42 is not known"},
	{"TERM=", false, "TERM is not set"},
	{"TERM", false, "TERM is not set"},
};

START_TEST(every_kind_of_terminal)
{
	open_in((const char *const[]){terms[_i].term, NULL}, 24, 132);
	if (!terms[_i].works) {
		ck_assert(vt_wait_exit(vt));
		ck_assert_int_eq(WEXITSTATUS(vt->status), 1);
		shows(terms[_i].says);
		ck_assert(modes_are_sane());
		return;
	}
	ck_assert(vt_sync(vt));
	keys("jjj");
	shows("row 4 of 1,000");
	keys("v");
	shows("Revoke 1,250 points");
	keys("\033p2x\033");
	vt_send(vt, "Q");
	ck_assert(vt_wait_exit(vt));
	ck_assert_int_eq(vt->status, 0);
	ck_assert(modes_are_sane());
	ck_assert(!vt->altscreen);
}
END_TEST

START_TEST(selection_is_seen_without_colours)
{
	static const char *const environments[][2] = {{"TERM=vt100", NULL}, {"NO_COLOR=1", NULL}};

	open_in(environments[_i], 24, 80);
	ck_assert(vt_sync(vt));
	keys("j");
	ck_assert(vt_cell(vt, 3, 1).attrs.reverse);
	ck_assert(!vt_cell(vt, 2, 1).attrs.reverse);
	for (int row = 0; row < 24; row++)
		for (int column = 0; column < 80; column++) {
			VTermScreenCell cell = vt_cell(vt, row, column);
			ck_assert(VTERM_COLOR_IS_DEFAULT_FG(&cell.fg));
			ck_assert(VTERM_COLOR_IS_DEFAULT_BG(&cell.bg));
		}
}
END_TEST

START_TEST(empty_no_color_means_nothing)
{
	open_in((const char *const[]){"NO_COLOR=", NULL}, 24, 80);
	ck_assert(vt_sync(vt));
	VTermScreenCell cell = vt_cell(vt, 0, 0);
	ck_assert(!VTERM_COLOR_IS_DEFAULT_BG(&cell.bg));
	cell = vt_cell(vt, 5, 40); // the terminal's own background stays
	ck_assert(VTERM_COLOR_IS_DEFAULT_BG(&cell.bg));
}
END_TEST

START_TEST(options_and_themes)
{
	static const struct {
		const char *option;
		bool colored;
	} options[] = {{"--no-color", false}, {"--mono", false}, {"--light", true}};
	char option[32];

	snprintf(option, sizeof option, "%s", options[_i].option);
	vt = vt_open((char *[]){sampler(), option, NULL}, NULL, 24, 80);
	ck_assert(vt_sync(vt));
	VTermScreenCell cell = vt_cell(vt, 0, 0);
	ck_assert_int_eq(!VTERM_COLOR_IS_DEFAULT_BG(&cell.bg), options[_i].colored);
}
END_TEST

START_TEST(eight_colours)
{
	open_in((const char *const[]){"TERM=xterm", NULL}, 24, 80);
	ck_assert(vt_sync(vt));
	VTermScreenCell cell = vt_cell(vt, 0, 0);
	ck_assert(VTERM_COLOR_IS_INDEXED(&cell.bg));
	ck_assert_int_eq(cell.bg.indexed.idx, 6);
}
END_TEST

START_TEST(utf8_in_any_locale)
{
	static const char *const locales[] = {
		"LC_ALL=C", "LC_ALL=POSIX", "LC_ALL=xx_YY.ISO-8859-1", "LC_ALL="};

	open_in((const char *const[]){locales[_i], "LANG=C", NULL}, 24, 80);
	ck_assert(vt_sync(vt));
	shows("Ayşe Yılmaz");
	shows("漢字 太郎");
}
END_TEST

START_TEST(clipboard_through_multiplexers)
{
	open_in((const char *const[]){"TMUX=/tmp/tmux-0/default,1,0", "TERM=tmux-256color", NULL}, 24, 80);
	ck_assert(vt_sync(vt));
	keys("y");
	ck_assert(vt_wrote(vt, "\033Ptmux;\033\033]52;c;MDAwMDAwMA==\a\033\\"));
	finish();
	open_in((const char *const[]){"TERM=screen", NULL}, 24, 80);
	ck_assert(vt_sync(vt));
	keys("y");
	ck_assert(vt_wrote(vt, "\033P\033]52;c;MDAwMDAwMA==\a\033\\"));
}
END_TEST

// What the program says when its standard input or output is no terminal.
static void says_without_terminal(const char *redirection, const char *expected)
{
	char command[4400], line[512] = "";

	snprintf(command, sizeof command, "%s %s 2>&1 >/dev/null", sampler(), redirection);
	FILE *out = popen(command, "r");
	ck_assert_ptr_nonnull(out);
	ck_assert_ptr_nonnull(fgets(line, sizeof line, out));
	int status = pclose(out);
	ck_assert_int_eq(WEXITSTATUS(status), 1);
	ck_assert_ptr_nonnull(strstr(line, expected));
	ck_assert_ptr_nonnull(strstr(line, "command line"));
}

START_TEST(no_terminal_at_all)
{
	says_without_terminal("</dev/null", "standard input is not a terminal");
}
END_TEST

START_TEST(row_move_takes_at_most_250_bytes)
{
	open_usual();
	keys("jjjj");
	for (int i = 0; i < 10; i++) {
		long sync = (long)strlen("\033]777;sync\a"), before = vt->bytes;
		keys(i % 2 ? "k" : "j");
		ck_assert_int_le(vt->bytes - before - sync, 250);
		ck_assert_int_gt(vt->bytes - before - sync, 0);
	}
}
END_TEST

static long wakeups(void)
{
	int row;

	keys(":asked\r");
	ck_assert(vt_find(vt, "wake-ups", &row, NULL));
	return strtol(strstr(vt_row(vt, row), "wake-ups") + 8, NULL, 10);
}

// Two counts taken apart in time differ by no more than two taken at once; and not a byte was written
// between.
START_TEST(idle_neither_wakes_nor_writes)
{
	open_usual();
	long first = wakeups(), at_once = wakeups() - first;
	long bytes = vt->bytes;
	ck_assert(!vt_pump(vt, 1500));
	ck_assert_int_eq(vt->bytes, bytes);
	ck_assert_int_le(wakeups() - first - at_once, at_once + 2);
}
END_TEST

START_TEST(unchanged_frame_sends_nothing)
{
	open_usual();
	keys("k");
	long before = vt->bytes, sync = (long)strlen("\033]777;sync\a");
	keys("k");
	ck_assert_int_eq(vt->bytes - before, sync);
}
END_TEST

enum { RANDOM_BYTES = 20000 };

// Printable, control, escape sequences and UTF-8, but nothing that leaves the program or makes it fail on
// purpose.
static size_t random_keys(char *out, size_t size)
{
	static const char *const pieces[] = {"\033[A", "\033[B", "\033OC", "\033[5~", "\033[6~", "\033[H",
		"\033[F", "\033", "\r", "\t", "\033[Z", "\033[200~p\nQ\033[201~", "ş", "漢", "e\xcc\x81",
		"\xff", "/", ":", "?", "e", "v", "c", "p", " ", "y", "\x7f", "\033[M !!", "\033[1;5C",
		"\xf0\x9f"};
	size_t length = 0;

	while (length + 24 < size) {
		const char *piece = pieces[(size_t)rand() % (sizeof pieces / sizeof pieces[0])];
		char byte[2] = {(char)(1 + rand() % 126), 0};
		if (rand() % 2 && !strchr("\003\032\033\034qQ", byte[0]))
			piece = byte;
		length += (size_t)sprintf(out + length, "%s", piece);
	}
	return length;
}

START_TEST(random_keys_never_break_it)
{
	char *many = malloc(RANDOM_BYTES);
	unsigned seed = seed_of_run();

	open_in((const char *const[]){"SAMPLER_HISTORY=/dev/null", "SAMPLER_NO_FAULTS=1", NULL}, 24, 80);
	ck_assert(vt_sync(vt));
	size_t length = random_keys(many, RANDOM_BYTES);
	for (size_t at = 0; at < length && !vt_has_ended(vt); at += 500) {
		vt_send_bytes(vt, many + at, length - at < 500 ? length - at : 500);
		vt_send(vt, "\033[201~");
		if (rand() % 4 == 0)
			vt_resize(vt, 1 + rand() % 40, 1 + rand() % 120);
		vt_pump(vt, 0);
	}
	free(many);
	if (!vt_has_ended(vt))
		kill(vt->pid, SIGTERM);
	ck_assert(vt_wait_exit(vt));
	bool left = WIFEXITED(vt->status) && WEXITSTATUS(vt->status) == 0;
	bool ended = WIFSIGNALED(vt->status) && WTERMSIG(vt->status) == SIGTERM;
	if (!left && !ended)
		ck_abort_msg("status %x; CHECK_SEED=%u CK_RUN_SUITE=terminal build/check", vt->status, seed);
	is_left_tidy();
}
END_TEST

static void add_loop(TCase *cases, const TTest *test, size_t count)
{
	tcase_add_loop_test(cases, test, 0, (int)count);
}

Suite *terminal_suite(void);
Suite *terminal_suite(void)
{
	Suite *suite = suite_create("terminal");
	TCase *cases = tcase_create("terminal");

	tcase_set_timeout(cases, 120);
	tcase_add_checked_fixture(cases, NULL, finish);
	tcase_add_test(cases, too_small_says_so_and_keeps_its_state);
	add_loop(cases, starts_at_any_size, 7);
	tcase_add_test(cases, no_size_is_no_news);
	add_loop(cases, resizes_under_everything, 9);
	tcase_add_test(cases, a_hundred_random_resizes);
	tcase_add_test(cases, ctrl_z_and_back);
	add_loop(cases, stopped_from_outside, 2);
	add_loop(cases, signals_end_it_tidily, 8);
	add_loop(cases, faults_end_it_tidily, 4);
	tcase_add_test(cases, complaints_are_kept_for_later);
	tcase_add_test(cases, history_outlives_the_session);
	tcase_add_test(cases, closed_terminal);
	tcase_add_test(cases, closed_terminal_without_hangup_signal);
	tcase_add_test(cases, terminal_not_read_for_three_seconds);
	tcase_add_test(cases, terminal_never_read_again);
	add_loop(cases, every_kind_of_terminal, sizeof terms / sizeof terms[0]);
	add_loop(cases, selection_is_seen_without_colours, 2);
	tcase_add_test(cases, empty_no_color_means_nothing);
	add_loop(cases, options_and_themes, 3);
	tcase_add_test(cases, eight_colours);
	add_loop(cases, utf8_in_any_locale, 4);
	tcase_add_test(cases, clipboard_through_multiplexers);
	tcase_add_test(cases, no_terminal_at_all);
	tcase_add_test(cases, row_move_takes_at_most_250_bytes);
	tcase_add_test(cases, idle_neither_wakes_nor_writes);
	tcase_add_test(cases, unchanged_frame_sends_nothing);
	add_loop(cases, random_keys_never_break_it, 50);
	suite_add_tcase(suite, cases);
	return suite;
}
