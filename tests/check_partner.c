// Partners: prices, settlements and their report hold against sums made beside them, over random events with
// returns; what is billed once is never billed again.
#include "tests/database.h"
#include "tests/program.h"
#include "tests/spine.h"

#include <check.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *partner_suite(void);

enum { FIRST_DAY = 9497, MEMBERS = 12, ROUNDS = 4, ROUND_DAYS = 20, EVENTS = 25 }; // 2026-01-01

static struct session *session;

static const struct giver { // what its events give: a point for each so many minor units
	const char *partner, *currency;
	int per;
} GIVERS[] = {{"lyft", "MILE", 100}, {"amex_reserve", "MQD", 1000}};
enum { GIVER_COUNT = sizeof GIVERS / sizeof *GIVERS };

static void setup(void)
{
	session = spine_begin("check_partner", "delta_2025");
}

static void teardown(void)
{
	session_close(session);
}

static int64_t number(const char *format, ...)
{
	char sql[600];
	va_list values;
	va_start(values, format);
	vsnprintf(sql, sizeof sql, format, values);
	va_end(values);
	return database_number(session, sql);
}

static int64_t enrol(const char *name)
{
	struct event event;
	int64_t member_id = spine_member(session, name);
	event_init(&event, EVENT_ENROL, 1, FIRST_DAY);
	spine_event(session, member_id, "enrol", &event);
	return member_id;
}

static int64_t give(int64_t member_id, const char *id, int day, const char *partner, int64_t amount)
{
	struct event event;
	event_init(&event, EVENT_PARTNER, 1, FIRST_DAY + day);
	event.partner = partner;
	event.amount_minor = amount;
	return spine_event(session, member_id, id, &event);
}

static int64_t take_back(int64_t member_id, const char *id, int day, int64_t of_seq, int64_t amount)
{
	struct event event;
	event_init(&event, EVENT_RETURN, 1, FIRST_DAY + day);
	event.of_seq = of_seq;
	event.amount_minor = amount;
	return spine_event(session, member_id, id, &event);
}

static void agree(const char *partner, const char *issued, int day)
{
	char sql[300];
	struct session *elif = database_login("elif"), *murat = database_login("murat");
	snprintf(sql, sizeof sql, "SELECT loyalty.partner_set('%s', NULL, %s, NULL, '2000-01-01'::date + %d)",
		partner, issued, FIRST_DAY + day);
	int64_t price = database_number(elif, sql);
	snprintf(sql, sizeof sql, "SELECT loyalty.partner_price_decide('%s', %" PRId64 ", true, NULL)",
		partner, price);
	database_text(murat, sql);
	session_close(elif);
	session_close(murat);
}

static const char *settle_sql(const char *partner, int day)
{
	static char sql[200];
	snprintf(sql, sizeof sql, "SELECT loyalty.partner_settle('%s', '2000-01-01'::date + %d)", partner,
		FIRST_DAY + day);
	return sql;
}

static void prove(int64_t broken)
{
	struct verify_report report = spine_verify(session, 100, broken == 0);
	ck_assert_msg(report.broken == broken, "%" PRId64 " broken: %s", report.broken, report.first_broken);
}

#define ck_holds(text, part)                                                                                 \
	ck_assert_msg(strstr(text, part) != NULL, "\"%s\" does not stand in: %s", part, text)

// One sale of which parts may have been returned.
struct sale {
	int64_t member_id, seq, amount, returned;
	int member, day, giver;
};

// What a settlement must come to: points and hundredths of money, by giver.
struct sums {
	int64_t issued[GIVER_COUNT], returned[GIVER_COUNT];
};

static struct {
	int64_t members[MEMBERS];
	int days[MEMBERS]; // each member's own day: it never goes back
	struct sale sales[ROUNDS * EVENTS];
	int sale_count, event_count;
	struct sums due;
} life;

static void sale_make(int member, int day)
{
	struct sale *sale = &life.sales[life.sale_count++];
	char id[20];
	snprintf(id, sizeof id, "s%d", life.event_count++);
	*sale = (struct sale){.member = member,
		.member_id = life.members[member],
		.amount = 1 + rand() % 50000,
		.day = day,
		.giver = rand() % GIVER_COUNT};
	sale->seq = give(sale->member_id, id, day, GIVERS[sale->giver].partner, sale->amount);
	life.due.issued[sale->giver] += sale->amount / GIVERS[sale->giver].per;
}

static void sale_return(struct sale *sale, int day)
{
	int64_t left = sale->amount - sale->returned, part = 1 + rand() % left;
	int per = GIVERS[sale->giver].per;
	char id[20];
	snprintf(id, sizeof id, "r%d", life.event_count++);
	take_back(sale->member_id, id, day, sale->seq, part);
	sale->returned += part;
	life.due.returned[sale->giver] += left / per - (left - part) / per;
}

// Dates rise for each member; a member who was quiet may send what is dated in a period settled before.
static void event_make(int round)
{
	int member = rand() % MEMBERS, day = life.days[member];
	day += rand() % (round * ROUND_DAYS + ROUND_DAYS - day);
	life.days[member] = day;
	struct sale *sale = life.sale_count > 0 ? &life.sales[rand() % life.sale_count] : NULL;
	if (sale && sale->member == member && sale->returned < sale->amount)
		sale_return(sale, day);
	else
		sale_make(member, day);
}

static void settlement_check(int giver, int round)
{
	const char *partner = GIVERS[giver].partner;
	struct session *murat = database_login("murat");
	int day = round * ROUND_DAYS + ROUND_DAYS - 1;
	int64_t no = database_number(murat, settle_sql(partner, day));
	ck_assert_int_eq(no, round + 1);
	ck_assert_int_eq(number("SELECT sum(points) FROM loyalty.settlement_line WHERE partner = '%s' AND "
				"settlement_no = %" PRId64 " AND kind = 'issued'",
				 partner, no),
		life.due.issued[giver]);
	ck_assert_int_eq(number("SELECT sum(-points) FROM loyalty.settlement_line WHERE partner = '%s' AND "
				"settlement_no = %" PRId64 " AND kind = 'returned'",
				 partner, no),
		life.due.returned[giver]);
	ck_assert_int_eq(database_number(murat, settle_sql(partner, day)), no); // again: the same one
	life.due.issued[giver] = life.due.returned[giver] = 0;
	session_close(murat);
}

// What was billed for a period, in order, and what the report says of the same days.
static void report_check(void)
{
	ck_assert_int_eq(number("SELECT count(*) FROM loyalty.settlement s CROSS JOIN LATERAL "
				"loyalty.settlement_report("
				"s.partner, s.from_on, s.to_on) r CROSS JOIN LATERAL (SELECT "
				"sum(money_minor) AS money, sum(points) "
				"AS points FROM loyalty.settlement_line l WHERE (l.partner, l.settlement_no) "
				"= (s.partner, "
				"s.settlement_no)) l WHERE (r.net * 100, r.issued - r.taken_back) IS "
				"DISTINCT FROM (l.money, l.points)"),
		0);
	ck_assert_int_eq(number("SELECT count(*) FROM loyalty.settlement"), ROUNDS * GIVER_COUNT);
	// All of it together is what members got and gave back, in the ledger.
	ck_assert_int_eq(number("SELECT sum(points) FROM loyalty.settlement_line"),
		number("SELECT sum(amount) FROM loyalty.ledger_entry WHERE account_id IN (1, 4)"));
	ck_assert_int_eq(number("SELECT count(*) FROM loyalty.partner_entry WHERE settlement_no IS NULL"), 0);
}

START_TEST(settlements_bill_everything_once)
{
	const char *given = getenv("PARTNER_SEED");
	unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)_i + 20261122;
	printf("partner: seed %u; again: PARTNER_SEED=%u CK_RUN_SUITE=partner\n", seed, seed);
	srand(seed);
	memset(&life, 0, sizeof life);
	agree("lyft", "0.0125", 0);
	agree("amex_reserve", "0.5", 0);
	for (int i = 0; i < MEMBERS; i++) {
		char name[12];
		snprintf(name, sizeof name, "%d", i + 1);
		life.members[i] = enrol(name);
	}
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < EVENTS; i++)
			event_make(round);
		spine_work(40, FIRST_DAY + round * ROUND_DAYS + ROUND_DAYS - 1);
		for (int giver = 0; giver < GIVER_COUNT; giver++)
			settlement_check(giver, round);
		agree("lyft", round % 2 ? "0.0125" : "0.02",
			(round + 1) * ROUND_DAYS); // what is settled stays
	}
	report_check();
	prove(0);
}
END_TEST

// A sale of 100.00 at 1 for a point; 40.00 of it come back a month later, at another price, and another sale
// of the first month is posted when that is settled.
START_TEST(a_return_is_of_its_own_period_and_of_the_price_of_then)
{
	int64_t ayse = enrol("1"), mehmet = enrol("2");
	struct session *murat = database_login("murat");
	agree("lyft", "1", 0);
	int64_t sale = give(ayse, "a", 5, "lyft", 10000);
	spine_work(10, FIRST_DAY + 5);
	ck_assert_int_eq(database_number(murat, settle_sql("lyft", 30)), 1);
	agree("lyft", "2", 31);
	take_back(ayse, "b", 40, sale, 4000);
	give(ayse, "c", 41, "lyft", 1000);
	give(mehmet, "d", 7, "lyft", 500);
	spine_work(10, FIRST_DAY + 41);
	ck_assert_str_eq(
		database_text(session, "SELECT string_agg(concat_ws(' ', events, issued, returns, "
				       "taken_back, they_owe, net), '; ') "
				       "FROM loyalty.settlement_report('lyft', '2026-01-01', '2026-01-31')"),
		"1 100 0 0 100.00 100.00");
	ck_assert_str_eq(
		database_text(session, "SELECT string_agg(concat_ws(' ', events, issued, returns, "
				       "taken_back, they_owe), '; ') "
				       "FROM loyalty.settlement_report(NULL, '2026-02-01', '2026-02-28')"),
		"2 15 1 40 -15.00"); // 10 at 2 and 5 at 1, less 40 at 1
	ck_assert_int_eq(database_number(murat, settle_sql("lyft", 45)), 2);
	ck_assert_str_eq(database_text(session,
				 "SELECT string_agg(concat_ws(' ', settlement_no, kind, trim_scale(price), "
				 "points, money_minor), '; ' ORDER BY settlement_no, line_no) FROM "
				 "loyalty.settlement_line"),
		"1 issued 1 100 10000; 2 issued 1 5 500; 2 issued 2 10 2000; 2 returned 1 -40 -4000");
	prove(0);
	session_close(murat);
}
END_TEST

START_TEST(of_two_who_settle_at_once_one_waits_and_gets_the_same)
{
	int64_t ayse = enrol("1");
	struct session *murat = database_login("murat"), *ada = database_login("ada");
	agree("lyft", "1", 0);
	give(ayse, "a", 5, "lyft", 10000);
	spine_work(10, FIRST_DAY + 5);
	database_run(ada, "SET lock_timeout = '100ms'");
	database_run(murat, "BEGIN");
	ck_assert_int_eq(database_number(murat, settle_sql("lyft", 30)), 1);
	ck_assert_str_eq(database_refusal(ada, settle_sql("lyft", 30)), "55P03");
	database_run(murat, "COMMIT");
	ck_assert_int_eq(database_number(ada, settle_sql("lyft", 30)), 1);
	ck_assert_int_eq(number("SELECT count(*) FROM loyalty.settlement"), 1);
	ck_assert_str_eq(database_refusal(ada, settle_sql("lyft", 29)), "LY010");
	ck_assert_str_eq(database_refusal(ada, settle_sql("lyft", 100000)), "LY002");
	ck_assert_str_eq(database_refusal(ada, settle_sql("nobody", 31)), "LY004");
	session_close(murat);
	session_close(ada);
}
END_TEST

START_TEST(prices_need_a_second_person_and_an_open_day)
{
	struct session *elif = database_login("elif"), *murat = database_login("murat"),
		       *deniz = database_login("deniz");
	int64_t ayse = enrol("1");
	give(ayse, "a", 5, "lyft", 10000);
	spine_work(10, FIRST_DAY + 5);
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.partner_set('lyft', 'Lyft', 1, NULL, NULL)"),
		"42501");
	ck_assert_int_eq(
		database_number(elif, "SELECT loyalty.partner_set('lyft', 'Lyft', 1, NULL, '2026-01-01')"),
		1);
	ck_assert_str_eq(database_refusal(elif, "SELECT loyalty.partner_price_decide('lyft', 1, true, NULL)"),
		"42501");
	ck_assert_str_eq(database_refusal(murat, settle_sql("lyft", 30)), "LY034"); // nothing is agreed yet
	ck_assert_int_eq(
		database_number(murat, "SELECT loyalty.partner_set('lyft', NULL, 2, NULL, '2026-01-01')"), 2);
	ck_assert_str_eq(
		database_refusal(murat, "SELECT loyalty.partner_price_decide('lyft', 1, true, NULL)"),
		"LY010");
	ck_assert_str_eq(
		database_refusal(murat, "SELECT loyalty.partner_price_decide('lyft', 2, true, NULL)"),
		"LY012");
	ck_assert_str_eq(database_refusal(murat, "SELECT loyalty.partner_price_decide('lyft', 2, false, '')"),
		"LY002");
	agree("lyft", "1", 0);
	ck_assert_int_eq(database_number(murat, settle_sql("lyft", 30)), 1);
	ck_assert_str_eq(
		database_refusal(elif, "SELECT loyalty.partner_set('lyft', NULL, 3, NULL, '2026-01-31')"),
		"LY002");
	session_close(elif);
	session_close(murat);
	session_close(deniz);
}
END_TEST

static const struct {
	const char *sql, *undo, *invariant;
} FAULTS[] = {
	{"UPDATE loyalty.partner_entry SET amount = amount + 1",
		"UPDATE loyalty.partner_entry SET amount = amount - 1",
		"a partner's points are entries of the ledger"},
	{"UPDATE loyalty.partner_entry SET partner = 'other'",
		"UPDATE loyalty.partner_entry SET partner = 'lyft'",
		"a partner's points are entries of the ledger"},
	{"UPDATE loyalty.settlement_line SET money_minor = money_minor + 1",
		"UPDATE loyalty.settlement_line SET money_minor = money_minor - 1",
		"a settlement billed what it covers"},
	{"UPDATE loyalty.partner_entry SET settlement_no = NULL",
		"UPDATE loyalty.partner_entry SET settlement_no = 1", "a settlement billed what it covers"},
	{"UPDATE loyalty.settlement SET from_on = '2026-01-01'",
		"UPDATE loyalty.settlement SET from_on = '-infinity'",
		"settlements follow one another without a gap"},
};

START_TEST(the_proof_finds_what_is_wrong)
{
	int64_t ayse = enrol("1");
	struct session *murat = database_login("murat");
	agree("lyft", "1", 0);
	give(ayse, "a", 5, "lyft", 10000);
	spine_work(10, FIRST_DAY + 5);
	database_number(murat, settle_sql("lyft", 30));
	for (size_t i = 0; i < sizeof FAULTS / sizeof *FAULTS; i++) {
		database_run(session, FAULTS[i].sql);
		struct verify_report report = spine_verify(session, 0, false);
		ck_assert_int_ge(report.broken, 1);
		ck_holds(report.first_broken, FAULTS[i].invariant);
		database_run(session, FAULTS[i].undo);
	}
	database_run(session, "DELETE FROM loyalty.partner_entry");
	ck_holds(spine_verify(session, 0, false).first_broken, FAULTS[0].invariant);
	session_close(murat);
}
END_TEST

START_TEST(the_verbs_lead_from_price_to_bill)
{
	int64_t ayse = enrol("1");
	give(ayse, "a", 5, "lyft", 10000);
	spine_work(10, FIRST_DAY + 5);
	ck_holds(program_expect(0, "report settlement --from 2026-01-01 --to 2026-01-31")->out, "lyft");
	setenv("PGUSER", "elif", 1);
	ck_holds(program_expect(0, "partner set lyft --name Lyft --issued 0.0125 --from 2026-01-01")->out,
		"price 1 of lyft waits for another person: loyalty partner approve lyft 1");
	ck_holds(program_expect(1, "partner settle lyft --to 2026-01-31")->err, "you may not do this");
	ck_holds(program_expect(2, "partner set lyft --issued much")->err,
		"a price is an amount of money for one point");
	setenv("PGUSER", "murat", 1);
	ck_holds(program_expect(0, "partner approve lyft 1")->out, "price 1 of lyft is approved");
	ck_holds(program_expect(0, "report settlement --from 2026-01-01 --to 2026-01-31 --format csv")->out,
		"lyft,Lyft,MILE,1,100,0,0,0,1.25,0.00,1.25,0\r\n");
	ck_holds(program_expect(0, "partner list --format csv")->out, "lyft,Lyft,2026-01-01,0.0125,,,,1\r\n");
	ck_holds(program_expect(0, "partner settle lyft --to 2026-01-31")->out,
		"settlement 1 of lyft, up to 2026-01-31");
	const struct program *p = program_expect(0, "partner show lyft --format json");
	ck_holds(p->out, "\"settlements\": [");
	ck_holds(p->out, "\"they_owe\": 1.25");
	ck_holds(program_expect(1, "partner show nobody")->err,
		"there is no partner \"nobody\"; see loyalty partner list");
	ck_holds(program_expect(2, "partner settle lyft")->err, "say up to which day");
	unsetenv("PGUSER");
}
END_TEST

// A member with 3000 points of generic_partner, who has sent 1500 of them to the airline for 600 miles.
static int64_t sender(const char *name, const char *id)
{
	struct event event;
	int64_t member_id = enrol(name);
	event_init(&event, EVENT_PURCHASE, 1, FIRST_DAY + 1);
	event.amount_minor = 300000;
	spine_event(session, member_id, "buy", &event);
	event_init(&event, EVENT_REDEEM, 1, FIRST_DAY + 2);
	event.reward = "to_air";
	event.units = 3;
	spine_event(session, member_id, id, &event);
	return member_id;
}

static void transfer_setup(void)
{
	session = spine_begin("check_partner_transfer", "generic_partner");
}

static const char *balances(int64_t member_id)
{
	char sql[200];
	snprintf(sql, sizeof sql,
		"SELECT string_agg(c.code || ' ' || points, ', ' ORDER BY c.code) FROM loyalty.balance "
		"JOIN loyalty.currency c USING (currency_id) WHERE member_id = %" PRId64,
		member_id);
	return database_text(session, sql);
}

static const char *partner_rows(void)
{
	return database_text(session,
		"SELECT string_agg(concat_ws(' ', partner, kind, amount), ', ' ORDER BY member_id, "
		"entry_no) FROM loyalty.partner_entry");
}

static const char *cancel_sql(int64_t member_id, const char *id)
{
	static char sql[200];
	snprintf(sql, sizeof sql,
		"SELECT status FROM loyalty.submit_event(%" PRId64
		", 'cancel_reward', 'desk', '%s', NULL, '{\"reward_no\": 1}')",
		member_id, id);
	return sql;
}

START_TEST(a_transfer_moves_both_currencies_and_comes_back_until_told)
{
	int64_t ayse = sender("1", "a"), mehmet = sender("2", "b");
	int today = (int)number("SELECT loyalty.business_day() - '2000-01-01'");
	struct session *murat = database_login("murat"), *deniz = database_login("deniz");
	spine_work(10, FIRST_DAY + 2);
	ck_assert_str_eq(balances(ayse), "MILE 600, PT 1500");
	ck_assert_str_eq(partner_rows(), "airline sent -1500, airline sent -1500");
	ck_assert_str_eq(database_text(deniz, cancel_sql(ayse, "c")), "pending");
	spine_work(10, today);
	ck_assert_str_eq(partner_rows(), "airline sent -1500, airline unsent 1500, airline sent -1500");
	ck_assert_int_eq(
		number("SELECT sum(points) FROM loyalty.balance JOIN loyalty.currency USING (currency_id) "
		       "WHERE member_id = %" PRId64 " AND code = 'MILE'",
			ayse),
		0);
	ck_assert_int_eq(
		number("SELECT remaining FROM loyalty.lot WHERE member_id = %" PRId64 " AND lot_no = 1",
			ayse),
		3000);
	ck_assert_str_eq(
		database_text(murat,
			"SELECT string_agg(concat_ws(' ', member, points, currency, gives, into_currency, "
			"state, file), ', ') FROM loyalty.partner_transfers('airline', NULL, 'nov')"),
		"2 1500 PT 600 MILE told nov");
	ck_assert_int_eq(database_number(murat,
				 "SELECT count(*) FROM loyalty.partner_transfers('airline', NULL, 'nov')"),
		1);
	ck_assert_int_eq(database_number(murat,
				 "SELECT count(*) FROM loyalty.partner_transfers('airline', NULL, 'dec')"),
		0);
	ck_assert_str_eq(database_refusal(deniz, cancel_sql(mehmet, "d")), "LY031");
	ck_assert_str_eq(
		database_refusal(murat, "SELECT * FROM loyalty.partner_transfers('nobody', NULL, NULL)"),
		"LY004");
	prove(0);
	session_close(murat);
	session_close(deniz);
}
END_TEST

// Sent at 1.00 a point in January, at 2.00 from February on; what is cancelled comes back at what it was sent
// at.
START_TEST(what_is_sent_is_owed_to_the_partner)
{
	int64_t ayse = sender("1", "a");
	struct session *murat = database_login("murat"), *ada = database_login("ada"),
		       *deniz = database_login("deniz");
	database_number(ada, "SELECT loyalty.partner_set('airline', 'Airline', 0.5, 1, '2026-01-01')");
	database_text(murat, "SELECT loyalty.partner_price_decide('airline', 1, true, NULL)");
	spine_work(10, FIRST_DAY + 2);
	ck_assert_int_eq(database_number(murat, settle_sql("airline", 10)), 1);
	ck_assert_str_eq(
		database_text(session,
			"SELECT concat_ws(' ', kind, points, money_minor) FROM loyalty.settlement_line"),
		"sent -1500 -150000");
	ck_assert_str_eq(database_text(deniz, cancel_sql(ayse, "c")), "pending");
	spine_work(10, (int)number("SELECT loyalty.business_day() - '2000-01-01'"));
	ck_assert_str_eq(
		database_text(murat,
			"SELECT string_agg(concat_ws(' ', currency, sent, they_owe, we_owe, net), ', ') FROM "
			"loyalty.settlement_report('airline', '2026-01-12', '2199-01-01')"),
		"PT -1500 0.00 -1500.00 1500.00");
	prove(0);
	session_close(murat);
	session_close(ada);
	session_close(deniz);
}
END_TEST

START_TEST(a_transfer_is_nothing_for_a_till)
{
	sender("1", "a");
	spine_work(10, FIRST_DAY + 2);
	struct session *kasa = database_login("kasa");
	char sql[200];
	snprintf(sql, sizeof sql, "SELECT loyalty.reward_use('%s', 'k')",
		database_text(session, "SELECT code FROM loyalty.issued_reward"));
	ck_assert_str_eq(database_refusal(kasa, sql), "LY031");
	ck_holds(program_expect(0, "partner transfers airline")->out, "to tell");
	ck_holds(program_expect(0, "partner transfers airline --tell first --format csv")->out,
		"1500,PT,600,MILE,told,first");
	session_close(kasa);
}
END_TEST

Suite *partner_suite(void)
{
	Suite *suite = suite_create("partner");
	TCase *partner = tcase_create("partner");
	tcase_set_timeout(partner, 60);
	tcase_add_checked_fixture(partner, setup, teardown);
	tcase_add_loop_test(partner, settlements_bill_everything_once, 0, 1);
	tcase_add_test(partner, a_return_is_of_its_own_period_and_of_the_price_of_then);
	tcase_add_test(partner, of_two_who_settle_at_once_one_waits_and_gets_the_same);
	tcase_add_test(partner, prices_need_a_second_person_and_an_open_day);
	tcase_add_test(partner, the_proof_finds_what_is_wrong);
	tcase_add_test(partner, the_verbs_lead_from_price_to_bill);
	suite_add_tcase(suite, partner);
	TCase *transfer = tcase_create("transfer");
	tcase_set_timeout(transfer, 60);
	tcase_add_checked_fixture(transfer, transfer_setup, teardown);
	tcase_add_test(transfer, a_transfer_moves_both_currencies_and_comes_back_until_told);
	tcase_add_test(transfer, what_is_sent_is_owed_to_the_partner);
	tcase_add_test(transfer, a_transfer_is_nothing_for_a_till);
	suite_add_tcase(suite, transfer);
	return suite;
}
