// The toolkit's sampler at a pseudo-terminal, one at a time, and what its tests look at.
#ifndef TESTS_TUI_TOOLKIT_H
#define TESTS_TUI_TOOLKIT_H
#include "tests/tui/vt.h"
#include <check.h>

extern struct vt *sampler; // of the test at hand; NULL: none

// The program lies beside the test runner. Static.
char *sampler_path(void);

// With one option or NULL; returns before anything is drawn.
void sampler_open(const char *option, const char *const *environment, int rows, int columns);

// Fixtures: at 24 x 80 with its first rows drawn; closed if there is one.
void sampler_start(void);
void sampler_close(void);

// Keys, and all that they caused is on the screen; a failing test prints the screen.
void sampler_keys(const char *text);
void sampler_shows(const char *text);
void sampler_hides(const char *text);

// Leaves by those keys with that status; the terminal is as it was before, line discipline and all.
void sampler_leaves_tidily(const char *how, int status);
void sampler_is_left_tidy(void);
// Whether the line discipline is as a shell wants it.
bool sampler_modes_are_sane(void);

// Seeds rand() by CHECK_SEED or the clock, and says how to run the suite again with the same.
unsigned sampler_seed(const char *suite);

// A suite of those tests, each at the sampler as sampler_start() leaves it.
Suite *sampler_suite(const char *name, const TTest *const *const *tests, size_t count);
#endif
