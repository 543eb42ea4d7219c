// The outbox: who is written to and who is not, by a real mail system and by ones that fail; nothing goes out
// twice, whoever dies when.
#include "tests/database.h"
#include "tests/program.h"
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
#define ck_holds(text, part)                                                                                 \
	ck_assert_msg(strstr(text, part) != NULL, "\"%s\" does not stand in: %s", part, text)

static void open_house(void)
{
	house_open("outbox");
	house_sql(NULL, "INSERT INTO loyalty.member_consent (member_id, kind, channel, said_at, is_given, "
			"source) SELECT "
			"member_id, 'promotions', 'email', '2026-01-01', true, 'test' FROM loyalty.member");
}

// Each test begins with an empty outbox.
static void empty_outbox(void)
{
	house_sql(NULL, "DELETE FROM loyalty.outbox");
}

static void owe(int member, const char *key, const char *purpose, const char *rest)
{
	char sql[1000];
	snprintf(
		sql, sizeof sql, "SELECT loyalty.outbox_add(%d, '%s', '%s', %s)", member, key, purpose, rest);
	house_sql(NULL, sql);
}

#define HELLO "'Hello', 'Text'"

// Runs a worker until nothing is left to do, with that mail command; returns what it printed.
static const struct program *mail(const char *command)
{
	char text[1000];
	snprintf(text, sizeof text,
		"mail = { command = \"%s\"; from = \"Starbucks <club@example.org>\"; unsubscribe = "
		"\"mailto:stop@example.org\"; "
		"seconds = 20; };\n",
		command);
	return program_expect(0, "worker --once --config %s", program_file("mail.conf", text));
}

static const char *state_of(int member)
{
	static char state[400];
	char sql[200];
	struct session *session = database_session(NULL);
	snprintf(sql, sizeof sql,
		"SELECT string_agg(state || CASE WHEN why <> '' THEN ': ' || why ELSE '' END, '; ' ORDER BY "
		"message_no) FROM "
		"loyalty.outbox WHERE member_id = %d",
		member);
	snprintf(state, sizeof state, "%s", database_text(session, sql));
	session_close(session);
	return state;
}

static void due_now(void)
{
	house_sql(NULL, "UPDATE loyalty.outbox SET due_at = now() - interval '1 s' WHERE state IN "
			"('waiting', 'sending')");
}

// A program that does as a mail system does; sh takes its text from a file of ours.
static const char *script(const char *text)
{
	static char command[200];
	snprintf(command, sizeof command, "sh %s", program_file("mta.sh", text));
	return command;
}

// An empty file for what a script keeps; its path lives on.
static const char *kept_file(void)
{
	static char path[200];
	snprintf(path, sizeof path, "%s", program_file("kept", ""));
	return path;
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
	owe(1, "birthday 1", "promotions",
		"'{points} puan, {given_name|sevgili üyemiz}!', E'Merhaba {given_name} "
		"{family_name},\\n.\\n{expires} tarihine "
		"kadar {points}.\\n', '{\"points\": \"1240.5\", \"expires\": \"2026-12-01\"}'");
	ck_holds(mail(msmtp(port))->out, ", 1 messages sent\n");
	const struct sink_mail *got = sink_wait(1);
	ck_assert_str_eq(got->receivers, "<m1@example.org>\n");
	ck_holds(got->text, "From: \"Starbucks\"\n <club@example.org>\nTo: <m1@example.org>\nSubject: "
			    "=?UTF-8?B?MS4yNDAsNSBwdWFuLCBBecWfZSE=?=\n");
	ck_holds(got->text, "List-Unsubscribe:\n <mailto:stop@example.org>\nAuto-Submitted: "
			    "auto-generated\nContent-Language: tr\n");
	ck_holds(got->text,
		"\nMerhaba Ay=C5=9Fe Y=C4=B1lmaz,\n=2E\n1 Aral=C4=B1k 2026 tarihine kadar 1.240,5.\n");
	ck_assert_str_eq(state_of(1), "sent");
	owe(1, "birthday 1", "promotions", HELLO); // owed again
	ck_holds(mail(msmtp(port))->out, ", 0 messages sent\n");
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
	owe(1, "k", "service", HELLO);
	ck_holds(mail(msmtp(port))->out, ", 0 messages sent\n");
	const char *state = state_of(1);
	ck_assert_msg(strncmp(state, moods[_i].state, strlen(moods[_i].state)) == 0, "%s", state);
	ck_assert_ptr_null(strstr(state, "m1@example.org"));
	due_now();
	mail(msmtp(port));
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
	owe(20, "k", "service", "'{family_name}', '{family_name}', '{}'");
	owe(22, "k", "service", "'{given_name|x}', '{family_name}', '{}'");
	mail(msmtp(port));
	sink_wait(2);
	ck_assert_int_eq(sink_count(), 2);
	ck_assert_str_eq(state_of(20), "sent");
	ck_assert_str_eq(sink_wait(2)->receivers, "<m22@example.org>\n");
	ck_assert_ptr_null(strstr(sink_wait(2)->text, "\033"));
	sink_close();
	house_sql(NULL, "UPDATE loyalty.member_identifier SET value = 'm20@example.org, evil@example.org' "
			"WHERE value = 'm20@example.org'");
	owe(20, "k2", "service", HELLO);
	mail(script("cat >/dev/null"));
	ck_assert_str_eq(state_of(20),
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
	owe(2, "k", "service", HELLO);
	sink_wait(1);
	owe(3, "k", "service", HELLO);
	ck_assert_str_eq(sink_wait(2)->receivers, "<m3@example.org>\n");
	ck_assert_int_eq(kill(worker, SIGTERM), 0);
	ck_assert_int_eq(waitpid(worker, &status, 0), worker);
	ck_assert_int_eq(status, 0);
	ck_assert_str_eq(state_of(3), "sent");
	sink_close();
}
END_TEST

// --- Who is written to.

START_TEST(nobody_is_written_to_against_their_will)
{
	house_sql(NULL, "INSERT INTO loyalty.member_consent VALUES (4, 'promotions', 'email', now(), false, "
			"'', 'test')");
	owe(4, "a", "promotions", HELLO);
	owe(4, "b", "partner_promotions", HELLO);
	owe(4, "c", "service", HELLO);
	ck_assert_str_eq(state_of(4),
		"suppressed: no consent to promotions by e-mail; suppressed: no consent to promotions of "
		"partners by e-mail; waiting");
	owe(5, "a", "promotions", HELLO);
	owe(6, "a", "promotions", HELLO);
	owe(7, "a", "service", HELLO);
	owe(8, "a", "promotions", HELLO ", NULL, NULL, NULL, NULL, now() - interval '1 min'");
	house_sql(NULL,
		"INSERT INTO loyalty.member_consent VALUES (5, 'promotions', 'email', now(), false, '', "
		"'test')"); // said
			    // after
			    // it
			    // was
			    // owed
	house_sql(NULL, "UPDATE loyalty.member SET status = 'blocked' WHERE member_id IN (4, 6)");
	house_sql(NULL, "UPDATE loyalty.member SET status = 'closed' WHERE member_id = 7");
	ck_holds(mail(script("cat >/dev/null"))->out, ", 1 messages sent\n");
	ck_holds(state_of(4), "; sent");
	ck_assert_str_eq(state_of(5), "suppressed: no consent to promotions by e-mail");
	ck_assert_str_eq(state_of(6), "suppressed: the member is blocked");
	ck_assert_str_eq(state_of(7), "suppressed: the member is closed");
	ck_assert_str_eq(state_of(8), "suppressed: it was too late");
	house_sql(NULL, "UPDATE loyalty.member SET status = 'active' WHERE member_id IN (4, 6, 7)");
	house_sql(NULL, "DELETE FROM loyalty.member_identifier WHERE member_id = 9 AND kind = 'email'");
	owe(9, "a", "service", HELLO);
	ck_assert_str_eq(state_of(9), "suppressed: there is no e-mail address");
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
	owe(10, "gift", "promotions", rest);
	struct session *session = database_session(NULL);
	ck_assert_str_eq(database_text(session, "SELECT count(*) FROM loyalty.outbox_next(10)"), "0");
	due_now();
	const char *keep = kept_file();
	char text[300];
	snprintf(text, sizeof text, "cat >>%s", keep);
	ck_holds(mail(script(text))->out, ", 1 messages sent\n"); // the same run posts it
	ck_holds(program_file_text(keep), "Subject: 123.45 STAR\n");
	ck_holds(program_file_text(keep), "\n\nUntil ");
	house_sql(NULL,
		"SELECT loyalty.submit_event(10, 'redeem', 'test', 'no', NULL, '{\"reward\": \"nothing\"}')");
	snprintf(rest, sizeof rest, "'a', 'b', NULL, %s", seq);
	owe(10, "no", "service", rest);
	mail(script("cat >/dev/null"));
	ck_assert_str_eq(state_of(10), "sent; suppressed: the event it tells of was denied: reward");
	session_close(session);
}
END_TEST

START_TEST(a_value_that_is_missing_is_told_and_nothing_sent)
{
	owe(11, "k", "service", "'x', E'Hello\\nyour code: {code}', '{}'");
	mail(script("cat >/dev/null"));
	ck_assert_str_eq(state_of(11), "failed: the body, line 2: there is no value for {code}");
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

// --- Mail systems that fail.

START_TEST(what_cannot_be_sent_is_tried_again_less_and_less_often)
{
	owe(12, "k", "service", HELLO);
	const struct program *p =
		mail(script("cat >/dev/null; echo m12@example.org: mailbox full >&2; exit 75"));
	ck_assert_ptr_null(strstr(p->err, "m12@example.org"));
	ck_assert_str_eq(state_of(12), "waiting: the mail command ended with status 75: *: mailbox full");
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
		due_now();
		database_text(session,
			"SELECT loyalty.outbox_told(member_id, message_no, claim, 'again', 'x') "
			"FROM loyalty.outbox_next(100)");
	}
	session_close(session);
	ck_assert_str_eq(state_of(12), "failed: x");
	ck_holds(program_expect(0, "outbox retry 1000012/1")->out, "1000012/1 waits to be sent");
	ck_holds(mail(script("cat >/dev/null"))->out, ", 1 messages sent\n");
}
END_TEST

START_TEST(a_command_that_is_not_there_costs_no_try)
{
	owe(12, "a", "service", HELLO);
	owe(13, "a", "service", HELLO);
	const struct program *p = mail("/nonexistent/sendmail -t");
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
	const char *keep = kept_file();
	snprintf(text, sizeof text, "cat >/dev/null; echo sent >>%s; kill -9 $PPID", keep);
	owe(14, "a", "service", HELLO);
	const char *file = program_file("mail.conf", "");
	FILE *conf = fopen(file, "w");
	fprintf(conf, "mail = { command = \"%s\"; from = \"a@example.org\"; };\n", script(text));
	fclose(conf);
	program_expect(137, "worker --once --config %s", file);
	ck_assert_str_eq(state_of(14), "sending");
	mail(script(text)); // its claim still holds
	ck_assert_str_eq(state_of(14), "sending");
	due_now();
	const struct program *p = mail(script(text));
	ck_holds(p->err, "1 messages are uncertain");
	ck_assert_str_eq(state_of(14), "uncertain: whoever sent it ended before telling whether it left");
	mail(script(text));
	ck_assert_str_eq(program_file_text(keep), "sent\n");
	ck_holds(program_expect(0, "outbox cancel 1000014/1")->out, "will not be sent");
	ck_assert_str_eq(state_of(14), "cancelled: by postgres");
}
END_TEST

// Slower than its claim, but not dead: what it knows counts.
START_TEST(a_late_word_of_the_sender_counts)
{
	owe(15, "a", "service", HELLO);
	struct session *session = database_session(NULL);
	char sql[200];
	snprintf(sql, sizeof sql, "SELECT claim FROM loyalty.outbox_next(100)");
	char claim[40];
	snprintf(claim, sizeof claim, "%s", database_text(session, sql));
	due_now();
	ck_assert_int_eq(database_number(session, "SELECT loyalty.outbox_sweep()"), 1);
	snprintf(sql, sizeof sql, "SELECT loyalty.outbox_told(15, 1, '%s', 'sent', '')::int", claim);
	ck_assert_int_eq(database_number(session, sql), 1);
	ck_assert_int_eq(database_number(session, sql), 0); // once
	ck_assert_str_eq(state_of(15), "sent");
	session_close(session);
}
END_TEST

// Four workers at once over the same messages: each goes out, and none twice.
START_TEST(workers_share_the_messages)
{
	char text[300], command[600];
	const char *keep = kept_file();
	snprintf(text, sizeof text, "grep Message-ID >>%s", keep);
	house_sql(NULL,
		"SELECT loyalty.outbox_add(m, 'k' || n, 'service', 'a', 'b') FROM generate_series(1, 20) m, "
		"generate_series(1, 3) n WHERE m <> 9 AND m <> 20 AND m <> 7");
	const char *file = program_file("mail.conf", "");
	FILE *conf = fopen(file, "w");
	fprintf(conf, "mail = { command = \"%s\"; from = \"a@example.org\"; };\n", script(text));
	fclose(conf);
	snprintf(command, sizeof command,
		"for n in 1 2 3 4; do \"$LOYALTY\" worker --once --config %s >/dev/null & done; wait", file);
	ck_assert_int_eq(system(command), 0);
	snprintf(command, sizeof command, "test \"$(sort -u %s | wc -l) $(wc -l <%s)\" = '51 51'", keep,
		keep);
	ck_assert_int_eq(system(command), 0);
	ck_assert_int_eq(
		house_number("SELECT count(*) FROM loyalty.outbox WHERE state = 'sent' AND attempts = 1"),
		51);
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
	const char *keep = kept_file();
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
	ck_holds(mail(script(text))->out, ", 1 messages sent\n");
	const char *sent = program_file_text(keep);
	ck_holds(sent, "\nSubject: Starbucks Rewards (US): talebiniz 1000016/1\n");
	ck_holds(sent, "\n\nBraces {stay} {as} they are.\n");
	ck_assert_ptr_null(strstr(sent, "secret"));
	ck_assert_ptr_null(strstr(sent, "internal"));
	ck_assert_ptr_null(strstr(sent, "Auto-Submitted"));
	ck_assert_ptr_null(strstr(sent, "List-Unsubscribe"));
	house_sql(NULL, "UPDATE loyalty.member_identifier SET kind = 'external' WHERE value = 'm16@example.org'");
	case_write(16, 1, "to_member", "never arrives");
	house_sql(NULL, "UPDATE loyalty.member_identifier SET kind = 'email' WHERE value = 'm16@example.org'");
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
	const char *keep = kept_file(), *max = "--database 'user=max dbname=outbox'";
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
	mail(script(text));
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
	owe(17, "gift 17", "promotions", "'{points}', 'Body of the message', '{\"points\": \"5\"}'");
	owe(18, "case 1/2", "service", HELLO);
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
	owe(17, "a", "service", HELLO);
	owe(18, "a", "service", HELLO);
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
	tcase_add_checked_fixture(cases, empty_outbox, NULL);
	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, a_message_arrives_as_it_was_meant);
	tcase_add_loop_test(cases, what_a_server_says_is_kept, 0, sizeof moods / sizeof *moods);
	tcase_add_test(cases, no_name_becomes_a_header);
	tcase_add_test(cases, a_worker_that_runs_sends_by_itself);
	tcase_add_test(cases, nobody_is_written_to_against_their_will);
	tcase_add_test(cases, a_message_waits_for_its_event);
	tcase_add_test(cases, a_value_that_is_missing_is_told_and_nothing_sent);
	tcase_add_test(cases, what_is_owed_at_once_is_owed_once);
	tcase_add_test(cases, what_cannot_be_sent_is_tried_again_less_and_less_often);
	tcase_add_test(cases, a_command_that_is_not_there_costs_no_try);
	tcase_add_test(cases, a_worker_killed_in_between_sends_nothing_twice);
	tcase_add_test(cases, a_late_word_of_the_sender_counts);
	tcase_add_test(cases, workers_share_the_messages);
	tcase_add_test(cases, answers_to_mail_go_out_and_notes_never);
	tcase_add_test(cases, invitations_go_out_with_a_link_of_their_own);
	tcase_add_test(cases, people_list_show_and_decide);
	tcase_add_test(cases, health_tells_how_the_outbox_is);
	suite_add_tcase(suite, cases);
	return suite;
}
