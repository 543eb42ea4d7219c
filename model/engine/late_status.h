// The own status of a rolling ladder after a late event (FORMAT section 15.5). Private to model/engine/.
#ifndef ENGINE_LATE_STATUS_H
#define ENGINE_LATE_STATUS_H
#include "model/engine/run.h"

// Lives the days from the activity day until today once more, with what the late event has posted in its
// place; the own status this leads to is taken if it is better than the member's.
void late_status_take(struct run *, int ladder);
#endif
