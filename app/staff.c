// The verbs staff add, list and disable.
#include "app/output.h"
#include "app/verb.h"
#include "model/desk/staff.h"

#include <stdio.h>

int staff_add_verb(const struct arguments *arguments)
{
	const char *const *is = arguments->operands;
	struct error error = {0};
	struct session *session = verb_session(arguments, &error);
	bool is_good = session && staff_add(session, is[0], is[1], is[2], &error);
	session_close(session);
	if (!is_good)
		return verb_failed(&error);
	printf("%s may log in as %s\n", is[0], is[2]);
	return 0;
}

int staff_disable_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct session *session = verb_session(arguments, &error);
	bool is_good = session && staff_disable(session, arguments->operands[0], &error);
	session_close(session);
	if (!is_good)
		return verb_failed(&error);
	printf("%s has no rights any more\n", arguments->operands[0]);
	return 0;
}

int staff_list_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct session *session = verb_session(arguments, &error);
	struct result *list = session ? staff_list(session, &error) : NULL;
	if (list)
		output_table(stdout, arguments->format, list);
	result_free(list);
	session_close(session);
	return list ? 0 : verb_failed(&error);
}
