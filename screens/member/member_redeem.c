// Redeeming for a member: which reward, how many, and what that costs them, before it is done.
#include "screens/member/member.h"

#include "model/amount.h"
#include "screens/ui/dialog.h"
#include "screens/ui/form.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { REWARDS_MAX = 40, CHOICE_SIZE = 180 };

struct choice {
	const struct fact *facts[REWARDS_MAX];
	const struct standing_reward *rewards[REWARDS_MAX]; // the same, as they are for this member
	char texts[REWARDS_MAX][CHOICE_SIZE];
	const char *lines[REWARDS_MAX];
	int count;
};

static const struct standing_reward *reward_of(const struct member *m, const char *code)
{
	for (int i = 0; m->has_standing && i < m->standing.reward_count; i++)
		if (!strcmp(m->standing.rewards[i].code, code))
			return &m->standing.rewards[i];
	return NULL;
}

static int64_t balance_of(const struct member *m, int currency_id)
{
	for (int i = 0; m->has_standing && i < m->standing.points_count; i++)
		if (m->standing.points[i].currency_id == currency_id)
			return m->standing.points[i].points;
	return 0;
}

// "drink200   200 STAR" and, where it is not offered today, when it is; where the points do not suffice, by
// how many.
static void choice_text(const struct member *m, const char *name, const struct standing_reward *reward,
	char *out, size_t size)
{
	const struct facts *facts = desk_facts(m->screen);
	char cost[POINTS_TEXT], missing[POINTS_TEXT], offered[OFFERED_SIZE];
	int64_t balance = balance_of(m, reward->currency_id), least = reward->cost * reward->least;

	member_points(facts, reward->currency_id, reward->cost, AMOUNT_PLAIN, true, cost);
	if (reward->gives) {
		char gives[POINTS_TEXT];
		member_points(facts, reward->into_id, reward->gives, AMOUNT_PLAIN, true, gives);
		snprintf(cost + strlen(cost), sizeof cost - strlen(cost), " for %.30s", gives);
	}
	if (!reward->is_offered)
		snprintf(out, size, "%-24.40s %14.60s   only %s", name, cost,
			reward_offered_text(reward->rules, offered));
	else if (reward->most && reward->least > 1)
		snprintf(out, size, "%-24.40s %14.60s   %" PRId64 " to %" PRId64 " times", name, cost,
			reward->least, reward->most);
	else if (reward->most > 1)
		snprintf(out, size, "%-24.40s %14.60s   up to %" PRId64, name, cost, reward->most);
	else if (reward->most || balance >= least)
		snprintf(out, size, "%-24.40s %14.60s%s", name, cost, reward->most ? "" : "   not now");
	else
		snprintf(out, size, "%-24.40s %14.60s   %.30s short", name, cost,
			member_points(
				facts, reward->currency_id, least - balance, AMOUNT_PLAIN, false, missing));
}

static void list_rewards(const struct member *m, struct choice *choice)
{
	const struct fact_list *facts = &desk_facts(m->screen)->list[FACT_REWARD];

	choice->count = 0;
	for (int i = 0; i < facts->count && choice->count < REWARDS_MAX; i++) {
		const struct fact *fact = &facts->at[i];
		const struct standing_reward *reward = reward_of(m, fact->code);
		if (!fact->is_offered || !reward)
			continue;
		choice->facts[choice->count] = fact;
		choice->rewards[choice->count] = reward;
		choice_text(m, fact->name, reward, choice->texts[choice->count], CHOICE_SIZE);
		choice->lines[choice->count] = choice->texts[choice->count];
		choice->count++;
	}
}

static void send_redeem(struct screen *s, void *payload)
{
	struct member *m = payload;
	struct ask ask;

	(void)s;
	action_redeem(&ask, &(struct action_redeem){.key = m->deed.key,
				    .member_id = m->member_id,
				    .reward = m->receipt,
				    .units = m->units,
				    .basket_minor = m->basket_minor});
	member_deed_send(m, &ask);
}

static void confirm(struct member *m, const struct standing_reward *reward, const char *name)
{
	const struct facts *facts = desk_facts(m->screen);
	char cost[POINTS_TEXT], left[POINTS_TEXT], each[POINTS_TEXT + 16] = "", text[400];
	int64_t balance = balance_of(m, reward->currency_id), price = reward->cost * m->units;

	if (!member_deed_begin(m, DEED_REDEEM))
		return;
	if (m->units > 1) {
		snprintf(m->deed.what, sizeof m->deed.what, "%" PRId64 " %.100s redeemed", m->units, name);
		member_points(facts, reward->currency_id, reward->cost, AMOUNT_PLAIN, true, cost);
		snprintf(each, sizeof each, " (%s each)", cost);
		snprintf(text, sizeof text, "%" PRId64 " %.100s cost", m->units, name);
	} else {
		snprintf(m->deed.what, sizeof m->deed.what, "%.120s redeemed", name);
		snprintf(text, sizeof text, "%.100s costs", name);
	}
	member_points(facts, reward->currency_id, price, AMOUNT_PLAIN, true, cost);
	member_points(facts, reward->currency_id, balance - price, AMOUNT_PLAIN, true, left);
	snprintf(text + strlen(text), sizeof text - strlen(text), " %s%s; %s stay.", cost, each, left);
	if (reward->gives)
		snprintf(text + strlen(text), sizeof text - strlen(text), " The partner gives %s.",
			member_points(
				facts, reward->into_id, reward->gives * m->units, AMOUNT_PLAIN, true, cost));
	dialog_confirm(m->screen,
		&(struct question){.title = "Redeem for the member?", .text = text, .yes = "Redeem"},
		send_redeem, m);
}

static bool read_units(struct form *f, const struct standing_reward *reward, int64_t *units)
{
	char why[FORM_WHY_MAX];

	if (amount_parse(form_value(f, "units"), 0, units) && *units >= reward->least &&
		*units <= reward->most)
		return true;
	snprintf(why, sizeof why, "a number from %" PRId64 " to %" PRId64, reward->least, reward->most);
	form_error(f, "units", why);
	return false;
}

static bool read_basket(struct member *m, struct form *f, const struct standing_reward *reward)
{
	char least[AMOUNT_SIZE], why[FORM_WHY_MAX];
	const char *money = desk_facts(m->screen)->money;

	if (amount_parse(form_value(f, "basket"), amount_money_decimals(money), &m->basket_minor) &&
		m->basket_minor >= reward->min_basket)
		return true;
	snprintf(
		why, sizeof why, "%s at least", amount_money(least, reward->min_basket, money, AMOUNT_PLAIN));
	form_error(f, "basket", why);
	return false;
}

// What the standing says may have changed while the form was open: it is looked up again.
static bool amounts_saved(struct screen *s, struct form *f, void *payload)
{
	struct member *m = payload;
	const struct fact *fact = facts_by_code(desk_facts(s), FACT_REWARD, m->receipt);
	const struct standing_reward *reward = reward_of(m, m->receipt);

	if (!fact || !reward || !reward->most) {
		form_error(f, NULL, "the reward cannot be redeemed any more");
		return false;
	}
	if (!read_units(f, reward, &m->units) || (reward->min_basket && !read_basket(m, f, reward)))
		return false;
	confirm(m, reward, fact->name);
	m->deed.form = form_serial(f); // it closes when the answer is there
	return false;
}

static const struct form_field fields[] = {
	{"units", "How many", FIELD_TEXT, .max = 9, .required = true,
		.help = "Next you read what they cost the member"},
	{"basket", "Purchase of", FIELD_TEXT, .max = 20, .required = true,
		.help = "The amount of the purchase it is used in, as 25.00"},
};
static const struct form_spec units_form = {
	.title = "Redeem", .fields = fields, .count = 1, .save = "Go on", .saved = amounts_saved};
static const struct form_spec basket_form = {
	.title = "Redeem", .fields = fields, .count = 2, .save = "Go on", .saved = amounts_saved};

static void reward_chosen(struct screen *s, int chosen, void *payload)
{
	char least[24];
	const char *const start[] = {least, NULL};
	struct member *m = payload;
	struct choice choice;

	list_rewards(m, &choice);
	if (chosen >= choice.count)
		return;
	const struct standing_reward *reward = choice.rewards[chosen];
	const char *name = choice.facts[chosen]->name;
	bool is_short = balance_of(m, reward->currency_id) < reward->cost * reward->least;
	if (!reward->is_offered) {
		char offered[OFFERED_SIZE];
		screen_say(s, ROLE_WARNING, "%s cannot be redeemed today: it is offered %s", name,
			reward_offered_text(reward->rules, offered));
		return;
	}
	if (!reward->most) {
		screen_say(s, ROLE_WARNING, "%s cannot be redeemed: %s", name,
			is_short ? action_why("balance")
				 : "the member's tier or the year's limit forbids it");
		return;
	}
	snprintf(m->receipt, sizeof m->receipt, "%s", choice.facts[chosen]->code);
	m->units = reward->least;
	snprintf(least, sizeof least, "%" PRId64, reward->least);
	m->basket_minor = 0;
	if (reward->most == reward->least && !reward->min_basket)
		confirm(m, reward, name);
	else
		form_open(s, reward->min_basket ? &basket_form : &units_form, start, m);
}

void member_redeem(struct member *m)
{
	struct choice choice;

	list_rewards(m, &choice);
	if (!m->has_standing)
		screen_say(m->screen, ROLE_WARNING, "Where the member stands is not known yet");
	else if (!choice.count)
		screen_say(m->screen, ROLE_WARNING, "The programme has no reward that points buy");
	else
		dialog_choose(
			m->screen, "Redeem which reward?", choice.lines, choice.count, 0, reward_chosen, m);
}
