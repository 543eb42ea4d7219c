// What is set up at the desk: the one screen of all its kinds, its form and undo, and that what is switched off is neither offered nor counted by.
#include "screens/settings/settings_kinds.h"
#include "tests/program.h"
#include "tests/tui/house.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *settings_suite(void);

static struct vt *vt;

static void start(void)
{
	house_open("house_settings");
}

static void open_at(const char *login, const char *tab)
{
	vt = house_screens(login, NULL, 24, 80);
	house_keys(vt, ",");
	house_keys(vt, tab);
}

static void expect_text(const char *sql, const char *expected)
{
	struct session *session = database_session(NULL);
	ck_assert_str_eq(database_text(session, sql), expected);
	session_close(session);
}

// The declarations of the screen and those of the database cannot part.
START_TEST(the_table_names_what_the_database_has)
{
	struct session *session = database_session("user=mona");
	for (int i = 0; i < SETTING_KINDS; i++) {
		const struct setting_kind *kind = &SETTING_TABLE[i];
		char sql[200], names[300] = "";
		for (int field = 0; field < kind->count; field++)
			snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", field ? "," : "", kind->fields[field].name);
		snprintf(sql, sizeof sql, "SELECT array_to_string(loyalty.desk_setting_names('%s'), ',')", kind->kind);
		ck_assert_str_eq(database_text(session, sql), names);
		snprintf(sql, sizeof sql, "SELECT count(*) FROM loyalty.desk_settings('%s')", kind->kind);
		ck_assert_int_ge(database_number(session, sql), 0);
	}
	ck_assert_str_eq(database_refusal(session, "SELECT * FROM loyalty.desk_settings('colour')"), "LY002");
	session_close(session);
	session = database_session("user=deniz");
	ck_assert_str_eq(database_refusal(session, "SELECT * FROM loyalty.desk_settings('group')"), "42501");
	session_close(session);
}
END_TEST

// What is typed into the form of a new one, a field after the other, and what the list shows of it then.
static const struct {
	const char *kind, *keys, *shows, *key;
} made[] = {
	{"calendar", "shop\tEurope/Istanbul\t09:00-12:30,13:30-18:00\t\t\t\t\t\t\t", "Europe/Istanbul", "shop"},
	{"holiday", "\t2026-12-25\tChristmas\t", "Christmas", "always|2026-12-25"},
	{"group", "returns\tReturns\t\tdeniz bora\ty\t\t", "bora deniz", "returns"},
	{"promise", "d\tn\t30\t60\t480\t10\t", "480", "desk|2"},
	{"text", "sorry\tSorry\tDear {given_name},\rwe are sorry.\t", "we are sorry.", "sorry"},
	{"macro", "vip\tMake it urgent\t\tpriority=high tag=vip\t", "priority=high tag=vip", "vip"},
	{"checklist", "d\tReceipt seen\rCalled back\t", "Receipt seen Called back", "desk"},
	{"queue", "Guests\ttag=vip\t", "tag=vip", "guests"},
};

static int64_t audit_lines(int kind, const char *what)
{
	char sql[300];
	snprintf(sql, sizeof sql, "SELECT count(*) FROM loyalty.audit_log WHERE login = 'mona' AND action = 'desk.%s' AND object = '%s' AND changed::text LIKE '%%%s%%'",
		made[kind].kind, made[kind].key, what);
	return house_number(sql);
}

static int64_t rows_of(int kind, bool is_off)
{
	char sql[300];
	snprintf(sql, sizeof sql, "SELECT count(*) FROM loyalty.desk_setting_rows('%s') WHERE key = '%s' AND is_off = %s", made[kind].kind, made[kind].key,
		is_off ? "true" : "false");
	return house_number(sql);
}

static void make_and_switch(int kind)
{
	house_keys(vt, (char[]){(char)('1' + kind), 0});
	house_keys(vt, "c");
	house_shows(vt, "A new ");
	house_keys(vt, made[kind].keys);
	house_keys(vt, "\r");
	house_shows(vt, "Saved; u takes it back");
	house_shows(vt, made[kind].shows);
	ck_assert_int_eq(rows_of(kind, false), 1);
	ck_assert_int_ge(audit_lines(kind, "[null, "), 1);
	house_keys(vt, "x"); // what was made is selected
	house_shows(vt, "Switched off; u takes it back");
	house_shows(vt, "Switched off  neither offered nor counted by");
	ck_assert_int_eq(rows_of(kind, true), 1);
	ck_assert_int_eq(audit_lines(kind, "{\"off\": [\"no\", \"yes\"]}"), 1);
	house_keys(vt, "u");
	house_shows(vt, "Taken back");
	ck_assert_int_eq(rows_of(kind, false), 1);
}

START_TEST(each_kind_is_made_switched_off_and_on_again)
{
	open_at("mona", "1");
	house_shows(vt, "24 h"); // of a calendar without hours
	for (int kind = 0; kind < SETTING_KINDS; kind++) {
		ck_assert_str_eq(SETTING_TABLE[kind].kind, made[kind].kind);
		make_and_switch(kind);
	}
}
END_TEST

START_TEST(a_change_is_written_down_and_taken_back)
{
	open_at("mona", "5");
	house_keys(vt, "u");
	house_shows(vt, "nothing was changed here");
	house_keys(vt, "j\r");
	house_shows(vt, "The text received");
	house_keys(vt, "\025We shall see\t\t\r");
	house_shows(vt, "Saved; u takes it back");
	house_shows(vt, "We shall see");
	expect_text("SELECT changed FROM loyalty.audit_log WHERE action = 'desk.text' ORDER BY at DESC LIMIT 1",
		"{\"name\": [\"We look into it\", \"We shall see\"]}");
	house_keys(vt, "u");
	house_shows(vt, "Taken back");
	expect_text("SELECT name FROM loyalty.case_text WHERE text_code = 'received'", "We look into it");
}
END_TEST

static const struct {
	const char *tab, *keys, *says;
} mistakes[] = {
	{"1", "Shop\t", "a-z, 0-9, - and _"},
	{"1", "shop\tMars/Olympus\t\023", "Time zone: there is no time zone \"Mars/Olympus\""},
	{"1", "shop\t\t18:00-09:00\t\023", "Monday: 18:00-09:00 does not come after"},
	{"1", "shop\t\t9 to 5\t\023", "Monday: \"9to5\" are no hours"},
	{"3", "desk\tOther\t\t\t\t\t\023", "Code: there is one already"},
	{"2", "\t2026-02-30\tNever\t\023", "there is no such day"},
	{"3", "returns\tReturns\t\tdeniz eve\t\023", "People: eve is not active support staff"},
	{"4", "d\th\tsoon\t", "whole minutes, as 90"},
	{"4", "d\th\t0\t60\t60\t0\t\023", "First answer: a promise is answer"},
	{"5", "sorry\tSorry\t\t\023", "must not be empty"},
	{"6", "vip\tUrgent\t\texplode=now\t\023", "Steps: a macro does no \"explode\""},
	{"6", "vip\tUrgent\t\tpriority=soon\t\023", "Steps: a macro cannot do \"priority=soon\""},
	{"6", "vip\tUrgent\t\t\t\023", "Steps: a macro that does nothing"},
	{"7", "d\tOne\rOne\t\023", "To be done: a line stands there once"},
	{"8", "Red\tcolour=red\t\023", "Filter: a filter knows no \"colour=red\""},
};

START_TEST(a_mistake_stands_at_its_field)
{
	open_at("mona", "1");
	for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
		house_keys(vt, mistakes[i].tab);
		house_keys(vt, "c");
		house_keys(vt, mistakes[i].keys);
		house_shows(vt, mistakes[i].says);
		house_shows(vt, "A new "); // nothing of what was typed is lost
		house_keys(vt, "\033");
		house_keys(vt, "y");
	}
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.audit_log WHERE action LIKE 'desk.%'"), 0);
}
END_TEST

// Not what is seen: what is reached by it would be left hanging.
START_TEST(what_others_go_by_is_not_switched_off)
{
	static const struct {
		const char *tab, *says;
	} held[] = {{"1", "hese groups count by it: desk"}, {"3", "ases that name no group come here"},
		{"4", "roups without promises of their own go by it"}, {"5", "hese macros send it: posted"}};
	open_at("mona", "1");
	for (size_t i = 0; i < sizeof held / sizeof *held; i++) {
		house_keys(vt, held[i].tab);
		house_keys(vt, "x");
		house_shows(vt, held[i].says);
	}
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.audit_log WHERE action LIKE 'desk.%'"), 0);
}
END_TEST

// Both stand there, field by field; what was not touched keeps what the other wrote.
START_TEST(two_who_change_one_lose_nothing)
{
	open_at("mona", "6");
	house_keys(vt, "j\r");
	house_shows(vt, "The macro received");
	house_sql("nora", "SELECT loyalty.case_macro_set('received', 'Of Nora', 'received', 'assign=me tag=nora')");
	house_keys(vt, "\025Of Mona\023");
	house_shows(vt, "Changed meanwhile");
	house_shows(vt, "now \"Of Nora\"");
	house_shows(vt, "now \"assign=me");
	house_keys(vt, "\t\t");
	house_shows(vt, "now \"assign=me tag=nora\""); // whole, where there is no room beside the field
	house_keys(vt, "\023");
	house_waits(vt, "Saved; u takes it back");
	expect_text("SELECT name || ', ' || steps FROM loyalty.case_macro WHERE macro_code = 'received'", "Of Mona, assign=me tag=nora");
}
END_TEST

START_TEST(what_others_change_is_shown_by_itself)
{
	open_at("mona", "5");
	house_sql("nora", "SELECT loyalty.case_text_set('late', 'It comes late', 'Dear {given_name}')");
	house_waits(vt, "It comes late");
	house_leave(vt);
	vt = house_screens("deniz", NULL, 24, 80);
	house_keys(vt, ",");
	house_hides(vt, "Settings");
}
END_TEST

START_TEST(what_is_off_is_not_offered)
{
	house_case(1, "Alpha", "a");
	house_sql("mona", "SELECT loyalty.desk_calendar_set('shop', k, v) FROM (VALUES ('zone', 'UTC'), ('mon', '00:00-24:00'), ('tue', '00:00-24:00'),"
			  " ('holiday', '2026-12-28:Closed')) x (k, v)");
#define DUE "SELECT (loyalty.calendar_add('shop', '2026-12-28 00:00+00', 3600) AT TIME ZONE 'UTC')::text"
	expect_text(DUE, "2026-12-29 01:00:00");
	house_sql("mona", "SELECT loyalty.desk_setting_switch('holiday', 'shop|2026-12-28', true)");
	expect_text(DUE, "2026-12-28 01:00:00");
	house_sql("mona", "SELECT loyalty.desk_setting_switch('macro', 'posted', true), loyalty.desk_setting_switch('text', 'posted', true)");
	struct session *deniz = database_session("user=deniz");
	ck_assert_int_eq(database_number(deniz, "SELECT count(*) FROM loyalty.case_texts(1, 1)"), 1);
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.case_macro_run(1, 1, NULL, gen_random_uuid(), 'posted')"), "LY004");
	house_sql("mona", "SELECT loyalty.desk_group_set('returns', 'name', 'Returns')");
	house_sql("mona", "SELECT loyalty.desk_sla_set('returns', 'high', 'answer', 5)");
	house_sql("mona", "SELECT loyalty.desk_setting_switch('promise', 'returns|1', true)");
	ck_assert_int_eq(house_number("SELECT extract(epoch FROM loyalty.sla_due('returns', 1, 'answer', now()) - now())::int / 60"), 240);
	house_sql("mona", "SELECT loyalty.desk_setting_switch('group', 'returns', true)");
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.case_set(1, 1, NULL, 'group', 'returns')"), "LY002");
	house_sql("mona", "SELECT loyalty.case_check_set('desk', '{Receipt seen}')");
	ck_assert_int_eq(database_number(deniz, "SELECT count(*) FROM loyalty.case_checklist(1, 1)"), 1);
	house_sql("mona", "SELECT loyalty.desk_setting_switch('checklist', 'desk', true)");
	ck_assert_int_eq(database_number(deniz, "SELECT count(*) FROM loyalty.case_checklist(1, 1)"), 0);
	house_sql("mona", "SELECT loyalty.desk_setting_switch('queue', 'Breaching', true)");
	ck_assert_int_eq(database_number(deniz, "SELECT count(*) FROM loyalty.case_queues()"), 4);
	session_close(deniz);
}
END_TEST

static void expect_out(const char *arguments, const char *part)
{
	const struct program *p = program_expect(0, "%s", arguments);
	ck_assert_msg(strstr(p->out, part) != NULL, "%s: \"%s\" does not stand in: %s", arguments, part, p->out);
}

START_TEST(verbs_do_the_same)
{
	setenv("PGUSER", "mona", 1);
	expect_out("desk group returns name=Returns 'people=deniz bora'", "changed");
	expect_out("desk promise high answer=30 --group returns", "changed");
	expect_out("desk calendar shop holiday=2026-12-25:Christmas", "changed");
	expect_out("desk off promise returns high", "switched off");
	expect_out("desk off holiday shop 2026-12-25", "switched off");
	expect_out("desk settings holiday --format csv", "shop|2026-12-25,yes,name,Christmas");
	expect_out("desk on holiday shop 2026-12-25", "switched on");
	expect_out("desk settings group --format csv", "returns,no,people,bora deniz");
	expect_out("desk off queue Breaching", "switched off");
	program_expect(1, "desk off group desk");
	program_expect(1, "desk off group nowhere");
	program_expect(1, "desk settings colour");
	setenv("PGUSER", "deniz", 1);
	program_expect(1, "desk on queue Breaching");
	setenv("PGUSER", "postgres", 1);
}
END_TEST

Suite *settings_suite(void)
{
	Suite *suite = suite_create("settings");
	TCase *tests = tcase_create("settings");
	tcase_add_checked_fixture(tests, start, house_close);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, the_table_names_what_the_database_has);
	tcase_add_test(tests, each_kind_is_made_switched_off_and_on_again);
	tcase_add_test(tests, a_change_is_written_down_and_taken_back);
	tcase_add_test(tests, a_mistake_stands_at_its_field);
	tcase_add_test(tests, what_others_go_by_is_not_switched_off);
	tcase_add_test(tests, two_who_change_one_lose_nothing);
	tcase_add_test(tests, what_others_change_is_shown_by_itself);
	tcase_add_test(tests, what_is_off_is_not_offered);
	tcase_add_test(tests, verbs_do_the_same);
	suite_add_tcase(suite, tests);
	return suite;
}
