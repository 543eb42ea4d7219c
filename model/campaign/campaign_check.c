// What can be wrong with a campaign beyond the form of its settings: a table of rules, each on the setting it
// speaks of.
#include "model/campaign/campaign_form.h"

#include "model/campaign/campaign_trigger.h"
#include "model/engine/decimal.h"
#include "model/outbox/template.h"
#include <stdio.h>
#include <string.h>

// What a rule looks at. prize: the index, of rules for each prize.
struct subject {
	const struct campaign *campaign;
	const struct facts *facts;           // NULL: nobody can tell what is known ...
	const struct condition_names *names; // ... nor what an audience may speak of
	bool is_running;
	const struct node *group;            // the campaign's, or the prize's
	int prize;
	char why[200]; // in place of the rule's
};

struct rule {
	const char *setting; // a path of settings below the group
	bool (*is_broken)(struct subject *subject);
	const char *id, *why; // as the programme's format numbers them: V6 what is named, V7 settings
			      // together, V8 order
};

static const struct campaign_prize *prize_of(const struct subject *subject)
{
	return &subject->campaign->prizes[subject->prize];
}

static const struct fact *tier_find(const struct facts *facts, const char *ladder, const char *tier)
{
	const struct fact *of = facts_by_code(facts, FACT_LADDER, ladder);
	for (int i = 0; of && i < facts->list[FACT_TIER].count; i++)
		if (facts->list[FACT_TIER].at[i].parent == of->id &&
			strcmp(facts->list[FACT_TIER].at[i].code, tier) == 0)
			return &facts->list[FACT_TIER].at[i];
	return NULL;
}

static bool ends_early(struct subject *subject)
{
	return subject->campaign->ends_on < subject->campaign->starts_on;
}

static bool is_over(struct subject *subject)
{
	return subject->facts && !subject->is_running && !ends_early(subject) &&
	       subject->campaign->ends_on < subject->facts->business_day;
}

static bool has_points(const struct campaign *campaign)
{
	for (int i = 0; i < campaign->prize_count; i++)
		if (campaign->prizes[i].kind == PRIZE_POINTS || campaign->prizes[i].kind == PRIZE_MULTIPLIER)
			return true;
	return campaign->budget_points != CAMPAIGN_ALL;
}

static bool lacks_currency(struct subject *subject)
{
	return !subject->campaign->currency && has_points(subject->campaign);
}

static bool currency_unknown(struct subject *subject)
{
	const char *currency = subject->campaign->currency;
	const struct fact *fact =
		subject->facts && currency ? facts_by_code(subject->facts, FACT_CURRENCY, currency) : NULL;
	return subject->facts && currency && (!fact || strcmp(fact->kind, "partner") == 0);
}

static bool trigger_tier_unknown(struct subject *subject)
{
	const struct campaign_trigger *trigger = &subject->campaign->trigger;
	return subject->facts && trigger->kind == TRIGGER_TIER && trigger->ladder && trigger->tier &&
	       !tier_find(subject->facts, trigger->ladder, trigger->tier);
}

static bool survey_unknown(struct subject *subject)
{
	const struct campaign_trigger *trigger = &subject->campaign->trigger;
	return subject->facts && trigger->kind == TRIGGER_SURVEY && trigger->survey &&
	       !facts_by_code(subject->facts, FACT_SURVEY, trigger->survey);
}

// The language says in column and words what it does not understand.
static bool audience_unclear(struct subject *subject)
{
	struct member_condition condition;
	struct condition_fault fault;
	if (!subject->names || strcmp(subject->campaign->audience, CAMPAIGN_EVERYBODY) == 0)
		return false;
	bool is_clear = condition_read(&condition, subject->campaign->audience, subject->names, &fault);
	if (!is_clear)
		snprintf(subject->why, sizeof subject->why, "column %d: %.100s%s%.60s", fault.column,
			fault.why, *fault.fits ? "; " : "", fault.fits);
	condition_free(&condition);
	return !is_clear;
}

static bool chances_off(struct subject *subject)
{
	int64_t sum = 0;
	char text[DECIMAL_SIZE];
	for (int i = 0; i < subject->campaign->prize_count; i++)
		sum += subject->campaign->prizes[i].chance;
	snprintf(subject->why, sizeof subject->why,
		"the chances come to %s %%, not to 100; a prize may have only id and chance: nothing is won",
		decimal_format(sum, 4, text));
	return sum != CAMPAIGN_MILLION;
}

static bool wins_nothing(struct subject *subject)
{
	for (int i = 0; i < subject->campaign->prize_count; i++)
		if (subject->campaign->prizes[i].kind != PRIZE_NOTHING &&
			subject->campaign->prizes[i].chance > 0)
			return false;
	return true;
}

static bool budget_too_small(struct subject *subject, bool of_points)
{
	const struct campaign *campaign = subject->campaign;
	for (int i = 0; i < campaign->prize_count; i++) {
		const struct campaign_prize *prize = &campaign->prizes[i];
		if ((of_points ? prize->points : prize->minor) >
			(of_points ? campaign->budget_points : campaign->budget_minor)) {
			snprintf(subject->why, sizeof subject->why, "is less than one of the prize %s",
				prize->code);
			return true;
		}
	}
	return false;
}

static bool points_too_few(struct subject *subject)
{
	return budget_too_small(subject, true);
}

static bool money_too_little(struct subject *subject)
{
	return budget_too_small(subject, false);
}

static bool nothing_limits(struct subject *subject)
{
	const struct campaign *campaign = subject->campaign;
	return campaign->is_paced && campaign->budget_points == CAMPAIGN_ALL &&
	       campaign->budget_minor == CAMPAIGN_ALL;
}

// Only winners get the message. What one kind of prize has is sure where there is no other.
static unsigned places_sure(const struct campaign *campaign)
{
	unsigned sure = PLACES_SURE | PLACE(CAMPAIGN) | PLACE(POINTS) | PLACE(CURRENCY) | PLACE(REWARD);
	for (int i = 0; i < campaign->prize_count; i++) {
		enum prize_kind kind = campaign->prizes[i].kind;
		if (kind != PRIZE_POINTS && kind != PRIZE_NOTHING)
			sure &= ~(PLACE(POINTS) | PLACE(CURRENCY));
		if (kind != PRIZE_REWARD && kind != PRIZE_NOTHING)
			sure &= ~PLACE(REWARD);
	}
	return sure;
}

static bool text_broken(struct subject *subject, const char *text, struct template_form form)
{
	struct template_fault fault;
	form.sure = places_sure(subject->campaign);
	form.fits = PLACES_OF_CAMPAIGN;
	if (!text || template_check(text, &form, &fault))
		return false;
	snprintf(subject->why, sizeof subject->why, "line %d, column %d: %s", fault.line, fault.column,
		fault.why);
	return true;
}

static bool subject_broken(struct subject *subject)
{
	return text_broken(subject, subject->campaign->subject, TEMPLATE_SUBJECT(.fits = 0));
}

static bool body_broken(struct subject *subject)
{
	return text_broken(subject, subject->campaign->body, TEMPLATE_BODY(.fits = 0));
}

static bool compares_nothing(struct subject *subject)
{
	return subject->campaign->nps_drop != CAMPAIGN_ALL && subject->campaign->hold_out == 0;
}

static const struct rule CAMPAIGN_RULES[] = {
	{"end", ends_early, "V8", "lies before the start"},
	{"end", is_over, "V8", "lies in the past"},
	{"currency", lacks_currency, "V2", "is required where points are given or limited"},
	{"currency", currency_unknown, "V6", "the programme counts no such currency"},
	{"trigger.tier", trigger_tier_unknown, "V6", "the ladder has no such tier"},
	{"trigger.survey", survey_unknown, "V6", "there is no such survey"},
	{"audience", audience_unclear, "V4", NULL},
	{"prizes", chances_off, "V7", NULL},
	{"prizes", wins_nothing, "V7", "nothing can be won"},
	{"budget.points", points_too_few, "V7", NULL},
	{"budget.money", money_too_little, "V7", NULL},
	{"budget.pace", nothing_limits, "V7", "needs a budget of points or money"},
	{"stop.nps_drop", compares_nothing, "V7", "needs hold_out, whose answers it is compared with"},
	{"message.subject", subject_broken, "V4", NULL},
	{"message.body", body_broken, "V4", NULL},
};

static bool has_two(struct subject *subject)
{
	return !!node_child(subject->group, "points") + !!node_child(subject->group, "reward") +
		       !!node_child(subject->group, "tier") + !!node_child(subject->group, "multiplier") >
	       1;
}

static bool id_twice(struct subject *subject)
{
	return campaign_prize_find(subject->campaign, prize_of(subject)->code) < subject->prize;
}

static bool too_fine(struct subject *subject)
{
	const struct node *points = node_child(subject->group, "points");
	return subject->facts && subject->campaign->currency && !currency_unknown(subject) && points &&
	       node_decimals_written(points) > subject->campaign->decimals;
}

static bool reward_unknown(struct subject *subject)
{
	const char *reward = prize_of(subject)->reward;
	const struct fact *fact =
		subject->facts && reward ? facts_by_code(subject->facts, FACT_REWARD, reward) : NULL;
	return subject->facts && reward &&
	       (!fact || !fact->is_offered || strcmp(fact->kind, "partner_transfer") == 0);
}

static bool tier_incomplete(struct subject *subject)
{
	const struct campaign_prize *prize = prize_of(subject);
	return prize->tier && (!prize->ladder || prize->days == 0);
}

static bool tier_unknown(struct subject *subject)
{
	const struct campaign_prize *prize = prize_of(subject);
	return subject->facts && prize->tier && prize->ladder &&
	       !tier_find(subject->facts, prize->ladder, prize->tier);
}

static bool ladder_alone(struct subject *subject)
{
	return !prize_of(subject)->tier && prize_of(subject)->ladder;
}

static bool days_alone(struct subject *subject)
{
	return !prize_of(subject)->tier && !prize_of(subject)->factor && prize_of(subject)->days > 0;
}

static bool multiplies_less(struct subject *subject)
{
	return node_child(subject->group, "multiplier") && prize_of(subject)->factor <= 100;
}

static bool multiplies_for_ever(struct subject *subject)
{
	return prize_of(subject)->factor > 0 && prize_of(subject)->days == 0;
}

static bool nothing_counted(struct subject *subject)
{
	const struct campaign_prize *prize = prize_of(subject);
	return prize->kind == PRIZE_NOTHING && prize->stock != CAMPAIGN_ALL;
}

static bool nothing_costs(struct subject *subject)
{
	return prize_of(subject)->kind == PRIZE_NOTHING && prize_of(subject)->minor > 0;
}

static bool consolation_unknown(struct subject *subject)
{
	return node_child(subject->group, "consolation") &&
	       (prize_of(subject)->consolation < 0 || prize_of(subject)->consolation == subject->prize);
}

static bool consolation_chained(struct subject *subject)
{
	int consolation = prize_of(subject)->consolation;
	return consolation >= 0 && consolation != subject->prize &&
	       subject->campaign->prizes[consolation].consolation >= 0;
}

static bool consolation_idle(struct subject *subject)
{
	return node_child(subject->group, "consolation") && prize_of(subject)->kind != PRIZE_REWARD &&
	       prize_of(subject)->stock == CAMPAIGN_ALL;
}

static const struct rule PRIZE_RULES[] = {
	{"id", id_twice, "V5", "is used twice"},
	{"points", has_two, "V7", "a prize is points, a reward, a tier or a multiplier, not two of them"},
	{"points", too_fine, "V4", "has more decimals than the currency"},
	{"reward", reward_unknown, "V6", "the programme offers no such reward"},
	{"tier", tier_incomplete, "V7", "needs ladder and days"},
	{"tier", tier_unknown, "V6", "the ladder has no such tier"},
	{"ladder", ladder_alone, "V7", "needs tier"},
	{"days", days_alone, "V7", "needs tier or multiplier"},
	{"multiplier", multiplies_less, "V4", "must be above 1"},
	{"multiplier", multiplies_for_ever, "V7", "needs days"},
	{"stock", nothing_counted, "V7", "needs points, reward, tier or multiplier"},
	{"cost", nothing_costs, "V7", "needs points, reward, tier or multiplier"},
	{"consolation", consolation_unknown, "V6", "is no other prize of this campaign"},
	{"consolation", consolation_chained, "V7", "may not have a consolation itself"},
	{"consolation", consolation_idle, "V7", "needs stock: else this prize never runs out"},
};

// The node of the setting, or the group that lacks it, and then what it lacks.
static const struct node *setting_find(const struct node *group, const char *setting, const char **missing)
{
	char key[40];
	const char *dot = strchr(setting, '.');
	snprintf(key, sizeof key, "%.*s", dot ? (int)(dot - setting) : (int)strlen(setting), setting);
	const struct node *node = node_child(group, key);
	if (node && dot)
		return setting_find(node, dot + 1, missing);
	*missing = node ? NULL : setting;
	return node ? node : group;
}

static void rules_check(
	struct document *document, struct subject *subject, const struct rule *rules, size_t count)
{
	for (const struct rule *rule = rules; rule < rules + count; rule++) {
		const char *missing;
		if (!rule->is_broken(subject))
			continue;
		const struct node *node = setting_find(subject->group, rule->setting, &missing);
		if (missing)
			document_lack(document, node, missing, rule->id, "%s",
				rule->why ? rule->why : subject->why);
		else
			document_fault(document, node, rule->id, "%s", rule->why ? rule->why : subject->why);
	}
}

static bool is_named(const char *const names[TRIGGER_SETTINGS], const char *name)
{
	for (int i = 0; i < TRIGGER_SETTINGS && names[i]; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static void trigger_check(struct document *document, const struct node *group, enum trigger_kind kind)
{
	const struct trigger_form *form = &TRIGGERS[kind];
	for (int i = 0; i < group->count; i++) {
		const char *name = group->children[i].name;
		if (strcmp(name, "on") != 0 && !is_named(form->needs, name) && !is_named(form->takes, name))
			document_fault(document, &group->children[i], "V7", "is no setting of the trigger %s",
				trigger_words[kind]);
	}
	for (int i = 0; i < TRIGGER_SETTINGS && form->needs[i]; i++)
		if (!node_child(group, form->needs[i]))
			document_lack(document, group, form->needs[i], "V2", "is required by the trigger %s",
				trigger_words[kind]);
}

void campaign_check(struct document *document, const struct node *group, const struct campaign *campaign,
	const struct campaign_house *house)
{
	struct subject subject = {.campaign = campaign,
		.facts = house ? house->facts : NULL,
		.names = house ? house->names : NULL,
		.group = group,
		.is_running = house && house->is_running};
	trigger_check(document, node_child(group, "trigger"), campaign->trigger.kind);
	rules_check(document, &subject, CAMPAIGN_RULES, sizeof CAMPAIGN_RULES / sizeof *CAMPAIGN_RULES);
	for (int i = 0; i < campaign->prize_count; i++) {
		subject.prize = i;
		subject.group = &node_child(group, "prizes")->children[i];
		rules_check(document, &subject, PRIZE_RULES, sizeof PRIZE_RULES / sizeof *PRIZE_RULES);
	}
}
