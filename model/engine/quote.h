// Quotes: what a purchase would cost with the member's discounts (FORMAT section 9.3). Private to
// model/engine/.
#ifndef ENGINE_QUOTE_H
#define ENGINE_QUOTE_H
#include "model/engine/run.h"

void quote(struct run *);
#endif
