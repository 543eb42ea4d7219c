// Fresh databases on the private cluster that the environment (PGHOST, PGPORT, PGUSER) leads to.
#ifndef TESTS_DATABASE_H
#define TESTS_DATABASE_H
#include "db/session.h"

// Makes an empty database of that name, dropping one left over, and lets PGDATABASE name it.
void database_fresh(const char *name);
// Makes a database of that name with the whole schema and nothing in it, by copying a template that the first
// caller in a cluster migrates; PGDATABASE names it. Returns a superuser's session.
struct session *database_migrated(const char *name);
// Adds staff of every role: deniz and suzan support, elif marketing, murat manager, ada admin, isci worker, kasa pos.
void database_staff(struct session *session);
// A session of that login with the database PGDATABASE names, or the test fails.
struct session *database_login(const char *login);
// A session, or the test fails. conninfo as for session_open().
struct session *database_session(const char *conninfo);
// Runs statements without rows, or the test fails with their error.
void database_run(struct session *session, const char *sql);
// The one number a statement answers, or the test fails.
int64_t database_number(struct session *session, const char *sql);
// The one text a statement answers, "" for NULL or no row, or the test fails. Static buffer.
const char *database_text(struct session *session, const char *sql);
// The SQLSTATE of a statement that must be refused, or the test fails. Static buffer.
const char *database_refusal(struct session *session, const char *sql);
#endif
