// One event submitted from the command line, and what became of it.
#ifndef APP_OUTCOME_H
#define APP_OUTCOME_H
#include "app/verb.h"

// Submits the event of these words (model/member/submit.h), waits as --wait says, prints its outcome. Returns the
// exit status.
int outcome_of(const struct arguments *arguments, const char *type, const char *const *words, int count);
#endif
