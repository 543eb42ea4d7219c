// What is compared with what: the programme in force and a draft laid side by side. Private to the what-if.
#ifndef MODEL_WHAT_IF_SHAPE_H
#define MODEL_WHAT_IF_SHAPE_H
#include "db/error.h"
#include "model/engine/arena.h"
#include "model/programme/rulebook.h"
#include <stdbool.h>

// Indexes into the two programmes are -1 where it is not there.
struct shape_ladder {
	const char *code;
	int now, draft;
	int tier_count; // of both together, the base tiers being one
	const char **tiers;
	bool *is_now, *is_draft;
	int *of_now, *of_draft;                // where tier i of that programme is among them
	int moves, protection, up, down, kept; // places among the counts
};

enum shape_amount {
	POINTS_NOW,
	POINTS_DRAFT,
	POINTS_CHANGE,
	MONEY_NOW,
	MONEY_DRAFT,
	MONEY_CHANGE,
	SHAPE_AMOUNTS
};
struct shape_currency {
	const char *code;
	int decimals, now, draft;
	bool is_valued;
	int amounts; // the first of SHAPE_AMOUNTS places among the sums
};

enum { RULE_POSTED, RULE_DRAFT, RULE_CHANGE, SHAPE_RULE_AMOUNTS };
struct shape_rule {
	const char *id, *currency;
	int decimals, number, currency_id; // as in the rulebooks
	int amounts;
};

// Places that every what-if has. Others follow.
enum { COUNT_MEMBERS, COUNT_CHANGED, COUNTS_FIXED };
enum { SUM_EVENTS, SUM_DENIED, SUM_ADMITTED, SUMS_FIXED };

struct what_if_shape {
	const struct programme *now, *draft; // borrowed from the rulebooks
	struct shape_ladder *ladders;
	struct shape_currency *currencies;
	struct shape_rule *rules; // of a period
	int ladder_count, currency_count, rule_count;
	int counts, sums; // how many places
	struct arena arena;
};

// The versions in force on that day in a rulebook and in the same with the draft. False: they cannot be
// compared.
bool shape_init(struct what_if_shape *shape, const struct rulebook *now, const struct rulebook *draft,
	day_t day, bool has_rules, struct error *error);
void shape_free(struct what_if_shape *shape);
// The rule that gave so much of that currency, -1.
int shape_rule_find(const struct what_if_shape *shape, int rule_id, int currency_id);
#endif
