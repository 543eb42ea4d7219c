// The toolkit at every kind of terminal: what it shows there, what it writes and what it may not, and keys at
// random.
#include "tests/tui/toolkit.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

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
	{"TERM=tmux", true, NULL},
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
	sampler_open(NULL, (const char *const[]){terms[_i].term, NULL}, 24, 132);
	if (!terms[_i].works) {
		ck_assert(vt_wait_exit(sampler));
		ck_assert_int_eq(WEXITSTATUS(sampler->status), 1);
		sampler_shows(terms[_i].says);
		ck_assert(sampler_modes_are_sane());
		return;
	}
	ck_assert(vt_sync(sampler));
	sampler_keys("jjj");
	sampler_shows("row 4 of 1,000");
	sampler_keys("v");
	sampler_shows("Revoke 1,250 points");
	sampler_keys("\033p2x\033");
	vt_send(sampler, "Q");
	ck_assert(vt_wait_exit(sampler));
	ck_assert_int_eq(sampler->status, 0);
	ck_assert(sampler_modes_are_sane());
	ck_assert(!sampler->altscreen);
}
END_TEST

START_TEST(selection_is_seen_without_colours)
{
	static const char *const environments[][2] = {{"TERM=vt100", NULL}, {"NO_COLOR=1", NULL}};

	sampler_open(NULL, environments[_i], 24, 80);
	ck_assert(vt_sync(sampler));
	sampler_keys("j");
	ck_assert(vt_cell(sampler, 3, 1).attrs.reverse);
	ck_assert(!vt_cell(sampler, 2, 1).attrs.reverse);
	for (int row = 0; row < 24; row++)
		for (int column = 0; column < 80; column++) {
			VTermScreenCell cell = vt_cell(sampler, row, column);
			ck_assert(VTERM_COLOR_IS_DEFAULT_FG(&cell.fg));
			ck_assert(VTERM_COLOR_IS_DEFAULT_BG(&cell.bg));
		}
}
END_TEST

START_TEST(empty_no_color_means_nothing)
{
	sampler_open(NULL, (const char *const[]){"NO_COLOR=", NULL}, 24, 80);
	ck_assert(vt_sync(sampler));
	VTermScreenCell cell = vt_cell(sampler, 0, 0);
	ck_assert(!VTERM_COLOR_IS_DEFAULT_BG(&cell.bg));
	cell = vt_cell(sampler, 5, 40); // the terminal's own background stays
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
	sampler = vt_open((char *[]){sampler_path(), option, NULL}, NULL, 24, 80);
	ck_assert(vt_sync(sampler));
	VTermScreenCell cell = vt_cell(sampler, 0, 0);
	ck_assert_int_eq(!VTERM_COLOR_IS_DEFAULT_BG(&cell.bg), options[_i].colored);
}
END_TEST

// Not every system knows a terminal of sixteen colours: one is made of that of 256. The folder is removed by whoever asked.
static void make_sixteen(const char *folder)
{
	char command[500];
	snprintf(command, sizeof command,
		"infocmp xterm-256color | sed -e 's/^xterm-256color[^,]*/sixteen|of sixteen colours/' -e 's/colors#[^,]*/colors#16/'"
		" -e 's/pairs#[^,]*/pairs#256/' | tic -o %s -",
		folder);
	ck_assert_int_eq(system(command), 0);
}

static const struct {
	const char *term;
	int least, most; // of the numbers that the title's background may have
} colours[] = {{"TERM=xterm", 6, 6}, {"TERM=sixteen", 6, 6}, {"TERM=xterm-256color", 16, 255}};

START_TEST(as_many_colours_as_there_are)
{
	char folder[] = "/tmp/loyalty-terminfo-XXXXXX", terminfo[64], command[64];
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(terminfo, sizeof terminfo, "TERMINFO=%s", folder);
	snprintf(command, sizeof command, "rm -r %s", folder);
	make_sixteen(folder);
	sampler_open(NULL, (const char *const[]){colours[_i].term, terminfo, NULL}, 24, 80);
	bool is_drawn = vt_sync(sampler);
	ck_assert_int_eq(system(command), 0);
	ck_assert(is_drawn);
	VTermScreenCell cell = vt_cell(sampler, 0, 0);
	ck_assert(VTERM_COLOR_IS_INDEXED(&cell.bg));
	ck_assert_int_ge(cell.bg.indexed.idx, colours[_i].least);
	ck_assert_int_le(cell.bg.indexed.idx, colours[_i].most);
}
END_TEST

START_TEST(utf8_in_any_locale)
{
	static const char *const locales[] = {
		"LC_ALL=C", "LC_ALL=POSIX", "LC_ALL=xx_YY.ISO-8859-1", "LC_ALL="};

	sampler_open(NULL, (const char *const[]){locales[_i], "LANG=C", NULL}, 24, 80);
	ck_assert(vt_sync(sampler));
	sampler_shows("Ayşe Yılmaz");
	sampler_shows("漢字 太郎");
}
END_TEST

START_TEST(clipboard_through_multiplexers)
{
	sampler_open(NULL, (const char *const[]){"TMUX=/tmp/tmux-0/default,1,0", "TERM=tmux-256color", NULL},
		24, 80);
	ck_assert(vt_sync(sampler));
	sampler_keys("y");
	ck_assert(vt_wrote(sampler, "\033Ptmux;\033\033]52;c;MDAwMDAwMA==\a\033\\"));
	sampler_close();
	sampler_open(NULL, (const char *const[]){"TERM=screen", NULL}, 24, 80);
	ck_assert(vt_sync(sampler));
	sampler_keys("y");
	ck_assert(vt_wrote(sampler, "\033P\033]52;c;MDAwMDAwMA==\a\033\\"));
}
END_TEST

// What the program says when its standard input or output is no terminal.
static void says_without_terminal(const char *redirection, const char *expected)
{
	char command[4400], line[512] = "";

	snprintf(command, sizeof command, "%s %s 2>&1 >/dev/null", sampler_path(), redirection);
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
	sampler_start();
	sampler_keys("jjjj");
	for (int i = 0; i < 10; i++) {
		long sync = (long)strlen("\033]777;sync\a"), before = sampler->bytes;
		sampler_keys(i % 2 ? "k" : "j");
		ck_assert_int_le(sampler->bytes - before - sync, 250);
		ck_assert_int_gt(sampler->bytes - before - sync, 0);
	}
}
END_TEST

static long wakeups(void)
{
	int row;

	sampler_keys(":asked\r");
	ck_assert(vt_find(sampler, "wake-ups", &row, NULL));
	return strtol(strstr(vt_row(sampler, row), "wake-ups") + 8, NULL, 10);
}

// Two counts taken apart in time differ by no more than two taken at once; and not a byte was written
// between.
START_TEST(idle_neither_wakes_nor_writes)
{
	sampler_start();
	long first = wakeups(), at_once = wakeups() - first;
	long bytes = sampler->bytes;
	ck_assert(!vt_pump(sampler, 1500));
	ck_assert_int_eq(sampler->bytes, bytes);
	ck_assert_int_le(wakeups() - first - at_once, at_once + 2);
}
END_TEST

START_TEST(unchanged_frame_sends_nothing)
{
	sampler_start();
	sampler_keys("k");
	long before = sampler->bytes, sync = (long)strlen("\033]777;sync\a");
	sampler_keys("k");
	ck_assert_int_eq(sampler->bytes - before, sync);
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
	unsigned seed = sampler_seed("terminal_kinds");

	sampler_open(NULL, (const char *const[]){"SAMPLER_HISTORY=/dev/null", "SAMPLER_NO_FAULTS=1", NULL},
		24, 80);
	ck_assert(vt_sync(sampler));
	size_t length = random_keys(many, RANDOM_BYTES);
	for (size_t at = 0; at < length && !vt_has_ended(sampler); at += 500) {
		vt_send_bytes(sampler, many + at, length - at < 500 ? length - at : 500);
		vt_send(sampler, "\033[201~");
		if (rand() % 4 == 0)
			vt_resize(sampler, 1 + rand() % 40, 1 + rand() % 120);
		vt_pump(sampler, 0);
	}
	free(many);
	if (!vt_has_ended(sampler))
		kill(sampler->pid, SIGTERM);
	ck_assert(vt_wait_exit(sampler));
	bool left = WIFEXITED(sampler->status) && WEXITSTATUS(sampler->status) == 0;
	bool ended = WIFSIGNALED(sampler->status) && WTERMSIG(sampler->status) == SIGTERM;
	if (!left && !ended)
		ck_abort_msg("status %x; CHECK_SEED=%u CK_RUN_SUITE=terminal_kinds build/check",
			sampler->status, seed);
	sampler_is_left_tidy();
}
END_TEST

Suite *terminal_kinds_suite(void);
Suite *terminal_kinds_suite(void)
{
	Suite *suite = suite_create("terminal_kinds");
	TCase *cases = tcase_create("terminal");
	tcase_set_timeout(cases, 120);
	tcase_add_checked_fixture(cases, NULL, sampler_close);
	tcase_add_loop_test(cases, every_kind_of_terminal, 0, (int)(sizeof terms / sizeof terms[0]));
	tcase_add_loop_test(cases, selection_is_seen_without_colours, 0, 2);
	tcase_add_test(cases, empty_no_color_means_nothing);
	tcase_add_loop_test(cases, options_and_themes, 0, 3);
	tcase_add_loop_test(cases, as_many_colours_as_there_are, 0, (int)(sizeof colours / sizeof colours[0]));
	tcase_add_loop_test(cases, utf8_in_any_locale, 0, 4);
	tcase_add_test(cases, clipboard_through_multiplexers);
	tcase_add_test(cases, no_terminal_at_all);
	tcase_add_test(cases, row_move_takes_at_most_250_bytes);
	tcase_add_test(cases, idle_neither_wakes_nor_writes);
	tcase_add_test(cases, unchanged_frame_sends_nothing);
	tcase_add_loop_test(cases, random_keys_never_break_it, 0, 50);
	suite_add_tcase(suite, cases);
	return suite;
}
