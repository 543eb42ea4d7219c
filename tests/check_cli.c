// The command line: what it prints, where, and with which exit status.
#include "tests/database.h"
#include "tests/program.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct session *root;

static void setup(void)
{
	root = database_migrated("check_cli");
	database_staff(root);
	program_expect(0, "programme load starbucks_us_2026");
}

static void teardown(void)
{
	session_close(root);
}

static bool holds(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

#define ck_holds(text, part) ck_assert_msg(holds(text, part), "\"%s\" does not stand in: %s", part, text)

// Wrong use: status 2, nothing on standard output, one line that begins with loyalty: and names the mistake.
static const struct {
	const char *arguments, *named;
} MISUSES[] = {
	{"bogus", "bogus: there is no such verb"},
	{"staff", "add, list, disable"},
	{"staff bogus", "add, list, disable"},
	{"staff add deniz", "usage: loyalty staff add LOGIN NAME ROLE"},
	{"migrate now", "usage: loyalty migrate"},
	{"--bogus", "--bogus"},
	{"-x migrate", "two dashes"},
	{"migrate --members 5", "migrate takes no such option"},
	{"staff list --format xml", "text|json|csv|html"},
	{"staff list --format", "value is missing"},
	{"migrate --check=yes", "takes no value"},
	{"demo-data --members many", "whole number"},
	{"worker --as-of 2026-02-30", "YYYY-MM-DD"},
	{"staff list --config /nonexistent/loyalty.conf", "/nonexistent/loyalty.conf"},
	{"submit purchase amount=5", "member=NUMBER"},
	{"submit purchase member=1000001 amont=5", "amont=5"},
	{"submit quote member=1000001", "quote"},
	{"submit purchase member", "KEY=VALUE"},
	{"submit purchase member=1 member=2", "twice"},
};

START_TEST(wrong_use)
{
	const struct program *p = program_expect(2, "%s", MISUSES[_i].arguments);
	ck_assert_str_eq(p->out, "");
	ck_assert_msg(strncmp(p->err, "loyalty: ", 9) == 0, "%s", p->err);
	ck_assert_ptr_eq(strchr(p->err, '\n'), p->err + strlen(p->err) - 1);
	ck_holds(p->err, MISUSES[_i].named);
}
END_TEST

START_TEST(help_and_version)
{
	const struct program *p = program_expect(0, "--help");
	ck_assert_str_eq(p->err, "");
	ck_holds(p->out, "usage: loyalty");
	ck_holds(p->out, "import events");
	ck_holds(p->out, "--database CONNINFO");
	ck_holds(p->out, "exit status");
	p = program_expect(0, "import events --help --format json");
	ck_holds(p->out, "external_id");
	ck_holds(p->out, "--dry-run");
	p = program_expect(0, "--help staff");
	ck_holds(p->out, "staff disable");
	p = program_expect(0, "--version");
	ck_assert_msg(strncmp(p->out, "loyalty ", 8) == 0, "%s", p->out);
	program_expect(2, "bogus --help");
}
END_TEST

START_TEST(manual_and_completion)
{
	const struct program *p = program_expect(0, "--man");
	ck_assert_msg(strncmp(p->out, ".TH LOYALTY 1", 13) == 0, "%.40s", p->out);
	ck_holds(p->out, "\\fBsubmit TYPE KEY=VALUE...\\fR");
	p = program_expect(0, "--completion bash");
	const char *script = program_file("completion.bash", p->out);
	char command[600];
	snprintf(command, sizeof command,
		"bash -c '. %s; COMP_WORDS=(loyalty staff d); COMP_CWORD=2; _loyalty; [[ ${COMPREPLY[*]} == disable ]] && "
		"COMP_WORDS=(loyalty import events --d); COMP_CWORD=3; _loyalty; [[ ${COMPREPLY[*]} == *--dry-run* ]] && "
		"COMP_WORDS=(loyalty --format j); COMP_CWORD=2; _loyalty; [[ ${COMPREPLY[*]} == json ]]'",
		script);
	ck_assert_int_eq(system(command), 0);
	ck_holds(program_expect(0, "--completion zsh")->out, "#compdef loyalty");
}
END_TEST

static const struct {
	const char *text;
	int status;
	const char *named;
} CONFIGS[] = {
	{"", 0, ""},
	{"theme = \"light\"; ascii = true; import_chunk = 500;", 0, ""},
	{"keys = ( { action = \"goodwill\"; keys = [ \"F6\" ]; } );", 0, ""},
	{"ascii = true;\ncolour = 1;", 2, ".conf:2: setting colour: there is no such setting"},
	{"theme = \"pink\";", 2, "dark|light|mono"},
	{"mouse = \"yes\";", 2, "true or false"},
	{"import_chunk = 5;", 2, "from 100 to 1000000"},
	{"import_chunk = 1.5;", 2, "from 100 to 1000000"},
	{"database = \"host=db password=secret\";", 2, "no place here"},
	{"keys = ( { action = \"godwill\"; keys = [ \"p\" ]; } );", 2, "godwill"},
	{"keys = ( { keys = [ \"p\" ]; } );", 2, "needs action and keys"},
	{"keys = [ \"p\" ];", 2, "it is a list"},
	{"mail = { command = \"/usr/sbin/sendmail -t -i\"; from = \"Club <club@example.org>\"; };", 0, ""},
	{"mail = { command = \"/usr/sbin/sendmail -t -i\"; };", 2, "mail.from is to be an e-mail address"},
	{"mail = { command = \"sendmail 'x\"; from = \"a@b.c\"; };", 2, "with every quote closed"},
	{"mail = { command = \"s\"; from = \"a@b.c\"; unsubscribe = \"mailto:a@b.c>\"; };", 2, "mail.unsubscribe"},
	{"mail = { colour = 1; };", 2, ".conf:1: setting colour: there is no such setting"},
	{"mail = { seconds = 0; };", 2, "from 1 to 600"},
	{"mail = 1;", 2, "setting mail: there is no such setting"},
	{"theme = { dark = 1; };", 2, "setting theme: there is no such setting"},
	{"theme = ", 2, ".conf:1"},
};

START_TEST(configuration)
{
	const char *file = program_file("test.conf", CONFIGS[_i].text);
	const struct program *p = program_expect(CONFIGS[_i].status, "--check-config --config %s", file);
	ck_holds(p->err, CONFIGS[_i].named);
}
END_TEST

START_TEST(configuration_is_searched)
{
	char folder[128], file[400];
	snprintf(folder, sizeof folder, "%s", program_file("mark", ""));
	*strrchr(folder, '/') = '\0';
	snprintf(file, sizeof file, "mkdir -p %s/loyalty && echo 'colour = 1;' >%s/loyalty/loyalty.conf", folder, folder);
	ck_assert_int_eq(system(file), 0);
	setenv("XDG_CONFIG_HOME", folder, 1);
	ck_holds(program_expect(2, "staff list")->err, "loyalty/loyalty.conf:1");
	setenv("XDG_CONFIG_HOME", "", 1);
	setenv("HOME", "/nonexistent", 1);
	program_expect(0, "staff list");
}
END_TEST

START_TEST(sample_configuration)
{
	ck_holds(program_expect(0, "--check-config --config loyalty.conf")->out, "no mistakes");
}
END_TEST

START_TEST(database_that_cannot_be_reached)
{
	const struct program *p = program_expect(3, "staff list --database host=/nonexistent");
	ck_holds(p->err, "loyalty: no connection to the database");
	p = program_expect(3, "staff list --database dbname=there_is_none");
	ck_holds(p->err, "there is no such database");
	setenv("LOYALTY_DATABASE", "dbname=there_is_none_either", 1);
	program_expect(3, "staff list");
	program_expect(0, "staff list --database dbname=check_cli");
}
END_TEST

START_TEST(schema_older_and_newer)
{
	database_run(root, "UPDATE migration.applied SET version = 9000 WHERE version = (SELECT max(version) FROM migration.applied)");
	ck_holds(program_expect(1, "staff list")->err, "newer than this program");
	ck_holds(program_expect(1, "migrate --check")->err, "newer than this program");
	database_run(root, "DELETE FROM migration.applied WHERE version = 9000");
	ck_holds(program_expect(1, "staff list")->err, "run loyalty migrate");
	database_fresh("check_cli_empty");
	ck_holds(program_expect(1, "staff list")->err, "run loyalty migrate");
	program_expect(1, "migrate --check");
	program_expect(0, "migrate");
	program_expect(0, "migrate --check");
}
END_TEST

// Without a terminal the screens say so, and what to do instead.
START_TEST(screens_without_a_terminal)
{
	const struct program *p = program_run("%s", "");
	ck_assert_int_ne(p->status, 0);
	ck_assert_str_eq(p->out, "");
	ck_holds(p->err, "loyalty: ");
	ck_holds(p->err, "terminal");
}
END_TEST

START_TEST(staff)
{
	program_expect(0, "staff add ayse 'Ayşe Ünal' support");
	ck_holds(program_expect(0, "staff list")->out, "Ayşe Ünal");
	ck_holds(program_expect(0, "staff list --format json")->out, "\"login\": \"ayse\"");
	ck_holds(program_expect(0, "--format=csv staff list")->out, "ayse,Ayşe Ünal,support,yes,");
	program_expect(0, "staff disable ayse");
	ck_holds(program_expect(0, "staff list --format csv")->out, "ayse,Ayşe Ünal,support,no,");
	ck_holds(program_expect(1, "staff disable ayse")->err, "staff list");
	ck_holds(program_expect(1, "staff add x y queen")->err, "roles are");
	program_expect(1, "staff add x y support --database user=deniz");
	program_expect(1, "staff add x y support --read-only");
}
END_TEST

// Formulas are disarmed in CSV, escape sequences on the terminal.
START_TEST(hostile_names)
{
	database_run(root, "INSERT INTO loyalty.staff (login, name, role) VALUES ('evil', E'=cmd|x\\x1b[2J', 'support')");
	ck_holds(program_expect(0, "staff list --format csv")->out, "\"'=cmd|x");
	ck_assert(!holds(program_expect(0, "staff list")->out, "\x1b"));
	ck_holds(program_expect(0, "staff list --format json")->out, "\\u001b[2J");
	ck_assert(!holds(program_expect(1, "member \"$(printf '\\033[2J')\"")->err, "\x1b"));
}
END_TEST

START_TEST(programme)
{
	const struct program *p = program_expect(0, "programme list --format csv");
	ck_holds(p->out, "1,in force,2026-03-10,starbucks_us_2026,");
	ck_holds(program_expect(0, "programme show")->out, "code = \"starbucks_us_2026\"");
	ck_holds(program_expect(0, "programme load starbucks_us_2026")->out, "version 1");
	program_expect(1, "programme show 7");
	program_expect(2, "programme show seven");
	const char *file = program_file("broken.conf", "programme = { code = \"x\"; bogus = 1; };");
	ck_holds(program_expect(1, "programme load %s", file)->err, "broken.conf");
	program_expect(1, "programme load %s/none.conf", "/nonexistent");
	program_expect(1, "programme load sephora_us_2026 --database user=deniz");
}
END_TEST

static void post(void)
{
	program_expect(0, "worker --once");
}

START_TEST(submit)
{
	const struct program *p = program_expect(0, "submit enrol given_name=Ayşe family_name=Yılmaz card=6035-1234 id=e1 --wait 0");
	ck_holds(p->out, "member 1000001, event 1: pending");
	ck_holds(p->err, "no worker");
	post();
	ck_holds(program_expect(0, "submit enrol given_name=Ayşe family_name=Yılmaz card=6035-1234 id=e1")->out, "accepted");
	program_expect(0, "submit purchase member=60351234 lines=drink:10.50,tip:2 id=p1 channel=shop --wait 0");
	post();
	p = program_expect(0, "submit purchase member=1000001 lines=drink:10.50,tip:2 id=p1 channel=shop --format json");
	ck_holds(p->out, "\"status\": \"accepted\"");
	ck_holds(program_expect(1, "submit purchase member=1000001 amount=1 id=p1")->err, "already been sent");
	ck_holds(program_expect(1, "member 60351235")->err, "no member");
	ck_holds(program_expect(0, "member 1000001")->out, "10.50");
	ck_holds(program_expect(0, "member 1000001 --format json")->out, "\"points\": 10.50");
	ck_holds(program_expect(0, "member find yilmaz")->out, "Yılmaz");
	program_expect(1, "member find zzzz");
	program_expect(0, "submit redeem member=1000001 reward=food300 id=r1 --wait 0");
	post();
	ck_holds(program_expect(1, "submit redeem member=1000001 reward=food300 id=r1")->out, "denied: balance");
	p = program_expect(0, "submit adjust member=1000001 currency=STAR amount=900 --database user=deniz");
	ck_holds(p->out, "waiting: more than 250 points");
	program_expect(2, "submit adjust member=1000001 currency=GOLD amount=9");
	program_expect(2, "submit purchase member=1000001 amount=1.234");
	program_expect(1, "submit purchase member=1000001 amount=1 date=2026-02-30");
	program_expect(1, "submit purchase member=1000001 amount=1 --database user=elif");
}
END_TEST

START_TEST(failed_events)
{
	program_expect(0, "submit enrol family_name=Can id=e1 --wait 0");
	post();
	database_run(root, "INSERT INTO loyalty.outcome (member_id, seq, result, detail) VALUES (1, 1, 'failed', 'planted')");
	ck_holds(program_expect(0, "event failed")->out, "planted");
	program_expect(1, "event retry 1000001 77");
	program_expect(2, "event retry 1000001 x");
	program_expect(0, "event cancel 1000001 1");
	ck_assert(!holds(program_expect(0, "event failed")->out, "planted"));
}
END_TEST

START_TEST(output_that_cannot_be_written)
{
	const struct program *p = program_run("staff list >/dev/full");
	ck_assert_int_eq(p->status, 1);
	ck_holds(p->err, "disk is full");
}
END_TEST

Suite *cli_suite(void);

Suite *cli_suite(void)
{
	Suite *suite = suite_create("cli");
	TCase *plain = tcase_create("plain"), *tcase = tcase_create("database");
	tcase_add_loop_test(plain, wrong_use, 0, sizeof MISUSES / sizeof *MISUSES);
	tcase_add_test(plain, help_and_version);
	tcase_add_test(plain, manual_and_completion);
	tcase_add_loop_test(plain, configuration, 0, sizeof CONFIGS / sizeof *CONFIGS);
	tcase_add_test(plain, sample_configuration);
	suite_add_tcase(suite, plain);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, configuration_is_searched);
	tcase_add_test(tcase, database_that_cannot_be_reached);
	tcase_add_test(tcase, schema_older_and_newer);
	tcase_add_test(tcase, screens_without_a_terminal);
	tcase_add_test(tcase, staff);
	tcase_add_test(tcase, hostile_names);
	tcase_add_test(tcase, programme);
	tcase_add_test(tcase, submit);
	tcase_add_test(tcase, failed_events);
	tcase_add_test(tcase, output_that_cannot_be_written);
	suite_add_tcase(suite, tcase);
	return suite;
}
