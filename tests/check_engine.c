// The engine: every golden case, and what must hold for any life of a member under any programme.
#include "model/engine/advance.h"
#include "model/engine/scenario.h"
#include "tests/documents.h"
#include "tests/engine_ledger.h"
#include "tests/engine_random.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIFE_EVENTS 200
#define LIVES 144 // the programmes take turns

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
		ck_assert_msg(is_read, "%s",
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
	ck_assert_msg(tally.failed == 0, "%d of %d checks fail; first: %s", tally.failed, tally.checks,
		tally.first);
}
END_TEST

// Postings as text, so that two runs can be compared and a difference read.
static void entries_write(FILE *out, const struct postings *postings)
{
	for (int i = 0; i < postings->entry_count; i++) {
		const struct entry *e = &postings->entries[i];
		fprintf(out, "%s c%d s%d %lld =%lld d%d #%lld of%lld lot%lld t%d f%lld m%u\n",
			entry_kind_name(e->kind), e->currency, e->source, (long long)e->amount,
			(long long)e->balance, e->day, (long long)e->seq, (long long)e->of_seq,
			(long long)e->lot, e->tier, (long long)e->factor, e->multipliers);
	}
	for (int i = 0; i < postings->lot_use_count; i++) {
		const struct lot_use *u = &postings->lot_uses[i];
		fprintf(out, "use e%d lot%lld #%lld %lld\n", u->entry, (long long)u->lot,
			(long long)u->lot_seq, (long long)u->amount);
	}
}

static char *postings_text(const struct postings *postings, enum refusal refusal)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	fprintf(out, "%s quote %d %lld\n", refusal_name(refusal), postings->quoted,
		postings->quoted ? (long long)postings->quote_minor : 0);
	entries_write(out, postings);
	for (int i = 0; i < postings->tier_change_count; i++) {
		const struct tier_change *t = &postings->tier_changes[i];
		fprintf(out, "tier l%d %d-%d d%d until %d #%lld\n", t->ladder, t->from, t->to, t->day,
			t->until, (long long)t->seq);
	}
	for (int i = 0; i < postings->issued_reward_count; i++) {
		const struct issued_reward *r = &postings->issued_rewards[i];
		fprintf(out, "reward %d r%d s%d n%lld x%lld %lld cost %lld e%d d%d until %d #%lld\n",
			r->reward, r->route, r->source, (long long)r->serial, (long long)r->units,
			(long long)r->value_minor, (long long)r->cost, r->entry, r->day, r->expires,
			(long long)r->seq);
	}
	for (int i = 0; i < postings->plan_charge_count; i++) {
		const struct plan_charge *p = &postings->plan_charges[i];
		fprintf(out, "charge p%d d%d %lld %d #%lld\n", p->plan, p->day, (long long)p->amount_minor,
			p->renewal, (long long)p->seq);
	}
	for (int i = 0; i < postings->segment_change_count; i++) {
		const struct segment_change *s = &postings->segment_changes[i];
		fprintf(out, "segment g%d #%lld %s d%d until %d #%lld\n", s->segment, (long long)s->verified,
			s->is_end ? "ends" : "begins", s->day, s->until, (long long)s->seq);
	}
	fclose(out);
	return text;
}

// Every second life is lived under one of the synthetic programmes, whose rules meet most often.
static const struct programme *life_programme(int index)
{
	static const char *const synthetic[] = {"generic_rules", "generic_status", "generic_tiers",
		"generic_cashback", "generic_segments", "generic_partner"};
	int count;
	const struct programme *const *all = programmes_all(&count);
	return index % 2 == 0 ? all[index / 2 % count] : programmes_find(NULL, synthetic[index / 2 % 6]);
}

static uint64_t life_seed(int index)
{
	const char *given = getenv("ENGINE_SEED");
	return (given != NULL ? strtoull(given, NULL, 10) : 20260310) + (uint64_t)index * 7919;
}

#define TELL "programme %s, life %d, event %d (run again: ENGINE_SEED=%s CK_RUN_SUITE=engine build/check)"
#define TOLD(index, event)                                                                                   \
	life_programme(index)->code, index, event, getenv("ENGINE_SEED") ? getenv("ENGINE_SEED") : "20260310"

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
			ck_assert_msg(lot->remaining >= 0 && lot->remaining <= lot->granted, TELL,
				TOLD(life, event));
			ck_assert_msg(
				lot->remaining == 0 || lot->expires > state->day, TELL, TOLD(life, event));
			open += lot->remaining;
		}
		ck_assert_msg(open == currency->open, TELL, TOLD(life, event));
		ck_assert_msg(
			currency->debt >= 0 && (currency->debt == 0 || open == 0), TELL, TOLD(life, event));
		ck_assert_msg(sums[c] == open - currency->debt, TELL, TOLD(life, event));
	}
	ck_assert_msg(engine_next_due(programme, state) > state->day, TELL, TOLD(life, event));
}

START_TEST(entries_sum_to_the_balance)
{
	const struct programme *programme = life_programme(_i);
	struct life_event *life = life_make(programme, life_seed(_i), LIFE_EVENTS);
	int64_t sums[16] = {0};
	struct member_state state;
	struct postings postings;
	int told[16] = {0};
	state_init(&state, programme, true);
	postings_init(&postings);
	for (int i = 0; i < LIFE_EVENTS; i++) {
		enum refusal refusal = engine_apply(programme, &state, &life[i].event, &postings, NULL);
		ck_assert_msg(refusal != REFUSAL_OVERFLOW, TELL, TOLD(_i, i));
		for (int e = 0; e < postings.entry_count; e++) {
			const struct entry *entry = &postings.entries[e];
			sums[entry->currency] += entry->amount;
			ck_assert_msg(entry->amount != 0 && entry->balance == sums[entry->currency], TELL,
				TOLD(_i, i));
		}
		for (int t = 0; t < postings.tier_change_count; t++) {
			const struct tier_change *change = &postings.tier_changes[t];
			ck_assert_msg(change->from == told[change->ladder], TELL, TOLD(_i, i));
			told[change->ladder] = change->to;
		}
		for (int l = 0; l < programme->ladder_count; l++)
			ck_assert_msg(standing_tier(programme, &state, l).tier == told[l], TELL, TOLD(_i, i));
		state_hold(programme, &state, sums, _i, i);
		state_saved(&state);
		postings_reset(&postings);
	}
	postings_free(&postings);
	state_free(&state);
	free(life);
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
	const struct programme *programme = life_programme(_i);
	struct life_event *life = life_make(programme, life_seed(_i), LIFE_EVENTS);
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
		ck_assert_msg(strcmp(expected, every_day) == 0, TELL "\nleaping:\n%s\nday by day:\n%s",
			TOLD(_i, i), expected, every_day);
		ck_assert_msg(strcmp(expected, kept) == 0, TELL "\nin memory:\n%s\nfrom bytes:\n%s",
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
	const struct programme *programme = life_programme(_i);
	struct life_event *life = life_make(programme, life_seed(_i), LIFE_EVENTS);
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
		ck_assert_msg(strcmp(expected, as_lines) == 0, TELL "\nwhole:\n%s\nlines:\n%s", TOLD(_i, i),
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

// A second date that is the same as the first says nothing.
START_TEST(late_by_no_day_is_on_time)
{
	const struct programme *programme = life_programme(_i);
	struct life_event *life = life_make(programme, life_seed(_i), LIFE_EVENTS);
	struct member_state plain, dated;
	struct postings postings;
	state_init(&plain, programme, false);
	state_init(&dated, programme, false);
	postings_init(&postings);
	for (int i = 0; i < LIFE_EVENTS; i++) {
		struct event event = life[i].event;
		event.activity_day = DAY_NONE;
		enum refusal refusal = engine_apply(programme, &plain, &event, &postings, NULL);
		char *expected = postings_text(&postings, refusal);
		postings_reset(&postings);
		if (event_type_may_be_late(event.type))
			event.activity_day = event.day;
		refusal = engine_apply(programme, &dated, &event, &postings, NULL);
		char *as_dated = postings_text(&postings, refusal);
		postings_reset(&postings);
		ck_assert_msg(strcmp(expected, as_dated) == 0, TELL "\none date:\n%s\ntwo dates:\n%s",
			TOLD(_i, i), expected, as_dated);
		free(expected);
		free(as_dated);
	}
	postings_free(&postings);
	state_free(&plain);
	state_free(&dated);
	free(life);
}
END_TEST

// What an event accrued, rule by rule.
static char *awards_text(const struct postings *postings, int64_t seq)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	for (int i = 0; i < postings->entry_count; i++) {
		const struct entry *e = &postings->entries[i];
		if (e->kind == ENTRY_ACCRUED && e->seq == seq)
			fprintf(out, "s%d %lld t%d f%lld m%u\n", e->source, (long long)e->amount, e->tier,
				(long long)e->factor, e->multipliers);
	}
	fclose(out);
	return text;
}

// Spend and visits come from events alone, so that on these ladders nothing may differ, but for those on
// which the one who was late is better off.
static void ladders_compare(const struct programme *programme, const struct member_state *on_time,
	const struct member_state *late, const bool *is_better, int life, int event)
{
	for (int l = 0; l < programme->ladder_count; l++) {
		if (is_better[l])
			continue;
		struct tier_in_force then = standing_tier(programme, on_time, l),
				     now = standing_tier(programme, late, l);
		if (programme->ladders[l].metric == METRIC_CURRENCY)
			continue;
		ck_assert_msg(standing_metric(programme, on_time, l) == standing_metric(programme, late, l),
			"metric of %s, " TELL, programme->ladders[l].code, TOLD(life, event));
		ck_assert_msg(then.tier == now.tier && then.until == now.until,
			"%s: %d until %d, %d until %d, " TELL, programme->ladders[l].code, then.tier,
			then.until, now.tier, now.until, TOLD(life, event));
	}
}

// A status that was reached without the late event stays where it lasts longer than the one that would have
// been; never is it worse.
static void ladders_judge(const struct programme *programme, const struct member_state *on_time,
	const struct member_state *late, bool *is_better, int life, int event)
{
	for (int l = 0; l < programme->ladder_count; l++) {
		const struct ladder_state *then = &on_time->ladders[l], *now = &late->ladders[l];
		if (programme->ladders[l].window != WINDOW_ROLLING ||
			programme->ladders[l].metric == METRIC_CURRENCY)
			continue;
		is_better[l] = now->own_tier > then->own_tier ||
			       (now->own_tier == then->own_tier && now->own_until > then->own_until);
		ck_assert_msg(is_better[l] ||
				      (now->own_tier == then->own_tier && now->own_until == then->own_until),
			"%s: %d until %d, %d until %d, " TELL, programme->ladders[l].code, then->own_tier,
			then->own_until, now->own_tier, now->own_until, TOLD(life, event));
	}
}

// What follows in the life does the same to both, each event so many days and numbers later.
static void both_live(const struct programme *programme, struct member_state *on_time,
	struct member_state *late, const struct life_event *life, int from, int count, int lag,
	int64_t seq_lag)
{
	struct postings postings;
	postings_init(&postings);
	for (int i = from; i < LIFE_EVENTS && i < from + count; i++) {
		struct event event = life[i].event;
		event.day += lag;
		event.seq += seq_lag;
		event.activity_day = DAY_NONE;
		if (event.type == EVENT_RETURN) // the highest tier of a window may have been seen by one only
			continue;
		engine_apply(programme, on_time, &event, &postings, NULL);
		engine_apply(programme, late, &event, &postings, NULL);
	}
	postings_free(&postings);
}

// Up to an event two members live the same. Then one does it on its day and waits, the other waits and tells
// it late: it gives the same points, and both stand on the same tiers from then on.
START_TEST(what_comes_late_gives_what_it_gave_on_time)
{
	const struct programme *programme = life_programme(_i);
	struct life_event *life = life_make(programme, life_seed(_i), LIFE_EVENTS);
	struct random random = {life_seed(_i) + 1};
	struct member_state on_time, late;
	struct postings postings;
	const bool none_is_better[16] = {false};
	int compared = 0;
	state_init(&on_time, programme, true);
	state_init(&late, programme, true);
	postings_init(&postings);
	for (int cut = 10; cut < LIFE_EVENTS; cut += 1 + random_below(&random, 20)) {
		struct event event = life[cut].event;
		if (!event_type_may_be_late(event.type))
			continue;
		state_reset(&on_time);
		state_reset(&late);
		for (int i = 0; i < cut; i++) {
			engine_apply(programme, &on_time, &life[i].event, &postings, NULL);
			engine_apply(programme, &late, &life[i].event, &postings, NULL);
		}
		postings_reset(&postings);
		event.activity_day = DAY_NONE;
		enum refusal refusal = engine_apply(programme, &on_time, &event, &postings, NULL);
		char *expected = awards_text(&postings, event.seq);
		if (refusal == REFUSAL_NONE) {
			event.activity_day = event.day;
			event.day += 1 + random_below(&random, random_below(&random, 2) == 0 ? 20 : 700);
			engine_advance(programme, &on_time, event.day, &postings, NULL);
			postings_reset(&postings);
			ck_assert_int_eq(
				engine_apply(programme, &late, &event, &postings, NULL), REFUSAL_NONE);
			char *told = awards_text(&postings, event.seq);
			ck_assert_msg(strcmp(expected, told) == 0, TELL "\non time:\n%s\nlate:\n%s",
				TOLD(_i, cut), expected, told);
			ladders_compare(programme, &on_time, &late, none_is_better, _i, cut);
			compared++;
			free(told);
		}
		postings_reset(&postings);
		free(expected);
	}
	ck_assert_int_gt(compared, 0);
	postings_free(&postings);
	state_free(&on_time);
	state_free(&late);
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
	const struct programme *programme = life_programme(_i);
	struct life_event *life = life_make(programme, life_seed(_i), LIFE_EVENTS);
	struct member_state state;
	struct postings postings;
	state_init(&state, programme, true);
	postings_init(&postings);
	for (int i = 0; i < LIFE_EVENTS; i++) {
		struct event event = life[i].event, back;
		bool is_bought = event.type == EVENT_PURCHASE || event.type == EVENT_PARTNER;
		event.seq = 2 * i + 1;
		event.line_count = 0;
		event.of_seq = 0;
		bool is_accepted = engine_apply(programme, &state, &event, &postings, NULL) == REFUSAL_NONE;
		if (!is_accepted || !is_bought || event.amount_minor == 0)
			continue;
		event_init(&back, EVENT_RETURN, event.seq + 1, event.day);
		back.of_seq = event.seq;
		back.amount_minor = event.amount_minor;
		ck_assert_int_eq(engine_apply(programme, &state, &back, &postings, NULL), REFUSAL_NONE);
		ck_assert_msg(standing_of(&postings, event.seq) == 0, TELL, TOLD(_i, i));
		back.seq = event.seq + 1;
		ck_assert_int_eq(
			engine_apply(programme, &state, &back, &postings, NULL), REFUSAL_OVER_RETURN);
	}
	postings_free(&postings);
	state_free(&state);
	free(life);
}
END_TEST

// Bytes that were changed are refused, or are another member's memory; they are never read beyond their end.
START_TEST(damaged_memory_does_no_harm)
{
	const struct programme *programme = life_programme(_i);
	struct life_event *life = life_make(programme, life_seed(_i), LIFE_EVENTS);
	struct random random = {life_seed(_i)};
	struct member_state state;
	struct postings postings;
	struct bytes bytes = {0};
	state_init(&state, programme, true);
	postings_init(&postings);
	for (int i = 0; i < LIFE_EVENTS; i++)
		engine_apply(programme, &state, &life[i].event, &postings, NULL);
	ck_assert(memory_encode(programme, &state, &bytes));
	for (int i = 0; i < 500; i++) {
		uint8_t *copy = malloc(bytes.length);
		size_t length = 1 + (size_t)random_below(&random, (int)bytes.length);
		memcpy(copy, bytes.data, bytes.length);
		copy[random_below(&random, (int)bytes.length)] ^= (uint8_t)(1 << random_below(&random, 8));
		state_reset(&state);
		ck_assert(!memory_decode(programme, bytes.data, length - 1, &state));
		memory_decode(programme, copy, bytes.length, &state);
		free(copy);
	}
	bytes_free(&bytes);
	postings_free(&postings);
	state_free(&state);
	free(life);
}
END_TEST

// As before, with a life between the day and the telling: other points, since the tiers in between were
// others, but the same tiers from the telling on, or better ones.
START_TEST(what_comes_late_leads_to_the_same_tiers)
{
	const int index = 2 * _i + 1; // the synthetic ones
	const struct programme *programme = life_programme(index);
	struct life_event *life = life_make(programme, life_seed(index), LIFE_EVENTS);
	struct random random = {life_seed(index) + 2};
	struct member_state on_time, late;
	struct postings postings;
	state_init(&on_time, programme, true);
	state_init(&late, programme, true);
	postings_init(&postings);
	for (int cut = 5; cut < LIFE_EVENTS - 80; cut += 1 + random_below(&random, 12)) {
		struct event event = life[cut].event;
		int between = random_below(&random, 30);
		bool is_better[16] = {false};
		if (event.type != EVENT_PURCHASE)
			continue;
		state_reset(&on_time);
		state_reset(&late);
		both_live(programme, &on_time, &late, life, 0, cut, 0, 0);
		event.activity_day = DAY_NONE;
		if (event.day < on_time.day ||
			engine_apply(programme, &on_time, &event, &postings, NULL) != REFUSAL_NONE)
			continue;
		both_live(programme, &on_time, &late, life, cut + 1, between, 1, 0); // it ends its day
		event.seq = LIFE_EVENTS + 1;
		event.activity_day = event.day;
		event.day = late.day > event.day ? late.day + random_below(&random, 60) : event.day + 1;
		engine_advance(programme, &on_time, event.day, &postings, NULL);
		ck_assert_int_eq(engine_apply(programme, &late, &event, &postings, NULL), REFUSAL_NONE);
		ladders_judge(programme, &on_time, &late, is_better, index, cut);
		ladders_compare(programme, &on_time, &late, is_better, index, cut);
		for (int i = cut + 1 + between; i < cut + 70; i++) {
			both_live(programme, &on_time, &late, life, i, 1, event.day - event.activity_day,
				LIFE_EVENTS);
			ladders_compare(programme, &on_time, &late, is_better, index, i);
		}
		postings_reset(&postings);
	}
	postings_free(&postings);
	state_free(&on_time);
	state_free(&late);
	free(life);
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
	tcase_set_timeout(lives, 60);
	tcase_add_loop_test(lives, entries_sum_to_the_balance, 0, LIVES);
	tcase_add_loop_test(lives, all_ways_to_run_a_life_post_the_same, 0, LIVES);
	tcase_add_loop_test(lives, lines_of_one_category_count_as_one, 0, LIVES);
	tcase_add_loop_test(lives, what_is_returned_whole_has_earned_nothing, 0, LIVES);
	tcase_add_loop_test(lives, late_by_no_day_is_on_time, 0, 48);
	tcase_add_loop_test(lives, what_comes_late_gives_what_it_gave_on_time, 0, LIVES);
	tcase_add_loop_test(lives, what_comes_late_leads_to_the_same_tiers, 0, LIVES / 2);
	tcase_add_loop_test(lives, damaged_memory_does_no_harm, 0, 24);
	suite_add_tcase(suite, golden);
	suite_add_tcase(suite, lives);
	return suite;
}
