// Queues of cases: saved filters with their counters, and the pages of cases a filter shows.
#ifndef MODEL_DESK_CASE_QUEUE_H
#define MODEL_DESK_CASE_QUEUE_H
#include "model/desk/case.h"

enum { CASE_KEY = 80, CASE_QUEUES = 9, CASE_FILTER = 256 };

// A filter is words: owner=me, owner=none, owner=LOGIN, state=new|open|waiting|resolved|closed|ended|merged, group=CODE,
// priority=high|normal|low, tag=WORD, late. None: all that are worked on. SQLSTATE LY002: it has another word.
struct case_queue {
	int queue_no;
	bool is_own; // else everybody's
	int64_t cases;
	char name[100], filter[CASE_FILTER];
};
// At most CASE_QUEUES rows, everybody's first.
void case_queues(struct ask *ask);
void case_queue_read(const struct result *result, int row, struct case_queue *queue);
// One row, one number: how many the filter has. From the counters, so it costs the same at any size.
void case_filter_count(struct ask *ask, const char *filter);
// Saves a filter under a name; NULL: takes that queue away. Everybody's are for managers and administrators.
void case_queue_set(struct ask *ask, const char *name, const char *filter, bool is_shared);

// Cases that are worked on come in the order of what is promised next, others the last changed first.
struct case_row {
	struct case_id id;
	int64_t number; // of the member
	int priority;   // 1 high, 2 normal, 3 low
	int version;
	bool is_due;    // a promise runs, or the case has ended
	bool is_late;   // a promise was broken
	int64_t age_s, due_s; // since opened; until promised (below zero: overdue) or, when resolved, since then
	const char *member, *title, *state, *owner, *group, *tags; // borrowed from the result; owner "": nobody
	char key[CASE_KEY];                                        // of the page
};
// filter is borrowed until sent.
void case_list(struct ask *ask, const char *filter, const struct page *page);
void case_row_read(const struct result *result, int row, struct case_row *out);
// The case a row's key is of; false: no such key.
bool case_key_read(const char *key, struct case_id *id);
#endif
