// What can be asked of a member: the declarations that reader, words, completion and compiler share.
#ifndef MODEL_SEGMENT_ATTRIBUTE_H
#define MODEL_SEGMENT_ATTRIBUTE_H
#include <stdbool.h>
#include <stddef.h>

enum name_kind {
	NAME_NONE,
	NAME_LADDER,
	NAME_TIER,
	NAME_CURRENCY,
	NAME_REWARD,
	NAME_VERIFIED,
	NAME_PLAN,
	NAME_ATTRIBUTE, // declared by the house; of: its enum declared_type
	NAME_CHOICE,    // of the attribute with that id
	NAME_SEGMENT,
	NAME_KINDS
};

// What such a name is called: "tier".
const char *name_kind_word(enum name_kind kind);

enum attribute_type {
	ATTRIBUTE_IS,       // true or false by itself
	ATTRIBUTE_COUNT,    // a whole number
	ATTRIBUTE_POINTS,   // in units of the currency of its argument
	ATTRIBUTE_MONEY,    // in minor units
	ATTRIBUTE_DAY,      // a day
	ATTRIBUTE_BIRTHDAY, // a day of the year, as month * 100 + day
	ATTRIBUTE_TEXT,     // folded; "" is unknown
	ATTRIBUTE_TIER,     // the id of a tier; tiers of a ladder are ordered
	ATTRIBUTE_CHOICE,   // one of `choices`
	ATTRIBUTE_SEGMENT,  // a saved condition
	ATTRIBUTE_TYPES
};

enum argument_kind {
	ARGUMENT_NONE,
	ARGUMENT_NAME,   // of kind `argument_names`
	ARGUMENT_SPAN,   // N days
	ARGUMENT_CHOICE, // one of `argument_choices`
	ARGUMENT_TEXT,
};

// An attribute with and one without argument may share a name.
//
// `join` is a SELECT that yields at most one row a member, with member_id and value; `value` an SQL
// expression over m (loyalty.member) and, with `standing`, s (loyalty.standing). In both stand
//	%A  the name of the joined SELECT       %T  today
//	%1  the argument: its id, code or text  %F  the day before the span of the argument, which ends today
//	%R  the rank of the argument            %M  a restriction to the member at hand, or true: in every
//`join` 	%I  the id of the member at hand, or NULL
struct attribute {
	const char *name;
	enum attribute_type type;
	enum argument_kind argument;
	enum name_kind argument_names;
	const char *const *argument_choices, *const *choices; // ended by NULL
	const char *words;                                    // "the tier"; %s: the argument in words
	const char *negated;                                  // of ATTRIBUTE_IS: the words for the opposite
	const char *help;                                     // one line
	const char *join, *value;
	bool standing;
	bool is_counted; // where the join yields no row, it is 0; never unknown
	bool is_known;   // never unknown
	bool is_birth;   // not for everyone
};

extern const struct attribute ATTRIBUTES[]; // ended by a NULL name

// What the house itself declared (db/schema/0038_attributes.sql) is asked for as attribute(CODE), and compared as its
// type wants it.
enum declared_type { DECLARED_TEXT, DECLARED_NUMBER, DECLARED_DATE, DECLARED_CHOICE, DECLARED_YES_NO, DECLARED_TYPES };
const struct attribute *attribute_declared(int type);

// The attribute of that name, capitals aside, with or without an argument. NULL: there is none.
const struct attribute *attribute_find(const char *name, size_t length, bool has_argument);
#endif
