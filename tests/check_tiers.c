// The Tiers screen at real terminals: cells edited in place, tiers put in, versions saved, submitted,
// compared.
#include "tests/tui/house.h"
#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *tiers_suite(void);

static struct vt *vt, *other;

static void start(void)
{
	house_open("house_tiers");
}

static struct vt *open_tiers(const char *login, int rows, int columns)
{
	struct vt *opened = house_screens(login, NULL, rows, columns);
	house_keys(opened, "T");
	house_shows(opened, "Threshold");
	return opened;
}

// The threshold of gold, in the cell that is under the cursor after this.
static void type_threshold(struct vt *at, const char *value)
{
	house_keys(at, "ghhhjl\r\025");
	vt_send(at, value);
	house_keys(at, "\r");
}

static int64_t versions(const char *state)
{
	char sql[120];
	snprintf(sql, sizeof sql, "SELECT count(*) FROM loyalty.programme_version WHERE state = '%s'", state);
	return house_number(sql);
}

START_TEST(shows_the_ladder)
{
	vt = open_tiers("max", 40, 100);
	house_shows(vt, "version 1, approved, in force since 10 March 2026");
	house_shows(vt, "green");
	house_shows(vt, "reserve");
	house_shows(vt, "rolling");
	house_shows(vt, "base: STAR per 1");
	house_shows(vt, "STAR never expires");
	house_shows(vt, "Nothing is changed");
	house_shows(vt, "Enter:edit");
	house_keys(vt, "?");
	house_shows(vt, "Insert a tier above the one under the cursor");
}
END_TEST

START_TEST(edits_a_threshold_and_tells_what_it_means)
{
	vt = open_tiers("max", 24, 80);
	type_threshold(vt, "600");
	house_shows(vt, "~ 600");
	house_shows(vt, "NEW, not saved");
	house_shows(vt, "gold takes 600 STAR within 12 months instead of 500 STAR");
	house_shows(vt, "keeps it until the day they were told");
	house_shows(vt, "was 500 in version 1");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.programme_version"), 1);
	house_keys(vt, "u");
	house_shows(vt, "Nothing is changed");
	house_hides(vt, "600");
	house_shows(vt, "Undone: gold, Threshold");
	house_keys(vt, "u");
	house_shows(vt, "Nothing is left to undo");
	house_keys(vt, "U");
	house_shows(vt, "~ 600");
}
END_TEST

START_TEST(a_wrong_value_stays_with_its_reason)
{
	vt = open_tiers("max", 24, 80);
	type_threshold(vt, "5.123");
	house_shows(vt, "! at has more than");
	house_shows(vt, "5.123");
	house_shows(vt, "C-s:save  Esc:back");
	house_keys(vt, "\033");
	house_hides(vt, "5.123");
	house_hides(vt, "! at");
	type_threshold(vt, "3000");
	house_shows(vt, "1 mistake to mend");
	house_shows(vt, "! 2500");
	house_keys(vt, "s");
	house_shows(vt, "Not saved: reserve, Threshold:");
	house_keys(vt, "\r\0254000\r");
	house_hides(vt, "mistake");
	house_shows(vt, "~ 4000");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.programme_version"), 1);
}
END_TEST

START_TEST(inserts_a_tier_between_two)
{
	vt = open_tiers("max", 24, 80);
	house_keys(vt, "jli");
	house_shows(vt, "Between gold and reserve");
	house_keys(vt, "gold\t\t\t\r");
	house_shows(vt, "a tier has it already");
	house_keys(vt, "\025plus\tPlus\t\t\r");
	house_shows(vt, "+ Plus");
	house_shows(vt, "Plus is a new tier between gold and reserve");
	house_shows(vt, "1500");
	house_keys(vt, "G");
	house_shows(vt, "1.2          1.2          1.7"); // it earns what gold earns
	house_keys(vt, "D");
	house_shows(vt, "Take it out?");
	house_keys(vt, "y");
	house_hides(vt, "Plus");
	house_shows(vt, "Nothing is changed");
	house_keys(vt, "u");
	house_shows(vt, "+ Plus");
}
END_TEST

START_TEST(switches_words_and_dates)
{
	vt = open_tiers("max", 30, 100);
	house_keys(vt, "d");
	house_shows(vt, "only a year or month has thresholds by date");
	house_keys(vt, "G\r");
	house_shows(vt, "green, STAR never expires: yes instead of no");
	house_keys(vt, "gjjjj\r");
	house_shows(vt, "membership_year");
	house_keys(vt, "kkkk\r");
	house_shows(vt, "It is counted in a calendar year instead of within 12 months");
	house_keys(vt, "gjd");
	house_shows(vt, "Windows that begin on this day or later");
	house_keys(vt, "\t\r");
	house_keys(vt, "l\r700\r");
	house_shows(vt, "+ 700");
	house_shows(vt, "one that has begun before keeps");
}
END_TEST

START_TEST(saved_submitted_and_approved_by_another)
{
	vt = open_tiers("max", 24, 80);
	type_threshold(vt, "600");
	house_keys(vt, "s");
	house_shows(vt, "Saved as version 2, a draft");
	house_shows(vt, "version 2, draft");
	ck_assert_int_eq(versions("draft"), 1);
	type_threshold(vt, "650");
	house_keys(vt, "S");
	house_shows(vt, "In force from");
	house_keys(vt, "\0252020-01-01\t\r");
	house_shows(vt, "must lie after today");
	house_keys(vt, "\0252199-01-01\t\r");
	house_shows(vt, "Submit version 2?");
	house_shows(vt, "From 1 January 2199 on");
	house_shows(vt, "gold takes 650 STAR");
	house_keys(vt, "y");
	house_shows(vt, "a manager decides on it here");
	ck_assert_int_eq(versions("submitted"), 1);
	house_keys(vt, "a");
	house_shows(vt, "someone else has to decide");
	other = open_tiers("mona", 24, 80);
	house_shows(other, "version 2, submitted");
	house_shows(other, "~ 650");
	house_keys(other, "\r");
	house_shows(other, "that is for marketing and admins");
	house_keys(other, "a");
	house_shows(other, "Approve version 2?");
	house_keys(other, "y");
	house_shows(other, "Done: approving version 2");
	ck_assert_int_eq(versions("approved"), 2);
	house_waits(vt, "version 2, approved");
}
END_TEST

// A draft from elsewhere may change more than tiers: whoever decides is told.
START_TEST(what_no_ladder_tells_is_told_before_approval)
{
	house_sql("max", "SELECT loyalty.programme_load(p.code, p.name, p.money, p.timezone, "
			 "replace(replace(v.document, 'cost = \"25\"', "
			 "'cost = \"20\"'), '\"2500\"', '\"2600\"'), '2199-01-01', v.projection) FROM "
			 "loyalty.programme p, "
			 "loyalty.programme_version v");
	vt = open_tiers("max", 24, 80);
	house_keys(vt, "S\t\r");
	house_shows(vt, "reserve takes 2,600 STAR");
	house_shows(vt, "BESIDES, 1 other setting changes");
	house_shows(vt, "rewards.mod25.cost");
}
END_TEST

START_TEST(refused_it_is_a_draft_with_a_reason)
{
	vt = open_tiers("max", 24, 80);
	type_threshold(vt, "600");
	house_keys(vt, "S\t\r");
	house_keys(vt, "y");
	other = open_tiers("mona", 24, 80);
	house_keys(other, "x");
	house_keys(other, "too dear\t\r");
	house_shows(other, "Done: refusing version 2");
	house_waits(vt, "too dear");
	ck_assert_int_eq(versions("draft"), 1);
	house_keys(vt, "S");
	house_shows(vt, "Submit for approval");
}
END_TEST

START_TEST(versions_side_by_side)
{
	vt = house_screens("max", "--no-color", 24, 80);
	house_keys(vt, "T");
	type_threshold(vt, "600");
	house_keys(vt, "c\r");
	house_shows(vt, "1 difference (~ changed, + added, - gone)");
	house_shows(vt, "as changed here");
	house_shows(vt, "gold: Threshold");
	house_shows(vt, "~ 600");
	house_hides(vt, "2500");
	house_keys(vt, "f");
	house_shows(vt, "reserve: Threshold");
	house_keys(vt, "\033");
	house_keys(vt, "u");
	house_keys(vt, "c\r");
	house_shows(vt, "Nothing differs");
}
END_TEST

START_TEST(support_only_looks)
{
	vt = open_tiers("deniz", 24, 80);
	house_shows(vt, "2500");
	static const char *const keys[] = {"\r", "i", "D", "s", "S", "u"};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		house_keys(vt, keys[i]);
		house_shows(vt, "that is for marketing and admins");
	}
	house_keys(vt, "a");
	house_shows(vt, "was not submitted");
	house_keys(vt, "c\r");
	house_shows(vt, "Nothing differs");
}
END_TEST

// The key bar and the help name what one's role may do, and no more.
START_TEST(keys_are_those_of_the_role)
{
	vt = open_tiers("deniz", 24, 100);
	house_shows(vt, "c:compare");
	house_hides(vt, "Enter:edit");
	house_hides(vt, "S:submit");
	house_hides(vt, "w:what if");
	house_keys(vt, "?");
	house_shows(vt, "Set another version beside this one");
	house_hides(vt, "Insert a tier above");
	house_keys(vt, "?");
	other = open_tiers("mona", 24, 100);
	house_shows(other, "w:what if");
	house_shows(other, "a:approve");
	house_hides(other, "s:save");
}
END_TEST

START_TEST(a_draft_is_dropped)
{
	vt = open_tiers("max", 24, 80);
	house_keys(vt, "X");
	house_shows(vt, "only a draft can be dropped");
	type_threshold(vt, "650");
	house_keys(vt, "s");
	house_shows(vt, "Saved as version 2");
	other = open_tiers("ana", 24, 80);
	house_shows(other, "version 2, draft");
	house_keys(other, "X");
	house_shows(other, "its author or marketing drops it");
	house_keys(vt, "X");
	house_shows(vt, "Drop version 2?");
	house_keys(vt, "\r");
	house_shows(vt, "version 2, draft");
	house_keys(vt, "Xy");
	house_shows(vt, "Done: dropping version 2");
	house_waits(vt, "version 1, approved");
	house_waits(other, "Version 2 was dropped");
	ck_assert_int_eq(versions("draft"), 0);
}
END_TEST

START_TEST(read_only_changes_nothing)
{
	vt = house_screens("max", "--read-only", 24, 80);
	house_keys(vt, "T");
	house_keys(vt, "\r");
	house_shows(vt, "nothing can be changed");
}
END_TEST

START_TEST(others_changes_are_told_and_nothing_typed_is_lost)
{
	vt = open_tiers("max", 24, 80);
	type_threshold(vt, "600");
	other = open_tiers("ana", 24, 80);
	type_threshold(other, "700");
	house_keys(other, "S\t\r");
	house_keys(other, "y");
	house_leave(other);
	other = open_tiers("mona", 24, 80);
	house_keys(other, "a");
	house_keys(other, "y");
	house_shows(other, "Done: approving");
	house_waits(vt, "Others have changed the versions");
	house_shows(vt, "~ 600");
	house_keys(vt, "S");
	house_keys(vt, "\0252199-01-01\t\r");
	house_shows(vt, "gold takes 600 STAR within 12 months instead of 700 STAR");
	house_keys(vt, "\033");
	ck_assert_int_eq(versions("draft"), 1);
}
END_TEST

START_TEST(a_killed_session_costs_no_edit)
{
	vt = open_tiers("max", 24, 80);
	house_keys(vt, "jl\r\0256");
	ck_assert_int_gt(house_number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE "
				      "usename = 'max'"),
		0);
	vt_send(vt, "00");
	house_waits(vt, "600");
	vt_send(vt, "\rs");
	house_waits(vt, "Saved as version 2");
	ck_assert_int_eq(
		house_number(
			"SELECT count(*) FROM loyalty.programme_version WHERE document LIKE '%\"600\"%'"),
		1);
}
END_TEST

START_TEST(asks_before_changes_are_lost)
{
	vt = open_tiers("max", 24, 80);
	type_threshold(vt, "600");
	house_keys(vt, "\033");
	house_shows(vt, "Not saved: the changes of the tiers");
	house_keys(vt, "n");
	house_shows(vt, "~ 600");
	house_keys(vt, "v");
	house_shows(vt, "Lose the changes?");
	house_keys(vt, "n");
	house_keys(vt, "Q");
	house_shows(vt, "Leave without saving?");
	house_keys(vt, "n");
	house_shows(vt, "~ 600");
	house_keys(vt, "\033y");
	house_hides(vt, "Threshold");
}
END_TEST

START_TEST(benefits_come_and_go)
{
	vt = open_tiers("max", 24, 80);
	house_keys(vt, "jlb");
	house_shows(vt, "For gold and every tier above");
	house_keys(vt, "lounge\tLounge access\t");
	house_keys(vt, "d\t"); // discount_pct
	house_keys(vt, "\t\r");
	house_shows(vt, "a discount needs one");
	house_keys(vt, "10\t\r");
	house_shows(vt, "Lounge access");
	house_keys(vt, "j");
	house_shows(vt, "lounge: value");
	house_keys(vt, "k");
	house_shows(vt, "gold, Lounge access: yes instead of no");
	house_keys(vt, "\r"); // not for gold
	house_hides(vt, "gold, Lounge access");
	house_keys(vt, "D");
	house_shows(vt, "The benefit Lounge access goes");
	house_keys(vt, "y");
	house_hides(vt, "Lounge");
	house_shows(vt, "Nothing is changed");
}
END_TEST

START_TEST(tries_the_rules_on_all_members)
{
	vt = open_tiers("ana", 24, 80);
	type_threshold(vt, "300");
	house_keys(vt, "W");
	house_shows(vt, "w tries the rules first");
	house_keys(vt, "w");
	house_shows(vt, "EXACT");
	house_shows(vt, "10 of 24 members change");
	house_shows(vt, "level: up 10, down 0, protected 0");
	house_shows(vt, "green to gold: 10");
	house_hides(vt, "What it means for members");
	vt_resize(vt, 24, 140);
	ck_assert(vt_sync(vt));
	house_shows(vt, "green to gold: 10");
	house_shows(vt, "What it means for members");
	vt_resize(vt, 12, 80);
	ck_assert(vt_sync(vt));
	house_shows(vt, "level: up 10");
	vt_resize(vt, 24, 80);
	house_keys(vt, "W");
	house_shows(vt, "Edsger Dijkstra");
	house_keys(vt, "\r");
	house_shows(vt, "Timeline");
	house_keys(vt, "\033");
	house_keys(vt, "\033");
	house_keys(vt, "w");
	house_shows(vt, "gold takes 300 STAR");
	type_threshold(vt, "200");
	house_keys(vt, "w");
	house_shows(vt, "level: up 15");
	house_keys(vt, "u");
	house_shows(vt, "BEFORE YOUR LAST CHANGE");
	// Who holds a tier keeps it, as the words say.
	house_sql(NULL, "SELECT loyalty.submit_event(24, 'purchase', 'house', 'big', NULL, '{\"amount\": "
			"10000}', 1)");
	house_work();
	type_threshold(vt, "600");
	house_keys(vt, "w");
	house_shows(vt, "level: up 0, down 0, protected 1");
	house_shows(vt, "protected: 1 keep gold until it ends");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.programme_version"), 1);
}
END_TEST

// Marketing opens who changes most, without what reaches the person, and the reading is written down.
START_TEST(marketing_looks_at_who_changes)
{
	house_sql("deniz", "SELECT loyalty.submit_event(15, 'adjust', 'check', 'k1', NULL,"
			   " '{\"amount\": 100, \"currency\": \"STAR\", \"reason\": \"a private matter\"}')");
	house_work();
	house_case(15, "A private case", "Where?");
	vt = open_tiers("max", 24, 80);
	type_threshold(vt, "300");
	house_keys(vt, "w");
	house_shows(vt, "EXACT");
	house_keys(vt, "W");
	house_shows(vt, "Edsger Dijkstra");
	house_keys(vt, "\r");
	house_shows(vt, "1000015 Edsger Dijkstra");
	house_shows(vt, "contact data not shown");
	house_shows(vt, "+150 STAR");
	house_shows(vt, "adjust");
	house_hides(vt, "example.org");
	house_hides(vt, "private");
	house_hides(vt, "deniz");
	house_hides(vt, "2 Ledger");
	house_hides(vt, "p:goodwill");
	house_keys(vt, "p");
	house_shows(vt, "your role only looks");
	house_keys(vt, "\r");
	house_shows(vt, "your role only looks");
	house_keys(vt, "r"); // waits for what was asked before to have ended
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.audit_log WHERE action = 'member.read' AND "
				      "login = 'max' AND member_id = 15"),
		1);
}
END_TEST

START_TEST(a_trial_is_cancelled)
{
	vt = open_tiers("max", 24, 80);
	type_threshold(vt, "300");
	struct session *session = database_session(NULL);
	database_run(session, "BEGIN; LOCK TABLE loyalty.standing");
	vt_send(vt, "w");
	house_waits(vt, "Esc cancels");
	vt_send(vt, "\033");
	house_waits(vt, "Cancelled before all members were looked at");
	ck_assert(vt_sync(vt));
	database_run(session, "COMMIT");
	session_close(session);
	house_keys(vt, "w");
	house_shows(vt, "level: up 10");
	house_shows(vt, "~ 300");
}
END_TEST

// Whatever was opened is given back: under the sanitizers the status would tell.
START_TEST(leaves_nothing_behind)
{
	vt = open_tiers("max", 24, 80);
	type_threshold(vt, "600");
	house_keys(vt, "s");
	type_threshold(vt, "300");
	house_keys(vt, "w");
	house_keys(vt, "W\033");
	house_keys(vt, "c\r");
	house_keys(vt, "\033");
	house_keys(vt, "uU\r");
	vt_send(vt, "4\033Qy");
	ck_assert(vt_wait_exit(vt));
	ck_assert_int_eq(vt->status, 0);
}
END_TEST

START_TEST(every_size_will_do)
{
	static const int sizes[][2] = {
		{24, 80}, {10, 60}, {5, 20}, {60, 200}, {1, 1}, {12, 61}, {15, 70}, {24, 80}};
	vt = open_tiers("max", 24, 80);
	house_keys(vt, "jl\r\025");
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		vt_resize(vt, sizes[i][0], sizes[i][1]);
		house_keys(vt, "7");
		if (sizes[i][0] >= 10 && sizes[i][1] >= 60)
			house_shows(vt, "Threshold");
	}
	house_shows(vt, "77777777");
	house_keys(vt, "\r");
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		vt_resize(vt, sizes[i][0], sizes[i][1]);
		house_keys(vt, "jjG");
		if (sizes[i][0] >= 10 && sizes[i][1] >= 60)
			house_shows(vt, "STAR never expires");
	}
}
END_TEST

Suite *tiers_suite(void)
{
	Suite *suite = suite_create("tiers");
	TCase *tests = tcase_create("tiers");
	tcase_add_checked_fixture(tests, start, house_close);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, shows_the_ladder);
	tcase_add_test(tests, edits_a_threshold_and_tells_what_it_means);
	tcase_add_test(tests, a_wrong_value_stays_with_its_reason);
	tcase_add_test(tests, inserts_a_tier_between_two);
	tcase_add_test(tests, switches_words_and_dates);
	tcase_add_test(tests, saved_submitted_and_approved_by_another);
	tcase_add_test(tests, what_no_ladder_tells_is_told_before_approval);
	tcase_add_test(tests, refused_it_is_a_draft_with_a_reason);
	tcase_add_test(tests, versions_side_by_side);
	tcase_add_test(tests, support_only_looks);
	tcase_add_test(tests, keys_are_those_of_the_role);
	tcase_add_test(tests, a_draft_is_dropped);
	tcase_add_test(tests, read_only_changes_nothing);
	tcase_add_test(tests, others_changes_are_told_and_nothing_typed_is_lost);
	tcase_add_test(tests, a_killed_session_costs_no_edit);
	tcase_add_test(tests, asks_before_changes_are_lost);
	tcase_add_test(tests, benefits_come_and_go);
	tcase_add_test(tests, tries_the_rules_on_all_members);
	tcase_add_test(tests, marketing_looks_at_who_changes);
	tcase_add_test(tests, a_trial_is_cancelled);
	tcase_add_test(tests, leaves_nothing_behind);
	tcase_add_test(tests, every_size_will_do);
	suite_add_tcase(suite, tests);
	return suite;
}
