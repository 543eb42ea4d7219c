// Imports: what is taken, what is rejected and why, and that taking a file twice changes nothing.
#include "tests/database.h"
#include "tests/program.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct session *root;

#define MEMBERS_HEADER                                                                                       \
	"number,given_name,family_name,born,email,phone,card,enrolled,channel,city,language,flags\n"
#define EVENTS_HEADER                                                                                        \
	"source,external_id,member,type,date,amount,category,flags,activity,of,reward,units,currency,until," \
	"partner,basket\n"

static void setup(void)
{
	root = database_migrated("check_import");
	database_staff(root);
	program_expect(0, "programme load starbucks_us_2026");
}

static void teardown(void)
{
	session_close(root);
}

static const struct program *import(int status, const char *kind, const char *text, const char *options)
{
	return program_expect(status, "import %s %s %s", kind, program_file("import.csv", text), options);
}

static void members_make(void)
{
	import(0, "members",
		MEMBERS_HEADER "1000001,Ayşe,Yılmaz,1980-02-29,ayse@example.org,+90 532 111 22 33,6035 "
			       "0001,2025-01-05,shop,İzmir,tr,delta_linked\n"
			       "1000002,,Öz,,,,,2025-01-05,,,,\n",
		"");
}

static const char *rejects(void)
{
	char path[200];
	snprintf(path, sizeof path, "%s.rejects.csv", program_file("import.csv", ""));
	return program_file_text(path);
}

#define ck_holds(text, part)                                                                                 \
	ck_assert_msg(strstr(text, part) != NULL, "\"%s\" does not stand in: %s", part, text)

START_TEST(members)
{
	const struct program *p;
	members_make();
	ck_assert_str_eq(database_text(root, "SELECT concat_ws('|', number, given_name, family_name, born, "
					     "city, flags, enrolled_on) "
					     "FROM loyalty.member WHERE number = 1000001"),
		"1000001|Ayşe|Yılmaz|1980-02-29|İzmir|{delta_linked}|2025-01-05");
	ck_assert_str_eq(
		database_text(root,
			"SELECT string_agg(value, ' ' ORDER BY kind) FROM loyalty.member_identifier "
			"WHERE member_id = (SELECT member_id FROM loyalty.member WHERE number = 1000001)"),
		"60350001 ayse@example.org 1000001 +905321112233");
	ck_assert_str_eq(database_text(root, "SELECT concat_ws('|', type, activity_on, born, lane) FROM "
					     "loyalty.journal ORDER BY seq LIMIT 1"),
		"enrol|2025-01-05|1904-02-29|1");
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.inbox"), 2);
	p = import(0, "members",
		MEMBERS_HEADER "1000001,Ayşe,Yılmaz,,,,,2025-01-05,,,,\n1000003,,New,,,,,2025-01-05,,,,\n",
		"");
	ck_assert_str_eq(p->out, "1 taken, 1 known already, 0 rejected\n");
	ck_assert_int_eq(database_number(root, "SELECT nextval('loyalty.member_number_seq')"), 1000004);
}
END_TEST

// A line each, with the reason that must be told.
static const struct {
	const char *line, *reason;
} BAD_MEMBERS[] = {
	{"x,,Öz,,,,,2025-01-05,,,,", "number: \"\"x\"\" is no member number"},
	{",,Öz,,,,,2025-01-05,,,,", "number: it is missing"},
	{"0100,,Öz,,,,,2025-01-05,,,,", "number: \"\"0100\"\" is no member number"},
	{"9999999999999999,,Öz,,,,,2025-01-05,,,,", "number"},
	{"7,Ali,,,,,,2025-01-05,,,,", "family_name: it is missing"},
	{"7,,Öz,1980-02-30,,,,2025-01-05,,,,", "born: \"\"1980-02-30\"\" is no day"},
	{"7,,Öz,2025-01-06,,,,2025-01-05,,,,", "born: it is later than the enrolment"},
	{"7,,Öz,,nobody,,,2025-01-05,,,,", "email: \"\"nobody\"\" is no e-mail address"},
	{"7,,Öz,,,12,,2025-01-05,,,,", "phone: \"\"12\"\" is no phone number"},
	{"7,,Öz,,,,12,2025-01-05,,,,", "card: \"\"12\"\" is no card number"},
	{"7,,Öz,,,,,2999-01-01,,,,", "enrolled: \"\"2999-01-01\"\" is no day"},
	{"7,,Öz,,,,,2199-01-01,,,,", "enrolled: 2199-01-01 lies in the future"},
	{"7,,Öz,,,,,,,,,", "enrolled: it is missing"},
	{"7,,Öz,,,,,2025-01-05,,,,a||b", "flags"},
	{"7,,Öz,,,,,2025-01-05,,,", "11 fields instead of 12"},
	{"7,,Öz,,,,,2025-01-05,,,,,", "13 fields instead of 12"},
	{"7,\"Öz", "a quoted field is not closed"},
	{"7,,\xff,,,,,2025-01-05,,,,", "field 3 is not UTF-8"},
	{"7,,Öz,,ayse@EXAMPLE.org,,,2025-01-05,,,,", "email: belongs to another member already"},
	{"8,,Öz,,,0090-532-1112233,,2025-01-05,,,,", "phone: belongs to another member already"},
	{"9,,Öz,,,,6035-0001,2025-01-05,,,,", "card: belongs to another member already"},
};

// The line of the rejects that stands for a line of the file, "" when there is none. Static.
static const char *reject_of(int line)
{
	static char found[1000];
	char begin[16];
	snprintf(begin, sizeof begin, "\n%d,\"", line);
	const char *at = strstr(rejects(), begin);
	snprintf(found, sizeof found, "%.*s", at ? (int)strcspn(at + 1, "\n") : 0, at ? at + 1 : "");
	return found;
}

START_TEST(bad_members)
{
	enum { COUNT = sizeof BAD_MEMBERS / sizeof *BAD_MEMBERS };
	char text[4000] = MEMBERS_HEADER "1000005,,Good,,,,,2025-01-05,,,,\n", totals[80];
	members_make();
	for (int i = 0; i < COUNT; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text), "%s\n", BAD_MEMBERS[i].line);
	strcat(text, "1000006,,Good,,,,,2025-01-05,,,,\n");
	snprintf(totals, sizeof totals, "2 taken, 0 known already, %d rejected", COUNT);
	ck_holds(import(1, "members", text, "")->out, totals);
	ck_assert_msg(strncmp(rejects(), "line,reason," MEMBERS_HEADER, 12 + strlen(MEMBERS_HEADER)) == 0,
		"%s", rejects());
	for (int i = 0; i < COUNT; i++)
		ck_holds(reject_of(i + 3), BAD_MEMBERS[i].reason);
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.member"), 4);
}
END_TEST

#define OWN_HEADER "number,family_name,card,enrolled,attributes\n"

START_TEST(members_bring_attributes_and_find_their_purchases)
{
	struct session *till = database_login("kasa");
	program_expect(0, "attribute declare shoe number --name 'Shoe size'");
	program_expect(0, "attribute declare diet choice --choices vegan,any --personal no");
	database_run(till, "SELECT loyalty.unmatched_keep('7001', 'purchase', 'till', 'R1', NULL, '{\"amount\": 5000}'), "
			   "loyalty.unmatched_keep('1000009', 'purchase', 'till', 'R2', NULL, '{\"amount\": 6000}'), "
			   "loyalty.unmatched_keep('7002', 'purchase', 'till', 'R3', NULL, '{\"amount\": 7000}')");
	import(1, "members", OWN_HEADER "1000008,Öz,7001,2025-01-05,shoe=41|diet=Vegan\n1000009,Er,,2025-01-05,\n"
					"1000010,Su,,2025-01-05,hat=7\n1000011,Al,7002,2025-01-05,shoe=big\n1000012,Ay,,2025-01-05,shoe=1|shoe=2\n", "");
	ck_holds(rejects(), "attributes: there is no attribute hat");
	ck_holds(rejects(), "attributes: shoe is a whole number");
	ck_holds(rejects(), "attributes: shoe stands there twice");
	ck_assert_str_eq(database_text(root, "SELECT string_agg(a.code || ' ' || x.value || coalesce(' ' || x.number, ''), ', ' ORDER BY a.code) FROM loyalty.member_attribute x "
					     "JOIN loyalty.attribute a USING (attribute_id)"), "diet vegan, shoe 41 41");
	ck_assert_str_eq(database_text(root, "SELECT string_agg(m.number || ' ' || j.external_id, ', ' ORDER BY m.number) FROM loyalty.journal j JOIN loyalty.member m USING (member_id) "
					     "WHERE j.type = 'purchase'"), "1000008 R1, 1000009 R2");
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.unmatched_event WHERE member_id IS NULL"), 1);
	ck_holds(program_expect(0, "member 1000008")->out, "Shoe size");
	program_expect(0, "member change 1000008 shoe 42");
	ck_holds(program_expect(0, "segment list 'attribute(shoe) >= 42'")->out, "1000008");
	ck_holds(program_expect(0, "attribute list")->out, "Shoe size");
	session_close(till);
}
END_TEST

START_TEST(members_twice_in_one_file)
{
	const struct program *p = import(1, "members",
		MEMBERS_HEADER "7,,Öz,,a@b.example,,,2025-01-05,,,,\n8,,Oz,,A@B.example,,,2025-01-05,,,,\n7,,"
			       "Öz,,,,,2025-01-05,,,,\n",
		"");
	ck_holds(p->out, "1 taken, 0 known already, 2 rejected");
	ck_holds(rejects(), "3,\"email: stands in an earlier line too\",8,,Oz");
	ck_holds(rejects(), "4,\"number: stands in an earlier line too\",7,,Öz");
}
END_TEST

static const struct {
	const char *line, *reason;
} BAD_EVENTS[] = {
	{"pos,x,1000001,purchas,2025-02-01,5,,,,,,,,,,", "type: there is no event \"\"purchas\"\""},
	{"pos,x,1000001,enrol,2025-02-01,,,,,,,,,,,", "type: members are enrolled by import members"},
	{"pos,x,1000001,purchase,2025-02-29,5,,,,,,,,,,", "date: \"\"2025-02-29\"\" is no day"},
	{"pos,x,1000001,purchase,01.02.2025,5,,,,,,,,,,", "date: \"\"01.02.2025\"\" is no day"},
	{"pos,x,1000001,purchase,2199-01-01,5,,,,,,,,,,", "date: 2199-01-01 lies in the future"},
	{"pos,x,1000001,purchase,,5,,,,,,,,,,", "date: it is missing"},
	{"pos,x,1000001,purchase,2025-02-01,,,,,,,,,,,", "amount: it is missing"},
	{"pos,x,1000001,purchase,2025-02-01,\"5,00\",,,,,,,,,,", "amount: \"\"5,00\"\" is no amount"},
	{"pos,x,1000001,purchase,2025-02-01,5.001,,,,,,,,,,", "amount: 5.001 has more than 2 decimals"},
	{"pos,x,1000001,purchase,2025-02-01,1e3,,,,,,,,,,", "amount: \"\"1e3\"\" is no amount"},
	{"pos,x,1000001,purchase,2025-02-01,99999999999999999999,,,,,,,,,,", "amount"},
	{"pos,x,1000001,purchase,2025-02-01,5,,,reload,,,,,,,", "activity: a purchase has none"},
	{"pos,x,1000001,activity,2025-02-01,5,,,,,,,,,,", "activity: it is missing"},
	{"pos,x,1000001,redeem,2025-02-01,,,,,,off60,many,,,,", "units: \"\"many\"\" is no whole number"},
	{"pos,x,1000001,redeem,2025-02-01,,,,,,off60,,,,,x", "basket: \"\"x\"\" is no amount"},
	{"pos,x,1000001,adjust,2025-02-01,5,,,,,,,GOLD,,,",
		"currency: the programme has no currency \"\"GOLD\"\""},
	{"pos,x,1000001,adjust,2025-02-01,5.123,,,,,,,STAR,,,", "amount: 5.123 has more than 2 decimals"},
	{"pos,,1000001,purchase,2025-02-01,5,,,,,,,,,,", "external_id: it is missing"},
	{",x,1000001,purchase,2025-02-01,5,,,,,,,,,,", "source: it is missing"},
	{"pos,x,1000009,purchase,2025-02-01,5,,,,,,,,,,", "member: there is no member 1000009"},
	{"pos,known,1000001,purchase,2025-02-01,6,,,,,,,,,,",
		"external_id: another event was already sent as pos known"},
	{"pos,x,1000001,purchase,2025-02-01", "5 fields instead of 16"},
};

START_TEST(bad_events)
{
	enum { COUNT = sizeof BAD_EVENTS / sizeof *BAD_EVENTS };
	char text[6000] = EVENTS_HEADER "pos,a,1000001,purchase,2025-02-01,5,,,,,,,,,,\n", totals[80];
	members_make();
	import(0, "events", EVENTS_HEADER "pos,known,1000001,purchase,2025-02-01,5,,,,,,,,,,\n", "");
	for (int i = 0; i < COUNT; i++) // an event of another member keeps lines of one id apart
		snprintf(text + strlen(text), sizeof text - strlen(text),
			"%s\npos,n%d,1000002,purchase,2025-02-01,1,,,,,,,,,,\n", BAD_EVENTS[i].line, i);
	snprintf(totals, sizeof totals, "%d taken, 0 known already, %d rejected", COUNT + 1, COUNT);
	ck_holds(import(1, "events", text, "")->out, totals);
	for (int i = 0; i < COUNT; i++)
		ck_holds(reject_of(2 * i + 3), BAD_EVENTS[i].reason);
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.journal WHERE type <> 'enrol'"),
		COUNT + 2);
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.import_event"), 0);
}
END_TEST

START_TEST(events_of_every_type)
{
	members_make();
	const struct program *p = import(0, "events",
		EVENTS_HEADER
		"pos,r,1000001,return,2025-02-02,4.5,,,,p,,,,,,\n" // its original comes later in the file
		"pos,p,1000001,purchase,2025-02-01,4.5,drink,\"a|b\",,,,,,,,\n"
		"pos,p,1000001,purchase,2025-02-01,3.25,,,,,,,,,,\n"
		"pos,a,1000001,activity,2025-02-01,50,,,reload,,,,,,,\n"
		"pos,d,1000001,redeem,2025-02-03,,,,,,off60,2,,,,12.5\n"
		"pos,j,1000001,adjust,2025-02-03,-1.5,,,,,,,STAR,,,\n"
		"pos,t,1000001,partner,2025-02-03,7,,,,,,,,,delta,\n",
		"");
	ck_assert_str_eq(p->out, "6 taken, 0 known already, 0 rejected\n");
	ck_assert_str_eq(database_text(root, "SELECT concat_ws('|', line_category, line_amount, amount, "
					     "flags, lane) FROM loyalty.journal "
					     "WHERE external_id = 'p'"),
		"{drink,general}|{450,325}|{a,b}|1");
	ck_assert_int_eq(database_number(root, "SELECT j.seq - r.of_seq FROM loyalty.journal j, "
					       "loyalty.journal r WHERE j.external_id = 'p' "
					       "AND r.external_id = 'r'"),
		0);
	ck_assert_str_eq(database_text(root, "SELECT string_agg(concat_ws('|', type, amount, object, "
					     "quantity, basket), ' ' ORDER BY seq) FROM "
					     "loyalty.journal WHERE external_id IN ('a', 'd', 'j', 't')"),
		"activity|5000|reload redeem|off60|2|1250 adjust|-150|STAR partner|700|delta");
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.inbox"), 8);
}
END_TEST

#define LATE_HEADER "source,external_id,member,type,date,amount,currency,activity_date\n"

START_TEST(events_that_come_late)
{
	members_make();
	const struct program *p = import(1, "events",
		LATE_HEADER "pos,p,1000001,purchase,2025-02-10,4.5,,2025-02-01\n"
			    "pos,q,1000001,purchase,2025-02-10,4.5,,2025-02-10\n"
			    "pos,r,1000001,purchase,2025-02-10,4.5,,\n"
			    "pos,s,1000001,purchase,2025-02-10,4.5,,2025-02-11\n"
			    "pos,t,1000001,adjust,2025-02-10,1,STAR,2025-02-01\n"
			    "pos,u,1000001,purchase,2025-02-10,4.5,,1.2.2025\n",
		"");
	ck_holds(p->out, "3 taken, 0 known already, 3 rejected\n");
	ck_holds(reject_of(5), "activity_date: 2025-02-11 lies after the event's date");
	ck_holds(reject_of(6), "activity_date: a adjust has none");
	ck_holds(reject_of(7), "activity_date: \"\"1.2.2025\"\" is no day");
	ck_assert_str_eq(database_text(root,
				 "SELECT string_agg(concat_ws(' ', external_id, activity_on, happened_on), "
				 "',' ORDER BY external_id) FROM loyalty.journal WHERE type <> 'enrol'"),
		"p 2025-02-10 2025-02-01,q 2025-02-10,r 2025-02-10");
	p = import(0, "events", LATE_HEADER "pos,p,1000001,purchase,2025-02-10,4.5,,2025-02-01\n", "");
	ck_assert_str_eq(p->out, "0 taken, 1 known already, 0 rejected\n");
}
END_TEST

// One bad line of an event rejects all of its lines, each with where the mistake is.
START_TEST(an_event_is_taken_whole_or_not_at_all)
{
	members_make();
	const struct program *p = import(1, "events",
		EVENTS_HEADER "pos,p,1000001,purchase,2025-02-01,4.5,drink,,,,,,,,,\n"
			      "pos,p,1000001,purchase,2025-02-01,x,food,,,,,,,,,\n"
			      "pos,p,1000001,purchase,2025-02-01,1,food,,,,,,,,,\n"
			      "pos,q,1000001,purchase,2025-02-01,1,food,,,,,,,,,\n"
			      "pos,q,1000002,purchase,,2,,,,,,,,,,\n"
			      "pos,s,1000001,redeem,2025-02-01,,,,,,off60,,,,,\n"
			      "pos,s,1000001,redeem,2025-02-01,,,,,,off60,,,,,\n",
		"");
	ck_holds(p->out, "0 taken, 0 known already, 3 rejected");
	ck_assert_str_eq(strchr(rejects(), '\n') + 1,
		"2,\"line 3 of the same event was "
		"rejected\",pos,p,1000001,purchase,2025-02-01,4.5,drink,,,,,,,,,\n"
		"3,\"amount: \"\"x\"\" is no amount; write "
		"12.50\",pos,p,1000001,purchase,2025-02-01,x,food,,,,,,,,,\n"
		"4,\"line 3 of the same event was "
		"rejected\",pos,p,1000001,purchase,2025-02-01,1,food,,,,,,,,,\n"
		"5,\"line 6 of the same event was "
		"rejected\",pos,q,1000001,purchase,2025-02-01,1,food,,,,,,,,,\n"
		"6,\"member: it differs from line 5 of the same event\",pos,q,1000002,purchase,,2,,,,,,,,,,\n"
		"7,\"line 8 of the same event was "
		"rejected\",pos,s,1000001,redeem,2025-02-01,,,,,,off60,,,,,\n"
		"8,\"external_id: line 7 has it already; only purchases, partners' purchases and returns "
		"have several lines\","
		"pos,s,1000001,redeem,2025-02-01,,,,,,off60,,,,,\n");
	ck_assert_int_eq(
		database_number(root, "SELECT count(*) FROM loyalty.journal WHERE type <> 'enrol'"), 0);
}
END_TEST

START_TEST(rejects_are_mended_and_taken)
{
	char path[200], mended[1000];
	members_make();
	import(1, "events", EVENTS_HEADER "pos,p,1000001,purchase,2025-02-01,x,,,,,,,,,,\n", "");
	snprintf(path, sizeof path, "%s.rejects.csv", program_file("import.csv", ""));
	snprintf(mended, sizeof mended, "sed -i 's/,x,/,4.50,/' %s", path);
	ck_assert_int_eq(system(mended), 0);
	ck_holds(program_expect(0, "import events %s", path)->out, "1 taken");
	ck_assert_int_eq(
		database_number(root, "SELECT amount FROM loyalty.journal WHERE external_id = 'p'"), 450);
}
END_TEST

static const struct {
	const char *text, *options, *named;
} BAD_FILES[] = {
	{"", "", "the file is empty"},
	{"source,external_id,member,type\n", "", "missing is the column \"date\""},
	{"source,external_id,member,type,date,colour\n", "", "there is no column \"colour\""},
	{"source,external_id,member,type,date,date\n", "", "there twice is \"date\""},
	{"source;external_id;member;type;date\n", "", "the delimiter seems to be ;"},
	{"source\texternal_id\tmember\ttype\tdate\n", "", "the delimiter seems to be a tab"},
	{"source,external_id,member,type,date\n", "--delimiter x", "--delimiter"},
	{"\"source,external_id\n", "", "a quoted field is not closed"},
};

START_TEST(bad_files)
{
	for (size_t i = 0; i < sizeof BAD_FILES / sizeof *BAD_FILES; i++) {
		const struct program *p = program_run("import events %s %s",
			program_file("import.csv", BAD_FILES[i].text), BAD_FILES[i].options);
		ck_assert_msg(p->status == 1 || p->status == 2, "status %d", p->status);
		ck_holds(p->err, BAD_FILES[i].named);
	}
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.import"), 0);
	program_expect(1, "import events /nonexistent.csv");
}
END_TEST

START_TEST(other_delimiters_and_marks)
{
	members_make();
	ck_holds(import(0, "events",
			 "\xef\xbb\xbfsource;external_id;member;type;date;amount\r\npos;a;1000001;purchase;"
			 "2025-02-01;5\r\n",
			 "--delimiter ';'")
			 ->out,
		"1 taken");
	ck_holds(import(0, "events",
			 "source\texternal_id\tmember\ttype\tdate\tamount\npos\tb\t1000001\tpurchase\t2025-"
			 "02-01\t5\n",
			 "--delimiter '\\t'")
			 ->out,
		"1 taken");
	ck_holds(program_expect(0, "import events - <%s",
			 program_file("piped.csv", "date,type,member,external_id,source,amount\n2025-02-01,"
						   "purchase, 1000001 ,c,pos,5\n"))
			 ->out,
		"1 taken");
}
END_TEST

// Many events over many chunks and both lanes.
static char *events_text(int count)
{
	char *text;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	fputs("source,external_id,member,type,date,amount\n", out);
	for (int i = 0; i < count; i++)
		fprintf(out, "pos,e%d,%d,purchase,2025-0%d-01,%d.%02d\n", i, 1000001 + i % 7,
			2 + i * 7 / count, i % 90, i % 100);
	fclose(out);
	return text;
}

static void seven_members(void)
{
	char text[1000] = "number,family_name,enrolled\n";
	for (int i = 1; i <= 7; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text), "%d,Name%d,2025-01-05\n",
			1000000 + i, i);
	import(0, "members", text, "");
}

START_TEST(in_order_and_only_once)
{
	enum { COUNT = 5000 };
	char *text = events_text(COUNT);
	seven_members();
	ck_assert_str_eq(import(0, "events", text, "--dry-run --chunk 300")->out,
		"5000 would be taken, 0 known already, 0 rejected\n");
	ck_assert_int_eq(
		database_number(root, "SELECT count(*) FROM loyalty.journal WHERE type <> 'enrol'"), 0);
	ck_assert_str_eq(
		import(0, "events", text, "--chunk 300")->out, "5000 taken, 0 known already, 0 rejected\n");
	ck_assert_str_eq(
		import(0, "events", text, "--chunk 700")->out, "0 taken, 5000 known already, 0 rejected\n");
	ck_assert_int_eq(
		database_number(root, "SELECT count(*) FROM loyalty.journal WHERE type = 'purchase'"), COUNT);
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.inbox"), COUNT + 7);
	ck_assert_int_eq(database_number(root, "SELECT sum(amount) FROM loyalty.journal"),
		database_number(
			root, "SELECT sum((i % 90) * 100 + i % 100) FROM generate_series(0, 4999) i"));
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM (SELECT substr(external_id, 2)::int AS "
					       "n, lag(substr(external_id, 2)::int) "
					       "OVER (PARTITION BY member_id ORDER BY seq) AS before FROM "
					       "loyalty.journal WHERE type = 'purchase') x WHERE before > n"),
		0);
	ck_assert_int_eq(
		database_number(root, "SELECT count(*) FROM loyalty.import WHERE finished_at IS NULL"), 0);
	free(text);
}
END_TEST

// What was sent before turns up in the midst of a chunk of new lines: nothing of the chunk is lost or taken
// twice, a return finds its original in either, and the same name twice in a file is one event.
START_TEST(new_and_known_lines_in_one_chunk)
{
	seven_members();
	import(0, "events",
		EVENTS_HEADER "pos,m,1000003,purchase,2025-02-01,3,,,,,,,,,,\n"
			      "pos,n,1000004,purchase,2025-02-01,4,,,,,,,,,,\n",
		"");
	const struct program *p = import(1, "events",
		EVENTS_HEADER "pos,a,1000001,purchase,2025-02-01,1,,,,,,,,,,\n"
			      "pos,m,1000003,purchase,2025-02-01,3,,,,,,,,,,\n"
			      "pos,r,1000003,return,2025-02-02,1,,,,m,,,,,,\n"
			      "pos,b,1000005,purchase,2025-02-01,5,,,,,,,,,,\n"
			      "pos,s,1000005,return,2025-02-02,2,,,,b,,,,,,\n"
			      "pos,n,1000004,purchase,2025-02-01,44,,,,,,,,,,\n"
			      "pos,b,1000005,purchase,2025-02-01,5,,,,,,,,,,\n"
			      "pos,c,1000007,purchase,2025-02-01,7,,,,,,,,,,\n",
		"");
	ck_holds(p->out, "5 taken, 2 known already, 1 rejected");
	ck_holds(rejects(), "7,\"external_id: another event was already sent as pos n\"");
	ck_assert_str_eq(
		database_text(root, "SELECT string_agg(j.external_id || j.amount / 100 || "
				    "coalesce(' of ' || o.external_id, ''), ', ' ORDER BY "
				    "j.external_id) FROM loyalty.journal j LEFT JOIN loyalty.journal o "
				    "ON o.member_id = j.member_id AND o.seq = j.of_seq "
				    "WHERE j.type <> 'enrol'"),
		"a1, b5, c7, m3, n4, r1 of m, s2 of b");
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.inbox"), 7 + 7);
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.inbox JOIN loyalty.journal "
					       "USING (member_id, seq)"),
		7 + 7);
}
END_TEST

// A statement that fails half-way leaves whole chunks only; the same again takes the rest.
START_TEST(a_failure_leaves_whole_chunks)
{
	char *text = events_text(3000);
	seven_members();
	database_run(
		root, "ALTER TABLE loyalty.journal ADD CONSTRAINT planted CHECK (external_id <> 'e2100')");
	ck_holds(import(1, "events", text, "--chunk 250")->err, "planted");
	int64_t taken = database_number(root, "SELECT count(*) FROM loyalty.journal WHERE type = 'purchase'");
	ck_assert_int_gt(taken, 0);
	ck_assert_int_eq(taken % 250, 0);
	ck_assert_int_eq(database_number(root, "SELECT count(*) FROM loyalty.inbox"), taken + 7);
	database_run(root, "ALTER TABLE loyalty.journal DROP CONSTRAINT planted");
	import(0, "events", text, "");
	ck_assert_int_eq(
		database_number(root, "SELECT count(*) FROM loyalty.journal WHERE type = 'purchase'"), 3000);
	free(text);
}
END_TEST

START_TEST(stopped_by_a_signal)
{
	char *text = events_text(60000), totals[80];
	seven_members();
	const char *file = program_file("import.csv", text);
	const struct program *p =
		program_run("import events %s --chunk 500 & wait_for=$!; i=0; while [ $i -lt 500 ] && "
			    "[ \"$(psql -XtAc \"SELECT count(*) > 1000 FROM loyalty.journal\")\" != t ]; do "
			    "i=$((i + 1)); done; "
			    "kill -INT $wait_for; wait $wait_for",
			file);
	int64_t taken = database_number(root, "SELECT count(*) FROM loyalty.journal WHERE type = 'purchase'");
	ck_assert_int_eq(p->status, 1);
	ck_assert_int_eq(taken % 500, 0);
	snprintf(totals, sizeof totals, "%lld taken, 0 known already, 0 rejected; stopped before the end",
		(long long)taken);
	ck_holds(p->out, totals);
	ck_holds(import(0, "events", text, "")->out, "0 rejected");
	ck_assert_int_eq(
		database_number(root, "SELECT count(*) FROM loyalty.journal WHERE type = 'purchase'"), 60000);
	free(text);
}
END_TEST

// A till may only send what its role may submit; people at the desk may not import at all.
START_TEST(rights)
{
	members_make();
	const struct program *p = import(1, "events",
		EVENTS_HEADER "pos,a,1000001,adjust,2025-02-03,100000,,,,,,,STAR,,,\npos,b,1000001,purchase,"
			      "2025-02-03,1,,,,,,,,,,\n",
		"--database user=kasa");
	ck_holds(p->out, "1 taken, 0 known already, 1 rejected");
	ck_holds(rejects(), "may not submit adjust");
	ck_holds(import(1, "events", EVENTS_HEADER "pos,c,1000001,purchase,2025-02-03,1,,,,,,,,,,\n",
			 "--database user=deniz")
			 ->err,
		"you may not do this");
}
END_TEST

Suite *import_suite(void);

Suite *import_suite(void)
{
	Suite *suite = suite_create("import");
	TCase *tcase = tcase_create("import");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, members);
	tcase_add_test(tcase, bad_members);
	tcase_add_test(tcase, members_twice_in_one_file);
	tcase_add_test(tcase, members_bring_attributes_and_find_their_purchases);
	tcase_add_test(tcase, bad_events);
	tcase_add_test(tcase, events_of_every_type);
	tcase_add_test(tcase, events_that_come_late);
	tcase_add_test(tcase, an_event_is_taken_whole_or_not_at_all);
	tcase_add_test(tcase, rejects_are_mended_and_taken);
	tcase_add_test(tcase, bad_files);
	tcase_add_test(tcase, other_delimiters_and_marks);
	tcase_add_test(tcase, in_order_and_only_once);
	tcase_add_test(tcase, new_and_known_lines_in_one_chunk);
	tcase_add_test(tcase, a_failure_leaves_whole_chunks);
	tcase_add_test(tcase, stopped_by_a_signal);
	tcase_add_test(tcase, rights);
	suite_add_tcase(suite, tcase);
	return suite;
}
