// The worker: once is once, denials, poison, several workers, days that are due, approvals, versions,
// notices, why.
#include "model/rulebook.h"
#include "model/standing_view.h"
#include "model/why.h"
#include "tests/database.h"
#include "tests/spine.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DAY_OF_MEMBERS = 9565 }; // 2026-03-10, when the programme begins and members enrol

static struct session *session;

static void setup(void)
{
	session = spine_begin("check_worker", "starbucks_us_2026");
}

static void teardown(void)
{
	session_close(session);
}

static int64_t number_of(const char *format, int64_t member_id)
{
	char sql[400], id[24];
	const char *at = strstr(format, "MEMBER");
	snprintf(id, sizeof id, "%" PRId64, member_id);
	snprintf(sql, sizeof sql, "%.*s%s%s", (int)(at - format), format, id, at + strlen("MEMBER"));
	return database_number(session, sql);
}

static int64_t balance_of(int64_t member_id)
{
	return number_of("SELECT coalesce(sum(points), 0)::bigint FROM loyalty.balance WHERE member_id = "
			 "MEMBER AND currency_id = 1",
		member_id);
}

static int64_t enrolled(const char *number)
{
	struct event event;
	int64_t member_id = spine_member(session, number);
	event_init(&event, EVENT_ENROL, 1, DAY_OF_MEMBERS);
	event.born = day_make(1904, 6, 15);
	spine_event(session, member_id, "enrol", &event);
	return member_id;
}

static int64_t bought(int64_t member_id, const char *external_id, int day, int64_t amount_minor)
{
	struct event event;
	event_init(&event, EVENT_PURCHASE, 1, DAY_OF_MEMBERS + day);
	event.amount_minor = amount_minor;
	return spine_event(session, member_id, external_id, &event);
}

static int64_t redeemed(int64_t member_id, const char *external_id, int day, const char *reward)
{
	struct event event;
	event_init(&event, EVENT_REDEEM, 1, DAY_OF_MEMBERS + day);
	event.reward = reward;
	return spine_event(session, member_id, external_id, &event);
}

static int64_t returned(
	int64_t member_id, const char *external_id, int day, int64_t of_seq, int64_t amount_minor)
{
	struct event event;
	event_init(&event, EVENT_RETURN, 1, DAY_OF_MEMBERS + day);
	event.of_seq = of_seq;
	event.amount_minor = amount_minor;
	return spine_event(session, member_id, external_id, &event);
}

static void expect_proof(void)
{
	struct verify_report report = spine_verify(session, 100, true);
	ck_assert_msg(report.broken == 0, "%s", report.first_broken);
}

START_TEST(sent_twice_is_once)
{
	int64_t member_id = enrolled("1");
	char sql[300];
	struct session *till = database_login("kasa");
	snprintf(sql, sizeof sql,
		"SELECT seq FROM loyalty.submit_event(%" PRId64
		", 'purchase', 'till', 'bon 1', '2026-03-11', '{\"amount\": 5000}')",
		member_id);
	int64_t first = database_number(till, sql);
	ck_assert_int_eq(database_number(till, sql), first);
	spine_work(0, DAY_OF_MEMBERS);
	ck_assert_int_eq(database_number(till, sql), first);
	spine_work(0, DAY_OF_MEMBERS);
	ck_assert_int_eq(balance_of(member_id), 5000);
	ck_assert_int_eq(
		number_of("SELECT count(*) FROM loyalty.ledger_entry WHERE member_id = MEMBER", member_id),
		1);
	session_close(till);
	expect_proof();
}
END_TEST

START_TEST(what_the_rules_refuse_is_denied)
{
	int64_t member_id = enrolled("1");
	int64_t stranger = spine_member(session, "2");
	bought(member_id, "a", 1, 1000);
	redeemed(member_id, "b", 2, "mod25");
	redeemed(member_id, "c", 2, "no such reward");
	bought(member_id, "d", 1, 1000); // a day that is over
	bought(stranger, "e", 1, 1000);
	spine_work(0, DAY_OF_MEMBERS);
	ck_assert_str_eq(database_text(session,
				 "SELECT string_agg(j.external_id || ' ' || o.reason, ', ' ORDER BY j.seq) "
				 "FROM loyalty.outcome o JOIN loyalty.journal j USING (member_id, seq) "
				 "WHERE o.result = 'denied'"),
		"b balance, c reward, d date, e not_enrolled");
	ck_assert_int_eq(balance_of(member_id), 1000);
	expect_proof();
}
END_TEST

START_TEST(events_that_come_late_keep_their_place_in_the_replay)
{
	int64_t member_id = enrolled("1");
	int64_t first = bought(member_id, "a", 1, 2500);
	redeemed(member_id, "b", 1, "mod25");
	// the purchase is committed after the redemption was processed
	database_run(session, "DELETE FROM loyalty.inbox WHERE seq = (SELECT seq FROM loyalty.journal WHERE "
			      "external_id = 'a')");
	spine_work(0, DAY_OF_MEMBERS);
	ck_assert_int_eq(balance_of(member_id), 0);
	database_run(session, "INSERT INTO loyalty.inbox SELECT loyalty.bucket_of(member_id), member_id, "
			      "seq, 1 FROM loyalty.journal "
			      "WHERE external_id = 'a'");
	spine_work(0, DAY_OF_MEMBERS);
	ck_assert_int_eq(balance_of(member_id), 2500);
	ck_assert_int_gt(number_of("SELECT after_seq FROM loyalty.outcome WHERE member_id = MEMBER AND "
				   "result = 'accepted'",
				 member_id),
		first);
	expect_proof();
}
END_TEST

// Each return sees what earlier ones, in the same batch or long before, have left.
START_TEST(returns_take_back_once)
{
	for (int batch = 1; batch <= 500; batch += 499) {
		char number[24];
		snprintf(number, sizeof number, "%d", batch);
		int64_t member_id = enrolled(number);
		int64_t seq = bought(member_id, "a", 1, 10000);
		returned(member_id, "b", 2, seq, 4000);
		returned(member_id, "c", 3, seq, 4000);
		returned(member_id, "d", 4, seq, 4000); // more than is left
		returned(member_id, "e", 5, seq, 2000);
		spine_work(batch, DAY_OF_MEMBERS);
		ck_assert_int_eq(balance_of(member_id), 0);
		ck_assert_int_eq(number_of("SELECT count(*) FROM loyalty.outcome WHERE member_id = MEMBER "
					   "AND reason = 'over_return'",
					 member_id),
			1);
	}
	expect_proof();
}
END_TEST

START_TEST(a_return_does_not_take_expired_points_twice)
{
	int64_t member_id = enrolled("1");
	int64_t seq = bought(member_id, "a", 1, 10000);
	bought(member_id, "b", 190, 3000);
	spine_work(0, DAY_OF_MEMBERS + 300); // 2027-01-04: the first lot, moved on by a month, has expired
	returned(member_id, "c", 300, seq, 10000);
	spine_work(0, DAY_OF_MEMBERS + 300);
	ck_assert_int_eq(number_of("SELECT count(*) FROM loyalty.ledger_entry WHERE member_id = MEMBER AND "
				   "account_id = 3 AND amount > 0",
				 member_id),
		1);
	ck_assert_int_eq(balance_of(member_id), 3000);
	expect_proof();
}
END_TEST

START_TEST(an_event_the_database_refuses_is_set_aside)
{
	int64_t poisoned = enrolled("1"), other = enrolled("2");
	spine_work(0, DAY_OF_MEMBERS);
	char sql[400];
	snprintf(sql, sizeof sql,
		"INSERT INTO loyalty.ledger_entry (member_id, entry_no, seq, amount, balance_after, "
		"posted_at, activity_on, currency_id, "
		"account_id) VALUES (%" PRId64 ", 1, 0, 1, 1, now(), '2026-03-10', 1, 1)",
		poisoned);
	database_run(session, sql); // takes the number the next entry needs
	bought(poisoned, "a", 1, 1000);
	for (int i = 0; i < 40; i++) {
		char id[8];
		snprintf(id, sizeof id, "o%d", i);
		bought(other, id, 1, 1000);
	}
	struct worker_report report = spine_work(0, DAY_OF_MEMBERS);
	ck_assert_int_eq(report.failed, 1);
	ck_assert_int_eq(balance_of(other), 40000);
	ck_assert_int_eq(
		number_of(
			"SELECT count(*) FROM loyalty.outcome WHERE member_id = MEMBER AND result = 'failed' "
			"AND reason = 'database' AND detail <> ''",
			poisoned),
		1);
	database_run(session, "DELETE FROM loyalty.ledger_entry WHERE seq = 0");
	bought(poisoned, "b", 1, 2000);
	spine_work(0, DAY_OF_MEMBERS);
	ck_assert_int_eq(balance_of(poisoned), 2000);
	database_run(session,
		"SELECT loyalty.event_retry(member_id, seq) FROM loyalty.outcome WHERE result = 'failed'");
	spine_work(0, DAY_OF_MEMBERS);
	ck_assert_int_eq(balance_of(poisoned), 3000);
	expect_proof();
}
END_TEST

START_TEST(an_event_that_overflows_is_set_aside_alone)
{
	int64_t rich = enrolled("1");
	bought(rich, "a", 1, 1000);
	spine_work(0, DAY_OF_MEMBERS);
	database_run(session,
		"UPDATE loyalty.lot SET granted = 9223372036854775000, remaining = 9223372036854775000");
	int64_t seq = bought(rich, "b", 2, 100000), other = enrolled("2");
	struct event event;
	event_init(&event, EVENT_TIER_GRANT, 1, DAY_OF_MEMBERS + 3);
	event.ladder = "level";
	event.tier = "gold";
	event.until = DAY_OF_MEMBERS + 100;
	spine_event(session, rich, "c", &event);
	bought(other, "d", 1, 1000);
	struct worker_report report = spine_work(0, DAY_OF_MEMBERS);
	ck_assert_int_eq(report.failed, 1);
	ck_assert_int_eq(
		number_of("SELECT seq FROM loyalty.outcome WHERE member_id = MEMBER AND reason = 'overflow'",
			rich),
		seq);
	ck_assert_int_eq(balance_of(other), 1000);
	ck_assert_int_eq(
		number_of("SELECT count(*) FROM loyalty.member_tier WHERE member_id = MEMBER", rich), 1);
}
END_TEST

// The child ends without Check's own end, so that it leaves the parent's session alone.
static pid_t worker_fork(int batch)
{
	pid_t child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		spine_work(batch, DAY_OF_MEMBERS);
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
		enrolled(number);
	}
	database_run(session, "WITH j AS (INSERT INTO loyalty.journal (member_id, type, lane, activity_on, "
			      "amount, source, external_id) "
			      "SELECT member_id, 'purchase', 1, '2026-03-11', 100, 'test', 'p' || g FROM "
			      "loyalty.standing, generate_series(1, 20) g "
			      "RETURNING member_id, seq) INSERT INTO loyalty.inbox SELECT "
			      "loyalty.bucket_of(member_id), member_id, seq, 1 FROM j");
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
	expect_proof();
}
END_TEST

START_TEST(days_that_are_due_are_opened)
{
	int64_t member_id = enrolled("1");
	bought(member_id, "a", 5, 5000);
	spine_work(0, DAY_OF_MEMBERS + 97); // 2026-06-15, the birthday
	ck_assert_int_eq(
		number_of("SELECT count(*) FROM loyalty.issued_reward WHERE member_id = MEMBER", member_id),
		1);
	ck_assert_str_eq(database_text(session, "SELECT due_on FROM loyalty.member_due"), "2026-10-01");
	spine_work(0, DAY_OF_MEMBERS + 204); // 2026-09-30
	ck_assert_int_eq(balance_of(member_id), 5000);
	struct worker_report report = spine_work(0, DAY_OF_MEMBERS + 205);
	ck_assert_int_eq(report.advanced, 1);
	ck_assert_int_eq(balance_of(member_id), 0);
	ck_assert_int_eq(
		number_of("SELECT amount FROM loyalty.ledger_entry WHERE member_id = MEMBER AND seq = 0",
			member_id),
		-5000);
	report = spine_work(0, DAY_OF_MEMBERS + 205);
	ck_assert_int_eq(report.advanced, 0);
	expect_proof();
}
END_TEST

START_TEST(the_business_day_moves_on)
{
	enrolled("1");
	spine_work(0, day_make(2099, 1, 1));
	ck_assert_str_eq(database_text(session, "SELECT processed_on FROM loyalty.programme"), "2099-01-01");
	spine_work(0, day_make(2098, 1, 1));
	ck_assert_str_eq(database_text(session, "SELECT processed_on FROM loyalty.programme"), "2099-01-01");
	expect_proof();
}
END_TEST

START_TEST(what_was_approved_posts_once)
{
	int64_t member_id = enrolled("1");
	spine_work(0, DAY_OF_MEMBERS);
	struct session *support = database_login("deniz"), *manager = database_login("murat");
	char sql[400];
	snprintf(sql, sizeof sql,
		"SELECT status FROM loyalty.submit_event(%" PRId64 ", 'adjust', 'staff', 'k1', NULL, "
		"'{\"currency\": \"STAR\", \"amount\": 30000, \"reason\": \"lost order\"}')",
		member_id);
	ck_assert_str_eq(database_text(support, sql), "waiting");
	spine_work(0, DAY_OF_MEMBERS);
	ck_assert_int_eq(balance_of(member_id), 0);
	static const char APPROVE[] = "SELECT loyalty.approval_decide(member_id, source, external_id, "
				      "request_hash, 'approved', '') "
				      "FROM loyalty.approval";
	ck_assert_int_gt(database_number(manager, APPROVE), 0);
	ck_assert_str_eq(database_refusal(manager, APPROVE), "LY010");
	spine_work(0, DAY_OF_MEMBERS);
	ck_assert_str_eq(database_text(support, sql), "accepted");
	spine_work(0, DAY_OF_MEMBERS);
	ck_assert_int_eq(balance_of(member_id), 30000);
	ck_assert_str_eq(
		database_text(session,
			"SELECT string_agg(a.code, ',') FROM loyalty.ledger_entry JOIN loyalty.account a "
			"USING (account_id)"),
		"goodwill");
	session_close(support);
	session_close(manager);
	expect_proof();
}
END_TEST

START_TEST(members_that_changed_are_told)
{
	struct session *screen = database_session("");
	struct error error = {0};
	struct notification notification;
	char expected[64];
	ck_assert(session_listen(screen, "loyalty_member", &error));
	int64_t first = enrolled("1"), second = enrolled("2");
	spine_work(0, DAY_OF_MEMBERS);
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

// A second version doubles the rate from 2026-06-01; what was bought before is taken back at the old one.
static void second_version_add(void)
{
	size_t length;
	char *text = spine_file(spine_programme_path("starbucks_us_2026"), &length);
	char *code = strstr(text, "starbucks_us_2026"), *rate = strstr(text, "green = \"1\"");
	ck_assert(code && rate);
	memcpy(code, "starbucks_us_2027", strlen("starbucks_us_2027"));
	memcpy(rate, "green = \"2\"", strlen("green = \"2\""));
	struct error error = {0};
	ck_assert_msg(rulebook_install(session, "second", text, length, "2026-06-01", NULL, &error), "%s",
		error.why);
	database_run(session, "UPDATE loyalty.programme_version SET state = 'approved', approved_at = now() "
			      "WHERE version_no = 2");
	free(text);
}

START_TEST(versions_change_on_their_day)
{
	second_version_add();
	for (int batch = 1; batch <= 500; batch += 499) {
		char number[24];
		snprintf(number, sizeof number, "%d", batch);
		int64_t member_id = enrolled(number);
		int64_t old = bought(member_id, "a", 1, 10000);   // 100
		int64_t new = bought(member_id, "b", 100, 10000); // 2026-06-18: 200
		spine_work(batch, DAY_OF_MEMBERS);
		ck_assert_int_eq(balance_of(member_id), 30000);
		bought(member_id, "c", 101, 5000); // 100
		returned(member_id, "d", 102, old, 10000);
		returned(member_id, "e", 103, new, 5000);
		spine_work(batch, DAY_OF_MEMBERS);
		ck_assert_int_gt(balance_of(member_id), 0);
		ck_assert_int_eq(
			number_of("SELECT programme_version FROM loyalty.standing WHERE member_id = MEMBER",
				member_id),
			2);
	}
	ck_assert_int_eq(database_number(session,
				 "SELECT count(DISTINCT points) FROM loyalty.balance WHERE currency_id = 1"),
		1);
	ck_assert_int_gt(
		database_number(session, "SELECT count(*) FROM loyalty.ledger_entry WHERE account_id = 4"),
		3);
	expect_proof();
}
END_TEST

static struct result *results[4];

static void asks_run(const struct ask *asks, int count)
{
	struct error error = {0};
	for (int i = 0; i < count; i++) {
		results[i] = session_query(session, asks[i].sql, asks[i].values, asks[i].count, &error);
		ck_assert_msg(results[i] != NULL, "%s", error.why);
	}
}

static void asks_free(int count)
{
	for (int i = 0; i < count; i++)
		result_free(results[i]);
}

// All lines of a why, joined. Static buffer.
static const char *why_text(int64_t member_id, int64_t seq, int64_t entry_no)
{
	static char text[8000];
	struct error error = {0};
	struct ask asks[WHY_STATEMENTS];
	struct why why;
	struct rulebook *rulebook = rulebook_load(session, &error);
	why_ask(asks, member_id, seq);
	asks_run(asks, WHY_STATEMENTS);
	ck_assert_msg(why_take(&why, rulebook, results, seq, entry_no, &error), "%s", error.why);
	size_t used = 0;
	text[0] = '\0';
	for (int i = 0; i < why.count; i++)
		used += (size_t)snprintf(text + used, sizeof text - used, "%s\n", why.lines[i]);
	why_free(&why);
	asks_free(WHY_STATEMENTS);
	rulebook_free(rulebook);
	return text;
}

static void expect_said(const char *text, const char *wanted)
{
	ck_assert_msg(strstr(text, wanted) != NULL, "nothing says \"%s\" in:\n%s", wanted, text);
}

START_TEST(everything_can_be_explained)
{
	int64_t member_id = enrolled("1");
	int64_t purchase = bought(member_id, "a", 1, 50150);
	int64_t redemption = redeemed(member_id, "b", 2, "mod25");
	int64_t back = returned(member_id, "d", 3, purchase, 10000);
	redeemed(member_id, "c", 4, "food300");
	int64_t denied = redeemed(member_id, "e", 4, "merch400");
	spine_work(0, day_make(2028, 1, 1));
	int64_t pending = bought(member_id, "f", 700, 100);
	expect_said(why_text(member_id, purchase, 0), "base: 501.5 at 1 per 1");
	expect_said(why_text(member_id, purchase, 0), "tier changes from green to gold");
	expect_said(why_text(member_id, redemption, 0), "25 from lot 1");
	expect_said(why_text(member_id, denied, 0), "denied (balance)");
	expect_said(why_text(member_id, back, 0), "taken back with the return");
	expect_said(why_text(member_id, pending, 0), "waits to be posted");
	int64_t expiry = number_of("SELECT coalesce(max(entry_no), 0) FROM loyalty.ledger_entry WHERE "
				   "member_id = MEMBER AND seq = 0",
		member_id);
	ck_assert_int_gt(expiry, 0);
	expect_said(why_text(member_id, 0, expiry), "no event: the day");
	expect_said(why_text(member_id, 0, 1), "base: 501.5");
	expect_proof();
}
END_TEST

START_TEST(the_header_card_tells_where_a_member_stands)
{
	struct error error = {0};
	struct ask asks[STANDING_STATEMENTS];
	struct standing_view view;
	struct rulebook *rulebook = rulebook_load(session, &error);
	int64_t member_id = enrolled("1"), fresh = spine_member(session, "2");
	bought(member_id, "a", 1, 40000);
	spine_work(0, DAY_OF_MEMBERS + 1);
	standing_ask(asks, member_id);
	asks_run(asks, STANDING_STATEMENTS);
	ck_assert_msg(standing_take(&view, rulebook, results, &error), "%s", error.why);
	asks_free(STANDING_STATEMENTS);
	ck_assert(view.is_enrolled);
	ck_assert_str_eq(view.points[0].code, "STAR");
	ck_assert_int_eq(view.points[0].points, 40000);
	ck_assert_int_eq(view.points[0].expires, 40000);
	ck_assert_int_eq(view.points[0].expires_on, day_make(2026, 10, 1));
	ck_assert_str_eq(view.statuses[0].tier, "green");
	ck_assert_str_eq(view.statuses[0].next_tier, "gold");
	ck_assert_int_eq(view.statuses[0].missing, 10000);
	ck_assert_int_eq(view.statuses[0].percent, 80);
	standing_view_free(&view);
	standing_ask(asks, fresh);
	asks_run(asks, STANDING_STATEMENTS);
	ck_assert(standing_take(&view, rulebook, results, &error));
	ck_assert(!view.is_enrolled);
	standing_view_free(&view);
	asks_free(STANDING_STATEMENTS);
	rulebook_free(rulebook);
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
	tcase_add_test(posting, the_business_day_moves_on);
	tcase_add_test(posting, what_was_approved_posts_once);
	tcase_add_test(posting, members_that_changed_are_told);
	tcase_add_test(posting, versions_change_on_their_day);
	tcase_add_test(posting, everything_can_be_explained);
	tcase_add_test(posting, the_header_card_tells_where_a_member_stands);
	suite_add_tcase(suite, posting);
	return suite;
}
