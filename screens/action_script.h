// What each action is called on the command line, and what takes it back: held against the verbs and actions there are by
// tests/check_actions.c.
#ifndef SCREENS_ACTION_SCRIPT_H
#define SCREENS_ACTION_SCRIPT_H
#include "screens/actions.h"

// Of verb and no_verb one is set. Of back and no_back at most one is: neither, where nothing is changed.
struct action_script {
	const char *verb;    // does the same, or shows it; several with | between
	const char *no_verb; // why there is none
	const char *back;    // the action, or else the verb, that takes it back
	const char *no_back; // why nothing does
};

// By action - ACTION_OWN. A new action needs a line here.
extern const struct action_script desk_scripts[DESK_ACTION_COUNT];
#endif
