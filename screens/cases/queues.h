// The queues of the screen of cases: their names with the counters, and which of them, or which filter that was typed, is
// shown.
#ifndef SCREENS_CASES_QUEUES_H
#define SCREENS_CASES_QUEUES_H
#include "model/desk/case_queue.h"
#include "screens/ui/tabs.h"

struct queues {
	struct case_queue list[CASE_QUEUES];
	int count;
	char text[CASE_QUEUES][124]; // "Mine 12"
	const char *names[CASE_QUEUES];
	struct tabs tabs; // the row of them, where there is no room beside the list
	char typed[CASE_FILTER]; // "": the queue's own filter
};

void queues_init(struct queues *q);
// Anew from the answer to case_queues(). What is shown stays.
void queues_take(struct queues *q, const struct result *result);
const char *queues_filter(const struct queues *q);
// How many cases the counters tell; -1: not known, as of a filter that was typed.
int64_t queues_total(const struct queues *q);
// What an empty list says.
const char *queues_empty(const struct queues *q);

// Where they stand: beside the list where there is room, else above it.
struct area queues_area(struct area a);
struct area queues_list_area(struct area a);
void queues_draw(const struct queues *q, struct area a);
// A click in the screen's area. DID: another may be shown now.
enum did queues_mouse(struct queues *q, struct area a, int y, int x);
#endif
