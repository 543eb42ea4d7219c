// Versions of the programme: their life and who may move it on, what is refused and why, and that nobody
// posts by rules that are not in force.
#include "model/posting/lane.h"
#include "model/programme/programme_diff.h"
#include "model/programme/programme_version.h"
#include "tests/database.h"
#include "tests/program.h"
#include "tests/spine.h"

#include <check.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char HOUSE[] =
	"# the house's own rules\n"
	"programme = {\n"
	"  code = \"house\"; name = \"House\"; money = \"EUR\"; effective_from = \"2020-01-01\";\n"
	"  currencies = ( { code = \"POINT\"; kind = \"redeemable\"; decimals = 0; },\n"
	"                 { code = \"CHIP\"; kind = \"redeemable\"; decimals = 0; } );\n"
	"  ladders = ( { code = \"status\"; metric = { kind = \"currency\"; currency = \"POINT\"; };\n"
	"    window = { kind = \"lifetime\"; }; validity = { kind = \"lifetime\"; };\n"
	"    tiers = ( { code = \"basic\"; at = 0; }, { code = \"silver\"; at = 100; }, { code = \"gold\"; "
	"at = 1000; } ); } );\n"
	"  earn = ( { id = \"buy\"; on = \"purchase\"; award = { currency = \"POINT\"; rate = 1; per = 100; "
	"}; },\n"
	"           { id = \"chips\"; on = \"activity\"; award = { currency = \"CHIP\"; fixed = 5; }; } );\n"
	"  rewards = ( { code = \"mug\"; kind = \"item\"; currency = \"POINT\"; cost = 10; } );\n"
	"  plans = ( { code = \"club\"; months = 12; refund = \"none\"; prices = ( { from = \"2020-01-01\"; "
	"price = 500; } ); } );\n"
	"};\n";
static const char
	CHIP[] = ",\n                 { code = \"CHIP\"; kind = \"redeemable\"; decimals = 0; }",
	CHIPS[] = ",\n           { id = \"chips\"; on = \"activity\"; award = { currency = \"CHIP\"; fixed = "
		  "5; }; }",
	SILVER[] = "{ code = \"silver\"; at = 100; }, ",
	MUG[] = "  rewards = ( { code = \"mug\"; kind = \"item\"; currency = \"POINT\"; cost = 10; } );\n",
	CLUB[] = "  plans = ( { code = \"club\"; months = 12; refund = \"none\"; prices = ( { from = "
		 "\"2020-01-01\"; "
		 "price = 500; } ); } );\n";

static struct session *root;
static day_t today;
static struct error why; // of the last step

// The last day processed is ten days ago, so that versions of days gone by can be told apart.
static void setup(void)
{
	root = database_migrated("check_versions");
	database_staff(root);
	ck_assert_msg(rulebook_install(root, "house", HOUSE, strlen(HOUSE), NULL, NULL, &why), "%s", why.why);
	database_run(root, "UPDATE loyalty.programme SET processed_on = loyalty.business_day() - 10");
	today = (day_t)database_number(root, "SELECT loyalty.business_day() - '2000-01-01'::date");
}

static void teardown(void)
{
	session_close(root);
}

// HOUSE with other words in place of those; twice where there are two pairs. Static.
static const char *house_with(const char *was, const char *is, const char *was_too, const char *is_too)
{
	static char texts[2][sizeof HOUSE + 400];
	const char *pairs[2][2] = {{was, is}, {was_too, is_too}}, *from = HOUSE;
	for (int i = 0; i < 2 && pairs[i][0]; i++) {
		const char *at = strstr(from, pairs[i][0]);
		ck_assert_msg(at != NULL, "the document has no %s", pairs[i][0]);
		snprintf(texts[i], sizeof texts[i], "%.*s%s%s", (int)(at - from), from, pairs[i][1],
			at + strlen(pairs[i][0]));
		from = texts[i];
	}
	return from;
}

static const char *house_doubled(void)
{
	return house_with("rate = 1;", "rate = 2;", NULL, NULL);
}

// Loads a document as that person, for `days` days from today; its number, or -1 with `why`.
static int load_as(const char *login, const char *text, int days, int draft)
{
	char day[DAY_SIZE];
	const struct version_draft version = {.version_no = draft,
		.name = "house",
		.text = text,
		.length = strlen(text),
		.effective_from = day_format(today + days, day)};
	struct version_request request;
	struct session *session = database_login(login);
	why = (struct error){0};
	ck_assert_msg(programme_version_save(&request, &version, &why), "%s", why.why);
	struct result *result = ask_session(session, &request.ask, &why);
	int number = result ? (int)result_int64(result, 0, 0) : -1;
	version_request_free(&request);
	result_free(result);
	session_close(session);
	return number;
}

enum step { SUBMIT, APPROVE, REFUSE, RETIRE, STEPS };

static bool step_request(
	struct version_request *request, enum step step, const struct programme_version *version)
{
	*request = (struct version_request){0};
	switch (step) {
	case SUBMIT:
		return programme_version_submit(request, version, &why);
	case APPROVE:
		return programme_version_approve(request, version, &why);
	case REFUSE:
		programme_version_refuse(&request->ask, version, "not so");
		return true;
	default:
		programme_version_retire(&request->ask, version, "not now");
		return true;
	}
}

// Does it in a session as it is; "" or the SQLSTATE, with `why`.
static const char *step_in(struct session *session, enum step step, int version_no)
{
	struct ask ask;
	struct programme_version version;
	struct version_request request;
	programme_version_get(&ask, version_no);
	why = (struct error){0};
	struct result *shown = ask_session(root, &ask, &why);
	ck_assert_int_eq(result_rows(shown), 1);
	programme_version_read(shown, 0, &version);
	ck_assert_msg(step_request(&request, step, &version), "%s", why.why);
	struct result *result = ask_session(session, &request.ask, &why);
	version_request_free(&request);
	result_free(shown);
	result_free(result);
	return why.sqlstate;
}

static const char *step_as(const char *login, enum step step, int version_no)
{
	struct session *session = database_login(login);
	step_in(session, step, version_no);
	session_close(session);
	return why.sqlstate;
}

#define ck_done(sqlstate) ck_assert_msg(*(sqlstate) == '\0', "%s: %s", why.what, why.why)
#define ck_holds(text, part)                                                                                 \
	ck_assert_msg(strstr((text), (part)) != NULL, "\"%s\" does not stand in: %s", (part), (text))

// All the way, by two people.
static int approved(const char *text, int days)
{
	int version_no = load_as("elif", text, days, 0);
	ck_done(step_as("elif", SUBMIT, version_no));
	ck_done(step_as("murat", APPROVE, version_no));
	return version_no;
}

static const char *state_of(int version_no)
{
	char sql[120];
	snprintf(sql, sizeof sql, "SELECT state FROM loyalty.programme_version WHERE version_no = %d",
		version_no);
	return database_text(root, sql);
}

START_TEST(two_people_bring_a_version_into_force)
{
	ck_assert_int_eq(load_as("elif", house_doubled(), 5, 0), 2);
	ck_assert_int_eq(load_as("elif", house_doubled(), 6, 0), 2); // its new date
	ck_assert_str_eq(step_as("elif", APPROVE, 2), "42501");
	ck_assert_str_eq(step_as("deniz", SUBMIT, 2), "42501");
	ck_assert_str_eq(step_as("murat", SUBMIT, 2), "42501");
	ck_done(step_as("ada", SUBMIT, 2));
	ck_assert_str_eq(step_as("ada", APPROVE, 2), "LY012");
	ck_done(step_as("murat", APPROVE, 2));
	ck_assert_str_eq(
		database_text(root,
			"SELECT concat_ws(' ', state, author, submitter, approver, effective_from - "
			"loyalty.business_day()) FROM loyalty.programme_version WHERE version_no = 2"),
		"approved elif ada murat 6");
	ck_assert_str_eq(database_text(root, "SELECT string_agg(login || ' ' || action, ', ' ORDER BY "
					     "audit_no) FROM loyalty.audit_log "
					     "WHERE action LIKE 'programme.%' AND object = '2'"),
		"elif programme.load, elif programme.load, ada programme.submit, murat programme.approve");
	ck_assert_int_eq(load_as("ada", house_with("rate = 1;", "rate = 3;", NULL, NULL), 7, 0), 3);
	ck_done(step_as("elif", SUBMIT, 3));
	ck_assert_str_eq(step_as("ada", APPROVE, 3), "LY012"); // wrote it
	ck_assert_str_eq(step_as("deniz", REFUSE, 3), "42501");
	ck_done(step_as("elif", REFUSE, 3)); // takes back what she submitted
	ck_assert_str_eq(state_of(3), "draft");
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.audit_broken(0, 0)"), 0);
}
END_TEST

// From each state only the steps that lead on; the sentence says how it stands and what to do.
static const struct {
	const char *state;
	const char *sqlstate[STEPS];
	const char *said;
} LIVES[] = {
	{"draft", {[SUBMIT] = "", [APPROVE] = "LY010", [REFUSE] = "LY010", [RETIRE] = "LY010"},
		"submit it first"},
	{"submitted", {[SUBMIT] = "LY010", [APPROVE] = "", [REFUSE] = "", [RETIRE] = "LY010"},
		"elif submitted it"},
	{"approved", {[SUBMIT] = "LY010", [APPROVE] = "LY010", [REFUSE] = "LY010", [RETIRE] = ""},
		"murat approved it"},
	{"retired", {[SUBMIT] = "LY010", [APPROVE] = "LY010", [REFUSE] = "LY010", [RETIRE] = "LY010"},
		"murat retired it"},
};

START_TEST(a_version_goes_one_way)
{
	static const char *const who[STEPS] = {
		[SUBMIT] = "elif", [APPROVE] = "murat", [REFUSE] = "murat", [RETIRE] = "murat"};
	char line[800], sql[300];
	ck_assert_int_eq(load_as("elif", house_doubled(), 5, 0), 2);
	for (size_t life = 0; life < sizeof LIVES / sizeof *LIVES; life++)
		for (enum step step = 0; step < STEPS; step++) {
			snprintf(sql, sizeof sql,
				"UPDATE loyalty.programme_version SET state = '%s', submitter = 'elif', "
				"approver = 'murat', retired_by = "
				"'murat', refusal = NULL WHERE version_no = 2",
				LIVES[life].state);
			database_run(root, sql);
			const char *sqlstate = step_as(who[step], step, 2);
			ck_assert_msg(strcmp(sqlstate, LIVES[life].sqlstate[step]) == 0,
				"step %d from %s: %s (%s)", (int)step, LIVES[life].state, sqlstate,
				error_line(&why, line, sizeof line));
			if (*sqlstate)
				ck_holds(error_line(&why, line, sizeof line), LIVES[life].said);
		}
}
END_TEST

START_TEST(only_its_author_rewrites_a_draft)
{
	ck_assert_int_eq(load_as("elif", house_doubled(), 5, 0), 2);
	ck_assert_int_eq(load_as("ada", HOUSE, 5, 2), -1);
	ck_assert_str_eq(why.sqlstate, "LY001");
	ck_assert_int_eq(load_as("elif", house_with(SILVER, "", NULL, NULL), 8, 2), 2);
	ck_assert_int_eq(database_number(root, "SELECT strpos(document, 'silver') FROM "
					       "loyalty.programme_version WHERE version_no = 2"),
		0);
	ck_assert_int_eq(load_as("elif", HOUSE, 5, 9), -1);
	ck_assert_str_eq(why.sqlstate, "LY004");
	ck_done(step_as("elif", SUBMIT, 2));
	ck_assert_int_eq(load_as("elif", HOUSE, 5, 2), -1);
	ck_assert_str_eq(why.sqlstate, "LY010");
	database_run(root, "UPDATE loyalty.programme_version SET sha256 = 'another' WHERE version_no = 2");
	struct session *murat = database_login("murat");
	ck_assert_str_eq(
		database_refusal(murat, "SELECT loyalty.programme_version_approve(2, 'shown', '{}')"),
		"LY013");
	session_close(murat);
}
END_TEST

START_TEST(a_version_never_reaches_back)
{
	int version_no = load_as("elif", house_doubled(), -10, 0);
	ck_assert_str_eq(step_as("elif", SUBMIT, version_no), "LY002");
	ck_holds(why.why, "already been processed up to");
	ck_assert_int_eq(load_as("elif", house_doubled(), -9, 0), version_no);
	ck_done(step_as("elif", SUBMIT, version_no));
	// meanwhile a till sends an event of that day
	struct event event;
	event_init(&event, EVENT_ENROL, 1, today - 9);
	spine_event(root, spine_member(root, "1"), "enrol", &event);
	spine_work(0, today - 10);
	ck_assert_str_eq(step_as("murat", APPROVE, version_no), "LY002");
	ck_holds(why.todo, "refuse it");
	ck_done(step_as("murat", REFUSE, version_no));
	ck_assert_int_eq(load_as("elif", house_doubled(), -8, 0), version_no);
	ck_done(step_as("elif", SUBMIT, version_no));
	ck_done(step_as("murat", APPROVE, version_no));
}
END_TEST

START_TEST(versions_follow_each_other)
{
	ck_assert_int_eq(approved(house_doubled(), 10), 2);
	int between = load_as("elif", house_with("rate = 1;", "rate = 3;", NULL, NULL), 5, 0);
	ck_assert_str_eq(step_as("elif", SUBMIT, between), "LY002");
	ck_holds(why.why, "version 2 is approved from");
	ck_assert_int_eq(approved(house_with("rate = 1;", "rate = 4;", NULL, NULL), 20), 4);
	ck_assert_str_eq(step_as("murat", RETIRE, 2), "LY002"); // 4 follows it
	ck_assert_str_eq(step_as("murat", RETIRE, 1), "LY002"); // in force
	ck_done(step_as("murat", RETIRE, 4));
	ck_done(step_as("murat", RETIRE, 2));
	ck_done(step_as("elif", SUBMIT, between));
	ck_assert_int_eq(
		load_as("elif", house_doubled(), 10, 0), 5); // what was retired does not come back by itself
}
END_TEST

START_TEST(what_a_programme_in_use_cannot_change)
{
	int version_no = load_as("elif", house_with("\"EUR\"", "\"USD\"", NULL, NULL), 5, 0);
	ck_assert_str_eq(step_as("elif", SUBMIT, version_no), "LY002");
	ck_holds(why.why, "its money is EUR");
	load_as("elif", house_with("decimals = 0;", "decimals = 2;", NULL, NULL), 5, version_no);
	ck_assert_str_eq(step_as("elif", SUBMIT, version_no), "LY002");
	ck_holds(why.what, "the decimals of POINT");
	load_as("elif",
		house_with("money = \"EUR\";", "money = \"EUR\"; timezone = \"Europe/Berlin\";", NULL, NULL),
		5, version_no);
	ck_assert_str_eq(step_as("elif", SUBMIT, version_no), "LY002");
}
END_TEST

// A member who has 500 points (silver), a mug and the club.
static int64_t make_holder(const char *number)
{
	struct event event;
	int64_t member_id = spine_member(root, number);
	event_init(&event, EVENT_ENROL, 1, today - 12);
	spine_event(root, member_id, "enrol", &event);
	event_init(&event, EVENT_PURCHASE, 1, today - 12);
	event.amount_minor = 51000;
	spine_event(root, member_id, "buy", &event);
	event_init(&event, EVENT_REDEEM, 1, today - 12);
	event.reward = "mug";
	spine_event(root, member_id, "redeem", &event);
	event_init(&event, EVENT_SUBSCRIBE, 1, today - 12);
	event.plan = "club";
	spine_event(root, member_id, "subscribe", &event);
	return member_id;
}

static void refused_as_held(const char *text, const char *held)
{
	static int draft;
	int version_no = load_as("elif", text, 5, draft);
	draft = version_no;
	ck_assert_str_eq(step_as("elif", SUBMIT, version_no), "LY014");
	ck_holds(why.why, held);
}

START_TEST(what_members_hold_cannot_go)
{
	make_holder("1");
	make_holder("2");
	spine_work(0, today - 12);
	refused_as_held(house_with(SILVER, "", NULL, NULL), "2 members hold the tier silver of status");
	refused_as_held(house_with(MUG, "", NULL, NULL), "2 members hold the reward mug");
	refused_as_held(house_with(CLUB, "", NULL, NULL), "2 members hold the plan club");
	refused_as_held(house_with(MUG, "", CLUB, ""), "hold the plan club; 2 members hold the reward mug");
	refused_as_held(house_with(CHIP, "", CHIPS, ""), "version 1 gives CHIP until then");
	database_run(root, "UPDATE loyalty.issued_reward SET state = 'redeemed' WHERE member_id = 1");
	refused_as_held(house_with(MUG, "", NULL, NULL), "1 member holds the reward mug");
	database_run(root, "UPDATE loyalty.issued_reward SET state = 'redeemed'");
	approved(house_with(MUG, "", NULL, NULL), 5);
}
END_TEST

// Nobody held it when it was submitted.
START_TEST(what_members_hold_is_counted_again_at_approval)
{
	int version_no = load_as("elif", house_with(SILVER, "", NULL, NULL), 5, 0);
	ck_done(step_as("elif", SUBMIT, version_no));
	make_holder("1");
	spine_work(0, today - 12);
	ck_assert_str_eq(step_as("murat", APPROVE, version_no), "LY014");
	ck_holds(why.why, "1 member holds the tier silver of status");
	ck_assert_str_eq(state_of(version_no), "submitted");
}
END_TEST

// First nothing gives it any more, then nobody has it any more, then it may go.
START_TEST(a_currency_goes_in_two_steps)
{
	struct event event;
	int64_t member_id = make_holder("1");
	event_init(&event, EVENT_ACTIVITY, 1, today - 12);
	event.activity = "game";
	spine_event(root, member_id, "play", &event);
	spine_work(0, today - 12);
	approved(house_with(CHIPS, "", NULL, NULL), -9);
	int without = load_as("elif", house_with(CHIP, "", CHIPS, ""), 5, 0);
	ck_assert_str_eq(step_as("elif", SUBMIT, without), "LY014");
	ck_holds(why.why, "1 member holds points of CHIP");
	event_init(&event, EVENT_ADJUST, 1, today - 3);
	event.currency = "CHIP";
	event.amount = -5;
	spine_event(root, member_id, "spend", &event);
	spine_work(0, today - 10);
	ck_done(step_as("elif", SUBMIT, without));
	ck_done(step_as("murat", APPROVE, without));
	// a person gives some after that: the member keeps to the old rules until they are gone
	event.day = today - 2;
	event.amount = 7;
	spine_event(root, member_id, "gift", &event);
	spine_work(0, today - 10);
	spine_work(0, today + 6);
	ck_assert_int_eq(
		database_number(root, "SELECT points FROM loyalty.balance WHERE currency_id = 2"), 7);
	ck_assert_int_eq(database_number(root, "SELECT programme_version FROM loyalty.standing"), 2);
	event.day = today + 7;
	event.amount = -7;
	spine_event(root, member_id, "spend again", &event);
	event_init(&event, EVENT_PURCHASE, 1, today + 8);
	event.amount_minor = 1000;
	spine_event(root, member_id, "buy again", &event);
	spine_work(0, today + 8);
	ck_assert_int_eq(
		database_number(root, "SELECT points FROM loyalty.balance WHERE currency_id = 2"), 0);
	ck_assert_int_eq(database_number(root, "SELECT programme_version FROM loyalty.standing"), without);
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.outcome"), 0);
	ck_assert_int_eq(spine_verify(root, 100, true).broken, 0);
}
END_TEST

// Numbers once given stay; labels follow the version in force, on its day.
START_TEST(labels_change_on_the_day)
{
	const char *second = house_with("{ code = \"gold\"",
		"{ code = \"jade\"; at = 500; }, { code = \"gold\"", "cost = 10", "cost = 20");
	database_run(root, "CREATE TEMPORARY TABLE before AS SELECT * FROM loyalty.tier");
	approved(second, -9);
	ck_assert_str_eq(
		database_text(root,
			"SELECT string_agg(code || ' ' || rank, ', ' ORDER BY tier_id) FROM loyalty.tier"),
		"basic 0, silver 1, gold 2, jade 2");
	ck_assert_int_eq(database_number(root, "SELECT cost FROM loyalty.reward"), 10);
	spine_work(0, today - 10);
	ck_assert_int_eq(database_number(root, "SELECT cost FROM loyalty.reward"), 10);
	spine_work(0, today - 9);
	ck_assert_int_eq(database_number(root, "SELECT cost FROM loyalty.reward"), 20);
	ck_assert_str_eq(
		database_text(root,
			"SELECT string_agg(code || ' ' || rank, ', ' ORDER BY tier_id) FROM loyalty.tier"),
		"basic 0, silver 1, gold 3, jade 2");
	ck_assert_int_eq(database_number(root,
				 "SELECT count(*) FROM before b JOIN loyalty.tier t USING (tier_id, code)"),
		3);
	database_run(root, "UPDATE loyalty.programme SET opened_on = '-infinity', processed_on = "
			   "loyalty.business_day() - 10");
	ck_done(step_as("murat", RETIRE, 2));
	approved(second, 5);
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.tier"), 4);
}
END_TEST

static struct session *open_worker(void *payload, struct error *error)
{
	(void)payload;
	return session_open("", "loyalty worker", error);
}

static void buy_on(int64_t member_id, const char *external_id, day_t day)
{
	struct event event;
	event_init(&event, EVENT_PURCHASE, 1, day);
	event.amount_minor = 10000;
	spine_event(root, member_id, external_id, &event);
}

static int64_t enrolled(const char *number)
{
	struct event event;
	int64_t member_id = spine_member(root, number);
	event_init(&event, EVENT_ENROL, 1, today - 20);
	spine_event(root, member_id, "enrol", &event);
	return member_id;
}

// The worker has looked, then a version is approved, then it claims: it must not post by what it knew.
START_TEST(an_approval_between_look_and_claim)
{
	static const volatile sig_atomic_t never;
	struct worker_options options = {
		.open = open_worker, .stop = &never, .version = "check", .as_of = today - 10, .once = true};
	struct lane lane;
	bool is_busy = false;
	int64_t member_id = enrolled("1");
	buy_on(member_id, "before", today - 10);
	buy_on(member_id, "after", today - 8);
	lane_init(&lane, &options, 0);
	ck_assert_msg(lane_open(&lane, &why) && lane_survey(&lane, &why), "%s", why.why);
	int64_t stamp = lane.rulebook->stamp;
	approved(house_doubled(), -8);
	ck_assert_int_eq(lane.rulebook->stamp, stamp);
	ck_assert_msg(lane_bulk(&lane, &is_busy, &why), "%s", why.why);
	ck_assert_int_ne(lane.rulebook->stamp, stamp);
	ck_assert_int_eq(lane.report.posted, 3);
	lane_free(&lane);
	ck_assert_int_eq(database_number(root, "SELECT points FROM loyalty.balance"), 300);
	ck_assert_int_eq(spine_verify(root, 100, true).broken, 0);
}
END_TEST

// A batch under way has read the rules: an approval waits for its end, and then sees the day it came to.
START_TEST(an_approval_waits_for_the_batch_under_way)
{
	struct batch batch;
	enrolled("1");
	int version_no = load_as("elif", house_doubled(), -20, 0);
	database_run(root, "UPDATE loyalty.programme SET processed_on = loyalty.business_day() - 30");
	ck_done(step_as("elif", SUBMIT, version_no));
	struct session *worker = open_worker(NULL, &why), *murat = database_login("murat");
	struct rulebook *rulebook = rulebook_load(worker, &why);
	ck_assert_ptr_nonnull(rulebook);
	batch_init(&batch, rulebook);
	for (int bucket = 0; bucket < BATCH_BUCKETS; bucket++) {
		ck_assert(batch_claim(&batch, worker, bucket, 0, 100, &why));
		if (batch.event_count > 0)
			break;
		ck_assert(batch_drop(&batch, worker, &why));
	}
	ck_assert_int_eq(batch.event_count, 1);
	database_run(murat, "SET lock_timeout = '50ms'");
	ck_assert_str_eq(step_in(murat, APPROVE, version_no), "55P03");
	ck_assert(batch_load(&batch, worker, &why) && batch_run(&batch, &why) &&
		  batch_save(&batch, worker, &why));
	ck_assert_str_eq(step_in(murat, APPROVE, version_no), "LY002");
	ck_holds(why.why, "already been processed up to");
	batch_free(&batch);
	rulebook_free(rulebook);
	session_close(worker);
	session_close(murat);
}
END_TEST

// A rule that rates by tier now and did not then, or gives another currency: what was bought before goes back
// all the same, live and in the replay.
START_TEST(returns_across_versions)
{
	static const char by_tier[] = "ladder = \"status\"; by_tier = { basic = 2; silver = 2; gold = 2; };";
	struct event event;
	int64_t member_id = enrolled("1"), other_id = enrolled("2"), seqs[2];
	for (int i = 0; i < 2; i++) {
		event_init(&event, EVENT_PURCHASE, 1, today - 10);
		event.amount_minor = 10000;
		seqs[i] = spine_event(root, i ? other_id : member_id, "buy", &event);
	}
	spine_work(0, today - 10);
	approved(house_with("rate = 1;", by_tier, NULL, NULL), -9);
	approved(house_with("on = \"purchase\"; award = { currency = \"POINT\"",
			 "on = \"purchase\"; award = { currency = \"CHIP\"", NULL, NULL),
		-5);
	for (int i = 0; i < 2; i++) {
		event_init(&event, EVENT_RETURN, 1, i ? today - 4 : today - 8);
		event.of_seq = seqs[i];
		event.amount_minor = 10000;
		spine_event(root, i ? other_id : member_id, "return", &event);
	}
	spine_work(0, today - 4);
	ck_assert_str_eq(database_text(root, "SELECT string_agg(member_id || ' ' || points, ', ' ORDER BY "
					     "member_id) FROM loyalty.balance"),
		"1 0, 2 100");
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.outcome"), 0);
	ck_assert_int_eq(spine_verify(root, 100, true).broken, 0);
}
END_TEST

START_TEST(a_proof_goes_by_the_rules_it_sees)
{
	struct verify_report report;
	const struct verify_options options = {.replay_percent = 100, .kind = "full"};
	struct rulebook *rulebook = rulebook_load(root, &why);
	approved(house_doubled(), -9);
	ck_assert(!verify_run(root, rulebook, &options, &report, &why));
	ck_holds(why.why, "approved just now");
	rulebook_free(rulebook);
	ck_assert_int_eq(spine_verify(root, 100, true).broken, 0);
}
END_TEST

// Each version rates what happened in its days, whenever it is told; an award of a rule that is no more
// stays.
START_TEST(what_comes_late_is_rated_by_its_own_version)
{
	static const int happened[] = {-10, -8, -4};
	struct event event;
	int64_t member_id = enrolled("1"), seqs[3];
	spine_work(0, today - 10);
	approved(house_with("rate = 1;", "rate = 3;", NULL, NULL), -9);
	approved(house_with("rate = 1;", "rate = 7;", "id = \"buy\"", "id = \"sale\""), -5);
	for (int i = 0; i < 3; i++) {
		char key[] = {(char)('a' + i), '\0'};
		event_init(&event, EVENT_PURCHASE, 1, today - 4);
		event.activity_day = today + happened[i];
		event.amount_minor = 10000;
		seqs[i] = spine_event(root, member_id, key, &event);
	}
	event_init(&event, EVENT_RETURN, 1, today - 3);
	event.of_seq = seqs[0];
	event.amount_minor = 10000;
	spine_event(root, member_id, "return", &event);
	spine_work(0, today - 3);
	ck_assert_str_eq(
		database_text(root,
			"SELECT string_agg(concat_ws(' ', r.code, e.amount), ', ' ORDER BY "
			"e.entry_no) FROM loyalty.ledger_entry e JOIN loyalty.rule r USING (rule_id)"),
		"buy 100, buy 300, sale 700");
	ck_assert_int_eq(database_number(root, "SELECT points FROM loyalty.balance"), 1100);
	ck_assert_int_eq(spine_verify(root, 100, true).broken, 0);
}
END_TEST

static volatile sig_atomic_t worker_stop;

static void *worker_thread(void *payload)
{
	struct worker_options options = {
		.open = open_worker, .stop = &worker_stop, .version = "check", .as_of = today - 10};
	struct worker_report report;
	static struct error error;
	(void)payload;
	return worker_run(&options, &report, &error) ? NULL : &error;
}

// Events of days before and after keep coming while a worker runs and the version is approved under it.
START_TEST(a_running_worker_takes_an_approval_up)
{
	enum { ROUNDS = 30, MEMBERS = 8 };
	int64_t members[MEMBERS];
	pthread_t thread;
	void *failed;
	char name[24];
	for (int m = 0; m < MEMBERS; m++) {
		snprintf(name, sizeof name, "%d", m + 1);
		members[m] = enrolled(name);
	}
	int version_no = load_as("elif", house_doubled(), -8, 0);
	ck_done(step_as("elif", SUBMIT, version_no));
	ck_assert_int_eq(pthread_create(&thread, NULL, worker_thread, NULL), 0);
	for (int round = 0; round < ROUNDS; round++) {
		if (round == ROUNDS / 2)
			ck_done(step_as("murat", APPROVE, version_no));
		for (int m = 0; m < MEMBERS; m++) {
			snprintf(name, sizeof name, "buy %d", round);
			buy_on(members[m], name, round < ROUNDS / 2 ? today - 9 : today - 8);
		}
	}
	struct session *news = database_session(NULL);
	struct notification notification;
	ck_assert(session_listen(news, "loyalty_member", &why));
	while (database_number(root, "SELECT count(*) FROM loyalty.inbox") > 0)
		ck_assert_int_ge(session_wait(news, 100, &notification, &why), 0);
	worker_stop = 1;
	ck_assert_int_eq(pthread_join(thread, &failed), 0);
	ck_assert_ptr_null(failed);
	session_close(news);
	ck_assert_int_eq(database_number(root,
				 "SELECT count(*) FROM loyalty.balance WHERE points = 15 * 100 + 15 * 200"),
		MEMBERS);
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.outcome"), 0);
	ck_assert_int_eq(spine_verify(root, 100, true).broken, 0);
}
END_TEST

START_TEST(a_difference_is_told_by_setting)
{
	const char *second =
		house_with(SILVER, "", "rate = 1; per = 100;", "rate = 2; per = 100; round = \"ceil\";");
	const struct diff_side old = {"old", HOUSE, strlen(HOUSE)}, new = {"new", second, strlen(second)};
	struct programme_diff diff;
	ck_assert_msg(programme_diff_take(&diff, &old, &new, &why), "%s", why.why);
	ck_assert_int_eq(diff.count, 3);
	ck_assert_int_eq(diff.changes[0].kind, DIFF_REMOVED);
	ck_assert_str_eq(diff.changes[0].path, "ladders.status.tiers.silver");
	ck_assert_str_eq(diff.changes[0].was, "{ code = silver, at = 100 }");
	ck_assert_int_eq(diff.changes[0].was_line, 8);
	ck_assert_int_eq(diff.changes[0].is_line, 0);
	ck_assert_int_eq(diff.changes[1].kind, DIFF_CHANGED);
	ck_assert_str_eq(diff.changes[1].path, "earn.buy.award.rate");
	ck_assert_str_eq(diff.changes[1].was, "1");
	ck_assert_str_eq(diff.changes[1].is, "2");
	ck_assert_int_eq(diff.changes[1].is_line, 9);
	ck_assert_int_eq(diff.changes[2].kind, DIFF_ADDED);
	ck_assert_str_eq(diff.changes[2].path, "earn.buy.award.round");
	programme_diff_free(&diff);
	const struct diff_side broken = {"broken", "programme = {", 13}, empty = {"empty", "", 0};
	ck_assert(!programme_diff_take(&diff, &old, &broken, &why));
	ck_assert(!programme_diff_take(&diff, &empty, &new, &why));
	ck_holds(why.why, "has no programme");
}
END_TEST

START_TEST(order_is_a_difference)
{
	const char *first = "programme = { earn = ( { id = \"a\"; }, { id = \"b\"; } ); grants = ( { id = "
			    "\"g\"; } ); };",
		   *second = "programme = { earn = ( { id = \"b\"; }, { id = \"c\"; }, { id = \"a\"; } ); };";
	const struct diff_side old = {"old", first, strlen(first)}, new = {"new", second, strlen(second)};
	struct programme_diff diff;
	ck_assert(programme_diff_take(&diff, &old, &new, &why));
	ck_assert_int_eq(diff.count, 3);
	ck_assert_str_eq(diff.changes[0].path, "earn.c");
	ck_assert_int_eq(diff.changes[1].kind, DIFF_ORDER);
	ck_assert_str_eq(diff.changes[1].was, "a, b");
	ck_assert_str_eq(diff.changes[1].is, "b, c, a");
	ck_assert_str_eq(diff.changes[2].path, "grants.g");
	programme_diff_free(&diff);
}
END_TEST

#define AS(login) " --database user=" login
START_TEST(the_verbs)
{
	char day[DAY_SIZE], path[200];
	day_format(today + 5, day);
	ck_assert_str_eq(program_expect(0, "programme export 1")->out, HOUSE);
	snprintf(path, sizeof path, "%s", program_file("second.conf", house_doubled()));
	ck_holds(program_expect(0, "programme load %s --effective-from %s" AS("elif"), path, day)->out,
		"programme submit 2");
	ck_holds(program_expect(0, "programme diff 2")->out,
		"changed  earn.buy.award.rate: 1 -> 2  (line 9)\nversion 1 -> version 2: 1 difference\n");
	ck_assert_str_eq(program_expect(0, "programme diff 1 %s --format csv", path)->out,
		"change,path,was,is,was_line,is_line\r\nchanged,earn.buy.award.rate,1,2,9,9\r\n");
	ck_holds(program_expect(0, "programme diff 2 --format json")->out,
		"[{\"change\": \"changed\", \"path\": \"earn.buy.award.rate\", ");
	ck_holds(program_expect(1, "programme diff 1")->err, "no version lies before it");
	ck_holds(program_expect(1, "programme approve 2" AS("murat"))->err,
		"version 2 is a draft, not submitted");
	ck_holds(program_expect(0, "programme submit 2" AS("elif"))->out, "needs another person");
	ck_holds(
		program_expect(0, "programme refuse 2 'too dear'" AS("murat"))->out, "a draft of elif again");
	ck_holds(program_expect(0, "programme list")->out, "too dear");
	program_expect(0, "programme submit 2" AS("elif"));
	ck_holds(program_expect(0, "programme approve 2" AS("murat"))->out, day);
	ck_holds(program_expect(0, "programme list --format csv")->out, "2,approved,");
	ck_holds(program_expect(0, "programme retire 2 'not now'" AS("murat"))->out,
		"will not come into force");
	program_expect(1, "programme export 1 %s", path); // it is there already
	snprintf(path + strlen(path), sizeof path - strlen(path), ".out");
	program_expect(0, "programme export 1 %s", path);
	ck_assert_str_eq(program_file_text(path), HOUSE);
	ck_holds(program_expect(0, "programme load %s --effective-from %s" AS("elif"),
			 program_file("third.conf", house_with("rate = 1;", "rate = 3;", NULL, NULL)), day)
			 ->out,
		"programme submit 3");
	ck_holds(program_expect(1, "programme drop 3" AS("murat"))->err, "permission denied");
	ck_holds(program_expect(1, "programme drop 3" AS("ada"))->err, "its author or marketing drops it");
	ck_holds(program_expect(1, "programme drop 1" AS("elif"))->err, "version 1 is approved, not a draft");
	ck_holds(program_expect(0, "programme drop 3" AS("elif"))->out, "version 3, a draft of elif, is dropped");
	ck_holds(program_expect(1, "programme drop 3" AS("elif"))->err, "there is no such version");
	ck_holds(program_expect(0, "programme load %s --effective-from %s" AS("elif"), path, day)->out,
		"programme submit 4"); // numbers do not come back
	program_expect(2, "programme submit two");
	program_expect(2, "programme refuse 2");
	ck_holds(program_expect(1, "programme submit 9")->err, "there is no such version");
}
END_TEST

Suite *versions_suite(void);
Suite *versions_suite(void)
{
	Suite *suite = suite_create("versions");
	TCase *life = tcase_create("life"), *posting = tcase_create("posting"),
	      *difference = tcase_create("difference");
	tcase_add_checked_fixture(life, setup, teardown);
	tcase_add_test(life, two_people_bring_a_version_into_force);
	tcase_add_test(life, a_version_goes_one_way);
	tcase_add_test(life, only_its_author_rewrites_a_draft);
	tcase_add_test(life, a_version_never_reaches_back);
	tcase_add_test(life, versions_follow_each_other);
	tcase_add_test(life, what_a_programme_in_use_cannot_change);
	tcase_add_test(life, what_members_hold_cannot_go);
	tcase_add_test(life, what_members_hold_is_counted_again_at_approval);
	tcase_add_test(life, a_currency_goes_in_two_steps);
	tcase_add_test(life, labels_change_on_the_day);
	tcase_add_test(life, the_verbs);
	suite_add_tcase(suite, life);
	tcase_add_checked_fixture(posting, setup, teardown);
	tcase_set_timeout(posting, 60);
	tcase_add_test(posting, an_approval_between_look_and_claim);
	tcase_add_test(posting, an_approval_waits_for_the_batch_under_way);
	tcase_add_test(posting, a_proof_goes_by_the_rules_it_sees);
	tcase_add_test(posting, returns_across_versions);
	tcase_add_test(posting, what_comes_late_is_rated_by_its_own_version);
	tcase_add_test(posting, a_running_worker_takes_an_approval_up);
	suite_add_tcase(suite, posting);
	tcase_add_test(difference, a_difference_is_told_by_setting);
	tcase_add_test(difference, order_is_a_difference);
	suite_add_tcase(suite, difference);
	return suite;
}
