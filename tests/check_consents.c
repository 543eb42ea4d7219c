// Consents: the register and who may write it, the command line, imports, the screen, two persons at once.
#include "tests/database.h"
#include "tests/program.h"
#include "tests/tui/house.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// All tests share one house, each with a member of its own.
enum { SHELL = 1, GUARDED, LATE, TOLD, SERVED, CONTESTED, ACCEPTING };

static void open_house(void)
{
	house_open("consents");
}

#define ck_holds(text, part)                                                                                 \
	ck_assert_msg(strstr(text, part) != NULL, "\"%s\" does not stand in: %s", part, text)

static int lines_of(int member)
{
	char sql[120];
	snprintf(sql, sizeof sql, "SELECT count(*) FROM loyalty.member_consent WHERE member_id = %d", member);
	return (int)house_number(sql);
}

static bool consents(int member, const char *kind, const char *channel)
{
	char sql[160];
	snprintf(sql, sizeof sql, "SELECT loyalty.member_consents(%d, '%s', '%s')::int", member, kind,
		channel);
	return house_number(sql) != 0;
}

// --- The command line.

START_TEST(consents_are_given_withdrawn_and_kept)
{
	ck_holds(program_expect(0, "consent 1000001")->out, "the member was never asked");
	ck_assert(!consents(SHELL, "promotions", "email"));
	ck_assert_str_eq(program_expect(0, "consent give 1000001 promotions:email --source 'web form'")->out,
		"given\n");
	ck_assert(consents(SHELL, "promotions", "email") && !consents(SHELL, "promotions", "sms"));
	ck_assert_str_eq(
		program_expect(0, "consent give 60001000001 promotions:email")->out, "it was so already\n");
	ck_assert_str_eq(program_expect(0, "consent withdraw 1000001 promotions:email")->out, "withdrawn\n");
	ck_assert(!consents(SHELL, "promotions", "email"));
	program_expect(0, "consent give 1000001 terms:2026-05");
	program_expect(0, "consent give 1000001 terms:2026-11");
	ck_assert_int_eq(lines_of(SHELL), 4);
	const struct program *p = program_expect(0, "consent 1000001 --all --format csv");
	ck_holds(p->out, "promotions:email,given,");
	ck_holds(p->out, ",web form,");
	ck_holds(p->out, "promotions:email,withdrawn,");
	ck_holds(p->out, "terms:2026-05,given,");
	p = program_expect(0, "consent 1000001 --format csv");
	ck_assert_ptr_null(strstr(p->out, "2026-05"));
	ck_holds(p->out, "terms:2026-11,given,");
	p = program_expect(0, "member 1000001 --format json");
	ck_holds(p->out, "\"consents\": [");
	ck_holds(p->out, "\"kind\": \"promotions\", \"channel\": \"email\", \"version\": null, \"state\": "
			 "\"withdrawn\"");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.audit_log WHERE member_id = 1 AND action "
				      "LIKE 'consent.%'"),
		4);
}
END_TEST

static const char *const wrong[] = {
	"promotions", "promotions:fax", "profiling:email", "terms", "terms:", "newsletter:email"};

START_TEST(what_is_no_consent_is_refused)
{
	ck_holds(program_expect(1, "consent give 1000003 %s", wrong[_i])->err,
		"is nothing that a member consents to");
}
END_TEST

// What was said earlier and is told later goes into the register and does not undo what was said since.
START_TEST(the_last_said_counts_and_not_the_last_told)
{
	program_expect(0, "consent withdraw 1000003 profiling");
	ck_assert_str_eq(
		program_expect(0, "consent give 1000003 profiling --date 2020-02-29")->out, "given\n");
	ck_assert_str_eq(program_expect(0, "consent give 1000003 profiling --date 2020-02-29")->out,
		"it was so already\n");
	ck_holds(program_expect(1, "consent withdraw 1000003 profiling --date 2020-02-29")->err,
		"something else at that moment");
	ck_holds(program_expect(1, "consent give 1000003 profiling --date 2190-01-01")->err,
		"nobody can have said so");
	ck_assert(!consents(LATE, "profiling", "none"));
	ck_assert_int_eq(lines_of(LATE), 2);
}
END_TEST

// --- Rights.

START_TEST(what_is_over_is_as_never_given)
{
	struct session *deniz = database_login("deniz");
	database_run(deniz, "SELECT loyalty.consent_set(20, 'promotions:app', true, 'form', now() - interval '9 days', loyalty.business_day() - 1), "
			    "loyalty.consent_set(21, 'promotions:app', true, 'form', now() - interval '9 days', loyalty.business_day())");
	ck_assert(!consents(20, "promotions", "app"));
	ck_assert(consents(21, "promotions", "app"));
	ck_assert_str_eq(database_text(deniz, "SELECT string_agg(c::text, ' ') FROM loyalty.consenting_members('promotions', 'app') c"), "21");
	ck_assert_str_eq(database_text(deniz, "SELECT string_agg(state, ' ' ORDER BY member_id) FROM loyalty.consent_now WHERE (kind, channel) = ('promotions', 'app')"),
		"expired given");
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.consent_set(20, 'promotions:app', true, 'form', NULL, loyalty.business_day() - 1)"), "LY002");
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.consent_set(20, 'promotions:app', false, 'form', NULL, loyalty.business_day())"), "LY002");
	ck_assert_str_eq(database_text(deniz, "SELECT loyalty.consent_set(20, 'promotions:app', true, 'again')"), "t");
	ck_assert(consents(20, "promotions", "app"));
	session_close(deniz);
}
END_TEST

START_TEST(marketing_reads_and_nobody_rewrites)
{
	program_expect(0, "consent give 1000002 promotions:post");
	const char *max = "--database 'user=max dbname=consents'";
	ck_holds(program_expect(0, "%s consent 1000002", max)->out, "promotions:post");
	program_expect(1, "%s consent withdraw 1000002 promotions:post", max);
	program_expect(0, "--database 'user=bora dbname=consents' consent withdraw 1000002 promotions:post");
	struct session *deniz = database_session("user=deniz"), *marketing = database_session("user=max");
	ck_assert_str_eq(
		database_refusal(deniz, "UPDATE loyalty.member_consent SET is_given = true"), "42501");
	ck_assert_str_eq(database_refusal(deniz, "DELETE FROM loyalty.member_consent"), "42501");
	ck_assert_str_eq(database_refusal(deniz,
				 "INSERT INTO loyalty.member_consent SELECT * FROM loyalty.member_consent"),
		"42501");
	ck_assert_str_eq(database_refusal(marketing, "SELECT loyalty.consent_set(2, 'profiling', true, 'x')"),
		"42501");
	ck_assert_str_eq(
		database_text(marketing, "SELECT loyalty.member_consents(2, 'promotions', 'post')"), "f");
	ck_assert_str_eq(database_text(marketing,
				 "SELECT count(*) FROM loyalty.consenting_members('promotions', 'post')"),
		"0");
	session_close(deniz);
	session_close(marketing);
}
END_TEST

// Both ways to ask find their rows by an index alone: one member, and all who consent.
START_TEST(asking_needs_no_look_at_the_members)
{
	static const char *const questions[] = {"SELECT c.is_given FROM loyalty.member_consent c WHERE "
						"c.member_id = 7 AND c.kind = 'promotions' AND "
						"c.channel = 'email' ORDER BY c.said_at DESC LIMIT 1",
		"SELECT DISTINCT ON (member_id) member_id, is_given FROM loyalty.member_consent WHERE kind = "
		"'promotions' AND "
		"channel = 'email' ORDER BY member_id, said_at DESC"};
	struct session *session = database_session(NULL);
	database_run(session, "SET enable_seqscan = off; SET enable_bitmapscan = off");
	for (int i = 0; i < 2; i++) {
		char sql[400];
		snprintf(sql, sizeof sql, "EXPLAIN (FORMAT JSON) %s", questions[i]);
		const char *plan = database_text(session, sql);
		ck_holds(plan, "Index Only Scan");
		ck_holds(plan, "member_consent_");
		ck_assert_ptr_null(strstr(plan, "\"Sort\""));
	}
	session_close(session);
}
END_TEST

// --- Imports.

START_TEST(members_bring_their_consents_once)
{
	static const char file[] =
		"number,family_name,enrolled,consents\n"
		"2000001,Okur,2026-03-10,promotions:email@2026-03-31|-partner_promotions:sms|profiling|terms:2026-01\n"
		"2000002,Yazar,2026-03-10,\n"
		"2000003,Bozuk,2026-03-10,promotions:pigeon\n";
	program_expect(1, "import members %s", program_file("consents.csv", file));
	program_expect(1, "import members %s", program_file("consents.csv", file));
	ck_assert_int_eq(
		house_number(
			"SELECT count(*) FROM loyalty.member_consent c JOIN loyalty.member m USING "
			"(member_id) WHERE "
			"m.number = 2000001 AND c.source = 'import' AND c.said_at::date <= '2026-03-10'"),
		4);
	ck_assert_int_eq(
		house_number("SELECT count(*) FROM loyalty.member_consent c JOIN loyalty.member m USING "
			     "(member_id) WHERE "
			     "m.number = 2000001 AND NOT c.is_given AND c.kind = 'partner_promotions'"),
		1);
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.member_consent WHERE until_on = '2026-03-31'"), 1);
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.member WHERE number = 2000003"), 0);
	ck_holds(program_file_text(
			 strcat(strcpy((char[200]){0}, program_file("consents.csv", "")), ".rejects.csv")),
		"consents: \"\"promotions:pigeon\"\" is nothing");
}
END_TEST

// --- The screen.

static struct vt *open_consents(const char *login, const char *option, int member)
{
	char keys[24];
	struct vt *vt = house_screens(login, option, 24, 100);
	snprintf(keys, sizeof keys, "/%d\r", HOUSE_FIRST_NUMBER + member - 1);
	house_keys(vt, keys);
	house_shows(vt, "1 Timeline");
	house_keys(vt, "a");
	house_shows(vt, "promotions by e-mail");
	house_shows(vt, "profiling");
	house_shows(vt, "row 1 of 12");
	return vt;
}

START_TEST(support_changes_one_by_key_and_back)
{
	struct vt *vt = open_consents("deniz", NULL, SERVED);
	house_shows(vt, "never asked");
	house_keys(vt, "\r");
	house_shows(vt, "Give promotions by e-mail");
	house_keys(vt, "i\r"); // the stray Enter does nothing
	ck_assert_int_eq(lines_of(SERVED), 0);
	house_keys(vt, "2020-01-01\r\r");
	house_shows(vt, "cannot have ended on 2020-01-01");
	house_keys(vt, "\033[Z\025" "2099-12-31\r\r");
	house_waits(vt, "promotions by e-mail: given; Enter undoes it");
	house_shows(vt, "in person");
	house_shows(vt, "2099-12-31");
	house_shows(vt, "Deniz Kaya");
	ck_assert(consents(SERVED, "promotions", "email"));
	house_keys(vt, "\r\r");
	house_shows(vt, "The member takes the consent back?");
	house_keys(vt, "\033[D\r");
	house_waits(vt, "promotions by e-mail: withdrawn");
	ck_assert(!consents(SERVED, "promotions", "email"));
	ck_assert_int_eq(lines_of(SERVED), 2);
	vt_close(vt);
}
END_TEST

START_TEST(terms_are_accepted_by_their_version)
{
	struct vt *vt = open_consents("deniz", NULL, ACCEPTING);
	house_keys(vt, "G\r\r\r\r\r");
	house_shows(vt, "must not be empty");
	house_keys(vt, "2026-11\r\r\r\r");
	house_waits(vt, "terms 2026-11: given");
	house_keys(vt, "\r\r\033[D\r");
	house_waits(vt, "terms 2026-11: withdrawn");
	vt_close(vt);
	ck_assert(!consents(ACCEPTING, "terms", "none"));
}
END_TEST

// The second of two persons who write the same is told so; what each sees is what stands in the register.
START_TEST(two_persons_change_at_once)
{
	struct vt *deniz = open_consents("deniz", NULL, CONTESTED),
		  *bora = open_consents("bora", NULL, CONTESTED);
	house_keys(deniz, "\r\r\r");
	house_keys(bora, "\r\r\r");
	house_keys(deniz, "\r");
	house_waits(deniz, "promotions by e-mail: given");
	house_keys(bora, "\r");
	house_waits(bora, "it was so already");
	house_waits(bora, "Deniz Kaya");
	house_keys(bora, "\r\r\033[D\r");
	house_waits(bora, "promotions by e-mail: withdrawn");
	house_waits(deniz, "Bora Aksoy");
	vt_close(deniz);
	vt_close(bora);
	ck_assert_int_eq(lines_of(CONTESTED), 2);
}
END_TEST

START_TEST(who_may_only_read_changes_nothing)
{
	struct vt *vt = open_consents("deniz", "--read-only", TOLD);
	house_keys(vt, "\r");
	house_shows(vt, "opened with --read-only");
	vt_close(vt);
	ck_assert_int_eq(lines_of(TOLD), 0);
}
END_TEST

Suite *consents_suite(void);

Suite *consents_suite(void)
{
	Suite *suite = suite_create("consents");
	TCase *cases = tcase_create("consents");
	tcase_add_unchecked_fixture(cases, open_house, NULL);
	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, consents_are_given_withdrawn_and_kept);
	tcase_add_loop_test(cases, what_is_no_consent_is_refused, 0, sizeof wrong / sizeof wrong[0]);
	tcase_add_test(cases, the_last_said_counts_and_not_the_last_told);
	tcase_add_test(cases, what_is_over_is_as_never_given);
	tcase_add_test(cases, marketing_reads_and_nobody_rewrites);
	tcase_add_test(cases, asking_needs_no_look_at_the_members);
	tcase_add_test(cases, members_bring_their_consents_once);
	tcase_add_test(cases, support_changes_one_by_key_and_back);
	tcase_add_test(cases, terms_are_accepted_by_their_version);
	tcase_add_test(cases, two_persons_change_at_once);
	tcase_add_test(cases, who_may_only_read_changes_nothing);
	suite_add_tcase(suite, cases);
	return suite;
}
