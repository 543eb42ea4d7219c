// A night on which every member is due: what people wait for goes in between, workers share it, one that is
// killed loses nothing, and everybody sees how far it is.
#include "model/member/member_report.h"
#include "model/member/standing_view.h"
#include "model/posting/night.h"
#include "model/programme/rulebook.h"
#include "tests/database.h"
#include "tests/spine.h"
#include "tests/story.h"

#include <check.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

enum { MEMBERS = 4000, NIGHT = FIRST_DAY + 300 }; // 2027-01-04: what was bought on the second day has expired

static struct session *session;

static void setup(void)
{
	session = story_begin("check_night");
}

// Members who enrolled and bought on the second day, all of them posted; and the night for workers and
// screens.
static void members_make(void)
{
	char sql[1200];
	snprintf(sql, sizeof sql,
		"INSERT INTO loyalty.member (number, given_name, family_name, enrolled_on) "
		"SELECT g, 'Ay', 'Ay', '2000-01-01' FROM generate_series(1, %d) g; "
		"INSERT INTO loyalty.standing (member_id) SELECT member_id FROM loyalty.member; "
		"INSERT INTO loyalty.journal (member_id, type, lane, activity_on, amount, source, "
		"external_id) "
		"SELECT m.member_id, e.type::loyalty.event_type, 1, '2026-03-11', e.amount, 'bulk', e.type "
		"FROM loyalty.member m, (VALUES ('enrol', NULL), ('purchase', 3000)) e (type, amount) "
		"ORDER BY m.member_id, e.type; "
		"INSERT INTO loyalty.inbox SELECT loyalty.bucket_of(member_id), member_id, seq, 1 "
		"FROM loyalty.journal",
		MEMBERS);
	database_run(session, sql);
	spine_work(0, FIRST_DAY + 1);
	database_run(session,
		"CREATE OR REPLACE FUNCTION loyalty.business_day() RETURNS date LANGUAGE sql STABLE AS "
		"$$ SELECT date '2027-01-04' $$");
}

static void teardown(void)
{
	story_end();
}

// A test that waits in vain fails by its own time limit.
static void wait_until(const char *sql)
{
	while (!database_number(session, sql))
		poll(NULL, 0, 5);
}

static struct night_progress progress_see(void)
{
	struct night_progress night;
	struct error error = {0};
	ck_assert(night_progress_read(&night, session, &error));
	return night;
}

static struct standing_view standing_see(struct rulebook *rulebook, int64_t member_id)
{
	struct ask ask;
	struct error error = {0};
	struct standing_view view;
	standing_ask(&ask, member_id);
	struct result *result = ask_session(session, &ask, &error);
	ck_assert(result && standing_take(&view, rulebook, result, &error));
	result_free(result);
	return view;
}

static int64_t member_of_bucket(const char *condition)
{
	char sql[200];
	snprintf(sql, sizeof sql,
		"SELECT min(member_id) FROM loyalty.member_due WHERE due_on <= '2027-01-04' AND %s",
		condition);
	return database_number(session, sql);
}

// Somebody waits: they are served while one bucket, which the test holds, keeps the night from ending.
static void somebody_waits(int64_t member_id)
{
	char sql[300];
	snprintf(sql, sizeof sql,
		"SELECT seq FROM loyalty.submit_event(%" PRId64 ", 'purchase', 'till', 'bon', '2027-01-04', "
		"'{\"amount\": 500}', 0)",
		member_id);
	database_number(session, sql);
	wait_until("SELECT (count(*) = 0)::int FROM loyalty.inbox");
	ck_assert_int_eq(story_balance(member_id), 500);
}

static const struct member_section *section_of(const char *name)
{
	const struct member_section *section = MEMBER_SECTIONS;
	while (strcmp(section->name, name) != 0)
		section++;
	return section;
}

static void stays_correct(int64_t held)
{
	struct error error = {0};
	struct rulebook *rulebook = rulebook_load(session, &error);
	struct standing_view view = standing_see(rulebook, held);
	ck_assert(view.is_unposted);
	ck_assert_int_eq(view.day, NIGHT);
	ck_assert_int_eq(view.points[0].points, 0); // its points expired, whatever the tables say
	ck_assert_int_eq(story_balance(held), 3000);
	standing_view_free(&view);
	rulebook_free(rulebook);
	char member_id[24];
	snprintf(member_id, sizeof member_id, "%" PRId64, held);
	struct result *tier = member_report_section(session, section_of("tier"), member_id, &error);
	ck_assert(tier && *result_text(tier, 0, result_column(tier, "unposted_since")));
	result_free(tier);
}

START_TEST(a_night_of_all_members_stops_nobody)
{
	char text[NIGHT_TEXT];
	members_make();
	struct session *holder = database_session("");
	int64_t all = database_number(
		session, "SELECT count(*) FROM loyalty.member_due WHERE due_on <= '2027-01-04'");
	ck_assert_int_eq(all, MEMBERS);
	database_run(holder, "SELECT pg_advisory_lock(7, 3)");
	int64_t held = member_of_bucket("bucket = 3");
	pid_t victim = spine_worker_start(NIGHT);
	wait_until("SELECT (coalesce(sum(advanced), 0) > 0)::int FROM loyalty.night");
	int status;
	ck_assert_int_eq(kill(victim, SIGKILL), 0);
	ck_assert_int_eq(waitpid(victim, &status, 0), victim);
	struct night_progress night = progress_see();
	ck_assert_int_eq(night.day, NIGHT);
	ck_assert_int_eq(night.due, all);
	ck_assert(!night.is_over && night.advanced > 0 && night.advanced < all);
	ck_assert_ptr_nonnull(strstr(night_text(&night, text, sizeof text), " of 4,000 members advanced ("));
	stays_correct(held);
	pid_t workers[] = {spine_worker_start(NIGHT), spine_worker_start(NIGHT)};
	somebody_waits(member_of_bucket("bucket <> 3"));
	wait_until("SELECT (count(*) = 0)::int FROM loyalty.member_due WHERE due_on <= '2027-01-04' AND "
		   "bucket <> 3");
	ck_assert(!progress_see().is_over);
	stays_correct(held);
	database_run(holder, "SELECT pg_advisory_unlock(7, 3)");
	wait_until("SELECT (processed_on = '2027-01-04')::int FROM loyalty.programme");
	for (int i = 0; i < 2; i++)
		spine_worker_stop(workers[i]);
	session_close(holder);
	night = progress_see();
	ck_assert(night.is_over && night.advanced == all);
	ck_assert_ptr_nonnull(
		strstr(night_text(&night, text, sizeof text), ": 4,000 members advanced in 0:0"));
	ck_assert_int_eq(
		database_number(session, "SELECT count(*) FROM loyalty.ledger_entry WHERE account_id = 3"),
		all);
	story_prove();
}
END_TEST

// Ten thousand go at once; beyond them no more than the hours gone by ask for: of 40,000 in one hour of four,
// 10,000.
START_TEST(a_night_is_spread)
{
	static const struct {
		int advanced, hours, is_ahead;
	} cases[] = {{9999, 4, 0}, {19999, 4, 0}, {20100, 4, 1}, {20100, 0, 0}, {20100, 1, 0}, {10000, 23, 0},
		{12000, 23, 1}};
	database_run(session,
		"INSERT INTO loyalty.night (day, bucket, due, started_at) SELECT '2027-01-04', b, "
		"b / 15 * 40000, now() - interval '1 hour' FROM generate_series(0, 15) b");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char sql[200];
		snprintf(sql, sizeof sql, "UPDATE loyalty.night SET advanced = %d WHERE bucket = 15",
			cases[i].advanced);
		database_run(session, sql);
		snprintf(sql, sizeof sql, "SELECT is_ahead::int FROM loyalty.night_look('2027-01-04', %d)",
			cases[i].hours);
		ck_assert_int_eq(database_number(session, sql), cases[i].is_ahead);
	}
}
END_TEST

Suite *night_suite(void);
Suite *night_suite(void)
{
	Suite *suite = suite_create("night");
	TCase *test_case = tcase_create("night");
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_set_timeout(test_case, 30);
	tcase_add_test(test_case, a_night_of_all_members_stops_nobody);
	tcase_add_test(test_case, a_night_is_spread);
	suite_add_tcase(suite, test_case);
	return suite;
}
