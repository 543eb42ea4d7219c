// Help, manual page and shell completion, all made from the tables of verbs and options.
#ifndef APP_HELP_H
#define APP_HELP_H
#include "app/verb.h"
#include <stdio.h>

// Of the verb, of all verbs that begin with the word `group`, or, both NULL, of the program.
void help_write(FILE *out, const struct verb *verb, const char *group);
// As troff with the macros of man(7).
void help_write_man(FILE *out);
void help_write_bash(FILE *out);
void help_write_zsh(FILE *out);
#endif
