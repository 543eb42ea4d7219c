// forkpty() and libvterm; waiting is always for an event, never for a time.
#include "tests/tui/vt.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

struct report {
	enum { REPORT_PID, REPORT_STOPPED, REPORT_ENDED } what;
	int value;
};

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000L + now.tv_nsec / 1000000;
}

static int on_property(VTermProp property, VTermValue *value, void *user)
{
	struct vt *vt = user;

	if (property == VTERM_PROP_ALTSCREEN)
		vt->altscreen = value->boolean;
	if (property == VTERM_PROP_CURSORVISIBLE)
		vt->cursor = value->boolean;
	if (property == VTERM_PROP_MOUSE)
		vt->mouse = value->number;
	return 1;
}

static int on_bell(void *user)
{
	((struct vt *)user)->bells++;
	return 1;
}

static int on_osc(const char *text, size_t bytes, void *user)
{
	struct vt *vt = user;

	if (bytes == 8 && !memcmp(text, "777;sync", 8)) {
		vt->syncs++;
		return 1;
	}
	if (bytes > sizeof vt->osc - 1)
		bytes = sizeof vt->osc - 1;
	memcpy(vt->osc, text, bytes);
	vt->osc[bytes] = 0;
	return 1;
}

// libvterm answers what a terminal answers, such as a question for its kind.
static void on_output(const char *bytes, size_t count, void *user)
{
	vt_send_bytes(user, bytes, count);
}

static const VTermScreenCallbacks screen_callbacks = {.settermprop = on_property, .bell = on_bell};
static const VTermParserCallbacks fallbacks = {.osc = on_osc};

static void set_environment(const char *const *environment)
{
	static const char *const fixed[] = {"TERM=xterm-256color", "LC_ALL=C.UTF-8", "TZ=UTC",
		"LOYALTY_SYNC=1", "LINES", "COLUMNS", "ESCDELAY", "NO_COLOR", "TMUX", NULL};
	const char *const *lists[] = {fixed, environment};

	for (int i = 0; i < 2; i++)
		for (const char *const *entry = lists[i]; entry && *entry; entry++) {
			char name[64];
			const char *equals = strchr(*entry, '=');
			snprintf(name, sizeof name, "%.*s", equals ? (int)(equals - *entry) : 60, *entry);
			if (equals)
				setenv(name, equals + 1, 1);
			else
				unsetenv(name);
		}
}

static void say(int fd, int what, int value)
{
	struct report report = {.what = what, .value = value};

	if (write(fd, &report, sizeof report) != sizeof report)
		_exit(126);
}

static void run_program(char *const argv[])
{
	setpgid(0, 0);
	signal(SIGTTOU, SIG_IGN);
	tcsetpgrp(STDIN_FILENO, getpid());
	signal(SIGTTOU, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	execv(argv[0], argv);
	_exit(127);
}

// Leads the session, as a shell would, and reports on the program. It stays behind, so that the terminal's
// modes can be looked at afterwards, until vt_close() kills it.
static void be_parent(char *const argv[], int report)
{
	int status;

	signal(SIGHUP, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	pid_t program = fork();
	if (program == 0)
		run_program(argv);
	say(report, REPORT_PID, program);
	while (waitpid(program, &status, WUNTRACED) == program) {
		say(report, WIFSTOPPED(status) ? REPORT_STOPPED : REPORT_ENDED, status);
		if (!WIFSTOPPED(status))
			break;
	}
	for (;;)
		pause();
}

// libvterm itself fails when a wide character meets a screen of one column.
static int columns_at_least(int columns)
{
	return columns < 2 ? 2 : columns;
}

static void make_screen(struct vt *vt, int rows, int columns)
{
	vt->cursor = true;
	vt->term = vterm_new(rows, columns_at_least(columns));
	vterm_set_utf8(vt->term, 1);
	vterm_output_set_callback(vt->term, on_output, vt);
	vt->screen = vterm_obtain_screen(vt->term);
	vterm_screen_enable_altscreen(vt->screen, 1);
	vterm_screen_set_callbacks(vt->screen, &screen_callbacks, vt);
	vterm_screen_set_unrecognised_fallbacks(vt->screen, &fallbacks, vt);
	vterm_screen_reset(vt->screen, 1);
}

static bool read_report(struct vt *vt, int ms, struct report *report)
{
	struct pollfd p = {vt->report, POLLIN, 0};

	return poll(&p, 1, ms) > 0 && read(vt->report, report, sizeof *report) == sizeof *report;
}

struct vt *vt_open(char *const argv[], const char *const *environment, int rows, int columns)
{
	struct vt *vt = calloc(1, sizeof *vt);
	struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
	struct report report;
	int ends[2];

	ck_assert_ptr_nonnull(vt);
	vt->raw = malloc(VT_RAW_MAX + 1);
	ck_assert_ptr_nonnull(vt->raw);
	make_screen(vt, rows ? rows : 24, columns ? columns : 80);
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	vt->parent = forkpty(&vt->fd, NULL, NULL, &size);
	ck_assert_int_ge(vt->parent, 0);
	if (vt->parent == 0) {
		close(ends[0]);
		set_environment(environment);
		be_parent(argv, ends[1]);
	}
	close(ends[1]);
	vt->report = ends[0];
	ck_assert(read_report(vt, VT_PATIENCE_MS, &report));
	vt->pid = report.value;
	return vt;
}

static void keep_raw(struct vt *vt, const char *bytes, size_t count)
{
	if (count > VT_RAW_MAX) {
		bytes += count - VT_RAW_MAX;
		count = VT_RAW_MAX;
	}
	if (vt->raw_bytes + count > VT_RAW_MAX) {
		size_t drop = vt->raw_bytes + count - VT_RAW_MAX;
		memmove(vt->raw, vt->raw + drop, vt->raw_bytes - drop);
		vt->raw_bytes -= drop;
	}
	memcpy(vt->raw + vt->raw_bytes, bytes, count);
	vt->raw_bytes += count;
}

bool vt_pump(struct vt *vt, int ms)
{
	char buffer[8192];
	struct pollfd p = {vt->fd, POLLIN, 0};

	if (vt->fd < 0 || poll(&p, 1, ms) <= 0)
		return false;
	ssize_t count = read(vt->fd, buffer, sizeof buffer);
	if (count < 0 && (errno == EINTR || errno == EAGAIN))
		return false;
	if (count <= 0) {
		vt_hang_up(vt);
		return false;
	}
	vt->bytes += count;
	keep_raw(vt, buffer, (size_t)count);
	vterm_input_write(vt->term, buffer, (size_t)count);
	vterm_screen_flush_damage(vt->screen);
	return true;
}

void vt_send_bytes(struct vt *vt, const char *bytes, size_t count)
{
	long end = now_ms() + VT_PATIENCE_MS;

	while (count && vt->fd >= 0 && now_ms() < end) {
		struct pollfd p = {vt->fd, POLLIN | POLLOUT, 0};
		if (poll(&p, 1, 100) <= 0)
			continue;
		if (p.revents & POLLIN)
			vt_pump(vt, 0);
		if (!(p.revents & POLLOUT) || vt->fd < 0)
			continue;
		// Small pieces: a write to a full terminal would block, and no one would read its output.
		ssize_t written = write(vt->fd, bytes, count < 256 ? count : 256);
		if (written <= 0)
			return;
		bytes += written;
		count -= (size_t)written;
	}
}

void vt_send(struct vt *vt, const char *text)
{
	vt_send_bytes(vt, text, strlen(text));
}

void vt_key(struct vt *vt, VTermKey key)
{
	vterm_keyboard_key(vt->term, key, VTERM_MOD_NONE);
}

bool vt_sync(struct vt *vt)
{
	int wanted = vt->syncs + 1;
	long end = now_ms() + VT_PATIENCE_MS;

	vt_send(vt, "\033[999~");
	while (vt->syncs < wanted && vt->fd >= 0 && now_ms() < end)
		vt_pump(vt, 20);
	return vt->syncs >= wanted;
}

static bool wait_text(struct vt *vt, const char *text, bool there)
{
	long end = now_ms() + VT_PATIENCE_MS;

	for (;;) {
		if (vt_find(vt, text, NULL, NULL) == there)
			return true;
		if (vt->fd < 0 || now_ms() >= end)
			return false;
		vt_pump(vt, 20);
	}
}

bool vt_wait_text(struct vt *vt, const char *text)
{
	return wait_text(vt, text, true);
}

bool vt_wait_no_text(struct vt *vt, const char *text)
{
	return wait_text(vt, text, false);
}

static bool wait_report(struct vt *vt, int what)
{
	struct report report;
	long end = now_ms() + VT_PATIENCE_MS;

	while (now_ms() < end) {
		vt_pump(vt, 0);
		if (!read_report(vt, 10, &report))
			continue;
		vt->status = report.value;
		if ((int)report.what == what)
			break;
	}
	while (vt_pump(vt, 20))
		;
	return now_ms() < end;
}

bool vt_wait_exit(struct vt *vt)
{
	if (!vt->ended)
		vt->ended = wait_report(vt, REPORT_ENDED);
	while (vt_pump(vt, 20))
		;
	return vt->ended;
}

bool vt_has_ended(struct vt *vt)
{
	struct report report;

	while (!vt->ended && read_report(vt, 0, &report)) {
		vt->status = report.value;
		vt->ended = report.what == REPORT_ENDED;
	}
	return vt->ended;
}

bool vt_wait_stopped(struct vt *vt)
{
	return wait_report(vt, REPORT_STOPPED);
}

void vt_hang_up(struct vt *vt)
{
	if (vt->fd >= 0)
		close(vt->fd);
	vt->fd = -1;
}

void vt_resize(struct vt *vt, int rows, int columns)
{
	struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};

	if (rows && columns)
		vterm_set_size(vt->term, rows, columns_at_least(columns));
	vterm_screen_flush_damage(vt->screen);
	ioctl(vt->fd, TIOCSWINSZ, &size);
}

VTermScreenCell vt_cell(struct vt *vt, int row, int column)
{
	VTermScreenCell cell = {0};

	vterm_screen_get_cell(vt->screen, (VTermPos){row, column}, &cell);
	return cell;
}

void vt_cursor(struct vt *vt, int *row, int *column)
{
	VTermPos position;

	vterm_state_get_cursorpos(vterm_obtain_state(vt->term), &position);
	*row = position.row;
	*column = position.col;
}

const char *vt_row(struct vt *vt, int row)
{
	static char text[8192];
	int rows, columns;

	vterm_get_size(vt->term, &rows, &columns);
	size_t bytes = vterm_screen_get_text(
		vt->screen, text, sizeof text - 1, (VTermRect){row, row + 1, 0, columns});
	while (bytes && (text[bytes - 1] == ' ' || !text[bytes - 1]))
		bytes--;
	text[bytes] = 0;
	return text;
}

static size_t utf8_bytes(uint32_t ch)
{
	return ch < 0x80 ? 1 : ch < 0x800 ? 2 : ch < 0x10000 ? 3 : 4;
}

// Cells before byte `bytes` of that row's text.
static int cells_before(struct vt *vt, int row, size_t bytes)
{
	int rows, columns, column = 0;

	vterm_get_size(vt->term, &rows, &columns);
	for (size_t at = 0; column < columns && at < bytes;) {
		VTermScreenCell cell = vt_cell(vt, row, column);
		at += !cell.chars[0]; // never written: the text has a blank
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
			at += utf8_bytes(cell.chars[i]);
		column += cell.width;
	}
	return column;
}

bool vt_find(struct vt *vt, const char *text, int *row, int *column)
{
	int rows, columns;

	vterm_get_size(vt->term, &rows, &columns);
	for (int r = 0; r < rows; r++) {
		const char *line = vt_row(vt, r), *hit = strstr(line, text);
		if (!hit)
			continue;
		if (row)
			*row = r;
		if (column)
			*column = cells_before(vt, r, (size_t)(hit - line));
		return true;
	}
	return false;
}

bool vt_tidy(const struct vt *vt)
{
	return !vt->altscreen && vt->cursor && !vt->mouse && vt_wrote(vt, "\033[?2004l");
}

bool vt_wrote(const struct vt *vt, const char *bytes)
{
	return memmem(vt->raw, vt->raw_bytes, bytes, strlen(bytes)) != NULL;
}

void vt_print(struct vt *vt)
{
	int rows, columns;

	vterm_get_size(vt->term, &rows, &columns);
	for (int r = 0; r < rows; r++)
		fprintf(stderr, "%2d|%s\n", r, vt_row(vt, r));
}

void vt_close(struct vt *vt)
{
	if (!vt_has_ended(vt))
		kill(vt->pid, SIGKILL);
	kill(vt->parent, SIGKILL);
	waitpid(vt->parent, NULL, 0);
	vt_hang_up(vt);
	close(vt->report);
	vterm_free(vt->term);
	free(vt->raw);
	free(vt);
}
