// Grants of dates and plan months: when they fall, and what they give (FORMAT section 10.2).
#include "model/engine/accrue.h"
#include "model/engine/condition.h"
#include "model/engine/grant.h"
#include "model/engine/ladder.h"
#include "model/engine/lot.h"
#include "model/engine/reward.h"
#include "model/engine/segment.h"
#include "model/engine/standing.h"

static bool member_has_flag(
	const struct programme *programme, const struct member_state *state, const char *flag)
{
	struct run member = {.programme = programme, .state = (struct member_state *)(uintptr_t)state};
	return flag == NULL || flag_carried(&member, flag);
}

static bool member_is_meant(const struct run *run, const struct grant *grant)
{
	return member_has_flag(run->programme, run->state, grant->flag) &&
	       membership_holds(run->state, &grant->membership);
}

static int months_between(day_t start, day_t day)
{
	struct day_parts from = day_split(start), to = day_split(day);
	return (to.year - from.year) * 12 + to.month - from.month;
}

static day_t birthday_in(const struct grant *grant, day_t born, int year)
{
	struct day_parts parts = day_split(born);
	if (parts.day <= day_days_in_month(year, parts.month))
		return day_make(year, parts.month, parts.day);
	return grant->leap_in_march ? day_make(year, 3, 1) : day_make(year, 2, 28);
}

// The day of the year on which the grant falls; DAY_NONE without a birth date where one is needed.
static day_t grant_day(const struct grant *grant, const struct member_state *state, int year)
{
	if (grant->on == GRANT_YEARLY)
		return day_make(year, grant->date.month, grant->date.day);
	if (state->born == DAY_NONE)
		return DAY_NONE;
	if (grant->on == GRANT_BIRTH_MONTH)
		return day_make(year, day_split(state->born).month, 1);
	return birthday_in(grant, state->born, year);
}

static bool grant_falls(const struct grant *grant, const struct member_state *state)
{
	if (grant->on != GRANT_PLAN_MONTH)
		return grant_day(grant, state, day_split(state->day).year) == state->day;
	if (!standing_plan_active(state, grant->plan))
		return false;
	day_t start = state->plans[grant->plan].start;
	return day_add_months(start, months_between(start, state->day)) == state->day;
}

static void grant_credit(struct run *run, int index, int64_t amount)
{
	int currency = run->programme->grants[index].currency;
	struct movement movement = {.kind = ENTRY_GRANTED, .currency = currency, .source = index, .tier = -1};
	ladder_post(run, METRIC_CURRENCY, currency, amount, run->state->day, run->ordinal);
	lot_credit(run, &movement, amount);
	clock_move(run, currency);
}

static bool gives_reward(const struct run *run, const struct grant_terms *terms)
{
	return terms->reward >= 0 &&
	       reward_is_offered(&run->programme->rewards[terms->reward], run->state->day);
}

static void grant_give(struct run *run, int index, const struct grant_terms *terms)
{
	struct issue issue = {
		.reward = terms->reward,
		.route = ISSUED_GRANTED,
		.source = index,
		.units = 1,
		.value_minor = terms->reward >= 0 ? run->programme->rewards[terms->reward].value : 0,
		.validity = &terms->validity,
		.entry = -1,
	};
	if (terms->amount > 0)
		grant_credit(run, index, terms->amount);
	if (gives_reward(run, terms))
		reward_issue(run, &issue);
}

static const struct grant_terms *terms_of(const struct run *run, const struct grant *grant, int tier)
{
	const struct grant_terms *terms = grant->by_tier != NULL ? &grant->by_tier[tier] : &grant->terms;
	bool is_out = terms->reward >= 0 && terms->amount == 0 && !gives_reward(run, terms);
	return terms->none || is_out ? NULL : terms;
}

// A household's account and a merged member have no days of their own.
static bool is_celebrated(const struct member_state *state)
{
	return !state->is_pool && state->merged_into == 0;
}

void grants_open(struct run *run)
{
	for (int i = 0; i < run->programme->grant_count && is_celebrated(run->state); i++) {
		const struct grant *grant = &run->programme->grants[i];
		if (!member_is_meant(run, grant) || !grant_falls(grant, run->state))
			continue;
		const struct grant_terms *terms = terms_of(
			run, grant, grant->ladder < 0 ? 0 : ladder_in_force(run->state, grant->ladder).tier);
		if (terms == NULL)
			continue;
		run->ordinal = ++run->state->last_ordinal;
		grant_give(run, i, terms);
		ladder_settle(run);
	}
}

void grants_subscribe(struct run *run, int plan)
{
	for (int i = 0; i < run->programme->grant_count; i++) {
		const struct grant *grant = &run->programme->grants[i];
		if (grant->on != GRANT_PLAN_MONTH || grant->plan != plan)
			continue;
		const struct grant_terms *terms =
			terms_of(run, grant, grant->ladder < 0 ? 0 : run->held[grant->ladder]);
		if (terms != NULL && member_is_meant(run, grant))
			grant_give(run, i, terms);
	}
}

static day_t grant_next(const struct grant *grant, const struct member_state *state)
{
	int year = day_split(state->day).year;
	if (grant->on != GRANT_PLAN_MONTH) {
		day_t day = grant_day(grant, state, year);
		return day > state->day ? day : grant_day(grant, state, year + 1);
	}
	if (!standing_plan_active(state, grant->plan))
		return DAY_NONE;
	day_t start = state->plans[grant->plan].start;
	int months = months_between(start, state->day);
	day_t day = day_add_months(start, months);
	return day > state->day ? day : day_add_months(start, (int64_t)months + 1);
}

day_t grants_next_due(const struct programme *programme, const struct member_state *state)
{
	day_t due = DAY_NONE;
	for (int i = 0; i < programme->grant_count && is_celebrated(state); i++) {
		const struct grant *grant = &programme->grants[i];
		if (!member_has_flag(programme, state, grant->flag))
			continue;
		day_t day = grant_next(grant, state);
		if (day < due)
			due = day;
	}
	return due;
}
