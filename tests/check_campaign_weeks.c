// The life of two campaigns by verbs alone: marketing writes them from the templates and tries them, a manager
// approves, the worker runs them over simulated weeks, and anybody proves and reads them.
#include "tests/database.h"
#include "tests/program.h"
#include "tests/spine.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#define DATABASE "check_campaign_weeks"
#define ELIF "--database 'user=elif dbname=" DATABASE "' "
#define MURAT "--database 'user=murat dbname=" DATABASE "' "
#define WORKER "--database 'user=isci dbname=" DATABASE "' "

enum { MEMBERS = 120, SEED = 64 }; // a seed has so many digits

#define ck_holds(text, part)                                                                                 \
	ck_assert_msg(strstr(text, part) != NULL, "\"%s\" does not stand in: %s", part, text)

static struct session *session;

// The members' birthdays lie on 1 to 30 December, and the first 80 bought something half a year before.
static const char *const house[] = {
	"CREATE OR REPLACE FUNCTION loyalty.business_day() RETURNS date LANGUAGE sql STABLE AS $$ SELECT greatest("
	"date '2026-11-30', (SELECT p.processed_on FROM loyalty.programme p)) $$",
	"INSERT INTO loyalty.member (number, given_name, family_name, born, enrolled_on) SELECT 1000000 + g, 'Ay', "
	"'Ay', date '1980-12-01' + g % 30, '2026-03-10' FROM generate_series(1, 120) g",
	"INSERT INTO loyalty.member_identifier (value, kind, member_id) SELECT number, 'number', member_id FROM "
	"loyalty.member",
	"INSERT INTO loyalty.standing (member_id) SELECT member_id FROM loyalty.member",
	"INSERT INTO loyalty.journal (member_id, type, lane, activity_on, source, external_id) SELECT m.member_id, "
	"'enrol', 1, '2026-03-10', 'bulk', 'enrol' FROM loyalty.member m ORDER BY 1",
	"INSERT INTO loyalty.journal (member_id, type, lane, activity_on, amount, source, external_id) SELECT "
	"m.member_id, 'purchase', 1, '2026-06-01', 1500, 'bulk', 'first' FROM loyalty.member m WHERE m.member_id <= 80 "
	"ORDER BY 1",
	"INSERT INTO loyalty.inbox SELECT loyalty.bucket_of(member_id), member_id, seq, 1 FROM loyalty.journal",
};

static void start(void)
{
	session = spine_begin(DATABASE, "starbucks_us_2026");
	for (size_t i = 0; i < sizeof house / sizeof *house; i++)
		database_run(session, house[i]);
	program_expect(0, WORKER "worker --once --as-of 2026-11-30");
}

static void stop(void)
{
	session_close(session);
}

static int64_t number(const char *sql)
{
	return database_number(session, sql);
}

static void campaign_begin(int number, const char *template)
{
	ck_holds(program_expect(0, ELIF "campaign check %s", template)->out, "no mistakes");
	ck_holds(program_expect(0, ELIF "campaign load %s", template)->out, "loyalty campaign submit");
	ck_holds(program_expect(0, ELIF "campaign dry-run %d --days 30", number)->out, "in the audience");
	program_expect(1, MURAT "campaign approve %d", number); // not submitted yet
	ck_holds(program_expect(0, ELIF "campaign submit %d", number)->out, "it needs another person");
	program_expect(1, ELIF "campaign approve %d", number);
	ck_holds(program_expect(0, MURAT "campaign approve %d", number)->out, "it runs from 2026-12-01 on");
}

START_TEST(two_campaigns_run_for_weeks)
{
	campaign_begin(1, "birthday");
	campaign_begin(2, "win_back");
	for (int day = 1; day <= 31; day += 10) // days that no worker saw are made up for
		program_expect(0, WORKER "worker --once --as-of 2026-12-%02d", day);
	const char *list = program_expect(0, ELIF "campaign list --format csv")->out;
	ck_holds(list, "birthday");
	ck_holds(list, "running");
	// Everybody had a birthday; of 80 who stayed away each had a turn in each of five weeks.
	ck_assert_int_eq(number("SELECT count(*) FROM loyalty.campaign_grant WHERE campaign_no = 1"), MEMBERS);
	ck_assert_int_eq(number("SELECT count(*) FROM loyalty.campaign_grant WHERE campaign_no = 2"), 5 * 80);
	ck_assert_int_eq(number("SELECT count(*) FROM (SELECT member_id FROM loyalty.campaign_grant WHERE outcome = "
				"'prize' GROUP BY member_id, campaign_no HAVING count(*) > 1) x"),
		0);
	ck_assert_int_gt(number("SELECT grants FROM loyalty.campaign WHERE campaign_no = 2"), 0);
	ck_assert_int_eq(number("SELECT count(*) FROM loyalty.outcome"), 0);
	ck_assert_int_eq(number("SELECT count(*) FROM loyalty.inbox"), 0);
	ck_holds(program_expect(0, ELIF "campaign show 2 --prizes")->out, "drink");
	for (int campaign = 1; campaign <= 2; campaign++) {
		ck_holds(program_expect(0, MURAT "campaign verify %d", campaign)->out,
			"0 broken; worked out by the database");
		ck_assert_uint_lt(strlen(program_expect(0, ELIF "campaign show %d --reveal", campaign)->out), SEED);
		ck_holds(program_expect(0, ELIF "campaign stop %d 'seen enough'", campaign)->out, "has ended");
		ck_assert_uint_ge(strlen(program_expect(0, ELIF "campaign show %d --reveal", campaign)->out), SEED);
		ck_holds(program_expect(0, ELIF "campaign verify %d", campaign)->out, "0 broken; ");
		ck_holds(program_expect(0, ELIF "campaign verify %d", campaign)->out,
			"worked out here from the seed that is shown");
		ck_holds(program_expect(0, ELIF "campaign results %d", campaign)->out, "members who bought again");
	}
	ck_assert_int_eq(spine_verify(session, 100, true).broken, 0);
}
END_TEST

Suite *campaign_weeks_suite(void);
Suite *campaign_weeks_suite(void)
{
	Suite *suite = suite_create("campaign_weeks");
	TCase *weeks = tcase_create("weeks");
	tcase_add_checked_fixture(weeks, start, stop);
	tcase_set_timeout(weeks, 60);
	tcase_add_test(weeks, two_campaigns_run_for_weeks);
	suite_add_tcase(suite, weeks);
	return suite;
}
