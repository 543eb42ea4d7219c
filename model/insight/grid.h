// The grid of recency, frequency and money: scores of one to five, pure arithmetic.
#ifndef MODEL_INSIGHT_GRID_H
#define MODEL_INSIGHT_GRID_H
#include <stdint.h>

enum { GRID_SCORES = 5, GRID_BREAKS = GRID_SCORES - 1 };

// How many customers have a value.
struct grid_value {
	int64_t value, members;
};

// The score of whoever has `worse` of the other n - 1 customers below them: a fifth of the ranks each, and
// who is alike scores alike (ntile() would part them). n <= 1 scores 1.
int grid_score(int64_t worse, int64_t n);

// The first value that scores 2, 3, 4 and 5; values stand from the worst to the best. A score that nobody has
// gets `unreached`, which no value may reach.
void grid_breaks(const struct grid_value *values, int count, int64_t unreached, int64_t breaks[GRID_BREAKS]);
#endif
