// A program under the stopwatch in a terminal of 80x24: loyalty, or the floor.
#ifndef TESTS_BENCH_SUBJECT_H
#define TESTS_BENCH_SUBJECT_H
#include "tests/tui/vt.h"
#include <stdbool.h>
#include <stdint.h>

// Keys are what one types; both programs answer the sync sequence once all is handled, loaded and drawn.
struct subject_kind {
	const char *name;                 // what its samples begin with
	const char *path_variable, *path; // of the program: from the environment, else this
	const char *down, *up, *page_down, *first, *last, *open, *back;
	const char *find, *find_end, *found_back; // around a number; found_back: to the whole list again
	const char *numbers;                      // SQL: numbers of members in the order of the list
};
extern const struct subject_kind subject_kinds[];
enum { SUBJECTS = 2, LOYALTY = 0, FLOOR = 1 };

struct subject {
	const struct subject_kind *kind;
	struct vt *vt;
	int64_t first_frame_us, usable_us; // since the start
};

// Starts it and waits until the list shows a member; with socket_directory through that instead of PGHOST.
// With only_frame it waits for the first frame, whatever it shows. Failing to come up ends the benchmark.
void subject_start(struct subject *subject, const struct subject_kind *kind, const char *socket_directory,
	bool only_frame);
void subject_stop(struct subject *subject);

struct reply {
	int64_t us; // from the first key to the answer
	long bytes; // written to the terminal for it
};
// Types keys, in one write, and waits until they have been handled, loaded and drawn.
struct reply subject_type(struct subject *subject, const char *keys);
// The text of the row with the selection, "" if none is seen; borrowed until the next call.
const char *subject_selected(struct subject *subject);

int64_t subject_resident_kb(const struct subject *subject);
// How often a thread of it went to sleep by itself: does not rise while nothing wakes it.
int64_t subject_sleeps(const struct subject *subject);

// One measured value on standard output: NAME.what <tab> round <tab> value.
void sample(const struct subject_kind *kind, const char *what, int round, double value);
_Noreturn void bench_fail(const char *what, const char *why);
int64_t now_us(void);
#endif
