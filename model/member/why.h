// Why an event gave what it gave, or an entry is what it is: the member's journal is run again, with the
// engine's trace on.
#ifndef MODEL_WHY_H
#define MODEL_WHY_H
#include "db/error.h"
#include "model/ask.h"
#include "model/engine/arena.h"
#include "model/programme/rulebook.h"
#include <stdint.h>

// Plain text, to be wrapped and neutralised by whoever shows it: codes come from events.
struct why {
	const char **lines;
	int count;
	struct arena arena; // owns the lines
	int capacity;
};

// The statements that bring what is needed, to be sent in one request, and the reading of their results
// (borrowed). No I/O inside. Asks about event `seq`; or, when seq is 0 (a date did it), about the ledger
// entry of that number (else 0). An event still pending or set aside is told as such. A why is to be freed
// after true.
enum { WHY_STATEMENTS = 2 };
void why_ask(struct ask asks[WHY_STATEMENTS], int64_t member_id, int64_t seq);
bool why_take(struct why *why, const struct rulebook *rulebook, struct result *const *results, int64_t seq,
	int64_t entry_no, struct error *error);
void why_free(struct why *why);
#endif
