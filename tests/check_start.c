// The program before a database that is not as it should be: one clear message, the right exit status, a tidy
// terminal.
#include "tests/tui/places.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

Suite *start_suite(void);

static struct vt *vt;

static void run_sql(const char *database, const char *sql)
{
	char conninfo[64];

	snprintf(conninfo, sizeof conninfo, "dbname=%s", database);
	struct session *session = database_session(conninfo);
	database_run(session, sql);
	session_close(session);
}

static void build_houses(void)
{
	database_fresh("start_empty");
	places_open_house("start_older");
	places_open_house("start_newer");
	places_open_house("start_house");
	run_sql("start_older",
		"DELETE FROM migration.applied WHERE version = (SELECT max(version) FROM migration.applied)");
	run_sql("start_newer", "INSERT INTO migration.applied SELECT max(version) + 1, 'later', '\\x00' FROM "
			       "migration.applied");
	run_sql("start_house", "DROP ROLE IF EXISTS stranger; CREATE ROLE stranger LOGIN; GRANT CONNECT ON "
			       "DATABASE start_house TO stranger");
}

static void start(void)
{
	vt = NULL;
}

static void finish(void)
{
	if (vt)
		vt_close(vt);
}

static const struct state {
	const char *environment[4];
	int screens, verb; // exit statuses of the screens and of a verb
	const char *what, *todo;
} states[] = {
	{{"PGDATABASE=start_nowhere"}, 3, 3, "there is no such database", "create it with createdb"},
	{{"PGHOST=/nonexistent"}, 3, 3, "no connection to the database", "check that PostgreSQL runs"},
	{{"PGDATABASE=start_empty"}, 1, 1, "the database is empty", "run loyalty migrate"},
	{{"PGDATABASE=start_older", "PGUSER=mona"}, 1, 1, "the database is older than this program",
		"run loyalty migrate"},
	{{"PGDATABASE=start_newer", "PGUSER=mona"}, 1, 1, "the database is newer than this program",
		"install the newer program"},
	{{"PGDATABASE=start_house", "PGUSER=nobody_at_all"}, 3, 3, "the database refused the login",
		"check user and password"},
	{{"PGDATABASE=start_house", "PGUSER=stranger"}, 1, 1, "you may not do this",
		"ask whoever manages the staff"},
};

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

static void open_in(const struct state *state, char *const *arguments)
{
	const char *environment[8] = {"HOME=/nonexistent", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "PGPASSWORD"};
	char path[4096];

	for (int i = 0; i < 3; i++)
		environment[4 + i] = state->environment[i];
	snprintf(path, sizeof path, "%s", getenv("LOYALTY"));
	vt = vt_open((char *[]){path, arguments[0], arguments[0] ? arguments[1] : NULL,
			     arguments[0] ? arguments[2] : NULL, NULL},
		environment, 24, 200);
}

// Where the line begins that says it, joined with the one it was broken into.
static void says(const struct state *state, int status)
{
	char line[1000] = "";
	int row;

	ck_assert(vt_wait_exit(vt));
	if (!vt_find(vt, "loyalty: ", &row, NULL)) {
		vt_print(vt);
		ck_abort_msg("no message");
	}
	for (int i = row; i < 24 && i < row + 3; i++)
		snprintf(line + strlen(line), sizeof line - strlen(line), "%s", vt_row(vt, i));
	ck_assert_msg(strstr(line, state->what) && strstr(line, state->todo), "%s", line);
	ck_assert_msg(WIFEXITED(vt->status) && WEXITSTATUS(vt->status) == status, "wait status %x: %s",
		vt->status, line);
	ck_assert_msg(!strstr(strstr(line, "loyalty: ") + 1, "loyalty: "), "more than one message: %s", line);
}

START_TEST(screens_say_what_is_wrong)
{
	open_in(&states[_i], (char *[]){NULL});
	says(&states[_i], states[_i].screens);
	ck_assert(vt_tidy(vt));
}
END_TEST

START_TEST(verbs_say_what_is_wrong)
{
	char verb[] = "member", find[] = "find", name[] = "ay";

	open_in(&states[_i], (char *[]){verb, find, name});
	says(&states[_i], states[_i].verb);
}
END_TEST

// Who may not see members starts with what everybody may see, and is told why the rest does not open.
START_TEST(marketing_starts_without_members)
{
	setenv("PGDATABASE", "start_house", 1);
	vt = house_screens("max", NULL, 24, 80);
	house_hides(vt, "Ayşe");
	house_shows(vt, "max@start_house marketing");
	house_keys(vt, "E");
	house_hides(vt, "Ayşe");
	house_shows(vt, "not");
	house_keys(vt, ":members\r");
	house_hides(vt, "Ayşe");
	house_keys(vt, ":cases\r");
	house_hides(vt, "Stars missing");
	vt_send(vt, "Q");
	ck_assert(vt_wait_exit(vt));
	ck_assert_int_eq(vt->status, 0);
}
END_TEST

// Logins by password for one person only; undone by finish_passwords().
static void begin_passwords(void)
{
	run_sql("start_house", "ALTER ROLE mona PASSWORD 'right'");
	run_sql("start_house", "COPY (SELECT 'local all mona scram-sha-256' UNION ALL SELECT 'local all all "
			       "trust') TO PROGRAM 'cat >pg_hba.conf'");
	run_sql("start_house", "SELECT pg_reload_conf()");
}

static void finish_passwords(void)
{
	run_sql("start_house", "COPY (SELECT 'local all all trust') TO PROGRAM 'cat >pg_hba.conf'");
	run_sql("start_house", "SELECT pg_reload_conf()");
	run_sql("start_house", "ALTER ROLE mona PASSWORD NULL");
}

START_TEST(a_wrong_password_is_asked_for_again)
{
	const struct state state = {.environment = {"PGDATABASE=start_house", "PGUSER=mona"}};

	open_in(&state, (char *[]){NULL});
	house_waits(vt, "Password:");
	house_hides(vt, "Wrong");
	vt_send(vt, "wrong\r");
	house_waits(vt, "Wrong password. Password:");
	ck_assert(!vt_wrote(vt, "wrong\r"));
	vt_send(vt, "right\r");
	house_waits(vt, "Ayşe Yılmaz");
	ck_assert(!vt_wrote(vt, "right"));
}
END_TEST

Suite *start_suite(void)
{
	Suite *suite = suite_create("start");
	TCase *tests = tcase_create("states"), *passwords = tcase_create("passwords");

	tcase_set_timeout(tests, 60);
	tcase_add_unchecked_fixture(tests, build_houses, NULL);
	tcase_add_checked_fixture(tests, start, finish);
	tcase_add_loop_test(tests, screens_say_what_is_wrong, 0, COUNT(states));
	tcase_add_loop_test(tests, verbs_say_what_is_wrong, 0, COUNT(states));
	tcase_add_test(tests, marketing_starts_without_members);
	suite_add_tcase(suite, tests);
	tcase_set_timeout(passwords, 60);
	tcase_add_unchecked_fixture(passwords, begin_passwords, finish_passwords);
	tcase_add_checked_fixture(passwords, start, finish);
	tcase_add_test(passwords, a_wrong_password_is_asked_for_again);
	suite_add_tcase(suite, passwords);
	return suite;
}
