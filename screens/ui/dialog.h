// Questions over a screen: confirm, choose, type to confirm. The answer comes by continuation, no one waits.
#ifndef UI_DIALOG_H
#define UI_DIALOG_H
#include "screens/ui/screen.h"

// Texts are copied. "No" has the focus first, so that a stray Enter does nothing.
struct question {
	const char *title; // "Revoke points?"
	const char *text;  // what and how many: "Revoke 1,250 Stars from 3 members. They are told by e-mail."
	const char *yes;   // the verb: "Revoke"; NULL: "Yes"
	const char *no;    // NULL: "Cancel"
	const char *typed; // for what cannot be undone: this has to be typed before yes works; NULL: nothing
};

// Called with the screen that asked and its payload, after the dialog is closed. Not called on no. Whoever
// asked keeps owning the payload.
typedef void dialog_yes(struct screen *asker, void *payload);
void dialog_confirm(struct screen *asker, const struct question *question, dialog_yes *yes, void *payload);

// One of several, each a line; `chosen` is its number from 0. Not called on Esc. `start` has the focus first.
typedef void dialog_chosen(struct screen *asker, int chosen, void *payload);
void dialog_choose(struct screen *asker, const char *title, const char *const *choices, int count, int start,
	dialog_chosen *chosen, void *payload);

// Something to read, closed by Enter or Esc; long texts scroll.
void dialog_show(struct screen *asker, const char *title, const char *text);
#endif
