// The sheet of a campaign: documents become sheets and sheets the same documents, mistakes find their place.
#include "model/campaign/campaign.h"
#include "model/campaign/campaign_sheet.h"
#include "model/campaign/campaign_template.h"
#include "model/campaign/campaign_words.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *campaign_sheet_suite(void);

static const char DOCUMENT[] =
	"campaign = { code = \"gift\"; name = \"A \\\"gift\\\" \\\\ more\"; start = \"2026-01-01\"; end = "
	"\"2199-12-31\";\n"
	"trigger = { on = \"purchase\"; nth = 3; each = true; };\n"
	"audience = \"everybody\"; currency = \"STAR\";\n"
	"prizes = ( { id = \"big\"; chance = \"0.5\"; points = 12; stock = 10; consolation = \"small\"; cost "
	"= \"1.25\"; },\n"
	"{ id = \"small\"; chance = \"9.5\"; points = 2; }, { id = \"cup\"; chance = 10; reward = \"off60\"; "
	"},\n"
	"{ id = \"gold\"; chance = 20; ladder = \"level\"; tier = \"gold\"; days = 90; }, { id = \"none\"; "
	"chance = 60; } );\n"
	"limits = { member = ( { count = 1; per = \"year\"; }, { count = 3; per = \"ever\"; } ); total = ( { "
	"count = 100; per "
	"= \"day\"; } ); };\n"
	"budget = { points = 1000; money = \"50.5\"; pace = \"even\"; };\n"
	"hold_out = \"12.5\"; cooldown_days = 20; stop = { complaints = 3; opt_outs = 4; nps_drop = 20; };\n"
	"message = { channel = \"email\"; subject = \"Hi {given_name|you}\"; body = [ \"You won "
	"{points|it}.\", \"\", \"\\\"{{\" "
	"]; }; };\n";

static struct sheet sheet;
static char why[SHEET_FAULT];

static void setup(void)
{
	ck_assert_msg(sheet_read(&sheet, DOCUMENT, strlen(DOCUMENT), why), "%s", why);
}

static void teardown(void)
{
	sheet_free(&sheet);
}

static char *written(void)
{
	struct sheet_place fault;
	char *text = sheet_write(&sheet, &fault, why);
	ck_assert_msg(text != NULL, "%s", why);
	return text;
}

// What the database would be told of the document; it must be right.
static char *projection(const char *text)
{
	struct campaign campaign;
	struct document_errors errors;
	document_errors_init(&errors);
	bool is_right = campaign_read(&campaign, "text", text, strlen(text), NULL, &errors);
	ck_assert_msg(is_right, "%s in\n%s", errors.count ? errors.errors[0].text : "", text);
	char *json = campaign_projection(&campaign);
	campaign_free(&campaign);
	document_errors_free(&errors);
	return json;
}

static int setting(const char *path)
{
	for (int i = 0; i < SHEET_SETTINGS; i++)
		if (strcmp(SHEET[i].path, path) == 0)
			return i;
	ck_abort_msg("no setting %s", path);
}

static void set(const char *path, const char *value)
{
	ck_assert(sheet_set(&sheet, (struct sheet_place){-1, setting(path)}, value));
}

START_TEST(a_document_comes_back_as_it_was)
{
	char *text = written(), *before = projection(DOCUMENT), *after = projection(text);
	ck_assert_str_eq(after, before);
	ck_assert_str_eq(sheet.values[setting("name")], "A \"gift\" \\ more");
	ck_assert_str_eq(sheet.values[setting("limits.member")], "1 per year, 3 ever");
	ck_assert_str_eq(sheet.values[setting("message.body")], "You won {points|it}.\n\n\"{{\n");
	ck_assert_str_eq(sheet.values[setting("trigger.each")], "yes");
	free(text);
	free(before);
	free(after);
}
END_TEST

START_TEST(what_does_not_apply_is_not_written)
{
	set("trigger.on", "birthday");
	set("message.channel", "none");
	set("budget.pace", "none");
	char *text = written(), *json = projection(text);
	ck_assert_ptr_null(strstr(text, "nth"));
	ck_assert_ptr_null(strstr(text, "message"));
	ck_assert_ptr_null(strstr(text, "pace"));
	ck_assert(!sheet_applies(&sheet, (struct sheet_place){-1, setting("message.body")}));
	free(text);
	free(json);
}
END_TEST

START_TEST(limits_are_words)
{
	static const char *const wrong[] = {
		"many", "1", "1 per", "1 per year; 2 ever", "1 per year 2 ever", "-"};
	struct sheet_place fault;
	set("limits.total", "5 a"); // words are the reader's to refuse
	free(written());
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		set("limits.total", wrong[i]);
		ck_assert_msg(sheet_write(&sheet, &fault, why) == NULL, "%s", wrong[i]);
		ck_assert_int_eq(fault.prize, -1);
		ck_assert_int_eq(fault.setting, setting("limits.total"));
	}
	set("limits.total", " 7  per month,9 ever ");
	char *text = written();
	ck_assert_ptr_nonnull(
		strstr(text, "{ count = 7; per = \"month\"; }, { count = 9; per = \"ever\"; }"));
	free(text);
}
END_TEST

// Whatever is typed into a setting, the document can be read, or is refused at a place that the sheet has.
START_TEST(a_mistake_finds_its_place)
{
	static const char *const values[] = {
		"\"", "\\", "-1", "x", "99999999999999999999", "1;", "{a", "2026-02-30", "\033[m"};
	struct document_errors errors;
	struct campaign campaign;
	int refused = 0;
	for (int i = 0; i < SHEET_SETTINGS; i++)
		for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
			struct sheet_place place;
			if (SHEET[i].kind == SHEET_LIMITS || SHEET[i].kind == SHEET_FLAG)
				continue;
			teardown();
			setup();
			ck_assert(sheet_set(&sheet, (struct sheet_place){-1, i}, values[v]));
			char *text = written();
			document_errors_init(&errors);
			if (campaign_read(&campaign, "text", text, strlen(text), NULL, &errors))
				campaign_free(&campaign);
			for (int e = 0; e < errors.count; e++)
				ck_assert_msg(strcmp(errors.errors[e].path, "-") == 0 ||
						      sheet_find(errors.errors[e].path, &place) ||
						      strcmp(errors.errors[e].path, "campaign.message") == 0,
					"%s: %s", SHEET[i].path, errors.errors[e].path);
			refused += errors.count > 0;
			document_errors_free(&errors);
			free(text);
		}
	ck_assert_int_gt(refused, 50);
}
END_TEST

START_TEST(prizes_come_and_go)
{
	struct sheet_place place;
	ck_assert_int_eq(sheet.prize_count, 5);
	ck_assert(sheet_prize_remove(&sheet, 1));
	ck_assert_str_eq(sheet.prizes[1][0], "cup");
	for (int i = 4; i < SHEET_PRIZES_MOST; i++)
		ck_assert(sheet_prize_add(&sheet));
	ck_assert(!sheet_prize_add(&sheet));
	while (sheet.prize_count > 1)
		ck_assert(sheet_prize_remove(&sheet, 0));
	ck_assert(!sheet_prize_remove(&sheet, 0));
	ck_assert(sheet_find("campaign.prizes.[3].chance", &place));
	ck_assert_int_eq(place.prize, 3);
	ck_assert_int_eq(place.setting, 1);
	ck_assert(sheet_find("campaign.prizes.[0]", &place));
	ck_assert(!sheet_find("campaign.prizes", &place));
	ck_assert(!sheet_find("campaign.nothing", &place));
}
END_TEST

START_TEST(templates_become_campaigns_of_ones_own)
{
	struct facts facts = {.money = "USD"};
	int count = 0;
	for (const char *const *name = campaign_template_names(); *name; name++, count++) {
		char *text = campaign_template(*name, "mine", "Mine", 9800, &facts);
		ck_assert_ptr_nonnull(text);
		ck_assert_ptr_nonnull(strstr(text, "\"mine\""));
		free(projection(text));
		free(text);
	}
	ck_assert_int_ge(count, 2);
	ck_assert_ptr_null(campaign_template("../programmes/nike", "mine", "Mine", 9800, &facts));
}
END_TEST

START_TEST(words_tell_what_it_does)
{
	struct facts facts = {.money = "USD", .programme_name = "Club"};
	struct campaign campaign;
	struct document_errors errors;
	document_errors_init(&errors);
	ck_assert(campaign_read(&campaign, "text", DOCUMENT, strlen(DOCUMENT), NULL, &errors));
	char *words = campaign_words(&campaign, &facts), *sample = campaign_sample(&campaign, &facts);
	ck_assert_ptr_nonnull(
		strstr(words, "0.5 % big: 12 STAR, $1.25 each; there are 10, then small instead."));
	// 0.005 x 12 + 0.095 x 2 = 0.25 points, 0.005 x $1.25 = $0.00625 a turn.
	ck_assert_ptr_nonnull(strstr(words, "On average a thousand turns give 250 STAR and cost $6.25."));
	ck_assert_ptr_nonnull(strstr(words, "A member gets at most 1 a year, 3 ever."));
	ck_assert_ptr_nonnull(
		strstr(words, "It gives at most 1,000 STAR and what costs $50.50, released evenly"));
	ck_assert_ptr_null(strstr(words, CAMPAIGN_ATTENTION));
	ck_assert_str_eq(sample, "Hi Ayşe\n\nYou won 12.\n\n\"{\n");
	campaign.hold_out = 0;
	campaign.budget_points = campaign.budget_minor = CAMPAIGN_ALL;
	free(words);
	words = campaign_words(&campaign, &facts);
	ck_assert_ptr_nonnull(strstr(words, CAMPAIGN_ATTENTION "nobody is held out"));
	ck_assert_ptr_nonnull(strstr(words, CAMPAIGN_ATTENTION "there is no budget"));
	free(words);
	free(sample);
	campaign_free(&campaign);
	document_errors_free(&errors);
}
END_TEST

Suite *campaign_sheet_suite(void)
{
	Suite *suite = suite_create("campaign_sheet");
	TCase *cases = tcase_create("sheet");
	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_add_test(cases, a_document_comes_back_as_it_was);
	tcase_add_test(cases, what_does_not_apply_is_not_written);
	tcase_add_test(cases, limits_are_words);
	tcase_add_test(cases, a_mistake_finds_its_place);
	tcase_add_test(cases, prizes_come_and_go);
	tcase_add_test(cases, templates_become_campaigns_of_ones_own);
	tcase_add_test(cases, words_tell_what_it_does);
	suite_add_tcase(suite, cases);
	return suite;
}
