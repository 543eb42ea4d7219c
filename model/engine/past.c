// What a state remembers of days gone by: notes as things happen, and how it stood on a day.
#include "model/engine/past.h"
#include <stdlib.h>
#include <string.h>
#include "model/engine/award.h"
#include "model/engine/counter.h"

void past_reset(struct past *past)
{
	past->is_partial = false;
	past->tier_count = past->status_count = past->post_count = past->plan_count = 0;
	past->segment_count = past->multiplier_count = past->award_count = 0;
}

void past_free(struct past *past)
{
	free(past->tiers);
	free(past->statuses);
	free(past->posts);
	free(past->plans);
	free(past->segments);
	free(past->multipliers);
	free(past->awards);
	*past = (struct past){0};
}

void past_move(struct member_state *from, struct member_state *to)
{
	struct past *left = to->past;
	to->past = from->past;
	from->past = left;
}

bool past_is_kept(const struct member_state *state)
{
	return state->keep_originals && !state->past->is_partial;
}

void past_note_tier(struct member_state *state, int ladder_index, int tier)
{
	const struct ladder *ladder = &state->programme->ladders[ladder_index];
	struct past *past = state->past;
	if (!past_is_kept(state))
		return;
	ARRAY_RESERVE(past->tiers, past->tier_capacity, past->tier_count + 1);
	past->tiers[past->tier_count++] = (struct past_tier){
		.day = state->day,
		.ladder = ladder->code,
		.tier = ladder->tiers[tier].code,
	};
}

void past_note_status(struct member_state *state, int ladder_index)
{
	const struct ladder *ladder = &state->programme->ladders[ladder_index];
	const struct ladder_state *own = &state->ladders[ladder_index];
	struct past *past = state->past;
	if (!past_is_kept(state))
		return;
	ARRAY_RESERVE(past->statuses, past->status_capacity, past->status_count + 1);
	past->statuses[past->status_count++] = (struct past_status){
		.day = state->day,
		.ladder = ladder->code,
		.tier = ladder->tiers[own->own_tier].code,
		.start = own->own_start,
		.until = own->own_until,
		.ordinal = own->own_ordinal,
	};
}

void past_note_post(struct member_state *state, int ladder, day_t day, int64_t ordinal, int64_t hundredths)
{
	struct past *past = state->past;
	if (!past_is_kept(state))
		return;
	ARRAY_RESERVE(past->posts, past->post_capacity, past->post_count + 1);
	past->posts[past->post_count++] = (struct past_post){
		.day = day,
		.ladder = state->programme->ladders[ladder].code,
		.ordinal = ordinal,
		.sum = hundredths,
	};
}

void past_note_plan(struct member_state *state, int plan)
{
	struct past *past = state->past;
	if (!past_is_kept(state))
		return;
	ARRAY_RESERVE(past->plans, past->plan_capacity, past->plan_count + 1);
	past->plans[past->plan_count++] = (struct past_plan){
		.day = state->day,
		.until = state->plans[plan].until,
		.plan = state->programme->plans[plan].code,
	};
}

void past_note_segment(struct member_state *state, int segment, day_t until)
{
	struct past *past = state->past;
	if (!past_is_kept(state))
		return;
	ARRAY_RESERVE(past->segments, past->segment_capacity, past->segment_count + 1);
	past->segments[past->segment_count++] = (struct past_segment){
		.day = state->day,
		.until = until,
		.segment = state->programme->segments[segment].code,
	};
}

void past_note_multiplier(struct member_state *state, const struct multiplier_grant *grant)
{
	struct past *past = state->past;
	if (!past_is_kept(state))
		return;
	ARRAY_RESERVE(past->multipliers, past->multiplier_capacity, past->multiplier_count + 1);
	past->multipliers[past->multiplier_count++] = (struct past_multiplier){
		.day = grant->day,
		.until = grant->until,
		.currency = state->programme->currencies[grant->currency].code,
		.factor = grant->factor,
	};
}

void past_note_award(
	const struct run *run, const struct earn_rule *rule, int64_t quantity, unsigned multipliers)
{
	struct past *past = run->state->past;
	if (!past_is_kept(run->state))
		return;
	ARRAY_RESERVE(past->awards, past->award_capacity, past->award_count + 1);
	past->awards[past->award_count++] = (struct past_award){
		.rule = rule,
		.seq = run->seq,
		.day = run_rated_on(run),
		.quantity = quantity,
		.multipliers = multipliers,
	};
}

void past_reduce_award(struct member_state *state, int64_t seq, const char *rule, int64_t quantity)
{
	struct past *past = state->past;
	for (int i = past->award_count - 1; past_is_kept(state) && i >= 0; i--)
		if (past->awards[i].seq == seq && strcmp(past->awards[i].rule->id, rule) == 0) {
			past->awards[i].quantity -= quantity;
			return;
		}
}

int past_tier(const struct member_state *state, const struct ladder *ladder, day_t day)
{
	for (int i = state->past->tier_count - 1; i >= 0; i--) {
		const struct past_tier *was = &state->past->tiers[i];
		if (was->day > day || strcmp(was->ladder, ladder->code) != 0)
			continue;
		int tier = programme_tier(ladder, was->tier);
		return tier > 0 ? tier : 0;
	}
	return 0;
}

bool past_plan_active(const struct member_state *state, const char *plan, day_t day)
{
	for (int i = state->past->plan_count - 1; i >= 0; i--) {
		const struct past_plan *was = &state->past->plans[i];
		if (was->day <= day && strcmp(was->plan, plan) == 0)
			return day < was->until;
	}
	return false;
}

bool past_verified(const struct member_state *state, const char *segment, day_t day, day_t *until)
{
	for (int i = state->past->segment_count - 1; i >= 0; i--) {
		const struct past_segment *was = &state->past->segments[i];
		if (was->day > day || strcmp(was->segment, segment) != 0)
			continue;
		*until = was->until;
		return day < was->until;
	}
	return false;
}

int64_t past_multiplier(const struct member_state *state, const char *currency, day_t day, int64_t least)
{
	for (int i = 0; i < state->past->multiplier_count; i++) {
		const struct past_multiplier *was = &state->past->multipliers[i];
		if (was->day <= day && day < was->until && was->factor > least &&
			strcmp(was->currency, currency) == 0)
			least = was->factor;
	}
	return least;
}

static bool award_counts(const struct past_award *award, const char *rule, enum period period, day_t day)
{
	return award->quantity > 0 && period_start(period, award->day) == period_start(period, day) &&
	       strcmp(award->rule->id, rule) == 0;
}

int64_t past_awards(const struct member_state *state, const char *rule, const char *multiplier,
	enum period period, day_t day)
{
	int64_t count = 0;
	for (int i = 0; i < state->past->award_count; i++) {
		const struct past_award *award = &state->past->awards[i];
		count += award_counts(award, rule, period, day) &&
			 (multiplier == NULL ||
				 award_is_multiplied(award->rule, award->multipliers, multiplier));
	}
	return count;
}

int64_t past_quantity(const struct member_state *state, const char *rule, enum period period, day_t day)
{
	int64_t sum = 0;
	for (int i = 0; i < state->past->award_count; i++)
		if (award_counts(&state->past->awards[i], rule, period, day))
			sum += state->past->awards[i].quantity;
	return sum;
}
