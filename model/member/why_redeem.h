// Why a redemption was refused: what the reward asks for, and what it met.
#ifndef MODEL_WHY_REDEEM_H
#define MODEL_WHY_REDEEM_H
#include "model/engine/event.h"
#include "model/engine/state.h"

#define WHY_REDEEM_SIZE 400

// "it is offered from 2025-12-01 to 2025-12-24", or "" where the reason says it all. The state is the
// member's after the refusal, which changed nothing.
const char *why_redeem_text(const struct programme *programme, const struct member_state *state,
	const struct event *event, enum refusal refusal, char out[WHY_REDEEM_SIZE]);
#endif
