// Points from member to member: what leaves arrives, once and with its dates, whoever sends to whom at the
// same time and whoever is killed meanwhile; and verify finds what does not.
#include "tests/database.h"
#include "tests/program.h"
#include "tests/spine.h"

#include <check.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

Suite *transfer_suite(void);

static struct session *session, *till;
static day_t today;

static void setup(void)
{
	session = spine_begin("check_transfer", "generic_transfers");
	till = database_login("kasa");
	today = (day_t)database_number(session, "SELECT loyalty.business_day() - '2000-01-01'");
}

static void teardown(void)
{
	session_close(till);
	session_close(session);
}

static void prove(void)
{
	struct verify_report report = spine_verify(session, 100, true);
	ck_assert_msg(report.broken == 0, "%s", report.first_broken);
}

// The number that a statement answers which ends with the member's id.
static int64_t number_of(const char *begin, int64_t member_id)
{
	char sql[400];
	snprintf(sql, sizeof sql, "%s%" PRId64, begin, member_id);
	return database_number(session, sql);
}

static int64_t balance(int64_t member_id)
{
	return number_of(
		"SELECT coalesce(sum(points), 0)::bigint FROM loyalty.balance WHERE member_id = ", member_id);
}

// A member with points, one lot a purchase, bought `days` ago.
static int64_t member_make(const char *number, int days, int64_t points)
{
	struct event event;
	int64_t member_id = spine_member(session, number);
	event_init(&event, EVENT_ENROL, 1, today - 400);
	spine_event(session, member_id, "enrol", &event);
	event_init(&event, EVENT_PURCHASE, 1, today - days);
	event.amount_minor = points * 100;
	if (points)
		spine_event(session, member_id, "buy", &event);
	return member_id;
}

static const char *send_sql(int64_t giver, const char *key, const char *receiver, int64_t points)
{
	static char sql[400];
	snprintf(sql, sizeof sql,
		"SELECT btrim(status || ' ' || reason) FROM loyalty.submit_event(%" PRId64
		", 'transfer', 'app', '%s', "
		"NULL, '{\"currency\": \"PT\", \"amount\": %" PRId64 ", \"receiver\": \"%s\"}')",
		giver, key, points, receiver);
	return sql;
}

static void send_points(int64_t giver, const char *key, const char *receiver, int64_t points)
{
	ck_assert_str_eq(database_text(till, send_sql(giver, key, receiver, points)), "pending");
}

START_TEST(what_leaves_arrives_with_its_dates)
{
	int64_t giver = member_make("1", 100, 300), receiver = member_make("2", 50, 20);
	spine_work(0, today);
	send_points(giver, "a", "2", 120);
	spine_work(0, today);
	ck_assert_int_eq(balance(giver), 180);
	ck_assert_int_eq(balance(receiver), 140);
	ck_assert_int_eq(number_of("SELECT count(*) FROM loyalty.lot l, loyalty.lot g WHERE l.granted = 120 "
				   "AND g.granted = 300 AND l.earned_on = g.earned_on "
				   "AND l.expires_on = g.expires_on AND l.member_id = ",
				 receiver),
		1);
	ck_assert_str_eq(
		database_text(session, "SELECT string_agg(concat_ws(' ', type, other_number, amount), ', ' "
				       "ORDER BY seq) FROM loyalty.journal WHERE other_number IS NOT NULL"),
		"transfer 2 120, receive 1 120");
	send_points(giver, "b", "2", 100);
	ck_assert_str_eq(database_text(till, send_sql(giver, "a", "2", 120)), "accepted");
	ck_assert_str_eq(database_refusal(till, send_sql(giver, "a", "2", 121)), "LY003");
	spine_work(1, today);
	ck_assert_int_eq(balance(receiver), 240);
	prove();
}
END_TEST

START_TEST(refused_before_it_is_written)
{
	int64_t giver = member_make("1", 10, 300);
	member_make("2", 10, 0);
	spine_work(0, today);
	ck_assert_str_eq(database_refusal(till, send_sql(giver, "a", "99", 50)), "LY004");
	ck_assert_str_eq(database_refusal(till, send_sql(giver, "a", "", 50)), "LY002");
	ck_assert_str_eq(database_refusal(till, send_sql(giver, "a", "1", 50)), "LY002");
	database_run(session, "UPDATE loyalty.member SET status = 'erased' WHERE number = 2");
	ck_assert_str_eq(database_refusal(till, send_sql(giver, "a", "2", 50)), "LY002");
	database_run(session, "UPDATE loyalty.member SET status = 'active' WHERE number = 2");
	database_run(session, "UPDATE loyalty.member SET status = 'blocked' WHERE number = 1");
	ck_assert_str_eq(database_refusal(till, send_sql(giver, "a", "2", 50)), "LY010");
	ck_assert_str_eq(
		database_refusal(till, "SELECT loyalty.submit_event(1, 'receive', 'app', 'x', NULL, '{}')"),
		"LY001");
	ck_assert_str_eq( // its keys are those of what arrives
		database_refusal(
			till, "SELECT loyalty.submit_event(1, 'purchase', 'transfer', '7', NULL, '{}')"),
		"LY002");
	ck_assert_int_eq(
		database_number(session, "SELECT count(*) FROM loyalty.journal WHERE type = 'transfer'"), 0);
}
END_TEST

START_TEST(denied_when_it_is_posted)
{
	int64_t giver = member_make("1", 10, 300), gone = member_make("2", 10, 0);
	spine_work(0, today);
	send_points(giver, "more than there is", "2", 301);
	send_points(giver, "too little", "2", 9);
	spine_work(0, today);
	send_points(giver, "to nobody", "2", 50);
	database_run(session, "UPDATE loyalty.member SET status = 'erased' WHERE number = 2");
	spine_work(0, today);
	ck_assert_str_eq(database_text(session,
				 "SELECT string_agg(o.reason, ', ' ORDER BY o.seq) FROM loyalty.outcome o"),
		"balance, minimum, receiver");
	ck_assert_int_eq(balance(giver), 300);
	ck_assert_int_eq(balance(gone), 0);
	prove();
}
END_TEST

// The receiver's days have gone on, by a purchase and by the worker's nights, before the points of yesterday
// come.
START_TEST(arrives_behind_the_members_day)
{
	int64_t giver = member_make("1", 100, 300), receiver = member_make("2", 350, 20);
	struct event event;
	char sql[500];
	spine_work(0, today);
	snprintf(sql, sizeof sql,
		"SELECT status FROM loyalty.submit_event(%" PRId64
		", 'transfer', 'app', 'a', current_date - 30, "
		"'{\"currency\": \"PT\", \"amount\": 100, \"receiver\": \"2\"}')",
		giver);
	ck_assert_str_eq(database_text(till, sql), "pending");
	event_init(&event, EVENT_PURCHASE, 1, today - 5);
	event.amount_minor = 500;
	spine_event(session, receiver, "later", &event);
	spine_work(0, today);
	ck_assert_int_eq(balance(giver), 200);
	ck_assert_int_eq(balance(receiver), 125);
	ck_assert_int_eq(
		number_of(
			"SELECT count(*) FROM loyalty.outcome WHERE result = 'accepted' AND processed_on IS "
			"NOT NULL AND member_id = ",
			receiver),
		1);
	event_init(&event, EVENT_PURCHASE, 1, today);
	event.activity_day = today - 20; // told late: the journal is lived once more, what arrived and all
	event.amount_minor = 700;
	spine_event(session, receiver, "late", &event);
	spine_work(0, today);
	ck_assert_int_eq(balance(receiver), 132);
	prove();
}
END_TEST

START_TEST(above_the_limit_a_second_person_decides)
{
	int64_t giver = member_make("1", 10, 3000), receiver = member_make("2", 10, 0);
	struct session *support = database_login("deniz"), *manager = database_login("murat");
	spine_work(0, today);
	ck_assert_str_eq(database_text(support, send_sql(giver, "a", "2", 600)), "pending");
	ck_assert_str_eq(database_text(support, send_sql(giver, "b", "2", 401)),
		"waiting more than 1000 points a day for one member");
	ck_assert_int_gt(
		database_number(manager, "SELECT loyalty.approval_decide(member_id, source, external_id, "
					 "request_hash, 'approved', '') FROM loyalty.approval"),
		0);
	spine_work(0, today);
	ck_assert_int_eq(balance(receiver), 1001);
	prove();
	session_close(support);
	session_close(manager);
}
END_TEST

// Everybody sends to everybody, both ways at once, while two workers post and one of them is killed again and
// again.
START_TEST(both_ways_at_once)
{
	enum { MEMBERS = 6, ROUNDS = 8 };
	int64_t members[MEMBERS];
	char number[8], key[24];
	uint64_t random = 1;
	for (int m = 0; m < MEMBERS; m++) {
		snprintf(number, sizeof number, "%d", m + 1);
		members[m] = member_make(number, 10 + m, 1000);
	}
	spine_work(0, today);
	pid_t worker = spine_worker_start(today);
	for (int round = 0; round < ROUNDS; round++) {
		pid_t other = spine_worker_start(today);
		for (int m = 0; m < MEMBERS; m++) {
			random = random * 6364136223846793005u + 1442695040888963407u;
			snprintf(number, sizeof number, "%d",
				(m + 1 + (int)(random >> 33) % (MEMBERS - 1)) % MEMBERS + 1);
			snprintf(key, sizeof key, "%d", round);
			send_points(members[m], key, number, 10 + (int64_t)(random >> 40) % 400);
		}
		kill(other, SIGKILL);
		waitpid(other, NULL, 0);
	}
	spine_worker_stop(worker);
	spine_work(0, today);
	ck_assert_int_eq(
		database_number(session, "SELECT sum(points)::bigint FROM loyalty.balance"), 1000 * MEMBERS);
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.inbox"), 0);
	ck_assert_int_eq(
		database_number(session, "SELECT count(*) FROM loyalty.outcome WHERE result = 'failed'"), 0);
	ck_assert_int_gt(
		database_number(session, "SELECT count(*) FROM loyalty.journal WHERE type = 'receive'"),
		ROUNDS);
	prove();
}
END_TEST

#define EVENTS_HEADER "source,external_id,member,type,date,amount,currency,receiver\n"

START_TEST(transfers_are_imported)
{
	int64_t giver = member_make("1", 100, 300), receiver = member_make("2", 100, 0);
	const struct program *p;
	spine_work(0, today);
	const char *file = program_file("import.csv",
		EVENTS_HEADER "old,1,1,transfer,2026-11-01,120,PT,2\nold,2,1,transfer,2026-11-01,20,PT,9\n"
			      "old,3,1,transfer,2026-11-01,20,PT,1\nold,4,1,transfer,2026-11-01,20,PT,\n"
			      "old,5,1,transfer,2026-11-01,20,PT,x\nold,6,1,receive,2026-11-01,20,PT,2\n"
			      "transfer,7,1,transfer,2026-11-01,20,PT,2\n");
	p = program_expect(1, "import events %s", file);
	ck_assert_msg(strstr(p->out, "1 taken, 0 known already, 6 rejected") != NULL, "%s", p->out);
	p = program_expect(1, "import events %s", file);
	ck_assert_msg(strstr(p->out, "0 taken, 1 known already, 6 rejected") != NULL, "%s", p->out);
	spine_work(0, today);
	ck_assert_int_eq(balance(giver), 180);
	ck_assert_int_eq(balance(receiver), 120);
	prove();
}
END_TEST

// --- Households.

static int64_t pool_make(int64_t head, int percent)
{
	char sql[200];
	snprintf(sql, sizeof sql, "SELECT loyalty.household_create(%" PRId64 ", 'Öz', %d)", head, percent);
	return number_of(
		"SELECT member_id FROM loyalty.member WHERE number = ", database_number(session, sql));
}

static void household_run(const char *format, int64_t pool, int64_t member)
{
	char sql[300], ids[2][24];
	const char *at = strchr(format, '#'), *next = strchr(at + 1, '#');
	snprintf(ids[0], sizeof ids[0], "%" PRId64, pool);
	snprintf(ids[1], sizeof ids[1], "%" PRId64, member);
	snprintf(sql, sizeof sql, "SELECT loyalty.household_%.*s%s%.*s%s%s", (int)(at - format), format,
		ids[0], next ? (int)(next - at - 1) : (int)strlen(at + 1), at + 1, next ? ids[1] : "",
		next ? next + 1 : "");
	database_run(session, sql);
}

static int64_t buy(int64_t member_id, const char *key, int64_t points)
{
	struct event event;
	event_init(&event, EVENT_PURCHASE, 1, today);
	event.amount_minor = points * 100;
	return spine_event(session, member_id, key, &event);
}

static void give_back(int64_t member_id, const char *key, int64_t of_seq, int64_t points)
{
	struct event event;
	event_init(&event, EVENT_RETURN, 1, today);
	event.of_seq = of_seq;
	event.amount_minor = points * 100;
	spine_event(session, member_id, key, &event);
}

START_TEST(a_household_gets_its_share_and_gives_it_back)
{
	int64_t head = member_make("1", 10, 100), child = member_make("2", 10, 100);
	int64_t pool = pool_make(head, 50);
	household_run("add(#, #, 'child', 33, NULL)", pool, child);
	spine_work(0, today);
	// what was bought before it was opened and is posted after it is shared too
	int64_t before = balance(pool);
	int64_t bought = buy(head, "a", 101); // 50 of it
	buy(child, "b", 10);                  // 3 of it
	spine_work(0, today);
	ck_assert_int_eq(balance(pool), before + 53);
	give_back(head, "c", bought, 50); // of the 51 left 25: 25 come back
	spine_work(1, today);
	ck_assert_int_eq(balance(pool), before + 28);
	give_back(head, "d", bought, 51);
	spine_work(500, today);
	ck_assert_int_eq(balance(pool), before + 3);
	ck_assert_int_eq(balance(head) + balance(child) + balance(pool), 210);
	prove();
}
END_TEST

// A return finds no more than the pool still has; what is missing the member owes.
START_TEST(a_household_spends_and_owes_nothing)
{
	int64_t head = member_make("1", 10, 0), child = member_make("2", 10, 0);
	int64_t pool = pool_make(head, 100);
	char sql[300];
	household_run("add(#, #, 'child', 50, NULL)", pool, child);
	ck_assert_str_eq(program_expect(0, "household set 2 --percent 0")->out, "changed\n");
	ck_assert(strstr(program_expect(0, "household show 1")->out, "child        0  no") != NULL);
	program_expect(2, "household set 2");
	program_expect(1, "household remove 1"); // the head
	spine_work(0, today);
	int64_t bought = buy(head, "a", 120);
	spine_work(0, today);
	ck_assert_int_eq(balance(pool), 120);
	ck_assert_int_eq(balance(head), 0);
	static const char REDEEM[] =
		"SELECT status FROM loyalty.submit_event(%" PRId64 ", 'redeem', 'till', 'r', NULL, "
		"'{\"reward\": \"r100\", \"by\": \"%s\"}')";
	snprintf(sql, sizeof sql, REDEEM, pool, "2");
	ck_assert_str_eq(database_refusal(till, sql), "LY002"); // children may not
	snprintf(sql, sizeof sql,
		"SELECT loyalty.submit_event(%" PRId64 ", 'purchase', 'till', 'p', NULL, '{\"amount\": 1}')",
		pool);
	ck_assert_str_eq(database_refusal(till, sql), "LY002");
	snprintf(sql, sizeof sql, REDEEM, pool, "1");
	ck_assert_str_eq(database_text(till, sql), "pending");
	spine_work(0, today);
	ck_assert_int_eq(balance(pool), 20);
	give_back(head, "b", bought, 120);
	spine_work(0, today);
	ck_assert_int_eq(balance(pool), 0);
	ck_assert_int_eq(balance(head), -100);
	prove();
}
END_TEST

START_TEST(a_household_ends)
{
	int64_t head = member_make("1", 10, 0), other = member_make("2", 10, 0);
	int64_t pool = pool_make(head, 100);
	household_run("add(#, #, 'adult', 100, NULL)", pool, other);
	spine_work(0, today);
	buy(head, "a", 70);
	buy(other, "b", 40);
	spine_work(0, today);
	household_run("remove(#)", other, 0);
	buy(other, "c", 15); // its own
	spine_work(0, today);
	ck_assert_int_eq(balance(other), 15);
	household_run("add(#, #, 'adult', 10, NULL)", pool, other);
	household_run("set(#, 'head', NULL, NULL)", other, 0);
	ck_assert_str_eq(
		database_text(session,
			"SELECT string_agg(concat_ws(' ', member, role, percent, may_redeem, points), "
			"', ') FROM loyalty.household_show(1)"),
		"2 head 10 t 110 PT, 1 adult 100 t 110 PT");
	household_run("close(#)", pool, 0);
	spine_work(0, today);
	ck_assert_int_eq(balance(pool), 0);
	ck_assert_int_eq(balance(other), 125);
	ck_assert_int_eq(
		number_of("SELECT count(*) FROM loyalty.household_member WHERE pool_id = ", pool), 0);
	buy(head, "d", 30);
	spine_work(0, today);
	ck_assert_int_eq(balance(head), 30);
	prove();
}
END_TEST

// Who has left returns what was shared: it comes back from the pool that got it, though another household is
// the member's by now, which pays nothing of it.
START_TEST(a_return_finds_the_pool_that_was_left)
{
	int64_t head = member_make("1", 10, 0), leaver = member_make("2", 10, 0),
		other = member_make("3", 10, 0);
	int64_t pool = pool_make(head, 0), next = pool_make(other, 0);
	household_run("add(#, #, 'adult', 50, NULL)", pool, leaver);
	spine_work(0, today);
	int64_t bought = buy(leaver, "a", 100), again = buy(leaver, "b", 40);
	spine_work(0, today);
	ck_assert_int_eq(balance(pool), 70);
	household_run("remove(#)", leaver, 0);
	give_back(leaver, "c", bought, 60); // of the 40 left 20 are shared: 30 come back
	spine_work(0, today);
	ck_assert_int_eq(balance(pool), 40);
	ck_assert_int_eq(balance(leaver), 40);
	household_run("add(#, #, 'adult', 100, NULL)", next, leaver);
	int64_t shared = buy(leaver, "d", 10);
	spine_work(0, today);
	ck_assert_int_eq(balance(next), 10);
	give_back(leaver, "e", bought, 40);
	give_back(leaver, "f", shared, 10);
	spine_work(0, today);
	ck_assert_int_eq(balance(pool), 20);
	ck_assert_int_eq(balance(next), 0);
	ck_assert_int_eq(balance(leaver), 20);
	household_run("close(#)", pool, 0); // its 20 are the head's
	spine_work(0, today);
	give_back(leaver, "g", again, 40);
	spine_work(0, today);
	ck_assert_int_eq(balance(head), 20);
	ck_assert_int_eq(balance(leaver), -20);
	prove();
}
END_TEST

START_TEST(a_household_earns_nothing_itself)
{
	int64_t pool = pool_make(member_make("1", 10, 0), 0);
	char lines[300];
	const struct program *p;
	spine_work(0, today);
	snprintf(lines, sizeof lines,
		"source,external_id,member,type,date,amount\nold,1,1,purchase,2026-11-01,5\n"
		"old,2,%" PRId64 ",purchase,2026-11-01,7\n",
		number_of("SELECT number FROM loyalty.member WHERE member_id = ", pool));
	const char *file = program_file("pool.csv", lines);
	p = program_expect(1, "import events %s", file);
	ck_assert_msg(strstr(p->out, "1 taken, 0 known already, 1 rejected") != NULL, "%s", p->out);
	char path[300];
	snprintf(path, sizeof path, "%s.rejects.csv", file);
	ck_assert(
		strstr(program_file_text(path), " is a household: its members earn, and it redeems") != NULL);
	p = program_expect(1, "import events %s", file);
	ck_assert_msg(strstr(p->out, "0 taken, 1 known already, 1 rejected") != NULL, "%s", p->out);
	spine_work(0, today);
	ck_assert_int_eq(balance(pool), 0);
	prove();
}
END_TEST

static bool breach_is_found(const char *fault, const char *mend)
{
	database_run(session, fault);
	bool is_found = spine_verify(session, 0, false).broken > 0;
	database_run(session, mend);
	return is_found;
}

START_TEST(verify_finds_what_did_not_arrive)
{
	int64_t giver = member_make("1", 10, 300);
	member_make("2", 10, 0);
	spine_work(0, today);
	send_points(giver, "a", "2", 100);
	spine_work(500, today);
	prove();
	// lost on its way, entry and all; another quantity; another member's
	ck_assert(
		breach_is_found("CREATE TABLE kept AS SELECT * FROM loyalty.journal WHERE type = 'receive'; "
				"DELETE FROM loyalty.journal WHERE type = 'receive'",
			"INSERT INTO loyalty.journal SELECT * FROM kept"));
	ck_assert(breach_is_found(
		"UPDATE loyalty.journal SET amount = 101, lot_amount = '{101}' WHERE type = 'receive'",
		"UPDATE loyalty.journal SET amount = 100, lot_amount = '{100}' WHERE type = 'receive'"));
	ck_assert(breach_is_found("UPDATE loyalty.journal SET lot_amount = '{99}' WHERE type = 'receive'",
		"UPDATE loyalty.journal SET lot_amount = '{100}' WHERE type = 'receive'"));
	ck_assert(breach_is_found("UPDATE loyalty.journal SET external_id = '1' WHERE type = 'receive'",
		"UPDATE loyalty.journal r SET external_id = t.seq FROM loyalty.journal t WHERE r.type = "
		"'receive' "
		"AND t.type = 'transfer'"));
	prove();
	int64_t pool = pool_make(giver, 40);
	spine_work(0, today);
	prove();
	char fault[100], mend[100];
	snprintf(mend, sizeof mend, "UPDATE loyalty.standing SET pool_share = 40 WHERE member_id = %" PRId64,
		giver);
	snprintf(fault, sizeof fault,
		"UPDATE loyalty.standing SET pool_share = NULL WHERE member_id = %" PRId64, giver);
	ck_assert(breach_is_found(fault, mend));
	snprintf(mend, sizeof mend,
		"UPDATE loyalty.standing SET pool_share = NULL WHERE member_id = %" PRId64, pool);
	snprintf(fault, sizeof fault,
		"UPDATE loyalty.standing SET pool_share = 10 WHERE member_id = %" PRId64, pool);
	ck_assert(breach_is_found(fault, mend));
	prove();
}
END_TEST

// What cannot be posted stays under way, in sight, and is tried again; it cannot be given up.
START_TEST(points_under_way_are_never_given_up)
{
	int64_t giver = member_make("1", 10, 300), receiver = spine_member(session, "2");
	spine_work(0, today);
	send_points(giver, "a", "2", 100);
	spine_work(0, today);
	ck_assert_str_eq(
		database_text(session, "SELECT o.reason FROM loyalty.outcome o WHERE o.result = 'failed'"),
		"not_enrolled");
	prove();
	ck_assert_str_eq(
		database_refusal(session, "SELECT loyalty.event_cancel(member_id, seq) FROM loyalty.outcome"),
		"LY002");
	struct event event;
	event_init(&event, EVENT_ENROL, 1, today);
	spine_event(session, receiver, "enrol", &event);
	spine_work(0, today);
	database_run(session, "SELECT loyalty.event_retry(member_id, seq) FROM loyalty.outcome");
	spine_work(0, today);
	ck_assert_int_eq(balance(receiver), 100);
	prove();
}
END_TEST

Suite *transfer_suite(void)
{
	Suite *suite = suite_create("transfer");
	TCase *cases = tcase_create("transfer");
	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, what_leaves_arrives_with_its_dates);
	tcase_add_test(cases, refused_before_it_is_written);
	tcase_add_test(cases, denied_when_it_is_posted);
	tcase_add_test(cases, arrives_behind_the_members_day);
	tcase_add_test(cases, above_the_limit_a_second_person_decides);
	tcase_add_test(cases, both_ways_at_once);
	tcase_add_test(cases, transfers_are_imported);
	tcase_add_test(cases, a_household_gets_its_share_and_gives_it_back);
	tcase_add_test(cases, a_household_spends_and_owes_nothing);
	tcase_add_test(cases, a_household_ends);
	tcase_add_test(cases, a_return_finds_the_pool_that_was_left);
	tcase_add_test(cases, a_household_earns_nothing_itself);
	tcase_add_test(cases, verify_finds_what_did_not_arrive);
	tcase_add_test(cases, points_under_way_are_never_given_up);
	suite_add_tcase(suite, cases);
	return suite;
}
