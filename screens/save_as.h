// Asks under which name a file is to be written, and whether in place of one that is there.
#ifndef SCREENS_SAVE_AS_H
#define SCREENS_SAVE_AS_H
#include "screens/ui/prompt.h"

enum { SAVE_AS_MOST = 900 };

// Kept by the screen that asks.
struct save_as {
	struct prompt_spec prompt;
	char file[SAVE_AS_MOST + 1]; // the name given last, ~ replaced
	void (*done)(struct screen *asker, const char *file);
};

// start: a name to begin with, copied. `done` is called with the name once it is sure.
void save_as_ask(struct screen *asker, struct save_as *ask, const char *label, const char *start,
	void (*done)(struct screen *asker, const char *file));
#endif
