// Applies one event: opens the days up to it, tests it, lets it have its effects, settles (FORMAT section 9).
#include <stdlib.h>
#include <string.h>
#include "model/engine/accrue.h"
#include "model/engine/adjust.h"
#include "model/engine/engine.h"
#include "model/engine/ladder.h"
#include "model/engine/late.h"
#include "model/engine/lines.h"
#include "model/engine/merge.h"
#include "model/engine/multiplier.h"
#include "model/engine/original.h"
#include "model/engine/past.h"
#include "model/engine/payment.h"
#include "model/engine/payout.h"
#include "model/engine/plan.h"
#include "model/engine/quote.h"
#include "model/engine/reward.h"
#include "model/engine/run.h"
#include "model/engine/segment.h"
#include "model/engine/takeback.h"
#include "model/engine/transfer.h"

static enum refusal accept(const struct run *run)
{
	(void)run;
	return REFUSAL_NONE;
}

static enum refusal enrol_test(const struct run *run)
{
	if (run->state->enrolled)
		return REFUSAL_ENROLLED;
	bool unborn = run->event->born != DAY_NONE && run->event->born > run->event->day;
	return unborn ? REFUSAL_BORN : REFUSAL_NONE;
}

static enum refusal amount_test(const struct run *run)
{
	struct lines lines;
	int64_t sum;
	lines_of(&lines, run->event);
	if (!lines_sum(&lines, 0, &sum) || run->event->quantity < 1 || run->event->quantity > QUANTITY_MAX)
		return REFUSAL_AMOUNT;
	return REFUSAL_NONE;
}

static void flags_set(struct member_state *state, const struct event *event)
{
	int capacity = 0;
	ARRAY_RESERVE(state->flags, capacity, event->flag_count);
	for (int i = 0; i < event->flag_count; i++) {
		size_t size = strlen(event->flags[i]) + 1;
		char *flag = NULL;
		int room = 0;
		ARRAY_RESERVE(flag, room, (int)size);
		state->flags[state->flag_count++] = memcpy(flag, event->flags[i], size);
	}
}

static void enrol(struct run *run)
{
	struct member_state *state = run->state;
	state->enrolled = true;
	state->enrolled_on = state->day;
	state->born = run->event->born;
	state->is_pool = run->event->is_pool;
	flags_set(state, run->event);
	if (!state->is_pool)
		accrue(run, EARN_ENROL);
}

static void purchase(struct run *run)
{
	struct lines lines;
	lines_of(&lines, run->event);
	int64_t qualifying = lines_basis(lines.lines, lines.count, &run_rules(run)->qualifying_categories,
		&run_rules(run)->qualifying_excluded);
	ladder_post(run, METRIC_SPEND, -1, qualifying, run_rated_on(run), run->ordinal);
	ladder_post(run, METRIC_VISITS, -1, qualifying > 0, run_rated_on(run), run->ordinal);
	accrue(run, EARN_PURCHASE);
}

static void partner(struct run *run)
{
	accrue(run, EARN_PARTNER);
}

static void activity(struct run *run)
{
	accrue(run, EARN_ACTIVITY);
}

static void subscribe(struct run *run)
{
	plan_subscribe(run);
	accrue(run, EARN_SUBSCRIBE);
}

static void use_benefit(struct run *run)
{
	plan_use(run);
	accrue(run, EARN_USE_BENEFIT);
}

static const struct {
	enum refusal (*test)(const struct run *);
	void (*effect)(struct run *);
} handlers[EVENT_TYPE_COUNT] = {
	[EVENT_ENROL] = {enrol_test, enrol},
	[EVENT_PURCHASE] = {amount_test, purchase},
	[EVENT_PARTNER] = {amount_test, partner},
	[EVENT_ACTIVITY] = {amount_test, activity},
	[EVENT_RETURN] = {return_test, return_apply},
	[EVENT_REDEEM] = {redeem_test, redeem},
	[EVENT_ADJUST] = {adjust_test, adjust},
	[EVENT_SUBSCRIBE] = {plan_test, subscribe},
	[EVENT_USE_BENEFIT] = {plan_test, use_benefit},
	[EVENT_CANCEL_PLAN] = {plan_test, plan_cancel},
	[EVENT_TIER_GRANT] = {tier_grant_test, tier_grant_apply},
	[EVENT_SESSION_END] = {accept, session_end},
	[EVENT_QUOTE] = {amount_test, quote},
	[EVENT_CANCEL_REWARD] = {reward_cancel_test, reward_cancel},
	[EVENT_VERIFY] = {verify_test, verify},
	[EVENT_UNVERIFY] = {unverify_test, unverify},
	[EVENT_TRANSFER] = {transfer_test, transfer_send},
	[EVENT_RECEIVE] = {receive_test, transfer_receive},
	[EVENT_MERGE] = {merge_test, merge},
	[EVENT_UNMERGE] = {unmerge_test, unmerge},
	[EVENT_REWARD_GRANT] = {reward_grant_test, reward_grant},
	[EVENT_MULTIPLIER_GRANT] = {multiplier_grant_test, multiplier_grant},
};

static enum refusal event_test(const struct run *run)
{
	if (run->event->duplicate)
		return REFUSAL_DUPLICATE;
	if (run->event->type != EVENT_ENROL && !run->state->enrolled)
		return REFUSAL_NOT_ENROLLED;
	if (run->state->merged_into != 0 && !merged_takes(run->event->type))
		return REFUSAL_MERGED;
	if (!late_day_is_possible(run))
		return REFUSAL_ACTIVITY_DATE;
	return handlers[run->event->type].test(run);
}

// "The tier held before the event".
static const int *tiers_hold(const struct member_state *state)
{
	struct scratch *scratch = state->scratch;
	ARRAY_RESERVE(scratch->held, scratch->held_capacity, state->programme->ladder_count + 1);
	for (int i = 0; i < state->programme->ladder_count; i++)
		scratch->held[i] = ladder_in_force(state, i).tier;
	return scratch->held;
}

static void event_take_place(struct run *run)
{
	struct member_state *state = run->state;
	bool changes = run->event->type != EVENT_QUOTE;
	if (changes) {
		run->ordinal = run->seq << ORDINAL_SHIFT;
		if (run->ordinal > state->last_ordinal)
			state->last_ordinal = run->ordinal;
		run->held = run->is_late ? late_tiers_hold(run) : tiers_hold(state);
	}
	handlers[run->event->type].effect(run);
	if (changes) {
		merged_pass_on(run);
		late_settle(run);
		ladder_settle(run);
		autos_issue(run);
		ladder_prune(state);
	}
}

// Once the tests are passed.
static enum refusal late_begin(struct run *run)
{
	if (!event_is_late(run->event))
		return REFUSAL_NONE;
	run->is_late = true;
	if (run->trace != NULL)
		trace_as_of(run->trace, run->then, run->event->activity_day);
	return past_is_kept(run->state) ? REFUSAL_NONE : REFUSAL_NO_PAST;
}

enum refusal engine_apply(const struct programme *programme, struct member_state *state,
	const struct event *event, struct postings *postings, struct trace *trace)
{
	return engine_apply_late(programme, programme, state, event, postings, trace);
}

enum refusal engine_apply_late(const struct programme *programme, const struct programme *then,
	struct member_state *state, const struct event *event, struct postings *postings, struct trace *trace)
{
	struct run run = {
		.programme = programme,
		.state = state,
		.postings = postings,
		.trace = trace,
		.event = event,
		.seq = event->seq,
		.then = then,
	};
	if (state->day == DAY_NONE)
		state->day = event->day;
	bool is_caused = event->type == EVENT_RECEIVE || event->at_most; // by another event, whenever that was
	if (event->day < state->day && !is_caused)
		return REFUSAL_DATE;
	state->originals->payments.is_asked = event->type == EVENT_CANCEL_REWARD;
	if (engine_advance(programme, state, event->day, postings, trace) != REFUSAL_NONE)
		return REFUSAL_OVERFLOW;
	enum refusal refusal = event_test(&run);
	if (refusal == REFUSAL_NONE)
		refusal = late_begin(&run);
	if (refusal == REFUSAL_NONE)
		event_take_place(&run);
	state->is_unusable |= run.overflow;
	return run.overflow ? REFUSAL_OVERFLOW : refusal;
}
