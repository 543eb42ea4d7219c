// Each currency's open lots in the order of consumption (FORMAT section 8.2), so that what is next to be used
// or to expire is found without looking at all lots. Private to model/engine/. Invariant: a place holds an
// index of state->lots, each open lot stands in its currency's queue once, and the first of a queue is open;
// used-up lots may stand behind it until they come first.
#ifndef ENGINE_LOT_QUEUE_H
#define ENGINE_LOT_QUEUE_H
#include "model/engine/state.h"

struct lot_list {
	int *lots; // indexes of state->lots from `first` to before `end`
	int first, end, capacity;
};

struct lot_queue {
	struct lot_list dated, undated; // those without an expiry are consumed last
};

void lot_queues_empty(struct member_state *);
void lot_queues_free(struct member_state *);

// A lot just added to state->lots.
void lot_queue_add(struct member_state *, int index);

// The place of the first lot with an expiry, or of the first without one.
int lot_queue_first(const struct member_state *, int currency, bool undated);

// The lot at that place of the queue, from 0; NULL behind the last. It may be used up.
struct lot *lot_queue_at(const struct member_state *, int currency, int place);

// What changed a lot says so here: its flag for the caller, and for state_saved.
void lot_touch(struct member_state *, struct lot *);

// To be called once lots of the currency were used up; places are then others.
void lot_queue_trim(struct member_state *, int currency);

// To be called once expiry dates were moved.
void lot_queue_sort(struct member_state *, int currency);

// To be called once the lots without an expiry got one (dated), or all others lost theirs.
void lot_queue_move(struct member_state *, int currency, bool dated);

// A lot that had been used up is open again.
void lot_queue_return(struct member_state *, const struct lot *);

// Puts a used-up lot that is not there any more back into state->lots, at its place.
struct lot *lots_insert(struct member_state *, const struct lot *);

// Drops used-up lots from state->lots.
void lots_compact(struct member_state *);
#endif
