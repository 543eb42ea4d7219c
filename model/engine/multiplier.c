// Multipliers given to one member for a time (FORMAT section 23).
#include "model/engine/multiplier.h"
#include "model/engine/past.h"

enum { FACTOR_MOST = 10 * MULTIPLIER_ONE };

// In hundredths; 0: more than two decimals.
static int64_t factor_of(const struct event *event)
{
	return event->amount_decimals <= 2 ? event->amount * decimal_power(2 - event->amount_decimals) : 0;
}

enum refusal multiplier_grant_test(const struct run *run)
{
	const struct event *event = run->event;
	if (programme_currency(run->programme, event->currency) < 0)
		return REFUSAL_CURRENCY;
	bool is_possible = event->amount > 0 && event->amount <= FACTOR_MOST &&
			   factor_of(event) > MULTIPLIER_ONE && factor_of(event) <= FACTOR_MOST;
	if (!is_possible)
		return REFUSAL_AMOUNT;
	return event->until <= run->state->day || event->until == DAY_NONE ? REFUSAL_UNTIL : REFUSAL_NONE;
}

void multiplier_grant(struct run *run)
{
	struct member_state *state = run->state;
	ARRAY_RESERVE(state->multiplier_grants, state->multiplier_grant_capacity,
		state->multiplier_grant_count + 1);
	struct multiplier_grant *grant = &state->multiplier_grants[state->multiplier_grant_count++];
	*grant = (struct multiplier_grant){
		.currency = programme_currency(run->programme, run->event->currency),
		.factor = factor_of(run->event),
		.day = state->day,
		.until = run->event->until,
	};
	past_note_multiplier(state, grant);
}

int64_t multiplier_granted(const struct run *run, const struct earn_rule *rule)
{
	const struct member_state *state = run->state;
	int64_t best = MULTIPLIER_ONE;
	if (rule->on != EARN_PURCHASE && rule->on != EARN_PARTNER)
		return best;
	if (run->is_late)
		return past_multiplier(state, run->then->currencies[rule->award.currency].code,
			run->event->activity_day, best);
	for (int i = 0; i < state->multiplier_grant_count; i++) {
		const struct multiplier_grant *grant = &state->multiplier_grants[i];
		if (grant->currency == rule->award.currency && state->day < grant->until &&
			grant->factor > best)
			best = grant->factor;
	}
	return best;
}

void multipliers_prune(struct member_state *state)
{
	int kept = 0;
	for (int i = 0; i < state->multiplier_grant_count; i++)
		if (state->multiplier_grants[i].until > state->day)
			state->multiplier_grants[kept++] = state->multiplier_grants[i];
	state->multiplier_grant_count = kept;
}
