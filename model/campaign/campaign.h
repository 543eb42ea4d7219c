// What a campaign is, as its document says: whom it surprises when, with which prizes, and within which
// limits.
#ifndef MODEL_CAMPAIGN_H
#define MODEL_CAMPAIGN_H
#include "model/engine/arena.h"
#include "model/engine/day.h"
#include "model/engine/document_error.h"
#include "model/facts.h"
#include "model/segment/condition.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CAMPAIGN_MILLION = 1000000 }; // chances and hold-outs are parts of it
#define CAMPAIGN_ALL INT64_MAX       // no limit

enum trigger_kind {
	TRIGGER_BIRTHDAY,
	TRIGGER_ANNIVERSARY, // of the enrolment
	TRIGGER_PURCHASE,    // the nth
	TRIGGER_TIER,        // it was reached
	TRIGGER_RETURN,      // a purchase after an absence
	TRIGGER_CASE,        // it was resolved
	TRIGGER_SURVEY,      // it was answered
	TRIGGER_SCHEDULE,
	TRIGGER_HAND, // campaign_trigger()
	TRIGGER_KINDS
};
enum trigger_leap { LEAP_FEB28, LEAP_MAR1 }; // the day of what falls on 29 February, in other years
enum trigger_answer { ANSWERED_ANY, ANSWERED_PROMOTER, ANSWERED_PASSIVE, ANSWERED_DETRACTOR };
enum trigger_pace { EVERY_ONCE, EVERY_DAY, EVERY_WEEK, EVERY_MONTH };

struct campaign_trigger {
	enum trigger_kind kind;
	enum trigger_leap leap;
	int64_t nth;  // purchase
	bool is_each; // every nth one
	const char *ladder, *tier;
	int64_t days; // of absence
	const char *survey; // its code
	enum trigger_answer answer;
	enum trigger_pace every;
};

enum prize_kind { PRIZE_NOTHING, PRIZE_POINTS, PRIZE_REWARD, PRIZE_TIER, PRIZE_MULTIPLIER };

struct campaign_prize {
	const char *code;
	enum prize_kind kind;
	int64_t points;            // in units of the campaign's currency
	const char *reward;        // its code
	const char *ladder, *tier; // granted for ...
	int64_t factor;            // hundredths, of what purchases earn in the campaign's currency for ...
	int64_t days;              // ... so many days
	int chance;                // parts per million
	int64_t stock;             // CAMPAIGN_ALL: no limit
	int consolation;           // index of the prize given when this one is out of stock; -1: none
	int64_t minor;             // what one costs in money, minor units
};

enum limit_period { LIMIT_DAY, LIMIT_WEEK, LIMIT_MONTH, LIMIT_YEAR, LIMIT_EVER, LIMIT_PERIODS };

// Everything is owned by the campaign's arena. Texts are not NULL but where said.
struct campaign {
	const char *code, *name;
	day_t starts_on, ends_on; // both included
	struct campaign_trigger trigger;
	const char *audience;          // a condition, or CAMPAIGN_EVERYBODY
	const char *audience_frozen;   // the same with its segments replaced by what they mean now
	const char *currency;          // of points; NULL: it gives none
	int decimals;                  // of that
	struct campaign_prize *prizes; // in the order of the draw
	int prize_count;
	int64_t per_member[LIMIT_PERIODS], total[LIMIT_PERIODS]; // grants; CAMPAIGN_ALL: no limit
	int64_t budget_points, budget_minor;                     // CAMPAIGN_ALL: no limit
	bool is_paced;                // the budget is released evenly over the days
	int64_t cooldown_days;        // at least that of the house
	int hold_out;                 // parts per million
	int64_t complaints, opt_outs; // so many pause it; CAMPAIGN_ALL: none do
	int64_t nps_drop;             // so many points of NPS below the held out pause it, where that is more than chance; likewise
	const char *channel, *subject,
		*body; // of its message; NULL: it sends none. Lines of the body end in \n
	struct arena arena;
};
#define CAMPAIGN_EVERYBODY "everybody"

// What documents are held against: borrowed from whoever has both, as the screens do, or what
// campaign_house_load() read.
struct campaign_house {
	const struct facts *facts;
	const struct condition_names *names; // NULL: the audience is not read
	bool is_running;                     // a last day that is over is no mistake
};
bool campaign_house_load(struct campaign_house *house, struct session *session, struct error *error);
void campaign_house_free(struct campaign_house *house); // what was loaded; zeroed is fine

// Reads a document and checks it: its form, what its settings mean together, and what they name against the
// house. False, with every mistake on its setting, if there is one. house NULL: names are not looked up,
// points count as whole ones, and the audience is not read.
bool campaign_read(struct campaign *campaign, const char *file, const char *text, size_t length,
	const struct campaign_house *house, struct document_errors *errors);
void campaign_free(struct campaign *campaign);

// What the database has to know of it (0024_campaigns.sql), as JSON; to be freed. NULL: out of memory.
char *campaign_projection(const struct campaign *campaign);

// The words of the format.
const char *prize_kind_word(enum prize_kind kind);
extern const char *const campaign_leap_words[], *const campaign_pace_words[], *const campaign_answer_words[],
	*const limit_period_words[];

// The first day of the period that the day lies in.
day_t limit_period_start(enum limit_period period, day_t day);
#endif
