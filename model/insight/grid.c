// The grid of recency, frequency and money: scores of one to five, pure arithmetic.
#include "model/insight/grid.h"

int grid_score(int64_t worse, int64_t n)
{
	int64_t score = n > 1 ? worse * GRID_SCORES / (n - 1) + 1 : 1;
	return score > GRID_SCORES ? GRID_SCORES : (int)score;
}

void grid_breaks(const struct grid_value *values, int count, int64_t unreached, int64_t breaks[GRID_BREAKS])
{
	int64_t n = 0, worse = 0;
	for (int i = 0; i < count; i++)
		n += values[i].members;
	int next = 0;
	for (int i = 0; i < count; i++) {
		int score = grid_score(worse, n);
		while (next < GRID_BREAKS && score >= next + 2)
			breaks[next++] = values[i].value;
		worse += values[i].members;
	}
	while (next < GRID_BREAKS)
		breaks[next++] = unreached;
}
