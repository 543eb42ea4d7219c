// Turns a checked programme document into the structures the engine runs on.
#ifndef ENGINE_PROGRAMME_BUILD_H
#define ENGINE_PROGRAMME_BUILD_H
#include "model/engine/document.h"
#include "model/engine/programme.h"

// The document is copied from, not kept. Never NULL.
struct programme *programme_build(const struct node *programme);
#endif
