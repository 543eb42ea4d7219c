// The kinds of what is set up at the desk, as declarations: the one screen of them all is drawn and its form is made from these.
#ifndef SCREENS_SETTINGS_SETTINGS_KINDS_H
#define SCREENS_SETTINGS_SETTINGS_KINDS_H
#include "model/desk/setting.h"
#include "screens/ui/form.h"
#include "screens/ui/list.h"

enum setting_input {
	SETTING_WORDS, // one line of text
	SETTING_WORD,  // a code
	SETTING_LINES,
	SETTING_DAY,
	SETTING_MINUTES,
	SETTING_YES,      // yes or no
	SETTING_PRIORITY, // high, normal or low
	SETTING_CALENDAR, // the code of one that there is
	SETTING_GROUP,
	SETTING_CANNED,
	SETTING_STAFF,
};

struct setting_field {
	const char *name; // as the database calls it
	const char *label, *help;
	enum setting_input input;
	bool required;
	const char *none; // how "" reads where one may be chosen; NULL: "" is none of the choices
	size_t max;       // bytes; 0: 256
	struct column column;
};

struct setting_kind {
	const char *kind; // as the database calls it
	const char *tab;  // "Calendars"
	const char *one;  // "calendar"
	const char *empty;
	int keys; // the first so many fields name a row and stay as they were made
	int count;
	struct setting_field fields[SETTING_FIELDS];
};

enum { SETTING_KINDS = 8 };
extern const struct setting_kind SETTING_TABLE[SETTING_KINDS];
#endif
