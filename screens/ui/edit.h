// Text being edited: one line or several, moved through by clusters; pure, knows nothing of curses.
#ifndef UI_EDIT_H
#define UI_EDIT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EDIT_UNDO_MAX = 16 };

// Invariants: text is valid UTF-8 ended by 0; at <= length lies on a cluster's border; length <= max bytes.
struct edit {
	char *text;
	size_t length, capacity; // bytes
	size_t at;               // where the cursor is, in bytes
	size_t max;              // most bytes
	bool several_lines;      // newlines are kept; otherwise one becomes a blank
	bool typing;             // the last change was a typed character: the next one joins its undo step
	struct {
		char *text;
		size_t at;
	} undo[EDIT_UNDO_MAX]; // newest last
	int undo_count;
};

// text may be NULL. False only when memory runs out; then e is safe to free.
bool edit_init(struct edit *e, const char *text, size_t max, bool several_lines);
void edit_free(struct edit *e);

// Replaces the whole text, with the cursor at its end; forgets what could be undone.
bool edit_set(struct edit *e, const char *text);

// False: refused (a control character, or full). Controls and bidirectional overrides are never taken.
bool edit_insert(struct edit *e, uint32_t ch);

// Inserts as much as fits, neutralised; false if something had to be left out for want of room.
bool edit_paste(struct edit *e, const char *text, size_t bytes);

void edit_left(struct edit *e);
void edit_right(struct edit *e);
void edit_word_left(struct edit *e);
void edit_word_right(struct edit *e);
void edit_line_start(struct edit *e);
void edit_line_end(struct edit *e);

// Each returns whether anything was removed.
bool edit_backspace(struct edit *e);
bool edit_delete(struct edit *e);
bool edit_kill_word(struct edit *e);  // back to the start of the word
bool edit_kill_start(struct edit *e); // back to the start of the line
bool edit_kill_end(struct edit *e);   // on to the end of the line

bool edit_undo(struct edit *e);
#endif
