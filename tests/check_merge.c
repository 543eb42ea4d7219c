// Two memberships that become one and part again: what moves, what comes back and what does not, whatever else
// happens to them meanwhile; and verify finds what is broken of it.
#include "model/member/ledger.h"
#include "tests/database.h"
#include "tests/engine_random.h"
#include "tests/program.h"
#include "tests/spine.h"

#include <check.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *merge_suite(void);

enum { MEMBERS = 6, STEPS = 90 };

static struct session *session, *support, *manager;
static day_t today;

static void setup(void)
{
	session = spine_begin("check_merge", "generic_transfers");
	support = database_login("deniz");
	manager = database_login("murat");
	today = (day_t)database_number(session, "SELECT loyalty.business_day() - '2000-01-01'");
}

static void teardown(void)
{
	session_close(manager);
	session_close(support);
	session_close(session);
}

static void prove(void)
{
	struct verify_report report = spine_verify(session, 100, true);
	ck_assert_msg(report.broken == 0, "%s", report.first_broken);
}

static const char *text_of(const char *format, ...) __attribute__((format(printf, 1, 2)));
static const char *text_of(const char *format, ...)
{
	char sql[900];
	va_list values;
	va_start(values, format);
	vsnprintf(sql, sizeof sql, format, values);
	va_end(values);
	return database_text(session, sql);
}

static void buy(int64_t member_id, const char *key, int days, const char *category, int64_t points)
{
	struct event event;
	event_init(&event, EVENT_PURCHASE, 1, today - days);
	event.amount_minor = points * 100;
	event.category = category;
	spine_event(session, member_id, key, &event);
}

static int64_t member_make(const char *number)
{
	struct event event;
	int64_t member_id = spine_member(session, number);
	event_init(&event, EVENT_ENROL, 1, today - 400);
	spine_event(session, member_id, "enrol", &event);
	return member_id;
}

// Asks for the status of an event that is submitted with it, and why it is none.
static const char *submit_sql(int64_t member_id, const char *type, const char *key, const char *body)
{
	static char sql[600];
	snprintf(sql, sizeof sql,
		"SELECT btrim(status || ' ' || reason) FROM loyalty.submit_event(%" PRId64 ", '%s', 'desk', '%s', NULL, '%s')",
		member_id, type, key, body);
	return sql;
}

static void submit(int64_t member_id, const char *type, const char *key, const char *body)
{
	ck_assert_str_eq(database_text(manager, submit_sql(member_id, type, key, body)), "pending");
}

// What a member has, lot by lot: currency, amount, days; and owes.
static const char *holdings(int64_t member_id)
{
	return text_of("SELECT concat_ws('; ', (SELECT string_agg(concat_ws(' ', currency_id, sum, earned_on, expires_on), ', ' ORDER BY "
		       "currency_id, earned_on, expires_on) FROM (SELECT currency_id, sum(remaining), earned_on, expires_on FROM loyalty.lot WHERE "
		       "member_id = %" PRId64 " AND remaining > 0 GROUP BY 1, 3, 4) l), (SELECT string_agg(currency_id || ': ' || points, ', ' "
		       "ORDER BY 1) FROM loyalty.balance WHERE member_id = %" PRId64 " AND points <> 0))",
		member_id, member_id);
}

static int64_t points(int64_t member_id)
{
	return strtoll(text_of("SELECT coalesce(sum(points), 0) FROM loyalty.balance WHERE currency_id = 1 AND member_id = %" PRId64, member_id),
		NULL, 10);
}

static const char *status_of(int64_t member_id)
{
	return text_of("SELECT status FROM loyalty.member WHERE member_id = %" PRId64, member_id);
}

// The rewards that stand under a member, and of which member they are, 0: its own.
static const char *rewards_under(int64_t member_id, enum page_from from)
{
	static char text[300];
	struct error error = {0};
	struct ask ask;
	struct issued_row row;
	issued_list(&ask, member_id, &(struct page){.from = from, .rows = 9, .key = "1 999 999"});
	struct result *result = ask_session(session, &ask, &error);
	ck_assert_msg(result != NULL, "%s", error.why);
	*text = '\0';
	for (int i = 0; i < result_rows(result); i++) {
		issued_row_read(result, i, &row);
		snprintf(text + strlen(text), sizeof text - strlen(text), "%s%" PRId64 " %s of %" PRId64, i ? ", " : "", row.reward_no, row.state, row.owner_number);
	}
	result_free(result);
	return text;
}

static const char *tiers_of(int64_t member_id)
{
	return text_of("SELECT t.code || ' ' || coalesce(s.tier_until::text, '') FROM loyalty.standing s LEFT JOIN loyalty.tier t USING (tier_id) WHERE member_id = %" PRId64, member_id);
}

START_TEST(merged_and_parted_they_are_as_they_were)
{
	int64_t source = member_make("1"), target = member_make("2");
	char source_had[500], target_had[500], moved[200], source_was[80], target_was[80];
	buy(source, "a", 100, "general", 320);
	buy(source, "b", 50, "flight", 77);
	buy(target, "c", 20, "general", 40);
	submit(source, "adjust", "own", "{\"currency\": \"OWN\", \"amount\": 9}");    // which nobody may pass on
	database_run(session, "INSERT INTO loyalty.member_identifier (value, kind, member_id) SELECT 'AB77', 'card', member_id FROM "
			      "loyalty.member WHERE number = 1");
	spine_work(0, today);
	submit(source, "redeem", "r", "{\"reward\": \"r100\"}");
	spine_work(0, today);
	strcpy(source_had, holdings(source));
	strcpy(target_had, holdings(target));
	strcpy(source_was, tiers_of(source));
	strcpy(target_was, tiers_of(target));
	ck_assert_str_ne(source_was, target_was);
	ck_assert_str_eq(database_text(support, "SELECT count(*) FROM loyalty.merge_preview(loyalty.member_of('1'), loyalty.member_of('2')) "
						"WHERE what IN ('member', 'number', 'card', 'points', 'reward', 'tier')"),
		"8");
	ck_assert_str_eq(rewards_under(source, PAGE_FIRST), "1 issued of 0");
	ck_assert_str_eq(rewards_under(target, PAGE_FIRST), "");
	submit(source, "merge", "m", "{\"receiver\": \"2\"}");
	spine_work(0, today);
	ck_assert_str_eq(status_of(source), "merged");
	ck_assert_str_eq(holdings(source), "");
	ck_assert_int_eq(points(target), 260);
	ck_assert_str_eq(text_of("SELECT concat_ws(' ', loyalty.member_of('1'), loyalty.member_of('ab-77'))"),
		text_of("SELECT concat_ws(' ', %" PRId64 ", %" PRId64 ")", target, target));
	ck_assert_str_eq(text_of("SELECT t.code FROM loyalty.standing JOIN loyalty.tier t USING (tier_id) WHERE member_id = %" PRId64, target), "silver");
	strcpy(moved, text_of("SELECT string_agg(concat_ws(' ', object, amount, lot_earned_on), ', ' ORDER BY seq) FROM loyalty.journal "
			      "WHERE type = 'receive' AND member_id = %" PRId64, target));
	ck_assert_ptr_nonnull(strstr(moved, "MI 770 {"));
	ck_assert_str_eq(rewards_under(target, PAGE_FIRST), "1 issued of 1");
	ck_assert_str_eq(rewards_under(target, PAGE_LAST), "1 issued of 1");
	ck_assert_str_eq(rewards_under(target, PAGE_AFTER), "1 issued of 1");
	ck_assert_str_eq(rewards_under(target, PAGE_BEFORE), "");
	prove();
	ck_assert_str_eq(database_text(manager, submit_sql(source, "merge", "m", "{\"receiver\": \"2\"}")), "accepted");
	submit(source, "unmerge", "u", "{}");
	spine_work(0, today);
	ck_assert_str_eq(status_of(source), "active");
	ck_assert_str_eq(holdings(source), source_had);
	ck_assert_str_eq(holdings(target), target_had);
	ck_assert_str_eq(tiers_of(source), source_was);
	ck_assert_str_eq(tiers_of(target), target_was);
	ck_assert_str_eq(rewards_under(target, PAGE_FIRST), "");
	ck_assert_str_eq(rewards_under(source, PAGE_FIRST), "1 issued of 0");
	ck_assert_str_eq(text_of("SELECT concat_ws(' ', loyalty.member_of('1'), loyalty.member_of('ab-77'))"),
		text_of("SELECT concat_ws(' ', %" PRId64 ", %" PRId64 ")", source, source));
	ck_assert_str_eq(text_of("SELECT string_agg(loyalty.reward_state(i), ' ') FROM loyalty.issued_reward i WHERE member_id = %" PRId64, source), "issued");
	prove();
}
END_TEST

// A purchase under way, a return, a cancelled reward: what the source's journal still leads to reaches the target.
START_TEST(what_comes_later_goes_on)
{
	int64_t source = member_make("1"), target = member_make("2");
	buy(source, "a", 100, "general", 200);
	buy(target, "c", 20, "general", 150);
	spine_work(0, today);
	submit(source, "redeem", "r", "{\"reward\": \"r100\"}");
	submit(source, "merge", "m", "{\"receiver\": \"2\"}");
	buy(source, "under way", 0, "general", 30);
	spine_work(0, today);
	ck_assert_int_eq(points(source), 0);
	ck_assert_int_eq(points(target), 280);
	ck_assert_str_eq(database_refusal(manager, submit_sql(source, "redeem", "no", "{\"reward\": \"r100\"}")), "LY004");
	// by the target's own number and card: it finds whose purchase it is; and, sent again, whose it was
	submit(target, "return", "back", "{\"of\": \"a\", \"amount\": 5000}");
	submit(source, "cancel_reward", "cancel", "{\"reward_no\": 1}");
	ck_assert_str_eq(database_text(manager, submit_sql(target, "return", "back", "{\"of\": \"a\", \"amount\": 5000}")), "pending");
	spine_work(0, today);
	ck_assert_int_eq(points(source), 0);
	ck_assert_int_eq(points(target), 330);
	ck_assert_str_eq(text_of("SELECT count(*) FROM loyalty.journal WHERE external_id = 'back'"), "1");
	prove();
	// of 180 that came and stayed, 100 are spent: the rest goes back, and later returns are the source's own again
	submit(target, "redeem", "spend", "{\"reward\": \"r100\"}");
	spine_work(0, today);
	submit(source, "unmerge", "u", "{}");
	spine_work(0, today);
	ck_assert_int_eq(points(source) + points(target), 230);
	ck_assert_int_eq(points(source), 80);
	submit(source, "return", "more", "{\"of\": \"a\", \"amount\": 10000}");
	spine_work(0, today);
	ck_assert_int_eq(points(source), -20);
	prove();
}
END_TEST

START_TEST(who_may_not_be_merged)
{
	int64_t one = member_make("1"), two = member_make("2"), three = member_make("3"), debtor = member_make("4");
	buy(one, "a", 10, "general", 50);
	submit(debtor, "adjust", "d", "{\"currency\": \"PT\", \"amount\": -10}");
	spine_work(0, today);
	ck_assert_str_eq(database_refusal(manager, submit_sql(one, "merge", "x", "{\"receiver\": \"1\"}")), "LY002");
	ck_assert_str_eq(database_refusal(manager, submit_sql(one, "merge", "x", "{\"receiver\": \"4\"}")), "LY002");
	ck_assert_str_eq(database_refusal(manager, submit_sql(debtor, "merge", "x", "{\"receiver\": \"1\"}")), "LY002");
	ck_assert_str_eq(database_refusal(manager, submit_sql(one, "unmerge", "x", "{}")), "LY010");
	ck_assert_str_eq(database_text(support, submit_sql(one, "merge", "asked", "{\"receiver\": \"2\"}")),
		"waiting merge always needs a second person");
	ck_assert_int_gt(database_number(manager, "SELECT loyalty.approval_decide(member_id, source, external_id, request_hash, 'approved', '') "
						  "FROM loyalty.approval"), 0);
	ck_assert_str_eq(database_refusal(manager, submit_sql(two, "merge", "crossed", "{\"receiver\": \"1\"}")), "LY010");
	spine_work(0, today);
	ck_assert_str_eq(status_of(one), "merged");
	ck_assert_int_eq(points(two), 50);
	submit(three, "merge", "third", "{\"receiver\": \"1\"}"); // which leads to 2
	spine_work(0, today);
	ck_assert_str_eq(database_refusal(manager, submit_sql(two, "merge", "chain", "{\"receiver\": \"4\"}")), "LY002");
	prove();
}
END_TEST

static bool breach_is_found(const char *fault, const char *mend)
{
	database_run(session, fault);
	bool is_found = spine_verify(session, 0, false).broken > 0;
	database_run(session, mend);
	return is_found;
}

START_TEST(verify_finds_a_broken_merge)
{
	int64_t source = member_make("1");
	member_make("2");
	buy(source, "a", 10, "general", 50);
	spine_work(0, today);
	submit(source, "merge", "m", "{\"receiver\": \"2\"}");
	spine_work(0, today);
	prove();
	ck_assert(breach_is_found("UPDATE loyalty.member SET status = 'active' WHERE number = 1", "UPDATE loyalty.member SET status = 'merged' WHERE number = 1"));
	ck_assert(breach_is_found("UPDATE loyalty.member_identifier SET member_id = from_id WHERE value = '1'",
		"UPDATE loyalty.member_identifier SET member_id = (SELECT member_id FROM loyalty.member WHERE number = 2) WHERE value = '1'"));
	ck_assert(breach_is_found("UPDATE loyalty.balance b SET points = 7 FROM loyalty.member m WHERE m.member_id = b.member_id AND m.number = 1",
		"UPDATE loyalty.balance b SET points = 0 FROM loyalty.member m WHERE m.member_id = b.member_id AND m.number = 1"));
	ck_assert(breach_is_found("CREATE TABLE kept AS SELECT * FROM loyalty.journal WHERE type = 'receive'; DELETE FROM loyalty.journal WHERE type = 'receive'",
		"INSERT INTO loyalty.journal SELECT * FROM kept"));
	prove();
}
END_TEST

static void step_make(struct random *random, const int64_t *members, int step)
{
	char key[24], body[120];
	int64_t member = members[random_below(random, MEMBERS)];
	const char *type = "unmerge";
	snprintf(key, sizeof key, "s%d", step);
	snprintf(body, sizeof body, "{}");
	switch (random_below(random, 8)) {
	case 0:
	case 1:
		buy(member, key, random_below(random, 3), random_below(random, 3) ? "general" : "flight", 1 + random_below(random, 200));
		return;
	case 2:
		type = "merge";
		snprintf(body, sizeof body, "{\"receiver\": \"%d\"}", 1 + random_below(random, MEMBERS));
		break;
	case 3:
		type = "return";
		snprintf(body, sizeof body, "{\"of\": \"s%d\", \"amount\": %d}", random_below(random, step + 1), 1 + random_below(random, 9000));
		break;
	case 4:
		type = "cancel_reward";
		snprintf(body, sizeof body, "{\"reward_no\": %d}", 1 + random_below(random, 2));
		break;
	case 5:
		type = "redeem";
		snprintf(body, sizeof body, "{\"reward\": \"r100\"}");
		break;
	case 6:
		type = "transfer";
		snprintf(body, sizeof body, "{\"currency\": \"PT\", \"amount\": %d, \"receiver\": \"%d\"}", 10 + random_below(random, 50),
			1 + random_below(random, MEMBERS));
		break;
	default:
		break;
	}
	struct error error = {0};
	result_free(session_query(manager, submit_sql(member, type, key, body), NULL, 0, &error)); // refused is an answer too
}

// Whatever people, tills and workers do to six members: nothing is lost, nothing is invented, and the journals tell it all.
START_TEST(random_lives_conserve_points)
{
	const char *seed_text = getenv("MERGE_SEED") ? getenv("MERGE_SEED") : "20261122";
	struct random random;
	int64_t members[MEMBERS];
	random = (struct random){.state = strtoull(seed_text, NULL, 10)};
	for (int i = 0; i < MEMBERS; i++) {
		char number[8];
		snprintf(number, sizeof number, "%d", i + 1);
		members[i] = member_make(number);
	}
	for (int step = 0; step < STEPS; step++) {
		step_make(&random, members, step);
		if (random_below(&random, 3) == 0)
			spine_work(1 + random_below(&random, 5), today);
	}
	spine_work(0, today);
	struct verify_report report = spine_verify(session, 100, true);
	ck_assert_msg(report.broken == 0, "%s (run again: MERGE_SEED=%s CK_RUN_SUITE=merge build/check)", report.first_broken, seed_text);
	ck_assert_str_eq(text_of("SELECT coalesce(sum(amount), 0) FROM loyalty.ledger_entry WHERE account_id = 11"), "0");
	ck_assert_str_eq(text_of("SELECT count(*) FROM loyalty.outcome WHERE result = 'failed'"), "0");
	ck_assert_str_ne(text_of("SELECT count(*) FROM loyalty.member_merge WHERE ended_at IS NOT NULL"), "0");
}
END_TEST

Suite *merge_suite(void)
{
	Suite *suite = suite_create("merge");
	TCase *cases = tcase_create("merge");
	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, merged_and_parted_they_are_as_they_were);
	tcase_add_test(cases, what_comes_later_goes_on);
	tcase_add_test(cases, who_may_not_be_merged);
	tcase_add_test(cases, verify_finds_a_broken_merge);
	tcase_add_test(cases, random_lives_conserve_points);
	suite_add_tcase(suite, cases);
	return suite;
}
