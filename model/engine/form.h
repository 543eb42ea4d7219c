// The form of documents as tables: which settings a group has, of which type and range (V1 to V4).
#ifndef ENGINE_FORM_H
#define ENGINE_FORM_H
#include "model/engine/day.h"
#include "model/engine/document.h"

#define AMOUNT_MAX INT64_C(10000000000) // 10^10, where nothing else is said

enum field_type {
	FIELD_CODE,
	FIELD_NAME,
	FIELD_TAG,
	FIELD_MONEY_CODE, // three capitals
	FIELD_DATE,
	FIELD_MONTH_DAY,
	FIELD_INTEGER,
	FIELD_DECIMAL,        // an integer or a string
	FIELD_SIGNED_DECIMAL, // of any size and number of decimals that can be read
	FIELD_BOOLEAN,
	FIELD_STRING,
	FIELD_SCALAR, // information: anything but a float
	FIELD_STRINGS,
	FIELD_WORD,   // one of `words`
	FIELD_TAGS,
	FIELD_CODES,
	FIELD_WORDS,
	FIELD_MONTH_DAYS,
	FIELD_GROUP,         // of `fields`
	FIELD_LIST,          // of groups of `fields`; NULL: somebody else looks at them
	FIELD_TIER_DECIMALS, // a group whose settings are named by tiers, each a decimal
	FIELD_TIER_GROUPS,   // the same, each a group of `fields`
};

struct field { // a table ends with a field without key
	const char *key;
	enum field_type type;
	bool required;
	int decimals;             // FIELD_DECIMAL, FIELD_TIER_DECIMALS
	bool above_zero;          // the same: zero is out of range
	int64_t min, max;         // in whole units; max 0: AMOUNT_MAX
	const char *const *words; // ends with NULL
	const struct field *fields;
	int since; // the version of the format that brought it; 0: every one has it
};

// The version of the format that the file says it is of.
int64_t document_format(const struct document *);

// Checks a group against its table, and all that is inside. Mistakes are noted in the document.
void form_check(struct document *, const struct node *group, const struct field *fields);
void form_check_value(struct document *, const struct node *, const struct field *);
const struct field *form_find(const struct field *fields, const char *key);

bool code_is_valid(const char *);

// Reads of what form_check found right; with a default for what is absent (node NULL).
int64_t node_integer(const struct node *, int64_t otherwise);
int64_t node_decimal(const struct node *, int decimals, int64_t otherwise); // in units of 10^-decimals
int node_word(const struct node *, const char *const *words, int otherwise);
day_t node_date(const struct node *, day_t otherwise);
struct month_day node_month_day(const struct node *);
const char *node_text(const struct node *, const char *otherwise);

// The decimals as written after the point; 0 for an integer.
int node_decimals_written(const struct node *);
#endif
