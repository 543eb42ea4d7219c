// What a what-if is tried on: seven members, and the programme in force with some of its text replaced.
#ifndef TESTS_TRIAL_H
#define TESTS_TRIAL_H
#include "model/what_if/what_if.h"
#include "tests/story.h"

enum { DRAFT_FROM = FIRST_DAY + 30, WORKED_TO = FIRST_DAY + 10 };

#define CODE "code = \"starbucks_us_2026\"", "code = \"draft\""
#define GOLD "code = \"gold\"; at = \"500\""
#define GOLD_AT(at) GOLD, "code = \"gold\"; at = \"" at "\""

#define SILVER                                                                                               \
	"{ code = \"green\"; at = \"0\"; }",                                                                 \
		"{ code = \"green\"; at = \"0\"; }, { code = \"silver\"; at = \"350\"; }",                   \
		"by_tier = { green = \"1\";", "by_tier = { green = \"1\"; silver = \"1\";"

// A story's database (story_begin, story_end), on which the rest goes on.
struct session *trial_begin(const char *database);

// The programme in force with parts of its text replaced: old, new, old, new, ..., NULL. To be freed.
char *trial_draft(const char *first, ...) __attribute__((sentinel));

// What asks for the standings under that draft, whole, with sessions of its own.
struct what_if_request trial_standings(const char *text);
struct what_if *trial_start(const struct what_if_request *request);
// Its last result; all of it was done, or the test fails.
struct what_if_result *trial_result(const struct what_if_request *request);
// How it ended without a result.
struct error trial_failure(const struct what_if_request *request);

// Posts up to that day. The programme's last day is then the workers' one and not, as everywhere at first,
// yesterday.
void trial_work(day_t day);

// 600, 400, 900 and 3000 stars: gold, green, gold, reserve; one who did nothing; 100 stars and gold by hand;
// and one of whom nothing was ever heard. 5000 stars, worth 6 cents each (brew100), $300.
void trial_people(void);
#endif
