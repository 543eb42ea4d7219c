// Small charts: bars and sparklines, with ASCII where blocks are not wanted. The number always stands beside
// them.
#ifndef UI_CHART_H
#define UI_CHART_H
#include "screens/ui/draw.h"

#include <stdint.h>

// A bar of `width` cells, filled by part / whole (clamped to 0..1; whole <= 0 draws none).
void chart_bar(struct area a, int y, int x, int width, enum role role, int64_t part, int64_t whole);

// One cell a value, from the least to the greatest of them (or from 0, if all are above it).
void chart_sparkline(
	struct area a, int y, int x, int width, enum role role, const int64_t *values, int count);
#endif
