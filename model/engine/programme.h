// A programme: one version of the rules of a loyalty programme, read once and never changed.
// Units: money in minor units (1/100); quantities of a currency in 10^-decimals of it; rates in 10^-4;
// factors, percentages, thresholds and reward values in 10^-2. References are indexes into the programme's
// arrays, -1 for none. Sets of tiers are arrays of bool, one a tier of the ladder they belong to, NULL where
// the document names none.
#ifndef ENGINE_PROGRAMME_H
#define ENGINE_PROGRAMME_H
#include <stddef.h>
#include "model/engine/arena.h"
#include "model/engine/day.h"
#include "model/engine/decimal.h"
#include "model/engine/document_error.h"

#define CODE_SIZE 33
#define MULTIPLIERS_MAX 4

enum currency_kind { KIND_REDEEMABLE, KIND_QUALIFYING, KIND_ACCRUAL, KIND_PUNCH, KIND_COUNTER, KIND_PARTNER };
enum expiry_policy {
	EXPIRY_NEVER,
	EXPIRY_AFTER_MONTH_OF_EARN,
	EXPIRY_EXACT_MONTHS,
	EXPIRY_FIXED_DATE,
	EXPIRY_INACTIVITY,
	EXPIRY_SESSION
};
enum activity_kind {
	ACTIVE_PURCHASE = 1,
	ACTIVE_REDEEM = 2,
	ACTIVE_ACTIVITY = 4,
	ACTIVE_PARTNER = 8,
	ACTIVE_ALL = 15
}; // a set
enum metric_kind { METRIC_CURRENCY, METRIC_SPEND, METRIC_VISITS };
enum window_kind { WINDOW_YEAR, WINDOW_MONTH, WINDOW_MEMBERSHIP_YEAR, WINDOW_LIFETIME, WINDOW_ROLLING };
enum returns_policy { RETURNS_KEEP, RETURNS_REVOKE, RETURNS_AT_WINDOW_END };
enum stack_policy { STACK_BEST, STACK_MULTIPLY, STACK_ADD };
enum period { PERIOD_DAY, PERIOD_WEEK, PERIOD_MONTH, PERIOD_YEAR, PERIOD_LIFETIME };
enum earn_event { EARN_ENROL, EARN_PURCHASE, EARN_ACTIVITY, EARN_PARTNER, EARN_SUBSCRIBE, EARN_USE_BENEFIT };
enum award_kind { AWARD_RATE, AWARD_BY_TIER, AWARD_BANDS, AWARD_FIXED };
enum grant_event { GRANT_BIRTHDAY, GRANT_BIRTH_MONTH, GRANT_YEARLY, GRANT_PLAN_MONTH };
enum refund_policy { REFUND_NONE, REFUND_FULL_IF_UNUSED };
enum benefit_kind {
	BENEFIT_DISCOUNT_PCT,
	BENEFIT_SERVICE,
	BENEFIT_CREDIT,
	BENEFIT_ACCESS,
	BENEFIT_ANNUAL_REWARD
};
enum reward_kind {
	REWARD_MONEY_OFF,
	REWARD_ITEM,
	REWARD_GIFT_CARD,
	REWARD_DISCOUNT,
	REWARD_DONATION,
	REWARD_SWEEPSTAKE_ENTRY,
	REWARD_STATEMENT_CREDIT,
	REWARD_BADGE,
	REWARD_CUSTOMISATION,
	REWARD_PARTNER_TRANSFER
};

struct tags {
	const char *const *tags;
	int count; // 0: the document names none
};

struct extension { // months 0: none
	int months;
	unsigned on; // set of enum activity_kind
	struct tags activities;
	int64_t min_amount;
};

struct expiry {
	enum expiry_policy policy;
	int months;            // after_month_of_earn, exact_months, inactivity
	struct month_day date; // fixed_date
	int years;
	unsigned activity_on; // set of enum activity_kind
	int ladder;           // of unless_tier
	const bool *unless_tier;
	struct extension extend;
};

struct transfers { // between members
	bool allowed;
	int64_t min; // of one transfer; 0: none
};

struct currency {
	char code[CODE_SIZE];
	const char *name; // the code if the document gives none; so for every name below
	enum currency_kind kind;
	int decimals; // 0..2
	bool negative;
	const char *partner;
	struct expiry expiry;
	struct transfers transfers;
};

struct threshold {
	day_t from;
	int64_t at; // hundredths
};

struct tier {
	char code[CODE_SIZE];
	const char *name;
	int64_t at; // hundredths of the metric: of a currency unit, of a visit, or minor units of money
	struct threshold *versions;
	int version_count;
};

struct ladder {
	char code[CODE_SIZE];
	const char *name;
	enum metric_kind metric;
	int currency; // of METRIC_CURRENCY
	enum window_kind window;
	struct month_day window_start; // WINDOW_YEAR
	int window_months;             // WINDOW_ROLLING
	int extra_months;              // validity after the window's end
	int validity_months;           // WINDOW_ROLLING
	enum returns_policy returns;
	bool rollover;
	bool one_down;
	struct tier *tiers; // [0] is the base tier
	int tier_count;
};

struct segment { // of members, who are in it while it is verified that they are
	char code[CODE_SIZE];
	const char *name;
	int months, days; // how long a verification lasts; both 0: until it is ended
};

struct membership { // in a segment, -1: not asked for
	int segment, not_segment;
};

struct condition {
	const char *activity, *partner, *tender, *flag, *not_flag; // NULL: not asked for
	struct membership membership;
	struct tags channels, categories, excluded;
	int ladder;
	const bool *tiers;
	int plan;
	int64_t min_amount, max_amount; // minor units, 0: not asked for
	int64_t tolerance;              // 10^-4
	day_t from, to;                 // DAY_NONE: open
};

struct limit { // count 0: none
	int64_t count;
	enum period period;
};

struct cap { // max 0: none
	int64_t max;
	enum period period;
};

struct band {
	int64_t from; // minor units
	int64_t value;
};

struct multiplier {
	char id[CODE_SIZE];
	const char *name;
	struct condition when;
	int64_t factor; // 10^-2
	struct limit limit;
};

struct award {
	enum award_kind kind;
	int currency;
	int64_t rate;         // 10^-4, AWARD_RATE
	int ladder;           // AWARD_BY_TIER
	const int64_t *rates; // one a tier
	int64_t per;
	bool step, use_quantity, per_unit;
	struct band *bands;
	int band_count;
	int64_t fixed;
	enum rounding round;
	int64_t cap_per_event; // 0: none
};

struct earn_rule {
	char id[CODE_SIZE];
	const char *name;
	enum earn_event on;
	struct condition when;
	struct award award;
	struct multiplier multipliers[MULTIPLIERS_MAX];
	int multiplier_count;
	enum stack_policy stack;
	struct cap cap;
	struct limit limit;
};

struct validity { // how long an issued reward lasts
	enum { VALID_UNSAID, VALID_DAYS, VALID_MONTHS, VALID_MONTH_END, VALID_UNTIL_DATE } kind;
	int count; // days or months
	struct month_day date;
	int years;
};

struct reward {
	char code[CODE_SIZE];
	const char *name;
	enum reward_kind kind;
	int64_t value; // minor units of money
	int currency;  // -1: cannot be redeemed
	int64_t cost;
	int ladder;
	const bool *tiers;
	const int64_t *discount_pct;                                // 10^-2, one a tier; NULL: none
	int64_t min_basket, min_per_txn, max_per_txn, max_per_year; // 0: none
	int into;      // REWARD_PARTNER_TRANSFER: the partner's currency, else -1
	int64_t gives; // of it, for a unit
	struct validity validity;
	day_t first_day, last_day; // on which it is offered; INT32_MIN, DAY_NONE: no such end
};

struct grant_terms {
	bool none;
	int reward;     // -1: no reward
	int64_t amount; // 0: no currency
	struct validity validity;
};

struct grant {
	char id[CODE_SIZE];
	const char *name;
	enum grant_event on;
	bool leap_in_march;
	struct month_day date;
	int plan;
	const char *flag;
	struct membership membership;
	int currency;
	struct grant_terms terms;
	int ladder;                        // of by_tier, -1: none
	const struct grant_terms *by_tier; // one a tier, the grant's own terms where the tier is not named
};

struct payout {
	char id[CODE_SIZE];
	const char *name;
	int currency;
	struct month_day *on;
	int on_count;
	int reward;
	bool prev_year;
	int64_t min, step; // 0: none
};

struct auto_issue {
	char id[CODE_SIZE];
	const char *name;
	int currency;
	int64_t cost;
	int reward;
	struct cap cap; // in minor units of reward value
};

struct price {
	day_t from;
	int64_t price_minor;
	day_t renewals_from; // = from where the document gives none
};

struct plan {
	char code[CODE_SIZE];
	const char *name;
	int months; // 0: once for life
	enum refund_policy refund;
	struct price *prices;
	int price_count;
};

struct benefit {
	char code[CODE_SIZE];
	const char *name;
	enum benefit_kind kind;
	int ladder;
	const bool *tiers;
	int plan;
	const char *flag;
	struct membership membership;
	struct tags categories;
	int64_t value; // BENEFIT_DISCOUNT_PCT: 10^-2 per cent; else minor units
};

struct programme {
	char code[CODE_SIZE];
	const char *name;
	char money[4];
	day_t effective_from;
	const char *timezone; // NULL if not given
	struct tags qualifying_categories, qualifying_excluded;
	struct currency *currencies;
	struct ladder *ladders;
	struct segment *segments;
	struct earn_rule *earn;
	struct reward *rewards;
	struct grant *grants;
	struct payout *payouts;
	struct auto_issue *autos;
	struct plan *plans;
	struct benefit *benefits;
	int currency_count, ladder_count, earn_count, reward_count, grant_count, payout_count, auto_count,
		plan_count, benefit_count, segment_count;
	struct arena arena; // owns everything above
};

// Reads a programme document of `length` bytes; `name` is what error lines call it. NULL if it is refused;
// every mistake is then in errors. To be freed with programme_free.
struct programme *programme_read(
	const char *name, const char *text, size_t length, struct document_errors *errors);
void programme_free(struct programme *);

// The index of what the document calls that, or -1.
int programme_currency(const struct programme *, const char *code);
int programme_ladder(const struct programme *, const char *code);
int programme_tier(const struct ladder *, const char *code);
int programme_earn_rule(const struct programme *, const char *id);
int programme_reward(const struct programme *, const char *code);
int programme_plan(const struct programme *, const char *code);
int programme_segment(const struct programme *, const char *code);

// Whether the reward is offered on that day; and the first day on which it is, that day or later (DAY_NONE:
// never again).
bool reward_is_offered(const struct reward *, day_t);
day_t reward_next_offered(const struct reward *, day_t);

// "always", "from 2025-12-01", "up to 2025-12-24", "from 2025-12-01 to 2025-12-24".
#define OFFERED_SIZE 32
const char *reward_offered_text(const struct reward *, char out[OFFERED_SIZE]);
#endif
