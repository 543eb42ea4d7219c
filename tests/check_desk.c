// The desk around the screens: starting, refusing, reconnecting, roles, health, and being still when nothing
// happens.
#include "tests/frozen.h"
#include "tests/tui/house.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

Suite *desk_suite(void);

static struct vt *vt;

static void start(void)
{
	house_open("house_desk");
	vt = NULL;
}

static void finish(void)
{
	if (vt)
		vt_close(vt);
}

// The program without waiting for anything.
static struct vt *launch(const char *first, const char *second)
{
	const char *const environment[] = {first, second, "TERM=xterm-256color", "LC_ALL=C.UTF-8",
		"HOME=/nonexistent", "XDG_STATE_HOME=/nonexistent", "XDG_CONFIG_HOME=/nonexistent", "LINES",
		"COLUMNS", NULL};
	char path[4096];
	snprintf(path, sizeof path, "%s", getenv("LOYALTY"));
	return vt_open((char *[]){path, NULL}, environment, 24, 80);
}

// A database server that takes connections and never says a word.
static int make_mute_server(char *folder)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(address.sun_path, sizeof address.sun_path, "%s/.s.PGSQL.5432", folder);
	int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_ge(server, 0);
	ck_assert_int_eq(bind(server, (struct sockaddr *)&address, sizeof address), 0);
	ck_assert_int_eq(listen(server, 8), 0);
	return server;
}

START_TEST(draws_before_the_database_answers)
{
	char folder[] = "/tmp/loyalty.mute.XXXXXX", host[64], socket_path[64];
	int server = make_mute_server(folder);
	snprintf(host, sizeof host, "PGHOST=%s", folder);
	vt = launch(host, "PGPORT=5432");
	house_waits(vt, "connecting");
	vt_send(vt, "?");
	house_waits(vt, "Find members");
	vt_send(vt, "\033");
	vt_send(vt, "Q");
	ck_assert(vt_wait_exit(vt));
	ck_assert(vt_tidy(vt));
	close(server);
	snprintf(socket_path, sizeof socket_path, "%s/.s.PGSQL.5432", folder);
	unlink(socket_path);
	rmdir(folder);
}
END_TEST

static void refuses(const char *user, const char *database, const char *why, int status)
{
	vt = launch(user, database);
	ck_assert(vt_wait_exit(vt));
	house_shows(vt, why);
	ck_assert(WIFEXITED(vt->status));
	ck_assert_int_eq(WEXITSTATUS(vt->status), status);
	ck_assert(vt_tidy(vt));
	vt_close(vt);
	vt = NULL;
}

START_TEST(says_why_it_cannot_start)
{
	refuses("PGUSER=postgres", "PGDATABASE=there_is_none", "there is no such database", 3);
	refuses("PGUSER=nobody_knows", "PGDATABASE=house_desk", "the database refused the login", 3);
	refuses("PGHOST=/nonexistent", "PGPORT=5432", "no connection to the database", 3);
	database_fresh("house_empty");
	refuses("PGUSER=postgres", "PGDATABASE=house_empty", "loyalty migrate", 1);
	house_open("house_desk");
	house_sql(NULL, "DO $$ BEGIN CREATE ROLE house_stranger LOGIN; EXCEPTION WHEN duplicate_object THEN "
			"NULL; END $$;"
			" GRANT loyalty_support TO house_stranger");
	refuses("PGUSER=house_stranger", "PGDATABASE=house_desk", "is not active staff", 1);
	house_sql(NULL, "UPDATE migration.applied SET version = 999 WHERE version = (SELECT max(version) "
			"FROM migration.applied)");
	refuses("PGUSER=deniz", "PGDATABASE=house_desk", "999", 1);
}
END_TEST

START_TEST(support_begins_with_members)
{
	vt = house_screens("deniz", NULL, 24, 80);
	house_shows(vt, "Members");
	house_shows(vt, "Ayşe Yılmaz");
	house_shows(vt, "deniz@house_desk support");
	house_shows(vt, "no worker");
}
END_TEST

START_TEST(marketing_begins_with_health)
{
	vt = house_screens("max", NULL, 24, 80);
	house_shows(vt, "Workers");
	house_shows(vt, "max@house_desk marketing");
	house_hides(vt, "Ayşe");
	vt_key(vt, VTERM_KEY_FUNCTION(7));
	ck_assert(vt_sync(vt));
	house_shows(vt, "that is not for your role");
	house_hides(vt, "Failed events are");
}
END_TEST

START_TEST(an_environment_is_seen)
{
	house_sql(NULL, "UPDATE loyalty.programme SET cluster_word = 'PRODUCTION'");
	vt = house_screens("deniz", NULL, 24, 80);
	house_shows(vt, "PRODUCTION");
}
END_TEST

START_TEST(health_tells_of_workers_and_failures)
{
	house_sql(NULL, "INSERT INTO loyalty.worker_heartbeat (worker, posted) VALUES ('w1', 48)");
	house_sql(NULL, "INSERT INTO loyalty.worker_heartbeat (worker, beat_at) VALUES ('w2', now() - "
			"interval '5 min')");
	house_sql(NULL, "INSERT INTO loyalty.outcome (member_id, seq, result, reason) SELECT member_id, "
			"max(seq), 'failed', 'overflow'"
			" FROM loyalty.journal WHERE member_id IN (1, 2) GROUP BY 1");
	house_sql(NULL, "INSERT INTO loyalty.proof (kind, members, entries, replayed, broken, seconds) "
			"VALUES ('ledger', 24, 48, 0, 0, 1)");
	vt = house_screens("mona", NULL, 24, 80);
	vt_key(vt, VTERM_KEY_FUNCTION(11));
	ck_assert(vt_sync(vt));
	house_shows(vt, "ok w1");
	house_shows(vt, "LOST w2");
	house_shows(vt, "2 failed and set aside");
	house_shows(vt, "whole");
	house_shows(vt, "overflow");
	house_keys(vt, "t");
	house_shows(vt, "Done: posting the event again");
	house_shows(vt, "1 failed and set aside");
	house_keys(vt, "x");
	house_shows(vt, "never be posted");
	house_keys(vt, "\t\r");
	house_shows(vt, "0 failed and set aside");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.outcome WHERE result = 'cancelled'"), 1);
}
END_TEST

START_TEST(support_may_not_retry_events)
{
	house_sql(NULL,
		"INSERT INTO loyalty.outcome (member_id, seq, result) SELECT member_id, max(seq), 'failed'"
		" FROM loyalty.journal WHERE member_id = 1 GROUP BY 1");
	vt = house_screens("deniz", NULL, 24, 80);
	vt_key(vt, VTERM_KEY_FUNCTION(11));
	house_keys(vt, "");
	house_keys(vt, "t");
	house_shows(vt, "managers and administrators decide");
}
END_TEST

START_TEST(is_still_when_nothing_happens)
{
	vt = house_screens("deniz", NULL, 24, 80);
	long bytes = vt->bytes;
	ck_assert(!vt_pump(vt, 1500));
	ck_assert_int_eq(vt->bytes, bytes);
}
END_TEST

static void freeze_backends(const char *login)
{
	char sql[160];
	struct error error = {0};
	snprintf(sql, sizeof sql, "SELECT pid FROM pg_stat_activity WHERE usename = '%s'", login);
	struct session *session = database_session(NULL);
	struct result *result = session_query(session, sql, NULL, 0, &error);
	ck_assert_ptr_nonnull(result);
	ck_assert_int_gt(result_rows(result), 0);
	for (int row = 0; row < result_rows(result); row++)
		frozen_add((pid_t)result_int64(result, row, 0));
	result_free(result);
	session_close(session);
}

START_TEST(keys_are_answered_while_the_server_is_stopped)
{
	house_case(1, "Stars missing", "Where?");
	vt = house_screens("deniz", NULL, 24, 80);
	vt_key(vt, VTERM_KEY_FUNCTION(7));
	house_keys(vt, "4");
	house_keys(vt, "\r");
	house_keys(vt, "e");
	house_keys(vt, "typed while");
	freeze_backends("deniz");
	vt_send(vt, "\023");
	house_waits(vt, "sending");
	long bytes = vt->bytes; // a program that waits for the server draws nothing
	vt_send(vt, "\014");
	vt_resize(vt, 24, 90);
	for (int i = 0; i < VT_PATIENCE_MS / 10 && vt->bytes < bytes + 500; i++)
		vt_pump(vt, 10);
	ck_assert_int_ge(vt->bytes, bytes + 500);
	house_waits(vt, "typed while");
	frozen_thaw();
	house_waits(vt, "Answer sent");
	ck_assert_int_eq(
		house_number("SELECT count(*) FROM loyalty.case_article WHERE body = 'typed while'"), 1);
}
END_TEST

START_TEST(comes_back_after_a_loss)
{
	vt = house_screens("deniz", NULL, 24, 80);
	ck_assert_int_gt(house_number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE "
				      "usename = 'deniz'"),
		0);
	vt_key(vt, VTERM_KEY_FUNCTION(7));
	house_waits(vt, "You have no case");
	house_case(2, "After the loss", "x");
	vt_send(vt, "2");
	house_waits(vt, "After the loss");
}
END_TEST

Suite *desk_suite(void)
{
	Suite *suite = suite_create("desk");
	TCase *tests = tcase_create("desk");
	tcase_add_checked_fixture(tests, start, finish);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, draws_before_the_database_answers);
	tcase_add_test(tests, says_why_it_cannot_start);
	tcase_add_test(tests, support_begins_with_members);
	tcase_add_test(tests, marketing_begins_with_health);
	tcase_add_test(tests, an_environment_is_seen);
	tcase_add_test(tests, health_tells_of_workers_and_failures);
	tcase_add_test(tests, support_may_not_retry_events);
	tcase_add_test(tests, is_still_when_nothing_happens);
	tcase_add_test(tests, keys_are_answered_while_the_server_is_stopped);
	tcase_add_test(tests, comes_back_after_a_loss);
	suite_add_tcase(suite, tests);
	return suite;
}
