// One asynchronous libpq connection: connects, comes back after a loss, and carries one pipeline at a time.
#ifndef DB_LINK_H
#define DB_LINK_H
#include "db/connection.h"
#include "db/libpq.h"

// Nothing here waits. Times are milliseconds of clock_ms().
struct link {
	char *conninfo, *application_name, *password; // owned; password NULL: libpq finds one
	int connect_ms;
	PGconn *pg; // NULL while down
	enum connection_state state;
	short events;        // to poll for
	int64_t due_ms;      // down: the next try; connecting: the end of this try
	int64_t up_ms;       // since when it is up, 0 while it is not
	int backoff_ms;      // before the next try but one
	unsigned seed;       // of the jitter
	bool needs_password; // then no try is due
	bool is_flushing;    // libpq has more to send than the socket took
	bool is_pipeline;    // the statements under way were sent as a pipeline
	bool is_broken;      // sending failed: the next step tells LINK_LOST
	struct result *results[REQUEST_STATEMENTS];
	int place;          // the statement whose results come next
	int early;          // LINK_EARLY is told before the results of this place; 0: not (any more)
	struct error error; // why it is down, or the first failure among the results
	struct notice notice;
};

enum link_event {
	LINK_QUIET,     // nothing more to do now
	LINK_CONNECTED, // ready for the first time since it was down
	LINK_EARLY,     // all results are there and good, but the transaction has not ended yet
	LINK_ANSWERED,  // all results are there, until the next link_send(): error tells whether all are good
	LINK_LOST,      // down after having been up; what was under way is in doubt
};

bool link_init(struct link *link, const char *conninfo, const char *application_name, int connect_ms);
void link_free(struct link *link);
// Goes on as far as it can without waiting and tells of one thing that happened; call again until LINK_QUIET.
enum link_event link_step(struct link *link);
// READY becomes BUSY. is_early: LINK_EARLY is told, unless something fails, before LINK_ANSWERED.
void link_send(struct link *link, const struct statement *statements, int count, bool is_early);
// Gives the connection up and tries anew after a while; what was under way is in doubt. error keeps its text
// if set.
void link_drop(struct link *link);
bool link_password(struct link *link, const char *password);
// -1: no time is due.
int link_timeout_ms(const struct link *link);
// Whether there is something to poll for, and then what.
bool link_poll(const struct link *link, struct pollfd *descriptor);
#endif
