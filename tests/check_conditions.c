// The condition language: every operator with every type against an oracle, what is unknown, hostile texts,
// faults with their place, words, completion, saved segments, the verbs.
#include "model/segment/audience.h"
#include "model/segment/names.h"
#include "tests/database.h"
#include "tests/fuzz/fuzz.h"
#include "tests/program.h"
#include "tests/spine.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEMBERS = 6, UNKNOWN = -999999, ANSWER_MAX = 200 };

static struct session *root;
static struct condition_names *names;

static const char *const SET_UP[] = {
	"UPDATE loyalty.member SET city = (ARRAY['İzmir', '', 'Ankara', 'IZMIR', 'ızmir', "
	"'Şanlıurfa'])[member_id], language = "
	"(ARRAY['tr', '', 'en', 'TR', 'tr', 'de'])[member_id], born = loyalty.business_day() - "
	"make_interval(years => "
	"(ARRAY[30, NULL, 17, 18, 65, 30])[member_id], days => 10)",
	"UPDATE loyalty.standing SET tier_id = (ARRAY[2, NULL, 1, 3, 2, 1])[member_id], purchases = "
	"(ARRAY[3, 0, 1, 7, 3, 12])[member_id], "
	"last_purchase_on = loyalty.business_day() + (ARRAY[-10, NULL, -60, -61, 0, -400])[member_id]",
	"INSERT INTO loyalty.balance SELECT i, 1, (ARRAY[1250, NULL, -300, 0, 1249, 500000])[i] FROM "
	"generate_series(1, 6) i WHERE i <> 2",
	"INSERT INTO loyalty.household_member SELECT i, 99, (ARRAY['head', NULL, 'adult', 'child', NULL, "
	"'adult'])[i], 100, true, '2020-01-01' "
	"FROM unnest(ARRAY[1, 3, 4, 6]) i",
	"SELECT loyalty.case_open(i, gen_random_uuid(), 'a', 'phone', 2, 'from_member', 'b') FROM "
	"unnest(ARRAY[1, 4, 5]) i",
	"SELECT loyalty.case_resolve(5, 1, NULL, 'x', 'kept')",
	// Of the last 90 days: 200.00, 10.50 less 4.00, nothing, 0.01 that was refused, 5.00 in lines; and
	// one day too early.
	"INSERT INTO loyalty.journal (member_id, seq, type, lane, activity_on, amount, line_category, "
	"line_amount, source, external_id) VALUES "
	"(1, 101, 'purchase', 1, loyalty.business_day(), 20000, NULL, NULL, 't', '1'), "
	"(3, 102, 'purchase', 1, loyalty.business_day() - 89, 1050, NULL, NULL, 't', '2'), "
	"(3, 103, 'return', 1, loyalty.business_day() - 1, 400, NULL, NULL, 't', '3'), "
	"(4, 104, 'purchase', 1, loyalty.business_day() - 90, 99900, NULL, NULL, 't', '4'), "
	"(5, 105, 'purchase', 1, loyalty.business_day() - 3, 1, NULL, NULL, 't', '5'), "
	"(6, 106, 'purchase', 1, loyalty.business_day() - 3, NULL, '{a,b}', '{200,300}', 't', '6')",
	"INSERT INTO loyalty.outcome (member_id, seq, result) VALUES (5, 105, 'denied')",
	"INSERT INTO loyalty.member_consent (member_id, kind, channel, said_at, is_given, version, source, until_on) VALUES "
	"(1, 'terms', 'none', now() - interval '9 days', true, '1', 't', loyalty.business_day() - 1), "
	"(2, 'terms', 'none', now() - interval '9 days', true, '1', 't', loyalty.business_day()), (4, 'terms', 'none', now(), true, '1', 't', NULL)",
	"SELECT loyalty.attribute_declare('drink', 'text', 'Usual drink', NULL, NULL, NULL, NULL), "
	"loyalty.attribute_declare('shoe', 'number', 'Shoe size', 1, NULL, NULL, NULL), "
	"loyalty.attribute_declare('wed', 'date', 'Wedding', NULL, NULL, NULL, NULL), "
	"loyalty.attribute_declare('diet', 'choice', 'Diet', NULL, '{vegan,no sugar,any}', NULL, NULL), "
	"loyalty.attribute_declare('dog', 'yes_no', 'Has a dog', NULL, NULL, NULL, NULL)",
	"SELECT loyalty.member_edit(i, NULL, NULL, NULL, NULL, NULL, NULL, '', jsonb_strip_nulls(jsonb_build_object("
	"'drink', (ARRAY['Çay', NULL, 'mate', 'cay', 'CAY', 'Kahve'])[i], 'shoe', (ARRAY['41', NULL, '42.5', '38', '41', '-1'])[i], "
	"'wed', loyalty.business_day() + (ARRAY[-10, NULL, -60, -61, 0, 30])[i], 'diet', "
	"(ARRAY['vegan', NULL, 'No Sugar', 'any', 'vegan', 'any'])[i], 'dog', (ARRAY['yes', NULL, 'no', 'yes', 'no', 'YES'])[i]))) "
	"FROM generate_series(1, 6) i",
};

static void conditions_open(void)
{
	struct error error = {0};
	char number[8];
	root = spine_begin("check_conditions", "starbucks_us_2026");
	for (int i = 1; i <= MEMBERS; i++) {
		snprintf(number, sizeof number, "%d", i);
		ck_assert_int_eq(spine_member(root, number), i);
	}
	for (size_t i = 0; i < sizeof SET_UP / sizeof *SET_UP; i++)
		database_run(root, SET_UP[i]);
	names = condition_names_load(root, &error);
	ck_assert_msg(names != NULL, "%s", error.why);
}

static void conditions_close(void)
{
	condition_names_free(names);
	session_close(root);
}

// --- Asking.

static struct result *asked(const struct condition_sql *sql, bool by_setting)
{
	struct error error = {0};
	char text[20000], name[24];
	snprintf(text, sizeof text,
		"SELECT coalesce(string_agg(m.number::text, ' ' ORDER BY m.number), '') FROM %s WHERE %s",
		sql->from, sql->where);
	for (int i = 0; by_setting && i < sql->value_count; i++) {
		snprintf(name, sizeof name, "segment.p%d", i + 1);
		ck_assert(session_execute(root, "SELECT set_config($1, $2, false)",
			(const char *[]){name, sql->values[i]}, 2, &error));
	}
	struct result *result =
		session_query(root, text, sql->values, by_setting ? 0 : sql->value_count, &error);
	ck_assert_msg(result != NULL, "%s %s: %s", error.what, error.why, text);
	return result;
}

// The numbers of the members that a condition means, "1 4 5", which all ways of asking must agree on. Static.
static const char *meant(const char *text)
{
	static const struct condition_options ways[] = {
		{.first = 0}, {.reach = CONDITION_FEW}, {.by_setting = true}};
	static char answer[ANSWER_MAX];
	struct member_condition condition;
	struct condition_fault fault;
	ck_assert_msg(
		condition_read(&condition, text, names, &fault), "%s: %d: %s", text, fault.column, fault.why);
	for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
		struct condition_sql sql;
		ck_assert(condition_compile(&condition, &ways[way], &sql));
		struct result *result = asked(&sql, ways[way].by_setting);
		if (way > 0)
			ck_assert_msg(strcmp(answer, result_text(result, 0, 0)) == 0, "%s: %s, in way %zu %s",
				text, answer, way, result_text(result, 0, 0));
		snprintf(answer, sizeof answer, "%s", result_text(result, 0, 0));
		result_free(result);
		condition_sql_free(&sql);
	}
	condition_free(&condition);
	return answer;
}

static void fault_of(const char *text, struct condition_fault *fault)
{
	struct member_condition condition;
	ck_assert_msg(!condition_read(&condition, text, names, fault), "%s was read", text);
	condition_free(&condition);
}

// --- Every operator with every type.

struct fact {
	const char *attribute;
	int members[MEMBERS]; // as numbers, days from today, ranks; UNKNOWN
	struct {
		const char *text;
		int value;
	} literals[2];
	bool is_ordered, is_day, is_never_unknown;
};

static const struct fact FACTS[] = {
	{"purchases", {3, 0, 1, 7, 3, 12}, {{"3", 3}, {"0", 0}}, .is_ordered = true,
		.is_never_unknown = true},
	{"age", {30, UNKNOWN, 17, 18, 65, 30}, {{"18", 18}, {"30", 30}}, .is_ordered = true},
	{"points", {1250, 0, -300, 0, 1249, 500000}, {{"12.5", 1250}, {"0", 0}}, .is_ordered = true,
		.is_never_unknown = true},
	{"points(STAR)", {1250, 0, -300, 0, 1249, 500000}, {{"-3.00", -300}, {"12.49", 1249}},
		.is_ordered = true, .is_never_unknown = true},
	{"spend(90 days)", {20000, 0, 650, 0, 0, 500}, {{"6.5", 650}, {"0", 0}}, .is_ordered = true,
		.is_never_unknown = true},
	{"purchases(90 days)", {1, 0, 1, 0, 0, 1}, {{"1", 1}, {"0", 0}}, .is_ordered = true,
		.is_never_unknown = true},
	{"last_purchase", {-10, UNKNOWN, -60, -61, 0, -400}, {{"60 days ago", -60}, {"today", 0}},
		.is_ordered = true, .is_day = true},
	{"tier", {1, UNKNOWN, 0, 2, 1, 0}, {{"gold", 1}, {"'Reserve'", 2}}, .is_ordered = true},
	{"city", {1, UNKNOWN, 2, 1, 1, 3}, {{"izmir", 1}, {"'ŞANLIURFA'", 3}}, .is_ordered = false},
	{"language", {1, UNKNOWN, 2, 1, 1, 3}, {{"TR", 1}, {"de", 3}}, .is_ordered = false},
	{"attribute(drink)", {1, UNKNOWN, 2, 1, 1, 3}, {{"çay", 1}, {"kahve", 3}}, .is_ordered = false},
	{"attribute(shoe)", {410, UNKNOWN, 425, 380, 410, -10}, {{"41", 410}, {"42.5", 425}}, .is_ordered = true},
	{"attribute(wed)", {-10, UNKNOWN, -60, -61, 0, 30}, {{"60 days ago", -60}, {"today", 0}}, .is_ordered = true,
		.is_day = true},
	{"Attribute(Diet)", {0, UNKNOWN, 1, 2, 0, 2}, {{"VEGAN", 0}, {"'no sugar'", 1}}, .is_ordered = false},
	{"household_role", {0, UNKNOWN, 1, 2, UNKNOWN, 1}, {{"adult", 1}, {"head", 0}}, .is_ordered = false},
};

static bool compares(int value, const char *sign, int with)
{
	int order = (value > with) - (value < with);
	switch (sign[0]) {
	case '<':
		return order < 0 || (sign[1] && order == 0);
	case '>':
		return order > 0 || (sign[1] && order == 0);
	case '!':
		return order != 0;
	default:
		return order == 0;
	}
}

typedef bool oracle(int value, const struct fact *fact, const char *sign, int literal);

static bool oracle_sign(int value, const struct fact *fact, const char *sign, int literal)
{
	return compares(value, sign, fact->literals[literal].value);
}

static bool oracle_in(int value, const struct fact *fact, const char *sign, int literal)
{
	(void)literal;
	bool is_in = value == fact->literals[0].value || value == fact->literals[1].value;
	return is_in == (sign[0] != 'n');
}

static bool oracle_time(int value, const struct fact *fact, const char *sign, int literal)
{
	(void)fact, (void)literal;
	bool is_last = strstr(sign, "last") != NULL;
	bool is_in = is_last ? value > -60 && value <= 0 : value >= 0 && value < 1;
	return is_in == (sign[0] != 'n');
}

static bool oracle_known(int value, const struct fact *fact, const char *sign, int literal)
{
	(void)value, (void)fact, (void)literal;
	return strstr(sign, "not") != NULL;
}

// The clause and its opposite against what the oracle says of each member.
static void clause_check(
	const char *clause, const struct fact *fact, oracle *holds, const char *sign, int literal)
{
	char whole[200], expected[ANSWER_MAX];
	for (int is_negated = 0; is_negated < 2; is_negated++) {
		size_t length = 0;
		expected[0] = '\0';
		for (int i = 0; i < MEMBERS; i++) {
			bool is_unknown = fact->members[i] == UNKNOWN;
			bool does = is_unknown ? strcmp(sign, "is unknown") == 0
					       : holds(fact->members[i], fact, sign, literal);
			if (does != (is_negated == 1))
				length += (size_t)snprintf(expected + length, sizeof expected - length,
					"%s%d", length ? " " : "", i + 1);
		}
		snprintf(whole, sizeof whole, "%s%s", is_negated ? "not " : "", clause);
		ck_assert_msg(
			strcmp(meant(whole), expected) == 0, "%s: %s, not %s", whole, meant(whole), expected);
	}
}

static void refused_check(const char *clause)
{
	struct condition_fault fault;
	fault_of(clause, &fault);
	ck_assert_msg(*fault.why && fault.column > 0, "%s: %d %s", clause, fault.column, fault.why);
}

START_TEST(every_operator_fits_every_type)
{
	static const char *const signs[] = {"=", "!=", "<", "<=", ">", ">="};
	static const char *const lists[] = {"in", "not in"}, *const times[] = {"in last 60 days",
								     "not in last 60 days", "in next 1 day",
								     "not in next 1 day"};
	static const char *const unknowns[] = {"is unknown", "is not unknown"};
	const struct fact *fact = &FACTS[_i];
	char clause[200];
	for (int i = 0; i < 6; i++)
		for (int literal = 0; literal < 2; literal++) {
			snprintf(clause, sizeof clause, "%s %s %s", fact->attribute, signs[i],
				fact->literals[literal].text);
			if (i < 2 || fact->is_ordered)
				clause_check(clause, fact, oracle_sign, signs[i], literal);
			else
				refused_check(clause);
		}
	for (int i = 0; i < 2; i++) {
		snprintf(clause, sizeof clause, "%s %s (%s, %s)", fact->attribute, lists[i],
			fact->literals[0].text, fact->literals[1].text);
		clause_check(clause, fact, oracle_in, lists[i], 0);
		snprintf(clause, sizeof clause, "%s %s", fact->attribute, unknowns[i]);
		if (!fact->is_never_unknown)
			clause_check(clause, fact, oracle_known, unknowns[i], 0);
		else
			refused_check(clause);
	}
	for (int i = 0; i < 4; i++) {
		snprintf(clause, sizeof clause, "%s %s", fact->attribute, times[i]);
		if (fact->is_day)
			clause_check(clause, fact, oracle_time, times[i], 0);
		else
			refused_check(clause);
	}
}
END_TEST

// --- What has no value to compare, what joins, who is meant.

START_TEST(the_rest_means_what_it_says)
{
	static const struct {
		const char *text, *members;
	} cases[] = {
		{"everybody", "1 2 3 4 5 6"},
		{"not everybody", ""},
		{"open_case", "1 4"},
		{"not open_case", "2 3 5 6"},
		{"household", "1 3 4 6"},
		{"not household and tier is unknown", "2"},
		{"open_case or age >= 65 and points > 0", "1 4 5"},
		{"(open_case or age >= 65) and points > 0", "1 5"},
		{"not (open_case or city = ankara)", "2 5 6"},
		{"not (open_case and city = izmir)", "2 3 5 6"},
		{"not not open_case", "1 4"},
		{"NOT Open_Case AND City = Ankara", "3"},
		{"number in (2, 4)", "2 4"},
		{"enrolled < 2001-01-01 and tier_until is unknown", "1 2 3 4 5 6"},
		{"tier(level) = green and consent(profiling) or number = 3", "3"},
		{"status = blocked", ""},
		{"status != active", ""},
		{"consent(terms)", "2 4"},
		{"not consent(terms)", "1 3 5 6"},
		{"attribute(dog)", "1 4 6"},
		{"not attribute(dog)", "2 3 5"},
		{"attribute(dog) and not attribute(shoe) > 40", "4 6"},
		{"has_reward(brew100) or flag(vip) or channel = web", ""},
		{"last_activity is unknown", "1 2 3 4 5 6"},
		{"birthday is unknown", "2"},
		{"birthday(mar1) is unknown or Birthday(MAR1) in last 10 days", "2"},
		{"birthday in last 10 days", ""},
		{"birthday in last 11 days", "1 3 4 5 6"},
		{"birthday not in last 11 days or birthday = today", ""},
		{"birthday in (today, 02-29) or birthday in next 12 months", "1 3 4 5 6"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		ck_assert_msg(strcmp(meant(cases[i].text), cases[i].members) == 0, "%s: %s, not %s",
			cases[i].text, meant(cases[i].text), cases[i].members);
}
END_TEST

START_TEST(only_active_people_are_meant_unless_it_says_otherwise)
{
	database_run(root, "BEGIN");
	database_run(root, "UPDATE loyalty.member SET status = 'blocked' WHERE member_id = 4");
	database_run(root,
		"INSERT INTO loyalty.household (member_id, head_id, opened_on) VALUES (5, 1, '2020-01-01')");
	ck_assert_str_eq(meant("open_case"), "1");
	ck_assert_str_eq(meant("status in (active, blocked)"), "1 2 3 4 6");
	ck_assert_str_eq(meant("status = blocked"), "4");
	database_run(root, "ROLLBACK");
}
END_TEST

// Whoever was born on 29 February has the birthday on the 28th, or on 1 March, in a year without that day: common years,
// leap years, and 1900 and 2100, which are none. The trigger of campaigns and the condition agree.
START_TEST(the_leap_day_is_kept_beside_it)
{
	static const struct {
		const char *day, *is_feb28, *is_mar1;
	} days[] = {
		{"2027-02-27", "false", "false"}, {"2027-02-28", "true", "false"}, {"2027-03-01", "false", "true"},
		{"2027-03-02", "false", "false"}, {"2028-02-28", "false", "false"}, {"2028-02-29", "true", "true"},
		{"2028-03-01", "false", "false"}, {"2100-02-28", "true", "false"}, {"2100-03-01", "false", "true"},
		{"2000-02-28", "false", "false"}, {"2000-02-29", "true", "true"}, {"2000-03-01", "false", "false"},
	};
	for (size_t i = 0; i < sizeof days / sizeof *days; i++)
		for (int leap = 0; leap < 2; leap++) {
			const char *word = leap ? "mar1" : "feb28", *day = days[i].day;
			char sql[300];
			snprintf(sql, sizeof sql, "SELECT (229 = ANY (loyalty.birthdays('%s', '%s', '%s')))::text", day,
				day, word);
			ck_assert_str_eq(database_text(root, sql), leap ? days[i].is_mar1 : days[i].is_feb28);
			snprintf(sql, sizeof sql,
				"SELECT (229 IN (SELECT month_day FROM loyalty.kept_days('%s', '%s', '%s')))::text", day,
				day, word);
			ck_assert_str_eq(database_text(root, sql), leap ? days[i].is_mar1 : days[i].is_feb28);
		}
	ck_assert_str_eq(
		database_text(root, "SELECT cardinality(loyalty.birthdays('2027-12-30', '2028-01-02', 'mar1'))"),
		"4");
	ck_assert_str_eq(
		database_text(root, "SELECT cardinality(loyalty.birthdays('2027-01-01', '2031-01-01', 'feb28'))"),
		"366");
}
END_TEST

// Whatever a text holds, it is a value: a member who has just that city is found, and nobody else.
START_TEST(hostile_texts_are_values)
{
	static const char *const texts[] = {"'; DROP TABLE loyalty.member; --", "$1", "\\", "\\'", "a\"b",
		"{x,y}", "NULL", "%", "_", "') OR true --", "x', 'y", "current_setting('segment.p1')",
		"{\"a\":1}", "a,b", "ANY (", "\xe2\x80\x8f"};
	struct error error = {0};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		char condition[200], *to = condition;
		ck_assert(session_execute(root,
			"UPDATE loyalty.member SET channel = $1, flags = ARRAY[$1] WHERE member_id = 3",
			&texts[i], 1, &error));
		to += sprintf(to, "channel = '");
		for (const char *c = texts[i]; *c; c++)
			to += sprintf(to, *c == '\'' ? "''" : "%c", *c);
		strcpy(to, "'");
		ck_assert_msg(strcmp(meant(condition), "3") == 0, "%s: %s", condition, meant(condition));
		memcpy(strstr(condition, "channel = "), "flag     (", 10);
		strcat(condition, ")");
		ck_assert_msg(strcmp(meant(condition), "3") == 0, "%s: %s", condition, meant(condition));
	}
	database_run(root, "UPDATE loyalty.member SET channel = '', flags = '{}'");
}
END_TEST

// --- Faults, words, completion: with names that need no database.

START_TEST(a_fault_tells_its_place_and_what_would_fit)
{
	static const struct {
		const char *text;
		int column;
		const char *why, *fits;
	} cases[] = {
		{"", 1, "must stand here", "here would fit: not, (, everybody"},
		{"teir = gold", 1, "members have no teir", "did you mean tier?"},
		{"tier = glod", 8, "no tier glod", "did you mean gold?"},
		{"tier = blue", 8, "no tier blue", "green, gold, reserve"},
		{"tier gold", 6, "compared", "=, !=, <"},
		{"tier(levle) = gold", 6, "no ladder levle", "did you mean level?"},
		{"city < 'a'", 6, "no order", "=, !="},
		{"city = 'İzmir' adn open_case", 16, "nothing more", "did you mean and?"},
		{"city = 'İ' and city = ''", 23, "cannot be empty", ""},
		{"city = 'x", 8, "not closed", ""},
		{"points >= 1.234", 11, "too many decimals", ""},
		{"purchases = 1.5", 13, "whole number", ""},
		{"spend >= 5", 7, "needs something in brackets", ""},
		{"spend(90 dasy) > 5", 10, "must follow the number", "did you mean days?"},
		{"spend(0 days) > 5", 7, "1 day to 100 years", ""},
		{"open_case(3)", 10, "nothing in brackets", ""},
		{"(open_case", 11, "not closed", ""},
		{"open_case)", 10, "nothing more", "and, or"},
		{"last_purchase > 3 days", 23, "`ago` must follow", ""},
		{"last_purchase = 2026-02-30", 17, "no such day", ""},
		{"last_purchase in", 17, "must follow", "(, last, next"},
		{"birthday = 02-30", 12, "no such day", ""},
		{"purchases is unknown", 1, "never unknown", ""},
		{"consent(promotions:emial)", 9, "none of the words", "did you mean promotions:email?"},
		{"segment(lapsd)", 9, "no saved segment lapsd", "did you mean lapsed?"},
		{"segment(circle)", 9, "cannot be used: the segment circle would contain itself", ""},
		{"has_reward(brew)", 12, "no reward brew", "'brew 100'"},
		{"open_case & household", 11, "means nothing", ""},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct member_condition condition;
		struct condition_fault fault;
		ck_assert_msg(
			!condition_read(&condition, cases[i].text, &fuzz_names, &fault), "%s", cases[i].text);
		ck_assert_msg(fault.column == cases[i].column && strstr(fault.why, cases[i].why) &&
				      strstr(fault.fits, cases[i].fits),
			"%s: %d %s; %s", cases[i].text, fault.column, fault.why, fault.fits);
		condition_free(&condition);
	}
}
END_TEST

START_TEST(the_caret_stands_below_the_fault)
{
	struct member_condition condition;
	struct condition_fault fault;
	const char *text = "open_case and open_case and city = 'İzmir' and tier = glod";
	ck_assert(!condition_read(&condition, text, &fuzz_names, &fault));
	char *wide = condition_caret(text, &fault, 80), *narrow = condition_caret(text, &fault, 20);
	ck_assert_str_eq(wide, "open_case and open_case and city = 'İzmir' and tier = glod\n"
			       "                                                      ^");
	ck_assert_str_eq(narrow, "nd tier = glod\n          ^");
	free(wide);
	free(narrow);
	condition_free(&condition);
}
END_TEST

START_TEST(words_say_what_it_means)
{
	static const struct {
		const char *text, *words;
	} cases[] = {
		{"tier in (gold, reserve)", "the tier is gold or reserve"},
		{"last_purchase > 60 days ago", "the last purchase was after 2026-09-23 (60 days ago)"},
		{"spend(90 days) >= 200", "what was spent in the last 90 days is at least 200 USD"},
		{"not open_case", "has no open case"},
		{"birthday in next 7 days", "the birthday is between 11-22 and 11-28"},
		{"birthday(mar1) in next 7 days",
			"the birthday (29 February: mar1 in other years) is between 11-22 and 11-28"},
		{"enrolled in last 1 year", "the enrolment was between 2025-11-23 and 2026-11-22"},
		{"points(STAR) < 12.50", "the balance of STAR is less than 12.5"},
		{"city is unknown or not city = 'İzmir'", "the city is not known, or not: the city is İzmir"},
		{"birthday = 02-29", "the birthday is 29 February"},
		{"purchases != 3", "the number of purchases is not 3"},
		{"city != Ankara", "the city is known and not Ankara"},
		{"(open_case or household) and segment(lapsed)",
			"(has an open case, or belongs to a household), and is in the segment lapsed (the "
			"last purchase was before "
			"2026-09-23 (60 days ago))"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct member_condition condition;
		struct condition_fault fault;
		ck_assert_msg(condition_read(&condition, cases[i].text, &fuzz_names, &fault), "%s: %s",
			cases[i].text, fault.why);
		char *words = condition_words(&condition, condition.root);
		ck_assert_str_eq(words, cases[i].words);
		free(words);
		condition_free(&condition);
	}
}
END_TEST

START_TEST(tab_offers_what_could_stand_there)
{
	static const struct {
		const char *text, *first;
		int count, from; // count -1: any
	} cases[] = {
		{"", "not", -1, 0},
		{"ti", "tier", 2, 0},
		{"tier ", "(", -1, 5},
		{"tier = ", "green", 3, 7},
		{"tier = g", "green", 2, 7},
		{"TIER in (GO", "gold", 1, 9},
		{"tier in (gold", "gold", 1, 9},
		{"tier in (gold ", ",", 2, 14},
		{"spend(90 ", "days", 4, 9},
		{"open_case a", "and", 1, 10},
		{"has_reward(", "'brew 100'", 1, 11},
		{"has_reward('br", "'brew 100'", 1, 11},
		{"tier = gold and city = 'Izm", "", 0, 23},
		{"tier glod and ", "", 0, 14},
	};
	static struct condition_candidates found;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		condition_complete(cases[i].text, (int)strlen(cases[i].text), &fuzz_names, &found);
		ck_assert_msg((cases[i].count < 0 || found.count == cases[i].count) &&
				      found.from == cases[i].from &&
				      strcmp(found.count ? found.list[0].text : "", cases[i].first) == 0,
			"%s: %d from %d, %s", cases[i].text, found.count, found.from,
			found.count ? found.list[0].text : "");
	}
}
END_TEST

// --- Counts.

START_TEST(counts_estimates_and_steps_agree)
{
	struct member_condition condition;
	struct condition_fault fault;
	struct error error = {0};
	struct audience count = {0}, estimate = {0}, steps = {0};
	ck_assert(condition_read(
		&condition, "age >= 18 and not open_case and spend(90 days) = 0", names, &fault));
	ck_assert(audience_count(&count, &condition) && audience_estimate(&estimate, &condition) &&
		  audience_steps(&steps, &condition));
	struct result *exact = ask_session(root, &count.ask, &error),
		      *about = ask_session(root, &estimate.ask, &error);
	struct result *left = ask_session(root, &steps.ask, &error);
	ck_assert_msg(exact && about && left, "%s", error.why);
	ck_assert_int_eq(audience_count_read(exact), 1);
	struct audience_estimate found = audience_estimate_read(about);
	ck_assert(found.is_exact && found.members == 1);
	const int64_t expected[] = {6, 4, 2, 1};
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(audience_step_read(left, i), expected[i]);
	result_free(exact);
	result_free(about);
	result_free(left);
	audience_free(&count);
	audience_free(&estimate);
	audience_free(&steps);
	condition_free(&condition);
}
END_TEST

// Ten thousand members of whom every fourth fits: the interval holds the truth, and is no wider than the
// sample's.
START_TEST(an_estimate_has_an_interval)
{
	struct member_condition condition;
	struct condition_fault fault;
	struct error error = {0};
	struct audience estimate = {0};
	database_run(root, "BEGIN");
	database_run(root, "INSERT INTO loyalty.member (member_id, number, given_name, family_name, "
			   "enrolled_on, language) SELECT i, i, 'a', 'b', "
			   "'2020-01-01', CASE WHEN i % 4 = 0 THEN 'fr' ELSE 'en' END FROM "
			   "generate_series(101, 10000) i");
	ck_assert(condition_read(&condition, "language = fr", names, &fault) &&
		  audience_estimate(&estimate, &condition));
	struct result *about = ask_session(root, &estimate.ask, &error);
	ck_assert_msg(about != NULL, "%s", error.why);
	struct audience_estimate found = audience_estimate_read(about);
	ck_assert(!found.is_exact && found.interval.low <= 2475 && found.interval.high >= 2475);
	ck_assert(found.interval.high - found.interval.low < 500);
	result_free(about);
	audience_free(&estimate);
	condition_free(&condition);
	database_run(root, "ROLLBACK");
}
END_TEST

// --- Saved segments and the verbs.

START_TEST(segments_are_saved_used_and_kept_from_circles)
{
	setenv("PGUSER", "elif", 1);
	program_expect(0, "segment save lapsed 'last_purchase < 60 days ago'");
	program_expect(0, "segment save lost 'segment(lapsed) and not open_case'");
	ck_assert_str_eq(program_expect(0, "segment count 'segment(lost)'")->out, "1\n");
	ck_assert_ptr_nonnull(strstr(program_expect(1, "segment save lapsed 'not segment(lost)'")->err,
		"would contain itself, through lost"));
	ck_assert_ptr_nonnull(
		strstr(program_expect(1, "segment drop lapsed")->err, "is used by the segment lost"));
	ck_assert_ptr_nonnull(
		strstr(program_expect(2, "segment save new 'segment(lots)'")->err, "did you mean lost?"));
	ck_assert_ptr_nonnull(strstr(
		program_expect(1, "segment save 'New One' everybody")->err, "is no name for a segment"));
	ck_assert_ptr_nonnull(
		strstr(program_expect(0, "segment show lost")->out, "segment(lapsed) and not open_case"));
	ck_assert_ptr_nonnull(
		strstr(program_expect(0, "segment list --format csv")->out, "the segment lost"));
	ck_assert_str_eq(database_text(root, "SELECT members FROM loyalty.segment WHERE code = 'lost'"), "1");
	setenv("PGUSER", "murat", 1);
	program_expect(1, "segment save other everybody");
	program_expect(1, "segment drop lost");
	setenv("PGUSER", "elif", 1);
	program_expect(0, "segment drop lost");
	program_expect(0, "segment drop lapsed");
	program_expect(1, "segment show lapsed");
	ck_assert_str_eq(
		database_text(root, "SELECT count(*) FROM loyalty.audit_log WHERE action LIKE 'segment.%'"),
		"4");
	unsetenv("PGUSER");
}
END_TEST

// Two people change one segment: the second is told.
START_TEST(a_change_meanwhile_is_told)
{
#define SAVE(text, revision) "SELECT loyalty.segment_save('shared', '" text "', '{}', " revision ")"
	ck_assert_str_eq(database_text(root, SAVE("open_case", "0")), "1");
	ck_assert_str_eq(database_text(root, SAVE("household", "1")), "2");
	ck_assert_str_eq(database_refusal(root, SAVE("everybody", "1")), "LY020");
	ck_assert_str_eq(database_text(root, SAVE("household", "1")), "2");
	ck_assert_str_eq(database_refusal(root, SAVE("everybody", "0")), "LY003");
	database_run(root, "SELECT loyalty.segment_drop('shared')");
	ck_assert_str_eq(database_refusal(root, SAVE("everybody", "2")), "LY020");
}
END_TEST

START_TEST(verbs_respect_who_may_see_what)
{
	setenv("PGUSER", "elif", 1);
	ck_assert_ptr_nonnull(strstr(program_expect(0, "segment explain 'age >= 18 and open_case'")->out,
		"2  and has an open case"));
	const char *out = program_expect(0, "export members --where 'open_case'")->out;
	ck_assert_msg(strstr(out, "number,status,tier") == out && strstr(out, "\n1,active,gold,") &&
			      strstr(out, "\n4,active,reserve,"),
		"%s", out);
	setenv("PGUSER", "murat", 1);
	out = program_expect(0, "export members --where 'city in (İzmir, \"x\")' --format json")->out;
	ck_assert_msg(
		strstr(out, "{\"number\":1,\"given_name\":\"Test\",\"family_name\":\"Member 1\"") == out,
		"%s", out);
	ck_assert_ptr_nonnull(
		strstr(program_expect(0, "segment list 'open_case' --limit 1")->err, "the first 1"));
	setenv("PGUSER", "deniz", 1);
	ck_assert_str_eq(program_expect(0, "segment count 'city = izmir'")->out, "3\n");
	ck_assert_ptr_nonnull(strstr(
		program_expect(2, "segment count 'city = izmir and age > 18'")->err, "                   ^"));
	program_expect(1, "export members");
	unsetenv("PGUSER");
	ck_assert_str_eq(
		database_text(root,
			"SELECT string_agg(login || ' ' || object, ', ' ORDER BY at) FROM loyalty.audit_log "
			"WHERE action = 'export.members'"),
		"elif open_case, murat city in (İzmir, \"x\")");
}
END_TEST

// A line of an export that a spreadsheet would obey.
START_TEST(exports_hold_no_formulas)
{
	database_run(root,
		"UPDATE loyalty.member SET given_name = '=1+1', family_name = 'a,\"b\"' WHERE member_id = 2");
	const char *out = program_expect(0, "export members --where 'number = 2'")->out;
	ck_assert_msg(strstr(out, "\n2,'=1+1,\"a,\"\"b\"\"\",active,") != NULL, "%s", out);
	out = program_expect(0, "export members --where 'number = 2' --format json")->out;
	ck_assert_msg(
		strstr(out, "\"given_name\":\"=1+1\",\"family_name\":\"a,\\\"b\\\"\"") != NULL, "%s", out);
}
END_TEST

Suite *conditions_suite(void);
Suite *conditions_suite(void)
{
	Suite *suite = suite_create("conditions");
	TCase *language = tcase_create("language");
	tcase_add_test(language, a_fault_tells_its_place_and_what_would_fit);
	tcase_add_test(language, the_caret_stands_below_the_fault);
	tcase_add_test(language, words_say_what_it_means);
	tcase_add_test(language, tab_offers_what_could_stand_there);
	suite_add_tcase(suite, language);
	TCase *members = tcase_create("members");
	tcase_add_unchecked_fixture(members, conditions_open, conditions_close);
	tcase_set_timeout(members, 60);
	tcase_add_loop_test(members, every_operator_fits_every_type, 0, sizeof FACTS / sizeof *FACTS);
	tcase_add_test(members, the_rest_means_what_it_says);
	tcase_add_test(members, only_active_people_are_meant_unless_it_says_otherwise);
	tcase_add_test(members, the_leap_day_is_kept_beside_it);
	tcase_add_test(members, hostile_texts_are_values);
	tcase_add_test(members, counts_estimates_and_steps_agree);
	tcase_add_test(members, an_estimate_has_an_interval);
	tcase_add_test(members, segments_are_saved_used_and_kept_from_circles);
	tcase_add_test(members, a_change_meanwhile_is_told);
	tcase_add_test(members, verbs_respect_who_may_see_what);
	tcase_add_test(members, exports_hold_no_formulas);
	suite_add_tcase(suite, members);
	return suite;
}
