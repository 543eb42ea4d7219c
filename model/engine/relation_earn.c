// What the settings of earn rules, their conditions, awards and multipliers owe to each other.
#include <string.h>
#include "model/engine/programme.h"
#include "model/engine/programme_form.h"
#include "model/engine/relation.h"

static const char *const tier_users[] = {"tier", NULL};

static bool event_has_amount(int on)
{
	return on == EARN_PURCHASE || on == EARN_PARTNER || on == EARN_ACTIVITY;
}

static void condition_amounts_check(struct relation *relation, const struct node *when, int on)
{
	static const char *const amounts[] = {"min_amount", "tolerance", "max_amount"};
	for (int i = 0; i < 3; i++)
		if (!event_has_amount(on))
			relation_forbid(relation, when, amounts[i],
				"only for purchases, partner events and activities");
	if (node_child(when, "tolerance") != NULL && event_has_amount(on))
		relation_need(relation, when, "min_amount", "is needed by tolerance");
	const struct node *max = node_child(when, "max_amount");
	if (max != NULL && max->number < node_integer(node_child(when, "min_amount"), 0))
		document_fault(relation->document, max, "V8", "is below min_amount");
}

static void condition_lines_check(
	struct relation *relation, const struct node *when, int on, bool of_multiplier)
{
	const char *why = of_multiplier ? "not in a multiplier" : "only for purchases and partner events";
	if (of_multiplier || (on != EARN_PURCHASE && on != EARN_PARTNER)) {
		relation_forbid(relation, when, "category", why);
		relation_forbid(relation, when, "exclude", why);
	} else if (node_child(when, "category") != NULL) {
		relation_forbid(relation, when, "exclude", "category and exclude do not go together");
	}
}

static void condition_check(struct relation *relation, const struct node *when, int on, bool of_multiplier)
{
	if (when == NULL)
		return;
	if (on != EARN_ACTIVITY)
		relation_forbid(relation, when, "activity", "only for on = activity");
	if (on != EARN_PARTNER)
		relation_forbid(relation, when, "partner", "only for on = partner");
	const struct node *flag = node_child(when, "flag"), *not_flag = node_child(when, "not_flag");
	if (flag != NULL && not_flag != NULL && strcmp(flag->text, not_flag->text) == 0)
		relation_forbid(relation, when, "not_flag", "must differ from flag");
	relation_check_membership(relation, when);
	relation_check_tiers(relation, when, tier_users);
	relation_refer(relation, when, "plan", "plans");
	condition_amounts_check(relation, when, on);
	condition_lines_check(relation, when, on, of_multiplier);
	const struct node *from = node_child(when, "from"), *to = node_child(when, "to");
	if (from != NULL && to != NULL && node_date(to, 0) <= node_date(from, 0))
		document_fault(relation->document, to, "V8", "must be after from");
}

// Exactly one form, of those the event allows. Returns its key, NULL if there is none.
static const char *award_form_check(struct relation *relation, const struct node *award, int on)
{
	static const char *const forms[] = {"rate", "by_tier", "bands", "fixed"};
	const char *form = NULL;
	for (int i = 0; i < 4; i++) {
		if (node_child(award, forms[i]) == NULL)
			continue;
		if (form != NULL)
			relation_forbid(
				relation, award, forms[i], "exactly one of rate, by_tier, bands, fixed");
		else if (i < 3 && !event_has_amount(on))
			relation_forbid(relation, award, forms[i], "this event takes fixed only");
		if (form == NULL)
			form = forms[i];
	}
	if (form == NULL)
		relation_need(relation, award, "fixed", "one of rate, by_tier, bands, fixed is needed");
	return form != NULL ? form : "";
}

static void tier_rates_check(struct relation *relation, const struct node *award)
{
	const struct node *by_tier = node_child(award, "by_tier"), *code = node_child(award, "ladder");
	const struct node *ladder = code != NULL ? relation_find(relation, "ladders", code->text) : NULL;
	const struct node *tiers = node_child(ladder, "tiers");
	for (int i = 0; by_tier != NULL && tiers != NULL && i < tiers->count; i++) {
		const char *tier = node_child(&tiers->children[i], "code")->text;
		if (node_child(by_tier, tier) == NULL)
			document_fault(
				relation->document, by_tier, "V9", "has no rate for tier \"%s\"", tier);
	}
}

static void award_check(struct relation *relation, const struct node *award, int on)
{
	static const char *const rate_only[] = {"per", "step", "use_quantity"};
	static const char *const users[] = {"by_tier", NULL};
	relation_refer(relation, award, "currency", "currencies");
	const char *form = award_form_check(relation, award, on);
	bool rated = strcmp(form, "rate") == 0 || strcmp(form, "by_tier") == 0;
	for (int i = 0; i < 3 && !rated; i++)
		relation_forbid(relation, award, rate_only[i], "only with rate or by_tier");
	if (rated && on != EARN_ACTIVITY)
		relation_forbid(relation, award, "use_quantity", "only for activities");
	if (strcmp(form, "fixed") != 0)
		relation_forbid(relation, award, "per_unit", "only with fixed");
	else if (on != EARN_ACTIVITY)
		relation_forbid(relation, award, "per_unit", "only for activities");
	relation_check_tiers(relation, award, users);
	tier_rates_check(relation, award);
	const struct node *bands = node_child(award, "bands");
	for (int i = 1; bands != NULL && i < bands->count; i++) {
		const struct node *from = node_child(&bands->children[i], "from");
		if (from->number <= node_child(&bands->children[i - 1], "from")->number)
			document_fault(relation->document, from, "V8", "bands must rise");
	}
}

void relation_check_earn(struct relation *relation)
{
	const struct node *rules = relation_list(relation, "earn");
	for (int i = 0; i < rules->count; i++) {
		const struct node *rule = &rules->children[i], *multipliers = node_child(rule, "multipliers");
		int on = node_word(node_child(rule, "on"), earn_event_words, EARN_PURCHASE);
		condition_check(relation, node_child(rule, "when"), on, false);
		award_check(relation, node_child(rule, "award"), on);
		for (int m = 0; multipliers != NULL && m < multipliers->count; m++)
			condition_check(relation, node_child(&multipliers->children[m], "when"), on, true);
		if (multipliers == NULL)
			relation_forbid(relation, rule, "stack", "only with multipliers");
	}
}
