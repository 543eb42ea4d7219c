// The desk in the database: counters equal a recount whoever writes at once, promises by the working calendar, what time brings, groups and who stands
// in, what people are told of, drafts.
#include "tests/database.h"
#include "tests/program.h"

#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *case_desk_suite(void);

static struct session *root, *deniz, *suzan, *murat, *isci;

static void open_house(void)
{
	root = database_migrated("check_case_desk");
	database_run(root, "SELECT loyalty.programme_load('t', 'Test', 'USD', 'UTC', 'a document', '2020-01-01',"
			   " '{\"currencies\": [], \"ladders\": [], \"rules\": [], \"rewards\": []}')");
	database_staff(root);
	database_run(root, "SELECT loyalty.enrol_member('test', 'm' || i, 'Ayşe', 'Yılmaz ' || i, NULL, NULL, NULL, NULL, '', 'tr', '', NULL)"
			   " FROM generate_series(1, 4) i");
	deniz = database_login("deniz");
	suzan = database_login("suzan");
	murat = database_login("murat");
	isci = database_login("isci");
}

static void close_house(void)
{
	session_close(isci);
	session_close(murat);
	session_close(suzan);
	session_close(deniz);
	session_close(root);
}

#define OPEN "SELECT loyalty.case_open(1, gen_random_uuid(), 'Stars missing', 'phone', 2, 'from_member', 'Where?')"
#define WRITE(kind, text) "SELECT loyalty.case_write(1, 1, gen_random_uuid(), '" kind "', '" text "')"
#define SET(word, value) "SELECT loyalty.case_set(1, 1, NULL, '" word "', '" value "')"

static void expect_counters_equal_a_recount(void)
{
	ck_assert_str_eq(database_text(root, "SELECT string_agg(detail, '; ' ORDER BY detail) FROM loyalty.case_broken()"), "");
}

enum { WRITERS = 6, WRITES = 40 };
struct writer {
	pthread_t thread;
	int number, taken;
	char error[400];
};

// One of several who work at once: opens, takes, moves on, each in a transaction of its own.
static void *write_cases(void *payload)
{
	struct writer *writer = payload;
	struct error error = {0};
	struct session *session = session_open(writer->number % 2 ? "user=deniz" : "user=suzan", "check", &error);
	for (int i = 0; session && i < WRITES && !*error.why; i++) {
		char sql[400];
		struct result *taken;
		snprintf(sql, sizeof sql,
			"SELECT loyalty.case_open(%d, gen_random_uuid(), 'Number %d', 'phone', %d, 'from_member', 'x', NULL, '{t%d}')",
			1 + (writer->number + i) % 4, i, 1 + i % 3, i % 3);
		session_execute(session, sql, NULL, 0, &error);
		taken = session_query(session, "SELECT member_id, case_no FROM loyalty.case_take_next()", NULL, 0, &error);
		if (!taken || !result_rows(taken))
			continue;
		writer->taken++;
		snprintf(sql, sizeof sql, "SELECT loyalty.case_set(%s, %s, NULL, '%s', '%s', 'kept')", result_text(taken, 0, 0),
			result_text(taken, 0, 1), i % 2 ? "resolve" : "tag", i % 2 ? "late" : "often");
		result_free(taken);
		session_execute(session, sql, NULL, 0, &error);
	}
	snprintf(writer->error, sizeof writer->error, "%s", error.why);
	session_close(session);
	return NULL;
}

START_TEST(counters_equal_a_recount_whoever_writes_at_once)
{
	struct writer writers[WRITERS] = {0};
	int taken = 0;
	for (int i = 0; i < WRITERS; i++) {
		writers[i].number = i;
		ck_assert_int_eq(pthread_create(&writers[i].thread, NULL, write_cases, &writers[i]), 0);
	}
	for (int i = 0; i < WRITERS; i++) {
		pthread_join(writers[i].thread, NULL);
		ck_assert_msg(!*writers[i].error, "writer %d: %s", i, writers[i].error);
		taken += writers[i].taken;
	}
	expect_counters_equal_a_recount();
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.member_case"), WRITERS * WRITES);
	// Nobody got what somebody else had got: each that was taken was assigned once.
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.case_event WHERE action = 'assigned'"), taken);
	ck_assert_int_eq(database_number(root, "SELECT count(DISTINCT (member_id, case_no)) FROM loyalty.case_event WHERE action = 'assigned'"), taken);
	// They were folded while that went on, and a fold changes no sum.
	ck_assert_int_gt(database_number(root, "SELECT count(*) FROM loyalty.case_count"), 0);
	database_run(root, "SELECT loyalty.case_count_fold()");
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.case_count_change"), 0);
	expect_counters_equal_a_recount();
	ck_assert_int_eq(database_number(deniz, "SELECT loyalty.case_filter_count('')"),
		database_number(root, "SELECT count(*) FROM loyalty.member_case WHERE is_working"));
	ck_assert_int_eq(database_number(deniz, "SELECT loyalty.case_filter_count('owner=suzan state=open tag=often priority=high')"),
		database_number(root, "SELECT count(*) FROM loyalty.member_case WHERE owner = 'suzan' AND state = 'open' AND tags @> '{often}' AND priority = 1"));
}
END_TEST

START_TEST(one_who_counts_waits_for_nobody)
{
	database_run(suzan, "BEGIN");
	database_run(suzan, OPEN);
	database_run(suzan, "SELECT loyalty.case_open(2, gen_random_uuid(), 'Mine', 'phone', 2, 'from_member', 'x')");
	database_run(root, "SELECT loyalty.case_count_fold()");
	database_run(deniz, "SET lock_timeout = '10ms'"); // a wait would be told as an error
	database_run(deniz, "SELECT loyalty.case_open(3, gen_random_uuid(), 'Theirs', 'phone', 2, 'from_member', 'x')");
	database_run(deniz, "SELECT * FROM loyalty.case_take_next()");
	ck_assert_int_eq(database_number(deniz, "SELECT loyalty.case_filter_count('')"), 1);
	database_run(suzan, "COMMIT");
	ck_assert_int_eq(database_number(deniz, "SELECT loyalty.case_filter_count('')"), 3);
	expect_counters_equal_a_recount();
}
END_TEST

// A page from every end and every place is the same list.
START_TEST(pages_of_every_filter_agree)
{
	static const char *const filters[] = {"", "owner=none", "tag=t1", "priority=high", "state=ended", "state=new tag=t2", "group=desk",
		"state=resolved priority=low", "state=waiting priority=high", "state=waiting owner=none group=desk", "owner=deniz state=ended", "owner=me tag=t0 state=ended"};
	for (int i = 0; i < 12; i++) {
		char sql[200];
		snprintf(sql, sizeof sql, "SELECT loyalty.case_open(%d, gen_random_uuid(), 'No %d', 'phone', %d, 'from_member', 'x', NULL, '{t%d}')",
			1 + i % 4, i, 1 + i % 3, i % 3);
		database_run(deniz, sql);
	}
	for (int i = 1; i <= 4; i++) {
		char sql[120];
		snprintf(sql, sizeof sql, "SELECT loyalty.case_resolve(%d, 1, NULL, 'x', 'kept')", i);
		database_run(deniz, sql);
	}
	// Some among many, so that what a filter leaves is read stretch by stretch.
	database_run(deniz, "SELECT loyalty.case_open(1 + i % 4, gen_random_uuid(), 'One of many', 'phone', 2 + i % 3 % 2, 'from_member', 'x') FROM generate_series(1, 40) i");
	database_run(deniz, "SELECT loyalty.case_set(c.member_id, c.case_no, NULL, 'waiting_member', NULL) FROM loyalty.member_case c WHERE c.priority = 1 AND c.is_working");
	database_run(deniz, "SELECT loyalty.case_resolve(1, c.case_no, NULL, 'x', 'kept') FROM loyalty.member_case c WHERE c.member_id = 1 AND c.case_no IN (4, 7, 9, 10)");
	database_run(root, "ANALYZE loyalty.member_case, loyalty.case_count");
	for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
		char sql[900];
		snprintf(sql, sizeof sql,
			"WITH whole AS (SELECT row_number() OVER () AS n, p.key FROM loyalty.case_page('%s', 'first', NULL, 200) p)"
			" SELECT count(*) FILTER (WHERE (SELECT string_agg(x.key, ' ') FROM loyalty.case_page('%s', 'after', w.key, 200) x)"
			"   IS DISTINCT FROM (SELECT string_agg(o.key, ' ' ORDER BY o.n) FROM whole o WHERE o.n > w.n)"
			"  OR (SELECT string_agg(x.key, ' ') FROM loyalty.case_page('%s', 'before', w.key, 200) x)"
			"   IS DISTINCT FROM (SELECT string_agg(o.key, ' ' ORDER BY o.n) FROM whole o WHERE o.n < w.n)"
			"  OR (SELECT x.key FROM loyalty.case_page('%s', 'from', w.key, 1) x) IS DISTINCT FROM w.key)"
			" + (count(*) <> loyalty.case_filter_count('%s') OR count(*) < 2)::int FROM whole w",
			filters[i], filters[i], filters[i], filters[i], filters[i]);
		ck_assert_msg(database_number(deniz, sql) == 0, "the filter \"%s\"", filters[i]);
	}
}
END_TEST

static void expect_due(const char *from, int minutes, const char *due)
{
	char sql[200];
	snprintf(sql, sizeof sql, "SELECT loyalty.calendar_add('shop', '%s', %d * 60)", from, minutes);
	database_run(root, "SET timezone = 'UTC'");
	ck_assert_str_eq(database_text(root, sql), due);
}

// Istanbul is three hours ahead; the day has a break; Friday is short, the weekend and a holiday are closed.
START_TEST(promises_count_working_hours)
{
	database_run(murat, "SELECT loyalty.desk_calendar_set('shop', k, v) FROM (VALUES ('zone', 'Europe/Istanbul'), ('mon', '09:00-12:30,13:30-18:00'),"
		" ('tue', '09:00-12:30,13:30-18:00'), ('wed', '09:00-18:00'), ('thu', '09:00-18:00'), ('fri', '09:00-12:00'), ('sat', 'closed'),"
		" ('holiday', '2026-12-31:Closed for the inventory')) x (k, v)");
	expect_due("2026-12-28 05:00+00", 60, "2026-12-28 07:00:00+00");       // before the shop opens: counted from nine
	expect_due("2026-12-28 09:00+00", 60, "2026-12-28 11:00:00+00");       // over the break
	expect_due("2026-12-28 09:00+00", 30, "2026-12-28 09:30:00+00");       // up to the break
	expect_due("2026-12-30 14:30+00", 60, "2027-01-01 06:30:00+00");       // over the holiday into Friday
	expect_due("2027-01-01 08:00+00", 120, "2027-01-04 07:00:00+00");      // over the weekend
	ck_assert_int_eq(database_number(root, "SELECT loyalty.calendar_seconds('shop', '2026-12-28 09:00+00', '2026-12-28 11:00+00')::bigint"), 3600);
	ck_assert_int_eq(database_number(root, "SELECT loyalty.calendar_seconds('shop', '2027-01-01 08:00+00', '2027-01-04 07:00+00')::bigint"), 7200);
	ck_assert_str_eq(database_text(root, "SELECT loyalty.calendar_add('always', '2026-12-28 09:00+00', 3600)"), "2026-12-28 10:00:00+00");
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.desk_calendar_set('shop', 'mon', 'closed')"), "42501");
	ck_assert_str_eq(database_refusal(murat, "SELECT loyalty.desk_calendar_set('shop', 'mon', '18:00-09:00')"), "LY002");
}
END_TEST

// The clocks change in Berlin at two in the night: eight hours of a day that is closed then stay eight hours.
START_TEST(promises_know_when_the_clocks_change)
{
	database_run(murat, "SELECT loyalty.desk_calendar_set('shop', k, v) FROM (VALUES ('zone', 'Europe/Berlin'), ('sat', '00:00-24:00'), ('sun', '00:00-24:00')) x (k, v)");
	expect_due("2026-10-24 22:00+00", 5 * 60, "2026-10-25 03:00:00+00");
	ck_assert_int_eq(database_number(root, "SELECT loyalty.calendar_seconds('shop', '2026-10-24 22:00+00', '2026-10-26 05:00+00')::bigint / 3600"), 25);
}
END_TEST

static const char *head(void)
{
	return database_text(root, "SELECT state || CASE WHEN is_late THEN ' late' ELSE '' END || CASE WHEN isfinite(due_at) THEN ' '"
		" || round(extract(epoch FROM due_at - now()) / 3600) ELSE ' -' END FROM loyalty.member_case WHERE case_no = 1 AND member_id = 1");
}

static void hours_go_by(int hours)
{
	char sql[600];
	snprintf(sql, sizeof sql, "UPDATE loyalty.member_case SET opened_at = opened_at - h, due_at = due_at - h, answer_due_at = answer_due_at - h,"
		" update_due_at = update_due_at - h, solution_due_at = solution_due_at - h, paused_at = paused_at - h, wait_until = wait_until - h,"
		" warn_at = warn_at - h, first_answer_at = first_answer_at - h, resolved_at = resolved_at - h FROM (SELECT interval '%d h' AS h) x", hours);
	database_run(root, sql);
}

// First the answer is due, then the next update; while the member is waited for nothing is; then what was left is.
START_TEST(clocks_run_stand_still_and_go_on)
{
	database_run(deniz, OPEN);
	ck_assert_str_eq(head(), "new 24");
	database_run(deniz, SET("waiting_member", ""));
	ck_assert_str_eq(head(), "waiting_member 24"); // the first answer is owed all the same
	database_run(deniz, WRITE("to_member", "Which order?"));
	ck_assert_str_eq(head(), "waiting_member -");
	hours_go_by(100);
	database_run(deniz, WRITE("from_member", "That of Monday"));
	ck_assert_str_eq(head(), "open 48");
	hours_go_by(40);
	database_run(deniz, WRITE("to_member", "Found"));
	ck_assert_str_eq(head(), "open 32"); // of the solution: 72 hours, 40 of which have run
	database_run(deniz, SET("priority", "low"));
	ck_assert_str_eq(head(), "open 28"); // 168 hours from when it was opened
}
END_TEST

START_TEST(a_case_comes_back_is_warned_of_is_late_and_closed)
{
	database_run(deniz, OPEN);
	database_run(deniz, SET("assign", "deniz"));
	database_run(deniz, WRITE("to_member", "On Monday"));
	ck_assert_str_eq(database_refusal(deniz, SET("wait", "2020-01-01")), "LY002");
	database_run(deniz, "SELECT loyalty.case_set(1, 1, NULL, 'wait', (now() + interval '5 h')::text)");
	ck_assert_str_eq(head(), "waiting_us 5");
	ck_assert_int_eq(database_number(isci, "SELECT loyalty.case_clock()"), 0);
	hours_go_by(6);
	ck_assert_int_eq(database_number(isci, "SELECT loyalty.case_clock()"), 1);
	ck_assert_str_eq(head(), "open 48");
	hours_go_by(45);
	ck_assert_int_eq(database_number(isci, "SELECT loyalty.case_clock()"), 1);
	database_run(murat, "SELECT loyalty.desk_group_set('desk', 'lead', 'murat')");
	hours_go_by(4);
	ck_assert_int_eq(database_number(isci, "SELECT loyalty.case_clock()"), 1);
	ck_assert_int_eq(database_number(isci, "SELECT loyalty.case_clock()"), 0);
	ck_assert_str_eq(head(), "open late -1");
	ck_assert_int_eq(database_number(deniz, "SELECT loyalty.case_filter_count('late owner=me')"), 1);
	ck_assert_str_eq(database_text(deniz, "SELECT string_agg(what, ' ' ORDER BY inbox_no) FROM loyalty.desk_inbox_page('first', NULL, 10)"),
		"came back warned late");
	ck_assert_str_eq(database_text(murat, "SELECT string_agg(what, ' ') FROM loyalty.desk_inbox_page('first', NULL, 10)"), "late");
	database_run(deniz, "SELECT loyalty.case_resolve(1, 1, NULL, 'late posting', 'kept')");
	ck_assert_str_eq(database_text(root, "SELECT is_answer_late::text || late_updates || outcome FROM loyalty.case_resolution"), "false1kept");
	hours_go_by(24 * 8);
	ck_assert_int_eq(database_number(isci, "SELECT loyalty.case_clock()"), 1);
	ck_assert_str_eq(database_text(root, "SELECT state FROM loyalty.member_case"), "closed");
	ck_assert_str_eq(database_refusal(deniz, WRITE("to_member", "And now?")), "LY021");
	database_run(deniz, WRITE("from_member", "And now?"));
	ck_assert_str_eq(database_text(root, "SELECT reopens || ' ' || (SELECT reopened_at IS NOT NULL FROM loyalty.case_resolution) FROM loyalty.member_case"), "1 true");
	expect_counters_equal_a_recount();
}
END_TEST

START_TEST(a_group_hands_out_in_turn)
{
	database_run(murat, "SELECT loyalty.desk_group_set('returns', k, v) FROM (VALUES ('hands_out', 'yes'), ('add', 'deniz'), ('add', 'suzan')) x (k, v)");
	database_run(murat, "SELECT loyalty.case_open(1, gen_random_uuid(), 'No ' || i, 'phone', 2, 'from_member', 'x', 'returns') FROM generate_series(1, 4) i");
	ck_assert_str_eq(database_text(root, "SELECT string_agg(owner::text, ' ' ORDER BY case_no) FROM loyalty.member_case"), "deniz suzan deniz suzan");
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.case_set(1, 1, NULL, 'group', 'nowhere')"), "LY004");
	// Away: passed by, stood in for.
	database_run(suzan, "SELECT loyalty.staff_away_set(NULL, 'deniz', now() + interval '3 d')");
	database_run(murat, "SELECT loyalty.case_open(1, gen_random_uuid(), 'No ' || i, 'phone', 2, 'from_member', 'x', 'returns') FROM generate_series(5, 6) i");
	ck_assert_str_eq(database_text(root, "SELECT string_agg(owner::text, ' ' ORDER BY case_no) FROM loyalty.member_case WHERE case_no > 4"), "deniz deniz");
	ck_assert_int_eq(database_number(deniz, "SELECT loyalty.case_filter_count('owner=me')"), 6);
	ck_assert_int_eq(database_number(deniz, "SELECT count(*) FROM loyalty.case_page('owner=me', 'first', NULL, 50)"), 6);
	database_run(murat, "SELECT loyalty.case_set(1, 2, NULL, 'assign', 'suzan')");
	database_run(murat, "SELECT loyalty.case_set(1, 1, NULL, 'assign', 'suzan')");
	ck_assert_str_eq(database_text(root, "SELECT owner FROM loyalty.member_case WHERE case_no = 1"), "deniz");
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.staff_away_set('suzan', NULL, NULL)"), "LY001");
	database_run(suzan, "SELECT loyalty.staff_away_set(NULL, NULL, NULL)");
	ck_assert_int_eq(database_number(deniz, "SELECT loyalty.case_filter_count('owner=me')"), 5); // what was given to suzan meanwhile stays
}
END_TEST

START_TEST(people_are_told_and_follow)
{
	database_run(deniz, OPEN);
	database_run(deniz, WRITE("internal", "What says @suzan, or @nobody?"));
	ck_assert_str_eq(database_text(suzan, "SELECT string_agg(what || ' ' || by_name, ', ' ORDER BY inbox_no) FROM loyalty.desk_inbox_page('first', NULL, 10)"),
		"mentioned Deniz Aydın, noted Deniz Aydın");
	ck_assert_int_eq(database_number(suzan, "SELECT loyalty.desk_inbox_unread()"), 2);
	database_run(suzan, "SELECT loyalty.desk_inbox_read(1, 1)");
	ck_assert_int_eq(database_number(suzan, "SELECT loyalty.desk_inbox_unread()"), 0);
	database_run(suzan, "SELECT loyalty.case_follow(1, 1, false)");
	database_run(deniz, WRITE("to_member", "Here they are"));
	ck_assert_int_eq(database_number(suzan, "SELECT loyalty.desk_inbox_unread()"), 0);
	database_run(suzan, SET("assign", "deniz"));
	ck_assert_int_eq(database_number(deniz, "SELECT loyalty.desk_inbox_unread()"), 1);
	ck_assert_str_eq(database_refusal(deniz, "SELECT * FROM loyalty.desk_inbox"), "42501");
}
END_TEST

START_TEST(a_draft_is_ones_own_and_goes_when_sent)
{
#define DRAFT(text) "SELECT loyalty.case_draft_save(1, 1, 'to_member', '" text "', '00000000-0000-4000-8000-000000000001')"
	database_run(deniz, OPEN);
	database_run(deniz, DRAFT("Dear Ay"));
	database_run(deniz, DRAFT("Dear Ayse"));
	ck_assert_str_eq(database_text(deniz, "SELECT kind || ': ' || body FROM loyalty.case_drafts(1, 1)"), "to_member: Dear Ayse");
	ck_assert_int_eq(database_number(suzan, "SELECT count(*) FROM loyalty.case_drafts(NULL, NULL)"), 0);
	ck_assert_str_eq(database_refusal(suzan, "SELECT * FROM loyalty.case_draft"), "42501");
	database_run(deniz, "SELECT loyalty.case_write(1, 1, '00000000-0000-4000-8000-000000000001', 'to_member', 'Dear Ayse')");
	database_run(deniz, DRAFT("Dear Ayse")); // on its way when the text was sent
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.case_draft"), 0);
}
END_TEST

START_TEST(a_queue_is_saved_and_counted)
{
	database_run(deniz, "SELECT loyalty.case_open(1, gen_random_uuid(), 'One', 'phone', 1, 'from_member', 'x', NULL, '{VIP}')");
	database_run(deniz, "SELECT loyalty.case_queue_set('Guests', 'tag=vip priority=high', false)");
	ck_assert_str_eq(database_text(deniz, "SELECT name || ' ' || cases FROM loyalty.case_queues() WHERE is_own"), "Guests 1");
	ck_assert_int_eq(database_number(suzan, "SELECT count(*) FROM loyalty.case_queues()"), 5);
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.case_queue_set('All', '', true)"), "LY001");
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.case_queue_set('Odd', 'colour=red', false)"), "LY002");
	database_run(deniz, "SELECT loyalty.case_queue_set('guests', NULL, false)");
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.case_queue_set('Guests', NULL, false)"), "LY004");
}
END_TEST

static void expect_out(const char *arguments, const char *part)
{
	const struct program *p = program_expect(0, "%s", arguments);
	ck_assert_msg(strstr(p->out, part) != NULL, "%s: \"%s\" does not stand in: %s", arguments, part, p->out);
}

START_TEST(verbs_do_the_same)
{
	setenv("PGUSER", "murat", 1);
	expect_out("desk group returns name=Returns hands_out=yes add=deniz", "changed");
	expect_out("desk groups --format csv", "returns,Returns,,yes,always,deniz");
	expect_out("desk calendar shop zone=Europe/Istanbul mon=09:00-18:00 holiday=2026-12-25:Christmas", "changed");
	expect_out("desk calendars", "mon 09:00-18:00");
	expect_out("desk promise high answer=30 --group returns", "changed");
	expect_out("desk promises", "30");
	expect_out("case open 1000001 'Stars missing' 'Where are they?' --group returns --priority high --tags vip,Guest", "1000001/1");
	expect_out("case open 1000002 Second Text --internal", "1000002/1");
	setenv("PGUSER", "deniz", 1);
	expect_out("case list tag=vip --format csv", "1000001/1,Ayşe Yılmaz 1,Stars missing,new,high,deniz,returns,\"guest, vip\"");
	expect_out("case count owner=me", "1\n");
	expect_out("case queue Guests tag=guest", "saved");
	expect_out("case queues --format csv", "Guests,tag=guest,1,yes");
	expect_out("case unqueue Guests", "taken away");
	expect_out("case answer 1000001/1 On their way", "sent");
	expect_out("case note 1000001/1 ask @suzan", "written down");
	expect_out("case heard 1000001/1 'Thank you'", "written down");
	expect_out("case show 1000001/1", "On their way");
	expect_out("case set 1000001/1 priority low", "done");
	expect_out("case set 1000001/1 wait 2999-01-01", "done");
	expect_out("case history 1000001/1", "waiting until 2999-01-01");
	expect_out("case resolve 1000001/1 kept late posting", "resolved");
	expect_out("case list state=ended", "resolved");
	expect_out("case set 1000001/1 open", "done");
	program_expect(1, "desk group returns remove=deniz");
	program_expect(1, "case set 1000001/9 open");
	program_expect(1, "case list colour=red");
	setenv("PGUSER", "suzan", 1);
	expect_out("case inbox", "mentioned");
	expect_out("case next", "1000002/1");
	expect_out("case follow 1000002/1", "followed");
	expect_out("case unfollow 1000002/1", "not followed");
	expect_out("desk away deniz 2999-01-01", "away");
	expect_out("desk back", "back");
	expect_out("case drafts", "");
	setenv("PGUSER", "postgres", 1);
}
END_TEST

Suite *case_desk_suite(void)
{
	Suite *suite = suite_create("case_desk");
	TCase *tcase = tcase_create("desk");
	tcase_add_checked_fixture(tcase, open_house, close_house);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, counters_equal_a_recount_whoever_writes_at_once);
	tcase_add_test(tcase, one_who_counts_waits_for_nobody);
	tcase_add_test(tcase, pages_of_every_filter_agree);
	tcase_add_test(tcase, promises_count_working_hours);
	tcase_add_test(tcase, promises_know_when_the_clocks_change);
	tcase_add_test(tcase, clocks_run_stand_still_and_go_on);
	tcase_add_test(tcase, a_case_comes_back_is_warned_of_is_late_and_closed);
	tcase_add_test(tcase, a_group_hands_out_in_turn);
	tcase_add_test(tcase, people_are_told_and_follow);
	tcase_add_test(tcase, a_draft_is_ones_own_and_goes_when_sent);
	tcase_add_test(tcase, a_queue_is_saved_and_counted);
	tcase_add_test(tcase, verbs_do_the_same);
	suite_add_tcase(suite, tcase);
	return suite;
}
