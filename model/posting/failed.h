// Events that a worker set aside because they could not be posted.
#ifndef MODEL_FAILED_H
#define MODEL_FAILED_H
#include "db/session.h"

// Columns member, seq, type, date, attempts, at, detail; the oldest first, at most 1,000.
struct result *failed_list(struct session *session, struct error *error);
// Puts it before the worker again, or gives it up. Only managers and administrators may.
bool failed_retry(struct session *session, const char *number, const char *seq, struct error *error);
bool failed_cancel(struct session *session, const char *number, const char *seq, struct error *error);
#endif
