// The file beside an imported one with the lines that were not taken, each with its reason, to be mended
// there and taken again.
#ifndef APP_REJECTS_H
#define APP_REJECTS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct rejects {
	char name[4096];
	char delimiter;
	FILE *file; // NULL until the first one
	char *header;
	bool has_failed; // it could not be opened, which was told
};

// FILE.rejects.csv beside FILE; "-" is standard input.
void rejects_init(struct rejects *rejects, const char *file, char delimiter);
// The header of the file that is read, as it stands there.
void rejects_header(struct rejects *rejects, const char *record, size_t length);
// The record stands as it was; one that is no record at all (is_whole false) becomes one field.
void rejects_add(struct rejects *rejects, int64_t line, const char *reason, const char *record, size_t length,
	bool is_whole);
// False: not all is written.
bool rejects_close(struct rejects *rejects);
#endif
