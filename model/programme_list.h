// The versions of the programme that the database holds.
#ifndef MODEL_PROGRAMME_LIST_H
#define MODEL_PROGRAMME_LIST_H
#include "db/session.h"

// Columns version, state, effective_from, author, written, approver; a row for each version, the newest first.
struct result *programme_list(struct session *session, struct error *error);
// One row with the column document: of that version, or, NULL, of the one in force today.
struct result *programme_document(struct session *session, const char *version, struct error *error);
#endif
