// Hands a message to the mail system of the machine: a command that reads it, as sendmail does.
#ifndef MODEL_OUTBOX_MAIL_COMMAND_H
#define MODEL_OUTBOX_MAIL_COMMAND_H
#include <stdbool.h>
#include <stddef.h>

enum { MAIL_WORDS_MAX = 32 };

// A command taken apart into words, without a shell: blanks part words, "..." and '...' hold them together,
// nothing else has a meaning.
struct mail_command {
	char *text; // owned; holds the words
	char *words[MAIL_WORDS_MAX + 1];
};

// False: no word, too many, or a quote that is not closed.
bool mail_command_init(struct mail_command *command, const char *text);
void mail_command_free(struct mail_command *command);

// What became of a message. Only MAIL_TAKEN says that it is on its way, and only MAIL_AGAIN and MAIL_REFUSED
// that it is not: where the command ended otherwise after it had read the message, nobody can tell.
enum mail_result {
	MAIL_TAKEN,
	MAIL_AGAIN,     // not now: try later
	MAIL_REFUSED,   // trying again cannot help
	MAIL_UNCERTAIN, // it may have left
	MAIL_NO_COMMAND // the command could not be started: nothing is wrong with the message
};
enum { MAIL_WHY = 300 };

// Runs the command, with the message on its standard input, in a process group of its own and without the
// settings that lead to the database. It is killed when it takes longer than so many seconds. why (MAIL_WHY
// bytes) tells what went wrong, "" after MAIL_TAKEN; `address` in it is blotted out, as it is nobody's
// business there. Waits until it has ended.
// The process has to ignore SIGPIPE.
enum mail_result mail_command_run(const struct mail_command *command, const char *message, size_t length,
	const char *address, int seconds, char *why);
#endif
