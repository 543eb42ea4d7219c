// Any bytes as a programme: refused with mistakes that can be printed, or read, and then a member can live
// under it.
#include "model/engine/engine.h"
#include "tests/engine_random.h"
#include "tests/fuzz/fuzz.h"
#include <stdlib.h>
#include <string.h>

enum { LIFE_EVENTS = 20 };

static void errors_hold(const struct document_errors *errors)
{
	char line[640];
	for (int i = 0; i < errors->count; i++) {
		const struct document_error *error = &errors->errors[i];
		FUZZ_HOLDS(error->line >= 0 && error->path[0] != '\0' && error->text[0] != '\0');
		FUZZ_HOLDS(error->id[0] == 'X' || error->id[0] == 'V' || strcmp(error->id, "S") == 0);
		document_error_line(error, line, sizeof line);
		FUZZ_HOLDS(strncmp(line, "fuzz:", 5) == 0);
	}
}

// A quantity may be too large for 64 bit, and then nothing more is to be done with the state.
static void member_lives(const struct programme *programme, uint64_t seed)
{
	struct life_event *life = life_make(programme, seed, LIFE_EVENTS);
	struct member_state state;
	struct postings postings;
	state_init(&state, programme, true);
	postings_init(&postings);
	for (int i = 0; i < LIFE_EVENTS; i++)
		if (engine_apply(programme, &state, &life[i].event, &postings, NULL) == REFUSAL_OVERFLOW)
			break;
	for (int i = 0; !state.is_unusable && i < programme->currency_count; i++) {
		int64_t sum = 0;
		for (int e = 0; e < postings.entry_count; e++)
			if (postings.entries[e].currency == i)
				sum += postings.entries[e].amount;
		FUZZ_HOLDS(sum == state.currencies[i].open - state.currencies[i].debt);
	}
	postings_free(&postings);
	state_free(&state);
	free(life);
}

void fuzz_programme(const uint8_t *data, size_t size)
{
	struct document_errors errors;
	document_errors_init(&errors);
	struct programme *programme = programme_read("fuzz", (const char *)data, size, &errors);
	FUZZ_HOLDS((programme == NULL) == (errors.count > 0));
	errors_hold(&errors);
	if (programme != NULL)
		member_lives(programme, size);
	programme_free(programme);
	document_errors_free(&errors);
}
