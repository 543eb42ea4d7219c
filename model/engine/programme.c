// Reads a programme document: form, then what its settings owe to each other, then the structures the engine
// runs on.
#include "model/engine/programme.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "model/engine/programme_build.h"
#include "model/engine/programme_form.h"
#include "model/engine/relation.h"

static bool document_check(struct document *document)
{
	int before = document->errors->count;
	form_check(document, &document->root, programme_document_fields);
	if (document->errors->count > before)
		return false;
	struct relation relation = {
		.document = document, .programme = node_child(&document->root, "programme")};
	relation_check_ranges(&relation);
	if (document->errors->count > before)
		return false;
	relation_check_uniqueness(&relation);
	relation_check_currencies(&relation);
	relation_check_ladders(&relation);
	relation_check_segments(&relation);
	relation_check_earn(&relation);
	relation_check_rewards(&relation);
	relation_check_grants(&relation);
	relation_check_spending(&relation);
	return document->errors->count == before;
}

struct programme *programme_read(
	const char *name, const char *text, size_t length, struct document_errors *errors)
{
	struct document document;
	if (!document_read(&document, name, text, length, errors))
		return NULL;
	struct programme *programme = NULL;
	if (document_check(&document))
		programme = programme_build(node_child(&document.root, "programme"));
	document_free(&document);
	return programme;
}

void programme_free(struct programme *programme)
{
	if (programme == NULL)
		return;
	struct arena arena = programme->arena; // it holds the programme itself
	arena_free(&arena);
}

#define FIND(programme, list, count, key)                                                                    \
	for (int i = 0; code_given != NULL && i < (programme)->count; i++)                                   \
		if (strcmp((programme)->list[i].key, code_given) == 0)                                       \
			return i;                                                                            \
	return -1

int programme_currency(const struct programme *programme, const char *code_given)
{
	FIND(programme, currencies, currency_count, code);
}

int programme_ladder(const struct programme *programme, const char *code_given)
{
	FIND(programme, ladders, ladder_count, code);
}

int programme_tier(const struct ladder *ladder, const char *code_given)
{
	FIND(ladder, tiers, tier_count, code);
}

int programme_earn_rule(const struct programme *programme, const char *code_given)
{
	FIND(programme, earn, earn_count, id);
}

int programme_reward(const struct programme *programme, const char *code_given)
{
	FIND(programme, rewards, reward_count, code);
}

int programme_plan(const struct programme *programme, const char *code_given)
{
	FIND(programme, plans, plan_count, code);
}

int programme_segment(const struct programme *programme, const char *code_given)
{
	FIND(programme, segments, segment_count, code);
}

bool reward_is_offered(const struct reward *reward, day_t day)
{
	return reward->first_day <= day && day <= reward->last_day;
}

day_t reward_next_offered(const struct reward *reward, day_t day)
{
	if (day < reward->first_day)
		return reward->first_day;
	return day <= reward->last_day ? day : DAY_NONE;
}

const char *reward_offered_text(const struct reward *reward, char out[OFFERED_SIZE])
{
	char first[DAY_SIZE] = "", last[DAY_SIZE] = "";
	if (reward->first_day != INT32_MIN)
		day_format(reward->first_day, first);
	if (reward->last_day != DAY_NONE)
		day_format(reward->last_day, last);
	if (!*first && !*last)
		snprintf(out, OFFERED_SIZE, "always");
	else if (!*last)
		snprintf(out, OFFERED_SIZE, "from %s", first);
	else if (!*first)
		snprintf(out, OFFERED_SIZE, "up to %s", last);
	else
		snprintf(out, OFFERED_SIZE, "from %s to %s", first, last);
	return out;
}
