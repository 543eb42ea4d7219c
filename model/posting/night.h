// How the night goes: members whom the newest business day finds due, and how many of them have been advanced.
#ifndef MODEL_NIGHT_H
#define MODEL_NIGHT_H
#include "db/error.h"
#include "db/result.h"
#include "db/session.h"
#include "model/ask.h"
#include "model/engine/day.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NIGHT_TEXT = 160 };

struct night_progress {
	day_t day;             // DAY_NONE: there was none yet
	int64_t due, advanced; // members
	bool is_over;
	int64_t seconds;  // from its begin to now, or to its end
	int64_t pace;     // members a second, of late; 0: unknown
	char ends_at[24]; // "04:12", or "2027-01-02 04:12" where it is not today; "": cannot be told
};

// Who may ask: every member of staff and the worker.
void night_ask(struct ask *ask);
void night_take(struct night_progress *night, const struct result *result);
bool night_progress_read(struct night_progress *night, struct session *session, struct error *error);
// One line: "2027-01-01: 312,000 of 1,000,000 members advanced (31 %), 5,200 a second, until about 04:12".
const char *night_text(const struct night_progress *night, char *out, size_t size);
#endif
