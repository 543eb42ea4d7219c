// A random life while it is lived: the programme, the member, what was posted.
#include "tests/documents.h"
#include "tests/engine_life.h"
#include <stdlib.h>

const char *life_first_seed(const char *otherwise)
{
	const char *given = getenv("ENGINE_SEED");
	return given != NULL ? given : otherwise;
}

uint64_t life_seed(const char *otherwise, int life)
{
	return strtoull(life_first_seed(otherwise), NULL, 10) + (uint64_t)life * 104729;
}

const struct programme *life_programme(int life)
{
	int count;
	const struct programme *const *all = programmes_all(&count);
	return all[life % count];
}

const struct programme *life_programme_mixed(int life)
{
	static const char *const synthetic[] = {"generic_rules", "generic_status", "generic_tiers",
		"generic_cashback", "generic_segments", "generic_partner", "generic_transfers",
		"generic_windows"};
	const int count = sizeof synthetic / sizeof *synthetic;
	return life % 2 == 0 ? life_programme(life / 2) : programmes_find(NULL, synthetic[life / 2 % count]);
}

void life_begin(struct life *life, const struct programme *programme, uint64_t seed)
{
	life->programme = programme;
	life->events = life_make(programme, seed, LIFE_EVENTS);
	state_init(&life->state, programme, true);
	postings_init(&life->postings);
}

void life_end(struct life *life)
{
	postings_free(&life->postings);
	state_free(&life->state);
	free(life->events);
}

enum refusal life_apply(struct life *life, const struct event *event)
{
	state_saved(&life->state);
	postings_reset(&life->postings);
	return engine_apply(life->programme, &life->state, event, &life->postings, NULL);
}
