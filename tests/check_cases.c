// Cases at real terminals over a real database: take, answer, resolve, conflicts, hostile text, lost
// connections.
#include "tests/tui/house.h"
#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *cases_suite(void);

static struct vt *vt, *other;

static void start(void)
{
	house_open("house_cases");
}

static struct vt *open_cases(const char *login, int rows, int columns)
{
	struct vt *opened = house_screens(login, NULL, rows, columns);
	vt_key(opened, VTERM_KEY_FUNCTION(7));
	ck_assert(vt_sync(opened));
	house_shows(opened, "Unassigned");
	return opened;
}

static struct vt *open_approvals(const char *login)
{
	struct vt *opened = house_screens(login, NULL, 24, 80);
	vt_key(opened, VTERM_KEY_FUNCTION(8));
	ck_assert(vt_sync(opened));
	house_shows(opened, "What it would do");
	return opened;
}

// At the case of that title, among all that are open.
static struct vt *open_case(const char *login, const char *title)
{
	struct vt *opened = open_cases(login, 24, 80);
	house_keys(opened, "4");
	house_keys(opened, "/");
	vt_send(opened, title);
	house_keys(opened, "\r");
	house_keys(opened, "\r");
	house_shows(opened, "Case ──");
	house_shows(opened, title);
	return opened;
}

START_TEST(takes_the_next_case)
{
	house_case(3, "Second", "late");
	house_case(1, "First", "early");
	house_sql(NULL,
		"UPDATE loyalty.member_case SET due_at = due_at - interval '2 days',"
		" answer_due_at = answer_due_at - interval '2 days' WHERE title = 'First'");
	house_work(); // who tells of broken promises
	vt = open_cases("deniz", 24, 80);
	house_shows(vt, "Mine 0");
	house_shows(vt, "Unassigned 2");
	house_shows(vt, "Breaching 1");
	house_keys(vt, "n");
	house_shows(vt, "1000001/1 Ayşe Yılmaz");
	house_shows(vt, "owner deniz");
	house_shows(vt, "overdue by");
	ck_assert_int_eq(
		house_number(
			"SELECT count(*) FROM loyalty.member_case WHERE owner = 'deniz' AND state = 'open'"),
		1);
	house_keys(vt, "\033");
	house_shows(vt, "Mine 1");
	house_keys(vt, "n");
	house_shows(vt, "1000003/1");
	house_keys(vt, "\033");
	house_keys(vt, "n");
	house_shows(vt, "No case waits");
}
END_TEST

START_TEST(takes_and_assigns)
{
	house_case(2, "Whose is it", "?");
	vt = open_cases("deniz", 24, 80);
	house_keys(vt, "2");
	house_keys(vt, "t");
	house_shows(vt, "Mine 1");
	house_keys(vt, "1");
	house_shows(vt, "Whose is it");
	house_keys(vt, "a");
	house_shows(vt, "Give this case to");
	house_keys(vt, "k"); // the focus begins at oneself, bora stands before
	house_keys(vt, "\r");
	house_shows(vt, "Mine 0");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.member_case WHERE owner = 'bora'"), 1);
}
END_TEST

START_TEST(answers_and_notes)
{
	house_case(1, "Stars missing", "Where are my stars?");
	vt = open_case("deniz", "Stars missing");
	house_shows(vt, "Where are my stars?");
	house_shows(vt, "NOT ANSWERED");
	house_keys(vt, "e");
	house_shows(vt, "Answer to the member");
	house_shows(vt, "C-s:save");
	house_hides(vt, "e:answer");
	house_keys(vt, "They are on the way.\rQ q : ?");
	house_keys(vt, "\023");
	house_shows(vt, "Answer sent");
	house_shows(vt, "answered the member: Deniz Kaya");
	house_hides(vt, "NOT ANSWERED");
	house_keys(vt, "i");
	house_keys(vt, "Till 4 was down");
	house_keys(vt, "\033");
	house_shows(vt, "The text is not sent yet");
	house_keys(vt, "k");
	house_keys(vt, "\r");
	house_shows(vt, "INTERNAL NOTE: Deniz Kaya");
	house_shows(vt, "note  Till 4 was down");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.case_article WHERE kind = 'to_member'"
				      " AND body = E'They are on the way.\\nQ q : ?'"),
		1);
	ck_assert_int_eq(
		house_number("SELECT count(*) FROM loyalty.case_article WHERE kind = 'internal'"), 1);
}
END_TEST

START_TEST(asks_before_text_is_lost)
{
	house_case(1, "Stars missing", "Where?");
	vt = open_case("deniz", "Stars missing");
	house_keys(vt, "e");
	house_keys(vt, "do not lose me");
	house_keys(vt, "\033");
	house_keys(vt, "\033");
	house_shows(vt, "do not lose me");
	house_keys(vt, "\033");
	house_keys(vt, "j");
	house_keys(vt, "\r");
	house_hides(vt, "do not lose me");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.case_article"), 1);
}
END_TEST

static void give(const char *points)
{
	house_keys(vt, "p");
	house_shows(vt, "Goodwill");
	vt_send(vt, points);
	house_keys(vt, "\t");
	house_keys(vt, "order came late");
	house_keys(vt, "\t");
	house_keys(vt, "\r");
}

START_TEST(gives_goodwill)
{
	house_case(1, "Stars missing", "Where?");
	vt = open_case("deniz", "Stars missing");
	give("-5");
	house_shows(vt, "above 0");
	house_keys(vt, "\033");
	house_keys(vt, "\t\r"); // discard
	give("50");
	house_shows(vt, "goodwill +50 STAR: pending");
	house_work();
	house_waits(vt, "goodwill +50 STAR: accepted");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.ledger_entry e JOIN loyalty.journal j "
				      "USING (member_id, seq)"
				      " WHERE j.type = 'adjust' AND e.amount = 5000"),
		1);
}
END_TEST

START_TEST(goodwill_above_the_limit_waits)
{
	house_case(1, "Stars missing", "Where?");
	vt = open_case("deniz", "Stars missing");
	give("300");
	house_shows(vt, "waits for approval");
	house_shows(vt, "more than 250 points at once");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.journal WHERE type = 'adjust'"), 0);
	other = open_approvals("mona");
	house_shows(other, "[1 approval]");
	house_shows(other, "credit +300 STAR");
	house_shows(other, "order came late");
	house_keys(other, "a");
	house_keys(other, "fair enough");
	house_keys(other, "\t");
	house_keys(other, "\r");
	house_shows(other, "Approved");
	house_waits(other, "Nothing waits"); // a refresh by its own notification may hide it for a moment
	house_waits(vt, "goodwill +300 STAR: pending");
	house_work();
	house_waits(vt, "goodwill +300 STAR: accepted");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.ledger_entry WHERE amount = 30000"), 1);
}
END_TEST

START_TEST(two_decide_at_once)
{
	house_case(1, "Stars missing", "Where?");
	house_sql("deniz", "SELECT loyalty.submit_event(1, 'adjust', 'check', 'k1', NULL,"
			   " '{\"amount\": 90000, \"currency\": \"STAR\", \"reason\": \"big\"}')");
	vt = open_approvals("mona");
	other = open_approvals("nora");
	house_keys(vt, "x");
	house_keys(vt, "no\t");
	house_keys(other, "a");
	house_keys(other, "yes\t");
	house_keys(vt, "\r");
	house_shows(vt, "Refused");
	house_keys(other, "\r");
	house_shows(other, "already refused by mona");
	house_shows(other, "yes");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.journal WHERE type = 'adjust'"), 0);
}
END_TEST

START_TEST(nobody_decides_on_their_own)
{
	house_sql("mona", "SELECT loyalty.submit_event(1, 'adjust', 'check', 'k1', NULL,"
			  " '{\"amount\": 9000000, \"currency\": \"STAR\"}')");
	vt = open_approvals("mona");
	house_keys(vt, "a");
	house_shows(vt, "someone else has to decide");
}
END_TEST

static void fill_resolution(struct vt *at)
{
	house_keys(at, "R");
	house_shows(at, "Resolve the case");
	house_keys(at, "late posting\t");
}

START_TEST(resolves_with_cause_and_outcome)
{
	house_case(1, "Stars missing", "Where?");
	vt = open_case("deniz", "Stars missing");
	house_keys(vt, "R");
	house_keys(vt, "\023");
	house_shows(vt, "Cause:");
	house_keys(vt, "late posting\t");
	house_keys(vt, "\023");
	house_shows(vt, "choose one");
	house_keys(vt, "k");
	house_keys(vt, "\023");
	house_shows(vt, "resolved by deniz");
	house_shows(vt, "late posting, outcome kept");
	house_keys(vt, "R");
	house_shows(vt, "open it again first");
	house_keys(vt, "o");
	house_shows(vt, "Done: opening the case again");
	house_hides(vt, "resolved by");
	house_keys(vt, "w");
	house_shows(vt, "waiting for the member");
	house_keys(vt, "v");
	house_shows(vt, "Deniz Kaya resolved: new → kept: late posting");
}
END_TEST

START_TEST(a_conflict_shows_what_is_new)
{
	house_case(1, "Stars missing", "Where?");
	vt = open_case("deniz", "Stars missing");
	other = open_case("bora", "Stars missing");
	fill_resolution(vt);
	house_keys(vt, "k");
	house_keys(other, "e");
	house_keys(other, "I looked into it");
	house_keys(other, "\023");
	house_shows(other, "Answer sent");
	house_keys(vt, "\023");
	house_shows(vt, "Changed meanwhile");
	house_shows(vt, "Bora Aksoy answered");
	house_shows(vt, "late posting");
	ck_assert_int_eq(
		house_number("SELECT count(*) FROM loyalty.member_case WHERE state = 'resolved'"), 0);
	house_keys(vt, "\023");
	house_shows(vt, "resolved by deniz");
	house_shows(vt, "I looked into it");
	house_waits(other, "resolved by deniz");
}
END_TEST

START_TEST(others_changes_appear_and_the_selection_stays)
{
	int row, cursor_row, column;
	house_case(1, "Alpha", "a");
	house_case(2, "Beta", "b");
	house_case(3, "Gamma", "c");
	vt = open_cases("deniz", 24, 80);
	house_keys(vt, "4");
	house_keys(vt, "j");
	ck_assert(vt_find(vt, "Beta", &row, NULL));
	vt_cursor(vt, &cursor_row, &column);
	ck_assert_int_eq(cursor_row, row);
	house_case(4, "Urgent", "d");
	house_waits(vt, "Urgent");
	house_sql(NULL,
		"UPDATE loyalty.member_case SET due_at = due_at - interval '2 days',"
		" answer_due_at = answer_due_at - interval '2 days' WHERE title = 'Urgent'");
	house_sql("bora", "SELECT loyalty.case_assign(4, 1, NULL, 'bora')");
	house_waits(vt, "overdue");
	ck_assert(vt_sync(vt));
	house_shows(vt, "All 4");
	int before = row;
	ck_assert(vt_find(vt, "Beta", &row, NULL));
	ck_assert_int_eq(row, before + 1);
	vt_cursor(vt, &cursor_row, &column);
	ck_assert_int_eq(cursor_row, row);
}
END_TEST

START_TEST(hostile_text_stays_in_its_field)
{
	char title[64];
	for (int id = HOUSE_HOSTILE; id <= HOUSE_MEMBERS; id++) {
		snprintf(title, sizeof title, "Hostile %d", id);
		house_case(id, title, "x");
	}
	house_sql("bora", "SELECT loyalty.case_write(24, 1, gen_random_uuid(), 'from_member', 'marks a' || "
			  "repeat(U&'\\0301', 10000)"
			  " || ' end ' || chr(27) || '[2J' || U&'\\202E\\0007')");
	vt = open_cases("deniz", 24, 80);
	house_keys(vt, "4");
	house_shows(vt, "Hostile 22");
	house_shows(vt, "Hostile 23");
	house_shows(vt, "Hostile 24");
	house_shows(vt, "Cases");
	for (int row = 3; row < 6; row++)
		ck_assert_ptr_nonnull(strstr(vt_row(vt, row), "due in"));
	house_keys(vt, "G");
	house_keys(vt, "\r");
	house_shows(vt, "marks a");
	house_shows(vt, "end");
	ck_assert(!vt_wrote(vt, "\033[2J\033[31mEvil"));
	ck_assert(!vt_wrote(vt, "\033[31mEvil"));
	ck_assert(!vt_wrote(vt, "\342\200\256"));
	ck_assert_int_eq(vt->bells, 0);
}
END_TEST

START_TEST(a_killed_session_costs_no_text)
{
	house_case(1, "Stars missing", "Where?");
	vt = open_case("deniz", "Stars missing");
	house_keys(vt, "e");
	vt_send(vt, "Before ");
	ck_assert_int_gt(house_number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE "
				      "usename = 'deniz'"),
		0);
	vt_send(vt, "and after");
	house_waits(vt, "Before and after");
	vt_send(vt, "\023");
	house_waits(vt, "Answer sent");
	house_waits(vt, "answered the member: Deniz Kaya");
	ck_assert_int_eq(
		house_number("SELECT count(*) FROM loyalty.case_article WHERE body = 'Before and after'"), 1);
	ck_assert(vt_sync(vt));
	house_sql("bora", "SELECT loyalty.case_write(1, 1, gen_random_uuid(), 'internal', 'heard again')");
	house_waits(vt, "heard again");
}
END_TEST

START_TEST(esc_cancels_on_the_server)
{
	house_case(1, "Stars missing", "Where?");
	vt = open_cases("deniz", 24, 80);
	house_keys(vt, "4");
	struct session *session = database_session(NULL);
	database_run(session, "BEGIN; LOCK TABLE loyalty.member_case");
	vt_send(vt, "r");
	house_waits(vt, "Esc cancels");
	vt_send(vt, "\033");
	house_waits(vt, "Cancelled");
	ck_assert(vt_sync(vt));
	ck_assert_int_eq(
		database_number(session, "SELECT count(*) FROM pg_stat_activity WHERE usename = 'deniz'"
					 " AND state = 'active'"),
		0);
	database_run(session, "COMMIT");
	session_close(session);
	house_keys(vt, "r");
	house_shows(vt, "Stars missing");
}
END_TEST

START_TEST(every_size_will_do)
{
	static const int sizes[][2] = {
		{24, 80}, {10, 60}, {8, 40}, {60, 200}, {1, 1}, {12, 109}, {12, 111}, {24, 80}};
	house_case(1, "Stars missing",
		"Where are my stars? They should have come with the order of last week, and did not.");
	vt = open_case("deniz", "Stars missing");
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		vt_resize(vt, sizes[i][0], sizes[i][1]);
		ck_assert(vt_sync(vt));
		if (sizes[i][0] >= 10 && sizes[i][1] >= 60)
			house_shows(vt, "Stars missing");
	}
	house_keys(vt, "e");
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		vt_resize(vt, sizes[i][0], sizes[i][1]);
		house_keys(vt, "x");
	}
	house_shows(vt, "xxxxxxxx");
}
END_TEST

START_TEST(read_only_changes_nothing)
{
	house_case(1, "Stars missing", "Where?");
	vt = house_screens("deniz", "--read-only", 24, 80);
	house_shows(vt, "READ-ONLY");
	vt_key(vt, VTERM_KEY_FUNCTION(7));
	house_keys(vt, "4");
	house_keys(vt, "t");
	house_shows(vt, "nothing can be changed");
	house_keys(vt, "\r");
	house_shows(vt, "Stars missing");
	house_keys(vt, "e");
	house_shows(vt, "nothing can be changed");
}
END_TEST

START_TEST(help_and_key_bar_tell_the_keys)
{
	vt = open_cases("deniz", 24, 80);
	house_shows(vt, "n:next");
	house_shows(vt, "t:take");
	house_keys(vt, "?");
	house_shows(vt, "Take the case that is due first");
	house_keys(vt, "\033");
	house_keys(vt, "t");
	house_shows(vt, "no case is selected");
}
END_TEST

// Tags and groups through the filter; saved, it is a queue with its counter.
START_TEST(a_filter_becomes_a_queue)
{
	house_case(1, "Alpha", "a");
	house_case(2, "Beta", "b");
	house_sql("bora", "SELECT loyalty.case_set(2, 1, NULL, 'tag', 'vip')");
	vt = open_cases("deniz", 24, 80);
	house_keys(vt, "f");
	house_keys(vt, "tag=vip\r");
	house_shows(vt, "Cases: tag=vip");
	house_shows(vt, "Beta");
	house_hides(vt, "Alpha");
	house_keys(vt, "s");
	house_keys(vt, "Guests\r");
	house_keys(vt, "6");
	house_shows(vt, "6 Guests 1");
	house_shows(vt, "Beta");
	house_keys(vt, "D");
	house_shows(vt, "Take the queue away?");
	house_keys(vt, "y");
	house_hides(vt, "Guests");
	house_keys(vt, "fcolour=red\r");
	house_shows(vt, "knows no");
	house_keys(vt, "\033");
	house_keys(vt, "4");
	house_shows(vt, "Alpha");
	vt_resize(vt, 24, 130);
	ck_assert(vt_sync(vt));
	house_shows(vt, ">4 All                2");
	house_shows(vt, "Alpha");
}
END_TEST

Suite *cases_suite(void)
{
	Suite *suite = suite_create("cases");
	TCase *tests = tcase_create("cases");
	tcase_add_checked_fixture(tests, start, house_close);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, takes_the_next_case);
	tcase_add_test(tests, takes_and_assigns);
	tcase_add_test(tests, answers_and_notes);
	tcase_add_test(tests, asks_before_text_is_lost);
	tcase_add_test(tests, gives_goodwill);
	tcase_add_test(tests, goodwill_above_the_limit_waits);
	tcase_add_test(tests, two_decide_at_once);
	tcase_add_test(tests, nobody_decides_on_their_own);
	tcase_add_test(tests, resolves_with_cause_and_outcome);
	tcase_add_test(tests, a_conflict_shows_what_is_new);
	tcase_add_test(tests, others_changes_appear_and_the_selection_stays);
	tcase_add_test(tests, hostile_text_stays_in_its_field);
	tcase_add_test(tests, a_killed_session_costs_no_text);
	tcase_add_test(tests, esc_cancels_on_the_server);
	tcase_add_test(tests, every_size_will_do);
	tcase_add_test(tests, read_only_changes_nothing);
	tcase_add_test(tests, help_and_key_bar_tell_the_keys);
	tcase_add_test(tests, a_filter_becomes_a_queue);
	suite_add_tcase(suite, tests);
	return suite;
}
