// Closing the loop: what became of the cases that answers opened, and of the members who gave them.
#ifndef MODEL_SURVEY_LOOP_H
#define MODEL_SURVEY_LOOP_H
#include "db/result.h"
#include "model/ask.h"
#include <stdint.h>

// Of the newest LOOP_MOST answers with a case, so that it takes no longer with more.
enum { LOOP_MOST = 2000 };
struct survey_loop {
	int64_t cases, answered, closed;  // answered: the member was written to
	int64_t answer_s, close_s;        // medians, from the answer to the first message and to the solution; -1: none
	int64_t asked_again;              // members who have answered the survey again since
	int64_t better;                   // of those, in a better class than before
	int64_t buying;                   // members who have bought something since the case was closed, of those closed
	int64_t goodwill;                 // given for these cases, in units of 10^-decimals of the main currency
	char given[48], each[48];         // the same as "1200.5 STAR", and for each who is better; "": none is
};
void survey_loop_ask(struct ask *ask, int survey_id);
void survey_loop_read(const struct result *result, struct survey_loop *loop);
#endif
