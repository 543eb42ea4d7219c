// One event, or one new member, from words like member=1000123 amount=12.50 into the journal, and what became of it.
#ifndef MODEL_SUBMIT_H
#define MODEL_SUBMIT_H
#include "db/session.h"
#include <stdbool.h>
#include <stdint.h>

enum { SUBMIT_WORDS = 64 };

struct submit_outcome {
	int64_t number, member_id, seq; // number: of an enrolled member, else 0; seq 0: not in the journal (yet)
	char status[16]; // pending, accepted, denied, failed, cancelled, waiting (for a second person), refused
	char reason[160];
};

// `words` are KEY=VALUE. Those that every event knows: member (its number or card; all but enrol), date (today), id (the
// sender's own name for the event: sent again it changes nothing), source, and unknown=keep: if nobody has
// that number or card it is kept for whoever turns out to have it (status kept). Amounts are decimal: money, and for adjust
// points of the currency; flags have | between them, lines are CATEGORY:AMOUNT with , between them. Checks what can be
// checked without a database: false with an error of kind ERROR_USAGE.
bool submit_check(const char *type, const char *const *words, int count, struct error *error);
// Waits up to wait_ms for a worker to process it, so the session must not be in a transaction. false: error tells why;
// whether it was sent is then told by sending it again with the same id.
bool submit_words(struct session *session, const char *type, const char *const *words, int count, int wait_ms,
	struct submit_outcome *outcome, struct error *error);
#endif
