// What the settings of currencies, ladders and segments owe to each other.
#include "model/engine/programme.h"
#include "model/engine/programme_form.h"
#include "model/engine/relation.h"

static bool policy_is_dated(int policy)
{
	return policy == EXPIRY_AFTER_MONTH_OF_EARN || policy == EXPIRY_EXACT_MONTHS ||
	       policy == EXPIRY_FIXED_DATE;
}

static void extend_check(struct relation *relation, const struct node *extend)
{
	if (node_child(extend, "min_amount") != NULL || node_child(extend, "on") == NULL)
		relation_need(relation, extend, "activities",
			node_child(extend, "min_amount") != NULL ? "is needed by min_amount"
								 : "on or activities is needed");
}

static void dated_check(struct relation *relation, const struct node *expiry, int policy)
{
	static const char *const users[] = {"unless_tier", NULL};
	if (policy_is_dated(policy)) {
		relation_check_tiers(relation, expiry, users);
		if (node_child(expiry, "extend") != NULL)
			extend_check(relation, node_child(expiry, "extend"));
		return;
	}
	relation_forbid(relation, expiry, "ladder", "only for a policy that gives lots a date");
	relation_forbid(relation, expiry, "unless_tier", "only for a policy that gives lots a date");
	relation_forbid(relation, expiry, "extend", "only for a policy that gives lots a date");
}

static void expiry_check(struct relation *relation, const struct node *expiry)
{
	int policy = node_word(node_child(expiry, "policy"), expiry_policy_words, EXPIRY_NEVER);
	bool months = policy == EXPIRY_AFTER_MONTH_OF_EARN || policy == EXPIRY_EXACT_MONTHS ||
		      policy == EXPIRY_INACTIVITY;
	if (months)
		relation_need(relation, expiry, "months", "is needed by this policy");
	else
		relation_forbid(relation, expiry, "months", "has no meaning for this policy");
	if (policy == EXPIRY_FIXED_DATE) {
		relation_need(relation, expiry, "date", "is needed by fixed_date");
	} else {
		relation_forbid(relation, expiry, "date", "only for fixed_date");
		relation_forbid(relation, expiry, "years", "only for fixed_date");
	}
	if (policy != EXPIRY_INACTIVITY)
		relation_forbid(relation, expiry, "activity_on", "only for inactivity");
	dated_check(relation, expiry, policy);
}

// Points that members pass on keep their dates, so they must have dates of their own to keep.
static void transfers_check(struct relation *relation, const struct node *currency)
{
	const struct node *expiry = node_child(currency, "expiry");
	int kind = node_word(node_child(currency, "kind"), currency_kind_words, KIND_REDEEMABLE);
	if (kind == KIND_QUALIFYING || kind == KIND_PARTNER)
		relation_forbid(relation, currency, "transfers", "a qualifying or partner currency cannot be spent");
	else if (node_word(node_child(expiry, "policy"), expiry_policy_words, EXPIRY_NEVER) == EXPIRY_SESSION)
		relation_forbid(relation, currency, "transfers", "points of a session end with it");
	else if (node_child(expiry, "unless_tier") != NULL)
		relation_forbid(relation, currency, "transfers",
			"lots that a tier keeps from expiring would get new dates on their way");
}

void relation_check_currencies(struct relation *relation)
{
	const struct node *currencies = relation_list(relation, "currencies");
	for (int i = 0; i < currencies->count; i++) {
		const struct node *expiry = node_child(&currencies->children[i], "expiry");
		if (expiry != NULL)
			expiry_check(relation, expiry);
		transfers_check(relation, &currencies->children[i]);
	}
}

static void metric_check(struct relation *relation, const struct node *metric)
{
	if (node_word(node_child(metric, "kind"), metric_words, METRIC_SPEND) != METRIC_CURRENCY) {
		relation_forbid(relation, metric, "currency", "only for a metric of kind currency");
		return;
	}
	if (node_child(metric, "currency") == NULL)
		document_lack(relation->document, metric, "currency", "V7", "is required for kind currency");
	relation_refer(relation, metric, "currency", "currencies");
}

static void window_check(struct relation *relation, const struct node *window, int kind)
{
	if (kind != WINDOW_YEAR)
		relation_forbid(relation, window, "start", "only for a window of a year");
	if (kind != WINDOW_ROLLING)
		relation_forbid(relation, window, "months", "only for a rolling window");
	else
		relation_need(relation, window, "months", "is required for a rolling window");
}

static void validity_check(struct relation *relation, const struct node *ladder, int window)
{
	const struct node *validity = node_child(ladder, "validity"), *kind = node_child(validity, "kind");
	int wanted = window == WINDOW_LIFETIME  ? LADDER_UNTIL_LIFETIME
		     : window == WINDOW_ROLLING ? LADDER_UNTIL_MONTHS
						: LADDER_UNTIL_WINDOW_END;
	int given = node_word(kind, validity_words, wanted);
	if (given != wanted) {
		document_fault(
			relation->document, kind, "V7", "must be %s for this window", validity_words[wanted]);
		return;
	}
	if (given != LADDER_UNTIL_WINDOW_END)
		relation_forbid(relation, validity, "extra_months", "only for window_end");
	if (given != LADDER_UNTIL_MONTHS) {
		relation_forbid(relation, validity, "months", "only for months");
		return;
	}
	relation_need(relation, validity, "months", "is required for months");
	const struct node *months = node_child(validity, "months");
	if (months != NULL &&
		months->number < node_integer(node_child(node_child(ladder, "window"), "months"), 0))
		relation_forbid(relation, validity, "months", "must not be shorter than the window");
}

// The threshold in force at a date, or the tier's own before any version.
static const struct node *threshold_at(const struct node *tier, day_t date)
{
	const struct node *at = node_child(tier, "at"), *versions = node_child(tier, "versions");
	for (int i = 0; versions != NULL && i < versions->count; i++)
		if (node_date(node_child(&versions->children[i], "from"), DAY_NONE) <= date)
			at = node_child(&versions->children[i], "at");
	return at;
}

static bool version_starts(const struct node *tier, day_t date)
{
	const struct node *versions = node_child(tier, "versions");
	for (int i = 0; versions != NULL && i < versions->count; i++)
		if (node_date(node_child(&versions->children[i], "from"), DAY_NONE) == date)
			return true;
	return false;
}

// Thresholds must rise on the day a version of one of them starts. The setting that changed that day is to
// blame.
static void version_date_check(struct relation *relation, const struct node *tiers, day_t date)
{
	for (int i = 1; i < tiers->count; i++) {
		const struct node *below = threshold_at(&tiers->children[i - 1], date);
		const struct node *above = threshold_at(&tiers->children[i], date);
		if (node_decimal(above, 2, 0) > node_decimal(below, 2, 0))
			continue;
		if (!version_starts(&tiers->children[i], date) &&
			!version_starts(&tiers->children[i - 1], date))
			continue;
		document_fault(relation->document, version_starts(&tiers->children[i], date) ? above : below,
			"V8", "thresholds must rise from tier to tier at every date");
	}
}

static void versions_check(struct relation *relation, const struct node *tiers, const struct node *versions)
{
	day_t previous = INT32_MIN;
	for (int i = 0; versions != NULL && i < versions->count; i++) {
		const struct node *from = node_child(&versions->children[i], "from");
		if (node_date(from, DAY_NONE) <= previous)
			document_fault(relation->document, from, "V8", "dates must rise");
		previous = node_date(from, DAY_NONE);
		version_date_check(relation, tiers, previous);
	}
}

static void tiers_check(struct relation *relation, const struct node *ladder, int window)
{
	const struct node *tiers = node_child(ladder, "tiers");
	int64_t previous = -1;
	int mistakes = relation->document->errors->count;
	for (int i = 0; i < tiers->count; i++) {
		const struct node *tier = &tiers->children[i], *at = node_child(tier, "at");
		if (i == 0)
			relation_forbid(relation, tier, "versions", "the base tier has none");
		else if (window == WINDOW_ROLLING || window == WINDOW_LIFETIME)
			relation_forbid(
				relation, tier, "versions", "only for year, month and membership_year");
		int64_t threshold = node_decimal(at, 2, 0);
		if (i == 0 && threshold != 0)
			document_fault(relation->document, at, "V8", "the base tier must be at 0");
		else if (i > 0 && threshold <= previous)
			document_fault(
				relation->document, at, "V8", "thresholds must rise from tier to tier");
		previous = threshold;
	}
	for (int i = 1; i < tiers->count && relation->document->errors->count == mistakes; i++)
		versions_check(relation, tiers, node_child(&tiers->children[i], "versions"));
}

static void ladder_check(struct relation *relation, const struct node *ladder)
{
	int window = node_word(node_child(node_child(ladder, "window"), "kind"), window_words, WINDOW_YEAR);
	metric_check(relation, node_child(ladder, "metric"));
	window_check(relation, node_child(ladder, "window"), window);
	validity_check(relation, ladder, window);
	if (window == WINDOW_ROLLING)
		relation_forbid(relation, ladder, "returns", "not for a rolling window");
	if (window == WINDOW_ROLLING || window == WINDOW_LIFETIME)
		relation_forbid(relation, ladder, "rollover", "only for year, month and membership_year");
	const struct node *downgrade = node_child(ladder, "downgrade");
	if (window != WINDOW_ROLLING && node_word(downgrade, downgrade_words, 0) == 1)
		relation_forbid(relation, ladder, "downgrade", "one_down is only for a rolling window");
	tiers_check(relation, ladder, window);
}

// A verification lasts one length of time, or, with neither, until it is ended.
void relation_check_segments(struct relation *relation)
{
	const struct node *segments = relation_list(relation, "segments");
	for (int i = 0; i < segments->count; i++)
		if (node_child(&segments->children[i], "months") != NULL)
			relation_forbid(relation, &segments->children[i], "days",
				"months and days do not go together");
}

void relation_check_ladders(struct relation *relation)
{
	const struct node *ladders = relation_list(relation, "ladders");
	for (int i = 0; i < ladders->count; i++)
		ladder_check(relation, &ladders->children[i]);
}
