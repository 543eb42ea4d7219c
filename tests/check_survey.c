// Surveys in the database: what becomes of every answer, who may what, the rule that opens cases, and counts that stay those
// of a recount, whoever writes at once and whoever is killed.
#include "tests/database.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

Suite *survey_suite(void);

enum { MEMBERS = 40, WRITERS = 8, KILLED = 4 };

static struct session *session, *web;

#define NPS(code, more) \
	"SELECT loyalty.survey_create('{\"code\": \"" code "\", \"name\": \"Would you recommend us?\", \"kind\": \"nps\", " \
	"\"questions\": [\"How likely are you to recommend us?\"], \"ask_promoter\": \"What do you like?\", " \
	"\"ask_detractor\": \"What went wrong?\"" more "}')"

static void setup(void)
{
	session = database_migrated("check_survey");
	database_staff(session);
	database_run(session, "SELECT loyalty.staff_add('netz', 'Web page', 'web'); "
			      "CREATE TABLE public.link (i int GENERATED ALWAYS AS IDENTITY, number bigint, token text, language text, "
			      "ends_on date, wave_no int); GRANT SELECT ON public.link TO loyalty_web; GRANT USAGE ON SCHEMA public TO loyalty_web");
	database_run(session, "INSERT INTO loyalty.member (number, given_name, family_name, city, enrolled_on) SELECT 500 + i, 'G', 'F' || i, "
			      "CASE i % 2 WHEN 0 THEN 'Bursa' ELSE 'Köln' END, '2026-01-01' FROM generate_series(1, 40) i; "
			      "INSERT INTO loyalty.standing (member_id) SELECT member_id FROM loyalty.member");
	web = database_login("netz");
}

static void teardown(void)
{
	session_close(web);
	session_close(session);
}

// Whatever a test did: no count differs from a recount, before and after folding.
static void counts_are_right(void)
{
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.survey_broken()"), 0);
	database_number(session, "SELECT loyalty.survey_fold()");
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.survey_delta"), 0);
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.survey_broken()"), 0);
}

static void invite(const char *survey)
{
	char sql[200];
	snprintf(sql, sizeof sql, "INSERT INTO public.link (number, token, language, ends_on, wave_no) SELECT * FROM loyalty.survey_invite('%s')", survey);
	database_run(session, sql);
}

// What becomes of an answer by the link of that number.
static const char *answer(int link, const char *score, const char *comment)
{
	char sql[300];
	snprintf(sql, sizeof sql, "SELECT a.fate || ': ' || a.ask FROM public.link l, loyalty.%s(l.token, %s, '%s') a WHERE l.i = %d",
		strchr(score, '[') ? "survey_answer_all" : "survey_answer", score, comment, link);
	return database_text(web, sql);
}

static int64_t refused(const char *reason)
{
	char sql[200];
	snprintf(sql, sizeof sql, "SELECT sum(n) FROM loyalty.survey_count WHERE grain = 'd' AND dimension = 'refused' AND value = '%s'", reason);
	return database_number(session, sql);
}

START_TEST(every_answer_has_its_fate)
{
	database_run(session, NPS("nps", ", \"link_days\": 7"));
	invite("nps");
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM public.link WHERE length(token) = 32"), MEMBERS);
	ck_assert_str_eq(answer(1, "9", ""), "taken: What do you like?");
	ck_assert_str_eq(answer(1, "9", ""), "known: What do you like?");
	ck_assert_str_eq(answer(1, "NULL", "The coffee"), "commented: ");
	ck_assert_str_eq(answer(1, "9", "The coffee"), "known: ");
	ck_assert_str_eq(answer(1, "3", "Changed my mind"), "duplicate: ");
	ck_assert_str_eq(answer(2, "11", "great"), "out_of_range: ");
	ck_assert_str_eq(answer(2, "NULL", "only words"), "partial: ");
	ck_assert_str_eq(answer(2, "0", "slow"), "taken: "); // what was refused took nothing away
	ck_assert_str_eq(answer(2, "0", "slow"), "known: ");
	ck_assert_str_eq(database_text(web, "SELECT fate FROM loyalty.survey_answer('nobody-has-this-one', 5)"), "unknown");
	database_run(session, "UPDATE loyalty.survey_invitation SET ends_at = now() - interval '1 s' WHERE member_id = 3");
	ck_assert_str_eq(database_text(web, "SELECT a.state FROM public.link l, loyalty.survey_look(l.token) a WHERE l.i = 3"), "ended");
	ck_assert_str_eq(answer(3, "4", "too late"), "late: ");
	ck_assert_int_eq(refused("late"), 1);
	ck_assert_int_eq(refused("duplicate"), 1);
	ck_assert_int_eq(refused("out_of_range"), 1);
	ck_assert_int_eq(refused("partial"), 1);
	ck_assert_int_eq(refused("unknown"), 1);
	ck_assert_str_eq(database_text(session, "SELECT string_agg(comment, '; ' ORDER BY said_at) FROM loyalty.survey_refusal"),
		"Changed my mind; great; only words; too late");
	ck_assert_str_eq(database_text(session, "SELECT string_agg(score || ' ' || comment, '; ' ORDER BY member_id) FROM loyalty.survey_response"),
		"9 The coffee; 0 slow");
	ck_assert_int_eq(database_number(session, "SELECT sum(n) FROM loyalty.survey_count WHERE grain = 'w' AND dimension = 'replied'"), 2);
	ck_assert_int_eq(database_number(session, "SELECT sum(n) FROM loyalty.survey_count WHERE grain = 'm' AND dimension = 'invited'"), MEMBERS);
	counts_are_right();
}
END_TEST

START_TEST(nobody_is_asked_too_often)
{
	database_run(session, NPS("nps", ", \"cooldown_days\": 30"));
	database_run(session, NPS("other", ", \"cooldown_days\": 30, \"is_transactional\": true"));
	database_run(session, "SELECT * FROM loyalty.survey_invite('nps', 25)");
	int64_t first = database_number(session, "SELECT count(*) FROM loyalty.survey_invitation");
	ck_assert_int_gt(first, 0);
	ck_assert_int_lt(first, MEMBERS);
	database_run(session, "SELECT * FROM loyalty.survey_invite('other')");
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.survey_invitation"), MEMBERS);
	ck_assert_int_eq(database_number(session, "SELECT count(DISTINCT member_id) FROM loyalty.survey_invitation"), MEMBERS);
	database_run(session, "UPDATE loyalty.survey_invitation SET invited_at = invited_at - interval '31 days'; "
			      "UPDATE loyalty.survey_delta SET on_day = on_day - 31; SELECT * FROM loyalty.survey_invite('nps')");
	ck_assert_int_eq(database_number(session, "SELECT invited FROM loyalty.survey_wave WHERE wave_no = 2"), MEMBERS);
	database_run(session, "INSERT INTO public.link (number, token, language, ends_on, wave_no) SELECT * FROM loyalty.survey_invite_again('nps', 2)");
	ck_assert_str_eq(answer(1, "10", "thanks"), "taken: ");
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.survey_token"), MEMBERS * 2);
	ck_assert_str_eq(database_refusal(session, "SELECT loyalty.survey_invite_again('nps', 9)"), "LY004");
	counts_are_right();
}
END_TEST

START_TEST(a_wave_takes_no_more_than_its_quota)
{
	database_run(session, NPS("nps", ", \"quota\": 2, \"cooldown_days\": 0"));
	invite("nps");
	ck_assert_str_eq(answer(1, "8", "a"), "taken: ");
	ck_assert_str_eq(answer(2, "8", "b"), "taken: ");
	ck_assert_str_eq(answer(3, "8", "c"), "full: ");
	ck_assert_int_eq(refused("full"), 1);
	ck_assert_int_eq(database_number(session, "SELECT answers FROM loyalty.survey_wave"), 2);
	database_run(session, "INSERT INTO public.link (number, token, language, ends_on, wave_no) SELECT * FROM loyalty.survey_invite('nps', NULL, 'some', false, "
			      "'{11, 12, 13}', 1)"); // a quota of the wave's own
	ck_assert_str_eq(database_text(session, "SELECT string_agg(number::text, ' ' ORDER BY i) FROM public.link WHERE i > 40"), "511 512 513");
	ck_assert_str_eq(answer(41, "8", "a"), "taken: ");
	ck_assert_str_eq(answer(42, "8", "b"), "full: ");
	ck_assert_str_eq(database_refusal(session, "SELECT * FROM loyalty.survey_invite('nps', NULL, NULL, false, NULL, 0)"), "LY002");
	counts_are_right();
}
END_TEST

// What an answer counts for besides: segments as of the invitation, campaigns that gave something before, tags.
START_TEST(parts_are_counted_as_they_come)
{
	struct session *deniz = database_login("deniz"), *elif = database_login("elif");
	database_run(session, NPS("nps", "") "; INSERT INTO loyalty.segment (code, condition) VALUES ('bursa', 'city = Bursa'), ('late', 'purchases = 0'); "
					     "INSERT INTO loyalty.campaign_grant (member_id, campaign_no, instance, decision_no, revision_no, on_day, granted_on, ticket, outcome, "
					     "drawn, prize, seq) SELECT m, 7, 1, m, 1, d, d, 0, o, NULLIF('cup', o), CASE o WHEN 'prize' THEN 'cup' END, CASE o WHEN 'prize' THEN m END "
					     "FROM (VALUES (1, 0, 'prize'), (2, 91, 'prize'), (3, 0, 'hold_out'), (4, 90, 'prize')) g (m, ago, o), "
					     "LATERAL (SELECT loyalty.business_day() - g.ago AS d) x");
	database_run(session, "GRANT INSERT ON public.link TO loyalty_marketing; GRANT USAGE ON SCHEMA public TO loyalty_marketing");
	database_run(elif, "BEGIN; INSERT INTO public.link (number, token, language, ends_on, wave_no) SELECT * FROM loyalty.survey_invite('nps'); "
			   "SELECT loyalty.survey_invited_in('nps', 'bursa', '{2, 4}'), loyalty.survey_invited_in('nps', 'late', '{4}'), "
			   "loyalty.survey_invited_in('nps', 'none', '{4}'); COMMIT");
	database_run(elif, "SELECT loyalty.survey_invited_in('nps', 'bursa', '{1}')"); // not of that transaction
	for (int link = 1; link <= 4; link++)
		ck_assert_str_eq(answer(link, "9", ""), "taken: What do you like?");
	static const char parts[] = "SELECT string_agg(value || ' ' || n, ', ' ORDER BY value) FROM (SELECT value, sum(n) AS n FROM loyalty.survey_count "
				    "WHERE grain = 'w' AND dimension = '%s' GROUP BY 1 HAVING sum(n) <> 0) x";
	char sql[300];
	snprintf(sql, sizeof sql, parts, "segment");
	ck_assert_str_eq(database_text(session, sql), " 2, bursa 2, late 1");
	snprintf(sql, sizeof sql, parts, "campaign");
	ck_assert_str_eq(database_text(session, sql), " 2, 7 2");
	ck_assert_str_eq(database_text(deniz, "SELECT loyalty.survey_tag(1, 1, window_no, 'Slow', true) FROM loyalty.survey_response WHERE member_id = 1"), "{slow}");
	database_run(deniz, "SELECT loyalty.survey_tag(1, 1, window_no, x, true) FROM loyalty.survey_response, unnest('{slow, staff}'::text[]) x WHERE member_id < 3");
	database_run(deniz, "SELECT loyalty.survey_tag(1, 1, window_no, 'staff', false) FROM loyalty.survey_response WHERE member_id = 1");
	database_run(deniz, "SELECT loyalty.survey_tag(2, 1, window_no, 'staff', true) FROM loyalty.survey_response WHERE member_id = 2");
	snprintf(sql, sizeof sql, parts, "tag");
	ck_assert_str_eq(database_text(session, sql), "slow 1, staff 1");
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.survey_tag(1, 1, window_no, E'a\tb', true) FROM loyalty.survey_response WHERE member_id = 1"), "LY002");
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.survey_tag(9, 1, 0, 'a', true)"), "LY004");
	ck_assert_str_eq(database_refusal(elif, "SELECT loyalty.survey_tag(1, 1, 0, 'a', true)"), "42501");
	counts_are_right();
	database_run(session, "SELECT loyalty.survey_forget(1), loyalty.survey_forget(2)");
	snprintf(sql, sizeof sql, parts, "region");
	ck_assert_str_eq(database_text(session, sql), " 2, Bursa 1, Köln 1");
	counts_are_right();
	session_close(deniz);
	session_close(elif);
}
END_TEST

START_TEST(a_detractor_opens_a_case)
{
	database_run(session, NPS("nps", ", \"case_at_most\": 6, \"case_priority\": 1, \"case_owner\": \"deniz\""));
	invite("nps");
	ck_assert_str_eq(answer(1, "2", ""), "taken: What went wrong?");
	ck_assert_str_eq(answer(1, "NULL", "Nobody answered"), "commented: ");
	ck_assert_str_eq(answer(2, "7", "fine"), "taken: ");
	ck_assert_str_eq(database_text(session, "SELECT concat_ws(' ', member_id, case_no, priority, owner, opened_by) FROM loyalty.member_case"), "1 1 1 deniz netz");
	ck_assert_int_eq(database_number(session, "SELECT case_no FROM loyalty.survey_response WHERE member_id = 1"), 1);
	ck_assert_str_eq(database_text(session, "SELECT body FROM loyalty.case_article WHERE member_id = 1 ORDER BY article_no DESC LIMIT 1"), "Nobody answered");
	counts_are_right();
}
END_TEST

// What is missing for the case is no reason to lose the answer.
START_TEST(an_answer_counts_without_its_case)
{
	database_run(session, "INSERT INTO loyalty.case_group (group_code, name) VALUES ('care', 'Care')");
	database_run(session, NPS("nps", ", \"case_at_most\": 6, \"case_owner\": \"deniz\", \"case_group\": \"care\""));
	ck_assert_str_eq(database_refusal(session, NPS("n2", ", \"case_at_most\": 6, \"case_group\": \"none\"")), "LY002");
	invite("nps");
	database_run(session, "SELECT loyalty.staff_disable('deniz')");
	ck_assert_str_eq(answer(1, "2", "a"), "taken: ");
	ck_assert_str_eq(database_text(session, "SELECT concat_ws(' ', group_code, owner) FROM loyalty.member_case"), "care");
	database_run(session, "UPDATE loyalty.staff SET active = false WHERE login = 'netz'");
	ck_assert_str_eq(answer(2, "2", "b"), "taken: ");
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.member_case"), 1);
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.survey_response"), 2);
	counts_are_right();
}
END_TEST

START_TEST(an_index_needs_all_three)
{
	database_run(session, "SELECT loyalty.survey_create('{\"code\": \"loyal\", \"name\": \"Loyalty\", \"kind\": \"cli\", "
			      "\"questions\": [\"Recommend?\", \"Buy again?\", \"Try others?\"]}')");
	invite("loyal");
	ck_assert_str_eq(answer(1, "ARRAY[6, 5, 4]", "x"), "taken: ");
	ck_assert_str_eq(answer(2, "ARRAY[3, 4, NULL]", "x"), "partial: ");
	ck_assert_str_eq(answer(3, "ARRAY[3, 4]", "x"), "partial: ");
	ck_assert_str_eq(answer(4, "ARRAY[3, 4, 7]", "x"), "out_of_range: ");
	ck_assert_int_eq(database_number(session, "SELECT score FROM loyalty.survey_response"), 15);
	counts_are_right();
}
END_TEST

START_TEST(everybody_has_their_rights)
{
	struct session *deniz = database_login("deniz"), *elif = database_login("elif"), *murat = database_login("murat");
	ck_assert_str_eq(database_refusal(deniz, NPS("nps", "")), "42501");
	database_run(elif, NPS("nps", ""));
	database_run(elif, NPS("nps", "")); // the same again
	ck_assert_str_eq(database_refusal(elif, NPS("nps", ", \"window_days\": 30")), "LY002");
	ck_assert_str_eq(database_refusal(elif, NPS("Nps", "")), "LY002");
	ck_assert_str_eq(database_refusal(elif, NPS("n2", ", \"sample\": 0")), "LY002");
	ck_assert_str_eq(database_refusal(elif, NPS("n2", ", \"case_owner\": \"nobody\"")), "LY002");
	ck_assert_str_eq(database_text(deniz, "SELECT fate FROM loyalty.survey_answer_for(5, 'nps', '{8}', 'on the phone')"), "taken");
	ck_assert_str_eq(database_refusal(deniz, "SELECT loyalty.survey_answer_for(5555, 'nps', '{8}', '')"), "LY004");
	ck_assert_str_eq(database_refusal(elif, "SELECT loyalty.survey_answer_for(6, 'nps', '{8}', '')"), "42501");
	ck_assert_int_eq(database_number(elif, "SELECT sum(n) FROM loyalty.survey_count WHERE grain = 'm' AND dimension = 'all'"), 1);
	ck_assert_str_eq(database_refusal(elif, "SELECT comment FROM loyalty.survey_response"), "42501");
	ck_assert_str_eq(database_text(murat, "SELECT comment FROM loyalty.survey_response"), "on the phone");
	ck_assert_str_eq(database_refusal(web, "SELECT * FROM loyalty.survey_token"), "42501");
	ck_assert_str_eq(database_refusal(web, "SELECT loyalty.case_open(1, gen_random_uuid(), 't', 'web', 2, 'from_member', 'b')"), "42501");
	database_run(elif, "SELECT loyalty.survey_close('nps', loyalty.business_day())");
	counts_are_right();
	session_close(deniz);
	session_close(elif);
	session_close(murat);
}
END_TEST

// Answers by every eighth link, again and again with other words, until nothing is left or it is killed.
static void write_answers(int writer)
{
	struct session *mine = database_login("netz");
	char sql[300];
	for (int round = 0; round < 6; round++)
		for (int link = 1; link <= MEMBERS; link++) {
			snprintf(sql, sizeof sql, "SELECT fate FROM public.link l, loyalty.survey_answer(l.token, %d, 'w%d') WHERE l.i = %d",
				(link + round * writer) % 12, writer, 1 + (link + writer * 5) % MEMBERS);
			database_text(mine, sql);
		}
	session_close(mine);
	_exit(0);
}

START_TEST(writers_at_once_and_killed_leave_counts_right)
{
	pid_t writers[WRITERS];
	database_run(session, NPS("nps", ", \"case_at_most\": 2"));
	invite("nps");
	session_close(web); // a login has eight connections
	web = NULL;
	for (int i = 0; i < WRITERS; i++) {
		fflush(NULL);
		writers[i] = fork();
		ck_assert_int_ge(writers[i], 0);
		if (writers[i] == 0)
			write_answers(i);
	}
	// Some way through, half of them are killed.
	while (database_number(session, "SELECT count(*) FROM loyalty.survey_response") + refused("duplicate") < MEMBERS)
		;
	for (int i = 0; i < KILLED; i++)
		kill(writers[i], SIGKILL);
	for (int i = 0; i < WRITERS; i++) {
		int status;
		waitpid(writers[i], &status, 0);
		ck_assert_msg(i < KILLED || (WIFEXITED(status) && WEXITSTATUS(status) == 0), "writer %d ended with %x", i, status);
	}
	while (database_number(session, "SELECT count(*) FROM pg_stat_activity WHERE usename = 'netz' AND state = 'active' AND datname = current_database()"))
		;
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.survey_response"), MEMBERS);
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.survey_invitation WHERE answered_at IS NULL"), 0);
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.member_case"),
		database_number(session, "SELECT count(*) FROM loyalty.survey_response WHERE score <= 2"));
	counts_are_right();
}
END_TEST

START_TEST(a_wrong_count_is_seen)
{
	database_run(session, NPS("nps", ""));
	invite("nps");
	answer(1, "8", "a");
	database_run(session, "SELECT loyalty.survey_fold(); UPDATE loyalty.survey_day SET n = n + 1 WHERE dimension = 'region' AND grain = 'w'");
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.survey_broken()"), 1);
}
END_TEST

Suite *survey_suite(void)
{
	Suite *suite = suite_create("survey");
	TCase *tcase = tcase_create("answers");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 30);
	tcase_add_test(tcase, every_answer_has_its_fate);
	tcase_add_test(tcase, nobody_is_asked_too_often);
	tcase_add_test(tcase, a_wave_takes_no_more_than_its_quota);
	tcase_add_test(tcase, parts_are_counted_as_they_come);
	tcase_add_test(tcase, a_detractor_opens_a_case);
	tcase_add_test(tcase, an_answer_counts_without_its_case);
	tcase_add_test(tcase, an_index_needs_all_three);
	tcase_add_test(tcase, everybody_has_their_rights);
	const char *rounds = getenv("LOYALTY_SOAK") ? getenv("LOYALTY_ROUNDS") : NULL;
	tcase_add_loop_test(tcase, writers_at_once_and_killed_leave_counts_right, 0, rounds ? atoi(rounds) : 1);
	tcase_add_test(tcase, a_wrong_count_is_seen);
	suite_add_tcase(suite, tcase);
	return suite;
}
