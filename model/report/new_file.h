// A file that is written whole or not at all: it gets its name once everything is in it.
#ifndef MODEL_NEW_FILE_H
#define MODEL_NEW_FILE_H
#include "db/error.h"
#include <stdbool.h>
#include <stdio.h>

enum { NEW_FILE_NAME = 1024 };

struct new_file {
	FILE *out;                     // NULL: not open
	char name[NEW_FILE_NAME];      // as it will be called
	char part[NEW_FILE_NAME + 16]; // as it is called until then, beside it
};

// Only its owner may read it. False: error tells why.
bool new_file_open(struct new_file *file, const char *name, struct error *error);
// Gives it its name, in place of a file of that name. False: it is gone, error tells why.
bool new_file_keep(struct new_file *file, struct error *error);
void new_file_drop(struct new_file *file); // what was kept, or never opened, stays as it is
#endif
