// Scenarios: dated events for one member with the results that must follow (FORMAT sections 11 and 12).
#ifndef ENGINE_SCENARIO_H
#define ENGINE_SCENARIO_H
#include "model/engine/engine.h"

#define CHECK_TEXT_SIZE 80

enum check_kind {
	CHECK_BALANCE,
	CHECK_NEXT_EXPIRY,
	CHECK_EXPIRED,
	CHECK_TIER,
	CHECK_UNTIL,
	CHECK_METRIC,
	CHECK_AWARDED,
	CHECK_ISSUED,
	CHECK_VALUE,
	CHECK_REWARD_EXPIRES,
	CHECK_CHARGED,
	CHECK_VERIFIED,
	CHECK_LAST_CHARGE,
	CHECK_QUOTE,
	CHECK_DENIED,
};

struct check {
	const char *key; // as written: "balance__PT"
	enum check_kind kind;
	int object; // index of the currency, ladder, earn rule, reward or plan; -1 where the key names none
	const char *wanted;
};

struct scenario_row {
	int line;
	day_t day;
	bool is_check;
	struct event event; // of an event row: seq is the row's number in its case, from 1; of_seq and
			    // duplicate are left to whoever runs the case
	const char *id, *of;        // external ids as written, NULL: none
	const struct check *checks; // of a check row
	int check_count;
};

struct scenario_case {
	const char *id;
	const struct programme *programme; // borrowed from whoever found it
	struct scenario_row *rows;
	int row_count;
};

struct scenario {
	struct scenario_case *cases;
	int case_count;
	struct arena arena; // owns everything above but the programmes
};

// Where a case's programme is found by its code; NULL if there is none.
typedef const struct programme *programme_finder(void *context, const char *code);

// Reads a scenario document; `name` is what error lines call it. False if it is refused, with every mistake
// in errors.
bool scenario_read(struct scenario *, const char *name, const char *text, size_t length, programme_finder *,
	void *context, struct document_errors *errors);
void scenario_free(struct scenario *);

// What checks look at beside the state: the outcomes of the latest events.
struct outcome {
	enum refusal denied; // of the latest event row
	bool quoted;
	int64_t quote_minor; // of the latest accepted quote
	int64_t *awarded;    // one an earn rule, in the latest accepted accrual event
};

void outcome_init(struct outcome *, const struct programme *);
void outcome_free(struct outcome *);

// After each event row, with the postings of that event alone.
void outcome_note(struct outcome *, const struct programme *, const struct event *, enum refusal,
	const struct postings *);

// What the check sees, as the format prints it. Returns out.
const char *check_see(const struct check *, const struct programme *, const struct member_state *,
	const struct outcome *, char out[CHECK_TEXT_SIZE]);

// Told of every check: what it saw, and whether that is what it wanted.
typedef void check_listener(void *context, const struct scenario_case *, const struct scenario_row *,
	const struct check *, const char *seen, bool passed);

// Runs a case in memory. False if a quantity did not fit 64 bit; the case ends there.
bool scenario_case_run(const struct scenario_case *, check_listener *, void *context);
#endif
