// The names that conditions use, read from the database.
#ifndef MODEL_SEGMENT_NAMES_H
#define MODEL_SEGMENT_NAMES_H
#include "db/result.h"
#include "db/session.h"
#include "model/ask.h"
#include "model/segment/condition.h"

void condition_names_ask(struct ask *ask);
// The caller's, until condition_names_free(); it needs nothing of the result. NULL: the database answered no
// programme.
struct condition_names *condition_names_read(const struct result *result);
void condition_names_free(struct condition_names *names); // NULL is fine
// Both at once, over a session.
struct condition_names *condition_names_load(struct session *session, struct error *error);

// A condition, and the caret below its fault: two lines, the first of the text. width: how many characters a
// line has room for. To be freed.
char *condition_caret(const char *text, const struct condition_fault *fault, int width);
#endif
