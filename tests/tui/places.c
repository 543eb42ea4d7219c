// The ways to all places, and the house they are in.
#include "tests/tui/places.h"

#include "tests/campaigns.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

const struct place places[PLACES] = {
	[PLACE_MEMBERS] = {"members", "", "Find"},
	[PLACE_FIND] = {"find", "/ay", "best first"},
	[PLACE_CONDITION] = {"condition", "f", "Which members?"},
	[PLACE_ENROL] = {"enrol", "e", "Enrol a member"},
	[PLACE_NUMBER] = {"number", "1", "Go to number"},
	[PLACE_TIMELINE] = {"timeline", "\r", "Timeline"},
	[PLACE_LEDGER] = {"ledger", "\r2", "Ledger"},
	[PLACE_PURCHASES] = {"purchases", "\r3", "Purchases"},
	[PLACE_REWARDS] = {"rewards", "\r4", "Rewards"},
	[PLACE_MEMBER_CASES] = {"member cases", "\r5", "Stars missing"},
	[PLACE_LOTS] = {"lots", "\r6", "Lots"},
	[PLACE_ABOUT] = {"about", "\r7", "About"},
	[PLACE_AUDIT] = {"audit", "\r8", "Audit"},
	[PLACE_WHY] = {"why", "\r2w", "lot 2, expires"},
	[PLACE_GOODWILL] = {"goodwill", "\rp", "Reason"},
	[PLACE_REDEEM] = {"redeem", "\rd", "edeem"},
	[PLACE_REVERSE] = {"reverse", "\r3x", "Take a purchase back"},
	[PLACE_NEW_CASE] = {"new case", "\rc", "case"},
	[PLACE_FILTER] = {"filter", "\rf", "Show in the timeline"},
	[PLACE_CASES] = {"cases", "C4", "All"},
	[PLACE_CASE] = {"case", "C4\r", "Stars missing"},
	[PLACE_ANSWER] = {"answer", "C4\re", "Answer to the member"},
	[PLACE_HISTORY] = {"history", "C4\rv", "Stars missing"},
	[PLACE_ASSIGN] = {"assign", "C4\ra", "Give this case to"},
	[PLACE_RESOLVE] = {"resolve", "C4\rR", "Resolve the case"},
	[PLACE_APPROVALS] = {"approvals", "A", "+900 STAR"},
	[PLACE_VERSION] = {"version", "AG\r", "reserve.at: 2500 -> 3000"},
	[PLACE_HEALTH] = {"health", "H", "health"},
	[PLACE_CATALOGUE] = {"catalogue", "V", "The selected reward"},
	[PLACE_TIERS] = {"tiers", "T", "Threshold"},
	[PLACE_COMPARE] = {"compare", "Tc\r", "1 difference"},
	[PLACE_LARGEST] = {"largest changes", "TwW", "Nothing would change"},
	[PLACE_SURVEYS] = {"surveys", "O", "Would you recommend us"},
	[PLACE_SURVEY_ANSWERS] = {"answers to a survey", "O2", "all answers"},
	[PLACE_CAMPAIGNS] = {"campaigns", "P", "The selected campaign"},
	[PLACE_CAMPAIGN] = {"campaign", "P\r", "revision 1 draft by max"},
	[PLACE_INBOX] = {"inbox", "B", "mentioned"},
	[PLACE_MANY] = {"change many", "C4b", "What to do to"},
	[PLACE_WORK_FIGURES] = {"work figures", "Y", "What the figures are"},
	[PLACE_AUDIT_LOG] = {"audit log", "#", "The line"},
	[PLACE_SETTINGS] = {"settings", ",", "The selected calendar"},
	[PLACE_NEW_SETTING] = {"new setting", ",c", "A new calendar"},
	[PLACE_HELP] = {"help", "?", "Find members"},
	[PLACE_COMMAND] = {"command", ":", "Find"},
};

void places_open_house(const char *database)
{
	house_open(database);
	house_case(1, "Stars missing",
		"Where are my stars?\nThey should have come with the order of last week.");
	house_case(1, "Second", "Another one");
	house_case(HOUSE_HOSTILE, "Third", "\033[31mred\033[m");
	house_sql("deniz", "SELECT loyalty.case_write(1, 2, gen_random_uuid(), 'internal', 'What says @mona?')");
	house_sql("deniz", "SELECT loyalty.submit_event(1, 'adjust', 'check', 'k1', NULL,"
			   " '{\"amount\": 90000, \"currency\": \"STAR\", \"reason\": \"big\"}')");
	house_sql("max", "SELECT loyalty.survey_create('{\"code\": \"nps\", \"name\": \"Would you recommend us?\", \"kind\": \"nps\", "
			 "\"questions\": [\"How likely?\"]}')");
	house_sql("deniz", "SELECT loyalty.survey_answer_for(22, 'nps', '{3}', E'\\033[2Jbad \\u202Ewords')");
	house_submit_version("\"2500\"", "\"3000\"", 30);
	campaigns_begin("max", "birthday", "gift");
}

void place_go(struct vt *vt, const struct place *place)
{
	for (const char *key = place->keys; *key; key++)
		house_keys(vt, (char[]){*key, 0});
	if (vt_find(vt, place->shows, NULL, NULL))
		return;
	vt_print(vt);
	ck_abort_msg("\"%s\" is not on the screen at the place \"%s\"", place->shows, place->name);
}

struct vt *place_open(const struct place *place, int rows, int columns)
{
	struct vt *vt = house_screens("mona", NULL, rows, columns);
	place_go(vt, place);
	return vt;
}

unsigned places_seed(const char *suite, const char *command)
{
	const char *given = getenv("CHECK_SEED");
	unsigned seed =
		given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL) + (unsigned)getpid();

	printf("%s: CHECK_SEED=%u %s\n", suite, seed, command);
	fflush(stdout);
	srand(seed);
	return seed;
}
