// Texts of messages with places: what is refused and where, what would fit, and what members are sent.
#include "model/outbox/language.h"
#include "model/outbox/template.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct template_form subject = {.fits = PLACES_OF_CAMPAIGN,
	.sure = PLACES_SURE | PLACE(POINTS),
	.is_line = true,
	.most = TEMPLATE_SUBJECT_MOST};
static const struct template_form body = {
	.fits = PLACES_OF_CAMPAIGN, .sure = PLACES_SURE | PLACE(POINTS), .most = TEMPLATE_BODY_MOST};

static const char *const right[] = {
	"Hello",
	"{points} for you",
	"{given_name|Dear member}, {points}!",
	"{reward|}",
	"Braces: {{points}} and {{{points}}}",
	"Doğum günün kutlu olsun {given_name|sevgili üyemiz} \xf0\x9f\x8e\x82",
	"{family_name}{number}{programme}",
};

START_TEST(right_texts_are_taken)
{
	struct template_fault fault;
	ck_assert_msg(template_check(right[_i], &subject, &fault), "%s: %s", right[_i], fault.why);
}
END_TEST

static const struct {
	const char *text;
	int line, column;
	const char *why, *todo;
} wrong[] = {
	{"Dear {given_nam|you}", 1, 6, "there is no place {given_nam}",
		"is it {given_name}? Here fit {given_name}, {family_name}"},
	{"Dear {nonsense}", 1, 6, "there is no place {nonsense}",
		"here fit {given_name}, {family_name}, {number}, {tier}"},
	{"Sevgili ğüş {ponts}", 1, 13, "there is no place {ponts}", "is it {points}?"},
	{"{link}", 1, 1, "{link} has no value here", "here fit {given_name}"},
	{"{}", 1, 1, "there is no place {}", ""},
	{"{ points}", 1, 1, "there is no place { points}", "is it {points}?"},
	{"Dear {given_name}", 1, 6, "not everybody has a value for {given_name}", "{given_name|words}"},
	{"one\n\nthree {code}", 3, 7, "not everybody has a value for {code}", "{code|words}"},
	{"{points", 1, 1, "this brace is not closed", "a brace is written twice"},
	{"{points {number}", 1, 1, "this brace is not closed", ""},
	{"points}", 1, 7, "this brace closes nothing", "}}"},
	{"{{points}", 1, 9, "this brace closes nothing", ""},
	{"", 1, 1, "there is no text", ""},
	{"  \n", 1, 1, "there is no text", ""},
	{"a\xff", 1, 2, "this is not UTF-8", ""},
	{"a\r\nBcc: x", 1, 2, "this character cannot be seen", ""},
	{"a\033[2J", 1, 2, "this character cannot be seen", ""},
	{"\xe2\x80\xaegnp.exe", 1, 1, "this character cannot be seen", ""},
};

START_TEST(wrong_texts_are_told_with_their_place)
{
	struct template_fault fault = {0};
	ck_assert(!template_check(wrong[_i].text, &body, &fault));
	ck_assert_int_eq(fault.line, wrong[_i].line);
	ck_assert_int_eq(fault.column, wrong[_i].column);
	ck_assert_msg(strstr(fault.why, wrong[_i].why) == fault.why, "\"%s\" is not \"%s\"", fault.why,
		wrong[_i].why);
	ck_assert_msg(strstr(fault.todo, wrong[_i].todo) != NULL, "\"%s\" lacks \"%s\"", fault.todo,
		wrong[_i].todo);
	ck_assert(!template_check(wrong[_i].text, &body, NULL));
}
END_TEST

START_TEST(a_subject_is_one_line_and_short)
{
	char text[TEMPLATE_SUBJECT_MOST + 2];
	struct template_fault fault;
	ck_assert(!template_check("a\nb", &subject, &fault));
	ck_assert_str_eq(fault.why, "a subject is one line");
	ck_assert(template_check("a\nb", &body, &fault));
	memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	ck_assert(!template_check(text, &subject, &fault));
	ck_assert_int_eq(fault.at, TEMPLATE_SUBJECT_MOST);
	text[sizeof text - 2] = '\0';
	ck_assert(template_check(text, &subject, &fault));
}
END_TEST

static const struct template_values ayse = {
	.language = "tr",
	.of = {[PLACE_GIVEN_NAME] = "Ayşe",
		[PLACE_FAMILY_NAME] = "{points}",
		[PLACE_POINTS] = "12345.50",
		[PLACE_EXPIRES] = "2026-10-01",
		[PLACE_TIER] = ""},
};

static const struct {
	const char *text, *sent;
} filled[] = {
	{"{given_name}, {points} puan", "Ayşe, 12.345,50 puan"},
	{"{expires} tarihine kadar", "1 Ekim 2026 tarihine kadar"},
	{"{family_name}", "{points}"}, // what a name holds is no place
	{"{tier|no tier} {code|}.", "no tier ."},
	{"{given_name|you} {{{points}}}", "Ayşe {12.345,50}"},
	{"", ""},
};

START_TEST(places_are_filled)
{
	struct template_fault fault = {0};
	char *sent = template_render(filled[_i].text, &ayse, &fault);
	ck_assert_msg(sent != NULL, "%s: %s", filled[_i].text, fault.why);
	ck_assert_str_eq(sent, filled[_i].sent);
	free(sent);
}
END_TEST

START_TEST(a_missing_value_is_told)
{
	struct template_fault fault = {0};
	ck_assert_ptr_null(template_render("Your code:\n{code}", &ayse, &fault));
	ck_assert_str_eq(fault.why, "there is no value for {code}");
	ck_assert_int_eq(fault.line, 2);
	ck_assert_ptr_null(template_render("{tier}", &ayse, &fault)); // "" is none
	ck_assert_ptr_null(template_render("{points", &ayse, &fault));
	ck_assert_ptr_null(template_render("{colour|red}", &ayse, &fault));
}
END_TEST

START_TEST(what_a_text_needs_is_known)
{
	ck_assert_uint_eq(template_needs("{points} {reward|a gift} {code}"), PLACE(POINTS) | PLACE(CODE));
	ck_assert_uint_eq(template_needs("nothing {{points}}"), 0);
	for (enum template_place place = 0; place < PLACE_COUNT; place++)
		ck_assert_uint_eq(
			template_place_find(template_place_name(place), strlen(template_place_name(place))),
			place);
	ck_assert_uint_eq(template_place_find("pointsx", 7), PLACE_COUNT);
	ck_assert_uint_eq(template_place_find("points", 5), PLACE_COUNT);
}
END_TEST

static const struct {
	const char *language, *number, *number_written, *day, *day_written;
} written[] = {
	{"en", "1240", "1,240", "2026-10-01", "1 October 2026"},
	{"en-GB", "-1234567.5", "-1,234,567.5", "2028-02-29", "29 February 2028"},
	{"tr", "999", "999", "2026-01-31", "31 Ocak 2026"},
	{"de", "1240.50", "1.240,50", "2026-03-01", "1. März 2026"},
	{"fr", "1240", "1\u202f240", "2026-03-01", "1er mars 2026"},
	{"fr", "12", "12", "2026-03-02", "2 mars 2026"},
	{"es", "1240", "1240", "2026-10-01", "1 de octubre de 2026"},
	{"es", "12400", "12.400", "2026-10-12", "12 de octubre de 2026"},
	{"xx", "1240.50", "1240.50", "2026-10-01", "2026-10-01"},
	{"", "1240", "1240", "2026-10-01", "2026-10-01"},
	{"english", "1240", "1240", "2026-10-01", "2026-10-01"},
	{"en", "12 and 3", "12 and 3", "tomorrow", "tomorrow"},
	{"en", "99999999999999999999", "99999999999999999999", "2026-02-30", "2026-02-30"},
	{"en", "9223372036854775.807000", "9,223,372,036,854,775.807000", "2026-13-01", "2026-13-01"},
};

START_TEST(languages_write_numbers_and_days)
{
	char out[LANGUAGE_SIZE];
	ck_assert_str_eq(language_number(written[_i].language, written[_i].number, out, sizeof out),
		written[_i].number_written);
	ck_assert_str_eq(language_day(written[_i].language, written[_i].day, out, sizeof out),
		written[_i].day_written);
}
END_TEST

// Whatever the text: no crash, a fault that lies within it, and what is right can be rendered when all values
// are there.
START_TEST(random_texts_do_no_harm)
{
	static const char *const parts[] = {"{", "}", "{{", "}}", "|", "points", "given_name", "{points}",
		"{code|x}", "\n", "ğ", "\xff", "\033", " ", "a", "{expires|\xe2\x80\xae}"};
	enum { PARTS = sizeof parts / sizeof *parts };
	const char *given = getenv("CHECK_SEED");
	unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : 20261122;
	struct template_values all = {.language = "en"};
	for (int place = 0; place < PLACE_COUNT; place++)
		all.of[place] = "1";
	for (int round = 0; round < 20000; round++) {
		char text[200] = "";
		struct template_fault fault = {0};
		unsigned state = seed + (unsigned)round;
		for (int n = rand_r(&state) % 12; n > 0; n--)
			strcat(text, parts[rand_r(&state) % PARTS]);
		bool is_right = template_check(text, &body, &fault);
		ck_assert_msg(is_right || (fault.at >= 0 && fault.at <= (int)strlen(text) && *fault.why),
			"CHECK_SEED=%u CK_RUN_SUITE=template build/check: round %d", seed, round);
		char *sent = template_render(text, &all, NULL);
		ck_assert_msg(!is_right || sent, "CHECK_SEED=%u CK_RUN_SUITE=template build/check: round %d",
			seed, round);
		free(sent);
	}
}
END_TEST

Suite *template_suite(void);

Suite *template_suite(void)
{
	Suite *suite = suite_create("template");
	TCase *cases = tcase_create("template");
	tcase_add_loop_test(cases, right_texts_are_taken, 0, sizeof right / sizeof *right);
	tcase_add_loop_test(cases, wrong_texts_are_told_with_their_place, 0, sizeof wrong / sizeof *wrong);
	tcase_add_test(cases, a_subject_is_one_line_and_short);
	tcase_add_loop_test(cases, places_are_filled, 0, sizeof filled / sizeof *filled);
	tcase_add_test(cases, a_missing_value_is_told);
	tcase_add_test(cases, what_a_text_needs_is_known);
	tcase_add_loop_test(cases, languages_write_numbers_and_days, 0, sizeof written / sizeof *written);
	tcase_add_test(cases, random_texts_do_no_harm);
	suite_add_tcase(suite, cases);
	return suite;
}
