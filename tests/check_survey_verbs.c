// Surveys on the command line: made, invited to, answered, imported and reported.
#include "tests/database.h"
#include "tests/program.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *survey_verbs_suite(void);

static struct session *session;

static const char document[] = "code = \"nps_2026\"; name = \"Would you recommend us?\"; kind = \"nps\";\n"
			       "question = \"How likely are you to recommend us to a friend?\";\n"
			       "ask_detractor = \"What went wrong?\"; opens = \"2026-01-01\"; sample = \"50\"; window_days = 30;\n";

static void setup(void)
{
	session = database_migrated("check_survey_verbs");
	database_staff(session);
	database_run(session, "INSERT INTO loyalty.member (number, given_name, family_name, city, enrolled_on) SELECT 1000 + i, 'G', 'F' || i, "
			      "CASE WHEN i <= 100 THEN 'Bursa' ELSE 'Köln' END, '2026-01-01' FROM generate_series(1, 200) i; "
			      "INSERT INTO loyalty.standing (member_id) SELECT member_id FROM loyalty.member; "
			      "INSERT INTO loyalty.member_identifier (value, kind, member_id) SELECT number, 'number', member_id FROM loyalty.member");
}

static void teardown(void)
{
	session_close(session);
}

static void holds(const char *text, const char *part)
{
	ck_assert_msg(strstr(text, part) != NULL, "\"%s\" does not stand in: %s", part, text);
}

static void counts_are_right(void)
{
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.survey_broken()"), 0);
}

START_TEST(a_survey_is_made_and_answered)
{
	setenv("PGUSER", "elif", 1);
	program_expect(0, "survey create '%s'", program_file("nps.conf", document));
	holds(program_expect(2, "survey create '%s'", program_file("a.conf", "code = \"a\"; name = \"b\"; kind = \"nps\";"))->err,
		"the setting question is missing");
	holds(program_expect(2, "survey create '%s'", program_file("b.conf", "code = \"a\"; name = \"b\"; kind = \"nps\";\nquestion = 5;"))->err,
		":2: question: it is a text, or a list of texts");
	holds(program_expect(2, "survey create '%s'", program_file("c.conf", "code = \"a\" name"))->err, "line 1");
	holds(program_expect(1, "survey create '%s'",
		      program_file("d.conf", "code = \"a\"; name = \"b\"; kind = \"stars\"; question = \"?\";"))->err,
		"kind is nps, csat, ces or cli");
	holds(program_expect(0, "survey list --format csv")->out, "nps_2026,Would you recommend us?,nps,relational,2026-01-01,,open");
	const struct program *invited = program_expect(0, "survey invite nps_2026 --sample 25");
	holds(invited->out, "number,token,language,ends_on,wave_no\r\n");
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.survey_token"),
		database_number(session, "SELECT invited FROM loyalty.survey_wave"));
	holds(program_expect(0, "survey show nps_2026")->out, "waves");
	program_expect(1, "survey answer 1001 nps_2026 3");
	setenv("PGUSER", "deniz", 1);
	holds(program_expect(0, "survey answer 1001 nps_2026 3")->out, "taken\nask: What went wrong?");
	holds(program_expect(0, "survey answer 1001 nps_2026 3 'Too slow'")->out, "put to the score given before");
	holds(program_expect(1, "survey answer 1002 nps_2026 11")->out, "no such score");
	program_expect(2, "survey answer 1002 nps_2026 many");
	program_expect(1, "survey answer 99 nps_2026 3");
	program_expect(1, "report nps");
	setenv("PGUSER", "murat", 1);
	holds(program_expect(0, "survey close nps_2026")->out, "the last day of nps_2026 is 20");
	holds(program_expect(1, "report nps --survey none")->err, "there is no survey \"none\"");
	unsetenv("PGUSER");
	counts_are_right();
}
END_TEST

START_TEST(a_wave_is_of_whom_a_condition_means)
{
	program_expect(0, "survey create '%s'", program_file("nps.conf", document));
	setenv("PGUSER", "elif", 1);
	program_expect(0, "segment save bursa 'city = Bursa'");
	holds(program_expect(0, "survey invite nps_2026 --where 'city = Bursa' --sample 100 --preview --format csv")->out,
		"meant,asked_lately,has_answered,unreachable,audience,invited,has_letter\r\n100,0,0,0,100,100,no\r\n");
	holds(program_expect(0, "survey invite nps_2026 --letter --preview --format csv")->out, "200,0,0,200,0,0"); // nobody consents
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.survey_wave"), 0);
	holds(program_expect(2, "survey invite nps_2026 --where 'town = Bursa'")->err, "town");
	program_expect(2, "survey invite nps_2026 --where everybody --segment bursa");
	holds(program_expect(1, "survey invite nps_2026 --letter")->err, "the survey has no letter to send");
	program_expect(0, "survey invite nps_2026 --segment bursa --sample 100 --quota 3");
	ck_assert_str_eq(database_text(session, "SELECT concat_ws(' ', condition, audience, invited, quota) FROM loyalty.survey_wave"), "segment(bursa) 100 100 3");
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.survey_invitation i JOIN loyalty.member m USING (member_id) "
						  "WHERE i.segments = '{bursa}' AND m.city = 'Bursa'"), 100);
	holds(program_expect(0, "survey invite nps_2026 --preview --sample 100 --format csv")->out, "200,100,0,0,100,100");
	holds(program_expect(0, "survey show nps_2026")->out, "segment(bursa)");
	unsetenv("PGUSER");
	counts_are_right();
}
END_TEST

// 200 answers of October, 102 promoters, 63 passives and 35 detractors; and 200 of September: 90, 60, 50.
static const char *worked_file(void)
{
	static char text[40000];
	size_t used = (size_t)snprintf(text, sizeof text, "survey,member,score,comment,channel,answered_at\n");
	for (int i = 0; i < 200; i++) {
		int october = i < 102 ? 9 + i % 2 : i < 165 ? 7 + i % 2 : i % 7, september = i < 90 ? 9 + i % 2 : i < 150 ? 7 + i % 2 : i % 7;
		used += (size_t)snprintf(text + used, sizeof text - used,
			"nps_2026,%d,%d,\"fine, \"\"thanks\"\"\",email,2026-10-05 12:30\nnps_2026,%d,%d,,web,2026-09-05T23:59:59+02:00\n", 1001 + i, october,
			1001 + i, september);
	}
	return program_file("worked.csv", text);
}

START_TEST(a_file_of_answers_is_taken_once)
{
	program_expect(0, "survey create '%s'", program_file("nps.conf", document));
	const char *file = worked_file();
	setenv("PGUSER", "murat", 1);
	holds(program_expect(0, "import responses '%s' --dry-run", file)->out, "400 would be taken");
	holds(program_expect(0, "import responses '%s'", file)->out, "400 taken, 0 known already, 0 rejected");
	holds(program_expect(0, "import responses '%s'", file)->out, "0 taken, 400 known already, 0 rejected");
	counts_are_right();
	const char *report = program_expect(0, "report nps")->out;
	holds(report, "Oct 2026: 33.5 ±10.5 (23.0 to 44.0), 200 answers\nfrom the one before: +13.5 ±15.4, z 1.72, p 0.086: may be chance");
	holds(report, "Sep 2026              200              20.0");
	holds(report, "Bursa");
	holds(program_expect(0, "report nps --format csv")->out, "trend,Oct 2026,200,,33.5000,23.0112,43.9888,13.5000,1.7195,0.085520,false\r\n");
	holds(program_expect(0, "report nps --format json --by quarter")->out, "\"at\": \"Q4 2026\"");
	holds(program_expect(0, "report nps --population 1000")->out, "33.5 ±9.4");
	unsetenv("PGUSER");
}
END_TEST

// Of a file, only what was said within the week opens a case, once.
START_TEST(a_fresh_detractor_of_a_file_has_a_case)
{
	program_expect(0, "survey create '%s'", program_file("case.conf", "code = \"nps_2026\"; name = \"n\"; kind = \"nps\"; question = \"q\"; "
									   "opens = \"2026-01-01\"; case_at_most = 6;"));
	char text[300];
	snprintf(text, sizeof text, "survey,member,score,answered_at,comment\nnps_2026,1001,3,%s,cold\nnps_2026,1002,3,2026-01-05,old\nnps_2026,1003,9,2026-01-05,x\n",
		database_text(session, "SELECT loyalty.business_day() - 1"));
	const char *file = program_file("fresh.csv", text);
	holds(program_expect(0, "import responses '%s'", file)->out, "3 taken");
	holds(program_expect(0, "import responses '%s'", file)->out, "3 known already");
	ck_assert_str_eq(database_text(session, "SELECT string_agg(a.body, ';') FROM loyalty.case_article a JOIN loyalty.survey_response r USING (member_id, case_no)"), "cold");
	counts_are_right();
}
END_TEST

START_TEST(what_is_wrong_with_a_line_is_told)
{
	program_expect(0, "survey create '%s'", program_file("nps.conf", document));
	const char *file = program_file("bad.csv", "survey,member,token,score,answered_at,comment\n"
						   "nps_2026,1001,,11,2026-03-01,eleven\nnps_2026,7,,1,2026-03-01,\nnps_2026,1002,,1,2025-03-01,early\n"
						   "nps_2026,1003,,1,2026-13-01,\nnope,1003,,1,2026-03-01,\nnps_2026,1003,,many,2026-03-01,\n"
						   "nps_2026,1003,x,1,2026-03-01,\n,,0123,1,2026-03-01,\nnps_2026,1004,,1,2199-03-01,\n"
						   "nps_2026,1005,,5,2026-03-01 25:00,\nnps_2026,1005,,5,2026-03-01,first\nnps_2026,1005,,6,2026-03-01,second\n");
	holds(program_expect(1, "import responses '%s'", file)->out, "1 taken, 0 known already, 11 rejected");
	char rejects[300];
	snprintf(rejects, sizeof rejects, "%s.rejects.csv", file);
	const char *told = program_file_text(rejects);
	static const char *const reasons[] = {"2,\"score: 11 is none of the survey's\"", "3,\"member: there is no member 7\"",
		"4,\"answered_at: the survey or the link was not open then\"", "5,\"answered_at: \"\"2026-13-01\"\" is no moment",
		"6,\"survey: there is no survey nope\"", "7,\"score: \"\"many\"\" is no whole number",
		"8,\"member: an answer has a token, or a survey and a member\"", "9,\"token: nobody was given it\"",
		"10,\"answered_at: 2199-03-01", "11,\"answered_at: \"\"2026-03-01 25:00\"\"", "13,\"member: answered otherwise in the same window\""};
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		holds(told, reasons[i]);
	ck_assert_str_eq(database_text(session, "SELECT string_agg(comment, ' ' ORDER BY member_id) FROM loyalty.survey_refusal"), "eleven early second");
	program_expect(1, "import responses '%s'", file); // nothing is counted twice
	ck_assert_int_eq(database_number(session, "SELECT sum(n) FROM loyalty.survey_count WHERE grain = 'd' AND dimension = 'refused'"), 3);
	counts_are_right();
}
END_TEST

// Files as other programs write them: what can be read is, of the rest nothing is lost.
START_TEST(files_of_other_programs_are_read_or_refused_whole)
{
	static const char utf16[] = "\xff\xfes\0u\0r\0v\0e\0y\0,\0m\0e\0m\0b\0e\0r\0\n\0";
	char rejects[300];
	program_expect(0, "survey create '%s'", program_file("nps.conf", document));
	holds(program_expect(1, "import responses '%s'", program_file("semicolon.csv", "survey;member;score;answered_at\na;1;1;2026-01-01\n"))->err,
		"give --delimiter ';'");
	holds(program_expect(0, "import responses '%s' --delimiter ';'",
		      program_file("semicolon.csv", "survey;member;score;answered_at;comment\nnps_2026;1001;9;2026-03-01;\"a; b\"\n"))->out,
		"1 taken");
	holds(program_expect(1, "import responses '%s'", program_file("tab.csv", "survey\tmember\tscore\tanswered_at\n"))->err, "seems to be a tab");
	holds(program_expect(0, "import responses '%s' --delimiter '\\t'",
		      program_file("tab.csv", "survey\tmember\tscore\tanswered_at\nnps_2026\t1002\t8\t2026-03-01\n"))->out,
		"1 taken");
	holds(program_expect(0, "import responses '%s'",
		      program_file("mark.csv", "\xef\xbb\xbfsurvey,member,score,answered_at\r\nnps_2026,1003,7,2026-03-01\r\n"))->out,
		"1 taken");
	const char *latin = program_file("latin.csv", "survey,member,score,answered_at,comment\nnps_2026,1006,5,2026-03-01,K\xf6ln\nnps_2026,1007,5,2026-03-01,Ulm\n");
	snprintf(rejects, sizeof rejects, "%s.rejects.csv", latin);
	holds(program_expect(1, "import responses '%s'", latin)->out, "1 taken, 0 known already, 1 rejected");
	holds(program_file_text(rejects), "2,\"field 5 is not UTF-8\",\"nps_2026,1006,5,2026-03-01,K\xf6ln\"");
	holds(program_expect(1, "import responses '%s'", program_file("latin.csv", "survey,member,score,answered_at,comment,caf\xe9\n"))->err, "iconv -f ISO-8859-1");
	holds(program_expect(1, "import responses '%s'", program_bytes("utf16.csv", utf16, sizeof utf16 - 1))->err, "iconv -f UTF-16");
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.survey_response"), 4);
	ck_assert_str_eq(database_text(session, "SELECT comment FROM loyalty.survey_response r JOIN loyalty.member USING (member_id) WHERE number = 1001"), "a; b");
	counts_are_right();
}
END_TEST

Suite *survey_verbs_suite(void)
{
	Suite *suite = suite_create("survey_verbs");
	TCase *tcase = tcase_create("verbs");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 30);
	tcase_add_test(tcase, a_survey_is_made_and_answered);
	tcase_add_test(tcase, a_wave_is_of_whom_a_condition_means);
	tcase_add_test(tcase, a_file_of_answers_is_taken_once);
	tcase_add_test(tcase, a_fresh_detractor_of_a_file_has_a_case);
	tcase_add_test(tcase, what_is_wrong_with_a_line_is_told);
	tcase_add_test(tcase, files_of_other_programs_are_read_or_refused_whole);
	suite_add_tcase(suite, tcase);
	return suite;
}
