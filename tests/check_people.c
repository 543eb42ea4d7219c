// Who members are: likely duplicates, changes with their past, blocked cards, notes, a past day, the export, and the
// erasure that leaves nothing of the person and all of the ledger.
#include "tests/database.h"
#include "tests/program.h"
#include "tests/spine.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

Suite *people_suite(void);

static struct session *session, *support, *manager;

static void setup(void)
{
	session = spine_begin("check_people", "generic_transfers");
	support = database_login("deniz");
	manager = database_login("murat");
}

static void teardown(void)
{
	session_close(manager);
	session_close(support);
	session_close(session);
}

// Enrols through the desk; answers the number.
static int64_t enrol(const char *key, const char *given, const char *family, const char *born, const char *email, const char *phone, const char *card)
{
	char sql[500];
	snprintf(sql, sizeof sql, "SELECT number FROM loyalty.enrol_member('desk', '%s', '%s', '%s', %s, '%s', '%s', '%s', 'Izmir', 'tr', '', '{}', "
				  "loyalty.business_day() - 100)", key, given, family, born, email, phone, card);
	return database_number(support, sql);
}

static const char *alike(const char *arguments)
{
	char sql[400];
	snprintf(sql, sizeof sql, "SELECT string_agg(name || ': ' || substr(why, 2), ', ') FROM loyalty.member_duplicates(%s)", arguments);
	return database_text(support, sql);
}

START_TEST(likely_duplicates_are_found)
{
	int64_t first = enrol("a", "Ayşe", "Yılmaz", "'1990-03-01'", "ayse@example.org", "+905321110022", "6001");
	enrol("b", "Mehmet", "Demir", "NULL", "", "", "");
	char sql[120];
	ck_assert_str_eq(alike("'X', 'Y', NULL, 'AYSE@example.org', '', ''"), "Ayşe Yılmaz: the same e-mail");
	ck_assert_str_eq(alike("'X', 'Y', NULL, '', '0532 111 00 22', ''"), "Ayşe Yılmaz: a phone that ends alike");
	ck_assert_str_eq(alike("'X', 'Y', NULL, '', '', '60-01'"), "Ayşe Yılmaz: the same card");
	ck_assert_str_eq(alike("'ayse', 'YILMAZ', '1990-03-01', '', '', ''"), "Ayşe Yılmaz: the same name and date of birth");
	ck_assert_str_eq(alike("'Ayse', 'Yilmas', '1990-03-01', '', '', ''"), "Ayşe Yılmaz: a name alike, the same date of birth");
	ck_assert_str_eq(alike("'Ayse', 'Yilmas', '1990-03-02', '', '', ''"), "");
	ck_assert_str_eq(alike("'Mehmet', 'Demir', '1980-01-01', '', '', ''"), "Mehmet Demir: the same name");
	enrol("c", "Ayse", "Yilmas", "'1990-03-01'", "", "", "");
	snprintf(sql, sizeof sql, "SELECT string_agg(name || ', ' || why, '; ') FROM loyalty.member_duplicates_of(loyalty.member_of('%" PRId64 "'))", first);
	ck_assert_str_eq(database_text(support, sql), "Ayse Yilmas, a name alike, the same date of birth");
	ck_assert_str_eq(database_refusal(database_login("elif"), "SELECT * FROM loyalty.member_duplicates('a', 'b', NULL, '', '', '')"), "42501");
}
END_TEST

static const char *found(const char *text)
{
	char sql[200];
	snprintf(sql, sizeof sql, "SELECT string_agg(family_name || CASE WHEN is_guess THEN ' (once)' ELSE '' END, ', ') FROM loyalty.member_find('%s', 10)", text);
	return database_text(support, sql);
}

START_TEST(what_was_changed_is_still_found)
{
	enrol("a", "Ayşe", "Yılmaz", "NULL", "ayse@example.org", "+905321110022", "600100010001");
	database_run(support, "SELECT loyalty.member_change(loyalty.member_of('600100010001'), 'email', 'new@example.org', 'asked by phone')");
	database_run(support, "SELECT loyalty.member_change(loyalty.member_of('600100010001'), 'family_name', 'Kaya')");
	ck_assert_str_eq(found("new@example.org"), "Kaya");
	ck_assert_str_eq(found("ayse@example.org"), "Kaya (once)");
	ck_assert_str_eq(database_refusal(support, "SELECT loyalty.member_change(loyalty.member_of('600100010001'), 'email', 'nonsense')"), "LY002");
	ck_assert_str_eq(database_refusal(support, "SELECT loyalty.member_change(loyalty.member_of('600100010001'), 'born', '1990-01-01')"), "LY002");
	// a lost card: nothing comes in under it, nobody gets it again, and still it is found
	database_run(support, "SELECT loyalty.member_change(loyalty.member_of('600100010001'), 'card', '600100010002', 'lost', '600100010001', true)");
	ck_assert_str_eq(database_text(support, "SELECT coalesce(loyalty.member_of('600100010001')::text, 'nobody')"), "nobody");
	ck_assert_str_eq(found("600100010001"), "Kaya (once)");
	ck_assert_str_eq(database_refusal(support, "SELECT loyalty.enrol_member('desk', 'b', 'B', 'B', NULL, '', '', '600100010001', '', '', '', '{}')"), "LY002");
	ck_assert_str_eq(database_text(support, "SELECT string_agg(kind || ' ' || value || CASE WHEN is_blocked THEN ' blocked' ELSE '' END, ', ') FROM "
						"loyalty.member_past(loyalty.member_of('600100010002'))"),
		"card 600100010001 blocked, family_name Yılmaz, email ayse@example.org");
	ck_assert_int_eq(database_number(support, "SELECT loyalty.member_note_add(loyalty.member_of('600100010002'), 'likes to be called after six')"), 1);
	ck_assert_str_eq(database_text(support, "SELECT string_agg(kind::text, ' ') FROM loyalty.member_timeline(loyalty.member_of('600100010002'), 'notes', 'first', '', 9)"), "10");
	ck_assert_str_eq(database_refusal(support, "SELECT loyalty.member_note_add(loyalty.member_of('600100010002'), ' ')"), "LY002");
}
END_TEST

START_TEST(a_past_day_is_told)
{
	struct event event;
	day_t today = (day_t)database_number(session, "SELECT loyalty.business_day() - '2000-01-01'");
	enrol("a", "Ayşe", "Yılmaz", "NULL", "ayse@example.org", "", "6001");
	int64_t member = database_number(session, "SELECT loyalty.member_of('6001')");
	for (int days = 90; days > 0; days -= 40) {
		char key[8];
		snprintf(key, sizeof key, "b%d", days);
		event_init(&event, EVENT_PURCHASE, 1, today - days);
		event.amount_minor = days * 100;
		spine_event(session, member, key, &event);
	}
	spine_work(0, today);
	static const char ASK[] = "SELECT string_agg(was, ', ') FROM loyalty.member_as_of(loyalty.member_of('6001'), loyalty.business_day() - %d) WHERE what IN ('points', 'status')";
	static const struct { int days; const char *was; } days[] = {{95, "active"}, {90, "active, 90 PT"}, {49, "active, 140 PT"}, {0, "active, 150 PT"}};
	static const char *const lots[] = {"", "90 PT of 90", "90 PT of 90, 50 PT of 50", "90 PT of 90, 50 PT of 50, 10 PT of 10"};
	for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
		char sql[300];
		snprintf(sql, sizeof sql, ASK, days[i].days);
		ck_assert_str_eq(database_text(support, sql), days[i].was);
		snprintf(sql, sizeof sql, "SELECT string_agg(split_part(was, ',', 1), ', ') FROM loyalty.member_as_of(loyalty.member_of('6001'), loyalty.business_day() - %d) WHERE what = 'lot'", days[i].days);
		ck_assert_str_eq(database_text(support, sql), lots[i]);
	}
	ck_assert_int_eq(strncmp(database_text(support, "SELECT was FROM loyalty.member_as_of(loyalty.member_of('6001'), loyalty.business_day() - 101) WHERE what = 'status'"),
		"enrolled only on", 16), 0);
	ck_assert_str_eq(database_refusal(support, "SELECT loyalty.member_as_of(loyalty.member_of('6001'), loyalty.business_day() + 1)"), "LY002");
}
END_TEST

// The house's own attributes, one of each type, as an administrator declares them.
static void declare(void)
{
	database_run(session, "SELECT loyalty.attribute_declare('shoe', 'number', 'Shoe size', 1, NULL, NULL, NULL), "
			      "loyalty.attribute_declare('diet', 'choice', 'Diet', NULL, '{vegan,any}', NULL, NULL), "
			      "loyalty.attribute_declare('store', 'text', 'Home store', NULL, NULL, false, '{support,marketing,manager}'), "
			      "loyalty.attribute_declare('wed', 'date', 'Wedding', NULL, NULL, NULL, '{manager}')");
}

START_TEST(a_house_declares_what_else_it_wants_to_know)
{
	static const char *const bad[][2] = {{"'Shoe', 'text', NULL, NULL, NULL, NULL, NULL", "LY002"}, {"'email', 'text', NULL, NULL, NULL, NULL, NULL", "LY002"},
		{"'a', 'colour', NULL, NULL, NULL, NULL, NULL", "LY002"}, {"'a', 'choice', NULL, NULL, NULL, NULL, NULL", "LY002"},
		{"'a', 'choice', NULL, NULL, '{x,X}', NULL, NULL", "LY002"}, {"'a', 'text', NULL, 2, NULL, NULL, NULL", "LY002"},
		{"'a', 'text', NULL, NULL, NULL, NULL, '{worker}'", "LY002"}, {"'shoe', 'text', NULL, NULL, NULL, NULL, NULL", "LY010"},
		{"'diet', NULL, NULL, NULL, '{any}', NULL, NULL", "LY010"}, {"'diet', NULL, NULL, NULL, NULL, false, NULL", "LY010"}};
	static const char *const wrong[][2] = {{"shoe", "forty"}, {"shoe", "41.25"}, {"diet", "meat"}, {"nothing", "x"}, {"wed", "2026-02-30"}, {"wed", "2026-01-01"}};
	char sql[300];
	declare();
	enrol("a", "Ayşe", "Yılmaz", "NULL", "", "", "6001");
	database_run(support, "SELECT loyalty.member_change(loyalty.member_of('6001'), 'shoe', '41,50', 'asked'), loyalty.member_change(loyalty.member_of('6001'), 'diet', 'VEGAN'), "
			      "loyalty.member_change(loyalty.member_of('6001'), 'store', 'Kadıköy')");
	database_run(session, "SELECT loyalty.member_change(loyalty.member_of('6001'), 'wed', '2024-02-29')");
	ck_assert_str_eq(database_text(support, "SELECT string_agg(code || ' ' || value, ', ') FROM loyalty.member_attributes(loyalty.member_of('6001'))"),
		"shoe 41.5, diet vegan, store Kadıköy");
	ck_assert_str_eq(database_text(manager, "SELECT string_agg(code || ' ' || value, ', ') FROM loyalty.member_attributes(loyalty.member_of('6001')) WHERE type = 'date'"), "wed 2024-02-29");
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		snprintf(sql, sizeof sql, "SELECT loyalty.attribute_declare(%s)", bad[i][0]);
		ck_assert_str_eq(database_refusal(session, sql), bad[i][1]);
	}
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {    // support does not even see the last one's attribute
		snprintf(sql, sizeof sql, "SELECT loyalty.member_change(loyalty.member_of('6001'), '%s', '%s')", wrong[i][0], wrong[i][1]);
		ck_assert_str_eq(database_refusal(support, sql), "LY002");
	}
	ck_assert_str_eq(database_refusal(manager, "SELECT loyalty.attribute_declare('x', 'text', NULL, NULL, NULL, NULL, NULL)"), "42501");
	ck_assert_str_eq(database_refusal(session, "SELECT loyalty.attribute_drop('diet')"), "LY010");
	database_run(session, "SELECT loyalty.attribute_declare('diet', NULL, 'Eats', NULL, '{any,vegan,no sugar}', NULL, NULL), loyalty.attribute_declare('x', 'yes_no', NULL, NULL, NULL, NULL, NULL)");
	database_run(session, "SELECT loyalty.attribute_drop('x')");
	ck_assert_str_eq(database_text(session, "SELECT name || ' ' || choices::text FROM loyalty.attribute WHERE code = 'diet'"), "Eats {any,vegan,\"no sugar\"}");
}
END_TEST

START_TEST(an_attribute_has_a_past_and_goes_with_the_person)
{
	char sql[200];
	int64_t number = enrol("a", "Ayşe", "Yılmaz", "NULL", "", "", "6001");
	int64_t member = database_number(session, "SELECT loyalty.member_of('6001')");
	declare();
	database_run(support, "SELECT loyalty.member_change(loyalty.member_of('6001'), 'shoe', '40')");
	database_run(support, "SELECT loyalty.member_edit(loyalty.member_of('6001'), NULL, NULL, NULL, NULL, NULL, NULL, 'grew', '{\"shoe\": \"41\", \"store\": \"Moda\"}')");
	database_run(support, "SELECT loyalty.member_change(loyalty.member_of('6001'), 'store', 'Moda')");    // nothing new
	database_run(session, "SELECT loyalty.member_change(loyalty.member_of('6001'), 'wed', '2024-02-29'), loyalty.member_change(loyalty.member_of('6001'), 'wed', '')");
	ck_assert_str_eq(database_text(support, "SELECT string_agg(kind || ' ' || value || ' ' || reason, ', ') FROM loyalty.member_past(loyalty.member_of('6001'))"), "attribute:shoe 40 grew");
	ck_assert_str_eq(database_text(manager, "SELECT string_agg(kind, ', ') FROM loyalty.member_past(loyalty.member_of('6001'))"), "attribute:wed, attribute:shoe");
	ck_assert_str_eq(database_text(support, "SELECT string_agg(what || ' ' || name, ', ') FROM loyalty.member_timeline(loyalty.member_of('6001'), 'status', 'first', '', 9) WHERE kind = 11"),
		"attribute:shoe 40");
	ck_assert_str_eq(database_text(support, "SELECT string_agg(what || ' ' || was, ', ' ORDER BY what) FROM loyalty.member_as_of(loyalty.member_of('6001'), loyalty.business_day()) "
						"WHERE what IN ('Shoe size', 'Home store')"), "Home store Moda, Shoe size 41");
	// the audit log tells old and new of what is not personal, and only that there was a change of what is
	ck_assert_str_eq(database_text(session, "SELECT string_agg(object || coalesce(changed::text, ''), ' ' ORDER BY audit_no) FROM loyalty.audit_log WHERE action = 'member.change'"),
		"shoe shoe store{\"store\": [null, \"Moda\"]} wed wed");
	database_run(session, "SELECT loyalty.member_change(loyalty.member_of('6001'), 'wed', '2024-02-29')");
	ck_assert_str_eq(database_refusal(support, "SELECT loyalty.member_export(loyalty.member_of('6001'))"), "LY001");
	ck_assert_str_eq(database_text(manager, "SELECT jsonb_path_query_array(loyalty.member_export(loyalty.member_of('6001'))::jsonb, '$.member_attribute[*].value')"),
		"[\"41\", \"Moda\", \"2024-02-29\"]");
	spine_work(0, (day_t)database_number(session, "SELECT loyalty.business_day() - '2000-01-01'"));
	snprintf(sql, sizeof sql, "SELECT loyalty.member_erase(%" PRId64 ", '%" PRId64 "', 'asked')", member, number);
	database_run(session, sql);
	snprintf(sql, sizeof sql, "SELECT string_agg(value, ', ') FROM loyalty.member_attribute WHERE member_id = %" PRId64, member);
	ck_assert_str_eq(database_text(session, sql), "Moda");
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.member_past"), 0);
}
END_TEST

START_TEST(who_is_blocked_earns_and_spends_nothing)
{
	struct session *till = database_login("kasa");
	day_t today = (day_t)database_number(session, "SELECT loyalty.business_day() - '2000-01-01'");
	struct event event;
	enrol("a", "Ayşe", "Yılmaz", "NULL", "", "", "6001");
	enrol("b", "Mehmet", "Demir", "NULL", "", "", "6002");
	event_init(&event, EVENT_PURCHASE, 1, today - 5);
	event.amount_minor = 50000;
	spine_event(session, database_number(session, "SELECT loyalty.member_of('6001')"), "p", &event);
	spine_work(0, today);
	static const char REDEEM[] = "SELECT status FROM loyalty.submit_event(loyalty.member_of('6001'), 'redeem', 't', '%s', NULL, '{\"reward\": \"r100\"}')";
	char sql[300];
	snprintf(sql, sizeof sql, REDEEM, "1");
	ck_assert_str_eq(database_text(till, sql), "pending");
	spine_work(0, today);
	char code[80];
	snprintf(code, sizeof code, "%s", database_text(session, "SELECT code FROM loyalty.issued_reward"));
	ck_assert_str_eq(database_refusal(support, "SELECT loyalty.member_block(loyalty.member_of('6001'), true, ' ')"), "LY002");
	ck_assert_str_eq(database_refusal(till, "SELECT loyalty.member_block(1, true, 'x')"), "42501");
	database_run(support, "SELECT loyalty.member_block(loyalty.member_of('6001'), true, 'card stolen')");
	database_run(support, "SELECT loyalty.member_block(loyalty.member_of('6001'), true, 'once more')");
	snprintf(sql, sizeof sql, REDEEM, "2");
	ck_assert_str_eq(database_refusal(till, sql), "LY010");
	snprintf(sql, sizeof sql, REDEEM, "1");
	ck_assert_str_eq(database_text(till, sql), "accepted");    // what was accepted stands
	ck_assert_str_eq(database_refusal(support, "SELECT loyalty.submit_event(loyalty.member_of('6001'), 'transfer', 't', '3', NULL, '{\"currency\": \"PT\", \"amount\": 5, \"receiver\": \"1000002\"}')"),
		"LY010");
	snprintf(sql, sizeof sql, "SELECT loyalty.reward_use('%s', 'k')", code);
	ck_assert_str_eq(database_refusal(till, sql), "LY010");
	ck_assert_str_eq(database_text(till, "SELECT status FROM loyalty.submit_event(loyalty.member_of('6001'), 'purchase', 't', '4', NULL, '{\"amount\": 1000}')"), "pending");
	spine_work(0, today);
	ck_assert_int_eq(database_number(session, "SELECT points FROM loyalty.balance WHERE member_id = loyalty.member_of('6001')"), 410);
	ck_assert_str_eq(database_refusal(support, "SELECT loyalty.member_block(loyalty.member_of('6001'), false, 'found')"), "LY001");
	ck_assert_str_eq(database_text(support, "SELECT string_agg(what || ' ' || name || ' ' || reason, ', ') FROM loyalty.member_timeline(loyalty.member_of('6001'), 'status', 'first', '', 9) WHERE kind = 11"),
		"status active card stolen");
	ck_assert_str_eq(database_text(support, "SELECT was FROM loyalty.member_as_of(loyalty.member_of('6001'), loyalty.business_day() - 1) WHERE what = 'status'"), "active");
	ck_assert_str_eq(database_text(support, "SELECT was FROM loyalty.member_as_of(loyalty.member_of('6001'), loyalty.business_day()) WHERE what = 'status'"), "blocked");
	database_run(manager, "SELECT loyalty.member_block(loyalty.member_of('6001'), false, 'found')");
	snprintf(sql, sizeof sql, "SELECT loyalty.reward_use('%s', 'k')", code);
	database_run(till, sql);
	session_close(till);
}
END_TEST

static const char *keep(const char *card, const char *key, int days, int amount)
{
	static char sql[300];
	snprintf(sql, sizeof sql, "SELECT status FROM loyalty.unmatched_keep('%s', 'purchase', 'till', '%s', NULL, jsonb_build_object('amount', %d, "
				  "'activity_date', loyalty.business_day() - %d))", card, key, amount, days);
	return sql;
}

START_TEST(what_came_for_nobody_finds_its_member)
{
	struct session *till = database_login("kasa");
	day_t today = (day_t)database_number(session, "SELECT loyalty.business_day() - '2000-01-01'");
	ck_assert_str_eq(database_text(till, keep("60-01", "R1", 3, 5000)), "kept");
	ck_assert_str_eq(database_text(till, keep("60-01", "R1", 3, 5000)), "kept");
	ck_assert_str_eq(database_refusal(till, keep("60-01", "R1", 3, 5001)), "LY003");
	ck_assert_str_eq(database_text(till, keep("6001", "R0", 61, 4000)), "kept"); // older than the window
	ck_assert_str_eq(database_text(till, keep("other", "R2", 4, 7000)), "kept");
	ck_assert_str_eq(database_refusal(support, keep("x", "R3", 4, 7000)), "42501");
	enrol("a", "Ayşe", "Yılmaz", "NULL", "", "", "6001"); // with the card R1 was bought with
	spine_work(0, today);
	static const char POINTS[] = "SELECT coalesce(sum(points), 0)::bigint FROM loyalty.balance WHERE member_id = loyalty.member_of('6001')";
	ck_assert_int_eq(database_number(session, POINTS), 50);
	ck_assert_str_eq(database_text(till, keep("6001", "R1", 3, 5000)), "accepted"); // sent once more it is not counted twice
	ck_assert_str_eq(database_refusal(support, "SELECT loyalty.claim(loyalty.member_of('6001'), 'R2', 7001)"), "LY004");
	ck_assert_str_eq(database_refusal(support, "SELECT loyalty.claim(loyalty.member_of('6001'), 'R0', 4000)"), "LY010");
	ck_assert_int_gt(database_number(support, "SELECT loyalty.claim(loyalty.member_of('6001'), 'R2', 7000)"), 0);
	ck_assert_str_eq(database_refusal(support, "SELECT loyalty.claim(loyalty.member_of('6001'), 'R2', 7000)"), "LY010");
	ck_assert_str_eq(database_refusal(support, "SELECT loyalty.claim_window_set(90)"), "42501");
	database_run(manager, "SELECT loyalty.claim_window_set(90)");
	ck_assert_int_gt(database_number(support, "SELECT loyalty.claim(loyalty.member_of('6001'), 'R0', 4000)"), 0);
	spine_work(0, today);
	ck_assert_int_eq(database_number(session, POINTS), 160);
	ck_assert_int_eq(database_number(session, "SELECT count(*) FROM loyalty.journal WHERE happened_on IS NOT NULL"), 3);
	struct verify_report report = spine_verify(session, 100, true);
	ck_assert_msg(report.broken == 0, "%s", report.first_broken);
	session_close(till);
}
END_TEST

// How many rows of all tables have that text anywhere.
static int64_t rows_with(const char *text)
{
	char sql[600];
	snprintf(sql, sizeof sql, "CREATE OR REPLACE FUNCTION pg_temp.rows_with() RETURNS bigint LANGUAGE plpgsql AS $$ DECLARE t regclass; n bigint; s bigint := 0; BEGIN "
				  "FOR t IN SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'loyalty'::regnamespace AND c.relkind = 'r' LOOP EXECUTE format('SELECT count(*) "
				  "FROM %%s x WHERE x::text ILIKE %%L', t, '%%%s%%') INTO n; s := s + n; END LOOP; RETURN s; END $$", text);
	database_run(session, sql);
	return database_number(session, "SELECT pg_temp.rows_with()");
}

START_TEST(an_erasure_leaves_the_ledger_and_no_person)
{
	static const char *const traces[] = {"Zeynep", "Quxley", "Oldname", "zeynep@example.org", "5329998877", "770011", "after six", "dear Zey", "Zey said"};
	struct event event;
	day_t today = (day_t)database_number(session, "SELECT loyalty.business_day() - '2000-01-01'");
	int64_t number = enrol("a", "Zeynep", "Oldname", "'1990-03-01'", "zeynep@example.org", "+905329998877", "770011");
	int64_t member = database_number(session, "SELECT loyalty.member_of('770011')");
	char sql[300], receipt[300];
	event_init(&event, EVENT_PURCHASE, 1, today - 5);
	event.amount_minor = 12000;
	spine_event(session, member, "b", &event);
	database_run(support, "SELECT loyalty.member_change(loyalty.member_of('770011'), 'family_name', 'Quxley')");
	database_run(support, "SELECT loyalty.member_note_add(loyalty.member_of('770011'), 'call after six')");
	database_run(support, "SELECT loyalty.submit_event(loyalty.member_of('770011'), 'adjust', 'desk', 'g', NULL, '{\"currency\": \"PT\", \"amount\": 5, \"reason\": \"dear Zey\"}')");
	database_run(support, "SELECT loyalty.case_open(loyalty.member_of('770011'), gen_random_uuid(), 'dear Zey', 'phone', 2, 'from_member', 'Zey said')");
	spine_work(0, today);
	snprintf(receipt, sizeof receipt, "%s", database_text(support, "SELECT length(loyalty.member_export(loyalty.member_of('770011'))) > 2000 AND "
									"loyalty.member_export(loyalty.member_of('770011'))::jsonb->'member_note'->0->>'body' = 'call after six'"));
	ck_assert_str_eq(receipt, "t");
	for (size_t i = 0; i < sizeof traces / sizeof traces[0]; i++)
		ck_assert_int_gt(rows_with(traces[i]), 0);
	snprintf(sql, sizeof sql, "SELECT loyalty.member_erase(%" PRId64 ", '%" PRId64 "', 'asked by letter')", member, number);
	ck_assert_str_eq(database_refusal(support, sql), "42501");
	snprintf(sql, sizeof sql, "SELECT loyalty.member_erase(%" PRId64 ", '1', 'asked by letter')", member);
	ck_assert_str_eq(database_refusal(manager, sql), "LY002");
	snprintf(sql, sizeof sql, "SELECT entries || ' ' || balances || ' ' || (head = (SELECT head FROM loyalty.standing WHERE member_id = %" PRId64
				  ")) FROM loyalty.member_erase(%" PRId64 ", '%" PRId64 "', 'asked by letter')", member, member, number);
	ck_assert_str_eq(database_text(session, sql), "2 {\"PT\": 125} true");
	for (size_t i = 0; i < sizeof traces / sizeof traces[0]; i++)
		ck_assert_msg(rows_with(traces[i]) == 0, "\"%s\" is still there", traces[i]);
	struct verify_report report = spine_verify(session, 100, true);
	ck_assert_msg(report.broken == 0, "%s", report.first_broken);
}
END_TEST

Suite *people_suite(void)
{
	Suite *suite = suite_create("people");
	TCase *cases = tcase_create("people");
	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, likely_duplicates_are_found);
	tcase_add_test(cases, what_was_changed_is_still_found);
	tcase_add_test(cases, a_past_day_is_told);
	tcase_add_test(cases, a_house_declares_what_else_it_wants_to_know);
	tcase_add_test(cases, an_attribute_has_a_past_and_goes_with_the_person);
	tcase_add_test(cases, who_is_blocked_earns_and_spends_nothing);
	tcase_add_test(cases, what_came_for_nobody_finds_its_member);
	tcase_add_test(cases, an_erasure_leaves_the_ledger_and_no_person);
	suite_add_tcase(suite, cases);
	return suite;
}
