// The verb migrate.
#include "app/verb.h"
#include "db/migrate.h"

#include <stdio.h>

static void report(void *payload, int version, const char *name)
{
	(void)payload;
	(void)version;
	printf("applied %s\n", name);
	fflush(stdout);
}

static bool check(struct session *session, struct error *error)
{
	struct migrate_status status;
	if (!migrate_state(session, NULL, &status, error) || !migrate_complain(&status, error))
		return false;
	printf("the database is at migration %d, as this program needs it\n", status.applied);
	return true;
}

static bool apply(struct session *session, struct error *error)
{
	return migrate_run(session, NULL, report, NULL, error) && check(session, error);
}

int migrate_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct session *session = verb_session_any(arguments, &error);
	bool is_good = session &&
		       (option_given(arguments, "check") ? check(session, &error) : apply(session, &error));
	session_close(session);
	return is_good ? 0 : verb_failed(&error);
}
