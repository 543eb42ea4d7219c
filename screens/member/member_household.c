// The household of a member: what it has, and who belongs to it.
#include "screens/member/member.h"

#include "model/member/household.h"
#include "screens/ui/dialog.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_SIZE = 4000 };

void member_household(struct member *m)
{
	struct ask ask;

	household_of(&ask, m->member_id);
	desk_send(m->screen, &(struct desk_request){.tag = TAG_HOUSEHOLD,
				     .what = "looking the household up",
				     .asks = {&ask},
				     .is_read = true,
				     .replaces = true});
}

static void line_add(char *text, const struct household_row *line)
{
	size_t length = strlen(text);

	snprintf(text + length, TEXT_SIZE - length, "\n%lld %.60s: %s, shares %d %%, %s",
		(long long)line->member, line->member_name, line->role, line->percent,
		line->may_redeem ? "may redeem" : "may not redeem");
}

void member_household_answer(struct member *m, const struct answer *answer)
{
	struct household_row line;
	char text[TEXT_SIZE], title[200];

	if (!desk_good(m->screen, answer, "looking the household up"))
		return;
	const struct result *result = answer->results[0];
	if (result_rows(result) == 0) {
		screen_say(m->screen, ROLE_TEXT, "No household; `loyalty household create` opens one");
		return;
	}
	household_row_read(result, 0, &line);
	snprintf(title, sizeof title, "Household %lld, %.100s", (long long)line.household, line.name);
	snprintf(text, sizeof text, "It has %.200s%s%.10s.\n", line.points,
		*line.closed_on ? "; closed on " : "", line.closed_on);
	for (int row = 0; row < result_rows(result); row++) {
		household_row_read(result, row, &line);
		if (line.member)
			line_add(text, &line);
	}
	dialog_show(m->screen, title, text);
}
