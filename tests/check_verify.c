// The proof finds what is broken: each invariant is broken on purpose, on a member of its own, and must be
// named.
#include "model/programme/rulebook.h"
#include "tests/database.h"
#include "tests/spine.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_DAY = 9565, PURCHASES = 6 }; // 2026-03-10

static struct session *session;

// What a superuser does to the tables of member MEMBER, and the invariant that must be named for it.
static const struct {
	const char *sql, *invariant;
} FAULTS[] = {
	{"UPDATE loyalty.balance SET points = points + 1 WHERE member_id = MEMBER",
		"balance is the sum of its entries"},
	{"DELETE FROM loyalty.balance WHERE member_id = MEMBER", "balance is the sum of its entries"},
	{"UPDATE loyalty.ledger_entry SET balance_after = balance_after + 1 WHERE member_id = MEMBER AND "
	 "entry_no = (SELECT entries FROM loyalty.standing WHERE member_id = MEMBER)",
		"the newest entry shows the balance"},
	{"UPDATE loyalty.lot SET remaining = remaining - 1 WHERE member_id = MEMBER AND lot_no = 2",
		"open lots are the balance"},
	{"UPDATE loyalty.lot SET granted = granted + 1 WHERE member_id = MEMBER AND lot_no = 2",
		"a lot is what was granted less what was used"},
	{"DELETE FROM loyalty.lot_use WHERE member_id = MEMBER",
		"a lot is what was granted less what was used"},
	{"DELETE FROM loyalty.ledger_entry WHERE member_id = MEMBER AND entry_no = 2",
		"entries are numbered without a gap"},
	{"UPDATE loyalty.standing SET entries = entries + 1 WHERE member_id = MEMBER",
		"entries are numbered without a gap"},
	{"DELETE FROM loyalty.inbox WHERE member_id = MEMBER",
		"an event is pending or processed, never lost"},
	{"DELETE FROM loyalty.journal WHERE member_id = MEMBER AND external_id = 'p2'",
		"an entry has its event"},
	{"INSERT INTO loyalty.inbox SELECT loyalty.bucket_of(member_id), member_id, seq, 1 FROM "
	 "loyalty.journal WHERE member_id = MEMBER AND external_id = 'p3'",
		"an event is posted once"},
	{"INSERT INTO loyalty.journal (member_id, type, lane, activity_on, amount, source, external_id) "
	 "VALUES (-MEMBER, 'purchase', 1, '2026-03-11', 100, 'test', 'of nobody')",
		"an event belongs to a member"},
	{"INSERT INTO loyalty.outcome (member_id, seq, result) SELECT member_id, seq, 'denied' FROM "
	 "loyalty.journal WHERE member_id = MEMBER AND external_id = 'p4'",
		"a refused event posts nothing"},
	{"UPDATE loyalty.standing SET events = events + 1 WHERE member_id = MEMBER",
		"every event was processed, or is pending or set aside"},
	{"UPDATE loyalty.ledger_entry SET posted_at = posted_at - interval '1 day' WHERE member_id = MEMBER "
	 "AND entry_no = 1",
		"the chain of hashes is whole"},
	// amount, balance, lot and everything after it changed to match: only the chain sees that
	{"UPDATE loyalty.ledger_entry SET amount = amount + CASE entry_no WHEN 1 THEN 5 ELSE 0 END, "
	 "balance_after = balance_after + 5 WHERE member_id = MEMBER; UPDATE loyalty.balance "
	 "SET points = points + 5 WHERE member_id = MEMBER; UPDATE loyalty.lot "
	 "SET granted = granted + 5, remaining = remaining + 5 WHERE member_id = MEMBER AND lot_no = 2",
		"the chain of hashes is whole"},
	{"UPDATE loyalty.audit_log SET object = 'nothing' WHERE member_id = MEMBER AND audit_no = 2",
		"the audit log is whole"},
	{"DELETE FROM loyalty.audit_log WHERE member_id = MEMBER AND audit_no = 1", "the audit log is whole"},
	// what only a replay sees
	{"UPDATE loyalty.journal SET amount = amount + 100 WHERE member_id = MEMBER AND external_id = 'p2'",
		"the journal replayed gives the same"},
	{"UPDATE loyalty.journal SET tender = 'gold', flags = '{double_star_day}' WHERE member_id = MEMBER "
	 "AND external_id = 'p3'",
		"the journal replayed gives the same"},
	{"UPDATE loyalty.standing SET memory = set_byte(memory, 9, 255 - get_byte(memory, 9)) WHERE "
	 "member_id = MEMBER",
		"the journal replayed gives the same"},
	{"UPDATE loyalty.lot SET expires_on = '2027-01-01' WHERE member_id = MEMBER AND lot_no = 2",
		"the journal replayed gives the same"},
	{"DELETE FROM loyalty.member_tier WHERE member_id = MEMBER", "the journal replayed gives the same"},
	{"DELETE FROM loyalty.member_due WHERE member_id = MEMBER", "the journal replayed gives the same"},
	{"UPDATE loyalty.member_due SET due_on = due_on + 1 WHERE member_id = MEMBER",
		"the journal replayed gives the same"},
	{"DELETE FROM loyalty.standing WHERE member_id = MEMBER", "every member has a standing"},
	{"UPDATE loyalty.standing SET tier_id = 1, tier_until = '2030-01-01' WHERE member_id = MEMBER",
		"the journal replayed gives the same"},
};
enum { FAULT_COUNT = sizeof FAULTS / sizeof *FAULTS };

// FAULT_COUNT members of whom each has a fault to come, and as many who stay whole.
static int64_t members[2 * FAULT_COUNT];
static bool is_named[FAULT_COUNT];

static void member_make(int place)
{
	char number[24], sql[300];
	struct event event;
	snprintf(number, sizeof number, "%d", place + 1);
	members[place] = spine_member(session, number);
	event_init(&event, EVENT_ENROL, 1, FIRST_DAY);
	spine_event(session, members[place], "enrol", &event);
	for (int i = 1; i <= PURCHASES; i++) {
		char id[8];
		snprintf(id, sizeof id, "p%d", i);
		event_init(&event, EVENT_PURCHASE, 1, FIRST_DAY + i);
		event.amount_minor = 21000 / i;
		spine_event(session, members[place], id, &event);
	}
	event_init(&event, EVENT_REDEEM, 1, FIRST_DAY + PURCHASES + 1);
	event.reward = "brew100";
	spine_event(session, members[place], "r", &event);
	for (int i = 0; i < 3; i++) {
		snprintf(sql, sizeof sql, "SELECT loyalty.audit_write(%" PRId64 ", 'test', 'line %d', NULL)",
			members[place], i);
		database_run(session, sql);
	}
}

static void setup(void)
{
	session = spine_begin("check_verify", "starbucks_us_2026");
	for (int i = 0; i < 2 * FAULT_COUNT; i++)
		member_make(i);
	spine_work(100, FIRST_DAY + 20);
	struct event event;
	for (int i = 0; i < 2 * FAULT_COUNT; i++) { // stays pending
		event_init(&event, EVENT_PURCHASE, 1, FIRST_DAY + 30);
		event.amount_minor = 100;
		spine_event(session, members[i], "pending", &event);
	}
}

static void teardown(void)
{
	session_close(session);
}

static void fault_plant(int fault)
{
	char sql[1200], *out = sql;
	for (const char *at = FAULTS[fault].sql; *at;) {
		if (strncmp(at, "MEMBER", 6) == 0) {
			out += snprintf(out, 24, "%" PRId64, members[fault]);
			at += 6;
		} else {
			*out++ = *at++;
		}
	}
	*out = '\0';
	database_run(session, sql);
}

static void breach_hear(void *payload, const struct breach *breach)
{
	(void)payload;
	for (int i = 0; i < FAULT_COUNT; i++)
		if ((breach->member_id == members[i] || breach->member_id == -members[i]) &&
			strcmp(breach->invariant, FAULTS[i].invariant) == 0)
			is_named[i] = true;
	for (int i = FAULT_COUNT; i < 2 * FAULT_COUNT; i++)
		ck_assert_msg(breach->member_id != members[i], "a whole member is accused: %s (%s)",
			breach->invariant, breach->detail);
}

static struct verify_report verify_all(int percent)
{
	struct error error = {0};
	struct verify_report report;
	struct rulebook *rulebook = rulebook_load(session, &error);
	struct verify_options options = {.replay_percent = percent, .kind = "full", .listener = breach_hear};
	ck_assert_msg(rulebook && verify_run(session, rulebook, &options, &report, &error), "%s", error.why);
	rulebook_free(rulebook);
	return report;
}

START_TEST(what_is_whole_is_called_whole)
{
	struct verify_report report = verify_all(100);
	ck_assert_msg(report.broken == 0, "%s", report.first_broken);
	ck_assert_int_eq(report.members, 2 * FAULT_COUNT);
	ck_assert_int_eq(report.replayed, 2 * FAULT_COUNT);
	ck_assert_int_eq(database_number(session,
				 "SELECT members FROM loyalty.proof WHERE broken = 0 AND kind = 'full'"),
		2 * FAULT_COUNT);
	report = verify_all(25);
	ck_assert_int_gt(report.replayed, 0);
	ck_assert_int_lt(report.replayed, 2 * FAULT_COUNT);
}
END_TEST

START_TEST(every_fault_is_named)
{
	for (int i = 0; i < FAULT_COUNT; i++)
		fault_plant(i);
	struct verify_report report = verify_all(100);
	for (int i = 0; i < FAULT_COUNT; i++)
		ck_assert_msg(is_named[i], "not found: %s", FAULTS[i].sql);
	ck_assert_int_ge(report.broken, FAULT_COUNT);
	memset(is_named, 0, sizeof is_named); // without a replay others look at entries and lots
	report = verify_all(0);
	for (int i = 0; i < FAULT_COUNT; i++)
		ck_assert_msg(is_named[i] || strstr(FAULTS[i].invariant, "replayed"), "not found: %s",
			FAULTS[i].sql);
	ck_assert_int_eq(
		database_number(session, "SELECT broken FROM loyalty.proof ORDER BY proof_no DESC LIMIT 1"),
		report.broken);
}
END_TEST

START_TEST(accounts_together_are_zero)
{
	char sql[200];
	snprintf(sql, sizeof sql, "DELETE FROM loyalty.ledger_entry WHERE member_id = %" PRId64, members[0]);
	database_run(session, sql);
	struct verify_report report = verify_all(0);
	ck_assert_msg(strstr(report.first_broken, "all accounts together are zero") != NULL, "%s",
		report.first_broken);
}
END_TEST

START_TEST(counts_of_surveys_are_those_of_a_recount)
{
	database_run(session, "INSERT INTO loyalty.survey_delta (survey_id, what, on_day, score) VALUES (1, 'answer', '2026-03-01', 9)");
	struct verify_report report = verify_all(0);
	ck_assert_msg(strstr(report.first_broken, "counts of surveys are a recount") != NULL, "%s", report.first_broken);
}
END_TEST

// Each sum that managers see, held against its members, one wrong at a time.
START_TEST(figures_are_those_of_a_recount)
{
	static const char *const wrongs[][2] = {
		{"UPDATE loyalty.insight_points SET amount = amount + 1 WHERE month = (SELECT max(month) FROM loyalty.insight_points)", "points "},
		{"UPDATE loyalty.insight_month SET joined = joined + 1 WHERE joined > 0", "month "},
		{"UPDATE loyalty.insight_size SET members = members + 1", "tier "},
		{"INSERT INTO loyalty.insight_case VALUES (300, 1, 1, 0, 0)", "case 300: kept {1,0,0}, counted"},
		{"DELETE FROM loyalty.insight_due; DELETE FROM loyalty.insight_member", "member "},
	};
	for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
		database_run(session, "BEGIN");
		database_run(session, wrongs[i][0]);
		const char *found = database_text(session,
			"SELECT string_agg(format('%s %s: kept %s, counted %s', figure, key, kept, counted), '; ') FROM loyalty.insight_broken()");
		ck_assert_msg(strstr(found, wrongs[i][1]) != NULL, "%s: %s", wrongs[i][0], found);
		database_run(session, "ROLLBACK");
	}
	database_run(session, wrongs[3][0]);
	struct verify_report report = verify_all(0);
	ck_assert_msg(strstr(report.first_broken, "figures are a recount") != NULL, "%s", report.first_broken);
}
END_TEST

START_TEST(the_server_computes_the_same_chains)
{
	ck_assert_int_eq(
		database_number(session, "SELECT count(*) FROM loyalty.standing WHERE length(head) <> 32"),
		0);
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.standing s WHERE head <> "
						  "loyalty.chain_head(s.member_id)"),
		0);
	database_run(
		session, "UPDATE loyalty.ledger_entry SET of_seq = 7 WHERE member_id = 1 AND entry_no = 1");
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.standing s WHERE head <> "
						  "loyalty.chain_head(s.member_id)"),
		1);
}
END_TEST

START_TEST(workers_go_on_meanwhile)
{
	struct error error = {0};
	struct verify_report report;
	struct session *other = database_login("isci");
	struct rulebook *rulebook = rulebook_load(other, &error);
	database_run(session, "BEGIN; DELETE FROM loyalty.inbox; UPDATE loyalty.balance SET points = 0");
	struct verify_options options = {
		.replay_percent = 100, .kind = "light", .to = members[3], .from = members[0]};
	ck_assert_msg(verify_run(other, rulebook, &options, &report, &error), "%s", error.why);
	ck_assert_int_eq(report.broken, 0);
	ck_assert_int_eq(report.members, 4);
	database_run(session, "ROLLBACK");
	rulebook_free(rulebook);
	session_close(other);
}
END_TEST

START_TEST(lanes_share_the_members)
{
	struct error error = {0};
	struct verify_report report;
	struct session *helpers[3];
	struct rulebook *rulebook = rulebook_load(session, &error);
	for (int i = 0; i < 3; i++)
		helpers[i] = database_login("isci");
	struct verify_options options = {
		.replay_percent = 100, .kind = "full", .helpers = helpers, .helper_count = 3, .slice_work = 1};
	for (int round = 0; round < 5; round++) {
		ck_assert_msg(verify_run(session, rulebook, &options, &report, &error), "%s", error.why);
		ck_assert_int_eq(report.broken, 0);
		ck_assert_int_eq(report.members, 2 * FAULT_COUNT);
		ck_assert_int_eq(report.replayed, 2 * FAULT_COUNT);
	}
	fault_plant(0);
	ck_assert(verify_run(session, rulebook, &options, &report, &error));
	ck_assert_int_gt(report.broken, 0);
	for (int i = 0; i < 3; i++)
		session_close(helpers[i]);
	rulebook_free(rulebook);
}
END_TEST

Suite *verify_suite(void);
Suite *verify_suite(void)
{
	Suite *suite = suite_create("verify");
	TCase *proof = tcase_create("proof");
	tcase_add_checked_fixture(proof, setup, teardown);
	tcase_set_timeout(proof, 120);
	tcase_add_test(proof, what_is_whole_is_called_whole);
	tcase_add_test(proof, every_fault_is_named);
	tcase_add_test(proof, accounts_together_are_zero);
	tcase_add_test(proof, counts_of_surveys_are_those_of_a_recount);
	tcase_add_test(proof, figures_are_those_of_a_recount);
	tcase_add_test(proof, the_server_computes_the_same_chains);
	tcase_add_test(proof, workers_go_on_meanwhile);
	tcase_add_test(proof, lanes_share_the_members);
	suite_add_tcase(suite, proof);
	return suite;
}
