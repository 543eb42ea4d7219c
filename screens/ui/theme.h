// Looks by role: what a piece of text means decides how it is drawn, on terminals of no, 8 or 256 colours.
#ifndef UI_THEME_H
#define UI_THEME_H
#include <stdbool.h>

// No role means anything by its colour alone: a word or a sign stands beside it.
enum role {
	ROLE_TEXT,     // ordinary text on the terminal's own background
	ROLE_DIM,      // less important
	ROLE_STRONG,   // more important
	ROLE_TITLE,    // the first line
	ROLE_BORDER,   // lines and boxes
	ROLE_HEADER,   // column titles, labels
	ROLE_SELECTED, // the row or choice under the cursor
	ROLE_MARKED,
	ROLE_MATCH,   // what a search found
	ROLE_FIELD,   // where one can type
	ROLE_CURRENT, // the field one types into
	ROLE_GOOD,
	ROLE_WARNING,
	ROLE_BAD,
	ROLE_KEY,          // a key in the bar and in help
	ROLE_BADGE,        // a word worth noticing in the title line
	ROLE_CALM_BADGE,   // an environment where mistakes are cheap
	ROLE_DANGER_BADGE, // production
	ROLE_CHART,
	ROLE_COUNT,
};

// Builds the looks for this terminal: "dark", "light" or "mono" (NULL: dark). The terminal must be open.
// False: no such theme.
bool theme_init(const char *name);

// What attrset() takes.
unsigned theme_attributes(enum role role);

// Themes by number, NULL behind the last.
const char *theme_name(int number);
#endif
