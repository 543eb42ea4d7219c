// What members write: common phrases by class in several languages, tags, and text that is hostile but only text.
#include "tests/database.h"
#include "tests/program.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *survey_words_suite(void);

static struct session *session;

static void setup(void)
{
	session = database_migrated("check_survey_words");
	database_staff(session);
	database_run(session, "INSERT INTO loyalty.member (number, given_name, family_name, language, enrolled_on) SELECT 1000 + i, 'G', 'F' || i, "
			      "(ARRAY['en', 'de', 'tr', 'ar', 'ja', ''])[1 + i % 6], '2026-01-01' FROM generate_series(1, 30) i; "
			      "INSERT INTO loyalty.standing (member_id) SELECT member_id FROM loyalty.member; "
			      "INSERT INTO loyalty.member_identifier (value, kind, member_id) SELECT number, 'number', member_id FROM loyalty.member; "
			      "SELECT loyalty.survey_create('{\"code\": \"nps\", \"name\": \"n\", \"kind\": \"nps\", \"questions\": [\"q\"], \"opens_on\": \"2026-01-01\"}')");
}

static void teardown(void)
{
	session_close(session);
}

static void holds(const char *text, const char *part)
{
	ck_assert_msg(strstr(text, part) != NULL, "\"%s\" does not stand in: %s", part, text);
}

static void holds_not(const char *text, const char *part)
{
	ck_assert_msg(strstr(text, part) == NULL, "\"%s\" stands in: %s", part, text);
}

// The member of that number answers.
static void say(int member, int score, const char *words)
{
	char sql[60000];
	snprintf(sql, sizeof sql, "SELECT fate FROM loyalty.survey_answer_for(%d, 'nps', '{%d}', $words$%s$words$)", member - 1000, score, words);
	ck_assert_str_eq(database_text(session, sql), "taken");
}

static const char *phrases(const char *options)
{
	return program_expect(0, "survey phrases nps --format csv %s", options)->out;
}

START_TEST(phrases_are_of_a_class_and_of_a_language)
{
	say(1001, 2, "Die Kasse war langsam, und die Kasse ist zu klein.");  // de
	say(1007, 3, "Sehr langsam! Die Kasse war langsam.");
	say(1002, 1, "Kasada \xc3\xa7ok bekledim, iade ge\xc3\xa7 geldi");   // tr
	say(1008, 1, "\xc4\xb0\x41\x44\x45 GE\xc3\x87 GELD\xc4\xb0, ilgisiz");
	say(1003, 2, "\xd8\xa7\xd9\x84\xd8\xae\xd8\xaf\xd9\x85\xd8\xa9 \xd8\xa8\xd8\xb7\xd9\x8a\xd8\xa6\xd8\xa9 \xd8\xac\xd8\xaf\xd8\xa7"); // ar: the service is slow
	say(1009, 2, "\xd8\xa7\xd9\x84\xd8\xae\xd8\xaf\xd9\x85\xd8\xa9 \xd8\xa8\xd8\xb7\xd9\x8a\xd8\xa6\xd8\xa9 \xd9\x81\xd9\x8a \xd8\xa7\xd9\x84\xd9\x85\xd8\xaa\xd8\xac\xd8\xb1");
	say(1004, 2, "\xe5\xba\x97\xe5\x93\xa1\xe3\x81\xae\xe5\xaf\xbe\xe5\xbf\x9c\xe3\x81\x8c\xe6\x82\xaa\xe3\x81\x84"); // ja: the staff's response is bad
	say(1010, 2, "\xe5\xaf\xbe\xe5\xbf\x9c\xe3\x81\xaf\xe6\x9c\x80\xe4\xbd\x8e");
	say(1006, 2, "The staff were friendly but the refund never came");
	say(1012, 4, "My refund never came!");
	say(1018, 10, "Friendly staff, friendly staff");
	say(1024, 9, "Very friendly staff. And the staff knows me");
	const char *low = phrases("--of low");
	holds(low, "phrase,answers,share,others\r\n");
	holds(low, "kasse war langsam,2,20.0,0.0");
	holds(low, "refund never came,2,");
	holds(low, "ge\xc3\xa7 geldi,2,");
	holds(low, "\xd8\xa7\xd9\x84\xd8\xae\xd8\xaf\xd9\x85\xd8\xa9 \xd8\xa8\xd8\xb7\xd9\x8a\xd8\xa6\xd8\xa9,2,");
	holds(low, "\xe5\xaf\xbe\xe5\xbf\x9c,2,");
	holds_not(low, "\r\ndie,");      // says nothing by itself
	holds_not(low, "\r\nrefund,");   // stands only in a longer one
	holds_not(low, "staff");         // one of ten says so, and all of the others do
	const char *high = phrases("--of high");
	holds(high, "friendly staff,2,100.0,0.0");
	holds(phrases(""), "staff,");
}
END_TEST

START_TEST(hostile_text_is_only_text)
{
	static char word[5000], words[12000];
	memset(word, 'x', sizeof word - 1);
	snprintf(words, sizeof words, "\033[31mred till\033[0m \xe2\x80\xaetill\x07 %s # ' \" %% _ \\ $$; DROP TABLE x; --", word);
	say(1001, 1, words);
	say(1002, 2, words);
	const char *low = phrases("--of low");
	holds_not(low, "xxxx");
	holds_not(low, "\033");
	holds_not(low, "\xe2\x80\xae");
	holds(low, "till,2,");
	holds(program_expect(0, "survey answers nps --words '%%'")->out, "till");
	holds_not(program_expect(0, "survey answers nps")->out, "\033");
	holds_not(program_expect(0, "survey answers nps --words '\\\\\\\\\\\\'")->out, "till");
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.survey_response WHERE comment LIKE E'%\\033%'"), 2);
}
END_TEST

START_TEST(answers_are_tagged_counted_and_found)
{
	say(1001, 2, "slow");
	say(1002, 9, "quick");
	setenv("PGUSER", "deniz", 1);
	holds(program_expect(0, "survey tag 1001 nps Queue")->out, "tags: queue");
	holds(program_expect(0, "survey tag 1001 nps till-4")->out, "tags: queue, till-4");
	holds(program_expect(0, "survey tag 1002 nps queue")->out, "tags: queue");
	holds(program_expect(1, "survey tag 1001 nps 'two words'")->err, "these tags are not allowed");
	holds(program_expect(1, "survey tag 1003 nps queue")->err, "1003 has not answered nps");
	holds(program_expect(0, "survey untag 1001 nps till-4")->out, "tags: queue");
	setenv("PGUSER", "murat", 1);
	holds(program_expect(0, "survey tags nps --format csv")->out, "tag,answers\r\nqueue,2\r\n");
	holds(program_expect(0, "survey answers nps --tag queue --of low --format csv")->out, ",1001,2,phone,slow,queue,");
	holds_not(program_expect(0, "survey answers nps --tag queue --of low --format csv")->out, "1002");
	program_expect(2, "survey answers nps --of worst");
	holds(program_expect(1, "survey answers none")->err, "there is no survey \"none\"");
	setenv("PGUSER", "elif", 1);
	program_expect(1, "survey answers nps"); // marketing sees figures, no words
	program_expect(1, "survey phrases nps");
	unsetenv("PGUSER");
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.survey_broken()"), 0);
}
END_TEST

Suite *survey_words_suite(void)
{
	Suite *suite = suite_create("survey_words");
	TCase *tcase = tcase_create("words");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 30);
	tcase_add_test(tcase, phrases_are_of_a_class_and_of_a_language);
	tcase_add_test(tcase, hostile_text_is_only_text);
	tcase_add_test(tcase, answers_are_tagged_counted_and_found);
	suite_add_tcase(suite, tcase);
	return suite;
}
