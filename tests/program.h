// Runs the program that the environment's LOYALTY names, as a person would from a shell.
#ifndef TESTS_PROGRAM_H
#define TESTS_PROGRAM_H
#include <stddef.h>

struct program {
	int status;      // its exit status, 128 + signal if one ended it
	char out[65536]; // what it wrote, cut off where longer
	char err[8192];
};

// Runs `loyalty ARGUMENTS` through sh, so quotes and redirections work; without a terminal. Static, until the next call.
const struct program *program_run(const char *format, ...) __attribute__((format(printf, 1, 2)));
// The same; fails the test unless it ends with that status.
const struct program *program_expect(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));
// Writes a file of that text into a folder that goes when the test ends; returns its path. Static, four at a time.
const char *program_file(const char *name, const char *text);
const char *program_bytes(const char *name, const char *bytes, size_t length);
// What a file holds, "" when there is none. Static.
const char *program_file_text(const char *path);
#endif
