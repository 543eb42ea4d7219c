// The screens stay alive whatever happens to the database: keys echo, Esc cancels, nothing typed is lost or
// done twice.
#include "tests/frozen.h"
#include "tests/machine.h"
#include "tests/proxy.h"
#include "tests/tui/places.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

Suite *alive_suite(void);

enum {
	ECHO_MOST_MS = 50,
	FAULT_MS = 1200, // how long a fault lasts; CHECK_FAULT_MS overrides it
	KEY_EVERY_MS = 40,
	ROUNDS = 3, // a fault is repeated where a key was late
	FROZEN_MS = 1000, // a screen that waits for the database is late by the whole length of the fault
};

static struct vt *vt;
static struct proxy *proxy;
static struct session *root; // past the proxy

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static void build_house(void)
{
	places_open_house("house_alive");
}

// The program reaches the server through the proxy, the test itself directly.
static void start_at(int place)
{
	char *host = strdup(getenv("PGHOST"));

	ck_assert_ptr_nonnull(host);
	proxy = proxy_start(host, getenv("PGPORT"));
	root = database_session(NULL);
	database_run(root, "DELETE FROM loyalty.case_draft"); // what the test before typed comes back otherwise
	setenv("PGHOST", proxy_host(proxy), 1);
	vt = place_open(&places[place], 24, 80);
	setenv("PGHOST", host, 1);
	free(host);
}

static void start(void)
{
	vt = NULL;
	proxy = NULL;
	root = NULL;
}

static void finish(void)
{
	frozen_thaw();
	if (vt)
		vt_close(vt);
	if (proxy)
		proxy_stop(proxy);
	session_close(root);
}

// What happens to the database. Everything is asked of the server before it cannot answer any more.

static void table_lock(void)
{
	database_run(root,
		"BEGIN; LOCK TABLE loyalty.member, loyalty.member_case, loyalty.standing, loyalty.journal");
	vt_send(vt, "r");
}

static void table_unlock(void)
{
	database_run(root, "COMMIT");
}

// The postmaster and all sessions, so that neither an answer nor a new session comes.
static void server_stop(void)
{
	const char *list = database_text(root, "SELECT (SELECT split_part(pg_read_file('postmaster.pid'), "
					       "E'\\n', 1)) || ' ' || string_agg(pid::text, ' ')"
					       " FROM pg_stat_activity WHERE usename = 'mona'");
	for (char *end; *list; list = end + (*end == ' '))
		frozen_add((pid_t)strtol(list, &end, 10));
	vt_send(vt, "r");
}

static void link_stall(void)
{
	proxy_set(proxy, PROXY_STALL, 0);
	vt_send(vt, "r");
}

static void link_cut(void)
{
	proxy_set(proxy, PROXY_CUT, 0);
}

static void link_mend(void)
{
	proxy_set(proxy, PROXY_PASS, 0);
}

static const struct fault {
	const char *name;
	void (*begin)(void), (*end)(void);
} faults[] = {
	{"a locked table", table_lock, table_unlock},
	{"a stopped server", server_stop, frozen_thaw},
	{"a stalled link", link_stall, link_mend},
	{"a cut link", link_cut, link_mend},
};
enum { FAULTS = sizeof faults / sizeof faults[0] };

// Places with something that echoes each key: the row moves, or the letter appears.
static const struct {
	int place;
	const char *keys; // two, in turn
} echoes[] = {
	{PLACE_MEMBERS, "jk"},
	{PLACE_TIMELINE, "jk"},
	{PLACE_CASES, "jk"},
	{PLACE_ANSWER, "a\x7f"},
	{PLACE_FIND, "a\x7f"},
	{PLACE_GOODWILL, "5\x7f"},
};
enum { ECHOES = sizeof echoes / sizeof echoes[0] };

// Echoes.

// How long a key took until the cursor had moved, in milliseconds, without the time in which the machine was
// busy with others while program or test could have run. What is left is what the program itself makes a
// person wait.
static int echo_ms(const char *key)
{
	int row, column, row_now, column_now;
	int64_t starved = machine_starved_us(vt->pid) + machine_starved_us(getpid()), began = now_us(), took = 0;

	vt_cursor(vt, &row, &column);
	vt_send(vt, key);
	do {
		vt_pump(vt, 10);
		vt_cursor(vt, &row_now, &column_now);
		took = now_us() - began;
	} while (row_now == row && column_now == column && took < VT_PATIENCE_MS * 1000LL);
	took -= machine_starved_us(vt->pid) + machine_starved_us(getpid()) - starved;
	return (int)(took / 1000);
}

static int fault_ms(void)
{
	const char *given = getenv("CHECK_FAULT_MS");

	return given ? atoi(given) : FAULT_MS;
}

// The slowest echo of the keys typed while the fault lasts.
static int slowest_echo(const struct fault *fault, const char *keys)
{
	int64_t end = now_us() + fault_ms() * 1000LL;
	int slowest = 0;

	fault->begin();
	for (int i = 0; now_us() < end; i++) {
		int ms = echo_ms((char[]){keys[i % 2], 0});
		slowest = ms > slowest ? ms : slowest;
		for (int64_t next = now_us() + KEY_EVERY_MS * 1000; now_us() < next;)
			vt_pump(vt, KEY_EVERY_MS);
	}
	fault->end();
	return slowest;
}

// A program that waits does so in every round; a machine that was away for a moment does not.
START_TEST(keys_echo_whatever_happens)
{
	const struct fault *fault = &faults[_i % FAULTS];
	const char *keys = echoes[_i / FAULTS].keys;
	int slowest = 0;

	start_at(echoes[_i / FAULTS].place);
	for (int round = 0; round < ROUNDS; round++) {
		slowest = slowest_echo(fault, keys);
		ck_assert_msg(slowest < FROZEN_MS, "%d ms for a key during %s", slowest, fault->name);
		ck_assert(vt_sync(vt));
		if (slowest <= ECHO_MOST_MS)
			break;
	}
	ck_assert_msg(slowest <= ECHO_MOST_MS, "%d ms for a key during %s, in every one of %d rounds",
		slowest, fault->name, ROUNDS);
	ck_assert(vt_wait_no_text(vt, "reconnecting"));
	ck_assert(vt_sync(vt));
}
END_TEST

// Cancelling.

static int64_t statements_of(const char *login)
{
	char sql[200];

	snprintf(sql, sizeof sql,
		"SELECT count(*) FROM pg_stat_activity WHERE usename = '%s' AND state = 'active' AND "
		"wait_event_type = 'Lock'",
		login);
	struct session *session = database_session(NULL);
	int64_t count = database_number(session, sql);
	session_close(session);
	return count;
}

static void statements_become(const char *login, int64_t wanted)
{
	for (int64_t end = now_us() + VT_PATIENCE_MS * 1000LL; now_us() < end; vt_pump(vt, 10))
		if (statements_of(login) == wanted)
			return;
	ck_abort_msg("%s does not have %d statements under way", login, (int)wanted);
}

START_TEST(escape_cancels_on_the_server)
{
	static const int at[] = {PLACE_MEMBERS, PLACE_TIMELINE, PLACE_CASES, PLACE_CASE};

	start_at(at[_i]);
	table_lock();
	house_waits(vt, "Esc cancels");
	statements_become("mona", 1);
	vt_send(vt, "\033");
	house_waits(vt, "Cancelled");
	statements_become("mona", 0);
	table_unlock();
	house_keys(vt, "r");
	house_hides(vt, "Cancelled");
	house_shows(vt, places[at[_i]].shows);
}
END_TEST

// Losing the session.

static void session_kill(void)
{
	ck_assert_int_gt(database_number(root, "SELECT count(pg_terminate_backend(pid)) FROM "
					       "pg_stat_activity WHERE usename = 'mona'"),
		0);
}

// By pg_ctl, as the owner of the data: a cluster of root's is another's.
static void server_restart(void)
{
	char command[16384], data[4096];

	snprintf(data, sizeof data, "%s", database_text(root, "SHOW data_directory"));
	snprintf(command, sizeof command,
		"cd / && own=$(stat -c %%U '%s') && as= && if [ \"$(id -un)\" != \"$own\" ]; then "
		"as=\"runuser -u $own --\"; fi;"
		" $as '%s/pg_ctl' -D '%s' -s -w -m fast -l '%s/../log' restart >/dev/null 2>&1",
		data, database_text(root, "SELECT setting FROM pg_config WHERE name = 'BINDIR'"), data, data);
	session_close(root);
	root = NULL;
	ck_assert_int_eq(system(command), 0);
	root = database_session(NULL);
}

static const struct loss {
	const char *name;
	void (*begin)(void), (*end)(void); // NULL: nothing
} losses[] = {
	{"a killed session", session_kill, NULL},
	{"a cut link", link_cut, link_mend},
	{"a restarted server", server_restart, NULL},
};
enum { LOSSES = sizeof losses / sizeof losses[0] };

static void loss_end(const struct loss *loss)
{
	if (loss->end)
		loss->end();
}

static int64_t goodwill_count(const char *reason)
{
	char sql[300];

	snprintf(sql, sizeof sql,
		"SELECT count(*) FROM loyalty.journal WHERE type = 'adjust' AND reason = '%s'", reason);
	return database_number(root, sql);
}

// Half typed before, finished during, sent during: posted once when the link is back.
START_TEST(goodwill_outlives_the_link)
{
	const struct loss *loss = &losses[_i];
	char reason[40];

	snprintf(reason, sizeof reason, "late posting %d", _i);
	start_at(PLACE_GOODWILL);
	house_keys(vt, "5");
	house_keys(vt, "0\tlate ");
	loss->begin();
	vt_send(vt, reason + 5);
	house_waits(vt, reason);
	vt_send(vt, "\023");
	vt_pump(vt, 100);
	loss_end(loss);
	house_waits(vt, "not posted yet");
	ck_assert_int_eq(goodwill_count(reason), 1);
	house_keys(vt, "r");
	house_shows(vt, "Timeline");
}
END_TEST

// The server did it, and the answer was lost on the way: the second sending changes nothing.
START_TEST(goodwill_with_its_answer_lost)
{
	start_at(PLACE_GOODWILL);
	house_keys(vt, "50\tanswer lost");
	proxy_set(proxy, PROXY_EAT, 0);
	vt_send(vt, "\023");
	house_waits(vt, "not posted yet");
	ck_assert_int_eq(proxy_eaten(proxy), 1);
	ck_assert_int_eq(goodwill_count("answer lost"), 1);
}
END_TEST

START_TEST(article_outlives_the_link)
{
	const struct loss *loss = &losses[_i];
	char text[60], sql[200];

	snprintf(text, sizeof text, "Half before, half after %d", _i);
	snprintf(sql, sizeof sql, "SELECT count(*) FROM loyalty.case_article WHERE body = '%s'", text);
	start_at(PLACE_ANSWER);
	house_keys(vt, "Half before, ");
	loss->begin();
	vt_send(vt, text + strlen("Half before, "));
	house_waits(vt, text);
	vt_send(vt, "\023");
	vt_pump(vt, 100);
	loss_end(loss);
	house_waits(vt, "Answer sent");
	ck_assert_int_eq(database_number(root, sql), 1);
}
END_TEST

// Nothing was under way: the screen tells how long it is cut off, and is itself again without a key.
START_TEST(an_idle_screen_comes_back)
{
	start_at(PLACE_CASES);
	link_cut();
	house_waits(vt, "reconnecting");
	link_mend();
	ck_assert(vt_wait_no_text(vt, "reconnecting"));
	ck_assert(vt_sync(vt));
	house_case(3, "Came meanwhile", "?");
	house_waits(vt, "Came meanwhile");
}
END_TEST

Suite *alive_suite(void)
{
	Suite *suite = suite_create("alive");
	TCase *tests = tcase_create("alive");

	tcase_set_timeout(tests, 300);
	tcase_add_unchecked_fixture(tests, build_house, NULL);
	tcase_add_checked_fixture(tests, start, finish);
	tcase_add_loop_test(tests, keys_echo_whatever_happens, 0, ECHOES * FAULTS);
	tcase_add_loop_test(tests, escape_cancels_on_the_server, 0, 4);
	tcase_add_loop_test(tests, goodwill_outlives_the_link, 0, LOSSES);
	tcase_add_test(tests, goodwill_with_its_answer_lost);
	tcase_add_loop_test(tests, article_outlives_the_link, 0, LOSSES);
	tcase_add_test(tests, an_idle_screen_comes_back);
	suite_add_tcase(suite, tests);
	return suite;
}
