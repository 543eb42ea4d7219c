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
	OPENS = 20,
	BURST = 500,
	KEYS_HELD = 10000,
	DEEP_PAGES = 50,
	STARTS = 3,
	REPEATS = 3, // of what takes so little that one median is noise
	TRIALS_MAX = 50
};

static char finds[FINDS][32];          // numbers of members all over the table
static char after_burst[SUBJECTS][32]; // number of the member that BURST keys lead to
static struct subject both[SUBJECTS];  // run side by side

static struct {
	int rounds, pages, idle_seconds;
	const char *relay_directory, *server_directory;
} wanted;

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

// What is timed: the last keys typed, after whatever brings the program to where they are wanted.
typedef struct reply trial(struct subject *subject, int number);

// The programs take turns trial by trial, so that whatever else the machine does meets them alike: of each the
// median time as `what`, the most bytes for one as what_bytes.
static void measure(const char *what, int round, trial *type, int times)
{
	static int64_t us[SUBJECTS][TRIALS_MAX];
	long most[SUBJECTS] = {0};
	char name[64];
	for (int number = 0; number < times; number++)
		for (int turn = 0; turn < SUBJECTS; turn++) {
			int which = (turn + number + round) % SUBJECTS;
			struct reply reply = type(&both[which], number);
			us[which][number] = reply.us;
			if (reply.bytes > most[which])
				most[which] = reply.bytes;
		}
	snprintf(name, sizeof name, "%s_bytes", what);
	for (int i = 0; i < SUBJECTS; i++) {
		sample(both[i].kind, what, round, median(us[i], times));
		sample(both[i].kind, name, round, (double)most[i]);
	}
}

static struct reply down(struct subject *subject, int number)
{
	(void)number;
	return subject_type(subject, subject->kind->down);
}

static struct reply up(struct subject *subject, int number)
{
	(void)number;
	return subject_type(subject, subject->kind->up);
}

static struct reply page_down(struct subject *subject, int number)
{
	(void)number;
	return subject_type(subject, subject->kind->page_down);
}

static struct reply first(struct subject *subject, int number)
{
	(void)number;
	return subject_type(subject, subject->kind->first);
}

static struct reply open_member(struct subject *subject, int number)
{
	(void)number;
	struct reply reply = subject_type(subject, subject->kind->open);
	subject_type(subject, subject->kind->back);
	return reply;
}

static struct reply go_back(struct subject *subject, int number)
{
	(void)number;
	subject_type(subject, subject->kind->open);
	return subject_type(subject, subject->kind->back);
}

static struct reply find(struct subject *subject, int number)
{
	char keys[64];
	snprintf(keys, sizeof keys, "%s%.31s%s", subject->kind->find, finds[number], subject->kind->find_end);
	struct reply reply = subject_type(subject, keys);
	if (!vt_find(subject->vt, finds[number], NULL, NULL))
		bench_fail(subject->kind->name, "a member was not found by number");
	subject_type(subject, subject->kind->found_back);
	return reply;
}

static struct reply last(struct subject *subject, int number)
{
	(void)number;
	struct reply reply = subject_type(subject, subject->kind->last);
	subject_type(subject, subject->kind->first);
	return reply;
}

static const char *repeated(const char *key, int times)
{
	static char keys[4000];
	keys[0] = '\0';
	for (int i = 0; i < times; i++)
		strcat(keys, key);
	return keys;
}

static struct reply burst(struct subject *subject, int number)
{
	(void)number;
	subject_type(subject, subject->kind->first);
	return subject_type(subject, repeated(subject->kind->down, BURST));
}

static void start_both(void)
{
	for (int i = 0; i < SUBJECTS; i++)
		subject_start(&both[i], &subject_kinds[i], NULL, false);
}

static void stop_both(void)
{
	for (int i = 0; i < SUBJECTS; i++)
		subject_stop(&both[i]);
}

static void measure_start(int round)
{
	int64_t usable_us[SUBJECTS][STARTS], frame_us[SUBJECTS][STARTS];
	for (int number = 0; number < STARTS; number++)
		for (int turn = 0; turn < SUBJECTS; turn++) {
			struct subject subject;
			int which = (turn + number + round) % SUBJECTS;
			subject_start(&subject, &subject_kinds[which], NULL, false);
			frame_us[which][number] = subject.first_frame_us;
			usable_us[which][number] = subject.usable_us;
			subject_stop(&subject);
		}
	for (int i = 0; i < SUBJECTS; i++) {
		sample(&subject_kinds[i], "first_frame", round, median(frame_us[i], STARTS));
		sample(&subject_kinds[i], "usable", round, median(usable_us[i], STARTS));
	}
}

static void measure_round(int round)
{
	measure_start(round);
	start_both();
	for (int i = 0; i < SUBJECTS; i++) {
		subject_type(&both[i], "");
		sample(both[i].kind, "resident_kb", round, (double)subject_resident_kb(&both[i]));
		subject_type(&both[i], both[i].kind->down); // the first move of all also brings the position
		subject_type(&both[i], both[i].kind->up);
	}
	for (int repeat = 0; repeat < REPEATS; repeat++) { // 20 down and back: no page has to be fetched
		measure("down", round, down, MOVES);
		measure("up", round, up, MOVES);
	}
	measure("page", round, page_down, PAGES);
	measure("first", round, first, 1);
	measure("open", round, open_member, OPENS);
	measure("back", round, go_back, OPENS);
	for (int repeat = 0; repeat < REPEATS; repeat++) {
		measure("find", round, find, FINDS);
		measure("end", round, last, OPENS);
	}
	measure("burst", round, burst, 1);
	for (int i = 0; i < SUBJECTS; i++)
		sample(both[i].kind, "burst_inexact", round,
			strstr(subject_selected(&both[i]), after_burst[i]) == NULL);
	stop_both();
}

// Far down: as many pages as asked for, the last of them timed.
static void measure_deep(int pages)
{
	start_both();
	for (int i = 0; i < SUBJECTS; i++)
		for (int page = 0; page < pages; page++)
			subject_type(&both[i], both[i].kind->page_down);
	for (int round = 0; round < wanted.rounds; round++)
		measure("deep_page", round, page_down, DEEP_PAGES);
	stop_both();
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

START_TEST(all)
{
	struct relay *relay = relay_start(wanted.relay_directory, wanted.server_directory);
	if (!relay)
		bench_fail("relay", "cannot listen");
	prepare();
	for (int round = 0; round < wanted.rounds; round++)
		measure_round(round);
	measure_deep(wanted.pages);
	for (const struct subject_kind *kind = subject_kinds; kind < subject_kinds + SUBJECTS; kind++) {
		measure_trips(kind, relay, wanted.relay_directory);
		measure_memory(kind);
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
