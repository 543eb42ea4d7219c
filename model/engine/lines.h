// The lines of a purchase and what of them a rule looks at (FORMAT section 6.1). Private to model/engine/.
#ifndef ENGINE_LINES_H
#define ENGINE_LINES_H
#include "model/engine/event.h"
#include "model/engine/programme.h"

struct lines {
	const struct event_line *lines;
	int count;
	struct event_line one; // what `lines` points to when the event has a single amount
};

// Views the event's lines; the view must not be moved.
void lines_of(struct lines *, const struct event *);

const char *line_category(const struct event_line *);
bool tags_have(const struct tags *, const char *tag); // tag may be NULL

// The lines not excluded and, if categories are named, of one of those.
int64_t lines_basis(
	const struct event_line *, int count, const struct tags *categories, const struct tags *excluded);

// Their sum; false if one is below `least` or they are together above 10^10.
bool lines_sum(const struct lines *, int64_t least, int64_t *sum);
#endif
