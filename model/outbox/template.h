// Texts of messages with places for what differs from member to member: "Dear {given_name|member}, {points}
// are yours."
#ifndef MODEL_OUTBOX_TEMPLATE_H
#define MODEL_OUTBOX_TEMPLATE_H
#include <stdbool.h>
#include <stddef.h>

// {name} stands for a value, {name|words} for the value or, where there is none, for the words. {{ and }}
// write braces. Everything else is text as it is: UTF-8, lines ended by "\n".
enum template_place {
	PLACE_GIVEN_NAME,
	PLACE_FAMILY_NAME,
	PLACE_NUMBER,    // the member's
	PLACE_TIER,      // by its name
	PLACE_PROGRAMME, // by its name
	PLACE_CAMPAIGN,
	PLACE_POINTS,   // a decimal; written as the language writes numbers
	PLACE_CURRENCY, // of the points
	PLACE_REWARD,   // by its name
	PLACE_CODE,     // of the issued reward
	PLACE_EXPIRES,  // YYYY-MM-DD; the day the points, the reward or the link end; written as the language
			// writes days
	PLACE_SURVEY,
	PLACE_LINK,
	PLACE_CASE, // as people say it: 1002764/3
	PLACE_COUNT,
};

// Sets of places.
#define PLACE(name) (1u << PLACE_##name)
#define PLACES_OF_MEMBER                                                                                     \
	(PLACE(GIVEN_NAME) | PLACE(FAMILY_NAME) | PLACE(NUMBER) | PLACE(TIER) | PLACE(PROGRAMME))
#define PLACES_OF_CAMPAIGN                                                                                   \
	(PLACES_OF_MEMBER | PLACE(CAMPAIGN) | PLACE(POINTS) | PLACE(CURRENCY) | PLACE(REWARD) |              \
		PLACE(CODE) | PLACE(EXPIRES))
#define PLACES_OF_SURVEY (PLACES_OF_MEMBER | PLACE(SURVEY) | PLACE(LINK) | PLACE(EXPIRES) | PLACE(CASE))
// What every member has. A given name and a tier are not among it.
#define PLACES_SURE (PLACE(FAMILY_NAME) | PLACE(NUMBER) | PLACE(PROGRAMME))

// Where a text stands, and so what it may hold.
struct template_form {
	unsigned fits; // places that may be used
	unsigned sure; // those that have a value for every receiver; the others need words to use instead
	bool is_line;  // a subject: no line ends
	int most;      // characters
};
enum { TEMPLATE_SUBJECT_MOST = 200, TEMPLATE_BODY_MOST = 20000 };
#define TEMPLATE_SUBJECT(...)                                                                                \
	((struct template_form){__VA_ARGS__, .is_line = true, .most = TEMPLATE_SUBJECT_MOST})
#define TEMPLATE_BODY(...) ((struct template_form){__VA_ARGS__, .most = TEMPLATE_BODY_MOST})

// What is wrong with a text, and where: characters (not bytes) and lines, from 1.
struct template_fault {
	int line, column;
	int at;         // characters before it in the whole text
	char why[160];  // begins small, ends without a full stop
	char todo[320]; // what would fit; may be empty
};

// Whether the text is right for where it stands. fault may be NULL.
bool template_check(const char *text, const struct template_form *form, struct template_fault *fault);

// The places a text uses without words to use instead: each needs a value.
unsigned template_needs(const char *text);

// Values are borrowed; NULL and "" both mean that there is none. language: two small letters, "" for none.
struct template_values {
	const char *language;
	const char *of[PLACE_COUNT];
};

// The text with its places filled, the caller's to free. NULL: fault tells which value is missing or what is
// wrong with the text. What a value holds is text and never read as a place.
char *template_render(const char *text, const struct template_values *values, struct template_fault *fault);

// "given_name"; and back, PLACE_COUNT for what is no place.
const char *template_place_name(enum template_place place);
enum template_place template_place_find(const char *name, size_t length);
// "{given_name}, {points}, ..." of a set, in out. Returns out.
const char *template_places_text(unsigned places, char *out, size_t size);
#endif
