// The run of campaigns: the draw is the same everywhere and fair, and whatever happens to workers no budget
// is exceeded, nothing is given twice and nothing is forgotten.
#include "model/campaign/campaign_decide.h"
#include "model/campaign/campaign_try.h"
#include "model/campaign/campaign_verify.h"
#include "tests/campaigns.h"
#include "tests/database.h"
#include "tests/spine.h"
#include "tests/story.h"

#include <check.h>
#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct session *session;

static const uint8_t COUNTING[CAMPAIGN_DRAW_SEED] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
	17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31};

// Worked out by another program (Python's hmac), so that the draw is what its description says, on every
// machine.
START_TEST(the_draw_is_the_described_one)
{
	struct campaign_draw draw, ones;
	uint8_t all_ones[CAMPAIGN_DRAW_SEED];
	memset(all_ones, 0xff, sizeof all_ones);
	campaign_draw_init(&draw, COUNTING);
	campaign_draw_init(&ones, all_ones);
	ck_assert_int_eq(campaign_draw_ticket(&draw, 1, 1, 1, 2027), 147223);
	ck_assert_int_eq(campaign_draw_ticket(&draw, 7, 3, 1000123, INT64_MAX), 593116);
	ck_assert_int_eq(campaign_draw_ticket(&draw, 32000, 12, 25000000, -4), 271585);
	ck_assert_int_eq(campaign_draw_hold_out(&draw, 7, 1000123), 6158);
	ck_assert_int_eq(campaign_draw_house_hold_out(&draw, 1000123), 516144);
	ck_assert_int_eq(campaign_draw_ticket(&ones, 1, 1, 1, 2027), 207063);
	ck_assert_int_eq(campaign_draw_hold_out(&ones, 7, 1000123), 323271);
	ck_assert(!draw.has_failed && !ones.has_failed);
	campaign_draw_free(&draw);
	campaign_draw_free(&ones);
}
END_TEST

// Chi-square over a million draws of each prize table. The seed is fixed, so the test says yes or no for
// good; the bound is that of one in a million.
enum { DRAWS = 1000000 };

static const struct {
	int chances[8], count;
	double bound; // of chi-square with count - 1 degrees of freedom, p = 1e-6
} tables[] = {
	{{5000, 95000, 100000, 200000, 600000}, 5, 33.38},
	{{10000, 190000, 800000}, 3, 27.63},
	{{500000, 500000}, 2, 23.93},
	{{1, 999999}, 2, 23.93},
	{{125000, 125000, 125000, 125000, 125000, 125000, 125000, 125000}, 8, 40.52},
	{{300000, 700000}, 2, 23.93},
};

// The prizes of a table, drawn `drawn[i]` times each.
static void table_counts(const int *tickets, int64_t *drawn, int table)
{
	struct campaign_prize prizes[8] = {{.code = ""}};
	const struct campaign campaign = {.prizes = prizes, .prize_count = tables[table].count};
	for (int i = 0; i < 8; i++)
		prizes[i].chance = tables[table].chances[i];
	for (int i = 0; i < DRAWS; i++)
		drawn[campaign_prize_drawn(&campaign, tickets[i])]++;
}

START_TEST(a_million_draws_are_fair)
{
	struct campaign_draw draw;
	int *tickets = calloc(DRAWS, sizeof *tickets);
	campaign_draw_init(&draw, COUNTING);
	for (int i = 0; tickets && i < DRAWS; i++)
		tickets[i] = campaign_draw_ticket(&draw, 1, 1, i + 1, 2027);
	campaign_draw_free(&draw);
	ck_assert(tickets && !draw.has_failed);
	for (size_t table = 0; table < sizeof tables / sizeof *tables; table++) {
		int64_t drawn[8] = {0};
		double chi_square = 0;
		table_counts(tickets, drawn, (int)table);
		for (int i = 0; i < tables[table].count; i++) {
			double expected = (double)DRAWS * tables[table].chances[i] / 1e6;
			chi_square += pow((double)drawn[i] - expected, 2) / expected;
		}
		ck_assert_msg(
			chi_square < tables[table].bound, "table %zu: chi-square %.2f", table, chi_square);
	}
	free(tickets);
}
END_TEST

static const char DAILY[] =
	"campaign = { code = \"daily\"; name = \"Daily\"; start = \"2027-01-01\"; end = \"2027-01-10\"; "
	"trigger = { on = \"schedule\"; every = \"day\"; };\n"
	"currency = \"STAR\"; prizes = ( { id = \"a\"; chance = 20; points = 7; stock = 100; consolation = "
	"\"b\"; cost = \"1.5\"; }, { id = \"b\"; chance = 20; points = 3; "
	"cost = 1; }, { id = \"r\"; chance = 10; reward = \"off60\"; cost = 2; }, { id = \"n\"; chance = 50; "
	"} );\n"
	"budget = { points = 4000; money = 500; }; hold_out = 10; };\n";

enum { MEMBERS = 200 };

static void members_make(void)
{
	char sql[1400];
	snprintf(sql, sizeof sql,
		"INSERT INTO loyalty.member (number, given_name, family_name, born, enrolled_on) "
		"SELECT g, 'Ay', 'Ay', date '1980-01-01' + g %% 5, date '2026-01-01' + g %% 3 FROM "
		"generate_series(1, %d) g; "
		"INSERT INTO loyalty.member_identifier (value, kind, member_id) SELECT number, 'number', "
		"member_id FROM loyalty.member; "
		"INSERT INTO loyalty.standing (member_id) SELECT member_id FROM loyalty.member; "
		"INSERT INTO loyalty.journal (member_id, type, lane, activity_on, source, external_id) "
		"SELECT m.member_id, 'enrol', 1, '2026-03-11', 'bulk', 'enrol' FROM loyalty.member m ORDER "
		"BY 1; "
		"INSERT INTO loyalty.inbox SELECT loyalty.bucket_of(member_id), member_id, seq, 1 FROM "
		"loyalty.journal; "
		"UPDATE loyalty.campaign_policy SET cooldown_days = 0; "
		"UPDATE loyalty.campaign_seed SET seed = sha256('house')",
		MEMBERS);
	database_run(session, sql);
	spine_work(0, FIRST_DAY + 1);
}

static void day_is(const char *day)
{
	char sql[200];
	snprintf(sql, sizeof sql,
		"CREATE OR REPLACE FUNCTION loyalty.business_day() RETURNS date LANGUAGE sql STABLE AS $$ "
		"SELECT date '%s' $$",
		day);
	database_run(session, sql);
}

static void database_begin(void)
{
	session = story_begin("check_campaign_base");
	members_make();
	day_is("2027-01-01");
	story_end();
}

// A copy of that database for each test.
static void setup(void)
{
	session = database_session("dbname=postgres");
	database_run(session, "DROP DATABASE IF EXISTS check_campaign_run");
	database_run(session, "CREATE DATABASE check_campaign_run TEMPLATE check_campaign_base");
	session_close(session);
	setenv("PGDATABASE", "check_campaign_run", 1);
	session = story_resume();
}

static void teardown(void)
{
	story_end();
}

static int64_t number(const char *sql)
{
	return database_number(session, sql);
}

// All sums agree, nothing is over its budget or stock, every prize has its event and nothing else has one.
static void stays_true(void)
{
	ck_assert_int_eq(number("SELECT count(*) FROM loyalty.campaign c CROSS JOIN LATERAL (SELECT count(*) "
				"AS n, count(*) FILTER (WHERE outcome = 'prize') AS w, "
				"coalesce(sum(points), 0) AS p, coalesce(sum(minor), 0) AS m FROM "
				"loyalty.campaign_grant g WHERE g.campaign_no = c.campaign_no) g "
				"WHERE (c.decisions, c.grants, c.spent_points, c.spent_minor) IS DISTINCT "
				"FROM (g.n, g.w, g.p, g.m) OR "
				"c.spent_points > c.budget_points OR c.spent_minor > c.budget_minor"),
		0);
	ck_assert_int_eq(number("SELECT count(*) FROM loyalty.campaign_prize z WHERE z.given <> (SELECT "
				"count(*) FROM loyalty.campaign_grant g WHERE "
				"g.campaign_no = z.campaign_no AND g.prize = z.prize) OR z.given > z.stock"),
		0);
	ck_assert_int_eq(number("SELECT count(*) FROM (SELECT * FROM loyalty.campaign_grant g WHERE "
				"g.outcome = 'prize') g FULL JOIN (SELECT * FROM loyalty.journal j "
				"WHERE j.source LIKE 'campaign:%') j ON j.member_id = g.member_id AND j.seq "
				"= g.seq AND j.external_id = g.instance::text "
				"WHERE g.seq IS NULL OR j.seq IS NULL"),
		0);
	ck_assert_int_eq(number("SELECT count(*) FROM loyalty.outcome"), 0);
	ck_assert_int_eq(number("SELECT count(*) FROM loyalty.inbox"), 0);
}

START_TEST(a_day_is_run_once)
{
	campaigns_start(DAILY);
	spine_work(0, FIRST_DAY + 297); // 2027-01-01
	ck_assert_str_eq(database_text(session, "SELECT state FROM loyalty.campaign"), "running");
	ck_assert_int_eq(number("SELECT decisions FROM loyalty.campaign"), MEMBERS);
	int64_t granted = number("SELECT grants FROM loyalty.campaign");
	ck_assert_int_gt(granted, MEMBERS / 4);
	stays_true();
	spine_work(0, FIRST_DAY + 297);
	ck_assert_int_eq(number("SELECT decisions FROM loyalty.campaign"), MEMBERS);
	ck_assert_int_eq(
		number("SELECT -sum(-amount)::bigint FROM loyalty.ledger_entry WHERE account_id = 1001"),
		number("SELECT spent_points FROM loyalty.campaign"));
	ck_assert_int_eq(number("SELECT count(*) FROM loyalty.issued_reward"),
		number("SELECT given FROM loyalty.campaign_prize WHERE prize = 'r'"));
	ck_assert_str_eq(database_text(session, "SELECT string_agg(DISTINCT reason, ',') FROM "
						"loyalty.journal WHERE type = 'reward_grant'"),
		"Daily");
	story_prove();
}
END_TEST

// Days that no worker saw are made up for; the campaign pauses by itself when nothing can be won any more.
START_TEST(it_pauses_when_the_budget_is_used_up)
{
	campaigns_start(DAILY);
	spine_work(0, FIRST_DAY + 306); // 2027-01-10
	ck_assert_str_eq(database_text(session, "SELECT state || ': ' || why FROM loyalty.campaign"),
		"paused: the budget of money is used up");
	ck_assert_int_gt(number("SELECT spent_minor FROM loyalty.campaign"), 49900);
	ck_assert_int_eq(number("SELECT given FROM loyalty.campaign_prize WHERE prize = 'a'"), 100);
	ck_assert_int_gt(
		number("SELECT count(*) FROM loyalty.campaign_grant WHERE drawn = 'a' AND prize = 'b'"), 0);
	stays_true();
	spine_work(0, FIRST_DAY + 310);
	ck_assert_str_eq(database_text(session, "SELECT state FROM loyalty.campaign"), "ended");
	story_prove();
}
END_TEST

static const char EVENTS[] =
	"campaign = { code = \"CODE\"; name = \"X\"; start = \"2027-01-01\"; end = \"2027-03-01\"; trigger = "
	"{ TRIGGER };\n"
	"currency = \"STAR\"; prizes = ( { id = \"a\"; chance = 100; points = 1; } ); LIMITS };\n";

static int start(const char *trigger, const char *limits)
{
	static char code[] = "a";
	const char *text = campaigns_change(campaigns_change(EVENTS, "TRIGGER", trigger), "LIMITS", limits);
	text = campaigns_change(text, "CODE", code);
	code[0]++;
	return campaigns_start(text);
}

static int64_t decided(const char *where)
{
	char sql[400];
	snprintf(sql, sizeof sql, "SELECT count(*) FROM loyalty.campaign_grant WHERE %s", where);
	return number(sql);
}

// The births are on 1 to 5 January, one on 29 February.
START_TEST(birthdays_come_on_their_day)
{
	database_run(session, "UPDATE loyalty.member SET born = '2000-02-29' WHERE member_id = 5");
	start("on = \"birthday\"; leap = \"mar1\";", "");
	spine_work(0, FIRST_DAY + 299); // 2027-01-03
	ck_assert_int_eq(decided("true"), MEMBERS / 5 * 3 - 1);
	spine_work(0, FIRST_DAY + 355); // 2027-02-28
	ck_assert_int_eq(decided("member_id = 5"), 0);
	spine_work(0, FIRST_DAY + 356);
	ck_assert_str_eq(
		database_text(session,
			"SELECT on_day || ' ' || instance FROM loyalty.campaign_grant WHERE member_id = 5"),
		"2027-03-01 2027");
	ck_assert_int_eq(decided("true"), MEMBERS);
}
END_TEST

START_TEST(anniversaries_count_years)
{
	start("on = \"anniversary\";", "");
	spine_work(0, FIRST_DAY + 298); // 2027-01-02
	ck_assert_int_eq(decided("true"),
		number("SELECT count(*) FROM loyalty.member WHERE enrolled_on < '2026-01-03'"));
}
END_TEST

static void buy(int64_t member_id, const char *external_id, int day)
{
	story_buy(member_id, external_id, day, 1000);
}

static void case_open_of(int64_t member_id)
{
	story_number("SELECT loyalty.case_open(MEMBER, gen_random_uuid(), 'why?', 'phone', 2, 'from_member', "
		     "'why?')",
		member_id);
}

// The third purchase, and the first after 30 days without; what is told late within three days is found.
START_TEST(purchases_are_counted)
{
	int third = start("on = \"purchase\"; nth = 3;", ""), back = start("on = \"return\"; days = 30;", "");
	char where[100];
	buy(1, "1", 250);
	buy(1, "2", 297);
	buy(1, "3", 297);
	buy(1, "4", 297);
	buy(2, "5", 280);
	buy(2, "6", 297);
	spine_work(0, FIRST_DAY + 297);
	snprintf(where, sizeof where, "campaign_no = %d AND member_id = 1", third);
	ck_assert_int_eq(decided(where), 1);
	ck_assert_str_eq(database_text(session,
				 "SELECT j.external_id FROM loyalty.campaign_grant g JOIN loyalty.journal j "
				 "ON j.member_id = g.member_id AND j.seq = g.instance "
				 "WHERE g.campaign_no = 1"),
		"3");
	snprintf(where, sizeof where, "campaign_no = %d AND member_id = 1", back);
	ck_assert_int_eq(decided(where), 1);
	ck_assert_int_eq(decided("member_id = 2"), 0);
	buy(2, "7", 298);
	spine_work(0, FIRST_DAY + 300);
	ck_assert_int_eq(decided("member_id = 2"), 1);
	ck_assert_int_eq(decided("true"), 3);
	stays_true();
}
END_TEST

START_TEST(tiers_cases_and_calls_are_found)
{
	int tier = start("on = \"tier\"; ladder = \"level\"; tier = \"gold\";", ""),
	    resolved = start("on = \"case_resolved\";", ""), hand = start("on = \"hand\";", "");
	char sql[300];
	story_buy(1, "big", 297, 60000);
	case_open_of(2);
	database_run(session, "SELECT loyalty.case_resolve(2, 1, NULL, 'late', 'kept'); "
			      "UPDATE loyalty.member_case SET resolved_at = '2027-01-01 12:00'");
	snprintf(sql, sizeof sql, "SELECT loyalty.campaign_trigger(%d, '3')", hand);
	struct session *own = database_login("elif");
	ck_assert_str_eq(database_refusal(own, "SELECT loyalty.campaign_trigger(2, '3')"), "LY010");
	database_number(own, sql);
	spine_work(0, FIRST_DAY + 297);
	snprintf(sql, sizeof sql, "(member_id, campaign_no) IN ((1, %d), (2, %d), (3, %d))", tier, resolved,
		hand);
	ck_assert_int_eq(decided(sql), 3);
	ck_assert_int_eq(decided("true"), 3);
	snprintf(sql, sizeof sql, "SELECT loyalty.campaign_trigger(%d, NULL)", hand);
	database_number(own, sql);
	session_close(own);
	spine_work(0, FIRST_DAY + 297);
	ck_assert_int_eq(decided("campaign_no = 3"), MEMBERS + 1);
	stays_true();
}
END_TEST

static void answer(int64_t member_id, const char *survey, int score)
{
	char sql[200];
	snprintf(sql, sizeof sql,
		"SELECT (fate = 'taken')::int FROM loyalty.survey_answer_for(%" PRId64 ", '%s', '{%d}', '')",
		member_id, survey, score);
	ck_assert_int_eq(number(sql), 1);
}

// An answer is one instance, whatever becomes of it later; the class is that of its survey.
START_TEST(answers_are_found_by_their_class)
{
	database_run(session, "SELECT loyalty.survey_create('{\"code\": \"mood\", \"name\": \"Mood\", \"kind\": "
			      "\"nps\", \"questions\": [\"Well?\"]}'); SELECT loyalty.survey_create('{\"code\": "
			      "\"desk\", \"name\": \"Desk\", \"kind\": \"csat\", \"questions\": [\"Well?\"]}')");
	int best = start("on = \"survey_answer\"; survey = \"mood\"; answer = \"promoter\";", ""),
	    worst = start("on = \"survey_answer\"; survey = \"mood\"; answer = \"detractor\";", ""),
	    pleased = start("on = \"survey_answer\"; survey = \"desk\"; answer = \"promoter\";", ""),
	    any = start("on = \"survey_answer\"; survey = \"mood\";", "");
	char where[300];
	answer(1, "mood", 9);
	answer(2, "mood", 8);
	answer(3, "mood", 6);
	answer(4, "desk", 4);
	answer(4, "mood", 10);
	spine_work(0, FIRST_DAY + 297);
	spine_work(0, FIRST_DAY + 297);
	snprintf(where, sizeof where,
		"(campaign_no, member_id) IN ((%d, 1), (%d, 4), (%d, 3), (%d, 4), (%d, 1), (%d, 2), (%d, 3), (%d, 4))",
		best, best, worst, pleased, any, any, any, any);
	ck_assert_int_eq(decided(where), 8);
	ck_assert_int_eq(decided("true"), 8);
	database_run(session, "UPDATE loyalty.survey_response SET comment = 'more words' WHERE member_id = 1");
	day_is("2027-01-03");
	answer(5, "mood", 9);
	spine_work(0, FIRST_DAY + 300);
	ck_assert_int_eq(decided("member_id = 5 AND on_day = '2027-01-03'"), 2);
	ck_assert_int_eq(decided("true"), 10);
	stays_true();
}
END_TEST

static const char TREBLE[] =
	"campaign = { code = \"treble\"; name = \"Treble\"; start = \"2027-01-01\"; end = \"2027-03-01\"; trigger = "
	"{ on = \"hand\"; }; currency = \"STAR\"; prizes = ( { id = \"x3\"; chance = 100; multiplier = 3; days = "
	"14; cost = 5; } ); budget = { money = 10; }; };\n";

static int64_t proofs(int campaign_no);

// $10.00 earn 10 stars, and 30 from 1 to 14 January. A return takes what was given, a late purchase goes by its
// day, a replay comes to the same; and the campaign's own proof knows the event.
START_TEST(a_multiplier_is_a_prize)
{
	int campaign_no = campaigns_start(TREBLE);
	int64_t before = story_balance(7);
	number("SELECT loyalty.campaign_trigger(1, '7')");
	spine_work(0, FIRST_DAY + 297); // 2027-01-01
	ck_assert_str_eq(database_text(session, "SELECT type || ' ' || object || ' ' || amount || ' ' || until_on "
						"FROM loyalty.journal WHERE source = 'campaign:1'"),
		"multiplier_grant STAR 300 2027-01-15");
	int64_t bought = story_buy(7, "first", 297, 1000);
	story_buy(7, "last", 310, 1000);
	story_buy(7, "after", 311, 1000);
	spine_work(0, FIRST_DAY + 311);
	ck_assert_int_eq(story_balance(7) - before, 7000);
	story_return(7, "back", 312, bought, 400);
	spine_work(0, FIRST_DAY + 312);
	ck_assert_int_eq(story_balance(7) - before, 5800);
	story_buy_late(7, "late", 313, 300, 1000);
	story_return(7, "all", 313, bought, 600);
	spine_work(0, FIRST_DAY + 313);
	ck_assert_int_eq(story_balance(7) - before, 7000);
	ck_assert_int_eq(number("SELECT spent_minor FROM loyalty.campaign"), 500);
	stays_true();
	story_prove();
	ck_assert_int_eq(proofs(campaign_no), 0);
}
END_TEST

START_TEST(limits_and_the_cooldown_hold)
{
	start("on = \"hand\";", "limits = { member = ( { count = 2; per = \"month\"; } ); total = ( { count "
				"= 5; per = \"day\"; } ); };");
	for (int i = 0; i < 3; i++)
		number("SELECT loyalty.campaign_trigger(1, '7')");
	spine_work(0, FIRST_DAY + 297);
	ck_assert_int_eq(decided("member_id = 7 AND outcome = 'prize'"), 2);
	ck_assert_int_eq(decided("member_id = 7 AND outcome = 'limit'"), 1);
	number("SELECT loyalty.campaign_trigger(1, NULL)");
	spine_work(0, FIRST_DAY + 297);
	ck_assert_int_eq(decided("outcome = 'prize'"), 5);
	database_run(session, "UPDATE loyalty.campaign_policy SET cooldown_days = 3");
	start("on = \"schedule\"; every = \"day\";", "");
	spine_work(0, FIRST_DAY + 299); // 2027-01-03: the cooldown is not over yet
	ck_assert_int_eq(decided("campaign_no = 1 AND outcome = 'cooldown'"), 0);
	ck_assert_int_eq(
		decided("on_day = '2027-01-01' AND campaign_no = 1 AND outcome = 'limit'"), MEMBERS + 3 - 5);
	stays_true();
}
END_TEST

// Of those held out nobody gets anything, from any campaign, and they stay the same over revisions.
START_TEST(a_hold_out_stays_one)
{
	database_run(session, "UPDATE loyalty.campaign_policy SET hold_out_ppm = 200000");
	start("on = \"schedule\"; every = \"day\";", "hold_out = 25;");
	spine_work(0, FIRST_DAY + 297);
	int64_t held = decided("outcome = 'hold_out'");
	ck_assert_int_gt(held, MEMBERS / 5);
	ck_assert_int_lt(held, MEMBERS * 3 / 5);
	const char *text = campaigns_change(EVENTS, "TRIGGER", "on = \"schedule\"; every = \"day\";");
	campaigns_save(campaigns_change(
		campaigns_change(text, "LIMITS", "hold_out = 25; cooldown_days = 1;"), "CODE", "a"));
	campaigns_submit(1);
	campaigns_approve(1);
	spine_work(0, FIRST_DAY + 298);
	ck_assert_int_eq(decided("revision_no = 2"), MEMBERS);
	ck_assert_int_eq(
		number("SELECT count(*) FROM (SELECT member_id FROM loyalty.campaign_grant GROUP BY 1 "
		       "HAVING count(DISTINCT outcome = 'hold_out') > 1) x"),
		0);
	stays_true();
}
END_TEST

START_TEST(harm_pauses_it)
{
	start("on = \"schedule\"; every = \"day\";", "stop = { complaints = 2; };");
	spine_work(0, FIRST_DAY + 297);
	case_open_of(2);
	case_open_of(3);
	spine_work(0, FIRST_DAY + 298);
	ck_assert_str_eq(database_text(session, "SELECT state || ': ' || why FROM loyalty.campaign"),
		"paused: 2 members it gave something have opened cases");
	ck_assert_int_eq(decided("true"), MEMBERS);
}
END_TEST

// So many more answers, low ones of receivers and high ones of those held out.
static void answers_add(bool of_held_out, int count)
{
	char sql[400];
	snprintf(sql, sizeof sql,
		"SELECT count(x.fate) FROM (SELECT f.member_id FROM loyalty.campaign_first(1) f WHERE f.is_held_out = "
		"%s AND NOT EXISTS (SELECT FROM loyalty.survey_response r WHERE r.member_id = f.member_id) ORDER BY 1 "
		"LIMIT %d) f, loyalty.survey_answer_for(f.member_id, 'mood', '{%d}', '') x",
		of_held_out ? "true" : "false", count, of_held_out ? 10 : 3);
	ck_assert_int_eq(number(sql), count);
}

// Of few answers nothing follows, however bad they are; of enough, that the difference is more than chance.
START_TEST(a_fall_of_nps_pauses_it)
{
	database_run(session, "SELECT loyalty.survey_create('{\"code\": \"mood\", \"name\": \"Mood\", \"kind\": "
			      "\"nps\", \"questions\": [\"Well?\"]}')");
	start("on = \"schedule\"; every = \"day\";", "hold_out = 40; stop = { nps_drop = 20; };");
	spine_work(0, FIRST_DAY + 297);
	day_is("2027-01-02");
	answers_add(false, 40);
	answers_add(true, 29);
	spine_work(0, FIRST_DAY + 298);
	ck_assert_str_eq(database_text(session, "SELECT state FROM loyalty.campaign"), "running");
	day_is("2027-01-03");
	answers_add(true, 1);
	spine_work(0, FIRST_DAY + 299);
	ck_assert_str_eq(database_text(session, "SELECT state || ': ' || why FROM loyalty.campaign"),
		"paused: the NPS of receivers is 200 points below that of the held out (95 %: 200 to 200; 40 and 30 "
		"answers)");
	ck_assert_int_eq(decided("true"), 2 * MEMBERS);
}
END_TEST

START_TEST(a_budget_is_paced)
{
	start("on = \"schedule\"; every = \"day\";",
		"budget = { points = 6000; pace = \"even\"; };"); // 60 days
	spine_work(0, FIRST_DAY + 297);
	ck_assert_int_eq(decided("outcome = 'prize'"), 100);
	ck_assert_int_eq(decided("outcome = 'budget'"), MEMBERS - 100);
	spine_work(0, FIRST_DAY + 298);
	ck_assert_int_eq(decided("outcome = 'prize'"), 200);
	stays_true();
}
END_TEST

START_TEST(the_audience_is_a_condition)
{
	database_run(session, "UPDATE loyalty.member SET city = 'İzmir' WHERE member_id <= 30");
	start("on = \"schedule\"; every = \"day\";",
		"audience = \"city = 'izmir' and not spend(30 days) > 0\";");
	buy(1, "x", 297);
	spine_work(0, FIRST_DAY + 297);
	ck_assert_int_eq(decided("member_id <= 30"), 29);
	ck_assert_int_eq(decided("true"), 29);
	stays_true();
}
END_TEST

static bool try_daily(struct campaign_try *result, const char *document, bool is_past, day_t from, int days)
{
	struct campaign_house house;
	struct campaign campaign;
	struct document_errors errors;
	struct error error = {0};
	struct session *own = database_login("elif");
	document_errors_init(&errors);
	ck_assert(campaign_house_load(&house, own, &error));
	ck_assert(campaign_read(&campaign, "daily", document, strlen(document), &house, &errors));
	const struct try_options options = {.campaign_no = 1,
		.revision_no = 1,
		.from = from,
		.to = from + days - 1,
		.is_past = is_past,
		.today = FIRST_DAY + 297};
	bool is_good = campaign_try(result, own, &campaign, house.names, &options, &error);
	campaign_free(&campaign);
	campaign_house_free(&house);
	session_close(own);
	return is_good;
}

// Given the dry run's seed, the real run gives the same to the unit; and a dry run by itself leaves nothing
// behind.
START_TEST(a_dry_run_is_the_real_run_without_deeds)
{
	struct campaign_try result, again;
	int64_t journal = number("SELECT count(*) FROM loyalty.journal");
	ck_assert(try_daily(&result, DAILY, false, FIRST_DAY + 297, 10));
	ck_assert(try_daily(&again, DAILY, false, FIRST_DAY + 297, 10));
	ck_assert(again.minor == result.minor && again.points == result.points &&
		  again.receivers == result.receivers);
	campaign_try_free(&again);
	ck_assert_int_eq(number("SELECT count(*) FROM loyalty.journal"), journal);
	ck_assert_int_eq(decided("true"), 0);
	campaigns_start(DAILY);
	database_run(session, "UPDATE loyalty.campaign_seed SET seed = convert_to('a dry run draws by a seed "
			      "of own', 'UTF8')");
	spine_work(0, FIRST_DAY + 306);
	ck_assert_int_eq(number("SELECT grants FROM loyalty.campaign"), result.outcomes[OUTCOME_PRIZE]);
	ck_assert_int_eq(number("SELECT spent_minor FROM loyalty.campaign"), result.minor);
	ck_assert_int_eq(number("SELECT spent_points FROM loyalty.campaign"), result.points);
	ck_assert_int_eq(
		number("SELECT given FROM loyalty.campaign_prize WHERE prize = 'r'"), result.prizes[2]);
	ck_assert_int_eq(number("SELECT count(DISTINCT member_id) FROM loyalty.campaign_grant WHERE outcome "
				"= 'prize'"),
		result.receivers);
	ck_assert_int_eq(number("SELECT max(on_day) - date '2000-01-01' FROM loyalty.campaign_grant"),
		result.exhausted_on);
	ck_assert_int_eq(result.instances, 10 * MEMBERS);
	campaign_try_free(&result);
	ck_assert(try_daily(&result, DAILY, true, FIRST_DAY + 267, 30)); // as if it had begun then
	ck_assert_int_gt(result.outcomes[OUTCOME_PRIZE], 0);
	campaign_try_free(&result);
}
END_TEST

static int64_t broken(int campaign_no, int64_t *derived)
{
	struct campaign_proof proof;
	struct error error = {0};
	struct session *own = database_login("murat");
	ck_assert_msg(campaign_verify(&proof, own, campaign_no, &error), "%s", error.why);
	int64_t count = proof.broken;
	*derived = proof.derived;
	campaign_proof_free(&proof);
	session_close(own);
	return count;
}

static int64_t proofs(int campaign_no)
{
	int64_t derived;
	return broken(campaign_no, &derived);
}

// Each change breaks something that is found; taken back, nothing is.
static const struct {
	const char *change, *back;
} tampers[] = {
	{"UPDATE loyalty.campaign_grant SET ticket = 999999 - ticket WHERE member_id = 9",
		"UPDATE loyalty.campaign_grant SET ticket = 999999 - ticket WHERE member_id = 9"},
	{"UPDATE loyalty.campaign SET grants = grants + 1",
		"UPDATE loyalty.campaign SET grants = grants - 1"},
	{"UPDATE loyalty.campaign_seed SET seed = sha256(seed) WHERE campaign_no = 1", NULL},
};

START_TEST(verify_finds_what_was_tampered_with)
{
	int64_t derived;
	database_run(session, "UPDATE loyalty.campaign_policy SET hold_out_ppm = 50000");
	int campaign_no = campaigns_start(DAILY);
	spine_work(0, FIRST_DAY + 298);
	ck_assert_int_eq(broken(campaign_no, &derived), 0);
	ck_assert_int_eq(derived, 0);
	number("SELECT count(loyalty.campaign_move(1, 'stop', 'seen enough')::text)");
	ck_assert_int_eq(broken(campaign_no, &derived), 0);
	ck_assert_int_eq(derived, 2 * MEMBERS);
	database_run(session, "INSERT INTO loyalty.campaign_grant (member_id, campaign_no, instance, "
			      "decision_no, revision_no, on_day, granted_on, ticket, outcome) "
			      "VALUES (3, 1, 77, 100000, 1, '2027-01-01', '2027-01-01', 5, 'hold_out')");
	ck_assert_int_gt(broken(campaign_no, &derived), 0); // held out by hand
	database_run(session, "DELETE FROM loyalty.campaign_grant WHERE instance = 77");
	for (size_t i = 0; i < sizeof tampers / sizeof *tampers; i++) {
		ck_assert_int_eq(broken(campaign_no, &derived), 0);
		database_run(session, tampers[i].change);
		ck_assert_int_gt(broken(campaign_no, &derived), 0);
		if (tampers[i].back)
			database_run(session, tampers[i].back);
	}
}
END_TEST

// Every reason to say no comes up in three days: stock, budget, limit, cooldown, hold-out and the draw itself.
static const char STRICT[] =
	"campaign = { code = \"strict\"; name = \"Strict\"; start = \"2027-01-01\"; end = \"2027-01-10\"; "
	"trigger = { on = \"schedule\"; every = \"day\"; }; currency = \"STAR\"; cooldown_days = 2;\n"
	"prizes = ( { id = \"a\"; chance = 30; points = 5; stock = 15; consolation = \"b\"; }, { id = \"b\"; "
	"chance = 20; points = 3; stock = 20; }, { id = \"c\"; chance = 10; points = 2; }, { id = \"r\"; chance = "
	"5; reward = \"off60\"; }, { id = \"n\"; chance = 35; } );\n"
	"limits = { member = ( { count = 2; per = \"week\"; } ); total = ( { count = 50; per = \"day\"; } ); };\n"
	"budget = { points = 160; }; hold_out = 10; };\n";

static const char *const false_rows[] = {
	"UPDATE loyalty.campaign_grant SET outcome = 'limit' WHERE decision_no = (SELECT min(decision_no) FROM "
	"loyalty.campaign_grant WHERE outcome = 'stock')",
	"UPDATE loyalty.campaign_grant SET outcome = 'stock' WHERE decision_no = (SELECT min(decision_no) FROM "
	"loyalty.campaign_grant WHERE outcome = 'budget')",
	"UPDATE loyalty.campaign_grant SET outcome = 'cooldown' WHERE decision_no = (SELECT min(decision_no) FROM "
	"loyalty.campaign_grant WHERE outcome = 'limit')",
	"UPDATE loyalty.campaign_grant SET outcome = 'budget' WHERE decision_no = (SELECT max(decision_no) FROM "
	"loyalty.campaign_grant WHERE outcome = 'cooldown')",
	"UPDATE loyalty.campaign_grant SET outcome = 'limit' WHERE decision_no = (SELECT max(decision_no) FROM "
	"loyalty.campaign_grant WHERE outcome = 'none')",
	"UPDATE loyalty.campaign_grant SET outcome = 'none' WHERE decision_no = (SELECT min(decision_no) FROM "
	"loyalty.campaign_grant WHERE outcome = 'hold_out')",
	"UPDATE loyalty.campaign_grant SET outcome = 'hold_out' WHERE decision_no = (SELECT min(decision_no) FROM "
	"loyalty.campaign_grant WHERE outcome = 'none')",
	"UPDATE loyalty.campaign_grant SET outcome = 'cooldown', prize = NULL, seq = NULL WHERE decision_no = (SELECT "
	"min(decision_no) FROM loyalty.campaign_grant WHERE outcome = 'prize')",
	"UPDATE loyalty.campaign_grant SET prize = 'b', points = 3 WHERE decision_no = (SELECT min(decision_no) FROM "
	"loyalty.campaign_grant WHERE prize = 'a')",
	"UPDATE loyalty.campaign_grant SET points = 6 WHERE decision_no = (SELECT min(decision_no) FROM "
	"loyalty.campaign_grant WHERE prize = 'a')",
	"UPDATE loyalty.campaign_grant SET granted_on = granted_on - 400 WHERE decision_no = (SELECT min(decision_no) "
	"FROM loyalty.campaign_grant WHERE outcome = 'prize')",
	"DELETE FROM loyalty.campaign_grant WHERE decision_no = (SELECT max(decision_no) FROM loyalty.campaign_grant "
	"WHERE outcome = 'none')",
	"UPDATE loyalty.campaign_day SET decisions = decisions - 1 WHERE day = '2027-01-02'",
	"UPDATE loyalty.campaign_prize SET given = given - 1 WHERE prize = 'a'",
	"UPDATE loyalty.journal SET amount = amount + 1 WHERE seq = (SELECT min(seq) FROM loyalty.campaign_grant)",
	"UPDATE loyalty.campaign SET spent_points = spent_points - 1",
};

static void saved_restore(void)
{
	database_run(session,
		"TRUNCATE loyalty.campaign_grant; INSERT INTO loyalty.campaign_grant SELECT * FROM saved_grant; "
		"UPDATE loyalty.campaign_day d SET decisions = s.decisions FROM saved_day s WHERE s.day = d.day; "
		"UPDATE loyalty.campaign_prize p SET given = s.given FROM saved_prize s WHERE s.prize = p.prize; "
		"UPDATE loyalty.campaign c SET spent_points = s.spent_points FROM saved_campaign s; "
		"UPDATE loyalty.journal j SET amount = s.amount FROM saved_journal s WHERE s.seq = j.seq AND s.amount "
		"<> j.amount");
}

START_TEST(every_no_is_worked_out_again)
{
	int campaign_no = campaigns_start(STRICT);
	database_run(session,
		"UPDATE loyalty.campaign_seed SET seed = sha256('strict') WHERE campaign_no = 1; "
		"UPDATE loyalty.campaign SET seed_sha256 = sha256(sha256('strict'))");
	for (int day = 297; day <= 299; day++)
		spine_work(0, FIRST_DAY + day);
	ck_assert_str_eq(database_text(session, "SELECT string_agg(n || ' ' || outcome, ', ' ORDER BY outcome) FROM "
						"(SELECT outcome, count(*) AS n FROM loyalty.campaign_grant GROUP "
						"BY 1) o"),
		"26 budget, 37 cooldown, 66 hold_out, 58 limit, 193 none, 70 prize, 150 stock");
	stays_true();
	ck_assert_int_eq(proofs(campaign_no), 0);
	database_run(session, "CREATE TABLE saved_grant AS TABLE loyalty.campaign_grant; CREATE TABLE saved_day AS "
			      "TABLE loyalty.campaign_day; CREATE TABLE saved_prize AS TABLE "
			      "loyalty.campaign_prize; CREATE TABLE saved_campaign AS TABLE loyalty.campaign; "
			      "CREATE TABLE saved_journal AS SELECT seq, amount FROM loyalty.journal WHERE source "
			      "LIKE 'campaign:%'");
	for (size_t i = 0; i < sizeof false_rows / sizeof *false_rows; i++) {
		database_run(session, false_rows[i]);
		ck_assert_msg(proofs(campaign_no) > 0, "not found: %s", false_rows[i]);
		saved_restore();
	}
	ck_assert_int_eq(proofs(campaign_no), 0);
}
END_TEST

// A house that changes its cooldown, and a revision that changes its prizes, leave a history that still follows.
START_TEST(a_history_follows_over_revisions_and_rules)
{
	int campaign_no = campaigns_start(STRICT);
	spine_work(0, FIRST_DAY + 298);
	struct session *own = database_login("murat");
	database_number(own, "SELECT 1 FROM loyalty.campaign_policy_set(5, 0)");
	session_close(own);
	campaigns_save(campaigns_change(STRICT, "stock = 15", "stock = 30"));
	campaigns_submit(campaign_no);
	campaigns_approve(campaign_no);
	spine_work(0, FIRST_DAY + 300);
	ck_assert_int_gt(decided("revision_no = 2 AND outcome = 'cooldown'"), 0);
	ck_assert_int_eq(proofs(campaign_no), 0);
	stays_true();
}
END_TEST

// Eight workers at once, killed at random moments: LOYALTY_SEED repeats the moments as far as a machine can.
static volatile sig_atomic_t is_stopped;

static struct session *open_again(void *login, struct error *error)
{
	char conninfo[64];
	snprintf(conninfo, sizeof conninfo, "user=%s connect_timeout=5", (const char *)login);
	return session_open(conninfo, "loyalty worker", error);
}

static pid_t worker_fork(void)
{
	pid_t child = fork();
	ck_assert_int_ge(child, 0);
	if (child)
		return child;
	static char login[] = "isci";
	struct error error;
	struct worker_report report;
	prctl(PR_SET_PDEATHSIG, SIGKILL); // however the test ends
	struct worker_options options = {.open = open_again,
		.payload = login,
		.stop = &is_stopped,
		.version = "check",
		.batch = 37,
		.as_of = FIRST_DAY + 300};
	_exit(worker_run(&options, &report, &error) ? 0 : 1);
}

// Of budgets, stocks and limits every one binds.
static const char BOUNDED[] =
	"campaign = { code = \"bounded\"; name = \"Bounded\"; start = \"2027-01-01\"; end = \"2027-01-10\"; "
	"trigger = { on = \"schedule\"; every = \"day\"; };\n"
	"currency = \"STAR\"; prizes = ( { id = \"a\"; chance = 20; points = 7; stock = 60; consolation = "
	"\"b\"; cost = \"1.5\"; }, { id = \"b\"; chance = 20; points = 3; stock = 110; "
	"cost = 1; }, { id = \"r\"; chance = 10; reward = \"off60\"; cost = 2; stock = 25; }, { id = \"n\"; chance = 50; "
	"} );\n"
	"limits = { member = ( { count = 2; per = \"ever\"; } ); total = ( { count = 180; per = \"day\"; } ); };\n"
	"budget = { points = 700; money = 230; }; hold_out = 10; };\n";

static void stays_bounded(void)
{
	ck_assert_int_eq(number("SELECT count(*) FROM loyalty.campaign WHERE spent_minor > 23000 OR spent_points > "
				"70000 OR spent_minor > budget_minor OR spent_points > budget_points"),
		0);
	ck_assert_int_eq(number("SELECT count(*) FROM (SELECT count(*) AS n FROM loyalty.campaign_grant WHERE outcome = "
				"'prize' GROUP BY member_id) x WHERE n > 2"),
		0);
	ck_assert_int_eq(number("SELECT count(*) FROM (SELECT count(*) AS n FROM loyalty.campaign_grant WHERE outcome = "
				"'prize' GROUP BY granted_on) x WHERE n > 180"),
		0);
	ck_assert_int_eq(number("SELECT count(*) FROM (SELECT prize, count(*) AS n FROM loyalty.campaign_grant WHERE "
				"outcome = 'prize' GROUP BY 1) x WHERE n > CASE prize WHEN 'a' THEN 60 WHEN 'b' THEN "
				"110 ELSE 25 END"),
		0);
}

static int rounds(void)
{
	const char *given = getenv("LOYALTY_SOAK") ? getenv("LOYALTY_ROUNDS") : NULL;
	return given ? atoi(given) : 1;
}

START_TEST(no_kill_loses_or_doubles_anything)
{
	enum { WORKERS = 8 };
	const char *given = getenv("LOYALTY_SEED");
	unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL) + (unsigned)_i;
	printf("campaign_run: LOYALTY_SEED=%u CK_RUN_SUITE=campaign_run build/check\n", seed);
	fflush(stdout);
	campaigns_start(BOUNDED);
	pid_t workers[WORKERS];
	for (int i = 0; i < WORKERS; i++)
		workers[i] = worker_fork();
	while (number("SELECT count(*) FROM loyalty.campaign WHERE state = 'running' AND ran_to < "
		      "'2027-01-04' OR state = 'scheduled'") > 0) {
		seed = seed * 1103515245U + 12345U;
		int victim = (int)(seed >> 16) % WORKERS;
		poll(NULL, 0, 5 + (int)(seed >> 20) % 60);
		kill(workers[victim], SIGKILL);
		waitpid(workers[victim], NULL, 0);
		workers[victim] = worker_fork();
		stays_bounded();
	}
	for (int i = 0; i < WORKERS; i++) {
		kill(workers[i], SIGKILL);
		waitpid(workers[i], NULL, 0);
	}
	spine_work(0, FIRST_DAY + 300);
	stays_true();
	stays_bounded();
	ck_assert_int_eq(proofs(1), 0);
	ck_assert_int_eq(
		number("SELECT count(*) FROM loyalty.campaign WHERE state = 'running'") * 4 * MEMBERS,
		number("SELECT count(*) FROM loyalty.campaign WHERE state = 'running'") * decided("true"));
	story_prove();
}
END_TEST

Suite *campaign_run_suite(void);
Suite *campaign_run_suite(void)
{
	Suite *suite = suite_create("campaign_run");
	TCase *draws = tcase_create("draws"), *runs = tcase_create("runs");
	tcase_set_timeout(draws, 60);
	tcase_add_test(draws, the_draw_is_the_described_one);
	tcase_add_test(draws, a_million_draws_are_fair);
	suite_add_tcase(suite, draws);
	tcase_add_unchecked_fixture(runs, database_begin, NULL);
	tcase_add_checked_fixture(runs, setup, teardown);
	tcase_set_timeout(runs, 60);
	tcase_add_test(runs, a_day_is_run_once);
	tcase_add_test(runs, it_pauses_when_the_budget_is_used_up);
	tcase_add_test(runs, birthdays_come_on_their_day);
	tcase_add_test(runs, anniversaries_count_years);
	tcase_add_test(runs, purchases_are_counted);
	tcase_add_test(runs, tiers_cases_and_calls_are_found);
	tcase_add_test(runs, answers_are_found_by_their_class);
	tcase_add_test(runs, a_multiplier_is_a_prize);
	tcase_add_test(runs, limits_and_the_cooldown_hold);
	tcase_add_test(runs, a_hold_out_stays_one);
	tcase_add_test(runs, harm_pauses_it);
	tcase_add_test(runs, a_fall_of_nps_pauses_it);
	tcase_add_test(runs, a_budget_is_paced);
	tcase_add_test(runs, the_audience_is_a_condition);
	tcase_add_test(runs, a_dry_run_is_the_real_run_without_deeds);
	tcase_add_test(runs, verify_finds_what_was_tampered_with);
	tcase_add_test(runs, every_no_is_worked_out_again);
	tcase_add_test(runs, a_history_follows_over_revisions_and_rules);
	tcase_add_loop_test(runs, no_kill_loses_or_doubles_anything, 0, rounds());
	suite_add_tcase(suite, runs);
	return suite;
}
