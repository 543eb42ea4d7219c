// A bar on standard error that shows how far a long piece of work is; nothing where that is no terminal.
#ifndef APP_PROGRESS_H
#define APP_PROGRESS_H
#include <stdbool.h>
#include <stdint.h>

struct progress {
	const char *label;
	bool is_shown, is_ascii;
	int64_t started_ms, drawn_ms;
};

void progress_init(struct progress *progress, const char *label, bool is_ascii);
// Redraws at most ten times a second. total 0: unknown, only the count is shown. `what` is counted.
void progress_draw(struct progress *progress, int64_t done, int64_t total, const char *what);
// Removes the bar. It may be drawn again.
void progress_clear(struct progress *progress);
#endif
