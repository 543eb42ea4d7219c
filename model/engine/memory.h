// The part of a member's state that is neither lots nor debt, as bytes to be kept with the member.
#ifndef ENGINE_MEMORY_H
#define ENGINE_MEMORY_H
#include "model/engine/state.h"

struct bytes {
	uint8_t *data;
	size_t length, capacity;
};

void bytes_free(struct bytes *);

// Replaces what `out` holds. Equal states give equal bytes. The first byte is the version of the encoding;
// objects of the programme are named by code, so that a later version of the programme can read them. False
// only if the state cannot be encoded because it is unusable (REFUSAL_OVERFLOW).
bool memory_encode(const struct programme *, const struct member_state *, struct bytes *out);

// Into a state that state_init or state_reset left empty for that programme. What the programme no longer
// knows is dropped, and the past is not in the bytes (state_init). False if the bytes are none of ours; the
// state is then empty again. Never reads beyond `length`.
bool memory_decode(const struct programme *, const uint8_t *data, size_t length, struct member_state *);
#endif
