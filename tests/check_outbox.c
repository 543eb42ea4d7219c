// The outbox: who is written to and who is not, what a message waits for, and what people see of it.
#include "tests/database.h"
#include "tests/outbox.h"
#include "tests/tui/house.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void open_house(void)
{
	outbox_house("outbox");
}

// --- Who is written to.

START_TEST(nobody_is_written_to_against_their_will)
{
	house_sql(NULL, "INSERT INTO loyalty.member_consent VALUES (4, 'promotions', 'email', now(), false, "
			"'', 'test')");
	outbox_owe(4, "a", "promotions", HELLO);
	outbox_owe(4, "b", "partner_promotions", HELLO);
	outbox_owe(4, "c", "service", HELLO);
	ck_assert_str_eq(outbox_state(4),
		"suppressed: no consent to promotions by e-mail; suppressed: no consent to promotions of "
		"partners by e-mail; waiting");
	outbox_owe(5, "a", "promotions", HELLO);
	outbox_owe(6, "a", "promotions", HELLO);
	outbox_owe(7, "a", "service", HELLO);
	outbox_owe(8, "a", "promotions", HELLO ", NULL, NULL, NULL, NULL, now() - interval '1 min'");
	house_sql(NULL,
		"INSERT INTO loyalty.member_consent VALUES (5, 'promotions', 'email', now(), false, '', "
		"'test')"); // said
			    // after
			    // it
			    // was
			    // owed
	house_sql(NULL, "UPDATE loyalty.member SET status = 'blocked' WHERE member_id IN (4, 6)");
	house_sql(NULL, "UPDATE loyalty.member SET status = 'closed' WHERE member_id = 7");
	ck_holds(outbox_mail(outbox_script("cat >/dev/null"))->out, ", 1 messages sent\n");
	ck_holds(outbox_state(4), "; sent");
	ck_assert_str_eq(outbox_state(5), "suppressed: no consent to promotions by e-mail");
	ck_assert_str_eq(outbox_state(6), "suppressed: the member is blocked");
	ck_assert_str_eq(outbox_state(7), "suppressed: the member is closed");
	ck_assert_str_eq(outbox_state(8), "suppressed: it was too late");
	house_sql(NULL, "UPDATE loyalty.member SET status = 'active' WHERE member_id IN (4, 6, 7)");
	house_sql(NULL, "DELETE FROM loyalty.member_identifier WHERE member_id = 9 AND kind = 'email'");
	outbox_owe(9, "a", "service", HELLO);
	ck_assert_str_eq(outbox_state(9), "suppressed: there is no e-mail address");
}
END_TEST

// What a message tells of has to have happened before.
START_TEST(a_message_waits_for_its_event)
{
	static const char seq[] = "(SELECT max(seq) FROM loyalty.journal WHERE member_id = 10)";
	char rest[400];
	house_sql(NULL, "SELECT loyalty.submit_event(10, 'adjust', 'test', 'gift', NULL, '{\"currency\": "
			"\"STAR\", \"amount\": 12345}')");
	snprintf(rest, sizeof rest, "'{points} {currency}', 'Until {expires|ever}.', '{}', %s, 'en'", seq);
	outbox_owe(10, "gift", "promotions", rest);
	struct session *session = database_session(NULL);
	ck_assert_str_eq(database_text(session, "SELECT count(*) FROM loyalty.outbox_next(10)"), "0");
	outbox_due_now();
	const char *keep = outbox_kept_file();
	char text[300];
	snprintf(text, sizeof text, "cat >>%s", keep);
	ck_holds(outbox_mail(outbox_script(text))->out, ", 1 messages sent\n"); // the same run posts it
	ck_holds(program_file_text(keep), "Subject: 123.45 STAR\n");
	ck_holds(program_file_text(keep), "\n\nUntil ");
	house_sql(NULL,
		"SELECT loyalty.submit_event(10, 'redeem', 'test', 'no', NULL, '{\"reward\": \"nothing\"}')");
	snprintf(rest, sizeof rest, "'a', 'b', NULL, %s", seq);
	outbox_owe(10, "no", "service", rest);
	outbox_mail(outbox_script("cat >/dev/null"));
	ck_assert_str_eq(outbox_state(10), "sent; suppressed: the event it tells of was denied: reward");
	session_close(session);
}
END_TEST

START_TEST(a_value_that_is_missing_is_told_and_nothing_sent)
{
	outbox_owe(11, "k", "service", "'x', E'Hello\\nyour code: {code}', '{}'");
	outbox_mail(outbox_script("cat >/dev/null"));
	ck_assert_str_eq(outbox_state(11), "failed: the body, line 2: there is no value for {code}");
}
END_TEST

// Many at once for one member: each has its number, and what is owed twice stands there once.
START_TEST(what_is_owed_at_once_is_owed_once)
{
	ck_assert_int_eq(system("for n in 1 2 3 4; do psql -qAtX -c \"SELECT loyalty.outbox_add(19, 'k' || "
				"k, 'service', 'a', 'b') "
				"FROM generate_series(1, 100) k\" >/dev/null & done; wait"),
		0);
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.outbox WHERE member_id = 19"), 100);
	ck_assert_int_eq(
		house_number("SELECT max(message_no) FROM loyalty.outbox WHERE member_id = 19"), 100);
}
END_TEST

// --- Cases.

static void case_write(int member, int number, const char *kind, const char *body)
{
	char sql[400];
	snprintf(sql, sizeof sql, "SELECT loyalty.case_write(%d, %d, gen_random_uuid(), '%s', '%s')", member,
		number, kind, body);
	house_sql("deniz", sql);
}

START_TEST(answers_to_mail_go_out_and_notes_never)
{
	const char *keep = outbox_kept_file();
	char text[300];
	house_sql("deniz", "SELECT loyalty.case_open(16, gen_random_uuid(), 'an internal word', 'e-mail', 2, "
			   "'from_member', 'Hello?')");
	house_sql("deniz", "SELECT loyalty.case_open(16, gen_random_uuid(), 'x', 'phone', 2, 'internal', "
			   "'secret of case 2')");
	case_write(16, 1, "internal", "a secret note");
	case_write(16, 1, "from_member", "said by the member");
	case_write(16, 1, "to_member", "Braces {stay} {as} they are.");
	case_write(16, 2, "to_member", "told on the phone");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.outbox"), 1);
	snprintf(text, sizeof text, "cat >>%s", keep);
	ck_holds(outbox_mail(outbox_script(text))->out, ", 1 messages sent\n");
	const char *sent = program_file_text(keep);
	ck_holds(sent, "\nSubject: Starbucks Rewards (US): talebiniz 1000016/1\n");
	ck_holds(sent, "\n\nBraces {stay} {as} they are.\n");
	ck_assert_ptr_null(strstr(sent, "secret"));
	ck_assert_ptr_null(strstr(sent, "internal"));
	ck_assert_ptr_null(strstr(sent, "Auto-Submitted"));
	ck_assert_ptr_null(strstr(sent, "List-Unsubscribe"));
	house_sql(NULL,
		"UPDATE loyalty.member_identifier SET kind = 'external' WHERE value = 'm16@example.org'");
	case_write(16, 1, "to_member", "never arrives");
	house_sql(
		NULL, "UPDATE loyalty.member_identifier SET kind = 'email' WHERE value = 'm16@example.org'");
	struct vt *vt = house_screens("deniz", NULL, 40, 100);
	house_keys(vt, "/1000016\r");
	house_shows(vt, "5 Cases");
	house_keys(vt, "5");
	house_shows(vt, "an internal word");
	house_keys(vt, "G\r");
	house_shows(vt, "never arrives");
	house_shows(vt, "sent by e-mail");
	house_shows(vt, "NOT SENT by e-mail: there is no e-mail address");
	vt_close(vt);
	struct session *max = database_session("user=max");
	ck_assert_int_eq(database_number(max, "SELECT count(*) FROM loyalty.outbox_seen"), 0);
	ck_assert_str_eq(database_refusal(max, "SELECT loyalty.outbox_retry(16, 1)"), "LY004");
	session_close(max);
}
END_TEST

// --- Surveys.

// Whoever has the link may answer for the member: it is in the message, and nowhere else afterwards.
START_TEST(invitations_go_out_with_a_link_of_their_own)
{
	const char *keep = outbox_kept_file(), *max = "--database 'user=max dbname=outbox'";
	char text[300], file[200], token[100] = "";
	snprintf(file, sizeof file, "%s",
		program_file("nps.conf",
			"code = \"nps\"; name = \"NPS\"; kind = \"nps\"; question = \"Would you?\";"));
	program_expect(0, "%s survey create %s", max, file);
	snprintf(file, sizeof file, "%s",
		program_file("invite.txt",
			"{programme} asks\n\nHello {given_name|you}, until {expires}:\n{link}\n"));
	ck_holds(program_expect(2, "%s survey invite nps --mail %s", max, file)->err, "--link 'https");
	ck_holds(program_expect(2, "%s survey invite nps --mail %s --link https://x.example/s", max, file)
			 ->err,
		"{token} stands where");
	ck_holds(program_expect(2, "%s survey invite nps --mail %s --link 'https://x.example/{token}'", max,
			 program_file("a.txt", "Subject\n\nno way to answer\n"))
			 ->err,
		"nobody can answer without {link}");
	ck_holds(program_expect(2, "%s survey invite nps --mail %s --link 'https://x.example/{token}'", max,
			 program_file("b.txt", "Subject\n\nHello {given_name}\n{link}"))
			 ->err,
		"b.txt:3:7: not everybody has a value for {given_name}");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.survey_invitation"), 0);
	ck_holds(program_expect(0,
			 "%s survey invite nps --mail %s --link 'https://x.example/s/{token}' --language en "
			 "--format csv",
			 max, file)
			 ->out,
		"messages,state,why\r\n2");
	int64_t invited = house_number("SELECT count(*) FROM loyalty.survey_invitation");
	ck_assert_int_gt(invited, 15);
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.outbox WHERE state = 'waiting' AND key = "
				      "'survey nps/1'"),
		invited);
	ck_assert_int_eq(
		house_number("SELECT count(*) FROM loyalty.survey_invitation WHERE member_id IN (4, 5, 9)"),
		0); // who may not be written to
	ck_assert_ptr_null(strstr(program_expect(0, "%s outbox show 1000001/1", max)->out, "x.example"));
	snprintf(text, sizeof text, "cat >>%s", keep);
	outbox_mail(outbox_script(text));
	const char *link = strstr(program_file_text(keep), "\nhttps://x.example/s/");
	ck_assert_ptr_nonnull(link);
	ck_assert_int_eq(sscanf(link, "\nhttps://x.example/s/%80[A-Za-z0-9_-]", token), 1);
	snprintf(text, sizeof text,
		"SELECT count(*) FROM loyalty.survey_token WHERE hash = loyalty.survey_token_hash('%s')",
		token);
	ck_assert_int_eq(house_number(text), 1);
	ck_assert_int_eq(
		house_number("SELECT count(*) FROM loyalty.outbox WHERE state = 'sent' AND filling ? 'link'"),
		0);
	program_expect(0, "%s survey invite nps --again 1 --mail %s --link 'https://x.example/s/{token}'",
		max, file);
	program_expect(0, "%s survey invite nps --again 1 --mail %s --link 'https://x.example/s/{token}'",
		max, file);
	ck_assert_int_eq(
		house_number("SELECT count(*) FROM loyalty.outbox WHERE state = 'waiting'"), invited);
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.outbox WHERE state = 'cancelled' AND why "
				      "= 'there is a newer link' AND NOT filling ? 'link'"),
		invited);
}
END_TEST

// --- People.

START_TEST(people_list_show_and_decide)
{
	outbox_owe(17, "gift 17", "promotions", "'{points}', 'Body of the message', '{\"points\": \"5\"}'");
	outbox_owe(18, "case 1/2", "service", HELLO);
	const char *list = program_expect(0, "outbox list")->out;
	ck_holds(list, "1000017/1");
	ck_holds(list, "1000018/1");
	ck_holds(program_expect(0, "outbox list --state sent")->out, "message");
	ck_assert_ptr_null(strstr(program_run("outbox list --state sent")->out, "1000017"));
	ck_holds(program_expect(0, "outbox list --member 1000018 --format csv")->out,
		"1000018/1,waiting,service,");
	ck_holds(program_expect(0, "outbox show 1000017/1")->out, "Body of the message");
	ck_holds(program_expect(1, "outbox show 1000017/9")->err, "there is no such message");
	ck_holds(program_expect(1, "outbox show x")->err, "names no message");
	ck_holds(program_expect(1, "outbox retry 1000017/1")->err, "this message is waiting");
	const char *max = "--database 'user=max dbname=outbox'",
		   *deniz = "--database 'user=deniz dbname=outbox'";
	ck_assert_ptr_null(strstr(program_expect(0, "%s outbox list", max)->out, "1000018"));
	ck_holds(program_expect(1, "%s outbox show 1000018/1", max)->err, "there is no such message");
	ck_holds(
		program_expect(1, "%s outbox cancel 1000017/1", deniz)->err, "marketing and managers decide");
	program_expect(0, "%s outbox cancel 1000017/1", max);
	program_expect(0, "%s outbox cancel 1000018/1", deniz);
	program_expect(0, "%s outbox cancel 1000018/1", deniz); // twice is once
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.audit_log WHERE action = "
				      "'message.cancel' AND member_id IN (17, 18)"),
		2);
	struct session *session = database_session("user=deniz");
	ck_assert_str_eq(database_refusal(session, "SELECT * FROM loyalty.outbox"), "42501");
	ck_assert_str_eq(database_refusal(session, "SELECT * FROM loyalty.outbox_next(1)"), "42501");
	ck_assert_str_eq(
		database_refusal(session, "SELECT loyalty.outbox_add(1, 'k', 'service', 'a', 'b')"), "42501");
	session_close(session);
}
END_TEST

START_TEST(health_tells_how_the_outbox_is)
{
	outbox_owe(17, "a", "service", HELLO);
	outbox_owe(18, "a", "service", HELLO);
	house_sql(NULL, "UPDATE loyalty.outbox SET state = 'failed' WHERE member_id = 18");
	house_sql(NULL, "DELETE FROM loyalty.worker_heartbeat"); // one that was killed counts for a while
	struct vt *vt = house_screens("mona", NULL, 40, 100);
	house_keys(vt, ":health\r");
	house_shows(vt, "Messages to members");
	house_shows(vt, "1 wait, the first for ");
	house_shows(vt, "1 failed, 0 uncertain: `loyalty outbox list`");
	house_shows(vt, "no worker that runs has a mail command");
	vt_close(vt);
}
END_TEST

Suite *outbox_suite(void);

Suite *outbox_suite(void)
{
	Suite *suite = suite_create("outbox");
	TCase *cases = tcase_create("outbox");
	tcase_add_unchecked_fixture(cases, open_house, NULL);
	tcase_add_checked_fixture(cases, outbox_empty, NULL);
	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, nobody_is_written_to_against_their_will);
	tcase_add_test(cases, a_message_waits_for_its_event);
	tcase_add_test(cases, a_value_that_is_missing_is_told_and_nothing_sent);
	tcase_add_test(cases, what_is_owed_at_once_is_owed_once);
	tcase_add_test(cases, answers_to_mail_go_out_and_notes_never);
	tcase_add_test(cases, invitations_go_out_with_a_link_of_their_own);
	tcase_add_test(cases, people_list_show_and_decide);
	tcase_add_test(cases, health_tells_how_the_outbox_is);
	suite_add_tcase(suite, cases);
	return suite;
}
