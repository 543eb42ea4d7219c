// A line in which a condition is typed: read at every key, its fault shown by a caret, completed with Tab.
#ifndef SCREENS_CONDITION_LINE_H
#define SCREENS_CONDITION_LINE_H
#include "model/segment/condition.h"
#include "screens/ui/entry.h"
#include "screens/ui/keys.h"

enum { CONDITION_LINE_ROWS = 3 }; // what it takes: the text, the caret, what would fit there

struct condition_line {
	struct edit edit;
	const struct condition_names *names; // borrowed; NULL: not known yet, and nothing is read
	struct member_condition condition;   // as it stands there, while is_good
	struct condition_fault fault;        // while not
	bool is_good;
	struct condition_candidates candidates;
	int offered;        // how many of them were put in, one after the other; 0: none is shown
	int offered_length; // bytes of the one that stands there
};

// text may be NULL. False: out of memory; then it is safe to free.
bool condition_line_init(struct condition_line *line, const char *text);
void condition_line_free(struct condition_line *line);
// From now on with these names; NULL: without any.
void condition_line_set_names(struct condition_line *line, const struct condition_names *names);
void condition_line_set(struct condition_line *line, const char *text);

enum condition_line_did { LINE_NOT_MINE, LINE_MOVED, LINE_CHANGED };
enum condition_line_did condition_line_input(struct condition_line *line, const struct input *input);

// In the first CONDITION_LINE_ROWS rows of the area.
void condition_line_draw(const struct condition_line *line, struct area a, bool focused);
#endif
