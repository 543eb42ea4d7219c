// Open lots in the order of consumption (FORMAT section 8.2).
#include "model/engine/lot_queue.h"
#include <stdlib.h>
#include <string.h>
#include "model/engine/run.h"

static bool comes_before(const struct lot *a, const struct lot *b)
{
	if (a->expires != b->expires)
		return a->expires < b->expires;
	if (a->earned != b->earned)
		return a->earned < b->earned;
	return a->serial < b->serial;
}

void lot_queues_empty(struct member_state *state)
{
	for (int i = 0; i < state->programme->currency_count; i++) {
		struct lot_queue *queue = &state->queues[i];
		queue->dated.first = queue->dated.end = 0;
		queue->undated.first = queue->undated.end = 0;
	}
	state->scratch->touched_count = state->scratch->spent_count = 0;
}

void lot_queues_free(struct member_state *state)
{
	for (int i = 0; i < state->programme->currency_count; i++) {
		free(state->queues[i].dated.lots);
		free(state->queues[i].undated.lots);
	}
	free(state->queues);
}

// Room for one more, which slides into what was freed in front before it grows.
static void list_reserve(struct lot_list *list)
{
	if (list->end == list->capacity && list->first > list->capacity / 2) {
		list->end -= list->first;
		memmove(list->lots, list->lots + list->first, (size_t)list->end * sizeof *list->lots);
		list->first = 0;
	}
	ARRAY_RESERVE(list->lots, list->capacity, list->end + 1);
}

static void list_insert(const struct member_state *state, struct lot_list *list, int index)
{
	list_reserve(list);
	int at = list->end++;
	for (; at > list->first && comes_before(&state->lots[index], &state->lots[list->lots[at - 1]]); at--)
		list->lots[at] = list->lots[at - 1];
	list->lots[at] = index;
}

void lot_queue_add(struct member_state *state, int index)
{
	const struct lot *lot = &state->lots[index];
	struct lot_queue *queue = &state->queues[lot->currency];
	if (lot->remaining > 0)
		list_insert(state, lot->expires == DAY_NONE ? &queue->undated : &queue->dated, index);
}

int lot_queue_first(const struct member_state *state, int currency, bool undated)
{
	const struct lot_list *dated = &state->queues[currency].dated;
	return undated ? dated->end - dated->first : 0;
}

struct lot *lot_queue_at(const struct member_state *state, int currency, int place)
{
	const struct lot_queue *queue = &state->queues[currency];
	int dated = queue->dated.end - queue->dated.first;
	const struct lot_list *list = place < dated ? &queue->dated : &queue->undated;
	int at = list->first + (place < dated ? place : place - dated);
	return at < list->end ? &state->lots[list->lots[at]] : NULL;
}

void lot_touch(struct member_state *state, struct lot *lot)
{
	struct scratch *scratch = state->scratch;
	if (lot->is_changed)
		return;
	lot->is_changed = true;
	ARRAY_RESERVE(scratch->touched, scratch->touched_capacity, scratch->touched_count + 1);
	scratch->touched[scratch->touched_count++] = (int)(lot - state->lots);
}

static void list_trim(const struct member_state *state, struct lot_list *list)
{
	while (list->first < list->end && state->lots[list->lots[list->first]].remaining == 0)
		list->first++;
	if (list->first == list->end)
		list->first = list->end = 0;
}

void lot_queue_trim(struct member_state *state, int currency)
{
	list_trim(state, &state->queues[currency].dated);
	list_trim(state, &state->queues[currency].undated);
}

void lot_queue_sort(struct member_state *state, int currency)
{
	struct lot_list *list = &state->queues[currency].dated;
	int end = list->end;
	list->end = list->first;
	while (list->end < end)
		list_insert(state, list, list->lots[list->end]);
	list_trim(state, list);
}

void lot_queue_move(struct member_state *state, int currency, bool dated)
{
	struct lot_queue *queue = &state->queues[currency];
	struct lot_list *from = dated ? &queue->undated : &queue->dated;
	for (int i = from->first; i < from->end; i++)
		if (state->lots[from->lots[i]].remaining > 0)
			list_insert(state, dated ? &queue->dated : &queue->undated, from->lots[i]);
	from->first = from->end = 0;
}

static void list_renumber(struct lot_list *list, const int *moved)
{
	int kept = list->first;
	for (int i = list->first; i < list->end; i++)
		if (moved[list->lots[i]] >= 0)
			list->lots[kept++] = moved[list->lots[i]];
	list->end = kept;
}

void lots_compact(struct member_state *state)
{
	struct scratch *scratch = state->scratch;
	int kept = 0;
	ARRAY_RESERVE(scratch->moved, scratch->moved_capacity, state->lot_count);
	for (int i = 0; i < state->lot_count; i++) {
		bool is_open = state->lots[i].remaining > 0;
		scratch->moved[i] = is_open ? kept : -1;
		if (is_open)
			state->lots[kept++] = state->lots[i];
	}
	state->lot_count = kept;
	for (int i = 0; i < state->programme->currency_count; i++) {
		list_renumber(&state->queues[i].dated, scratch->moved);
		list_renumber(&state->queues[i].undated, scratch->moved);
	}
}

void lot_queue_return(struct member_state *state, const struct lot *lot)
{
	int index = (int)(lot - state->lots);
	struct lot_queue *queue = &state->queues[lot->currency];
	struct lot_list *list = lot->expires == DAY_NONE ? &queue->undated : &queue->dated;
	for (int i = list->first; i < list->end; i++)
		if (list->lots[i] == index)
			return;
	list_insert(state, list, index);
}

static void list_shift(struct lot_list *list, int from)
{
	for (int i = list->first; i < list->end; i++)
		list->lots[i] += list->lots[i] >= from;
}

struct lot *lots_insert(struct member_state *state, const struct lot *lot)
{
	struct scratch *scratch = state->scratch;
	int at = state->lot_count;
	ARRAY_RESERVE(state->lots, state->lot_capacity, state->lot_count + 1);
	for (; at > 0 && state->lots[at - 1].serial > lot->serial; at--)
		state->lots[at] = state->lots[at - 1];
	state->lots[at] = *lot;
	state->lots[at].remaining = 0;
	state->lots[at].is_new = state->lots[at].is_changed = false;
	state->lot_count++;
	for (int i = 0; i < state->programme->currency_count; i++) {
		list_shift(&state->queues[i].dated, at);
		list_shift(&state->queues[i].undated, at);
	}
	for (int i = 0; i < scratch->touched_count; i++)
		scratch->touched[i] += scratch->touched[i] >= at;
	return &state->lots[at];
}
