// Cases in the database, beyond one at a time: jobs over many that are undone, merging, splitting, linking, macros, who else is here, the work figures and
// the reading of the audit log.
#include "tests/database.h"
#include "tests/program.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *case_many_suite(void);

static struct session *root, *deniz, *suzan, *murat, *isci;

// Five cases of one member, one of another.
static void open_house(void)
{
	root = database_migrated("check_case_many");
	database_run(root, "SELECT loyalty.programme_load('t', 'Test', 'USD', 'UTC', 'a document', '2020-01-01',"
			   " '{\"currencies\": [], \"ladders\": [], \"rules\": [], \"rewards\": []}')");
	database_staff(root);
	database_run(root, "SELECT loyalty.enrol_member('test', 'm' || i, 'Ayşe', 'Yılmaz', NULL, NULL, NULL, NULL, '', 'tr', '', NULL)"
			   " FROM generate_series(1, 2) i");
	deniz = database_login("deniz");
	suzan = database_login("suzan");
	murat = database_login("murat");
	isci = database_login("isci");
	database_run(deniz, "SELECT loyalty.case_open(1 + i / 6, gen_random_uuid(), 'No ' || i, 'phone', 2, 'from_member', 'Text ' || i) FROM generate_series(1, 6) i");
}

static void close_house(void)
{
	session_close(isci);
	session_close(murat);
	session_close(suzan);
	session_close(deniz);
	session_close(root);
}

#define JOB(what, filter, cases) "SELECT loyalty.case_job_start(gen_random_uuid(), " what ", " filter ", " cases ")"
#define SNAPSHOT \
	"SELECT string_agg(concat_ws(' ', member_id, case_no, state, owner, priority, group_code, tags, cause, outcome), ', ' ORDER BY member_id, case_no)" \
	" FROM loyalty.member_case"

static void work_to_the_end(void)
{
	while (database_number(isci, "SELECT loyalty.case_job_step(2)") > 0)
		;
}

static const char *job_line(void)
{
	return database_text(deniz, "SELECT concat_ws(' ', state, total, done, failed, undone) FROM loyalty.case_jobs(1)");
}

START_TEST(a_job_over_many_is_done_in_pieces_and_undone)
{
	char before[2000];
	database_run(deniz, "SELECT loyalty.case_set(1, 1, NULL, 'resolve', 'done before', 'kept')");
	snprintf(before, sizeof before, "%s", database_text(root, SNAPSHOT));
	database_run(deniz, JOB("'resolve', 'late posting', 'kept'", "'owner=none'", "NULL"));
	ck_assert_str_eq(job_line(), "waiting 5 0 0 0");
	database_run(isci, "SELECT loyalty.case_job_step(2)");
	ck_assert_str_eq(job_line(), "waiting 5 2 0 0");
	work_to_the_end();
	ck_assert_str_eq(job_line(), "done 5 5 0 0");
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.member_case WHERE state = 'resolved' AND resolved_by = 'deniz'"), 6);
	ck_assert_int_eq(database_number(deniz, "SELECT loyalty.case_filter_count('state=resolved')"), 6);
	ck_assert_str_eq(database_refusal(suzan, "SELECT loyalty.case_job_undo(1)"), "LY004"); // somebody else's
	database_run(deniz, "SELECT loyalty.case_job_undo(1)");
	work_to_the_end();
	ck_assert_str_eq(job_line(), "undone 5 5 0 5");
	ck_assert_str_eq(database_text(root, SNAPSHOT), before);
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.case_resolution"), 1);
	ck_assert_int_eq(database_number(deniz, "SELECT loyalty.case_filter_count('owner=none state=new')"), 5);
}
END_TEST

START_TEST(what_somebody_changed_since_is_not_undone)
{
	database_run(deniz, JOB("'tag', 'often', NULL", "''", "'1|1 1|2 2|1'"));
	work_to_the_end();
	database_run(suzan, "SELECT loyalty.case_set(1, 2, NULL, 'tag', 'mine')");
	database_run(deniz, "SELECT loyalty.case_job_undo(1)");
	work_to_the_end();
	ck_assert_str_eq(job_line(), "undone 3 3 0 2");
	ck_assert_str_eq(database_text(root, "SELECT string_agg(array_to_string(tags, '+'), ',' ORDER BY member_id, case_no) FROM loyalty.member_case"), ",mine+often,,,,");
}
END_TEST

START_TEST(what_cannot_be_done_is_told_and_the_rest_is_done)
{
	database_run(deniz, "SELECT loyalty.case_set(1, 1, NULL, 'resolve', 'x', 'lost')");
	database_run(deniz, JOB("'assign', 'suzan', NULL", "''", "'1|1 1|2'"));
	work_to_the_end();
	ck_assert_str_eq(job_line(), "done 2 1 1 0");
	ck_assert_str_eq(database_text(deniz, "SELECT why FROM loyalty.case_jobs(1)"), "this case is resolved");
	ck_assert_str_eq(database_text(root, "SELECT login FROM loyalty.case_event WHERE action = 'assigned' AND case_no = 2"), "deniz");
	ck_assert_str_eq(database_refusal(deniz, JOB("'title', 'x', NULL", "''", "NULL")), "LY002");
	ck_assert_str_eq(database_refusal(deniz, JOB("'tag', 'x', NULL", "'tag=nothing'", "NULL")), "LY004");
}
END_TEST

START_TEST(a_job_passes_over_a_case_that_somebody_is_at)
{
	database_run(deniz, JOB("'resolve', 'late posting', 'kept'", "''", "'1|1 1|2 1|3'"));
	database_run(isci, "SET lock_timeout = '10ms'"); // a wait would be told as an error
	database_run(root, "BEGIN");
	database_run(root, "SELECT FROM loyalty.member_case WHERE member_id = 1 AND case_no = 2 FOR UPDATE");
	database_run(isci, "SELECT loyalty.case_job_step(10)");
	ck_assert_str_eq(job_line(), "waiting 3 2 0 0");
	database_run(root, "COMMIT");
	work_to_the_end();
	ck_assert_str_eq(job_line(), "done 3 3 0 0");
}
END_TEST

START_TEST(a_merged_case_speaks_through_the_other)
{
	database_run(deniz, "SELECT loyalty.case_merge(1, 3, 1, 2)");
	ck_assert_str_eq(database_text(root, "SELECT state || merged_into FROM loyalty.member_case WHERE case_no = 3"), "merged2");
	database_run(suzan, "SELECT loyalty.case_write(1, 3, gen_random_uuid(), 'from_member', 'Still waiting')");
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.case_article WHERE case_no = 2"), 2);
	database_run(suzan, "SELECT loyalty.case_write(1, 4, '00000000-0000-4000-8000-00000000000a', 'internal', 'Before')");
	database_run(deniz, "SELECT loyalty.case_merge(1, 4, NULL, 5)");
	database_run(suzan, "SELECT loyalty.case_write(1, 4, '00000000-0000-4000-8000-00000000000a', 'internal', 'Before')"); // sent again
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.case_article WHERE body = 'Before'"), 1);
	database_run(deniz, "SELECT loyalty.case_unmerge(1, 4)");
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.case_set(1, 3, NULL, 'tag', 'x')"), "LY021");
	database_run(deniz, "SELECT loyalty.case_merge(1, 2, NULL, 1)"); // what was merged into it goes along
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.member_case WHERE merged_into = 1"), 2);
	ck_assert_str_eq(database_text(deniz, "SELECT string_agg(what || ' ' || case_no, ', ') FROM loyalty.case_relations(1, 1)"), "merged here 2, merged here 3");
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.case_merge(1, 1, NULL, 1)"), "LY002");
	database_run(deniz, "SELECT loyalty.case_unmerge(1, 3)");
	ck_assert_str_eq(database_text(root, "SELECT state FROM loyalty.member_case WHERE case_no = 3"), "open");
	ck_assert_int_eq(database_number(deniz, "SELECT loyalty.case_filter_count('state=merged')"), 1);
}
END_TEST

// An internal note stays one wherever it goes, and nothing of it is owed to the member.
START_TEST(an_internal_note_never_leaves)
{
	database_run(deniz, "SELECT loyalty.case_write(1, 2, '00000000-0000-4000-8000-000000000001', 'internal', 'He is a liar')");
	database_run(deniz, "SELECT loyalty.case_split(1, 2, 2, '00000000-0000-4000-8000-000000000002', 'Apart')");
	ck_assert_int_eq(database_number(deniz, "SELECT loyalty.case_split(1, 2, 2, '00000000-0000-4000-8000-000000000002', 'Apart')"), 6);
	database_run(deniz, "SELECT loyalty.case_merge(1, 2, NULL, 1)");
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.case_article WHERE body = 'He is a liar' AND kind = 'internal'"), 2);
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.case_article WHERE body = 'He is a liar' AND kind <> 'internal'"), 0);
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.outbox WHERE body LIKE '%liar%'"), 0);
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.case_link"), 2);
}
END_TEST

static bool carries(const char *arguments)
{
	return strstr(program_expect(0, "%s", arguments)->out, "liar") != NULL;
}

// Over every way out: what is owed to the member, what the member is given of what is kept, what is reported, what is written into files.
START_TEST(no_way_out_carries_an_internal_note)
{
	database_run(root, "INSERT INTO loyalty.member_identifier (member_id, kind, value) VALUES (1, 'email', 'ayse@example.org')");
	database_run(root, "UPDATE loyalty.member_case SET channel = 'email' WHERE member_id = 1");
	database_run(deniz, "SELECT loyalty.case_write(1, c, gen_random_uuid(), 'internal', 'He is a liar, says @suzan') FROM generate_series(1, 3) c");
	database_run(deniz, "SELECT loyalty.case_write(1, 1, gen_random_uuid(), 'to_member', 'We look into it')");
	database_run(deniz, "SELECT loyalty.case_macro_run(1, 3, NULL, gen_random_uuid(), 'posted')");
	database_run(deniz, "SELECT loyalty.case_split(1, 1, 2, gen_random_uuid(), 'Apart')");
	database_run(deniz, "SELECT loyalty.case_merge(1, 2, NULL, 1), loyalty.case_resolve(1, 1, NULL, 'late posting', 'kept')");
	ck_assert_int_ge(database_number(root, "SELECT count(*) FROM loyalty.outbox"), 2);
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.outbox o WHERE to_jsonb(o)::text LIKE '%liar%'"), 0);
	ck_assert_int_ge(database_number(root, "SELECT count(*) FROM loyalty.case_article WHERE kind = 'internal' AND body LIKE '%liar%'"), 4);
	setenv("PGUSER", "murat", 1);
	ck_assert_ptr_nonnull(strstr(program_expect(0, "member export 1000001")->out, "We look into it"));
	ck_assert(!carries("member export 1000001"));
	ck_assert(!carries("report cases --format html"));
	ck_assert(!carries("report cases --format csv"));
	ck_assert(!carries("desk figures --format json"));
	ck_assert(!carries("outbox list --format json"));
	ck_assert(!carries("export members"));
	ck_assert(!carries("audit list --format json"));
	ck_assert(!carries("case list state=ended --format json"));
	setenv("PGUSER", "postgres", 1);
}
END_TEST

START_TEST(a_macro_does_all_or_nothing)
{
#define RUN(version) "SELECT loyalty.case_macro_run(1, 1, " version ", '00000000-0000-4000-8000-000000000001', 'posted')"
	ck_assert_str_eq(database_refusal(deniz, RUN("9")), "LY020");
	ck_assert_str_eq(database_text(deniz, RUN("1")), "3");
	ck_assert_str_eq(database_text(deniz, RUN("1")), "3");
	ck_assert_str_eq(database_text(root, "SELECT state || ' ' || cause || ' ' || outcome FROM loyalty.member_case WHERE case_no = 1 AND member_id = 1"),
		"resolved late posting kept");
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.case_article WHERE kind = 'to_member' AND body LIKE 'Dear Ayşe,%account 1000001.%Deniz Aydın'"), 1);
	database_run(murat, "SELECT loyalty.case_macro_set('bad', 'Bad', 'posted', 'close')");
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.case_macro_run(1, 2, NULL, gen_random_uuid(), 'bad')"), "LY021");
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.case_article WHERE case_no = 2 AND kind = 'to_member'"), 0);
	ck_assert_str_eq(database_refusal(murat, "SELECT loyalty.case_macro_set('odd', 'Odd', NULL, 'explode=now')"), "LY002");
}
END_TEST

START_TEST(a_checklist_is_ticked)
{
	database_run(murat, "SELECT loyalty.case_check_set('desk', '{Receipt seen,Called back}')");
	database_run(deniz, "SELECT loyalty.case_tick(1, 1, 'Receipt seen')");
	ck_assert_str_eq(database_text(deniz, "SELECT string_agg(name || is_done, ', ') FROM loyalty.case_checklist(1, 1)"), "Receipt seentrue, Called backfalse");
	database_run(deniz, "SELECT loyalty.case_tick(1, 1, 'Receipt seen')");
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.case_checked"), 0);
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.case_tick(1, 1, 'Nothing')"), "LY004");
}
END_TEST

// Whoever's connection ends is gone without having said so.
START_TEST(others_at_a_case_are_seen_while_they_live)
{
	struct session *bora = database_login("suzan");
	database_run(bora, "SELECT loyalty.case_here(1, 1, true, true)");
	database_run(deniz, "SELECT loyalty.case_here(1, 1, true, false)");
	ck_assert_str_eq(database_text(deniz, "SELECT loyalty.case_others(1, 1)"), "Suzan Öz writes");
	ck_assert_str_eq(database_text(suzan, "SELECT loyalty.case_others(1, 1)"), "Deniz Aydın");
	database_run(bora, "SELECT loyalty.case_here(1, 1, true, false)");
	ck_assert_str_eq(database_text(deniz, "SELECT loyalty.case_others(1, 1)"), "Suzan Öz");
	database_run(root, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'suzan' AND pid IN (SELECT pid FROM loyalty.case_presence)");
	while (database_number(root, "SELECT count(*) FROM pg_stat_activity WHERE pid IN (SELECT pid FROM loyalty.case_presence WHERE login = 'suzan')"))
		;
	ck_assert_str_eq(database_text(deniz, "SELECT loyalty.case_others(1, 1)"), "");
	session_close(bora);
}
END_TEST

START_TEST(an_edit_changes_only_what_it_names)
{
	database_run(suzan, "SELECT loyalty.case_edit(1, 1, 1, NULL, 'high', NULL, NULL)");
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.case_edit(1, 1, 1, 'Better', NULL, NULL, 'a,b')"), "LY020");
	ck_assert_str_eq(database_text(deniz, "SELECT loyalty.case_edit(1, 1, 2, 'Better', NULL, NULL, 'a,b')"), "4");
	ck_assert_str_eq(database_text(deniz, "SELECT loyalty.case_edit(1, 1, 2, 'Better', NULL, NULL, 'b,a')"), "4"); // sent again
	ck_assert_str_eq(database_text(root, "SELECT title || priority || tags::text FROM loyalty.member_case WHERE member_id = 1 AND case_no = 1"), "Better1{a,b}");
}
END_TEST

// Worked by hand: three resolved, one of them twice; of those at risk two kept of three.
START_TEST(figures_are_what_their_definitions_say)
{
	database_run(deniz, "SELECT loyalty.case_write(1, 1, gen_random_uuid(), 'to_member', 'x')");
	database_run(root, "UPDATE loyalty.member_case SET opened_at = now() - interval '3 h', first_answer_at = now() - interval '2 h' WHERE member_id = 1 AND case_no = 1");
	database_run(root, "UPDATE loyalty.member_case SET opened_at = now() - interval '100 h', answer_due_at = now() - interval '76 h',"
			   " solution_due_at = now() - interval '28 h' WHERE member_id = 1 AND case_no = 2");
	database_run(deniz, "SELECT loyalty.case_resolve(1, 1, NULL, 'x', 'kept')");
	database_run(deniz, "SELECT loyalty.case_resolve(1, 2, NULL, 'x', 'lost')");
	database_run(deniz, "SELECT loyalty.case_set(1, 2, NULL, 'open', NULL)");
	database_run(deniz, "SELECT loyalty.case_resolve(1, 2, NULL, 'x', 'kept')");
	database_run(suzan, "SELECT loyalty.case_resolve(1, 3, NULL, 'x', 'not_at_risk')");
#define FIGURES(by) "SELECT string_agg(concat_ws(' ', who, resolved, answer_median_s / 60, solution_p90_s / 3600, late_answer, late_solution, reopened," \
	" first_contact, kept, lost, coalesce(saved::text, '-')), ', ') FROM loyalty.desk_figures('2020-01-01', '2999-01-01', '" by "')"
	ck_assert_str_eq(database_text(murat, FIGURES("person")), "deniz 3 60 100 66.7 66.7 33.3 33.3 2 1 66.7, suzan 1 0 0.0 0.0 0.0 0.0 0 0 -");
	ck_assert_str_eq(database_text(murat, FIGURES("group")), "desk 4 60 100 50.0 50.0 25.0 25.0 2 1 66.7");
	ck_assert_int_eq(database_number(murat, "SELECT count(*) FROM loyalty.desk_figures('2020-01-01', '2020-01-02', 'all')"), 0);
	ck_assert_str_eq(database_refusal(deniz, FIGURES("all")), "42501");
}
END_TEST

START_TEST(the_audit_log_is_read_by_who_may)
{
#define AUDIT(filter, page) "SELECT coalesce(string_agg(login || ' ' || action, ', '), '') FROM loyalty.audit_page(" filter ", " page ", 100)"
	database_run(deniz, "SELECT * FROM loyalty.member_open(1)");
	database_run(suzan, "SELECT * FROM loyalty.member_open(2)");
	ck_assert_str_eq(database_text(murat, AUDIT("NULL, NULL, NULL, NULL, NULL, true", "'first', NULL")), "suzan member.read, deniz member.read");
	ck_assert_str_eq(database_text(murat, AUDIT("'deniz', 'member.', 1, '2020-01-01', '2999-01-01', false", "'first', NULL")), "deniz member.read");
	ck_assert_str_eq(database_text(murat, AUDIT("NULL, NULL, NULL, NULL, '2020-01-01', false", "'first', NULL")), "");
	ck_assert_int_eq(database_number(murat, "WITH whole AS (SELECT row_number() OVER () AS n, p.key FROM loyalty.audit_page(NULL, NULL, NULL, NULL, NULL, false, 'first', NULL, 100) p)"
		" SELECT count(*) FILTER (WHERE (SELECT string_agg(x.key, ' ') FROM loyalty.audit_page(NULL, NULL, NULL, NULL, NULL, false, 'after', w.key, 100) x)"
		" IS DISTINCT FROM (SELECT string_agg(o.key, ' ' ORDER BY o.n) FROM whole o WHERE o.n > w.n)) + (count(*) < 5)::int FROM whole w"), 0);
	ck_assert_str_eq(database_refusal(deniz, AUDIT("NULL, NULL, NULL, NULL, NULL, false", "'first', NULL")), "42501");
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
	expect_out("desk text sorry Sorry 'Dear {given_name}, sorry.'", "saved");
	expect_out("desk texts", "Sorry");
	expect_out("desk macro sorry 'Say sorry' --text sorry priority=high waiting_member", "saved");
	expect_out("desk macros", "priority=high waiting_member");
	expect_out("desk checklist desk 'Receipt seen' 'Called back'", "saved");
	setenv("PGUSER", "deniz", 1);
	expect_out("case macro 1000001/1 sorry", "done");
	expect_out("case texts 1000001/1", "Dear Ayşe, sorry.");
	expect_out("case edit 1000001/1 --title Better --tags a,b", "changed");
	expect_out("case list state=waiting --format csv", "1000001/1,Ayşe Yılmaz,Better,waiting_member,high,,desk,\"a, b\"");
	expect_out("case tick 1000001/1 Receipt seen", "ticked");
	expect_out("case checklist 1000001/1 --format csv", "Receipt seen,yes,deniz");
	expect_out("case merge 1000001/3 2", "merged");
	expect_out("case unmerge 1000001/3", "taken out");
	expect_out("case split 1000001/2 1 Apart", "1000001/6");
	expect_out("case link 1000001/1 1000002/1", "linked");
	expect_out("case relations 1000001/1", "1000002/1");
	expect_out("case unlink 1000001/1 1000002/1", "not linked");
	expect_out("case all tag --value many owner=none", "job 1");
	work_to_the_end();
	expect_out("case jobs --format csv", "1,deniz,tag many,owner=none,done,7,7,0,0,");
	expect_out("case undo 1", "takes it back");
	program_expect(1, "case stop 7");
	setenv("PGUSER", "murat", 1);
	expect_out("desk figures --each group", "solution_median_s");
	expect_out("audit list --action case.job", "case.job.undo");
	expect_out("audit check --format csv", "0,0");
	setenv("PGUSER", "postgres", 1);
}
END_TEST

Suite *case_many_suite(void)
{
	Suite *suite = suite_create("case_many");
	TCase *tcase = tcase_create("many");
	tcase_add_checked_fixture(tcase, open_house, close_house);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, a_job_over_many_is_done_in_pieces_and_undone);
	tcase_add_test(tcase, what_somebody_changed_since_is_not_undone);
	tcase_add_test(tcase, what_cannot_be_done_is_told_and_the_rest_is_done);
	tcase_add_test(tcase, a_job_passes_over_a_case_that_somebody_is_at);
	tcase_add_test(tcase, a_merged_case_speaks_through_the_other);
	tcase_add_test(tcase, an_internal_note_never_leaves);
	tcase_add_test(tcase, no_way_out_carries_an_internal_note);
	tcase_add_test(tcase, a_macro_does_all_or_nothing);
	tcase_add_test(tcase, a_checklist_is_ticked);
	tcase_add_test(tcase, others_at_a_case_are_seen_while_they_live);
	tcase_add_test(tcase, an_edit_changes_only_what_it_names);
	tcase_add_test(tcase, figures_are_what_their_definitions_say);
	tcase_add_test(tcase, the_audit_log_is_read_by_who_may);
	tcase_add_test(tcase, verbs_do_the_same);
	suite_add_tcase(suite, tcase);
	return suite;
}
