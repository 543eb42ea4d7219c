// Between the files that read a condition: where the reader is, and what would fit there.
#ifndef MODEL_SEGMENT_PARSER_H
#define MODEL_SEGMENT_PARSER_H
#include "model/segment/condition.h"
#include "model/segment/lexer.h"

enum { OFFERS_MAX = 512, DEPTH_MAX = 60, SEGMENT_DEPTH_MAX = 12 };

struct segment_chain { // the segments that are being read, the innermost first
	const char *code;
	const struct segment_chain *outer;
	int depth;
};

struct parser {
	const char *text;
	struct token token;
	const struct condition_names *names;
	struct arena *arena;
	struct condition_fault *fault;
	bool has_failed;
	int depth; // of brackets and nots
	const struct segment_chain *chain;
	struct offer {
		const char *text, *help;
	} offers[OFFERS_MAX]; // what would fit where the token stands
	int offer_count;
};

void parser_init(struct parser *parser, const char *text, const struct condition_names *names,
	struct arena *arena, struct condition_fault *fault);
// The whole text; NULL: the fault is filled.
const struct condition_node *parser_read(struct parser *parser);

void parser_advance(struct parser *parser);
// Notes that this would fit here; text is kept as it is.
void parser_offer(struct parser *parser, const char *text, const char *help);
// The same for a name, in quotes where it is no single word.
void parser_offer_name(struct parser *parser, const struct condition_name *name);
// Offers the word or sign, and takes it if it stands here.
bool parser_take(struct parser *parser, const char *word);
bool parser_take_kind(struct parser *parser, enum token_kind kind, const char *shown);
// The first fault counts: at the token, with what was offered there. Returns false.
bool parser_fail(struct parser *parser, const char *why, ...) __attribute__((format(printf, 2, 3)));
// The same where the right kind of thing stands, but with a wrong value.
bool parser_refuse(struct parser *parser, const char *why);
bool parser_fail_at(struct parser *parser, int offset, int length, const char *why, ...)
	__attribute__((format(printf, 4, 5)));

// The token as a text of its own, without quotes; NULL: it is none that could be a name or text.
const char *parser_token_text(struct parser *parser);

// Values, by the type of what they are compared with (value.c). False: the fault is filled.
bool value_read(struct parser *parser, const struct attribute *attribute,
	const struct condition_value *argument, struct condition_value *value);
bool value_read_span(struct parser *parser, struct condition_value *value);
bool value_read_argument(
	struct parser *parser, const struct attribute *attribute, struct condition_value *argument);
// The argument that an attribute without one has all the same: the main currency, the main ladder.
bool value_argument_default(
	struct parser *parser, const struct attribute *attribute, struct condition_value *argument);
#endif
