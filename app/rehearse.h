// Programmes found by their code: those shipped and those given on the command line.
#ifndef APP_REHEARSE_H
#define APP_REHEARSE_H
#include "model/engine/programme.h"

// Zeroed is empty. Of two programmes with one code the one added first is found.
struct programme_shelf {
	struct programme **programmes;
	int count, capacity;
};

// A file, or every *.conf of a directory. False if one is refused; the mistakes were told on standard error.
bool programme_shelf_add(struct programme_shelf *shelf, const char *path);
bool programme_shelf_add_presets(struct programme_shelf *shelf);
void programme_shelf_free(struct programme_shelf *shelf);

// A programme_finder of model/engine/scenario.h; the context is the shelf.
const struct programme *programme_shelf_find(void *context, const char *code);
#endif
