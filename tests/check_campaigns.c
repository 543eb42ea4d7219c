// The screens of campaigns at real terminals: begun from a template, changed in place, saved, submitted,
// approved by another, paused and stopped.
#include "tests/campaigns.h"
#include "tests/tui/house.h"
#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *campaigns_suite(void);

static struct vt *vt, *other;

static void start(void)
{
	house_open("house_campaigns");
}

static struct vt *open_list(const char *login, int rows, int columns)
{
	struct vt *opened = house_screens(login, NULL, rows, columns);
	house_keys(opened, "P");
	house_shows(opened, "The selected campaign");
	return opened;
}

// A new one from the first template, on the screen and not saved.
static void begin(struct vt *at)
{
	house_keys(at, "n");
	house_shows(at, "A new campaign");
	house_keys(at, "\tSweet day\tsweet\r\r");
	house_shows(at, "NEW, not saved");
}

static const char *state(void)
{
	static char text[20];
	int64_t is_running =
		house_number("SELECT count(*) FROM loyalty.campaign WHERE state IN ('scheduled', 'running')");
	int64_t is_paused = house_number("SELECT count(*) FROM loyalty.campaign WHERE state = 'paused'");
	int64_t has_ended = house_number("SELECT count(*) FROM loyalty.campaign WHERE state = 'ended'");
	snprintf(text, sizeof text, "%s",
		is_running  ? "on"
		: is_paused ? "paused"
		: has_ended ? "ended"
			    : "draft");
	return text;
}

START_TEST(begins_from_a_template_and_saves)
{
	vt = open_list("max", 24, 80);
	house_shows(vt, "There is no campaign yet. n begins one from a template.");
	begin(vt);
	house_shows(vt, "Sweet day");
	house_shows(vt, "on each member's birthday");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.campaign"), 0);
	house_keys(vt, "s");
	house_waits(vt, "Saved as campaign 1");
	house_waits(vt, "campaign 1, draft, revision 1 draft by max");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.campaign WHERE code = 'sweet'"), 1);
	house_keys(vt, "\033");
	house_waits(vt, "[                    ] 0 of 2,000,000, 0 %");
}
END_TEST

START_TEST(a_mistake_stands_at_its_setting)
{
	vt = open_list("max", 40, 120);
	begin(vt);
	house_keys(vt, "jjjjjjjjjjj\r\02590\r"); // the chance of the first prize
	house_shows(vt, "! 90");
	house_shows(vt, "the chances come to 189 %");
	house_keys(vt, "s");
	house_shows(vt, "Not saved: the chances come to");
	house_keys(vt, "u");
	house_shows(vt, "On average a thousand turns give 14,500 STAR");
	house_keys(vt, "U");
	house_shows(vt, "! 90");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.campaign"), 0);
}
END_TEST

START_TEST(an_audience_is_asked_for_like_any_condition)
{
	vt = open_list("max", 40, 120);
	begin(vt);
	house_keys(vt, "jjjjjj\r");
	house_shows(vt, "Whom does it surprise?");
	house_keys(vt, "\025teir = gold\r");
	house_shows(vt, "^ ");
	house_keys(vt, "\025number < 1000004");
	house_waits(vt, "3 members");
	house_keys(vt, "\r");
	house_shows(vt, "For members with number < 1000004");
	house_keys(vt, "s");
	house_waits(vt, "Saved as campaign 1");
}
END_TEST

START_TEST(an_audience_of_nobody_is_refused_at_its_setting)
{
	vt = open_list("max", 40, 120);
	begin(vt);
	house_keys(vt, "jjjjjj\r\025city = 'Atlantis'\r");
	house_shows(vt, "For members with city = 'Atlantis'");
	house_keys(vt, "S");
	house_waits(vt, "Submit revision 1 of campaign 1?");
	house_keys(vt, "y");
	house_waits(vt, "Refused: nobody is in it");
	house_shows(vt, "! city = 'Atlantis'");
	ck_assert_str_eq(state(), "draft");
	ck_assert_int_eq(
		house_number("SELECT count(*) FROM loyalty.campaign_revision WHERE state = 'submitted'"), 0);
}
END_TEST

START_TEST(changes_are_not_lost_unasked)
{
	vt = open_list("max", 24, 80);
	begin(vt);
	house_keys(vt, "\033");
	house_shows(vt, "the changes of the campaign");
	house_keys(vt, "\033");
	house_shows(vt, "NEW, not saved");
}
END_TEST

START_TEST(prizes_are_added_and_taken_out)
{
	vt = open_list("max", 50, 120);
	begin(vt);
	house_keys(vt, "i");
	house_shows(vt, "prize4");
	house_shows(vt, "0 % prize4: nothing.");
	house_keys(vt, "D");
	house_hides(vt, "prize4");
	house_shows(vt, "u brings it back");
}
END_TEST

START_TEST(another_person_approves)
{
	vt = open_list("max", 30, 120);
	begin(vt);
	house_keys(vt, "S");
	house_waits(vt, "Submit revision 1 of campaign 1?");
	house_keys(vt, "y");
	house_waits(vt, "Done: submitting campaign 1");
	house_waits(vt, "revision 1 submitted by max");
	house_keys(vt, "a");
	house_shows(vt, "your own");
	ck_assert_str_eq(state(), "draft");
	other = open_list("mona", 30, 120);
	house_keys(other, "\r");
	house_waits(other, "revision 1 submitted by max");
	house_keys(other, "a");
	house_waits(other, "Approve revision 1 of campaign 1?");
	house_shows(other, "On average a thousand turns give");
	house_keys(other, "y");
	house_waits(other, "Done: approving campaign 1");
	ck_assert_str_eq(state(), "on");
	house_waits(vt, "revision 1 approved by max"); // by itself
	house_keys(other, "2");
	house_waits(other, "revision 1 approved by mona");
	house_keys(other, "G");
	house_shows(other, "The draw is bound to a secret seed");
}
END_TEST

START_TEST(it_is_sent_back_with_a_reason)
{
	vt = open_list("max", 30, 120);
	begin(vt);
	house_keys(vt, "s");
	house_waits(vt, "Saved as campaign 1");
	ck_assert_str_eq(campaigns_try_submit("max", 1), "");
	other = open_list("mona", 30, 120);
	house_keys(other, "\r");
	house_waits(other, "revision 1 submitted by max");
	house_keys(other, "x");
	house_shows(other, "Send it back");
	house_keys(other, "Too dear\r\r");
	house_waits(other, "Done: sending back campaign 1");
	house_waits(vt, "Sent back: Too dear");
}
END_TEST

START_TEST(it_is_paused_and_stopped)
{
	vt = open_list("max", 30, 120);
	begin(vt);
	house_keys(vt, "s");
	house_waits(vt, "Saved as campaign 1");
	ck_assert_str_eq(campaigns_try_submit("max", 1), "");
	ck_assert_str_eq(campaigns_try_approve("mona", 1), "");
	house_waits(vt, "revision 1 approved");
	house_keys(vt, "p");
	house_shows(vt, "Pause the campaign");
	house_keys(vt, "Wrong text\r\r");
	house_waits(vt, "Paused: Wrong text");
	ck_assert_str_eq(state(), "paused");
	house_keys(vt, "p");
	house_waits(vt, "Done: resuming campaign 1");
	ck_assert_str_eq(state(), "on");
	house_keys(vt, "X");
	house_shows(vt, "Stop the campaign for good");
	house_keys(vt, "Over\r\r");
	house_waits(vt, "Ended: Over");
	ck_assert_str_eq(state(), "ended");
	house_keys(vt, "\r");
	house_shows(vt, "it has ended");
}
END_TEST

START_TEST(what_another_changed_is_told)
{
	vt = open_list("max", 30, 120);
	begin(vt);
	house_keys(vt, "s");
	house_waits(vt, "revision 1 draft by max");
	house_keys(vt, "\r\025My own name\r");
	house_shows(vt, "CHANGED, not saved");
	house_sql("max", "SELECT loyalty.campaign_save('sweet', document || ' ', projection) FROM "
			 "loyalty.campaign_revision");
	house_waits(vt, "Others have changed this campaign since it was read");
	house_shows(vt, "My own name");
}
END_TEST

START_TEST(a_copy_is_a_new_campaign)
{
	vt = open_list("max", 30, 120);
	begin(vt);
	house_keys(vt, "s");
	house_waits(vt, "Saved as campaign 1");
	house_keys(vt, "\033");
	house_waits(vt, "Sweet day");
	house_keys(vt, "c");
	house_shows(vt, "Copy the campaign");
	house_keys(vt, "second\r\r");
	house_waits(vt, "NEW, not saved");
	house_keys(vt, "s");
	house_waits(vt, "Saved as campaign 2");
}
END_TEST

START_TEST(support_looks_only)
{
	vt = open_list("deniz", 24, 80);
	house_keys(vt, "n");
	house_shows(vt, "marketing and administrators write campaigns");
}
END_TEST

Suite *campaigns_suite(void)
{
	Suite *suite = suite_create("campaigns");
	TCase *cases = tcase_create("screens");
	tcase_add_checked_fixture(cases, start, house_close);
	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, begins_from_a_template_and_saves);
	tcase_add_test(cases, a_mistake_stands_at_its_setting);
	tcase_add_test(cases, an_audience_is_asked_for_like_any_condition);
	tcase_add_test(cases, an_audience_of_nobody_is_refused_at_its_setting);
	tcase_add_test(cases, changes_are_not_lost_unasked);
	tcase_add_test(cases, prizes_are_added_and_taken_out);
	tcase_add_test(cases, another_person_approves);
	tcase_add_test(cases, it_is_sent_back_with_a_reason);
	tcase_add_test(cases, it_is_paused_and_stopped);
	tcase_add_test(cases, what_another_changed_is_told);
	tcase_add_test(cases, a_copy_is_a_new_campaign);
	tcase_add_test(cases, support_looks_only);
	suite_add_tcase(suite, cases);
	return suite;
}
