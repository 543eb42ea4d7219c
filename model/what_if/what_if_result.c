// The result of a what-if: its figures, with intervals where only a sample was judged.
#include "model/what_if/what_if_tally.h"

#include <stdlib.h>
#include <string.h>

struct making {
	struct what_if_result *result;
	const struct what_if_tally *tally;
	int64_t population, drawn;
};

static void *make(struct making *making, int count, size_t size)
{
	return arena_alloc(&making->result->arena, (size_t)(count > 0 ? count : 1) * size);
}

static const char *text(struct making *making, const char *of)
{
	return arena_copy(&making->result->arena, of);
}

static struct what_if_figure count_figure(const struct making *making, int place)
{
	int64_t found = making->tally->counts[place];
	struct interval interval = {found, found};
	if (making->drawn == making->population)
		return (struct what_if_figure){found, found, found, false};
	if (making->drawn > 0)
		interval = interval_of_count(making->population, making->drawn, found);
	return (struct what_if_figure){
		.value = (int64_t)(((wide_t)found * making->population + making->drawn / 2) / making->drawn),
		.low = interval.low,
		.high = interval.high};
}

static struct what_if_figure sum_figure(const struct making *making, int place)
{
	const struct sum *sum = &making->tally->sums[place];
	struct interval interval = interval_of_sum(sum, making->population, making->drawn);
	return (struct what_if_figure){.value = sum_estimate(sum, making->population, making->drawn),
		.low = interval.low,
		.high = interval.high,
		.is_vague = sum_is_vague(sum, making->population, making->drawn)};
}

static const struct what_if_figure *cells(struct making *making, int first, int count)
{
	struct what_if_figure *figures = make(making, count, sizeof *figures);
	for (int i = 0; i < count; i++)
		figures[i] = count_figure(making, first + i);
	return figures;
}

static const bool *flags_copy(struct making *making, const bool *flags, int count)
{
	bool *copy = make(making, count, sizeof *copy);
	memcpy(copy, flags, (size_t)count * sizeof *copy);
	return copy;
}

static struct what_if_ladder ladder_result(struct making *making, const struct shape_ladder *shape)
{
	int count = shape->tier_count;
	const char **tiers = make(making, count, sizeof *tiers);
	for (int i = 0; i < count; i++)
		tiers[i] = text(making, shape->tiers[i]);
	return (struct what_if_ladder){.code = text(making, shape->code),
		.tier_count = count,
		.tiers = tiers,
		.is_now = flags_copy(making, shape->is_now, count),
		.is_draft = flags_copy(making, shape->is_draft, count),
		.moves = cells(making, shape->moves, count * count),
		.protection = cells(making, shape->protection, count * count),
		.up = count_figure(making, shape->up),
		.down = count_figure(making, shape->down),
		.kept = count_figure(making, shape->kept)};
}

static void ladders_result(struct making *making)
{
	const struct what_if_shape *shape = making->tally->shape;
	struct what_if_ladder *ladders = make(making, shape->ladder_count, sizeof *ladders);
	for (int i = 0; i < shape->ladder_count; i++)
		ladders[i] = ladder_result(making, &shape->ladders[i]);
	making->result->ladders = ladders;
	making->result->ladder_count = shape->ladder_count;
}

static void currencies_result(struct making *making)
{
	const struct what_if_shape *shape = making->tally->shape;
	struct what_if_currency *currencies = make(making, shape->currency_count, sizeof *currencies);
	for (int i = 0; i < shape->currency_count; i++) {
		const struct shape_currency *of = &shape->currencies[i];
		currencies[i] = (struct what_if_currency){.code = text(making, of->code),
			.decimals = of->decimals,
			.is_valued = of->is_valued,
			.points_now = sum_figure(making, of->amounts + POINTS_NOW),
			.points_draft = sum_figure(making, of->amounts + POINTS_DRAFT),
			.points_change = sum_figure(making, of->amounts + POINTS_CHANGE),
			.money_now = sum_figure(making, of->amounts + MONEY_NOW),
			.money_draft = sum_figure(making, of->amounts + MONEY_DRAFT),
			.money_change = sum_figure(making, of->amounts + MONEY_CHANGE)};
	}
	making->result->currencies = currencies;
	making->result->currency_count = shape->currency_count;
}

static void rules_result(struct making *making)
{
	const struct what_if_shape *shape = making->tally->shape;
	struct what_if_rule *rules = make(making, shape->rule_count, sizeof *rules);
	for (int i = 0; i < shape->rule_count; i++) {
		const struct shape_rule *of = &shape->rules[i];
		rules[i] = (struct what_if_rule){.id = text(making, of->id),
			.currency = text(making, of->currency),
			.decimals = of->decimals,
			.posted = sum_figure(making, of->amounts + RULE_POSTED),
			.draft = sum_figure(making, of->amounts + RULE_DRAFT),
			.change = sum_figure(making, of->amounts + RULE_CHANGE)};
	}
	making->result->rules = rules;
	making->result->rule_count = shape->rule_count;
}

static void largest_result(struct making *making)
{
	const struct what_if_tally *tally = making->tally;
	for (int i = 0; i < tally->largest_count; i++) {
		const struct tally_change *change = &tally->largest[i];
		struct what_if_member *member = &making->result->largest[i];
		*member = (struct what_if_member){
			.member_id = change->member_id, .money_change = change->money};
		if (change->ladder >= 0) {
			const struct what_if_ladder *ladder = &making->result->ladders[change->ladder];
			member->ladder = ladder->code;
			member->tier_now = ladder->tiers[change->tier_now];
			member->tier_draft = ladder->tiers[change->tier_draft];
		}
		if (change->currency >= 0) {
			member->currency = making->result->currencies[change->currency].code;
			member->decimals = making->result->currencies[change->currency].decimals;
			member->points_now = change->points_now;
			member->points_draft = change->points_draft;
		}
	}
	making->result->largest_count = tally->largest_count;
}

struct what_if_result *tally_result(const struct what_if_tally *tally, int64_t population, int64_t drawn)
{
	struct what_if_result *result = calloc(1, sizeof *result);
	struct making making = {.result = result, .tally = tally, .population = population, .drawn = drawn};
	if (!result)
		return NULL;
	result->is_exact = population == drawn;
	result->ids = population;
	result->drawn = drawn;
	result->judged = tally->judged;
	result->unjudged = tally->unjudged;
	memcpy(result->money, tally->shape->now->money, sizeof result->money);
	result->members = count_figure(&making, COUNT_MEMBERS);
	result->changed = count_figure(&making, COUNT_CHANGED);
	result->events = sum_figure(&making, SUM_EVENTS);
	result->denied = sum_figure(&making, SUM_DENIED);
	result->admitted = sum_figure(&making, SUM_ADMITTED);
	ladders_result(&making);
	currencies_result(&making);
	rules_result(&making);
	largest_result(&making);
	return result;
}

void what_if_result_free(struct what_if_result *result)
{
	if (!result)
		return;
	arena_free(&result->arena);
	free(result);
}
