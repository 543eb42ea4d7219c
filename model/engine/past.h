// What a state remembers of days gone by, so that an event which comes late can be rated as of its own day
// (FORMAT section 15). Private to model/engine/.
//
// Nothing here is in a member's memory: it is kept by states that see a member's events from the first one on
// (state_init: keep_originals), and by no others, so that ordinary events pay nothing for it. It grows with
// the member's history and goes with state_reset. Objects are named by the codes of the programme version
// that knew them, borrowed from it.
#ifndef ENGINE_PAST_H
#define ENGINE_PAST_H
#include "model/engine/run.h"

struct past_tier { // in force from the end of that day on
	day_t day;
	const char *ladder, *tier;
};

struct past_status { // the own status of a rolling ladder from the end of that day on
	day_t day;
	const char *ladder, *tier;
	day_t start, until;
	int64_t ordinal;
};

struct past_post { // to the metric of a rolling ladder
	day_t day;
	const char *ladder;
	int64_t ordinal, sum; // hundredths
};

struct past_plan { // from the end of that day on the plan lasts until `until`
	day_t day, until;
	const char *plan;
};

struct past_segment { // from the end of that day on the verification lasts until `until`
	day_t day, until;
	const char *segment;
};

struct past_multiplier {
	day_t day, until; // given, and the first day on which it is not in force any more
	const char *currency;
	int64_t factor; // hundredths
};

struct past_award {
	const struct earn_rule *rule; // of the version that rated it
	int64_t seq;
	day_t day;        // rated on
	int64_t quantity; // that still stands
	unsigned multipliers;
};

struct past {
	bool is_partial; // the state did not see the member's first event
	struct past_tier *tiers;
	struct past_status *statuses;
	struct past_post *posts;
	struct past_plan *plans;
	struct past_segment *segments;
	struct past_multiplier *multipliers;
	struct past_award *awards;
	int tier_count, status_count, post_count, plan_count, segment_count, multiplier_count, award_count;
	int tier_capacity, status_capacity, post_capacity, plan_capacity, segment_capacity, multiplier_capacity,
		award_capacity;
};

void past_reset(struct past *);
void past_free(struct past *);

// From a state that is left to the one, of another version of the programme, that goes on.
void past_move(struct member_state *from, struct member_state *to);

// Whether the state has the whole of it. The notes below do nothing where it has not.
bool past_is_kept(const struct member_state *);

void past_note_tier(struct member_state *, int ladder, int tier);
void past_note_status(struct member_state *, int ladder);
void past_note_post(struct member_state *, int ladder, day_t day, int64_t ordinal, int64_t hundredths);
void past_note_plan(struct member_state *, int plan);
void past_note_segment(struct member_state *, int segment, day_t until);
void past_note_multiplier(struct member_state *, const struct multiplier_grant *);
void past_note_award(const struct run *, const struct earn_rule *, int64_t quantity, unsigned multipliers);
void past_reduce_award(struct member_state *, int64_t seq, const char *rule, int64_t quantity);

// At the end of that day, as it stood then. An object that did not exist gives the base tier, or false.
int past_tier(const struct member_state *, const struct ladder *, day_t day);
bool past_plan_active(const struct member_state *, const char *plan, day_t day);

// Whether the member was verified, and until when, as the word was at the end of that day.
bool past_verified(const struct member_state *, const char *segment, day_t day, day_t *until);

// The highest factor in force on that day of those given by its end, or `least`.
int64_t past_multiplier(const struct member_state *, const char *currency, day_t day, int64_t least);

// Of the rule's awards rated in the period that holds the day: those that stand, and what stands of them.
// multiplier NULL: all; else only those it was applied to.
int64_t past_awards(
	const struct member_state *, const char *rule, const char *multiplier, enum period, day_t day);
int64_t past_quantity(const struct member_state *, const char *rule, enum period, day_t day);
#endif
