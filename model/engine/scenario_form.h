// The settings of a scenario document (FORMAT section 11). Private to model/engine/.
#ifndef ENGINE_SCENARIO_FORM_H
#define ENGINE_SCENARIO_FORM_H
#include "model/engine/event.h"
#include "model/engine/form.h"
#include "model/engine/scenario.h"

extern const struct field scenario_fields[]; // the whole file, rows left open

// Checks all rows: the settings each type has, and how they go together. Mistakes are noted in the document.
void scenario_check_rows(struct document *);                                         // V1 to V4
void scenario_check_relations(struct document *, programme_finder *, void *context); // V5 to V8

// The kind of check a key asks for; object is what follows its "__", NULL where the key takes none.
bool check_key_split(const char *key, enum check_kind *, const char **object);

// The index of that object in the programme, -1 if there is none.
int check_object_find(enum check_kind, const struct programme *, const char *object);
#endif
