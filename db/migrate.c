// Brings the database to the schema this program was built for.
#include "db/migrate.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

struct migration {
	int version;
	char name[64]; // "0001_member"
	const char *text;
};

const char MIGRATE_APPLIED_SQL[] = "SELECT max(version) FROM migration.applied";

// Recognises .../schema/NNNN_name.sql.
static bool migration_from_file(const struct embedded_file *file, struct migration *migration)
{
	const char *base = strstr(file->path, "schema/");
	size_t length = strlen(file->path);
	if (!base || length < 4 || strcmp(file->path + length - 4, ".sql") != 0)
		return false;
	base += strlen("schema/");
	for (int i = 0; i < 4; i++)
		if (!isdigit((unsigned char)base[i]))
			return false;
	if (sscanf(base, "%4d", &migration->version) != 1 || base[4] != '_')
		return false;
	snprintf(migration->name, sizeof migration->name, "%.*s", (int)(strlen(base) - 4), base);
	migration->text = file->text;
	return true;
}

static int last_version(const struct embedded_file *files)
{
	struct migration migration;
	int last = 0;
	for (; files->path; files++)
		if (migration_from_file(files, &migration) && migration.version > last)
			last = migration.version;
	return last;
}

// What is recorded of one migration.
enum record { RECORD_NONE, RECORD_SAME, RECORD_DIFFERS };

static bool record_read(
	struct session *session, const struct migration *migration, enum record *record, struct error *error)
{
	char version[16];
	int64_t found = 0;
	snprintf(version, sizeof version, "%d", migration->version);
	if (!session_number(session,
		    "SELECT CASE WHEN sha256 = sha256(convert_to($2::text, 'UTF8')) THEN 1 ELSE 2 END "
		    "FROM migration.applied WHERE version = $1::int",
		    (const char *[]){version, migration->text}, 2, &found, error))
		return false;
	*record = (enum record)found;
	return true;
}

static bool record_table_exists(struct session *session, bool *exists, struct error *error)
{
	int64_t found = 0;
	if (!session_number(
		    session, "SELECT to_regclass('migration.applied') IS NOT NULL", NULL, 0, &found, error))
		return false;
	*exists = found != 0;
	return true;
}

static enum migrate_state state_of(const struct migrate_status *status)
{
	if (status->differs)
		return MIGRATE_CHANGED;
	if (status->applied > status->known)
		return MIGRATE_NEWER;
	if (status->applied == 0)
		return MIGRATE_MISSING;
	return status->applied < status->known ? MIGRATE_OLDER : MIGRATE_CURRENT;
}

void migrate_state_of(int applied, struct migrate_status *status)
{
	*status = (struct migrate_status){.applied = applied, .known = last_version(embedded_files)};
	status->state = state_of(status);
}

// A gap among those applied, or a changed 0000, is work to do; a missing 0000 was done by hand.
static bool compare_texts(struct session *session, const struct embedded_file *files,
	struct migrate_status *status, bool *has_work, struct error *error)
{
	struct migration migration;
	for (; files->path && !status->differs; files++) {
		enum record record;
		if (!migration_from_file(files, &migration))
			continue;
		if (!record_read(session, &migration, &record, error))
			return false;
		if (record == RECORD_DIFFERS && migration.version > 0)
			status->differs = migration.version;
		*has_work |= migration.version ? record == RECORD_NONE : record == RECORD_DIFFERS;
	}
	return true;
}

bool migrate_state(struct session *session, const struct embedded_file *files, struct migrate_status *status,
	struct error *error)
{
	int64_t applied = 0;
	bool exists = false, has_work = false;
	files = files ? files : embedded_files;
	*status = (struct migrate_status){.known = last_version(files)};
	if (!record_table_exists(session, &exists, error))
		return false;
	if (!exists)
		return true;
	if (!session_number(session, MIGRATE_APPLIED_SQL, NULL, 0, &applied, error) ||
		!compare_texts(session, files, status, &has_work, error))
		return false;
	status->applied = (int)applied;
	status->state = state_of(status);
	if (status->state == MIGRATE_CURRENT && has_work)
		status->state = MIGRATE_OLDER;
	return true;
}

bool migrate_complain(const struct migrate_status *status, struct error *error)
{
	switch (status->state) {
	case MIGRATE_CURRENT:
		return true;
	case MIGRATE_MISSING:
		return error_set(error, ERROR_FAILED, "the database is empty", "run loyalty migrate",
			"it has no loyalty schema");
	case MIGRATE_OLDER:
		return error_set(error, ERROR_FAILED, "the database is older than this program",
			"run loyalty migrate", "it is at migration %d, this program needs %d",
			status->applied, status->known);
	case MIGRATE_NEWER:
		return error_set(error, ERROR_FAILED, "the database is newer than this program",
			"install the newer program", "it is at migration %d, this program knows %d",
			status->applied, status->known);
	case MIGRATE_CHANGED:
		break;
	}
	return error_set(error, ERROR_FAILED, "the database was made by another program",
		"install the program that made it", "migration %04d differs from the one here",
		status->differs);
}

// The lock of whoever migrates; waiting for it has no limit, waiting for tables has one, so that nobody at
// work is held up behind a migration that waits.
static const char LOCK[] = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; "
			   "SELECT pg_advisory_xact_lock(hashtext('loyalty migrate')); "
			   "SET LOCAL lock_timeout = '3s'";
static const char AS_OWNER[] = "SET LOCAL ROLE loyalty_owner";
static const char RECORD_TABLE[] =
	"CREATE SCHEMA IF NOT EXISTS migration; "
	"CREATE TABLE IF NOT EXISTS migration.applied (version int NOT NULL, name text NOT NULL, "
	"sha256 bytea NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(), "
	"applied_by text NOT NULL DEFAULT session_user, CONSTRAINT applied_pkey PRIMARY KEY (version)); "
	"GRANT USAGE ON SCHEMA migration TO PUBLIC; GRANT SELECT ON migration.applied TO PUBLIC";

static bool record_write(struct session *session, const struct migration *migration, struct error *error)
{
	char version[16];
	snprintf(version, sizeof version, "%d", migration->version);
	return session_execute(session,
		"INSERT INTO migration.applied (version, name, sha256) "
		"VALUES ($1::int, $2, sha256(convert_to($3::text, 'UTF8'))) ON CONFLICT (version) DO UPDATE "
		"SET sha256 = excluded.sha256, applied_at = excluded.applied_at, applied_by = "
		"excluded.applied_by",
		(const char *[]){version, migration->name, migration->text}, 3, error);
}

// Says which migration failed before what the database said of it.
static bool name_migration(const struct migration *migration, struct error *error)
{
	struct error cause = *error;
	snprintf(error->what, sizeof error->what, "migration %s was not applied", migration->name);
	snprintf(error->why, sizeof error->why, "%.*s%s%.*s", 150, cause.what, cause.why[0] ? ": " : "", 160,
		cause.why);
	if (strcmp(cause.sqlstate, "55P03") == 0)
		snprintf(error->todo, sizeof error->todo, "stop what holds the tables, then migrate again");
	return false;
}

// Inside the transaction and under the lock: somebody else may have applied it meanwhile.
static bool apply_locked(
	struct session *session, const struct migration *migration, bool *is_new, struct error *error)
{
	bool exists = false;
	enum record record = RECORD_NONE;
	if (!record_table_exists(session, &exists, error) ||
		(exists && !record_read(session, migration, &record, error)))
		return false;
	*is_new = record == RECORD_NONE || (record == RECORD_DIFFERS && migration->version == 0);
	if (!*is_new)
		return true;
	bool is_cluster = migration->version == 0;
	return (is_cluster || session_script(session, AS_OWNER, error)) &&
	       (exists || is_cluster || session_script(session, RECORD_TABLE, error)) &&
	       session_script(session, migration->text, error) && session_script(session, AS_OWNER, error) &&
	       (exists || !is_cluster || session_script(session, RECORD_TABLE, error)) &&
	       record_write(session, migration, error);
}

static bool apply(
	struct session *session, const struct migration *migration, bool *is_new, struct error *error)
{
	if (!session_begin(session, error))
		return false;
	if (session_script(session, LOCK, error) && apply_locked(session, migration, is_new, error))
		return session_commit(session, error) || name_migration(migration, error);
	session_rollback(session, NULL);
	return name_migration(migration, error);
}

// Who is no superuser goes on where a superuser has been before, or has made the owner by hand.
static bool may_skip_cluster(
	struct session *session, const struct migration *migration, bool *may_skip, struct error *error)
{
	bool exists = false;
	int64_t is_superuser = 0, has_owner = 0;
	enum record record = RECORD_NONE;
	*may_skip = false;
	if (!session_number(session, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user", NULL, 0,
		    &is_superuser, error))
		return false;
	if (is_superuser)
		return true;
	if (!record_table_exists(session, &exists, error) ||
		(exists && !record_read(session, migration, &record, error)) ||
		!session_number(session,
			"SELECT pg_has_role(oid, 'MEMBER') AND "
			"has_database_privilege(oid, current_database(), 'CREATE') "
			"FROM pg_roles WHERE rolname = 'loyalty_owner'",
			NULL, 0, &has_owner, error))
		return false;
	*may_skip = record == RECORD_SAME || (record == RECORD_NONE && has_owner);
	if (*may_skip)
		return true;
	return error_set(error, ERROR_REFUSED, "a superuser has to prepare the database first",
		"run once, as a superuser of the server: loyalty migrate",
		"%s makes roles and extensions, which your login may not", migration->name);
}

static bool apply_file(
	struct session *session, const struct migration *migration, bool *is_new, struct error *error)
{
	bool may_skip = false;
	*is_new = false;
	if (migration->version == 0 && !may_skip_cluster(session, migration, &may_skip, error))
		return false;
	return may_skip || apply(session, migration, is_new, error);
}

bool migrate_run(struct session *session, const struct embedded_file *files, migrate_report *report,
	void *payload, struct error *error)
{
	struct migrate_status status;
	struct migration migration;
	struct error ignored = {0};
	error = error ? error : &ignored;
	files = files ? files : embedded_files;
	if (!migrate_state(session, files, &status, error))
		return false;
	if (status.state == MIGRATE_NEWER || status.state == MIGRATE_CHANGED)
		return migrate_complain(&status, error);
	for (; files->path; files++) {
		bool is_new = false;
		if (!migration_from_file(files, &migration))
			continue;
		if (!apply_file(session, &migration, &is_new, error))
			return false;
		if (is_new && report)
			report(payload, migration.version, migration.name);
	}
	return true;
}
