// What a what-if counts while it judges members one by one, and the result that comes of it. Private to the
// what-if.
#ifndef MODEL_WHAT_IF_TALLY_H
#define MODEL_WHAT_IF_TALLY_H
#include "model/engine/state.h"
#include "model/what_if/sample.h"
#include "model/what_if/what_if.h"
#include "model/what_if/what_if_shape.h"

// A large change, before its member has a name. Indexes are of the shape.
struct tally_change {
	int64_t member_id;
	int64_t money, points; // hundredths of a point; of the currency that changes most
	int steps;             // up is positive; of the ladder that moves most
	int ladder, tier_now, tier_draft, currency;
	int64_t points_now, points_draft;
};

struct what_if_tally {
	const struct what_if_shape *shape; // borrowed
	int64_t *counts;                   // of members; by the shape's places
	struct sum *sums;                  // a member adds to each at most once
	int64_t judged, unjudged;
	struct tally_change largest[WHAT_IF_LARGEST]; // largest first
	int largest_count;
};

void tally_init(struct what_if_tally *tally, const struct what_if_shape *shape);
void tally_free(struct what_if_tally *tally);
void tally_clear(struct what_if_tally *tally);
void tally_join(struct what_if_tally *tally, const struct what_if_tally *other);

// Counts a member by where both runs left it; NULL: nothing has ever happened to the member.
void tally_compare(struct what_if_tally *tally, int64_t member_id, const struct member_state *now,
	const struct member_state *draft);
void tally_unjudged(struct what_if_tally *tally);

// The figures of so many drawn from so many; equal ones: exact. Largest changes are still without names.
// NULL: out of memory.
struct what_if_result *tally_result(const struct what_if_tally *tally, int64_t population, int64_t drawn);
#endif
