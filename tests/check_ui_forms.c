// The toolkit through a real pseudo-terminal: what is dangerous asks, forms keep what was typed, a paste is
// no command.
#include "tests/tui/toolkit.h"

#include <check.h>
#include <stdlib.h>
#include <unistd.h>

START_TEST(danger_no_is_the_default)
{
	sampler_keys("v");
	sampler_shows("Revoke 1,250 points from 3 members");
	sampler_keys("\r");
	sampler_hides("Revoke 1,250");
	sampler_hides("echo: revoked");
	sampler_keys("v");
	vt_key(sampler, VTERM_KEY_LEFT);
	sampler_keys("\r");
	sampler_shows("echo: revoked");
}
END_TEST

START_TEST(danger_yes_by_letter_and_escape)
{
	sampler_keys("v\033");
	sampler_hides("Revoke 1,250");
	sampler_keys("vn");
	sampler_hides("echo: revoked");
	sampler_keys("vy");
	sampler_shows("echo: revoked");
}
END_TEST

START_TEST(danger_typed)
{
	sampler_keys("W\t\r");
	sampler_shows("Type wipe it first");
	sampler_hides("echo: revoked");
	sampler_keys("wipe it\r");
	sampler_shows("echo: revoked");
}
END_TEST

START_TEST(dialog_chooses)
{
	sampler_keys("cj\r");
	sampler_shows("echo: violet");
	sampler_keys("c\033");
	sampler_shows("echo: violet");
	sampler_keys("i");
	sampler_shows("In two lines.");
	sampler_keys("\r");
	sampler_hides("In two lines.");
}
END_TEST

START_TEST(form_saves)
{
	sampler_keys("e");
	sampler_shows("Sample › Edit row");
	sampler_keys(" Y\ta@b\t2020-02-29\t12.50\tv\ttwo\nlines\t\r");
	sampler_shows("echo: saved <Ayşe Y> <a@b> <violet> <9 bytes>");
}
END_TEST

START_TEST(form_shows_errors_beside_fields)
{
	sampler_keys("e\tnot an address\t2021-02-29\tmany\t");
	sampler_shows("has no @");
	sampler_shows("there is no such day");
	sampler_shows("write a number");
	vt_key(sampler, VTERM_KEY_FUNCTION(2));
	sampler_keys("");
	sampler_shows("E-mail: has no @");
	sampler_hides("echo: saved");
}
END_TEST

START_TEST(form_refusal_keeps_what_was_typed)
{
	sampler_keys("e\025taken\023");
	sampler_shows("is taken");
	sampler_shows("Edit row");
	sampler_keys("\025free\023");
	sampler_shows("echo: saved <free>");
}
END_TEST

START_TEST(form_asks_before_losing)
{
	sampler_keys("e\033");
	sampler_hides("Edit row"); // nothing changed, nothing asked
	sampler_keys("ex");
	int row;
	ck_assert(vt_find(sampler, "Name", &row, NULL));
	ck_assert_int_eq(vt_cell(sampler, row, 0).chars[0], '*');
	sampler_keys("\033");
	sampler_shows("Not saved: Edit row");
	sampler_keys("\r");
	sampler_shows("Ayşex");
	sampler_keys("\033y");
	sampler_hides("Edit row");
}
END_TEST

START_TEST(form_quit_asks_too)
{
	sampler_keys("ex\003");
	sampler_shows("Leave without saving?");
	sampler_keys("\033");
	sampler_shows("Ayşex");
}
END_TEST

START_TEST(paste_goes_into_the_field_whole)
{
	sampler_keys("e\025\033[200~pasted\nq Q :qa\r\033[201~");
	sampler_shows("pasted q Q :qa");
	sampler_shows("Edit row");
}
END_TEST

START_TEST(paste_is_no_command)
{
	sampler_keys("\033[200~Q\033[201~");
	sampler_shows("Nothing here takes pasted text");
	sampler_keys("j");
	sampler_shows("row 2");
}
END_TEST

START_TEST(paste_keeps_newlines_in_a_text)
{
	sampler_keys("p2\033[200~\none\ntwo\033[201~");
	sampler_shows("one");
	sampler_shows("second");
	int one, two;
	ck_assert(vt_find(sampler, "one", &one, NULL));
	ck_assert(vt_find(sampler, "two", &two, NULL));
	ck_assert_int_eq(two, one + 1);
}
END_TEST

Suite *ui_forms_suite(void);
Suite *ui_forms_suite(void)
{
	static const TTest *const *const tests[] = {
		&danger_no_is_the_default,
		&danger_yes_by_letter_and_escape,
		&danger_typed,
		&dialog_chooses,
		&form_saves,
		&form_shows_errors_beside_fields,
		&form_refusal_keeps_what_was_typed,
		&form_asks_before_losing,
		&form_quit_asks_too,
		&paste_goes_into_the_field_whole,
		&paste_is_no_command,
		&paste_keeps_newlines_in_a_text,
	};
	return sampler_suite("ui_forms", tests, sizeof tests / sizeof tests[0]);
}
