// A what-if while it runs: samples and their intervals, cancelling, a lost connection, progress; and the
// verb.
#include "tests/database.h"
#include "tests/program.h"
#include "tests/spine.h"
#include "tests/trial.h"

#include <check.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *what_if_run_suite(void);

static struct session *session;

static void setup(void)
{
	session = trial_begin("check_what_if_run");
}

static void teardown(void)
{
	story_end();
}

enum { COPIES = 400 };
// The people again and again, every second id belonging to nobody.
static void people_multiply(void)
{
	char sql[500];
	trial_people();
	database_run(session, "SET session_replication_role = replica");
	snprintf(sql, sizeof sql,
		"INSERT INTO loyalty.standing (member_id, programme_version, processed_on, memory) "
		"SELECT 100 + c * 14 + s.member_id * 2, s.programme_version, s.processed_on, s.memory "
		"FROM generate_series(1, %d) c, loyalty.standing s",
		COPIES);
	database_run(session, sql);
	snprintf(sql, sizeof sql,
		"INSERT INTO loyalty.balance SELECT 100 + c * 14 + b.member_id * 2, b.currency_id, b.points "
		"FROM generate_series(1, %d) c, loyalty.balance b",
		COPIES);
	database_run(session, sql);
	database_run(session, "ANALYZE");
}

struct coverage {
	int held, of;
};

static void cover(
	struct coverage *coverage, const struct what_if_figure *estimate, const struct what_if_figure *exact)
{
	ck_assert_int_eq(exact->low, exact->high);
	coverage->held += estimate->low <= exact->value && exact->value <= estimate->high;
	coverage->of++;
}

// The exact number lies within the interval of at least 93 % of the samples, counts and sums alike; several
// judges count the same as one.
START_TEST(samples_hold_the_exact_number)
{
	people_multiply();
	char *text = trial_draft(CODE, GOLD_AT("300"), "cost = \"100\"", "cost = \"120\"", NULL);
	struct what_if_request request = trial_standings(text);
	request.threads = 1;
	struct what_if_result *alone = trial_result(&request);
	request.threads = 3;
	struct what_if_result *exact = trial_result(&request);
	ck_assert_int_eq(exact->members.value, 7 * (COPIES + 1));
	ck_assert_int_eq(exact->ladders[0].up.value, COPIES + 1);
	ck_assert_int_eq(exact->ladders[0].up.value, alone->ladders[0].up.value);
	ck_assert_int_eq(exact->currencies[0].money_change.value, alone->currencies[0].money_change.value);
	for (int i = 0; i < WHAT_IF_LARGEST; i++)
		ck_assert_int_eq(exact->largest[i].member_id, alone->largest[i].member_id);
	struct coverage coverage = {0};
	request.no_estimate = false;
	request.no_exact = true;
	request.sample = 300;
	for (request.seed = 2026; request.seed < 2126; request.seed++) {
		struct what_if_result *estimate = trial_result(&request);
		ck_assert(!estimate->is_exact);
		ck_assert_int_eq(estimate->drawn, 300);
		cover(&coverage, &estimate->members, &exact->members);
		cover(&coverage, &estimate->ladders[0].up, &exact->ladders[0].up);
		cover(&coverage, &estimate->ladders[0].moves[0], &exact->ladders[0].moves[0]);
		cover(&coverage, &estimate->currencies[0].points_now, &exact->currencies[0].points_now);
		cover(&coverage, &estimate->currencies[0].money_change, &exact->currencies[0].money_change);
		what_if_result_free(estimate);
	}
	ck_assert_msg(coverage.held >= coverage.of * 93 / 100, "%d of %d", coverage.held, coverage.of);
	what_if_result_free(exact);
	what_if_result_free(alone);
	free(text);
}
END_TEST

START_TEST(a_small_sample_says_how_little_it_knows)
{
	people_multiply();
	char *text = trial_draft(CODE, GOLD_AT("300"), NULL);
	struct what_if_request request = trial_standings(text);
	request.no_estimate = false;
	request.no_exact = true;
	request.sample = 3;
	struct what_if_result *result = trial_result(&request);
	ck_assert_int_ge(result->ladders[0].up.high - result->ladders[0].up.low, result->ids / 2);
	ck_assert(result->currencies[0].points_change.is_vague);
	what_if_result_free(result);
	request.sample = 100000; // everybody: exact after all
	result = trial_result(&request);
	ck_assert(result->is_exact);
	ck_assert_int_eq(result->ladders[0].up.value, COPIES + 1);
	ck_assert_int_eq(result->ladders[0].up.low, COPIES + 1);
	what_if_result_free(result);
	free(text);
}
END_TEST

// Waits until one of the what-if's statements stands behind a lock of the test's.
static void until_it_is_stuck(struct what_if *what_if)
{
	struct what_if_progress progress;
	while (database_number(session, "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE "
					"'check what-if%' AND wait_event_type = 'Lock'") == 0)
		ck_assert(what_if_wait(what_if, 20, &progress));
}

static struct what_if_progress ended(struct what_if *what_if)
{
	struct what_if_progress progress;
	while (what_if_wait(what_if, 1000, &progress))
		;
	return progress;
}

static int64_t what_ifs_connected(void)
{
	int64_t connected = 1;
	for (int i = 0; i < 500 && connected > 0; i++) {
		poll(NULL, 0, 10); // the server notices a closed connection when it comes to it
		connected = database_number(session,
			"SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'check what-if%'");
	}
	return connected;
}

START_TEST(cancelling_reaches_the_server)
{
	trial_people();
	char *text = trial_draft(CODE, NULL);
	struct what_if_request request = trial_standings(text);
	struct session *other = database_session("");
	database_run(other, "BEGIN");
	database_run(other, "LOCK TABLE loyalty.balance IN ACCESS EXCLUSIVE MODE");
	struct what_if *what_if = trial_start(&request);
	until_it_is_stuck(what_if);
	what_if_cancel(what_if);
	struct what_if_progress progress = ended(what_if);
	ck_assert_int_eq(progress.stage, WHAT_IF_CANCELLED);
	ck_assert_ptr_null(what_if_take(what_if));
	ck_assert_int_eq(what_ifs_connected(), 0); // while the lock still stands
	what_if_free(what_if);
	struct what_if *forgotten = trial_start(&request);
	until_it_is_stuck(forgotten);
	what_if_free(forgotten);
	ck_assert_int_eq(what_ifs_connected(), 0);
	session_close(other);
	free(text);
}
END_TEST

START_TEST(a_lost_connection_is_told)
{
	trial_people();
	char *text = trial_draft(CODE, NULL);
	struct what_if_request request = trial_standings(text);
	struct session *other = database_session("");
	database_run(other, "BEGIN");
	database_run(other, "LOCK TABLE loyalty.balance IN ACCESS EXCLUSIVE MODE");
	struct what_if *what_if = trial_start(&request);
	until_it_is_stuck(what_if);
	database_run(session,
		"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE "
		"'check what-if%'");
	struct what_if_progress progress = ended(what_if);
	ck_assert_int_eq(progress.stage, WHAT_IF_FAILED);
	ck_assert_msg(progress.error.kind == ERROR_IN_DOUBT || progress.error.kind == ERROR_UNREACHABLE,
		"%s: %s", progress.error.what, progress.error.why);
	what_if_free(what_if);
	session_close(other);
	request.payload = (void *)"host=/nonexistent";
	ck_assert_int_eq(trial_failure(&request).kind, ERROR_UNREACHABLE);
	free(text);
}
END_TEST

START_TEST(progress_is_told)
{
	people_multiply();
	char *text = trial_draft(CODE, NULL);
	struct what_if_request request = trial_standings(text);
	request.no_estimate = false;
	request.sample = 500;
	struct what_if *what_if = trial_start(&request);
	struct what_if_progress progress;
	struct pollfd descriptor = {.fd = what_if_descriptor(what_if), .events = POLLIN};
	int estimates = 0, results = 0;
	bool goes_on = true;
	int64_t done = 0;
	enum what_if_stage stage = WHAT_IF_STARTING;
	while (goes_on) {
		ck_assert_int_eq(poll(&descriptor, 1, 60000), 1);
		goes_on = what_if_look(what_if, &progress);
		ck_assert_int_ge(progress.stage, stage);
		if (progress.stage == stage)
			ck_assert_int_ge(progress.done, done);
		if (progress.total > 0)
			ck_assert_int_le(progress.done, progress.total);
		stage = progress.stage;
		done = progress.done;
		struct what_if_result *result = what_if_take(what_if);
		estimates += result && !result->is_exact;
		results += result && result->is_exact;
		what_if_result_free(result);
	}
	ck_assert_int_eq(progress.stage, WHAT_IF_DONE);
	ck_assert_int_eq(progress.done, progress.total);
	ck_assert_int_eq(results, 1);
	ck_assert_int_le(estimates, 1); // seen, unless the exact one came before anybody looked
	ck_assert_int_gt(progress.estimate_ms, 0);
	what_if_free(what_if);
	free(text);
}
END_TEST

START_TEST(what_cannot_be_tried_is_refused)
{
	trial_people();
	char *text = trial_draft(CODE, GOLD_AT("0.123"), "kind = \"rolling\"", "kind = \"rolled\"", NULL);
	char *money = trial_draft(CODE, "money = \"USD\"", "money = \"EUR\"", NULL);
	char *decimals = trial_draft(
		CODE, "partner = \"delta\"; decimals = 0", "partner = \"delta\"; decimals = 1", NULL);
	struct what_if_request request = trial_standings(text);
	struct document_errors errors;
	struct error error = {0};
	document_errors_init(&errors);
	ck_assert_ptr_null(what_if_start(&request, &errors, &error));
	ck_assert_int_eq(errors.count, 2);
	document_errors_free(&errors);
	request = trial_standings(money);
	ck_assert_ptr_nonnull(strstr(trial_failure(&request).why, "EUR"));
	request = trial_standings(decimals);
	ck_assert_ptr_nonnull(strstr(trial_failure(&request).why, "MILE"));
	request.from = WORKED_TO;
	error = trial_failure(&request);
	ck_assert_int_eq(error.kind, ERROR_USAGE);
	ck_assert_ptr_nonnull(strstr(error.why, "processed already"));
	free(text);
	free(money);
	free(decimals);
}
END_TEST

static const char DIGEST[] =
	"SELECT md5(concat((SELECT string_agg(t::text, '' ORDER BY t::text) FROM loyalty.standing t), "
	"(SELECT string_agg(t::text, '' ORDER BY t::text) FROM loyalty.journal t), "
	"(SELECT string_agg(t::text, '' ORDER BY t::text) FROM loyalty.ledger_entry t), "
	"(SELECT string_agg(t::text, '' ORDER BY t::text) FROM loyalty.lot t), "
	"(SELECT string_agg(t::text, '' ORDER BY t::text) FROM loyalty.balance t), "
	"(SELECT string_agg(t::text, '' ORDER BY t::text) FROM loyalty.programme_version t), "
	"(SELECT string_agg(t::text, '' ORDER BY t::text) FROM loyalty.tier t)))";

// On the command line, by those who write and approve programmes.
START_TEST(the_verb_tells_it_and_writes_nothing)
{
	trial_people();
	char before[64], *text = trial_draft(CODE, SILVER, NULL);
	const char *file = program_file("draft.conf", text);
	snprintf(before, sizeof before, "%s", database_text(session, DIGEST));
	setenv("PGUSER", "elif", 1);
	const struct program *p = program_expect(0, "what-if %s --from 2026-05-01", file);
	ck_assert_ptr_nonnull(strstr(p->out, "exact, 7 members"));
	ck_assert_ptr_nonnull(strstr(p->out, "up 1, down 0, protected 0"));
	ck_assert_ptr_nonnull(strstr(p->out, "green to silver"));
	ck_assert_ptr_nonnull(strstr(p->out, "STAR, liability  $300.00  $300.00   $0.00"));
	setenv("PGUSER", "murat", 1);
	p = program_expect(0, "what-if %s --from 2026-05-01 --format csv --read-only", file);
	ck_assert_ptr_nonnull(strstr(p->out, "move,level,green,silver,1,1,1\r\n"));
	p = program_expect(0, "report liability --format csv"); // what is owed now is the same figure
	ck_assert_ptr_nonnull(strstr(p->out, "values,\"Points liability, gross\",value,30000\r\n"));
	p = program_expect(0, "what-if %s --period 2026-03-10..2026-03-20 --format json", file);
	ck_assert_ptr_nonnull(
		strstr(p->out, "{\"about\": \"rule_change\", \"object\": \"base\", \"value\": 0.00"));
	p = program_expect(1, "what-if %s", program_file("broken.conf", "programme = { code = 5; };"));
	ck_assert_ptr_nonnull(strstr(p->err, "broken.conf:1: programme.code: V3"));
	program_expect(2, "what-if %s --from 2026-03-01", file);
	program_expect(2, "what-if %s --period 2026-03-10", file);
	program_expect(2, "what-if %s --exact --estimate", file);
	setenv("PGUSER", "kasa", 1);
	program_expect(1, "what-if %s", file);
	setenv("PGUSER", "postgres", 1);
	ck_assert_str_eq(database_text(session, DIGEST), before);
	free(text);
}
END_TEST

Suite *what_if_run_suite(void)
{
	Suite *suite = suite_create("what_if_run");
	TCase *running = tcase_create("running");
	tcase_add_checked_fixture(running, setup, teardown);
	tcase_set_timeout(running, 60);
	tcase_add_test(running, samples_hold_the_exact_number);
	tcase_add_test(running, a_small_sample_says_how_little_it_knows);
	tcase_add_test(running, cancelling_reaches_the_server);
	tcase_add_test(running, a_lost_connection_is_told);
	tcase_add_test(running, progress_is_told);
	tcase_add_test(running, what_cannot_be_tried_is_refused);
	tcase_add_test(running, the_verb_tells_it_and_writes_nothing);
	suite_add_tcase(suite, running);
	return suite;
}
