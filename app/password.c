// Asks for the database's password on the terminal.
#include "app/password.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static bool line_read(int terminal, char *line, size_t size)
{
	size_t used = 0;
	while (used + 1 < size) {
		ssize_t got = read(terminal, line + used, 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		if (line[used] == '\n')
			break;
		used++;
	}
	line[used] = '\0';
	return used > 0;
}

static void say(int terminal, const char *text)
{
	while (*text) {
		ssize_t written = write(terminal, text, strlen(text));
		if (written <= 0)
			return;
		text += written;
	}
}

// Ctrl-C while typing would leave the terminal silent, so it only becomes a signal once echo is back.
static bool line_ask(int terminal, char *line, size_t size)
{
	struct termios before, silent;
	if (tcgetattr(terminal, &before) != 0)
		return false;
	silent = before;
	silent.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	if (tcsetattr(terminal, TCSAFLUSH, &silent) != 0)
		return false;
	say(terminal, "Password: ");
	bool is_read = line_read(terminal, line, size) && !strchr(line, 3);
	tcsetattr(terminal, TCSAFLUSH, &before);
	say(terminal, "\n");
	return is_read;
}

bool password_ask(void)
{
	char line[256];
	int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);
	if (terminal < 0)
		return false;
	bool is_given = line_ask(terminal, line, sizeof line) && setenv("PGPASSWORD", line, 1) == 0;
	explicit_bzero(line, sizeof line);
	close(terminal);
	return is_given;
}
