// Texts made to take a terminal over, in members, cases and articles: they stay in their fields, wherever
// they are shown.
#include "app/output.h"
#include "tests/tui/places.h"

#include <check.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

Suite *hostile_suite(void);

static struct vt *vt;

// What must never reach the terminal: it stands in the texts below and nowhere in what the program itself
// writes.
static const char *const forbidden[] = {"\033[31;5m", "\033]0;owned", "\033]52;c;b3duZWQ", "\302\233",
	"\302\235", "\342\200\256", "\342\201\246", "\342\200\213", "\033P", "\033[6n", "\a\a"};

#define EVIL                                                                                                 \
	"chr(27) || '[31;5m' || chr(27) || ']0;owned' || chr(7) || chr(7) || chr(27) || ']52;c;b3duZWQ=' "   \
	"|| chr(7) ||"                                                                                       \
	" U&'\\009B2J\\009D\\202E\\2066\\200B' || chr(9) || chr(10) || chr(13) || chr(27) || '[6n' || "      \
	"chr(27) || 'Px'"
#define MARKS "'a' || repeat(U&'\\0301', %d) || 'z'"

// The first member, who is shown in every place, and the second, whose row is the next.
static void build_house(void)
{
	char sql[2000];

	places_open_house("house_hostile");
	snprintf(sql, sizeof sql,
		"UPDATE loyalty.member SET given_name = " EVIL " || 'Eve', family_name = " MARKS
		", city = " EVIL " WHERE member_id = 1",
		190);
	house_sql(NULL, sql);
	house_sql(NULL, "UPDATE loyalty.member SET given_name = 'plain', family_name = 'neighbour' WHERE "
			"member_id = 2");
	house_sql(NULL, "UPDATE loyalty.member_case SET title = left('Stars missing' || " EVIL
			", 200) WHERE case_no = 1");
	snprintf(sql, sizeof sql,
		"UPDATE loyalty.case_article SET body = " EVIL " || " MARKS " || repeat('wide 漢 ', 1300)",
		10000);
	house_sql(NULL, sql);
	house_sql(NULL, "UPDATE loyalty.journal SET reason = left(" EVIL ", 150), object = " EVIL
			" WHERE type = 'adjust'");
	house_sql(NULL, "UPDATE loyalty.staff SET name = 'Mona' || " EVIL);
}

static void start(void)
{
	vt = NULL;
}

static void finish(void)
{
	if (vt)
		vt_close(vt);
}

static void nothing_forbidden_in(const char *bytes, size_t count, const char *where)
{
	for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
		ck_assert_msg(!memmem(bytes, count, forbidden[i], strlen(forbidden[i])),
			"text %d came through: %s", (int)i, where);
}

// The lines around stay where they are, and no mode of the terminal was changed.
static void frame_is_whole(const struct place *place)
{
	nothing_forbidden_in(vt->raw, vt->raw_bytes, place->name);
	ck_assert_int_eq(vt->bells, 0);
	ck_assert_ptr_nonnull(strstr(vt_row(vt, 0), "mona@"));
	ck_assert_ptr_nonnull(strstr(vt_row(vt, 23), ":"));
}

START_TEST(every_place_holds_it)
{
	const struct place *place = &places[_i];

	vt = house_screens("mona", NULL, 24, 80);
	for (const char *key = place->keys; *key; key++)
		house_keys(vt, (char[]){*key, 0});
	frame_is_whole(place);
	vt_resize(vt, 40, 130);
	ck_assert(vt_sync(vt));
	vt_resize(vt, 24, 80);
	ck_assert(vt_sync(vt));
	frame_is_whole(place);
	house_keys(vt, "y");
	frame_is_whole(place);
	vt_send(vt, "\003\003");
}
END_TEST

// The same columns as in the row of a plain name beside it.
START_TEST(the_row_stays_in_its_columns)
{
	vt = house_screens("mona", NULL, 24, 80);
	for (int column = 0; column < 80; column++) {
		VTermScreenCell evil = vt_cell(vt, 3, column), plain = vt_cell(vt, 4, column);
		bool is_gap = plain.chars[0] == ' ' || !plain.chars[0];
		if (column == 10 || (column > 40 && column < 52))
			ck_assert_int_eq(evil.chars[0] == ' ' || !evil.chars[0], is_gap);
	}
	house_shows(vt, "plain neighbour");
	ck_assert_ptr_nonnull(strstr(vt_row(vt, 3), "green"));
	ck_assert_ptr_nonnull(strstr(vt_row(vt, 3), "2026"));
}
END_TEST

// CSV keeps every byte on its way into a file; shown on a terminal it must not be obeyed.
START_TEST(csv_is_neutral_on_a_terminal_only)
{
	const char *evil = "a\033]0;owned\a\302\233b";
	char text[200] = "", *kept = NULL;
	size_t size;
	int master, slave;

	ck_assert_int_eq(openpty(&master, &slave, NULL, NULL, NULL), 0);
	FILE *terminal = fdopen(slave, "w");
	ck_assert_ptr_nonnull(terminal);
	output_csv_text(terminal, evil);
	fflush(terminal);
	ck_assert_int_gt(read(master, text, sizeof text - 1), 0);
	ck_assert_str_eq(text, "a\uFFFD]0;owned\uFFFD\uFFFDb");
	fclose(terminal);
	close(master);

	FILE *memory = open_memstream(&kept, &size);
	output_csv_text(memory, evil);
	fclose(memory);
	ck_assert_str_eq(kept, evil);
	free(kept);
}
END_TEST

START_TEST(the_command_line_neutralises_it)
{
	static const char *const commands[] = {"\"$LOYALTY\" member find eve", "\"$LOYALTY\" member 1000001",
		"\"$LOYALTY\" --format json member find z", "\"$LOYALTY\" --format json member 1000001",
		"\"$LOYALTY\" member find \"$(printf '\\033]0;owned\\007\\302\\233x')\"",
		"\"$LOYALTY\" member \"$(printf '\\033]0;owned\\007\\302\\233x')\"",
		"\"$LOYALTY\" \"$(printf '\\033]0;owned\\007\\302\\233x')\"", "\"$LOYALTY\" staff list",
		"PGDATABASE=\"$(printf '\\033]0;owned\\007\\302\\233x')\" \"$LOYALTY\" member find x"};
	char command[300], text[20000];

	snprintf(command, sizeof command, "{ %s; } 2>&1", commands[_i]);
	FILE *out = popen(command, "r");
	ck_assert_ptr_nonnull(out);
	size_t count = fread(text, 1, sizeof text, out);
	pclose(out);
	ck_assert_uint_gt(count, 0);
	nothing_forbidden_in(text, count, commands[_i]);
	ck_assert_msg(!memchr(text, '\033', count) && !memchr(text, '\a', count),
		"a raw control character: %s", commands[_i]);
}
END_TEST

Suite *hostile_suite(void)
{
	Suite *suite = suite_create("hostile");
	TCase *tests = tcase_create("hostile");

	tcase_set_timeout(tests, 60);
	tcase_add_unchecked_fixture(tests, build_house, NULL);
	tcase_add_checked_fixture(tests, start, finish);
	tcase_add_test(tests, csv_is_neutral_on_a_terminal_only);
	tcase_add_loop_test(tests, every_place_holds_it, 0, PLACES);
	tcase_add_test(tests, the_row_stays_in_its_columns);
	tcase_add_loop_test(tests, the_command_line_neutralises_it, 0, 9);
	suite_add_tcase(suite, tests);
	return suite;
}
