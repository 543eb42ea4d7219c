// Ranges that depend on another setting: decimals of the currency that is counted, rate for its unit, value
// for its kind.
#include "model/engine/programme.h"
#include "model/engine/programme_form.h"
#include "model/engine/relation.h"

#define RATE_PER_UNIT_MAX 100

// Fewer decimals than the currency allows (for a currency that is not there, another check speaks).
static void amount_check(struct relation *relation, const struct node *amount, const struct node *currency)
{
	const struct node *found =
		currency != NULL ? relation_find(relation, "currencies", currency->text) : NULL;
	if (amount == NULL || found == NULL)
		return;
	int allowed = (int)node_integer(node_child(found, "decimals"), 0);
	if (node_decimals_written(amount) > allowed)
		document_fault(relation->document, amount, "V4", "has more than the %d decimals of %s",
			allowed, currency->text);
}

static void expiry_check(struct relation *relation, const struct node *expiry)
{
	const struct node *months = node_child(expiry, "months");
	int policy = node_word(node_child(expiry, "policy"), expiry_policy_words, EXPIRY_NEVER);
	if (months != NULL && months->number == 0 && policy != EXPIRY_AFTER_MONTH_OF_EARN)
		document_fault(relation->document, months, "V4", "must be at least 1");
}

static void tier_check(struct relation *relation, const struct node *tier, const struct node *currency)
{
	amount_check(relation, node_child(tier, "at"), currency);
	const struct node *versions = node_child(tier, "versions");
	for (int i = 0; versions != NULL && i < versions->count; i++)
		amount_check(relation, node_child(&versions->children[i], "at"), currency);
}

static void rate_check(struct relation *relation, const struct node *rate, int64_t per)
{
	if (rate != NULL && node_decimal(rate, 4, 0) > RATE_PER_UNIT_MAX * per * decimal_power(4))
		document_fault(relation->document, rate, "V4", "is more than %d a unit", RATE_PER_UNIT_MAX);
}

static void earn_check(struct relation *relation, const struct node *rule)
{
	const struct node *award = node_child(rule, "award"), *currency = node_child(award, "currency");
	int64_t per = node_integer(node_child(award, "per"), 100);
	rate_check(relation, node_child(award, "rate"), per);
	const struct node *by_tier = node_child(award, "by_tier"), *bands = node_child(award, "bands");
	for (int i = 0; by_tier != NULL && i < by_tier->count; i++)
		rate_check(relation, &by_tier->children[i], per);
	for (int i = 0; bands != NULL && i < bands->count; i++)
		amount_check(relation, node_child(&bands->children[i], "value"), currency);
	amount_check(relation, node_child(award, "fixed"), currency);
	amount_check(relation, node_child(award, "cap_per_event"), currency);
	amount_check(relation, node_child(node_child(rule, "cap"), "max"), currency);
	const struct node *multipliers = node_child(rule, "multipliers");
	if (multipliers != NULL && multipliers->count > MULTIPLIERS_MAX)
		document_fault(relation->document, multipliers, "V4", "has more than %d multipliers",
			MULTIPLIERS_MAX);
}

static void grant_check(struct relation *relation, const struct node *grant)
{
	const struct node *currency = node_child(grant, "currency"), *by_tier = node_child(grant, "by_tier");
	amount_check(relation, node_child(grant, "amount"), currency);
	for (int i = 0; by_tier != NULL && i < by_tier->count; i++)
		amount_check(relation, node_child(&by_tier->children[i], "amount"), currency);
}

static void benefit_check(struct relation *relation, const struct node *benefit)
{
	static const struct field pct = {
		.type = FIELD_DECIMAL, .decimals = 2, .above_zero = true, .max = 100};
	static const struct field money = {.type = FIELD_INTEGER};
	const struct node *value = node_child(benefit, "value");
	int kind = node_word(node_child(benefit, "kind"), benefit_kind_words, BENEFIT_SERVICE);
	if (value != NULL)
		form_check_value(relation->document, value, kind == BENEFIT_DISCOUNT_PCT ? &pct : &money);
	else if (kind == BENEFIT_DISCOUNT_PCT)
		document_lack(relation->document, benefit, "value", "V2", "is required for a discount");
}

static void ladder_check(struct relation *relation, const struct node *ladder)
{
	const struct node *currency = node_child(node_child(ladder, "metric"), "currency");
	const struct node *tiers = node_child(ladder, "tiers");
	for (int i = 0; i < tiers->count; i++)
		tier_check(relation, &tiers->children[i], currency);
}

static void list_amounts_check(struct relation *relation, const char *list, const char *const *keys)
{
	const struct node *elements = relation_list(relation, list);
	for (int i = 0; i < elements->count; i++) {
		const struct node *element = &elements->children[i];
		for (int k = 0; keys[k] != NULL; k++)
			amount_check(relation, node_child(element, keys[k]), node_child(element, "currency"));
	}
}

static void list_check(
	struct relation *relation, const char *list, void (*check)(struct relation *, const struct node *))
{
	const struct node *elements = relation_list(relation, list);
	for (int i = 0; i < elements->count; i++)
		check(relation, &elements->children[i]);
}

static void currency_check(struct relation *relation, const struct node *currency)
{
	expiry_check(relation, node_child(currency, "expiry"));
	amount_check(relation, node_child(node_child(currency, "transfers"), "min"),
		node_child(currency, "code"));
}

static void reward_check(struct relation *relation, const struct node *reward)
{
	amount_check(relation, node_child(reward, "gives"), node_child(reward, "into"));
}

void relation_check_ranges(struct relation *relation)
{
	list_check(relation, "currencies", currency_check);
	list_check(relation, "ladders", ladder_check);
	list_check(relation, "earn", earn_check);
	list_check(relation, "grants", grant_check);
	list_check(relation, "benefits", benefit_check);
	list_check(relation, "rewards", reward_check);
	list_amounts_check(relation, "rewards", (const char *const[]){"cost", NULL});
	list_amounts_check(relation, "payouts", (const char *const[]){"min", "step", NULL});
	list_amounts_check(relation, "auto", (const char *const[]){"cost", NULL});
}
