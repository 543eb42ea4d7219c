// The documents of tests/golden, tests/refuse and db/programmes, for the tests that read them.
#ifndef TESTS_DOCUMENTS_H
#define TESTS_DOCUMENTS_H
#include "model/engine/programme.h"

struct document_file {
	char path[256];
	char *text; // ended by 0
	size_t length;
};

// The *.conf files of a directory in order of name; ends the test if there are none.
struct document_file *documents_load(const char *directory, int *count);
void documents_free(struct document_file *, int count);

// Every programme there is to try the engine on, presets and synthetic ones; read once and kept.
const struct programme *const *programmes_all(int *count);
const struct programme *programmes_find(void *context, const char *code);
#endif
