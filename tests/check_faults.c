// kill -9 of worker or server at random moments under load: nothing is lost, nothing is done twice, and the
// proof holds.
#include "model/posting/batch.h"
#include "tests/database.h"
#include "tests/spine.h"

#include <check.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	MEMBERS = 200,
	EVENTS = 120, // a sender sends in a round, one by one
	BULK = 2500,  // events imported at once in a round
	SENDERS = 2,
	WORKERS = 2,
	ROUNDS = 6,
	MUTANT_ROUNDS = 40,
	KILL_MS = 700, // a kill comes up to so long after the load has begun
	FIRST_DAY = 9565,
};

static char folder[] = "/tmp/loyalty-faults.XXXXXX";
static uint64_t seed;
static const char *begin_command = "BEGIN";

// Takes the place of the one in model/posting/batch_claim.c: the planted fault is a transaction that is not opened.
const char *batch_begin_command(void)
{
	return begin_command;
}

static unsigned chance(unsigned below)
{
	seed = seed * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(seed >> 33) % below;
}

static void seed_print(void)
{
	const char *given = getenv("LOYALTY_SEED");
	seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
	printf("faults: LOYALTY_SEED=%" PRIu64 " CK_RUN_SUITE=faults build/check\n", seed);
	fflush(stdout);
}

static void script(const char *verb)
{
	char command[200];
	snprintf(command, sizeof command, "sh db/demo/cluster.sh --durable %s %s", verb, folder);
	ck_assert_msg(system(command) == 0, "%s", command);
}

// The server of its own that dies here; what was saved must survive it.
static void folder_make(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

// The test adopts the server, so that one that was killed is really gone: a machine without a working init
// keeps its zombie.
static void cluster_begin(void)
{
	char path[100], where[200] = "";
	ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	script("start");
	snprintf(path, sizeof path, "%s/where", folder);
	FILE *file = fopen(path, "r");
	ck_assert(file && fgets(where, sizeof where, file));
	fclose(file);
	where[strcspn(where, "\n")] = '\0';
	setenv("PGHOST", where, 1);
	setenv("PGPORT", "5432", 1);
	setenv("PGUSER", "postgres", 1);
}

static void cluster_end(void)
{
	script("destroy");
}

// Waits until something holds, looking often; a test that waits in vain fails by its own time limit.
static void pause_ms(int milliseconds)
{
	poll(NULL, 0, milliseconds);
}

static pid_t postmaster(void)
{
	char path[300];
	int pid = 0;
	snprintf(path, sizeof path, "%s/data/postmaster.pid", getenv("PGHOST"));
	FILE *file = fopen(path, "r");
	ck_assert_msg(file && fscanf(file, "%d", &pid) == 1 && pid > 1, "no postmaster in %s", path);
	fclose(file);
	return pid;
}

static void server_kill(void)
{
	enum { BACKENDS = 100 };
	char path[100];
	pid_t pids[BACKENDS + 1];
	int count = 0;
	pids[count++] = postmaster();
	snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pids[0], (int)pids[0]);
	FILE *file = fopen(path, "r");
	while (file && count <= BACKENDS && fscanf(file, "%d", &pids[count]) == 1)
		count++;
	if (file)
		fclose(file);
	for (int i = 0; i < count; i++)
		kill(pids[i], SIGKILL);
	for (int i = 0; i < count; i++)
		waitpid(pids[i], NULL, 0);
}

// Not before the last backend is gone; it takes its shared memory with it.
static void server_restart(void)
{
	char command[200];
	snprintf(command, sizeof command, "sh db/demo/cluster.sh --durable start %s 2>/dev/null", folder);
	while (system(command) != 0)
		pause_ms(50);
}

static struct session *open_again(void *login, struct error *error)
{
	char conninfo[64];
	snprintf(conninfo, sizeof conninfo, "user=%s connect_timeout=5", (const char *)login);
	return session_open(conninfo, "loyalty worker", error);
}

static volatile sig_atomic_t is_stopped;
static void stop(int number)
{
	(void)number;
	is_stopped = 1;
}

static pid_t worker_start(int batch)
{
	pid_t child = fork();
	ck_assert_int_ge(child, 0);
	if (child)
		return child;
	static char login[] = "isci";
	struct error error;
	struct worker_report report;
	struct sigaction action = {.sa_handler = stop};
	sigaction(SIGTERM, &action, NULL);
	struct worker_options options = {.open = open_again,
		.payload = login,
		.stop = &is_stopped,
		.version = "check",
		.batch = batch,
		.as_of = FIRST_DAY};
	_exit(worker_run(&options, &report, &error) ? 0 : 1);
}

// Sends events one by one as a till does, each until its answer has come: a sender that got none asks again
// under the same key.
static void events_send(int sender, int round)
{
	static char login[] = "kasa";
	struct error error;
	struct session *till = NULL;
	for (int i = 0; i < EVENTS;) {
		char sql[300];
		int64_t seq = 0;
		snprintf(sql, sizeof sql,
			"SELECT seq FROM loyalty.submit_event(%d, 'purchase', 'till %d', '%d.%d', "
			"'2026-03-11', '{\"amount\": 300}', %d)",
			1 + (i * 7 + sender) % MEMBERS, sender, round, i, i % 2);
		if (!till)
			till = open_again(login, &error);
		if (till && session_number(till, sql, NULL, 0, &seq, &error) && seq > 0) {
			i++;
			continue;
		}
		session_close(till);
		till = NULL;
		pause_ms(20);
	}
	session_close(till);
}

static pid_t sender_start(int sender, int round)
{
	pid_t child = fork();
	ck_assert_int_ge(child, 0);
	if (child)
		return child;
	events_send(sender, round);
	_exit(0);
}

static void child_wait(pid_t child, int expected_signal)
{
	int status;
	while (waitpid(child, &status, 0) < 0)
		ck_assert_int_eq(errno, EINTR);
	if (expected_signal)
		ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == expected_signal);
	else
		ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "a child ended with %d", status);
}

static void members_make(void)
{
	struct session *session = spine_begin("check_faults", "starbucks_us_2026");
	for (int i = 1; i <= MEMBERS; i++) {
		char number[24];
		struct event event;
		snprintf(number, sizeof number, "%d", i);
		int64_t member_id = spine_member(session, number);
		event_init(&event, EVENT_ENROL, 1, FIRST_DAY);
		spine_event(session, member_id, "enrol", &event);
	}
	session_close(session);
}

static void bulk_send(int round)
{
	char sql[600];
	struct session *session = database_session("");
	snprintf(sql, sizeof sql,
		"WITH j AS (INSERT INTO loyalty.journal (member_id, type, lane, activity_on, amount, "
		"object, source, external_id) SELECT 1 + (g * 31) %% %d, CASE g %% 5 WHEN 0 THEN 'redeem' "
		"ELSE 'purchase' END::loyalty.event_type, 1, '2026-03-11', 700, CASE g %% 5 WHEN 0 THEN "
		"'mod25' END, 'bulk', '%d.' || g FROM generate_series(1, %d) g "
		"RETURNING member_id, seq) INSERT INTO loyalty.inbox "
		"SELECT loyalty.bucket_of(member_id), member_id, seq, 1 FROM j",
		MEMBERS, round, BULK);
	database_run(session, sql);
	session_close(session);
}

static int64_t lost; // events, as the proof counts them

static void breach_hear(void *payload, const struct breach *breach)
{
	(void)payload;
	if (strstr(breach->invariant, "every event was processed") || strstr(breach->invariant, "never lost"))
		lost++;
}

static struct verify_report prove(void)
{
	struct error error = {0};
	struct verify_report report;
	struct session *session = database_session("");
	struct rulebook *rulebook = rulebook_load(session, &error);
	struct verify_options options = {.replay_percent = 100, .kind = "full", .listener = breach_hear};
	ck_assert_msg(rulebook && verify_run(session, rulebook, &options, &report, &error), "%s", error.why);
	rulebook_free(rulebook);
	session_close(session);
	return report;
}

static void inbox_drain(void)
{
	struct session *session = database_session("");
	while (database_number(session, "SELECT count(*) FROM loyalty.inbox") > 0)
		pause_ms(20);
	session_close(session);
}

// One round: load, a kill in its midst, a proof at once, the rest of the work, a proof of all.
static void round_run(int round, pid_t workers[WORKERS])
{
	pid_t senders[SENDERS];
	bulk_send(round);
	for (int i = 0; i < SENDERS; i++)
		senders[i] = sender_start(i, round);
	pause_ms((int)chance(KILL_MS));
	if (chance(2)) {
		server_kill();
		server_restart();
	} else {
		int victim = (int)chance(WORKERS);
		kill(workers[victim], SIGKILL);
		child_wait(workers[victim], SIGKILL);
		workers[victim] = worker_start((int)(20 + chance(480)));
	}
	struct verify_report report = prove();
	ck_assert_msg(report.broken == 0, "round %d, right after the kill: %s", round, report.first_broken);
	for (int i = 0; i < SENDERS; i++)
		child_wait(senders[i], 0);
	inbox_drain();
	report = prove();
	ck_assert_msg(report.broken == 0, "round %d, after the rest: %s", round, report.first_broken);
}

static void totals_check(int rounds)
{
	struct session *session = database_session("");
	int64_t bulk = (int64_t)rounds * BULK, sent = (int64_t)rounds * SENDERS * EVENTS;
	ck_assert_int_eq(
		database_number(session, "SELECT count(*) FROM loyalty.journal"), MEMBERS + bulk + sent);
	ck_assert_int_eq(database_number(session, "SELECT sum(events)::bigint FROM loyalty.standing"),
		MEMBERS + bulk + sent);
	// every purchase has one entry, and every redemption one or a denial
	ck_assert_int_eq(
		database_number(session, "SELECT count(*) FROM loyalty.ledger_entry WHERE account_id = 1"),
		bulk * 4 / 5 + sent);
	ck_assert_int_eq(
		database_number(session, "SELECT (SELECT count(*) FROM loyalty.ledger_entry "
					 "WHERE account_id = 2) + (SELECT count(*) FROM loyalty.outcome "
					 "WHERE result = 'denied')"),
		bulk / 5);
	ck_assert_int_eq(
		database_number(session, "SELECT count(*) FROM loyalty.outcome WHERE result = 'failed'"), 0);
	session_close(session);
}

START_TEST(kill_9_loses_nothing_and_doubles_nothing)
{
	const char *given = getenv("LOYALTY_ROUNDS");
	int rounds = given ? atoi(given) : ROUNDS;
	pid_t workers[WORKERS];
	seed_print();
	members_make();
	for (int i = 0; i < WORKERS; i++)
		workers[i] = worker_start((int)(20 + chance(480)));
	for (int round = 1; round <= rounds; round++)
		round_run(round, workers);
	for (int i = 0; i < WORKERS; i++) {
		kill(workers[i], SIGTERM);
		child_wait(workers[i], 0);
	}
	totals_check(rounds);
}
END_TEST

// The test itself is tried: with a worker that opens no transaction it must find lost events.
START_TEST(a_planted_fault_is_found)
{
	begin_command = "SELECT 1";
	seed_print();
	members_make();
	for (int round = 1; round <= MUTANT_ROUNDS && lost == 0; round++) {
		bulk_send(round);
		pid_t worker = worker_start(500);
		pause_ms((int)chance(KILL_MS));
		kill(worker, SIGKILL);
		child_wait(worker, SIGKILL);
		prove();
	}
	ck_assert_msg(lost > 0, "a worker without transactions went unnoticed");
}
END_TEST

Suite *faults_suite(void);
Suite *faults_suite(void)
{
	Suite *suite = suite_create("faults");
	TCase *kills = tcase_create("kills");
	tcase_add_unchecked_fixture(kills, folder_make, cluster_end);
	tcase_add_checked_fixture(kills, cluster_begin, NULL);
	tcase_set_timeout(kills, 1800);
	tcase_add_test(kills, kill_9_loses_nothing_and_doubles_nothing);
	tcase_add_test(kills, a_planted_fault_is_found);
	suite_add_tcase(suite, kills);
	return suite;
}
