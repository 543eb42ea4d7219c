// The members' list through a terminal: finding, paging, going to a number, enrolling, and whatever names are
// made of.
#include "tests/tui/house.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MANY = 2000, ROW_MOVE_BYTES = 250, NAME_COLUMN = 12 };

static void open_house(void)
{
	house_open("members");
}

// So many more that pages matter: numbers follow those of the house.
static void enrol_many(void)
{
	char sql[600];

	snprintf(sql, sizeof sql,
		"SELECT loyalty.enrol_member('many', 'n' || i, 'Given' || i, 'Family' || lpad((i * 7919 %% "
		"%d)::text, 5, '0'), NULL, NULL,"
		" NULL, NULL, '', '', '', NULL, NULL, 1) FROM generate_series(1, %d) i",
		MANY, MANY);
	house_sql(NULL, sql);
	house_sql(NULL, "ANALYZE loyalty.member");
}

static void open_full_house(void)
{
	open_house();
	enrol_many();
}

static struct vt *open_list(int rows, int columns)
{
	struct vt *vt = house_screens("deniz", NULL, rows, columns);

	house_shows(vt, "1000001");
	return vt;
}

// The row under the terminal's cursor begins with the number.
static void is_selected(struct vt *vt, long number)
{
	int row, column;
	char text[24];

	vt_cursor(vt, &row, &column);
	snprintf(text, sizeof text, " %ld", number);
	if (strncmp(vt_row(vt, row), text, strlen(text)) == 0)
		return;
	vt_print(vt);
	ck_abort_msg("row %d is selected, not that of %ld", row, number);
}

// --- Finding.

static const struct {
	const char *typed;
	const char *found; // a part of the row
	const char *absent;
} finds[] = {
	{"1000004", "1000004", "1000005"},
	{"60001000007", "1000007", "1000008"},
	{"m9@example.org", "1000009", "1000010"},
	{"m12@", "1000012", "1000013"},
	{"yilmaz", "Ayşe Yılmaz", "Lovelace"},
	{"YILMAZ", "Ayşe Yılmaz", "Lovelace"},
	{"ibrahim", "İbrahim Şahin", "Lovelace"},
	{"sahin ib", "İbrahim Şahin", "Lovelace"},
	{"zolc", "Łukasz Żółć", "Lovelace"},
	{"gross", "Jürgen Groß", "Lovelace"},
	{"dijkstra e", "Edsger Dijkstra", "Lovelace"},
	{"loevlace", "Ada Lovelace", "Hopper"},
	{"fernandez", "de los Ángeles", "Lovelace"},
	{"山田", "太郎 山田", "Lovelace"},
};

START_TEST(typing_finds)
{
	struct vt *vt = open_list(24, 80);

	house_keys(vt, "/");
	house_keys(vt, finds[_i].typed);
	house_shows(vt, finds[_i].found);
	house_hides(vt, finds[_i].absent);
	vt_close(vt);
}
END_TEST

START_TEST(phone_finds_by_its_end)
{
	house_sql(NULL, "SELECT loyalty.identifier_add(5, 'phone', '+90 532 765 43 21')");
	struct vt *vt = open_list(24, 80);

	house_keys(vt, "/0532 765 43 21");
	house_shows(vt, "1000005");
	house_hides(vt, "1000004");
	house_keys(vt, "\033");
	house_keys(vt, "/7654321");
	house_shows(vt, "1000005");
	house_hides(vt, "1000006");
	vt_close(vt);
}
END_TEST

START_TEST(nothing_found_tells_what_to_do)
{
	struct vt *vt = open_list(24, 80);

	house_keys(vt, "/xyzxyz");
	house_shows(vt, "No member fits");
	house_shows(vt, "code are searched; Esc clears, e enrols.");
	house_keys(vt, "\033");
	house_shows(vt, "1000001");
	house_shows(vt, "by number");
	vt_close(vt);
}
END_TEST

// Number and Enter in one write: the search is one, and its answer is opened although Enter came before it.
START_TEST(enter_opens_what_is_found)
{
	struct vt *vt = open_list(24, 80);

	house_keys(vt, "/1000012\r");
	house_shows(vt, "1000012 Ada Lovelace");
	house_shows(vt, "m12@example.org");
	house_keys(vt, "\033");
	house_shows(vt, "Find 1000012");
	vt_close(vt);
}
END_TEST

START_TEST(pasting_finds)
{
	struct vt *vt = open_list(24, 80);

	house_keys(vt, "\033[200~m9@example.org\n\033[201~");
	house_shows(vt, "1000009");
	house_hides(vt, "1000001");
	vt_close(vt);
}
END_TEST

// --- Moving.

START_TEST(end_home_and_pages)
{
	struct vt *vt = open_list(24, 80);

	house_shows(vt, "row 1 of 2,024");
	house_keys(vt, "G");
	is_selected(vt, HOUSE_FIRST_NUMBER + HOUSE_MEMBERS + MANY - 1);
	house_shows(vt, "row 2,024 of 2,024");
	house_keys(vt, "g");
	is_selected(vt, HOUSE_FIRST_NUMBER);
	vt_key(vt, VTERM_KEY_PAGEDOWN);
	vt_key(vt, VTERM_KEY_PAGEDOWN);
	vt_key(vt, VTERM_KEY_PAGEUP);
	house_keys(vt, "");
	is_selected(vt, HOUSE_FIRST_NUMBER + 19);
	vt_close(vt);
}
END_TEST

START_TEST(five_hundred_keys_land_exactly)
{
	char keys[501];

	struct vt *vt = open_list(24, 80);
	memset(keys, 'j', 500);
	keys[500] = 0;
	house_keys(vt, keys);
	is_selected(vt, HOUSE_FIRST_NUMBER + 500);
	house_shows(vt, "row 501 of 2,024");
	memset(keys, 'k', 499);
	keys[499] = 0;
	house_keys(vt, keys);
	is_selected(vt, HOUSE_FIRST_NUMBER + 1);
	vt_close(vt);
}
END_TEST

START_TEST(a_row_move_is_cheap)
{
	struct vt *vt = open_list(24, 80);

	house_keys(vt, "j");
	long before = vt->bytes;
	house_keys(vt, "j");
	ck_assert_int_le(vt->bytes - before, ROW_MOVE_BYTES);
	before = vt->bytes;
	house_keys(vt, "k");
	ck_assert_int_le(vt->bytes - before, ROW_MOVE_BYTES);
	vt_close(vt);
}
END_TEST

START_TEST(digits_go_to_a_number)
{
	struct vt *vt = open_list(24, 80);

	house_keys(vt, "1001500\r");
	is_selected(vt, 1001500);
	house_keys(vt, "k");
	is_selected(vt, 1001499);
	house_keys(vt, "12x\r");
	house_shows(vt, "is no member number");
	vt_close(vt);
}
END_TEST

// By name and back: the member selected stays selected.
START_TEST(sorting_keeps_the_selection)
{
	struct vt *vt = open_list(24, 80);

	house_keys(vt, "1001500\r");
	house_keys(vt, ">");
	house_shows(vt, "by name");
	is_selected(vt, 1001500);
	house_keys(vt, "jjjkkk");
	is_selected(vt, 1001500);
	house_keys(vt, "g");
	house_keys(vt, "G");
	house_keys(vt, ">");
	house_shows(vt, "by number");
	vt_close(vt);
}
END_TEST

// Every member once, in the order of the names, both ways.
START_TEST(names_page_without_gap)
{
	char line[64];

	struct vt *vt = open_list(24, 80);
	house_keys(vt, ">g");
	for (int i = 0; i < 40; i++)
		house_keys(vt, "\006");
	snprintf(line, sizeof line, "row %d of 2,024", 1 + 40 * 19);
	house_shows(vt, line);
	for (int i = 0; i < 40; i++)
		house_keys(vt, "\002");
	house_shows(vt, "row 1 of 2,024");
	vt_close(vt);
}
END_TEST

// --- Enrolling.

START_TEST(enrolling_opens_the_member)
{
	struct vt *vt = open_list(24, 80);

	house_keys(vt, "e");
	house_shows(vt, "Enrol a member");
	house_keys(vt, "Gülşah\rÇelik\rgulsah@example.org\r+90 532 111 22 33\r\r1991-02-28\r\r\rg\rr\r2099-12-31\r\r");
	house_waits(vt, "1000025 Gülşah Çelik");
	house_shows(vt, "gulsah@example.org");
	house_shows(vt, "Enrolled as 1000025");
	ck_assert_int_eq(
		house_number("SELECT count(*) FROM loyalty.journal WHERE member_id = 25 AND type = 'enrol'"),
		1);
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.member_consent WHERE member_id = 25 AND source = 'desk' AND "
				      "(kind, channel, is_given, until_on) IN (('promotions', 'email', true, '2099-12-31'), ('promotions', 'sms', false, NULL)) "
				      "OR member_id = 25 AND NOT is_given"), 2);
	vt_close(vt);
}
END_TEST

START_TEST(enrolling_checks_before_it_sends)
{
	struct vt *vt = open_list(24, 80);

	house_keys(vt, "e");
	house_keys(vt, "A\rB\rnobody\r12\r\r1991-02-30\r\rturkish\r\r\r\r\r");
	house_shows(vt, "write it as name@example");
	house_shows(vt, "there is no such day");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.member"), HOUSE_MEMBERS);
	vt_close(vt);
}
END_TEST

// The duplicate is named, opened on request, and the form is as it was afterwards.
START_TEST(a_duplicate_names_the_other)
{
	struct vt *vt = open_list(24, 80);

	house_keys(vt, "e");
	house_keys(vt, "Ada\rByron\rM12@Example.ORG\023");
	house_waits(vt, "Open 1000012 Ada Lovelace");
	house_shows(vt, "the same e-mail");
	house_keys(vt, "\r");
	house_waits(vt, "› 1000012 Ada Lovelace");
	house_keys(vt, "\033");
	house_waits(vt, "Byron");
	house_keys(vt, "\023"); // and all the same: what belongs to one alone is not given twice
	house_waits(vt, "all the same");
	house_keys(vt, "j\r");
	house_waits(vt, "already belongs to member");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.member"), HOUSE_MEMBERS);
	vt_close(vt);
}
END_TEST

// --- Others.

START_TEST(what_others_post_appears)
{
	struct vt *vt = open_list(24, 80);

	house_keys(vt, "jjj");
	house_sql("mona", "SELECT loyalty.submit_event(2, 'adjust', 'test', 'a1', NULL, "
			  "'{\"currency\":\"STAR\",\"amount\":77700}')");
	house_work();
	house_waits(vt, "817");
	is_selected(vt, HOUSE_FIRST_NUMBER + 3);
	vt_close(vt);
}
END_TEST

// Whatever a name is made of: it stays in its field, and the columns behind it stand where they always stand.
static void names_are_harmless(struct vt *vt, int rows)
{
	int tier = -1;

	for (int row = 2; row < rows - 2; row++) {
		int column = 0;
		VTermScreenCell cell = vt_cell(vt, row, NAME_COLUMN - 1);
		ck_assert_msg(
			cell.chars[0] == ' ' || cell.chars[0] == 0, "row %d: the name left its field", row);
		if (strstr(vt_row(vt, row), "green") && vt_find(vt, "green", NULL, &column))
			ck_assert_msg(tier < 0 || tier == column, "row %d: the tier moved", row);
		tier = column > 0 ? column : tier;
	}
	ck_assert(!vt_wrote(vt, "\342\200\256"));
	ck_assert(!vt_wrote(vt, "\033[2J\033[31m"));
}

START_TEST(hostile_names_stay_in_their_field)
{
	struct vt *vt = open_list(24, 80);

	house_keys(vt, "G");
	house_shows(vt, "Override");
	house_shows(vt, "Escape");
	names_are_harmless(vt, 24);
	is_selected(vt, HOUSE_FIRST_NUMBER + HOUSE_MEMBERS - 1);
	for (int n = HOUSE_HOSTILE; n <= HOUSE_MEMBERS; n++) {
		house_keys(vt, "\r");
		house_shows(vt, "1 Timeline");
		house_keys(vt, "\033k");
	}
	vt_close(vt);
}
END_TEST

static const struct {
	int rows, columns;
	const char *term, *no_color;
	const char *option;
} terminals[] = {
	{24, 80, "TERM=xterm-256color", "NO_COLOR", NULL},
	{10, 60, "TERM=xterm", "NO_COLOR", NULL},
	{50, 200, "TERM=screen-256color", "NO_COLOR", NULL},
	{24, 80, "TERM=vt100", "NO_COLOR", NULL},
	{24, 80, "TERM=xterm-256color", "NO_COLOR=1", NULL},
	{24, 80, "TERM=linux", "NO_COLOR", "--ascii"},
};

START_TEST(every_terminal_shows_it)
{
	char *program = getenv("LOYALTY"), *option = (char *)terminals[_i].option;
	const char *const environment[] = {"PGUSER=deniz", terminals[_i].term, "LC_ALL=C.UTF-8",
		"HOME=/nonexistent", "XDG_STATE_HOME=/nonexistent", "XDG_CONFIG_HOME=/nonexistent",
		terminals[_i].no_color, NULL};
	struct vt *vt = vt_open(
		(char *[]){program, option, NULL}, environment, terminals[_i].rows, terminals[_i].columns);

	ck_assert(vt_sync(vt));
	house_shows(vt, "1000001");
	house_keys(vt, "/lovelace");
	house_shows(vt, "Ada Lovelace");
	house_hides(vt, "Hopper");
	house_keys(vt, "\r");
	house_shows(vt, "1 Timeline");
	house_shows(vt, "1000012");
	vt_close(vt);
}
END_TEST

Suite *members_suite(void);
Suite *members_suite(void)
{
	Suite *suite = suite_create("members");
	TCase *find = tcase_create("find"), *move = tcase_create("move"), *enrol = tcase_create("enrol"),
	      *show = tcase_create("show");

	tcase_add_loop_test(find, typing_finds, 0, sizeof finds / sizeof finds[0]);
	tcase_add_test(find, phone_finds_by_its_end);
	tcase_add_test(find, nothing_found_tells_what_to_do);
	tcase_add_test(find, enter_opens_what_is_found);
	tcase_add_test(find, pasting_finds);
	tcase_add_test(move, end_home_and_pages);
	tcase_add_test(move, five_hundred_keys_land_exactly);
	tcase_add_test(move, a_row_move_is_cheap);
	tcase_add_test(move, digits_go_to_a_number);
	tcase_add_test(move, sorting_keeps_the_selection);
	tcase_add_test(move, names_page_without_gap);
	tcase_add_test(enrol, enrolling_opens_the_member);
	tcase_add_test(enrol, enrolling_checks_before_it_sends);
	tcase_add_test(enrol, a_duplicate_names_the_other);
	tcase_add_test(show, what_others_post_appears);
	tcase_add_test(show, hostile_names_stay_in_their_field);
	tcase_add_loop_test(show, every_terminal_shows_it, 0, sizeof terminals / sizeof terminals[0]);
	// One house for all of a case, where none of them minds what the others write.
	tcase_add_unchecked_fixture(find, open_house, NULL);
	tcase_add_unchecked_fixture(move, open_full_house, NULL);
	tcase_add_checked_fixture(enrol, open_house, NULL);
	tcase_add_unchecked_fixture(show, open_house, NULL);
	for (TCase *const *at = (TCase *const[]){find, move, enrol, show, NULL}; *at; at++) {
		tcase_set_timeout(*at, 60);
		suite_add_tcase(suite, *at);
	}
	return suite;
}
