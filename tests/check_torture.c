// The whole program against every way a terminal can be, change, or go away: never a crash or a hang, always
// left tidy.
#include "tests/tui/places.h"

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

Suite *torture_suite(void);

static struct vt *vt;

static void build_house(void)
{
	places_open_house("house_torture");
}

static void start(void)
{
	vt = NULL;
}

static void finish(void)
{
	if (vt)
		vt_close(vt);
}

static void open_usual(void)
{
	vt = house_screens("mona", NULL, 24, 80);
	house_shows(vt, "Ayşe Yılmaz");
}

static bool modes_are_sane(void)
{
	struct termios modes;

	return tcgetattr(vt->fd, &modes) == 0 && (modes.c_lflag & ICANON) && (modes.c_lflag & ECHO) &&
	       (modes.c_lflag & ISIG);
}

static void is_left_tidy(void)
{
	if (!vt_tidy(vt))
		ck_abort_msg("alternate screen %d, cursor %d, mouse %d, status %x", vt->altscreen, vt->cursor,
			vt->mouse, vt->status);
	ck_assert(modes_are_sane());
}

static void ends_with(int status)
{
	ck_assert(vt_wait_exit(vt));
	if (!WIFEXITED(vt->status) || WEXITSTATUS(vt->status) != status) {
		vt_print(vt);
		ck_abort_msg("wait status %x, not exit status %d", vt->status, status);
	}
}

static void ends_by(int signal_number)
{
	kill(vt->pid, signal_number);
	ck_assert(vt_wait_exit(vt));
	ck_assert(WIFSIGNALED(vt->status));
	ck_assert_int_eq(WTERMSIG(vt->status), signal_number);
	is_left_tidy();
}

// No session of the screens outlives them.
static void leaves_no_session(void)
{
	struct session *session = database_session(NULL);
	for (int tries = 0; tries < 500; tries++) {
		if (!database_number(
			    session, "SELECT count(*) FROM pg_stat_activity WHERE usename = 'mona'")) {
			session_close(session);
			return;
		}
		database_run(session, "SELECT pg_sleep(0.01)");
	}
	ck_abort_msg("a session is still there");
}

// Sizes.

START_TEST(every_place_in_every_size)
{
	static const int sizes[][2] = {
		{5, 20}, {1, 1}, {24, 80}, {10, 60}, {2, 200}, {60, 3}, {60, 200}, {11, 61}, {1, 1}};

	vt = place_open(&places[_i], 24, 80);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		vt_resize(vt, sizes[i][0], sizes[i][1]);
		ck_assert(vt_sync(vt));
	}
	vt_resize(vt, 24, 80);
	ck_assert(vt_sync(vt));
	house_shows(vt, places[_i].shows);
	house_shows(vt, "mona@");
	ends_by(SIGTERM);
}
END_TEST

START_TEST(every_place_resized_at_random)
{
	vt = place_open(&places[_i], 24, 80);
	places_seed("torture", "CK_RUN_SUITE=torture make check");
	for (int i = 0; i < 100; i++) {
		vt_resize(vt, 1 + rand() % 60, 1 + rand() % 200);
		if (rand() % 2)
			vt_key(vt, rand() % 2 ? VTERM_KEY_DOWN : VTERM_KEY_UP);
		if (rand() % 8 == 0)
			ck_assert(vt_sync(vt));
	}
	vt_resize(vt, 24, 80);
	ck_assert(vt_sync(vt));
	house_shows(vt, "mona@");
	ck_assert_str_ne(vt_row(vt, 23), "");
	ends_by(SIGTERM);
}
END_TEST

START_TEST(starts_in_any_size)
{
	static const int sizes[][2] = {{1, 1}, {0, 0}, {1, 200}, {200, 1}, {5, 20}, {10, 60}, {60, 200}};

	vt = house_screens("mona", NULL, sizes[_i][0], sizes[_i][1]);
	house_keys(vt, "jj");
	house_keys(vt, "\r");
	vt_resize(vt, 24, 80);
	ck_assert(vt_sync(vt));
	house_shows(vt, "1000003");
	house_shows(vt, "Timeline");
	vt_send(vt, "Q");
	ends_with(0);
	is_left_tidy();
}
END_TEST

START_TEST(too_small_says_so)
{
	open_usual();
	vt_resize(vt, 8, 40);
	ck_assert(vt_sync(vt));
	house_shows(vt, "Terminal too small (have 40x8, need");
	vt_resize(vt, 24, 80);
	ck_assert(vt_sync(vt));
	house_shows(vt, "Ayşe Yılmaz");
}
END_TEST

// Stopping and going on.

START_TEST(stopped_while_typing)
{
	static const int signals[] = {0, SIGTSTP, SIGSTOP};

	vt = place_open(&places[PLACE_GOODWILL], 24, 80);
	house_keys(vt, "50\tlate ");
	if (signals[_i])
		kill(vt->pid, signals[_i]);
	else
		vt_send(vt, "\032");
	ck_assert(vt_wait_stopped(vt));
	if (signals[_i] != SIGSTOP)
		is_left_tidy();
	vt_resize(vt, 30, 100);
	house_sql(NULL, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'mona'");
	kill(vt->pid, SIGCONT);
	house_keys(vt, "posting");
	ck_assert(vt->altscreen);
	house_shows(vt, "late posting");
	ck_assert_ptr_nonnull(strstr(vt_row(vt, 29), ":"));
}
END_TEST

// Ways out.

START_TEST(every_way_out)
{
	static const char *const ways[] = {"q", "Q", "\003", ":q\r", ":qa\r", ":quit\r", "\033[21~"};

	open_usual();
	vt_send(vt, ways[_i]);
	ends_with(0);
	is_left_tidy();
	leaves_no_session();
}
END_TEST

// False: it ended instead.
static bool handles(const char *key)
{
	int wanted = vt->syncs + 1;

	vt_send(vt, key);
	vt_send(vt, "\033[999~");
	while (vt->syncs < wanted && !vt_has_ended(vt))
		vt_pump(vt, 20);
	return vt->syncs >= wanted;
}

START_TEST(every_place_is_left_at_once)
{
	vt = place_open(&places[_i], 24, 80);
	for (int i = 0; i < 6 && handles("\003"); i++)
		;
	ends_with(0);
	is_left_tidy();
}
END_TEST

START_TEST(signals_end_it)
{
	static const int signals[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGSEGV};

	open_usual();
	ends_by(signals[_i]);
	leaves_no_session();
}
END_TEST

START_TEST(signals_end_it_while_it_waits)
{
	struct session *session = database_session(NULL);

	open_usual();
	database_run(session, "BEGIN; LOCK TABLE loyalty.member");
	vt_send(vt, "r");
	house_waits(vt, "Esc cancels");
	ends_by(SIGTERM);
	database_run(session, "COMMIT");
	session_close(session);
	leaves_no_session();
}
END_TEST

START_TEST(closed_terminal)
{
	open_usual();
	if (_i)
		house_keys(vt, "ep");
	vt_hang_up(vt);
	ck_assert(vt_wait_exit(vt));
	leaves_no_session();
}
END_TEST

// As when nohup, or a daemon's child, shields it from SIGHUP.
START_TEST(closed_terminal_without_hangup_signal)
{
	char shell[] = "/bin/sh", option[] = "-c", command[] = "trap '' HUP; exec \"$LOYALTY\"";

	vt = vt_open((char *[]){shell, option, command, NULL},
		(const char *const[]){"PGUSER=mona", "HOME=/nonexistent", NULL}, 24, 80);
	ck_assert(vt_sync(vt));
	house_shows(vt, "Ayşe Yılmaz");
	vt_hang_up(vt);
	ck_assert(vt_wait_exit(vt));
	leaves_no_session();
}
END_TEST

// Terminals of all kinds.

static void open_in(const char *const *environment, int columns)
{
	char path[4096];
	const char *variables[8] = {"PGUSER=mona", "HOME=/nonexistent", "XDG_STATE_HOME", "XDG_CONFIG_HOME"};

	for (int i = 4; *environment && i < 7; i++)
		variables[i] = *environment++;
	snprintf(path, sizeof path, "%s", getenv("LOYALTY"));
	vt = vt_open((char *[]){path, NULL}, variables, 24, columns);
}

static const struct {
	const char *term, *refusal;
} terms[] = {
	{"TERM=xterm-256color", NULL},
	{"TERM=xterm", NULL},
	{"TERM=linux", NULL},
	{"TERM=vt100", NULL},
	{"TERM=vt220", NULL},
	{"TERM=tmux-256color", NULL},
	{"TERM=screen", NULL},
	{"TERM=dumb", "cannot move its cursor"},
	{"TERM=nonsense-42", "TERM=nonsense-42 is not known"},
	{"TERM=", "TERM is not set"},
	{"TERM", "TERM is not set"},
};

START_TEST(every_kind_of_terminal)
{
	open_in((const char *const[]){terms[_i].term, NULL}, 132);
	if (terms[_i].refusal) {
		ends_with(2);
		house_shows(vt, terms[_i].refusal);
		ck_assert(modes_are_sane());
		return;
	}
	ck_assert(vt_sync(vt));
	house_shows(vt, "Ayşe Yılmaz");
	house_keys(vt, "j");
	house_keys(vt, "\r");
	house_shows(vt, "İbrahim Şahin");
	house_keys(vt, "C");
	house_keys(vt, "4");
	house_shows(vt, "Stars missing");
	vt_send(vt, "Q");
	ends_with(0);
	ck_assert(modes_are_sane());
	ck_assert(!vt->altscreen);
}
END_TEST

START_TEST(utf8_in_any_locale)
{
	static const char *const locales[] = {
		"LC_ALL=C", "LC_ALL=POSIX", "LC_ALL=xx_YY.ISO-8859-1", "LC_ALL="};

	open_in((const char *const[]){locales[_i], "LANG=C", NULL}, 80);
	ck_assert(vt_sync(vt));
	house_shows(vt, "Ayşe Yılmaz");
	house_shows(vt, "太郎 山田");
	house_keys(vt, "/");
	house_keys(vt, "şahin");
	house_shows(vt, "İbrahim Şahin");
}
END_TEST

START_TEST(no_color_means_none)
{
	static const char *const environments[] = {"NO_COLOR=1", "TERM=vt100"};

	for (int place = 0; place < PLACES; place++) {
		open_in((const char *const[]){environments[_i], NULL}, 80);
		ck_assert(vt_sync(vt));
		place_go(vt, &places[place]);
		for (int row = 0; row < 24; row++)
			for (int column = 0; column < 80; column++) {
				VTermScreenCell cell = vt_cell(vt, row, column);
				ck_assert(VTERM_COLOR_IS_DEFAULT_FG(&cell.fg));
				ck_assert(VTERM_COLOR_IS_DEFAULT_BG(&cell.bg));
			}
		vt_close(vt);
	}
	vt = NULL;
}
END_TEST

// Nobody reads: more than the terminal's buffer is drawn, then all is read and nothing typed was lost.
START_TEST(terminal_not_read_for_three_seconds)
{
	struct timespec began, now;
	int presses = 0;

	vt = house_screens("mona", NULL, 60, 200);
	clock_gettime(CLOCK_MONOTONIC, &began);
	do {
		ck_assert_int_eq(write(vt->fd, presses % 2 ? "j\014" : "k\014", 2), 2);
		presses++;
		poll(NULL, 0, 10);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (now.tv_sec - began.tv_sec < 4 && presses < 600);
	ck_assert(vt_sync(vt));
	house_keys(vt, "g");
	house_keys(vt, "j");
	house_keys(vt, "\r");
	house_shows(vt, "İbrahim Şahin");
	vt_send(vt, "Q");
	ends_with(0);
	is_left_tidy();
}
END_TEST

START_TEST(terminal_never_read_again)
{
	vt = house_screens("mona", NULL, 60, 200);
	for (int i = 0; i < 600; i++) {
		if (write(vt->fd, i % 2 ? "j\014" : "k\014", 2) != 2)
			break;
		poll(NULL, 0, 2);
	}
	kill(vt->pid, SIGTERM);
	// Its parent reports by a pipe, so that the terminal need not be read to see it end.
	int fd = vt->fd;
	vt->fd = -1;
	bool has_ended = vt_wait_exit(vt);
	vt->fd = fd;
	ck_assert(has_ended);
	leaves_no_session();
}
END_TEST

START_TEST(no_terminal_at_all)
{
	static const struct {
		const char *redirection, *says;
	} without[] = {{"</dev/null", "standard input is not a terminal"},
		{">/dev/null </dev/null", "is not a terminal"}};
	char command[4400], line[1000] = "";

	snprintf(command, sizeof command, "TERM=xterm \"$LOYALTY\" 2>&1 %s", without[_i].redirection);
	FILE *out = popen(command, "r");
	ck_assert_ptr_nonnull(out);
	ck_assert_ptr_nonnull(fgets(line, sizeof line, out));
	char rest[2];
	ck_assert_msg(!fgets(rest, sizeof rest, out), "more than one line");
	int status = pclose(out);
	ck_assert_int_eq(WEXITSTATUS(status), 2);
	ck_assert_msg(strstr(line, without[_i].says) && strstr(line, "command line"), "%s", line);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

Suite *torture_suite(void)
{
	Suite *suite = suite_create("torture");
	TCase *tests = tcase_create("torture");

	tcase_set_timeout(tests, 120);
	tcase_add_unchecked_fixture(tests, build_house, NULL);
	tcase_add_checked_fixture(tests, start, finish);
	tcase_add_loop_test(tests, every_place_in_every_size, 0, PLACES);
	tcase_add_loop_test(tests, every_place_resized_at_random, 0, PLACES);
	tcase_add_loop_test(tests, starts_in_any_size, 0, 7);
	tcase_add_test(tests, too_small_says_so);
	tcase_add_loop_test(tests, stopped_while_typing, 0, 3);
	tcase_add_loop_test(tests, every_way_out, 0, 7);
	tcase_add_loop_test(tests, every_place_is_left_at_once, 0, PLACES);
	tcase_add_loop_test(tests, signals_end_it, 0, 6);
	tcase_add_test(tests, signals_end_it_while_it_waits);
	tcase_add_loop_test(tests, closed_terminal, 0, 2);
	tcase_add_test(tests, closed_terminal_without_hangup_signal);
	tcase_add_loop_test(tests, every_kind_of_terminal, 0, COUNT(terms));
	tcase_add_loop_test(tests, utf8_in_any_locale, 0, 4);
	tcase_add_loop_test(tests, no_color_means_none, 0, 2);
	tcase_add_test(tests, terminal_not_read_for_three_seconds);
	tcase_add_test(tests, terminal_never_read_again);
	tcase_add_loop_test(tests, no_terminal_at_all, 0, 2);
	suite_add_tcase(suite, tests);
	return suite;
}
