// A form: a table of fields, errors beside them, saved at the end; unsaved changes are never lost unasked.
#ifndef UI_FORM_H
#define UI_FORM_H
#include "screens/ui/screen.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_kind {
	FIELD_TEXT,
	FIELD_NUMBER, // digits, one "." or ",", a leading "-"
	FIELD_DATE,   // YYYY-MM-DD, a day that exists
	FIELD_CHOICE, // one of `choices`
	FIELD_LINES,  // several lines
};

struct form_field {
	const char *name, *label;
	enum field_kind kind;
	size_t max; // bytes; 0: 256, for FIELD_LINES 16,384
	bool required;
	const char *const *choices; // ended by NULL
	const char *help;           // shown while the field has the focus
	// More to check, when the field is left and before saving; the text is trimmed and not empty. False:
	// why is filled.
	bool (*check)(const char *text, char *why, size_t size);
};

enum { FORM_FIELDS_MAX = 32, FORM_WHY_MAX = 96 };

struct form; // the values, as typed

struct form_spec {
	const char *title;
	const struct form_field *fields;
	int count;
	const char *save; // label of the button; NULL: "Save"
	// All fields are right. True: saved, the form closes. False: it stays, because form_error() was
	// called, a question was put, or (after form_wait()) because the answer comes later by form_saved()
	// or form_refused().
	bool (*saved)(struct screen *asker, struct form *f, void *payload);
};

// start: values by field, NULL or a NULL member: empty (first choice). Spec and payload are borrowed while it
// is open.
void form_open(struct screen *asker, const struct form_spec *spec, const char *const *start, void *payload);

// Trimmed text of a field (not of FIELD_LINES, which is as typed); for FIELD_CHOICE the choice. Borrowed
// until the form closes or changes.
const char *form_value(const struct form *f, const char *name);
int form_choice(const struct form *f, const char *name); // its number from 0
bool form_changed(const struct form *f, const char *name);

// An error beside a field; an unknown name or NULL puts it above all.
void form_error(struct form *f, const char *name, const char *why);

// For answers that come later: no typing until then. Returns the form's serial for the three functions below,
// which do nothing if the form is closed meanwhile.
uint32_t form_wait(struct form *f);
uint32_t form_serial(const struct form *f);
void form_saved(struct ui *ui, uint32_t serial);
void form_refused(struct ui *ui, uint32_t serial, const char *name, const char *why);
void form_notice(
	struct ui *ui, uint32_t serial, const char *text); // "Deniz has changed this member meanwhile"

// "2026-02-29" is not a day; why tells.
bool form_check_date(const char *text, char *why, size_t size);
bool form_check_number(const char *text, char *why, size_t size);
#endif
