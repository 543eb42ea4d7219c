// What the changes of a programme document have in common: a step begun, done and checked, or given up.
#ifndef MODEL_PROGRAMME_EDIT_STEP_H
#define MODEL_PROGRAMME_EDIT_STEP_H
#include "model/programme/programme_edit.h"

// Each step_begin() is followed by one step_end(). is_done false: the step is given up, why was written by
// whoever knows. True: the document is checked; a mistake of form gives the step up, and why tells it.
void step_begin(struct programme_edit *edit, const char *what);
bool step_end(struct programme_edit *edit, bool is_done, char *why);

// Inside a step: the setting at path gets the value, "" takes it away.
bool step_set(struct programme_edit *edit, const char *path, const char *value, char *why);
#endif
