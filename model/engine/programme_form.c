// The settings of a programme document, table by table as the format's own tables stand (FORMAT section 3).
#include "model/engine/programme_form.h"

const char *const currency_kind_words[] = {
	"redeemable", "qualifying", "accrual", "punch", "counter", "partner", NULL};
const char *const expiry_policy_words[] = {
	"never", "after_month_of_earn", "exact_months", "fixed_date", "inactivity", "session", NULL};
const char *const activity_words[] = {"purchase", "redeem", "activity", "partner", NULL};
const char *const metric_words[] = {"currency", "spend", "visits", NULL};
const char *const window_words[] = {"year", "month", "membership_year", "lifetime", "rolling", NULL};
const char *const validity_words[] = {"window_end", "lifetime", "months", NULL};
const char *const returns_words[] = {"keep", "revoke", "at_window_end", NULL};
const char *const rollover_words[] = {"none", "excess", NULL};
const char *const downgrade_words[] = {"to_earned", "one_down", NULL};
const char *const earn_event_words[] = {
	"enrol", "purchase", "activity", "partner", "subscribe", "use_benefit", NULL};
const char *const stack_words[] = {"best", "multiply", "add", NULL};
const char *const rounding_words[] = {"floor", "half_up", "half_even", "ceil", NULL};
const char *const period_words[] = {"day", "week", "month", "year", "lifetime", NULL};
const char *const reward_kind_words[] = {"money_off", "item", "gift_card", "discount", "donation",
	"sweepstake_entry", "statement_credit", "badge", "customisation", "partner_transfer", NULL};
const char *const grant_event_words[] = {"birthday", "birth_month", "yearly", "plan_month", NULL};
const char *const leap_words[] = {"feb28", "mar1", NULL};
const char *const payout_window_words[] = {"all", "prev_year", NULL};
const char *const refund_words[] = {"none", "full_if_unused", NULL};
const char *const benefit_kind_words[] = {
	"discount_pct", "service", "credit", "access", "annual_reward", NULL};
static const char *const month_end_words[] = {"month_end", NULL};

#define END                                                                                                  \
	{                                                                                                    \
		.key = NULL                                                                                  \
	}
#define CODE                                                                                                 \
	{                                                                                                    \
		.key = "code", .type = FIELD_CODE, .required = true                                          \
	}
#define ID                                                                                                   \
	{                                                                                                    \
		.key = "id", .type = FIELD_CODE, .required = true                                            \
	}
#define NAME                                                                                                 \
	{                                                                                                    \
		.key = "name", .type = FIELD_NAME                                                            \
	}
#define MEMBERSHIP                                                                                           \
	{.key = "segment", .type = FIELD_CODE, .since = 2},                                                  \
	{                                                                                                    \
		.key = "not_segment", .type = FIELD_CODE, .since = 2                                         \
	}
#define VALIDITY                                                                                             \
	{.key = "valid_days", .type = FIELD_INTEGER, .min = 1, .max = 36500},                                \
		{.key = "valid_months", .type = FIELD_INTEGER, .min = 1, .max = 1200},                       \
		{.key = "valid_to", .type = FIELD_WORD, .words = month_end_words},                           \
		{.key = "expires_on", .type = FIELD_MONTH_DAY},                                              \
	{                                                                                                    \
		.key = "expires_years", .type = FIELD_INTEGER, .max = 50                                     \
	}

static const struct field qualifying_spend_fields[] = {
	{.key = "exclude", .type = FIELD_TAGS},
	{.key = "category", .type = FIELD_TAGS},
	END,
};

static const struct field extend_fields[] = {
	{.key = "months", .type = FIELD_INTEGER, .required = true, .min = 1, .max = INT32_MAX},
	{.key = "on", .type = FIELD_WORDS, .words = activity_words},
	{.key = "activities", .type = FIELD_TAGS},
	{.key = "min_amount", .type = FIELD_INTEGER, .min = 1},
	END,
};

static const struct field expiry_fields[] = {
	{.key = "policy", .type = FIELD_WORD, .required = true, .words = expiry_policy_words},
	{.key = "months", .type = FIELD_INTEGER, .max = INT32_MAX},
	{.key = "date", .type = FIELD_MONTH_DAY},
	{.key = "years", .type = FIELD_INTEGER, .max = 50},
	{.key = "activity_on", .type = FIELD_WORDS, .words = activity_words},
	{.key = "ladder", .type = FIELD_CODE},
	{.key = "unless_tier", .type = FIELD_CODES},
	{.key = "extend", .type = FIELD_GROUP, .fields = extend_fields},
	END,
};

static const struct field transfers_fields[] = {
	{.key = "min", .type = FIELD_DECIMAL, .decimals = 2},
	END,
};

static const struct field currency_fields[] = {
	CODE,
	NAME,
	{.key = "kind", .type = FIELD_WORD, .required = true, .words = currency_kind_words},
	{.key = "decimals", .type = FIELD_INTEGER, .max = 2},
	{.key = "negative", .type = FIELD_BOOLEAN},
	{.key = "partner", .type = FIELD_TAG},
	{.key = "expiry", .type = FIELD_GROUP, .fields = expiry_fields},
	{.key = "transfers", .type = FIELD_GROUP, .fields = transfers_fields, .since = 2},
	END,
};

static const struct field metric_fields[] = {
	{.key = "kind", .type = FIELD_WORD, .required = true, .words = metric_words},
	{.key = "currency", .type = FIELD_CODE},
	END,
};

static const struct field window_fields[] = {
	{.key = "kind", .type = FIELD_WORD, .required = true, .words = window_words},
	{.key = "start", .type = FIELD_MONTH_DAY},
	{.key = "months", .type = FIELD_INTEGER, .min = 1, .max = INT32_MAX},
	END,
};

static const struct field ladder_validity_fields[] = {
	{.key = "kind", .type = FIELD_WORD, .required = true, .words = validity_words},
	{.key = "extra_months", .type = FIELD_INTEGER, .max = INT32_MAX},
	{.key = "months", .type = FIELD_INTEGER, .min = 1, .max = INT32_MAX},
	END,
};

static const struct field version_fields[] = {
	{.key = "from", .type = FIELD_DATE, .required = true},
	{.key = "at", .type = FIELD_DECIMAL, .required = true, .decimals = 2},
	END,
};

static const struct field tier_fields[] = {
	CODE,
	NAME,
	{.key = "at", .type = FIELD_DECIMAL, .required = true, .decimals = 2},
	{.key = "versions", .type = FIELD_LIST, .fields = version_fields},
	END,
};

static const struct field ladder_fields[] = {
	CODE,
	NAME,
	{.key = "metric", .type = FIELD_GROUP, .required = true, .fields = metric_fields},
	{.key = "window", .type = FIELD_GROUP, .required = true, .fields = window_fields},
	{.key = "validity", .type = FIELD_GROUP, .required = true, .fields = ladder_validity_fields},
	{.key = "returns", .type = FIELD_WORD, .words = returns_words},
	{.key = "rollover", .type = FIELD_WORD, .words = rollover_words},
	{.key = "downgrade", .type = FIELD_WORD, .words = downgrade_words},
	{.key = "tiers", .type = FIELD_LIST, .required = true, .fields = tier_fields},
	END,
};

static const struct field segment_fields[] = {
	CODE,
	NAME,
	{.key = "months", .type = FIELD_INTEGER, .min = 1, .max = 1200},
	{.key = "days", .type = FIELD_INTEGER, .min = 1, .max = 36500},
	END,
};

static const struct field condition_fields[] = {
	{.key = "activity", .type = FIELD_TAG},
	{.key = "partner", .type = FIELD_TAG},
	{.key = "tender", .type = FIELD_TAG},
	{.key = "channel", .type = FIELD_TAGS},
	{.key = "flag", .type = FIELD_TAG},
	{.key = "not_flag", .type = FIELD_TAG},
	MEMBERSHIP,
	{.key = "ladder", .type = FIELD_CODE},
	{.key = "tier", .type = FIELD_CODES},
	{.key = "plan", .type = FIELD_CODE},
	{.key = "min_amount", .type = FIELD_INTEGER, .min = 1},
	{.key = "tolerance", .type = FIELD_DECIMAL, .decimals = 4, .above_zero = true, .max = 1},
	{.key = "max_amount", .type = FIELD_INTEGER, .min = 1},
	{.key = "from", .type = FIELD_DATE},
	{.key = "to", .type = FIELD_DATE},
	{.key = "category", .type = FIELD_TAGS},
	{.key = "exclude", .type = FIELD_TAGS},
	END,
};

static const struct field band_fields[] = {
	{.key = "from", .type = FIELD_INTEGER, .required = true, .min = 1},
	{.key = "value", .type = FIELD_DECIMAL, .required = true, .decimals = 2, .max = 1000000},
	END,
};

static const struct field award_fields[] = {
	{.key = "currency", .type = FIELD_CODE, .required = true},
	{.key = "rate", .type = FIELD_DECIMAL, .decimals = 4, .max = 10000},
	{.key = "by_tier", .type = FIELD_TIER_DECIMALS, .decimals = 4, .max = 10000},
	{.key = "ladder", .type = FIELD_CODE},
	{.key = "per", .type = FIELD_INTEGER, .min = 1, .max = 1000000},
	{.key = "step", .type = FIELD_BOOLEAN},
	{.key = "use_quantity", .type = FIELD_BOOLEAN},
	{.key = "bands", .type = FIELD_LIST, .fields = band_fields},
	{.key = "fixed", .type = FIELD_DECIMAL, .decimals = 2, .above_zero = true, .max = 1000000},
	{.key = "per_unit", .type = FIELD_BOOLEAN},
	{.key = "round", .type = FIELD_WORD, .words = rounding_words},
	{.key = "cap_per_event", .type = FIELD_DECIMAL, .decimals = 2, .above_zero = true},
	END,
};

static const struct field limit_fields[] = {
	{.key = "count", .type = FIELD_INTEGER, .required = true, .min = 1, .max = 1000000},
	{.key = "period", .type = FIELD_WORD, .required = true, .words = period_words},
	END,
};

static const struct field cap_fields[] = {
	{.key = "period", .type = FIELD_WORD, .required = true, .words = period_words},
	{.key = "max", .type = FIELD_DECIMAL, .required = true, .decimals = 2, .above_zero = true},
	END,
};

static const struct field multiplier_fields[] = {
	ID,
	NAME,
	{.key = "when", .type = FIELD_GROUP, .fields = condition_fields},
	{.key = "factor",
		.type = FIELD_DECIMAL,
		.required = true,
		.decimals = 2,
		.above_zero = true,
		.max = 10},
	{.key = "limit", .type = FIELD_GROUP, .fields = limit_fields},
	END,
};

static const struct field earn_fields[] = {
	ID,
	NAME,
	{.key = "on", .type = FIELD_WORD, .required = true, .words = earn_event_words},
	{.key = "when", .type = FIELD_GROUP, .fields = condition_fields},
	{.key = "award", .type = FIELD_GROUP, .required = true, .fields = award_fields},
	{.key = "multipliers", .type = FIELD_LIST, .fields = multiplier_fields},
	{.key = "stack", .type = FIELD_WORD, .words = stack_words},
	{.key = "cap", .type = FIELD_GROUP, .fields = cap_fields},
	{.key = "limit", .type = FIELD_GROUP, .fields = limit_fields},
	END,
};

static const struct field reward_fields[] = {
	CODE,
	NAME,
	{.key = "kind", .type = FIELD_WORD, .required = true, .words = reward_kind_words},
	{.key = "value", .type = FIELD_DECIMAL, .decimals = 2},
	{.key = "currency", .type = FIELD_CODE},
	{.key = "cost", .type = FIELD_DECIMAL, .decimals = 2, .above_zero = true},
	{.key = "ladder", .type = FIELD_CODE},
	{.key = "tier", .type = FIELD_CODES},
	{.key = "discount_pct_by_tier", .type = FIELD_TIER_DECIMALS, .decimals = 2, .max = 100},
	{.key = "min_basket", .type = FIELD_INTEGER, .min = 1},
	{.key = "min_per_txn", .type = FIELD_INTEGER, .min = 1, .max = 1000000, .since = 2},
	{.key = "max_per_txn", .type = FIELD_INTEGER, .min = 1, .max = 1000000},
	{.key = "max_per_year", .type = FIELD_INTEGER, .min = 1, .max = 1000000},
	{.key = "first_day", .type = FIELD_DATE, .since = 2},
	{.key = "last_day", .type = FIELD_DATE, .since = 2},
	{.key = "into", .type = FIELD_CODE, .since = 2},
	{.key = "gives", .type = FIELD_DECIMAL, .decimals = 2, .above_zero = true, .since = 2},
	VALIDITY,
	END,
};

static const struct field grant_tier_fields[] = {
	{.key = "none", .type = FIELD_BOOLEAN},
	{.key = "reward", .type = FIELD_CODE},
	{.key = "amount", .type = FIELD_DECIMAL, .decimals = 2, .above_zero = true},
	VALIDITY,
	END,
};

static const struct field grant_fields[] = {
	ID,
	NAME,
	{.key = "on", .type = FIELD_WORD, .required = true, .words = grant_event_words},
	{.key = "leap", .type = FIELD_WORD, .words = leap_words},
	{.key = "date", .type = FIELD_MONTH_DAY},
	{.key = "plan", .type = FIELD_CODE},
	{.key = "flag", .type = FIELD_TAG},
	MEMBERSHIP,
	{.key = "reward", .type = FIELD_CODE},
	{.key = "currency", .type = FIELD_CODE},
	{.key = "amount", .type = FIELD_DECIMAL, .decimals = 2, .above_zero = true},
	VALIDITY,
	{.key = "ladder", .type = FIELD_CODE},
	{.key = "by_tier", .type = FIELD_TIER_GROUPS, .fields = grant_tier_fields},
	END,
};

static const struct field payout_fields[] = {
	ID,
	NAME,
	{.key = "currency", .type = FIELD_CODE, .required = true},
	{.key = "on", .type = FIELD_MONTH_DAYS, .required = true},
	{.key = "reward", .type = FIELD_CODE, .required = true},
	{.key = "window", .type = FIELD_WORD, .words = payout_window_words},
	{.key = "min", .type = FIELD_DECIMAL, .decimals = 2},
	{.key = "step", .type = FIELD_DECIMAL, .decimals = 2, .above_zero = true},
	END,
};

static const struct field auto_fields[] = {
	ID,
	NAME,
	{.key = "currency", .type = FIELD_CODE, .required = true},
	{.key = "cost", .type = FIELD_DECIMAL, .required = true, .decimals = 2, .above_zero = true},
	{.key = "reward", .type = FIELD_CODE, .required = true},
	{.key = "cap", .type = FIELD_GROUP, .fields = cap_fields},
	END,
};

static const struct field price_fields[] = {
	{.key = "from", .type = FIELD_DATE, .required = true},
	{.key = "price", .type = FIELD_INTEGER, .required = true},
	{.key = "renewals_from", .type = FIELD_DATE},
	END,
};

static const struct field plan_fields[] = {
	CODE,
	NAME,
	{.key = "months", .type = FIELD_INTEGER, .required = true, .max = 1200},
	{.key = "refund", .type = FIELD_WORD, .required = true, .words = refund_words},
	{.key = "prices", .type = FIELD_LIST, .required = true, .fields = price_fields},
	END,
};

static const struct field benefit_fields[] = {
	CODE,
	NAME,
	{.key = "kind", .type = FIELD_WORD, .required = true, .words = benefit_kind_words},
	{.key = "ladder", .type = FIELD_CODE},
	{.key = "tier", .type = FIELD_CODES},
	{.key = "plan", .type = FIELD_CODE},
	{.key = "flag", .type = FIELD_TAG},
	MEMBERSHIP,
	{.key = "category", .type = FIELD_TAGS},
	{.key = "value", .type = FIELD_DECIMAL, .decimals = 2},
	{.key = "quantity", .type = FIELD_SCALAR},
	{.key = "unit", .type = FIELD_SCALAR},
	{.key = "per", .type = FIELD_SCALAR},
	{.key = "deposit", .type = FIELD_SCALAR},
	{.key = "verify", .type = FIELD_SCALAR},
	END,
};

const struct field programme_fields[] = {
	CODE,
	{.key = "name", .type = FIELD_NAME, .required = true},
	{.key = "money", .type = FIELD_MONEY_CODE, .required = true},
	{.key = "effective_from", .type = FIELD_DATE, .required = true},
	{.key = "timezone", .type = FIELD_TAG},
	{.key = "qualifying_spend", .type = FIELD_GROUP, .fields = qualifying_spend_fields},
	{.key = "currencies", .type = FIELD_LIST, .fields = currency_fields},
	{.key = "ladders", .type = FIELD_LIST, .fields = ladder_fields},
	{.key = "segments", .type = FIELD_LIST, .fields = segment_fields, .since = 2},
	{.key = "earn", .type = FIELD_LIST, .fields = earn_fields},
	{.key = "rewards", .type = FIELD_LIST, .fields = reward_fields},
	{.key = "grants", .type = FIELD_LIST, .fields = grant_fields},
	{.key = "payouts", .type = FIELD_LIST, .fields = payout_fields},
	{.key = "auto", .type = FIELD_LIST, .fields = auto_fields},
	{.key = "plans", .type = FIELD_LIST, .fields = plan_fields},
	{.key = "benefits", .type = FIELD_LIST, .fields = benefit_fields},
	END,
};

const struct field programme_document_fields[] = {
	{.key = "format", .type = FIELD_INTEGER, .min = 1, .max = 2},
	{.key = "programme", .type = FIELD_GROUP, .required = true, .fields = programme_fields},
	END,
};
