// The connection behind the screens: requests go out and answers come back from a poll() loop that never
// waits here.
#ifndef DB_CONNECTION_H
#define DB_CONNECTION_H
#include "db/error.h"
#include "db/result.h"
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

// Its owner puts connection_poll()'s descriptors into its poll set, waits no longer than
// connection_timeout_ms(), and calls connection_step() after every poll(). Everything below returns at once,
// whatever server and network do; only looking up a host's name can wait, so give hostaddr where names are
// slow. Times are milliseconds. One thread only.
//
// A lost connection comes back by itself, after 100 ms, 200 ms and so on up to 5 s, each shortened by up to a
// quarter at random. Callbacks run inside connection_step(); they may send and cancel, but not free the
// connection.
struct connection;

enum connection_state {
	CONNECTION_DOWN,       // waiting for the next try, or for a password
	CONNECTION_CONNECTING, // also while the session is being set up
	CONNECTION_READY,
	CONNECTION_BUSY, // a request is on its way
};

// One statement of the unnamed extended protocol: $1 ... stand for values, sent as text; a NULL value is
// SQL's NULL.
struct statement {
	const char *sql;
	const char *const *values;
	int count;
};

struct connection_options {
	const char *conninfo; // libpq's connection string or URI; NULL or "": libpq's environment, service
			      // and password files
	const char *listen_conninfo;  // for notifications, which no pooler passes on; NULL: conninfo
	const char *application_name; // NULL: loyalty
	const struct statement
		*setup; // run after every connect, in one round trip, before any request; borrowed
	int setups;
	int connect_ms;  // how long a try to connect may take; 0: 5000
	int deadline_ms; // of a request that names none; 0: 15000
	int grace_ms; // how long a cancelled statement may take to end before the link is given up; 0: 3000
};

// NULL when out of memory. Connecting begins with the first step.
struct connection *connection_new(const struct connection_options *options);
// Begins to connect now, so that the server starts its session while the caller sets up other things; leaves
// it to the first step where a host's name would have to be looked up, which can wait.
void connection_start(struct connection *connection);
// Requests not yet answered are dropped without an answer. NULL is fine.
void connection_free(struct connection *connection);

enum { CONNECTION_DESCRIPTORS = 4 };
// Fills in what to poll for, at most CONNECTION_DESCRIPTORS, and returns how many.
int connection_poll(const struct connection *connection, struct pollfd *descriptors);
// Until the next step is due at the latest; -1 when only a descriptor can bring news.
int connection_timeout_ms(const struct connection *connection);
void connection_step(struct connection *connection);

enum connection_state connection_state(const struct connection *connection);
// Why there is no connection: kind ERROR_NONE while there is one or none was tried yet. Valid until the next
// step.
const struct error *connection_error(const struct connection *connection);
// The server wants a password and found none, or not the right one. No further try is made until
// connection_password().
bool connection_needs_password(const struct connection *connection);
// Copies the password, uses it for this and every later connect, and tries at once. false: out of memory.
bool connection_password(struct connection *connection, const char *password);
// The last notice (RAISE NOTICE, warnings) of the server, "" before the first.
const char *connection_notice(const struct connection *connection);

enum { REQUEST_STATEMENTS = 16 };

enum request_outcome {
	REQUEST_OK,        // every statement did its work
	REQUEST_SQL_ERROR, // the database refused or failed; nothing of the request stays
	REQUEST_CANCELLED, // by connection_cancel(), its deadline or a time limit of the server; nothing of
			   // it stays
	REQUEST_NOT_SENT,  // its deadline passed before there was a connection for it
	REQUEST_IN_DOUBT,  // sent, but no answer came: it may or may not have been done
};

struct answer {
	uint64_t serial;
	enum request_outcome outcome;
	struct result *
		*results; // one a statement, borrowed (result_keep() takes one); NULL for those never reached
	int count;        // statements of the request
	const struct error *error; // kind ERROR_NONE when REQUEST_OK
};
typedef void request_answer(void *payload, const struct answer *answer);

// 1 to REQUEST_STATEMENTS statements that travel in one round trip and take effect together or not at all
// (one implicit transaction, unless they say BEGIN themselves).
struct request {
	const struct statement *statements;
	int count;
	int deadline_ms; // from sending to the answer, waiting for a connection counted in; 0: the
			 // connection's; -1: none
	bool retry; // harmless to do twice (reads, and writes under a key made by the caller): when the link
		    // dies before the answer, or on a deadlock, it is sent again with the same values instead
		    // of coming back IN_DOUBT
	bool early; // answered as soon as all results are there and good, before the transaction has ended:
		    // for what is read where all that is written is who read it. With `retry` it is sent
		    // again until it was written down, and nobody waits for that
	request_answer *answer; // called exactly once, unless the connection is freed before
	void *payload;
};

// Copies the request into the queue and returns its serial number, which rises by one and never is 0; 0 means
// out of memory or no statement. Requests are answered in the order they were sent.
uint64_t connection_send(struct connection *connection, const struct request *request);
// Gives a request up. One still queued is answered CANCELLED without being sent; for one under way the server
// is asked, and its answer tells what came of it. false: no such request (any more).
bool connection_cancel(struct connection *connection, uint64_t serial);
// The caller goes away: the answer of its request, if one is still to come, is dropped. The request itself
// goes on.
void connection_forget(struct connection *connection, uint64_t serial);
// Requests queued and under way.
int connection_pending(const struct connection *connection);

enum listen_event {
	LISTEN_STARTED,  // listening from now on; what was loaded before may have changed since
	LISTEN_MISSED,   // listening again after a loss: load anew, as notifications of the time between are
			 // gone
	LISTEN_NOTIFIED, // text is the notification's payload
};
typedef void listen_callback(void *payload, enum listen_event event, const char *channel, const char *text);

// Listens on a channel over a connection of its own, made once the first request has been answered, or at once
// where none was sent. The channel's name is copied.
// false: out of memory. There is no un-listen: a screen that closes gives another callback for the same
// channel, or NULL.
bool connection_listen(
	struct connection *connection, const char *channel, listen_callback *callback, void *payload);
// Whether notifications arrive at present; where not, poll the tables.
bool connection_is_listening(const struct connection *connection);
#endif
