// What a draft of the programme would change, found out over the whole membership before anything is
// submitted: first from a sample, with intervals, then exactly.
#ifndef MODEL_WHAT_IF_H
#define MODEL_WHAT_IF_H
#include "db/error.h"
#include "db/session.h"
#include "model/engine/document_error.h"
#include "model/engine/programme.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Two questions.
//
// WHAT_IF_STANDINGS: every member's day is opened up to the draft's first day twice by the engine, once under
// the versions approved, once with the draft in force from that day, and both standings are compared. So the
// members are those of today: whatever they will buy until then is not in it.
//
// WHAT_IF_PERIOD: members' journals are replayed from their beginning, once as they were, once with the draft
// in force from the period's first day; what the draft would have posted in the period is compared with what
// the ledger has, and the standings at the period's end with one another. An event belongs to the period that it
// happened in, whose version rates it: one that came late is in it though it was told after the period, and one
// that was told in the period is not if it happened before. What returns take counts on the day of the return.
//
// Everything is read in one snapshot, in read-only transactions: the numbers belong together and nothing is
// written.
enum what_if_kind { WHAT_IF_STANDINGS, WHAT_IF_PERIOD };

// Opens another session with the database: called from threads of the what-if. NULL: error tells why.
typedef struct session *what_if_open(void *payload, struct error *error);

struct what_if_request {
	enum what_if_kind kind;
	const char *name, *text; // the draft: what error lines call it, and its document; copied
	size_t length;
	// STANDINGS: the draft's first day, which must lie after the last processed one; DAY_NONE: the
	// document's effective_from, or the first day possible where that is over. PERIOD: first and last day
	// of the period.
	day_t from, to;
	bool no_estimate, no_exact; // leave that stage out
	uint64_t seed;              // of the sample: the same gives the same members
	int64_t sample; // how many ids are drawn; 0: 1 % of them, at least 1,000. The ids that belong to
			// nobody count in
	int threads;    // of the exact stage, each with a session; 0: one a processor, at most 4
	what_if_open *open;
	void *payload; // of open
};

struct what_if;

// Checks the document and begins, in threads of its own: nothing here waits but what_if_wait(). NULL: *errors
// lists the document's mistakes if it has any (to be initialised and freed by the caller); *error tells in
// any case.
struct what_if *what_if_start(
	const struct what_if_request *request, struct document_errors *errors, struct error *error);
// Returns at once; the server is told too. The stage becomes WHAT_IF_CANCELLED unless all was done before.
void what_if_cancel(struct what_if *what_if);
// Cancels what still runs and returns at once; the threads take the rest away. NULL is fine.
void what_if_free(struct what_if *what_if);

enum what_if_stage {
	WHAT_IF_STARTING,   // connects, reads the programme
	WHAT_IF_ESTIMATING, // judges the sample
	WHAT_IF_COUNTING,   // judges everyone
	WHAT_IF_DONE,
	WHAT_IF_CANCELLED,
	WHAT_IF_FAILED, // error tells why
};

struct what_if_progress {
	enum what_if_stage stage;
	int64_t done, total; // ids looked at in this stage, of how many; total 0: not known yet
	int64_t elapsed_ms;  // since the start, standing still once it ended
	int64_t estimate_ms; // when the estimate was there, 0: not yet
	struct error error;  // WHAT_IF_FAILED
};

// How far it is. True while it goes on.
bool what_if_look(struct what_if *what_if, struct what_if_progress *progress);
// To poll() for reading: there is a new result, stage or some progress; what_if_look() makes it quiet again.
int what_if_descriptor(const struct what_if *what_if);
// Waits for news up to so many milliseconds, or until a signal is caught; then as what_if_look().
bool what_if_wait(struct what_if *what_if, int timeout_ms, struct what_if_progress *progress);

// A number of members, points (10^-decimals) or money (minor units). Counts of an estimate have an exact
// interval for drawing without replacement from finitely many (inverted hypergeometric), sums one by the
// normal distribution with the correction for finite populations.
struct what_if_figure {
	int64_t value;
	int64_t low, high; // the 95 % interval; both are value once it is exact
	bool is_vague; // a sum for which too few members of the sample changed for its interval to be trusted
};

struct what_if_ladder {
	const char *code;
	int tier_count;
	const char *const *tiers;      // codes of those in force now and in the draft, lowest first
	const bool *is_now, *is_draft; // which of the two have it
	// Members that hold tier `from` now and tier `to` under the draft: moves[from * tier_count + to].
	const struct what_if_figure *moves;
	// Of those that keep their tier: what the draft would give for the same points had nothing been
	// promised before (a tier reached, a tier by hand): protection[held * tier_count + else]. A member
	// counts only if the points give the tier held by the rules of now and a lower one by the draft's.
	const struct what_if_figure *protection;
	struct what_if_figure up, down, kept; // kept: all of protection
};

struct what_if_currency {
	const char *code;
	int decimals;
	bool is_valued; // something can be had for it, so it is a liability in money
	// Outstanding: balances above zero. Money: the most that a member can have for the balance at the
	// tier held: by rewards that the currency buys, payouts and automatic issues; nothing is taken off
	// for points never used.
	struct what_if_figure points_now, points_draft, points_change;
	struct what_if_figure money_now, money_draft, money_change;
};

struct what_if_rule { // PERIOD: an earn rule or grant by what it gave in the period, less what returns took
		      // back
	const char *id;
	const char *currency;
	int decimals;
	struct what_if_figure posted, draft, change;
};

enum { WHAT_IF_LARGEST = 20 };
struct what_if_member { // one of the largest changes: by money, then points, then tiers climbed or fallen
	int64_t member_id, number;
	char name[160];
	const char *ladder, *tier_now,
		*tier_draft;  // of the ladder with the largest step; NULL: no tier changes
	const char *currency; // of the largest change of points, NULL: none
	int decimals;
	int64_t points_now, points_draft;
	int64_t money_change;
};

struct what_if_result {
	enum what_if_kind kind;
	bool is_exact;
	char money[4];      // currency of all money
	day_t from, to;     // STANDINGS: from is the day compared, to the same; PERIOD: first and last day
	int64_t ids, drawn; // estimate: how many ids there are, and how many were drawn
	int64_t judged;     // members looked at
	struct what_if_figure members, changed; // all, and those with any change: of a tier, points or money
	int64_t unjudged; // of those looked at, members whom the engine could not judge: a broken memory, an
			  // overflow
	const struct what_if_ladder *ladders;
	int ladder_count;
	const struct what_if_currency *currencies;
	int currency_count;
	const struct what_if_rule *rules; // PERIOD
	int rule_count;
	struct what_if_figure events, denied,
		admitted; // PERIOD: replayed; accepted but denied by the draft; the reverse
	struct what_if_member largest[WHAT_IF_LARGEST]; // of an estimate: of the sample
	int largest_count;
	struct arena arena; // owns the arrays and texts
};

// The newest result, the caller's own; NULL when there is none newer than the last one taken.
struct what_if_result *what_if_take(struct what_if *what_if);
void what_if_result_free(struct what_if_result *result); // NULL is fine
#endif
