// The asynchronous connection: never waits, cancels, survives whatever becomes of server and network, answers
// once.
#include "db/clock.h"
#include "db/connection.h"
#include "db/libpq.h"
#include "tests/database.h"
#include "tests/frozen.h"
#include "tests/machine.h"
#include "tests/proxy.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { LIMIT_MS = 30000, FRAME_MS = 10, ECHO_MS = 50 };

static struct connection *connection;
static struct proxy *proxy;
// Steps that gave the processor away and came back too late for a key's echo, the time in which others had it aside.
static int waits;

// What came of one request.
struct seen {
	int answers;
	enum request_outcome outcome;
	struct error error;
	uint64_t serial;
	int results;
	char text[REQUEST_STATEMENTS][32];
};

static void see(void *payload, const struct answer *answer)
{
	struct seen *seen = payload;
	seen->answers++;
	seen->outcome = answer->outcome;
	seen->error = *answer->error;
	seen->serial = answer->serial;
	seen->results = 0;
	for (int i = 0; i < answer->count; i++) {
		if (!answer->results[i])
			continue;
		seen->results++;
		if (result_good(answer->results[i]) && result_rows(answer->results[i]))
			snprintf(seen->text[i], sizeof seen->text[i], "%s",
				result_text(answer->results[i], 0, 0));
	}
}

static void step(void)
{
	struct rusage before, after;
	getrusage(RUSAGE_THREAD, &before);
	int64_t starved = machine_starved_us(getpid()), from = clock_ms();
	connection_step(connection);
	int64_t took = clock_ms() - from - (machine_starved_us(getpid()) - starved) / 1000;
	getrusage(RUSAGE_THREAD, &after);
	waits += took > ECHO_MS && after.ru_nvcsw > before.ru_nvcsw;
}

// One turn of the program's loop, which draws a frame every FRAME_MS.
static void turn(void)
{
	struct pollfd descriptors[CONNECTION_DESCRIPTORS];
	int count = connection_poll(connection, descriptors);
	int timeout = connection_timeout_ms(connection);
	poll(descriptors, (nfds_t)count, timeout < 0 || timeout > FRAME_MS ? FRAME_MS : timeout);
	step();
}

#define TURN_UNTIL(condition)                                                                                \
	do {                                                                                                 \
		int64_t until = clock_ms() + LIMIT_MS;                                                   \
		while (!(condition)) {                                                                       \
			turn();                                                                              \
			ck_assert_msg(clock_ms() < until, "never: %s; %s", #condition,                   \
				connection_error(connection)->why);                                          \
		}                                                                                            \
	} while (0)

static void open_connection(const struct connection_options *options)
{
	connection = connection_new(options);
	ck_assert_ptr_nonnull(connection);
	waits = 0;
}

static void setup(void)
{
	open_connection(&(struct connection_options){.grace_ms = 20000});
}

static void teardown(void)
{
	connection_free(connection);
	ck_assert_int_eq(waits, 0);
}

static void setup_proxy(void)
{
	static char conninfo[128];
	proxy = proxy_start(getenv("PGHOST"), getenv("PGPORT"));
	snprintf(conninfo, sizeof conninfo, "host=%s port=5432", proxy_host(proxy));
	open_connection(
		&(struct connection_options){.conninfo = conninfo, .grace_ms = 300, .connect_ms = 500});
}

static void teardown_proxy(void)
{
	teardown();
	proxy_stop(proxy);
}

static uint64_t ask(const char *sql, int deadline_ms, bool retry, struct seen *seen)
{
	struct statement statement = {.sql = sql};
	*seen = (struct seen){0};
	return connection_send(connection, &(struct request){.statements = &statement,
						   .count = 1,
						   .deadline_ms = deadline_ms,
						   .retry = retry,
						   .answer = see,
						   .payload = seen});
}

static void ask_and_wait(const char *sql, struct seen *seen)
{
	ck_assert_uint_ne(ask(sql, LIMIT_MS, false, seen), 0);
	TURN_UNTIL(seen->answers);
}

// Turns until another session sees a backend of this test at work on that statement; returns its process.
static int wait_until_runs(struct session *other, const char *sql)
{
	int64_t pid = 0;
	struct error error;
	while (pid == 0) {
		turn();
		ck_assert(session_number(other,
			"SELECT pid FROM pg_stat_activity WHERE query = $1 AND state = 'active' AND pid <> "
			"pg_backend_pid()",
			(const char *[]){sql}, 1, &pid, &error));
	}
	return (int)pid;
}

START_TEST(statements_share_a_round_trip)
{
	struct seen seen = {0};
	const char *values[] = {"Robert'); DROP TABLE member; --", NULL};
	const struct statement statements[] = {
		{.sql = "SELECT $1::text", .values = values, .count = 1},
		{.sql = "SELECT $1::text IS NULL", .values = values + 1, .count = 1},
		{.sql = "SELECT 3"},
	};
	struct request request = {.statements = statements, .count = 3, .answer = see, .payload = &seen};
	uint64_t serial = connection_send(connection, &request);
	TURN_UNTIL(seen.answers);
	ck_assert_int_eq(seen.outcome, REQUEST_OK);
	ck_assert_uint_eq(seen.serial, serial);
	ck_assert_str_eq(seen.text[0], "Robert'); DROP TABLE member; --");
	ck_assert_str_eq(seen.text[1], "t");
	ck_assert_int_eq(seen.results, 3);
	ck_assert_int_eq(connection_state(connection), CONNECTION_READY);
	ck_assert_int_eq(connection_timeout_ms(connection), -1); // nothing to do, nothing to wake for
}
END_TEST

START_TEST(answers_come_in_order)
{
	struct seen seen[20] = {0};
	for (int i = 0; i < 20; i++)
		ck_assert_uint_eq(
			ask(i % 3 ? "SELECT 1" : "SELECT 1/0", 0, false, &seen[i]), (uint64_t)i + 1);
	for (int i = 0; i < 20; i++) {
		TURN_UNTIL(seen[i].answers);
		ck_assert_int_eq(seen[i].outcome, i % 3 ? REQUEST_OK : REQUEST_SQL_ERROR);
		ck_assert(i == 19 || !seen[19].answers || i > 0);
	}
	ck_assert_str_eq(seen[0].error.sqlstate, "22012");
	ck_assert_int_eq(connection_pending(connection), 0);
}
END_TEST

START_TEST(a_failed_request_leaves_nothing)
{
	struct seen seen = {0};
	ask_and_wait("CREATE TEMPORARY TABLE entry (key int)", &seen);
	const struct statement statements[] = {{.sql = "INSERT INTO entry VALUES (1)"}, {.sql = "SELECT 1/0"},
		{.sql = "INSERT INTO entry VALUES (2)"}};
	struct request request = {.statements = statements, .count = 3, .answer = see, .payload = &seen};
	seen = (struct seen){0};
	connection_send(connection, &request);
	TURN_UNTIL(seen.answers);
	ck_assert_int_eq(seen.outcome, REQUEST_SQL_ERROR);
	ck_assert_str_eq(seen.error.sqlstate, "22012");
	ck_assert_int_eq(seen.results, 2); // what failed tells why, what came after was never reached
	ask_and_wait("SELECT count(*) FROM entry", &seen);
	ck_assert_str_eq(seen.text[0], "0");
}
END_TEST

struct kept {
	struct result *result;
	struct seen next;
};

static void keep(void *payload, const struct answer *answer)
{
	struct kept *kept = payload;
	kept->result = result_keep(&answer->results[0]);
	ask("SELECT 'sent from a callback'", 0, false, &kept->next);
}

START_TEST(a_kept_result_outlives_the_next)
{
	struct kept kept = {0};
	struct statement statement = {.sql = "SELECT repeat('x', 1000000)"};
	connection_send(connection,
		&(struct request){.statements = &statement, .count = 1, .answer = keep, .payload = &kept});
	TURN_UNTIL(kept.next.answers);
	ck_assert_str_eq(kept.next.text[0], "sent from a callback");
	ck_assert_uint_eq(result_length(kept.result, 0, 0), 1000000);
	result_free(kept.result);
}
END_TEST

START_TEST(values_larger_than_a_socket_takes)
{
	enum { SIZE = 4000000 };
	struct seen seen = {0};
	char *large = malloc(SIZE + 1);
	memset(large, 'x', SIZE);
	large[SIZE] = '\0';
	struct statement statement = {
		.sql = "SELECT length($1)", .values = (const char *[]){large}, .count = 1};
	struct request request = {.statements = &statement, .count = 1, .answer = see, .payload = &seen};
	connection_send(connection, &request);
	memset(large, 'y', SIZE / 2); // the request has its own copy
	TURN_UNTIL(seen.answers);
	ck_assert_str_eq(seen.text[0], "4000000");
	free(large);
}
END_TEST

START_TEST(a_long_query_is_cancelled)
{
	struct seen seen, next;
	struct session *other = database_session(NULL);
	uint64_t serial = ask("SELECT pg_sleep(10)", LIMIT_MS, true, &seen);
	wait_until_runs(other, "SELECT pg_sleep(10)");
	ask("SELECT 'next'", LIMIT_MS, false, &next);
	ck_assert(connection_cancel(connection, serial));
	TURN_UNTIL(next.answers);
	ck_assert_int_eq(seen.outcome, REQUEST_CANCELLED);
	ck_assert_str_eq(seen.error.sqlstate, "57014");
	ck_assert_int_eq(next.outcome, REQUEST_OK);
	ck_assert(!connection_cancel(connection, serial));
	session_close(other);
}
END_TEST

START_TEST(a_locked_table_ends_with_the_deadline)
{
	struct seen seen;
	struct session *other = database_session(NULL);
	database_run(other, "DROP TABLE IF EXISTS check_locked; CREATE TABLE check_locked (i int)");
	database_run(other, "BEGIN; LOCK TABLE check_locked");
	ask("SELECT * FROM check_locked", 200, true, &seen);
	TURN_UNTIL(seen.answers);
	ck_assert_int_eq(seen.outcome, REQUEST_CANCELLED);
	ck_assert_int_eq(connection_state(connection), CONNECTION_READY);
	database_run(other, "ROLLBACK; DROP TABLE check_locked");
	session_close(other);
}
END_TEST

START_TEST(a_queued_request_is_dropped_unsent)
{
	struct seen first, second, third;
	uint64_t running = ask("SELECT pg_sleep(60)", -1, false, &first);
	uint64_t queued = ask("SELECT pg_advisory_lock(1)", -1, false, &second);
	ask("SELECT 3", 1, false, &third);
	ck_assert(connection_cancel(connection, queued));
	TURN_UNTIL(second.answers && third.answers);
	ck_assert_int_eq(second.outcome, REQUEST_CANCELLED);
	ck_assert_int_eq(third.outcome, REQUEST_NOT_SENT);
	ck_assert_int_eq(first.answers, 0);
	connection_cancel(connection, running);
	TURN_UNTIL(first.answers);
	ck_assert_int_eq(first.outcome, REQUEST_CANCELLED);
}
END_TEST

START_TEST(a_forgotten_answer_is_dropped)
{
	struct seen first, second;
	connection_forget(connection, ask("SELECT 1", 0, false, &first));
	ask_and_wait("SELECT 2", &second);
	ck_assert_int_eq(first.answers, 0);
}
END_TEST

START_TEST(a_serialization_failure_is_tried_again)
{
	struct seen seen;
	ask_and_wait("CREATE TEMPORARY SEQUENCE tries", &seen);
	ask_and_wait("CREATE FUNCTION pg_temp.third_time() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN "
		     "IF nextval('tries') < 3 THEN RAISE serialization_failure; END IF; "
		     "RETURN currval('tries'); END $$",
		&seen);
	ask("SELECT pg_temp.third_time()", 0, true, &seen);
	TURN_UNTIL(seen.answers);
	ck_assert_int_eq(seen.outcome, REQUEST_OK);
	ck_assert_str_eq(seen.text[0], "3");
	ask_and_wait("SELECT setval('tries', 1, false)", &seen);
	ask_and_wait("SELECT pg_temp.third_time()", &seen);
	ck_assert_int_eq(seen.outcome, REQUEST_SQL_ERROR);
	ck_assert_str_eq(seen.error.sqlstate, "40001");
}
END_TEST

START_TEST(no_server_is_not_sent)
{
	struct seen seen;
	connection_free(connection);
	open_connection(&(struct connection_options){.conninfo = "host=/nonexistent"});
	ask("SELECT 1", 250, true, &seen);
	TURN_UNTIL(seen.answers);
	ck_assert_int_eq(seen.outcome, REQUEST_NOT_SENT);
	ck_assert_int_eq(connection_error(connection)->kind, ERROR_UNREACHABLE);
	ck_assert_msg(strstr(seen.error.why, "/nonexistent") != NULL, "%s", seen.error.why);
}
END_TEST

static const char INSERT_SLOWLY[] = "WITH s AS MATERIALIZED (SELECT pg_sleep(CASE WHEN EXISTS (SELECT FROM "
				    "check_go) THEN 0 ELSE 60 END)) "
				    "INSERT INTO check_entry SELECT 'k' FROM s ON CONFLICT DO NOTHING";

static struct session *session_with_entries(void)
{
	struct session *other = database_session(NULL);
	database_run(other, "DROP TABLE IF EXISTS check_entry, check_go; CREATE TABLE check_go (i int); "
			    "CREATE TABLE check_entry (key text PRIMARY KEY)");
	return other;
}

static void drop_entries(struct session *other)
{
	database_run(other, "DROP TABLE check_entry, check_go");
	session_close(other);
}

static void terminate(struct session *other, int pid)
{
	char sql[80];
	snprintf(sql, sizeof sql, "SELECT pg_terminate_backend(%d)", pid);
	database_run(other, sql);
}

START_TEST(a_killed_session_comes_back)
{
	struct seen retried;
	struct session *other = session_with_entries();
	ask(INSERT_SLOWLY, LIMIT_MS, true, &retried);
	int pid = wait_until_runs(other, INSERT_SLOWLY);
	database_run(other, "INSERT INTO check_go VALUES (1)");
	terminate(other, pid);
	TURN_UNTIL(retried.answers);
	ck_assert_int_eq(retried.outcome, REQUEST_OK);
	ck_assert_int_eq(database_number(other, "SELECT count(*) FROM check_entry"), 1);
	drop_entries(other);
	ck_assert_int_eq(retried.answers, 1);
}
END_TEST

// The answer need not wait for the end of the transaction, and what that writes is written even if the server
// fails before.
START_TEST(an_early_answer_is_written_down_all_the_same)
{
	static const struct statement read = {.sql = "INSERT INTO check_read VALUES (1) RETURNING 'seen'"};
	struct seen seen = {0};
	struct session *other = database_session(NULL);
	database_run(other, "CREATE TABLE check_read (n int)");
	database_run(other, "CREATE FUNCTION check_hold() RETURNS trigger LANGUAGE plpgsql AS "
			    "$$ BEGIN PERFORM pg_advisory_xact_lock(8, 15); RETURN NULL; END $$");
	database_run(other, "CREATE CONSTRAINT TRIGGER held AFTER INSERT ON check_read DEFERRABLE INITIALLY DEFERRED "
			    "FOR EACH ROW EXECUTE FUNCTION check_hold()");
	database_run(other, "SELECT pg_advisory_lock(8, 15)");
	connection_send(connection, &(struct request){.statements = &read,
					    .count = 1,
					    .retry = true,
					    .early = true,
					    .answer = see,
					    .payload = &seen});
	TURN_UNTIL(seen.answers);
	ck_assert_int_eq(seen.outcome, REQUEST_OK);
	ck_assert_str_eq(seen.text[0], "seen");
	ck_assert_int_eq(connection_pending(connection), 1);
	ck_assert_int_eq(database_number(other, "SELECT count(*) FROM check_read"), 0);
	char gone[80];
	int pid = wait_until_runs(other, read.sql);
	terminate(other, pid);
	snprintf(gone, sizeof gone, "SELECT count(*) FROM pg_stat_activity WHERE pid = %d", pid);
	TURN_UNTIL(database_number(other, gone) == 0);
	database_run(other, "SELECT pg_advisory_unlock(8, 15)");
	TURN_UNTIL(!connection_pending(connection));
	ck_assert_int_eq(database_number(other, "SELECT count(*) FROM check_read"), 1);
	ck_assert_int_eq(seen.answers, 1);
	database_run(other, "DROP TABLE check_read");
	database_run(other, "DROP FUNCTION check_hold()");
	session_close(other);
}
END_TEST

START_TEST(a_killed_session_leaves_others_in_doubt)
{
	struct seen seen, queued;
	struct session *other = session_with_entries();
	ask(INSERT_SLOWLY, LIMIT_MS, false, &seen);
	ask("SELECT 'queued'", LIMIT_MS, false, &queued);
	terminate(other, wait_until_runs(other, INSERT_SLOWLY));
	TURN_UNTIL(queued.answers);
	ck_assert_int_eq(seen.outcome, REQUEST_IN_DOUBT);
	ck_assert_int_eq(seen.error.kind, ERROR_IN_DOUBT);
	ck_assert_int_eq(queued.outcome, REQUEST_OK); // it was never sent before
	drop_entries(other);
}
END_TEST

START_TEST(setup_runs_after_every_connect)
{
	static const struct statement setup_statements[] = {
		{.sql = "SET application_name TO 'check: members'"}};
	struct seen seen;
	struct session *other = database_session(NULL);
	connection_free(connection);
	open_connection(&(struct connection_options){.setup = setup_statements, .setups = 1});
	for (int round = 0; round < 2; round++) {
		ask("SELECT current_setting('application_name') || pg_backend_pid()", 0, true, &seen);
		TURN_UNTIL(seen.answers);
		ck_assert_int_eq(strncmp(seen.text[0], "check: members", 14), 0);
		terminate(other, atoi(seen.text[0] + 14));
		TURN_UNTIL(connection_state(connection) == CONNECTION_DOWN);
	}
	session_close(other);
}
END_TEST

struct heard {
	int started, missed, notified;
	char text[32];
};

static void hear(void *payload, enum listen_event event, const char *channel, const char *text)
{
	struct heard *heard = payload;
	ck_assert_str_eq(channel, "Cases");
	heard->started += event == LISTEN_STARTED;
	heard->missed += event == LISTEN_MISSED;
	heard->notified += event == LISTEN_NOTIFIED;
	snprintf(heard->text, sizeof heard->text, "%s", text);
}

START_TEST(notifications_survive_a_loss)
{
	struct heard heard = {0};
	struct session *other = database_session(NULL);
	ck_assert(connection_listen(connection, "Cases", hear, &heard));
	TURN_UNTIL(heard.started);
	ck_assert(connection_is_listening(connection));
	database_run(other, "SELECT pg_notify('Cases', '17')");
	TURN_UNTIL(heard.notified);
	ck_assert_str_eq(heard.text, "17");
	database_run(other,
		"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN \"Cases\"'");
	TURN_UNTIL(heard.missed);
	database_run(other, "SELECT pg_notify('Cases', '18')");
	TURN_UNTIL(heard.notified == 2);
	ck_assert_int_eq(heard.started, 1);
	TURN_UNTIL(connection_state(connection) == CONNECTION_READY);
	ck_assert_int_eq(connection_timeout_ms(connection), -1);
	session_close(other);
}
END_TEST

START_TEST(a_lost_answer_is_asked_for_again)
{
	struct seen seen;
	struct session *other = session_with_entries();
	bool retry = _i == 0;
	ask_and_wait("SELECT 1", &seen);
	proxy_set(proxy, PROXY_EAT, 0);
	ask("INSERT INTO check_entry VALUES ('k') ON CONFLICT DO NOTHING", LIMIT_MS, retry, &seen);
	TURN_UNTIL(seen.answers);
	ck_assert_int_eq(proxy_eaten(proxy), 1);
	ck_assert_int_eq(seen.outcome, retry ? REQUEST_OK : REQUEST_IN_DOUBT);
	ck_assert_int_eq(database_number(other, "SELECT count(*) FROM check_entry"), 1);
	drop_entries(other);
}
END_TEST

START_TEST(a_stalled_link_is_given_up)
{
	struct seen seen, next;
	ask_and_wait("SELECT 1", &seen);
	proxy_set(proxy, PROXY_STALL, 0);
	ask("SELECT 2", 200, true, &seen);
	TURN_UNTIL(seen.answers);
	ck_assert_int_eq(seen.outcome, REQUEST_IN_DOUBT);
	ask("SELECT 'back'", LIMIT_MS, true, &next);
	TURN_UNTIL(connection_state(connection) == CONNECTION_DOWN);
	TURN_UNTIL(connection_state(connection) == CONNECTION_CONNECTING); // which stalls as well
	TURN_UNTIL(connection_state(connection) == CONNECTION_DOWN);
	proxy_set(proxy, PROXY_PASS, 0);
	TURN_UNTIL(next.answers);
	ck_assert_str_eq(next.text[0], "back");
}
END_TEST

START_TEST(a_slow_link_is_borne)
{
	struct seen seen;
	proxy_set(proxy, PROXY_SLOW, 30);
	connection_free(connection);
	char conninfo[128];
	snprintf(conninfo, sizeof conninfo, "host=%s port=5432", proxy_host(proxy));
	open_connection(&(struct connection_options){.conninfo = conninfo});
	ask_and_wait("SELECT 'slow'", &seen);
	ck_assert_str_eq(seen.text[0], "slow");
}
END_TEST

static unsigned chance(unsigned *seed, unsigned below)
{
	*seed = *seed * 1664525U + 1013904223U;
	return (*seed >> 16) % below;
}

// Whatever the network does, every request is answered once, and a keyed write that is answered OK stands
// there once.
START_TEST(chaos_answers_once)
{
	enum { REQUESTS = 120 };
	const char *given = getenv("CHECK_SEED");
	unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
	printf("connection: CHECK_SEED=%u CK_RUN_SUITE=connection build/check\n", seed);
	fflush(stdout);
	struct session *other = session_with_entries();
	struct seen seen[REQUESTS];
	char sql[REQUESTS][80];
	for (int i = 0; i < REQUESTS; i++) {
		snprintf(sql[i], sizeof sql[i], "INSERT INTO check_entry VALUES (%d) ON CONFLICT DO NOTHING",
			i);
		ask(sql[i], LIMIT_MS, chance(&seed, 4) > 0, &seen[i]);
		unsigned fault = chance(&seed, 8);
		if (fault < 2)
			proxy_set(proxy, fault ? PROXY_EAT : PROXY_CUT, 0);
		for (unsigned turns = chance(&seed, 6); turns > 0; turns--)
			turn();
		if (fault == 1 || fault > 5)
			proxy_set(proxy, PROXY_PASS, 0);
	}
	proxy_set(proxy, PROXY_PASS, 0);
	for (int i = 0; i < REQUESTS; i++)
		TURN_UNTIL(seen[i].answers);
	for (int i = 0; i < REQUESTS; i++) {
		snprintf(sql[i], sizeof sql[i], "SELECT count(*) FROM check_entry WHERE key = '%d'", i);
		int64_t rows = database_number(other, sql[i]);
		bool is_right = seen[i].answers == 1 &&
				(seen[i].outcome == REQUEST_OK ? rows == 1 : rows <= 1) &&
				(seen[i].outcome == REQUEST_OK || seen[i].outcome == REQUEST_IN_DOUBT);
		ck_assert_msg(is_right, "request %d: %d answers, outcome %d, %d rows", i, seen[i].answers,
			(int)seen[i].outcome, (int)rows);
	}
	drop_entries(other);
}
END_TEST

// The tests below have a server of their own, to stop and to freeze.
static char own_folder[64], own_conninfo[160];

static void cluster(const char *verb)
{
	char command[200];
	snprintf(command, sizeof command, "sh db/demo/cluster.sh %s %s >/dev/null", verb, own_folder);
	ck_assert_int_eq(system(command), 0);
}

static void own_server_start(void)
{
	char path[100], folder[100] = "";
	snprintf(own_folder, sizeof own_folder, "/tmp/loyalty.check.%d", (int)getpid());
	cluster("start");
	snprintf(path, sizeof path, "%s/where", own_folder);
	FILE *where = fopen(path, "r");
	ck_assert_ptr_nonnull(where);
	ck_assert_int_eq(fscanf(where, "%99s", folder), 1);
	fclose(where);
	snprintf(
		own_conninfo, sizeof own_conninfo, "host=%s port=5432 user=postgres dbname=postgres", folder);
}

static int postmaster(struct session *other)
{
	struct error error;
	int pid = 0;
	struct result *result = session_ask(other, &error, "SELECT pg_read_file('postmaster.pid')", 0);
	ck_assert_ptr_nonnull(result);
	ck_assert_int_eq(sscanf(result_text(result, 0, 0), "%d", &pid), 1);
	result_free(result);
	return pid;
}

static void own_server_end(void)
{
	cluster("destroy");
}

static void setup_own(void)
{
	open_connection(
		&(struct connection_options){.conninfo = own_conninfo, .grace_ms = 300, .connect_ms = 1000});
}

START_TEST(a_frozen_server_holds_up_nobody)
{
	struct seen seen, next;
	struct session *other = database_session(own_conninfo);
	ask_and_wait("SELECT pg_backend_pid()", &seen);
	int server = postmaster(other), backend = atoi(seen.text[0]);
	frozen_add(server);
	frozen_add(backend);
	uint64_t serial = ask("SELECT 1", LIMIT_MS, true, &seen);
	ask("SELECT 'after'", LIMIT_MS, true, &next);
	turn();
	ck_assert(connection_cancel(connection, serial)); // PQcancel() would wait for the frozen server here
	TURN_UNTIL(seen.answers);
	frozen_thaw();
	ck_assert_int_eq(seen.outcome, REQUEST_IN_DOUBT);
	TURN_UNTIL(next.answers);
	ck_assert_str_eq(next.text[0], "after");
	session_close(other);
}
END_TEST

START_TEST(a_restarted_server_costs_nothing)
{
	struct seen before, during;
	struct heard heard = {0};
	ck_assert(connection_listen(connection, "Cases", hear, &heard));
	ask_and_wait("SELECT 1", &before);
	TURN_UNTIL(heard.started);
	cluster("stop");
	ask("SELECT 'while it was down'", LIMIT_MS, true, &during);
	TURN_UNTIL(connection_state(connection) == CONNECTION_DOWN && connection_error(connection)->kind);
	cluster("start");
	TURN_UNTIL(during.answers && heard.missed);
	ck_assert_int_eq(during.outcome, REQUEST_OK);
	ck_assert_str_eq(during.text[0], "while it was down");
}
END_TEST

START_TEST(a_password_is_asked_for)
{
	struct seen seen;
	char conninfo[200];
	struct session *other = database_session(own_conninfo);
	database_run(other, "CREATE ROLE keeper LOGIN PASSWORD 'right'");
	database_run(other,
		"COPY (SELECT 'local all keeper scram-sha-256' UNION ALL SELECT 'local all all trust') "
		"TO PROGRAM 'cat > pg_hba.conf'");
	database_run(other, "SELECT pg_reload_conf()");
	while (database_number(other, "SELECT count(*) FROM pg_hba_file_rules") != 2)
		;
	session_close(other);
	connection_free(connection);
	snprintf(conninfo, sizeof conninfo, "%s user=keeper passfile=/nonexistent", own_conninfo);
	open_connection(&(struct connection_options){.conninfo = conninfo});
	ask("SELECT current_user", LIMIT_MS, true, &seen);
	TURN_UNTIL(connection_needs_password(connection));
	ck_assert_int_eq(connection_error(connection)->kind, ERROR_UNREACHABLE);
	ck_assert(connection_password(connection, "wrong"));
	ck_assert(!connection_needs_password(connection));
	TURN_UNTIL(connection_needs_password(connection));
	ck_assert_str_eq(connection_error(connection)->sqlstate, "28P01");
	ck_assert(connection_password(connection, "right"));
	TURN_UNTIL(seen.answers);
	ck_assert_str_eq(seen.text[0], "keeper");
}
END_TEST

Suite *connection_suite(void);

Suite *connection_suite(void)
{
	Suite *suite = suite_create("connection");
	TCase *server = tcase_create("server"), *network = tcase_create("network"),
	      *own = tcase_create("restart");
	tcase_add_checked_fixture(server, setup, teardown);
	tcase_add_checked_fixture(network, setup_proxy, teardown_proxy);
	tcase_add_unchecked_fixture(own, own_server_start, own_server_end);
	tcase_add_checked_fixture(own, setup_own, teardown);
	tcase_set_timeout(server, 60);
	tcase_set_timeout(network, 120);
	tcase_set_timeout(own, 60);
	tcase_add_test(server, statements_share_a_round_trip);
	tcase_add_test(server, answers_come_in_order);
	tcase_add_test(server, a_failed_request_leaves_nothing);
	tcase_add_test(server, a_kept_result_outlives_the_next);
	tcase_add_test(server, values_larger_than_a_socket_takes);
	tcase_add_test(server, a_long_query_is_cancelled);
	tcase_add_test(server, a_locked_table_ends_with_the_deadline);
	tcase_add_test(server, a_queued_request_is_dropped_unsent);
	tcase_add_test(server, a_forgotten_answer_is_dropped);
	tcase_add_test(server, a_serialization_failure_is_tried_again);
	tcase_add_test(server, no_server_is_not_sent);
	tcase_add_test(server, a_killed_session_comes_back);
	tcase_add_test(server, an_early_answer_is_written_down_all_the_same);
	tcase_add_test(server, a_killed_session_leaves_others_in_doubt);
	tcase_add_test(server, setup_runs_after_every_connect);
	tcase_add_test(server, notifications_survive_a_loss);
	tcase_add_loop_test(network, a_lost_answer_is_asked_for_again, 0, 2);
	tcase_add_test(network, a_stalled_link_is_given_up);
	tcase_add_test(network, a_slow_link_is_borne);
	tcase_add_test(network, chaos_answers_once);
	tcase_add_test(own, a_frozen_server_holds_up_nobody);
	tcase_add_test(own, a_restarted_server_costs_nothing);
	tcase_add_test(own, a_password_is_asked_for);
	suite_add_tcase(suite, server);
	suite_add_tcase(suite, network);
	suite_add_tcase(suite, own);
	return suite;
}
