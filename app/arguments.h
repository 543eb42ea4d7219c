// Reads the command line against the tables of options and verbs.
#ifndef APP_ARGUMENTS_H
#define APP_ARGUMENTS_H
#include "app/verb.h"

// Fills operands, given options and verb; options may stand before and after the verb, `--` ends them. `words`
// are borrowed and must outlive *arguments. false: error is of kind ERROR_USAGE. With --help, --version and their
// like the number of operands is not checked, and the verb may be missing (NULL). Free it either way.
bool arguments_read(struct arguments *arguments, int count, char *const *words, struct error *error);
void arguments_free(struct arguments *arguments);

// The verb of that whole name, or NULL.
const struct verb *verb_find(const char *name);
// Whether verbs of two words begin with that one.
bool verb_is_group(const char *word);
#endif
