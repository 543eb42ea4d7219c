// One table of looks; monochrome is just another column of it.
#include "screens/ui/theme.h"

#include "screens/ui/term.h"

#include <curses.h>
#include <string.h>

enum { NONE = -1 };

struct look {
	attr_t mono;  // without colours
	attr_t extra; // with them
	short fg, bg; // of 8
	short fg256, bg256;
};

// Never dark blue or black on the terminal's own background, which stays as it is.
static const struct look dark[ROLE_COUNT] = {
	[ROLE_TEXT] = {A_NORMAL, A_NORMAL, NONE, NONE, NONE, NONE},
	[ROLE_DIM] = {A_NORMAL, A_NORMAL, NONE, NONE, 246, NONE},
	[ROLE_STRONG] = {A_BOLD, A_BOLD, NONE, NONE, NONE, NONE},
	[ROLE_TITLE] = {A_REVERSE, A_NORMAL, COLOR_BLACK, COLOR_CYAN, 255, 24},
	[ROLE_BORDER] = {A_NORMAL, A_NORMAL, NONE, NONE, 244, NONE},
	[ROLE_HEADER] = {A_BOLD, A_BOLD, COLOR_CYAN, NONE, 80, NONE},
	[ROLE_SELECTED] = {A_REVERSE, A_REVERSE, NONE, NONE, NONE, NONE},
	[ROLE_MARKED] = {A_BOLD, A_BOLD, COLOR_YELLOW, NONE, 221, NONE},
	[ROLE_MATCH] = {A_UNDERLINE | A_BOLD, A_UNDERLINE | A_BOLD, COLOR_YELLOW, NONE, 221, NONE},
	[ROLE_FIELD] = {A_UNDERLINE, A_UNDERLINE, NONE, NONE, NONE, NONE},
	[ROLE_CURRENT] = {A_UNDERLINE | A_BOLD, A_UNDERLINE | A_BOLD, NONE, NONE, 229, NONE},
	[ROLE_GOOD] = {A_NORMAL, A_NORMAL, COLOR_GREEN, NONE, 114, NONE},
	[ROLE_WARNING] = {A_BOLD, A_BOLD, COLOR_YELLOW, NONE, 221, NONE},
	[ROLE_BAD] = {A_BOLD, A_BOLD, COLOR_RED, NONE, 210, NONE},
	[ROLE_KEY] = {A_BOLD, A_BOLD, COLOR_CYAN, NONE, 80, NONE},
	[ROLE_BADGE] = {A_BOLD | A_REVERSE, A_BOLD, COLOR_BLACK, COLOR_YELLOW, 16, 221},
	[ROLE_CALM_BADGE] = {A_REVERSE, A_NORMAL, COLOR_BLACK, COLOR_GREEN, 16, 114},
	[ROLE_DANGER_BADGE] = {A_BOLD | A_REVERSE, A_BOLD, COLOR_WHITE, COLOR_RED, 231, 160},
	[ROLE_CHART] = {A_NORMAL, A_NORMAL, COLOR_CYAN, NONE, 80, NONE},
};

static const struct look light[ROLE_COUNT] = {
	[ROLE_TEXT] = {A_NORMAL, A_NORMAL, NONE, NONE, NONE, NONE},
	[ROLE_DIM] = {A_NORMAL, A_NORMAL, NONE, NONE, 241, NONE},
	[ROLE_STRONG] = {A_BOLD, A_BOLD, NONE, NONE, NONE, NONE},
	[ROLE_TITLE] = {A_REVERSE, A_NORMAL, COLOR_WHITE, COLOR_BLUE, 255, 24},
	[ROLE_BORDER] = {A_NORMAL, A_NORMAL, NONE, NONE, 244, NONE},
	[ROLE_HEADER] = {A_BOLD, A_BOLD, COLOR_BLUE, NONE, 24, NONE},
	[ROLE_SELECTED] = {A_REVERSE, A_REVERSE, NONE, NONE, NONE, NONE},
	[ROLE_MARKED] = {A_BOLD, A_BOLD, COLOR_MAGENTA, NONE, 90, NONE},
	[ROLE_MATCH] = {A_UNDERLINE | A_BOLD, A_UNDERLINE | A_BOLD, COLOR_MAGENTA, NONE, 90, NONE},
	[ROLE_FIELD] = {A_UNDERLINE, A_UNDERLINE, NONE, NONE, NONE, NONE},
	[ROLE_CURRENT] = {A_UNDERLINE | A_BOLD, A_UNDERLINE | A_BOLD, NONE, NONE, 18, NONE},
	[ROLE_GOOD] = {A_NORMAL, A_NORMAL, COLOR_GREEN, NONE, 22, NONE},
	[ROLE_WARNING] = {A_BOLD, A_BOLD, COLOR_MAGENTA, NONE, 94, NONE},
	[ROLE_BAD] = {A_BOLD, A_BOLD, COLOR_RED, NONE, 124, NONE},
	[ROLE_KEY] = {A_BOLD, A_BOLD, COLOR_BLUE, NONE, 24, NONE},
	[ROLE_BADGE] = {A_BOLD | A_REVERSE, A_BOLD, COLOR_BLACK, COLOR_YELLOW, 16, 221},
	[ROLE_CALM_BADGE] = {A_REVERSE, A_NORMAL, COLOR_BLACK, COLOR_GREEN, 16, 114},
	[ROLE_DANGER_BADGE] = {A_BOLD | A_REVERSE, A_BOLD, COLOR_WHITE, COLOR_RED, 231, 160},
	[ROLE_CHART] = {A_NORMAL, A_NORMAL, COLOR_BLUE, NONE, 24, NONE},
};

static const struct {
	const char *name;
	const struct look *looks;
	bool colors;
} themes[] = {{"dark", dark, true}, {"light", light, true}, {"mono", dark, false}};

static unsigned attributes[ROLE_COUNT];

const char *theme_name(int number)
{
	return number < (int)(sizeof themes / sizeof themes[0]) ? themes[number].name : NULL;
}

static unsigned build(enum role role, const struct look *look, int colors)
{
	short pair = (short)(role + 1);

	if (colors < 8 || pair >= COLOR_PAIRS)
		return look->mono;
	bool many = colors >= 256;
	short fg = many ? look->fg256 : look->fg, bg = many ? look->bg256 : look->bg;
	if (fg == NONE && bg == NONE)
		return look->extra;
	init_pair(pair, fg, bg);
	return look->extra | (unsigned)COLOR_PAIR(pair);
}

bool theme_init(const char *name)
{
	for (size_t i = 0; i < sizeof themes / sizeof themes[0]; i++)
		if (!strcmp(themes[i].name, name ? name : "dark")) {
			int colors = themes[i].colors ? term_colors() : 0;
			for (int role = 0; role < ROLE_COUNT; role++)
				attributes[role] = build((enum role)role, &themes[i].looks[role], colors);
			return true;
		}
	return false;
}

unsigned theme_attributes(enum role role)
{
	return attributes[role];
}
