// Made-up members and what they did over two years, as CSV for the import: the same on every machine for one seed.
#ifndef APP_DEMO_DATA_H
#define APP_DEMO_DATA_H
#include "db/error.h"
#include "model/engine/day.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DEMO_FIRST_NUMBER = 1000001 };

// Each member comes from the seed and its number alone, so that files of any length need no memory.
struct demo_data {
	uint64_t seed;
	int64_t members;
	day_t until; // the last day of the history
	bool has_events; // gives events, else members
	int64_t next;    // member to write next
	char *text;      // written and not yet given
	size_t length, given, size;
	struct demo_names *names;
	bool failed;
};

// The history ends on that day, whatever the clock says.
day_t demo_last_day(void);

// To be freed with demo_data_free() either way.
bool demo_data_init(
	struct demo_data *data, int64_t members, uint64_t seed, bool has_events, struct error *error);
void demo_data_free(struct demo_data *data);
// A csv_source (model/import/csv.h); the payload is the struct demo_data.
bool demo_data_read(void *payload, char *buffer, size_t size, size_t *got, struct error *error);

// A generator of numbers that is the same everywhere.
uint64_t demo_random(uint64_t *state);
// 0 .. below - 1.
int demo_below(uint64_t *state, int below);
// The state to begin with for the member of that index and a purpose.
uint64_t demo_state(uint64_t seed, int64_t member, int purpose);
#endif
