// One line typed on the message line, with history and completion.
#ifndef UI_PROMPT_H
#define UI_PROMPT_H
#include "screens/ui/screen.h"

struct prompt_spec {
	const char *label;   // "Search: "; borrowed while the prompt is open, like the functions
	const char *start;   // text to begin with; NULL: none
	size_t max;          // bytes, 0: 256
	bool secret;         // a password: drawn as stars, never in a history
	const char *history; // name of the history it shares ("command", "search"); NULL: none

	// The typed text after every change, for incremental search. May be unset.
	void (*changed)(struct screen *asker, const char *text, void *payload);
	// Enter; the prompt is closed already. The text is borrowed.
	void (*done)(struct screen *asker, const char *text, void *payload);
	// Esc. May be unset.
	void (*cancelled)(struct screen *asker, void *payload);
	// The number-th possible completion of `text` (a whole replacement), NULL: no more. May be unset.
	const char *(*complete)(struct screen *asker, const char *text, int number, void *payload);
};

void prompt_open(struct screen *asker, const struct prompt_spec *spec, void *payload);

// Histories on disk: one line each, "name<TAB>text". Missing files and lines that are no history are no
// error.
void prompt_history_load(const char *file);
bool prompt_history_save(const char *file);
void prompt_history_free(void);
#endif
