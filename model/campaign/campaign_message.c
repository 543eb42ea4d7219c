// The message of a campaign: text with placeholders, {given_name} and so on, that are checked before anybody
// gets it.
#include "model/campaign/campaign_message.h"

#include <stdio.h>
#include <string.h>

const struct placeholder PLACEHOLDERS[] = {
	{"given_name", "the member's given name"},
	{"family_name", "the member's family name"},
	{"number", "the member's number"},
	{"prize", "what was won, in words: 500 Stars, or the reward's name"},
	{"code", "of a reward: the code to show at the till"},
	{"expires", "of a reward or tier: its last day"},
	{"campaign", "the campaign's name"},
	{"programme", "the programme's name"},
	{NULL, NULL},
};

static bool word_is_known(const char *word, size_t length)
{
	for (const struct placeholder *known = PLACEHOLDERS; known->word; known++)
		if (strlen(known->word) == length && strncmp(known->word, word, length) == 0)
			return true;
	return false;
}

bool message_check(const char *text, char why[PLACEHOLDER_WHY])
{
	for (const char *at = text; *(at += strcspn(at, "{}"));) {
		if (at[1] == at[0]) {
			at += 2;
			continue;
		}
		size_t length = strcspn(at + 1, "{} \n");
		if (*at == '}')
			snprintf(why, PLACEHOLDER_WHY,
				"has a } without its {; a brace itself is written twice");
		else if (at[1 + length] != '}')
			snprintf(why, PLACEHOLDER_WHY, "has a { that is not closed: {%.*s",
				(int)(length < 40 ? length : 40), at + 1);
		else if (!word_is_known(at + 1, length))
			snprintf(why, PLACEHOLDER_WHY, "there is no placeholder {%.*s}",
				(int)(length < 40 ? length : 40), at + 1);
		else {
			at += length + 2;
			continue;
		}
		return false;
	}
	return true;
}
