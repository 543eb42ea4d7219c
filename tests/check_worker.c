// The worker: once is once, denials, poison, several workers, days that are due, approvals, versions,
// notices, why.
#include "model/programme/rulebook.h"
#include "tests/database.h"
#include "tests/spine.h"
#include "tests/story.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct session *session;

static void setup(void)
{
	session = story_begin("check_worker");
}

static void teardown(void)
{
	story_end();
}

START_TEST(sent_twice_is_once)
{
	int64_t member_id = story_enrol("1");
	char sql[300];
	struct session *till = database_login("kasa");
	snprintf(sql, sizeof sql,
		"SELECT seq FROM loyalty.submit_event(%" PRId64
		", 'purchase', 'till', 'bon 1', '2026-03-11', '{\"amount\": 5000}')",
		member_id);
	int64_t first = database_number(till, sql);
	ck_assert_int_eq(database_number(till, sql), first);
	spine_work(0, FIRST_DAY);
	ck_assert_int_eq(database_number(till, sql), first);
	spine_work(0, FIRST_DAY);
	ck_assert_int_eq(story_balance(member_id), 5000);
	ck_assert_int_eq(
		story_number("SELECT count(*) FROM loyalty.ledger_entry WHERE member_id = MEMBER", member_id),
		1);
	session_close(till);
	story_prove();
}
END_TEST

START_TEST(what_the_rules_refuse_is_denied)
{
	int64_t member_id = story_enrol("1");
	int64_t stranger = spine_member(session, "2");
	story_buy(member_id, "a", 1, 1000);
	story_redeem(member_id, "b", 2, "mod25");
	story_redeem(member_id, "c", 2, "no such reward");
	story_buy(member_id, "d", 1, 1000); // a day that is over
	story_buy(stranger, "e", 1, 1000);
	spine_work(0, FIRST_DAY);
	ck_assert_str_eq(
		database_text(session, "SELECT string_agg(j.external_id || ' ' || o.reason, ', ' "
				       "ORDER BY j.seq) FROM loyalty.outcome o JOIN loyalty.journal j "
				       "USING (member_id, seq) WHERE o.result = 'denied'"),
		"b balance, c reward, d date, e not_enrolled");
	ck_assert_int_eq(story_balance(member_id), 1000);
	story_prove();
}
END_TEST

START_TEST(events_that_come_late_keep_their_place_in_the_replay)
{
	int64_t member_id = story_enrol("1");
	int64_t first = story_buy(member_id, "a", 1, 2500);
	story_redeem(member_id, "b", 1, "mod25");
	// the purchase is committed after the redemption was processed
	database_run(session, "DELETE FROM loyalty.inbox WHERE seq = (SELECT seq FROM loyalty.journal WHERE "
			      "external_id = 'a')");
	spine_work(0, FIRST_DAY);
	ck_assert_int_eq(story_balance(member_id), 0);
	database_run(session, "INSERT INTO loyalty.inbox SELECT loyalty.bucket_of(member_id), member_id, "
			      "seq, 1 FROM loyalty.journal WHERE external_id = 'a'");
	spine_work(0, FIRST_DAY);
	ck_assert_int_eq(story_balance(member_id), 2500);
	ck_assert_int_gt(story_number("SELECT after_seq FROM loyalty.outcome WHERE member_id = MEMBER AND "
				      "result = 'accepted'",
				 member_id),
		first);
	story_prove();
}
END_TEST

// Each return sees what earlier ones, in the same batch or long before, have left.
START_TEST(returns_take_back_once)
{
	for (int batch = 1; batch <= 500; batch += 499) {
		char number[24];
		snprintf(number, sizeof number, "%d", batch);
		int64_t member_id = story_enrol(number);
		int64_t seq = story_buy(member_id, "a", 1, 10000);
		story_return(member_id, "b", 2, seq, 4000);
		story_return(member_id, "c", 3, seq, 4000);
		story_return(member_id, "d", 4, seq, 4000); // more than is left
		story_return(member_id, "e", 5, seq, 2000);
		spine_work(batch, FIRST_DAY);
		ck_assert_int_eq(story_balance(member_id), 0);
		ck_assert_int_eq(story_number("SELECT count(*) FROM loyalty.outcome WHERE member_id = MEMBER "
					      "AND reason = 'over_return'",
					 member_id),
			1);
	}
	story_prove();
}
END_TEST

START_TEST(a_return_does_not_take_expired_points_twice)
{
	int64_t member_id = story_enrol("1");
	int64_t seq = story_buy(member_id, "a", 1, 10000);
	story_buy(member_id, "b", 190, 3000);
	spine_work(0, FIRST_DAY + 300); // 2027-01-04: the first lot, moved on by a month, has expired
	story_return(member_id, "c", 300, seq, 10000);
	spine_work(0, FIRST_DAY + 300);
	ck_assert_int_eq(
		story_number("SELECT count(*) FROM loyalty.ledger_entry WHERE member_id = MEMBER AND "
			     "account_id = 3 AND amount > 0",
			member_id),
		1);
	ck_assert_int_eq(story_balance(member_id), 3000);
	story_prove();
}
END_TEST

START_TEST(an_event_the_database_refuses_is_set_aside)
{
	int64_t poisoned = story_enrol("1"), other = story_enrol("2");
	spine_work(0, FIRST_DAY);
	char sql[400];
	snprintf(sql, sizeof sql,
		"INSERT INTO loyalty.ledger_entry (member_id, entry_no, seq, amount, balance_after, "
		"posted_at, activity_on, currency_id, "
		"account_id) VALUES (%" PRId64 ", 1, 0, 1, 1, now(), '2026-03-10', 1, 1)",
		poisoned);
	database_run(session, sql); // takes the number the next entry needs
	story_buy(poisoned, "a", 1, 1000);
	for (int i = 3; i < 100; i++) { // work in every bucket, whose success must not hide the failure
		char number[24];
		snprintf(number, sizeof number, "%d", i);
		story_enrol(number);
	}
	for (int i = 0; i < 40; i++) {
		char id[8];
		snprintf(id, sizeof id, "o%d", i);
		story_buy(other, id, 1, 1000);
	}
	struct worker_report report = spine_work(0, FIRST_DAY);
	ck_assert_int_eq(report.failed, 1);
	ck_assert_int_eq(story_balance(other), 40000);
	ck_assert_int_eq(story_number("SELECT count(*) FROM loyalty.outcome WHERE member_id = MEMBER "
				      "AND result = 'failed' AND reason = 'database' AND detail <> ''",
				 poisoned),
		1);
	database_run(session, "DELETE FROM loyalty.ledger_entry WHERE seq = 0");
	story_buy(poisoned, "b", 1, 2000);
	spine_work(0, FIRST_DAY);
	ck_assert_int_eq(story_balance(poisoned), 2000);
	database_run(session,
		"SELECT loyalty.event_retry(member_id, seq) FROM loyalty.outcome WHERE result = 'failed'");
	spine_work(0, FIRST_DAY);
	ck_assert_int_eq(story_balance(poisoned), 3000);
	story_prove();
}
END_TEST

START_TEST(an_event_that_overflows_is_set_aside_alone)
{
	int64_t rich = story_enrol("1");
	story_buy(rich, "a", 1, 1000);
	spine_work(0, FIRST_DAY);
	database_run(session,
		"UPDATE loyalty.lot SET granted = 9223372036854775000, remaining = 9223372036854775000");
	int64_t seq = story_buy(rich, "b", 2, 100000), other = story_enrol("2");
	struct event event;
	event_init(&event, EVENT_TIER_GRANT, 1, FIRST_DAY + 3);
	event.ladder = "level";
	event.tier = "gold";
	event.until = FIRST_DAY + 100;
	spine_event(session, rich, "c", &event);
	story_buy(other, "d", 1, 1000);
	struct worker_report report = spine_work(0, FIRST_DAY);
	ck_assert_int_eq(report.failed, 1);
	ck_assert_int_eq(
		story_number(
			"SELECT seq FROM loyalty.outcome WHERE member_id = MEMBER AND reason = 'overflow'",
			rich),
		seq);
	ck_assert_int_eq(story_balance(other), 1000);
	ck_assert_int_eq(
		story_number("SELECT count(*) FROM loyalty.member_tier WHERE member_id = MEMBER", rich), 1);
}
END_TEST

// The child ends without Check's own end, so that it leaves the parent's session alone.
static pid_t worker_fork(int batch)
{
	pid_t child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		spine_work(batch, FIRST_DAY);
		_exit(0);
	}
	return child;
}

START_TEST(workers_share_the_work)
{
	enum { MEMBERS = 60, PURCHASES = 20, WORKERS = 3 };
	pid_t workers[WORKERS];
	for (int m = 1; m <= MEMBERS; m++) {
		char number[24];
		snprintf(number, sizeof number, "%d", m);
		story_enrol(number);
	}
	database_run(session, "WITH j AS (INSERT INTO loyalty.journal (member_id, type, lane, activity_on, "
			      "amount, source, external_id) SELECT member_id, 'purchase', 1, '2026-03-11', "
			      "100, 'test', 'p' || g FROM loyalty.standing, generate_series(1, 20) g "
			      "RETURNING member_id, seq) INSERT INTO loyalty.inbox "
			      "SELECT loyalty.bucket_of(member_id), member_id, seq, 1 FROM j");
	for (int i = 0; i < WORKERS; i++)
		workers[i] = worker_fork(7);
	for (int i = 0; i < WORKERS; i++) {
		int status;
		ck_assert_int_eq(waitpid(workers[i], &status, 0), workers[i]);
		ck_assert_int_eq(status, 0);
	}
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.inbox"), 0);
	ck_assert_int_eq(
		database_number(session, "SELECT count(*) FROM loyalty.ledger_entry"), MEMBERS * PURCHASES);
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.outcome"), 0);
	story_prove();
}
END_TEST

START_TEST(days_that_are_due_are_opened)
{
	int64_t member_id = story_enrol("1");
	story_buy(member_id, "a", 5, 5000);
	spine_work(0, FIRST_DAY + 97); // 2026-06-15, the birthday
	ck_assert_int_eq(story_number("SELECT count(*) FROM loyalty.issued_reward WHERE member_id = MEMBER",
				 member_id),
		1);
	ck_assert_str_eq(database_text(session, "SELECT due_on FROM loyalty.member_due"), "2026-10-01");
	spine_work(0, FIRST_DAY + 204); // 2026-09-30
	ck_assert_int_eq(story_balance(member_id), 5000);
	struct worker_report report = spine_work(0, FIRST_DAY + 205);
	ck_assert_int_eq(report.advanced, 1);
	ck_assert_int_eq(story_balance(member_id), 0);
	ck_assert_int_eq(
		story_number("SELECT amount FROM loyalty.ledger_entry WHERE member_id = MEMBER AND seq = 0",
			member_id),
		-5000);
	report = spine_work(0, FIRST_DAY + 205);
	ck_assert_int_eq(report.advanced, 0);
	story_prove();
}
END_TEST

START_TEST(a_day_that_cannot_be_opened_holds_nobody_up)
{
	int64_t broken = story_enrol("1"), whole = story_enrol("2");
	char sql[200];
	spine_work(0, FIRST_DAY);
	snprintf(sql, sizeof sql,
		"INSERT INTO loyalty.issued_reward (member_id, reward_no, seq, reward_id, issued_on, "
		"value_minor) "
		"VALUES (%" PRId64 ", 1, 0, 1, '2026-01-01', 0)",
		broken); // has the number of the treat to come
	database_run(session, sql);
	struct worker_report report = spine_work(0, FIRST_DAY + 97);
	ck_assert_int_eq(report.failed, 1);
	ck_assert_int_eq(
		story_number("SELECT count(*) FROM loyalty.issued_reward WHERE member_id = MEMBER", whole),
		1);
	ck_assert_int_eq(story_number("SELECT (due_on = 'infinity')::int FROM loyalty.member_due "
				      "WHERE member_id = MEMBER",
				 broken),
		1);
}
END_TEST

START_TEST(the_business_day_moves_on)
{
	story_enrol("1");
	spine_work(0, day_make(2099, 1, 1));
	ck_assert_str_eq(database_text(session, "SELECT processed_on FROM loyalty.programme"), "2099-01-01");
	spine_work(0, day_make(2098, 1, 1));
	ck_assert_str_eq(database_text(session, "SELECT processed_on FROM loyalty.programme"), "2099-01-01");
	story_prove();
}
END_TEST

START_TEST(what_was_approved_posts_once)
{
	int64_t member_id = story_enrol("1");
	spine_work(0, FIRST_DAY);
	struct session *support = database_login("deniz"), *manager = database_login("murat");
	char sql[400];
	snprintf(sql, sizeof sql,
		"SELECT status FROM loyalty.submit_event(%" PRId64 ", 'adjust', 'staff', 'k1', NULL, "
		"'{\"currency\": \"STAR\", \"amount\": 30000, \"reason\": \"lost order\"}')",
		member_id);
	ck_assert_str_eq(database_text(support, sql), "waiting");
	spine_work(0, FIRST_DAY);
	ck_assert_int_eq(story_balance(member_id), 0);
	static const char APPROVE[] = "SELECT loyalty.approval_decide(member_id, source, external_id, "
				      "request_hash, 'approved', '') FROM loyalty.approval";
	ck_assert_int_gt(database_number(manager, APPROVE), 0);
	ck_assert_str_eq(database_refusal(manager, APPROVE), "LY010");
	spine_work(0, FIRST_DAY);
	ck_assert_str_eq(database_text(support, sql), "accepted");
	spine_work(0, FIRST_DAY);
	ck_assert_int_eq(story_balance(member_id), 30000);
	ck_assert_str_eq(database_text(session, "SELECT string_agg(a.code, ',') FROM loyalty.ledger_entry "
						"JOIN loyalty.account a USING (account_id)"),
		"goodwill");
	session_close(support);
	session_close(manager);
	story_prove();
}
END_TEST

START_TEST(members_that_changed_are_told)
{
	struct session *screen = database_session("");
	struct error error = {0};
	struct notification notification;
	char expected[64];
	ck_assert(session_listen(screen, "loyalty_member", &error));
	int64_t first = story_enrol("1"), second = story_enrol("2");
	spine_work(0, FIRST_DAY);
	int64_t told = 0;
	while (told < first + second) {
		ck_assert_int_eq(session_wait(screen, 5000, &notification, &error), 1);
		ck_assert_str_eq(notification.channel, "loyalty_member");
		char *rest = notification.text;
		for (int64_t id; (id = strtoll(rest, &rest, 10)) != 0;)
			told += id;
	}
	snprintf(expected, sizeof expected, "%" PRId64, first + second);
	ck_assert_int_eq(told, first + second);
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.worker_heartbeat"), 0);
	session_close(screen);
}
END_TEST

// A second version doubles the rate from its day on; what was bought before is taken back at the old one.
static void second_version_add(const char *effective_from)
{
	size_t length;
	char *text = spine_file(spine_programme_path("starbucks_us_2026"), &length);
	char *code = strstr(text, "starbucks_us_2026"), *rate = strstr(text, "green = \"1\"");
	ck_assert(code && rate);
	memcpy(code, "starbucks_us_2027", strlen("starbucks_us_2027"));
	memcpy(rate, "green = \"2\"", strlen("green = \"2\""));
	struct error error = {0};
	ck_assert_msg(rulebook_install(session, "second", text, length, effective_from, NULL, &error), "%s",
		error.why);
	database_run(session, "UPDATE loyalty.programme_version SET state = 'approved', approved_at = now() "
			      "WHERE version_no = 2");
	free(text);
}

START_TEST(versions_change_on_their_day)
{
	second_version_add("2026-06-01");
	for (int batch = 1; batch <= 500; batch += 499) {
		char number[24];
		snprintf(number, sizeof number, "%d", batch);
		int64_t member_id = story_enrol(number);
		int64_t old = story_buy(member_id, "a", 1, 10000);   // 100
		int64_t new = story_buy(member_id, "b", 100, 10000); // 2026-06-18: 200
		spine_work(batch, FIRST_DAY);
		ck_assert_int_eq(story_balance(member_id), 30000);
		story_buy(member_id, "c", 101, 5000); // 100
		story_return(member_id, "d", 102, old, 10000);
		story_return(member_id, "e", 103, new, 5000);
		spine_work(batch, FIRST_DAY);
		ck_assert_int_gt(story_balance(member_id), 0);
		ck_assert_int_eq(
			story_number(
				"SELECT programme_version FROM loyalty.standing WHERE member_id = MEMBER",
				member_id),
			2);
	}
	ck_assert_int_eq(database_number(session,
				 "SELECT count(DISTINCT points) FROM loyalty.balance WHERE currency_id = 1"),
		1);
	ck_assert_int_gt(
		database_number(session, "SELECT count(*) FROM loyalty.ledger_entry WHERE account_id = 4"),
		3);
	story_prove();
}
END_TEST

START_TEST(a_version_reaches_members_who_do_nothing)
{
	int64_t member_id = story_enrol("1");
	spine_work(0, day_make(2026, 11, 22));
	ck_assert_str_eq(database_text(session, "SELECT due_on FROM loyalty.member_due"), "2027-06-15");
	second_version_add("2100-01-01");
	database_run(session,
		"UPDATE loyalty.programme_version SET effective_from = '2027-01-01', approved_at = now() "
		"WHERE version_no = 2");
	spine_work(0, day_make(2026, 11, 22));
	ck_assert_str_eq(database_text(session, "SELECT due_on FROM loyalty.member_due"), "2027-01-01");
	spine_work(0, day_make(2027, 1, 1));
	ck_assert_int_eq(
		story_number(
			"SELECT programme_version FROM loyalty.standing WHERE member_id = MEMBER", member_id),
		2);
	ck_assert_str_eq(database_text(session, "SELECT due_on FROM loyalty.member_due"), "2027-06-15");
	story_prove();
}
END_TEST

static void submit(struct session *till, int64_t member_id, const char *key, const char *day)
{
	char sql[300];
	snprintf(sql, sizeof sql,
		"SELECT loyalty.submit_event(%" PRId64
		", 'purchase', 'till', '%s', '%s', '{\"amount\": 5000}')",
		member_id, key, day);
	database_run(till, sql);
}

static void posted_wait(struct session *screen, const char *pending)
{
	struct error error = {0};
	struct notification news;
	while (database_number(session, pending) > 0)
		ck_assert_int_eq(session_wait(screen, 10000, &news, &error), 1);
}

// What an idle worker is told of by name it posts without a look at anything else, so the programme may have
// changed behind its back.
START_TEST(a_waiting_event_is_posted_under_the_programme_of_now)
{
	static const char pending[] = "SELECT count(*) FROM loyalty.inbox";
	struct error error = {0};
	struct session *till = database_login("kasa"), *screen = database_session("");
	int64_t member_id = story_enrol("1");
	ck_assert(session_listen(screen, "loyalty_member", &error));
	pid_t worker = spine_worker_start(FIRST_DAY);
	submit(till, member_id, "a", "2026-06-17");
	posted_wait(screen, pending);
	ck_assert_int_eq(story_balance(member_id), 5000);
	second_version_add("2026-06-18");
	submit(till, member_id, "b", "2026-06-18");
	posted_wait(screen, pending);
	ck_assert_int_eq(story_balance(member_id), 15000);
	spine_worker_stop(worker);
	session_close(till);
	session_close(screen);
	story_prove();
}
END_TEST

// More members than fit one transaction, in every bucket, and one whom the database refuses.
START_TEST(many_wait_at_once)
{
	enum { MEMBERS = 130 };
	struct error error = {0};
	struct session *till = database_login("kasa"), *screen = database_session("");
	int64_t members[MEMBERS];
	for (int m = 0; m < MEMBERS; m++) {
		char number[24];
		snprintf(number, sizeof number, "%d", m + 1);
		members[m] = story_enrol(number);
	}
	spine_work(0, FIRST_DAY);
	char sql[300];
	snprintf(sql, sizeof sql,
		"INSERT INTO loyalty.ledger_entry (member_id, entry_no, seq, amount, balance_after, "
		"posted_at, "
		"activity_on, currency_id, account_id) VALUES (%" PRId64 ", 1, 0, 1, 1, now(), "
		"'2026-03-10', 1, 1)",
		members[77]);
	database_run(session, sql); // takes the number the next entry needs
	ck_assert(session_listen(screen, "loyalty_member", &error));
	pid_t worker = spine_worker_start(FIRST_DAY);
	ck_assert(session_begin(till, &error));
	for (int m = 0; m < MEMBERS; m++)
		submit(till, members[m], "a", "2026-03-11");
	ck_assert(session_commit(till, &error));
	posted_wait(screen, "SELECT count(*) FROM loyalty.inbox");
	spine_worker_stop(worker);
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.balance WHERE points = 5000"),
		MEMBERS - 1);
	ck_assert_int_eq(story_number("SELECT count(*) FROM loyalty.outcome WHERE member_id = MEMBER "
				      "AND result = 'failed' AND reason = 'database'",
				 members[77]),
		1);
	session_close(till);
	session_close(screen);
}
END_TEST

Suite *worker_suite(void);
Suite *worker_suite(void)
{
	Suite *suite = suite_create("worker");
	TCase *posting = tcase_create("posting");
	tcase_add_checked_fixture(posting, setup, teardown);
	tcase_set_timeout(posting, 120);
	tcase_add_test(posting, sent_twice_is_once);
	tcase_add_test(posting, what_the_rules_refuse_is_denied);
	tcase_add_test(posting, events_that_come_late_keep_their_place_in_the_replay);
	tcase_add_test(posting, returns_take_back_once);
	tcase_add_test(posting, a_return_does_not_take_expired_points_twice);
	tcase_add_test(posting, an_event_the_database_refuses_is_set_aside);
	tcase_add_test(posting, an_event_that_overflows_is_set_aside_alone);
	tcase_add_test(posting, workers_share_the_work);
	tcase_add_test(posting, days_that_are_due_are_opened);
	tcase_add_test(posting, a_day_that_cannot_be_opened_holds_nobody_up);
	tcase_add_test(posting, the_business_day_moves_on);
	tcase_add_test(posting, what_was_approved_posts_once);
	tcase_add_test(posting, members_that_changed_are_told);
	tcase_add_test(posting, versions_change_on_their_day);
	tcase_add_test(posting, a_version_reaches_members_who_do_nothing);
	tcase_add_test(posting, a_waiting_event_is_posted_under_the_programme_of_now);
	tcase_add_test(posting, many_wait_at_once);
	suite_add_tcase(suite, posting);
	return suite;
}
