// Sending: by a real mail system and by ones that fail; nothing goes out twice, whoever dies when.
#include "tests/database.h"
#include "tests/outbox.h"
#include "tests/sink.h"
#include "tests/tui/house.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MSMTP                                                                                                \
	"/usr/bin/msmtp --host=127.0.0.1 --port=%d --from=club@example.org --tls=off --auth=off "            \
	"--timeout=30 -t -i"

static void open_house(void)
{
	outbox_house("mail");
}

// --- A real mail system.

static const char *msmtp(int port)
{
	static char command[300];
	snprintf(command, sizeof command, MSMTP, port);
	return command;
}

START_TEST(a_message_arrives_as_it_was_meant)
{
	int port = sink_open(SINK_TAKES);
	outbox_owe(1, "birthday 1", "promotions",
		"'{points} puan, {given_name|sevgili üyemiz}!', E'Merhaba {given_name} "
		"{family_name},\\n.\\n{expires} tarihine "
		"kadar {points}.\\n', '{\"points\": \"1240.5\", \"expires\": \"2026-12-01\"}'");
	ck_holds(outbox_mail(msmtp(port))->out, ", 1 messages sent\n");
	const struct sink_mail *got = sink_wait(1);
	ck_assert_str_eq(got->receivers, "<m1@example.org>\n");
	ck_holds(got->text, "From: \"Starbucks\"\n <club@example.org>\nTo: <m1@example.org>\nSubject: "
			    "=?UTF-8?B?MS4yNDAsNSBwdWFuLCBBecWfZSE=?=\n");
	ck_holds(got->text, "List-Unsubscribe:\n <mailto:stop@example.org>\nAuto-Submitted: "
			    "auto-generated\nContent-Language: tr\n");
	ck_holds(got->text,
		"\nMerhaba Ay=C5=9Fe Y=C4=B1lmaz,\n=2E\n1 Aral=C4=B1k 2026 tarihine kadar 1.240,5.\n");
	ck_assert_str_eq(outbox_state(1), "sent");
	outbox_owe(1, "birthday 1", "promotions", HELLO); // owed again
	ck_holds(outbox_mail(msmtp(port))->out, ", 0 messages sent\n");
	ck_assert_int_eq(sink_count(), 1);
	sink_close();
}
END_TEST

static const struct {
	enum sink_mood mood;
	const char *state;
} moods[] = {
	{SINK_REFUSES,
		"failed: the mail command ended with status 65: msmtp: recipient address * not accepted"},
	{SINK_PUTS_OFF, "waiting: the mail command ended with status"},
	{SINK_BREAKS_OFF, "uncertain: the mail command ended with status"},
};

START_TEST(what_a_server_says_is_kept)
{
	int port = sink_open(moods[_i].mood);
	outbox_owe(1, "k", "service", HELLO);
	ck_holds(outbox_mail(msmtp(port))->out, ", 0 messages sent\n");
	const char *state = outbox_state(1);
	ck_assert_msg(strncmp(state, moods[_i].state, strlen(moods[_i].state)) == 0, "%s", state);
	ck_assert_ptr_null(strstr(state, "m1@example.org"));
	outbox_due_now();
	outbox_mail(msmtp(port));
	ck_assert_int_eq(sink_count(), moods[_i].mood == SINK_BREAKS_OFF);
	sink_close();
}
END_TEST

// Names are of unknown origin: one receiver, and no line of the head that is not ours.
START_TEST(no_name_becomes_a_header)
{
	int port = sink_open(SINK_TAKES);
	house_sql(NULL, "UPDATE loyalty.member SET family_name = E'x\\r\\nBcc: "
			"evil@example.org\\r\\n\\r\\nbody' WHERE member_id = 20");
	outbox_owe(20, "k", "service", "'{family_name}', '{family_name}', '{}'");
	outbox_owe(22, "k", "service", "'{given_name|x}', '{family_name}', '{}'");
	outbox_mail(msmtp(port));
	sink_wait(2);
	ck_assert_int_eq(sink_count(), 2);
	ck_assert_str_eq(outbox_state(20), "sent");
	ck_assert_str_eq(sink_wait(2)->receivers, "<m22@example.org>\n");
	ck_assert_ptr_null(strstr(sink_wait(2)->text, "\033"));
	sink_close();
	house_sql(NULL, "UPDATE loyalty.member_identifier SET value = 'm20@example.org, evil@example.org' "
			"WHERE value = 'm20@example.org'");
	outbox_owe(20, "k2", "service", HELLO);
	outbox_mail(outbox_script("cat >/dev/null"));
	ck_assert_str_eq(outbox_state(20),
		"sent; failed: the member's e-mail address is not one that mail can be sent to");
	house_sql(NULL, "UPDATE loyalty.member_identifier SET value = 'm20@example.org' WHERE value LIKE "
			"'m20@example.org,%'");
}
END_TEST

// A worker that stays sends what is owed by itself, and ends when it is told to.
START_TEST(a_worker_that_runs_sends_by_itself)
{
	int port = sink_open(SINK_TAKES), status;
	char text[500];
	snprintf(text, sizeof text, "mail = { command = \"" MSMTP "\"; from = \"club@example.org\"; };\n",
		port);
	const char *file = program_file("mail.conf", text);
	pid_t worker = fork();
	if (worker == 0) {
		if (!freopen("/dev/null", "w", stdout))
			_exit(127);
		execl(getenv("LOYALTY"), "loyalty", "worker", "--config", file, (char *)NULL);
		_exit(127);
	}
	outbox_owe(2, "k", "service", HELLO);
	sink_wait(1);
	outbox_owe(3, "k", "service", HELLO);
	ck_assert_str_eq(sink_wait(2)->receivers, "<m3@example.org>\n");
	ck_assert_int_eq(kill(worker, SIGTERM), 0);
	ck_assert_int_eq(waitpid(worker, &status, 0), worker);
	ck_assert_int_eq(status, 0);
	ck_assert_str_eq(outbox_state(3), "sent");
	sink_close();
}
END_TEST

// --- Mail systems that fail.

START_TEST(what_cannot_be_sent_is_tried_again_less_and_less_often)
{
	outbox_owe(12, "k", "service", HELLO);
	const struct program *p =
		outbox_mail(outbox_script("cat >/dev/null; echo m12@example.org: mailbox full >&2; exit 75"));
	ck_assert_ptr_null(strstr(p->err, "m12@example.org"));
	ck_assert_str_eq(outbox_state(12), "waiting: the mail command ended with status 75: *: mailbox full");
	struct session *session = database_session(NULL);
	for (int tries = 1; tries <= 10; tries++) {
		char sql[300];
		int pause = tries < 10 ? 60 << (tries - 1) : 0;
		snprintf(sql, sizeof sql,
			"SELECT count(*) FROM loyalty.outbox WHERE attempts = %d AND state = '%s' AND "
			"(state = 'failed' OR due_at - now() BETWEEN least(%d, 21600) * interval '0.7 s' - "
			"interval '50 s' AND least(%d, 21600) * interval '1.26 s')",
			tries, tries < 10 ? "waiting" : "failed", pause, pause);
		ck_assert_msg(database_number(session, sql) == 1, "try %d", tries);
		outbox_due_now();
		database_text(session,
			"SELECT loyalty.outbox_told(member_id, message_no, claim, 'again', 'x') "
			"FROM loyalty.outbox_next(100)");
	}
	session_close(session);
	ck_assert_str_eq(outbox_state(12), "failed: x");
	ck_holds(program_expect(0, "outbox retry 1000012/1")->out, "1000012/1 waits to be sent");
	ck_holds(outbox_mail(outbox_script("cat >/dev/null"))->out, ", 1 messages sent\n");
}
END_TEST

START_TEST(a_command_that_is_not_there_costs_no_try)
{
	outbox_owe(12, "a", "service", HELLO);
	outbox_owe(13, "a", "service", HELLO);
	const struct program *p = outbox_mail("/nonexistent/sendmail -t");
	ck_holds(p->err, "the mail command cannot be started: No such file or directory");
	ck_assert_int_eq(
		house_number("SELECT count(*) FROM loyalty.outbox WHERE state = 'waiting' AND attempts = 0"),
		2);
	program_expect(0, "worker --once"); // without a command they wait
	ck_assert_int_eq(
		house_number("SELECT count(*) FROM loyalty.outbox WHERE state = 'waiting' AND attempts = 0"),
		2);
}
END_TEST

// The worker dies after the message has left and before it could say so: it is never sent again by itself.
START_TEST(a_worker_killed_in_between_sends_nothing_twice)
{
	char text[300];
	const char *keep = outbox_kept_file();
	snprintf(text, sizeof text, "cat >/dev/null; echo sent >>%s; kill -9 $PPID", keep);
	outbox_owe(14, "a", "service", HELLO);
	const char *file = program_file("mail.conf", "");
	FILE *conf = fopen(file, "w");
	fprintf(conf, "mail = { command = \"%s\"; from = \"a@example.org\"; };\n", outbox_script(text));
	fclose(conf);
	program_expect(137, "worker --once --config %s", file);
	ck_assert_str_eq(outbox_state(14), "sending");
	outbox_mail(outbox_script(text)); // its claim still holds
	ck_assert_str_eq(outbox_state(14), "sending");
	outbox_due_now();
	const struct program *p = outbox_mail(outbox_script(text));
	ck_holds(p->err, "1 messages are uncertain");
	ck_assert_str_eq(outbox_state(14), "uncertain: whoever sent it ended before telling whether it left");
	outbox_mail(outbox_script(text));
	ck_assert_str_eq(program_file_text(keep), "sent\n");
	ck_holds(program_expect(0, "outbox cancel 1000014/1")->out, "will not be sent");
	ck_assert_str_eq(outbox_state(14), "cancelled: by postgres");
}
END_TEST

// Slower than its claim, but not dead: what it knows counts.
START_TEST(a_late_word_of_the_sender_counts)
{
	outbox_owe(15, "a", "service", HELLO);
	struct session *session = database_session(NULL);
	char sql[200];
	snprintf(sql, sizeof sql, "SELECT claim FROM loyalty.outbox_next(100)");
	char claim[40];
	snprintf(claim, sizeof claim, "%s", database_text(session, sql));
	outbox_due_now();
	ck_assert_int_eq(database_number(session, "SELECT loyalty.outbox_sweep()"), 1);
	snprintf(sql, sizeof sql, "SELECT loyalty.outbox_told(15, 1, '%s', 'sent', '')::int", claim);
	ck_assert_int_eq(database_number(session, sql), 1);
	ck_assert_int_eq(database_number(session, sql), 0); // once
	ck_assert_str_eq(outbox_state(15), "sent");
	session_close(session);
}
END_TEST

// Four workers at once over the same messages: each goes out, and none twice.
START_TEST(workers_share_the_messages)
{
	char text[300], command[600];
	const char *keep = outbox_kept_file();
	snprintf(text, sizeof text, "grep Message-ID >>%s", keep);
	house_sql(NULL,
		"SELECT loyalty.outbox_add(m, 'k' || n, 'service', 'a', 'b') FROM generate_series(1, 20) m, "
		"generate_series(1, 3) n WHERE m <> 9 AND m <> 20 AND m <> 7");
	const char *file = program_file("mail.conf", "");
	FILE *conf = fopen(file, "w");
	fprintf(conf, "mail = { command = \"%s\"; from = \"a@example.org\"; };\n", outbox_script(text));
	fclose(conf);
	snprintf(command, sizeof command,
		"for n in 1 2 3 4; do \"$LOYALTY\" worker --once --config %s >/dev/null & done; wait", file);
	ck_assert_int_eq(system(command), 0);
	snprintf(
		command, sizeof command, "test \"$(sort -u %s | wc -l) $(wc -l <%s)\" = '51 51'", keep, keep);
	ck_assert_int_eq(system(command), 0);
	ck_assert_int_eq(
		house_number("SELECT count(*) FROM loyalty.outbox WHERE state = 'sent' AND attempts = 1"),
		51);
}
END_TEST

Suite *mail_suite(void);

Suite *mail_suite(void)
{
	Suite *suite = suite_create("mail");
	TCase *cases = tcase_create("mail");
	tcase_add_unchecked_fixture(cases, open_house, NULL);
	tcase_add_checked_fixture(cases, outbox_empty, NULL);
	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, a_message_arrives_as_it_was_meant);
	tcase_add_loop_test(cases, what_a_server_says_is_kept, 0, sizeof moods / sizeof *moods);
	tcase_add_test(cases, no_name_becomes_a_header);
	tcase_add_test(cases, a_worker_that_runs_sends_by_itself);
	tcase_add_test(cases, what_cannot_be_sent_is_tried_again_less_and_less_often);
	tcase_add_test(cases, a_command_that_is_not_there_costs_no_try);
	tcase_add_test(cases, a_worker_killed_in_between_sends_nothing_twice);
	tcase_add_test(cases, a_late_word_of_the_sender_counts);
	tcase_add_test(cases, workers_share_the_messages);
	suite_add_tcase(suite, cases);
	return suite;
}
