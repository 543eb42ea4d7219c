// A question for a condition, asked by any screen: typed with carets and completion, told in words, counted.
#ifndef SCREENS_CONDITION_ASK_H
#define SCREENS_CONDITION_ASK_H
#include "model/segment/names.h"
#include "screens/ui/screen.h"

struct condition_answer {
	const char *text;   // borrowed
	int64_t members;    // -1: not known yet
	bool is_exact;      // they were counted, else estimated
	struct condition_names *names; // it was read with; whoever wants them kept sets NULL and frees them
};

// Texts are borrowed while the question is open, like the payload; `start` is copied.
struct condition_question {
	const char *title, *start; // start NULL: nothing yet
	const char *empty;         // what it means to leave the line empty: "all members"; NULL: it may not be
	// Enter; the question is closed already. An empty text has members -1.
	void (*done)(struct screen *asker, struct condition_answer *answer, void *payload);
	void *payload;
};

void condition_ask(struct screen *asker, const struct condition_question *question);
#endif
