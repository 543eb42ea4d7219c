// Returns: lines taken back and the awards that no longer stand (FORMAT section 9.3). Private to
// model/engine/.
#ifndef ENGINE_TAKEBACK_H
#define ENGINE_TAKEBACK_H
#include "model/engine/run.h"

enum refusal return_test(const struct run *);
void return_apply(struct run *);
#endif
