// Adjustments by hand, tiers granted by hand, ends of sessions (FORMAT section 9).
#include "model/engine/adjust.h"
#include "model/engine/ladder.h"
#include "model/engine/lot.h"
#include "model/engine/standing.h"

#define ADJUST_MAX INT64_C(10000000000)

wide_t adjust_quantity(const struct event *event, const struct currency *currency)
{
	return (wide_t)event->amount * decimal_power(currency->decimals - event->amount_decimals);
}

bool adjust_amount_fits(const struct event *event, const struct currency *currency)
{
	wide_t max = (wide_t)ADJUST_MAX * decimal_power(event->amount_decimals);
	return event->amount != 0 && event->amount <= max && event->amount >= -max &&
	       event->amount_decimals <= currency->decimals;
}

enum refusal adjust_test(const struct run *run)
{
	const struct event *event = run->event;
	int index = programme_currency(run->programme, event->currency);
	if (index < 0)
		return REFUSAL_CURRENCY;
	const struct currency *currency = &run->programme->currencies[index];
	if (!adjust_amount_fits(event, currency))
		return REFUSAL_AMOUNT;
	bool too_much = standing_balance(run->state, index) + adjust_quantity(event, currency) < 0;
	return event->amount < 0 && too_much && !currency->negative ? REFUSAL_BALANCE : REFUSAL_NONE;
}

void adjust(struct run *run)
{
	int index = programme_currency(run->programme, run->event->currency);
	int64_t quantity = (int64_t)adjust_quantity(run->event, &run->programme->currencies[index]);
	struct movement movement = {.kind = ENTRY_ADJUSTED, .currency = index, .source = -1, .tier = -1};
	if (quantity > 0)
		lot_credit(run, &movement, quantity);
	else
		lot_consume(run, &movement, -quantity, DAY_NONE);
	if (run->event->qualifying)
		ladder_post(run, METRIC_CURRENCY, index, quantity, run->state->day, run->ordinal);
}

// The place of a grant made with the event's ladder, tier and end; -1: there is none any more.
static int tier_grant_find(const struct run *run)
{
	const struct member_state *state = run->state;
	int ladder = programme_ladder(run->programme, run->event->ladder);
	int tier = programme_tier(&run->programme->ladders[ladder], run->event->tier);
	for (int i = state->tier_grant_count - 1; i >= 0; i--) {
		const struct tier_grant *grant = &state->tier_grants[i];
		if (grant->ladder == ladder && grant->tier == tier && grant->until == run->event->until)
			return i;
	}
	return -1;
}

enum refusal tier_grant_test(const struct run *run)
{
	const struct event *event = run->event;
	int ladder = programme_ladder(run->programme, event->ladder);
	if (ladder < 0)
		return REFUSAL_LADDER;
	if (programme_tier(&run->programme->ladders[ladder], event->tier) < 0)
		return REFUSAL_TIER;
	bool is_over = event->until <= run->state->day || (event->ends && tier_grant_find(run) < 0);
	return is_over ? REFUSAL_UNTIL : REFUSAL_NONE;
}

static void tier_grant_end(struct run *run)
{
	struct member_state *state = run->state;
	for (int i = tier_grant_find(run) + 1; i < state->tier_grant_count; i++)
		state->tier_grants[i - 1] = state->tier_grants[i];
	state->tier_grant_count--;
}

void tier_grant_apply(struct run *run)
{
	struct member_state *state = run->state;
	if (run->event->ends) {
		tier_grant_end(run);
		return;
	}
	int ladder = programme_ladder(run->programme, run->event->ladder);
	ARRAY_RESERVE(state->tier_grants, state->tier_grant_capacity, state->tier_grant_count + 1);
	state->tier_grants[state->tier_grant_count++] = (struct tier_grant){
		.ladder = ladder,
		.tier = programme_tier(&run->programme->ladders[ladder], run->event->tier),
		.day = state->day,
		.until = run->event->until,
	};
}

void session_end(struct run *run)
{
	for (int i = 0; i < run->programme->currency_count; i++)
		if (run->programme->currencies[i].expiry.policy == EXPIRY_SESSION)
			lot_expire(run, i, DAY_NONE);
}
