// Runs the mail command: its words, its pipes, its end, and what its exit status means.
#include "model/outbox/mail_command.h"
#include "db/clock.h"
#include "db/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

extern char **environ;

// The end of the word that begins at `at`, whose letters are moved together over its quotes; NULL: a quote is
// open.
static char *word_read(char *at)
{
	char *to = at;
	for (char quote = 0; *at && (quote || !strchr(" \t", *at)); at++) {
		if (quote ? *at == quote : *at == '"' || *at == '\'') {
			quote = quote ? 0 : *at;
			if (quote && !strchr(at + 1, quote))
				return NULL;
			continue;
		}
		*to++ = *at;
	}
	char *end = *at ? at + 1 : at;
	*to = '\0';
	return end;
}

bool mail_command_init(struct mail_command *command, const char *text)
{
	*command = (struct mail_command){.text = strdup(text)};
	char *at = command->text;
	int count = 0;
	while (at && *(at += strspn(at, " \t"))) {
		if (count == MAIL_WORDS_MAX)
			return false;
		command->words[count++] = at;
		at = word_read(at);
	}
	return at && count > 0 && *command->words[0];
}

void mail_command_free(struct mail_command *command)
{
	free(command->text);
	*command = (struct mail_command){.text = NULL};
}

// A command under way.
struct running {
	pid_t process;
	int ended; // readable once it has
	int input, output;
	const char *left; // of the message
	size_t length;
	bool was_read_whole;
	char said[MAIL_WHY]; // the first of what it wrote
	size_t said_length;
};

static bool is_ours(const char *variable)
{
	return strncmp(variable, "PG", 2) == 0 || strncmp(variable, "LOYALTY_", 8) == 0;
}

// The environment without what leads to the database; the array is the caller's to free.
static char **environment_make(void)
{
	size_t count = 0, kept = 0;
	while (environ[count])
		count++;
	char **made = calloc(count + 1, sizeof *made);
	for (size_t i = 0; made && i < count; i++)
		if (!is_ours(environ[i]))
			made[kept++] = environ[i];
	return made;
}

static int spawn_with(struct running *running, const struct mail_command *command, int input, int output)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	char **environment = environment_make();
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attributes);
	posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setflags(
		&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
	int failure = environment ? posix_spawnp(&running->process, command->words[0], &files, &attributes,
					    command->words, environment)
				  : ENOMEM;
	free(environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return failure;
}

static void close_one(int *descriptor)
{
	if (*descriptor >= 0)
		close(*descriptor);
	*descriptor = -1;
}

// 0, or why it could not be started.
static int start(struct running *running, const struct mail_command *command)
{
	int in[2], out[2];
	if (pipe2(in, O_CLOEXEC) != 0)
		return errno;
	if (pipe2(out, O_CLOEXEC) != 0) {
		int failure = errno;
		close(in[0]);
		close(in[1]);
		return failure;
	}
	int failure = spawn_with(running, command, in[0], out[1]);
	close(in[0]);
	close(out[1]);
	running->input = in[1];
	running->output = out[0];
	fcntl(running->input, F_SETFL, O_NONBLOCK);
	fcntl(running->output, F_SETFL, O_NONBLOCK);
	running->ended = failure ? -1 : pidfd_open(running->process, 0);
	return failure;
}

static void feed(struct running *running)
{
	ssize_t written = write(running->input, running->left, running->length);
	if (written > 0) {
		running->left += written;
		running->length -= (size_t)written;
	}
	running->was_read_whole = running->length == 0;
	if (running->length == 0 || (written < 0 && errno != EAGAIN && errno != EINTR))
		close_one(&running->input);
}

static void hear(struct running *running)
{
	char more[512];
	ssize_t got;
	while ((got = read(running->output, more, sizeof more)) > 0) {
		size_t room = sizeof running->said - 1 - running->said_length;
		size_t taken = (size_t)got < room ? (size_t)got : room;
		memcpy(running->said + running->said_length, more, taken);
		running->said_length += taken;
	}
	if (got == 0 || (errno != EAGAIN && errno != EINTR))
		close_one(&running->output);
}

// Until it has ended, or false at the end of its time.
static bool serve(struct running *running, int64_t until_ms)
{
	for (;;) {
		int64_t left = until_ms - clock_ms();
		struct pollfd polled[] = {{.fd = running->ended, .events = POLLIN},
			{.fd = running->input, .events = POLLOUT}, {.fd = running->output, .events = POLLIN}};
		if (left <= 0 || running->ended < 0)
			return false;
		if (poll(polled, 3, (int)left) < 0 && errno != EINTR)
			return false;
		if (polled[1].revents)
			feed(running);
		if (polled[2].revents)
			hear(running);
		if (polled[0].revents)
			return true;
	}
}

// What a sendmail-compatible command says with its exit status (sysexits.h). A connection that broke, or a
// server that was not understood, may have taken the message before.
static enum mail_result status_judge(int status, bool was_read_whole)
{
	if (WIFSIGNALED(status))
		return was_read_whole ? MAIL_UNCERTAIN : MAIL_AGAIN;
	switch (WEXITSTATUS(status)) {
	case EX_OK:
		return was_read_whole ? MAIL_TAKEN : MAIL_AGAIN;
	case EX_DATAERR:
	case EX_NOUSER:
		return MAIL_REFUSED;
	case EX_IOERR:
	case EX_PROTOCOL:
		return was_read_whole ? MAIL_UNCERTAIN : MAIL_AGAIN;
	default:
		return MAIL_AGAIN;
	}
}

// The command's own words in one line, without the address that the message goes to.
static void words_take(const struct running *running, const char *address, char *out, size_t size)
{
	char safe[3 * MAIL_WHY], *hit;
	neutral_text(safe, sizeof safe, running->said);
	while (*address && (hit = strcasestr(safe, address)) != NULL) {
		memmove(hit + 1, hit + strlen(address), strlen(hit + strlen(address)) + 1);
		*hit = '*';
	}
	size_t length = strlen(safe);
	while (length > 0 && safe[length - 1] == ' ')
		safe[--length] = '\0';
	snprintf(out, size, "%s", safe);
}

static void why_tell(const struct running *running, int status, bool was_late, const char *address, char *why)
{
	char words[MAIL_WHY - 80];
	words_take(running, address, words, sizeof words);
	if (was_late)
		snprintf(
			why, MAIL_WHY, "the mail command did not end in time%s%s", *words ? ": " : "", words);
	else if (WIFSIGNALED(status))
		snprintf(why, MAIL_WHY, "the mail command ended by signal %d%s%s", WTERMSIG(status),
			*words ? ": " : "", words);
	else if (WEXITSTATUS(status) == EX_OK)
		snprintf(why, MAIL_WHY, "the mail command did not read the message");
	else
		snprintf(why, MAIL_WHY, "the mail command ended with status %d%s%s", WEXITSTATUS(status),
			*words ? ": " : "", words);
}

enum mail_result mail_command_run(const struct mail_command *command, const char *message, size_t length,
	const char *address, int seconds, char *why)
{
	struct running running = {.left = message, .length = length, .input = -1, .output = -1, .ended = -1};
	int failure = start(&running, command), status = 0;
	if (failure) {
		snprintf(why, MAIL_WHY, "the mail command cannot be started: %s", strerror(failure));
		close_one(&running.input);
		close_one(&running.output);
		return MAIL_NO_COMMAND;
	}
	bool was_late = !serve(&running, clock_ms() + seconds * 1000L);
	if (was_late)
		kill(-running.process, SIGKILL);
	while (waitpid(running.process, &status, 0) < 0 && errno == EINTR)
		;
	if (running.output >= 0)
		hear(&running);
	close_one(&running.input);
	close_one(&running.output);
	close_one(&running.ended);
	enum mail_result result = status_judge(status, running.was_read_whole);
	if (result == MAIL_TAKEN)
		*why = '\0';
	else
		why_tell(&running, status, was_late, address, why);
	return result;
}
