// A condition as it was typed on the command line, read over a session of its own.
#ifndef APP_TYPED_H
#define APP_TYPED_H
#include "app/verb.h"
#include "model/segment/condition.h"

// A session, the names, and the condition that was typed.
struct typed {
	struct session *session;
	struct condition_names *names;
	struct member_condition condition;
};

// 0, or the exit status after telling. Either way typed_free() is due.
int typed_read(struct typed *typed, const struct arguments *arguments, const char *text);
void typed_free(struct typed *typed);
#endif
