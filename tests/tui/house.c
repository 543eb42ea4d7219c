// Builds the house once a cluster as a template, and copies it for each test.
#include "db/embedded.h"
#include "db/migrate.h"
#include "model/programme/rulebook.h"
#include "tests/tui/house.h"
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEMPLATE "house_template"

static struct vt *terminals[8]; // of the test at hand
static int terminal_count;
static pid_t worker; // beside them, 0: none

// The last three are hostile: escape sequences, a bidirectional override, as many combining marks as a name
// takes.
static const char *const names[HOUSE_MEMBERS][2] = {{"Ayşe", "Yılmaz"}, {"İbrahim", "Şahin"},
	{"Jürgen", "Groß"}, {"محمد", "علي"}, {"太郎", "山田"}, {"Zoe\314\210", "O'Neill"},
	{"Nguyễn", "Văn An"}, {"Łukasz", "Żółć"}, {"Maria", "de los Ángeles Fernández-Villaverde y Montoya"},
	{"Søren", "Ærø"}, {"Олена", "Шевченко"}, {"Ada", "Lovelace"}, {"Grace", "Hopper"}, {"Alan", "Turing"},
	{"Edsger", "Dijkstra"}, {"Barbara", "Liskov"}, {"Donald", "Knuth"}, {"Ken", "Thompson"},
	{"Dennis", "Ritchie"}, {"Brian", "Kernighan"}, {"Radia", "Perlman"},
	{"\033[2J\033[31mEvil", "Escape\a"}, {"\342\200\256Reversed", "Override"}, {"Marks", "Many"}};

static void expect(bool is_good, const struct error *error)
{
	char line[800];
	ck_assert_msg(is_good, "%s", error_line(error, line, sizeof line));
}

static void make_staff(struct session *session)
{
	static const char *const staff[][3] = {{"deniz", "Deniz Kaya", "support"},
		{"bora", "Bora Aksoy", "support"}, {"mona", "Mona Lindgren", "manager"},
		{"nora", "Nora Berg", "manager"}, {"max", "Max Weber", "marketing"},
		{"ana", "Ana Silva", "admin"}};
	struct error error = {0};
	for (size_t i = 0; i < sizeof staff / sizeof *staff; i++)
		expect(session_execute(session, "SELECT loyalty.staff_add($1, $2, $3)", staff[i], 3, &error),
			&error);
}

static void make_member(struct session *session, int n)
{
	struct error error = {0};
	char key[24], email[40], card[24], family[1000];
	snprintf(key, sizeof key, "m%d", n);
	snprintf(email, sizeof email, "m%d@example.org", n);
	snprintf(card, sizeof card, "60001%06d", n);
	snprintf(family, sizeof family, "%s", names[n - 1][1]);
	for (int mark = 0; n == HOUSE_MEMBERS && mark < 190; mark++)
		strcat(family, "\314\201");
	const char *const values[] = {key, names[n - 1][0], family, email, card};
	bool is_good = session_execute(session,
		"SELECT loyalty.enrol_member('house', $1, $2, $3, '1990-05-17', $4, NULL, $5, 'Izmir', 'tr', "
		"'store', '{}')",
		values, 5, &error);
	expect(is_good, &error);
}

static void make_template(void)
{
	const struct embedded_file *document = embedded_find("db/programmes/starbucks_us_2026.conf");
	struct error error = {0};
	database_fresh("house_being_made");
	struct session *session = database_session(NULL);
	ck_assert_ptr_nonnull(document);
	expect(migrate_run(session, NULL, NULL, NULL, &error), &error);
	expect(rulebook_install(
		       session, document->path, document->text, document->length, NULL, NULL, &error),
		&error);
	make_staff(session);
	for (int n = 1; n <= HOUSE_MEMBERS; n++)
		make_member(session, n);
	database_run(session, "SELECT loyalty.submit_event(m.member_id, 'purchase', 'house', 'p' || i || '-' "
			      "|| m.member_id, NULL,"
			      " jsonb_build_object('amount', m.member_id * 1000), 1) FROM loyalty.member m, "
			      "generate_series(1, 2) i"
			      " ORDER BY i, m.member_id");
	session_close(session);
	house_work();
	session = database_session("dbname=postgres");
	database_run(session, "ALTER DATABASE house_being_made RENAME TO " TEMPLATE);
	session_close(session);
}

static bool is_there(struct session *session)
{
	return database_number(session, "SELECT count(*) FROM pg_database WHERE datname = '" TEMPLATE "'") !=
	       0;
}

// What stands in a template may be half made if a test died in it, so it gets its name last.
void house_open(const char *name)
{
	char sql[200];
	struct session *session = database_session("dbname=postgres");
	if (!is_there(session))
		make_template();
	snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s WITH (FORCE)", name);
	database_run(session, sql);
	snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE " TEMPLATE, name);
	database_run(session, sql);
	session_close(session);
	setenv("PGDATABASE", name, 1);
	terminal_count = 0;
}

static const char *program(void)
{
	const char *path = getenv("LOYALTY");
	ck_assert_msg(path && *path, "LOYALTY has to name the program");
	return path;
}

void house_work(void)
{
	program();
	int status = system("\"$LOYALTY\" worker --once >/dev/null");
	ck_assert_msg(
		WIFEXITED(status) && WEXITSTATUS(status) == 0, "the worker ended with status %d", status);
}

struct vt *house_screens(const char *login, const char *option, int rows, int columns)
{
	char user[64], path[4096], argument[128];
	snprintf(user, sizeof user, "PGUSER=%s", login);
	snprintf(path, sizeof path, "%s", program());
	snprintf(argument, sizeof argument, "%s", option ? option : "");
	const char *const environment[] = {user, "TERM=xterm-256color", "LC_ALL=C.UTF-8", "HOME=/nonexistent",
		"XDG_STATE_HOME=/nonexistent", "XDG_CONFIG_HOME=/nonexistent", "NO_COLOR", "LINES", "COLUMNS",
		"ESCDELAY", NULL};
	struct vt *vt = vt_open((char *[]){path, option ? argument : NULL, NULL}, environment, rows, columns);
	if (terminal_count < (int)(sizeof terminals / sizeof *terminals))
		terminals[terminal_count++] = vt;
	ck_assert(vt_sync(vt));
	return vt;
}

void house_leave(struct vt *vt)
{
	for (int i = 0; i < terminal_count; i++)
		if (terminals[i] == vt)
			terminals[i] = terminals[--terminal_count];
	vt_close(vt);
}

void house_close(void)
{
	while (terminal_count > 0)
		vt_close(terminals[--terminal_count]);
}

void house_worker_start(void)
{
	worker = fork();
	ck_assert_int_ge(worker, 0);
	if (worker)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	execl(getenv("LOYALTY"), "loyalty", "worker", NULL);
	_exit(127);
}

void house_worker_stop(void)
{
	if (worker > 0) {
		kill(worker, SIGTERM);
		waitpid(worker, NULL, 0);
	}
	worker = 0;
}

void house_worker_kill(void)
{
	if (worker > 0) {
		kill(worker, SIGKILL);
		waitpid(worker, NULL, 0);
	}
	worker = 0;
}

struct vt *house_member(const char *login, int member, int rows, int columns)
{
	struct vt *vt = house_screens(login, NULL, rows, columns);
	char keys[32];

	snprintf(keys, sizeof keys, "/%d\r", HOUSE_FIRST_NUMBER + member - 1);
	house_keys(vt, keys);
	house_shows(vt, "1 Timeline");
	return vt;
}

int64_t house_points(int member)
{
	char sql[120];

	snprintf(sql, sizeof sql,
		"SELECT points FROM loyalty.balance WHERE member_id = %d AND currency_id = 1", member);
	return house_number(sql);
}

void house_sql(const char *login, const char *sql)
{
	char conninfo[64];
	snprintf(conninfo, sizeof conninfo, "%s%s", login ? "user=" : "", login ? login : "");
	struct session *session = database_session(conninfo);
	database_run(session, sql);
	session_close(session);
}

int64_t house_number(const char *sql)
{
	struct session *session = database_session(NULL);
	int64_t number = database_number(session, sql);
	session_close(session);
	return number;
}

int house_case(int64_t member_id, const char *title, const char *body)
{
	struct error error = {0};
	struct session *session = database_session("user=bora");
	char id[24];
	snprintf(id, sizeof id, "%lld", (long long)member_id);
	const char *const values[] = {id, title, body};
	int64_t number = 0;
	bool is_good = session_number(session,
		"SELECT loyalty.case_open($1, gen_random_uuid(), $2, 'phone', 2, 'from_member', $3)", values,
		3, &number, &error);
	expect(is_good, &error);
	session_close(session);
	return (int)number;
}

void house_submit_version(const char *was, const char *is, int days)
{
	char sql[1100];
	snprintf(sql, sizeof sql,
		"SELECT loyalty.programme_load(v.code, v.code, 'USD', NULL, replace(v.document, '%s', '%s'), "
		"loyalty.business_day() + %d, NULL) FROM loyalty.programme_version v WHERE v.version_no = 1; "
		"SELECT loyalty.programme_version_submit(2, n.sha256, v.projection) FROM loyalty.programme_version v, "
		"loyalty.programme_version n WHERE v.version_no = 1 AND n.version_no = 2",
		was, is, days);
	house_sql("max", sql);
}

void house_keys(struct vt *vt, const char *keys)
{
	vt_send(vt, keys);
	if (vt_sync(vt))
		return;
	vt_print(vt);
	if (vt_has_ended(vt))
		ck_abort_msg("it ended with status %x after the keys %s", vt->status, keys);
	ck_abort_msg("no answer after the keys %s", keys);
}

void house_shows(struct vt *vt, const char *text)
{
	if (vt_find(vt, text, NULL, NULL))
		return;
	vt_print(vt);
	ck_abort_msg("\"%s\" is not on the screen", text);
}

void house_hides(struct vt *vt, const char *text)
{
	if (!vt_find(vt, text, NULL, NULL))
		return;
	vt_print(vt);
	ck_abort_msg("\"%s\" is on the screen", text);
}

void house_waits(struct vt *vt, const char *text)
{
	if (vt_wait_text(vt, text))
		return;
	vt_print(vt);
	ck_abort_msg("\"%s\" did not come", text);
}
