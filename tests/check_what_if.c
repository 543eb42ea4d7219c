// What-if: who moves, who is protected and what it costs, by hand, by sample and by what then really happens.
#include "model/programme/rulebook.h"
#include "model/what_if/what_if.h"
#include "tests/database.h"
#include "tests/program.h"
#include "tests/spine.h"
#include "tests/story.h"

#include <check.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *what_if_suite(void);

enum { DRAFT_FROM = FIRST_DAY + 30, WORKED_TO = FIRST_DAY + 10 };

static struct session *session;

static void setup(void)
{
	session = story_begin("check_what_if");
}

static void teardown(void)
{
	story_end();
}

// The programme in force with parts of its text replaced: old, new, old, new, ..., NULL. To be freed.
static char *draft_of(const char *first, ...) __attribute__((sentinel));
static char *draft_of(const char *first, ...)
{
	size_t length;
	char *text = spine_file(spine_programme_path("starbucks_us_2026"), &length);
	va_list values;
	va_start(values, first);
	for (const char *old = first; old; old = va_arg(values, const char *)) {
		const char *new = va_arg(values, const char *), *at = strstr(text, old);
		char *changed = NULL;
		ck_assert_msg(at != NULL, "%s", old);
		ck_assert_int_gt(
			asprintf(&changed, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old)), 0);
		free(text);
		text = changed;
	}
	va_end(values);
	return text;
}

#define CODE "code = \"starbucks_us_2026\"", "code = \"draft\""
#define GOLD "code = \"gold\"; at = \"500\""
#define GOLD_AT(at) GOLD, "code = \"gold\"; at = \"" at "\""

static struct session *open_another(void *payload, struct error *error)
{
	return session_open(payload, "check what-if", error);
}

static struct what_if_request standings_of(const char *text)
{
	return (struct what_if_request){.kind = WHAT_IF_STANDINGS,
		.name = "draft",
		.text = text,
		.length = strlen(text),
		.from = DRAFT_FROM,
		.to = DAY_NONE,
		.no_estimate = true,
		.seed = 1,
		.open = open_another,
		.payload = (void *)""};
}

static struct what_if *started(const struct what_if_request *request)
{
	struct error error = {0};
	struct document_errors errors;
	document_errors_init(&errors);
	struct what_if *what_if = what_if_start(request, &errors, &error);
	ck_assert_msg(what_if != NULL, "%s: %s", error.what, error.why);
	document_errors_free(&errors);
	return what_if;
}

// Its last result; all of it was done, or the test fails.
static struct what_if_result *result_of(const struct what_if_request *request)
{
	struct what_if *what_if = started(request);
	struct what_if_progress progress;
	while (what_if_wait(what_if, 1000, &progress))
		;
	ck_assert_msg(progress.stage == WHAT_IF_DONE, "%s: %s", progress.error.what, progress.error.why);
	struct what_if_result *result = what_if_take(what_if);
	ck_assert_ptr_nonnull(result);
	what_if_free(what_if);
	return result;
}

// How it ended without a result.
static struct error failure_of(const struct what_if_request *request)
{
	struct what_if *what_if = started(request);
	struct what_if_progress progress;
	while (what_if_wait(what_if, 1000, &progress))
		;
	ck_assert_int_eq(progress.stage, WHAT_IF_FAILED);
	what_if_free(what_if);
	return progress.error;
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

// The programme's last day is the workers' one and not, as everywhere at first, yesterday.
static void work(day_t day)
{
	char sql[120], text[DAY_SIZE];
	spine_work(0, day);
	snprintf(sql, sizeof sql, "UPDATE loyalty.programme SET processed_on = '%s'", day_format(day, text));
	database_run(session, sql);
}

// 600, 400, 900 and 3000 stars: gold, green, gold, reserve; one who did nothing; 100 stars and gold by hand;
// and one of whom nothing was ever heard. 5000 stars, worth 6 cents each (brew100), $300.
static void people_make(void)
{
	static const struct {
		const char *number;
		int64_t amount_minor;
	} PEOPLE[] = {{"1", 60000}, {"2", 40000}, {"3", 90000}, {"4", 300000}, {"5", 0}, {"6", 10000}};
	for (size_t i = 0; i < sizeof PEOPLE / sizeof *PEOPLE; i++) {
		int64_t member_id = story_enrol(PEOPLE[i].number);
		if (PEOPLE[i].amount_minor)
			story_buy(member_id, "buy", 1, PEOPLE[i].amount_minor);
		if (strcmp(PEOPLE[i].number, "6") == 0) {
			struct event event;
			event_init(&event, EVENT_TIER_GRANT, 1, FIRST_DAY + 2);
			event.ladder = "level";
			event.tier = "gold";
			event.until = FIRST_DAY + 300;
			spine_event(session, member_id, "by hand", &event);
		}
	}
	spine_member(session, "7");
	work(WORKED_TO);
}

START_TEST(a_higher_threshold_protects)
{
	people_make();
	char *text = draft_of(CODE, GOLD_AT("800"), NULL);
	struct what_if_request request = standings_of(text);
	struct what_if_result *result = result_of(&request);
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
	people_make();
	char *text = draft_of(CODE, GOLD_AT("300"), NULL);
	struct what_if_request request = standings_of(text);
	struct what_if_result *result = result_of(&request);
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

#define SILVER                                                                                               \
	"{ code = \"green\"; at = \"0\"; }",                                                                 \
		"{ code = \"green\"; at = \"0\"; }, { code = \"silver\"; at = \"350\"; }",                   \
		"by_tier = { green = \"1\";", "by_tier = { green = \"1\"; silver = \"1\";"

// What it says is what then happens: the draft is approved, and its day comes.
START_TEST(what_it_tells_is_what_happens)
{
	people_make();
	char *text = draft_of(CODE, SILVER, NULL);
	struct what_if_request request = standings_of(text);
	struct what_if_result *result = result_of(&request);
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
	people_make();
	char *text = draft_of(CODE, "unless_tier = [\"gold\", \"reserve\"]", "unless_tier = [\"reserve\"]",
		"{ " GOLD "; }, ", "", " gold = \"1.2\";", "", " gold = { valid_days = 7; };", "", NULL);
	struct what_if_request request = standings_of(text);
	struct what_if_result *result = result_of(&request);
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
	people_make();
	char *text = draft_of(CODE, "cost = \"100\"", "cost = \"120\"", NULL);
	struct what_if_request request = standings_of(text);
	struct what_if_result *result = result_of(&request);
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
	people_make();
	database_run(session, "INSERT INTO loyalty.balance VALUES (1, 2, 40)");
	char *text = draft_of(CODE,
		",\n    { code = \"MILE\"; kind = \"partner\"; partner = \"delta\"; decimals = 0; }", "",
		NULL);
	char *rule = strstr(text, ",\n    { id = \"delta_reload\""), *end = strstr(rule, ");\n  rewards");
	ck_assert(rule && end);
	memmove(rule, end - 1, strlen(end - 1) + 1);
	struct what_if_request request = standings_of(text);
	struct what_if_result *result = result_of(&request);
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
	work(FIRST_DAY + 25);
	char *same = draft_of(CODE, NULL), *text = draft_of(CODE, "green = \"1\"", "green = \"2\"", NULL);
	struct what_if_request request = standings_of(text);
	request.kind = WHAT_IF_PERIOD;
	request.from = FIRST_DAY;
	request.to = FIRST_DAY + 10;
	struct what_if_result *result = result_of(&request);
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
	result = result_of(&request);
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
	work(FIRST_DAY + 25);
	char *text = draft_of(CODE, "green = \"1\"", "green = \"2\"", NULL), *same = draft_of(CODE, NULL);
	struct what_if_request request = standings_of(text);
	request.kind = WHAT_IF_PERIOD;
	request.from = FIRST_DAY + 4;
	request.to = FIRST_DAY + 10;
	struct what_if_result *result = result_of(&request);
	ck_assert_int_eq(result->rules[0].posted.value, 7000);
	ck_assert_int_eq(result->rules[0].draft.value, 14000);
	ck_assert_int_eq(result->rules[0].change.value, 7000);
	ck_assert_int_eq(result->events.value, 2);
	ck_assert_int_eq(result->currencies[0].points_now.value, 4000);
	ck_assert_int_eq(result->currencies[0].points_draft.value, 7000);
	what_if_result_free(result);
	request.text = same;
	request.length = strlen(same);
	result = result_of(&request);
	ck_assert_int_eq(result->rules[0].posted.value, 7000);
	ck_assert_int_eq(result->rules[0].change.value, 0);
	ck_assert_int_eq(result->changed.value, 0);
	what_if_result_free(result);
	free(same);
	free(text);
}
END_TEST

enum { COPIES = 400 };
// The people again and again, every second id belonging to nobody.
static void people_multiply(void)
{
	char sql[500];
	people_make();
	database_run(session, "SET session_replication_role = replica");
	snprintf(sql, sizeof sql,
		"INSERT INTO loyalty.standing (member_id, programme_version, processed_on, memory) "
		"SELECT 100 + c * 14 + s.member_id * 2, s.programme_version, s.processed_on, s.memory "
		"FROM generate_series(1, %d) c, loyalty.standing s",
		COPIES);
	database_run(session, sql);
	snprintf(sql, sizeof sql,
		"INSERT INTO loyalty.balance SELECT 100 + c * 14 + b.member_id * 2, b.currency_id, b.points "
		"FROM generate_series(1, %d) c, loyalty.balance b",
		COPIES);
	database_run(session, sql);
	database_run(session, "ANALYZE");
}

struct coverage {
	int held, of;
};

static void cover(
	struct coverage *coverage, const struct what_if_figure *estimate, const struct what_if_figure *exact)
{
	ck_assert_int_eq(exact->low, exact->high);
	coverage->held += estimate->low <= exact->value && exact->value <= estimate->high;
	coverage->of++;
}

// The exact number lies within the interval of at least 93 % of the samples, counts and sums alike; several
// judges count the same as one.
START_TEST(samples_hold_the_exact_number)
{
	people_multiply();
	char *text = draft_of(CODE, GOLD_AT("300"), "cost = \"100\"", "cost = \"120\"", NULL);
	struct what_if_request request = standings_of(text);
	request.threads = 1;
	struct what_if_result *alone = result_of(&request);
	request.threads = 3;
	struct what_if_result *exact = result_of(&request);
	ck_assert_int_eq(exact->members.value, 7 * (COPIES + 1));
	ck_assert_int_eq(exact->ladders[0].up.value, COPIES + 1);
	ck_assert_int_eq(exact->ladders[0].up.value, alone->ladders[0].up.value);
	ck_assert_int_eq(exact->currencies[0].money_change.value, alone->currencies[0].money_change.value);
	for (int i = 0; i < WHAT_IF_LARGEST; i++)
		ck_assert_int_eq(exact->largest[i].member_id, alone->largest[i].member_id);
	struct coverage coverage = {0};
	request.no_estimate = false;
	request.no_exact = true;
	request.sample = 300;
	for (request.seed = 2026; request.seed < 2126; request.seed++) {
		struct what_if_result *estimate = result_of(&request);
		ck_assert(!estimate->is_exact);
		ck_assert_int_eq(estimate->drawn, 300);
		cover(&coverage, &estimate->members, &exact->members);
		cover(&coverage, &estimate->ladders[0].up, &exact->ladders[0].up);
		cover(&coverage, &estimate->ladders[0].moves[0], &exact->ladders[0].moves[0]);
		cover(&coverage, &estimate->currencies[0].points_now, &exact->currencies[0].points_now);
		cover(&coverage, &estimate->currencies[0].money_change, &exact->currencies[0].money_change);
		what_if_result_free(estimate);
	}
	ck_assert_msg(coverage.held >= coverage.of * 93 / 100, "%d of %d", coverage.held, coverage.of);
	what_if_result_free(exact);
	what_if_result_free(alone);
	free(text);
}
END_TEST

START_TEST(a_small_sample_says_how_little_it_knows)
{
	people_multiply();
	char *text = draft_of(CODE, GOLD_AT("300"), NULL);
	struct what_if_request request = standings_of(text);
	request.no_estimate = false;
	request.no_exact = true;
	request.sample = 3;
	struct what_if_result *result = result_of(&request);
	ck_assert_int_ge(result->ladders[0].up.high - result->ladders[0].up.low, result->ids / 2);
	ck_assert(result->currencies[0].points_change.is_vague);
	what_if_result_free(result);
	request.sample = 100000; // everybody: exact after all
	result = result_of(&request);
	ck_assert(result->is_exact);
	ck_assert_int_eq(result->ladders[0].up.value, COPIES + 1);
	ck_assert_int_eq(result->ladders[0].up.low, COPIES + 1);
	what_if_result_free(result);
	free(text);
}
END_TEST

// Waits until one of the what-if's statements stands behind a lock of the test's.
static void until_it_is_stuck(struct what_if *what_if)
{
	struct what_if_progress progress;
	while (database_number(session, "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE "
					"'check what-if%' AND wait_event_type = 'Lock'") == 0)
		ck_assert(what_if_wait(what_if, 20, &progress));
}

static struct what_if_progress ended(struct what_if *what_if)
{
	struct what_if_progress progress;
	while (what_if_wait(what_if, 1000, &progress))
		;
	return progress;
}

static int64_t what_ifs_connected(void)
{
	int64_t connected = 1;
	for (int i = 0; i < 500 && connected > 0; i++) {
		poll(NULL, 0, 10); // the server notices a closed connection when it comes to it
		connected = database_number(session,
			"SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'check what-if%'");
	}
	return connected;
}

START_TEST(cancelling_reaches_the_server)
{
	people_make();
	char *text = draft_of(CODE, NULL);
	struct what_if_request request = standings_of(text);
	struct session *other = database_session("");
	database_run(other, "BEGIN");
	database_run(other, "LOCK TABLE loyalty.balance IN ACCESS EXCLUSIVE MODE");
	struct what_if *what_if = started(&request);
	until_it_is_stuck(what_if);
	what_if_cancel(what_if);
	struct what_if_progress progress = ended(what_if);
	ck_assert_int_eq(progress.stage, WHAT_IF_CANCELLED);
	ck_assert_ptr_null(what_if_take(what_if));
	ck_assert_int_eq(what_ifs_connected(), 0); // while the lock still stands
	what_if_free(what_if);
	struct what_if *forgotten = started(&request);
	until_it_is_stuck(forgotten);
	what_if_free(forgotten);
	ck_assert_int_eq(what_ifs_connected(), 0);
	session_close(other);
	free(text);
}
END_TEST

START_TEST(a_lost_connection_is_told)
{
	people_make();
	char *text = draft_of(CODE, NULL);
	struct what_if_request request = standings_of(text);
	struct session *other = database_session("");
	database_run(other, "BEGIN");
	database_run(other, "LOCK TABLE loyalty.balance IN ACCESS EXCLUSIVE MODE");
	struct what_if *what_if = started(&request);
	until_it_is_stuck(what_if);
	database_run(session,
		"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE "
		"'check what-if%'");
	struct what_if_progress progress = ended(what_if);
	ck_assert_int_eq(progress.stage, WHAT_IF_FAILED);
	ck_assert_msg(progress.error.kind == ERROR_IN_DOUBT || progress.error.kind == ERROR_UNREACHABLE,
		"%s: %s", progress.error.what, progress.error.why);
	what_if_free(what_if);
	session_close(other);
	request.payload = (void *)"host=/nonexistent";
	ck_assert_int_eq(failure_of(&request).kind, ERROR_UNREACHABLE);
	free(text);
}
END_TEST

START_TEST(progress_is_told)
{
	people_multiply();
	char *text = draft_of(CODE, NULL);
	struct what_if_request request = standings_of(text);
	request.no_estimate = false;
	request.sample = 500;
	struct what_if *what_if = started(&request);
	struct what_if_progress progress;
	struct pollfd descriptor = {.fd = what_if_descriptor(what_if), .events = POLLIN};
	int estimates = 0, results = 0;
	bool goes_on = true;
	int64_t done = 0;
	enum what_if_stage stage = WHAT_IF_STARTING;
	while (goes_on) {
		ck_assert_int_eq(poll(&descriptor, 1, 60000), 1);
		goes_on = what_if_look(what_if, &progress);
		ck_assert_int_ge(progress.stage, stage);
		if (progress.stage == stage)
			ck_assert_int_ge(progress.done, done);
		if (progress.total > 0)
			ck_assert_int_le(progress.done, progress.total);
		stage = progress.stage;
		done = progress.done;
		struct what_if_result *result = what_if_take(what_if);
		estimates += result && !result->is_exact;
		results += result && result->is_exact;
		what_if_result_free(result);
	}
	ck_assert_int_eq(progress.stage, WHAT_IF_DONE);
	ck_assert_int_eq(progress.done, progress.total);
	ck_assert_int_eq(results, 1);
	ck_assert_int_le(estimates, 1); // seen, unless the exact one came before anybody looked
	ck_assert_int_gt(progress.estimate_ms, 0);
	what_if_free(what_if);
	free(text);
}
END_TEST

START_TEST(what_cannot_be_tried_is_refused)
{
	people_make();
	char *text = draft_of(CODE, GOLD_AT("0.123"), "kind = \"rolling\"", "kind = \"rolled\"", NULL);
	char *money = draft_of(CODE, "money = \"USD\"", "money = \"EUR\"", NULL);
	char *decimals = draft_of(
		CODE, "partner = \"delta\"; decimals = 0", "partner = \"delta\"; decimals = 1", NULL);
	struct what_if_request request = standings_of(text);
	struct document_errors errors;
	struct error error = {0};
	document_errors_init(&errors);
	ck_assert_ptr_null(what_if_start(&request, &errors, &error));
	ck_assert_int_eq(errors.count, 2);
	document_errors_free(&errors);
	request = standings_of(money);
	ck_assert_ptr_nonnull(strstr(failure_of(&request).why, "EUR"));
	request = standings_of(decimals);
	ck_assert_ptr_nonnull(strstr(failure_of(&request).why, "MILE"));
	request.from = WORKED_TO;
	error = failure_of(&request);
	ck_assert_int_eq(error.kind, ERROR_USAGE);
	ck_assert_ptr_nonnull(strstr(error.why, "processed already"));
	free(text);
	free(money);
	free(decimals);
}
END_TEST

static const char DIGEST[] =
	"SELECT md5(concat((SELECT string_agg(t::text, '' ORDER BY t::text) FROM loyalty.standing t), "
	"(SELECT string_agg(t::text, '' ORDER BY t::text) FROM loyalty.journal t), "
	"(SELECT string_agg(t::text, '' ORDER BY t::text) FROM loyalty.ledger_entry t), "
	"(SELECT string_agg(t::text, '' ORDER BY t::text) FROM loyalty.lot t), "
	"(SELECT string_agg(t::text, '' ORDER BY t::text) FROM loyalty.balance t), "
	"(SELECT string_agg(t::text, '' ORDER BY t::text) FROM loyalty.programme_version t), "
	"(SELECT string_agg(t::text, '' ORDER BY t::text) FROM loyalty.tier t)))";

// On the command line, by those who write and approve programmes.
START_TEST(the_verb_tells_it_and_writes_nothing)
{
	people_make();
	char before[64], *text = draft_of(CODE, SILVER, NULL);
	const char *file = program_file("draft.conf", text);
	snprintf(before, sizeof before, "%s", database_text(session, DIGEST));
	setenv("PGUSER", "elif", 1);
	const struct program *p = program_expect(0, "what-if %s --from 2026-05-01", file);
	ck_assert_ptr_nonnull(strstr(p->out, "exact, 7 members"));
	ck_assert_ptr_nonnull(strstr(p->out, "up 1, down 0, protected 0"));
	ck_assert_ptr_nonnull(strstr(p->out, "green to silver"));
	ck_assert_ptr_nonnull(strstr(p->out, "STAR, liability  $300.00  $300.00   $0.00"));
	setenv("PGUSER", "murat", 1);
	p = program_expect(0, "what-if %s --from 2026-05-01 --format csv --read-only", file);
	ck_assert_ptr_nonnull(strstr(p->out, "move,level,green,silver,1,1,1\r\n"));
	p = program_expect(0, "what-if %s --period 2026-03-10..2026-03-20 --format json", file);
	ck_assert_ptr_nonnull(
		strstr(p->out, "{\"about\": \"rule_change\", \"object\": \"base\", \"value\": 0.00"));
	p = program_expect(1, "what-if %s", program_file("broken.conf", "programme = { code = 5; };"));
	ck_assert_ptr_nonnull(strstr(p->err, "broken.conf:1: programme.code: V3"));
	program_expect(2, "what-if %s --from 2026-03-01", file);
	program_expect(2, "what-if %s --period 2026-03-10", file);
	program_expect(2, "what-if %s --exact --estimate", file);
	setenv("PGUSER", "kasa", 1);
	program_expect(1, "what-if %s", file);
	setenv("PGUSER", "postgres", 1);
	ck_assert_str_eq(database_text(session, DIGEST), before);
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
	tcase_add_test(trying, samples_hold_the_exact_number);
	tcase_add_test(trying, a_small_sample_says_how_little_it_knows);
	tcase_add_test(trying, cancelling_reaches_the_server);
	tcase_add_test(trying, a_lost_connection_is_told);
	tcase_add_test(trying, progress_is_told);
	tcase_add_test(trying, what_cannot_be_tried_is_refused);
	tcase_add_test(trying, the_verb_tells_it_and_writes_nothing);
	suite_add_tcase(suite, trying);
	return suite;
}
