// Asking how it went: after which cases members are asked, who is left out and why, and where the answer stands.
#include "tests/outbox.h"
#include "tests/tui/house.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *case_survey_suite(void);

// A house with the survey care, its letter, and the rule that asks at once after every case.
static void open_house(void)
{
	outbox_house("case_survey");
	house_sql(NULL, "SELECT loyalty.staff_add('netz', 'Web page', 'web')");
	house_sql("max", "SELECT loyalty.survey_create('{\"code\": \"care\", \"name\": \"How did we do?\", \"kind\": \"csat\", \"questions\": [\"How satisfied "
			 "are you?\"], \"is_transactional\": true, \"window_days\": 1, \"cooldown_days\": 7, \"case_at_most\": 2}')");
	house_sql("max", "SELECT loyalty.survey_letter_set('care', 'About {case|your question}', E'Hello {given_name|you}, how did we do?\\n{link}\\n', "
			 "'https://x.example/{token}', NULL), loyalty.case_survey_set('care', NULL, 0)");
}

// How often a member was asked after the case, and why not: "asked", "left out: why", "waiting", "".
static const char *asked(int member)
{
	static char text[200];
	char sql[200];
	struct session *session = database_session("");
	snprintf(sql, sizeof sql, "SELECT concat_ws(': ', state, nullif(why, '')) FROM loyalty.case_survey_ask WHERE member_id = %d", member);
	snprintf(text, sizeof text, "%s", database_text(session, sql));
	session_close(session);
	return text;
}

static void resolve(int member)
{
	char sql[300];
	house_case(member, "Stars missing", "They never came");
	snprintf(sql, sizeof sql,
		"SELECT loyalty.case_write(%d, 1, gen_random_uuid(), 'to_member', 'They are there now'), loyalty.case_resolve(%d, 1, NULL, 'late posting', 'kept')",
		member, member);
	house_sql("deniz", sql);
}

// What the member answers by the link of the message that was sent.
static void answer(const char *message, int score, const char *words)
{
	char token[80], sql[300];
	const char *link = strstr(message, "https://x.example/");
	ck_assert_ptr_nonnull(link);
	ck_assert_int_eq(sscanf(link, "https://x.example/%70[0-9a-f]", token), 1);
	snprintf(sql, sizeof sql, "SELECT 1 / (fate = 'taken')::int FROM loyalty.survey_answer('%s', %d, '%s')", token, score, words);
	house_sql("netz", sql);
}

// The worker asks, then the mail system is given what waits; what it was given.
static const char *sent(void)
{
	static char kept[200];
	char script[300];
	snprintf(kept, sizeof kept, "%s", outbox_kept_file());
	snprintf(script, sizeof script, "cat >>%s", kept);
	house_work();
	outbox_mail(outbox_script(script));
	return program_file_text(kept);
}

START_TEST(a_member_says_how_it_went)
{
	const char *mona = "--database 'user=mona dbname=case_survey'";
	resolve(1);
	ck_assert_str_eq(asked(1), "waiting");
	const char *message = sent();
	ck_assert_str_eq(asked(1), "asked");
	ck_holds(message, "Subject: About 1000001/1");
	struct vt *vt = house_screens("deniz", NULL, 24, 80);
	house_keys(vt, "C");
	house_keys(vt, "5");
	house_keys(vt, "\r");
	house_shows(vt, "asked how it went on 20");
	answer(message, 5, "Quick and kind");
	house_waits(vt, "said 5 of 5: Quick and kind");
	house_leave(vt);
	ck_assert_int_eq(house_number("SELECT about_case FROM loyalty.survey_response"), 1);
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.survey_broken()"), 0);
	ck_holds(program_expect(0, "%s case history 1000001/1", mona)->out, "5 of 5");
	ck_holds(program_expect(0, "%s desk figures --format csv", mona)->out, ",1,100.0\r\n");
	ck_holds(program_expect(0, "%s survey show care", mona)->out, "after a case");
	resolve(2); // nobody says how that one went
	ck_holds(program_expect(0, "%s desk figures --format csv", mona)->out, "all,2,");
	ck_holds(program_expect(0, "%s desk figures --format csv", mona)->out, ",1,100.0\r\n");
	vt = house_screens("mona", NULL, 24, 100);
	house_keys(vt, ":work-figures\r");
	house_shows(vt, "100.0/1");
	house_leave(vt);
}
END_TEST

START_TEST(a_displeased_member_has_a_case_beside_the_old_one)
{
	resolve(1);
	answer(sent(), 1, "Nothing came");
	ck_assert_int_eq(house_number("SELECT case_no FROM loyalty.survey_response WHERE about_case = 1"), 2);
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.case_link WHERE member_id = 1 AND case_no = 2 AND other_case_no = 1"), 1);
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.member_case WHERE case_no = 1 AND state = 'resolved'"), 1);
}
END_TEST

START_TEST(nobody_is_asked_who_should_not_be)
{
	for (int member = 1; member <= 6; member++)
		resolve(member);
	house_sql(NULL, "INSERT INTO loyalty.member_consent VALUES (1, 'promotions', 'email', now(), false, '', 'test'); "
			"DELETE FROM loyalty.member_identifier WHERE member_id = 2 AND kind = 'email'; "
			"INSERT INTO loyalty.survey_invitation (member_id, survey_id, wave_no, invited_at, ends_at) VALUES (3, 9, 1, now() - interval '6 days', now()); "
			"UPDATE loyalty.case_survey_ask SET due_at = now() - interval '15 days' WHERE member_id = 5");
	house_sql("deniz", "SELECT loyalty.case_write(4, 1, gen_random_uuid(), 'from_member', 'Still missing')");
	house_work();
	ck_assert_str_eq(asked(1), "left out: no consent to promotions by e-mail");
	ck_assert_str_eq(asked(2), "left out: there is no e-mail address");
	ck_assert_str_eq(asked(3), "left out: asked by a survey not long ago");
	ck_assert_str_eq(asked(4), "left out: the case was opened again");
	ck_assert_str_eq(asked(5), "left out: it was too late");
	ck_assert_str_eq(asked(6), "asked");
	house_sql("deniz", "SELECT loyalty.case_resolve(4, 1, NULL, 'late posting', 'kept')");
	ck_assert_str_eq(asked(4), "waiting"); // the second end counts
	house_work();
	ck_assert_str_eq(asked(4), "asked");
	house_sql("deniz", "SELECT loyalty.case_write(6, 1, gen_random_uuid(), 'from_member', 'Once more'), loyalty.case_resolve(6, 1, NULL, 'again', 'kept')");
	house_work();
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.survey_invitation WHERE member_id = 6"), 1);
	ck_assert_int_eq(house_number("SELECT invited FROM loyalty.survey_wave"), 2);
	ck_holds(program_expect(0, "--database 'user=mona dbname=case_survey' survey show care")->out, "left out: it was too late");
	ck_holds(program_expect(0, "survey invite care --format csv")->out, "number,token");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.survey_invitation WHERE member_id IN (3, 4, 6) AND survey_id = 1"), 2); // the cooldown of waves too
}
END_TEST

START_TEST(a_rule_is_of_a_group_and_ends)
{
	const char *max = "--database 'user=max dbname=case_survey'", *deniz = "--database 'user=deniz dbname=case_survey'";
	ck_holds(program_expect(1, "%s survey after-case care", deniz)->err, "you may not do this");
	ck_holds(program_expect(1, "%s survey after-case care --group none", max)->err, "there is no group");
	ck_holds(program_expect(1, "%s survey after-case nope", max)->err, "there is no survey");
	house_sql("max", "SELECT loyalty.survey_create('{\"code\": \"mute\", \"name\": \"n\", \"kind\": \"csat\", \"questions\": [\"q\"]}')");
	ck_holds(program_expect(1, "%s survey after-case mute", max)->err, "the survey has no letter to send");
	ck_holds(program_expect(2, "%s survey letter mute '%s' --link 'https://x.example/{token}'", max, program_file("bad.txt", "One line"))->err,
		"its first line is the subject");
	ck_holds(program_expect(0, "%s survey letter mute '%s' --link 'https://x.example/{token}'", max, program_file("letter.txt", "About {case|it}\n\n{link}\n"))->out,
		"kept");
	program_expect(2, "%s survey after-case care --hours 2161", max);
	program_expect(0, "%s survey after-case care --group desk --hours 48", max);
	ck_holds(program_expect(0, "%s survey rules --format csv", deniz)->out, "desk,care,48,max,");
	resolve(1);
	ck_assert_int_eq(house_number("SELECT extract(epoch FROM due_at - resolved_at) / 3600 FROM loyalty.case_survey_ask"), 48);
	house_work();
	ck_assert_str_eq(asked(1), "waiting");
	program_expect(0, "%s survey after-case none --group desk", max);
	program_expect(0, "%s survey after-case none", max);
	ck_holds(program_expect(1, "%s survey after-case none", max)->err, "nobody is asked after such cases");
	resolve(2);
	ck_assert_str_eq(asked(2), "");
}
END_TEST

Suite *case_survey_suite(void)
{
	Suite *suite = suite_create("case_survey");
	TCase *tcase = tcase_create("asking");
	tcase_add_checked_fixture(tcase, open_house, NULL);
	tcase_set_timeout(tcase, 30);
	tcase_add_test(tcase, a_member_says_how_it_went);
	tcase_add_test(tcase, a_displeased_member_has_a_case_beside_the_old_one);
	tcase_add_test(tcase, nobody_is_asked_who_should_not_be);
	tcase_add_test(tcase, a_rule_is_of_a_group_and_ends);
	suite_add_tcase(suite, tcase);
	return suite;
}
