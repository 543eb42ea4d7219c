// Opens days: what a date causes by itself (FORMAT section 7), skipping the days that cause nothing.
#include "model/engine/advance.h"
#include "model/engine/engine.h"
#include "model/engine/grant.h"
#include "model/engine/ladder.h"
#include "model/engine/lot.h"
#include "model/engine/lot_queue.h"
#include "model/engine/multiplier.h"
#include "model/engine/payout.h"
#include "model/engine/plan.h"
#include "model/engine/run.h"
#include "model/engine/segment.h"

static bool clock_runs_out(const struct currency *currency, const struct currency_state *state, day_t day)
{
	return currency->expiry.policy == EXPIRY_INACTIVITY && state->clock != DAY_NONE &&
	       day_add_months(state->clock, currency->expiry.months) <= day;
}

static void expire(struct run *run)
{
	for (int i = 0; i < run->programme->currency_count; i++) {
		const struct currency *currency = &run->programme->currencies[i];
		struct currency_state *state = &run->state->currencies[i];
		if (clock_runs_out(currency, state, run->state->day)) {
			state->clock = DAY_NONE;
			lot_expire(run, i, DAY_NONE);
		} else { // with a clock too: lots may have come with a date, from another version or member
			lot_expire(run, i, run->state->day);
		}
	}
}

static void day_open(struct run *run)
{
	segments_open(run);
	expire(run);
	ladder_review(run);
	ladder_settle(run);
	payouts_open(run);
	plans_open(run);
	grants_open(run);
	autos_issue(run);
}

enum refusal advance_to(const struct programme *programme, struct member_state *state, day_t day,
	struct postings *postings, struct trace *trace, next_due *next)
{
	struct run run = {.programme = programme, .state = state, .postings = postings, .trace = trace};
	if (state->is_unusable)
		return REFUSAL_OVERFLOW;
	if (state->day == DAY_NONE)
		state->day = day;
	if (day <= state->day)
		return REFUSAL_NONE;
	for (day_t due = next(programme, state); due <= day && due != DAY_NONE;
		due = next(programme, state)) {
		state->day = due;
		day_open(&run);
	}
	state->day = day;
	ladder_prune(state);
	multipliers_prune(state);
	state->is_unusable |= run.overflow;
	return run.overflow ? REFUSAL_OVERFLOW : REFUSAL_NONE;
}

enum refusal engine_advance(const struct programme *programme, struct member_state *state, day_t day,
	struct postings *postings, struct trace *trace)
{
	return advance_to(programme, state, day, postings, trace, engine_next_due);
}

enum refusal engine_open(const struct programme *programme, struct member_state *state, day_t day,
	struct postings *postings, struct trace *trace)
{
	struct run run = {.programme = programme, .state = state, .postings = postings, .trace = trace};
	enum refusal refusal = engine_advance(programme, state, day - 1, postings, trace);
	if (refusal != REFUSAL_NONE || !state->enrolled || state->day >= day)
		return refusal;
	state->day = day;
	day_open(&run);
	ladder_prune(state);
	multipliers_prune(state);
	state->is_unusable |= run.overflow;
	return run.overflow ? REFUSAL_OVERFLOW : REFUSAL_NONE;
}

day_t advance_every_day(const struct programme *programme, const struct member_state *state)
{
	(void)programme;
	return state->enrolled ? state->day + 1 : DAY_NONE;
}

static day_t lots_next_due(const struct programme *programme, const struct member_state *state)
{
	day_t due = DAY_NONE;
	for (int i = 0; i < programme->currency_count; i++) {
		const struct lot *lot = lot_queue_at(state, i, 0);
		if (lot != NULL && lot->expires < due)
			due = lot->expires;
	}
	return due;
}

static day_t clocks_next_due(const struct programme *programme, const struct member_state *state)
{
	day_t due = DAY_NONE;
	for (int i = 0; i < programme->currency_count; i++) {
		const struct expiry *expiry = &programme->currencies[i].expiry;
		if (expiry->policy != EXPIRY_INACTIVITY || state->currencies[i].clock == DAY_NONE)
			continue;
		day_t day = day_add_months(state->currencies[i].clock, expiry->months);
		if (day < due)
			due = day;
	}
	return due;
}

day_t engine_next_due(const struct programme *programme, const struct member_state *state)
{
	if (!state->enrolled)
		return DAY_NONE;
	day_t due = lots_next_due(programme, state);
	day_t others[] = {
		clocks_next_due(programme, state),
		payouts_next_due(programme, state),
		plans_next_due(programme, state),
		grants_next_due(programme, state),
		autos_next_due(programme, state),
		segments_next_due(programme, state),
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (others[i] < due)
			due = others[i];
	for (int i = 0; i < programme->ladder_count; i++) {
		day_t day = ladder_next_due(state, i);
		if (day < due)
			due = day;
	}
	return due <= state->day ? state->day + 1 : due; // what was missed is caught up with at once
}
