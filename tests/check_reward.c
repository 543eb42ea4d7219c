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

// States at the till.

// A member with 50 Stars less one mod25, which is worth 1.00; its code.
static const char *reward_make(int64_t *member_id)
{
	static char code[80];
	*member_id = member_make("1");
	work();
	redeem(*member_id, "a", "mod25");
	work();
	snprintf(code, sizeof code, "%s",
		database_text(session, "SELECT code FROM loyalty.issued_reward WHERE cost > 0"));
	return code;
}

// Asks the function with the code and the rest of the arguments.
static const char *ask_sql(const char *function, const char *code, const char *rest)
{
	static char sql[300];
	snprintf(sql, sizeof sql, "SELECT loyalty.reward_%s('%s'%s)", function, code, rest);
	return sql;
}
#define ASK(function, rest) database_text(till, ask_sql(function, code, rest))
#define REFUSED(function, rest) database_refusal(till, ask_sql(function, code, rest))

static const char *state(void)
{
	return database_text(session, "SELECT concat_ws(' ', loyalty.reward_state(i), used_minor) FROM "
				      "loyalty.issued_reward i WHERE cost > 0");
}

START_TEST(of_two_tills_one_wins)
{
	int64_t member_id;
	const char *code = reward_make(&member_id);
	ck_assert_str_ne(ASK("reserve", ", 'till 1', 600"), "");
	ck_assert_str_eq(state(), "reserved 0");
	ck_assert_str_eq(REFUSED("reserve", ", 'till 2', 600"), "LY031");
	ck_assert_str_eq(REFUSED("use", ", 'till 2'"), "LY031");
	ck_assert_str_eq(REFUSED("release", ", 'till 2'"), "LY031");
	ck_assert_str_eq(
		database_text(session, "SELECT count(*) FROM loyalty.reward_step WHERE step <> 'expire'"),
		"1");
	ck_assert_str_eq(ASK("use", ", 'till 1'"), "0");
	ck_assert_str_eq(state(), "redeemed 100");
	ck_assert_str_eq(ASK("use", ", 'till 1'"), "0"); // asked twice, used once
	ck_assert_str_eq(REFUSED("use", ", 'till 2'"), "LY031");
	ck_assert_str_eq(REFUSED("reserve", ", 'till 2'"), "LY031");
	ck_assert_str_eq(REFUSED("use", ", ''"), "LY002");
	story_prove();
}
END_TEST

START_TEST(a_reservation_ends_by_itself)
{
	int64_t member_id;
	const char *code = reward_make(&member_id);
	ASK("reserve", ", 'till 1', 600");
	database_run(session, "UPDATE loyalty.issued_reward SET reserved_until = now() - interval '1 second' "
			      "WHERE cost > 0");
	ck_assert_str_eq(state(), "issued 0");
	ASK("reserve", ", 'till 2', 600");
	ck_assert_str_eq(state(), "reserved 0");
	ck_assert_str_eq(REFUSED("use", ", 'till 1'"), "LY031");
	ASK("release", ", 'till 2'");
	ck_assert_str_eq(state(), "issued 0");
	ck_assert_str_eq(ASK("use", ", 'till 1'"), "0");
	story_prove();
}
END_TEST

START_TEST(value_is_used_part_by_part)
{
	int64_t member_id;
	const char *code = reward_make(&member_id);
	ck_assert_str_eq(ASK("use", ", 'bon 1', 30"), "70");
	ck_assert_str_eq(ASK("use", ", 'bon 1', 30"), "70");
	ck_assert_str_eq(REFUSED("use", ", 'bon 1', 20"), "LY003");
	ck_assert_str_eq(state(), "issued 30");
	ck_assert_str_eq(REFUSED("use", ", 'bon 2', 71"), "LY032");
	ck_assert_str_eq(REFUSED("use", ", 'bon 2', 0"), "LY002");
	ck_assert_str_eq(ASK("donate", ", 'gift', 'the food bank'"), "0");
	ck_assert_str_eq(state(), "donated 100");
	ck_assert_str_eq(REFUSED("use", ", 'bon 3'"), "LY031");
	ck_assert_int_eq(database_number(session, "SELECT sum(donated) FROM loyalty.reward_tally"), 1);
	story_prove();
}
END_TEST

START_TEST(nobody_uses_what_has_expired)
{
	int64_t member_id = member_make("1");
	spine_work(0, FIRST_DAY + 97); // the birthday's is valid for a day
	char code[80];
	snprintf(code, sizeof code, "%s", database_text(session, "SELECT code FROM loyalty.issued_reward"));
	ck_assert_str_eq(REFUSED("use", ", 'till 1'"), "LY031"); // before anybody wrote it down
	ck_assert_str_eq(database_text(session, "SELECT state FROM loyalty.issued_reward"), "issued");
	work();
	ck_assert_str_eq(database_text(session, "SELECT state FROM loyalty.issued_reward"), "expired");
	ck_assert_str_eq(REFUSED("reserve", ", 'till 1'"), "LY031");
	ck_assert_int_eq(story_number("SELECT count(*) FROM loyalty.reward_step WHERE step = 'expire' AND "
				      "member_id = MEMBER",
				 member_id),
		1);
	story_prove();
}
END_TEST

// Cancelling.

static const char *cancel_sql(int64_t member_id, int reward_no, const char *external_id)
{
	static char sql[300];
	snprintf(sql, sizeof sql,
		"SELECT status FROM loyalty.submit_event(%" PRId64
		", 'cancel_reward', 'till', '%s', NULL, '{\"reward_no\": %d}')",
		member_id, external_id, reward_no);
	return sql;
}

START_TEST(a_cancelled_reward_gives_its_points_back_to_their_lots)
{
	int64_t member_id;
	const char *code = reward_make(&member_id);
	ck_assert_int_eq(story_balance(member_id), 2500);
	ck_assert_str_eq(database_text(till, cancel_sql(member_id, 2, "c")), "pending");
	ck_assert_str_eq(state(), "cancelled 0"); // at once
	ck_assert_str_eq(REFUSED("use", ", 'till 1'"), "LY031");
	ck_assert_str_eq(database_refusal(till, cancel_sql(member_id, 2, "again")), "LY031");
	ck_assert_str_eq(database_refusal(till, cancel_sql(member_id, 9, "none")), "LY004");
	ck_assert_str_eq(database_text(till, cancel_sql(member_id, 2, "c")), "pending");
	work();
	ck_assert_int_eq(story_balance(member_id), 5000);
	ck_assert_str_eq(database_text(session, "SELECT string_agg(concat_ws(' ', lot_no, granted, "
						"remaining), '; ' ORDER BY lot_no) FROM loyalty.lot"),
		"1 5000 5000");
	ck_assert_str_eq(database_text(session, "SELECT concat_ws(' ', e.amount, a.code) FROM "
						"loyalty.ledger_entry e JOIN loyalty.account a "
						"USING (account_id) ORDER BY entry_no DESC LIMIT 1"),
		"2500 redeemed");
	story_prove();
}
END_TEST

// 50 and 70 Stars pay for three of 25 each: the second took from both lots.
START_TEST(each_unit_has_lots_of_its_own)
{
	int64_t member_id = story_enrol("1");
	story_buy(member_id, "bon 1", today - 40, 4000);
	story_buy(member_id, "bon 2", today, 7000);
	work();
	program_expect(0, "reward stock mod25 3");
	ck_assert_str_eq(database_text(till, redeem_sql(member_id, "a", "mod25", 3)), "pending");
	work();
#define LOTS "SELECT string_agg(concat_ws(' ', lot_no, remaining), '; ' ORDER BY lot_no) FROM loyalty.lot"
	ck_assert_str_eq(database_text(session, LOTS), "1 0; 2 3500");
	ck_assert_str_eq(database_text(till, cancel_sql(member_id, 3, "second")), "pending");
	work();
	ck_assert_str_eq(database_text(session, LOTS), "1 1500; 2 4500");
	ck_assert_str_eq(stock(), "mod25 3 1 0 2");
	ck_assert_str_eq(database_text(till, cancel_sql(member_id, 2, "first")), "pending");
	ck_assert_str_eq(database_text(till, cancel_sql(member_id, 4, "third")), "pending");
	work();
	ck_assert_str_eq(database_text(session, LOTS), "1 4000; 2 7000");
	ck_assert_str_eq(stock(), "mod25 3 3 0 0");
	story_prove();
}
END_TEST

// The lot's day came while the points were spent: they return to it and expire with it, at once.
START_TEST(what_returns_to_an_expired_lot_expires)
{
	int64_t member_id = story_enrol("1");
	story_buy(member_id, "bon", 1, 5000);
	spine_work(0, FIRST_DAY + 2);
	story_redeem(member_id, "a", 3, "mod25");
	story_redeem(member_id, "b", 3, "mod25");
	work();
	ck_assert_int_eq(story_balance(member_id), 0);
	ck_assert_str_eq(database_text(till, cancel_sql(member_id, 1, "c")), "pending");
	work();
	ck_assert_int_eq(story_balance(member_id), 0);
	ck_assert_str_eq(database_text(session, "SELECT string_agg(e.amount || ' ' || a.code, ', ' ORDER BY "
						"entry_no) FROM loyalty.ledger_entry e "
						"JOIN loyalty.account a USING (account_id) WHERE e.seq = "
						"(SELECT max(seq) FROM loyalty.journal)"),
		"2500 redeemed, -2500 expired");
	story_prove();
}
END_TEST

START_TEST(a_denied_cancellation_leaves_the_code_good)
{
	int64_t member_id;
	const char *code = reward_make(&member_id);
	story_buy(member_id, "from tomorrow", today + 1, 100);
	spine_work(0, FIRST_DAY + today + 1);
	ck_assert_str_eq(database_text(till, cancel_sql(member_id, 2, "c")), "pending");
	ck_assert_str_eq(state(), "cancelled 0");
	spine_work(0, FIRST_DAY + today + 1);
	ck_assert_str_eq(state(), "issued 0");
	ck_assert_str_eq(ASK("use", ", 'till 1'"), "0");
	story_prove();
}
END_TEST

START_TEST(only_what_is_whole_is_cancelled)
{
	int64_t member_id;
	const char *code = reward_make(&member_id);
	ASK("reserve", ", 'till 1'");
	ck_assert_str_eq(database_refusal(till, cancel_sql(member_id, 2, "reserved")), "LY031");
	ASK("use", ", 'till 1', 40");
	ck_assert_str_eq(database_refusal(till, cancel_sql(member_id, 2, "partly used")), "LY031");
	ASK("use", ", 'till 2'");
	ck_assert_str_eq(database_refusal(till, cancel_sql(member_id, 2, "used")), "LY031");
	story_prove();
}
END_TEST

START_TEST(everything_has_a_verb)
{
	int64_t member_id;
	const char *code = reward_make(&member_id);
	char typed[40], wrong[40];
	snprintf(typed, sizeof typed, "%.4s-%.4s-%.4s-%.4s", code, code + 4, code + 8, code + 12);
	snprintf(wrong, sizeof wrong, "%.15s%c", code, code[15] == '7' ? '8' : '7');
	ck_holds(program_expect(0, "reward show %s", typed)->out, "state         issued");
	ck_holds(program_expect(1, "reward show %s", wrong)->err,
		"there is no issued reward with this code: its check character says that there is a slip in "
		"it");
	ck_holds(program_expect(0, "reward reserve %s --key kiosk --seconds 60", typed)->out,
		"under the key kiosk");
	ck_holds(program_expect(1, "reward use %s", typed)->err, "this reward is reserved elsewhere until ");
	ck_holds(program_expect(0, "reward release %s", typed)->out, "released");
	ck_holds(program_expect(0, "reward use %s 0.40 --key bon7 --note tea", typed)->out,
		"used; 0.60 is left");
	ck_holds(program_expect(0, "reward use %s 0.40 --key bon7", typed)->out, "used; 0.60 is left");
	ck_holds(program_expect(1, "reward cancel %s", typed)->err,
		"this reward cannot be cancelled: 0.40 of it has been used");
	ck_holds(program_expect(1, "reward use %s 0.61", typed)->err, "only 0.60 is left of this reward");
	program_expect(2, "reward use %s much", typed);
	ck_holds(program_expect(0, "reward donate %s 'the food bank'", typed)->out, "donated\n");
	ck_holds(
		program_expect(0, "reward show %s --format json", typed)->out, "\"note\": \"the food bank\"");
	redeem(member_id, "b", "mod25");
	work();
	code = database_text(
		session, "SELECT code FROM loyalty.issued_reward ORDER BY reward_no DESC LIMIT 1");
	ck_holds(program_expect(0, "reward cancel %s --reason mistake --wait 0", code)->out, "pending");
	work();
	ck_assert_int_eq(story_balance(member_id), 2500);
	ck_holds(program_expect(0, "reward list --format csv")->out,
		"mod25,mod25,item,25,STAR,yes,,,no limit,,,,2,0,1,0,1,0");
	story_prove();
}
END_TEST

// Each planted fault, and the invariant it breaks.
START_TEST(verify_sees_planted_faults)
{
	static const struct {
		const char *sql, *invariant;
	} FAULTS[] = {
		{"UPDATE loyalty.issued_reward SET state = 'redeemed' WHERE cost > 0",
			"an issued reward is what its steps made of it"},
		{"UPDATE loyalty.issued_reward SET used_minor = 1 WHERE cost > 0",
			"what was used of a reward is the sum of its uses"},
		{"UPDATE loyalty.issued_reward SET cost = cost + 1 WHERE cost > 0",
			"the journal replayed gives the same"},
		{"DELETE FROM loyalty.reward_code WHERE reward_no = 2", "a code is of one issued reward"},
		{"UPDATE loyalty.reward_stock SET free = free + 1, total = total + 1 WHERE is_pool",
			"a stock is what is free, held and issued"},
		{"UPDATE loyalty.reward_tally SET issued = issued + 1",
			"the tally of a reward is the count of its issued rewards"},
		{"UPDATE loyalty.issued_reward SET state = 'cancelled', cancel_seq = 1 WHERE cost > 0",
			"an issued reward is what its steps made of it"},
	};
	int64_t member_id;
	reward_make(&member_id);
	program_expect(0, "import codes brew100 %s", program_file("codes.csv", "code\nAAAA-0001\n"));
	story_prove();
	for (size_t i = 0; i < sizeof FAULTS / sizeof *FAULTS; i++) {
		database_run(session, "CREATE SCHEMA kept; CREATE TABLE kept.reward AS TABLE "
				      "loyalty.issued_reward; CREATE TABLE kept.code AS TABLE "
				      "loyalty.reward_code; CREATE TABLE kept.stock AS TABLE "
				      "loyalty.reward_stock; CREATE TABLE kept.tally AS TABLE "
				      "loyalty.reward_tally");
		database_run(session, FAULTS[i].sql);
		struct verify_report report = spine_verify(session, 100, false);
		ck_assert_msg(strstr(report.first_broken, FAULTS[i].invariant) != NULL, "%s: %s",
			FAULTS[i].sql, report.first_broken);
		database_run(session, "TRUNCATE loyalty.issued_reward, loyalty.reward_code, "
				      "loyalty.reward_stock, loyalty.reward_tally; INSERT INTO "
				      "loyalty.issued_reward TABLE kept.reward; INSERT INTO "
				      "loyalty.reward_code TABLE kept.code; INSERT INTO "
				      "loyalty.reward_stock TABLE kept.stock; INSERT INTO "
				      "loyalty.reward_tally TABLE kept.tally; DROP SCHEMA kept CASCADE");
	}
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
	TCase *at_tills = tcase_create("tills");
	tcase_add_checked_fixture(at_tills, setup, teardown);
	tcase_add_test(at_tills, of_two_tills_one_wins);
	tcase_add_test(at_tills, a_reservation_ends_by_itself);
	tcase_add_test(at_tills, value_is_used_part_by_part);
	tcase_add_test(at_tills, nobody_uses_what_has_expired);
	suite_add_tcase(suite, at_tills);
	TCase *cancelled = tcase_create("cancelled");
	tcase_add_checked_fixture(cancelled, setup, teardown);
	tcase_add_test(cancelled, a_cancelled_reward_gives_its_points_back_to_their_lots);
	tcase_add_test(cancelled, each_unit_has_lots_of_its_own);
	tcase_add_test(cancelled, what_returns_to_an_expired_lot_expires);
	tcase_add_test(cancelled, a_denied_cancellation_leaves_the_code_good);
	tcase_add_test(cancelled, only_what_is_whole_is_cancelled);
	tcase_add_test(cancelled, everything_has_a_verb);
	tcase_add_test(cancelled, verify_sees_planted_faults);
	suite_add_tcase(suite, cancelled);
	return suite;
}
