// Every place in the program where a person can be, and the keys that lead there from the start.
#ifndef TESTS_TUI_PLACES_H
#define TESTS_TUI_PLACES_H
#include "tests/tui/house.h"

struct place {
	const char *name;
	const char *keys;  // sent one after the other, each after what the one before caused is on the screen
	const char *shows; // what stands on the screen there at 24x80
};

enum place_number {
	PLACE_MEMBERS,
	PLACE_FIND,
	PLACE_CONDITION,
	PLACE_ENROL,
	PLACE_NUMBER,
	PLACE_TIMELINE,
	PLACE_LEDGER,
	PLACE_PURCHASES,
	PLACE_REWARDS,
	PLACE_MEMBER_CASES,
	PLACE_LOTS,
	PLACE_ABOUT,
	PLACE_AUDIT,
	PLACE_WHY,
	PLACE_GOODWILL,
	PLACE_REDEEM,
	PLACE_REVERSE,
	PLACE_NEW_CASE,
	PLACE_FILTER,
	PLACE_CASES,
	PLACE_CASE,
	PLACE_ANSWER,
	PLACE_HISTORY,
	PLACE_ASSIGN,
	PLACE_RESOLVE,
	PLACE_APPROVALS,
	PLACE_VERSION,
	PLACE_HEALTH,
	PLACE_CATALOGUE,
	PLACE_TIERS,
	PLACE_COMPARE,
	PLACE_LARGEST,
	PLACE_SURVEYS,
	PLACE_SURVEY_ANSWERS,
	PLACE_CAMPAIGNS,
	PLACE_CAMPAIGN,
	PLACE_INBOX,
	PLACE_MANY,
	PLACE_WORK_FIGURES,
	PLACE_AUDIT_LOG,
	PLACE_SETTINGS,
	PLACE_NEW_SETTING,
	PLACE_HELP,
	PLACE_COMMAND,
	PLACES
};
extern const struct place places[PLACES];

// A house with something to see in every place: cases, an approval that waits. Lets PGDATABASE name it.
void places_open_house(const char *database);

// The program as a manager at that place, and looked at: the test fails if it is not reached.
struct vt *place_open(const struct place *place, int rows, int columns);

// Goes there in a program that stands at its start.
void place_go(struct vt *vt, const struct place *place);

// The seed of this run: CHECK_SEED, or a new one; prints the line that runs it again, which ends with
// `command`.
unsigned places_seed(const char *suite, const char *command);
#endif
