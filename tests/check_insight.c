// Figures kept as postings arrive: exact for a story one can reckon by hand, equal to counting anew after
// anything, and told by the verbs to whom they are meant for.
#include "tests/database.h"
#include "tests/program.h"
#include "tests/spine.h"
#include "tests/story.h"

#include "model/insight/history.h"
#include "model/report/job.h"
#include <check.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

Suite *insight_suite(void);

enum { LAST_DAY = FIRST_DAY + 300 }; // 2027-01-04

static struct session *session;

static void setup(void)
{
	session = story_begin("check_insight");
	database_run(session,
		"CREATE OR REPLACE FUNCTION loyalty.business_day() RETURNS date LANGUAGE sql STABLE AS "
		"$$ SELECT date '2027-01-04' $$");
}

static void teardown(void)
{
	story_end();
}

// All sums over the buckets, those of nothing left out, in one text.
static const char SUMS_SQL[] =
	"SELECT md5(string_agg(x, E'\\n' ORDER BY x)) || ' of ' || count(*) FROM ("
	"SELECT concat_ws(' ', 'm', month, sum(joined), sum(active_3), sum(active_12), sum(stayed_12), "
	"sum(buyers_12), "
	"sum(repeaters_12), sum(redeemers_12), sum(orders), sum(revenue)) AS x FROM loyalty.insight_month "
	"GROUP BY month "
	"HAVING sum(joined) + sum(active_12) <> 0 "
	"UNION ALL SELECT concat_ws(' ', 'p', month, currency_id, account_id, sum(amount), sum(entries)) "
	"FROM loyalty.insight_points GROUP BY month, currency_id, account_id "
	"UNION ALL SELECT concat_ws(' ', 'c', month, currency_id, sum(granted), sum(redeemed), sum(expired), "
	"sum(returned), "
	"sum(moved)) FROM loyalty.insight_cohort GROUP BY month, currency_id "
	"UNION ALL SELECT concat_ws(' ', 't', month, was_tier_id, tier_id, sum(members)) FROM "
	"loyalty.insight_tier "
	"GROUP BY month, was_tier_id, tier_id "
	"UNION ALL SELECT concat_ws(' ', 's', tier_id, sum(members)) FROM loyalty.insight_size GROUP BY "
	"tier_id "
	"HAVING sum(members) <> 0 "
	"UNION ALL SELECT concat_ws(' ', 'k', month, sum(kept), sum(lost), sum(not_at_risk)) FROM "
	"loyalty.insight_case "
	"GROUP BY month HAVING sum(kept + lost + not_at_risk) <> 0) y";

// Counts all anew and finds what was there.
static void recount(void)
{
	char kept[200];
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.insight_broken()"), 0);
	snprintf(kept, sizeof kept, "%s", database_text(session, SUMS_SQL));
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.insight_due"), 0);
	database_run(session, "SELECT loyalty.insight_job_ask('recompute')");
	spine_work(0, LAST_DAY);
	ck_assert_int_eq(
		database_number(session, "SELECT count(*) FROM loyalty.insight_job WHERE ended_at IS NULL"),
		0);
	ck_assert_str_eq(database_text(session, SUMS_SQL), kept);
}

static double value(const struct history *history, int figure, const char *month)
{
	month_t number;
	ck_assert(month_parse(month, &number));
	return history_value(history, &FIGURE[figure], number);
}

static struct history history_see(void)
{
	struct history history;
	struct error error = {0};
	ck_assert_msg(history_read(&history, session, &error), "%s", error.why);
	return history;
}

// Three members: one who buys twice and redeems, one who buys once and takes half of it back, one who only
// joins.
START_TEST(a_story_is_reckoned_to_the_unit)
{
	int64_t first = story_enrol("1"), second = story_enrol("2");
	story_enrol("3");
	database_run(session, "UPDATE loyalty.member SET enrolled_on = '2026-03-10'");
	story_buy(first, "a", 1, 20000);
	story_buy(first, "b", 40, 10000);
	story_redeem(first, "r", 41, "off60");
	int64_t bought = story_buy(second, "c", 2, 8000);
	story_return(second, "d", 60, bought, 3000);
	spine_work(0, LAST_DAY);
	database_run(session, "SELECT loyalty.insight_set('margin', 30), loyalty.insight_set('years', 3), "
			      "loyalty.insight_sales_set('2026-03-01', 8)");
	struct history h = history_see();
	ck_assert_double_eq(value(&h, FIGURE_MEMBERS, "2026-03"), 3);
	ck_assert_double_eq(value(&h, FIGURE_JOINED, "2026-04"), 0);
	ck_assert_double_eq_tol(value(&h, FIGURE_ACTIVE_12, "2026-04"), 2.0 / 3, 1e-12);
	ck_assert_double_eq_tol(value(&h, FIGURE_ACTIVE_3, "2026-07"), 0, 1e-12);
	ck_assert_double_eq_tol(value(&h, FIGURE_REPEAT, "2026-04"), 0.5, 1e-12);
	ck_assert_double_eq_tol(value(&h, FIGURE_FREQUENCY, "2026-12"), 1.5, 1e-12);
	ck_assert_double_eq_tol(value(&h, FIGURE_ORDER_VALUE, "2026-03"), (20000 + 8000 - 3000) / 2.0, 1e-9);
	ck_assert_double_eq_tol(value(&h, FIGURE_CLV_SIMPLE, "2026-12"), 35000 / 3.0 * 1.5 * 3 * 0.3, 1e-6);
	ck_assert_double_eq_tol(value(&h, FIGURE_REDEEMERS, "2026-12"), 1.0 / 3, 1e-12);
	ck_assert_double_eq_tol(value(&h, FIGURE_PARTICIPATION, "2026-12"), 2.0 / 8, 1e-12);
	ck_assert(isnan(value(&h, FIGURE_RETENTION, "2026-12")));
	ck_assert_double_eq(value(&h, FIGURE_OPEN, "2027-01"),
		(double)database_number(
			session, "SELECT sum(points)::bigint FROM loyalty.balance WHERE currency_id = 1"));
	history_free(&h);
	recount();
}
END_TEST

// Points of a month of issue are what was given, less what became of them: the rest lies in open lots.
START_TEST(cohorts_leave_what_lies_in_lots)
{
	int64_t member = story_enrol("1");
	int64_t bought = story_buy(member, "a", 1, 15000);
	story_buy(member, "b", 35, 10000);
	story_redeem(member, "r", 41, "off60");
	story_return(member, "d", 60, bought, 5000);
	spine_work(0, LAST_DAY);
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM (SELECT month, currency_id, "
						  "sum(granted - redeemed - expired - returned - moved) "
						  "AS open FROM loyalty.insight_cohort GROUP BY 1, 2) c FULL "
						  "JOIN (SELECT loyalty.month_of(earned_on) AS "
						  "month, currency_id, sum(remaining) AS open FROM "
						  "loyalty.lot GROUP BY 1, 2) l USING (month, currency_id) "
						  "WHERE c.open IS DISTINCT FROM l.open"),
		0);
	ck_assert_int_gt(
		database_number(session, "SELECT sum(expired)::bigint FROM loyalty.insight_cohort"), 0);
	ck_assert_int_gt(
		database_number(session, "SELECT sum(returned)::bigint FROM loyalty.insight_cohort"), 0);
	recount();
}
END_TEST

enum { CROWD = 60 };

static struct person {
	int64_t id, bought; // the last purchase
	int day, deeds;
} crowd[CROWD];

static void crowd_enrol(unsigned seed)
{
	printf("CHECK_SEED=%u\n", seed);
	srand(seed);
	for (int i = 0; i < CROWD; i++) {
		char number[16];
		snprintf(number, sizeof number, "%d", 100 + i);
		crowd[i] = (struct person){.id = story_enrol(number)};
	}
}

// What members do up to that day, the same for one seed.
static void crowd_act(int until)
{
	for (int i = 0; i < CROWD; i++) {
		struct person *p = &crowd[i];
		for (; (p->day += rand() % 60) < until; p->deeds++) {
			char id[16];
			snprintf(id, sizeof id, "%d", p->deeds);
			int kind = rand() % 10;
			if (kind <= 1 && p->bought)
				story_return(p->id, id, p->day, p->bought, 100);
			else if (kind <= 3)
				story_redeem(p->id, id, p->day, "off60");
			else
				p->bought = story_buy(p->id, id, p->day, 1000 + rand() % 30000);
		}
		p->day = until;
	}
}

// What a batch is to know of its members stands in the figures once they have been counted. It then keeps all but
// the few who return what they bought in another month, and lots that expire in the night are no exception.
START_TEST(batches_take_their_members_in)
{
	crowd_enrol(11);
	crowd_act(40);
	spine_work(0, FIRST_DAY + 40);
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.insight_member"), CROWD);
	for (int day = 90; day <= 250; day += 40) {
		crowd_act(day);
		spine_post(0, FIRST_DAY + day);
	}
	int64_t behind = database_number(session, "SELECT count(DISTINCT member_id) FROM loyalty.insight_due");
	ck_assert_int_lt(behind, CROWD / 2);
	spine_post(0, LAST_DAY);
	ck_assert_int_gt(
		database_number(session, "SELECT sum(expired)::bigint FROM loyalty.insight_cohort"), 0);
	spine_work(0, LAST_DAY);
	recount();
}
END_TEST

// Where the keeper has the members in hand, a batch leaves word, and waits for nobody.
START_TEST(batches_leave_word_where_the_keeper_is)
{
	crowd_enrol(12);
	crowd_act(30);
	spine_work(0, FIRST_DAY + 30);
	struct session *keeper = database_session("");
	database_run(keeper, "SELECT pg_advisory_lock(9, b) FROM generate_series(0, 15) b");
	crowd_act(60);
	spine_post(0, FIRST_DAY + 60);
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.inbox"), 0);
	ck_assert_int_gt(database_number(session, "SELECT count(*) FROM loyalty.insight_due"), CROWD / 2);
	session_close(keeper);
	spine_work(0, LAST_DAY);
	recount();
}
END_TEST

// Two workers share the work and are killed in the midst of it, and nothing is counted twice or lost.
START_TEST(killed_workers_leave_figures_right)
{
	crowd_enrol(5);
	crowd_act(60);
	spine_work(0, FIRST_DAY + 60);
	crowd_act(290);
	int64_t all = database_number(session, "SELECT count(*) FROM loyalty.inbox");
	for (int round = 1; round <= 3; round++) {
		pid_t first = spine_worker_start(LAST_DAY), second = spine_worker_start(LAST_DAY);
		while (database_number(session, "SELECT count(*) FROM loyalty.inbox") > all * (3 - round) / 4)
			;
		kill(first, SIGKILL);
		kill(second, SIGKILL);
		waitpid(first, NULL, 0);
		waitpid(second, NULL, 0);
	}
	spine_work(0, LAST_DAY);
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.insight_member"), CROWD);
	recount();
}
END_TEST

START_TEST(who_is_no_person_does_not_count)
{
	story_enrol("1");
	int64_t household = story_enrol("2"), closed = story_enrol("3");
	char sql[200];
	snprintf(sql, sizeof sql,
		"UPDATE loyalty.member SET flags = '{household}' WHERE member_id = %" PRId64, household);
	database_run(session, sql);
	spine_work(0, LAST_DAY);
	ck_assert_int_eq(
		database_number(session, "SELECT sum(joined)::bigint FROM loyalty.insight_month"), 2);
	snprintf(sql, sizeof sql,
		"UPDATE loyalty.member SET status = 'closed' WHERE member_id = %" PRId64 "; "
		"SELECT loyalty.insight_touch(%" PRId64 ")",
		closed, closed);
	database_run(session, sql);
	spine_work(0, LAST_DAY);
	ck_assert_int_eq(
		database_number(session, "SELECT sum(joined)::bigint FROM loyalty.insight_month"), 1);
	ck_assert_int_eq(
		database_number(session, "SELECT sum(members)::bigint FROM loyalty.insight_size"), 1);
	recount();
}
END_TEST

START_TEST(cases_make_the_save_rate)
{
	int64_t member = story_enrol("1");
	char sql[700];
	spine_work(0, LAST_DAY);
	for (int i = 1; i <= 3; i++) {
		snprintf(sql, sizeof sql,
			"SELECT loyalty.case_open(%" PRId64
			", gen_random_uuid(), 'a', 'phone', 2, 'from_member', 'b'); "
			"SELECT loyalty.case_resolve(%" PRId64 ", %d, NULL, 'price', '%s')",
			member, member, i, i == 3 ? "lost" : "kept");
		database_run(session, sql);
	}
	ck_assert_int_eq(
		database_number(session, "SELECT sum(kept) * 10 + sum(lost) FROM loyalty.insight_case"), 21);
	snprintf(sql, sizeof sql, "SELECT loyalty.case_set_state(%" PRId64 ", 3, NULL, 'open')", member);
	database_run(session, sql);
	ck_assert_int_eq(
		database_number(session, "SELECT sum(kept) * 10 + sum(lost) FROM loyalty.insight_case"), 20);
	recount();
}
END_TEST

// The cells of the grid are scored as percent_rank() would, over the customers of twelve months.
START_TEST(the_grid_is_that_of_percent_rank)
{
	crowd_enrol(7);
	crowd_act(290);
	spine_work(0, LAST_DAY);
	ck_assert_int_eq(
		database_number(session,
			"WITH c AS (SELECT i.member_id, date '2027-01-03' - i.last_purchase_on AS r, "
			"y.orders AS f, "
			"loyalty.insight_money(y.spend) AS m FROM loyalty.insight_member i, LATERAL "
			"loyalty.insight_year(i.months, "
			"i.orders, i.spend, loyalty.month_of('2027-01-03')) y WHERE y.orders > 0), "
			"s AS (SELECT 100 * least(5, floor(percent_rank() OVER (ORDER BY r DESC) * 5)::int + "
			"1) "
			"+ 10 * least(5, floor(percent_rank() OVER (ORDER BY f) * 5)::int + 1) "
			"+ least(5, floor(percent_rank() OVER (ORDER BY m) * 5)::int + 1) AS cell FROM c) "
			"SELECT count(*) FROM (SELECT cell, count(*) AS members FROM s GROUP BY 1) s FULL "
			"JOIN (SELECT cell, "
			"sum(members) AS members FROM loyalty.insight_grid WHERE as_of = '2027-01-03' GROUP "
			"BY 1) g USING (cell) "
			"WHERE s.members IS DISTINCT FROM g.members"),
		0);
	ck_assert_int_gt(database_number(session, "SELECT count(*) FROM loyalty.insight_grid"), 5);
}
END_TEST

START_TEST(verbs_tell_managers_and_nobody_else)
{
	int64_t first = story_enrol("1");
	story_buy(first, "a", 1, 20000);
	spine_work(0, LAST_DAY);
	setenv("PGUSER", "murat", 1);
	const struct program *run = program_expect(0, "insight list");
	ck_assert_ptr_nonnull(strstr(run->out, "churn"));
	ck_assert_ptr_nonnull(strstr(run->out, "$200.00"));
	program_expect(0, "insight set margin 25");
	program_expect(0, "insight set margin none");
	run = program_expect(1, "insight set margin 250");
	ck_assert_ptr_nonnull(strstr(run->err, "margin cannot be 250"));
	program_expect(1, "insight set profit 10");
	run = program_expect(0, "insight pin \"the first\"");
	run = program_expect(0, "insight list");
	ck_assert_ptr_nonnull(strstr(run->out, "the first"));
	ck_assert_ptr_nonnull(strstr(run->out, "+0.0 pp"));
	run = program_expect(0, "insight show order-value --format json");
	ck_assert_ptr_nonnull(strstr(run->out, "{\"month\": \"2026-03\", \"value\": 20000"));
	program_expect(2, "insight show nothing");
	program_expect(2, "insight sales 2026-13 5");
	program_expect(1, "insight sales 2027-12 5");
	run = program_expect(0, "insight recompute");
	ck_assert_ptr_nonnull(strstr(run->out, "waits for a worker"));
	setenv("PGUSER", "deniz", 1);
	run = program_expect(1, "insight list");
	ck_assert_ptr_nonnull(strstr(run->err, "you may not do this"));
	program_expect(1, "insight recompute");
	setenv("PGUSER", "postgres", 1);
	spine_work(0, LAST_DAY);
	ck_assert_int_eq(
		database_number(session, "SELECT count(*) FROM loyalty.insight_job WHERE ended_at IS NULL"),
		0);
}
END_TEST

static int count_of(const char *text, const char *word)
{
	int count = 0;
	for (const char *at = text; (at = strstr(at, word)); at += strlen(word))
		count++;
	return count;
}

// One page that needs nothing else, whatever stands in the texts that people wrote.
START_TEST(reports_are_pages_and_data)
{
	int64_t member = story_enrol("1");
	char sql[500];
	story_buy(member, "a", 1, 20000);
	spine_work(0, LAST_DAY);
	snprintf(sql, sizeof sql,
		"SELECT loyalty.case_open(%" PRId64 ", gen_random_uuid(), 'a', 'phone', 2, 'from_member', 'b'); "
		"SELECT loyalty.case_resolve(%" PRId64 ", 1, NULL, '<script>alert(1)</script>', 'kept')",
		member, member);
	database_run(session, sql);
	setenv("PGUSER", "murat", 1);
	const struct program *run = program_expect(0, "report programme --format html");
	ck_assert_int_eq(count_of(run->out, "<svg"), count_of(run->out, "</svg>"));
	ck_assert_int_gt(count_of(run->out, "<svg"), 5);
	ck_assert_int_eq(count_of(run->out, "<svg"), count_of(run->out, " role=\"img\" aria-label=\""));
	ck_assert_int_eq(count_of(run->out, "<table"), count_of(run->out, "</table>"));
	ck_assert_int_eq(count_of(run->out, "<h2 id="), count_of(run->out, "<section aria-labelledby="));
	ck_assert_ptr_nonnull(strstr(run->out, "<html lang=\"en\">"));
	ck_assert_ptr_nonnull(strstr(run->out, "<th scope=\"col\" class=\"number\">Now</th>"));
	ck_assert_ptr_nonnull(strstr(run->out, "<th scope=\"row\"><bdi>Average order value</bdi></th>"));
	ck_assert_ptr_null(strstr(run->out, ">Baseline</th>")); // nothing is pinned: a column of blanks helps nobody
	ck_assert_ptr_nonnull(strstr(run->out, "<p><bdi>Starbucks Rewards (US), written on 2027-01-"));
	ck_assert_int_eq(count_of(run->out, "<script"), 0);
	ck_assert_int_eq(count_of(run->out, "http"), 0);
	ck_assert_ptr_nonnull(strstr(run->out, "</html>"));
	run = program_expect(0, "report cases --format html");
	ck_assert_ptr_nonnull(strstr(run->out, "&lt;script&gt;alert(1)&lt;/script&gt;"));
	ck_assert_int_eq(count_of(run->out, "<script"), 0);
	run = program_expect(0, "report liability --format csv");
	ck_assert_ptr_nonnull(strstr(run->out, "cohorts,2026-03,granted,"));
	run = program_expect(0, "report programme --format json");
	ck_assert_ptr_nonnull(strstr(run->out, "{\"code\": \"Members\", \"value\": 1,"));
	run = program_expect(0, "report programme");
	ck_assert_ptr_nonnull(strstr(run->out, "Average order value"));
	run = program_expect(2, "insight list --format html");
	ck_assert_ptr_nonnull(strstr(run->err, "only reports are written as pages"));
	setenv("PGUSER", "deniz", 1);
	program_expect(1, "report programme");
	program_expect(1, "report cases");
	setenv("PGUSER", "postgres", 1);
}
END_TEST

// A report that is due is written whole, once; what cannot be written says why and is tried again.
START_TEST(scheduled_reports_come_as_files)
{
	struct error error = {0};
	char folder[] = "/tmp/loyalty.reports.XXXXXX", path[80], line[200];
	ck_assert_ptr_nonnull(mkdtemp(folder));
	setenv("PGUSER", "murat", 1);
	program_expect(0, "report schedule programme --every day --hour 5");
	program_expect(0, "report schedule programme --every day --hour 7");
	program_expect(0, "report schedule nps --as text");
	program_expect(2, "report schedule nonsense");
	program_expect(2, "report schedule cases --hour 24");
	const struct program *run = program_expect(0, "report scheduled --format csv");
	ck_assert_int_eq(count_of(run->out, "\n"), 3);
	setenv("PGUSER", "deniz", 1);
	program_expect(1, "report schedule cases");
	setenv("PGUSER", "postgres", 1);
	ck_assert_msg(report_jobs_run(session, folder, &error), "%s", error.why);
	snprintf(path, sizeof path, "%s/programme-2027-01-04.html", folder);
	ck_assert_int_ne(access(path, R_OK), 0);
	database_run(session, "UPDATE loyalty.report_job SET next_at = now()");
	ck_assert_msg(report_jobs_run(session, folder, &error), "%s", error.why);
	ck_assert_ptr_nonnull(strstr(program_file_text(path), "</html>"));
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.report_job WHERE next_at > now()"), 2);
	ck_assert_ptr_nonnull(
		strstr(database_text(session, "SELECT why FROM loyalty.report_job WHERE report = 'nps'"), "there is no survey yet"));
	unlink(path);
	rmdir(folder);
	database_run(session, "UPDATE loyalty.report_job SET next_at = now()");
	ck_assert_msg(report_jobs_run(session, folder, &error), "%s", error.why);
	snprintf(line, sizeof line, "SELECT count(*) FROM loyalty.report_job WHERE why LIKE '%s%%No such file%%'", folder);
	ck_assert_int_eq(database_number(session, line), 1);
	program_expect(0, "report unschedule 1");
	program_expect(1, "report unschedule 1");
}
END_TEST

Suite *insight_suite(void)
{
	Suite *suite = suite_create("insight");
	TCase *figures = tcase_create("figures"), *workers = tcase_create("workers");
	tcase_add_checked_fixture(figures, setup, teardown);
	tcase_add_test(figures, a_story_is_reckoned_to_the_unit);
	tcase_add_test(figures, cohorts_leave_what_lies_in_lots);
	tcase_add_test(figures, batches_take_their_members_in);
	tcase_add_test(figures, batches_leave_word_where_the_keeper_is);
	tcase_add_test(figures, who_is_no_person_does_not_count);
	tcase_add_test(figures, cases_make_the_save_rate);
	tcase_add_test(figures, the_grid_is_that_of_percent_rank);
	tcase_add_test(figures, verbs_tell_managers_and_nobody_else);
	tcase_add_test(figures, reports_are_pages_and_data);
	tcase_add_test(figures, scheduled_reports_come_as_files);
	suite_add_tcase(suite, figures);
	tcase_add_checked_fixture(workers, setup, teardown);
	tcase_set_timeout(workers, 60);
	tcase_add_test(workers, killed_workers_leave_figures_right);
	suite_add_tcase(suite, workers);
	return suite;
}
