// The purchases and partner events a state remembers for returns.
#include "model/engine/original.h"
#include <stdlib.h>
#include <string.h>

// The first with that seq or a later one.
static int place_find(const struct originals *originals, int64_t seq)
{
	int from = 0, to = originals->count;
	if (to > 0 && originals->kept[to - 1].seq < seq)
		return to;
	while (from < to) {
		int middle = from + (to - from) / 2;
		if (originals->kept[middle].seq < seq)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

struct kept_original *original_find(const struct member_state *state, int64_t seq)
{
	const struct originals *originals = state->originals;
	int at = place_find(originals, seq);
	return seq != 0 && at < originals->count && originals->kept[at].seq == seq ? &originals->kept[at]
										   : NULL;
}

static struct kept_original *original_place(struct member_state *state, int64_t seq)
{
	struct originals *originals = state->originals;
	int at = place_find(originals, seq);
	if (at == originals->count || originals->kept[at].seq != seq) {
		ARRAY_RESERVE(originals->kept, originals->capacity, originals->count + 1);
		memmove(&originals->kept[at + 1], &originals->kept[at],
			(size_t)(originals->count++ - at) * sizeof *originals->kept);
	}
	originals->kept[at] = (struct kept_original){.seq = seq, .last_lot = INT64_MAX};
	return &originals->kept[at];
}

static void arrays_alloc(struct member_state *state, struct kept_original *kept, int line_count)
{
	const struct programme *programme = state->programme;
	struct arena *arena = &state->originals->arena;
	kept->line_count = line_count;
	kept->lines = arena_alloc(arena, (size_t)line_count * sizeof *kept->lines);
	kept->awards = arena_alloc(arena, (size_t)programme->earn_count * sizeof *kept->awards);
	kept->expired = arena_alloc(arena, (size_t)programme->currency_count * sizeof *kept->expired);
}

static void lines_copy(struct member_state *state, struct kept_original *kept, const struct event_line *lines)
{
	for (int i = 0; i < kept->line_count; i++) {
		kept->lines[i].amount_minor = lines[i].amount_minor;
		if (lines[i].category != NULL)
			kept->lines[i].category = arena_copy(&state->originals->arena, lines[i].category);
	}
}

// A rule may rate by tier now and did not then, or by tiers of another name: the lowest is taken. Or the
// other way round: no tier is.
static struct standing_award award_fit(const struct programme *programme, const struct standing_award *award)
{
	struct standing_award fit = *award;
	bool by_tier = programme->earn[award->rule].award.kind == AWARD_BY_TIER;
	fit.tier = !by_tier ? -1 : award->tier < 0 ? 0 : award->tier;
	return fit;
}

void state_add_original(struct member_state *state, const struct original *original)
{
	struct kept_original *kept = original_place(state, original->seq);
	kept->day = original->day;
	kept->type = original->type;
	arrays_alloc(state, kept, original->line_count);
	lines_copy(state, kept, original->lines);
	for (int i = 0; i < original->award_count; i++) {
		struct standing_award award = award_fit(state->programme, &original->awards[i]);
		original_award(kept, &award);
	}
	for (int i = 0; i < original->expired_count; i++)
		kept->expired[original->expired[i].currency] += original->expired[i].quantity;
}

struct kept_original *original_keep(struct member_state *state, const struct event *event)
{
	if (!state->keep_originals)
		return NULL;
	struct event_line one = {.category = event->category, .amount_minor = event->amount_minor};
	struct kept_original *kept = original_place(state, event->seq);
	kept->day = event_activity_day(event);
	kept->type = event->type;
	kept->first_lot = state->lot_serial + 1;
	arrays_alloc(state, kept, event->line_count > 0 ? event->line_count : 1);
	lines_copy(state, kept, event->line_count > 0 ? event->lines : &one);
	return kept;
}

void original_award(struct kept_original *kept, const struct standing_award *award)
{
	kept->awards[kept->award_count++] = *award;
}

void originals_free(struct member_state *state)
{
	arena_free(&state->originals->arena);
	state->originals->count = state->originals->payments.count = 0;
}
