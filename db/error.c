// What failed, why, and what to do about it.
#include "db/error.h"

#include <stdarg.h>
#include <stdio.h>

bool error_set(struct error *e, enum error_kind kind, const char *what, const char *todo, const char *why, ...)
{
	if (!e)
		return false;
	va_list arguments;
	*e = (struct error){.kind = kind};
	snprintf(e->what, sizeof e->what, "%s", what ? what : "");
	snprintf(e->todo, sizeof e->todo, "%s", todo ? todo : "");
	va_start(arguments, why);
	vsnprintf(e->why, sizeof e->why, why, arguments);
	va_end(arguments);
	return false;
}

const char *error_line(const struct error *e, char *out, unsigned size)
{
	snprintf(out, size, "%s%s%s%s%s", e->what, e->what[0] && e->why[0] ? ": " : "", e->why,
		e->todo[0] ? "; " : "", e->todo);
	return out;
}

int error_exit_status(const struct error *e)
{
	switch (e->kind) {
	case ERROR_NONE:
		return 0;
	case ERROR_USAGE:
		return 2;
	case ERROR_UNREACHABLE:
	case ERROR_IN_DOUBT:
		return 3;
	case ERROR_FAILED:
	case ERROR_REFUSED:
	case ERROR_CANCELLED:
		break;
	}
	return 1;
}
