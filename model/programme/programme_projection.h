// What a programme names, written down for the database: its joins and labels, and what members may hold.
#ifndef MODEL_PROGRAMME_PROJECTION_H
#define MODEL_PROGRAMME_PROJECTION_H
#include "model/engine/programme.h"

// JSON: money, timezone, currencies (code, kind, decimals, given: by a rule), ladders (code, tiers), rules
// (code, kind), rewards (code, name, kind, currency, cost in units of 10^-decimals), plans (code, months). To
// be freed; NULL: out of memory.
char *programme_projection(const struct programme *programme);
#endif
