// Brings the database to the schema this program was built for: numbered SQL files, forward only.
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H
#include "db/embedded.h"
#include "db/error.h"
#include "db/session.h"
#include <stdbool.h>

// Files are those of a table like embedded_files whose path ends in schema/NNNN_name.sql, in order; others
// are passed over. 0000_cluster.sql makes what only a superuser may (roles, extensions, schemas); it runs
// again whenever its text has changed. The others run once, each in a transaction of its own and as role
// loyalty_owner. All are recorded with their SHA-256 in table migration.applied, which everybody may read.
// Two who migrate at once wait for each other.

enum migrate_state {
	MIGRATE_MISSING, // nothing there: an empty database
	MIGRATE_OLDER,   // migrations are to be applied
	MIGRATE_CURRENT,
	MIGRATE_NEWER,   // the database has migrations this program does not know
	MIGRATE_CHANGED, // a migration was applied whose text differs from the one here
};

struct migrate_status {
	enum migrate_state state;
	int applied; // number of the last one applied, 0 for none
	int known;   // number of the last one this program has
	int differs; // number of the first one that differs when CHANGED
};

// Looks only. files NULL: those in the program. false: error tells why it could not look.
bool migrate_state(struct session *session, const struct embedded_file *files, struct migrate_status *status,
	struct error *error);
// For screens, over their own connection: a statement that answers one number, and what that number means
// (without a look at the texts). Where nothing was ever applied the statement fails with SQLSTATE 42P01: then
// applied is 0.
extern const char MIGRATE_APPLIED_SQL[];
void migrate_state_of(int applied, struct migrate_status *status);
// The complaint to print for a state that is not CURRENT: what, why and what to do. Returns state == CURRENT.
bool migrate_complain(const struct migrate_status *status, struct error *error);

typedef void migrate_report(void *payload, int version, const char *name);
// Applies what is missing, calling report (may be NULL) after each. Nothing to do is no error; NEWER and
// CHANGED are errors and change nothing. On false, the migrations before the failed one stay applied.
bool migrate_run(struct session *session, const struct embedded_file *files, migrate_report *report,
	void *payload, struct error *error);
#endif
