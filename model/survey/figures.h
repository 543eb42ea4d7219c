// The figures of one survey as screen and report show them: its score over time, who was asked, and its parts.
#ifndef MODEL_SURVEY_FIGURES_H
#define MODEL_SURVEY_FIGURES_H
#include "db/result.h"
#include "model/ask.h"
#include "model/engine/day.h"
#include "model/survey/nps.h"
#include <stdbool.h>

enum survey_grain { GRAIN_WEEK, GRAIN_MONTH, GRAIN_QUARTER, GRAINS };
// Tier, channel and region are as of the answer. Segments (saved conditions) are as of the invitation: what was done for a member since moves
// nobody from one part to another; who answered without an invitation is in none. Campaigns are those whose prize the member was given in
// the 90 days before. Tags are what people found an answer to be about. An answer may be in several segments, campaigns and tags at once, so
// these do not add up to all; each is held against all answers that are not in it.
enum survey_dimension {
	DIMENSION_TIER,
	DIMENSION_CHANNEL,
	DIMENSION_REGION,
	DIMENSION_SEGMENT,
	DIMENSION_CAMPAIGN,
	DIMENSION_TAG,
	DIMENSIONS
};
extern const char *const survey_grains[GRAINS + 1];         // "week" ..., ended by NULL
extern const char *const survey_dimensions[DIMENSIONS + 1]; // "tier" ...
extern const char *const survey_dimension_notes[DIMENSIONS]; // what they are, in a few words

// The first day of the week, month or quarter of that day, and of the one n later (earlier below 0).
day_t grain_start(enum survey_grain grain, day_t day);
day_t grain_add(enum survey_grain grain, day_t start, int n);
enum { GRAIN_TEXT = 24 };
// "2026 W47", "Nov 2026", "Q4 2026".
const char *grain_text(enum survey_grain grain, day_t start, char out[GRAIN_TEXT]);

struct survey_bucket {
	day_t start;
	struct answers answers;
	int64_t invited, replied; // of those invited in it, who answered at any time
	int64_t refused;
};

// Buckets without a gap, the oldest first.
enum { TREND_MOST = 160 };
struct survey_trend {
	enum survey_kind kind;
	enum survey_grain grain;
	struct survey_bucket at[TREND_MOST];
	int count;
};
// The newest of them: three years of weeks, ten of months and quarters, at most.
void survey_trend_ask(struct ask *ask, int survey_id, enum survey_grain grain);
void survey_trend_read(
	const struct result *result, enum survey_kind kind, enum survey_grain grain, struct survey_trend *trend);

// All that have one value of a dimension.
struct survey_part {
	char value[64], label[64]; // value: as the database has it; label: as people say
	struct answers answers;
};
enum { PARTS_MOST = 60 }; // those with the most answers
struct survey_parts {
	enum survey_dimension dimension;
	struct survey_part at[PARTS_MOST];
	int count;
};
// Of the buckets from `start` up to but not including `end`.
void survey_parts_ask(struct ask *ask, int survey_id, enum survey_grain grain, enum survey_dimension dimension,
	day_t start, day_t end);
// Tiers in their order, else the one with the most answers first.
void survey_parts_read(
	const struct result *result, enum survey_dimension dimension, struct survey_parts *parts);

// Many answers at one time, for a band of the trend: the scores of its buckets, suppressed ones told apart.
struct trend_point {
	struct score score;
	struct interval interval; // where it is not suppressed
	bool is_suppressed;
};
struct trend_point survey_point(const struct survey_trend *trend, int bucket);
#endif
