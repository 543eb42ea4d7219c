// What is compared with what: the programme in force and a draft laid side by side.
#include "model/what_if/what_if_shape.h"

#include "model/liability.h"
#include <string.h>

static void *make(struct what_if_shape *shape, int count, size_t size)
{
	return arena_alloc(&shape->arena, (size_t)(count > 0 ? count : 1) * size);
}

static int places(int *next, int count)
{
	int first = *next;
	*next += count;
	return first;
}

static void tier_add(
	struct shape_ladder *ladder, const struct ladder *now, const struct ladder *draft, int i, int j)
{
	int place = ladder->tier_count++;
	ladder->tiers[place] = i >= 0 ? now->tiers[i].code : draft->tiers[j].code;
	ladder->is_now[place] = i >= 0;
	ladder->is_draft[place] = j >= 0;
	if (i >= 0)
		ladder->of_now[i] = place;
	if (j >= 0)
		ladder->of_draft[j] = place;
}

// Both orders are kept: what only one of them has stands where it has it. The base tiers are one, whatever
// their codes.
static void tiers_merge(struct shape_ladder *ladder, const struct ladder *now, const struct ladder *draft)
{
	int i = 1, j = 1;
	tier_add(ladder, now, draft, now ? 0 : -1, draft ? 0 : -1);
	while (now && i < now->tier_count) {
		int there = draft ? programme_tier(draft, now->tiers[i].code) : -1;
		for (; there > 0 && j < there; j++)
			tier_add(ladder, now, draft, -1, j);
		bool is_same = there > 0 && there == j; // else two tiers changed places
		tier_add(ladder, now, draft, i++, is_same ? j : -1);
		j += is_same;
	}
	for (; draft && j < draft->tier_count; j++)
		tier_add(ladder, now, draft, -1, j);
}

static void ladder_add(struct what_if_shape *shape, int now_index, int draft_index)
{
	const struct ladder *now = now_index >= 0 ? &shape->now->ladders[now_index] : NULL;
	const struct ladder *draft = draft_index >= 0 ? &shape->draft->ladders[draft_index] : NULL;
	int most = (now ? now->tier_count : 0) + (draft ? draft->tier_count : 0);
	struct shape_ladder *ladder = &shape->ladders[shape->ladder_count++];
	*ladder = (struct shape_ladder){
		.code = now ? now->code : draft->code, .now = now_index, .draft = draft_index};
	ladder->tiers = make(shape, most, sizeof *ladder->tiers);
	ladder->is_now = make(shape, most, sizeof *ladder->is_now);
	ladder->is_draft = make(shape, most, sizeof *ladder->is_draft);
	ladder->of_now = make(shape, most, sizeof *ladder->of_now);
	ladder->of_draft = make(shape, most, sizeof *ladder->of_draft);
	tiers_merge(ladder, now, draft);
	int cells = ladder->tier_count * ladder->tier_count;
	ladder->moves = places(&shape->counts, cells);
	ladder->protection = places(&shape->counts, cells);
	ladder->up = places(&shape->counts, 1);
	ladder->down = places(&shape->counts, 1);
	ladder->kept = places(&shape->counts, 1);
}

static void ladders_add(struct what_if_shape *shape)
{
	shape->ladders =
		make(shape, shape->now->ladder_count + shape->draft->ladder_count, sizeof *shape->ladders);
	for (int i = 0; i < shape->now->ladder_count; i++)
		ladder_add(shape, i, programme_ladder(shape->draft, shape->now->ladders[i].code));
	for (int i = 0; i < shape->draft->ladder_count; i++)
		if (programme_ladder(shape->now, shape->draft->ladders[i].code) < 0)
			ladder_add(shape, -1, i);
}

static void currency_add(struct what_if_shape *shape, int now, int draft)
{
	const struct currency *currency =
		now >= 0 ? &shape->now->currencies[now] : &shape->draft->currencies[draft];
	shape->currencies[shape->currency_count++] = (struct shape_currency){.code = currency->code,
		.decimals = currency->decimals,
		.now = now,
		.draft = draft,
		.is_valued = (now >= 0 && liability_is_valued(shape->now, now)) ||
			     (draft >= 0 && liability_is_valued(shape->draft, draft)),
		.amounts = places(&shape->sums, SHAPE_AMOUNTS)};
}

static bool currencies_add(struct what_if_shape *shape, struct error *error)
{
	shape->currencies = make(
		shape, shape->now->currency_count + shape->draft->currency_count, sizeof *shape->currencies);
	for (int i = 0; i < shape->now->currency_count; i++) {
		const struct currency *now = &shape->now->currencies[i];
		int draft = programme_currency(shape->draft, now->code);
		if (draft >= 0 && shape->draft->currencies[draft].decimals != now->decimals)
			return error_set(error, ERROR_FAILED,
				"the draft cannot be compared with the programme",
				"keep the decimals, or give the currency another code",
				"%s has %d decimals now and %d in the draft", now->code, now->decimals,
				shape->draft->currencies[draft].decimals);
		currency_add(shape, i, draft);
	}
	for (int i = 0; i < shape->draft->currency_count; i++)
		if (programme_currency(shape->now, shape->draft->currencies[i].code) < 0)
			currency_add(shape, -1, i);
	return true;
}

int shape_rule_find(const struct what_if_shape *shape, int rule_id, int currency_id)
{
	for (int i = 0; i < shape->rule_count; i++)
		if (shape->rules[i].number == rule_id && shape->rules[i].currency_id == currency_id)
			return i;
	return -1;
}

static void rule_add(struct what_if_shape *shape, const struct rulebook_version *version, const char *id,
	int number, int currency)
{
	if (currency < 0 || shape_rule_find(shape, number, version->currencies[currency]) >= 0)
		return;
	const struct currency *of = &version->programme->currencies[currency];
	shape->rules[shape->rule_count++] = (struct shape_rule){.id = id,
		.currency = of->code,
		.decimals = of->decimals,
		.number = number,
		.currency_id = version->currencies[currency],
		.amounts = places(&shape->sums, SHAPE_RULE_AMOUNTS)};
}

static void version_rules_add(struct what_if_shape *shape, const struct rulebook_version *version)
{
	const struct programme *programme = version->programme;
	for (int i = 0; i < programme->earn_count; i++)
		rule_add(shape, version, programme->earn[i].id, version->earn[i],
			programme->earn[i].award.currency);
	for (int i = 0; i < programme->grant_count; i++)
		rule_add(shape, version, programme->grants[i].id, version->grants[i],
			programme->grants[i].currency);
}

static void rules_add(struct what_if_shape *shape, const struct rulebook *now, const struct rulebook *draft)
{
	int most = 0;
	for (int i = 0; i < now->count; i++)
		most += now->versions[i].programme->earn_count + now->versions[i].programme->grant_count;
	for (int i = 0; i < draft->count; i++)
		most += draft->versions[i].programme->earn_count + draft->versions[i].programme->grant_count;
	shape->rules = make(shape, most, sizeof *shape->rules);
	for (int i = 0; i < now->count; i++)
		version_rules_add(shape, &now->versions[i]);
	for (int i = 0; i < draft->count; i++)
		version_rules_add(shape, &draft->versions[i]);
}

bool shape_init(struct what_if_shape *shape, const struct rulebook *now, const struct rulebook *draft,
	day_t day, bool has_rules, struct error *error)
{
	*shape = (struct what_if_shape){.now = now->versions[rulebook_at(now, day)].programme,
		.draft = draft->versions[rulebook_at(draft, day)].programme,
		.counts = COUNTS_FIXED,
		.sums = SUMS_FIXED};
	if (strcmp(shape->now->money, shape->draft->money) != 0)
		return error_set(error, ERROR_FAILED, "the draft cannot be compared with the programme",
			"give the draft the programme's money", "it counts in %s, the programme in %s",
			shape->draft->money, shape->now->money);
	ladders_add(shape);
	if (has_rules)
		rules_add(shape, now, draft);
	return currencies_add(shape, error);
}

void shape_free(struct what_if_shape *shape)
{
	arena_free(&shape->arena);
}
