// The ways to all places, and the house they are in.
#include "tests/tui/places.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

const struct place places[PLACES] = {
	{"members", "", "Find"},
	{"find", "/ay", "best first"},
	{"enrol", "e", "Enrol a member"},
	{"number", "1", "Go to number"},
	{"timeline", "\r", "Timeline"},
	{"ledger", "\r2", "Ledger"},
	{"purchases", "\r3", "Purchases"},
	{"rewards", "\r4", "Rewards"},
	{"member cases", "\r5", "Stars missing"},
	{"lots", "\r6", "Lots"},
	{"audit", "\r7", "Audit"},
	{"why", "\r2w", "lot 2, expires"},
	{"goodwill", "\rp", "Reason"},
	{"redeem", "\rd", "edeem"},
	{"reverse", "\r3x", "Take a purchase back"},
	{"new case", "\rc", "case"},
	{"filter", "\rf", "Show in the timeline"},
	{"cases", "C4", "All"},
	{"case", "C4\r", "Stars missing"},
	{"answer", "C4\re", "Answer to the member"},
	{"history", "C4\rv", "Stars missing"},
	{"assign", "C4\ra", "Give this case to"},
	{"resolve", "C4\rR", "Resolve the case"},
	{"approvals", "A", "+900 STAR"},
	{"health", "H", "health"},
	{"help", "?", "Moving"},
	{"command", ":", "Find"},
};

void places_open_house(const char *database)
{
	house_open(database);
	house_case(1, "Stars missing", "Where are my stars?\nThey should have come with the order of last week.");
	house_case(1, "Second", "Another one");
	house_case(HOUSE_HOSTILE, "Third", "\033[31mred\033[m");
	house_sql("deniz", "SELECT loyalty.submit_event(1, 'adjust', 'check', 'k1', NULL,"
			   " '{\"amount\": 90000, \"currency\": \"STAR\", \"reason\": \"big\"}')");
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

unsigned places_seed(const char *suite)
{
	const char *given = getenv("CHECK_SEED");
	unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL) + (unsigned)getpid();

	printf("%s: CHECK_SEED=%u CK_RUN_SUITE=%s make check\n", suite, seed, suite);
	fflush(stdout);
	srand(seed);
	return seed;
}
