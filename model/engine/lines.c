// The lines of a purchase and what of them a rule looks at (FORMAT section 6.1).
#include "model/engine/lines.h"
#include <string.h>

#define LINES_SUM_MAX INT64_C(10000000000)

void lines_of(struct lines *view, const struct event *event)
{
	view->one = (struct event_line){.category = event->category, .amount_minor = event->amount_minor};
	view->lines = event->line_count > 0 ? event->lines : &view->one;
	view->count = event->line_count > 0 ? event->line_count : 1;
}

const char *line_category(const struct event_line *line)
{
	return line->category != NULL ? line->category : "general";
}

bool tags_have(const struct tags *tags, const char *tag)
{
	for (int i = 0; tag != NULL && i < tags->count; i++)
		if (strcmp(tags->tags[i], tag) == 0)
			return true;
	return false;
}

int64_t lines_basis(
	const struct event_line *lines, int count, const struct tags *categories, const struct tags *excluded)
{
	int64_t basis = 0;
	for (int i = 0; i < count; i++) {
		const char *category = line_category(&lines[i]);
		if (categories->count > 0 && !tags_have(categories, category))
			continue;
		if (!tags_have(excluded, category))
			basis += lines[i].amount_minor;
	}
	return basis;
}

bool lines_sum(const struct lines *view, int64_t least, int64_t *sum)
{
	*sum = 0;
	for (int i = 0; i < view->count; i++) {
		if (view->lines[i].amount_minor < least || view->lines[i].amount_minor > LINES_SUM_MAX - *sum)
			return false;
		*sum += view->lines[i].amount_minor;
	}
	return true;
}
