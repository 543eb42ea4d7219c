// Putting right what an event did, from its why: one of the deeds of the Member screen, with what the event
// tells filled in.
#include "screens/member/member.h"

#include "screens/ui/dialog.h"

#include <stdio.h>

static void take_back(struct member *m, const struct why_of *of)
{
	member_reverse(m, of->seq);
}

static void give_goodwill(struct member *m, const struct why_of *of)
{
	char reason[sizeof of->title + 16];

	snprintf(reason, sizeof reason, "about %s", of->title);
	member_goodwill(m, reason);
}

static void open_case(struct member *m, const struct why_of *of)
{
	member_new_case(m, of->title);
}

static const struct {
	const char *name;
	void (*begin)(struct member *m, const struct why_of *of);
} corrections[] = {
	{"Give goodwill for it", give_goodwill}, {"Open a case about it", open_case},
	{"Take the purchase back, or a part of it", take_back}, // last: only of a purchase
};

enum { CORRECTIONS = sizeof corrections / sizeof corrections[0] };

// The why closes, so that the form and what becomes of it belong to the member's screen below.
static void begin(struct screen *asker, int chosen, void *payload)
{
	const struct why_of of = *(const struct why_of *)payload;
	struct member *m = asker->below->state;

	screen_close(asker);
	corrections[chosen].begin(m, &of);
}

void member_correct(struct screen *asker, struct why_of *of)
{
	const char *names[CORRECTIONS];

	for (int i = 0; i < CORRECTIONS; i++)
		names[i] = corrections[i].name;
	dialog_choose(asker, "Put it right", names, of->kind == KIND_PURCHASE ? CORRECTIONS : CORRECTIONS - 1,
		0, begin, of);
}
