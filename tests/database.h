// Fresh databases on the private cluster that the environment (PGHOST, PGPORT, PGUSER) leads to.
#ifndef TESTS_DATABASE_H
#define TESTS_DATABASE_H
#include "db/session.h"

// Makes an empty database of that name, dropping one left over, and lets PGDATABASE name it.
void database_fresh(const char *name);
// A session, or the test fails. conninfo as for session_open().
struct session *database_session(const char *conninfo);
// Runs statements without rows, or the test fails with their error.
void database_run(struct session *session, const char *sql);
// The one number a statement answers, or the test fails.
int64_t database_number(struct session *session, const char *sql);
#endif
