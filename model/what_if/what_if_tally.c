// What a what-if counts while it judges members one by one.
#include "model/what_if/what_if_tally.h"

#include "model/engine/standing.h"
#include "model/liability.h"
#include <stdlib.h>
#include <string.h>

static void *block(int count, size_t size)
{
	void *memory = NULL;
	int capacity = 0;
	array_reserve(&memory, &capacity, count > 0 ? count : 1, size);
	return memory;
}

void tally_init(struct what_if_tally *tally, const struct what_if_shape *shape)
{
	*tally = (struct what_if_tally){.shape = shape,
		.counts = block(shape->counts, sizeof *tally->counts),
		.sums = block(shape->sums, sizeof *tally->sums)};
	tally_clear(tally);
}

void tally_free(struct what_if_tally *tally)
{
	free(tally->counts);
	free(tally->sums);
	*tally = (struct what_if_tally){0};
}

void tally_clear(struct what_if_tally *tally)
{
	memset(tally->counts, 0, (size_t)tally->shape->counts * sizeof *tally->counts);
	memset(tally->sums, 0, (size_t)tally->shape->sums * sizeof *tally->sums);
	tally->judged = tally->unjudged = 0;
	tally->largest_count = 0;
}

static int64_t size_of(int64_t change)
{
	return change < 0 ? -change : change;
}

// A total order, so that the twenty are the same whoever counted whom.
static bool is_larger(const struct tally_change *a, const struct tally_change *b)
{
	if (size_of(a->money) != size_of(b->money))
		return size_of(a->money) > size_of(b->money);
	if (size_of(a->points) != size_of(b->points))
		return size_of(a->points) > size_of(b->points);
	if (size_of(a->steps) != size_of(b->steps))
		return size_of(a->steps) > size_of(b->steps);
	return a->member_id < b->member_id;
}

static void largest_add(struct what_if_tally *tally, const struct tally_change *change)
{
	int place = tally->largest_count;
	if (place == WHAT_IF_LARGEST && !is_larger(change, &tally->largest[--place]))
		return;
	for (; place > 0 && is_larger(change, &tally->largest[place - 1]); place--)
		tally->largest[place] = tally->largest[place - 1];
	tally->largest[place] = *change;
	if (tally->largest_count < WHAT_IF_LARGEST)
		tally->largest_count++;
}

void tally_join(struct what_if_tally *tally, const struct what_if_tally *other)
{
	for (int i = 0; i < tally->shape->counts; i++)
		tally->counts[i] += other->counts[i];
	for (int i = 0; i < tally->shape->sums; i++)
		sum_join(&tally->sums[i], &other->sums[i]);
	tally->judged += other->judged;
	tally->unjudged += other->unjudged;
	for (int i = 0; i < other->largest_count; i++)
		largest_add(tally, &other->largest[i]);
}

// One side of the comparison. A member may be held back by older rules than those of the day.
struct side {
	const struct member_state *state;  // NULL: nothing has ever happened
	const struct programme *programme; // of the day
};

static int side_ladder(const struct side *side, const struct shape_ladder *ladder, int index)
{
	if (!side->state)
		return -1;
	return side->state->programme == side->programme
		       ? index
		       : programme_ladder(side->state->programme, ladder->code);
}

static int side_currency(const struct side *side, const struct shape_currency *currency, int index)
{
	if (!side->state)
		return -1;
	return side->state->programme == side->programme
		       ? index
		       : programme_currency(side->state->programme, currency->code);
}

// A tier's place among those of both; the base tier where it is not known.
static int tier_place(
	const struct side *side, const struct shape_ladder *ladder, const int *places, int index, int tier)
{
	if (side->state->programme == side->programme)
		return places[tier];
	const char *code = side->state->programme->ladders[index].tiers[tier].code;
	for (int i = ladder->tier_count - 1; i > 0; i--)
		if (strcmp(ladder->tiers[i], code) == 0)
			return i;
	return 0;
}

static int tier_held(const struct side *side, const struct shape_ladder *ladder, const int *places, int index)
{
	index = side_ladder(side, ladder, index);
	return index < 0 ? 0
			 : tier_place(side, ladder, places, index,
				   standing_tier(side->state->programme, side->state, index).tier);
}

static int tier_of_points(
	const struct side *side, const struct shape_ladder *ladder, const int *places, int index)
{
	index = side_ladder(side, ladder, index);
	return index < 0 ? 0
			 : tier_place(side, ladder, places, index,
				   standing_tier_of_points(side->state->programme, side->state, index));
}

static void ladder_compare(struct what_if_tally *tally, int index, const struct side *now_side,
	const struct side *draft_side, struct tally_change *change)
{
	const struct shape_ladder *ladder = &tally->shape->ladders[index];
	int now = tier_held(now_side, ladder, ladder->of_now, ladder->now);
	int draft = tier_held(draft_side, ladder, ladder->of_draft, ladder->draft), steps = draft - now;
	tally->counts[ladder->moves + now * ladder->tier_count + draft]++;
	if (steps != 0)
		tally->counts[steps > 0 ? ladder->up : ladder->down]++;
	if (steps == 0 && now > 0) {
		int of_points = tier_of_points(draft_side, ladder, ladder->of_draft, ladder->draft);
		if (of_points < now && tier_of_points(now_side, ladder, ladder->of_now, ladder->now) >= now) {
			tally->counts[ladder->protection + now * ladder->tier_count + of_points]++;
			tally->counts[ladder->kept]++;
		}
	}
	if (size_of(steps) > size_of(change->steps)) {
		change->ladder = index;
		change->steps = steps;
		change->tier_now = now;
		change->tier_draft = draft;
	}
}

struct amounts {
	int64_t points, money;
};

static struct amounts amounts_of(const struct side *side, const struct shape_currency *shape, int index)
{
	const struct member_state *state = side->state;
	int currency = side_currency(side, shape, index);
	if (currency < 0)
		return (struct amounts){0, 0};
	int64_t points = standing_balance(state, currency);
	return (struct amounts){
		.points = points > 0 ? points : 0, .money = liability_of(state->programme, state, currency)};
}

static void currency_compare(struct what_if_tally *tally, int index, const struct side *now_side,
	const struct side *draft_side, struct tally_change *change)
{
	const struct shape_currency *currency = &tally->shape->currencies[index];
	struct amounts now = amounts_of(now_side, currency, currency->now);
	struct amounts draft = amounts_of(draft_side, currency, currency->draft);
	struct sum *sums = &tally->sums[currency->amounts];
	sum_add(&sums[POINTS_NOW], now.points);
	sum_add(&sums[POINTS_DRAFT], draft.points);
	sum_add(&sums[POINTS_CHANGE], draft.points - now.points);
	sum_add(&sums[MONEY_NOW], now.money);
	sum_add(&sums[MONEY_DRAFT], draft.money);
	sum_add(&sums[MONEY_CHANGE], draft.money - now.money);
	change->money += draft.money - now.money;
	int64_t points = (draft.points - now.points) * decimal_power(2 - currency->decimals);
	if (size_of(points) > size_of(change->points)) {
		change->currency = index;
		change->points = points;
		change->points_now = now.points;
		change->points_draft = draft.points;
	}
}

void tally_compare(struct what_if_tally *tally, int64_t member_id, const struct member_state *now,
	const struct member_state *draft)
{
	struct tally_change change = {.member_id = member_id, .ladder = -1, .currency = -1};
	const struct side now_side = {now, tally->shape->now}, draft_side = {draft, tally->shape->draft};
	tally->judged++;
	tally->counts[COUNT_MEMBERS]++;
	for (int i = 0; i < tally->shape->ladder_count; i++)
		ladder_compare(tally, i, &now_side, &draft_side, &change);
	for (int i = 0; i < tally->shape->currency_count; i++)
		currency_compare(tally, i, &now_side, &draft_side, &change);
	if (change.ladder < 0 && change.currency < 0 && change.money == 0)
		return;
	tally->counts[COUNT_CHANGED]++;
	largest_add(tally, &change);
}

void tally_unjudged(struct what_if_tally *tally)
{
	tally->judged++;
	tally->unjudged++;
	tally->counts[COUNT_MEMBERS]++;
}
