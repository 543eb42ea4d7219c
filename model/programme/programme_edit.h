// A programme document being edited: setting by setting, comments and layout kept, every step undone at will.
#ifndef MODEL_PROGRAMME_EDIT_H
#define MODEL_PROGRAMME_EDIT_H
#include "model/engine/programme.h"
#include "model/programme/outline.h"

enum { EDIT_PATH = 200, EDIT_WHY = 240 };

struct programme_step {
	char *text;    // of the document before the step; behind `at`, after it
	char what[80]; // "level.gold.at"
};

// Invariant: the text has the form of a programme document (no mistake X, S, V1 to V4); what the settings
// demand of each other (V5 to V9) may be broken on the way from one good document to the next, and stands in
// errors.
struct programme_edit {
	struct outline outline;
	struct document_errors errors; // of the present text, as `loyalty programme check` names them
	struct programme *programme;   // the present text; NULL while there are errors
	struct programme_step *steps;  // [0..at) can be undone, [at..count) done again
	int at, count, capacity;
	char *kept; // the text as it was read or last kept
};

// False: the document has mistakes of form; they are in errors, and the edit has to be freed all the same.
bool programme_edit_init(struct programme_edit *edit, const char *text, size_t length);
void programme_edit_free(struct programme_edit *edit);

// All changes: one step; false: refused, why tells (EDIT_WHY bytes), and nothing was changed.
//
// Value as a person types it: 600, gold, 2027-01-01, true, "gold, reserve" for several. "" takes an optional
// setting away. The group that the setting belongs to has to be there.
bool programme_edit_set(struct programme_edit *edit, const char *path, const char *value, char *why);
// Puts a word into the array at path, or takes it out. The array's last word cannot be taken out.
bool programme_edit_switch(
	struct programme_edit *edit, const char *path, const char *word, bool is_on, char *why);
// A new tier in front of another (`before` 1 to tier_count: behind the last). Whatever names the tier below
// it
// - rates, rewards, benefits, expiry, gifts - names the new one too, so that it has all that the one below
// has. name may be "".
bool programme_edit_insert_tier(struct programme_edit *edit, int ladder, int before, const char *code,
	const char *name, const char *at, char *why);
// With all that names it: the inverse.
bool programme_edit_remove_tier(struct programme_edit *edit, int ladder, int tier, char *why);
// The threshold of windows that begin on or after that day ("YYYY-MM-DD"); at "": none of its own.
bool programme_edit_threshold(
	struct programme_edit *edit, int ladder, int tier, const char *from, const char *at, char *why);
// Another kind of window, with the validity that fits it; settings that do not go with it are taken away.
bool programme_edit_window(struct programme_edit *edit, int ladder, const char *kind, char *why);

// An element, as it is to stand in the text, at the end of the list at path, which is made if there is none.
bool programme_edit_add(struct programme_edit *edit, const char *path, const char *element, char *why);
// A setting or an element; the last element goes with its list.
bool programme_edit_remove(struct programme_edit *edit, const char *path, char *why);
// A benefit for a tier and all above it. name and value may be "".
struct benefit_words {
	const char *code, *name, *kind, *value;
};
bool programme_edit_add_benefit(
	struct programme_edit *edit, int ladder, int tier, const struct benefit_words *benefit, char *why);

// What was undone or done again; NULL: there is nothing. Borrowed until the next change.
const char *programme_edit_undo(struct programme_edit *edit);
const char *programme_edit_redo(struct programme_edit *edit);

bool programme_edit_changed(const struct programme_edit *edit);          // since it was read or kept
void programme_edit_keep(struct programme_edit *edit, const char *text); // that text is safe elsewhere

// What is wrong with the setting at path or inside it, NULL: nothing.
const struct document_error *programme_edit_error(const struct programme_edit *edit, const char *path);
#endif
