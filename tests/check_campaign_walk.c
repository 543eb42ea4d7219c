// A birthday surprise and a win-back, from the idea to what came of it, at the screens: configured by marketing,
// approved by a manager, run by the worker over simulated weeks, proven, and read as results.
#include "tests/program.h"
#include "tests/tui/house.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *campaign_walk_suite(void);

static struct vt *max, *mona;

// "2026-12-13": so many days after the day the house stands at.
static const char *day_after(int days)
{
	static char text[16];
	char sql[120];
	snprintf(sql, sizeof sql, "SELECT to_char(date '2000-01-01' + %d, 'YYYYMMDD')::bigint",
		(int)house_number("SELECT loyalty.business_day() - date '2000-01-01'") + days);
	int64_t day = house_number(sql);
	snprintf(text, sizeof text, "%04d-%02d-%02d", (int)(day / 10000), (int)(day / 100 % 100), (int)(day % 100));
	return text;
}

static void build(void)
{
	house_open("campaign_walk");
	house_work();
	house_sql(NULL, "UPDATE loyalty.member SET born = (loyalty.business_day() + 3 + (member_id % 9)::int - interval '30 years')::date");
	house_sql(NULL, "UPDATE loyalty.standing SET last_purchase_on = loyalty.business_day() - 100 WHERE member_id > 4");
}

// The cursor on the first row of that label, from where it stands, that has the value.
static void go_to(struct vt *vt, const char *label, const char *value)
{
	int row, column;
	for (int i = 0; i < 60; i++) {
		vt_cursor(vt, &row, &column);
		const char *at = strstr(vt_row(vt, row), label);
		if (at && strstr(at, value))
			return;
		house_keys(vt, "j");
	}
	vt_print(vt);
	ck_abort_msg("there is no setting %s", label);
}

static void set(struct vt *vt, const char *label, const char *value)
{
	char keys[80];
	house_keys(vt, "g");
	go_to(vt, label, "");
	snprintf(keys, sizeof keys, "\r\025%s\r", value);
	house_keys(vt, keys);
}

static void remove_prize(struct vt *vt, const char *code)
{
	house_keys(vt, "g");
	go_to(vt, "Prize ", code);
	house_keys(vt, "D");
	house_shows(vt, "u brings it back");
}

static void submit(int campaign_no)
{
	char line[80];
	house_keys(max, "S");
	snprintf(line, sizeof line, "Submit revision 1 of campaign %d?", campaign_no);
	house_waits(max, line);
	house_keys(max, "y");
	house_waits(max, "revision 1 submitted by max");
	house_keys(max, "\033");
	house_waits(max, "The selected campaign");
}

static void configure_birthday(void)
{
	house_keys(max, "n");
	house_shows(max, "A new campaign");
	house_keys(max, "\tSweet day\tsweet\r\r");
	house_shows(max, "NEW, not saved");
	set(max, "Held out", "0");
	set(max, "Chance", "100");
	house_shows(max, "to mend before it can be submitted");
	set(max, "If none left", "");
	remove_prize(max, "small");
	remove_prize(max, "card");
	house_hides(max, "to mend before it can be submitted");
	house_keys(max, "w \r\02521\r\r");
	house_waits(max, "24 to 24 members: 12,000 STAR, $120.00");
	submit(1);
}

static void configure_win_back(void)
{
	house_keys(max, "n");
	house_shows(max, "A new campaign");
	house_keys(max, " \tMiss you\tmissed\r\r");
	house_shows(max, "NEW, not saved");
	house_keys(max, "g");
	go_to(max, "Audience", "");
	house_keys(max, "\r");
	house_waits(max, "last purchase");
	house_keys(max, "\025last_purchase < 60 days ago\r");
	house_shows(max, "last_purchase < 60 days ago");
	set(max, "First day", day_after(20));
	set(max, "Chance", "100");
	remove_prize(max, "nothing");
	submit(2);
}

static void approve(int campaign_no, const char *name)
{
	char line[80];
	house_keys(mona, "g");
	go_to(mona, name, "");
	house_keys(mona, "\r");
	snprintf(line, sizeof line, "campaign %d, submitted", campaign_no);
	house_waits(mona, line);
	house_keys(mona, "a");
	house_waits(mona, "Approve revision 1 of");
	house_keys(mona, "y");
	house_waits(mona, "scheduled, revision 1 approved");
	house_keys(mona, "\033");
	house_waits(mona, "The selected campaign");
}

static void weeks_pass(int days)
{
	program_expect(0, "worker --once --as-of %s", day_after(days));
}

static void read_results(void)
{
	house_keys(mona, "g");
	go_to(mona, "Sweet day", "");
	house_keys(mona, "\r");
	house_waits(mona, "campaign 1, running");
	house_keys(mona, "2");
	house_waits(mona, "began by itself");
	house_keys(mona, "4");
	house_waits(mona, "members: 24 received, 0 held out");
	house_shows(mona, "too few to tell (n < 30)");
	house_shows(mona, "prizes given so far: 24");
	house_keys(mona, "\033");
	house_waits(mona, "The selected campaign");
}

// What the member got, from which campaign and why; the campaign is a key away, and so is the message.
static void read_timeline(void)
{
	house_keys(mona, "E1000002\r\r");
	house_waits(mona, "campaign Sweet day gave big: birthday");
	house_keys(mona, "f");
	house_shows(mona, "Show in the timeline");
	house_keys(mona, "G\r");
	house_waits(mona, "message \"Happy birthday, ");
	house_keys(mona, "G\r");
	house_waits(mona, "Places in braces are filled when it is sent.");
	house_shows(mona, "it is your day, and we have something for you");
	house_keys(mona, "\033fGk\r");
	house_waits(mona, "campaign Sweet day gave big");
	house_keys(mona, "G\r");
	house_waits(mona, "campaign 1, running");
}

START_TEST(from_the_idea_to_what_came_of_it)
{
	max = house_screens("max", NULL, 40, 120);
	house_keys(max, "P");
	house_waits(max, "There is no campaign yet");
	configure_birthday();
	configure_win_back();
	house_leave(max);
	mona = house_screens("mona", NULL, 40, 120);
	house_keys(mona, "P");
	house_waits(mona, "Miss you");
	approve(1, "Sweet day");
	approve(2, "Miss you");
	weeks_pass(14);
	ck_assert_int_eq(house_number("SELECT grants FROM loyalty.campaign WHERE code = 'sweet'"), 24);
	weeks_pass(30);
	weeks_pass(60);
	int64_t grants = house_number("SELECT grants FROM loyalty.campaign WHERE code = 'missed'");
	ck_assert_int_gt(grants, 0);
	ck_assert_int_eq(house_number("SELECT count(DISTINCT member_id) FROM loyalty.campaign_grant WHERE campaign_no = 2 "
				      "AND outcome IN ('prize', 'hold_out')"),
		20);
	ck_assert_int_eq(house_number("SELECT sum(e.amount) FROM loyalty.ledger_entry e JOIN loyalty.journal j USING (member_id, seq) "
				      "WHERE j.source = 'campaign:1' AND e.amount > 0"),
		24 * 50000);
	program_expect(0, "--database 'user=mona' campaign verify 1");
	program_expect(0, "--database 'user=mona' campaign verify 2");
	read_results();
	read_timeline();
	house_leave(mona);
}
END_TEST

// Who may see it reads where a campaign said no, and why; support does not.
START_TEST(where_it_said_no_is_for_some)
{
	house_sql(NULL, "INSERT INTO loyalty.campaign_grant (member_id, campaign_no, instance, decision_no, revision_no, on_day, granted_on, ticket, "
			"outcome) SELECT 5, c.campaign_no, 900000 + x.n, 900000 + x.n, 1, loyalty.business_day(), loyalty.business_day(), 7, x.o "
			"FROM loyalty.campaign c, unnest('{hold_out,none,limit,cooldown,budget,stock}'::text[]) WITH ORDINALITY x (o, n) "
			"WHERE c.code = 'sweet'");
	mona = house_screens("mona", NULL, 40, 120);
	house_keys(mona, "1000005\r\r");
	house_waits(mona, "said no: held out, to measure the effect (birthday ");
	house_shows(mona, "said no: the draw (birthday ");
	house_shows(mona, "said no: its limit");
	house_shows(mona, "said no: the cooldown");
	house_shows(mona, "said no: its budget");
	house_shows(mona, "said no: out of stock");
	house_leave(mona);
	struct vt *deniz = house_screens("deniz", NULL, 40, 120);
	house_keys(deniz, "1000005\r\r");
	house_waits(deniz, "campaign Sweet day gave big");
	house_hides(deniz, "said no");
	house_leave(deniz);
}
END_TEST

Suite *campaign_walk_suite(void)
{
	Suite *suite = suite_create("campaign_walk");
	TCase *tcase = tcase_create("walk");
	tcase_add_unchecked_fixture(tcase, build, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, from_the_idea_to_what_came_of_it);
	tcase_add_test(tcase, where_it_said_no_is_for_some);
	suite_add_tcase(suite, tcase);
	return suite;
}
