// Eighths of blocks for bars, eight heights for sparklines.
#include "screens/ui/chart.h"

#include "screens/ui/term.h"

#include <string.h>

__extension__ typedef __int128 wide; // so that no product overflows

static const char *const eighths[] = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
static const char *const heights[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
static const char plain_heights[] = "_.-:=+*#";

void chart_bar(struct area a, int y, int x, int width, enum role role, int64_t part, int64_t whole)
{
	if (whole <= 0 || width <= 0)
		return;
	if (part < 0)
		part = 0;
	if (part > whole)
		part = whole;
	int filled = (int)((wide)part * width * 8 / whole);
	for (int i = 0; i < width; i++) {
		int here = filled - 8 * i;
		here = here < 0 ? 0 : here > 8 ? 8 : here;
		draw_text(a, y, x + i, 1, role,
			term_ascii() ? (here >= 4 ? "#" : ".")
			: here       ? eighths[here]
				     : "░");
	}
}

void chart_sparkline(struct area a, int y, int x, int width, enum role role, const int64_t *values, int count)
{
	int64_t least = 0, greatest = 0;

	for (int i = 0; i < count; i++) {
		least = values[i] < least ? values[i] : least;
		greatest = values[i] > greatest ? values[i] : greatest;
	}
	wide span = (wide)greatest - least;
	for (int i = 0; i < count && i < width; i++) {
		int height = span ? (int)(((wide)values[i] - least) * 7 / span) : 0;
		char plain[2] = {plain_heights[height], 0};
		draw_text(a, y, x + i, 1, role, term_ascii() ? plain : heights[height]);
	}
}
