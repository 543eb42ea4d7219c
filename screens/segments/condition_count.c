// Counting a condition while it is typed, and telling it in words.
#include "screens/segments/condition_count.h"

#include "screens/ui/list.h"

#include <stdio.h>
#include <stdlib.h>

enum { COUNT_WIDTH = 14 };

void condition_count_init(struct condition_count *count, struct screen *s, int tag)
{
	count->tag = tag;
	detail_init(&count->words, s);
}

void condition_count_free(struct condition_count *count)
{
	detail_free(&count->words);
}

// --- Words and numbers.

static void step_add(struct condition_count *c, const struct member_condition *condition, int clause)
{
	char count[32] = "", label[COUNT_WIDTH + 1];
	char *words = condition_words(condition, condition_clause(condition, clause));
	if (c->has_steps)
		list_count_text(c->steps[clause + 1], false, count, sizeof count);
	snprintf(label, sizeof label, "%*s", COUNT_WIDTH - 2, count);
	detail_format(&c->words, ROLE_TEXT, COUNT_WIDTH, label, "%s%s", clause ? "and " : "", words);
	free(words);
}

static void total_add(struct condition_count *c, const struct member_condition *condition)
{
	char members[32], low[32], high[32];
	const struct audience_estimate *e = &c->estimate;
	int clauses = condition_clauses(condition);
	if (c->has_steps) {
		list_count_text(c->steps[clauses], false, members, sizeof members);
		detail_format(&c->words, ROLE_STRONG, 0, NULL, "%s %s", members,
			c->steps[clauses] == 1 ? "member" : "members");
		return;
	}
	if (!c->has_estimate) {
		detail_add(&c->words, ROLE_DIM, 0, NULL, "Not counted yet");
		return;
	}
	list_count_text(e->members, false, members, sizeof members);
	list_count_text(e->interval.low, false, low, sizeof low);
	list_count_text(e->interval.high, false, high, sizeof high);
	detail_format(&c->words, ROLE_STRONG, 0, NULL, "About %s members (%s to %s); each is being counted",
		members, low, high);
}

static void words_fill(struct condition_count *c, const struct member_condition *condition)
{
	char everybody[32] = "", label[COUNT_WIDTH + 1];
	detail_clear(&c->words);
	if (!condition)
		return;
	total_add(c, condition);
	detail_add(&c->words, ROLE_TEXT, 0, NULL, "");
	if (c->has_steps)
		list_count_text(c->steps[0], false, everybody, sizeof everybody);
	snprintf(label, sizeof label, "%*s", COUNT_WIDTH - 2, everybody);
	detail_add(&c->words, ROLE_DIM, COUNT_WIDTH, label,
		condition_speaks_of(condition, "status") ? "all members; of these" : "active members; of these");
	for (int i = 0; i < condition_clauses(condition); i++)
		step_add(c, condition, i);
}

// --- Asking.

static void audience_ask(struct screen *s, struct condition_count *c, struct audience *audience, bool fits,
	int tag, const char *what)
{
	struct error error;
	if (fits)
		desk_send(s, &(struct desk_request){.tag = tag,
				     .number = c->turn,
				     .what = what,
				     .asks = {&audience->ask},
				     .is_read = true});
	else if (!audience_too_long(&error))
		screen_say(s, ROLE_WARNING, "%s: %s", error.why, error.todo);
	audience_free(audience);
}

void condition_count_begin(
	struct screen *s, struct condition_count *c, const struct member_condition *condition)
{
	struct audience audience = {0};
	c->is_due = c->has_estimate = c->has_steps = false;
	c->turn++;
	if (desk_pending(s, c->tag) || desk_pending(s, c->tag + 1))
		desk_cancel(s);
	words_fill(c, condition);
	if (condition)
		audience_ask(s, c, &audience, audience_estimate(&audience, condition), c->tag, NULL);
}

static void estimate_take(struct screen *s, struct condition_count *c,
	const struct member_condition *condition, const struct answer *answer)
{
	struct audience audience = {0};
	if (!desk_good(s, answer, "estimating"))
		return;
	c->estimate = audience_estimate_read(answer->results[0]);
	c->has_estimate = true;
	audience_ask(s, c, &audience, audience_steps(&audience, condition), c->tag + 1, "the members");
}

static void steps_take(struct screen *s, struct condition_count *c, const struct member_condition *condition,
	const struct answer *answer)
{
	if (!desk_good(s, answer, "counting"))
		return;
	for (int i = 0; i <= condition_clauses(condition); i++)
		c->steps[i] = audience_step_read(answer->results[0], i);
	c->has_steps = true;
}

bool condition_count_take(struct screen *s, struct condition_count *c,
	const struct member_condition *condition, const struct desk_news *news)
{
	if (news->number != c->turn || !condition)
		return false;
	if (news->tag == c->tag)
		estimate_take(s, c, condition, news->answer);
	else
		steps_take(s, c, condition, news->answer);
	words_fill(c, condition);
	return news->tag == c->tag + 1 && c->has_steps;
}

int64_t condition_count_members(const struct condition_count *c, const struct member_condition *condition)
{
	return c->has_steps	 ? c->steps[condition_clauses(condition)]
	       : c->has_estimate ? c->estimate.members
				 : -1;
}
