// Messages owed to members of a house, and mail systems to send them, for tests of the outbox.
#ifndef TESTS_OUTBOX_H
#define TESTS_OUTBOX_H
#include "tests/program.h"

#define HELLO "'Hello', 'Text'" // a subject and a body, for outbox_owe()
#define ck_holds(text, part)                                                                                 \
	ck_assert_msg(strstr(text, part) != NULL, "\"%s\" does not stand in: %s", part, text)

// The house under that name, its members consenting to promotions by e-mail.
void outbox_house(const char *name);
void outbox_empty(void);

// Owes a member a message; rest: what follows in the call of outbox_add(), SQL.
void outbox_owe(int member, const char *key, const char *purpose, const char *rest);
// "sent; failed: why", of a member's messages in their order. Static.
const char *outbox_state(int member);
// Lets the time of waiting messages and of claims be over.
void outbox_due_now(void);

// Runs a worker until nothing is left to do, with that mail command; what it printed.
const struct program *outbox_mail(const char *command);
// The command of a program that does as a mail system does: sh takes the text. Static.
const char *outbox_script(const char *text);
// An empty file for what a script keeps. Static.
const char *outbox_kept_file(void);
#endif
