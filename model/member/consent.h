// Consents: what a member agreed to or took back; of each matter the newest line counts.
#ifndef MODEL_CONSENT_H
#define MODEL_CONSENT_H
#include "db/result.h"
#include "model/ask.h"
#include "model/page.h"
#include <stdbool.h>
#include <stdint.h>

// A matter as it is written: "promotions:email", "partner_promotions:sms", "profiling", "terms:2026-05".
enum { CONSENT_WHAT = 90 };
bool consent_is_right(const char *what);
// The same with the last day it holds behind it where there is one: "profiling@2027-12-31".
bool consent_is_said(const char *said);
// The same for people: "promotions of partners by SMS". Returns out (CONSENT_WORDS bytes).
enum { CONSENT_WORDS = 120 };
const char *consent_words(const char *what, char *out);

// Every matter there is, with its newest line where there is one; of the terms the newest version.
struct consent_row {
	const char *key;                       // for struct page
	const char *what;                      // of the terms, when nobody was asked yet, "terms:"
	const char *said_at, *source, *person; // "" without a line
	const char *until; // the last day a given one holds, "" where it has none
	const char *state; // "given", "expired", "withdrawn"; "never asked" without a line
};
void consent_list(struct ask *ask, int64_t member_id, const struct page *page);
void consent_row_read(const struct result *result, int row, struct consent_row *consent);

// Gives or withdraws. Answers one row, one column: whether anything was written; what was so already is not,
// so that it is harmless to do twice. day: YYYY-MM-DD it was said on; NULL: now.
struct consent_change {
	int64_t member_id;
	const char *what, *source, *day;
	const char *until; // the last day it holds; NULL or "": until it is taken back
	bool is_given;
};
void consent_set(struct ask *ask, const struct consent_change *change);

// For the command line, as a table: the newest line of each matter, or all lines, newest first.
void consent_table(struct ask *ask, int64_t member_id, bool is_all);
#endif
