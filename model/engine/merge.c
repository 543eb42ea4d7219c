// Two memberships become one (FORMAT section 21): what the merged member has goes on to the other.
#include "model/engine/merge.h"
#include "model/engine/lot.h"
#include "model/engine/standing.h"
#include "model/engine/transfer.h"

enum refusal merge_test(const struct run *run)
{
	const struct member_state *state = run->state;
	if (run->event->into <= 0 || run->event->receiver_gone)
		return REFUSAL_RECEIVER;
	for (int i = 0; i < run->programme->plan_count; i++)
		if (standing_plan_active(state, i))
			return REFUSAL_PLAN_ACTIVE;
	for (int i = 0; i < run->programme->currency_count; i++)
		if (state->currencies[i].debt > 0)
			return REFUSAL_DEBT;
	return REFUSAL_NONE;
}

void merge(struct run *run)
{
	run->state->merged_into = run->event->into;
}

enum refusal unmerge_test(const struct run *run)
{
	return run->state->merged_into == 0 ? REFUSAL_NOT_MERGED : REFUSAL_NONE;
}

void unmerge(struct run *run)
{
	run->state->merged_into = 0;
}

bool merged_takes(enum event_type type)
{
	switch (type) {
	case EVENT_REDEEM:
	case EVENT_SUBSCRIBE:
	case EVENT_USE_BENEFIT:
	case EVENT_TIER_GRANT:
	case EVENT_REWARD_GRANT:
	case EVENT_MULTIPLIER_GRANT:
	case EVENT_TRANSFER:
	case EVENT_MERGE:
		return false;
	default:
		return true;
	}
}

static struct movement movement_of(int currency)
{
	return (struct movement){
		.kind = ENTRY_TRANSFERRED, .currency = currency, .source = -1, .tier = -1};
}

static void lots_pass_on(struct run *run, int currency)
{
	const struct movement movement = movement_of(currency);
	const struct postings *postings = run->postings;
	int first = postings->lot_use_count;
	lot_consume(run, &movement, run->state->currencies[currency].open, DAY_NONE);
	for (int i = first; i < postings->lot_use_count; i++)
		transfer_sent(run, lot_known(run->state, postings->lot_uses[i].lot),
			postings->lot_uses[i].amount);
}

static void debt_pass_on(struct run *run, int currency)
{
	const struct movement movement = movement_of(currency);
	int64_t debt = run->state->currencies[currency].debt;
	day_t today = run->state->day;
	const struct event_lot payment = {.amount = debt, .earned = today, .expires = DAY_NONE};
	const struct lot owed = {.currency = currency, .earned = today, .expires = DAY_NONE};
	lot_receive(run, &movement, &payment, DAY_NONE);
	transfer_sent(run, &owed, -debt);
}

void merged_pass_on(struct run *run)
{
	if (run->state->merged_into == 0)
		return;
	for (int i = 0; i < run->programme->currency_count; i++) {
		if (run->state->currencies[i].open > 0)
			lots_pass_on(run, i);
		if (run->state->currencies[i].debt > 0)
			debt_pass_on(run, i);
	}
}
