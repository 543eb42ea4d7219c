// What the settings of rewards, grants, payouts, auto-issues, plans and benefits owe to each other.
#include "model/engine/programme.h"
#include "model/engine/programme_form.h"
#include "model/engine/relation.h"

static const char *const tier_users[] = {"tier", NULL};

// The partner keeps what it has got: with us that neither expires nor belongs to nobody.
static void into_check(struct relation *relation, const struct node *reward)
{
	const struct node *into = relation_refer(relation, reward, "into", "currencies");
	if (into == NULL)
		return;
	int policy = node_word(
		node_child(node_child(into, "expiry"), "policy"), expiry_policy_words, EXPIRY_NEVER);
	if (node_word(node_child(into, "kind"), currency_kind_words, KIND_REDEEMABLE) != KIND_PARTNER ||
		node_child(into, "partner") == NULL)
		relation_forbid(
			relation, reward, "into", "needs a currency of kind partner that says whose it is");
	else if (policy != EXPIRY_NEVER)
		relation_forbid(relation, reward, "into", "needs a currency that does not expire");
}

static void transfer_check(struct relation *relation, const struct node *reward)
{
	static const char *const needs[] = {"cost", "into", "gives"};
	static const char *const forbids[] = {
		"value", "discount_pct_by_tier", "valid_days", "valid_months", "valid_to", "expires_on"};
	bool is_transfer = node_word(node_child(reward, "kind"), reward_kind_words, REWARD_ITEM) ==
			   REWARD_PARTNER_TRANSFER;
	const struct node *least = node_child(reward, "min_per_txn"),
			  *most = node_child(reward, "max_per_txn");
	if (is_transfer && document_format(relation->document) < 2) {
		document_fault(relation->document, node_child(reward, "kind"), "V4",
			"partner_transfer is a kind of format 2");
		return;
	}
	for (size_t i = 0; is_transfer && i < sizeof needs / sizeof *needs; i++)
		relation_need(relation, reward, needs[i], "is required for kind = partner_transfer");
	for (size_t i = 0; is_transfer && i < sizeof forbids / sizeof *forbids; i++)
		relation_forbid(relation, reward, forbids[i], "not for kind = partner_transfer");
	for (size_t i = 1; !is_transfer && i < sizeof needs / sizeof *needs; i++)
		relation_forbid(relation, reward, needs[i], "only for kind = partner_transfer");
	if (is_transfer)
		into_check(relation, reward);
	if (least != NULL && most != NULL && least->number > most->number)
		document_fault(relation->document, least, "V8", "is above max_per_txn");
}

// Points go to a partner when a member asks for it, and by nothing else.
static void reward_refer(struct relation *relation, const struct node *group)
{
	const struct node *reward = relation_refer(relation, group, "reward", "rewards");
	if (reward != NULL && node_word(node_child(reward, "kind"), reward_kind_words, REWARD_ITEM) ==
				      REWARD_PARTNER_TRANSFER)
		relation_forbid(relation, group, "reward", "a partner_transfer is only redeemed");
}

static void offer_check(struct relation *relation, const struct node *reward)
{
	const struct node *first = node_child(reward, "first_day"), *last = node_child(reward, "last_day");
	if (first != NULL && last != NULL && node_date(last, 0) < node_date(first, 0))
		document_fault(relation->document, last, "V8", "is before first_day");
}

void relation_check_rewards(struct relation *relation)
{
	static const char *const limits[] = {"min_basket", "min_per_txn", "max_per_txn", "max_per_year"};
	static const char *const users[] = {"tier", "discount_pct_by_tier", NULL};
	const struct node *rewards = relation_list(relation, "rewards");
	for (int i = 0; i < rewards->count; i++) {
		const struct node *reward = &rewards->children[i];
		bool has_cost = node_child(reward, "cost") != NULL;
		relation_check_spendable(relation, reward);
		if (has_cost)
			relation_need(relation, reward, "currency", "is needed by cost");
		else if (node_child(reward, "currency") != NULL)
			relation_need(relation, reward, "cost", "is needed by currency");
		for (int l = 0; l < 4 && !has_cost; l++)
			relation_forbid(relation, reward, limits[l], "needs a cost");
		relation_check_tiers(relation, reward, users);
		relation_check_validity(relation, reward, true);
		transfer_check(relation, reward);
		offer_check(relation, reward);
	}
}

static void grant_event_check(struct relation *relation, const struct node *grant)
{
	int on = node_word(node_child(grant, "on"), grant_event_words, GRANT_YEARLY);
	if (on != GRANT_BIRTHDAY)
		relation_forbid(relation, grant, "leap", "only for on = birthday");
	if (on != GRANT_YEARLY)
		relation_forbid(relation, grant, "date", "only for on = yearly");
	if (on != GRANT_PLAN_MONTH)
		relation_forbid(relation, grant, "plan", "only for on = plan_month");
	else
		relation_need(relation, grant, "plan", "is required for on = plan_month");
	relation_refer(relation, grant, "plan", "plans");
}

static bool any_tier_has(const struct node *by_tier, const char *key)
{
	for (int i = 0; by_tier != NULL && i < by_tier->count; i++)
		if (node_child(&by_tier->children[i], key) != NULL)
			return true;
	return false;
}

static void grant_amount_check(struct relation *relation, const struct node *grant, bool amount_by_tier)
{
	bool currency = node_child(grant, "currency") != NULL, amount = node_child(grant, "amount") != NULL;
	relation_refer(relation, grant, "currency", "currencies");
	if (amount || amount_by_tier)
		relation_need(relation, grant, "currency", "is needed by amount");
	else if (currency)
		relation_need(relation, grant, "amount", "is needed by currency");
}

static void grant_check(struct relation *relation, const struct node *grant)
{
	static const char *const users[] = {"by_tier", NULL};
	const struct node *by_tier = node_child(grant, "by_tier");
	bool reward_by_tier = any_tier_has(by_tier, "reward"),
	     amount_by_tier = any_tier_has(by_tier, "amount");
	bool reward = node_child(grant, "reward") != NULL;
	bool currency = node_child(grant, "currency") != NULL || node_child(grant, "amount") != NULL;
	grant_event_check(relation, grant);
	relation_check_membership(relation, grant);
	grant_amount_check(relation, grant, amount_by_tier);
	reward_refer(relation, grant);
	if (!reward && !currency && !reward_by_tier && !amount_by_tier)
		relation_need(relation, grant, "reward", "a reward or a currency and amount is needed");
	relation_check_validity(relation, grant, reward || reward_by_tier);
	relation_check_tiers(relation, grant, users);
	for (int i = 0; by_tier != NULL && i < by_tier->count; i++) {
		const struct node *terms = &by_tier->children[i];
		reward_refer(relation, terms);
		relation_check_validity(relation, terms, reward || node_child(terms, "reward") != NULL);
	}
}

void relation_check_grants(struct relation *relation)
{
	const struct node *grants = relation_list(relation, "grants");
	for (int i = 0; i < grants->count; i++)
		grant_check(relation, &grants->children[i]);
}

static void prices_check(struct relation *relation, const struct node *prices)
{
	day_t from = INT32_MIN, renewals = INT32_MIN;
	for (int i = 0; i < prices->count; i++) {
		const struct node *price = &prices->children[i],
				  *renewals_node = node_child(price, "renewals_from");
		day_t next_from = node_date(node_child(price, "from"), 0);
		day_t next_renewals = node_date(renewals_node, next_from);
		if (i == 0)
			relation_forbid(relation, price, "renewals_from", "not on the first price");
		if (next_from <= from)
			document_fault(
				relation->document, node_child(price, "from"), "V8", "dates must rise");
		else if (next_renewals < next_from)
			document_fault(relation->document, renewals_node, "V8", "is before from");
		else if (next_renewals <= renewals)
			document_fault(relation->document,
				renewals_node != NULL ? renewals_node : node_child(price, "from"), "V8",
				"renewal dates must rise");
		from = next_from;
		renewals = next_renewals;
	}
}

void relation_check_spending(struct relation *relation)
{
	static const char *const lists[] = {"payouts", "auto"};
	for (int l = 0; l < 2; l++) {
		const struct node *list = relation_list(relation, lists[l]);
		for (int i = 0; i < list->count; i++) {
			relation_check_spendable(relation, &list->children[i]);
			reward_refer(relation, &list->children[i]);
		}
	}
	const struct node *plans = relation_list(relation, "plans"),
			  *benefits = relation_list(relation, "benefits");
	for (int i = 0; i < plans->count; i++)
		prices_check(relation, node_child(&plans->children[i], "prices"));
	for (int i = 0; i < benefits->count; i++) {
		relation_check_membership(relation, &benefits->children[i]);
		relation_check_tiers(relation, &benefits->children[i], tier_users);
		relation_refer(relation, &benefits->children[i], "plan", "plans");
	}
}
