// What failed, why, and what to do about it: filled by every function that can fail.
#ifndef DB_ERROR_H
#define DB_ERROR_H
#include <stdbool.h>

enum error_kind {
	ERROR_NONE,
	ERROR_USAGE,       // the caller asked for something that makes no sense: exit status 2
	ERROR_FAILED,      // it was tried and did not work: exit status 1
	ERROR_UNREACHABLE, // no database: exit status 3
	ERROR_REFUSED,     // the database understood and said no (rights, limits, rules): exit status 1
	ERROR_CANCELLED,   // a person or a deadline stopped it
	ERROR_IN_DOUBT,    // sent, and the link died before the answer; only an idempotent request may be sent again
};

// Texts are plain UTF-8 without a final full stop or newline, already neutralised for a terminal.
struct error {
	enum error_kind kind;
	char what[160]; // what could not be done
	char why[320];  // the reason
	char todo[240]; // what to do; may be empty
	char sqlstate[6];
	char field[32]; // which of the values that were given is wrong, as the database's function calls it; "": none, or several
};

// Fills e (which may be NULL) and returns false, so that `return error_set(...)` reads as it is meant.
bool error_set(struct error *e, enum error_kind kind, const char *what, const char *todo, const char *why, ...)
	__attribute__((format(printf, 5, 6)));

// "what: why (todo)" in one line, for the status line and standard error. Returns out.
const char *error_line(const struct error *e, char *out, unsigned size);

// The process's exit status for that kind (README, "Exit status").
int error_exit_status(const struct error *e);
#endif
