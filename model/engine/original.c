// The purchases and partner events a state remembers for returns.
#include "model/engine/original.h"
#include <stdlib.h>
#include <string.h>

struct kept_original *original_find(const struct member_state *state, int64_t seq)
{
	const struct originals *originals = state->originals;
	for (int i = originals->count - 1; seq != 0 && i >= 0; i--)
		if (originals->kept[i].seq == seq)
			return &originals->kept[i];
	return NULL;
}

static struct kept_original *original_place(struct member_state *state, int64_t seq)
{
	struct originals *originals = state->originals;
	struct kept_original *kept = original_find(state, seq);
	if (kept != NULL) {
		arena_free(&kept->arena);
	} else {
		ARRAY_RESERVE(originals->kept, originals->capacity, originals->count + 1);
		kept = &originals->kept[originals->count++];
	}
	*kept = (struct kept_original){.seq = seq};
	return kept;
}

static void arrays_alloc(const struct member_state *state, struct kept_original *kept, int line_count)
{
	const struct programme *programme = state->programme;
	kept->line_count = line_count;
	kept->lines = arena_alloc(&kept->arena, (size_t)line_count * sizeof *kept->lines);
	kept->awards = arena_alloc(&kept->arena, (size_t)programme->earn_count * sizeof *kept->awards);
	kept->expired = arena_alloc(&kept->arena, (size_t)programme->currency_count * sizeof *kept->expired);
}

static void lines_copy(struct kept_original *kept, const struct event_line *lines)
{
	for (int i = 0; i < kept->line_count; i++) {
		kept->lines[i].amount_minor = lines[i].amount_minor;
		if (lines[i].category != NULL)
			kept->lines[i].category = arena_copy(&kept->arena, lines[i].category);
	}
}

void state_add_original(struct member_state *state, const struct original *original)
{
	struct kept_original *kept = original_place(state, original->seq);
	kept->day = original->day;
	kept->type = original->type;
	arrays_alloc(state, kept, original->line_count);
	lines_copy(kept, original->lines);
	for (int i = 0; i < original->award_count; i++)
		original_award(kept, &original->awards[i]);
	for (int i = 0; i < original->expired_count; i++)
		kept->expired[original->expired[i].currency] += original->expired[i].quantity;
}

struct kept_original *original_keep(struct member_state *state, const struct event *event)
{
	if (!state->keep_originals)
		return NULL;
	struct event_line one = {.category = event->category, .amount_minor = event->amount_minor};
	struct kept_original *kept = original_place(state, event->seq);
	kept->day = event->day;
	kept->type = event->type;
	arrays_alloc(state, kept, event->line_count > 0 ? event->line_count : 1);
	lines_copy(kept, event->line_count > 0 ? event->lines : &one);
	return kept;
}

void original_award(struct kept_original *kept, const struct standing_award *award)
{
	kept->awards[kept->award_count++] = *award;
}

void originals_free(struct member_state *state)
{
	for (int i = 0; i < state->originals->count; i++)
		arena_free(&state->originals->kept[i].arena);
	state->originals->count = 0;
}
