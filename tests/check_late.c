// What must hold of events that come late, in any life under any programme: they give what they would have
// given on time, and lead to the same tiers or to better ones.
#include "tests/engine_life.h"
#include "tests/engine_text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEED "20260310"
#define TOLD(life, event) life_programme_mixed(life)->code, life, event, life_first_seed(SEED), "late"

enum { LIVES = 144 };

// A second date that is the same as the first says nothing.
START_TEST(late_by_no_day_is_on_time)
{
	const struct programme *programme = life_programme_mixed(_i);
	struct life_event *life = life_make(programme, life_seed(SEED, _i), LIFE_EVENTS);
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
		LIFE_HOLDS(strcmp(expected, as_dated) == 0, LIFE_TELL "\none date:\n%s\ntwo dates:\n%s",
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
		LIFE_HOLDS(standing_metric(programme, on_time, l) == standing_metric(programme, late, l),
			"metric of %s, " LIFE_TELL, programme->ladders[l].code, TOLD(life, event));
		LIFE_HOLDS(then.tier == now.tier && then.until == now.until,
			"%s: %d until %d, %d until %d, " LIFE_TELL, programme->ladders[l].code, then.tier,
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
		LIFE_HOLDS(is_better[l] ||
				   (now->own_tier == then->own_tier && now->own_until == then->own_until),
			"%s: %d until %d, %d until %d, " LIFE_TELL, programme->ladders[l].code,
			then->own_tier, then->own_until, now->own_tier, now->own_until, TOLD(life, event));
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

static int next_that_may_be_late(const struct life_event *life, int from)
{
	while (from < LIFE_EVENTS && !event_type_may_be_late(life[from].event.type))
		from++;
	return from;
}

// Up to an event two members live the same. Then one does it on its day and waits, the other waits and tells
// it late: it gives the same points, and both stand on the same tiers from then on.
START_TEST(what_comes_late_gives_what_it_gave_on_time)
{
	const struct programme *programme = life_programme_mixed(_i);
	struct life_event *life = life_make(programme, life_seed(SEED, _i), LIFE_EVENTS);
	struct random random = {life_seed(SEED, _i) + 1};
	struct member_state on_time, late;
	struct postings postings;
	const bool none_is_better[16] = {false};
	int compared = 0;
	state_init(&on_time, programme, true);
	state_init(&late, programme, true);
	postings_init(&postings);
	for (int cut = next_that_may_be_late(life, 10); cut < LIFE_EVENTS;
		cut = next_that_may_be_late(life, cut + 1 + random_below(&random, 20))) {
		struct event event = life[cut].event;
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
			LIFE_HOLDS(strcmp(expected, told) == 0, LIFE_TELL "\non time:\n%s\nlate:\n%s",
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

// As before, with a life between the day and the telling: other points, since the tiers in between were
// others, but the same tiers from the telling on, or better ones.
START_TEST(what_comes_late_leads_to_the_same_tiers)
{
	const int index = 2 * _i + 1; // the synthetic ones
	const struct programme *programme = life_programme_mixed(index);
	struct life_event *life = life_make(programme, life_seed(SEED, index), LIFE_EVENTS);
	struct random random = {life_seed(SEED, index) + 2};
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

Suite *late_suite(void);

Suite *late_suite(void)
{
	Suite *suite = suite_create("late");
	TCase *lives = tcase_create("lives");
	tcase_set_timeout(lives, 60);
	tcase_add_loop_test(lives, late_by_no_day_is_on_time, 0, 48);
	tcase_add_loop_test(lives, what_comes_late_gives_what_it_gave_on_time, 0, LIVES);
	tcase_add_loop_test(lives, what_comes_late_leads_to_the_same_tiers, 0, LIVES / 2);
	suite_add_tcase(suite, lives);
	return suite;
}
