// Paid plans: what is charged is collected, tried again, given up or paid back, each once, and the plan
// follows.
#include "tests/database.h"
#include "tests/program.h"
#include "tests/spine.h"
#include "tests/tui/house.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *plan_suite(void);

static struct session *session, *kasa;
static int64_t member_id;
static day_t today;

static int64_t number(const char *sql)
{
	return database_number(session, sql);
}

static void event_put(enum event_type type, const char *id, day_t day)
{
	struct event event;
	event_init(&event, type, 1, day);
	event.plan = type == EVENT_ENROL ? NULL : "monthly";
	spine_event(session, member_id, id, &event);
}

// A member with a plan of 14.99 a month, from 40 days ago on: charged then, and again when the month was
// over.
static void setup(void)
{
	session = spine_begin("check_plan", "amazon_prime");
	kasa = database_login("kasa");
	today = (day_t)number("SELECT loyalty.business_day() - '2000-01-01'");
	member_id = spine_member(session, "1");
	event_put(EVENT_ENROL, "enrol", today - 60);
	event_put(EVENT_SUBSCRIBE, "plan", today - 40);
	spine_work(10, today - 40);
}

static void teardown(void)
{
	session_close(kasa);
	session_close(session);
}

static const char *answer_sql(int charge, const char *result, const char *id, int days_ago)
{
	static char sql[300];
	snprintf(sql, sizeof sql,
		"SELECT loyalty.plan_answer(%" PRId64
		", %d, '%s', '%s', loyalty.business_day() - %d, 'card expired')",
		member_id, charge, result, id, days_ago);
	return sql;
}

static const char *answer(int charge, const char *result, const char *id, int days_ago)
{
	return database_text(kasa, answer_sql(charge, result, id, days_ago));
}

// What is due: charge or refund, its number, amount, days since it was charged and until it is due.
static const char *dues(void)
{
	return database_text(kasa,
		"SELECT string_agg(concat_ws(' ', what, charge, amount, loyalty.business_day() - charged_on, "
		"due_on - "
		"loyalty.business_day()), ', ' ORDER BY charge) FROM loyalty.plan_dues('2199-01-01')");
}

static void prove(void)
{
	struct verify_report report = spine_verify(session, 100, true);
	ck_assert_msg(report.broken == 0, "%s", report.first_broken);
}

#define ck_holds(text, part)                                                                                 \
	ck_assert_msg(strstr(text, part) != NULL, "\"%s\" does not stand in: %s", part, text)

START_TEST(no_database_is_told_by_the_status)
{
	program_expect(3, "plan due --database host=/nowhere");
	program_expect(3, "plan paid 1/1 --id a --database host=/nowhere");
}
END_TEST

START_TEST(a_charge_is_due_until_it_is_paid_once)
{
	ck_assert_str_eq(dues(), "charge 1/1 14.99 40 -40");
	ck_assert_str_eq(answer(1, "paid", "psp-1", 39), "paid");
	ck_assert_str_eq(dues(), "");
	ck_assert_str_eq(answer(1, "paid", "psp-1", 39), "paid"); // told twice
	ck_assert_int_eq(number("SELECT count(*) FROM loyalty.plan_payment"), 1);
	ck_assert_str_eq(database_refusal(kasa, answer_sql(1, "paid", "psp-2", 39)), "LY010");
	ck_assert_str_eq(database_refusal(kasa, answer_sql(1, "failed", "psp-1", 39)), "LY003");
	ck_assert_str_eq(database_refusal(kasa, answer_sql(1, "refunded", "psp-3", 39)), "LY002");
	ck_assert_str_eq(database_refusal(kasa, answer_sql(9, "paid", "psp-4", 39)), "LY004");
	spine_work(10, today); // the next month has begun
	ck_assert_int_eq(number("SELECT count(*) FROM loyalty.plan_open"), 1);
	prove();
}
END_TEST

// Bought on the 31st it renews on the 28th and then on the 31st again.
START_TEST(dates_are_counted_from_the_start)
{
	day_t start;
	member_id = spine_member(session, "2");
	ck_assert(day_parse("2026-01-31", &start));
	event_put(EVENT_ENROL, "enrol", start);
	event_put(EVENT_SUBSCRIBE, "plan", start);
	spine_work(10, start);
	ck_assert(day_parse("2026-03-31", &start));
	spine_work(10, start);
	ck_assert_str_eq(
		database_text(kasa, "SELECT string_agg(charged_on::text, ' ' ORDER BY charged_on) FROM "
				    "loyalty.plan_dues('2026-03-31') WHERE member = 2"),
		"2026-01-31 2026-02-28 2026-03-31");
}
END_TEST

START_TEST(what_fails_is_tried_again_and_lapses_with_its_plan)
{
	ck_assert_str_eq(answer(1, "failed", "f1", 30),
		database_text(session, "SELECT 'to be tried again on ' || loyalty.business_day() - 27"));
	ck_assert_str_eq(answer(1, "failed", "f1", 30),
		database_text(session, "SELECT 'to be tried again on ' || loyalty.business_day() - 27"));
	ck_assert_str_eq(dues(), "charge 1/1 14.99 40 -27");
	answer(1, "failed", "f2", 27);
	ck_assert_str_eq(dues(), "charge 1/1 14.99 40 -22");
	answer(1, "failed", "f3", 22);
	ck_assert_str_eq(dues(), "charge 1/1 14.99 40 -15");
	ck_assert_str_eq(answer(1, "failed", "f4", 15), "lapsed");
	ck_assert_str_eq(dues(), "");
	ck_assert_int_eq(number("SELECT count(*) FROM loyalty.journal WHERE type = 'cancel_plan' AND source "
				"= 'plan' AND object = 'monthly'"),
		1);
	ck_assert_str_eq(database_refusal(kasa, answer_sql(1, "failed", "f5", 14)), "LY010");
	spine_work(10, today);
	// The month that began meanwhile is refunded with the plan, and was never paid.
	ck_assert_str_eq(database_text(session, "SELECT string_agg(amount_minor::text, ' ' ORDER BY "
						"charge_no) FROM loyalty.plan_charge"),
		"1499 1499 -1499");
	ck_assert_str_eq(dues(), "");
	spine_work(10, today + 60);
	ck_assert_int_eq(number("SELECT count(*) FROM loyalty.plan_charge"), 3);
	prove();
}
END_TEST

START_TEST(a_refund_is_owed_for_what_was_paid)
{
	answer(1, "paid", "psp-1", 39);
	event_put(EVENT_CANCEL_PLAN, "stop", today - 38);
	spine_work(10, today - 38);
	ck_assert_str_eq(dues(), "refund 1/2 14.99 38 -38");
	ck_assert_str_eq(answer(2, "failed", "r0", 37),
		database_text(session, "SELECT 'to be tried again on ' || loyalty.business_day() - 34"));
	ck_assert_str_eq(answer(2, "refunded", "r1", 34), "refunded");
	ck_assert_str_eq(dues(), "");
	prove();
}
END_TEST

START_TEST(a_refund_of_what_was_never_paid_cancels_out)
{
	event_put(EVENT_CANCEL_PLAN, "stop", today - 39);
	spine_work(10, today - 39);
	ck_assert_str_eq(dues(), "");
	ck_assert_str_eq(database_refusal(kasa, answer_sql(1, "failed", "f1", 30)), "LY010");
	prove();
	ck_assert_str_eq(answer(1, "paid", "late", 30), "paid"); // it was under way
	ck_assert_str_eq(dues(), "refund 1/2 14.99 39 -30");
	prove();
}
END_TEST

static const struct {
	const char *sql, *invariant;
} FAULTS[] = {
	{"DELETE FROM loyalty.plan_open", "what is not open any more was paid, has lapsed or cancelled out"},
	{"INSERT INTO loyalty.plan_payment (member_id, charge_no, payment_no, result, external_id, on_day) "
	 "SELECT member_id, 1, 1, "
	 "'paid', 'x', now()::date FROM loyalty.plan_charge",
		"a charge is open or ended, and paid once"},
	{"INSERT INTO loyalty.plan_open SELECT member_id, 9, due_on FROM loyalty.plan_open",
		"an answer belongs to a charge"},
};

START_TEST(the_proof_finds_what_is_wrong)
{
	for (size_t i = 0; i < sizeof FAULTS / sizeof *FAULTS; i++) {
		database_run(session, "CREATE TABLE kept AS SELECT * FROM loyalty.plan_open");
		database_run(session, FAULTS[i].sql);
		ck_holds(spine_verify(session, 0, false).first_broken, FAULTS[i].invariant);
		database_run(session, "DELETE FROM loyalty.plan_payment");
		database_run(session, "DELETE FROM loyalty.plan_open");
		database_run(session, "INSERT INTO loyalty.plan_open SELECT * FROM kept");
		database_run(session, "DROP TABLE kept");
	}
	prove();
}
END_TEST

START_TEST(the_verbs_tell_and_take)
{
	struct session *deniz = database_login("deniz");
	ck_assert_str_eq(database_refusal(deniz, "SELECT * FROM loyalty.plan_dues(NULL)"), "42501");
	session_close(deniz);
	setenv("PGUSER", "murat", 1);
	ck_holds(program_expect(0, "plan due --format csv")->out, "1/1,1,charge,monthly,14.99,");
	ck_holds(program_expect(0, "plan failed 1/1 'card expired' --id f1")->out,
		"1/1: to be tried again on");
	ck_assert(strstr(program_expect(0, "plan due")->out, "monthly") == NULL); // not before the next try
	ck_holds(program_expect(2, "plan paid 1/1")->err, "give the provider's own id");
	ck_holds(program_expect(1, "plan paid 1.1 --id x")->err, "\"1.1\" names no charge");
	ck_holds(program_expect(1, "plan paid 7/1 --id x")->err, "has no charge 1");
	const char *file =
		program_file("answers.csv", "id,charge,result\np1,1/1,paid\np2,1/2,paid\np3,1/1,refunded\n");
	const struct program *p = program_expect(1, "plan import %s", file);
	ck_holds(p->out, "1 taken, 2 refused");
	ck_holds(p->err, "answers.csv:3: the member has no charge 2");
	ck_holds(p->err, "answers.csv:4: a charge is not refunded");
	char rejects[300];
	snprintf(rejects, sizeof rejects, "%s.rejects.csv", file);
	const char *text = program_file_text(rejects);
	ck_holds(text, "line,reason,id,charge,result\n3,\"");
	ck_holds(text, "\",p2,1/2,paid\n4,\"");
	ck_holds(text, "\",p3,1/1,refunded\n");
	ck_holds(program_expect(1, "plan import %s", file)->out, "1 taken, 2 refused");
	file = program_file(
		"mended.csv", "line,reason,id,charge,result,reason\n3,\"no charge\",p1,1/1,paid,\n");
	ck_holds(program_expect(0, "plan import %s", file)->out, "1 taken, 0 refused");
	ck_holds(program_expect(1, "plan import %s", program_file("bad.csv", "charge,result\n"))->err,
		"its header lacks \"id\"");
	ck_holds(program_expect(0, "member 1 --format json")->out, "\"amount\": 14.99, \"state\": \"paid\"");
	unsetenv("PGUSER");
	ck_assert_int_eq(number("SELECT count(*) FROM loyalty.plan_payment WHERE result = 'paid'"), 1);
	prove();
}
END_TEST

// The house's programme, with a plan of 9.00 a month and points that go to an airline.
static const char DOCUMENT_SQL[] =
	"UPDATE loyalty.programme_version SET document = 'format = 2;' || replace(document, 'rewards = (', "
	"'plans = ( { code = \"club\"; name = \"Club\"; months = 1; refund = \"none\"; prices = ( { from = "
	"\"2020-01-01\"; price = 900; } ); } ); "
	"rewards = ( { code = \"to_air\"; name = \"Air miles\"; kind = \"partner_transfer\"; currency = "
	"\"STAR\"; cost = \"10\"; into = \"MILE\"; "
	"gives = \"5\"; min_per_txn = 2; },')";
static const char LABEL_SQL[] = "SELECT loyalty.programme_number('{\"rewards\": [{\"code\": \"to_air\", "
				"\"name\": \"Air miles\", \"kind\": \"partner_transfer\"}]}')";
static const char OFFER_SQL[] =
	"UPDATE loyalty.reward SET offered = true, cost = 1000, currency_id = (SELECT currency_id FROM "
	"loyalty.currency WHERE code = 'STAR') WHERE code = 'to_air'";

static void open_house(void)
{
	house_open("plans");
	house_sql(NULL, DOCUMENT_SQL);
	house_sql(NULL, LABEL_SQL);
	house_sql(NULL, OFFER_SQL);
}

static struct vt *open_member(int member)
{
	char keys[24];
	struct vt *vt = house_screens("deniz", NULL, 24, 100);
	snprintf(keys, sizeof keys, "/%d\r", HOUSE_FIRST_NUMBER + member - 1);
	house_keys(vt, keys);
	house_shows(vt, "1 Timeline");
	return vt;
}

START_TEST(the_member_screen_shows_plan_and_payment)
{
	house_sql(NULL, "UPDATE loyalty.role_limit SET per_event = NULL, per_member_day = NULL, "
			"per_person_day = NULL WHERE type = 'subscribe'");
	house_sql(NULL,
		"SELECT loyalty.submit_event(3, 'subscribe', 'test', 's2', NULL, '{\"plan\": \"club\"}')");
	house_work();
	struct vt *vt = open_member(3);
	house_waits(vt, "$9.00 to be paid; Club: $9.00 on ");
	house_sql("mona", "SELECT loyalty.plan_answer(3, 1, 'paid', 'x', NULL, NULL)");
	house_waits(vt, ", paid ");
	house_hides(vt, "to be paid");
	vt_close(vt);
}
END_TEST

// 240 STAR buy from 2 to 24 times 5 miles; 3 times are asked for.
START_TEST(the_member_screen_sends_points_to_a_partner)
{
	struct vt *vt = open_member(12);
	house_keys(vt, "d");
	house_shows(vt, "10 STAR for 5 MILE   2 to 24 times");
	house_keys(vt, "G\r");
	house_shows(vt, "How many");
	house_keys(vt, "\0251\023");
	house_shows(vt, "a number from 2 to 24");
	house_keys(vt, "\0253\023");
	house_shows(vt, "3 Air miles cost 30 STAR (10 STAR each); 210 STAR stay.");
	house_shows(vt, "partner gives 15 MILE.");
	house_keys(vt, "\033[D\r");
	house_shows(vt, "Sent: 3 Air miles redeemed");
	house_work();
	house_waits(vt, "Done: 3 Air miles redeemed");
	house_waits(vt, "15 MILE");
	ck_assert_int_eq(
		house_number("SELECT amount FROM loyalty.partner_entry WHERE partner = 'delta'"), -3000);
	vt_close(vt);
}
END_TEST

Suite *plan_suite(void)
{
	Suite *suite = suite_create("plan");
	TCase *plan = tcase_create("plan");
	tcase_set_timeout(plan, 60);
	tcase_add_checked_fixture(plan, setup, teardown);
	tcase_add_test(plan, no_database_is_told_by_the_status);
	tcase_add_test(plan, a_charge_is_due_until_it_is_paid_once);
	tcase_add_test(plan, dates_are_counted_from_the_start);
	tcase_add_test(plan, what_fails_is_tried_again_and_lapses_with_its_plan);
	tcase_add_test(plan, a_refund_is_owed_for_what_was_paid);
	tcase_add_test(plan, a_refund_of_what_was_never_paid_cancels_out);
	tcase_add_test(plan, the_proof_finds_what_is_wrong);
	tcase_add_test(plan, the_verbs_tell_and_take);
	suite_add_tcase(suite, plan);
	TCase *screen = tcase_create("screen");
	tcase_set_timeout(screen, 60);
	tcase_add_checked_fixture(screen, open_house, NULL);
	tcase_add_test(screen, the_member_screen_shows_plan_and_payment);
	tcase_add_test(screen, the_member_screen_sends_points_to_a_partner);
	suite_add_tcase(suite, screen);
	return suite;
}
