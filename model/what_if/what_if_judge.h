// One thread's judging of members under both rulebooks. Private to the what-if.
#ifndef MODEL_WHAT_IF_JUDGE_H
#define MODEL_WHAT_IF_JUDGE_H
#include "db/session.h"
#include "model/posting/member_run.h"
#include "model/what_if/what_if.h"
#include "model/what_if/what_if_tally.h"
#include <stdatomic.h>

enum judge_lots { LOTS_NONE, LOTS_EXPIRING, LOTS_ALL };

// What all judges of a what-if share; constant once they begin, but for is_cancelled.
struct what_if_terms {
	enum what_if_kind kind;
	day_t from, to; // STANDINGS: both the day compared
	struct rulebook *now, *draft;
	struct what_if_shape shape;
	bool is_fork;         // the draft only follows what is in force: its run alone tells both standings
	enum judge_lots lots; // which lots decide what becomes of the balances up to that day
	atomic_bool *is_cancelled;
	void (*tell)(void *payload, int64_t ids); // so many more were looked at
	void *payload;
};

// Lot and balance as the tables have them.
struct held_lot {
	int64_t member_id, lot_no, remaining;
	int currency_id;
	day_t earned, expires;
};
struct held_balance {
	int64_t member_id, points;
	int currency_id;
};

struct what_if_judge {
	const struct what_if_terms *terms;
	struct session *session; // borrowed, in a transaction
	struct member_run now, draft;
	struct what_if_tally tally;
	struct held_lot *lots; // of the members asked for, by member
	struct held_balance *balances;
	int64_t *due; // members whose day comes by the day compared
	int lot_count, lot_capacity, balance_count, balance_capacity, due_count, due_capacity;
	int lot_at, balance_at;          // where the member at hand begins
	int64_t untold_from;             // the ids below it were told of; INT64_MAX: nothing is told
	struct result *journal, *posted; // of a period
	struct arena arena;
};

void judge_init(struct what_if_judge *judge, const struct what_if_terms *terms, struct session *session);
void judge_free(struct what_if_judge *judge);
// Judges the members that a condition on member_id picks, such as "BETWEEN 1 AND 9". False: error tells why,
// be it that the what-if was cancelled.
bool judge_members(struct what_if_judge *judge, const char *condition, struct error *error);
// Tells that all ids below that one were looked at.
void judge_tell(struct what_if_judge *judge, int64_t member_id);
bool judge_is_cancelled(const struct what_if_judge *judge, struct error *error);

// Which lots the standings of that day depend on, beyond their sum.
enum judge_lots judge_lots_needed(
	const struct rulebook *now, const struct rulebook *draft, day_t processed_on, day_t day);

bool standings_judge(struct what_if_judge *judge, const char *condition, struct error *error);
bool period_judge(struct what_if_judge *judge, const char *condition, struct error *error);
#endif
