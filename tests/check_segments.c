// Verified segments from the outside: the command line, imports, the worker's days, the proof, the Member
// screen.
#include "tests/database.h"
#include "tests/program.h"
#include "tests/tui/house.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// All tests share one house, each with a member of its own.
enum {
	EARNING = 1,
	REFUSED,
	TOLD,
	ENDING,
	KEEPING,
	SERVED,
	CONTESTED,
	LAPSED,
	CROSSING = 12
}; // 9 to 11: imported

// The house's programme, with two segments and a rule for one of them.
#define WITH_SEGMENTS                                                                                        \
	"segments = ( { code = \"student\"; name = \"Student\"; months = 12; }, { code = \"staff\"; name = " \
	"\"Staff\"; } ); "                                                                                   \
	"earn = ( { id = \"library\"; on = \"activity\"; when = { activity = \"library\"; segment = "        \
	"\"student\"; }; "                                                                                   \
	"award = { currency = \"STAR\"; fixed = \"5\"; }; },"
static const char SEGMENTS_SQL[] = "UPDATE loyalty.programme_version SET document = 'format = 2;' || "
				   "replace(document, 'earn = (', '" WITH_SEGMENTS "')";
static const char NUMBERS_SQL[] =
	"SELECT loyalty.programme_number('{\"segments\": [{\"code\": \"student\", \"name\": \"Student\"}, "
	"{\"code\": \"staff\", \"name\": \"Staff\"}], \"rules\": [{\"code\": \"library\", \"kind\": "
	"\"earn\"}]}')";

static void open_house(void)
{
	house_open("segments");
	house_sql(NULL, SEGMENTS_SQL);
	house_sql(NULL, NUMBERS_SQL);
}

static int open_rows(int member)
{
	char sql[160];
	snprintf(sql, sizeof sql,
		"SELECT count(*) FROM loyalty.member_verification WHERE member_id = %d AND ended_on IS NULL",
		member);
	return (int)house_number(sql);
}

#define ck_holds(text, part)                                                                                 \
	ck_assert_msg(strstr(text, part) != NULL, "\"%s\" does not stand in: %s", part, text)

static const char *day(int from_today)
{
	static char days[4][16];
	static int next;
	char sql[120];
	struct session *session = database_session(NULL);
	snprintf(sql, sizeof sql, "SELECT (loyalty.business_day() + %d)::text", from_today);
	snprintf(days[++next % 4], sizeof days[0], "%s", database_text(session, sql));
	session_close(session);
	return days[next % 4];
}

static const struct program *submit(int status, int member, const char *words)
{
	return program_expect(status, "submit %s member=%d --wait 0", words, HOUSE_FIRST_NUMBER + member - 1);
}

// --- The command line.

START_TEST(a_member_is_verified_and_earns_by_it)
{
	char file[600];
	const char *today = day(0);
	snprintf(file, sizeof file,
		"source,external_id,member,type,date,activity,segment,evidence\n"
		"t,1,1000001,activity,%s,library,,\nt,2,1000001,verify,%s,,student,\"card 4711, Deniz\"\n"
		"t,3,1000001,activity,%s,library,,\nt,4,1000001,unverify,%s,,student,\n"
		"t,5,1000001,activity,%s,library,,\n",
		today, today, today, today, today);
	program_expect(0, "import events %s", program_file("earning.csv", file));
	house_work();
	ck_assert_int_eq(house_number("SELECT sum(e.amount * j.external_id::int) FROM loyalty.journal j JOIN "
				      "loyalty.ledger_entry e USING (member_id, seq) WHERE j.source = 't'"),
		3 * 500);
	ck_assert_int_eq(
		house_number(
			"SELECT count(*) FROM loyalty.member_verification v JOIN loyalty.journal j "
			"USING (member_id, seq) WHERE member_id = 1 AND j.reason = 'card 4711, Deniz' AND "
			"v.until_on = since + interval '1 year' AND ended_on = since AND end_seq > v.seq"),
		1);
}
END_TEST

START_TEST(what_the_rules_refuse_is_told)
{
	submit(0, REFUSED, "verify segment=nurse id=a");
	submit(0, REFUSED, "unverify segment=staff id=b");
	house_work();
	ck_holds(submit(1, REFUSED, "verify segment=nurse id=a")->out, "denied: segment");
	ck_holds(submit(1, REFUSED, "unverify segment=staff id=b")->out, "denied: not_verified");
	ck_holds(submit(1, REFUSED, "verify segment=staff id=c activity_date=2020-01-01")->err,
		"has no activity_date");
}
END_TEST

START_TEST(the_member_as_json_tells_the_segments)
{
	submit(0, TOLD, "verify segment=staff evidence=payroll id=v");
	house_work();
	const struct program *p = program_expect(0, "member 1000003 --format json");
	ck_holds(p->out, "\"segments\": [");
	ck_holds(p->out, "\"segment\": \"staff\", \"name\": \"Staff\"");
	ck_holds(p->out, "\"until\": null, \"days_left\": null, \"evidence\": \"payroll\"");
}
END_TEST

// --- Its day comes.

// It comes late: the days that it lets pass are nobody's else.
START_TEST(a_verification_ends_on_its_day)
{
	char words[100];
	snprintf(words, sizeof words, "verify segment=student id=v until=%s", day(2));
	submit(0, ENDING, words);
	house_work();
	ck_assert_int_eq(
		house_number(
			"SELECT due_on - loyalty.business_day() FROM loyalty.member_due WHERE member_id = 4"),
		2);
	program_expect(0, "worker --once --as-of %s", day(1));
	ck_assert_int_eq(open_rows(ENDING), 1);
	program_expect(0, "worker --once --as-of %s", day(2));
	ck_assert_int_eq(open_rows(ENDING), 0);
	ck_assert_int_eq(
		house_number("SELECT count(*) FROM loyalty.member_verification WHERE member_id = 4 AND "
			     "ended_on = until_on AND end_seq = 0"),
		1);
	program_expect(0, "verify --replay 100");
	house_sql(NULL, "UPDATE loyalty.member_verification SET until_on = until_on + 1 WHERE member_id = 4");
	ck_holds(program_expect(1, "verify --replay 100")->out, "the journal replayed gives the same");
	house_sql(NULL, "UPDATE loyalty.member_verification SET until_on = until_on - 1 WHERE member_id = 4");
}
END_TEST

// A version without a segment is refused while somebody is in it.
START_TEST(who_is_verified_keeps_the_segment)
{
	submit(0, KEEPING, "verify segment=student id=v");
	house_work();
	struct session *session = database_session(NULL);
	ck_assert_str_eq(database_text(session,
				 "SELECT array_to_string(loyalty.segment_held('{\"segments\": [{\"code\": "
				 "\"staff\"}]}'), '; ')"),
		"1 member holds the verification as student");
	ck_assert_str_eq(database_text(session,
				 "SELECT array_to_string(loyalty.segment_held('{\"segments\": [{\"code\": "
				 "\"student\"}, {\"code\": \"staff\"}]}'), '; ')"),
		"");
	ck_assert_int_eq(
		database_number(session,
			"SELECT count(*) FROM loyalty.segment_members('student') WHERE member_id = 5"),
		1);
	session_close(session);
}
END_TEST

// Nobody is in a segment when a version without it is approved; who was verified after that is so no more
// from its day on.
START_TEST(a_version_without_the_segment_ends_it)
{
	char words[100];
	house_sql(NULL, "UPDATE loyalty.member_verification SET ended_on = since, end_seq = 0 WHERE ended_on "
			"IS NULL");
	house_submit_version(WITH_SEGMENTS, "earn = (", 3);
	program_expect(0, "--database 'user=mona dbname=segments' programme approve 2");
	house_sql(NULL, "UPDATE loyalty.member_verification SET ended_on = NULL, end_seq = NULL WHERE "
			"ended_on = since AND end_seq = 0");
	snprintf(words, sizeof words, "verify segment=staff id=last date=%s", day(0));
	submit(0, CROSSING, words);
	house_work();
	ck_assert_int_eq(open_rows(CROSSING), 1);
	program_expect(0, "worker --once --as-of %s", day(3));
	ck_assert_int_eq(open_rows(CROSSING), 0);
	ck_assert_int_eq(
		house_number("SELECT count(*) FROM loyalty.member_verification WHERE member_id = 12 AND "
			     "ended_on = loyalty.business_day() + 3 AND end_seq = 0 AND until_on IS NULL"),
		1);
	program_expect(0, "verify --replay 100");
}
END_TEST

// --- Imports.

START_TEST(verifications_are_imported_once)
{
	static const char file[] = "source,external_id,member,type,date,segment,until,evidence\n"
				   "sheer,1,1000009,verify,2026-03-10,student,,\"id 83, checked by post\"\n"
				   "sheer,2,1000010,verify,2026-03-10,staff,2030-01-01,\n"
				   "sheer,3,1000011,verify,2026-03-10,,,\n"
				   "sheer,4,1000011,unverify,2026-03-10,staff,2030-01-01,\n";
	for (int i = 0; i < 2; i++)
		program_expect(1, "import events %s", program_file("verified.csv", file));
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.journal WHERE source = 'sheer'"), 2);
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.journal WHERE source = 'sheer' AND "
				      "object = 'student' AND "
				      "reason = 'id 83, checked by post' AND until_on IS NULL"),
		1);
}
END_TEST

// --- The Member screen.

static struct vt *open_member(const char *login, const char *option, int member)
{
	char keys[24];
	struct vt *vt = house_screens(login, option, 24, 100);
	snprintf(keys, sizeof keys, "/%d\r", HOUSE_FIRST_NUMBER + member - 1);
	house_keys(vt, keys);
	house_shows(vt, "1 Timeline");
	return vt;
}

START_TEST(support_verifies_and_ends_it)
{
	struct vt *vt = open_member("deniz", NULL, SERVED);
	house_keys(vt, "i");
	house_shows(vt, "Verify as one of which segment?");
	house_shows(vt, "not verified");
	house_keys(vt, "\r\r\r\r"); // without evidence it is not sent
	house_shows(vt, "must not be empty");
	house_keys(vt, "\033i\rcard 4711\r\r\r");
	house_shows(vt, "Sent: verified as Student; not posted yet");
	house_work();
	house_waits(vt, "Done: verified as Student");
	house_waits(vt, "Student until ");
	house_shows(vt, "verified as Student until ");
	house_shows(vt, ": card 4711 (Deniz");
	house_keys(vt, "gw");
	house_shows(vt, "Student before it: not verified");
	house_shows(vt, "Student after it: verified until");
	house_keys(vt, "\033i\r\033[B\r");
	house_shows(vt, "End the verification?");
	house_keys(vt, "\r"); // the stray Enter does nothing
	house_shows(vt, "Student until ");
	house_keys(vt, "i\r\033[B\r\033[D\r");
	house_work();
	house_waits(vt, "Done: no longer verified as Student");
	house_waits(vt, "no longer verified as Student (Deniz Kaya)");
	vt_close(vt);
	ck_assert_int_eq(open_rows(SERVED), 0);
}
END_TEST

// Why asks who was verified on the day it happened.
START_TEST(why_of_a_late_event_tells_who_was_verified_then)
{
	program_expect(0, "import members %s",
		program_file("late.csv", "number,family_name,enrolled\n3000001,Geç,2026-03-15\n"));
	program_expect(0, "submit verify member=3000001 segment=student date=2026-04-01 id=v --wait 0");
	program_expect(0, "submit unverify member=3000001 segment=student date=2026-05-01 id=u --wait 0");
	program_expect(0, "submit purchase member=3000001 amount=10 activity_date=2026-04-02 id=l --wait 0");
	house_work();
	struct vt *vt = house_screens("deniz", NULL, 24, 100);
	house_keys(vt, "/3000001\r");
	house_shows(vt, "1 Timeline");
	house_keys(vt, "gw");
	house_shows(vt, "Student on 2026-04-02: verified until 2027-04-01");
	vt_close(vt);
}
END_TEST

// Of two persons who verify the same member at once, both are in the journal, and the last word counts.
START_TEST(two_persons_verify_at_once)
{
	struct vt *deniz = open_member("deniz", NULL, CONTESTED),
		  *bora = open_member("bora", NULL, CONTESTED);
	char until[40];
	house_keys(deniz, "i\rpassport");
	house_keys(bora, "i\rschool letter\r");
	snprintf(until, sizeof until, "%s\r\r", day(40));
	house_keys(deniz, "\r\r\r");
	house_keys(bora, until);
	house_work();
	snprintf(until, sizeof until, "Student until %s, 40 days", day(40));
	house_waits(deniz, until);
	house_waits(bora, until);
	vt_close(deniz);
	vt_close(bora);
	ck_assert_int_eq(open_rows(CONTESTED), 1);
	ck_assert_int_eq(
		house_number("SELECT count(*) FROM loyalty.member_verification WHERE member_id = 7"), 2);
}
END_TEST

START_TEST(an_end_by_itself_is_told)
{
	char words[100];
	snprintf(words, sizeof words, "verify segment=student id=v until=%s", day(1));
	submit(0, LAPSED, words);
	house_work();
	program_expect(0, "worker --once --as-of %s", day(1));
	struct vt *vt = open_member("deniz", "--read-only", LAPSED);
	house_shows(vt, "verification as Student ended");
	house_keys(vt, "i");
	house_shows(vt, "opened with --read-only");
	vt_close(vt);
}
END_TEST

Suite *segments_suite(void);

Suite *segments_suite(void)
{
	Suite *suite = suite_create("segments");
	TCase *cases = tcase_create("segments");
	tcase_add_unchecked_fixture(cases, open_house, NULL);
	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, a_member_is_verified_and_earns_by_it);
	tcase_add_test(cases, what_the_rules_refuse_is_told);
	tcase_add_test(cases, the_member_as_json_tells_the_segments);
	tcase_add_test(cases, who_is_verified_keeps_the_segment);
	tcase_add_test(cases, verifications_are_imported_once);
	tcase_add_test(cases, support_verifies_and_ends_it);
	tcase_add_test(cases, why_of_a_late_event_tells_who_was_verified_then);
	tcase_add_test(cases, two_persons_verify_at_once);
	tcase_add_test(cases, an_end_by_itself_is_told);
	tcase_add_test(cases, a_verification_ends_on_its_day);
	tcase_add_test(cases, a_version_without_the_segment_ends_it);
	suite_add_tcase(suite, cases);
	return suite;
}
