// Messages to members and mailed reports: what waits, what became of them, and what a person decides about
// them.
#ifndef MODEL_OUTBOX_OUTBOX_H
#define MODEL_OUTBOX_OUTBOX_H
#include "db/result.h"
#include "model/ask.h"
#include <stdint.h>

// A message is named as people say it: "1002764/3", or "R12/1" of a report, which only managers and
// administrators see.

// Columns message, state, purpose, due, tries, about, subject, why; at most 1,000. state NULL: what is not
// settled (waiting, sending, failed, uncertain), else that one. member, a number or card, NULL: of everybody;
// with a member and without a state all of them. Those due first; of one settled state the newest first; of one member as they were
// written.
void outbox_list(struct ask *ask, const char *state, const char *member);
// One row with everything about it, or none. Texts are as written, with their places.
void outbox_show(struct ask *ask, const char *message);
// Sends what failed, is uncertain or was cancelled; takes back what is not under way. No row matters.
void outbox_retry(struct ask *ask, const char *message);
void outbox_cancel(struct ask *ask, const char *message);

// For the Health screen. Counting stops at OUTBOX_MOST.
enum { OUTBOX_MOST = 10000 };
struct outbox_health {
	int64_t waiting, failed, uncertain;
	int64_t due_s;   // for how long the first of those waiting has been due; -1: none is
	int64_t senders; // workers alive that have a mail command
	const char *why; // one of those waiting was not sent; "" where none was tried. Lives as long as the
			 // result
};
void outbox_health_ask(struct ask *ask);
void outbox_health_take(struct outbox_health *health, const struct result *result);
#endif
