// Work that runs beside a screen: its progress reaches the screen through the loop, Esc cancels it.
#ifndef SCREENS_BESIDE_H
#define SCREENS_BESIDE_H
#include "model/background.h"
#include "screens/desk.h"

// One piece of work of a screen at a time. Zeroed: none.
struct beside {
	struct screen *screen;
	struct background *background; // NULL: none was started
	void *work;                    // the thread's until it has ended
	struct background_progress progress;
	bool is_waited; // it still runs
	// There is news: how far it is, or that it ended (progress.stage).
	void (*told)(struct screen *s, struct beside *beside);
};

// Starts it over a session of the desk's kind, in place of one before; `what` is waited for: "the dry run".
// False: it was not started, the person was told, and the work is freed.
bool beside_start(struct screen *s, struct beside *beside, const char *what, background_run *run, void *work,
	void free_work(void *work), void told(struct screen *s, struct beside *beside));
void beside_cancel(struct beside *beside); // what runs; it tells once more
void beside_free(struct beside *beside);   // for close(), and to let go of what has ended
#endif
