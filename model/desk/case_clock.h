// What time brings to cases: the worker lets those come back that waited for a date, warns, tells of broken promises, closes; and
// does what was asked for many cases at once, a piece at a time.
#ifndef MODEL_DESK_CASE_CLOCK_H
#define MODEL_DESK_CASE_CLOCK_H
#include "db/session.h"
#include <stdbool.h>
#include <stdint.h>

struct case_clock {
	int64_t due_ms; // of clock_ms(): not before; 0: at once
};

// Once a second, and again at once while there is more to do (*is_busy, set only then). Any number of workers may: each
// case is done once. False: error tells why.
bool case_clock_step(struct case_clock *clock, struct session *session, bool *is_busy, struct error *error);
#endif
