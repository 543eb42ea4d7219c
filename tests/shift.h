// People of the desk at work at once, each a process of its own, over a house (tests/tui/house.h). What each does is
// written down where a kill -9 cannot reach it, and held against the database at the end.
#ifndef TESTS_SHIFT_H
#define TESTS_SHIFT_H
#include "db/session.h"
#include <stdbool.h>
#include <stdint.h>

enum { SHIFT_PEOPLE = 400 };

struct shift_options {
	int people;      // logins p1 to pN, support
	int deeds;       // after so many a person goes home
	int think_ms;    // between two deeds, at random up to twice that; 0: none
	uint64_t seed;
};

struct shift;

// The database that PGDATABASE names gets people, members with points and cases.
struct shift *shift_begin(const struct shift_options *options);
void shift_start(struct shift *shift);       // everybody comes
void shift_kill_one(struct shift *shift);    // kill -9 of somebody, who comes again and sends once more what was in doubt
bool shift_is_over(struct shift *shift);     // everybody has gone home
void shift_call_home(struct shift *shift);   // after the deed in hand; waits for all
int64_t shift_deeds(const struct shift *shift);
// What a person was shown that no person should be, as a deadlock; NULL: nothing.
const char *shift_fault(const struct shift *shift);
// After the worker is done: the deeds as a table, for the two that follow.
void shift_write_down(const struct shift *shift, struct session *session);
// Holds every deed against the database; the test fails with what is wrong.
void shift_check(struct session *session);
// Deeds by kind, how many were refused and why, how long they took.
void shift_report(struct shift *shift, struct session *session);
void shift_end(struct shift *shift);
#endif
