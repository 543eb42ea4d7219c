// The condition language: one typed line that says which members are meant, for segments, lists, exports and
// audiences.
#ifndef MODEL_SEGMENT_CONDITION_H
#define MODEL_SEGMENT_CONDITION_H
#include "model/engine/arena.h"
#include "model/engine/day.h"
#include "model/segment/attribute.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// In short:
//
//	condition  = clauses joined by `and`, `or`, `not` and brackets; `and` binds tighter than `or`
//	clause     = attribute                                  open_case, verified(student), segment(lapsed)
//	           | attribute = != < <= > >= value             tier >= gold, spend(90 days) >= 200
//	           | attribute [not] in (value, ...)            city in ('İzmir', Ankara)
//	           | attribute [not] in last|next N days        birthday in next 7 days
//	           | attribute is [not] unknown
//	value      = 200.50 | gold | 'İzmir' | 2026-11-22 | 02-29 | today | 60 days ago
//
// Words may be written in capitals. Texts are compared as the house searches: accents, capitals and the
// Turkish i make no difference. Days are business days: `last 30 days` are those that end today, `next 7
// days` those that begin today, and `> 60 days ago` is later than that day.
//
// What is not known is neither true nor false in SQL; here every clause is one of the two. A clause about
// something unknown does not hold, whatever its operator (`city != 'İzmir'` wants a city that is known);
// `not` turns that round (`not city = 'İzmir'` holds for a member without a city). What can be counted is
// never unknown: nobody has an unknown balance, spend or number of purchases, but 0.
//
// Members are people who are active, unless the condition itself speaks of `status`; the accounts of
// households are never meant.
//
// Nothing in this header knows the database: names of tiers, currencies and so on are handed in
// (model/segment/names.h reads them), SQL comes out (model/segment/compile.h).

// --- What the programme calls its things.
struct condition_name {
	enum name_kind kind;
	int id;       // the database's; 0 where it goes by its code
	int of;       // tier: its ladder's id; attribute: its enum declared_type; choice: its attribute's id
	int rank;     // tier: 0 is the lowest; plan: its months, 0: for life
	int decimals; // of a currency, of an attribute
	const char *code;
	const char *text; // segment: its condition; others: what people call it
};

struct condition_names {
	const struct condition_name *list; // of each kind together, in the order in which they are shown
	int count;
	day_t today;       // the business day
	const char *money; // the programme's, ISO 4217
	int money_decimals;
	bool sees_birth; // whoever asks may ask for birthday and age ...
	bool sees_names; // ... and see members' names
};

// The name of a kind and code, capitals aside; NULL: there is none.
const struct condition_name *condition_name_find(
	const struct condition_names *names, enum name_kind kind, const char *code, size_t length);

// --- Reading.
enum { CONDITION_TEXT_MAX = 4000, CONDITION_WHY_MAX = 200 };

// What is wrong, where, and what would fit there instead.
struct condition_fault {
	int offset, length;           // in bytes of the text; length 0: at its end
	int column;                   // the same place in characters, from 1
	char why[CONDITION_WHY_MAX];  // "there is no tier glod"
	char fits[CONDITION_WHY_MAX]; // "did you mean gold?", "green, gold or reserve"; may be empty
};

enum condition_kind { CONDITION_AND, CONDITION_OR, CONDITION_NOT, CONDITION_CLAUSE };

enum condition_operator {
	OPERATOR_IS, // of attributes that are true or false by themselves
	OPERATOR_EQUAL,
	OPERATOR_UNEQUAL,
	OPERATOR_LESS,
	OPERATOR_LESS_EQUAL,
	OPERATOR_MORE,
	OPERATOR_MORE_EQUAL,
	OPERATOR_IN,
	OPERATOR_NOT_IN,
	OPERATOR_LAST, // in last N days
	OPERATOR_NOT_LAST,
	OPERATOR_NEXT,
	OPERATOR_NOT_NEXT,
	OPERATOR_UNKNOWN,
	OPERATOR_KNOWN,
};

enum condition_value_kind {
	VALUE_NUMBER,    // number, in the smallest unit of what it is compared with
	VALUE_TEXT,      // text
	VALUE_NAME,      // name
	VALUE_DAY,       // day
	VALUE_AGO,       // number days, or months, before today; `today` is 0 days
	VALUE_MONTH_DAY, // number: month * 100 + day
	VALUE_SPAN,      // number days, or months
};

struct condition_value {
	enum condition_value_kind kind;
	bool is_months; // of VALUE_AGO and VALUE_SPAN
	int64_t number;
	day_t day;
	const char *text;
	const struct condition_name *name;
};

struct condition_node {
	enum condition_kind kind;
	const struct condition_node *first; // of what AND, OR and NOT join; of a segment: what it means
	const struct condition_node *next;  // the one beside it
	int offset, length;                 // where it stands in the text
	const struct attribute *attribute;  // of a clause
	enum condition_operator operator;
	struct condition_value argument; // where the attribute has one
	const struct condition_value *values;
	int value_count;
};

struct member_condition {
	struct arena arena; // all below, but for the names
	const char *text;
	const struct condition_node *root;   // NULL: not read
	const struct condition_names *names; // borrowed: they must outlive it
};

// False: the fault tells what is wrong. Either way condition_free() is due.
bool condition_read(struct member_condition *condition, const char *text, const struct condition_names *names,
	struct condition_fault *fault);
void condition_free(struct member_condition *condition);

// The clauses that the outermost `and` joins (one where there is none), in their order.
int condition_clauses(const struct member_condition *condition);
const struct condition_node *condition_clause(const struct member_condition *condition, int index);

// Whether the condition, or a segment it uses, speaks of that attribute ("status").
bool condition_speaks_of(const struct member_condition *condition, const char *attribute);
// The saved segments that stand in the text itself, each once: fills up to `most` codes, returns how many
// there are.
int condition_segments(const struct member_condition *condition, const char **codes, int most);
// The text with every saved segment replaced by what it means now, so that it will mean the same for good. To
// be freed.
char *condition_expanded(const struct member_condition *condition);

// --- Telling.
// In words: "the tier is gold or reserve". To be freed.
char *condition_words(const struct member_condition *condition, const struct condition_node *node);

// --- Completing.
enum { CANDIDATES_MAX = 64 };
struct condition_candidates {
	struct condition_candidate {
		char text[80];    // what could stand there
		const char *help; // what that is; may be empty
	} list[CANDIDATES_MAX];
	int count;
	int from, to; // the bytes of the text that a candidate replaces
};
// What could stand at that byte of the text, where a word has perhaps been begun; in the order of the
// language.
void condition_complete(const char *text, int offset, const struct condition_names *names,
	struct condition_candidates *candidates);

// The place of a byte in characters, from 1.
int condition_column(const char *text, int offset);
#endif
