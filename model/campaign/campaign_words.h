// What a campaign does, in sentences that people decide by, and its message as a member would read it.
#ifndef MODEL_CAMPAIGN_WORDS_H
#define MODEL_CAMPAIGN_WORDS_H
#include "model/campaign/campaign.h"

// The facts are the house's. Each sentence is a line; what needs attention begins with CAMPAIGN_ATTENTION.
// The caller's to free; NULL: out of memory.
char *campaign_words(const struct campaign *campaign, const struct facts *facts);
#define CAMPAIGN_ATTENTION "ATTENTION: "

// Subject, an empty line and the body for an invented member who won the first prize that is something; the
// caller's to free. NULL: it sends no message, or out of memory.
char *campaign_sample(const struct campaign *campaign, const struct facts *facts);

// What one prize is: "500 STAR, $5.00 each". Returns out.
enum { CAMPAIGN_PRIZE_WORDS = 240 };
const char *campaign_prize_words(const struct campaign *campaign, const struct campaign_prize *prize,
	const char *money, char out[CAMPAIGN_PRIZE_WORDS]);
#endif
