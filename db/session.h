// A connection used by one command after the other, each waiting for its answer: for verbs, the worker and
// tests.
#ifndef DB_SESSION_H
#define DB_SESSION_H
#include "db/error.h"
#include "db/result.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Not for the thread that draws. One thread at a time, but for session_cancel(). After an error of kind
// IN_DOUBT or UNREACHABLE the link is gone: close the session and open another.
struct session;

// conninfo as libpq takes it, NULL or "" for its environment, service and password files; application_name
// NULL means loyalty. Gives up after connect_timeout of conninfo or the environment, else 10 seconds. NULL:
// error tells why.
struct session *session_open(const char *conninfo, const char *application_name, struct error *error);
// A transaction left open is rolled back. NULL is fine.
void session_close(struct session *session);
// Whether the link still stands, as far as is known here.
bool session_is_alive(const struct session *session);
// To poll() for notifications beside other descriptors; -1 when the link is gone.
int session_descriptor(const struct session *session);
// The last notice of the server, "" before the first.
const char *session_notice(const struct session *session);

// One statement; values are texts, a NULL value is SQL's NULL. The result is the caller's; NULL: error tells
// why.
struct result *session_query(
	struct session *session, const char *sql, const char *const *values, int count, struct error *error);
// The same with rows in binary, for many of them: quicker to write and to read.
struct result *session_query_binary(
	struct session *session, const char *sql, const char *const *values, int count, struct error *error);
// The first with the values written out: session_ask(s, &error, "SELECT $1 || $2", 2, "a", "b").
struct result *session_ask(struct session *session, struct error *error, const char *sql, int count, ...);
// The statement after which a session writes nothing.
extern const char SESSION_READ_ONLY[];
// For a statement whose rows do not matter.
bool session_execute(
	struct session *session, const char *sql, const char *const *values, int count, struct error *error);
// The single number a statement answers, into *number; no row and NULL count as 0.
bool session_number(struct session *session, const char *sql, const char *const *values, int count,
	int64_t *number, struct error *error);
// Several statements in one text without values, as one implicit transaction.
bool session_script(struct session *session, const char *sql, struct error *error);

bool session_begin(struct session *session, struct error *error);
// An error of kind IN_DOUBT: the link died before the answer. A transaction that had failed before is an
// error too.
bool session_commit(struct session *session, struct error *error);
// Nothing to roll back is no error; a lost link has rolled back by itself.
bool session_rollback(struct session *session, struct error *error);

// Gives the next piece of data, of any length, borrowed until the next call: true and *length 0 at the end,
// false to break the COPY off, with *error filled.
typedef bool session_copy_source(void *payload, const char **data, size_t *length, struct error *error);
// Runs a COPY ... FROM STDIN; *rows (may be NULL) is how many rows arrived.
bool session_copy_in(struct session *session, const char *sql, session_copy_source *source, void *payload,
	int64_t *rows, struct error *error);
// Takes one row, borrowed for the call, newline included; false, with *error filled, breaks the COPY off.
typedef bool session_copy_sink(void *payload, const char *data, size_t length, struct error *error);
// Runs a COPY ... TO STDOUT.
bool session_copy_out(struct session *session, const char *sql, session_copy_sink *sink, void *payload,
	struct error *error);

struct notification {
	char channel[64];
	char text[256]; // cut off where longer
};
bool session_listen(struct session *session, const char *channel, struct error *error);
// Waits up to timeout_ms (-1: for ever) for a notification, or takes one that came before: 1 with
// *notification filled, 0 when none came or a signal was caught, -1 on error. Not inside a transaction: none
// arrives there.
int session_wait(
	struct session *session, int timeout_ms, struct notification *notification, struct error *error);

// Asks the server to cancel what runs: from another thread or from a signal handler. Waits for the server to
// take it.
void session_cancel(struct session *session);
#endif
