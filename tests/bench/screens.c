// Measures loyalty's screens against the floor, in turn, and prints samples: NAME.what <tab> round <tab>
// value. usage: screens ROUNDS PAGES IDLE_SECONDS RELAY_DIRECTORY; the database as libpq's environment says.
#include "db/session.h"
#include "tests/bench/relay.h"
#include "tests/bench/subject.h"

#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	MOVES = 20,
	PAGES = 20,
	FINDS = 20,
	OPENS = 10,
	BURST = 500,
	KEYS_HELD = 10000,
	DEEP_PAGES = 50,
	STARTS = 3
};

static char finds[FINDS][32];          // numbers of members all over the table
static char after_burst[SUBJECTS][32]; // number of the member that BURST keys lead to

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static double median(int64_t *values, int count)
{
	qsort(values, (size_t)count, sizeof *values, by_value);
	return (double)(values[count / 2] + values[(count - 1) / 2]) / 2;
}

// Types `keys` so many times, one after the other: the median time as `what`, the most bytes for one as
// what_bytes.
static void measure(struct subject *subject, const char *what, int round, const char *keys, int times)
{
	int64_t us[DEEP_PAGES];
	long most = 0;
	char name[64];
	for (int i = 0; i < times; i++) {
		struct reply reply = subject_type(subject, keys);
		us[i] = reply.us;
		if (reply.bytes > most)
			most = reply.bytes;
	}
	sample(subject->kind, what, round, median(us, times));
	snprintf(name, sizeof name, "%s_bytes", what);
	sample(subject->kind, name, round, (double)most);
}

static void measure_open(struct subject *subject, int round)
{
	int64_t open_us[OPENS], back_us[OPENS];
	for (int i = 0; i < OPENS; i++) {
		open_us[i] = subject_type(subject, subject->kind->open).us;
		back_us[i] = subject_type(subject, subject->kind->back).us;
	}
	sample(subject->kind, "open", round, median(open_us, OPENS));
	sample(subject->kind, "back", round, median(back_us, OPENS));
}

static void measure_find(struct subject *subject, int round)
{
	int64_t us[FINDS];
	char keys[64];
	for (int i = 0; i < FINDS; i++) {
		snprintf(keys, sizeof keys, "%s%.31s%s", subject->kind->find, finds[i],
			subject->kind->find_end);
		us[i] = subject_type(subject, keys).us;
		if (!vt_find(subject->vt, finds[i], NULL, NULL))
			bench_fail(subject->kind->name, "a member was not found by number");
		subject_type(subject, subject->kind->found_back);
	}
	sample(subject->kind, "find", round, median(us, FINDS));
}

static void measure_end(struct subject *subject, int round)
{
	int64_t us[OPENS];
	for (int i = 0; i < OPENS; i++) {
		us[i] = subject_type(subject, subject->kind->last).us;
		subject_type(subject, subject->kind->first);
	}
	sample(subject->kind, "end", round, median(us, OPENS));
}

static const char *repeated(const char *key, int times)
{
	static char keys[4000];
	keys[0] = '\0';
	for (int i = 0; i < times; i++)
		strcat(keys, key);
	return keys;
}

static void measure_burst(struct subject *subject, int round)
{
	subject_type(subject, subject->kind->first);
	sample(subject->kind, "burst", round,
		(double)subject_type(subject, repeated(subject->kind->down, BURST)).us);
	bool is_exact = strstr(subject_selected(subject), after_burst[subject->kind - subject_kinds]) != NULL;
	sample(subject->kind, "burst_inexact", round, !is_exact);
	subject_type(subject, subject->kind->first);
}

static void measure_start(const struct subject_kind *kind, int round)
{
	struct subject subject;
	int64_t usable_us[STARTS], frame_us[STARTS];
	for (int i = 0; i < STARTS; i++) {
		subject_start(&subject, kind, NULL, false);
		frame_us[i] = subject.first_frame_us;
		usable_us[i] = subject.usable_us;
		subject_stop(&subject);
	}
	sample(kind, "first_frame", round, median(frame_us, STARTS));
	sample(kind, "usable", round, median(usable_us, STARTS));
}

static void measure_round(const struct subject_kind *kind, int round)
{
	struct subject subject;
	measure_start(kind, round);
	subject_start(&subject, kind, NULL, false);
	subject_type(&subject, "");
	sample(kind, "resident_kb", round, (double)subject_resident_kb(&subject));
	subject_type(&subject, kind->down); // the first move of all also brings the position
	subject_type(&subject, kind->up);
	measure(&subject, "down", round, kind->down, MOVES);
	measure(&subject, "up", round, kind->up, MOVES);
	measure(&subject, "page", round, kind->page_down, PAGES);
	subject_type(&subject, kind->first);
	measure_open(&subject, round);
	measure_find(&subject, round);
	measure_end(&subject, round);
	measure_burst(&subject, round);
	subject_stop(&subject);
}

// Far down: as many pages as asked for, the last of them timed.
static void measure_deep(const struct subject_kind *kind, int pages)
{
	struct subject subject;
	subject_start(&subject, kind, NULL, false);
	for (int i = 0; i < pages; i++)
		subject_type(&subject, kind->page_down);
	measure(&subject, "deep_page", 0, kind->page_down, DEEP_PAGES);
	subject_stop(&subject);
}

static void measure_memory(const struct subject_kind *kind)
{
	struct subject subject;
	subject_start(&subject, kind, NULL, false);
	subject_type(&subject, repeated(kind->down, BURST));
	int64_t before = subject_resident_kb(&subject);
	for (int i = 0; i < KEYS_HELD / BURST; i++)
		subject_type(&subject, repeated(kind->down, BURST));
	sample(kind, "resident_before_kb", 0, (double)before);
	sample(kind, "resident_after_kb", 0, (double)subject_resident_kb(&subject));
	subject_stop(&subject);
}

// Nothing is typed and nothing changes: nothing may be written and nothing may wake it.
static void measure_idle(const struct subject_kind *kind, int seconds)
{
	struct subject subject;
	subject_start(&subject, kind, NULL, false);
	subject_type(&subject, "");
	while (vt_pump(subject.vt, 500))
		;
	long bytes = subject.vt->bytes;
	int64_t sleeps = subject_sleeps(&subject), end_us = now_us() + seconds * (int64_t)1000000;
	for (int64_t left_us; (left_us = end_us - now_us()) > 0;)
		vt_pump(subject.vt, (int)(left_us / 1000) + 1);
	sample(kind, "idle_wakeups", 0, (double)(subject_sleeps(&subject) - sleeps));
	sample(kind, "idle_bytes", 0, (double)(subject.vt->bytes - bytes));
	subject_stop(&subject);
}

static int trips_for(struct subject *subject, struct relay *relay, const char *keys)
{
	relay_forget(relay);
	subject_type(subject, keys);
	return relay_round_trips(relay);
}

// The least of several starts: by the time the list is seen here, the program may have gone on to what comes
// after it.
static int trips_to_start(const struct subject_kind *kind, struct relay *relay, const char *directory)
{
	struct subject subject;
	int least = INT_MAX;
	for (int i = 0; i < STARTS; i++) {
		relay_forget(relay);
		subject_start(&subject, kind, directory, false);
		int trips = relay_round_trips(relay);
		if (trips < least)
			least = trips;
		subject_stop(&subject);
	}
	return least;
}

static void measure_trips(const struct subject_kind *kind, struct relay *relay, const char *directory)
{
	struct subject subject;
	char keys[64];
	relay_forget(relay);
	relay_hold(relay, true);
	subject_start(&subject, kind, directory, true);
	sample(kind, "frame_waits", 0, relay_round_trips(relay) > 1);
	subject_stop(&subject);
	relay_hold(relay, false);
	sample(kind, "start_trips", 0, trips_to_start(kind, relay, directory));
	subject_start(&subject, kind, directory, false);
	subject_type(&subject, "");
	snprintf(keys, sizeof keys, "%s%.31s%s", kind->find, finds[0], kind->find_end);
	sample(kind, "find_trips", 0, trips_for(&subject, relay, keys));
	subject_type(&subject, kind->found_back);
	sample(kind, "end_trips", 0, trips_for(&subject, relay, kind->last));
	subject_stop(&subject);
}

static void ask(struct session *session, const char *sql, char *out, size_t size)
{
	struct error error = {0};
	struct result *result = session_query(session, sql, NULL, 0, &error);
	if (!result || !result_rows(result))
		bench_fail("numbers of members", result ? "no such row" : error.why);
	snprintf(out, size, "%s", result_text(result, 0, 0));
	result_free(result);
}

static void prepare(void)
{
	struct error error = {0};
	char sql[300];
	struct session *session = session_open("", "loyalty bench", &error);
	if (!session)
		bench_fail("connecting", error.why);
	for (int i = 0; i < SUBJECTS; i++) {
		snprintf(sql, sizeof sql, "%s OFFSET %d LIMIT 1", subject_kinds[i].numbers, BURST);
		ask(session, sql, after_burst[i], sizeof after_burst[i]);
	}
	for (int i = 0; i < FINDS; i++) {
		snprintf(sql, sizeof sql,
			"SELECT number FROM floor_member WHERE id = (SELECT 1 + max(id) * %d / %d FROM "
			"floor_member)",
			i, FINDS);
		ask(session, sql, finds[i], sizeof finds[i]);
	}
	session_close(session);
}

static struct {
	int rounds, pages, idle_seconds;
	const char *relay_directory, *server_directory;
} wanted;

START_TEST(all)
{
	struct relay *relay = relay_start(wanted.relay_directory, wanted.server_directory);
	if (!relay)
		bench_fail("relay", "cannot listen");
	prepare();
	for (int round = 0; round < wanted.rounds; round++)
		for (int i = 0; i < SUBJECTS; i++)
			measure_round(&subject_kinds[(i + round) % SUBJECTS], round);
	for (const struct subject_kind *kind = subject_kinds; kind < subject_kinds + SUBJECTS; kind++) {
		measure_trips(kind, relay, wanted.relay_directory);
		measure_memory(kind);
		measure_deep(kind, wanted.pages);
		measure_idle(kind, wanted.idle_seconds);
	}
	relay_stop(relay);
}
END_TEST

// What drives the terminal is made for tests and ends the test on failure: so all of it is one test.
int main(int argc, char **argv)
{
	if (argc != 5 || !getenv("PGHOST"))
		bench_fail("usage", "screens ROUNDS PAGES IDLE_SECONDS RELAY_DIRECTORY, with PGHOST set");
	wanted.rounds = atoi(argv[1]);
	wanted.pages = atoi(argv[2]);
	wanted.idle_seconds = atoi(argv[3]);
	wanted.relay_directory = argv[4];
	wanted.server_directory = getenv("PGHOST");
	setvbuf(stdout, NULL, _IOLBF, 0);
	Suite *suite = suite_create("bench");
	TCase *tcase = tcase_create("screens");
	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, all);
	SRunner *runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_NOFORK);
	srunner_run_all(runner, CK_SILENT);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed > 0;
}
