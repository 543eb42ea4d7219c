// Campaigns: what a document may say, who may do what with it, and what the database keeps of it.
#include "tests/campaigns.h"
#include "tests/database.h"
#include "tests/spine.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char DOCUMENT[] =
	"campaign = { code = \"gift\"; name = \"Gift\"; start = \"2026-01-01\"; end = \"2199-12-31\";\n"
	"trigger = { on = \"birthday\"; leap = \"mar1\"; };\n"
	"currency = \"STAR\";\n"
	"prizes = (\n"
	"{ id = \"big\"; chance = \"0.5\"; points = \"12.5\"; stock = 10; consolation = \"small\"; cost = "
	"\"1.25\"; },\n"
	"{ id = \"small\"; chance = \"9.5\"; points = 2; },\n"
	"{ id = \"cup\"; chance = 10; reward = \"off60\"; },\n"
	"{ id = \"gold\"; chance = 20; ladder = \"level\"; tier = \"gold\"; days = 90; },\n"
	"{ id = \"none\"; chance = 60; } );\n"
	"limits = { member = ( { count = 1; per = \"year\"; } ); total = ( { count = 100; per = \"day\"; }, "
	"{ count = 5; per = \"day\"; } ); };\n"
	"budget = { points = 1000; money = \"50.5\"; pace = \"even\"; };\n"
	"hold_out = \"12.5\"; cooldown_days = 20; stop = { complaints = 3; opt_outs = 4; };\n"
	"message = { channel = \"email\"; subject = \"Hi {given_name|you}\"; body = [ \"You won "
	"{points|it}.\", \"{{ "
	"}}\" ]; };\n"
	"};\n";

static struct session *session;
static struct campaign_house house;

static void database_begin(void)
{
	session = spine_begin("check_campaign", "starbucks_us_2026");
	spine_member(session, "1");
	session_close(session);
}

static void setup(void)
{
	struct error error = {0};
	session = database_session("");
	database_run(session,
		"TRUNCATE loyalty.campaign CASCADE; DELETE FROM loyalty.campaign_seed WHERE campaign_no > 0; "
		"UPDATE loyalty.campaign_policy SET cooldown_days = 7, hold_out_ppm = 0; "
		"DELETE FROM loyalty.audit_log");
	ck_assert(campaign_house_load(&house, session, &error));
}

static void teardown(void)
{
	campaign_house_free(&house);
	session_close(session);
}

static bool document_read_here(struct campaign *campaign, const char *text,
	const struct campaign_house *known, char *line, size_t size)
{
	struct document_errors errors;
	document_errors_init(&errors);
	bool is_good = campaign_read(campaign, "f", text, strlen(text), known, &errors);
	ck_assert_int_eq(is_good, errors.count == 0);
	line[0] = '\0';
	for (int i = 0; i < errors.count; i++) {
		size_t used = strlen(line);
		snprintf(line + used, size - used, "%s%s: %s %s", i ? "; " : "", errors.errors[i].path,
			errors.errors[i].id, errors.errors[i].text);
	}
	document_errors_free(&errors);
	return is_good;
}

START_TEST(a_document_is_read_whole)
{
	struct campaign c;
	char line[2000];
	ck_assert_msg(document_read_here(&c, DOCUMENT, &house, line, sizeof line), "%s", line);
	ck_assert_str_eq(c.audience, CAMPAIGN_EVERYBODY);
	ck_assert_int_eq(c.trigger.kind, TRIGGER_BIRTHDAY);
	ck_assert_int_eq(c.trigger.leap, LEAP_MAR1);
	ck_assert_int_eq(c.decimals, 2);
	ck_assert_int_eq(c.prize_count, 5);
	ck_assert_int_eq(c.prizes[0].points, 1250);
	ck_assert_int_eq(c.prizes[0].chance, 5000);
	ck_assert_int_eq(c.prizes[0].consolation, 1);
	ck_assert_int_eq(c.prizes[0].minor, 125);
	ck_assert(c.prizes[1].stock == CAMPAIGN_ALL && c.prizes[1].consolation == -1);
	ck_assert_int_eq(c.prizes[2].kind, PRIZE_REWARD);
	ck_assert_int_eq(c.prizes[3].kind, PRIZE_TIER);
	ck_assert_int_eq(c.prizes[4].kind, PRIZE_NOTHING);
	ck_assert_int_eq(c.total[LIMIT_DAY], 5);
	ck_assert(c.total[LIMIT_YEAR] == CAMPAIGN_ALL);
	ck_assert_int_eq(c.per_member[LIMIT_YEAR], 1);
	ck_assert_int_eq(c.budget_points, 100000);
	ck_assert_int_eq(c.budget_minor, 5050);
	ck_assert(c.is_paced && c.hold_out == 125000 && c.cooldown_days == 20 && c.complaints == 3 &&
		  c.opt_outs == 4);
	ck_assert_str_eq(c.body, "You won {points|it}.\n{{ }}\n");
	campaign_free(&c);
}
END_TEST

// Each change makes exactly this mistake, on this setting.
static const struct {
	const char *from, *to, *expected;
} mistakes[] = {
	{"name = \"Gift\"; ", "", "campaign.name: V2 is required"},
	{"end = \"2199-12-31\"", "end = \"2025-12-31\"", "campaign.end: V8 lies before the start"},
	{"start = \"2026-01-01\"; end = \"2199-12-31\"", "start = \"2001-01-01\"; end = \"2001-12-31\"",
		"campaign.end: V8 lies in the past"},
	{"on = \"birthday\"; ", "", "campaign.trigger.on: V2 is required"},
	{"on = \"birthday\"", "on = \"moon\"",
		"campaign.trigger.on: V4 must be one of: birthday, anniversary, purchase, tier, return, "
		"case_resolved, survey_answer, schedule, hand"},
	{"on = \"birthday\"; leap = \"mar1\";", "on = \"return\";",
		"campaign.trigger.days: V2 is required by the trigger return"},
	{"on = \"birthday\"; leap", "on = \"case_resolved\"; leap",
		"campaign.trigger.leap: V7 is no setting of the trigger case_resolved"},
	{"on = \"birthday\"; leap = \"mar1\"", "on = \"tier\"; ladder = \"level\"; tier = \"diamond\"",
		"campaign.trigger.tier: V6 the ladder has no such tier"},
	{"on = \"birthday\"; leap = \"mar1\"", "on = \"survey_answer\"; survey = \"mood\"",
		"campaign.trigger.survey: V6 there is no such survey"},
	{"on = \"birthday\"; leap = \"mar1\"", "on = \"survey_answer\"; answer = \"critic\"",
		"campaign.trigger.answer: V4 must be one of: any, promoter, passive, detractor"},
	{"currency = \"STAR\";\n", "", "campaign.currency: V2 is required where points are given or limited"},
	{"currency = \"STAR\"", "currency = \"GOLD\"",
		"campaign.currency: V6 the programme counts no such currency"},
	{"chance = 60", "chance = \"59.9999\"",
		"campaign.prizes: V7 the chances come to 99.9999 %, not to 100; a prize may have only id and "
		"chance: nothing is won"},
	{"id = \"small\"", "id = \"cup\"",
		"campaign.prizes.[0].consolation: V6 is no other prize of this campaign; "
		"campaign.prizes.[2].id: V5 is used twice"},
	{"points = \"12.5\"", "points = \"12.505\"",
		"campaign.prizes.[0].points: V4 has more decimals than the currency"},
	{"points = 2;", "points = 2; reward = \"off60\";",
		"campaign.prizes.[1].points: V7 a prize is points, a reward, a tier or a multiplier, not two of them"},
	{"points = 2;", "multiplier = 2;", "campaign.prizes.[1].multiplier: V7 needs days"},
	{"points = 2;", "multiplier = 1; days = 9;", "campaign.prizes.[1].multiplier: V4 must be above 1"},
	{"points = 2;", "multiplier = \"10.5\"; days = 9;",
		"campaign.prizes.[1].multiplier: V4 must be at least 0 and at most 10"},
	{"points = 2;", "points = 2; days = 9;", "campaign.prizes.[1].days: V7 needs tier or multiplier"},
	{"off60", "moon_dust", "campaign.prizes.[2].reward: V6 the programme offers no such reward"},
	{"tier = \"gold\"", "tier = \"lead\"", "campaign.prizes.[3].tier: V6 the ladder has no such tier"},
	{" days = 90;", "", "campaign.prizes.[3].tier: V7 needs ladder and days"},
	{"consolation = \"small\"", "consolation = \"huge\"",
		"campaign.prizes.[0].consolation: V6 is no other prize of this campaign"},
	{"stock = 10; ", "",
		"campaign.prizes.[0].consolation: V7 needs stock: else this prize never runs out"},
	{"points = 1000;", "points = 12;", "campaign.budget.points: V7 is less than one of the prize big"},
	{"money = \"50.5\"", "money = \"1\"", "campaign.budget.money: V7 is less than one of the prize big"},
	{"points = 1000; money = \"50.5\"; ", "",
		"campaign.budget.pace: V7 needs a budget of points or money"},
	{"{given_name|you}", "{name}",
		"campaign.message.subject: V4 line 1, column 4: there is no place {name}"},
	{"{points|it}", "{points", "campaign.message.body: V4 line 1, column 9: this brace is not closed"},
	{"{{ }}", "}", "campaign.message.body: V4 line 2, column 1: this brace closes nothing"},
	{"hold_out = \"12.5\"; cooldown_days = 20; stop = {", "stop = { nps_drop = 20;",
		"campaign.stop.nps_drop: V7 needs hold_out, whose answers it is compared with"},
	{"hold_out = \"12.5\"", "hold_out = 51", "campaign.hold_out: V4 must be at least 0 and at most 50"},
};

START_TEST(a_mistake_is_told_on_its_setting)
{
	struct campaign campaign;
	char line[2000];
	ck_assert(!document_read_here(&campaign,
		campaigns_change(DOCUMENT, mistakes[_i].from, mistakes[_i].to), &house, line, sizeof line));
	ck_assert_str_eq(line, mistakes[_i].expected);
}
END_TEST

START_TEST(templates_are_right)
{
	static const char *const templates[] = {"db/campaigns/birthday.conf", "db/campaigns/win_back.conf"};
	for (size_t i = 0; i < sizeof templates / sizeof *templates; i++) {
		struct campaign campaign;
		char line[2000];
		size_t length;
		char *text = spine_file(templates[i], &length);
		ck_assert_msg(document_read_here(&campaign, text, &house, line, sizeof line), "%s", line);
		campaign_free(&campaign);
		free(text);
	}
}
END_TEST

static const char *state_of(int campaign_no)
{
	char sql[100];
	snprintf(sql, sizeof sql,
		"SELECT state || ' ' || coalesce(revision_no, 0) FROM loyalty.campaign WHERE campaign_no = "
		"%d",
		campaign_no);
	return database_text(session, sql);
}

static const char *move(const char *login, int campaign_no, const char *how, const char *reason)
{
	char sql[200];
	struct session *own = database_login(login);
	struct error error = {0};
	static char state[8];
	snprintf(sql, sizeof sql, "SELECT loyalty.campaign_move(%d, '%s', '%s')", campaign_no, how, reason);
	snprintf(state, sizeof state, "%s", session_execute(own, sql, NULL, 0, &error) ? "" : error.sqlstate);
	session_close(own);
	return state;
}

START_TEST(nobody_approves_their_own)
{
	int campaign_no;
	ck_assert_str_eq(campaigns_try_save("deniz", DOCUMENT, &campaign_no), "42501");
	ck_assert_str_eq(campaigns_try_save("ada", DOCUMENT, &campaign_no), "");
	ck_assert_str_eq(state_of(campaign_no), "draft 0");
	ck_assert_str_eq(campaigns_try_approve("murat", campaign_no), "LY010"); // not submitted yet
	ck_assert_str_eq(
		campaigns_try_save("elif", campaigns_change(DOCUMENT, "Gift", "Present"), &campaign_no),
		"LY001"); // a draft of ada
	ck_assert_str_eq(campaigns_try_submit("elif", campaign_no), "");
	ck_assert_str_eq(campaigns_try_approve("ada", campaign_no), "LY012");
	ck_assert_str_eq(campaigns_try_approve("elif", campaign_no), "42501");
	ck_assert_int_eq(database_number(session,
				 "SELECT count(*) FROM loyalty.campaign WHERE seed_sha256 IS NOT NULL"),
		0);
	campaigns_approve(campaign_no);
	ck_assert_str_eq(state_of(campaign_no), "scheduled 1");
	ck_assert_str_eq(campaigns_try_approve("murat", campaign_no), "LY010");
}
END_TEST

// Only the hash of the seed is shown, to nobody the seed, until the end.
START_TEST(the_seed_is_a_secret_until_the_end)
{
	static const char *const staff[] = {"deniz", "elif", "murat", "ada"};
	int campaign_no = campaigns_start(DOCUMENT);
	for (size_t i = 0; i < sizeof staff / sizeof *staff; i++) {
		struct session *own = database_login(staff[i]);
		ck_assert_str_eq(database_refusal(own, "SELECT seed FROM loyalty.campaign_seed"), "42501");
		ck_assert_str_eq(database_text(own, "SELECT loyalty.campaign_seed_shown(1)"), "");
		session_close(own);
	}
	ck_assert_str_eq(move("elif", campaign_no, "stop", "enough"), "");
	struct session *own = database_login("deniz");
	ck_assert_int_eq(
		database_number(own, "SELECT (seed_sha256 = sha256(loyalty.campaign_seed_shown(1)))::int "
				     "FROM loyalty.campaign"),
		1);
	ck_assert_str_eq(database_text(own, "SELECT loyalty.campaign_seed_shown(0)"),
		""); // that of the universal hold-out never
	session_close(own);
}
END_TEST

START_TEST(a_revision_waits_while_the_old_one_runs)
{
	int campaign_no = campaigns_start(DOCUMENT);
	const char *seed = database_text(session, "SELECT encode(seed_sha256, 'hex') FROM loyalty.campaign");
	char before[80];
	snprintf(before, sizeof before, "%s", seed);
	ck_assert_int_eq(campaigns_save(campaigns_change(DOCUMENT, "stock = 10", "stock = 99")), campaign_no);
	ck_assert_str_eq(state_of(campaign_no), "scheduled 1");
	campaigns_submit(campaign_no);
	int other;
	ck_assert_str_eq(campaigns_try_save("elif", DOCUMENT, &other), "LY010"); // it waits for its approval
	struct session *own = database_login("murat");
	ck_assert_str_eq(database_refusal(own, "SELECT loyalty.campaign_refuse(1, (SELECT sha256 FROM "
					       "loyalty.campaign_revision WHERE revision_no = 1), 'no')"),
		"LY013");
	ck_assert_str_eq(database_refusal(own, "SELECT loyalty.campaign_refuse(1, (SELECT sha256 FROM "
					       "loyalty.campaign_revision WHERE revision_no = 2), ' ')"),
		"LY002");
	database_number(own, "SELECT 1 FROM loyalty.campaign_refuse(1, (SELECT sha256 FROM "
			     "loyalty.campaign_revision WHERE revision_no = 2), 'fewer')");
	session_close(own);
	ck_assert_str_eq(database_text(session, "SELECT state || ' ' || refusal FROM "
						"loyalty.campaign_revision WHERE revision_no = 2"),
		"draft fewer");
	ck_assert_int_eq(campaigns_save(campaigns_change(DOCUMENT, "stock = 10", "stock = 50")), campaign_no);
	campaigns_submit(campaign_no);
	campaigns_approve(campaign_no);
	ck_assert_str_eq(state_of(campaign_no), "scheduled 2");
	ck_assert_int_eq(
		database_number(session, "SELECT stock FROM loyalty.campaign_prize WHERE prize = 'big'"), 50);
	ck_assert_str_eq(
		database_text(session,
			"SELECT string_agg(state, ' ' ORDER BY revision_no) FROM loyalty.campaign_revision"),
		"replaced approved");
	ck_assert_str_eq(
		database_text(session, "SELECT encode(seed_sha256, 'hex') FROM loyalty.campaign"), before);
}
END_TEST

START_TEST(whoever_may_stops_it_at_once)
{
	int campaign_no = campaigns_start(DOCUMENT);
	ck_assert_str_eq(move("deniz", campaign_no, "pause", "x"), "42501");
	ck_assert_str_eq(move("elif", campaign_no, "pause", " "), "LY002");
	ck_assert_str_eq(move("elif", campaign_no, "pause", "too many calls"), "");
	ck_assert_str_eq(move("murat", campaign_no, "pause", "twice is once"), "");
	ck_assert_str_eq(state_of(campaign_no), "paused 1");
	ck_assert_str_eq(database_text(session, "SELECT why FROM loyalty.campaign"), "too many calls");
	ck_assert_str_eq(move("elif", campaign_no, "resume", ""), "");
	ck_assert_str_eq(move("elif", campaign_no, "resume", ""), "LY010");
	ck_assert_str_eq(move("murat", campaign_no, "stop", "wrong prize"), "");
	ck_assert_str_eq(move("murat", campaign_no, "resume", ""), "LY010");
	int other;
	ck_assert_str_eq(
		campaigns_try_save("elif", campaigns_change(DOCUMENT, "Gift", "Present"), &other), "LY010");
	ck_assert_int_eq(database_number(session,
				 "SELECT count(*) FROM loyalty.audit_log WHERE action LIKE 'campaign.%'"),
		6);
}
END_TEST

// The database does not rely on the program for what it can know itself.
START_TEST(a_false_projection_is_refused)
{
	int campaign_no = campaigns_save(DOCUMENT);
	static const struct {
		const char *path, *value, *expected;
	} changes[] = {
		{"ends_on", "\"2020-01-01\"", "end: it is over before it begins"},
		{"prizes,0,chance", "1", "prizes: the chances do not come to 100 %"},
		{"currency", "\"NONE\"", "currency: there is no such currency"},
		{"prizes,2,object", "\"moon\"", "prizes.cup.reward: no reward moon is offered"},
		{"prizes,3,tier", "\"lead\"", "prizes.gold.tier: there is no tier lead of level"},
		{"budget_points", "1249", "budget.points: is less than one prize"},
		{"budget_minor", "124", "budget.money: is less than one prize"},
		{"survey", "\"mood\"", "trigger.survey: there is no such survey"},
	};
	struct session *own = database_login("elif");
	struct error error;
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		char sql[300];
		snprintf(sql, sizeof sql,
			"SELECT loyalty.campaign_submit(%d, sha256, jsonb_set(projection, '{%s}', '%s'), "
			"true) FROM loyalty.campaign_revision",
			campaign_no, changes[i].path, changes[i].value);
		ck_assert(!session_execute(own, sql, NULL, 0, &error));
		ck_assert_str_eq(error.sqlstate, "LY002");
		ck_assert_str_eq(error.what, changes[i].expected);
	}
	session_close(own);
}
END_TEST

// One member, who is in no tier yet: of these audiences some have him and some nobody.
static const struct {
	const char *audience;
	bool is_anybody;
} audiences[] = {
	{"everybody", true},
	{"not open_case", true},
	{"open_case", false},
	{"city = 'Atlantis'", false},
	{"spend(90 days) > 1000000 and points >= 5", false},
};

// Whoever decides, by whatever way, sends the same request.
START_TEST(an_audience_of_nobody_is_refused_on_its_setting)
{
	char setting[120];
	snprintf(setting, sizeof setting, "currency = \"STAR\"; audience = \"%s\";", audiences[_i].audience);
	int campaign_no = campaigns_save(campaigns_change(DOCUMENT, "currency = \"STAR\";", setting));
	const char *state = campaigns_try_submit("elif", campaign_no);
	ck_assert_str_eq(state, audiences[_i].is_anybody ? "" : "LY002");
	if (!audiences[_i].is_anybody) {
		database_run(session, "UPDATE loyalty.campaign_revision SET state = 'submitted', submitter = 'elif'");
		ck_assert_str_eq(campaigns_try_approve("murat", campaign_no), "LY002"); // they have left since
	}
	ck_assert_str_eq(state_of(campaign_no), "draft 0");
}
END_TEST

START_TEST(a_refusal_goes_to_its_setting)
{
	struct document_errors errors;
	struct error error = {.what = "audience: nobody is in it", .sqlstate = "LY002"};
	document_errors_init(&errors);
	ck_assert(campaign_refusal_add(&errors, &error));
	ck_assert_int_eq(errors.count, 1);
	ck_assert_str_eq(errors.errors[0].path, "campaign.audience");
	ck_assert_str_eq(errors.errors[0].text, "nobody is in it");
	ck_assert(!campaign_refusal_add(&errors, &(struct error){.what = "audience: x", .sqlstate = "LY010"}));
	ck_assert(!campaign_refusal_add(&errors, &(struct error){.what = "moon: x", .sqlstate = "LY002"}));
	ck_assert_int_eq(errors.count, 1);
	document_errors_free(&errors);
}
END_TEST

START_TEST(a_copy_is_a_campaign_of_its_own)
{
	struct ask ask;
	struct error error = {0};
	struct campaign_line line;
	int campaign_no = campaigns_save(DOCUMENT);
	campaign_get(&ask, campaign_no);
	struct result *result = ask_session(session, &ask, &error);
	campaign_line_read(result, 0, &line);
	ck_assert_str_eq(line.state, "draft");
	ck_assert_int_eq(line.budget_points, 100000);
	char *copy = campaign_copy(&line, "second");
	ck_assert_ptr_nonnull(strstr(copy, "code = \"second\"; name = \"Gift\";"));
	ck_assert_int_eq(campaigns_save(copy), campaign_no + 1);
	free(copy);
	result_free(result);
}
END_TEST

START_TEST(the_house_has_rules_for_all)
{
	struct session *own = database_login("elif");
	ck_assert_str_eq(database_refusal(own, "SELECT loyalty.campaign_policy_set(3, 0)"), "42501");
	session_close(own);
	own = database_login("murat");
	ck_assert_str_eq(database_refusal(own, "SELECT loyalty.campaign_policy_set(3, 600000)"), "LY002");
	database_number(own, "SELECT 1 FROM loyalty.campaign_policy_set(NULL, 15000)");
	ck_assert_str_eq(database_text(own,
				 "SELECT cooldown_days || ' ' || hold_out_ppm FROM loyalty.campaign_policy"),
		"7 15000");
	session_close(own);
}
END_TEST

Suite *campaign_suite(void);
Suite *campaign_suite(void)
{
	Suite *suite = suite_create("campaign");
	TCase *test_case = tcase_create("documents and life");
	tcase_add_unchecked_fixture(test_case, database_begin, NULL);
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_set_timeout(test_case, 30);
	tcase_add_test(test_case, a_document_is_read_whole);
	tcase_add_loop_test(
		test_case, a_mistake_is_told_on_its_setting, 0, (int)(sizeof mistakes / sizeof *mistakes));
	tcase_add_test(test_case, templates_are_right);
	tcase_add_test(test_case, nobody_approves_their_own);
	tcase_add_test(test_case, the_seed_is_a_secret_until_the_end);
	tcase_add_test(test_case, a_revision_waits_while_the_old_one_runs);
	tcase_add_test(test_case, whoever_may_stops_it_at_once);
	tcase_add_test(test_case, a_false_projection_is_refused);
	tcase_add_loop_test(test_case, an_audience_of_nobody_is_refused_on_its_setting, 0,
		(int)(sizeof audiences / sizeof *audiences));
	tcase_add_test(test_case, a_refusal_goes_to_its_setting);
	tcase_add_test(test_case, a_copy_is_a_campaign_of_its_own);
	tcase_add_test(test_case, the_house_has_rules_for_all);
	suite_add_tcase(suite, test_case);
	return suite;
}
