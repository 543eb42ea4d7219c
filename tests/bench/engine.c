// The engine alone, on one core (its processor time counts): the lives of members go by in memory, event
// after event, as a worker would feed them, and nothing is kept but what the engine keeps. usage: engine CODE
// PROGRAMME-FILE ROUNDS prints samples; engine CODE PROGRAMME-FILE 0 lives the lives once, for callgrind to
// count in lives_live().
#include "model/engine/engine.h"
#include "tests/engine_random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LIVES = 1000, LIFE_EVENTS = 200, LONG_LIFE = 10000, STRETCH = 1000, GOODS = 8, LATE_EVENTS = 20 };

// What members of such a programme do: out of a hundred events so many, and what is in them.
struct habit {
	const char *code;
	int purchases, activities, partners, redemptions; // the rest are returns
	const char *goods[GOODS], *flag, *activity, *partner, *reward;
	int64_t amount_most; // minor units
	int64_t quantity;
	int days_most; // between two events
};

static const struct habit habits[] = {
	{
		.code = "starbucks_us_2026",
		.purchases = 84,
		.activities = 7,
		.redemptions = 7,
		.goods = {"general", "general", "general", "food", "food", "merchandise", "tip", "tax"},
		.flag = "personal_cup",
		.activity = "reload",
		.reward = "mod25",
		.amount_most = 2000,
		.quantity = 1,
		.days_most = 5,
	},
	{
		.code = "delta_2025",
		.purchases = 60,
		.activities = 18,
		.partners = 20,
		.goods = {"general", "general", "general", "general", "extras", "extras", "tax", "tax"},
		.flag = "delta_card",
		.activity = "flown",
		.partner = "amex_reserve",
		.amount_most = 60000,
		.quantity = 800,
		.days_most = 14,
	},
};

struct life {
	struct life_event *events;
	int count;
};

static const struct habit *habit_find(const char *code)
{
	for (size_t i = 0; i < sizeof habits / sizeof *habits; i++)
		if (strcmp(habits[i].code, code) == 0)
			return &habits[i];
	return NULL;
}

static void lines_fill(struct life_event *made, const struct habit *habit, struct random *random)
{
	made->event.lines = made->lines;
	made->event.line_count = 1 + random_below(random, 3);
	for (int i = 0; i < made->event.line_count; i++)
		made->lines[i] = (struct event_line){
			.category = habit->goods[random_below(random, GOODS)],
			.amount_minor = 100 + random_below(random, (int)habit->amount_most),
		};
	if (random_below(random, 10) == 0) {
		made->flags[0] = habit->flag;
		made->event.flags = made->flags;
		made->event.flag_count = 1;
	}
}

static void event_fill(
	struct life_event *made, const struct habit *habit, struct random *random, int n, day_t day)
{
	int drawn = random_below(random, 100);
	if (n == 0) {
		event_init(&made->event, EVENT_ENROL, 1, day);
		made->event.born = day_make(1980, 1, 1) + random_below(random, 7000);
	} else if ((drawn -= habit->purchases) < 0) {
		event_init(&made->event, EVENT_PURCHASE, n + 1, day);
		lines_fill(made, habit, random);
	} else if ((drawn -= habit->activities) < 0) {
		event_init(&made->event, EVENT_ACTIVITY, n + 1, day);
		made->event.activity = habit->activity;
		made->event.amount_minor = 500 + random_below(random, 6000);
		made->event.quantity = habit->quantity;
	} else if ((drawn -= habit->partners) < 0) {
		event_init(&made->event, EVENT_PARTNER, n + 1, day);
		made->event.partner = habit->partner;
		made->event.amount_minor = 500 + random_below(random, 60000);
	} else if ((drawn -= habit->redemptions) < 0) {
		event_init(&made->event, EVENT_REDEEM, n + 1, day);
		made->event.reward = habit->reward;
	} else {
		event_init(&made->event, EVENT_RETURN, n + 1, day);
		made->event.of_seq = n > 10 ? n - random_below(random, 10) : 0;
		made->event.amount_minor = 1 + random_below(random, 500);
	}
}

static struct life life_fill(const struct habit *habit, uint64_t seed, int count)
{
	struct life life = {calloc((size_t)count, sizeof *life.events), count};
	struct random random = {seed};
	day_t day = day_make(2026, 3, 10) + random_below(&random, 100);
	for (int i = 0; i < count; i++) {
		event_fill(&life.events[i], habit, &random, i, day);
		day += random_below(&random, habit->days_most);
	}
	return life;
}

static double now_s(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

// How many of them were accepted.
static int stretch_live(const struct programme *programme, struct member_state *state,
	struct postings *postings, const struct life_event *events, int count)
{
	int accepted = 0;
	for (int i = 0; i < count; i++) {
		accepted += engine_apply(programme, state, &events[i].event, postings, NULL) == REFUSAL_NONE;
		state_saved(state);
		postings_reset(postings);
	}
	return accepted;
}

__attribute__((noinline)) static int lives_live(const struct programme *programme, struct member_state *state,
	struct postings *postings, const struct life *lives)
{
	int accepted = 0;
	for (int i = 0; i < LIVES; i++) {
		state_reset(state);
		accepted += stretch_live(programme, state, postings, lives[i].events, lives[i].count);
	}
	return accepted;
}

// Microseconds an event: in the second thousand of a long life, and in its last.
static void long_life_measure(const struct programme *programme, struct member_state *state,
	struct postings *postings, const struct habit *habit, int round)
{
	struct life life = life_fill(habit, (uint64_t)round, LONG_LIFE);
	state_reset(state);
	for (int at = 0; at < LONG_LIFE; at += STRETCH) {
		double began_s = now_s();
		stretch_live(programme, state, postings, life.events + at, STRETCH);
		double us = (now_s() - began_s) * 1e6 / STRETCH;
		if (at == STRETCH)
			printf("%s.early\t%d\t%.6g\n", habit->code, round, us);
		if (at == LONG_LIFE - STRETCH)
			printf("%s.late\t%d\t%.6g\n", habit->code, round, us);
	}
	free(life.events);
}

// A purchase told on the life's last day that happened on some day of its second half.
static struct life_event late_fill(const struct life *life, const struct habit *habit, int n)
{
	const struct event *first = &life->events[0].event, *last = &life->events[life->count - 1].event;
	struct random random = {(uint64_t)n};
	struct life_event made = {.flags = {NULL}};
	int half = (last->day - first->day) / 2;
	event_init(&made.event, EVENT_PURCHASE, life->count + 1 + n, last->day);
	lines_fill(&made, habit, &random);
	made.event.activity_day = first->day + half + random_below(&random, half);
	return made;
}

// Late events a second after histories of that many events, which are lived once more first, as a worker has
// to; and the microseconds that makes of each event lived.
static void late_measure(const struct programme *programme, struct member_state *state,
	struct postings *postings, const struct habit *habit, int round)
{
	static const int histories[] = {100, 1000, 10000};
	for (size_t h = 0; h < sizeof histories / sizeof *histories; h++) {
		struct life life = life_fill(habit, (uint64_t)round, histories[h]);
		double began_s = now_s();
		for (int n = 0; n < LATE_EVENTS; n++) {
			struct life_event late = late_fill(&life, habit, n);
			late.event.lines = late.lines;
			late.event.flags = late.flags;
			state_reset(state);
			stretch_live(programme, state, postings, life.events, life.count);
			stretch_live(programme, state, postings, &late, 1);
		}
		double one_s = (now_s() - began_s) / LATE_EVENTS;
		printf("%s.late_%d\t%d\t%.6g\n", habit->code, life.count, round, 1 / one_s);
		printf("%s.lived_%d\t%d\t%.6g\n", habit->code, life.count, round, one_s * 1e6 / life.count);
		free(life.events);
	}
}

static struct programme *programme_load(const char *path)
{
	static char text[1 << 16];
	struct document_errors errors;
	FILE *file = fopen(path, "r");
	size_t length = file != NULL ? fread(text, 1, sizeof text, file) : 0;
	if (file != NULL)
		fclose(file);
	document_errors_init(&errors);
	struct programme *programme = programme_read(path, text, length, &errors);
	document_errors_free(&errors);
	return programme;
}

static void rounds_measure(const struct programme *programme, const struct habit *habit, int rounds)
{
	static struct life lives[LIVES];
	struct member_state state;
	struct postings postings;
	state_init(&state, programme, true);
	postings_init(&postings);
	for (int i = 0; i < LIVES; i++)
		lives[i] = life_fill(habit, 2026 + (uint64_t)i, LIFE_EVENTS);
	int accepted = lives_live(programme, &state, &postings, lives);
	fprintf(stderr, "bench: %s: %d of %d events accepted\n", habit->code, accepted, LIVES * LIFE_EVENTS);
	for (int round = 1; round <= rounds; round++) {
		double began_s = now_s();
		lives_live(programme, &state, &postings, lives);
		printf("%s.events\t%d\t%.6g\n", habit->code, round,
			LIVES * LIFE_EVENTS / (now_s() - began_s));
		long_life_measure(programme, &state, &postings, habit, round);
		late_measure(programme, &state, &postings, habit, round);
	}
	for (int i = 0; i < LIVES; i++)
		free(lives[i].events);
	postings_free(&postings);
	state_free(&state);
}

int main(int argc, char **argv)
{
	const struct habit *habit = argc == 4 ? habit_find(argv[1]) : NULL;
	struct programme *programme = habit != NULL ? programme_load(argv[2]) : NULL;
	if (programme == NULL) {
		fprintf(stderr, "bench: usage: engine CODE PROGRAMME-FILE ROUNDS\n");
		return 2;
	}
	rounds_measure(programme, habit, atoi(argv[3]));
	programme_free(programme);
	return 0;
}
