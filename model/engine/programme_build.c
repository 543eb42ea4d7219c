// Turns a checked programme document into the structures the engine runs on: defaults filled in, codes made
// indexes.
#include "model/engine/programme_build.h"
#include <stdio.h>
#include <string.h>
#include "model/engine/form.h"
#include "model/engine/programme_form.h"

#define RATE_DECIMALS 4
#define MONEY_DECIMALS 2

// The array a list is built into; NULL for an absent list.
static void *list_alloc(struct programme *programme, const struct node *list, int *count, size_t size)
{
	*count = list != NULL ? list->count : 0;
	return *count > 0 ? arena_alloc(&programme->arena, (size_t)*count * size) : NULL;
}

static const char *text_copy(struct programme *programme, const struct node *node)
{
	return node != NULL ? arena_copy(&programme->arena, node->text) : NULL;
}

static void code_copy(char code[CODE_SIZE], const struct node *node)
{
	snprintf(code, CODE_SIZE, "%s", node->text);
}

static const char *name_copy(struct programme *programme, const struct node *group, const char *code)
{
	return arena_copy(&programme->arena, node_text(node_child(group, "name"), code));
}

static struct tags tags_build(struct programme *programme, const struct node *array)
{
	int count;
	const char **tags = list_alloc(programme, array, &count, sizeof *tags);
	for (int i = 0; i < count; i++)
		tags[i] = text_copy(programme, &array->children[i]);
	return (struct tags){.tags = tags, .count = count};
}

static unsigned activities_build(const struct node *array, unsigned otherwise)
{
	unsigned set = 0;
	if (array == NULL)
		return otherwise;
	for (int i = 0; i < array->count; i++)
		set |= 1u << node_word(&array->children[i], activity_words, 0);
	return set;
}

static bool boolean_build(const struct node *group, const char *key, bool otherwise)
{
	return node_integer(node_child(group, key), otherwise) != 0;
}

static int ladder_find(const struct programme *programme, const struct node *group)
{
	return programme_ladder(programme, node_text(node_child(group, "ladder"), NULL));
}

static const bool *tiers_build(struct programme *programme, int ladder, const struct node *codes)
{
	if (ladder < 0 || codes == NULL)
		return NULL;
	const struct ladder *of = &programme->ladders[ladder];
	bool *set = arena_alloc(&programme->arena, (size_t)of->tier_count * sizeof *set);
	for (int i = 0; i < codes->count; i++)
		set[programme_tier(of, codes->children[i].text)] = true;
	return set;
}

static const int64_t *tier_decimals_build(
	struct programme *programme, int ladder, const struct node *map, int decimals)
{
	if (ladder < 0 || map == NULL)
		return NULL;
	const struct ladder *of = &programme->ladders[ladder];
	int64_t *values = arena_alloc(&programme->arena, (size_t)of->tier_count * sizeof *values);
	for (int i = 0; i < map->count; i++)
		values[programme_tier(of, map->children[i].name)] =
			node_decimal(&map->children[i], decimals, 0);
	return values;
}

// Tiers come first of a ladder's settings, since all else refers to them; so do codes of currencies.
static void tier_build(struct programme *programme, const struct node *node, struct tier *tier)
{
	code_copy(tier->code, node_child(node, "code"));
	tier->name = name_copy(programme, node, tier->code);
	tier->at = node_decimal(node_child(node, "at"), MONEY_DECIMALS, 0);
	const struct node *versions = node_child(node, "versions");
	tier->versions = list_alloc(programme, versions, &tier->version_count, sizeof *tier->versions);
	for (int i = 0; i < tier->version_count; i++) {
		tier->versions[i].from = node_date(node_child(&versions->children[i], "from"), 0);
		tier->versions[i].at =
			node_decimal(node_child(&versions->children[i], "at"), MONEY_DECIMALS, 0);
	}
}

static void ladder_build(struct programme *programme, const struct node *node, struct ladder *ladder)
{
	const struct node *metric = node_child(node, "metric"), *window = node_child(node, "window");
	const struct node *validity = node_child(node, "validity"), *tiers = node_child(node, "tiers");
	code_copy(ladder->code, node_child(node, "code"));
	ladder->name = name_copy(programme, node, ladder->code);
	ladder->metric = (enum metric_kind)node_word(node_child(metric, "kind"), metric_words, 0);
	ladder->currency = programme_currency(programme, node_text(node_child(metric, "currency"), NULL));
	ladder->window = (enum window_kind)node_word(node_child(window, "kind"), window_words, 0);
	ladder->window_start = node_month_day(node_child(window, "start"));
	ladder->window_months = (int)node_integer(node_child(window, "months"), 0);
	ladder->extra_months = (int)node_integer(node_child(validity, "extra_months"), 0);
	ladder->validity_months = (int)node_integer(node_child(validity, "months"), 0);
	ladder->returns = (enum returns_policy)node_word(node_child(node, "returns"), returns_words, 0);
	ladder->rollover = node_word(node_child(node, "rollover"), rollover_words, 0) == 1;
	ladder->one_down = node_word(node_child(node, "downgrade"), downgrade_words, 0) == 1;
	ladder->tiers = list_alloc(programme, tiers, &ladder->tier_count, sizeof *ladder->tiers);
	for (int i = 0; i < ladder->tier_count; i++)
		tier_build(programme, &tiers->children[i], &ladder->tiers[i]);
}

static void expiry_build(struct programme *programme, const struct node *node, struct expiry *expiry)
{
	const struct node *extend = node_child(node, "extend");
	expiry->policy =
		(enum expiry_policy)node_word(node_child(node, "policy"), expiry_policy_words, EXPIRY_NEVER);
	expiry->months = (int)node_integer(node_child(node, "months"), 0);
	expiry->date = node_month_day(node_child(node, "date"));
	expiry->years = (int)node_integer(node_child(node, "years"), 0);
	expiry->activity_on = expiry->policy == EXPIRY_INACTIVITY
				      ? activities_build(node_child(node, "activity_on"), ACTIVE_ALL)
				      : 0;
	expiry->ladder = ladder_find(programme, node);
	expiry->unless_tier = tiers_build(programme, expiry->ladder, node_child(node, "unless_tier"));
	expiry->extend.months = (int)node_integer(node_child(extend, "months"), 0);
	expiry->extend.on = activities_build(node_child(extend, "on"), 0);
	expiry->extend.activities = tags_build(programme, node_child(extend, "activities"));
	expiry->extend.min_amount = node_integer(node_child(extend, "min_amount"), 0);
}

static void currency_build(struct programme *programme, const struct node *node, struct currency *currency)
{
	code_copy(currency->code, node_child(node, "code"));
	currency->name = name_copy(programme, node, currency->code);
	currency->kind = (enum currency_kind)node_word(node_child(node, "kind"), currency_kind_words, 0);
	currency->decimals = (int)node_integer(node_child(node, "decimals"), 0);
	currency->negative = boolean_build(node, "negative", true);
	currency->partner = text_copy(programme, node_child(node, "partner"));
	const struct node *transfers = node_child(node, "transfers");
	currency->transfers.allowed = transfers != NULL;
	currency->transfers.min = node_decimal(node_child(transfers, "min"), currency->decimals, 0);
}

static void segment_build(struct programme *programme, const struct node *node, struct segment *segment)
{
	code_copy(segment->code, node_child(node, "code"));
	segment->name = name_copy(programme, node, segment->code);
	segment->months = (int)node_integer(node_child(node, "months"), 0);
	segment->days = (int)node_integer(node_child(node, "days"), 0);
}

static struct membership membership_build(const struct programme *programme, const struct node *node)
{
	return (struct membership){
		.segment = programme_segment(programme, node_text(node_child(node, "segment"), NULL)),
		.not_segment = programme_segment(programme, node_text(node_child(node, "not_segment"), NULL)),
	};
}

static void condition_build(struct programme *programme, const struct node *node, struct condition *when)
{
	when->activity = text_copy(programme, node_child(node, "activity"));
	when->partner = text_copy(programme, node_child(node, "partner"));
	when->tender = text_copy(programme, node_child(node, "tender"));
	when->flag = text_copy(programme, node_child(node, "flag"));
	when->not_flag = text_copy(programme, node_child(node, "not_flag"));
	when->membership = membership_build(programme, node);
	when->channels = tags_build(programme, node_child(node, "channel"));
	when->categories = tags_build(programme, node_child(node, "category"));
	when->excluded = tags_build(programme, node_child(node, "exclude"));
	when->ladder = ladder_find(programme, node);
	when->tiers = tiers_build(programme, when->ladder, node_child(node, "tier"));
	when->plan = programme_plan(programme, node_text(node_child(node, "plan"), NULL));
	when->min_amount = node_integer(node_child(node, "min_amount"), 0);
	when->max_amount = node_integer(node_child(node, "max_amount"), 0);
	when->tolerance =
		node_decimal(node_child(node, "tolerance"), RATE_DECIMALS, decimal_power(RATE_DECIMALS));
	when->from = node_date(node_child(node, "from"), DAY_NONE);
	when->to = node_date(node_child(node, "to"), DAY_NONE);
}

static int currency_decimals(const struct programme *programme, int currency)
{
	return currency < 0 ? 0 : programme->currencies[currency].decimals;
}

static void award_build(struct programme *programme, const struct node *node, struct award *award)
{
	const struct node *bands = node_child(node, "bands");
	award->currency = programme_currency(programme, node_child(node, "currency")->text);
	int decimals = currency_decimals(programme, award->currency);
	award->kind = node_child(node, "rate") != NULL      ? AWARD_RATE
		      : node_child(node, "by_tier") != NULL ? AWARD_BY_TIER
		      : bands != NULL                       ? AWARD_BANDS
							    : AWARD_FIXED;
	award->rate = node_decimal(node_child(node, "rate"), RATE_DECIMALS, 0);
	award->ladder = ladder_find(programme, node);
	award->rates =
		tier_decimals_build(programme, award->ladder, node_child(node, "by_tier"), RATE_DECIMALS);
	award->per = node_integer(node_child(node, "per"), 100);
	award->step = boolean_build(node, "step", false);
	award->use_quantity = boolean_build(node, "use_quantity", false);
	award->per_unit = boolean_build(node, "per_unit", false);
	award->fixed = node_decimal(node_child(node, "fixed"), decimals, 0);
	award->round = (enum rounding)node_word(node_child(node, "round"), rounding_words, ROUND_FLOOR);
	award->cap_per_event = node_decimal(node_child(node, "cap_per_event"), decimals, 0);
	award->bands = list_alloc(programme, bands, &award->band_count, sizeof *award->bands);
	for (int i = 0; i < award->band_count; i++) {
		award->bands[i].from = node_child(&bands->children[i], "from")->number;
		award->bands[i].value = node_decimal(node_child(&bands->children[i], "value"), decimals, 0);
	}
}

static struct limit limit_build(const struct node *node)
{
	return (struct limit){
		.count = node_integer(node_child(node, "count"), 0),
		.period = (enum period)node_word(node_child(node, "period"), period_words, 0),
	};
}

static struct cap cap_build(const struct node *node, int decimals)
{
	return (struct cap){
		.max = node_decimal(node_child(node, "max"), decimals, 0),
		.period = (enum period)node_word(node_child(node, "period"), period_words, 0),
	};
}

static void multiplier_build(
	struct programme *programme, const struct node *node, struct multiplier *multiplier)
{
	code_copy(multiplier->id, node_child(node, "id"));
	multiplier->name = name_copy(programme, node, multiplier->id);
	condition_build(programme, node_child(node, "when"), &multiplier->when);
	multiplier->factor = node_decimal(node_child(node, "factor"), 2, 100);
	multiplier->limit = limit_build(node_child(node, "limit"));
}

static void earn_build(struct programme *programme, const struct node *node, struct earn_rule *rule)
{
	const struct node *multipliers = node_child(node, "multipliers");
	code_copy(rule->id, node_child(node, "id"));
	rule->name = name_copy(programme, node, rule->id);
	rule->on = (enum earn_event)node_word(node_child(node, "on"), earn_event_words, 0);
	condition_build(programme, node_child(node, "when"), &rule->when);
	award_build(programme, node_child(node, "award"), &rule->award);
	rule->multiplier_count = multipliers != NULL ? multipliers->count : 0;
	for (int i = 0; i < rule->multiplier_count; i++)
		multiplier_build(programme, &multipliers->children[i], &rule->multipliers[i]);
	rule->stack = (enum stack_policy)node_word(node_child(node, "stack"), stack_words, STACK_BEST);
	rule->cap = cap_build(node_child(node, "cap"), currency_decimals(programme, rule->award.currency));
	rule->limit = limit_build(node_child(node, "limit"));
}

static struct validity validity_build(const struct node *node)
{
	const struct node *days = node_child(node, "valid_days"), *months = node_child(node, "valid_months");
	const struct node *date = node_child(node, "expires_on");
	if (days != NULL)
		return (struct validity){.kind = VALID_DAYS, .count = (int)days->number};
	if (months != NULL)
		return (struct validity){.kind = VALID_MONTHS, .count = (int)months->number};
	if (node_child(node, "valid_to") != NULL)
		return (struct validity){.kind = VALID_MONTH_END};
	if (date == NULL)
		return (struct validity){.kind = VALID_UNSAID};
	return (struct validity){
		.kind = VALID_UNTIL_DATE,
		.date = node_month_day(date),
		.years = (int)node_integer(node_child(node, "expires_years"), 0),
	};
}

static void reward_build(struct programme *programme, const struct node *node, struct reward *reward)
{
	code_copy(reward->code, node_child(node, "code"));
	reward->name = name_copy(programme, node, reward->code);
	reward->kind = (enum reward_kind)node_word(node_child(node, "kind"), reward_kind_words, 0);
	reward->value = node_decimal(node_child(node, "value"), MONEY_DECIMALS, 0);
	reward->currency = programme_currency(programme, node_text(node_child(node, "currency"), NULL));
	reward->cost =
		node_decimal(node_child(node, "cost"), currency_decimals(programme, reward->currency), 0);
	reward->ladder = ladder_find(programme, node);
	reward->tiers = tiers_build(programme, reward->ladder, node_child(node, "tier"));
	reward->discount_pct =
		tier_decimals_build(programme, reward->ladder, node_child(node, "discount_pct_by_tier"), 2);
	reward->min_basket = node_integer(node_child(node, "min_basket"), 0);
	reward->min_per_txn = node_integer(node_child(node, "min_per_txn"), 0);
	reward->max_per_txn = node_integer(node_child(node, "max_per_txn"), 0);
	reward->max_per_year = node_integer(node_child(node, "max_per_year"), 0);
	reward->into = programme_currency(programme, node_text(node_child(node, "into"), NULL));
	reward->gives =
		node_decimal(node_child(node, "gives"), currency_decimals(programme, reward->into), 0);
	reward->validity = validity_build(node);
	reward->first_day = node_date(node_child(node, "first_day"), INT32_MIN);
	reward->last_day = node_date(node_child(node, "last_day"), DAY_NONE);
}

static struct grant_terms terms_build(const struct programme *programme, const struct node *node,
	int decimals, const struct grant_terms *otherwise)
{
	struct grant_terms terms = *otherwise;
	terms.none = boolean_build(node, "none", false);
	if (node_child(node, "reward") != NULL)
		terms.reward = programme_reward(programme, node_child(node, "reward")->text);
	terms.amount = node_decimal(node_child(node, "amount"), decimals, otherwise->amount);
	struct validity validity = validity_build(node);
	if (validity.kind != VALID_UNSAID)
		terms.validity = validity;
	return terms;
}

static void grant_build(struct programme *programme, const struct node *node, struct grant *grant)
{
	static const struct grant_terms nothing = {.reward = -1};
	code_copy(grant->id, node_child(node, "id"));
	grant->name = name_copy(programme, node, grant->id);
	grant->on = (enum grant_event)node_word(node_child(node, "on"), grant_event_words, 0);
	grant->leap_in_march = node_word(node_child(node, "leap"), leap_words, 0) == 1;
	grant->date = node_month_day(node_child(node, "date"));
	grant->plan = programme_plan(programme, node_text(node_child(node, "plan"), NULL));
	grant->flag = text_copy(programme, node_child(node, "flag"));
	grant->membership = membership_build(programme, node);
	grant->currency = programme_currency(programme, node_text(node_child(node, "currency"), NULL));
	int decimals = currency_decimals(programme, grant->currency);
	grant->terms = terms_build(programme, node, decimals, &nothing);
	grant->ladder = ladder_find(programme, node);
	const struct node *by_tier = node_child(node, "by_tier");
	if (by_tier == NULL)
		return;
	const struct ladder *ladder = &programme->ladders[grant->ladder];
	struct grant_terms *terms =
		arena_alloc(&programme->arena, (size_t)ladder->tier_count * sizeof *terms);
	for (int i = 0; i < ladder->tier_count; i++)
		terms[i] = terms_build(
			programme, node_child(by_tier, ladder->tiers[i].code), decimals, &grant->terms);
	grant->by_tier = terms;
}

static void payout_build(struct programme *programme, const struct node *node, struct payout *payout)
{
	const struct node *on = node_child(node, "on");
	code_copy(payout->id, node_child(node, "id"));
	payout->name = name_copy(programme, node, payout->id);
	payout->currency = programme_currency(programme, node_child(node, "currency")->text);
	payout->on = list_alloc(programme, on, &payout->on_count, sizeof *payout->on);
	for (int i = 0; i < payout->on_count; i++)
		payout->on[i] = node_month_day(&on->children[i]);
	payout->reward = programme_reward(programme, node_child(node, "reward")->text);
	payout->prev_year = node_word(node_child(node, "window"), payout_window_words, 0) == 1;
	int decimals = currency_decimals(programme, payout->currency);
	payout->min = node_decimal(node_child(node, "min"), decimals, 0);
	payout->step = node_decimal(node_child(node, "step"), decimals, 0);
}

static void auto_build(struct programme *programme, const struct node *node, struct auto_issue *auto_issue)
{
	code_copy(auto_issue->id, node_child(node, "id"));
	auto_issue->name = name_copy(programme, node, auto_issue->id);
	auto_issue->currency = programme_currency(programme, node_child(node, "currency")->text);
	auto_issue->cost =
		node_decimal(node_child(node, "cost"), currency_decimals(programme, auto_issue->currency), 0);
	auto_issue->reward = programme_reward(programme, node_child(node, "reward")->text);
	auto_issue->cap = cap_build(node_child(node, "cap"), MONEY_DECIMALS);
}

static void plan_build(struct programme *programme, const struct node *node, struct plan *plan)
{
	const struct node *prices = node_child(node, "prices");
	code_copy(plan->code, node_child(node, "code"));
	plan->name = name_copy(programme, node, plan->code);
	plan->months = (int)node_integer(node_child(node, "months"), 0);
	plan->refund = (enum refund_policy)node_word(node_child(node, "refund"), refund_words, 0);
	plan->prices = list_alloc(programme, prices, &plan->price_count, sizeof *plan->prices);
	for (int i = 0; i < plan->price_count; i++) {
		const struct node *price = &prices->children[i];
		plan->prices[i].from = node_date(node_child(price, "from"), 0);
		plan->prices[i].price_minor = node_child(price, "price")->number;
		plan->prices[i].renewals_from =
			node_date(node_child(price, "renewals_from"), plan->prices[i].from);
	}
}

static void benefit_build(struct programme *programme, const struct node *node, struct benefit *benefit)
{
	code_copy(benefit->code, node_child(node, "code"));
	benefit->name = name_copy(programme, node, benefit->code);
	benefit->kind = (enum benefit_kind)node_word(node_child(node, "kind"), benefit_kind_words, 0);
	benefit->ladder = ladder_find(programme, node);
	benefit->tiers = tiers_build(programme, benefit->ladder, node_child(node, "tier"));
	benefit->plan = programme_plan(programme, node_text(node_child(node, "plan"), NULL));
	benefit->flag = text_copy(programme, node_child(node, "flag"));
	benefit->membership = membership_build(programme, node);
	benefit->categories = tags_build(programme, node_child(node, "category"));
	benefit->value =
		node_decimal(node_child(node, "value"), benefit->kind == BENEFIT_DISCOUNT_PCT ? 2 : 0, 0);
}

#define BUILD_LIST(programme, node, key, list, count, build)                                                 \
	do {                                                                                                 \
		const struct node *elements_ = node_child(node, key);                                        \
		(programme)->list =                                                                          \
			list_alloc(programme, elements_, &(programme)->count, sizeof *(programme)->list);    \
		for (int i_ = 0; i_ < (programme)->count; i_++)                                              \
			build(programme, &elements_->children[i_], &(programme)->list[i_]);                  \
	} while (0)

static void header_build(struct programme *programme, const struct node *node)
{
	const struct node *qualifying = node_child(node, "qualifying_spend");
	code_copy(programme->code, node_child(node, "code"));
	programme->name = text_copy(programme, node_child(node, "name"));
	snprintf(programme->money, sizeof programme->money, "%s", node_child(node, "money")->text);
	programme->effective_from = node_date(node_child(node, "effective_from"), 0);
	programme->timezone = text_copy(programme, node_child(node, "timezone"));
	programme->qualifying_categories = tags_build(programme, node_child(qualifying, "category"));
	programme->qualifying_excluded = tags_build(programme, node_child(qualifying, "exclude"));
}

// In the order in which they refer to each other; expiry comes last, since currencies and ladders refer to
// each other.
struct programme *programme_build(const struct node *node)
{
	struct arena arena = {0};
	struct programme *programme = arena_alloc(&arena, sizeof *programme);
	programme->arena = arena;
	header_build(programme, node);
	BUILD_LIST(programme, node, "currencies", currencies, currency_count, currency_build);
	BUILD_LIST(programme, node, "ladders", ladders, ladder_count, ladder_build);
	for (int i = 0; i < programme->currency_count; i++)
		expiry_build(programme, node_child(&node_child(node, "currencies")->children[i], "expiry"),
			&programme->currencies[i].expiry);
	BUILD_LIST(programme, node, "plans", plans, plan_count, plan_build);
	BUILD_LIST(programme, node, "segments", segments, segment_count, segment_build);
	BUILD_LIST(programme, node, "earn", earn, earn_count, earn_build);
	BUILD_LIST(programme, node, "rewards", rewards, reward_count, reward_build);
	BUILD_LIST(programme, node, "grants", grants, grant_count, grant_build);
	BUILD_LIST(programme, node, "payouts", payouts, payout_count, payout_build);
	BUILD_LIST(programme, node, "auto", autos, auto_count, auto_build);
	BUILD_LIST(programme, node, "benefits", benefits, benefit_count, benefit_build);
	return programme;
}
