// A bar on standard error that shows how far a long piece of work is; nothing where that is no terminal.
#include "app/progress.h"
#include "db/clock.h"

#include <langinfo.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BAR = 24, PERIOD_MS = 100 };

void progress_init(struct progress *progress, const char *label, bool is_ascii)
{
	*progress = (struct progress){
		.label = label,
		.is_shown = isatty(STDERR_FILENO),
		.is_ascii = is_ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0,
		.started_ms = clock_ms(),
	};
}

static void bar_draw(const struct progress *progress, int64_t done, int64_t total)
{
	int filled = total > 0 ? (int)(done * BAR / total) : 0;
	for (int i = 0; i < BAR; i++)
		fputs(progress->is_ascii ? (i < filled ? "#" : ".") : (i < filled ? "▓" : "░"), stderr);
	fprintf(stderr, " %3d %%  ", total > 0 ? (int)(done * 100 / total) : 0);
}

void progress_draw(struct progress *progress, int64_t done, int64_t total, const char *what)
{
	int64_t now = clock_ms(), elapsed = now - progress->started_ms;
	if (!progress->is_shown || now - progress->drawn_ms < PERIOD_MS)
		return;
	progress->drawn_ms = now;
	done = total > 0 && done > total ? total : done;
	fprintf(stderr, "\r%s  ", progress->label);
	if (total > 0)
		bar_draw(progress, done, total);
	fprintf(stderr, "%lld %s", (long long)done, what);
	if (elapsed > 1000)
		fprintf(stderr, ", %lld a second", (long long)(done * 1000 / elapsed));
	fputs("\x1b[K", stderr);
	fflush(stderr);
}

void progress_clear(struct progress *progress)
{
	if (progress->is_shown && progress->drawn_ms)
		fputs("\r\x1b[K", stderr);
	progress->drawn_ms = 0;
}
