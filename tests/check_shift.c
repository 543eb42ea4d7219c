// People of the desk at work at once: no save is lost, no deadlock is shown, counters and ledger are right, whoever is
// killed. A few of them in every run; `make soak` has two hundred, ten of them at screens, for ten minutes.
#include "tests/machine.h"
#include "tests/shift.h"
#include "tests/spine.h"
#include "tests/tui/house.h"

#include <check.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

Suite *shift_suite(void);

enum { SCREENS = 8, ECHO_MS = 50, ECHOES = 20000, REPLAY_PERCENT = 100 };

static uint64_t seed;

static int64_t now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static unsigned chance(unsigned below)
{
	seed = seed * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(seed >> 33) % below;
}

static int setting(const char *name, int otherwise)
{
	const char *given = getenv(name);
	return given ? atoi(given) : otherwise;
}

static uint64_t seed_print(const char *command)
{
	const char *given = getenv("LOYALTY_SEED");
	seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
	printf("shift: LOYALTY_SEED=%" PRIu64 " %s\n", seed, command);
	fflush(stdout);
	return seed;
}

// What the worker has still to do, then everything against everything.
static void prove(struct shift *shift, bool is_told)
{
	house_work();
	struct session *session = database_session(NULL);
	shift_write_down(shift, session);
	if (is_told)
		shift_report(shift, session);
	fflush(stdout);
	shift_check(session);
	ck_assert_int_eq(spine_verify(session, REPLAY_PERCENT, true).broken, 0);
	session_close(session);
}

START_TEST(a_few_at_once_lose_nothing)
{
	house_open("house_shift");
	struct shift *shift = shift_begin(&(struct shift_options){
		.people = 5, .deeds = 30, .seed = seed_print("CK_RUN_SUITE=shift build/check")});
	house_worker_start();
	shift_start(shift);
	for (int64_t killed = 0; !shift_is_over(shift);) {
		if (shift_deeds(shift) < 50 * (killed + 1)) {
			poll(NULL, 0, 5);
			continue;
		}
		shift_kill_one(shift);
		killed++;
	}
	house_worker_stop();
	ck_assert_msg(!shift_fault(shift), "%s", shift_fault(shift));
	prove(shift, false);
	shift_end(shift);
}
END_TEST

// One at a screen.
struct seat {
	struct vt *vt;
	int number, notes;
	char login[24];
};

static int echoes_us[ECHOES], echo_count;
static int64_t starved_us;

// Until the cursor has moved, without the time in which others had the processors. The keys before were handled.
static void echo_measure(struct seat *seat, char key)
{
	int row, column, row_now, column_now;
	int64_t starved = machine_starved_us(seat->vt->pid) + machine_starved_us(getpid()), began = now_us(), took;
	vt_cursor(seat->vt, &row, &column);
	vt_send_bytes(seat->vt, &key, 1);
	do {
		vt_pump(seat->vt, 10);
		vt_cursor(seat->vt, &row_now, &column_now);
		took = now_us() - began;
	} while (row_now == row && column_now == column && took < VT_PATIENCE_MS * 1000LL);
	starved = machine_starved_us(seat->vt->pid) + machine_starved_us(getpid()) - starved;
	starved_us += starved;
	if (echo_count < ECHOES)
		echoes_us[echo_count++] = (int)(took > starved ? took - starved : 0);
}

static void seat_take(struct seat *seat)
{
	seat->vt = house_screens(seat->login, "--screen=cases", 24, 100);
	house_keys(seat->vt, "4");
}

// A note in the case under the cursor, key by key. Killed in the midst of it, the words are there again afterwards.
static void note_write(struct seat *seat, bool is_killed)
{
	char text[32];
	int length = snprintf(text, sizeof text, "seat %s note %d", seat->login, ++seat->notes);
	house_keys(seat->vt, "\r");
	house_keys(seat->vt, "i");
	if (!vt_find(seat->vt, "INTERNAL note", NULL, NULL)) { // merged meanwhile, or nothing to stand on
		seat->notes--;
		return;
	}
	for (int i = 0; i < length; i++)
		echo_measure(seat, text[i]);
	if (is_killed) {
		house_keys(seat->vt, "");
		kill(seat->vt->pid, SIGKILL);
		house_leave(seat->vt);
		seat->notes--;
		seat_take(seat);
		return;
	}
	house_keys(seat->vt, "\023");
}

static void seat_work(struct seat *seat)
{
	switch (chance(5)) {
	case 0:
		house_keys(seat->vt, "jjk");
		break;
	case 1:
		house_keys(seat->vt, (char[]){(char)('1' + chance(4)), 0});
		house_keys(seat->vt, "4");
		break;
	case 2:
		house_keys(seat->vt, "n");
		break;
	default:
		note_write(seat, chance(20) == 0);
	}
	if (vt_find(seat->vt, "deadlock", NULL, NULL)) {
		vt_print(seat->vt);
		ck_abort_msg("a deadlock was shown");
	}
	for (int i = 0; i < 2; i++)
		house_keys(seat->vt, "\033");
	house_keys(seat->vt, "C");
	house_keys(seat->vt, "4");
}

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void echoes_tell(void)
{
	qsort(echoes_us, (size_t)echo_count, sizeof echoes_us[0], compare);
	double p99 = echo_count ? echoes_us[echo_count * 99 / 100] / 1e3 : 0;
	printf("key echo: %d keys, p50 %.1f ms, p99 %.1f ms of %d (%.2f), worst %.1f ms; others had the processors for %.1f s of it\n", echo_count,
		echo_count ? echoes_us[echo_count / 2] / 1e3 : 0, p99, ECHO_MS, p99 / ECHO_MS, echo_count ? echoes_us[echo_count - 1] / 1e3 : 0,
		(double)starved_us / 1e6);
}

static void seats_check(const struct seat *seats)
{
	for (int i = 0; i < SCREENS; i++) {
		char sql[300];
		snprintf(sql, sizeof sql, "SELECT count(*) - count(DISTINCT a.body) + abs(count(*) - %d) FROM loyalty.case_article a"
			" WHERE a.author = '%s' AND a.body LIKE 'seat %%'", seats[i].notes, seats[i].login);
		ck_assert_msg(house_number(sql) == 0, "%s wrote %d notes at a screen, and others stand", seats[i].login, seats[i].notes);
	}
}

// At the screens the text of each seat; in the database everybody else, and now and then one of each, or the worker, is killed.
START_TEST(many_at_once_lose_nothing)
{
	struct seat seats[SCREENS];
	int people = setting("LOYALTY_STAFF", 200), seconds = setting("LOYALTY_SECONDS", 600);
	house_open("house_shift");
	struct shift *shift = shift_begin(&(struct shift_options){.people = people, .deeds = 4000, .think_ms = setting("LOYALTY_THINK_MS", 2000),
		.seed = seed_print("make soak SOAK=shift")});
	house_worker_start();
	for (int i = 0; i < SCREENS; i++) {
		seats[i] = (struct seat){.number = i};
		snprintf(seats[i].login, sizeof seats[i].login, "seat%d", i + 1);
		char sql[100];
		snprintf(sql, sizeof sql, "SELECT loyalty.staff_add('%s', 'Seat %d', 'support')", seats[i].login, i + 1);
		house_sql(NULL, sql);
		seat_take(&seats[i]);
	}
	shift_start(shift);
	int64_t end = now_us() + seconds * 1000000LL, kill_at = now_us(), look_at = now_us();
	for (int i = 0; now_us() < end && !shift_fault(shift); i++) {
		seat_work(&seats[i % SCREENS]);
		for (; now_us() > kill_at; kill_at += 500000 + chance(1000000))
			shift_kill_one(shift);
		if (now_us() > look_at) { // while everybody is at it
			ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.case_broken()"), 0);
			house_worker_kill();
			house_worker_start();
			look_at = now_us() + 10000000;
		}
	}
	shift_call_home(shift);
	house_worker_stop();
	ck_assert_msg(!shift_fault(shift), "%s", shift_fault(shift));
	for (int i = 0; i < SCREENS; i++)
		ck_assert(vt_sync(seats[i].vt));
	echoes_tell();
	prove(shift, true);
	seats_check(seats);
	shift_end(shift);
}
END_TEST

Suite *shift_suite(void)
{
	Suite *suite = suite_create("shift");
	TCase *few = tcase_create("few"), *soak = tcase_create("soak");
	tcase_add_checked_fixture(few, NULL, house_worker_stop);
	tcase_set_timeout(few, 60);
	tcase_add_test(few, a_few_at_once_lose_nothing);
	suite_add_tcase(suite, few);
	if (getenv("LOYALTY_SOAK")) {
		tcase_set_timeout(soak, 3600);
		tcase_add_checked_fixture(soak, NULL, house_close);
		tcase_add_test(soak, many_at_once_lose_nothing);
		suite_add_tcase(suite, soak);
	}
	return suite;
}
