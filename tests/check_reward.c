// Issued rewards: codes, pools and stock, states at the till, cancellation; and that many at once never issue
// one too many.
#include "tests/database.h"
#include "tests/program.h"
#include "tests/spine.h"
#include "tests/story.h"

#include <check.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

Suite *reward_suite(void);

static struct session *session, *till;
static int today; // days after the first

static void setup(void)
{
	session = story_begin("check_reward");
	till = database_login("kasa");
	today = (int)database_number(session, "SELECT loyalty.business_day() - '2000-01-01'") - FIRST_DAY;
}

static void teardown(void)
{
	session_close(till);
	story_end();
}

static void work(void)
{
	spine_work(0, FIRST_DAY + today);
}

// A member with 50 Stars of today.
static int64_t member_make(const char *number)
{
	int64_t member_id = story_enrol(number);
	story_buy(member_id, "bon", today, 5000);
	return member_id;
}

static const char *redeem_sql(int64_t member_id, const char *external_id, const char *reward, int units)
{
	static char sql[300];
	snprintf(sql, sizeof sql,
		"SELECT status FROM loyalty.submit_event(%" PRId64
		", 'redeem', 'till', '%s', NULL, '{\"reward\": \"%s\", \"units\": %d}')",
		member_id, external_id, reward, units);
	return sql;
}

static void redeem(int64_t member_id, const char *external_id, const char *reward)
{
	ck_assert_str_eq(database_text(till, redeem_sql(member_id, external_id, reward, 1)), "pending");
}

static const char *stock(void)
{
	return database_text(session,
		"SELECT string_agg(concat_ws(' ', r.code, total, free, held, issued), '; ' ORDER BY r.code) "
		"FROM loyalty.reward_stock JOIN loyalty.reward r USING (reward_id)");
}

#define ck_holds(text, part)                                                                                 \
	ck_assert_msg(strstr(text, part) != NULL, "\"%s\" does not stand in: %s", part, text)

START_TEST(every_reward_has_a_code)
{
	int64_t member_id = member_make("1");
	work();
	ck_assert_str_eq(database_text(till, redeem_sql(member_id, "a", "mod25", 2)), "pending");
	work();
	ck_assert_str_eq(database_text(session, "SELECT string_agg(concat_ws(' ', reward_no, cost, entry_no "
						"IS NOT NULL, length(i.code), c.reward_no), '; ' "
						"ORDER BY reward_no) FROM loyalty.issued_reward i JOIN "
						"loyalty.reward_code c USING (member_id, reward_no)"),
		"1 0 f 16 1; 2 2500 t 16 2; 3 2500 t 16 3"); // the first is the birthday's
	ck_assert_int_eq(
		database_number(session, "SELECT count(DISTINCT code) FROM loyalty.issued_reward"), 3);
	story_prove();
}
END_TEST

#define POOL "code\nABCD-1234\nabcd 5678\nAB-CD-12-34\nx1\n\nOIL7-7777\n0117-7777\n"

START_TEST(a_pool_takes_its_codes_once)
{
	const char *file = program_file("codes.csv", POOL);
	const struct program *p = program_expect(1, "import codes mod25 %s", file);
	ck_holds(p->out, "3 taken, 0 known already, 3 rejected");
	char path[300];
	snprintf(path, sizeof path, "%s.rejects.csv", file);
	const char *rejects = program_file_text(path);
	ck_holds(rejects, "4,\"code: it stands in an earlier line too\",AB-CD-12-34");
	ck_holds(rejects, "5,\"code: it has less than 4 letters and digits\",x1");
	ck_holds(rejects, "8,\"code: it stands in an earlier line too\",0117-7777");
	ck_assert_str_eq(stock(), "mod25 3 3 0 0");
	ck_holds(program_expect(1, "import codes mod25 %s", file)->out,
		"0 taken, 3 known already, 3 rejected");
	ck_assert_str_eq(stock(), "mod25 3 3 0 0");
	p = program_expect(
		1, "import codes off60 %s", program_file("other.csv", "code\nABCD1234\nNEWER-1\n"));
	ck_holds(p->out, "1 taken, 0 known already, 1 rejected");
	ck_holds(program_expect(1, "import codes nothing %s", program_file("other.csv", "code\nABCD1234\n"))
			 ->err,
		"the programme has no reward \"nothing\"; see: loyalty reward list");
	ck_holds(program_expect(
			 0, "import codes brew100 --dry-run %s", program_file("dry.csv", "code\nDRY-RUN\n"))
			 ->out,
		"1 would be taken");
	ck_assert_str_eq(stock(), "mod25 3 3 0 0; off60 1 1 0 0");
}
END_TEST

START_TEST(a_pool_hands_out_each_code_once_and_then_refuses)
{
	int64_t ayse = member_make("1"), mehmet = member_make("2");
	program_expect(0, "import codes mod25 %s",
		program_file("codes.csv", "code\nAAAA-0001\nAAAA-0002\nAAAA-0003\n"));
	work();
	redeem(ayse, "a", "mod25");
	redeem(ayse, "b", "mod25");
	ck_assert_str_eq(stock(), "mod25 3 1 2 0");
	redeem(mehmet, "a", "mod25");
	ck_assert_str_eq(database_refusal(till, redeem_sql(mehmet, "b", "mod25", 1)), "LY030");
	work();
	ck_assert_str_eq(stock(), "mod25 3 0 0 3");
	ck_assert_str_eq(database_text(session, "SELECT string_agg(code, ' ' ORDER BY code) FROM "
						"loyalty.issued_reward WHERE cost > 0"),
		"AAAA0001 AAAA0002 AAAA0003");
	ck_holds(program_expect(1, "submit redeem member=2 reward=mod25 --wait 0")->err,
		"there are no mod25 left");
	story_prove();
}
END_TEST

START_TEST(what_is_denied_goes_back_to_the_stock)
{
	int64_t member_id = member_make("1");
	program_expect(0, "reward stock merch400 5");
	program_expect(0, "reward stock mod25 2");
	work();
	redeem(member_id, "dear", "merch400");
	ck_assert_str_eq(database_refusal(till, redeem_sql(member_id, "many", "mod25", 3)), "LY030");
	ck_assert_str_eq(database_text(till, redeem_sql(member_id, "two", "mod25", 2)), "pending");
	ck_assert_str_eq(stock(), "merch400 5 4 1 0; mod25 2 0 2 0");
	work();
	ck_assert_str_eq(stock(), "merch400 5 5 0 0; mod25 2 0 0 2");
	ck_holds(program_expect(1, "reward stock mod25 1")->err, "2 mod25 are out already");
	ck_holds(program_expect(0, "reward list --format csv")->out, "mod25,");
	program_expect(0, "reward stock mod25 none");
	ck_assert_str_eq(stock(), "merch400 5 5 0 0");
	story_prove();
}
END_TEST

// Birthdays cannot be refused: the reward is there, and its code comes with the stock.
START_TEST(what_the_programme_issues_waits_for_stock)
{
	int64_t ayse = member_make("1"), mehmet = member_make("2");
	program_expect(0, "reward stock birthday 1");
	spine_work(0, FIRST_DAY + 97); // 15 June
	ck_assert_str_eq(stock(), "birthday 1 0 0 1");
	ck_assert_int_eq(story_number("SELECT count(*) FROM loyalty.issued_reward WHERE code IS NULL AND "
				      "member_id IN (MEMBER, 2)",
				 ayse),
		1);
	ck_assert_int_gt(mehmet, ayse);
	ck_holds(program_expect(0, "reward list --format json")->out, "\"waiting\": 1");
	ck_holds(program_expect(0, "reward stock birthday 3")->out,
		"1 that waited for stock have their codes now");
	ck_assert_str_eq(stock(), "birthday 3 1 0 2");
	ck_assert_int_eq(
		database_number(session, "SELECT count(*) FROM loyalty.issued_reward WHERE code IS NULL"), 0);
	story_prove();
}
END_TEST

// Eight tills at once, workers that are killed in the midst.

enum { TILLS = 8, TRIES = 6, STOCK = 20, WORKERS = 2, KILLS = 6 };

static pid_t child_start(void (*run)(int), int number)
{
	fflush(NULL);
	pid_t child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		run(number);
		_exit(0);
	}
	return child;
}

// Refusals for want of stock are expected; what else goes wrong shows in the numbers.
static void till_run(int number)
{
	struct error error = {0};
	struct session *own = database_session(""); // a till may have four connections, the house any number
	char external_id[20];
	for (int i = 0; i < TRIES; i++) {
		snprintf(external_id, sizeof external_id, "try %d", i);
		struct result *result =
			session_query(own, redeem_sql(number + 1, external_id, "off60", 1), NULL, 0, &error);
		result_free(result);
	}
	session_close(own);
}

static void worker_run_here(int number)
{
	(void)number;
	for (;;)
		work();
}

START_TEST(many_at_once_never_issue_one_too_many)
{
	const char *given = getenv("LOYALTY_SEED");
	unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
	pid_t tills[TILLS], workers[WORKERS];
	char number[8];
	printf("reward: LOYALTY_SEED=%u CK_RUN_SUITE=reward build/check\n", seed);
	srandom(seed);
	for (int i = 0; i < TILLS; i++) {
		snprintf(number, sizeof number, "%d", i + 1);
		ck_assert_int_eq(story_enrol(number), i + 1);
		story_buy(i + 1, "bon", today, 50000);
	}
	program_expect(0, "reward stock off60 %d", STOCK);
	work();
	for (int i = 0; i < TILLS; i++)
		tills[i] = child_start(till_run, i);
	for (int i = 0; i < WORKERS; i++)
		workers[i] = child_start(worker_run_here, i);
	for (int i = 0; i < KILLS; i++) {
		int victim = i % WORKERS;
		poll(NULL, 0, (int)(random() % 60));
		kill(workers[victim], SIGKILL);
		waitpid(workers[victim], NULL, 0);
		workers[victim] = child_start(worker_run_here, victim);
	}
	for (int i = 0; i < TILLS; i++)
		waitpid(tills[i], NULL, 0);
	for (int i = 0; i < WORKERS; i++) {
		kill(workers[i], SIGKILL);
		waitpid(workers[i], NULL, 0);
	}
	work();
	ck_assert_str_eq(stock(), "off60 20 0 0 20");
	ck_assert_int_eq(database_number(session,
				 "SELECT count(DISTINCT code) FROM loyalty.issued_reward WHERE cost > 0"),
		STOCK);
	story_prove();
}
END_TEST

Suite *reward_suite(void)
{
	Suite *suite = suite_create("reward");
	TCase *of_stock = tcase_create("stock");
	tcase_add_checked_fixture(of_stock, setup, teardown);
	tcase_set_timeout(of_stock, 60);
	tcase_add_test(of_stock, every_reward_has_a_code);
	tcase_add_test(of_stock, a_pool_takes_its_codes_once);
	tcase_add_test(of_stock, a_pool_hands_out_each_code_once_and_then_refuses);
	tcase_add_test(of_stock, what_is_denied_goes_back_to_the_stock);
	tcase_add_test(of_stock, what_the_programme_issues_waits_for_stock);
	tcase_add_test(of_stock, many_at_once_never_issue_one_too_many);
	suite_add_tcase(suite, of_stock);
	return suite;
}
