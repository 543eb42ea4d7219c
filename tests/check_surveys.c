// The Surveys screen at a real terminal over a real database: figures, panes, the way to answers, members and cases.
#include "tests/program.h"
#include "tests/tui/house.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *surveys_suite(void);

static struct vt *vt;

// Answers of September and October, as the worked numbers have them, and a few of the 1st of November: members answer once a day.
// Every third promoter of October is in Köln and came by e-mail, all others by the app.
static const char answers[] =
	"SELECT loyalty.survey_create('{\"code\": \"nps\", \"name\": \"Would you recommend us?\", \"kind\": \"nps\", \"questions\": [\"How likely?\"], "
	"\"opens_on\": \"2026-01-01\", \"window_days\": 1}'), loyalty.survey_create('{\"code\": \"care\", \"name\": \"Were we helpful?\", \"kind\": \"csat\", "
	"\"questions\": [\"How satisfied?\"], \"is_transactional\": true, \"opens_on\": \"2026-01-01\"}'); "
	"UPDATE loyalty.member SET city = 'Köln' WHERE member_id % 3 = 0; "
	"INSERT INTO loyalty.survey_response (member_id, survey_id, window_no, score, comment, channel, answered_at, answered_on, tier_id, region) "
	"SELECT 1 + i % 20, 1, d - date '2026-01-01', CASE WHEN i < p THEN 9 + i % 2 WHEN i < p + q THEN 7 + i % 2 ELSE i % 7 END, "
	"CASE WHEN i = 199 THEN 'Nobody called back, 100%' WHEN i % 5 = 0 THEN 'fine ' || i ELSE '' END, CASE WHEN i % 3 = 0 THEN 'email' ELSE 'app' END, d + time '12:00', d, "
	"s.tier_id, m.city FROM (SELECT i, p, q, f + i / 20 AS d FROM generate_series(0, 199) i, (VALUES (date '2026-09-05', 90, 60), (date '2026-10-05', 102, 63)) x (f, p, q)) x "
	"JOIN loyalty.member m ON m.member_id = 1 + i % 20 JOIN loyalty.standing s USING (member_id); "
	"INSERT INTO loyalty.survey_response (member_id, survey_id, window_no, score, channel, answered_at, answered_on, region) "
	"SELECT i, 1, 304, 9, 'web', '2026-11-01 12:00', '2026-11-01', 'Izmir' FROM generate_series(1, 5) i; "
	"INSERT INTO loyalty.survey_delta (survey_id, what, on_day, score, tier, channel, region, n) SELECT survey_id, 'answer', answered_on, score, "
	"coalesce(tier_id::text, ''), channel, region, count(*) FROM loyalty.survey_response GROUP BY 1, 3, 4, 5, 6, 7; "
	"INSERT INTO loyalty.survey_delta (survey_id, what, on_day, n) VALUES (1, 'invited', '2026-10-02', 950); SELECT loyalty.survey_fold()";

static void start(void)
{
	house_open("house_surveys");
}

static struct vt *open_surveys(const char *login, const char *option, int rows, int columns)
{
	struct vt *opened = house_screens(login, option, rows, columns);
	house_keys(opened, "O");
	house_shows(opened, "1 Score");
	return opened;
}

START_TEST(shows_the_score_and_how_sure_it_is)
{
	house_sql(NULL, answers);
	vt = open_surveys("mona", NULL, 24, 80);
	house_shows(vt, "NPS nps: Would you recommend us? (relational, open)");
	house_shows(vt, "Nov 2026  n < 30: too few answers");
	house_keys(vt, "h");
	house_shows(vt, "Oct 2026  33.5 ±10.5  23.0 to 44.0  n 200  0 % of 950 invited replied");
	house_shows(vt, "from Sep 2026 (20.0): +13.5 ±15.4, z 1.72: may be chance; ±5 takes");
	house_shows(vt, "NPS by month, Sep 2026 to Nov 2026, with 95 % band");
	house_shows(vt, "promoters 102, detractors 35");
}
END_TEST

START_TEST(parts_are_held_against_the_rest)
{
	house_sql(NULL, answers);
	vt = open_surveys("mona", NULL, 24, 80);
	house_keys(vt, "h");
	house_shows(vt, "By tier, against the rest");
	house_keys(vt, "dd");
	house_shows(vt, "By region, against the rest");
	house_shows(vt, "Köln");
	house_keys(vt, "b");
	house_shows(vt, "NPS by quarter, Q3 2026 to Q4 2026");
	house_shows(vt, "Q4 2026  35.1 ±10.");
	house_keys(vt, "b");
	house_shows(vt, "NPS by week");
	house_shows(vt, "n < 30");
	house_keys(vt, "v");
	house_shows(vt, "care  CSAT Were we helpful?");
	house_keys(vt, "j\r");
	house_shows(vt, "CSAT care: Were we helpful? (transactional, open)");
	house_shows(vt, "Nobody has answered yet.");
}
END_TEST

// From a bar to the answers, from there to the member, and to a case that is opened once.
START_TEST(a_detractor_is_followed_to_a_case)
{
	house_sql(NULL, answers);
	vt = open_surveys("mona", NULL, 24, 80);
	house_keys(vt, "h\t");
	house_keys(vt, "jjjjjjj");
	house_keys(vt, "\r");
	house_shows(vt, "nps: Oct 2026, score 3");
	house_keys(vt, "\033");
	house_shows(vt, "nps: all answers");
	house_keys(vt, "/");
	house_keys(vt, "NOBODY CALLED back, 100%\r");
	house_shows(vt, "\"NOBODY CALLED back, 100%\"");
	house_shows(vt, "row 1 of");
	house_shows(vt, "c opens a case");
	house_keys(vt, "c");
	house_shows(vt, "Open a case?");
	house_keys(vt, "h\r");
	house_waits(vt, "Nobody called back, 100%");
	house_shows(vt, "Case ──");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.member_case"), 1);
	ck_assert_int_eq(house_number("SELECT case_no FROM loyalty.survey_response WHERE case_no IS NOT NULL"), 1);
	house_keys(vt, "\033");
	house_waits(vt, ", case 1000020/1");
	house_keys(vt, "c"); // the one there is
	house_shows(vt, "Case ──");
	house_keys(vt, "\033");
	house_keys(vt, "\r");
	house_shows(vt, "Brian Kernighan");
	house_shows(vt, "Timeline");
}
END_TEST

START_TEST(answers_are_narrowed_down)
{
	house_sql(NULL, answers);
	vt = open_surveys("mona", NULL, 24, 80);
	house_keys(vt, "2");
	house_shows(vt, "nps: all answers");
	house_keys(vt, "f");
	house_shows(vt, "everybody who wrote something");
	house_keys(vt, "j\r");
	house_shows(vt, "nps: all answers, detractors");
	house_keys(vt, "/");
	house_keys(vt, "nothing has these words\r");
	house_shows(vt, "No answer is like that");
	house_keys(vt, "c");
	house_shows(vt, "no answer is selected");
	house_keys(vt, "\033");
	house_shows(vt, "nps: all answers");
	house_hides(vt, "detractors");
	house_keys(vt, "G");
	house_keys(vt, "g");
	house_shows(vt, "2026-11-01 12:00");
}
END_TEST

START_TEST(answers_are_tagged_and_phrases_told)
{
	house_sql(NULL, answers);
	vt = open_surveys("mona", NULL, 24, 80);
	house_keys(vt, "t");
	house_shows(vt, "that is of answers: 2 shows them");
	house_keys(vt, "2");
	house_keys(vt, "/");
	house_keys(vt, "fine 5\r");
	house_shows(vt, "\"fine 5\"");
	house_keys(vt, "t");
	house_keys(vt, "Praise\r");
	house_waits(vt, "praise");
	house_keys(vt, "\033");
	house_keys(vt, "f");
	house_shows(vt, "those tagged praise");
	house_keys(vt, "G\r");
	house_shows(vt, "nps: all answers, tag praise");
	house_keys(vt, "t");
	house_keys(vt, "praise\r");
	house_waits(vt, "Tags: none");
	house_keys(vt, "\033");
	house_keys(vt, "w");
	house_shows(vt, "Said by these, rarely by others");
	house_shows(vt, "fine");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.survey_broken() WHERE dimension = 'tag'"), 0);
}
END_TEST

START_TEST(a_wave_is_counted_then_made)
{
	house_sql(NULL, answers);
	house_sql(NULL, "INSERT INTO loyalty.member_consent (member_id, kind, channel, said_at, is_given, source) SELECT member_id, 'promotions', 'email', "
			"'2026-01-01', true, 'test' FROM loyalty.member WHERE member_id > 2; UPDATE loyalty.member SET city = 'Bursa' WHERE member_id BETWEEN 1 AND 10; "
			"INSERT INTO loyalty.segment (code, condition) VALUES ('bursa', 'city = Bursa')");
	vt = open_surveys("max", NULL, 24, 80);
	house_keys(vt, "i");
	house_shows(vt, "Invite a wave by mail");
	house_keys(vt, "town = Bursa\t\t\t\r");
	house_shows(vt, "town");
	house_keys(vt, "\025city = Bursa\t101\t5\t\r");
	house_shows(vt, "0.01 to 100");
	house_keys(vt, "\025100\t\t\r");
	house_shows(vt, "there is no letter");
	house_sql("max", "SELECT loyalty.survey_letter_set('nps', 'Asked', 'Here: {link}', 'https://x.example/{token}', NULL)");
	house_keys(vt, "\t\t\t\t\r");
	house_shows(vt, "Invite 8 members?");
	house_shows(vt, "Of 10 members meant, 2 cannot be written to");
	house_keys(vt, "h\r");
	house_waits(vt, "8 invited; their messages wait");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.survey_invitation WHERE segments = '{bursa}'"), 8);
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.outbox WHERE key = 'survey nps/1' AND state = 'waiting'"), 8);
	ck_assert_int_eq(house_number("SELECT quota FROM loyalty.survey_wave WHERE condition = 'city = Bursa'"), 5);
}
END_TEST

START_TEST(an_open_screen_moves_by_itself)
{
	house_sql(NULL, answers);
	vt = open_surveys("mona", NULL, 24, 80);
	house_shows(vt, "n 5");
	house_sql("bora", "SELECT loyalty.survey_answer_for(7, 'nps', '{2}', '\033[31mangry\033[0m')");
	house_waits(vt, "n 6");
	house_keys(vt, "2");
	house_shows(vt, "angry");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.survey_broken() WHERE dimension <> 'invited'"), 0);
}
END_TEST

START_TEST(everybody_sees_what_is_theirs)
{
	house_sql(NULL, answers);
	vt = open_surveys("max", NULL, 24, 80); // marketing: figures, no words
	house_keys(vt, "h");
	house_shows(vt, "33.5 ±10.5");
	house_keys(vt, "2");
	house_shows(vt, "for those who may see members");
	house_keys(vt, "3");
	house_shows(vt, "Cases are for support and managers");
	house_leave(vt);
	vt = house_screens("deniz", NULL, 24, 80); // support: neither
	house_keys(vt, "O");
	house_hides(vt, "1 Score");
}
END_TEST

START_TEST(the_loop_is_closed_in_words)
{
	house_sql(NULL, answers);
	house_sql("bora", "SELECT loyalty.survey_case_open(20, 1, r.window_no) FROM loyalty.survey_response r WHERE r.comment LIKE 'Nobody%' AND r.member_id = 20 "
			  "ORDER BY r.window_no LIMIT 1");
	vt = open_surveys("mona", NULL, 24, 80);
	house_keys(vt, "3");
	house_shows(vt, "Cases of the newest 1 answers that have one");
	house_shows(vt, "0 of 1 of the cases (0 %)");
	house_shows(vt, "1 of 1 who have answered again since, in a better class");
	house_sql("bora", "SELECT loyalty.case_write(20, 1, gen_random_uuid(), 'to_member', 'Sorry'), loyalty.case_resolve(20, 1, NULL, 'nobody called', 'kept')");
	house_waits(vt, "1 of 1 of the cases (100 %)");
	const char *report = program_expect(0, "--database 'user=mona dbname=house_surveys' report nps")->out;
	ck_assert_msg(strstr(report, "closing the loop, of 1 answers with a case") != NULL, "%s", report);
	ck_assert_msg(strstr(report, "recovered: better next time  1 of 1 (100 %)") != NULL, "%s", report);
	ck_assert_msg(strstr(report, "goodwill for each recovered  0 STAR") != NULL, "%s", report);
	report = program_expect(0, "--database 'user=mona dbname=house_surveys' report nps --format html")->out;
	ck_assert_msg(strstr(report, "Closing the loop") != NULL, "%s", report);
	report = program_expect(0, "--database 'user=mona dbname=house_surveys' report nps --format json")->out;
	ck_assert_msg(strstr(report, "\"loop\": {\"cases\": 1, \"answered\": 1, \"closed\": 1,") != NULL, "%s", report);
	report = program_expect(0, "--database 'user=max dbname=house_surveys' report nps")->out; // marketing: figures alone
	ck_assert_msg(strstr(report, "closing the loop") == NULL, "%s", report);
	house_keys(vt, "\033");
	house_shows(vt, "NPS by month");
}
END_TEST

START_TEST(it_is_drawn_with_plain_characters_too)
{
	house_sql(NULL, answers);
	vt = open_surveys("mona", "--ascii", 24, 80);
	house_keys(vt, "h");
	house_shows(vt, "*");
	house_shows(vt, "::::");
	house_hides(vt, "░");
	vt_resize(vt, 10, 60);
	ck_assert(vt_sync(vt));
	vt_resize(vt, 60, 200);
	ck_assert(vt_sync(vt));
	house_shows(vt, "promoters 102");
}
END_TEST

START_TEST(a_manager_begins_there)
{
	house_sql(NULL, answers);
	vt = house_screens("mona", "--screen=surveys", 24, 80);
	house_waits(vt, "NPS nps: Would you recommend us?");
	house_keys(vt, "E");
	house_shows(vt, "1000001");
	house_leave(vt);
	vt = house_screens("max", "--screen=surveys", 24, 80);
	house_waits(vt, "NPS nps: Would you recommend us?");
}
END_TEST

START_TEST(without_a_survey_it_says_so)
{
	vt = open_surveys("mona", NULL, 24, 80);
	house_shows(vt, "There is no survey yet.");
	house_keys(vt, "hjkl\tdbv2\r3c1\r");
	house_shows(vt, "There is no survey yet.");
}
END_TEST

Suite *surveys_suite(void)
{
	Suite *suite = suite_create("surveys");
	TCase *tcase = tcase_create("screen");
	tcase_add_checked_fixture(tcase, start, house_close);
	tcase_set_timeout(tcase, 30);
	const TTest *const tests[] = {shows_the_score_and_how_sure_it_is, parts_are_held_against_the_rest, a_detractor_is_followed_to_a_case,
		answers_are_narrowed_down, answers_are_tagged_and_phrases_told, a_wave_is_counted_then_made, an_open_screen_moves_by_itself, everybody_sees_what_is_theirs, the_loop_is_closed_in_words,
		it_is_drawn_with_plain_characters_too, a_manager_begins_there, without_a_survey_it_says_so};
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
