// Reports by mail: written once, sent to each address by a real mail system, and what is told where one does not arrive.
#include "tests/database.h"
#include "tests/outbox.h"
#include "tests/sink.h"
#include "tests/tui/house.h"

#include <check.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MONA "--database 'user=mona dbname=report_mail' "

static void open_house(void)
{
	outbox_house("report_mail");
}

static void empty(void)
{
	house_sql(NULL, "DELETE FROM loyalty.report_issue; DELETE FROM loyalty.report_job; "
			"ALTER SEQUENCE loyalty.report_issue_seq RESTART; ALTER SEQUENCE loyalty.report_job_seq RESTART");
}

static const char *msmtp(int port)
{
	static char command[300];
	snprintf(command, sizeof command,
		"/usr/bin/msmtp --host=127.0.0.1 --port=%d --from=club@example.org --tls=off --auth=off --timeout=30 -t -i",
		port);
	return command;
}

static const char *states(void)
{
	static char text[400];
	struct session *session = database_session(NULL);
	snprintf(text, sizeof text, "%s",
		database_text(session, "SELECT coalesce(string_agg(address || ' ' || state || CASE WHEN why <> '' THEN ': ' || why "
				       "ELSE '' END, '; ' ORDER BY issue_no, mail_no), '') FROM loyalty.report_mail"));
	session_close(session);
	return text;
}

// What is attached, decoded. Static.
static const char *attached(const char *mail)
{
	static char file[200000];
	const char *line = strstr(mail, "\nContent-Disposition: attachment;");
	size_t length = 0;
	ck_assert_ptr_nonnull(line);
	for (line = strstr(line, "\n\n") + 2; *line != '\n'; line = strchr(line, '\n') + 1)
		length += (size_t)EVP_DecodeBlock(
			(unsigned char *)file + length, (const unsigned char *)line, (int)strcspn(line, "\n"));
	return file;
}

START_TEST(a_report_reaches_each_of_its_readers)
{
	int port = sink_open(SINK_TAKES);
	ck_holds(program_expect(0, MONA "report send programme --mail-to ann@example.org,kemal@example.org")->out, "report 1 goes out");
	ck_holds(outbox_mail(msmtp(port))->out, ", 2 messages sent\n");
	const struct sink_mail *got = sink_wait(2);
	ck_assert_str_eq(got->receivers, "<kemal@example.org>\n");
	ck_holds(got->text, "From: \"Starbucks\"\n <club@example.org>\nTo: <kemal@example.org>\nSubject: The programme in figures, 20");
	ck_holds(got->text, "\nAuto-Submitted: auto-generated\nContent-Language: en\nMIME-Version: 1.0\nContent-Type: multipart/mixed;\n boundary=\"=_");
	ck_holds(got->text, "\nContent-Type: text/html; charset=UTF-8\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=\"programme-20");
	ck_holds(got->text, "The report is attached, as a page that any browser shows and prints.\n");
	ck_assert_ptr_null(strstr(got->text, "List-Unsubscribe"));
	ck_assert_ptr_null(strstr(got->text, "It comes every"));
	const char *page = attached(got->text);
	ck_assert_int_eq(strncmp(page, "<!doctype html>\n", 16), 0);
	ck_holds(page, "<title>The programme in figures</title>");
	ck_holds(page, "</html>\n");
	ck_assert_str_eq(states(), "ann@example.org sent; kemal@example.org sent");
	ck_holds(outbox_mail(msmtp(port))->out, ", 0 messages sent\n"); // once is once
	ck_assert_int_eq(sink_count(), 2);
	sink_close();
	ck_holds(program_expect(0, MONA "report scheduled --format csv")->out, ",2 sent,");
	ck_holds(program_expect(0, MONA "outbox show R1/2")->out, "kemal@example.org");
	ck_holds(program_expect(0, MONA "outbox list --state sent --format csv")->out, "R1/1,sent,report,");
}
END_TEST

// As text it is the message itself; a schedule sends it when its time has come, and then the next time is set.
START_TEST(a_schedule_mails_when_it_is_due)
{
	int port = sink_open(SINK_TAKES);
	program_expect(0, MONA "report schedule cases --as text --every day --hour 5 --mail-to 'ann@example.org'");
	program_expect(0, MONA "report schedule cases --as text --every day"); // into the folder: another one
	ck_holds(outbox_mail(msmtp(port))->out, ", 0 messages sent\n");
	house_sql(NULL, "UPDATE loyalty.report_job SET next_at = now() - interval '1 s'");
	ck_holds(outbox_mail(msmtp(port))->out, ", 1 messages sent\n");
	ck_holds(sink_wait(1)->text, "\nContent-Type: text/plain; charset=UTF-8\n");
	ck_holds(sink_wait(1)->text, "\nBy month, the last one so far\n");
	ck_assert_ptr_null(strstr(sink_wait(1)->text, "multipart"));
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.report_job WHERE next_at > now()"), 1); // no folder here
	program_expect(0, MONA "report schedule cases --as csv --every day --hour 5 --mail-to ann@example.org,ben@example.org");
	house_sql(NULL, "UPDATE loyalty.report_job SET next_at = now() WHERE format = 'csv'");
	ck_holds(outbox_mail(msmtp(port))->out, ", 2 messages sent\n");
	ck_holds(sink_wait(3)->text, "It comes every day. A manager ends that with: loyalty report unschedule 3\n");
	ck_holds(attached(sink_wait(3)->text), "section,row,column,value\r\n");
	sink_close();
}
END_TEST

START_TEST(what_did_not_arrive_is_told_and_sent_again)
{
	int port = sink_open(SINK_REFUSES);
	program_expect(0, MONA "report send liability --as json --mail-to ann@example.org");
	ck_holds(outbox_mail(msmtp(port))->out, ", 0 messages sent\n");
	ck_holds(states(), "ann@example.org failed: the mail command ended with status 65: msmtp: recipient address * not accepted");
	sink_close();
	program_expect(0, MONA "report send nps --mail-to ann@example.org");
	ck_holds(outbox_mail(outbox_script("cat >/dev/null"))->out, ", 0 messages sent\n");
	const char *list = program_expect(0, MONA "report scheduled")->out;
	ck_holds(list, "1 failed: ann@example.org: the mail command ended with status 65");
	ck_holds(list, "there is no survey yet");
	struct vt *vt = house_screens("mona", NULL, 50, 120);
	house_keys(vt, ":health\r");
	house_shows(vt, "1 not written, 1 not delivered: `loyalty report scheduled`");
	vt_close(vt);
	ck_holds(program_expect(0, MONA "outbox list")->out, "R1/1");
	ck_holds(program_expect(0, MONA "outbox retry R1/1")->out, "R1/1 waits to be sent");
	ck_holds(program_expect(1, MONA "outbox retry R1/1")->err, "this message is waiting");
	ck_holds(outbox_mail(outbox_script("cat >/dev/null"))->out, ", 1 messages sent\n");
	ck_assert_str_eq(states(), "ann@example.org sent");
	ck_holds(program_expect(1, MONA "outbox cancel R1/1")->err, "this message is sent");
	ck_holds(program_expect(1, MONA "outbox cancel R9/1")->err, "there is no such message");
	ck_holds(program_expect(1, MONA "outbox show R9/1")->err, "there is no such message");
}
END_TEST

// A sender that died leaves it uncertain: nobody sends it again but a person.
START_TEST(a_report_is_sent_at_most_once)
{
	program_expect(0, MONA "report send cases --mail-to ann@example.org");
	house_sql(NULL, "UPDATE loyalty.report_job SET next_at = 'infinity'; SELECT loyalty.report_mail_add(1, '2026-11-22', 'Cases', 'b', NULL); "
			"SELECT loyalty.report_mail_next(-1)"); // by one that then was killed
	ck_holds(outbox_mail(outbox_script("cat >/dev/null"))->out, ", 0 messages sent\n");
	ck_assert_str_eq(states(), "ann@example.org uncertain: whoever sent it ended before telling whether it left");
	program_expect(0, MONA "outbox cancel R1/1");
	ck_assert_str_eq(states(), "ann@example.org cancelled: by mona");
}
END_TEST

START_TEST(who_may_and_to_whom)
{
	ck_holds(program_expect(2, MONA "report send programme")->err, "say to whom");
	ck_holds(program_expect(2, MONA "report send nothing --mail-to a@example.org")->err, "a report is programme");
	ck_holds(program_expect(2, MONA "report send programme --mail-to 'a@example.org,Ann <b@example.org>'")->err,
		"Ann: no address that mail can be sent to");
	ck_holds(program_expect(2, MONA "report schedule cases --mail-to a@x.org,a@x.org,a@x.org,a@x.org,a@x.org,a@x.org,a@x.org,a@x.org,"
				      "a@x.org,a@x.org,a@x.org,a@x.org,a@x.org,a@x.org,a@x.org,a@x.org,a@x.org,a@x.org,"
				      "a@x.org,a@x.org,a@x.org")
			 ->err,
		"at most twenty addresses");
	struct session *mona = database_session("user=mona"), *deniz = database_session("user=deniz");
	ck_assert_str_eq(database_refusal(mona, "SELECT loyalty.report_schedule('cases', 'html', 'once', 6, '{\"a@b,c@d\"}')"), "LY002");
	program_expect(0, MONA "report send cases --mail-to eve@example.org");
	house_sql(NULL, "SELECT loyalty.report_mail_add(1, '2026-11-22', 'Cases', 'b', NULL)");
	ck_assert_int_eq(database_number(mona, "SELECT count(*) FROM loyalty.report_mail_seen"), 1);
	ck_assert_int_eq(database_number(deniz, "SELECT count(*) FROM loyalty.report_mail_seen"), 0);
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.report_mail_retry('R1/1')"), "42501");
	ck_assert_str_eq(database_refusal(mona, "SELECT * FROM loyalty.report_mail_next(10)"), "42501");
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.report_schedule('cases', 'html', 'once', 6, '{a@example.org}')"), "42501");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.audit_log WHERE action = 'report.schedule' AND object LIKE 'cases html once%eve@example.org'"), 1);
	session_close(mona);
	session_close(deniz);
}
END_TEST

Suite *report_mail_suite(void);

Suite *report_mail_suite(void)
{
	Suite *suite = suite_create("report_mail");
	TCase *cases = tcase_create("report_mail");
	tcase_add_unchecked_fixture(cases, open_house, NULL);
	tcase_add_checked_fixture(cases, empty, NULL);
	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, a_report_reaches_each_of_its_readers);
	tcase_add_test(cases, a_schedule_mails_when_it_is_due);
	tcase_add_test(cases, what_did_not_arrive_is_told_and_sent_again);
	tcase_add_test(cases, a_report_is_sent_at_most_once);
	tcase_add_test(cases, who_may_and_to_whom);
	suite_add_tcase(suite, cases);
	return suite;
}
