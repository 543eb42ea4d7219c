// One thing done to many cases from the screen of cases: those that are marked, or all of its filter.
#ifndef SCREENS_CASES_MANY_H
#define SCREENS_CASES_MANY_H
#include "model/desk/case_queue.h"
#include "model/desk/desk_report.h"
#include "screens/desk.h"

enum { MANY_CASES = 8000, MANY_VALUE = 220 };
// Part of the screen's state, where the answers to the questions go.
struct many {
	char *cases;              // owned: the marked ones by id, NULL: all of the filter
	char filter[CASE_FILTER];
	int64_t count;            // how many that will be
	int kind;                 // which of the things, see many.c
	int tag, preview_tag;     // of the job's request and of that which asks which cases these are; the screen's to set
	char value[MANY_VALUE];
	char also[16];
	char key[KEY_SIZE];
	int64_t job_no; // asked for last; 0: none
};

void many_free(struct many *many);
// Asks what is to be done to them; cases becomes many's. Then which these are: the answer comes to many_confirm(), and that of the job to many_started().
void many_ask(struct screen *s, struct many *many, char *cases, const char *filter, int64_t count);
void many_confirm(struct screen *s, struct many *many, const struct answer *answer);
void many_started(struct screen *s, struct many *many, const struct answer *answer);
// How far it is, and taking it back. tag: of the answer, for many_told().
void many_look(struct screen *s, const struct many *many, int tag);
void many_told(struct screen *s, const struct answer *answer);
void many_undo(struct screen *s, const struct many *many, int tag);
#endif
