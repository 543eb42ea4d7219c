// What is set up at the desk, in one shape for all its kinds: rows of fields, as text, changed and switched off and on.
#ifndef MODEL_DESK_SETTING_H
#define MODEL_DESK_SETTING_H
#include "model/page.h"

enum { SETTING_FIELDS = 9, SETTING_KEY = 96, SETTING_CODE = 32 };
// Kinds, and each one's fields in their order: loyalty.desk_setting_names(). Texts are borrowed from the result.
struct setting_row {
	const char *key; // of the page, and for setting_switch()
	bool is_off;
	const char *fields[SETTING_FIELDS]; // "" from the kind's last on
};
// For managers and administrators; others: SQLSTATE 42501.
void setting_list(struct ask *ask, const char *kind, const struct page *page);
void setting_row_read(const struct result *result, int row, struct setting_row *out);

// Values of a row as one text, \x1f between.
enum { SETTING_TEXT_MAX = 24000 };
void setting_join(char *out, size_t size, const char *const *fields, int count);
// Makes a row (was NULL) or changes it; both as setting_join() gives them, borrowed until sent. Sent twice it is done once.
// error.field tells which field is wrong. SQLSTATE SETTING_IS_CHANGED: it is not as in was.
#define SETTING_IS_CHANGED "LY020"
void setting_set(struct ask *ask, const char *kind, const char *was, const char *fields);
void setting_switch(struct ask *ask, const char *kind, const char *key, bool is_off);

// Codes that a field may name: rows of what (calendar, group, text) and the code.
void setting_codes(struct ask *ask);
#endif
