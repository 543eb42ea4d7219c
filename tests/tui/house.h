// A small house to test the screens in: a migrated database with a programme, staff and members, and the
// program at a pseudo-terminal over it.
#ifndef TESTS_TUI_HOUSE_H
#define TESTS_TUI_HOUSE_H
#include "tests/database.h"
#include "tests/tui/vt.h"

// Staff: deniz and bora (support), mona and nora (manager), max (marketing), ana (admin). The programme is
// starbucks_us_2026. Members are numbers HOUSE_FIRST_NUMBER and on, member_id 1 and on, named as in house.c;
// member n has two purchases of n * $10 each, which are posted. Hostile names: HOUSE_HOSTILE and after.
enum { HOUSE_FIRST_NUMBER = 1000001, HOUSE_MEMBERS = 24, HOUSE_HOSTILE = 22 };

// Makes the database `name` (a copy of one that is made once a cluster) and lets PGDATABASE name it. Ends the
// test on failure.
void house_open(const char *name);

// Posts what is pending, by the program's own worker, which ends when all is done.
void house_work(void);

// The same beside the screens, until it is stopped.
void house_worker_start(void);
void house_worker_stop(void);
void house_worker_kill(void); // kill -9

// The program at a terminal, logged in as `login`, with one more option or NULL; its first list has been
// loaded.
struct vt *house_screens(const char *login, const char *option, int rows, int columns);

// One of them is left before the test ends; the fixture of those whose tests leave none themselves: all are.
void house_leave(struct vt *vt);
void house_close(void);

// The Member screen of the house's nth member, and what that member has of the first currency.
struct vt *house_member(const char *login, int member, int rows, int columns);
int64_t house_points(int member);

// Runs SQL as `login`, as another person's session would; NULL: as superuser. The test fails with the SQL.
void house_sql(const char *login, const char *sql);
int64_t house_number(const char *sql);

// Opens a case for a member with an article from the member; returns its number within the member.
int house_case(int64_t member_id, const char *title, const char *body);

// Writes version 1 of the programme with another text in place of that one, in force `days` days from today, and
// submits it, as max; it is version 2.
void house_submit_version(const char *was, const char *is, int days);

// Keys, then everything they caused is on the screen; a failing test prints the screen.
void house_keys(struct vt *vt, const char *keys);
void house_shows(struct vt *vt, const char *text);
void house_hides(struct vt *vt, const char *text);
void house_waits(struct vt *vt, const char *text); // for what comes by itself
#endif
