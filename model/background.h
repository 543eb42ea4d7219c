// Work beside what draws: a thread with a session of its own, watched by a descriptor, cancelled on the server
// too.
#ifndef MODEL_BACKGROUND_H
#define MODEL_BACKGROUND_H
#include "db/error.h"
#include "db/session.h"
#include <stdbool.h>
#include <stdint.h>

struct background;

// Opens a session; called from the thread. NULL: error tells why.
typedef struct session *background_open(void *payload, struct error *error);
// The work, in the thread. False: error tells why.
typedef bool background_run(
	struct background *background, struct session *session, void *work, struct error *error);

// `work` belongs to the thread until background_look() tells that it has ended, then to whoever started it; it
// is freed once nobody holds it any more, by either thread.
struct background_task {
	background_open *open;
	void *open_payload; // outlives the work
	background_run *run;
	void (*free)(void *work);
	void *work;
};

// NULL: error tells why, and the work is still the caller's.
struct background *background_start(const struct background_task *task, struct error *error);
// Returns at once.
void background_cancel(struct background *background);
// Cancels what still runs and returns at once. NULL is fine.
void background_free(struct background *background);

enum background_stage { BACKGROUND_RUNS, BACKGROUND_DONE, BACKGROUND_CANCELLED, BACKGROUND_FAILED };
struct background_progress {
	enum background_stage stage;
	int64_t done, total; // as the work tells; total 0: not known
	int64_t elapsed_ms;  // since the start, standing still once it ended
	struct error error;  // of BACKGROUND_FAILED
};
// How far it is. True while it goes on.
bool background_look(struct background *background, struct background_progress *progress);
// To poll() for reading: there is news; background_look() makes it quiet again.
int background_descriptor(const struct background *background);

// For the work itself, in its thread.
void background_tell(struct background *background, int64_t done, int64_t total);
bool background_is_cancelled(const struct background *background);
#endif
