// What a person can have done: one table of actions that feeds keys, help, key bar, commands and the man
// page.
#ifndef UI_ACTION_H
#define UI_ACTION_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// OVERRIDES: its keys mean this action on its screens, whatever they mean to the toolkit elsewhere.
enum { ACTION_NEEDS_ROW = 1, ACTION_DANGER = 2, ACTION_EVERYWHERE = 4, ACTION_OVERRIDES = 8 };
// Whose action it is: with any of these bits of ui->rights, from 1 to 128. Flags without: everybody's.
#define ACTION_FOR(rights) ((unsigned)(rights) << 8)

// clang-format off
// The toolkit's own: symbol, name, default keys, label in the key bar (NULL: not there), group, flags, help.
#define UI_ACTIONS(X) \
	X(DOWN, "down", "j Down", NULL, "Moving", 0, "One row down (5j: five)") \
	X(UP, "up", "k Up", NULL, "Moving", 0, "One row up") \
	X(LEFT, "left", "h Left", NULL, "Moving", 0, "To the left") \
	X(RIGHT, "right", "l Right", NULL, "Moving", 0, "To the right") \
	X(FIRST, "first", "g Home", NULL, "Moving", 0, "To the first row") \
	X(LAST, "last", "G End", NULL, "Moving", 0, "To the last row") \
	X(HALF_DOWN, "half-page-down", "C-d J", NULL, "Moving", 0, "Half a page down") \
	X(HALF_UP, "half-page-up", "C-u K", NULL, "Moving", 0, "Half a page up") \
	X(PAGE_DOWN, "page-down", "PgDn C-f", NULL, "Moving", 0, "A page down") \
	X(PAGE_UP, "page-up", "PgUp C-b", NULL, "Moving", 0, "A page up") \
	X(OPEN, "open", "Enter", "open", "Rows", ACTION_NEEDS_ROW, "Open what is selected") \
	X(MARK, "mark", "Space", NULL, "Rows", ACTION_NEEDS_ROW, "Mark or unmark the row") \
	X(COPY, "copy", "y", NULL, "Rows", ACTION_NEEDS_ROW, "Copy to the clipboard") \
	X(SEARCH, "search", "/ F3", "search", "Finding", 0, "Search") \
	X(NEXT_FOUND, "next-found", "n", NULL, "Finding", 0, "To the next place found") \
	X(PREVIOUS_FOUND, "previous-found", "N", NULL, "Finding", 0, "To the place found before") \
	X(FILTER, "filter", "f", NULL, "Finding", 0, "Show only what matches") \
	X(SORT, "sort", "> F6", NULL, "Finding", 0, "Sort by something else") \
	X(NEXT_PANE, "next-pane", "Tab", NULL, "Places", 0, "To the next pane or tab") \
	X(PREVIOUS_PANE, "previous-pane", "S-Tab", NULL, "Places", 0, "To the pane or tab before") \
	X(BACK, "back", "Esc", NULL, "Places", ACTION_EVERYWHERE, "Cancel, or one level back; never leaves") \
	X(CLOSE, "close", "q F10", NULL, "Places", 0, "Close this screen") \
	X(QUIT, "quit", "Q", NULL, "Places", 0, "Leave the program") \
	X(INTERRUPT, "interrupt", "C-c", NULL, "Places", ACTION_EVERYWHERE, "Cancel what is waiting, or leave") \
	X(HELP, "help", "? F1", "help", "Program", 0, "Show the keys of this screen") \
	X(COMMAND, "command", ": F9", NULL, "Program", 0, "Type a command") \
	X(REFRESH, "refresh", "F5 C-r r", NULL, "Program", 0, "Read again") \
	X(REDRAW, "redraw", "C-l", NULL, "Program", ACTION_EVERYWHERE, "Draw the screen anew") \
	X(SUSPEND, "suspend", "C-z", NULL, "Program", ACTION_EVERYWHERE, "Back to the shell for a while (fg returns)") \
	X(MOUSE, "mouse", "M", NULL, "Program", 0, "Mouse on or off (Shift-drag selects while it is on)") \
	X(SAVE, "save", "C-s F2", "save", "Forms", ACTION_EVERYWHERE, "Save the form, or send the text")

enum action {
	ACTION_NONE,
#define UI_ACTION(symbol, ...) ACTION_##symbol,
	UI_ACTIONS(UI_ACTION)
#undef UI_ACTION
	ACTION_TAB_1, // digits on a screen with tabs (screen_ops.digits): ACTION_TAB_1 + 0 .. + 8
	ACTION_TAB_9 = ACTION_TAB_1 + 8,
	ACTION_OWN = 100, // the program's own actions count from here, in the order of actions_add()
};
// clang-format on

struct action_info {
	const char *name;  // "row-down": in :commands, key settings, the man page
	const char *keys;  // default keys, split by blanks; NULL or "": none
	const char *label; // in the key bar; NULL: not there
	const char *group; // heading in help
	const char *help;  // one line
	unsigned flags;
};

// Other keys for an action; "" unbinds it.
struct key_setting {
	const char *action, *keys;
};

enum { ACTION_KEYS_MAX = 6 };

// The program's own actions get the numbers ACTION_OWN, ACTION_OWN + 1, ... The table is borrowed for good.
void actions_add(const struct action_info *table, int count);

// Default keys for all; call after actions_add(), before actions_set_keys(). False: why tells which key name
// is wrong.
bool actions_init(char *why, size_t size);

// False: why says what is wrong with it (no such action, no such key); then nothing was changed.
bool actions_set_keys(const struct key_setting *setting, char *why, size_t size);

// NULL if there is none of that number or name.
const struct action_info *action_info(int action);
int action_by_name(const char *name);

// Whether somebody with these rights may do it. What one may not do is neither offered nor done.
bool action_allowed(int action, unsigned rights);

// The next action after `action` (start with ACTION_NONE), ACTION_NONE at the end.
int action_next(int action);

bool action_has_key(int action, uint32_t key);
int action_keys(int action, uint32_t keys[ACTION_KEYS_MAX]);

// "j, Down": the keys as a person reads them; "" if unbound. Returns out.
const char *action_key_text(int action, char *out, size_t size);

// The first key as the key bar shows it; "" if unbound. Returns out (KEY_NAME_MAX bytes).
const char *action_key_short(int action, char *out);

// Which of the actions in `own` (ended by 0; NULL: none) or, after them, of the toolkit's a key means;
// ACTION_NONE if none.
int action_lookup(const int *own, uint32_t key);

// The first two of `own` and the toolkit's actions that want the same key on one screen. False: no conflict.
bool actions_conflict(const int *own, int *first, int *second, uint32_t *key);
#endif
