// newterm and its undoing, on every way a program can end.
#include "screens/ui/term.h"

#include "screens/ui/keys.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

// Paste, mouse modes off: what curses does not know that we switched on.
#define MODES_OFF "\033[?2004l\033[?1006l\033[?1000l"
#define PASTE_ON "\033[?2004h"

// The last three only until the loop catches them, and after it has ended.
static const int fatal_signals[] = {
	SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT, SIGSYS, SIGALRM, SIGTERM, SIGHUP, SIGINT};
// What newterm() catches in its own way.
static const int curses_signals[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
enum { CURSES_COUNT = sizeof curses_signals / sizeof curses_signals[0] };
enum { FATAL_COUNT = sizeof fatal_signals / sizeof fatal_signals[0], MICE_MAX = 64 };

static struct {
	SCREEN *screen;
	struct term_options options;
	struct termios shell_modes;
	volatile sig_atomic_t armed; // the terminal is ours: a fatal signal has to restore it
	char restore[512]; // what puts it right, built beforehand: a signal handler cannot call terminfo
	size_t restore_bytes;
	size_t cursor_at; // where in it the part begins that makes the cursor visible
	struct sigaction fatal_before[FATAL_COUNT];
	int real_stderr, kept_stderr; // -1: not redirected
	bool atexit_done, gone, mouse;
	MEVENT mice[MICE_MAX]; // newest first, as curses gives them
	int mouse_count;
} term = {.real_stderr = -1, .kept_stderr = -1};

static bool refuse(struct term_problem *p, const char *todo, const char *why, ...)
	__attribute__((format(printf, 3, 4)));
static bool refuse(struct term_problem *p, const char *todo, const char *why, ...)
{
	va_list arguments;

	snprintf(p->what, sizeof p->what, "cannot open the screens");
	snprintf(p->todo, sizeof p->todo, "%s", todo);
	va_start(arguments, why);
	vsnprintf(p->why, sizeof p->why, why, arguments);
	va_end(arguments);
	return false;
}

static void write_all(int fd, const char *bytes, size_t count)
{
	while (count) {
		ssize_t written = write(fd, bytes, count);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0) {
			term.gone = term.gone || (written < 0 && errno == EIO);
			return;
		}
		bytes += written;
		count -= (size_t)written;
	}
}

static void write_text(const char *text)
{
	write_all(STDOUT_FILENO, text, strlen(text));
}

// Copies what was said on standard error meanwhile to where it belongs. Safe in a signal handler.
static void show_kept_stderr(void)
{
	char buffer[512];
	ssize_t got;

	if (term.kept_stderr < 0)
		return;
	dup2(term.real_stderr, STDERR_FILENO);
	lseek(term.kept_stderr, 0, SEEK_SET);
	while ((got = read(term.kept_stderr, buffer, sizeof buffer)) > 0)
		write_all(STDERR_FILENO, buffer, (size_t)got);
}

static void on_fatal(int signal_number)
{
	if (term.armed) {
		term.armed = 0;
		// Output that no one reads must not keep a dying process.
		struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
		if (poll(&out, 1, 0) > 0 && (out.revents & POLLOUT)) {
			(void)!write(STDOUT_FILENO, term.restore, term.restore_bytes);
			show_kept_stderr();
		}
		tcsetattr(STDIN_FILENO, TCSANOW, &term.shell_modes);
	}
	for (int i = 0; i < FATAL_COUNT; i++)
		if (fatal_signals[i] == signal_number)
			sigaction(signal_number, &term.fatal_before[i], NULL);
	raise(signal_number);
}

static int collect(int c)
{
	if (term.restore_bytes < sizeof term.restore)
		term.restore[term.restore_bytes++] = (char)c;
	return c;
}

static void collect_capability(const char *capability)
{
	if (capability)
		tputs(capability, 1, collect);
}

static void build_restore(void)
{
	term.restore_bytes = sizeof MODES_OFF - 1;
	memcpy(term.restore, MODES_OFF, term.restore_bytes);
	collect_capability(exit_attribute_mode);
	collect_capability(orig_pair);
	collect_capability(keypad_local);
	collect_capability(exit_ca_mode);
	term.cursor_at = term.restore_bytes;
	collect_capability(cursor_normal);
	collect('\r');
}

// Terminals made of libvterm (Neovim's, Emacs') bring a hidden cursor back with the main screen, if curses saved the
// cursor while it was hidden.
static void leave_curses(void)
{
	write_text(MODES_OFF);
	curs_set(1);
	endwin();
	write_all(STDOUT_FILENO, term.restore + term.cursor_at, term.restore_bytes - term.cursor_at);
}

static void catch_fatal_signals(void)
{
	static char stack[1 << 16];
	struct sigaction action = {.sa_handler = on_fatal, .sa_flags = SA_ONSTACK | SA_NODEFER};

	sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL);
	for (int i = 0; i < FATAL_COUNT; i++) {
		sigaction(fatal_signals[i], NULL, &term.fatal_before[i]);
		if (term.fatal_before[i].sa_handler != SIG_IGN)
			sigaction(fatal_signals[i], &action, NULL);
	}
}

// newterm() with the signals left as they were.
static SCREEN *new_screen(void)
{
	struct sigaction before[CURSES_COUNT];

	for (int i = 0; i < CURSES_COUNT; i++)
		sigaction(curses_signals[i], NULL, &before[i]);
	SCREEN *screen = newterm(NULL, stdout, stdin);
	for (int i = 0; i < CURSES_COUNT; i++)
		sigaction(curses_signals[i], &before[i], NULL);
	return screen;
}

static void keep_stderr(void)
{
	if (!isatty(STDERR_FILENO))
		return;
	term.kept_stderr = memfd_create("messages", MFD_CLOEXEC);
	if (term.kept_stderr < 0)
		return;
	term.real_stderr = dup(STDERR_FILENO);
	dup2(term.kept_stderr, STDERR_FILENO);
}

// Terminals disagree with their descriptions on these, so both forms of each are known.
static void define_keys(void)
{
	static const struct {
		const char *sequence;
		int code;
	} sequences[] = {
		{"\033[H", KEY_HOME},
		{"\033OH", KEY_HOME},
		{"\033[1~", KEY_HOME},
		{"\033[7~", KEY_HOME},
		{"\033[F", KEY_END},
		{"\033OF", KEY_END},
		{"\033[4~", KEY_END},
		{"\033[8~", KEY_END},
		{"\033[A", KEY_UP},
		{"\033OA", KEY_UP},
		{"\033[B", KEY_DOWN},
		{"\033OB", KEY_DOWN},
		{"\033[C", KEY_RIGHT},
		{"\033OC", KEY_RIGHT},
		{"\033[D", KEY_LEFT},
		{"\033OD", KEY_LEFT},
		{"\033[2~", KEY_IC},
		{"\033[3~", KEY_DC},
		{"\033[5~", KEY_PPAGE},
		{"\033[6~", KEY_NPAGE},
		{"\033[Z", KEY_BTAB},
		{"\033OM", KEY_ENTER},
		{"\033OP", KEY_F(1)},
		{"\033OQ", KEY_F(2)},
		{"\033OR", KEY_F(3)},
		{"\033OS", KEY_F(4)},
		{"\033[11~", KEY_F(1)},
		{"\033[12~", KEY_F(2)},
		{"\033[13~", KEY_F(3)},
		{"\033[14~", KEY_F(4)},
		{"\033[[A", KEY_F(1)},
		{"\033[[B", KEY_F(2)},
		{"\033[[C", KEY_F(3)},
		{"\033[[D", KEY_F(4)},
		{"\033[[E", KEY_F(5)},
		{"\033[15~", KEY_F(5)},
		{"\033[17~", KEY_F(6)},
		{"\033[18~", KEY_F(7)},
		{"\033[19~", KEY_F(8)},
		{"\033[20~", KEY_F(9)},
		{"\033[21~", KEY_F(10)},
		{"\033[23~", KEY_F(11)},
		{"\033[24~", KEY_F(12)},
	};

	for (size_t i = 0; i < sizeof sequences / sizeof sequences[0]; i++)
		define_key(sequences[i].sequence, sequences[i].code);
	define_key("\033[200~", keys_code_paste_begin());
	define_key("\033[201~", keys_code_paste_end());
	if (term.options.sync)
		define_key("\033[999~", keys_code_sync());
}

static bool check_terminal(struct term_problem *problem)
{
	const char *name = getenv("TERM");
	int found = 0;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return refuse(problem, "run it in a terminal, or use a verb of the command line (see --help)",
			"standard %s is not a terminal", isatty(STDIN_FILENO) ? "output" : "input");
	if (!name || !*name)
		return refuse(problem, "set TERM, for example TERM=xterm-256color", "TERM is not set");
	if (setupterm(name, STDOUT_FILENO, &found) != OK)
		return refuse(problem,
			"set TERM to one known here (TERM=xterm-256color), or install ncurses-term",
			"TERM=%.60s is not known on this machine", name);
	bool moves = cursor_address && clear_screen;
	del_curterm(cur_term);
	if (!moves)
		return refuse(problem, "use another terminal, or a verb of the command line (see --help)",
			"a terminal of TERM=%.60s cannot move its cursor", name);
	return true;
}

static bool set_locale(struct term_problem *problem)
{
	setlocale(LC_CTYPE, "");
	if (!strcmp(nl_langinfo(CODESET), "UTF-8") || setlocale(LC_CTYPE, "C.UTF-8"))
		return true;
	return refuse(problem, "set LC_ALL=C.UTF-8", "there is no UTF-8 locale");
}

static void enter_modes(void)
{
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	meta(stdscr, TRUE);
	curs_set(0);
	mouseinterval(0);
	write_text(PASTE_ON);
	term_set_mouse(term.mouse);
}

static void start_colors(void)
{
	const char *no_color = getenv("NO_COLOR");

	if (no_color && *no_color)
		term.options.no_color = true;
	if (!term.options.no_color && has_colors()) {
		start_color();
		use_default_colors();
	}
}

bool term_open(const struct term_options *options, struct term_problem *problem)
{
	if (!check_terminal(problem) || !set_locale(problem))
		return false;
	term.options = *options;
	term.mouse = options->mouse;
	term.gone = false;
	tcgetattr(STDIN_FILENO, &term.shell_modes);
	use_env(FALSE);
	use_tioctl(TRUE);
	if (!getenv("ESCDELAY"))
		set_escdelay(25);
	term.screen = new_screen();
	if (!term.screen)
		return refuse(problem, "set TERM to one known here (TERM=xterm-256color)",
			"TERM=%.60s cannot be used", getenv("TERM"));
	build_restore();
	term.armed = 1;
	catch_fatal_signals();
	if (!term.atexit_done)
		term.atexit_done = !atexit(term_close);
	define_keys();
	start_colors();
	keep_stderr();
	enter_modes();
	return true;
}

void term_close(void)
{
	if (!term.screen)
		return;
	term.armed = 0;
	leave_curses();
	tcsetattr(STDIN_FILENO, TCSANOW, &term.shell_modes);
	delscreen(term.screen);
	term.screen = NULL;
	for (int i = 0; i < FATAL_COUNT; i++)
		sigaction(fatal_signals[i], &term.fatal_before[i], NULL);
	show_kept_stderr();
	if (term.kept_stderr >= 0) {
		close(term.kept_stderr);
		close(term.real_stderr);
		term.kept_stderr = term.real_stderr = -1;
	}
}

bool term_resize(void)
{
	struct winsize size;
	int height, width;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_row || !size.ws_col)
		return false; // no size is no news: a serial line has none
	// What the terminal made of the old frame is not known, not even when it has its size again: it may have been
	// smaller in between.
	clearok(curscr, TRUE);
	term_size(&height, &width);
	if (size.ws_row == height && size.ws_col == width)
		return false;
	resizeterm(size.ws_row, size.ws_col);
	return true;
}

void term_size(int *height, int *width)
{
	getmaxyx(stdscr, *height, *width);
}

void term_redraw(void)
{
	clearok(curscr, TRUE);
}

void term_resume(void)
{
	reset_prog_mode();
	enter_modes();
	term_resize();
	term_redraw();
}

void term_suspend(void)
{
	struct sigaction ours, standard = {.sa_handler = SIG_DFL};
	sigset_t stop, before;

	def_prog_mode();
	leave_curses();
	term.armed = 0;
	sigaction(SIGTSTP, &standard, &ours);
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &stop, &before);
	kill(0, SIGTSTP); // the whole job, as the terminal would
	sigprocmask(SIG_SETMASK, &before, NULL);
	sigaction(SIGTSTP, &ours, NULL);
	term.armed = 1;
	term_resume();
}

int term_read(void)
{
	int code = wgetch(stdscr);

	if (code == KEY_MOUSE) {
		term.mouse_count = 0;
		while (term.mouse_count < MICE_MAX && getmouse(&term.mice[term.mouse_count]) == OK)
			term.mouse_count++;
	}
	return code == ERR ? -1 : code;
}

bool term_mouse_next(int *y, int *x, int *button)
{
	while (term.mouse_count > 0) {
		const MEVENT *event = &term.mice[--term.mouse_count];
		*y = event->y;
		*x = event->x;
		if (event->bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED))
			*button = MOUSE_CLICK;
		else if (event->bstate & BUTTON4_PRESSED)
			*button = MOUSE_WHEEL_UP;
		else if (event->bstate & BUTTON5_PRESSED)
			*button = MOUSE_WHEEL_DOWN;
		else
			continue;
		return true;
	}
	return false;
}

bool term_writable(void)
{
	struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};

	return poll(&out, 1, 0) > 0 && (out.revents & POLLOUT);
}

bool term_gone(void)
{
	return term.gone;
}

static size_t base64(const char *text, size_t bytes, char *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char *start = out;

	for (size_t i = 0; i < bytes; i += 3) {
		uint32_t group = (uint32_t)(unsigned char)text[i] << 16;
		group |= i + 1 < bytes ? (uint32_t)(unsigned char)text[i + 1] << 8 : 0;
		group |= i + 2 < bytes ? (unsigned char)text[i + 2] : 0;
		*out++ = digits[group >> 18];
		*out++ = digits[group >> 12 & 63];
		*out++ = i + 1 < bytes ? digits[group >> 6 & 63] : '=';
		*out++ = i + 2 < bytes ? digits[group & 63] : '=';
	}
	*out = 0;
	return (size_t)(out - start);
}

// GNU screen passes strings of limited length only, so the sequence goes in pieces.
static void write_through_screen(const char *sequence, size_t bytes)
{
	enum { PIECE = 500 };

	for (size_t at = 0; at < bytes; at += PIECE) {
		write_text("\033P");
		write_all(STDOUT_FILENO, sequence + at, bytes - at < PIECE ? bytes - at : PIECE);
		write_text("\033\\");
	}
}

bool term_copy(const char *text, size_t bytes)
{
	if (bytes > TERM_COPY_MAX / 4 * 3)
		return false;
	char *sequence = malloc(TERM_COPY_MAX + 32);
	if (!sequence)
		return false;
	size_t length = (size_t)sprintf(sequence, "\033]52;c;");
	length += base64(text, bytes, sequence + length);
	sequence[length++] = '\a';
	const char *name = getenv("TERM");
	if (getenv("TMUX")) {
		write_text("\033Ptmux;\033");
		write_all(STDOUT_FILENO, sequence, length);
		write_text("\033\\");
	} else if (name && !strncmp(name, "screen", 6)) {
		write_through_screen(sequence, length);
	} else {
		write_all(STDOUT_FILENO, sequence, length);
	}
	free(sequence);
	return true;
}

void term_set_mouse(bool on)
{
	mmask_t wanted = BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED;
	mmask_t got = mousemask(on ? wanted : 0, NULL);
	// Curses asks for both modes in one sequence, which not every terminal takes.
	if (got)
		write_text("\033[?1000h\033[?1006h");
	else if (term.mouse)
		write_text("\033[?1006l\033[?1000l");
	term.mouse = on;
}

bool term_mouse(void)
{
	return term.mouse;
}

bool term_ascii(void)
{
	return term.options.ascii;
}

int term_colors(void)
{
	return term.options.no_color || !has_colors() ? 0 : COLORS;
}

void term_answer_sync(void)
{
	write_text("\033]777;sync\a");
}

void term_beep(void)
{
	beep();
}

int term_fd(void)
{
	return STDIN_FILENO;
}
