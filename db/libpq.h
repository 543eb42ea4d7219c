// What the files of db/ share about libpq. Nothing outside db/ includes this.
#ifndef DB_LIBPQ_H
#define DB_LIBPQ_H
#include "db/error.h"
#include "db/result.h"
#include "db/session.h"
#include "db/text.h"
#include "db/wire.h"
#include <libpq-fe.h>
#include <stdint.h>

// A struct result is a PGresult under a name that the rest of the program may know.
static inline PGresult *result_pg(const struct result *result)
{
	return (PGresult *)result;
}

static inline struct result *result_of(PGresult *pg)
{
	return (struct result *)pg;
}

// The last notice of a server, made harmless for a terminal.
struct notice {
	char text[256];
};

// Milliseconds of a clock that never goes back.

// Begins to connect with loyalty's session defaults: any part of conninfo (NULL is "") overrides them.
// password NULL: libpq finds one. Notices go to *notice from now on, so that they never reach standard error.
// Never NULL unless out of memory; PQstatus() tells.
PGconn *libpq_connect_start(
	const char *conninfo, const char *application_name, const char *password, struct notice *notice);
// Whether connecting would have to look up a host's name.
bool libpq_needs_lookup(const char *conninfo);
// Dates arrive as the result_...() functions read them.
bool libpq_has_iso_dates(PGconn *pg);
extern const char LIBPQ_SET_ISO_DATES[];

// These fill error (may be NULL) and return false.
// From a result that is not good, by its SQLSTATE.
bool failure_of_result(struct error *error, const PGresult *pg);
// The link died. in_doubt: something whose answer is missing had been sent.
bool failure_of_link(struct error *error, PGconn *pg, bool in_doubt);
// From a connection that could not be made; pg NULL means out of memory. Its SQLSTATE stands in the message,
// as libpq_connect_start() asks for verbose ones.
bool failure_of_connect(struct error *error, PGconn *pg);
bool failure_of_memory(struct error *error);
// Whether that SQLSTATE means that the server is leaving or gone, so that the outcome is not known.
bool failure_ends_link(const char *sqlstate);

// The libpq connection of a session, and a number no other session of this process has.
PGconn *session_pg(struct session *session);
uint64_t session_serial(const struct session *session);
// What a session has sent in a pipeline and not yet seen the answer to; wire.c fills it, the session frees
// it.
struct pipeline {
	struct pipeline_step {
		struct query *prepares; // the query this step prepares, NULL for a step the caller knows of
	} * steps;
	int count, size;
};
struct pipeline *session_pipeline(struct session *session);
// A parameter of a query: one value or an array that has been begun.
struct parameter {
	enum wire_type type;
	bool is_array, is_null, has_null;
	int count; // elements of the array
	struct wire_bytes data;
};
Oid parameter_type(const struct parameter *parameter);
// What is to be sent, in binary; NULL for NULL.
const char *parameter_value(struct parameter *parameter, int *length);
// A signed number of 1 to 8 bytes, the highest first; 0 for other widths.
int64_t big_endian_int(const char *at, size_t width);
// What became of a statement: a good result is given back, a bad one or none is freed and fills error.
struct result *session_judge(struct session *session, PGresult *pg, struct error *error);
#endif
