// A worker in miniature: keeps journal, ledger, lots and memory between events as the database does, and
// nothing else.
#ifndef TESTS_ENGINE_LEDGER_H
#define TESTS_ENGINE_LEDGER_H
#include "model/engine/engine.h"

struct ledger;

struct ledger *ledger_make(const struct programme *);
void ledger_free(struct ledger *);

// Loads the member, applies the event, saves what changed. Postings are appended to.
enum refusal ledger_apply(struct ledger *, const struct event *, struct postings *);
#endif
