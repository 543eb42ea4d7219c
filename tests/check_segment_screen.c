// The Segments screen: a condition told and counted while it is typed, its caret, Tab, saving, a second
// person, and statements that end on the server when the text changes.
#include "tests/tui/house.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void start(void)
{
	house_open("segment_screen");
	house_work();
}

// A new condition under the cursor, as somebody of that login.
static struct vt *begin(const char *login)
{
	struct vt *vt = house_screens(login, NULL, 30, 110);
	house_keys(vt, "L");
	house_shows(vt, "Segments");
	house_keys(vt, "c");
	house_shows(vt, "not saved yet");
	return vt;
}

START_TEST(a_condition_is_told_and_counted_while_it_is_typed)
{
	struct vt *vt = begin("max");
	house_keys(vt, "spend(1 year) >= 200 and not open_case");
	house_waits(vt, "15 members");
	house_shows(vt, "active members; of these");
	house_shows(vt, "15  what was spent in the last 1 year is at least 200 USD");
	house_shows(vt, "15  and has no open case");
	house_shows(vt, "24  active members");
	house_keys(vt, " and number < 1000012");
	house_waits(vt, "2 members");
	house_leave(vt);
}
END_TEST

START_TEST(a_fault_has_a_caret_and_tab_offers_what_fits)
{
	int row, column;
	struct vt *vt = begin("max");
	house_keys(vt, "tier = glod");
	ck_assert(vt_find(vt, "^ there is no tier glod", &row, &column));
	int text_row, text_column;
	ck_assert(
		vt_find(vt, "glod", &text_row, &text_column) && text_row == row - 1 && text_column == column);
	house_shows(vt, "did you mean gold?");
	house_keys(vt, "\x15ti\t");
	house_shows(vt, "tier  tier_until");
	house_keys(vt, "\t");
	house_shows(vt, "the tier now: tier >= gold");
	house_keys(vt, " >= re\t");
	house_shows(vt, "tier >= reserve");
	house_waits(vt, "0 members");
	house_leave(vt);
}
END_TEST

START_TEST(it_is_saved_shown_used_and_dropped)
{
	struct vt *vt = begin("max");
	house_keys(vt, "purchases >= 2");
	house_waits(vt, "24 members");
	house_keys(vt, "\x13");
	house_shows(vt, "Save as:");
	house_keys(vt, "Regulars\r");
	house_waits(vt, "is no name for a segment");
	house_keys(vt, "\x13regulars\r");
	house_waits(vt, "Saved: segment(regulars) means this from now on");
	ck_assert_int_eq(house_number("SELECT members FROM loyalty.segment WHERE code = 'regulars'"), 24);
	house_keys(vt, "\x1b");
	house_keys(vt, "r");
	house_waits(vt, "purchases >= 2");
	house_sql("ana", "SELECT loyalty.segment_save('rest', 'not segment(regulars)', '{regulars}', 0)");
	house_keys(vt, "r");
	house_waits(vt, "the segment rest");
	house_keys(vt, "gD");
	house_shows(vt, "Drop the segment?");
	house_keys(vt, "\t\r");
	house_waits(vt, "The segment regulars is used by the segment rest");
	house_keys(vt, "GD\t\r");
	house_waits(vt, "The segment rest is gone");
	house_leave(vt);
	house_sql("ana", "SELECT loyalty.segment_drop('regulars')");
}
END_TEST

// Whoever saves second is told, sees what the other wrote, and may then put theirs in its place.
START_TEST(a_second_person_is_not_overwritten)
{
	house_sql("ana", "SELECT loyalty.segment_save('shared', 'open_case', '{}', 0)");
	struct vt *vt = house_screens("max", NULL, 30, 110);
	house_keys(vt, "L");
	house_waits(vt, "open_case");
	house_keys(vt, "\r");
	house_waits(vt, "Segments › shared");
	house_waits(vt, "active members; of these");
	house_keys(vt, " or household");
	house_sql("ana", "SELECT loyalty.segment_save('shared', 'everybody', '{}', 1)");
	house_keys(vt, "\x13");
	house_waits(vt, "changed this segment meanwhile");
	house_keys(vt, "\x12");
	house_waits(vt, "ana wrote: everybody");
	house_shows(vt, "open_case or household");
	house_keys(vt, "\x13");
	house_waits(vt, "Saved: segment(shared)");
	house_leave(vt);
	ck_assert_int_eq(
		house_number(
			"SELECT revision FROM loyalty.segment WHERE condition = 'open_case or household'"),
		3);
	house_sql("ana", "SELECT loyalty.segment_drop('shared')");
}
END_TEST

START_TEST(managers_try_conditions_and_save_none)
{
	struct vt *vt = begin("mona");
	house_keys(vt, "age is known");
	house_waits(vt, "active members; of these");
	house_keys(vt, "\x13");
	house_shows(vt, "marketing and administrators write segments");
	house_keys(vt, "\x1b");
	house_shows(vt, "No condition has been saved yet");
	house_leave(vt);
	vt = begin("deniz");
	house_keys(vt, "age is known");
	house_shows(vt, "your role may not ask for age");
	house_leave(vt);
}
END_TEST

// A count that takes a minute: when the text changes, the server ends it.
START_TEST(counting_ends_on_the_server_when_the_text_changes)
{
	static const char asleep[] = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND "
				     "query LIKE '%member_ages%'";
	house_sql(NULL,
		"CREATE OR REPLACE FUNCTION loyalty.member_ages(p_day date, p_member_id bigint) RETURNS "
		"TABLE (member_id bigint, "
		"age int) LANGUAGE sql STABLE SECURITY DEFINER AS 'SELECT 1::bigint, 1 FROM pg_sleep(60)'");
	struct vt *vt = begin("max");
	vt_send(vt, "age > 5");
	while (house_number(asleep) == 0)
		ck_assert(vt_pump(vt, 10) || !vt_has_ended(vt));
	vt_send(vt, "\x15purchases > 1");
	while (house_number(asleep) > 0)
		ck_assert(vt_pump(vt, 10) || !vt_has_ended(vt));
	house_waits(vt, "24 members");
	house_shows(vt, "the number of purchases is more than 1");
	house_leave(vt);
}
END_TEST

Suite *segment_screen_suite(void);
Suite *segment_screen_suite(void)
{
	Suite *suite = suite_create("segment_screen");
	TCase *tcase = tcase_create("screen");
	tcase_add_unchecked_fixture(tcase, start, NULL);
	tcase_set_timeout(tcase, 30);
	tcase_add_test(tcase, a_condition_is_told_and_counted_while_it_is_typed);
	tcase_add_test(tcase, a_fault_has_a_caret_and_tab_offers_what_fits);
	tcase_add_test(tcase, it_is_saved_shown_used_and_dropped);
	tcase_add_test(tcase, a_second_person_is_not_overwritten);
	tcase_add_test(tcase, managers_try_conditions_and_save_none);
	tcase_add_test(tcase, counting_ends_on_the_server_when_the_text_changes);
	suite_add_tcase(suite, tcase);
	return suite;
}
