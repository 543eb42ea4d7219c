// The state of the screen of settings, shared by its parts: settings.c shows and switches, settings_form.c makes and changes.
#ifndef SCREENS_SETTINGS_SETTINGS_STATE_H
#define SCREENS_SETTINGS_SETTINGS_STATE_H
#include "screens/desk.h"
#include "screens/settings/settings_kinds.h"
#include "screens/ui/detail.h"
#include "screens/ui/tabs.h"

enum { TAG_ROWS = 1, TAG_SAVE, TAG_SWITCH, TAG_CLASH };

// What fields may name: codes of the database, logins of the facts. Ended by NULL, as forms want them.
enum { CODES_MOST = 120 };
struct code_list {
	char code[CODES_MOST][SETTING_CODE];
	const char *choices[CODES_MOST + 2]; // [0]: how none reads, where one may be named
	int count;
};
enum code_kind { CODES_CALENDAR, CODES_GROUP, CODES_TEXT, CODES_STAFF, CODE_KINDS };

// What was done last here, for undo: of an edit both sides, of a new row and of a switch the key.
struct setting_change {
	enum { CHANGE_NONE, CHANGE_MADE, CHANGE_EDITED, CHANGE_SWITCHED } done;
	int kind;
	bool is_off; // after it
	char key[SETTING_KEY];
	char was[SETTING_TEXT_MAX], is[SETTING_TEXT_MAX];
};

struct settings {
	struct list list;
	struct list_spec spec;
	struct column columns[SETTING_FIELDS + 1]; // the last tells what is off
	const char *names[SETTING_KINDS];
	struct tabs tabs;
	struct area area;
	struct detail detail; // the selected row, whole
	struct code_list codes[CODE_KINDS];
	struct setting_change last, asked; // asked: on its way to the database
	bool is_undoing;

	struct form_field fields[SETTING_FIELDS];
	struct form_spec form_spec;
	char form_title[SETTING_KEY + 40];
	uint32_t form;                                  // that waits for an answer; 0: none
	bool is_new;
	char key[SETTING_KEY];                          // of the row that is changed
	char kept[SETTING_TEXT_MAX];                    // the fields of that row, as they were when the form was opened, as texts one behind the other
	const char *seen[SETTING_FIELDS];               // into it
};

// Cells of a row: those of the columns, then the fields as they are.
enum { CELL_FIELDS = SETTING_FIELDS + 1, CELL_COUNT = CELL_FIELDS + SETTING_FIELDS };

static inline const struct setting_kind *settings_kind(const struct settings *v)
{
	return &SETTING_TABLE[v->tabs.current];
}

// settings_form.c
void settings_ask_new(struct screen *s);
void settings_ask_edit(struct screen *s, const struct row *row);
void settings_saved(struct screen *s, const struct answer *answer);
void settings_clash(struct screen *s, const struct answer *answer); // the row as somebody else has left it
void settings_undo(struct screen *s);
// settings.c
void settings_send(struct screen *s, int tag, const struct ask *ask);
void settings_add_code(struct code_list *list, const char *code);
void settings_tell(struct screen *s, const struct error *error); // with the field it is about by its label
#endif
