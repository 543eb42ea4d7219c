// Versions of the programme on the screens: who waits for whom, what changes, approving and refusing, and
// that open screens take an approved version up.
#include "tests/campaigns.h"
#include "tests/program.h"
#include "tests/tui/house.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *approvals_suite(void);

static struct vt *vt, *other;

static void start(void)
{
	house_open("house_approvals");
}

static struct vt *open_approvals(const char *login)
{
	struct vt *opened = house_screens(login, NULL, 24, 100);
	house_keys(opened, "A");
	house_shows(opened, "What it would do");
	return opened;
}

START_TEST(a_manager_sees_what_changes_and_approves)
{
	house_submit_version("\"2500\"", "\"3000\"", 30);
	vt = open_approvals("mona");
	house_shows(vt, "[1 approval]");
	house_shows(vt, "programme version 2");
	house_shows(vt, "the rules of programme version 2 are in force from");
	house_shows(vt, "always needs a second person");
	other = open_approvals("max");
	house_keys(vt, "a"); // never unseen
	house_shows(vt, "2, starbucks_us_2026: submitted");
	house_shows(vt, "it waits for you: a approves, x refuses");
	house_shows(vt, "1 change of version 1:");
	house_shows(vt, "changed   ladders.level.tiers.reserve.at: 2500 -> 3000  (line 12)");
	house_keys(vt, "a");
	house_shows(vt, "Approve version 2?");
	house_keys(vt, "y");
	house_shows(vt, "Approved: workers and screens take it up");
	house_shows(vt, "Approved  mona");
	ck_assert_int_eq(
		house_number("SELECT count(*) FROM loyalty.programme_version WHERE approver = 'mona'"), 1);
	house_waits(other, "Nothing waits");
	house_keys(vt, "a");
	house_shows(vt, "does not wait for a decision");
	house_keys(vt, "\033");
	house_shows(vt, "Nothing waits");
	house_hides(vt, "approval]");
}
END_TEST

START_TEST(its_author_needs_another_person)
{
	house_submit_version("\"2500\"", "\"3000\"", 30);
	vt = open_approvals("max");
	house_shows(vt, "programme version 2");
	house_shows(vt, "it needs another person");
	house_keys(vt, "a");
	house_shows(vt, "you wrote or submitted it; it needs another person");
	house_keys(vt, "\r");
	house_shows(vt, "reserve.at: 2500 -> 3000");
	house_shows(vt, "Decision  you wrote or submitted it; it needs another person");
	house_keys(vt, "a");
	house_hides(vt, "Approve version 2?");
	other = open_approvals("deniz");
	house_keys(other, "\r");
	house_shows(other, "managers and administrators decide");
}
END_TEST

START_TEST(a_refusal_has_a_reason)
{
	house_submit_version("\"2500\"", "\"3000\"", 30);
	vt = open_approvals("mona");
	house_keys(vt, "\r");
	house_keys(vt, "x");
	house_shows(vt, "Refuse the version");
	house_keys(vt, "\t\r");
	ck_assert_int_eq(
		house_number("SELECT count(*) FROM loyalty.programme_version WHERE state = 'submitted'"), 1);
	house_keys(vt, "\033");
	house_keys(vt, "x");
	house_keys(vt, "too dear\t");
	house_keys(vt, "\r");
	house_shows(vt, "Refused: it is a draft of its author again");
	house_shows(vt, "Refused   too dear");
	ck_assert_int_eq(
		house_number("SELECT count(*) FROM loyalty.programme_version WHERE state = 'draft'"), 1);
}
END_TEST

// What happened since it was submitted is told, and the version stays.
START_TEST(what_stands_against_it_is_told)
{
	house_submit_version("\"2500\"", "\"3000\"", 30);
	vt = open_approvals("mona");
	house_keys(vt, "\r");
	house_sql(NULL, "UPDATE loyalty.programme SET opened_on = loyalty.business_day() + 31");
	house_keys(vt, "a");
	house_keys(vt, "y");
	house_shows(vt, "Version 2 cannot come into force");
	ck_assert_int_eq(
		house_number("SELECT count(*) FROM loyalty.programme_version WHERE state = 'submitted'"), 1);
}
END_TEST

// The card was read by the rules of version 1; then the member comes under version 2.
START_TEST(an_open_member_is_read_by_the_new_rules)
{
	vt = house_screens("mona", NULL, 30, 110);
	house_keys(vt, "\r");
	house_shows(vt, "to gold");
	house_submit_version("\"500\"", "\"700\"", 1);
	house_sql("mona", "SELECT loyalty.programme_version_approve(2, n.sha256, v.projection) FROM "
			  "loyalty.programme_version v, "
			  "loyalty.programme_version n WHERE v.version_no = 1 AND n.version_no = 2");
	house_sql(NULL, "WITH j AS (INSERT INTO loyalty.journal (member_id, type, lane, activity_on, amount, "
			"source, external_id) "
			"SELECT member_id, 'purchase', 1, loyalty.business_day() + 1, 1000, 'check', 'k' "
			"FROM loyalty.standing "
			"RETURNING member_id, seq) INSERT INTO loyalty.inbox SELECT "
			"loyalty.bucket_of(member_id), member_id, seq, 1 FROM j");
	house_work();
	house_waits(vt, "670 to gold");
	house_shows(vt, "30 STAR");
}
END_TEST

START_TEST(campaigns_and_prices_wait_beside_them)
{
	campaigns_begin("max", "birthday", "gift");
	ck_assert_str_eq(campaigns_try_submit("max", 1), "");
	house_sql("max", "SELECT loyalty.partner_set('air', 'Air', 0.0125, NULL, NULL)");
	vt = house_screens("mona", NULL, 24, 100);
	house_keys(vt, "A");
	house_shows(vt, "campaign 1: gift, revision 1");
	house_shows(vt, "may run, within its budget, from");
	house_keys(vt, "j");
	house_shows(vt, "price 1: air: issued 0.0125, sent as before");
	house_keys(vt, "a");
	house_shows(vt, "Approve the price?");
	house_keys(vt, "y");
	house_waits(vt, "row 1 of 1");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.partner_price WHERE decided_by = 'mona' "
				      "AND state = 'approved'"),
		1);
	house_keys(vt, "a");
	house_waits(vt, "revision 1 submitted by max");
	house_keys(vt, "ay");
	house_waits(vt, "Done: approving campaign 1");
	house_keys(vt, "\033");
	house_waits(vt, "Nothing waits for a second person.");
}
END_TEST

static void ask(const char *login, const char *type, const char *key, const char *body)
{
	char sql[500];
	snprintf(sql, sizeof sql, "SELECT loyalty.submit_event(1, '%s', 'check', '%s', NULL, '%s')", type, key, body);
	house_sql(login, sql);
}

#define DECIDED "SELECT count(*) FROM loyalty.approval WHERE decision = '%s' AND decided_by = '%s' AND decision_reason = '%s'"
static int64_t decided(const char *how, const char *by, const char *reason)
{
	char sql[300];
	snprintf(sql, sizeof sql, DECIDED, how, by, reason);
	return house_number(sql);
}

START_TEST(goodwill_tells_what_it_would_make_of_the_member)
{
	ask("deniz", "adjust", "k1", "{\"amount\": 90000, \"currency\": \"STAR\", \"reason\": \"a bad day\"}");
	vt = open_approvals("mona");
	house_shows(vt, "more than 250 points at once");
	house_shows(vt, "a bad day");
	house_shows(vt, "1000001 Ayşe Yılmaz: 20 STAR -> 920 STAR");
	house_keys(vt, "a");
	house_keys(vt, "she is right\t\r");
	house_shows(vt, "Approved; the worker posts it");
	ck_assert_int_eq(decided("approved", "mona", "she is right"), 1);
	house_work();
	ck_assert_int_eq(house_points(1), 92000);
}
END_TEST

// By name, as it goes to somebody else; and what has come in its way since it was asked for.
START_TEST(a_transfer_tells_who_gets_it)
{
	ask("deniz", "adjust", "k0", "{\"amount\": 20000, \"currency\": \"STAR\"}");
	house_work();
	ask("deniz", "transfer", "k1", "{\"amount\": 150000, \"currency\": \"STAR\", \"receiver\": \"1000002\"}");
	vt = open_approvals("mona");
	house_shows(vt, "1000001 Ayşe Yılmaz: 220 STAR -> -1280 STAR");
	house_shows(vt, "1000002 İbrahim Şahin: 40 STAR -> 1540 STAR");
	house_sql(NULL, "UPDATE loyalty.member SET status = 'blocked' WHERE member_id = 2");
	house_keys(vt, "r");
	house_shows(vt, "trouble: member 1000002 is blocked and takes nothing -> it cannot be approved");
	house_keys(vt, "a");
	house_keys(vt, "go\t\r");
	house_shows(vt, "member 1000002 is blocked");
	house_keys(vt, "\033y");
	house_keys(vt, "x");
	house_keys(vt, "no\t\r");
	house_shows(vt, "Refused");
	ck_assert_int_eq(decided("refused", "mona", "no"), 1);
}
END_TEST

START_TEST(a_tier_and_a_merge_tell_what_they_change)
{
	ask("deniz", "tier_grant", "k1", "{\"ladder\": \"level\", \"tier\": \"gold\", \"reason\": \"promised\"}");
	ask("deniz", "merge", "k2", "{\"receiver\": \"1000002\"}");
	vt = open_approvals("mona");
	house_shows(vt, "tier_grant always needs a second person");
	house_shows(vt, "-> gold");
	house_keys(vt, "j");
	house_shows(vt, "member: 1000001 Ayşe Yılmaz");
	house_shows(vt, "goes into 1000002 İbrahim Şahin");
}
END_TEST

// One's own is never one's to decide; of two who decide at once one wins and the other is told.
START_TEST(of_two_who_decide_one_wins)
{
	ask("mona", "tier_grant", "k1", "{\"ladder\": \"level\", \"tier\": \"gold\"}");
	vt = open_approvals("mona");
	house_shows(vt, "(yourself: someone else has to decide)");
	house_keys(vt, "a");
	house_shows(vt, "you asked for this yourself; someone else has to decide");
	house_leave(vt);
	vt = open_approvals("nora");
	house_keys(vt, "x");
	house_keys(vt, "not now");
	house_sql("ana", "SELECT loyalty.approval_decide(1, 'check', 'k1', (SELECT request_hash FROM loyalty.approval), 'approved', 'was promised')");
	house_keys(vt, "\t\r");
	house_shows(vt, "already approved by ana");
	ck_assert_int_eq(decided("approved", "ana", "was promised"), 1);
}
END_TEST

START_TEST(verbs_do_the_same)
{
	ask("deniz", "adjust", "k1", "{\"amount\": 90000, \"currency\": \"STAR\", \"reason\": \"a bad day\"}");
	setenv("PGUSER", "mona", 1);
	ck_assert_ptr_nonnull(strstr(program_expect(0, "approval list --format csv")->out, "1000001,adjust,90000,deniz,more than 250 points at once,a bad day,check,k1"));
	ck_assert_ptr_nonnull(strstr(program_expect(0, "approval show 1000001 check k1")->out, "920 STAR"));
	program_expect(1, "approval approve 1000001 check k9 why not");
	ck_assert_ptr_nonnull(strstr(program_expect(0, "approval refuse 1000001 check k1 'too much'")->out, "refused"));
	program_expect(1, "approval approve 1000001 check k1 after all");
	setenv("PGUSER", "postgres", 1);
	ck_assert_int_eq(decided("refused", "mona", "too much"), 1);
}
END_TEST

Suite *approvals_suite(void)
{
	Suite *suite = suite_create("approvals");
	TCase *versions = tcase_create("versions");
	tcase_add_checked_fixture(versions, start, house_close);
	tcase_set_timeout(versions, 60);
	tcase_add_test(versions, a_manager_sees_what_changes_and_approves);
	tcase_add_test(versions, its_author_needs_another_person);
	tcase_add_test(versions, a_refusal_has_a_reason);
	tcase_add_test(versions, what_stands_against_it_is_told);
	tcase_add_test(versions, an_open_member_is_read_by_the_new_rules);
	tcase_add_test(versions, campaigns_and_prices_wait_beside_them);
	suite_add_tcase(suite, versions);
	TCase *events = tcase_create("events");
	tcase_add_checked_fixture(events, start, house_close);
	tcase_set_timeout(events, 60);
	tcase_add_test(events, goodwill_tells_what_it_would_make_of_the_member);
	tcase_add_test(events, a_transfer_tells_who_gets_it);
	tcase_add_test(events, a_tier_and_a_merge_tell_what_they_change);
	tcase_add_test(events, of_two_who_decide_one_wins);
	tcase_add_test(events, verbs_do_the_same);
	suite_add_tcase(suite, events);
	return suite;
}
