// Random keys at the whole program over a real database: no crash, no hang, a tidy terminal, and a ledger
// that proves. CHECK_SEEDS is the number of seeds; `make soak-keys` takes 50 of them under the sanitizers, 1
// MB of keys in all.
#include "tests/tui/places.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

Suite *random_suite(void);

enum { SEEDS = 1, SEED_BYTES = 20000, PIECE_MOST = 64, SANITIZER_STATUS = 99 };

static struct vt *vt;

static void start(void)
{
	vt = NULL;
	places_open_house("house_random");
}

static void finish(void)
{
	if (vt)
		vt_close(vt);
}

// Keys that do something more often than chance would have it: ways into screens, forms filled and sent.
static const char *const pieces[] = {"\033[A", "\033[B", "\033OC", "\033OD", "\033[5~", "\033[6~", "\033[H",
	"\033[F", "\033", "\033", "\r", "\r", "\r", "\t", "\033[Z", "\033[200~pasted\n\033[31mtext\033[201~",
	"ş", "漢", "e\314\201", "\377", "\360\237", "/ay\r", ":cases\r", ":members\r", ":health\r",
	":approvals\r", ":999999\r", "C", "C4", "A", "H", "E", "\023", "\033OP", "\033[18~", "\033[19~",
	"p50\tbecause\t\t\023", "pabc\t\t\023", "p99999999999999999999\tx\023", "d\r\r", "x", "u\ty\r", "w",
	"cTitle\tbody\023", "etext\023", "inote\023", "R", "tcause\tk\023", "2", "3", "4", "5", "6", "7", "a",
	"n", "t", "yes\t\r", "eFirst\tLast\t\t\t\t\t\t\t\023", "?", "\033[M !!", "\033[<0;10;5M", "\033[1;5C",
	"\177", "\033]0;title\a", "M", "r", "\022", "12345j", "\014", "99999G"};

// Deeds done in full, from wherever the keys before have led: each key waits for what the one before caused.
static const char *const deeds[] = {"E\rp5\tbecause\t\t\r", "E\rp300\tmuch\t\t\r", "EG\r3x\tdamaged\t\ry",
	"E\rd\r\r", "E\rcTitle\tbody\t\t\r", "C4\reanswer\023", "C4\rt", "C4\rRcause\tk\r", "Aa\tyes\t\r"};

// Whether what the keys caused is on the screen; false: the program was left by an earlier key.
static bool is_done(void)
{
	int wanted = vt->syncs + 1;

	vt_send(vt, "\033[999~");
	for (int tries = 0; vt->syncs < wanted && !vt_has_ended(vt); tries++) {
		ck_assert_msg(tries < 1000, "no answer to a key");
		vt_pump(vt, 20);
	}
	return vt->syncs >= wanted;
}

static void do_deed(void)
{
	const char *key = deeds[(size_t)rand() % (sizeof deeds / sizeof deeds[0])];

	vt_send(vt, "\033[201~\033y\033y\033y\033y");
	while (*key && is_done())
		vt_send(vt, (char[]){*key++, 0});
}

// A key that leaves the program only costs a new start. Not among them are those that would reach the
// terminal as a signal while it is being left.
static size_t random_piece(char out[PIECE_MOST])
{
	const char *piece = pieces[(size_t)rand() % (sizeof pieces / sizeof pieces[0])];
	char byte[2] = {(char)(1 + rand() % 126), 0};

	if (rand() % 3 == 0 && !strchr("\003\032\034", byte[0]))
		piece = byte;
	return (size_t)snprintf(out, PIECE_MOST, "%s", piece);
}

// The sanitizers write what they find to a file, since the terminal is the program's.
static const char *report_path(void)
{
	static char path[64];

	snprintf(path, sizeof path, "/tmp/loyalty.random.%d", (int)getpid());
	return path;
}

static void open_program(void)
{
	char options[200];

	snprintf(options, sizeof options, "exitcode=%d:log_path=%s:detect_leaks=1", SANITIZER_STATUS,
		report_path());
	setenv("ASAN_OPTIONS", options, 1);
	snprintf(options, sizeof options, "exitcode=%d:log_path=%s:print_stacktrace=1", SANITIZER_STATUS,
		report_path());
	setenv("UBSAN_OPTIONS", options, 1);
	vt = house_screens("mona", NULL, 24, 80);
}

static void ended_well(unsigned seed)
{
	char command[200];
	bool has_left = WIFEXITED(vt->status) && WEXITSTATUS(vt->status) == 0;
	bool was_ended = WIFSIGNALED(vt->status) && WTERMSIG(vt->status) == SIGTERM;

	if (!has_left && !was_ended) {
		snprintf(command, sizeof command, "cat %s.* >&2; rm -f %s.*", report_path(), report_path());
		if (system(command) != 0)
			fprintf(stderr, "no report of a sanitizer\n");
		vt_print(vt);
		ck_abort_msg("wait status %x; CHECK_SEED=%u make soak-keys", vt->status, seed);
	}
	ck_assert_msg(vt_tidy(vt), "untidy; CHECK_SEED=%u make soak-keys", seed);
}

static void close_program(unsigned seed)
{
	if (!vt_has_ended(vt))
		kill(vt->pid, SIGTERM);
	ck_assert_msg(vt_wait_exit(vt), "it hangs; CHECK_SEED=%u make soak-keys", seed);
	ended_well(seed);
	vt_close(vt);
	vt = NULL;
}

static void type_at_random(unsigned seed)
{
	char piece[PIECE_MOST];

	open_program();
	for (size_t typed = 0; typed < SEED_BYTES;) {
		size_t length = random_piece(piece);
		vt_send_bytes(vt, piece, length);
		typed += length;
		if (rand() % 100 == 0)
			vt_resize(vt, 1 + rand() % 40, 1 + rand() % 120);
		if (rand() % 20 == 0)
			vt_pump(vt, 1);
		vt_pump(vt, 0);
		if (vt_has_ended(vt)) {
			close_program(seed);
			open_program();
		}
		if (rand() % 200 == 0)
			do_deed();
	}
	close_program(seed);
}

START_TEST(random_keys_break_nothing)
{
	unsigned seed = places_seed("random", "make soak-keys");

	type_at_random(seed);
	house_work();
	ck_assert_int_eq(
		house_number("SELECT (SELECT count(*) FROM loyalty.ledger_broken(0, 9223372036854775807)) + "
			     "(SELECT count(*) FROM loyalty.entry_broken(0, 9223372036854775807))"),
		0);
	int status = system("\"$LOYALTY\" verify --replay 100 >&2");
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "verify ended with %x; CHECK_SEED=%u",
		status, seed);
}
END_TEST

Suite *random_suite(void)
{
	const char *given = getenv("CHECK_SEEDS");
	Suite *suite = suite_create("random");
	TCase *tests = tcase_create("random");

	tcase_set_timeout(tests, 600);
	tcase_add_checked_fixture(tests, start, finish);
	tcase_add_loop_test(tests, random_keys_break_nothing, 0,
		getenv("CHECK_SEED") ? 1
		: given              ? atoi(given)
				     : SEEDS);
	suite_add_tcase(suite, tests);
	return suite;
}
