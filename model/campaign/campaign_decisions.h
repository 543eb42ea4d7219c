// The decisions of a campaign from the first on, in the order they were made, read in pieces.
#ifndef MODEL_CAMPAIGN_DECISIONS_H
#define MODEL_CAMPAIGN_DECISIONS_H
#include "db/error.h"
#include "db/session.h"
#include <stdbool.h>

// Looks at one row of a piece, in PostgreSQL's binary form.
typedef void decision_look(void *payload, const struct result *piece, int row);

// sql: of campaign $1, those behind number $2, at most $3 in the order of their numbers, which are its first
// column. False: error tells why.
bool decisions_each(struct session *session, const char *sql, int campaign_no, decision_look *look, void *payload,
	struct error *error);
#endif
