// Staff: who may log in, and as what.
#include "model/desk/staff.h"

bool staff_add(
	struct session *session, const char *login, const char *name, const char *role, struct error *error)
{
	const char *values[] = {login, name, role};
	return session_execute(session, "SELECT loyalty.staff_add($1, $2, $3)", values, 3, error);
}

bool staff_disable(struct session *session, const char *login, struct error *error)
{
	return session_execute(session, "SELECT loyalty.staff_disable($1)", &login, 1, error);
}

struct result *staff_list(struct session *session, struct error *error)
{
	return session_query(session,
		"SELECT s.login, s.name, s.role, CASE WHEN s.active THEN 'yes' ELSE 'no' END AS active, "
		"to_char(s.added_at, 'YYYY-MM-DD') AS added FROM loyalty.staff s ORDER BY s.active DESC, s.login",
		NULL, 0, error);
}
