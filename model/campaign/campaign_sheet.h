// A campaign's document as a sheet of settings, each a short text as a person types it: what the Campaigns
// screen fills in.
#ifndef MODEL_CAMPAIGN_SHEET_H
#define MODEL_CAMPAIGN_SHEET_H
#include "model/engine/document_error.h"
#include <stdbool.h>
#include <stddef.h>

enum sheet_kind {
	SHEET_TEXT,    // anything, written as a string
	SHEET_INTEGER, // digits
	SHEET_WORD,    // one of words
	SHEET_FLAG,    // "yes" or "no"
	SHEET_LIMITS,  // "1 per year, 3 ever"
	SHEET_LINES,   // several lines, each ended by "\n"
};

// path is that of the document below "campaign.", of a prize's setting that below the prize.
struct sheet_setting {
	const char *path, *label, *help;
	enum sheet_kind kind;
	const char *const *words;
	const char *heading; // of the settings from here on; NULL: that before
};
enum {
	SHEET_SETTINGS = 29,
	SHEET_PRIZE_SETTINGS = 11,
	SHEET_PRIZES_AT = 18, // the prizes stand before this setting
	SHEET_PRIZES_MOST = 20,
	SHEET_FAULT = 160,
};
extern const struct sheet_setting SHEET[SHEET_SETTINGS], SHEET_PRIZE[SHEET_PRIZE_SETTINGS];

// Values are never NULL; "": the document has no such setting. Owned.
struct sheet {
	char *values[SHEET_SETTINGS];
	char *prizes[SHEET_PRIZES_MOST][SHEET_PRIZE_SETTINGS];
	int prize_count;
};

// A place on the sheet: prize -1 for what is no prize's, setting -1 for a prize as a whole.
struct sheet_place {
	int prize, setting;
};

// Reads a document whose form is right. False: why tells, nothing to free.
bool sheet_read(struct sheet *sheet, const char *text, size_t length, char why[SHEET_FAULT]);
void sheet_free(struct sheet *sheet);

// The document, to be freed; comments of the one it was read from are not in it. NULL: out of memory, or a
// limit that cannot be read, at `fault` with the reason in why.
char *sheet_write(const struct sheet *sheet, struct sheet_place *fault, char why[SHEET_FAULT]);

const char *sheet_value(const struct sheet *sheet, struct sheet_place place);
// False: out of memory, and nothing was changed.
bool sheet_set(struct sheet *sheet, struct sheet_place place, const char *value);

// A new prize after the last, or one less. False: there are as many as can be, or it is the last.
bool sheet_prize_add(struct sheet *sheet);
bool sheet_prize_remove(struct sheet *sheet, int prize);

// Where a mistake of that path belongs; false: to the campaign as a whole.
bool sheet_find(const char *path, struct sheet_place *place);

// Whether the setting says anything where the campaign's trigger, or the prize, is what the sheet says.
bool sheet_applies(const struct sheet *sheet, struct sheet_place place);
#endif
