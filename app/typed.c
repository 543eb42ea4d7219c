// Reads a condition off the command line, and tells what is wrong with it.
#include "app/typed.h"
#include "db/text.h"
#include "model/segment/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CARET_WIDTH = 100 };

// What is wrong with it, where, and what would fit: the line itself with a caret below. Returns the exit
// status.
static int fault_told(const char *text, const struct condition_fault *fault)
{
	char safe[4 * CARET_WIDTH + 1];
	char *caret = condition_caret(text, fault, CARET_WIDTH), *rest = caret;
	int status =
		verb_misused("the condition", "%s%s%s", fault->why, *fault->fits ? ": " : "", fault->fits);
	for (char *line; (line = strsep(&rest, "\n"));)
		fprintf(stderr, "  %s\n", neutral_text(safe, sizeof safe, line));
	free(caret);
	return status;
}

int typed_read(struct typed *typed, const struct arguments *arguments, const char *text)
{
	struct error error = {0};
	struct condition_fault fault;
	*typed = (struct typed){.session = verb_session(arguments, &error)};
	if (typed->session)
		typed->names = condition_names_load(typed->session, &error);
	if (!typed->names)
		return verb_failed(&error);
	if (!condition_read(&typed->condition, text, typed->names, &fault))
		return fault_told(text, &fault);
	return 0;
}

void typed_free(struct typed *typed)
{
	condition_free(&typed->condition);
	condition_names_free(typed->names);
	session_close(typed->session);
}
