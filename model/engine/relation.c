// References, pairs of settings and uniqueness: what every part of a programme document is checked for.
#include "model/engine/relation.h"
#include <string.h>
#include "model/engine/programme.h"
#include "model/engine/programme_form.h"

const struct node *relation_list(const struct relation *relation, const char *list)
{
	static const struct node empty = {.type = NODE_LIST};
	const struct node *node = node_child(relation->programme, list);
	return node != NULL ? node : &empty;
}

static const struct node *element_find(const struct node *list, const char *key, const char *code)
{
	for (int i = 0; list != NULL && i < list->count; i++)
		if (strcmp(node_text(node_child(&list->children[i], key), ""), code) == 0)
			return &list->children[i];
	return NULL;
}

const struct node *relation_find(const struct relation *relation, const char *list, const char *code)
{
	return element_find(relation_list(relation, list), "code", code);
}

const struct node *relation_refer(
	struct relation *relation, const struct node *group, const char *key, const char *list)
{
	const struct node *node = node_child(group, key);
	if (node == NULL)
		return NULL;
	const struct node *found = relation_find(relation, list, node->text);
	if (found == NULL)
		document_fault(
			relation->document, node, "V6", "there is no \"%s\" among the %s", node->text, list);
	return found;
}

void relation_forbid(struct relation *relation, const struct node *group, const char *key, const char *why)
{
	const struct node *node = node_child(group, key);
	if (node != NULL)
		document_fault(relation->document, node, "V7", "%s", why);
}

void relation_need(struct relation *relation, const struct node *group, const char *key, const char *why)
{
	if (node_child(group, key) == NULL)
		document_lack(relation->document, group, key, "V7", "%s", why);
}

static void tier_refer(
	struct relation *relation, const struct node *ladder, const struct node *node, const char *tier)
{
	if (element_find(node_child(ladder, "tiers"), "code", tier) == NULL)
		document_fault(
			relation->document, node, "V6", "there is no tier \"%s\" in that ladder", tier);
}

const struct node *relation_check_tiers(
	struct relation *relation, const struct node *group, const char *const *users)
{
	const struct node *ladder = relation_refer(relation, group, "ladder", "ladders");
	bool used = false;
	for (int i = 0; users[i] != NULL; i++) {
		const struct node *tiers = node_child(group, users[i]);
		if (tiers == NULL)
			continue;
		used = true;
		relation_need(relation, group, "ladder", "is needed to say whose tiers are meant");
		for (int j = 0; ladder != NULL && j < tiers->count; j++) {
			const struct node *tier = &tiers->children[j];
			tier_refer(relation, ladder, tier, tier->name != NULL ? tier->name : tier->text);
		}
	}
	if (!used)
		relation_forbid(relation, group, "ladder", "has no setting here that uses it");
	return ladder;
}

void relation_check_membership(struct relation *relation, const struct node *group)
{
	const struct node *in = relation_refer(relation, group, "segment", "segments");
	const struct node *out = relation_refer(relation, group, "not_segment", "segments");
	if (in != NULL && in == out)
		relation_forbid(relation, group, "not_segment", "must differ from segment");
}

void relation_check_validity(struct relation *relation, const struct node *group, bool issues)
{
	static const char *const forms[] = {"valid_days", "valid_months", "valid_to", "expires_on", NULL};
	bool said = false;
	for (int i = 0; forms[i] != NULL; i++) {
		if (node_child(group, forms[i]) == NULL)
			continue;
		if (!issues)
			relation_forbid(relation, group, forms[i], "needs a reward");
		else if (said)
			relation_forbid(relation, group, forms[i], "only one form of validity may be given");
		said = true;
	}
	if (node_child(group, "expires_years") != NULL)
		relation_need(relation, group, "expires_on", "is needed by expires_years");
}

void relation_check_spendable(struct relation *relation, const struct node *group)
{
	const struct node *currency = relation_refer(relation, group, "currency", "currencies");
	if (currency == NULL)
		return;
	int kind = node_word(node_child(currency, "kind"), currency_kind_words, KIND_REDEEMABLE);
	if (kind == KIND_QUALIFYING || kind == KIND_PARTNER)
		relation_forbid(
			relation, group, "currency", "a qualifying or partner currency cannot be spent");
}

// The earlier element of the list (or of the lists before it) that has this id or code.
static bool used_before(const struct node *list, int before, const char *key, const char *code)
{
	for (int i = 0; i < before; i++)
		if (strcmp(node_text(node_child(&list->children[i], key), ""), code) == 0)
			return true;
	return false;
}

static void codes_check(struct relation *relation, const struct node *list, const char *key)
{
	for (int i = 0; list != NULL && i < list->count; i++) {
		const struct node *code = node_child(&list->children[i], key);
		if (used_before(list, i, key, code->text))
			document_fault(relation->document, code, "V5", "\"%s\" is used twice", code->text);
	}
}

static void ids_check(struct relation *relation)
{
	static const char *const lists[] = {"earn", "grants", "payouts", "auto"};
	for (int l = 0; l < 4; l++) {
		const struct node *list = relation_list(relation, lists[l]);
		for (int i = 0; i < list->count; i++) {
			const struct node *id = node_child(&list->children[i], "id");
			bool used = used_before(list, i, "id", id->text);
			for (int earlier = 0; earlier < l && !used; earlier++)
				used = element_find(relation_list(relation, lists[earlier]), "id",
					       id->text) != NULL;
			if (used)
				document_fault(
					relation->document, id, "V5", "\"%s\" is used twice", id->text);
		}
	}
}

static void arrays_check(struct relation *relation, const struct node *node)
{
	for (int i = 0; i < node->count; i++) {
		const struct node *child = &node->children[i];
		arrays_check(relation, child);
		bool repeats = false;
		for (int j = 0; node->type == NODE_ARRAY && j < i && !repeats; j++)
			repeats = strcmp(node->children[j].text, child->text) == 0;
		if (repeats)
			document_fault(
				relation->document, child, "V5", "\"%s\" is listed twice", child->text);
	}
}

void relation_check_uniqueness(struct relation *relation)
{
	static const char *const lists[] = {
		"currencies", "ladders", "segments", "rewards", "plans", "benefits"};
	for (int i = 0; i < 6; i++)
		codes_check(relation, relation_list(relation, lists[i]), "code");
	ids_check(relation);
	const struct node *ladders = relation_list(relation, "ladders"),
			  *earn = relation_list(relation, "earn");
	for (int i = 0; i < ladders->count; i++)
		codes_check(relation, node_child(&ladders->children[i], "tiers"), "code");
	for (int i = 0; i < earn->count; i++)
		codes_check(relation, node_child(&earn->children[i], "multipliers"), "id");
	arrays_check(relation, relation->programme);
}
