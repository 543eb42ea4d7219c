// The engine: every golden case, and what must hold for any life of a member under any programme.
#include "model/engine/advance.h"
#include "model/engine/scenario.h"
#include "tests/documents.h"
#include "tests/engine_ledger.h"
#include "tests/engine_life.h"
#include "tests/engine_text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEED "20260310"
#define TOLD(life, event) life_programme_mixed(life)->code, life, event, life_first_seed(SEED), "engine"

enum { LIVES = 144 };

struct tally {
	int checks, failed;
	char first[400]; // that failed
};

static void check_heard(void *context, const struct scenario_case *scenario_case,
	const struct scenario_row *row, const struct check *check, const char *seen, bool passed)
{
	struct tally *tally = context;
	char day[DAY_SIZE];
	tally->checks++;
	if (passed)
		return;
	if (tally->failed++ == 0)
		snprintf(tally->first, sizeof tally->first, "%s %s %s expected %s, got %s", scenario_case->id,
			day_format(row->day, day), check->key, check->wanted, seen);
}

START_TEST(golden_cases_come_out_to_the_unit)
{
	struct tally tally = {0};
	int count, cases = 0;
	struct document_file *files = documents_load("tests/golden", &count);
	for (int i = 0; i < count; i++) {
		struct scenario scenario;
		struct document_errors errors;
		char line[640] = "";
		document_errors_init(&errors);
		bool is_read = scenario_read(&scenario, files[i].path, files[i].text, files[i].length,
			programmes_find, NULL, &errors);
		LIFE_HOLDS(is_read, "%s",
			errors.count > 0 ? document_error_line(&errors.errors[0], line, sizeof line) : "");
		cases += scenario.case_count;
		for (int c = 0; c < scenario.case_count; c++)
			ck_assert(scenario_case_run(&scenario.cases[c], check_heard, &tally));
		scenario_free(&scenario);
		document_errors_free(&errors);
	}
	documents_free(files, count);
	ck_assert_int_ge(cases, 80);
	ck_assert_int_ge(tally.checks, 763);
	LIFE_HOLDS(tally.failed == 0, "%d of %d checks fail; first: %s", tally.failed, tally.checks,
		tally.first);
}
END_TEST

static void state_hold(const struct programme *programme, const struct member_state *state,
	const int64_t *sums, int life, int event)
{
	for (int c = 0; c < programme->currency_count; c++) {
		const struct currency_state *currency = &state->currencies[c];
		int64_t open = 0;
		for (int i = 0; i < state->lot_count; i++) {
			const struct lot *lot = &state->lots[i];
			if (lot->currency != c)
				continue;
			LIFE_HOLDS(lot->remaining >= 0 && lot->remaining <= lot->granted, LIFE_TELL,
				TOLD(life, event));
			LIFE_HOLDS(lot->remaining == 0 || lot->expires > state->day, LIFE_TELL,
				TOLD(life, event));
			open += lot->remaining;
		}
		LIFE_HOLDS(open == currency->open, LIFE_TELL, TOLD(life, event));
		LIFE_HOLDS(currency->debt >= 0 && (currency->debt == 0 || open == 0), LIFE_TELL,
			TOLD(life, event));
		LIFE_HOLDS(sums[c] == open - currency->debt, LIFE_TELL, TOLD(life, event));
	}
	LIFE_HOLDS(engine_next_due(programme, state) > state->day, LIFE_TELL, TOLD(life, event));
}

START_TEST(entries_sum_to_the_balance)
{
	struct life life;
	int64_t sums[16] = {0};
	int told[16] = {0};
	life_begin(&life, life_programme_mixed(_i), life_seed(SEED, _i));
	for (int i = 0; i < LIFE_EVENTS; i++) {
		enum refusal refusal = engine_apply(
			life.programme, &life.state, &life.events[i].event, &life.postings, NULL);
		LIFE_HOLDS(refusal != REFUSAL_OVERFLOW, LIFE_TELL, TOLD(_i, i));
		for (int e = 0; e < life.postings.entry_count; e++) {
			const struct entry *entry = &life.postings.entries[e];
			sums[entry->currency] += entry->amount;
			LIFE_HOLDS(entry->amount != 0 && entry->balance == sums[entry->currency], LIFE_TELL,
				TOLD(_i, i));
		}
		for (int t = 0; t < life.postings.tier_change_count; t++) {
			const struct tier_change *change = &life.postings.tier_changes[t];
			LIFE_HOLDS(change->from == told[change->ladder], LIFE_TELL, TOLD(_i, i));
			told[change->ladder] = change->to;
		}
		for (int l = 0; l < life.programme->ladder_count; l++)
			LIFE_HOLDS(standing_tier(life.programme, &life.state, l).tier == told[l], LIFE_TELL,
				TOLD(_i, i));
		state_hold(life.programme, &life.state, sums, _i, i);
		state_saved(&life.state);
		postings_reset(&life.postings);
	}
	life_end(&life);
}
END_TEST

static enum refusal apply_every_day(const struct programme *programme, struct member_state *state,
	const struct event *event, struct postings *postings)
{
	if (state->day != DAY_NONE && event->day > state->day)
		advance_to(programme, state, event->day, postings, NULL, advance_every_day);
	return engine_apply(programme, state, event, postings, NULL);
}

// Skipping days, keeping memory as bytes, tracing: none of it may change what is posted.
START_TEST(all_ways_to_run_a_life_post_the_same)
{
	const struct programme *programme = life_programme_mixed(_i);
	struct life_event *life = life_make(programme, life_seed(SEED, _i), LIFE_EVENTS);
	struct ledger *ledger = ledger_make(programme);
	struct member_state leaping, daily;
	struct postings postings;
	struct trace trace;
	state_init(&leaping, programme, true);
	state_init(&daily, programme, true);
	postings_init(&postings);
	trace_init(&trace);
	for (int i = 0; i < LIFE_EVENTS; i++) {
		const struct event *event = &life[i].event;
		enum refusal refusal = engine_apply(programme, &leaping, event, &postings, &trace);
		char *expected = postings_text(&postings, refusal);
		postings_reset(&postings);
		refusal = apply_every_day(programme, &daily, event, &postings);
		char *every_day = postings_text(&postings, refusal);
		postings_reset(&postings);
		refusal = ledger_apply(ledger, event, &postings);
		char *kept = postings_text(&postings, refusal);
		postings_reset(&postings);
		trace_reset(&trace);
		LIFE_HOLDS(strcmp(expected, every_day) == 0, LIFE_TELL "\nleaping:\n%s\nday by day:\n%s",
			TOLD(_i, i), expected, every_day);
		LIFE_HOLDS(strcmp(expected, kept) == 0, LIFE_TELL "\nin memory:\n%s\nfrom bytes:\n%s",
			TOLD(_i, i), expected, kept);
		state_saved(&leaping);
		state_saved(&daily);
		free(expected);
		free(every_day);
		free(kept);
	}
	trace_free(&trace);
	postings_free(&postings);
	state_free(&daily);
	state_free(&leaping);
	ledger_free(ledger);
	free(life);
}
END_TEST

// One line of 12.34 is the same as lines of the same category that come to 12.34.
START_TEST(lines_of_one_category_count_as_one)
{
	const struct programme *programme = life_programme_mixed(_i);
	struct life_event *life = life_make(programme, life_seed(SEED, _i), LIFE_EVENTS);
	struct member_state whole, split;
	struct postings postings;
	state_init(&whole, programme, true);
	state_init(&split, programme, true);
	postings_init(&postings);
	for (int i = 0; i < LIFE_EVENTS; i++) {
		struct event event = life[i].event;
		if (event.type == EVENT_RETURN || event.type == EVENT_QUOTE)
			event.line_count = 0;
		if (event.type == EVENT_PURCHASE || event.type == EVENT_PARTNER)
			event.line_count = 0;
		enum refusal refusal = engine_apply(programme, &whole, &event, &postings, NULL);
		char *expected = postings_text(&postings, refusal);
		postings_reset(&postings);
		struct event_line lines[] = {{event.category, event.amount_minor / 3}, {event.category, 0},
			{event.category, event.amount_minor - event.amount_minor / 3}};
		if ((event.type == EVENT_PURCHASE || event.type == EVENT_PARTNER) &&
			event.amount_minor >= 0) {
			event.lines = lines;
			event.line_count = 3;
		}
		refusal = engine_apply(programme, &split, &event, &postings, NULL);
		char *as_lines = postings_text(&postings, refusal);
		postings_reset(&postings);
		LIFE_HOLDS(strcmp(expected, as_lines) == 0, LIFE_TELL "\nwhole:\n%s\nlines:\n%s", TOLD(_i, i),
			expected, as_lines);
		state_saved(&whole);
		state_saved(&split);
		free(expected);
		free(as_lines);
	}
	postings_free(&postings);
	state_free(&whole);
	state_free(&split);
	free(life);
}
END_TEST

// What accrued for a purchase, less what was reversed of it.
static int64_t standing_of(const struct postings *postings, int64_t seq)
{
	int64_t standing = 0;
	for (int i = 0; i < postings->entry_count; i++) {
		const struct entry *entry = &postings->entries[i];
		if ((entry->kind == ENTRY_ACCRUED && entry->seq == seq) ||
			(entry->kind == ENTRY_REVERSED && entry->of_seq == seq))
			standing += entry->amount;
	}
	return standing;
}

START_TEST(what_is_returned_whole_has_earned_nothing)
{
	struct life life;
	life_begin(&life, life_programme_mixed(_i), life_seed(SEED, _i));
	for (int i = 0; i < LIFE_EVENTS; i++) {
		struct event event = life.events[i].event, back;
		bool is_bought = event.type == EVENT_PURCHASE || event.type == EVENT_PARTNER;
		event.seq = 2 * i + 1;
		event.line_count = 0;
		event.of_seq = 0;
		bool is_accepted = engine_apply(life.programme, &life.state, &event, &life.postings, NULL) ==
				   REFUSAL_NONE;
		if (!is_accepted || !is_bought || event.amount_minor == 0)
			continue;
		event_init(&back, EVENT_RETURN, event.seq + 1, event.day);
		back.of_seq = event.seq;
		back.amount_minor = event.amount_minor;
		ck_assert_int_eq(
			engine_apply(life.programme, &life.state, &back, &life.postings, NULL), REFUSAL_NONE);
		LIFE_HOLDS(standing_of(&life.postings, event.seq) == 0, LIFE_TELL, TOLD(_i, i));
		back.seq = event.seq + 1;
		ck_assert_int_eq(engine_apply(life.programme, &life.state, &back, &life.postings, NULL),
			REFUSAL_OVER_RETURN);
	}
	life_end(&life);
}
END_TEST

// Bytes that were changed are refused, or are another member's memory; they are never read beyond their end.
START_TEST(damaged_memory_does_no_harm)
{
	struct life life;
	struct random random = {life_seed(SEED, _i)};
	struct bytes bytes = {0};
	life_begin(&life, life_programme_mixed(_i), life_seed(SEED, _i));
	for (int i = 0; i < LIFE_EVENTS; i++)
		engine_apply(life.programme, &life.state, &life.events[i].event, &life.postings, NULL);
	ck_assert(memory_encode(life.programme, &life.state, &bytes));
	for (int i = 0; i < 500; i++) {
		uint8_t *copy = malloc(bytes.length);
		size_t length = 1 + (size_t)random_below(&random, (int)bytes.length);
		memcpy(copy, bytes.data, bytes.length);
		copy[random_below(&random, (int)bytes.length)] ^= (uint8_t)(1 << random_below(&random, 8));
		state_reset(&life.state);
		ck_assert(!memory_decode(life.programme, bytes.data, length - 1, &life.state));
		memory_decode(life.programme, copy, bytes.length, &life.state);
		free(copy);
	}
	bytes_free(&bytes);
	life_end(&life);
}
END_TEST

static void text_collect(void *context, const char *line)
{
	char *text = context;
	strncat(text, line, 4000 - strlen(text) - 1);
}

START_TEST(a_trace_tells_why)
{
	const struct programme *programme = programmes_find(NULL, "starbucks_us_2026");
	char text[4000] = "";
	struct member_state state;
	struct postings postings;
	struct trace trace;
	struct event event;
	state_init(&state, programme, true);
	postings_init(&postings);
	trace_init(&trace);
	event_init(&event, EVENT_ENROL, 1, day_make(2026, 3, 10));
	engine_apply(programme, &state, &event, &postings, NULL);
	event_init(&event, EVENT_PURCHASE, 2, day_make(2026, 3, 11));
	event.amount_minor = 475;
	event.flags = (const char *const[]){"personal_cup"};
	event.flag_count = 1;
	engine_apply(programme, &state, &event, &postings, &trace);
	event_init(&event, EVENT_ACTIVITY, 3, day_make(2026, 3, 12));
	event.activity = "reload";
	event.amount_minor = 2999;
	engine_apply(programme, &state, &event, &postings, &trace);
	trace_print(programme, &trace, text_collect, text);
	ck_assert_str_eq(text, "base: 4.75 at 1 per 1 (green), times 2 for cup = 9.5: +9.5 STAR\n"
			       "reload: 29.99, award by band = 0: +0 STAR\n"
			       "delta_reload: flag does not hold, wanted delta_linked\n");
	trace_free(&trace);
	postings_free(&postings);
	state_free(&state);
}
END_TEST

START_TEST(a_trace_tells_who_is_verified)
{
	const struct programme *programme = programmes_find(NULL, "generic_segments");
	char text[4000] = "";
	struct member_state state;
	struct postings postings;
	struct trace trace;
	struct event event;
	state_init(&state, programme, true);
	postings_init(&postings);
	trace_init(&trace);
	event_init(&event, EVENT_ENROL, 1, day_make(2026, 3, 1));
	engine_apply(programme, &state, &event, &postings, NULL);
	for (int i = 0; i < 3; i++) {
		event_init(&event, EVENT_ACTIVITY, 2 * i + 2, day_make(2026, 3, 1));
		event.activity = "library";
		engine_apply(programme, &state, &event, &postings, &trace);
		event_init(&event, EVENT_VERIFY, 2 * i + 3, day_make(2026, 3, 1));
		event.segment = i == 0 ? "student" : "teacher";
		engine_apply(programme, &state, &event, &postings, NULL);
	}
	trace_print(programme, &trace, text_collect, text);
	ck_assert_str_eq(text, "library: segment does not hold, wanted Student, was not verified\n"
			       "library: 0, fixed award = 5: +5 Points\n"
			       "library: not_segment does not hold, was Teacher until 2026-03-31\n");
	trace_free(&trace);
	postings_free(&postings);
	state_free(&state);
}
END_TEST

// Not a day later: what is due is done on its day.
START_TEST(a_verification_ends_when_its_day_opens)
{
	const struct programme *programme = programmes_find(NULL, "generic_segments");
	const day_t day = day_make(2026, 3, 1);
	struct member_state state;
	struct postings postings;
	state_init(&state, programme, true);
	postings_init(&postings);
	for (int i = 0; i < 2; i++) {
		struct event event;
		event_init(&event, i == 0 ? EVENT_ENROL : EVENT_VERIFY, i + 1, day);
		event.segment = "teacher"; // for 30 days
		ck_assert_int_eq(engine_apply(programme, &state, &event, &postings, NULL), REFUSAL_NONE);
	}
	ck_assert_int_eq(engine_next_due(programme, &state), day + 30);
	postings_reset(&postings);
	engine_advance(programme, &state, day + 29, &postings, NULL);
	ck_assert_int_eq(postings.segment_change_count, 0);
	engine_advance(programme, &state, day + 30, &postings, NULL);
	ck_assert_int_eq(postings.segment_change_count, 1);
	ck_assert(postings.segment_changes[0].is_end && postings.segment_changes[0].day == day + 30);
	postings_free(&postings);
	state_free(&state);
}
END_TEST

// Whoever is verified as nothing has the memory that was written before there were segments.
START_TEST(memory_without_a_verification_is_as_before)
{
	const struct programme *programme = programmes_find(NULL, "generic_segments");
	static const enum event_type types[] = {EVENT_ENROL, EVENT_VERIFY, EVENT_UNVERIFY};
	static const uint8_t versions[] = {1, 2, 1};
	struct member_state state;
	struct postings postings;
	struct bytes bytes = {0};
	state_init(&state, programme, true);
	postings_init(&postings);
	for (int i = 0; i < 3; i++) {
		struct event event;
		event_init(&event, types[i], i + 1, day_make(2026, 3, 1));
		event.segment = "staff";
		ck_assert_int_eq(engine_apply(programme, &state, &event, &postings, NULL), REFUSAL_NONE);
		ck_assert(memory_encode(programme, &state, &bytes));
		ck_assert_uint_eq(bytes.data[0], versions[i]);
	}
	bytes_free(&bytes);
	postings_free(&postings);
	state_free(&state);
}
END_TEST

Suite *engine_suite(void);

Suite *engine_suite(void)
{
	Suite *suite = suite_create("engine");
	TCase *golden = tcase_create("golden"), *lives = tcase_create("lives");
	tcase_add_test(golden, golden_cases_come_out_to_the_unit);
	tcase_add_test(golden, a_trace_tells_why);
	tcase_add_test(golden, a_trace_tells_who_is_verified);
	tcase_add_test(golden, memory_without_a_verification_is_as_before);
	tcase_add_test(golden, a_verification_ends_when_its_day_opens);
	tcase_set_timeout(lives, 60);
	tcase_add_loop_test(lives, entries_sum_to_the_balance, 0, LIVES);
	tcase_add_loop_test(lives, all_ways_to_run_a_life_post_the_same, 0, LIVES);
	tcase_add_loop_test(lives, lines_of_one_category_count_as_one, 0, LIVES);
	tcase_add_loop_test(lives, what_is_returned_whole_has_earned_nothing, 0, LIVES);
	tcase_add_loop_test(lives, damaged_memory_does_no_harm, 0, 24);
	suite_add_tcase(suite, golden);
	suite_add_tcase(suite, lives);
	return suite;
}
