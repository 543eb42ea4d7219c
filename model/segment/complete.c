// What could stand at a place of a condition: read up to there, and see what was looked for.
#include "model/segment/parser.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

// Where the word begins that ends at the offset; the offset itself where none does.
static int word_start(const char *text, int offset)
{
	int at = 0;
	for (struct token token = token_at(text, 0); token.kind != TOKEN_END && token.from < offset;
		token = token_at(text, at)) {
		at = token.from + token.length;
		bool is_open =
			token.kind == TOKEN_BAD && (text[token.from] == '\'' || text[token.from] == '"');
		bool is_word = token.kind >= TOKEN_WORD && token.kind <= TOKEN_MONTH_DAY;
		if (is_open || (at >= offset && is_word))
			return token.from;
	}
	return offset;
}

// What is offered in quotes may have been begun without.
static bool begins(const char *offer, const char *typed, size_t length)
{
	if (*offer == '\'' && length > 0 && (*typed == '\'' || *typed == '"'))
		return strncasecmp(offer + 1, typed + 1, length - 1) == 0;
	return strncasecmp(offer, typed, length) == 0 ||
	       (*offer == '\'' && strncasecmp(offer + 1, typed, length) == 0);
}

void condition_complete(const char *text, int offset, const struct condition_names *names,
	struct condition_candidates *candidates)
{
	struct arena arena = {0};
	struct condition_fault fault = {0};
	*candidates = (struct condition_candidates){.from = offset, .to = offset};
	if (offset < 0 || strlen(text) > CONDITION_TEXT_MAX || offset > (int)strlen(text))
		return;
	char *before = arena_copy(&arena, text);
	before[offset] = '\0';
	candidates->from = word_start(before, offset);
	before[candidates->from] = '\0';
	struct parser *parser = arena_alloc(&arena, sizeof *parser);
	parser_init(parser, before, names, &arena, &fault);
	parser_read(parser);
	for (int i = 0; i < parser->offer_count && candidates->count < CANDIDATES_MAX; i++) {
		const struct offer *offer = &parser->offers[i];
		struct condition_candidate *candidate = &candidates->list[candidates->count];
		bool is_there =
			parser->token.kind == TOKEN_END && strlen(offer->text) < sizeof candidate->text &&
			begins(offer->text, text + candidates->from, (size_t)(offset - candidates->from));
		if (!is_there)
			continue;
		snprintf(candidate->text, sizeof candidate->text, "%s", offer->text);
		candidate->help = offer->help;
		candidates->count++;
	}
	arena_free(&arena);
}
