// The message of a campaign: text with placeholders, {given_name} and so on, that are checked before anybody
// gets it.
#ifndef MODEL_CAMPAIGN_MESSAGE_H
#define MODEL_CAMPAIGN_MESSAGE_H
#include <stdbool.h>
#include <stddef.h>

// What may stand between braces; a brace itself is written twice. One table for the check, the rendering and
// help.
struct placeholder {
	const char *word, *help;
};
extern const struct placeholder PLACEHOLDERS[]; // ends with a NULL word
enum { PLACEHOLDER_WHY = 120 };

// False, with what is wrong in why, for an open brace, one too many, or a word that is none of the table's.
bool message_check(const char *text, char why[PLACEHOLDER_WHY]);
#endif
