// Staff: who may log in, and as what.
#ifndef MODEL_STAFF_H
#define MODEL_STAFF_H
#include "db/session.h"

// Gives the login (made if there is none) a name and a role. Only administrators may.
bool staff_add(
	struct session *session, const char *login, const char *name, const char *role, struct error *error);
bool staff_disable(struct session *session, const char *login, struct error *error);
// Columns login, name, role, active, added; a row for each login, active ones first.
struct result *staff_list(struct session *session, struct error *error);
#endif
