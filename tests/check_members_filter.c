// The members' list of those that a condition means: typed, counted, paged, sorted, cleared, written into a
// file.
#include "tests/tui/house.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Suite *members_filter_suite(void);

enum { MANY = 60, FIRST_OF_MANY = HOUSE_FIRST_NUMBER + HOUSE_MEMBERS };

static struct vt *vt;

static void build(void)
{
	char sql[500];
	house_open("members_filter");
	snprintf(sql, sizeof sql,
		"SELECT loyalty.enrol_member('many', 'n' || i, 'Given', 'Family' || lpad((i * 7 %% %d)::text, 5, '0'), "
		"NULL, NULL, NULL, NULL, '', '', '', NULL, NULL, 1) FROM generate_series(1, %d) i",
		MANY, MANY);
	house_sql(NULL, sql);
	house_work();
}

static void open_list(const char *login)
{
	vt = house_screens(login, NULL, 24, 80);
	house_shows(vt, "1000001");
}

// Types the condition, waits for its count and takes it.
static void filter(const char *condition, const char *members)
{
	house_keys(vt, "f");
	house_shows(vt, "Which members?");
	house_keys(vt, condition);
	house_waits(vt, members);
	house_keys(vt, "\r");
	house_waits(vt, "Only ");
}

static void is_selected(long number)
{
	int row, column;
	char text[24];
	vt_cursor(vt, &row, &column);
	snprintf(text, sizeof text, " %ld", number);
	ck_assert_msg(strncmp(vt_row(vt, row), text, strlen(text)) == 0, "\"%s\" is selected, not %ld",
		vt_row(vt, row), number);
}

START_TEST(a_condition_says_who_is_listed)
{
	open_list("deniz");
	filter("spend(1 year) >= 200", "15 members");
	house_shows(vt, "Members where spend(1 year) >= 200");
	house_shows(vt, "Only spend(1 year) >= 200");
	house_shows(vt, "row 1 of 15");
	house_hides(vt, "1000001");
	is_selected(HOUSE_FIRST_NUMBER + 9);
	house_keys(vt, "\r");
	house_shows(vt, "1 Timeline");
	house_keys(vt, "\033");
	house_shows(vt, "row 1 of 15");
	house_keys(vt, "\033");
	house_hides(vt, "Only ");
	house_waits(vt, "row 1 of 84");
	is_selected(HOUSE_FIRST_NUMBER);
	house_leave(vt);
}
END_TEST

START_TEST(a_fault_is_told_and_tab_offers)
{
	open_list("deniz");
	house_keys(vt, "ftier = glod\r");
	house_shows(vt, "^ there is no tier glod");
	house_shows(vt, "did you mean gold?");
	house_keys(vt, "\025ti\t");
	house_shows(vt, "tier  tier_until");
	house_keys(vt, "\033");
	house_hides(vt, "Only ");
	house_leave(vt);
}
END_TEST

START_TEST(pages_have_no_gap_in_either_order)
{
	open_list("deniz");
	filter("number >= 1000025", "60 members");
	house_keys(vt, "G");
	is_selected(FIRST_OF_MANY + MANY - 1);
	house_shows(vt, "row 60 of 60");
	house_keys(vt, "1000054\r");
	is_selected(FIRST_OF_MANY + 29);
	house_keys(vt, ">");
	house_shows(vt, "by name");
	is_selected(FIRST_OF_MANY + 29);
	house_keys(vt, "g");
	house_shows(vt, "Family00000");
	for (int i = 0; i < 4; i++)
		house_keys(vt, "\006");
	house_shows(vt, "row 60 of 60");
	house_shows(vt, "Family00059");
	for (int i = 0; i < 4; i++)
		house_keys(vt, "\002");
	house_shows(vt, "row 1 of 60");
	house_shows(vt, "Family00000");
	house_leave(vt);
}
END_TEST

START_TEST(nobody_may_fit)
{
	open_list("deniz");
	filter("number < 5", "0 members");
	house_shows(vt, "No member fits the condition. f changes it, Esc clears it.");
	house_keys(vt, "f");
	house_waits(vt, "the member number is less than 5");
	house_keys(vt, "\025\r"); // an empty line
	house_waits(vt, "row 1 of 84");
	house_leave(vt);
}
END_TEST

START_TEST(a_search_goes_over_all_and_back)
{
	house_sql("ana", "SELECT loyalty.segment_save('dear', 'spend(1 year) >= 200', '{}', 0)");
	open_list("deniz");
	filter("segment(dear)", "15 members");
	house_keys(vt, "/1000004");
	house_shows(vt, "best first, of all");
	house_shows(vt, "1000004");
	house_keys(vt, "\033");
	house_shows(vt, "Only segment(dear)");
	house_waits(vt, "row 1 of 15");
	house_keys(vt, "\033");
	house_waits(vt, "row 1 of 84");
	house_leave(vt);
	house_sql("ana", "SELECT loyalty.segment_drop('dear')");
}
END_TEST

// What a person typed too fast for the names is taken when they are there.
START_TEST(typed_at_once_it_counts_later)
{
	open_list("deniz");
	house_keys(vt, "fspend(1 year) >= 200\r");
	house_waits(vt, "row 1 of 15");
	house_leave(vt);
}
END_TEST

static void read_file(const char *name, char *out, size_t size)
{
	FILE *in = fopen(name, "r");
	ck_assert_ptr_nonnull(in);
	out[fread(out, 1, size - 1, in)] = '\0';
	fclose(in);
}

START_TEST(the_list_is_written_into_a_file)
{
	char folder[] = "/tmp/loyalty-filter-XXXXXX", name[64], keys[100], text[4000];
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(name, sizeof name, "%s/members.csv", folder);
	open_list("mona");
	house_keys(vt, "o");
	house_shows(vt, "f says which members first");
	filter("number in (1000002, 1000003, 1000001)", "3 members");
	house_keys(vt, ">o");
	house_shows(vt, "Write to");
	snprintf(keys, sizeof keys, "\025%s\r", name);
	house_keys(vt, keys);
	house_waits(vt, "Written: 3 members");
	read_file(name, text, sizeof text);
	ck_assert_ptr_nonnull(strstr(text, "number,given_name,family_name,status,tier"));
	const char *first = strstr(text, "1000003,"), *second = strstr(text, "1000001,");
	ck_assert_msg(first && second && first < second, "not in the order of the names: %s", text);
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.audit_log WHERE action = 'export.members'"), 1);
	house_keys(vt, "o");
	house_keys(vt, keys);
	house_shows(vt, "Replace the file?");
	house_keys(vt, "y");
	house_waits(vt, "Written: 3 members");
	house_leave(vt);
	unlink(name);
	rmdir(folder);
}
END_TEST

START_TEST(a_file_that_cannot_be_written_is_told)
{
	open_list("mona");
	filter("number = 1000002", "1 member");
	house_keys(vt, "o");
	house_keys(vt, "\025/nonexistent/members.csv\r");
	house_waits(vt, "The file was not written");
	house_leave(vt);
	open_list("deniz");
	house_keys(vt, "o");
	house_shows(vt, "managers and administrators take");
	house_leave(vt);
}
END_TEST

// Marketing sees who is meant by a segment, without their names.
START_TEST(a_segment_lists_its_members)
{
	house_sql("ana", "SELECT loyalty.segment_save('few', 'number < 1000003', '{}', 0)");
	vt = house_screens("max", NULL, 24, 80);
	house_keys(vt, "L");
	house_waits(vt, "number < 1000003");
	house_keys(vt, "m");
	house_waits(vt, "row 1 of 2");
	house_shows(vt, "Only segment(few)");
	house_shows(vt, "1000002");
	house_hides(vt, "Hopper");
	house_keys(vt, "/");
	house_shows(vt, "by conditions alone");
	house_keys(vt, ">");
	house_shows(vt, "no names to sort by");
	house_keys(vt, "\033");
	house_shows(vt, "The selected segment");
	house_leave(vt);
	house_sql("ana", "SELECT loyalty.segment_drop('few')");
}
END_TEST

Suite *members_filter_suite(void)
{
	Suite *suite = suite_create("members_filter");
	TCase *tcase = tcase_create("list");
	tcase_add_unchecked_fixture(tcase, build, NULL);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, a_condition_says_who_is_listed);
	tcase_add_test(tcase, a_fault_is_told_and_tab_offers);
	tcase_add_test(tcase, pages_have_no_gap_in_either_order);
	tcase_add_test(tcase, nobody_may_fit);
	tcase_add_test(tcase, a_search_goes_over_all_and_back);
	tcase_add_test(tcase, typed_at_once_it_counts_later);
	tcase_add_test(tcase, the_list_is_written_into_a_file);
	tcase_add_test(tcase, a_file_that_cannot_be_written_is_told);
	tcase_add_test(tcase, a_segment_lists_its_members);
	suite_add_tcase(suite, tcase);
	return suite;
}
