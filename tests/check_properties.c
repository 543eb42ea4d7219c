// What must hold of any member's life under any programme, worked out here from the format alone: in which
// order lots are consumed, that a kept tier does not fall within its window, that looking at a member changes
// nothing.
#include "model/engine/scenario.h"
#include "tests/documents.h"
#include "tests/engine_ledger.h"
#include "tests/engine_life.h"
#include "tests/engine_text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEED "20261122"
#define TOLD(life, event) life_programme(life)->code, life, event, life_first_seed(SEED), "properties"

enum { LIVES = 100 };

struct held {
	struct lot *lots;
	int count;
};

static int by_consumption(const void *left, const void *right)
{
	const struct lot *a = left, *b = right;
	if (a->expires != b->expires)
		return a->expires < b->expires ? -1 : 1;
	if (a->earned != b->earned)
		return a->earned < b->earned ? -1 : 1;
	return a->serial < b->serial ? -1 : a->serial > b->serial;
}

// The currency's open lots in the order of consumption; those of the event `first` (0: of none) before all
// others.
static struct held lots_hold(const struct member_state *state, int currency, int64_t first)
{
	struct held held = {malloc(((size_t)state->lot_count + 1) * sizeof *held.lots), 0};
	for (int pass = 0; pass < 2; pass++) {
		int begin = held.count;
		for (int i = 0; i < state->lot_count; i++) {
			const struct lot *lot = &state->lots[i];
			bool is_own = first != 0 && lot->seq == first;
			if (lot->currency == currency && lot->remaining > 0 && is_own == (pass == 0))
				held.lots[held.count++] = *lot;
		}
		qsort(held.lots + begin, (size_t)(held.count - begin), sizeof *held.lots, by_consumption);
	}
	return held;
}

// Whether the entry used the lots one after the other, each whole but for the last.
static bool used_in_order(const struct postings *postings, int entry, const struct held *held)
{
	int next = 0;
	for (int i = 0; i < postings->lot_use_count; i++) {
		const struct lot_use *use = &postings->lot_uses[i];
		if (use->entry != entry)
			continue;
		if (next == held->count || held->lots[next].serial != use->lot ||
			use->amount > held->lots[next].remaining ||
			(next > 0 && held->lots[next - 1].remaining > 0))
			return false;
		held->lots[next++].remaining -= use->amount;
	}
	return true;
}

// Of an event that does nothing but debit: its first entry, with the lots as the day's opening left them.
START_TEST(lots_are_consumed_in_order)
{
	struct life life;
	life_begin(&life, life_programme(_i), life_seed(SEED, _i));
	for (int i = 0; i < LIFE_EVENTS; i++) {
		const struct event *event = &life.events[i].event;
		engine_advance(life.programme, &life.state, event->day, &life.postings, NULL);
		postings_reset(&life.postings);
		struct held held[LIFE_LADDERS];
		for (int c = 0; c < life.programme->currency_count; c++)
			held[c] = lots_hold(&life.state, c, event->type == EVENT_RETURN ? event->of_seq : 0);
		engine_apply(life.programme, &life.state, event, &life.postings, NULL);
		const struct entry *entry = life.postings.entry_count > 0 ? &life.postings.entries[0] : NULL;
		if (entry != NULL && (entry->kind == ENTRY_REDEEMED || entry->kind == ENTRY_REVERSED ||
					     (entry->kind == ENTRY_ADJUSTED && entry->amount < 0)))
			LIFE_HOLDS(used_in_order(&life.postings, 0, &held[entry->currency]), LIFE_TELL,
				TOLD(_i, i));
		for (int c = 0; c < life.programme->currency_count; c++)
			free(held[c].lots);
		state_saved(&life.state);
		postings_reset(&life.postings);
	}
	life_end(&life);
}
END_TEST

// By the thresholds of the window that starts that day.
static int tier_of(const struct ladder *ladder, day_t start, int64_t metric)
{
	int reached = 0;
	for (int t = 1; t < ladder->tier_count; t++) {
		int64_t at = ladder->tiers[t].at;
		for (int v = 0; v < ladder->tiers[t].version_count; v++)
			if (ladder->tiers[t].versions[v].from <= start)
				at = ladder->tiers[t].versions[v].at;
		if (metric >= at)
			reached = t;
	}
	return reached;
}

struct peak {
	day_t window; // its start
	int tier;     // the highest that the metric has reached in it
};

static void peaks_hold(const struct programme *programme, const struct member_state *state,
	struct peak *peaks, int life, int event)
{
	for (int l = 0; l < programme->ladder_count; l++) {
		const struct ladder *ladder = &programme->ladders[l];
		day_t start, end;
		if (ladder->window == WINDOW_ROLLING || ladder->returns != RETURNS_KEEP)
			continue;
		standing_window(programme, state, l, &start, &end);
		if (peaks[l].window != start)
			peaks[l] = (struct peak){.window = start};
		int reached = tier_of(ladder, start, standing_metric(programme, state, l));
		if (reached > peaks[l].tier)
			peaks[l].tier = reached;
		LIFE_HOLDS(standing_tier(programme, state, l).tier >= peaks[l].tier, LIFE_TELL,
			TOLD(life, event));
	}
}

START_TEST(a_kept_tier_does_not_fall_within_its_window)
{
	struct life life;
	struct peak peaks[LIFE_LADDERS] = {{.window = DAY_NONE}};
	life_begin(&life, life_programme(_i), life_seed(SEED, _i));
	ck_assert_int_le(life.programme->ladder_count, LIFE_LADDERS);
	for (int i = 0; i < LIFE_EVENTS; i++) {
		engine_apply(life.programme, &life.state, &life.events[i].event, &life.postings, NULL);
		if (life.state.enrolled)
			peaks_hold(life.programme, &life.state, peaks, _i, i);
		state_saved(&life.state);
		postings_reset(&life.postings);
	}
	life_end(&life);
}
END_TEST

// Days on which nothing happens may be opened at any time before the next event, one by one or several at
// once.
START_TEST(empty_days_change_nothing)
{
	const struct programme *programme = life_programme(_i);
	struct life_event *life = life_make(programme, life_seed(SEED, _i), LIFE_EVENTS);
	struct random random = {life_seed(SEED, _i)};
	struct member_state leaping, strolling;
	struct postings postings, strolled;
	state_init(&leaping, programme, true);
	state_init(&strolling, programme, true);
	postings_init(&postings);
	postings_init(&strolled);
	for (int i = 0; i < LIFE_EVENTS; i++) {
		const struct event *event = &life[i].event;
		enum refusal refusal = engine_apply(programme, &leaping, event, &postings, NULL);
		for (day_t day = strolling.day; strolling.enrolled && day < event->day;) {
			engine_advance(programme, &strolling, day, &strolled, NULL);
			day += 1 + random_below(&random, 20);
		}
		ck_assert_int_eq(engine_apply(programme, &strolling, event, &strolled, NULL), refusal);
		char *expected = state_text(programme, &leaping), *seen = state_text(programme, &strolling);
		LIFE_HOLDS(strcmp(expected, seen) == 0, LIFE_TELL "\nleaping:\n%s\nstrolling:\n%s",
			TOLD(_i, i), expected, seen);
		LIFE_HOLDS(postings.entry_count == strolled.entry_count &&
				   entries_sum(&postings) == entries_sum(&strolled),
			LIFE_TELL, TOLD(_i, i));
		free(expected);
		free(seen);
		postings_reset(&postings);
		postings_reset(&strolled);
	}
	postings_free(&postings);
	postings_free(&strolled);
	state_free(&leaping);
	state_free(&strolling);
	free(life);
}
END_TEST

// A member who lives twice has the same at the end; whoever writes the memory down and reads it back keeps
// all of it.
START_TEST(memory_read_back_is_the_same_memory)
{
	struct life life;
	struct member_state read;
	struct bytes written = {0}, again = {0};
	life_begin(&life, life_programme(_i), life_seed(SEED, _i));
	state_init(&read, life.programme, true);
	for (int i = 0; i < LIFE_EVENTS; i++) {
		engine_apply(life.programme, &life.state, &life.events[i].event, &life.postings, NULL);
		ck_assert(memory_encode(life.programme, &life.state, &written));
		state_reset(&read);
		LIFE_HOLDS(memory_decode(life.programme, written.data, written.length, &read), LIFE_TELL,
			TOLD(_i, i));
		for (int l = 0; l < life.state.lot_count; l++)
			state_add_lot(&read, &life.state.lots[l]);
		ck_assert(memory_encode(life.programme, &read, &again));
		LIFE_HOLDS(written.length == again.length &&
				   memcmp(written.data, again.data, written.length) == 0,
			LIFE_TELL, TOLD(_i, i));
		LIFE_HOLDS(engine_next_due(life.programme, &read) ==
				   engine_next_due(life.programme, &life.state),
			LIFE_TELL, TOLD(_i, i));
		postings_reset(&life.postings);
	}
	bytes_free(&written);
	bytes_free(&again);
	state_free(&read);
	life_end(&life);
}
END_TEST

// The seq of the accepted event among the first rows that has that external id, 0: none. Rows without one
// have seq 0.
static int64_t accepted_find(
	const struct scenario_case *scenario_case, const int64_t *accepted, int rows, const char *id)
{
	for (int i = 0; id != NULL && i < rows; i++)
		if (accepted[i] > 0 && scenario_case->rows[i].id != NULL &&
			strcmp(scenario_case->rows[i].id, id) == 0)
			return accepted[i];
	return 0;
}

// Lives the case twice: in memory, and with everything written down and read back between two events.
static void case_live_twice(const struct scenario_case *scenario_case)
{
	const struct programme *programme = scenario_case->programme;
	int64_t *accepted = calloc((size_t)scenario_case->row_count, sizeof *accepted), seq = 0;
	struct ledger *ledger = ledger_make(programme);
	struct member_state state;
	struct postings postings, kept;
	state_init(&state, programme, true);
	postings_init(&postings);
	postings_init(&kept);
	for (int i = 0; i < scenario_case->row_count; i++) {
		const struct scenario_row *row = &scenario_case->rows[i];
		struct event event = row->event;
		if (row->is_check)
			continue;
		event.seq = ++seq;
		event.duplicate = accepted_find(scenario_case, accepted, i, row->id) > 0;
		event.of_seq = accepted_find(scenario_case, accepted, i, row->of);
		enum refusal refusal = engine_apply(programme, &state, &event, &postings, NULL);
		accepted[i] = refusal == REFUSAL_NONE ? seq : 0;
		LIFE_HOLDS(ledger_apply(ledger, &event, &kept) == refusal, "%s row %d", scenario_case->id,
			i + 1);
		LIFE_HOLDS(postings.entry_count == kept.entry_count &&
				   entries_sum(&postings) == entries_sum(&kept),
			"%s row %d", scenario_case->id, i + 1);
		postings_reset(&postings);
		postings_reset(&kept);
	}
	postings_free(&postings);
	postings_free(&kept);
	state_free(&state);
	ledger_free(ledger);
	free(accepted);
}

START_TEST(golden_cases_come_out_the_same_from_bytes)
{
	int count, cases = 0;
	struct document_file *files = documents_load("tests/golden", &count);
	for (int i = 0; i < count; i++) {
		struct scenario scenario;
		struct document_errors errors;
		document_errors_init(&errors);
		ck_assert(scenario_read(&scenario, files[i].path, files[i].text, files[i].length,
			programmes_find, NULL, &errors));
		for (int c = 0; c < scenario.case_count; c++)
			case_live_twice(&scenario.cases[c]);
		cases += scenario.case_count;
		scenario_free(&scenario);
		document_errors_free(&errors);
	}
	documents_free(files, count);
	ck_assert_int_ge(cases, 90);
}
END_TEST

Suite *properties_suite(void);

Suite *properties_suite(void)
{
	Suite *suite = suite_create("properties");
	TCase *golden = tcase_create("golden"), *lives = tcase_create("lives");
	tcase_set_timeout(golden, 60);
	tcase_add_test(golden, golden_cases_come_out_the_same_from_bytes);
	suite_add_tcase(suite, golden);
	tcase_set_timeout(lives, 60);
	tcase_add_loop_test(lives, lots_are_consumed_in_order, 0, LIVES);
	tcase_add_loop_test(lives, a_kept_tier_does_not_fall_within_its_window, 0, LIVES);
	tcase_add_loop_test(lives, empty_days_change_nothing, 0, LIVES);
	tcase_add_loop_test(lives, memory_read_back_is_the_same_memory, 0, LIVES);
	suite_add_tcase(suite, lives);
	return suite;
}
