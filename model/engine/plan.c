// Plans: subscription, renewal, cancellation, use (FORMAT sections 9.3, 10.4).
#include "model/engine/grant.h"
#include "model/engine/past.h"
#include "model/engine/plan.h"
#include "model/engine/standing.h"

static const struct price *price_of_subscription(const struct plan *plan, day_t day)
{
	const struct price *price = NULL;
	for (int i = 0; i < plan->price_count; i++)
		if (plan->prices[i].from <= day)
			price = &plan->prices[i];
	return price;
}

// Who joined at a price is not undercut later.
static const struct price *price_of_renewal(const struct plan *plan, day_t subscribed, day_t day)
{
	const struct price *price = NULL;
	for (int i = 0; i < plan->price_count; i++)
		if (plan->prices[i].renewals_from <= day || plan->prices[i].from <= subscribed)
			price = &plan->prices[i];
	return price;
}

static void charge(struct run *run, int index, int64_t amount_minor, bool renewal)
{
	struct member_state *state = run->state;
	struct postings *postings = run->postings;
	run_add(run, &state->plans[index].charged_minor, amount_minor);
	state->last_charge_plan = index;
	state->last_charge_day = state->day;
	state->last_charge_minor = amount_minor;
	ARRAY_RESERVE(
		postings->plan_charges, postings->plan_charge_capacity, postings->plan_charge_count + 1);
	postings->plan_charges[postings->plan_charge_count++] = (struct plan_charge){
		.plan = index,
		.day = state->day,
		.amount_minor = amount_minor,
		.renewal = renewal,
		.seq = run->seq,
	};
}

// Anchored at the start, never stepwise.
static day_t plan_until(const struct plan *plan, const struct plan_state *state)
{
	return plan->months == 0 ? DAY_NONE
				 : day_add_months(state->start, (int64_t)plan->months * state->paid_periods);
}

enum refusal plan_test(const struct run *run)
{
	const struct event *event = run->event;
	if (event->type == EVENT_USE_BENEFIT && event->plan == NULL)
		return REFUSAL_NONE;
	int index = programme_plan(run->programme, event->plan);
	if (index < 0)
		return REFUSAL_PLAN;
	bool active = standing_plan_active(run->state, index);
	if (event->type != EVENT_SUBSCRIBE) {
		bool cancelled = event->type == EVENT_CANCEL_PLAN && run->state->plans[index].cancelled;
		return active && !cancelled ? REFUSAL_NONE : REFUSAL_PLAN_INACTIVE;
	}
	if (price_of_subscription(&run->programme->plans[index], run->state->day) == NULL)
		return REFUSAL_PLAN;
	return active ? REFUSAL_PLAN_ACTIVE : REFUSAL_NONE;
}

void plan_subscribe(struct run *run)
{
	int index = programme_plan(run->programme, run->event->plan);
	const struct plan *plan = &run->programme->plans[index];
	struct plan_state *state = &run->state->plans[index];
	int64_t price = price_of_subscription(plan, run->state->day)->price_minor;
	state->start = run->state->day;
	state->paid_periods = 1;
	state->until = plan_until(plan, state);
	state->cancelled = state->used = false;
	state->last_price_minor = price;
	past_note_plan(run->state, index);
	charge(run, index, price, false);
	grants_subscribe(run, index);
}

void plan_use(struct run *run)
{
	int index = programme_plan(run->programme, run->event->plan);
	if (index >= 0)
		run->state->plans[index].used = true;
}

void plan_cancel(struct run *run)
{
	int index = programme_plan(run->programme, run->event->plan);
	struct plan_state *state = &run->state->plans[index];
	state->cancelled = true;
	if (run->programme->plans[index].refund != REFUND_FULL_IF_UNUSED || state->used)
		return;
	charge(run, index, -state->last_price_minor, false);
	state->until = run->state->day;
	past_note_plan(run->state, index);
}

static bool plan_renews(const struct plan_state *state)
{
	return state->start != DAY_NONE && state->until != DAY_NONE && !state->cancelled;
}

struct next_charge standing_next_charge(
	const struct programme *programme, const struct member_state *state, int plan)
{
	const struct plan_state *held = &state->plans[plan];
	const struct price *price = NULL;
	if (standing_plan_active(state, plan) && plan_renews(held))
		price = price_of_renewal(&programme->plans[plan], held->start, held->until);
	return price == NULL ? (struct next_charge){.day = DAY_NONE}
			     : (struct next_charge){held->until, price->price_minor};
}

void plans_open(struct run *run)
{
	for (int i = 0; i < run->programme->plan_count; i++) {
		const struct plan *plan = &run->programme->plans[i];
		struct plan_state *state = &run->state->plans[i];
		if (!plan_renews(state) || state->until != run->state->day)
			continue;
		const struct price *price = price_of_renewal(plan, state->start, run->state->day);
		if (price == NULL)
			continue;
		state->last_price_minor = price->price_minor;
		state->paid_periods++;
		state->until = plan_until(plan, state);
		state->used = false;
		past_note_plan(run->state, i);
		charge(run, i, state->last_price_minor, true);
	}
}

day_t plans_next_due(const struct programme *programme, const struct member_state *state)
{
	day_t due = DAY_NONE;
	for (int i = 0; i < programme->plan_count; i++) {
		const struct plan_state *plan = &state->plans[i];
		if (plan_renews(plan) && plan->until > state->day && plan->until < due)
			due = plan->until;
	}
	return due;
}
