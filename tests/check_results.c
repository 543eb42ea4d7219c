// Results of campaigns: what is reckoned from two groups by hand, what is not told of small ones, and what
// the database makes of members' decisions, purchases and answers.
#include "model/campaign/campaign_results.h"
#include "tests/campaigns.h"
#include "tests/database.h"
#include "tests/program.h"
#include "tests/spine.h"
#include "tests/tui/house.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ck_holds(text, part)                                                                                 \
	ck_assert_msg(strstr(text, part) != NULL, "\"%s\" does not stand in: %s", part, text)

// 412 of 1,000 who received bought again, and 70 of 200 held out.
static const struct campaign_results worked = {
	.received = {.members = 1100,
		.over = 1000,
		.buyers = 412,
		.cases = 30,
		.opt_outs = 5,
		.purchases = {1000, 0.80, 1.44},
		.spent = {1000, 1820, 4000000},
		.minor = 150000,
		.promoters = 60,
		.passives = 25,
		.detractors = 15},
	.held_out = {.members = 210,
		.over = 200,
		.buyers = 70,
		.cases = 6,
		.opt_outs = 1,
		.purchases = {200, 0.50, 1.00},
		.spent = {200, 1500, 3600000},
		.promoters = 20,
		.passives = 15,
		.detractors = 15},
};

START_TEST(two_groups_are_held_against_each_other)
{
	struct results_comparison c = results_compare(&worked, FIGURE_BOUGHT);
	ck_assert(c.is_known && !c.tells);
	ck_assert_double_eq_tol(c.received, 0.412, 1e-9);
	ck_assert_double_eq_tol(c.held_out, 0.35, 1e-9);
	ck_assert_double_eq_tol(c.difference.value, 0.062, 1e-9);
	ck_assert_double_eq_tol(c.difference.low, -0.0124, 5e-4);
	ck_assert_double_eq_tol(c.difference.high, 0.1323, 5e-4);
	ck_assert_double_eq_tol(c.change, 0.1771, 1e-4);
	c = results_compare(&worked, FIGURE_PURCHASES);
	ck_assert(c.is_known && c.tells);
	ck_assert_double_eq_tol(c.difference.value, 0.30, 1e-9);
	ck_assert_double_eq_tol(c.difference.low, 0.30 - 1.9680 * sqrt(0.00144 + 0.005), 5e-4);
	c = results_compare(&worked, FIGURE_SPENT);
	ck_assert_double_eq_tol(c.difference.value, 320, 1e-9);
	ck_assert_double_eq_tol(c.change, 0.21333, 1e-5);
	c = results_compare(&worked, FIGURE_NPS);
	ck_assert_double_eq_tol(c.received, 45, 1e-9);
	ck_assert_double_eq_tol(c.held_out, 10, 1e-9);
	ck_assert_double_eq_tol(c.difference.value, 35, 1e-9);
	ck_assert(isnan(c.change));
	c = results_compare(&worked, FIGURE_CASES);
	ck_assert_double_eq_tol(c.difference.value, 0, 1e-9);
	ck_assert(!c.tells);
}
END_TEST

// 150,000 for 1,000 members, who bought 0.3 times more: 150 / 0.3.
START_TEST(a_purchase_more_has_its_price)
{
	struct interval cost;
	ck_assert(results_cost(&worked, &cost));
	ck_assert_double_eq_tol(cost.value, 500, 1e-6);
	ck_assert_double_eq_tol(cost.low, 150 / (0.30 + 1.9680 * sqrt(0.00644)), 0.2);
	ck_assert_double_eq_tol(cost.high, 150 / (0.30 - 1.9680 * sqrt(0.00644)), 0.5);
	struct campaign_results chance = worked;
	chance.received.purchases.mean = 0.6; // perhaps no more than chance
	ck_assert(!results_cost(&chance, &cost));
	chance.received.purchases.mean = 0.1;
	ck_assert(!results_cost(&chance, &cost));
}
END_TEST

START_TEST(of_few_nothing_is_told)
{
	struct campaign_results few = worked;
	struct interval cost;
	few.held_out.over = few.held_out.purchases.n = few.held_out.spent.n = 29;
	few.held_out.buyers = 29;
	few.received.promoters = 4;
	few.received.passives = few.received.detractors = 0;
	for (enum results_figure figure = 0; figure < FIGURES; figure++) {
		struct results_comparison c = results_compare(&few, figure);
		ck_assert(!c.is_known && !c.tells);
		ck_assert_int_eq(c.is_received_known, figure != FIGURE_NPS);
		ck_assert_int_eq(c.is_held_out_known, figure == FIGURE_NPS);
	}
	ck_assert(!results_cost(&few, &cost));
	ck_assert(!results_compare(&(struct campaign_results){.received = {.over = 0}}, FIGURE_BOUGHT)
			   .is_known);
}
END_TEST

// --- From the database.

static struct session *session;

// Members 1 to 60 received something on 1 March, 61 to 100 were held out, 101 drew nothing at first; the days
// of 111 to 115 are not over.
static const char *const house[] = {
	"INSERT INTO loyalty.member (number, given_name, family_name, enrolled_on) SELECT 1000000 + n, 'A', "
	"'B', '2020-01-01' "
	"FROM generate_series(1, 115) n",
	"UPDATE loyalty.programme SET processed_on = '2026-12-31'",
	"INSERT INTO loyalty.campaign_grant (member_id, campaign_no, instance, decision_no, revision_no, "
	"on_day, granted_on, ticket, outcome, prize, "
	"minor, points, seq) SELECT n, 1, 1, n, 1, d, d, 0, o, CASE o WHEN 'prize' THEN 'p' END, CASE o WHEN "
	"'prize' THEN 50 ELSE 0 END, "
	"CASE o WHEN 'prize' THEN 3 ELSE 0 END, CASE o WHEN 'prize' THEN 1 END FROM generate_series(1, 115) "
	"n, LATERAL (SELECT CASE WHEN n > 110 "
	"THEN date '2026-12-20' ELSE '2026-03-01' END AS d, CASE WHEN n <= 60 OR n > 110 THEN 'prize' WHEN n "
	"<= 100 THEN 'hold_out' ELSE 'none' END "
	"AS o) x",
	"INSERT INTO loyalty.campaign_grant SELECT member_id, 1, 2, decision_no + 200, 1, '2026-03-10', "
	"'2026-03-10', now(), 0, 'prize', 'p', 'p', 3, "
	"50, 1 FROM loyalty.campaign_grant WHERE member_id IN (5, 101)",
	"INSERT INTO loyalty.journal (member_id, seq, type, lane, activity_on, amount, line_category, "
	"line_amount, source, external_id) SELECT n, k * 1000 + n, "
	"'purchase', 1, date '2026-03-01' + day, CASE k WHEN 1 THEN amount END, CASE k WHEN 1 THEN NULL ELSE "
	"'{a,b}'::text[] END, CASE k WHEN 1 THEN NULL ELSE "
	"ARRAY[500, amount - 500] END, 't', k || '-' || n FROM (SELECT n, 1 AS k, 5 AS day, 1000 AS amount "
	"FROM generate_series(1, 30) n UNION ALL SELECT "
	"n, 2, 10, 2000 FROM generate_series(1, 10) n UNION ALL SELECT n, 1, 30, 1000 FROM "
	"generate_series(61, 70) n UNION ALL VALUES (71, 1, 31, "
	"1000), (72, 1, 0, 1000)) x",
	"INSERT INTO loyalty.outcome (member_id, seq, result) VALUES (2, 1002, 'denied'), (3, 1003, "
	"'accepted')",
	"INSERT INTO loyalty.journal (member_id, seq, type, lane, activity_on, amount, of_seq, source, "
	"external_id) VALUES (3, 5003, 'return', 1, "
	"'2026-03-20', 500, 1003, 't', 'r'), (4, 5004, 'return', 1, '2026-05-20', 500, 1004, 't', 'r')",
	"INSERT INTO loyalty.standing (member_id) VALUES (1), (61)",
	"SELECT loyalty.case_open(m, gen_random_uuid(), 'x', 'phone', 2, 'internal', 'x') FROM "
	"unnest(ARRAY[1, 61]) m",
	"UPDATE loyalty.member_case SET opened_at = CASE member_id WHEN 1 THEN date '2026-03-05' ELSE "
	"'2026-02-05' END",
	"INSERT INTO loyalty.member_consent (member_id, kind, channel, said_at, is_given, source) VALUES (4, "
	"'promotions', 'email', '2026-03-02', "
	"false, 't'), (62, 'promotions', 'sms', '2026-03-02', true, 't')",
};

static const char DOCUMENT[] =
	"campaign = { code = \"gift\"; name = \"Gift\"; start = \"2026-01-01\"; end = "
	"\"2199-12-31\"; trigger = { on = \"hand\"; }; currency = \"STAR\"; prizes = ( { id "
	"= \"p\"; chance = 100; points = 2; } ); budget = { points = 1000; }; hold_out = 40; };";

static void database_begin(void)
{
	session = spine_begin("check_results", "starbucks_us_2026");
	ck_assert_int_eq(campaigns_save(DOCUMENT), 1);
	ck_assert_int_eq(campaigns_save(campaigns_change(DOCUMENT, "gift", "still")), 2);
	for (size_t i = 0; i < sizeof house / sizeof *house; i++)
		database_run(session, house[i]);
	session_close(session);
}

static struct result *answer_of(const char *login, int campaign_no, bool is_comeback)
{
	struct ask ask;
	struct error error = {0};
	struct session *own = database_login(login);
	if (is_comeback)
		campaign_comeback_ask(&ask, campaign_no, 30);
	else
		campaign_results_ask(&ask, campaign_no, 30);
	struct result *result = ask_session(own, &ask, &error);
	session_close(own);
	ck_assert_msg(result != NULL, "%s", error.why);
	return result;
}

START_TEST(the_database_counts_each_member_once)
{
	struct campaign_results r;
	struct result *result = answer_of("elif", 1, false);
	campaign_results_take(&r, result);
	result_free(result);
	ck_assert_int_eq(r.received.members, 65);
	ck_assert_int_eq(r.received.over, 60);
	ck_assert_int_eq(r.received.buyers, 30);
	ck_assert_double_eq_tol(r.received.purchases.mean, 39.0 / 60, 1e-9);
	ck_assert_double_eq_tol(r.received.spent.mean, 48500.0 / 60, 1e-6);
	ck_assert_int_eq(r.received.minor, 61 * 50);
	ck_assert_int_eq(r.received.points, 61 * 3);
	ck_assert_int_eq(r.received.cases, 1);
	ck_assert_int_eq(r.received.opt_outs, 1);
	ck_assert_int_eq(r.held_out.members, 40);
	ck_assert_int_eq(r.held_out.buyers, 10);
	ck_assert_double_eq_tol(r.held_out.purchases.mean, 0.25, 1e-9);
	ck_assert_double_eq_tol(r.held_out.purchases.variance, 0.25 * 0.75 * 40 / 39, 1e-9);
	ck_assert_double_eq_tol(r.held_out.spent.mean, 250, 1e-9);
	ck_assert_int_eq(r.held_out.cases + r.held_out.opt_outs, 0);
	struct result *nobody = answer_of("murat", 2, false);
	campaign_results_take(&r, nobody);
	result_free(nobody);
	ck_assert_int_eq(r.received.members + r.held_out.members, 0);
}
END_TEST

START_TEST(who_came_back_is_counted_by_day)
{
	int64_t received[RESULTS_DAYS_MOST + 1], held_out[RESULTS_DAYS_MOST + 1];
	struct result *result = answer_of("elif", 1, true);
	campaign_comeback_take(result, false, 30, received);
	campaign_comeback_take(result, true, 30, held_out);
	result_free(result);
	ck_assert_int_eq(received[4], 0);
	ck_assert_int_eq(received[5], 29);
	ck_assert_int_eq(received[10], 30); // whose first purchase was denied
	ck_assert_int_eq(received[30], 30);
	ck_assert_int_eq(held_out[29], 0);
	ck_assert_int_eq(held_out[30], 10);
}
END_TEST

START_TEST(results_are_printed)
{
	static const char login[] = "--database 'user=elif dbname=check_results'";
	const char *out = program_expect(0, "%s campaign results 1", login)->out;
	ck_holds(out, "Campaign 1: Gift");
	ck_holds(out, "members who bought again");
	ck_holds(out, "50.0 %");
	ck_holds(out, "25.0 %");
	ck_holds(out, "+25.0");
	ck_holds(out, "$8.08");
	ck_holds(out, "+$5.58");
	ck_holds(out, "n < 30"); // of NPS
	ck_holds(out, "$30.50");
	ck_holds(program_expect(0, "%s campaign results 1 --days 366", login)->out, "cannot be told: n < 30");
	ck_holds(program_expect(0, "%s campaign results 1 --format csv", login)->out,
		"members who bought again");
	ck_holds(program_expect(0, "%s campaign results 1 --format json", login)->out,
		"\"members who bought again\"");
	out = program_expect(0, "%s campaign results 1 --format html", login)->out;
	ck_holds(out, "<svg");
	ck_holds(out, "members who bought again");
	ck_assert_ptr_null(strstr(out, "<script"));
	ck_assert_ptr_null(strstr(out, "http:"));
	ck_holds(program_expect(0, "%s campaign results 2", login)->out, "cannot be told: n < 30");
	ck_holds(program_expect(1, "%s campaign results 9", login)->err, "there is no campaign 9");
	ck_holds(program_expect(2, "%s campaign results gift", login)->err, "named by its number");
	ck_holds(program_expect(2, "%s campaign results 1 --days 0", login)->err, "1 to 366");
}
END_TEST

START_TEST(the_screen_shows_them_with_bars)
{
	char folder[] = "/tmp/loyalty-results-XXXXXX", name[64], keys[100], text[400];
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(name, sizeof name, "%s/r.html", folder);
	snprintf(keys, sizeof keys, "\025%s\r", name);
	setenv("PGDATABASE", "check_results", 1);
	struct vt *vt = house_screens("elif", NULL, 50, 150);
	house_keys(vt, "P");
	house_waits(vt, "The selected campaign");
	house_keys(vt, "G\r");
	house_waits(vt, "campaign 1, draft");
	house_keys(vt, "4");
	house_waits(vt, "members: 65 received, 40 held out");
	house_shows(vt, "received    \u2588");
	house_shows(vt, "+25.0 (95 %: ");
	house_shows(vt, "+100 %, more than chance");
	house_shows(vt, "NPS of those who answered: too few to tell (n < 30)");
	house_shows(vt, "Received less held out");
	house_shows(vt, "day 1 to 30 after it");
	house_keys(vt, "o");
	house_shows(vt, "Write to");
	house_keys(vt, keys);
	house_waits(vt, "Written: the results into");
	FILE *in = fopen(name, "r");
	ck_assert_ptr_nonnull(in);
	ck_assert_ptr_nonnull(fgets(text, sizeof text, in));
	ck_holds(text, "<!doctype html>");
	fclose(in);
	house_keys(vt, "d\025366\r");
	house_waits(vt, "members who bought again: too few to tell (n < 30)");
	house_leave(vt);
	unlink(name);
	rmdir(folder);
}
END_TEST

START_TEST(support_sees_no_results)
{
	struct session *deniz = database_login("deniz"), *elif = database_login("elif");
	ck_assert_str_eq(database_refusal(deniz, "SELECT * FROM loyalty.campaign_results(1, 30)"), "42501");
	ck_assert_str_eq(database_refusal(deniz, "SELECT * FROM loyalty.campaign_comeback(1, 30)"), "42501");
	ck_assert_str_eq(database_refusal(elif, "SELECT * FROM loyalty.campaign_results(9, 30)"), "LY004");
	session_close(deniz);
	session_close(elif);
}
END_TEST

Suite *results_suite(void);

Suite *results_suite(void)
{
	Suite *suite = suite_create("results");
	TCase *figures = tcase_create("figures");
	tcase_add_test(figures, two_groups_are_held_against_each_other);
	tcase_add_test(figures, a_purchase_more_has_its_price);
	tcase_add_test(figures, of_few_nothing_is_told);
	suite_add_tcase(suite, figures);
	TCase *database = tcase_create("database");
	tcase_add_unchecked_fixture(database, database_begin, NULL);
	tcase_set_timeout(database, 60);
	tcase_add_test(database, the_database_counts_each_member_once);
	tcase_add_test(database, who_came_back_is_counted_by_day);
	tcase_add_test(database, results_are_printed);
	tcase_add_test(database, the_screen_shows_them_with_bars);
	tcase_add_test(database, support_sees_no_results);
	suite_add_tcase(suite, database);
	return suite;
}
