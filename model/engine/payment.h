// What issued rewards cost and which lots paid, kept for cancellations. Private to model/engine/.
#ifndef ENGINE_PAYMENT_H
#define ENGINE_PAYMENT_H
#include "model/engine/reward.h"
#include "model/engine/run.h"

struct payments {
	struct payment *kept; // their arrays are the originals' arena's
	int count, capacity;
	bool is_asked; // the event applied now may cancel what the days before it issue
};

// The payment of the issued reward with that number, NULL if it is not known.
struct payment *payment_find(const struct member_state *, int64_t reward_no);

// Remembers what was just issued, if the state keeps originals or is asked; to be called before the serial
// moves on.
void payment_keep(struct run *, const struct issue *);

bool payment_is_cancelled(const struct payment *, int64_t reward_no);

// Event cancel_reward: the reward's cost goes back to the lots that paid, and expires at once with a lot
// whose day has come. A cancelled redemption no longer counts for max_per_year, nor an auto-issue for its
// cap, in the period of the issue. Rewards that cost nothing are just cancelled. What was ever issued stays
// as it was.
enum refusal reward_cancel_test(const struct run *);
void reward_cancel(struct run *);
#endif
