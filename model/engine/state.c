// A member's state: set-up, what is loaded into it, and what goes once it is saved.
#include "model/engine/state.h"
#include <stdlib.h>
#include <string.h>
#include "model/engine/lot_queue.h"
#include "model/engine/original.h"
#include "model/engine/past.h"
#include "model/engine/run.h"

// Room for that many, never NULL; state_reset fills it.
static void *block_make(int count, size_t size)
{
	void *memory = NULL;
	int capacity = 0;
	array_reserve(&memory, &capacity, count > 0 ? count : 1, size);
	return memory;
}

void state_init(struct member_state *state, const struct programme *programme, bool keep_originals)
{
	*state = (struct member_state){
		.programme = programme,
		.keep_originals = keep_originals,
		.currencies = block_make(programme->currency_count, sizeof *state->currencies),
		.ladders = block_make(programme->ladder_count, sizeof *state->ladders),
		.rules = block_make(programme->earn_count, sizeof *state->rules),
		.plans = block_make(programme->plan_count, sizeof *state->plans),
		.rewards = block_make(programme->reward_count, sizeof *state->rewards),
		.autos = block_make(programme->auto_count, sizeof *state->autos),
		.segments = block_make(programme->segment_count, sizeof *state->segments),
		.originals = block_make(1, sizeof *state->originals),
		.past = block_make(1, sizeof *state->past),
		.scratch = block_make(1, sizeof *state->scratch),
		.queues = block_make(programme->currency_count, sizeof *state->queues),
	};
	memset(state->queues, 0, (size_t)programme->currency_count * sizeof *state->queues);
	*state->originals = (struct originals){0};
	*state->past = (struct past){0};
	*state->scratch = (struct scratch){0};
	memset(state->ladders, 0, (size_t)programme->ladder_count * sizeof *state->ladders);
	state_reset(state);
}

static void flags_free(struct member_state *state)
{
	for (int i = 0; i < state->flag_count; i++)
		free(state->flags[i]);
	free(state->flags);
	state->flags = NULL;
	state->flag_count = 0;
}

static const struct counter counter_unused = {.start = DAY_NONE};

static void ladder_reset(struct ladder_state *ladder)
{
	ladder->window_count = 0;
	ladder->day_count = ladder->negative_days = 0;
	ladder->day_sum = 0;
	ladder->own_tier = 0;
	ladder->own_start = ladder->own_until = DAY_NONE;
	ladder->own_ordinal = ladder->own_start_later = 0;
	ladder->told_tier = 0;
	ladder->told_until = DAY_NONE;
}

static void rule_reset(struct rule_state *rule)
{
	rule->awards = rule->quantity = counter_unused;
	for (int m = 0; m < MULTIPLIERS_MAX; m++)
		rule->multiplied[m] = counter_unused;
}

void state_reset(struct member_state *state)
{
	const struct programme *programme = state->programme;
	flags_free(state);
	originals_free(state);
	past_reset(state->past);
	state->is_unusable = state->enrolled = state->is_pool = false;
	state->enrolled_on = state->born = state->day = state->last_charge_day = DAY_NONE;
	state->last_ordinal = state->lot_serial = state->reward_serial = state->last_charge_minor = 0;
	state->last_charge_plan = -1;
	state->merged_into = 0;
	state->lot_count = state->tier_grant_count = state->multiplier_grant_count = 0;
	lot_queues_empty(state);
	for (int i = 0; i < programme->currency_count; i++)
		state->currencies[i] = (struct currency_state){.clock = DAY_NONE};
	for (int i = 0; i < programme->ladder_count; i++)
		ladder_reset(&state->ladders[i]);
	for (int i = 0; i < programme->earn_count; i++)
		rule_reset(&state->rules[i]);
	for (int i = 0; i < programme->plan_count; i++)
		state->plans[i] = (struct plan_state){.start = DAY_NONE, .until = DAY_NONE};
	for (int i = 0; i < programme->reward_count; i++)
		state->rewards[i] = (struct reward_state){.last_expires = DAY_NONE};
	for (int i = 0; i < programme->auto_count; i++)
		state->autos[i] = counter_unused;
	for (int i = 0; i < programme->segment_count; i++)
		state->segments[i] = (struct segment_state){.until = DAY_NONE};
}

void state_free(struct member_state *state)
{
	flags_free(state);
	originals_free(state);
	for (int i = 0; i < state->programme->ladder_count; i++) {
		free(state->ladders[i].windows);
		free(state->ladders[i].days);
	}
	lot_queues_free(state);
	free(state->originals->kept);
	free(state->originals->payments.kept);
	past_free(state->past);
	free(state->scratch->keys);
	free(state->scratch->taken);
	free(state->scratch->held);
	free(state->scratch->touched);
	free(state->scratch->moved);
	free(state->scratch->posts);
	free(state->originals);
	free(state->past);
	free(state->scratch);
	free(state->lots);
	free(state->currencies);
	free(state->ladders);
	free(state->rules);
	free(state->plans);
	free(state->rewards);
	free(state->autos);
	free(state->segments);
	free(state->tier_grants);
	free(state->multiplier_grants);
	*state = (struct member_state){0};
}

void state_add_lot(struct member_state *state, const struct lot *lot)
{
	ARRAY_RESERVE(state->lots, state->lot_capacity, state->lot_count + 1);
	struct lot *added = &state->lots[state->lot_count++];
	*added = *lot;
	added->is_changed = false;
	if (lot->is_changed)
		lot_touch(state, added);
	state->currencies[lot->currency].open += lot->remaining;
	lot_queue_add(state, state->lot_count - 1);
}

void state_set_debt(struct member_state *state, int currency, int64_t debt)
{
	state->currencies[currency].debt = debt;
}

void state_saved(struct member_state *state)
{
	struct scratch *scratch = state->scratch;
	for (int i = 0; i < scratch->touched_count; i++) {
		struct lot *lot = &state->lots[scratch->touched[i]];
		lot->is_new = lot->is_changed = false;
		scratch->spent_count += lot->remaining == 0;
	}
	scratch->touched_count = 0;
	if (!state->keep_originals && scratch->spent_count > state->lot_count / 2)
		lots_compact(state);
	if (!state->keep_originals)
		originals_free(state);
}
