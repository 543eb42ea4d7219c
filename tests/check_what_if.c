// What-if: who moves, who is protected and what it costs, by hand and by what then really happens.
#include "model/programme/rulebook.h"
#include "tests/database.h"
#include "tests/program.h"
#include "tests/spine.h"
#include "tests/trial.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *what_if_suite(void);

static struct session *session;

static void setup(void)
{
	session = trial_begin("check_what_if");
}

static void teardown(void)
{
	story_end();
}

static int tier_place(const struct what_if_ladder *ladder, const char *code)
{
	for (int i = 0; i < ladder->tier_count; i++)
		if (strcmp(ladder->tiers[i], code) == 0)
			return i;
	ck_abort_msg("no tier %s", code);
}

static int64_t moved(const struct what_if_result *result, const char *from, const char *to)
{
	const struct what_if_ladder *ladder = &result->ladders[0];
	return ladder->moves[tier_place(ladder, from) * ladder->tier_count + tier_place(ladder, to)].value;
}

static int64_t protected_from(const struct what_if_result *result, const char *held, const char *other)
{
	const struct what_if_ladder *ladder = &result->ladders[0];
	return ladder->protection[tier_place(ladder, held) * ladder->tier_count + tier_place(ladder, other)]
		.value;
}

START_TEST(a_higher_threshold_protects)
{
	trial_people();
	char *text = trial_draft(CODE, GOLD_AT("800"), NULL);
	struct what_if_request request = trial_standings(text);
	struct what_if_result *result = trial_result(&request);
	ck_assert(result->is_exact);
	ck_assert_int_eq(result->members.value, 7);
	ck_assert_int_eq(result->unjudged, 0);
	ck_assert_int_eq(moved(result, "gold", "gold"), 3);
	ck_assert_int_eq(moved(result, "green", "green"), 3);
	ck_assert_int_eq(moved(result, "reserve", "reserve"), 1);
	ck_assert_int_eq(result->ladders[0].up.value, 0);
	ck_assert_int_eq(result->ladders[0].down.value, 0);
	ck_assert_int_eq(result->ladders[0].kept.value, 1); // not the one by hand: the points never gave it
	ck_assert_int_eq(protected_from(result, "gold", "green"), 1);
	ck_assert_int_eq(result->changed.value, 0);
	ck_assert_int_eq(result->largest_count, 0);
	ck_assert_int_eq(result->currencies[0].points_now.value, 500000);
	ck_assert_int_eq(result->currencies[0].points_change.value, 0);
	what_if_result_free(result);
	free(text);
}
END_TEST

START_TEST(a_lower_threshold_lifts)
{
	trial_people();
	char *text = trial_draft(CODE, GOLD_AT("300"), NULL);
	struct what_if_request request = trial_standings(text);
	struct what_if_result *result = trial_result(&request);
	ck_assert_int_eq(moved(result, "green", "gold"), 1);
	ck_assert_int_eq(result->ladders[0].up.value, 1);
	ck_assert_int_eq(result->ladders[0].kept.value, 0);
	ck_assert_int_eq(result->largest_count, 1);
	ck_assert_int_eq(result->largest[0].number, 2);
	ck_assert_str_eq(result->largest[0].name, "Test Member 2");
	ck_assert_str_eq(result->largest[0].tier_now, "green");
	ck_assert_str_eq(result->largest[0].tier_draft, "gold");
	what_if_result_free(result);
	free(text);
}
END_TEST

// What it says is what then happens: the draft is approved, and its day comes.
START_TEST(what_it_tells_is_what_happens)
{
	trial_people();
	char *text = trial_draft(CODE, SILVER, NULL);
	struct what_if_request request = trial_standings(text);
	struct what_if_result *result = trial_result(&request);
	ck_assert_int_eq(result->ladders[0].tier_count, 4);
	ck_assert_str_eq(result->ladders[0].tiers[1], "silver");
	ck_assert(!result->ladders[0].is_now[1] && result->ladders[0].is_draft[1]);
	ck_assert_int_eq(moved(result, "green", "silver"), 1);
	ck_assert_int_eq(result->ladders[0].up.value, 1);
	struct error error = {0};
	char from[DAY_SIZE];
	bool is_good = rulebook_install(
		session, "draft", text, strlen(text), day_format(DRAFT_FROM, from), NULL, &error);
	ck_assert_msg(is_good, "%s", error.why);
	setenv("PGUSER", "elif", 1);
	program_expect(0, "programme submit 2");
	setenv("PGUSER", "murat", 1);
	program_expect(0, "programme approve 2");
	setenv("PGUSER", "postgres", 1);
	spine_work(0, DRAFT_FROM);
	for (int i = 0; i < 4; i++) {
		char sql[300];
		int64_t expected = 0;
		for (int from_tier = 0; from_tier < 4; from_tier++)
			expected += result->ladders[0].moves[from_tier * 4 + i].value;
		snprintf(sql, sizeof sql,
			"SELECT count(*) FROM loyalty.standing s LEFT JOIN loyalty.tier t USING (tier_id) "
			"WHERE coalesce(t.code, 'green') = '%s'",
			result->ladders[0].tiers[i]);
		ck_assert_int_eq(database_number(session, sql), expected);
	}
	story_prove();
	what_if_result_free(result);
	free(text);
}
END_TEST

START_TEST(a_tier_that_goes_takes_its_members_down)
{
	trial_people();
	char *text = trial_draft(CODE, "unless_tier = [\"gold\", \"reserve\"]", "unless_tier = [\"reserve\"]",
		"{ " GOLD "; }, ", "", " gold = \"1.2\";", "", " gold = { valid_days = 7; };", "", NULL);
	struct what_if_request request = trial_standings(text);
	struct what_if_result *result = trial_result(&request);
	ck_assert_int_eq(result->ladders[0].tier_count, 3);
	ck_assert_int_eq(moved(result, "gold", "green"), 3);
	ck_assert_int_eq(result->ladders[0].down.value, 3);
	ck_assert_int_eq(result->largest_count, 3);
	what_if_result_free(result);
	free(text);
}
END_TEST

// At 120 for the brew, food300 gives most: 16/300 of a dollar a star, each member's cents cut off.
START_TEST(a_dearer_reward_lowers_the_liability)
{
	trial_people();
	char *text = trial_draft(CODE, "cost = \"100\"", "cost = \"120\"", NULL);
	struct what_if_request request = trial_standings(text);
	struct what_if_result *result = trial_result(&request);
	const struct what_if_currency *star = &result->currencies[0];
	ck_assert(star->is_valued);
	ck_assert(!result->currencies[1].is_valued);
	ck_assert_int_eq(star->money_now.value, 30000);
	ck_assert_int_eq(star->money_draft.value, 3200 + 2133 + 4800 + 16000 + 533);
	ck_assert_int_eq(star->money_change.value, -3334);
	ck_assert_int_eq(result->changed.value, 5);
	ck_assert_int_eq(result->largest[0].number, 4);
	ck_assert_int_eq(result->largest[0].money_change, -2000);
	ck_assert_int_eq(result->largest[4].number, 6);
	ck_assert_int_eq(result->largest[4].money_change, -67);
	what_if_result_free(result);
	free(text);
}
END_TEST

// A currency that the draft forgets: who holds some keeps to the old rules.
START_TEST(a_currency_that_goes_holds_its_members_back)
{
	trial_people();
	database_run(session, "INSERT INTO loyalty.balance VALUES (1, 2, 40)");
	char *text = trial_draft(CODE,
		",\n    { code = \"MILE\"; kind = \"partner\"; partner = \"delta\"; decimals = 0; }", "",
		NULL);
	char *rule = strstr(text, ",\n    { id = \"delta_reload\""), *end = strstr(rule, ");\n  rewards");
	ck_assert(rule && end);
	memmove(rule, end - 1, strlen(end - 1) + 1);
	struct what_if_request request = trial_standings(text);
	struct what_if_result *result = trial_result(&request);
	ck_assert_int_eq(result->currencies[1].points_now.value, 40);
	ck_assert_int_eq(result->currencies[1].points_draft.value, 40);
	ck_assert_int_eq(moved(result, "gold", "gold"), 3);
	ck_assert_int_eq(result->changed.value, 0);
	what_if_result_free(result);
	free(text);
}
END_TEST

// Days 0 to 10 are in, day 20 is not. At twice the rate: 100, 80 less 30, and 20 stars double; the reward for
// 25 that was denied would have been given.
START_TEST(a_period_is_replayed_and_compared)
{
	int64_t first = story_enrol("1"), second = story_enrol("2"), third = story_enrol("3");
	story_buy(first, "a", 1, 10000);
	story_buy(first, "late", 20, 5000);
	int64_t bought = story_buy(second, "b", 2, 8000);
	story_return(second, "c", 3, bought, 3000);
	story_buy(third, "d", 1, 2000);
	story_redeem(third, "e", 2, "mod25");
	trial_work(FIRST_DAY + 25);
	char *same = trial_draft(CODE, NULL),
	     *text = trial_draft(CODE, "green = \"1\"", "green = \"2\"", NULL);
	struct what_if_request request = trial_standings(text);
	request.kind = WHAT_IF_PERIOD;
	request.from = FIRST_DAY;
	request.to = FIRST_DAY + 10;
	struct what_if_result *result = trial_result(&request);
	ck_assert_str_eq(result->rules[0].id, "base");
	ck_assert_int_eq(result->rules[0].posted.value, 17000);
	ck_assert_int_eq(result->rules[0].draft.value, 34000);
	ck_assert_int_eq(result->rules[0].change.value, 17000);
	ck_assert_int_eq(result->events.value, 8);
	ck_assert_int_eq(result->denied.value, 0);
	ck_assert_int_eq(result->admitted.value, 1);
	ck_assert_int_eq(result->currencies[0].points_now.value, 17000);
	ck_assert_int_eq(result->currencies[0].points_draft.value, 20000 + 10000 + 1500);
	what_if_result_free(result);
	request.text = same;
	request.length = strlen(same);
	request.to = FIRST_DAY + 25;
	result = trial_result(&request);
	ck_assert_int_eq(result->rules[0].posted.value, 22000);
	ck_assert_int_eq(result->rules[0].change.value, 0);
	ck_assert_int_eq(result->changed.value, 0);
	ck_assert_int_eq(result->admitted.value, 0);
	what_if_result_free(result);
	free(same);
	free(text);
}
END_TEST

// Days 4 to 10. Of what came late 40 belong to it by the day they happened on, though told on day 20; 10 do
// not, though told on day 6, and are rated by the rules of day 2 in either case. What was bought on day 15 is
// lived through on the way to day 20 and not counted.
START_TEST(what_came_late_belongs_to_the_day_it_happened_on)
{
	int64_t first = story_enrol("1");
	story_buy_late(first, "told in it", 6, 2, 1000);
	story_buy(first, "in it", 7, 3000);
	story_buy(first, "after it", 15, 2000);
	story_buy_late(first, "told after it", 20, 5, 4000);
	story_buy_late(first, "not in it", 21, 1, 500);
	trial_work(FIRST_DAY + 25);
	char *text = trial_draft(CODE, "green = \"1\"", "green = \"2\"", NULL),
	     *same = trial_draft(CODE, NULL);
	struct what_if_request request = trial_standings(text);
	request.kind = WHAT_IF_PERIOD;
	request.from = FIRST_DAY + 4;
	request.to = FIRST_DAY + 10;
	struct what_if_result *result = trial_result(&request);
	ck_assert_int_eq(result->rules[0].posted.value, 7000);
	ck_assert_int_eq(result->rules[0].draft.value, 14000);
	ck_assert_int_eq(result->rules[0].change.value, 7000);
	ck_assert_int_eq(result->events.value, 2);
	ck_assert_int_eq(result->currencies[0].points_now.value, 4000);
	ck_assert_int_eq(result->currencies[0].points_draft.value, 7000);
	what_if_result_free(result);
	request.text = same;
	request.length = strlen(same);
	result = trial_result(&request);
	ck_assert_int_eq(result->rules[0].posted.value, 7000);
	ck_assert_int_eq(result->rules[0].change.value, 0);
	ck_assert_int_eq(result->changed.value, 0);
	what_if_result_free(result);
	free(same);
	free(text);
}
END_TEST

Suite *what_if_suite(void)
{
	Suite *suite = suite_create("what_if");
	TCase *trying = tcase_create("trying");
	tcase_add_checked_fixture(trying, setup, teardown);
	tcase_set_timeout(trying, 60);
	tcase_add_test(trying, a_higher_threshold_protects);
	tcase_add_test(trying, a_lower_threshold_lifts);
	tcase_add_test(trying, what_it_tells_is_what_happens);
	tcase_add_test(trying, a_tier_that_goes_takes_its_members_down);
	tcase_add_test(trying, a_dearer_reward_lowers_the_liability);
	tcase_add_test(trying, a_currency_that_goes_holds_its_members_back);
	tcase_add_test(trying, a_period_is_replayed_and_compared);
	tcase_add_test(trying, what_came_late_belongs_to_the_day_it_happened_on);
	suite_add_tcase(suite, trying);
	return suite;
}
